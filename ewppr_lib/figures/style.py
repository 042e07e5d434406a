"""House style: journal widths, type sizes and colours that survive print and colour blindness."""

from collections.abc import Callable
from functools import wraps
from typing import ParamSpec

import matplotlib as mpl
from matplotlib.axes import Axes
from matplotlib.figure import Figure

SINGLE = 85 / 25.4  # inches: one journal column
DOUBLE = 174 / 25.4  # inches: two journal columns

# Okabe and Ito's colours: distinct under the three colour vision deficiencies.
BLUE, ORANGE, GREEN, VERMILION, PURPLE, SKY = "#0072B2", "#E69F00", "#009E73", "#D55E00", "#CC79A7", "#56B4E9"
INK, GREY, PALE = "#222222", "#767676", "#D4D4D4"

RC = {
    "axes.edgecolor": GREY,
    "axes.grid": False,
    "axes.labelcolor": INK,
    "axes.labelsize": 7,
    "axes.linewidth": 0.6,
    "axes.spines.right": False,
    "axes.spines.top": False,
    "figure.facecolor": "white",
    "font.family": "DejaVu Sans",
    "font.size": 7,
    "legend.frameon": False,
    "lines.linewidth": 1.4,
    "pdf.fonttype": 42,
    "savefig.facecolor": "white",
    "svg.fonttype": "path",
    "text.color": INK,
    "text.parse_math": False,
    "xtick.color": GREY,
    "xtick.labelcolor": INK,
    "xtick.labelsize": 7,
    "xtick.major.size": 2.5,
    "xtick.major.width": 0.6,
    "ytick.color": GREY,
    "ytick.labelcolor": INK,
    "ytick.labelsize": 7,
    "ytick.major.size": 2.5,
    "ytick.major.width": 0.6,
}

P = ParamSpec("P")


def house_style(chart: Callable[P, Figure]) -> Callable[P, Figure]:
    """Draw a chart in the house style, whatever the session's own settings are."""

    @wraps(chart)
    def styled(*args: P.args, **kwargs: P.kwargs) -> Figure:
        with mpl.rc_context():
            mpl.rcdefaults()
            mpl.rcParams.update(RC)
            return chart(*args, **kwargs)

    return styled


def canvas(width: float, height: float, title: str) -> tuple[Figure, Axes]:
    """Return a figure with one axes and the finding as its title.

    Parameters
    ----------
    width, height
        Inches.
    title
        The finding, in a sentence without a full stop.
    """
    figure = Figure(figsize=(width, height), layout="constrained")
    figure.suptitle(title, x=0.01, ha="left", fontsize=8, fontweight="bold")
    return figure, figure.subplots()


def bare_value_axis(axes: Axes) -> None:
    """Hide the horizontal axis of a chart whose values are written beside its marks."""
    axes.xaxis.set_visible(False)
    axes.spines["bottom"].set_visible(False)
