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

import importlib
import sys
from hashlib import sha256
from importlib.machinery import ModuleSpec
from importlib.util import module_from_spec
from pathlib import Path
from types import ModuleType
from typing import Any, Literal

import pandas as pd
from pandera.pandas import Check, Column, DataFrameSchema
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from ewppr_lib.data.text import read_yaml
from ewppr_lib.errors import DataError, RequestError
from ewppr_lib.home import OWN, own_study

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


def own_module(name: str) -> ModuleType:
    """Return a Python module of a study of one's own, read anew where a file of its folder has changed.

    The modules form a package of a private name, so that they can import each other
    (``from . import charts``) and never meet another study's.

    Parameters
    ----------
    name
        File below ``study/``, without its ending.

    Raises
    ------
    RequestError
        If there is no such module, or it cannot be imported.
    """
    place = own_study()
    folder = (place or Path()) / "study"
    if place is None or not (folder / f"{name}.py").is_file():
        raise RequestError(f"there is no file {folder / name}.py.")
    try:
        return importlib.import_module(f"{_package(folder)}.{name}")
    except Exception as error:
        raise RequestError(f"{folder / name}.py cannot be imported: {type(error).__name__}: {error}.") from error


def _package(folder: Path) -> str:
    """Return the name of the package that a folder's files form now."""
    files = [(path.name, path.stat().st_mtime_ns, path.stat().st_size) for path in sorted(folder.rglob("*.py"))]
    name = f"ewppr_own_{sha256(repr((str(folder), files)).encode()).hexdigest()[:12]}"
    if name not in sys.modules:
        importlib.invalidate_caches()
        spec = ModuleSpec(name, None, is_package=True)
        spec.submodule_search_locations = [str(folder)]
        sys.modules[name] = module_from_spec(spec)
    return name


def text_of(frame: pd.DataFrame, index: str | None) -> dict[str, dict[str, str]]:
    """Return a table of texts by row and column; rows without an index are numbered from 1.

    Examples
    --------
    >>> text_of(pd.DataFrame({"year": ["2003"], "pupils": ["20 650"]}), "year")
    {'2003': {'pupils': '20 650'}}
    """
    labels = frame[index] if index else [str(number) for number in range(1, len(frame) + 1)]
    rows = frame.drop(columns=[index] if index else []).to_dict("records")
    return {
        str(label): {str(name): str(cell) for name, cell in row.items()}
        for label, row in zip(labels, rows, strict=True)
    }
