"""What a citation needs, gathered: of a figure of the edition, of a figure's file, or of a recorded number."""

import re
from pathlib import Path
from typing import Any

import yaml

import ewppr_lib
from ewppr_lib import data, home
from ewppr_lib.errors import DataError, RequestError
from ewppr_lib.figures.cite import Cited, Work
from ewppr_lib.figures.files.reading import read_file
from ewppr_lib.figures.record import RecordDamaged, opened
from ewppr_lib.runs.listing import RESULT_TYPE, figure_named, recorded
from ewppr_lib.runs.parameters import settings_of

ABOUT = "CITATION.cff"
STUDY = "STUDY"


def figure(given: str) -> Cited:
    """Return what cites a figure.

    Parameters
    ----------
    given
        Name, number or fingerprint of a figure of the edition, or a figure's file.

    Raises
    ------
    RequestError
        If there is no such figure, or the file holds no readable record.
    """
    if Path(given).suffix.lower() in (".png", ".svg", ".pdf"):
        return _of_file(Path(given))
    known = figure_named(given)
    parameters = settings_of(known.notebook)().model_dump()
    return Cited(
        key=f"ewppr-{ewppr_lib.__version__}-{known.figure}-{known.fingerprint}",
        kind=f"Figure {known.number}",
        title=known.title,
        notebook=known.notebook,
        fingerprint=known.fingerprint,
        parameters=parameters,
        sources=[_work(source) for source in known.content["sources"]],
        name=known.figure,
        caption=known.content["caption"],
        alt=known.content["alt"],
        **_edition(),
    )


def number(given: str) -> Cited:
    """Return what cites a recorded number of the edition.

    Parameters
    ----------
    given
        The result's name; with its notebook's number before it (``02:name``) where several have it.

    Raises
    ------
    RequestError
        If there is no such result, or several.
    """
    notebook, _, name = given.rpartition(":")
    found = [result for result in recorded(RESULT_TYPE) if result["name"] == name]
    found = [result for result in found if result["notebook"].startswith(notebook)]
    if not found:
        raise RequestError(f"there is no recorded number '{given}'; ewppr run, and results.csv lists them.")
    if len(found) > 1:
        places = ", ".join(f"{result['notebook'][:2]}:{name}" for result in found)
        raise RequestError(f"several notebooks record '{name}'; name one of {places}.")
    result = found[0]
    spread = "" if result["low"] is None and result["high"] is None else f" [{result['low']}, {result['high']}]"
    words = name.replace("_", " ")
    return Cited(
        key=f"ewppr-{ewppr_lib.__version__}-{name}",
        kind=f"Recorded number '{name}'",
        title=f"{words[:1].upper()}{words[1:]}: {result['value']:.10g}{spread} {result['unit']}",
        notebook=result["notebook"],
        fingerprint="",
        parameters=settings_of(result["notebook"])().model_dump(),
        sources=[_work(STUDY)],
        **_edition(),
    )


def _of_file(path: Path) -> Cited:
    found = read_file(path)
    if found.record is None:
        raise RequestError(f"{path} carries no record of a figure; see: ewppr verify {path}.")
    try:
        record = opened(found.record).record
    except RecordDamaged as error:
        raise RequestError(f"the record in {path} is damaged: {error}.") from None
    about = _edition() | {"version": record.library.version}
    known = data.sources()
    works = [
        _work(source.id) if source.id in known else Work(_key(source.id), source.short, source.short, source.vintage)
        for source in record.sources
    ]
    return Cited(
        key=_key(record.citation),
        kind=f"Figure {record.number}",
        title=record.title,
        notebook=record.notebook.name,
        fingerprint=record.fingerprint,
        parameters=record.parameters,
        sources=works,
        name=record.figure,
        caption=record.caption,
        alt=record.alt,
        **about,
    )


def _edition() -> dict[str, Any]:
    """Return title, author, version and year of the edition, as CITATION.cff has them."""
    place = home.about(ABOUT)
    if place is None:
        raise DataError(f"no {ABOUT} found beside the edition in {home.root()}.")
    said = yaml.safe_load(place.read_text(encoding="utf-8"))
    author = " and ".join(person["name"] for person in said["authors"])
    year = str(said["date-released"])[:4]
    return {"edition": said["title"], "author": author, "version": ewppr_lib.__version__, "year": year}


def _work(name: str) -> Work:
    source = data.sources()[name]
    year = re.search(r"(?:19|20)\d\d", source.date)
    return Work(_key(name), source.producer, source.title, f"{source.edition}; {source.place}", year[0] if year else "")


def _key(text: str) -> str:
    """Return a text as a key that BibTeX takes."""
    return re.sub(r"[^A-Za-z0-9._:-]+", "-", text)
