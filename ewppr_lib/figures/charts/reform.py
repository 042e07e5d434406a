"""Charts of notebook 04."""

import pandas as pd
from matplotlib.figure import Figure

from ewppr_lib.figures.style import BLUE, GREY, SINGLE, bare_value_axis, canvas, house_style, rows


@house_style
def fixed_share_by_donor(donors: pd.DataFrame, aid_share: float, actual_aid: float, year: int) -> Figure:
    """Draw what each donor would give under a fixed share of its revenue.

    Parameters
    ----------
    donors
        Result of `study.reform.fixed_share_aid`.
    aid_share
        The share, 0 to 1.
    actual_aid
        Aid of all donors in that year, million yuan.
    year
        Calendar year of revenue and aid.
    """
    total = donors["aid"].sum()
    times = total / actual_aid
    title = f"{aid_share * 100:.3g} % of donor revenue would have\ngiven {times:.2g} times the aid of {year}"
    figure, axes = canvas(SINGLE, 2.5, title)
    lines = range(len(donors))
    axes.barh(lines, donors["aid"], color=BLUE, height=0.65)
    for line, aid in enumerate(donors["aid"]):
        axes.text(aid, line, f" {aid:,.0f}", va="center")
    axes.set_yticks(lines, [f"{row['donor']} \u2192 {row['recipient']}" for row in rows(donors)])
    axes.invert_yaxis()
    axes.tick_params(axis="y", length=0)
    bare_value_axis(axes)
    axes.set_xlim(0, max(donors["aid"].max() * 1.18, 1e-9))
    note = f"million yuan; all {total:,.0f}, actual {actual_aid:,.0f}"
    axes.set_title(note, loc="left", fontsize=6.5, color=GREY)
    return figure
