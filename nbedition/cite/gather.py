"""What a citation needs, gathered: of a figure of the edition, of a figure's file, or of a recorded number."""

import re
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import yaml

import nbedition
from crossfoot.errors import DataError, RequestError
from crossfoot.text import did_you_mean
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
STUDY = "STUDY"  # the source under all numbers, where the study declares one


def figure(given: str) -> Cited:
    """Return what cites a figure, given by name, number or fingerprint, or a figure's file."""
    if Path(given).suffix.lower() in (".png", ".svg", ".pdf"):
        return _of_file(Path(given))
    known = figure_named(given)
    return _of_edition(
        f"{known.figure}-{known.fingerprint}",
        known.notebook,
        known.content["sources"],
        kind=f"Figure {known.number}",
        title=known.title,
        fingerprint=known.fingerprint,
        name=known.figure,
        caption=known.content["caption"],
        alt=known.content["alt"],
    )


def number(given: str) -> Cited:
    """Return what cites a recorded number, given by name; as ``02:name`` where several notebooks have it."""
    notebook, _, name = given.rpartition(":")
    known = [result for result in recorded_in_study(RESULT_TYPE) if result["notebook"].startswith(notebook)]
    found = [result for result in known if result["name"] == name]
    if not found:
        hint = did_you_mean(name, [result["name"] for result in known], f"results.csv of {program()} run lists them.")
        raise RequestError(f"there is no recorded number '{given}'; {hint}")
    if len(found) > 1:
        places = ", ".join(f"{result['notebook'][:2]}:{name}" for result in found)
        raise RequestError(f"several notebooks record '{name}'; name one of {places}.")
    result = found[0]
    spread = "" if result["low"] is None and result["high"] is None else f" [{result['low']}, {result['high']}]"
    words = name.replace("_", " ")
    return _of_edition(
        name,
        result["notebook"],
        [STUDY] if STUDY in data.sources() else [],
        kind=f"Recorded number '{name}'",
        title=f"{words[:1].upper()}{words[1:]}: {result['value']:.10g}{spread} {result['unit']}",
    )


def _of_edition(name: str, notebook: str, sources: Iterable[str], /, **more: str) -> Cited:
    """Return what cites a figure or number as the edition has it, with its default parameters."""
    key = f"{home.project().name}-{nbedition.__version__}-{name}"
    parameters = content_parameters(settings_of(notebook)())
    works = [_work(source) for source in sources]
    return Cited(key=key, notebook=notebook, parameters=parameters, sources=works, **more, **_edition())


def _of_file(path: Path) -> Cited:
    found = read_file(path)
    if found.record is None:
        raise RequestError(f"{path} carries no record of a figure; see: {program()} verify {path}.")
    try:
        record = opened(found.record).record
    except RecordDamaged as error:
        raise RequestError(f"the record in {path} is damaged: {error}.") from None
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
        **_edition() | {"version": record.library.version},
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
