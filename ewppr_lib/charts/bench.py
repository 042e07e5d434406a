"""Charts and sentences of the policy bench: which use of aid leads where, under which assumptions."""

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.colors import LinearSegmentedColormap
from matplotlib.figure import Figure

from ewppr_lib.charts import label_rows, note, rows
from ewppr_lib.charts.reform import OPTION_WORDS, parameter_words, under
from ewppr_lib.reform.bench import CHOICES, Pair, leaders, region
from ewppr_lib.reform.prim import Box
from nbedition.figures.style import BLUE, DOUBLE, INK, ORANGE, PALE, SINGLE, VERMILION, canvas, house_style
from nbedition.language import translate, wrapped

COLOURS = {"edition": BLUE, "observed": VERMILION, "equal_additionality": ORANGE}
MOST_INPUTS = 6
SHADES = LinearSegmentedColormap.from_list("shares", ["#efb34c", "white", "#4c9cc9"])  # from never to always
LEAST_SHOWN = 0.005  # part of what knowing everything is worth


def named(option: str) -> str:
    """Return a use of aid in the words of the run's language."""
    return translate(OPTION_WORDS[option], "name")


def who_leads(found: pd.DataFrame) -> str:
    """Say in a sentence which use leads under which assumptions (`across`)."""
    parts = []
    for preset, of in leaders(found).groupby("preset", sort=False):
        names = " / ".join(dict.fromkeys(named(str(option)) for option in of["option"]))
        shares = " / ".join(f"{100 * part:.0f}" for part in of["first"])
        parts.append(
            translate(
                "{name} with {assumed} ({shares} % of the draws)", name=names, assumed=under(str(preset)), shares=shares
            )
        )
    listed = translate("; ").join(parts)
    led = translate("No use of aid leads under all assumptions: {listed}; printed aid / sum of levels.", listed=listed)
    if len(set(leaders(found)["option"])) == 1:
        led = translate(
            "One use of aid leads under all assumptions: {listed}; printed aid / sum of levels.", listed=listed
        )
    others = leaders(found, "first_one_scale")
    return f"{led} " + translate(
        "Scored on one scale over all draws, instead of in each, the leader is {names}, in {most:.0f} % at most.",
        names=" / ".join(dict.fromkeys(named(str(option)) for option in others["option"])),
        most=100 * others["first"].max(),
    )


def who_beats_whom(of: Pair, preset: str, aid_series: str) -> str:
    """Say in a sentence how often one use of a pair scores more, and in which region it and the other do."""
    first, second = region(of)
    return translate(
        "With {assumed}, the {one} scores more than the {two} in {share:.0f} % of the draws: in {often:.0f} % of those "
        "in which {there}; and in {seldom:.0f} % of those in which {elsewhere}.",
        assumed=under(preset, aid_series),
        one=named(of.one),
        two=named(of.two),
        share=100 * of.share,
        often=100 * first.density,
        there=in_words(first),
        seldom=100 * (1 - second.density),
        elsewhere=in_words(second),
    )


def in_words(box: Box) -> str:
    """Return the limits of a box in words.

    Examples
    --------
    >>> in_words(Box({"leverage": (3.14159, float("inf")), "default_rate": (float("-inf"), 0.05)}, 0.8, 0.6, 0.4))
    'loans per yuan of the fund is 3.1 or more and guaranteed loans that fail is 0.05 or less'
    """
    said = []
    for name, (low, high) in box.limits.items():
        if low == float("-inf"):
            said.append(translate("{name} is {high:.2g} or less", name=input_words(name), high=high))
        elif high == float("inf"):
            said.append(translate("{name} is {low:.2g} or more", name=input_words(name), low=low))
        else:
            said.append(translate("{name} is {low:.2g} to {high:.2g}", name=input_words(name), low=low, high=high))
    return translate(" and ").join(said) or translate("anything holds")


def input_words(name: str) -> str:
    """Return a parameter, or the weight of a criterion, in the words of the run's language."""
    weight, of, criterion = name.partition("weight of ")
    if of and not weight:
        return translate("weight of {name}", name=translate(criterion, "name"))
    return parameter_words(name)


def by_rule(found: pd.DataFrame, share: float) -> str:
    """Say in a sentence what a fixed share gives, and how steadily, under both series of aid (`rule_by_series`)."""
    times = found["aid_fixed_share"] / found["aid_baseline"]
    rule, trend = (found[f"unsteadiness_{name}"] for name in ("fixed_share", "baseline"))
    how = translate("steadier") if (rule < trend).all() else translate("not steadier under both")
    said = {"rule": rule, "trend": trend}
    told = {name: " / ".join(f"{value:.2f}" for value in values) for name, values in said.items()}
    return translate(
        "A share of {share:.3g} % gives {low:.2g} to {high:.2g} times the aid of the trend by series, and once it "
        "applies in full it is {how}: unsteadiness {rule} against {trend} (printed aid / sum of levels).",
        share=100 * share,
        low=times.min(),
        high=times.max(),
        how=how,
        **told,
    )


@house_style
def leading(found: pd.DataFrame) -> Figure:
    """Draw how often each use of aid leads under each preset and series of aid (`across`)."""
    best = leaders(found)
    most = 100 * max(best["first"].max(), leaders(found, "first_one_scale")["first"].max())
    limit = next((half for half in (50, 60, 70, 80, 90) if most < half), 100)
    title = translate(
        "One use of aid leads under all assumptions,\nyet in less than {limit} % of the draws under any", limit=limit
    )
    if len(set(best["option"])) > 1:
        title = translate(
            "Which use of aid leads depends on the assumptions;\nnone does in {limit} % of the draws", limit=limit
        )
    ends = found.groupby("option")["first"].agg(["min", "max"]).sort_values("max", ascending=False) * 100
    ends = ends[ends["max"] >= 0.5]
    figure, axes = canvas(SINGLE, 2.6, title)
    place = {str(name): line for line, name in enumerate(ends.index)}
    axes.hlines(range(len(ends)), ends["min"], ends["max"], color=PALE, linewidth=5)
    for row in rows(found[found["option"].isin(place)]):
        face = COLOURS[row["preset"]] if row["aid_series"] == "printed" else "white"
        spot = 100 * row["first"], place[row["option"]]
        axes.plot(*spot, "o", ms=4, color=COLOURS[row["preset"]], mfc=face, mew=0.8)
    label_rows(axes, [named(name) for name in place])
    axes.invert_yaxis()
    axes.set_xlim(-1, max(50, most * 1.1))
    note(
        axes,
        translate("% of draws in which it is best; bar: from least to most;\nfilled: printed aid, open: sum of levels"),
        6,
        "right",
    )
    for line, preset in enumerate(COLOURS):
        words = f"\u25cf {under(preset)}"
        axes.text(
            0.98, 0.05 + 0.08 * line, words, transform=axes.transAxes, color=COLOURS[preset], ha="right", fontsize=6.5
        )
    return figure


@house_style
def pair_bench(
    shares: pd.DataFrame,
    where: pd.DataFrame,
    worth: pd.DataFrame,
    names: tuple[str, str, str, str],
    assumed: tuple[str, str],
) -> Figure:
    """Draw all pairs of uses, where one of a pair leads by two inputs, and what knowing an input is worth.

    `shares`: result of `pairs`; `where`: of `lead_map`; `worth`: of `knowing`; `names`: the two uses and the two
    inputs; `assumed`: preset and series of aid.
    """
    one, two, across, up = names
    share = 100 * float(shares[two][one])
    title = translate(
        "The {one} beats the {two} in {share:.0f} % of the draws,\nwith {assumed}",
        assumed=under(*assumed),
        one=named(one),
        two=named(two),
        share=share,
    )
    figure, axes = canvas(DOUBLE, 3.4, title)
    axes.remove()
    left, middle, right = figure.subplots(1, 3, width_ratios=(1.35, 1, 0.8))
    _all_pairs(left, shares)
    middle.set_xlim(where["x_low"].min(), where["x_high"].max())
    middle.set_ylim(where["y_low"].min(), where["y_high"].max())
    sides = zip(where["x_low"], where["y_low"], where["x_high"], where["y_high"], where["share"], strict=True)
    for x, y, to_x, to_y, part in sides:
        middle.fill_between([x, to_x], y, to_y, color=SHADES(part), linewidth=0)
    middle.set_xlabel(input_words(across), fontsize=6)
    middle.set_ylabel(input_words(up), fontsize=6)
    note(middle, translate("blue: {one} leads;\norange: {two}", one=named(one), two=named(two)), 6)
    known = worth.head(MOST_INPUTS)
    known = known[known["part"] >= LEAST_SHOWN] if known["part"].iloc[0] >= LEAST_SHOWN else known.head(1)
    right.barh(range(len(known)), 100 * known["part"], color=BLUE, height=0.6)
    right.axvline(100 * float(worth["part"].iloc[-1]), color=INK, linewidth=0.6, linestyle=":")
    label_rows(right, [wrapped(input_words(str(name)), 16) for name in known.index], 6)
    right.invert_yaxis()
    note(right, translate("% of what knowing all is worth;\ndotted: chance"), 6, "right")
    return figure


def _all_pairs(axes: Axes, shares: pd.DataFrame) -> None:
    """Draw a table of all pairs: per cent of draws in which the row beats the column."""
    beats = shares.loc[list(CHOICES), list(CHOICES)].to_numpy(copy=True)
    np.fill_diagonal(beats, np.nan)
    axes.pcolormesh(np.ma.masked_invalid(beats), cmap=SHADES, vmin=0, vmax=1)
    for line, place in zip(*np.nonzero(np.isfinite(beats)), strict=True):
        said = f"{100 * beats[line, place]:.0f}"
        axes.text(place + 0.5, line + 0.5, said, ha="center", va="center", fontsize=4.5, color=INK)
    words, ticks = [named(name) for name in CHOICES], np.arange(len(CHOICES)) + 0.5
    axes.set_yticks(ticks, words, fontsize=6)
    axes.set_xticks(ticks, words, rotation=90, fontsize=6)
    axes.tick_params(length=0)
    axes.invert_yaxis()
    axes.spines[:].set_visible(False)
    note(axes, translate("% of draws in which the row beats the column"), 6)
