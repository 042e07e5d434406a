"""What a citation needs, gathered: of a figure of the edition, of a figure's file, or of a recorded number."""

import re
from difflib import get_close_matches
from pathlib import Path
from typing import Any

import yaml

import nbedition
from crossfoot.errors import DataError, RequestError
from nbedition import data
from nbedition import project as home
from nbedition.cite.styles import Cited, Work
from nbedition.figures.read_file import read_file
from nbedition.figures.record import RecordDamaged, opened
from nbedition.notebooks.figure_record import content_parameters
from nbedition.notebooks.outputs import RESULT_TYPE, figure_named, recorded_in_study
from nbedition.notebooks.parameters import settings_of
from nbedition.project import program

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
    return Cited(
        key=f"{home.project().name}-{nbedition.__version__}-{known.figure}-{known.fingerprint}",
        kind=f"Figure {known.number}",
        title=known.title,
        notebook=known.notebook,
        fingerprint=known.fingerprint,
        parameters=content_parameters(settings_of(known.notebook)()),
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
    known = [result for result in recorded_in_study(RESULT_TYPE) if result["notebook"].startswith(notebook)]
    found = [result for result in known if result["name"] == name]
    if not found:
        near = get_close_matches(name, [result["name"] for result in known], n=1)
        hint = f"did you mean '{near[0]}'?" if near else f"results.csv of {program()} run lists them."
        raise RequestError(f"there is no recorded number '{given}'; {hint}")
    if len(found) > 1:
        places = ", ".join(f"{result['notebook'][:2]}:{name}" for result in found)
        raise RequestError(f"several notebooks record '{name}'; name one of {places}.")
    result = found[0]
    spread = "" if result["low"] is None and result["high"] is None else f" [{result['low']}, {result['high']}]"
    words = name.replace("_", " ")
    return Cited(
        key=f"{home.project().name}-{nbedition.__version__}-{name}",
        kind=f"Recorded number '{name}'",
        title=f"{words[:1].upper()}{words[1:]}: {result['value']:.10g}{spread} {result['unit']}",
        notebook=result["notebook"],
        fingerprint="",
        parameters=content_parameters(settings_of(result["notebook"])()),
        sources=[_work(STUDY)],
        **_edition(),
    )


def _of_file(path: Path) -> Cited:
    found = read_file(path)
    if found.record is None:
        raise RequestError(f"{path} carries no record of a figure; see: {program()} verify {path}.")
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
    return {"edition": said["title"], "author": author, "version": nbedition.__version__, "year": year}


def _work(name: str) -> Work:
    source = data.sources()[name]
    year = re.search(r"(?:19|20)\d\d", source.date)
    return Work(_key(name), source.producer, source.title, f"{source.edition}; {source.place}", year[0] if year else "")


def _key(text: str) -> str:
    """Return a text as a key that BibTeX takes."""
    return re.sub(r"[^A-Za-z0-9._:-]+", "-", text)
