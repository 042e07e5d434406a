"""The data sets of a study, each declared once, in ``data/datapackage.yml``.

The file is a Frictionless data package: resources with a Table Schema each. Beyond what that standard knows, a field
may say what it ``expects`` in words and that it ``may_be_left_out``, and a resource may name a ``reader`` (a function
of the study that gives its table as text) and ``checks`` of the whole table, and say that it takes an ``own_table``::

    resources:
    - name: pupils
      title: Pupils and teachers by year (Table 1)
      path: printed/pupils.csv        # a CSV file below data/ with one header line
      sources: [{title: REPORT_T1}]   # ids of data/sources.yml
      own_table: true                 # a table of the user's own may take its place
      schema:
        fields:
        - {name: year, type: integer, unit: year, title: school year, constraints: {required: true, minimum: 1900}}
        - {name: pupils, type: number, unit: persons, title: in all schools, constraints: {required: true, minimum: 0}}
        - {name: note, type: string, unit: text, title: a remark, may_be_left_out: true}
        primaryKey: year              # one column: it names the rows; several: together they stand once
      checks:
      - {expects: at least three years, min_rows: 3}
      - {expects: no year left out, of: "tables:every_year"}    # module of the study, and a function of the frame in it
"""

import re
from collections.abc import Callable, Iterator
from functools import cached_property, lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Literal, Self

from pydantic import AfterValidator, BeforeValidator, Field, ValidationError, model_validator

from crossfoot.errors import DataError, RequestError
from crossfoot.text import Grid, did_you_mean, plain_yaml, read_grid, read_text
from nbedition.data.sources import Record, corrected, first_fault
from nbedition.project import data_file, project

if TYPE_CHECKING:
    import pandas as pd

FILE = "datapackage.yml"
TYPES: dict[str, Callable[[str], Any]] = {"string": str, "number": float, "integer": int}
LEDGER = "claims"  # the data set of a study's claims

Number = Annotated[float, Field(allow_inf_nan=False), AfterValidator(lambda n: int(n) if n.is_integer() else n)]
Name = Annotated[str, BeforeValidator(lambda said: str(said) if type(said) is int else said), Field(min_length=1)]
Key = Annotated[list[Name], BeforeValidator(lambda said: said if isinstance(said, list) else [said])]
Entry = Annotated[str, Field(pattern=r"^[\w.]+:\w+$")]


def _titles(said: Any) -> Any:
    listed = said if isinstance(said, list) else [said]
    return [one["title"] if isinstance(one, dict) and list(one) == ["title"] else one for one in listed]


class Constraints(Record):
    """What each cell of a column must be."""

    required: bool = False
    unique: bool = False
    minimum: Number | None = None
    maximum: Number | None = None
    exclusive_minimum: Number | None = Field(None, alias="exclusiveMinimum")
    exclusive_maximum: Number | None = Field(None, alias="exclusiveMaximum")
    enum: list[Any] | None = Field(None, min_length=1)
    pattern: str | None = None

    @property
    def bounds(self) -> dict[str, float]:
        """The bounds that are declared, by their names in a table schema."""
        return self.model_dump(by_alias=True, exclude_none=True, exclude={"required", "unique", "enum", "pattern"})


class Column(Record):
    """One column: its type, unit and meaning, and what its cells must be."""

    name: Name
    type: Literal["string", "number", "integer"]
    unit: str = Field(min_length=1)
    title: str = Field(min_length=3)
    constraints: Constraints = Constraints()
    expects: str = ""
    may_be_left_out: bool = False

    @model_validator(mode="after")
    def _fits(self) -> Self:
        """Refuse constraints that the type does not know; those on values are read as values of the type."""
        said = self.constraints
        if self.type != "string" and said.pattern is not None:
            raise ValueError(f"a pattern is for strings, not for type {self.type}")
        if self.type == "string" and said.bounds:
            raise ValueError(f"{next(iter(said.bounds))} is for numbers, not for strings")
        try:
            re.compile(said.pattern or "")
        except re.error as error:
            raise ValueError(f"the pattern is no regular expression: {error}") from None
        try:
            self.allowed  # noqa: B018  read now
        except ValueError:
            raise ValueError(f"the enum holds a value that is no {self.type}") from None
        return self

    @property
    def allowed(self) -> list[Any] | None:
        """The values that a cell may have, of the column's type; None where it may have any."""
        return self.constraints.enum and [TYPES[self.type](str(value)) for value in self.constraints.enum]


class Schema(Record):
    """The columns of a table, and which of them name its rows or stand once together."""

    columns: list[Column] = Field(alias="fields", min_length=1)
    primary_key: Key = Field([], alias="primaryKey")
    unique_keys: list[Key] = Field([], alias="uniqueKeys")
    missing_values: list[str] = Field([""], alias="missingValues")

    @model_validator(mode="after")
    def _known(self) -> Self:
        names = [column.name for column in self.columns]
        if twice := [name for name in names if names.count(name) > 1]:
            raise ValueError(f"column '{twice[0]}' is declared twice")
        for key, columns in [("primaryKey", self.primary_key), *(("uniqueKeys", key) for key in self.unique_keys)]:
            if unknown := [name for name in columns if name not in names]:
                raise ValueError(f"{key}: there is no column '{unknown[0]}'")
        return self


class TableCheck(Record):
    """What must hold of a whole table, in words, and how to tell: exactly one of the other four."""

    expects: str = Field(min_length=3)
    of: Entry | None = None
    any_of: list[Name] | None = Field(None, min_length=1)
    rows: int | None = None
    min_rows: int | None = None

    @model_validator(mode="after")
    def _one(self) -> Self:
        if len([said for said in (self.of, self.any_of, self.rows, self.min_rows) if said is not None]) != 1:
            raise ValueError("one of of, any_of, rows and min_rows is expected")
        return self

    def test(self) -> Callable[["pd.DataFrame"], Any]:
        """Return the function that tells whether a frame fits, or which of its rows do."""
        if self.of:
            test: Callable[[pd.DataFrame], Any] = project().entry(self.of)
            return test
        if self.any_of:
            return lambda frame: frame.loc[:, self.any_of or []].notna().any(axis="columns")
        if self.rows is not None:
            return lambda frame: len(frame) == self.rows
        return lambda frame: len(frame) >= (self.min_rows or 0)


class Dataset(Record):
    """One data set: where its text is, what it must look like and whose figures it holds."""

    name: str = Field(pattern=r"^\w[\w-]*$")
    title: str = Field(min_length=3)
    file: str = Field(alias="path", pattern=r"^\w[\w-]*(/\w[\w-]*)*\.csv$")
    sources: Annotated[list[str], BeforeValidator(_titles)] = Field(min_length=1)
    table: Schema = Field(alias="schema")
    reader: Entry | None = None
    own_table: bool = False
    checks: list[TableCheck] = Field([])

    @cached_property
    def columns(self) -> dict[str, Column]:
        """The columns by name."""
        return {column.name: column for column in self.table.columns}

    @property
    def index(self) -> str | None:
        """The column that names the rows; None where none does alone."""
        return self.table.primary_key[0] if len(self.table.primary_key) == 1 else None

    def required(self, column: str) -> bool:
        """Return whether a column's cells must be filled."""
        return self.columns[column].constraints.required or column in self.table.primary_key

    def unique(self, column: str) -> bool:
        """Return whether each value of a column stands once."""
        return self.columns[column].constraints.unique or column == self.index

    def read(self) -> "pd.DataFrame":
        """Return the shipped table with corrections applied, every cell as text."""
        if self.reader:
            frame: pd.DataFrame = project().entry(self.reader)()
            return frame
        return as_text(f"data/{self.file}", corrected(self.file, read_grid(data_file(self.file))))


def as_text(where: str, grid: Grid) -> "pd.DataFrame":
    """Return a grid as a table of texts; its first row names the columns, each once."""
    import pandas as pd

    header, *rows = grid
    if repeated := sorted({column for column in header if header.count(column) > 1}):
        raise DataError(f"{where}: column {', '.join(map(repr, repeated))} stands twice in the header line.")
    return pd.DataFrame(rows, columns=header)


def datasets() -> dict[str, Dataset]:
    """Return the data sets that the study at work declares, by name."""
    path = data_file(FILE)
    found = dict(_datasets(path, read_text(path)))
    if LEDGER not in found and data_file(f"{LEDGER}.csv").is_file():
        raise DataError(f"{path} does not declare the data set '{LEDGER}', and there is a file {LEDGER}.csv beside it.")
    return found


@lru_cache(maxsize=4)  # by content: read again when it changes
def _datasets(path: Path, text: str) -> dict[str, Dataset]:
    content = plain_yaml(path, text)
    listed = content.get("resources") if isinstance(content, dict) else None
    if not isinstance(listed, list) or not all(isinstance(fields, dict) for fields in listed):
        raise DataError(f"{path}: a list of data sets is expected under 'resources'.")
    found: dict[str, Dataset] = {}
    for number, fields in enumerate(listed, start=1):
        name = str(fields.get("name", number))
        try:
            one = Dataset.model_validate(fields)
        except ValidationError as error:
            place, said = first_fault(error)
            key = ".".join(_key(fields, place)) or "the whole entry"
            raise DataError(f"{path}, data set '{name}', {key}: {said}.") from None
        if one.name in found:
            raise DataError(f"{path} declares the data set '{name}' twice.")
        found[one.name] = one
    return found


def _key(content: Any, place: tuple[int | str, ...]) -> Iterator[str]:
    """Yield the parts of a key as the file shows them; a part of a list by its name, where it has one."""
    for part in place:
        try:
            content = content[part]
        except (KeyError, IndexError, TypeError):
            content = None
        named = isinstance(part, int) and isinstance(content, dict) and "name" in content
        yield str(content["name"] if named else part)


def dataset(name: str) -> Dataset:
    """Return a data set's description by name.

    Raises RequestError if there is no such data set.

    Examples
    --------
    >>> dataset("funding").file
    'printed/table1.csv'
    """
    known = datasets()
    if name in known:
        return known[name]
    raise RequestError(f"there is no data set '{name}'; {did_you_mean(name, known)}")
