"""Charts of notebook 03."""

import pandas as pd
import seaborn as sns
from matplotlib.figure import Figure

from ewppr_lib.figures.style import BLUE, GREY, INK, ORANGE, PALE, SINGLE, bare_value_axis, canvas, house_style, rows


@house_style
def recent_ratio(comparison: pd.DataFrame) -> Figure:
    """Draw how recent figures compare with the implied mean of 2003-2008, one line a row of Table 2.

    Parameters
    ----------
    comparison
        Result of `study.capacity.recent_against_earlier`.
    """
    ordered = comparison.sort_values("ratio", ascending=False)
    below = int((ordered["ratio"] < 1).sum())
    title = f"{below} of {len(ordered)} rows lie below\ntheir earlier yearly mean"
    figure, axes = canvas(SINGLE, 3.0, title)
    axes.axvline(1, color=GREY, linewidth=0.8)
    axes.hlines(range(len(ordered)), 1, ordered["ratio"], color=PALE, linewidth=2)
    sns.scatterplot(x=ordered["ratio"], y=range(len(ordered)), color=BLUE, s=22, linewidth=0, ax=axes, legend=False)
    for line, ratio in enumerate(ordered["ratio"]):
        side = 1 if ratio >= 1 else -1
        axes.annotate(
            f"{ratio:.2f}",
            (ratio, line),
            xytext=(5 * side, 0),
            textcoords="offset points",
            va="center",
            ha="left" if side > 0 else "right",
            fontsize=6.5,
        )
    axes.set_yticks(range(len(ordered)), ordered["label"])
    axes.set_xscale("log")
    low, high = ordered["ratio"].min(), ordered["ratio"].max()
    axes.set_xlim(min(low, 1) / 1.9, max(high, 1) * 1.9)
    axes.set_xticks([1], ["as before"])
    axes.minorticks_off()
    axes.set(xlabel="", ylabel="")
    axes.tick_params(axis="y", length=0)
    axes.spines["left"].set_visible(False)
    return figure


@house_style
def exchange_directions(directions: pd.DataFrame) -> Figure:
    """Draw person-times exchanged each way in 2003-2010, by profession.

    Parameters
    ----------
    directions
        Result of `study.capacity.directions`.
    """
    drawn = directions[directions["period"] == "2003-2010"].reset_index(drop=True)
    cadres = drawn.loc[drawn["profession"] == "cadres"].iloc[0]
    more = "more" if cadres["west_to_east"] > cadres["east_to_west"] else "fewer"
    title = f"Exchange runs both ways: {more} cadres\ncame from the west than went there"
    figure, axes = canvas(SINGLE, 1.7, title)
    for line, row in enumerate(rows(drawn)):
        axes.barh(line, -row["west_to_east"], color=ORANGE, height=0.6)
        axes.barh(line, row["east_to_west"], color=BLUE, height=0.6)
        axes.text(-row["west_to_east"] + 80, line, f"{row['west_to_east']:,.0f}", va="center", color=INK)
        axes.text(row["east_to_west"] - 80, line, f"{row['east_to_west']:,.0f}", va="center", ha="right", color="white")
    axes.axvline(0, color="white", linewidth=1)
    axes.set_yticks(drawn.index, drawn["profession"])
    axes.invert_yaxis()
    axes.tick_params(axis="y", length=0)
    axes.spines["left"].set_visible(False)
    axes.text(0.48, 1.0, "west to east", transform=axes.transAxes, ha="right", va="bottom", color="#9A6A00")
    axes.text(0.52, 1.0, "east to west", transform=axes.transAxes, ha="left", va="bottom", color=BLUE)
    widest = drawn[["west_to_east", "east_to_west"]].to_numpy().max()
    axes.set_xlim(-widest * 1.02, widest * 1.02)
    bare_value_axis(axes)
    return figure
