"""Charts of notebook 02."""

import math
from typing import Any

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from ewppr_lib.charts import HALO, bare_value_axis, hide_value_axis, key, label_rows, note, rows, write_at
from nbedition.figures.style import BLUE, DOUBLE, GREEN, GREY, ORANGE, PALE, SINGLE, VERMILION, canvas, house_style
from nbedition.language import amount, ticker, translate

READINGS = {
    "printed_total": "printed Total",
    "agreed": "each yuan once,\ninvestment agreed",
    "realised": "each yuan once,\ninvestment realised",
}

ADD_UP = 0.001  # of the aid: below it, levels and aid differ by rounding alone
SAID = {
    "LGOP_1996_2000": "LGOP 2001",
    "PD_20080322": "People's Daily 2008",
    "GMW_20151128": "Guangming Daily 2015",
    "FX361_2017": "Jingji 2017",
    "CCTV_20191001": "CCTV in October 2019",
    "CCTV_20191222": "CCTV in December 2019",
    "PEOPLE_20200608": "People's Daily Online 2020",
    "WP2011": "white paper 2011",
    "IPRCC_YB2012": "yearbook 2012",
    "IPRCC_YB2013": "yearbook 2013",
    "STUDY_T1 printed": "Table 1",
    "STUDY_T1 levels": "levels of Table 1",
    "STUDY": "the study's text",
}
SERIES = {
    "government_aid": "government aid, printed",
    "sum_of_levels": "sum of the levels",
    "aid_provincial": "provincial level",
    "aid_prefectural": "prefectural level",
    "aid_county": "county level",
}
FAR = 4  # billion yuan a year, from which sources stand on the left
BASES = {BLUE: "stated for these years", GREEN: "Table 1 of the study", GREY: "what totals of other years leave"}
TICKS = (0.2, 0.5, 1, 2, 5, 10, 20)


@house_style
def enterprise_share(shares: pd.DataFrame) -> Figure:
    """Draw what enterprises' share is of the whole, under each reading of the whole (`pooled_shares`, per cent).

    What is missing to 100 is money that the printed total counts twice.
    """
    enterprise = shares["enterprise_investment"]
    once = enterprise.drop("printed_total", errors="ignore")
    span = {"low": once.min(), "high": once.max()}
    title = translate("Counted once, enterprises brought {low:.0f} to {high:.0f} %\nof the money", **span)
    if "printed_total" in enterprise:
        title += translate(", not {printed:.1f} %", printed=enterprise["printed_total"])
    figure, axes = canvas(SINGLE, 1.9, title)
    lines = range(len(shares))
    public = shares["government_aid"] + shares["social_donations"]
    axes.barh(lines, enterprise, color=BLUE, height=0.6)
    axes.barh(lines, public, left=enterprise, color=ORANGE, height=0.6)
    axes.barh(lines, (100 - enterprise - public).clip(lower=0), left=enterprise + public, color=PALE, height=0.6)
    for line, (share, rest) in enumerate(zip(enterprise, 100 - enterprise - public, strict=True)):
        axes.text(2, line, translate("{share:.1f} %", share=share), color="white", va="center")
        if rest > 1:
            axes.text(99, line, translate("{share:.1f} %", share=rest), va="center", ha="right")
    label_rows(axes, [translate(READINGS[name], "name") for name in shares.index])
    axes.invert_yaxis()
    axes.set_xlim(0, 100)
    bare_value_axis(axes)
    entries = {BLUE: "enterprises", ORANGE: "aid and donations", PALE: "counted twice"}
    key(axes, [(colour, translate(name, "name")) for colour, name in entries.items()], (-0.4, -0.06), across=True)
    return figure


@house_style
def agreed_and_realised(realisation: pd.DataFrame) -> Figure:
    """Draw agreed and realised enterprise investment by year (`realisation`), in billion yuan."""
    low, high = realisation["realised_share"].min(), realisation["realised_share"].max()
    title = translate("Of the investment agreed in a year,\n{low:.0f} to {high:.0f} % was realised", low=low, high=high)
    figure, axes = canvas(SINGLE, 2.3, title)
    years = realisation.index
    axes.bar(years, realisation["agreed"] / 1000, color=PALE, width=0.7)
    axes.bar(years, realisation["realised"] / 1000, color=BLUE, width=0.7)
    for row in rows(realisation / 1000):
        for column, colour in (("agreed", GREY), ("realised", BLUE)):
            text = amount(row[column], "billion yuan")
            text += f" {translate(column, 'name')}" if row["year"] == years[-1] else ""
            axes.text(row["year"], row[column], text, ha="center", va="bottom", color=colour, fontsize=6.5)
    axes.set_xticks(years)
    hide_value_axis(axes)
    note(axes, translate("billion yuan, current prices", "unit"))
    return figure


@house_style
def aid_and_levels(gaps: pd.DataFrame, unit: str = "million yuan, current prices") -> Figure:
    """Draw printed government aid and the sum of its three levels by year (`level_gaps`), in a unit."""
    worst = max(rows(gaps), key=lambda row: abs(row["gap"]))
    given = bool(gaps["sum_of_levels"].any())
    apart = given and abs(worst["gap"]) >= ADD_UP * worst["government_aid"]
    years = list(gaps.index)
    side_of = {years[0]: "left", years[-1]: "right"}
    figure, axes = canvas(SINGLE, 2.3, _levels_title(worst, given, apart, unit))
    labelled = worst if apart else max(rows(gaps), key=lambda row: row["government_aid"])
    above = 1 if not apart or worst["gap"] > 0 else -1
    for column, colour, name, side in (
        ("government_aid", BLUE, "government aid, printed", above),
        ("sum_of_levels", GREEN, "sum of the levels", -above),
    )[: 2 if given else 1]:
        width = 3.0 if column == "government_aid" else 1.2  # seen where the other covers it
        axes.plot(gaps.index, gaps[column], color=colour, marker="o", markersize=width + 2, linewidth=width)
        if column == "sum_of_levels" and not apart:
            continue
        place, across = (labelled["year"], labelled[column]), side_of.get(labelled["year"], "center")
        look = {"color": colour, "ha": across, "va": "bottom" if side > 0 else "top", "path_effects": HALO}
        write_at(axes, place, translate(name, "name"), (0, 6 * side), fontsize=7, **look)
    axes.set_xticks(gaps.index)
    axes.set_ylim(0, gaps.to_numpy().max() * 1.15)
    axes.set_ylabel(translate(unit, "unit"))
    axes.yaxis.set_major_formatter(ticker("million yuan"))
    return figure


def _levels_title(worst: dict[str, Any], given: bool, apart: bool, unit: str) -> str:
    if not given:
        return translate("The table splits government aid\ninto no levels")
    if not apart:
        return translate("The levels of government add up\nto the aid of every year")
    said = {"gap": abs(worst["gap"]), "year": worst["year"]}
    if unit.startswith("yuan per head"):
        return translate("The levels of government do not add up:\n{gap:.2f} yuan per head apart in {year}", **said)
    return translate("The levels of government do not add up:\n{gap:,.0f} million yuan apart in {year}", **said)


@house_style
def aid_windows(ways: pd.DataFrame) -> Figure:
    """Draw aid a year in each window, a line for each way in which the sources give it (`ways`)."""
    yearly = ways.assign(low=ways["low"] / ways["years"] / 1000, high=ways["high"] / ways["years"] / 1000)
    figure, axes = canvas(DOUBLE, 1.1 + 0.16 * len(ways), _windows_title(yearly))
    left, right = 0.15, 50.0
    for line, row in enumerate(rows(yearly)):
        said = _said(row["sources"])
        if row["possible"]:
            _draw_way(axes, line, max(row["low"], left), min(row["high"], right), row, said)
        else:
            text = translate("less than nothing: {how}", how=said)
            axes.text(left * 1.05, line, text, color=VERMILION, va="center", fontsize=6.5)
    firsts = ~yearly["window"].duplicated()
    for line in yearly.index[firsts][1:]:
        axes.axhline(line - 0.5, color=PALE, linewidth=0.4)
    axes.set_yticks(yearly.index[firsts], yearly.loc[firsts, "window"])
    axes.set_ylim(len(yearly) - 0.5, -0.5)
    axes.set_xscale("log")
    axes.set_xlim(left, right)
    axes.set_xticks(TICKS, [amount(tick, "billion yuan", "g") for tick in TICKS])
    axes.minorticks_off()
    axes.tick_params(axis="y", length=0)
    note(axes, translate("billion yuan a year, current prices, logarithmic; line: range as rounded, arrow: open bound"))
    key(axes, [(colour, translate(words, "name")) for colour, words in BASES.items()], (0.015, 0.14))
    return figure


def _windows_title(yearly: pd.DataFrame) -> str:
    held = yearly[yearly["possible"]]
    spans = held.groupby("window")
    apart = int((spans["low"].max() > spans["high"].min()).sum())
    first, last = held.iloc[0], held.iloc[-1]
    against = len(yearly) - len(held)
    return translate(
        "Aid a year: from {low:.1f} billion yuan or more\nin {first} to {high:.0f} or more in {last};\n"
        "sources disagree on {apart} windows, clash on {against}",
        low=first["low"],
        first=first["window"],
        high=last["low"],
        last=last["window"],
        apart=apart,
        against=against,
    )


def _draw_way(axes: Axes, line: int, low: float, high: float, row: dict[str, Any], said: str) -> None:
    """Draw one way: a dot, a line between its bounds, or an arrow towards the side that is open; its sources beside."""
    own = row["sources"].startswith("STUDY_T1") and row["terms"] == 1
    colour = GREEN if own else BLUE if row["terms"] == 1 else GREY
    open_up, open_down = math.isinf(row["high"]), math.isinf(row["low"])
    far = low > FAR
    beside = low / 1.25 if far else high if not open_up else low * 1.7
    axes.text(beside * (1 if far else 1.2), line, said, ha="right" if far else "left", va="center", fontsize=6)
    if open_up or open_down:
        end = low if open_up else high
        tip = end * (1.6 if open_up else 1 / 1.6)
        axes.annotate("", (tip, line), (end, line), arrowprops={"arrowstyle": "->", "color": colour, "linewidth": 1})
        axes.plot(end, line, "|", color=colour, markersize=6)
        return
    axes.plot([low, high], [line, line], color=colour, linewidth=2, solid_capstyle="butt")
    axes.plot((low * high) ** 0.5, line, "o", color=colour, markersize=3.5)


def _said(sources: str) -> str:
    """Say in words which figures of which sources give an amount: what is added, and what is taken off."""
    added, *taken = sources.split(" - ")
    said = _listed(added.split(" + "))
    return translate("{added}, less {taken}", added=said, taken=_listed(taken)) if taken else said


def _listed(ids: list[str]) -> str:
    *first, last = [translate(SAID[name], "name") for name in ids]
    return translate(", ", "name").join(first) + translate(" and ", "name") + last if first else last
