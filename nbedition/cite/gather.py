"""What a citation needs, gathered: of a figure of the edition, of a figure's file, or of a recorded number."""

import re
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

import nbedition
from crossfoot.errors import RequestError
from crossfoot.text import did_you_mean
from nbedition import data
from nbedition import project as home
from nbedition.citation_file import Party, required
from nbedition.cite.styles import Cited, Work
from nbedition.figures.read_file import read_file
from nbedition.figures.record import FigureRecord, RecordDamaged, fingerprint, opened
from nbedition.notebooks.figure_record import content_parameters, shown
from nbedition.notebooks.outputs import RESULT_TYPE, figure_named, listed, recorded_in_study
from nbedition.notebooks.parameters import settings_of
from nbedition.project import program

STUDY = "STUDY"  # the source under all numbers, where the study declares one


def figure(given: str, vouch: Callable[[Path], None] | None = None) -> Cited:
    """Return what cites a figure, given by name, number or fingerprint, or a figure's file.

    Where a file's record is not that of a figure in the edition's notebooks, `vouch` looks at the file and refuses what
    does not hold; it is refused (RequestError) where nothing vouches for it.
    """
    if Path(given).suffix.lower() in (".png", ".svg", ".pdf"):
        return _of_file(Path(given), vouch)
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


def _of_edition(name: str, notebook: str, sources: Iterable[str], /, **more: Any) -> Cited:
    """Return what cites a figure or number as the edition has it, with its default parameters."""
    key = f"{home.project().name}-{nbedition.__version__}-{name}"
    parameters = content_parameters(settings_of(notebook)())
    works = [_work(source) for source in sources]
    return Cited(key=key, notebook=notebook, parameters=parameters, sources=works, **more, **_edition())


def _is_listed(record: FigureRecord) -> bool:
    """Return whether a record says what the edition's notebook says of the figure, of the same data and parameters."""
    said = shown(record)
    mark = fingerprint(record.notebook.name, record.figure, record.parameters, record.data.sha256)
    key = f"{home.project().name}-{nbedition.__version__}-{record.figure}-{mark}"
    known = any(said == {name: one.content.get(name) for name in said} for one in listed())
    return known and (mark, key) == (record.fingerprint, record.citation)


def _of_file(path: Path, vouch: Callable[[Path], None] | None) -> Cited:
    found = read_file(path)
    if found.record is None:
        raise RequestError(f"{path} carries no record of a figure; see: {program()} verify {path}.")
    try:
        record = opened(found.record).record
    except RecordDamaged as error:
        raise RequestError(f"the record in {path} is damaged: {error}.") from None
    if not _is_listed(record):
        if vouch is None:
            raise RequestError(f"the record in {path} is not that of a figure of this edition.")
        vouch(path)
    known = data.sources()
    works = [
        _work(source.id)
        if source.id in known
        else Work(_key(source.id), (Party(entity=source.short),), source.short, source.vintage)
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
        **_edition(),
    )


def _edition() -> dict[str, Any]:
    """Return title, authors, version, day and address of the study, as it states them."""
    said = required()
    return {
        "edition": said.title,
        "authors": said.authors,
        "version": said.version,
        "released": said.released or said.year,
        "url": said.url or (f"https://doi.org/{said.doi}" if said.doi else ""),
    }


def _work(name: str) -> Work:
    source = data.sources()[name]
    year = re.search(r"(?:19|20)\d\d", source.date)
    authors = tuple(Party(**one.model_dump()) for one in source.authors) or (Party(entity=source.producer),)
    publisher = source.producer if source.authors else ""
    detail = f"{source.edition}; {source.place}"
    return Work(_key(name), authors, source.title, detail, year[0] if year else "", publisher)


def _key(text: str) -> str:
    """Return a text as a key that BibTeX takes; other texts have other keys.

    Examples
    --------
    >>> _key("STUDY_T1"), _key("\u5e74 1")
    ('STUDY_T1', '+5e74++20+1')
    """
    return re.sub(r"[^A-Za-z0-9._:-]", lambda found: f"+{ord(found[0]):x}+", text)
