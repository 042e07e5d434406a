"""Charts of notebook 04."""

import pandas as pd
from matplotlib.figure import Figure

from ewppr_lib.charts import bare_value_axis, label_rows, note, rows
from nbedition.figures.style import BLUE, DOUBLE, GREY, INK, ORANGE, PALE, SINGLE, SKY, VERMILION, canvas, house_style
from nbedition.language import amount, ticker, translate


@house_style
def fixed_share_by_donor(donors: pd.DataFrame, aid_share: float, actual_aid: float, year: int) -> Figure:
    """Draw what each donor would give in a year under a fixed share (0 to 1) of its revenue.

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
    figure, axes = canvas(SINGLE, 2.5, title)
    lines = range(len(donors))
    axes.barh(lines, donors["aid"], color=BLUE, height=0.65)
    for line, aid in enumerate(donors["aid"]):
        axes.text(aid, line, translate(" {aid:,.0f}", aid=aid), va="center")
    axes.set_yticks(
        lines,
        [f"{translate(row['donor'], 'name')} \u2192 {translate(row['recipient'], 'name')}" for row in rows(donors)],
    )
    axes.invert_yaxis()
    axes.tick_params(axis="y", length=0)
    bare_value_axis(axes)
    axes.set_xlim(0, max(donors["aid"].max() * 1.18, 1e-9))
    note(axes, translate("million yuan; all {total:,.0f}, actual {actual:,.0f}", total=total, actual=actual_aid))
    return figure


OPTION_WORDS = {
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
CRITERION_WORDS = {
    "investment": ("investment", "yuan per yuan", 1.0),
    "tax": ("taxes", "yuan per yuan", 1.0),
    "jobs": ("work", "job-years per\nthousand yuan", 1e-3),
    "households": ("households", "per thousand yuan", 1e-3),
    "fund_balance": ("left in fund", "yuan per yuan", 1.0),
}


@house_style
def aid_paths(aid: pd.DataFrame, reported: pd.DataFrame) -> Figure:
    """Draw aid by year under the baseline and the fixed share (`aid_by_year`), with what was reported later."""
    base, fixed = (
        aid[aid["option"] == name].set_index("year")[["low", "median", "high"]] / 1000
        for name in ("baseline", "fixed_share")
    )
    last = int(base.index.max())
    said = {"last": last, "times": fixed["median"].iloc[-1] / base["median"].iloc[-1]}
    title = translate("By {last}, a fixed share would give\n{times:.2g} times the aid of the trend", **said)
    figure, axes = canvas(SINGLE, 2.5, title)
    for frame, colour in ((fixed, BLUE), (base, ORANGE)):
        axes.fill_between(frame.index, frame["low"], frame["high"], color=colour, alpha=0.2, linewidth=0)
        axes.plot(frame.index, frame["median"], color=colour)
    top = max(fixed["high"].max(), base["high"].max())
    axes.text(0.03, 0.95, f"\u25a0 {translate('fixed share', 'name')}", transform=axes.transAxes, color=BLUE, va="top")
    trend = f"\u25a0 {translate('trend of 2003-2007', 'name')}"
    axes.text(0.03, 0.86, trend, transform=axes.transAxes, color="#9A6A00", va="top")
    told = reported["reported"] / 1000
    within = told[told <= top]
    axes.plot(within.index, within, "o", color=INK, markersize=3, zorder=3)
    if len(told):
        beyond = [f"{year}: {amount(value, 'billion yuan')} \u2191" for year, value in told[told > top].items()]
        words = "; ".join([f"\u25cf {translate('reported later', 'name')}", *beyond])
        axes.text(0.03, 0.77, words, transform=axes.transAxes, color=INK, va="top")
    axes.set_ylim(0, top * 1.05)
    axes.set_xticks([int(base.index.min()), last])
    axes.yaxis.set_major_formatter(ticker("billion yuan"))
    axes.set_ylabel(translate("billion yuan; 5 to 95 % of draws"))
    return figure


@house_style
def what_a_yuan_brings(gains: pd.DataFrame) -> Figure:
    """Draw what a yuan moved out of grants brings (`per_yuan_moved`), with 5 to 95 % of the draws."""
    names = list(dict.fromkeys(gains["option"]))
    wide = gains.pivot(index="option", columns="criterion", values="median")
    leaders = {str(wide[criterion].idxmax()) for criterion in CRITERION_WORDS}
    title = translate(
        "No use of a yuan is best at everything: {leaders} of {all} lead in some way",
        leaders=len(leaders),
        all=len(names),
    )
    if len(leaders) == 1:
        title = translate("One use of a yuan leads in every way: the {option}", option=OPTION_WORDS[leaders.pop()])
    figure, axes = canvas(DOUBLE, 2.9, title)
    axes.remove()
    panels = figure.subplots(1, len(CRITERION_WORDS), sharey=True)
    for panel, (criterion, (name, unit, scale)) in zip(panels, CRITERION_WORDS.items(), strict=True):
        lines = gains[gains["criterion"] == criterion].set_index("option").loc[names]
        ends = lines[["low", "median", "high"]] * (scale if criterion in ("jobs", "households") else 1.0)
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
    return figure


@house_style
def tornado(swings: pd.DataFrame, option: str, unit: str, grounds: dict[str, str]) -> Figure:
    """Draw the parameters that move an option's result most (first rows of `tornado`), from end to end of their ranges.

    `unit` is what stands on the axis, in thousands; `grounds` the kind of ground by parameter, marked beside its name.
    """
    first = str(swings.index[0]).replace("_", " ")
    title = translate(
        "For the {option} most hangs on\n{first} ({ground})",
        option=OPTION_WORDS[option],
        first=first,
        ground=_ground(grounds, swings),
    )
    figure, axes = canvas(SINGLE, 2.7, title)
    lines = range(len(swings))
    central = float(swings["at_central"].iloc[0])
    axes.barh(lines, swings["at_low"] - central, left=central, color=SKY, height=0.6)
    axes.barh(lines, swings["at_high"] - central, left=central, color=BLUE, height=0.6)
    axes.axvline(central, color=INK, linewidth=0.8)
    marks = {"assumption": " *", "computed": "", "source": ""}
    label_rows(axes, [f"{translate(name.replace('_', ' '), 'name')}{marks[grounds[name]]}" for name in swings.index])
    axes.invert_yaxis()
    axes.locator_params(axis="x", nbins=4)
    axes.xaxis.set_major_formatter(ticker(unit, per=1000))
    words = translate("{unit}\npale: low end, dark: high end; * assumption", unit=translate(unit, "unit"))
    axes.set_xlabel(words, loc="right", color=GREY, fontsize=6)
    return figure


def _ground(grounds: dict[str, str], swings: pd.DataFrame) -> str:
    words = {"assumption": "an assumption", "computed": "from the tables", "source": "from outside"}
    return words[grounds[str(swings.index[0])]]


@house_style
def first_choice(first: pd.DataFrame) -> Figure:
    """Draw how often each option is best under unknown weights (``first`` of a `Ranking`: shares of draws)."""
    best = str(first.index[0])
    share = first["first"].iloc[0]
    title = translate(
        "With weights unknown, the {option}\nis best in {share:.0f} % of the draws",
        option=OPTION_WORDS[best],
        share=share * 100,
    )
    figure, axes = canvas(SINGLE, 2.4, title)
    lines = range(len(first))
    axes.barh(lines, first["among_three"] * 100, color=PALE, height=0.65)
    axes.barh(lines, first["first"] * 100, color=BLUE, height=0.65)
    for line, three in enumerate(first["among_three"]):
        axes.text(three * 100 + 1, line, f"{first['first'].iloc[line] * 100:.0f}", va="center", color=BLUE)
    label_rows(axes, [translate(OPTION_WORDS[str(name)], "name") for name in first.index])
    axes.invert_yaxis()
    axes.set_xlim(0, 112)
    bare_value_axis(axes)
    note(axes, translate("% of draws: first (number), among three (pale)"))
    return figure
