"""What a figure leaves behind: a digest of its plotted data, and files that depend on content alone."""

import hashlib
from dataclasses import asdict, dataclass
from pathlib import Path

import pandas as pd
from matplotlib.figure import Figure

from ewppr_lib.figures.picture import PRINT_DPI, Picture
from ewppr_lib.figures.style import GREY, families
from ewppr_lib.figures.words import say, wrapped

CHARACTERS_PER_INCH = 23  # of the source line
DIGITS = 10  # significant digits kept: below them, processors differ


@dataclass(frozen=True)
class FigureRecord:
    """What a figure shows and where it comes from; see `record_of`."""

    figure: str
    notebook: str
    title: str
    caption: str
    alt: str
    sources: tuple[str, ...]
    data_sha256: str
    data_rows: int

    def as_dict(self) -> dict[str, object]:
        """Return the record as plain values, for JSON."""
        return asdict(self) | {"sources": list(self.sources)}


def canonical_csv(frame: pd.DataFrame) -> str:
    """Return a frame as CSV text that is the same on every machine: ten significant digits.

    Examples
    --------
    >>> print(canonical_csv(pd.DataFrame({"x": [0.1 + 0.2]}, index=pd.Index([2003], name="year"))).split())
    ['year,x', '2003,0.3']
    """
    named = frame.index.name is not None or frame.index.nlevels > 1
    return frame.to_csv(index=named, float_format=f"%.{DIGITS}g", lineterminator="\n")


def data_digest(frame: pd.DataFrame) -> str:
    """Return the SHA-256 of a figure's plotted data, in hexadecimal."""
    return hashlib.sha256(canonical_csv(frame).encode()).hexdigest()


def add_source_line(figure: Figure, sources: str) -> None:
    """Write the sources of the data drawn under the figure, once."""
    characters = int(figure.get_figwidth() * CHARACTERS_PER_INCH)
    text = wrapped(say("Source: {sources}", sources=sources), characters)
    figure.supxlabel(text, x=0.01, ha="left", fontsize=5.5, color=GREY, family=families())


def save(picture: Picture | None, record: FigureRecord, data: pd.DataFrame, folder: Path) -> None:
    """Write a picture as PNG, SVG and PDF, where one is drawn, and its plotted data as CSV into a folder."""
    folder.mkdir(parents=True, exist_ok=True)
    if picture is not None:
        files = {"png": picture.png(PRINT_DPI), "svg": picture.svg(record.figure), "pdf": picture.pdf()}
        for kind, content in files.items():
            (folder / f"{record.figure}.{kind}").write_bytes(content)
    (folder / f"{record.figure}.csv").write_text(canonical_csv(data), encoding="utf-8")
