"""The charts, one module a notebook: tidy data in, a figure with its finding as title out."""

from collections.abc import Iterable

from matplotlib.axes import Axes

from nbedition.figures.style import GREY


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


def note(axes: Axes, words: str, size: float = 6.5) -> None:
    """Write above the chart, small and at the left, in which unit it is drawn."""
    axes.set_title(words, loc="left", fontsize=size, color=GREY)
