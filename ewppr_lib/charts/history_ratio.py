"""Charts of notebook 01 on the regional gap: the ratio by vintage, and when it turns."""

from typing import Any

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from nbedition.figures.style import (
    BLUE,
    GREEN,
    GREY,
    HALO,
    INK,
    ORANGE,
    PALE,
    PURPLE,
    SINGLE,
    VERMILION,
    canvas,
    house_style,
    rows,
)
from nbedition.language import translate

COLOURS = {"GCAM-CHINA": ORANGE, "YB-COMPILED": GREEN, "NBS-2021": BLUE, "NBS-2024": PURPLE, "own": INK}
TEXT_COLOURS = COLOURS | {"GCAM-CHINA": "#9A6A00"}  # darker, to be read
WORDS = {"ten": "ten eastern provinces", "ten_and_liaoning": "the ten and Liaoning", "own": "own series"}
LONG = 5  # years from which a vintage is a line
LABELS = {  # year whose point carries the name, side, offset in points
    "GCAM-CHINA": (1986, "left", (5, -8)),
    "YB-COMPILED": (2017, "left", (-10, 6)),
    "NBS-2021": (1994, "left", (6, -6)),
    "NBS-2024": (2018, "left", (-14, -16)),
}


@house_style
def ratio_by_vintage(ratios: pd.DataFrame, printed: pd.DataFrame, third_period: tuple[int, int]) -> Figure:
    """Draw the east-to-west ratio by vintage, with the ratios that the study prints.

    Parameters
    ----------
    ratios
        Result of `study.history_gap.ratio_series`, one definition.
    printed
        The study's ratios: ``year`` and ``ratio``.
    third_period
        First and last year in which the study lets its third period begin.
    """
    wide = ratios.pivot(index="year", columns="vintage", values="ratio")
    lines = wide[[name for name in wide if wide[name].notna().sum() >= LONG]]
    peaks = sorted(lines.idxmax())
    figure, axes = canvas(SINGLE, 3.0, _ratio_title(peaks, third_period))
    _third(axes, third_period)
    for name in map(str, lines):
        _line(axes, name, lines[name].dropna())
    _printed(axes, printed, lines)
    bottom, top = axes.get_ylim()
    axes.set_ylim(bottom - 0.06 * (top - bottom), top)
    axes.set_xlim(min(1974, wide.index.min() - 1), max(2025, wide.index.max() + 1))
    axes.set_title(translate("east over west, gross regional product, nominal"), loc="left", fontsize=6.5, color=GREY)
    text = f"\u25c6 {translate('printed in the study', 'name')}"
    axes.text(1975.5, lines.max().max(), text, color=VERMILION, fontsize=6.5, va="top")
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
    axes.plot(series.index, series, color=COLOURS[name], linewidth=1.1)
    year, side, shift = LABELS.get(name, (series.idxmax(), "center", (0, 10)))
    place = (year, series.to_dict()[year])
    said: dict[str, Any] = {"color": TEXT_COLOURS[name], "fontsize": 6.5, "path_effects": HALO}
    text = translate(WORDS.get(name, name), "name")
    axes.annotate(text, place, xytext=shift, textcoords="offset points", ha=side, **said)


def _printed(axes: Axes, printed: pd.DataFrame, lines: pd.DataFrame) -> None:
    """Mark the ratios that the study prints, their values away from the lines: below where they lie below."""
    axes.scatter(printed["year"], printed["ratio"], marker="D", s=14, color=VERMILION, zorder=3, linewidths=0)
    beside = ((1, -9, "left"), (-4, 1, "right"), (4, -3, "left"), (4, -3, "left"))
    beneath = ((1, -9, "left"), (-2, -9, "right"), (4, -3, "left"), (-4, -3, "right"))
    for number, row in enumerate(rows(printed)):
        below = row["ratio"] < lines.loc[row["year"]].min() - 0.1
        across, up, side = (beneath if below else beside)[number]
        said: dict[str, Any] = {"color": VERMILION, "fontsize": 6.5, "path_effects": HALO}
        place = (row["year"], row["ratio"])
        axes.annotate(f"{row['ratio']:.2f}", place, xytext=(across, up), textcoords="offset points", ha=side, **said)


def _third(axes: Axes, years: tuple[int, int]) -> None:
    axes.axvspan(years[0], years[1], color=PALE, alpha=0.5, linewidth=0)


@house_style
def turning_points(turns: pd.DataFrame, third_period: tuple[int, int], confidence: float) -> Figure:
    """Draw the year in which the trend of the gap bends, with its interval, by vintage and definition.

    Parameters
    ----------
    turns
        Result of `study.history_turn.turning_points`.
    third_period
        First and last year in which the study lets its third period begin.
    confidence
        Coverage of the intervals.
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
    for line, row in enumerate(rows(turns)):
        colour = COLOURS[row["vintage"]] if row["turns"] else GREY
        axes.plot([row["low"], row["high"]], [line, line], color=colour, linewidth=2.2, solid_capstyle="butt")
        axes.plot(
            row["kink"],
            line,
            "o",
            color=colour,
            markersize=4.5,
            markerfacecolor="white" if not row["turns"] else colour,
        )
        axes.plot(row["peak"], line, marker="|", color=INK, markersize=7, markeredgewidth=1.1)
    labels = [_series(row["vintage"], row["definition"]) for row in rows(turns)]
    axes.set_yticks(range(len(turns)), labels, fontsize=6)
    axes.set_ylim(len(turns) - 0.4, -0.6)
    axes.locator_params(axis="x", integer=True, nbins=5)
    axes.tick_params(axis="y", length=0)
    axes.spines["left"].set_visible(False)
    axes.set_xlabel(
        translate(
            "\u25cf kink with {share:.3g} % interval   \u25cb kink, but no turn\n"
            "| highest ratio   band: the third period may begin",
            share=confidence * 100,
        ),
        color=GREY,
        fontsize=6.5,
    )
    return figure


def _series(vintage: str, definition: str) -> str:
    east = translate(WORDS[definition], "name")
    return east if vintage == definition else f"{vintage}\n{east}"
