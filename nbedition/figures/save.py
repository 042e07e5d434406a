"""What a figure leaves behind: a digest of its plotted data, and files that depend on content alone."""

from hashlib import sha256
from pathlib import Path

import pandas as pd
from matplotlib.figure import Figure

from nbedition.figures import embed_pdf as pdf
from nbedition.figures import embed_png as png
from nbedition.figures import embed_svg as svg
from nbedition.figures.picture import PRINT_DPI, SCREEN_DPI, Picture
from nbedition.figures.record import FigureRecord, PictureOf
from nbedition.figures.style import GREY, families
from nbedition.language import translate, wrapped

SMALL = 5.5  # points: source line and fingerprint
CHARACTERS_PER_INCH = 23  # of the source line
CLEAR = 6  # characters between the two
DIGITS = 10  # significant digits kept: below them, processors differ


def canonical_csv(frame: pd.DataFrame) -> str:
    """Return a frame as CSV text that is the same on every machine: ten significant digits.

    Examples
    --------
    >>> print(canonical_csv(pd.DataFrame({"x": [0.1 + 0.2]}, index=pd.Index([2003], name="year"))).split())
    ['year,x', '2003,0.3']
    """
    named = frame.index.name is not None or frame.index.nlevels > 1
    return frame.to_csv(index=named, float_format=f"%.{DIGITS}g", lineterminator="\n")


def text_digest(csv: str) -> str:
    """Return the SHA-256 of plotted data as CSV text, in hexadecimal."""
    return sha256(csv.encode()).hexdigest()


def add_source_line(figure: Figure, sources: str, mark: str = "") -> None:
    """Write the sources of the data under the figure, and at the right end the mark: its number and fingerprint."""
    characters = int(figure.get_figwidth() * CHARACTERS_PER_INCH) - len(mark) - CLEAR * bool(mark)
    text = wrapped(translate("Source: {sources}", sources=sources), characters)
    figure.supxlabel(text, x=0.01, ha="left", fontsize=SMALL, color=GREY, family=families())
    if mark:
        figure.text(0.99, 0.01, mark, ha="right", va="bottom", fontsize=SMALL, color=GREY)


def file_of(picture: Picture, record: FigureRecord, form: str, dpi: int = SCREEN_DPI) -> bytes:
    """Return a picture as the bytes of a ``"png"``, ``"svg"`` or ``"pdf"`` file that carries its record."""
    if form == "png":
        image = picture.image(dpi)
        sealed = record.sealed(PictureOf(form="png", dpi=dpi, sha256=png.digest(image)))
        return png.embed(png.encode(image, dpi), sealed)
    if form == "svg":
        drawing = svg.describe(picture.svg(record.figure), record.title, record.alt)
        return svg.embed(drawing, record.sealed(PictureOf(form="svg", sha256=svg.digest(drawing))))
    document = picture.pdf()
    sealed = record.sealed(PictureOf(form="pdf", sha256=pdf.digest(document, record.title)))
    return pdf.embed(document, sealed, record.title)


def save(picture: Picture | None, record: FigureRecord, csv: str, folder: Path) -> None:
    """Write a picture as PNG for print and screen, SVG and PDF, where one is drawn, and its plotted data as CSV."""
    folder.mkdir(parents=True, exist_ok=True)
    if picture is not None:
        for ending, dpi in ((".png", PRINT_DPI), ("-screen.png", SCREEN_DPI), (".svg", 0), (".pdf", 0)):
            content = file_of(picture, record, ending[-3:], dpi)
            (folder / f"{record.figure}{ending}").write_bytes(content)
    (folder / f"{record.figure}.csv").write_text(csv, encoding="utf-8")
