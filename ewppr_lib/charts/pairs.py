"""Charts of notebook 02 and ``ewppr pair``: what donors gave, and how much of their budget that was."""

from itertools import pairwise

import pandas as pd
from matplotlib.figure import Figure

from ewppr_lib.charts import bare_value_axis, label_rows, note, rows, write_at
from nbedition.figures.style import BLUE, GREY, INK, ORANGE, PURPLE, SINGLE, SKY, canvas, house_style
from nbedition.language import amount, translate

MARKS_WIDTH = 0.4  # part of the axis on which marks lie; words take the rest
COLOURS = {
    "government": BLUE,
    "provincial government": SKY,
    "government and society": PURPLE,
    "government and enterprises": ORANGE,
    "all aid": INK,
    "scope wide": GREY,
}


@house_style
def effort_over_time(effort: pd.DataFrame) -> Figure:
    """Draw the aid of all donors per 10,000 yuan of the nine provinces' expenditure (`study.pairs`), with its range."""
    values: dict[int, float] = {
        int(year): float(value) for year, value in zip(effort.index, effort["value"], strict=True)
    }
    tops = dict(zip(values, effort["high"].astype(float), strict=True))
    first, last, least = min(values), max(values), min(values, key=values.__getitem__)
    said = {"least": least, "last": last, "times": values[last] / values[least]}
    part = values[least] / values[first] * 100
    title = translate(
        "By {least} aid weighed {part:.0f} % of before\nin budgets, by {last} {times:.1f} times as much as then",
        part=part,
        **said,
    )
    figure, axes = canvas(SINGLE, 3.6, title)
    axes.plot(effort.index, effort["value"], "o", color=BLUE, markersize=3.5)
    for start, end in pairwise(effort.index):
        style = "-" if end == start + 1 else (0, (1.5, 1.5))
        axes.plot([start, end], effort.loc[[start, end], "value"], color=BLUE, linewidth=1, linestyle=style)
    axes.vlines(effort.index, effort["low"], effort["high"], color=BLUE, linewidth=4, alpha=0.35)
    for year in (first, least, last):
        place = (year, tops[year])
        write_at(axes, place, f"{values[year]:.1f}", (0, 5), ha="center", color=BLUE, fontsize=7)
    axes.set_ylim(0, effort["high"].max() * 1.15)
    axes.set_xticks([first, 2007, least, last])
    note(
        axes,
        translate(
            "yuan of aid per 10,000 yuan that the nine provinces spent,\n"
            "current prices; bars: range; dotted: years not held"
        ),
    )
    return figure


def in_short(turns: pd.DataFrame, change: pd.DataFrame, printed: float, once: pd.Series) -> list[str]:
    """Return the answers of notebook 02 in three sentences.

    `turns`: `study.pairs.rise_and_fall`; `change`: `study.pairs.last_change`; `printed`, `once`: the share of
    enterprises in the printed total and in the money counted once, per cent.
    """
    said = {f"{place}_{what}": turns[what][place] for place in turns.index for what in ("year", "value")}
    effort = translate(
        "Of each 10,000 yuan that the nine donor provinces spent, aid took {first_value:.1f} in {first_year}, "
        "{lowest_value:.1f} in {lowest_year} and {latest_value:.1f} in {latest_year}.",
        **said,
    )
    rise = {"nominal": change["current"]["printed"], "real": change["constant"]["printed"]}
    steady = translate(
        "Printed aid changed by {nominal:+.1f} % in {year}, and by {real:+.1f} % once prices are taken out; the sum of "
        "its levels fell in {levels_fall}.",
        **rise,
        year=change.attrs["year"],
        levels_fall=change.attrs["levels_fall"],
    )
    shares = translate(
        "Enterprises brought {low:.0f} to {high:.0f} % of the money, each yuan counted once; the printed total, which "
        "counts money twice, makes it {printed:.1f} %.",
        low=once.min(),
        high=once.max(),
        printed=printed,
    )
    return [shares, steady, effort]


@house_style
def pair_windows(pair: pd.DataFrame, constant: bool) -> Figure:
    """Draw what one pair's rows of the ledger give a year, one line for each window (`study.pairs.with_effort`)."""
    column = "real_a_year" if constant else "a_year"
    drawn = pair.dropna(subset=[column]).reset_index(drop=True)
    first = drawn.iloc[0]
    names = {"donor": translate(first["donor"], "name"), "recipient": translate(first["recipient"], "name")}
    title = translate("{donor} to {recipient}: aid a year,\nby window and by what it counts", **names)
    figure, axes = canvas(SINGLE, 1.0 + 0.2 * len(drawn), title)
    for line, row in enumerate(rows(drawn)):
        colour = COLOURS[row["counts"]]
        axes.plot(row[column], line, ">" if row.get("bound") == "at least" else "o", color=colour, markersize=4.5)
        joint = "" if row["donor"] == first["donor"] else f", {row['donor']}"
        text = f"{amount(row[column], 'million yuan', ',.4g')}  {translate(row['counts'], 'name')}{joint}"
        write_at(axes, (row[column], line), text, (6, 0), va="center", color=colour)
    label_rows(axes, [_window(row) for row in rows(drawn)])
    axes.invert_yaxis()
    axes.set_xscale("log")
    low = drawn[column].min() / 1.5
    axes.set_xlim(low, low * (drawn[column].max() / low) ** (1 / MARKS_WIDTH))
    axes.minorticks_off()
    bare_value_axis(axes)
    basis = "million yuan a year, prices of 2010" if constant else "million yuan a year, current prices"
    note(axes, f"{translate(basis, 'unit')},\n{translate('logarithmic; scopes never add up')}")
    return figure


def _window(row: dict[str, object]) -> str:
    start, end = row["year_from"], row["year_to"]
    return str(start) if start == end else f"{start}-{end}"
