"""Studies of one's own: their data sets, declared in ``data/datasets.yml``, and their Python modules.

A declaration looks like this; everything in it is checked::

    pupils:
      title: Pupils and teachers by year (Table 1)
      file: printed/pupils.csv        # a CSV file below data/ with one header line
      sources: [REPORT_T1]            # records of data/sources.yml
      index: year                     # the column that names the rows; may be left out
      own_table: true                 # whether a table of the user's own may take its place
      columns:
        year: {type: whole number, unit: year, meaning: school year, at_least: 1900, unique: true}
        pupils: {type: number, unit: persons, meaning: pupils in all schools, at_least: 0}
        note: {type: text, unit: text, meaning: a remark, may_be_empty: true}
"""

from pathlib import Path
from typing import Any, Literal

from pandera.pandas import Check, Column, DataFrameSchema
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from crossfoot.errors import DataError
from crossfoot.text import read_yaml
from nbedition.project import FORMER_FILE as OWN

TYPES: dict[str, Any] = {"number": float, "whole number": int, "text": str}


class OwnColumn(BaseModel):
    """One column of a data set: its type, unit and meaning, and what its cells must be."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    type: Literal["number", "whole number", "text"]
    unit: str = Field(min_length=1)
    meaning: str = Field(min_length=3)
    at_least: float | None = None
    at_most: float | None = None
    one_of: list[str] | None = None
    unique: bool = False
    may_be_empty: bool = False
    may_be_left_out: bool = False

    def schema_column(self) -> Column:
        """Return the column as pandera checks it."""
        checks = []
        if self.at_least is not None:
            checks.append(Check.ge(self.at_least, error=f"at least {self.at_least:g}"))
        if self.at_most is not None:
            checks.append(Check.le(self.at_most, error=f"at most {self.at_most:g}"))
        if self.one_of is not None:
            checks.append(Check.isin(self.one_of, error=f"one of {', '.join(self.one_of)}"))
        kind = "Int64" if self.type == "whole number" and self.may_be_empty else TYPES[self.type]
        return Column(
            kind,
            checks,
            description=self.meaning,
            metadata={"unit": self.unit},
            coerce=True,
            unique=self.unique,
            nullable=self.may_be_empty,
            required=not self.may_be_left_out,
        )


class OwnDataset(BaseModel):
    """One data set of a study of one's own."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    title: str = Field(min_length=3)
    file: str = Field(pattern=r"^\w[\w-]*(/\w[\w-]*)*\.csv$")
    sources: list[str] = Field(min_length=1)
    index: str | None = None
    own_table: bool = False
    columns: dict[str, OwnColumn] = Field(min_length=1)

    def schema_frame(self) -> DataFrameSchema:
        """Return the data set as pandera checks it."""
        return DataFrameSchema({name: column.schema_column() for name, column in self.columns.items()}, strict=True)


def own_datasets(place: Path) -> dict[str, OwnDataset]:
    """Return the data sets that a study of one's own declares, by name.

    Raises
    ------
    DataError
        If ``data/datasets.yml`` is malformed; the entry and the field are named.
    """
    path = place / OWN
    content = read_yaml(path)
    if not isinstance(content, dict):
        raise DataError(f"{path}: data sets by name are expected, got {type(content).__name__}.")
    return {str(name): _declared(path, str(name), fields) for name, fields in content.items()}


def _declared(path: Path, name: str, fields: Any) -> OwnDataset:
    if isinstance(fields, dict) and isinstance(fields.get("columns"), dict):
        fields = fields | {"columns": {str(column): about for column, about in fields["columns"].items()}}
    try:
        found = OwnDataset.model_validate(fields)
    except ValidationError as error:
        first = error.errors()[0]
        field = ".".join(str(part) for part in first["loc"]) or "the whole entry"
        raise DataError(f"{path}, data set '{name}', {field}: {first['msg']}.") from None
    if found.index is not None and found.index not in found.columns:
        raise DataError(f"{path}, data set '{name}', index: there is no column '{found.index}'.")
    return found
