"""House style: journal widths, type sizes and colours that survive print and colour blindness."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import lru_cache, wraps
from hashlib import sha256
from pathlib import Path
from typing import Any, ParamSpec

import matplotlib as mpl
import numpy as np
import PIL
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.font_manager import FontProperties, findfont
from matplotlib.ft2font import __freetype_version__ as FREETYPE  # noqa: N812
from matplotlib.patheffects import withStroke
from matplotlib.text import Text

from nbedition.figures.font import chinese_font
from nbedition.figures.record import Drawn
from nbedition.language import language, using_language

SINGLE = 85 / 25.4  # inches: one journal column
DOUBLE = 174 / 25.4  # inches: two journal columns

# Okabe and Ito's colours: distinct under the three colour vision deficiencies.
BLUE, ORANGE, GREEN, VERMILION, PURPLE, SKY = "#0072B2", "#E69F00", "#009E73", "#D55E00", "#CC79A7", "#56B4E9"
INK, GREY, PALE = "#222222", "#767676", "#D4D4D4"

_AXIS = {"color": GREY, "labelcolor": INK, "labelsize": 7, "major.size": 2.5, "major.width": 0.6}
RC: Any = {
    "axes.edgecolor": GREY,
    "axes.grid": False,
    "axes.labelcolor": INK,
    "axes.labelsize": 7,
    "axes.linewidth": 0.6,
    "axes.spines.right": False,
    "axes.spines.top": False,
    "figure.facecolor": "white",
    "figure.titlesize": 8,
    "figure.titleweight": "bold",
    "font.family": "DejaVu Sans",
    "font.size": 7,
    "legend.frameon": False,
    "lines.linewidth": 1.4,
    "lines.solid_capstyle": "butt",  # a line ends where its values do
    "pdf.fonttype": 42,
    "savefig.facecolor": "white",
    "svg.fonttype": "path",
    "text.color": INK,
    "text.hinting": "none",  # widths in points do not depend on the resolution
    "text.parse_math": False,
    **{f"{axis}tick.{part}": value for axis in "xy" for part, value in _AXIS.items()},
}

# Most Chinese fonts lack a bold face: a stroke makes titles bold. Outlines in PDF hold for every kind of font file.
IN_CHINESE: Any = {"figure.titleweight": "normal", "pdf.fonttype": 3}

P = ParamSpec("P")


def families() -> list[str]:
    """Return the font families to draw with: the house's own, and one that holds the characters of the language."""
    return [RC["font.family"], *([chinese_font()] if language() == "zh" else [])]


def drawn_with(figure: Figure | None = None) -> Drawn:
    """Return the versions and fonts that draw here: figures in the house style, or a figure in a style of its own."""
    used = {name for text in figure.findobj(Text) for name in text.get_fontfamily()} if figure else set()
    fonts = {family: _font_digest(findfont(FontProperties(family=[family]))) for family in sorted(used) or families()}
    return Drawn(
        matplotlib=mpl.__version__, freetype=FREETYPE, pillow=PIL.__version__, numpy=np.__version__, fonts=fonts
    )


@lru_cache(maxsize=8)
def _font_digest(path: str) -> str:
    return sha256(Path(path).read_bytes()).hexdigest()


@contextmanager
def house() -> Iterator[None]:
    """Draw in the house style, whatever the session's own settings are, with a font for the language of the run."""
    with mpl.rc_context():
        mpl.rcdefaults()
        mpl.rcParams.update(RC)
        if language() == "zh":
            mpl.rcParams.update(IN_CHINESE | {"font.family": families()})
        yield


@dataclass(frozen=True)
class Drawing:
    """A chart and what it is to be drawn from; nothing is drawn before `draw` is called."""

    chart: Callable[..., Figure]
    args: tuple[Any, ...]
    kwargs: dict[str, Any]

    def draw(self, lang: str | None = None) -> Figure:
        """Return the chart as a figure in the house style, its words in a language or in that of the run."""
        with using_language(lang or language()), house():
            return self.chart(*self.args, **self.kwargs)


def house_style(chart: Callable[P, Figure]) -> Callable[P, Drawing]:
    """Make a chart function give a `Drawing` in the house style."""

    @wraps(chart)
    def styled(*args: P.args, **kwargs: P.kwargs) -> Drawing:
        return Drawing(chart, args, kwargs)

    return styled


def canvas(width: float, height: float, title: str) -> tuple[Figure, Axes]:
    """Return a figure of a width and height in inches, with one axes and the finding as its title, no full stop."""
    figure = Figure(figsize=(width, height))
    said = figure.suptitle(title, x=0.01, ha="left")
    if language() == "zh":
        said.set_path_effects([withStroke(linewidth=0.5, foreground=INK)])
    return figure, figure.subplots()
