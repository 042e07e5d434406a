"""Charts of notebook 01."""

import textwrap

import pandas as pd
from matplotlib.figure import Figure

from ewppr_lib.figures.style import BLUE, DOUBLE, GREEN, GREY, INK, PALE, SINGLE, VERMILION, canvas, house_style, rows

CHANGE_COLOURS = {"first list": BLUE, "added": GREEN, "redirected": VERMILION}
CHANGE_WORDS = {"first list": "on the first list", "added": "donor added later", "redirected": "donor sent elsewhere"}
PERIOD_COLOURS = {1: BLUE, 2: GREEN, 3: VERMILION}


@house_style
def pairing_timeline(spells: pd.DataFrame) -> Figure:
    """Draw each pairing as a bar through time, one line a donor, the recipient written in it.

    Parameters
    ----------
    spells
        Result of `study.history.spells`.
    """
    donors = list(dict.fromkeys(spells["donor"]))
    first, last = spells["start"].min(), spells["end"].max()
    moved = spells[spells["change"] == "redirected"]["donor"].nunique()
    title = f"{len(donors)} donors from {first} on: {moved} were sent elsewhere, the others never changed"
    figure, axes = canvas(DOUBLE, 3.4, title)
    for spell in rows(spells):
        line = donors.index(spell["donor"])
        axes.barh(
            line,
            spell["end"] - spell["start"],
            left=spell["start"],
            height=0.78,
            color=CHANGE_COLOURS[spell["change"]],
            edgecolor="white",
            linewidth=1,
        )
        area = f" ({spell['recipient_area'].split()[0]})" if isinstance(spell["recipient_area"], str) else ""
        room = spell["end"] - spell["start"] > 2
        axes.text(
            spell["start"] + 0.15 if room else spell["end"] + 0.1,
            line,
            f"{spell['recipient']}{area}",
            va="center",
            fontsize=6.5,
            color="white" if room else INK,
        )
    axes.set_yticks(range(len(donors)), donors)
    axes.invert_yaxis()
    axes.set_xlim(first, last + 2.6)
    axes.set_xticks([*sorted(set(spells["start"])), last])
    axes.tick_params(axis="y", length=0)
    axes.spines["left"].set_visible(False)
    for number, (change, colour) in enumerate(CHANGE_COLOURS.items()):
        axes.text(
            0.005 + 0.22 * number,
            1.01,
            f"\u25a0 {CHANGE_WORDS[change]}",
            transform=axes.transAxes,
            color=colour,
            fontsize=6.5,
            va="bottom",
        )
    return figure


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
    title = f"The third period begins in any year\nfrom {starts.min()} to {latest}, by where one reads"
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
    axes.set_yticks(range(len(schemes)), [_wrapped(scheme) for scheme in schemes])
    axes.invert_yaxis()
    axes.set_xlim(1976, edge)
    axes.set_xticks([1980, 1990, 2000, 2010])
    axes.tick_params(axis="y", length=0)
    axes.spines["left"].set_color(PALE)
    axes.set_xlabel("pale: the words leave the year open", color=GREY)
    return figure


def _wrapped(text: str, width: int = 16) -> str:
    return "\n".join(textwrap.wrap(text, width))
