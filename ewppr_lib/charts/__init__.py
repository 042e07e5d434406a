"""The charts, one module a notebook: tidy data in, a figure with its finding as title out."""

from collections.abc import Iterable
from typing import Any, Literal

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.patheffects import withStroke
from matplotlib.transforms import ScaledTranslation

from nbedition.figures.style import GREY, INK
from nbedition.language import columns

HALO = [withStroke(linewidth=1.5, foreground="white")]  # of a label that may cross a line


def rows(frame: pd.DataFrame) -> list[dict[str, Any]]:
    """Return a frame's rows as plain dictionaries, its index among the columns."""
    return [{str(name): value for name, value in row.items()} for row in frame.reset_index().to_dict("records")]


def label_rows(axes: Axes, labels: Iterable[str], size: float | None = None) -> None:
    """Write a label at each row 0, 1, ..., without ticks and without a line at the left."""
    names = list(labels)
    axes.set_yticks(range(len(names)), names)
    axes.tick_params(axis="y", length=0, **({} if size is None else {"labelsize": size}))
    axes.spines["left"].set_visible(False)


def hide_value_axis(axes: Axes) -> None:
    """Leave out the axis at the left, and the ticks below: the values stand beside what is drawn."""
    axes.tick_params(axis="x", length=0)
    axes.yaxis.set_visible(False)
    axes.spines["left"].set_visible(False)


def bare_value_axis(axes: Axes) -> None:
    """Hide the horizontal axis of a chart whose values are written beside its marks."""
    axes.xaxis.set_visible(False)
    axes.spines["bottom"].set_visible(False)


def write_at(axes: Axes, place: tuple[Any, float], words: str, shift: tuple[float, float], **how: Any) -> None:
    """Write words so many points right of and above a place; 6.5 points large where nothing else is said."""
    axes.annotate(words, place, xytext=shift, textcoords="offset points", **{"fontsize": 6.5, **how})


def key(
    axes: Axes, entries: Iterable[tuple[str, str]], place: tuple[float, float], *, across: bool = False, mark: str = "s"
) -> None:
    """Say what colours mean: marks in the very colour of those drawn, words beside, down or across from a place.

    `entries`: colour and words; `place`: parts of the width and height of the axes.
    """
    right = down = 0.0
    for colour, words in entries:
        spot = axes.transAxes + ScaledTranslation(right / 72, -down / 72, axes.figure.dpi_scale_trans)
        axes.plot(*place, mark, color=colour, markersize=4.5, markeredgewidth=0, transform=spot, clip_on=False)
        write_at(axes, place, words, (right + 5, -down), xycoords="axes fraction", va="center", color=INK)
        right, down = (right + 3.8 * columns(words) + 14, down) if across else (right, down + 9.5)


def note(axes: Axes, words: str, size: float = 6.5, side: Literal["left", "right"] = "left") -> None:
    """Write above the chart, small, in which unit it is drawn; from the right where labels leave it little width."""
    axes.set_title(words, loc=side, fontsize=size, color=GREY)
