"""A figure as the bytes of a file: laid out once, drawn once a file, without dates, versions or random ids."""

from io import BytesIO

import matplotlib as mpl
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from PIL import Image

from nbedition.figures.embed_png import encode
from nbedition.figures.layout import lay_out
from nbedition.figures.pdf_fonts import in_order_of_use
from nbedition.figures.style import house

SCREEN_DPI, PRINT_DPI = 160, 300


class Picture:
    """A figure that is finished but for drawing.

    Parameters
    ----------
    figure
        Drawn in the house style, its source line in place; it is laid out here.
    """

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
        with house(), in_order_of_use():
            mpl.rcParams["svg.hashsalt"] = salt
            self._figure.savefig(target, format=kind, metadata=metadata)
        return target.getvalue()


def rendered(figure: Figure, kind: str, dpi: int = SCREEN_DPI, salt: str = "ewppr") -> bytes:
    """Return the figure as the bytes of one file.

    Parameters
    ----------
    figure
        The figure; it is laid out and drawn in the house style.
    kind
        ``"png"``, ``"svg"`` or ``"pdf"``.
    dpi
        Dots an inch, for PNG.
    salt
        What the ids inside an SVG are derived from.
    """
    picture = Picture(figure)
    return {"png": lambda: picture.png(dpi), "svg": lambda: picture.svg(salt), "pdf": picture.pdf}[kind]()
