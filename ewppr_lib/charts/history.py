"""Charts of notebook 01."""

import pandas as pd
from matplotlib.figure import Figure

from nbedition.figures.style import BLUE, GREEN, GREY, PALE, SINGLE, VERMILION, canvas, house_style, rows
from nbedition.language import amount, translate, wrapped

PERIOD_COLOURS = {1: BLUE, 2: GREEN, 3: VERMILION}
LINE_COLOURS = {"line of 1978": BLUE, "line of 2008": GREEN, "line of 2010": VERMILION}
LINE_LABELS = {  # year whose point carries the label, side, offset in points
    "nation, line of 1978": (2000, "right", (-4, -6)),
    "nation, line of 2008": (2000, "right", (-4, 8)),
    "nation, line of 2010": (1978, "left", (6, 5)),
    "west, line of 2010": (2018, "right", (-5, -2)),
}


@house_style
def period_bounds(periods: pd.DataFrame) -> Figure:
    """Draw the bounds of each period as each statement gives them, fuzzy ends in a paler tone.

    Parameters
    ----------
    periods
        Data set ``periods``.
    """
    starts = periods.loc[periods["period"] == 3, "start_low"].astype(int)
    latest = periods.loc[periods["period"] == 3, "start_high"].astype(int).max()
    title = translate(
        "The third period begins in any year\nfrom {first} to {last}, by where one reads",
        first=starts.min(),
        last=latest,
    )
    figure, axes = canvas(SINGLE, 2.6, title)
    schemes = list(dict.fromkeys(periods["scheme"]))
    edge = 2013
    for row in rows(periods):
        line = schemes.index(row["scheme"])
        end_low, end_high = (edge, edge) if pd.isna(row["end_low"]) else (row["end_low"] + 1, row["end_high"] + 1)
        colour = PERIOD_COLOURS[row["period"]]
        axes.barh(
            line, end_high - row["start_low"], left=row["start_low"], height=0.5, color=colour, alpha=0.35, linewidth=0
        )
        axes.barh(
            line, max(end_low - row["start_high"], 0), left=row["start_high"], height=0.5, color=colour, linewidth=0
        )
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
    """Draw the rural poor by poverty line, each line for itself; the west under the last one.

    Parameters
    ----------
    poverty
        Data set ``rural_poverty``.
    """
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
        axes.annotate(
            translate(name, "name"),
            (year, series[year]),
            xytext=shift,
            textcoords="offset points",
            color=colour,
            ha=side,
            va="center",
            fontsize=6.5,
        )
    axes.set_yscale("log")
    marks = [3, 10, 30, 100, 300, 770]
    axes.set_yticks(marks, [amount(mark, "million persons") for mark in marks])
    axes.minorticks_off()
    axes.set_xlim(1976, 2021)
    axes.set_ylim(2.4, 1400)
    axes.set_title(translate("million rural people, logarithmic"), loc="left", fontsize=6.5, color=GREY)
    return figure
