"""Charts of notebook 02."""

from typing import Any

import pandas as pd
from matplotlib.figure import Figure

from nbedition.figures.style import (
    BLUE,
    GREEN,
    GREY,
    HALO,
    ORANGE,
    PALE,
    SINGLE,
    bare_value_axis,
    canvas,
    house_style,
    rows,
)
from nbedition.language import amount, ticker, translate

READINGS = {
    "printed_total": "printed Total",
    "agreed": "each yuan once,\ninvestment agreed",
    "realised": "each yuan once,\ninvestment realised",
}

ADD_UP = 0.001  # of the aid: below it, levels and aid differ by rounding alone


@house_style
def enterprise_share(shares: pd.DataFrame) -> Figure:
    """Draw what enterprises' share is of the whole, under each reading of the whole.

    Parameters
    ----------
    shares
        Result of `study.funding.pooled_shares`, per cent; what is missing to 100 is money that
        the printed total counts twice.
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
        text = translate("enterprises {share:.1f} %", share=share)
        axes.text(2, line, text, color="white", va="center", fontweight="bold")
        if rest > 1:
            axes.text(99, line, translate("{rest:.1f} %\ntwice", rest=rest), va="center", ha="right", fontsize=6)
    axes.set_yticks(lines, [translate(READINGS[name], "name") for name in shares.index])
    axes.invert_yaxis()
    axes.set_xlim(0, 100)
    axes.tick_params(axis="y", length=0)
    axes.spines["left"].set_visible(False)
    bare_value_axis(axes)
    aid = translate("aid and donations", "name")
    axes.text(0, len(shares) - 0.5, f"\u25a0 {aid}", color="#9A6A00", va="top", fontsize=6.5)
    return figure


@house_style
def agreed_and_realised(realisation: pd.DataFrame) -> Figure:
    """Draw agreed and realised enterprise investment by year, in billion yuan.

    Parameters
    ----------
    realisation
        Result of `study.funding.realisation`, million yuan.
    """
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
    axes.tick_params(axis="x", length=0)
    axes.yaxis.set_visible(False)
    axes.spines["left"].set_visible(False)
    axes.set_title(translate("billion yuan", "unit"), loc="left", fontsize=6.5, color=GREY)
    return figure


@house_style
def aid_and_levels(gaps: pd.DataFrame) -> Figure:
    """Draw printed government aid and the sum of its three levels by year, in million yuan.

    Parameters
    ----------
    gaps
        Result of `study.funding.level_gaps`.
    """
    worst = max(rows(gaps), key=lambda row: abs(row["gap"]))
    given = bool(gaps["sum_of_levels"].any())
    apart = given and abs(worst["gap"]) >= ADD_UP * worst["government_aid"]
    years = list(gaps.index)
    side_of = {years[0]: "left", years[-1]: "right"}
    figure, axes = canvas(SINGLE, 2.3, _levels_title(worst, given, apart))
    labelled = worst if apart else max(rows(gaps), key=lambda row: row["government_aid"])
    above = 1 if not apart or worst["gap"] > 0 else -1
    for column, colour, name, side in (
        ("government_aid", BLUE, "government aid, printed", above),
        ("sum_of_levels", GREEN, "sum of the levels", -above),
    )[: 2 if given else 1]:
        axes.plot(gaps.index, gaps[column], color=colour, marker="o", markersize=3)
        if column == "sum_of_levels" and not apart:
            continue
        axes.annotate(
            translate(name, "name"),
            (labelled["year"], labelled[column]),
            xytext=(0, 6 * side),
            textcoords="offset points",
            color=colour,
            ha=side_of.get(labelled["year"], "center"),
            va="bottom" if side > 0 else "top",
            path_effects=HALO,
        )
    axes.set_xticks(gaps.index)
    axes.set_ylim(0, gaps.to_numpy().max() * 1.15)
    axes.set_ylabel(translate("million yuan", "unit"))
    axes.yaxis.set_major_formatter(ticker("million yuan"))
    return figure


def _levels_title(worst: dict[str, Any], given: bool, apart: bool) -> str:
    if not given:
        return translate("The table splits government aid\ninto no levels")
    if not apart:
        return translate("The levels of government add up\nto the aid of every year")
    return translate(
        "The levels of government do not add up:\n{gap:,.0f} million yuan apart in {year}",
        gap=abs(worst["gap"]),
        year=worst["year"],
    )
