"""The two registers beside the data: sources and corrections."""

from collections.abc import Callable
from functools import lru_cache
from pathlib import Path
from typing import Literal, Self, TypeVar

from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

from crossfoot.errors import DataError
from crossfoot.text import Grid, as_written, plain_yaml, read_text
from nbedition.citation_file import Party
from nbedition.project import data_file

PLAIN_WORDS = {  # what pydantic finds wrong, by its type of error
    "missing": "it is missing",
    "extra_forbidden": "there is no such field",
    "list_type": "a list is expected",
    "model_type": "fields are expected",
    "string_type": "a text is expected",
    "int_type": "a whole number is expected",
    "int_parsing": "a whole number is expected",
    "float_type": "a number is expected",
    "bool_type": "true or false is expected",
    "literal_error": "one of {expected} is expected",
    "string_too_short": "a text of {min_length} characters or more is expected",
    "too_short": "{min_length} or more are expected",
    "greater_than_equal": "{ge} or more is expected",
    "string_pattern_mismatch": "a text of the form {pattern} is expected",
}


class Record(BaseModel):
    """Base of declared records: unknown fields are refused, values are fixed and of the kind that is declared."""

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)


class Written(Record):
    """Base of the records of a register that is read as written: a number comes as text."""

    model_config = ConfigDict(strict=False)


class Author(Written):
    """Who wrote a source: a person by names, or an office by its name alone."""

    family: str = ""
    given: str = ""
    entity: str = ""

    @model_validator(mode="after")
    def _named(self) -> Self:
        if not (self.family or self.given or self.entity):
            raise ValueError("family, given or entity is expected.")
        return self


class Source(Written):
    """Where figures come from: one record of ``data/sources.yml``; its `producer` publishes what `authors` wrote.

    `access`: whether anybody can get it, where that is stated.
    """

    id: str
    authors: list[Author] = []
    short: str = Field(min_length=5)
    producer: str
    title: str
    edition: str
    place: str
    licence: str
    date: str
    trust: str = Field(pattern="^(A|A-|B|C)$")
    access: Literal["", "public", "restricted"] = ""

    @property
    def by(self) -> str:
        """Who wrote it, if that is told, and who published it."""
        return ", ".join([*(Party(**one.model_dump()).name for one in self.authors), self.producer])


class Correction(Written):
    """A reading of a defect: one record of ``data/corrections.yml``, rows and column from 1."""

    file: str
    rows: list[int] = Field(min_length=1)
    column: int = Field(ge=1)
    printed: str
    read: str
    reason: str = Field(min_length=10)


R = TypeVar("R", bound=Record)


def sources() -> dict[str, Source]:
    """Return the source records by id.

    Raises DataError if the register is malformed or names a source twice.

    Examples
    --------
    >>> sources()["STUDY_T1"].place
    'section 3.1, Table 1'
    """
    path = data_file("sources.yml")
    listed = _register(path, read_text(path), Source)
    by_id = {source.id: source for source in listed}
    if len(by_id) < len(listed):
        raise DataError(f"{path} names a source twice.")
    return by_id


def corrections() -> list[Correction]:
    """Return all declared readings of defects, in file order."""
    path = data_file("corrections.yml")
    return list(_register(path, read_text(path), Correction))


@lru_cache(maxsize=4)  # by content: read again when it changes
def _register(path: Path, text: str, kind: Callable[..., R]) -> list[R]:
    content = plain_yaml(path, text, as_written())
    if not isinstance(content, list):
        raise DataError(f"{path}: a list of records is expected, got {type(content).__name__}.")
    found = []
    for number, fields in enumerate(content, start=1):
        if not isinstance(fields, dict):
            raise DataError(f"{path}, record {number}: fields are expected, got {fields!r}.")
        try:
            found.append(kind(**fields))
        except ValidationError as error:
            place, said = first_fault(error)
            raise DataError(f"{path}, record {number}, field '{'.'.join(map(str, place))}': {said}.") from None
    return found


def first_fault(error: ValidationError) -> tuple[tuple[int | str, ...], str]:
    """Return the place that pydantic found wrong first, and what is wrong, in plain words."""
    first = error.errors()[0]
    if known := PLAIN_WORDS.get(first["type"]):
        return first["loc"], known.format(**first.get("ctx", {}))
    return first["loc"], first["msg"].removeprefix("Value error, ").removesuffix(".")


def corrected(file: str, grid: Grid) -> Grid:
    """Return a copy of a file's cells, header line included, with its corrections applied; its path is below ``data/``.

    Raises DataError if a cell no longer holds the text that its correction expects.
    """
    result = [list(row) for row in grid]
    for correction in corrections():
        for row in correction.rows if correction.file == file else []:
            try:
                found = result[row - 1][correction.column - 1]
            except IndexError:
                found = None
            if found != correction.printed:
                raise DataError(
                    f"data/{file}, row {row}, column {correction.column}: a correction expects "
                    f"{correction.printed!r}, the file holds {found!r}; review data/corrections.yml."
                )
            result[row - 1][correction.column - 1] = correction.read
    return result
