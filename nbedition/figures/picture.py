"""A figure as the bytes of a file: laid out once, drawn once a file, without dates, versions or random ids.

What is needed around the axes is measured once, where matplotlib would measure each text four times.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from io import BytesIO
from typing import Any

import matplotlib as mpl
import numpy as np
import numpy.typing as npt
from matplotlib.axes import Axes
from matplotlib.backend_bases import RendererBase
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from matplotlib.transforms import Bbox
from PIL import Image

from nbedition.figures.embed_png import encode
from nbedition.figures.style import house

SCREEN_DPI, PRINT_DPI = 160, 300
PAD = 3.0  # points around everything
GAP = 5.0  # points between title, axes and source line, and between axes
CLOSE = 0.08  # how far a frame may be from its guessed size, so that what was measured in the guess holds
CHARACTER = 0.55  # mean width of a character over its size

Margins = npt.NDArray[np.float64]  # one row an axes: left of, below, right of and above its frame, dots
HELD = ("_fontNames", "fontNames")  # where matplotlib keeps a document's fonts, from 3.11 on and before


class Picture:
    """A figure in the house style, its source line in place: laid out here, and finished but for drawing."""

    def __init__(self, figure: Figure) -> None:
        self._figure = figure
        self._images: dict[int, Image.Image] = {}
        with house():
            figure.set_dpi(SCREEN_DPI)
            lay_out(figure, FigureCanvasAgg(figure).get_renderer())

    def image(self, dpi: int = SCREEN_DPI) -> Image.Image:
        """Return the picture as pixels at so many dots an inch."""
        if dpi not in self._images:
            with house():
                self._figure.set_dpi(dpi)
                canvas = FigureCanvasAgg(self._figure)
                canvas.draw()
            size = canvas.get_width_height()
            drawn = Image.frombuffer("RGBA", size, canvas.buffer_rgba(), "raw", "RGBA", 0, 1)
            self._images[dpi] = drawn.convert("RGB")
        return self._images[dpi]

    def png(self, dpi: int = SCREEN_DPI) -> bytes:
        """Return the picture as PNG at so many dots an inch."""
        return encode(self.image(dpi), dpi)

    def svg(self, salt: str = "ewppr") -> bytes:
        """Return the picture as SVG; the ids inside are derived from the salt."""
        return self._vector("svg", dict.fromkeys(("Date", "Creator", "Format", "Type")), salt)

    def pdf(self) -> bytes:
        """Return the picture as PDF."""
        return self._vector("pdf", {"CreationDate": None}, "")

    def _vector(self, kind: str, metadata: dict[str, str | None], salt: str) -> bytes:
        target = BytesIO()
        with house(), _fonts_in_order_of_use():
            mpl.rcParams["svg.hashsalt"] = salt
            self._figure.savefig(target, format=kind, metadata=metadata)
        return target.getvalue()


def lay_out(figure: Figure, renderer: RendererBase) -> None:
    """Place title, source line and axes so that nothing is cut off; sizes in points hold at every resolution.

    The axes stand in one grid, each in a cell of its own; texts of the figure aligned at their top stand above
    them, those aligned at their bottom below. The renderer measures texts at the figure's own dots an inch.
    """
    free = _free_space(figure, renderer)
    guess = _place(figure, free, np.array([_guess(axes) for axes in figure.axes]))
    placed = _place(figure, free, np.array([_margins(axes, renderer) for axes in figure.axes]))
    if max(abs(size / guessed - 1) for size, guessed in zip(placed, guess, strict=True)) > CLOSE:
        _place(figure, free, np.array([_margins(axes, renderer) for axes in figure.axes]))  # other ticks, other titles


def _guess(axes: Axes) -> tuple[float, float, float, float]:
    """Return about what the tick labels and titles of an axes need, without measuring any."""
    point = axes.figure.dpi / 72
    axis = axes.yaxis
    labelled = axis.get_visible() and axis.get_tick_params()["labelleft"]
    labels = axis.get_major_formatter().format_ticks(list(axis.get_majorticklocs())) if labelled else []
    longest = max((len(line) for label in labels for line in label.split("\n")), default=0)
    left = (longest * CHARACTER * 7 + 6 * bool(labels) + 11 * bool(axes.get_ylabel())) * point
    lines = 1.2 * axes.xaxis.get_visible() + 1.3 * _lines(axes.get_xlabel())
    above = 1.2 * _lines(axes.get_title(loc="left"))
    return left, lines * 8 * point, 0.0, above * 7 * point


def _lines(text: str) -> int:
    return text.count("\n") + 1 if text else 0


def _free_space(figure: Figure, renderer: RendererBase) -> Bbox:
    """Put the figure's own texts at its edges and return what they leave, in dots."""
    dot, height = figure.dpi / 72, figure.bbox.height
    above = below = 0.0
    for text in figure.texts:
        size = text.get_window_extent(renderer).height + (GAP - PAD) * dot
        if text.get_verticalalignment() == "top":
            text.set_y(1 - PAD * dot / height)
            above = max(above, size)
        else:
            text.set_y(PAD * dot / height)
            below = max(below, size)
    left, right = PAD * dot, figure.bbox.width - PAD * dot
    return Bbox.from_extents(left, below + 2 * PAD * dot, right, height - above - 2 * PAD * dot)


def _cell(axes: Axes) -> tuple[int, int]:
    place = axes.get_subplotspec()
    return (place.rowspan.start, place.colspan.start) if place else (0, 0)


def _margins(axes: Axes, renderer: RendererBase) -> tuple[float, float, float, float]:
    """Return what an axes needs left of, below, right of and above its frame, in dots."""
    needed, frame = axes.get_tightbbox(renderer), axes.bbox  # in this order: the first fits the frame to its aspect
    if needed is None:
        return (0.0, 0.0, 0.0, 0.0)
    around = (frame.x0 - needed.x0, frame.y0 - needed.y0, needed.x1 - frame.x1, needed.y1 - frame.y1)
    left, bottom, right, top = (max(float(side), 0.0) for side in around)
    return left, bottom, right, top


def _place(figure: Figure, free: Bbox, margins: Margins) -> tuple[float, float]:
    """Give all frames of the grid one size, and each row and column the margins that its axes need; return the size."""
    rows, columns = np.array([_cell(axes) for axes in figure.axes]).T
    left, right = (_largest(margins[:, side], columns) for side in (0, 2))
    bottom, top = (_largest(margins[:, side], rows) for side in (1, 3))
    gap = GAP * figure.dpi / 72
    width = (free.width - left.sum() - right.sum() - gap * (len(left) - 1)) / len(left)
    height = (free.height - bottom.sum() - top.sum() - gap * (len(top) - 1)) / len(top)
    whole = figure.bbox
    for axes, row, column in zip(figure.axes, rows, columns, strict=True):
        x = free.x0 + left[: column + 1].sum() + right[:column].sum() + column * (width + gap)
        y = free.y1 - top[: row + 1].sum() - bottom[:row].sum() - row * (height + gap) - height
        axes.set_position((x / whole.width, y / whole.height, width / whole.width, height / whole.height))
    return float(width), float(height)


def _largest(values: Margins, groups: npt.NDArray[np.int64]) -> Margins:
    """Return the largest value of each group."""
    return np.array([values[groups == group].max() for group in range(groups.max() + 1)])


class _Font(tuple[Any, Any]):
    """A font's file with its name in the document: before no other, so that sorting leaves the order as it is."""

    __slots__ = ()

    def __lt__(self, _: tuple[Any, ...]) -> bool:
        return False


class _Fonts(dict[Any, Any]):
    """A document's fonts by file, in the order of their use."""

    def items(self) -> Any:
        """Return each file with its name."""
        return [_Font(item) for item in super().items()]


@contextmanager
def _fonts_in_order_of_use() -> Iterator[None]:
    """Let matplotlib write a PDF's fonts in the order of their use; by itself it sorts them by their folders."""
    from matplotlib.backends import backend_pdf

    writer: Any = backend_pdf.PdfFile
    plain: Any = writer.writeFonts

    def ordered(file: Any) -> None:
        name = next(name for name in HELD if name in vars(file))
        setattr(file, name, _Fonts(getattr(file, name)))
        plain(file)

    writer.writeFonts = ordered
    try:
        yield
    finally:
        writer.writeFonts = plain
