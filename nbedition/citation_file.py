"""What a study says of itself: its ``CITATION.cff``, read here alone, for citations, archive, README and site.

What the file does not state stays empty, and is left out of all that is written from it.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

from crossfoot.errors import DataError
from crossfoot.text import as_written, plain_yaml, read_text
from nbedition.project import about as file_about
from nbedition.project import root

FILE = "CITATION.cff"
NOTHING = (None, "", "null", "~")  # what stands where a field is named and left empty


@dataclass(frozen=True)
class Party:
    """A person (`family`, `given`) or an entity (`entity`), such as an office; either may be known by `alias` alone."""

    family: str = ""
    given: str = ""
    particle: str = ""
    suffix: str = ""
    entity: str = ""
    alias: str = ""
    orcid: str = ""
    affiliation: str = ""

    @property
    def name(self) -> str:
        """The name as it is spoken.

        Examples
        --------
        >>> Party("Beethoven", "Ludwig", "van").name, Party(entity="Office of Things").name
        ('Ludwig van Beethoven', 'Office of Things')
        """
        if self.family_first:
            return self.family + self.given
        return (
            " ".join(filter(None, (self.given, self.particle, self.family, self.suffix))) or self.entity or self.alias
        )

    @property
    def family_first(self) -> bool:
        """Whether the name is written in Chinese, Japanese or Korean: family name first, without a space."""
        return self.family[:1] >= "\u2e80"

    @property
    def is_person(self) -> bool:
        """Whether a person is named, by family or given name."""
        return bool(self.family or self.given)


@dataclass(frozen=True)
class Citable:
    """A work as ``CITATION.cff`` describes one: the study itself, or what it refers to; what is not stated is empty.

    `released`: a date as ``2026-11-23``; `year` may be stated without one. `licences`: SPDX names, of which any may be
    chosen.
    """

    title: str = ""
    authors: tuple[Party, ...] = ()
    version: str = ""
    released: str = ""
    year: str = ""
    abstract: str = ""
    licences: tuple[str, ...] = ()
    keywords: tuple[str, ...] = ()
    url: str = ""
    doi: str = ""
    publisher: str = ""
    notes: str = ""
    preferred: "Citable | None" = None
    references: tuple["Citable", ...] = ()


def citation_file() -> Citable | None:
    """Return what the study at work says of itself; None where it has no such file.

    Raises DataError if the file is no such mapping, or a part of it is of another kind than the format has it.
    """
    path = file_about(FILE)
    return _read(path, read_text(path)) if path else None


def required() -> Citable:
    """Return the same; raises DataError where there is no file, or none that names a title."""
    found = citation_file()
    if found is None:
        raise DataError(f"no {FILE} found beside the study in {root()}; a citation is made of it.")
    if not found.title:
        raise DataError(f"{root() / FILE} states no title; a citation needs one.")
    return found


def party(said: object, place: str) -> Party:
    """Return an author as the format writes one: a mapping with the names of a person, or of an entity."""
    if not isinstance(said, Mapping):
        raise DataError(f"{place}: an author is given by family-names and given-names, or by name, got {said!r:.40}.")
    names = ("family-names", "given-names", "name-particle", "name-suffix", "name", "alias", "orcid", "affiliation")
    found = Party(*(_text(said.get(name)) for name in names))
    if not found.name:
        raise DataError(f"{place}: an author without a name; family-names, name or alias is expected.")
    return found


@lru_cache(maxsize=4)  # by content: read again when it changes
def _read(path: Path, text: str) -> Citable:
    said = plain_yaml(path, text, as_written())
    if not isinstance(said, Mapping):
        raise DataError(f"{path}: fields such as title and authors are expected, got {type(said).__name__}.")
    return _citable(said, str(path))


def _citable(said: Mapping[str, Any], place: str) -> Citable:
    released, year = _text(said.get("date-released") or said.get("date-published")), _text(said.get("year"))
    preferred = said.get("preferred-citation")
    publisher = said.get("publisher") or said.get("institution") or {}
    doi = _text(said.get("doi")) or next(
        (
            _text(one.get("value"))
            for one in _listed(said, "identifiers", place)
            if isinstance(one, Mapping) and one.get("type") == "doi"
        ),
        "",
    )
    return Citable(
        title=_text(said.get("title")),
        authors=tuple(party(one, place) for one in _listed(said, "authors", place)),
        version=_text(said.get("version")),
        released=released,
        year=year or released[:4],
        abstract=_text(said.get("abstract")),
        licences=tuple(map(_text, _listed(said, "license", place))),
        keywords=tuple(map(_text, _listed(said, "keywords", place))),
        url=_text(said.get("url") or said.get("repository-code") or said.get("repository")),
        doi=doi,
        publisher=party(publisher, place).name if publisher else "",
        notes=_text(said.get("notes")),
        preferred=_citable(preferred, place) if isinstance(preferred, Mapping) else None,
        references=tuple(
            _citable(one, place) for one in _listed(said, "references", place) if isinstance(one, Mapping)
        ),
    )


def _listed(said: Mapping[str, Any], name: str, place: str) -> Sequence[Any]:
    """Return what stands below a name as a list: one thing alone counts as a list of it."""
    found = said.get(name)
    if found in NOTHING:
        return ()
    if isinstance(found, Mapping):
        raise DataError(f"{place}: a list is expected below '{name}'.")
    return found if isinstance(found, list) else [found]


def _text(value: object) -> str:
    """Return a text in one line; nothing where there is none."""
    return "" if value in NOTHING else " ".join(str(value).split())
