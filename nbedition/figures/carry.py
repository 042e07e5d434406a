"""A record for any matplotlib figure, of whatever notebook or script: its `savefig` then writes files that carry it."""

import re
from collections.abc import Mapping, Sequence
from hashlib import sha256
from io import BytesIO
from pathlib import Path
from typing import Any

import pandas as pd
from matplotlib.figure import Figure

import nbedition
from crossfoot.errors import RequestError
from nbedition.figures import embed_pdf as pdf
from nbedition.figures import embed_png as png
from nbedition.figures import embed_svg as svg
from nbedition.figures.figure_file import Unreadable
from nbedition.figures.record import (
    DataSet,
    FigureRecord,
    Library,
    Notebook,
    PictureOf,
    Plain,
    PlottedData,
    SourceOf,
    fingerprint,
    pack,
)
from nbedition.figures.save import canonical_csv, text_digest
from nbedition.figures.style import drawn_with

WITHOUT_DATE: dict[str, dict[str, None]] = {
    "png": {"Software": None},
    "svg": dict.fromkeys(("Date", "Creator", "Format", "Type")),
    "pdf": {"CreationDate": None, "Creator": None, "Producer": None},
}


def carry(
    figure: Figure,
    data: pd.DataFrame,
    *,
    name: str,
    caption: str,
    alt: str,
    notebook: str | Path = "",
    parameters: Mapping[str, Plain] | None = None,
    of: Sequence[Path | str] = (),
) -> FigureRecord:
    """Let what ``figure.savefig`` writes, PNG, SVG or PDF, carry a record of the figure.

    Parameters
    ----------
    figure
        A drawn figure of matplotlib.
    data
        What it plots, nothing more.
    name
        The figure's name.
    caption, alt
        What is drawn, and the finding in words for those who do not see the picture. The figure's own title is kept.
    notebook
        The notebook or script that draws it; its digest is kept where it is a file.
    parameters
        What the figure may depend on, by name.
    of
        What it was made from: files (`pathlib.Path`), of which digests are kept, and sources as a reader cites them.

    Returns
    -------
    FigureRecord
        The record, which says of no picture in particular: each file that is written is sealed with its own.

    Raises
    ------
    RequestError
        If a file cannot be read; when saving, if the form carries no record, or pixels are transparent.
    """
    csv, given = canonical_csv(data), dict(parameters or {})
    source = Path(notebook)
    digest, place = text_digest(csv), source.name or "none"
    made_of = [DataSet(name=file.stem, file=file.name, sha256=_digest(file)) for file in of if isinstance(file, Path)]
    code = _digest(source) if source.is_file() else sha256(place.encode()).hexdigest()
    mark = fingerprint(place, name, given, digest)
    record = FigureRecord(
        figure=name,
        number="1",
        fingerprint=mark,
        title=_title(figure) or caption,
        caption=caption,
        alt=alt,
        notebook=Notebook(name=place, sha256=code),
        parameters=given,
        data=PlottedData(sha256=digest, rows=len(data), packed=pack(csv)),
        datasets=made_of,
        sources=[SourceOf(id=one, short=one, vintage="") for one in of if isinstance(one, str)],
        library=Library(version=nbedition.__version__),
        drawn=drawn_with(figure),
        language="en",
        licence="",  # whose figure it is states one
        citation=f"{re.sub(r'[^A-Za-z0-9._-]', '-', name)}-{mark}",
    )
    vars(figure)["savefig"] = _saving(figure, record)
    return record


def _saving(figure: Figure, record: FigureRecord) -> Any:
    """Return a figure's `savefig` that writes files with a record."""

    def savefig(target: Any, **given: Any) -> None:
        named = isinstance(target, str | Path)
        form = str(given.pop("format", "") or (Path(target).suffix[1:] if named else "png")).lower()
        if form not in WITHOUT_DATE:
            raise RequestError(f"a {form or 'nameless'} file carries no record; save the figure as PNG, SVG or PDF.")
        plain = BytesIO()
        Figure.savefig(
            figure, plain, format=form, metadata=WITHOUT_DATE[form] | (given.pop("metadata", None) or {}), **given
        )
        try:
            content = sealed(plain.getvalue(), record, form)
        except Unreadable as error:
            raise RequestError(f"the figure cannot carry a record: {error}.") from None
        if named:
            Path(target).write_bytes(content)
        else:
            target.write(content)

    return savefig


def sealed(content: bytes, record: FigureRecord, form: str) -> bytes:
    """Return a file of matplotlib's with a record of its picture; Unreadable where its pixels are transparent."""
    if form == "png":
        found = png.read(content)
        if found.digest is None:
            raise Unreadable(found.problem or "its pixels cannot be read")
        dots = round(found.dpi[0]) if found.dpi else None
        return png.embed(content, record.sealed(PictureOf(form="png", dpi=dots, sha256=found.digest)))
    if form == "svg":
        drawing = svg.describe(content, record.title, record.alt)
        return svg.embed(drawing, record.sealed(PictureOf(form="svg", sha256=svg.digest(drawing))))
    return pdf.embed(content, record.sealed(PictureOf(form="pdf", sha256=pdf.digest(content))), record.title)


def _title(figure: Figure) -> str:
    """Return the title of a figure, or else of its first axes that has one, in one line."""
    titles = [figure.get_suptitle(), *(axes.get_title(loc=side) for axes in figure.axes for side in ("left", "center"))]
    return " ".join(next((title for title in titles if title), "").split())


def _digest(path: Path) -> str:
    try:
        return sha256(path.read_bytes()).hexdigest()
    except OSError as error:
        raise RequestError(f"{path} cannot be read: {error.strerror}.") from None
