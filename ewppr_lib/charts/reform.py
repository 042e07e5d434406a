"""Charts of notebook 04."""

import math
from typing import Any

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from ewppr_lib.charts import bare_value_axis, key, label_rows, note, rows, write_at
from ewppr_lib.reform.assumptions import assumptions
from ewppr_lib.reform.criteria import CRITERIA
from nbedition.figures.style import BLUE, DOUBLE, GREY, INK, ORANGE, PALE, SINGLE, SKY, VERMILION, canvas, house_style
from nbedition.language import amount, ticker, translate


@house_style
def fixed_share_by_donor(donors: pd.DataFrame, aid_share: float, actual_aid: float, year: int) -> Figure:
    """Draw what each donor would give in a year under a fixed share (0 to 1) of its revenue, and all beside actual aid.

    `donors` is the result of `fixed_share_aid`; the actual aid of all is in million yuan.
    """
    total = donors["aid"].sum()
    times = total / actual_aid
    title = translate(
        "{share:.3g} % of donor revenue would have\ngiven {times:.2g} times the aid of {year}",
        share=aid_share * 100,
        times=times,
        year=year,
    )
    figure, axes = canvas(SINGLE, 2.8, title)
    names = [f"{translate(row['donor'], 'name')} \u2192 {translate(row['recipient'], 'name')}" for row in rows(donors)]
    labels = [translate("actual aid of {year}", year=year), translate("all, under the share"), *names]
    lengths = [actual_aid, total, *donors["aid"]]
    axes.barh(range(len(lengths)), lengths, color=[ORANGE, *[BLUE] * (len(lengths) - 1)], height=0.65)
    for line, aid in enumerate(lengths):
        axes.text(aid, line, translate(" {aid:,.0f}", aid=aid), va="center")
    axes.axhline(1.5, color=PALE, linewidth=0.6)
    label_rows(axes, labels)
    axes.invert_yaxis()
    bare_value_axis(axes)
    axes.set_xlim(0, max(*lengths, 1e-9) * 1.15)
    note(axes, translate("million yuan", "unit"))
    return figure


OPTION_WORDS = {
    "baseline": "grants as before",
    "guarantee": "guarantee fund",
    "risk": "risk fund",
    "discount": "interest discount",
    "sme": "SME fund",
    "household_credit": "community fund",
    "insurance": "farm insurance",
    "farm": "farm subsidy",
    "nonfarm": "other subsidy",
    "sharing": "farm, shares held",
    "social": "social help",
}
PRESET_WORDS = {
    "edition": "the edition's ranges",
    "observed": "terms observed in China",
    "equal_additionality": "equal additionality",
}
SERIES_WORDS = {"printed": "printed aid", "levels": "the sum of levels"}


def under(preset: str, aid_series: str | None = None) -> str:
    """Return in words under which assumptions something holds.

    Examples
    --------
    >>> under("observed"), under("edition", "levels")
    ('terms observed in China', "the edition's ranges and the sum of levels")
    """
    words = translate(PRESET_WORDS[preset], "name")
    if aid_series is None:
        return words
    return translate("{preset} and {series}", preset=words, series=translate(SERIES_WORDS[aid_series], "name"))


@house_style
def aid_paths(aid: pd.DataFrame, reported: pd.DataFrame, aid_series: str) -> Figure:
    """Draw aid by year under the baseline and the fixed share (`aid_by_year`), with what was reported later."""
    base, fixed = (
        aid[aid["option"] == name].set_index("year")[["low", "median", "high"]] / 1000
        for name in ("baseline", "fixed_share")
    )
    last = int(base.index.max())
    said: dict[str, Any] = {"last": last, "times": fixed["median"].iloc[-1] / base["median"].iloc[-1]}
    said["series"] = translate(SERIES_WORDS[aid_series], "name")
    title = translate("By {last}, a fixed share would give\n{times:.2g} times the trend of {series}", **said)
    told = {int(str(year)): float(value) / 1000 for year, value in reported["reported"].items()}
    highest = pd.concat([base["high"], fixed["high"]], axis=1).max(axis=1)
    above = [year for year, value in told.items() if value > highest.get(year, math.inf)]
    if above:
        title += translate(";\nthe aid reported for {year} lies above both", year=above[-1])
    figure, axes = canvas(SINGLE, 2.9, title)
    for frame, colour in ((fixed, BLUE), (base, ORANGE)):
        axes.fill_between(frame.index, frame["low"], frame["high"], color=colour, alpha=0.2, linewidth=0)
        axes.plot(frame.index, frame["median"], color=colour)
    entries = {BLUE: "fixed share", ORANGE: "trend of 2003-2007"}
    key(axes, [(colour, translate(name, "name")) for colour, name in entries.items()], (0.04, 0.95))
    if told:
        _mark_reported(axes, told, (int(base.index.min()) + last) / 2)
    axes.set_yscale("log")
    axes.set_ylim(min(base["low"].min(), *told.values(), 1) / 1.3, max(highest.max(), *told.values(), 0) * 3)
    axes.set_yticks([0.5, 1, 2, 5, 10, 20, 50])
    axes.yaxis.set_major_formatter(ticker("billion yuan"))
    axes.minorticks_off()
    axes.set_xticks(sorted({int(base.index.min()), *told, last}))
    note(axes, translate("billion yuan, logarithmic; line: median, band: 5 to 95 % of the draws"), 6)
    return figure


def _mark_reported(axes: Axes, told: dict[int, float], middle: float) -> None:
    axes.plot(list(told), list(told.values()), "o", color=INK, markersize=3, zorder=3)
    for year, value in told.items():
        shift, side = ((0, 4), "right") if year > middle else ((4, -8), "left")
        write_at(axes, (year, value), amount(value, "billion yuan", ".3g"), shift, ha=side, color=INK)
    key(axes, [(INK, translate("reported later", "name"))], (0.04, 0.77), mark="o")


@house_style
def what_a_yuan_brings(gains: pd.DataFrame, assumed: tuple[str, str]) -> Figure:
    """Draw what a yuan moved out of grants brings (`per_yuan_moved`), with 5 to 95 % of the draws.

    `assumed`: preset and series of aid.
    """
    names = list(dict.fromkeys(gains["option"]))
    wide = gains.pivot(index="option", columns="criterion", values="median")
    criteria = list(dict.fromkeys(gains["criterion"]))
    leaders = {str(wide[criterion].idxmax()) for criterion in criteria}
    said = {"leaders": len(leaders), "all": len(names), "assumed": under(*assumed)}
    title = translate(
        "With {assumed}, no use of a yuan is best at everything: {leaders} of {all} lead in some way", **said
    )
    if len(leaders) == 1:
        best = translate(OPTION_WORDS[leaders.pop()], "name")
        title = translate("With {assumed}, one use of a yuan leads in every way: the {option}", option=best, **said)
    figure, axes = canvas(DOUBLE, 2.9, title)
    axes.remove()
    panels = figure.subplots(1, len(criteria), sharey=True, squeeze=False)[0]
    for panel, criterion in zip(panels, criteria, strict=True):
        name, unit = CRITERIA[criterion].label, CRITERIA[criterion].unit
        lines = gains[gains["criterion"] == criterion].set_index("option").loc[names]
        ends = lines[["low", "median", "high"]] * (1.0 if unit == "yuan per yuan" else 1e-3)
        best = ends["median"].idxmax()
        colours = [VERMILION if option == best else BLUE for option in names]
        panel.axvline(0, color=PALE, linewidth=0.8)
        panel.hlines(range(len(names)), ends["low"], ends["high"], color=colours, linewidth=2, alpha=0.45)
        panel.scatter(ends["median"], range(len(names)), color=colours, s=14, zorder=3, linewidth=0)
        panel.set_title(translate(name, "name"), loc="left", fontsize=7, fontweight="bold")
        panel.set_xlabel(translate(unit, "unit"), fontsize=6.5)
        panel.locator_params(axis="x", nbins=3)
        panel.xaxis.set_major_formatter(ticker(unit))
        panel.tick_params(axis="y", length=0)
        panel.spines["left"].set_visible(False)
    panels[0].set_yticks(range(len(names)), [translate(OPTION_WORDS[name], "name") for name in names])
    panels[0].invert_yaxis()
    panels[0].set_ylabel(translate("dot: median; line: 5 to 95 % of the draws"), fontsize=6, color=GREY)
    return figure


@house_style
def tornado(swings: pd.DataFrame, option: str, unit: str, grounds: dict[str, str], assumed: tuple[str, str]) -> Figure:
    """Draw the parameters that move an option's result most (first rows of `tornado`), from end to end of their ranges.

    `unit` is what stands on the axis, in thousands; `grounds` the kind of ground by parameter, marked beside its name;
    `assumed`: preset and series of aid.
    """
    first = str(swings.index[0])
    title = translate(
        "For the {option} most depends on\n{first} ({ground}),\nwith {assumed}",
        assumed=under(*assumed),
        option=OPTION_WORDS[option],
        first=parameter_words(first),
        ground=_ground(grounds, swings),
    )
    figure, axes = canvas(SINGLE, 2.9, title)
    lines = range(len(swings))
    central = float(swings["at_central"].iloc[0])
    axes.barh(lines, swings["at_low"] - central, left=central, color=SKY, height=0.6)
    axes.barh(lines, swings["at_high"] - central, left=central, color=BLUE, height=0.6)
    axes.axvline(central, color=INK, linewidth=0.8)
    marks = {"assumption": " *", "computed": "", "source": ""}
    label_rows(axes, [f"{parameter_words(str(name))}{marks[grounds[name]]}" for name in swings.index], 6.5)
    axes.invert_yaxis()
    axes.locator_params(axis="x", nbins=4)
    axes.xaxis.set_major_formatter(ticker(unit, per=1000))
    ends = {SKY: "low end of its range", BLUE: "high end"}
    below = (
        translate("negative: fewer than with grants; ") if swings[["at_low", "at_high"]].to_numpy().min() < 0 else ""
    )
    note(axes, f"{translate(unit, 'unit')}\n{below}{translate('* assumption')}", 6, "right")
    key(axes, [(colour, translate(words, "name")) for colour, words in ends.items()], (0.02, -0.17), across=True)
    return figure


def parameter_words(name: str) -> str:
    """Return a parameter of the model in the words of the run's language."""
    return translate(assumptions()[name].label or name.replace("_", " "), "name")


def _ground(grounds: dict[str, str], swings: pd.DataFrame) -> str:
    words = {"assumption": "an assumption", "computed": "from the tables", "source": "from outside"}
    return words[grounds[str(swings.index[0])]]
