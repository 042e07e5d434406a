"""Charts of notebook 01: periods, poverty, the regional gap by vintage and when it turns."""

from typing import Any

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from ewppr_lib.charts import HALO, label_rows, note, rows, write_at
from ewppr_lib.charts.intervals import draw_intervals
from nbedition.figures.style import BLUE, GREEN, GREY, INK, ORANGE, PALE, PURPLE, SINGLE, VERMILION, canvas, house_style
from nbedition.language import amount, translate, wrapped

PERIOD_COLOURS = {1: BLUE, 2: GREEN, 3: VERMILION}
LINE_COLOURS = {"line of 1978": BLUE, "line of 2008": GREEN, "line of 2010": VERMILION}
LINE_LABELS = {  # year whose point carries the label, side, offset in points
    "nation, line of 1978": (2000, "right", (-4, -6)),
    "nation, line of 2008": (2000, "right", (-4, 8)),
    "nation, line of 2010": (1978, "left", (6, 5)),
    "west, line of 2010": (2018, "right", (-5, -2)),
}
COLOURS = {"GCAM-CHINA": ORANGE, "YB-COMPILED": GREEN, "NBS-2021": BLUE, "NBS-2024": PURPLE, "own": INK}
TEXT_COLOURS = COLOURS | {"GCAM-CHINA": "#9A6A00"}  # darker, to be read
WORDS = {"ten": "ten eastern provinces", "ten_and_liaoning": "the ten and Liaoning", "own": "own series"}
NAMES = {
    "GCAM-CHINA": "GCAM-China data",
    "YB-COMPILED": "yearbooks as printed",
    "NBS-2021": "NBS, release of 2021",
    "NBS-2024": "NBS, release of 2024",
}
WIDTHS = {"GCAM-CHINA": 3.6, "YB-COMPILED": 2.2, "NBS-2021": 2.8}  # wider where a later line covers it
LONG = 5  # years from which a vintage is a line
LABELS = {  # year whose point carries the name, side, offset in points
    "GCAM-CHINA": (1986, "left", (5, -8)),
    "YB-COMPILED": (2017, "left", (-10, 6)),
    "NBS-2021": (1992, "left", (8, -14)),
    "NBS-2024": (2018, "left", (-16, -24)),
}


@house_style
def period_bounds(periods: pd.DataFrame) -> Figure:
    """Draw the bounds of each period as each statement gives them, fuzzy ends in a paler tone."""
    starts = periods.loc[periods["period"] == 3, "start_low"].astype(int)
    latest = periods.loc[periods["period"] == 3, "start_high"].astype(int).max()
    years = {"first": starts.min(), "last": latest}
    title = translate("The third period begins in any year\nfrom {first} to {last}, by where one reads", **years)
    figure, axes = canvas(SINGLE, 2.6, title)
    schemes = list(dict.fromkeys(periods["scheme"]))
    edge = 2013
    for row in rows(periods):
        line = schemes.index(row["scheme"])
        end_low, end_high = (edge, edge) if pd.isna(row["end_low"]) else (row["end_low"] + 1, row["end_high"] + 1)
        colour = PERIOD_COLOURS[row["period"]]
        bar: dict[str, Any] = {"height": 0.5, "color": colour, "linewidth": 0}
        axes.barh(line, end_high - row["start_low"], left=row["start_low"], alpha=0.35, **bar)
        axes.barh(line, max(end_low - row["start_high"], 0), left=row["start_high"], **bar)
        middle = (row["start_high"] + end_low) / 2
        axes.text(middle, line - 0.31, row["period"], ha="center", va="bottom", fontsize=6.5, color=colour)
    axes.set_yticks(range(len(schemes)), [wrapped(translate(scheme, "name"), 16) for scheme in schemes])
    axes.invert_yaxis()
    axes.set_xlim(1976, edge)
    axes.set_xticks([1980, 1990, 2000, 2010])
    axes.tick_params(axis="y", length=0)
    axes.spines["left"].set_color(PALE)
    axes.set_xlabel(translate("pale: the words leave the year open"), color=GREY)
    return figure


@house_style
def rural_poverty(poverty: pd.DataFrame) -> Figure:
    """Draw the rural poor by poverty line, each line for itself; the west under the last one."""
    nation = poverty[poverty["region"] == "nation"]
    counts = nation.pivot(index="year", columns="line", values="poor") / 100
    shared = counts.dropna(thresh=2)
    spread = (shared.max(axis=1) / shared.min(axis=1)).drop(1978, errors="ignore")
    title = translate(
        "Every line shows a fall, no two the same poor:\nin {year} one counts {times:.1f} times as many as the other",
        year=spread.index[-1],
        times=spread.iloc[-1],
    )
    figure, axes = canvas(SINGLE, 2.9, title)
    west = poverty[poverty["region"] == "west"].set_index("year")["poor"] / 100
    drawn = {f"nation, {line}": (counts[line].dropna(), colour) for line, colour in LINE_COLOURS.items()}
    drawn["west, line of 2010"] = (west, VERMILION)
    for name, (series, colour) in drawn.items():
        style = "-" if name.startswith("nation") else (0, (2, 1))
        axes.plot(series.index, series, color=colour, marker="o", markersize=2.5, linestyle=style, linewidth=1)
    for name, (year, side, shift) in LINE_LABELS.items():
        series, colour = drawn[name]
        write_at(axes, (year, series[year]), translate(name, "name"), shift, color=colour, ha=side, va="center")
    axes.set_yscale("log")
    marks = [3, 10, 30, 100, 300, 770]
    axes.set_yticks(marks, [amount(mark, "million persons") for mark in marks])
    axes.minorticks_off()
    axes.set_xlim(1976, 2021)
    axes.set_ylim(2.4, 1400)
    note(axes, translate("million rural people, logarithmic"))
    return figure


@house_style
def ratio_by_vintage(ratios: pd.DataFrame, printed: pd.DataFrame, third_period: tuple[int, int]) -> Figure:
    """Draw the east-to-west ratio by vintage, one definition, with the ratios that the study prints.

    `third_period` is the first and last year in which the study lets its third period begin.
    """
    wide = ratios.pivot(index="year", columns="vintage", values="ratio")
    lines = wide[[name for name in wide if wide[name].notna().sum() >= LONG]]
    peaks = sorted(lines.idxmax())
    figure, axes = canvas(SINGLE, 3.0, _ratio_title(peaks, third_period))
    _third(axes, third_period)
    for name in sorted(map(str, lines), key=lambda name: -WIDTHS.get(name, 0)):
        _line(axes, name, lines[name].dropna())
    _printed(axes, printed, lines)
    bottom, top = axes.get_ylim()
    axes.set_ylim(bottom - 0.06 * (top - bottom), top)
    axes.set_xlim(min(1974, wide.index.min() - 1), max(2025, wide.index.max() + 1))
    note(axes, translate("east over west, gross regional product, nominal"))
    mark = f"\u25c6 {translate('printed in the study', 'name')}"
    axes.text(1975.5, lines.max().max(), mark, color=VERMILION, fontsize=6.5, va="top")
    return figure


def _ratio_title(peaks: list[int], third: tuple[int, int]) -> str:
    years = {"first": peaks[0], "last": peaks[-1], "start": third[0], "end": third[1]}
    if peaks[0] == peaks[-1]:
        title = translate("Each vintage peaks in {first}:\n", **years)
    else:
        title = translate("Each vintage peaks from {first} to {last}:\n", **years)
    if peaks[-1] < third[0]:
        return title + translate("the gap turns before the third period ({start}-{end})", **years)
    return title + translate("the gap turns not before the third period ({start}-{end})", **years)


def _line(axes: Axes, name: str, series: pd.Series) -> None:
    """Draw one vintage and write its name beside it."""
    axes.plot(series.index, series, color=COLOURS[name], linewidth=WIDTHS.get(name, 1.1))
    year, side, shift = LABELS.get(name, (series.idxmax(), "center", (0, 10)))
    place = (year, series.to_dict()[year])
    said = translate(NAMES.get(name, WORDS.get(name, name)), "name")
    write_at(axes, place, wrapped(said, 15), shift, color=TEXT_COLOURS[name], ha=side, path_effects=HALO)


def _printed(axes: Axes, printed: pd.DataFrame, lines: pd.DataFrame) -> None:
    """Mark the ratios that the study prints, their values away from the lines: below where they lie below."""
    axes.scatter(printed["year"], printed["ratio"], marker="D", s=14, color=VERMILION, zorder=3, linewidths=0)
    beside = ((1, -9, "left"), (-4, 1, "right"), (4, -3, "left"), (4, -3, "left"))
    beneath = ((1, -9, "left"), (-2, -9, "right"), (4, -3, "left"), (-4, -3, "right"))
    for number, row in enumerate(rows(printed)):
        below = row["ratio"] < lines.loc[row["year"]].min() - 0.1
        across, up, side = (beneath if below else beside)[number]
        place, said = (row["year"], row["ratio"]), f"{row['ratio']:.2f}"
        write_at(axes, place, said, (across, up), color=VERMILION, ha=side, path_effects=HALO)


def _third(axes: Axes, years: tuple[int, int]) -> None:
    axes.axvspan(years[0], years[1], color=PALE, alpha=0.5, linewidth=0)


@house_style
def turning_points(turns: pd.DataFrame, third_period: tuple[int, int], confidence: float) -> Figure:
    """Draw the year in which the trend of the gap bends, with its interval, by vintage and definition.

    `third_period` is the first and last year in which the study lets its third period begin.
    """
    turning = turns[turns["turns"]]
    if turning.empty:
        title = translate("No series held here turns from rise to fall")
    else:
        low, high, none = turning["kink"].min(), turning["kink"].max(), len(turns) - len(turning)
        title = translate("The trend turns from rise to fall in {low}-{high};\n", low=low, high=high)
        title += (
            translate("{none} of {all} series show no such turn", none=none, all=len(turns))
            if none
            else translate("all {all} series show it", all=len(turns))
        )
    figure, axes = canvas(SINGLE, 0.9 + 0.31 * len(turns), title)
    _third(axes, third_period)
    ends = turns[["low", "kink", "high"]].astype(float)
    for turned, inside in ((True, None), (False, "white")):
        colours = [COLOURS[row["vintage"]] if turned else GREY for row in rows(turns)]
        draw_intervals(axes, ends.where(turns["turns"] == turned), colours, inside)
    axes.plot(turns["peak"], range(len(turns)), "|", color=INK, markersize=7, markeredgewidth=1.1, zorder=5)
    label_rows(axes, [_series(row["vintage"], row["definition"]) for row in rows(turns)], size=6)
    axes.set_ylim(len(turns) - 0.4, -0.6)
    axes.locator_params(axis="x", integer=True, nbins=5)
    words = translate(
        "dot: where the trend bends, with {share:.3g} % interval; open: it does not turn\n"
        "stroke: highest ratio; band: the third period may begin",
        share=confidence * 100,
    )
    note(axes, words, 6, "right")
    return figure


def _series(vintage: str, definition: str) -> str:
    east = translate(WORDS[definition], "name")
    return east if vintage == definition else f"{translate(NAMES[vintage], 'name')}\n{east}"
