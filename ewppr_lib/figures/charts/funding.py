"""Charts of notebook 02."""

import pandas as pd
from matplotlib.figure import Figure

from ewppr_lib.figures.style import BLUE, GREEN, GREY, ORANGE, PALE, SINGLE, bare_value_axis, canvas, house_style, rows

READINGS = {
    "printed_total": "printed Total",
    "agreed": "each yuan once,\ninvestment agreed",
    "realised": "each yuan once,\ninvestment realised",
}


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
    span = f"{once.min():.0f} to {once.max():.0f} %"
    title = f"Counted once, enterprises brought {span}\nof the money"
    if "printed_total" in enterprise:
        title += f", not {enterprise['printed_total']:.1f} %"
    figure, axes = canvas(SINGLE, 1.9, title)
    lines = range(len(shares))
    public = shares["government_aid"] + shares["social_donations"]
    axes.barh(lines, enterprise, color=BLUE, height=0.6)
    axes.barh(lines, public, left=enterprise, color=ORANGE, height=0.6)
    axes.barh(lines, (100 - enterprise - public).clip(lower=0), left=enterprise + public, color=PALE, height=0.6)
    for line, (share, rest) in enumerate(zip(enterprise, 100 - enterprise - public, strict=True)):
        axes.text(2, line, f"enterprises {share:.1f} %", color="white", va="center", fontweight="bold")
        if rest > 1:
            axes.text(99, line, f"{rest:.1f} %\ntwice", va="center", ha="right", fontsize=6)
    axes.set_yticks(lines, [READINGS[name] for name in shares.index])
    axes.invert_yaxis()
    axes.set_xlim(0, 100)
    axes.tick_params(axis="y", length=0)
    axes.spines["left"].set_visible(False)
    bare_value_axis(axes)
    axes.text(0, len(shares) - 0.5, "\u25a0 aid and donations", color="#9A6A00", va="top", fontsize=6.5)
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
    title = f"Of the investment agreed in a year,\n{low:.0f} to {high:.0f} % was realised"
    figure, axes = canvas(SINGLE, 2.3, title)
    years = realisation.index
    axes.bar(years, realisation["agreed"] / 1000, color=PALE, width=0.7)
    axes.bar(years, realisation["realised"] / 1000, color=BLUE, width=0.7)
    for row in rows(realisation / 1000):
        agreed, realised = (" agreed", " realised") if row["year"] == years[-1] else ("", "")
        for column, colour, word in (("agreed", GREY, agreed), ("realised", BLUE, realised)):
            text = f"{row[column]:,.0f}{word}"
            axes.text(row["year"], row[column], text, ha="center", va="bottom", color=colour, fontsize=6.5)
    axes.set_xticks(years)
    axes.tick_params(axis="x", length=0)
    axes.yaxis.set_visible(False)
    axes.spines["left"].set_visible(False)
    axes.set_title("billion yuan", loc="left", fontsize=6.5, color=GREY)
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
    title = f"The levels of government do not add up:\n{abs(worst['gap']):,.0f} million yuan apart in {worst['year']}"
    figure, axes = canvas(SINGLE, 2.3, title)
    for column, colour, name, side in (
        ("government_aid", BLUE, "government aid, printed", 1),
        ("sum_of_levels", GREEN, "sum of the levels", -1),
    ):
        axes.plot(gaps.index, gaps[column], color=colour, marker="o", markersize=3)
        axes.annotate(
            name,
            (worst["year"], worst[column]),
            xytext=(0, 6 * side),
            textcoords="offset points",
            color=colour,
            ha="center",
            va="bottom" if side > 0 else "top",
        )
    axes.set_xticks(gaps.index)
    axes.set_ylim(0, gaps.to_numpy().max() * 1.15)
    axes.set_ylabel("million yuan")
    return figure
