"""The edition's data sets: name, file, schema and sources of each."""

import importlib
from collections.abc import Callable
from dataclasses import dataclass, replace
from difflib import get_close_matches

import pandas as pd
from pandera.pandas import DataFrameSchema

from crossfoot.errors import RequestError
from crossfoot.text import read_grid
from nbedition.data.own import own_datasets
from nbedition.data.sources import corrected
from nbedition.project import data_file, project


@dataclass(frozen=True)
class Dataset:
    """One data set: where its text is, what it must look like and whose figures it holds."""

    name: str
    title: str
    file: str
    schema: DataFrameSchema
    sources: tuple[str, ...]
    index: str | None = None
    text: Callable[[], pd.DataFrame] | None = None
    own_table: bool = False

    def read(self) -> pd.DataFrame:
        """Return the shipped table with corrections applied, every cell as text."""
        if self.text is not None:
            return self.text()
        header, *rows = corrected(self.file, read_grid(data_file(self.file)))
        return pd.DataFrame(rows, columns=header)


LEDGER = "claims"  # every study may have one, in the same columns


def datasets() -> dict[str, Dataset]:
    """Return the data sets by name: the edition's, or those that a study of one's own declares."""
    at_work = project()
    place = at_work.root
    DATASETS: dict[str, Dataset] = importlib.import_module("ewppr_lib.schemas").DATASETS
    if at_work.has_module("schemas"):
        return DATASETS
    found = {
        name: Dataset(
            name,
            declared.title,
            declared.file,
            declared.schema_frame(),
            tuple(declared.sources),
            declared.index,
            own_table=declared.own_table,
        )
        for name, declared in own_datasets(place).items()
    }
    if (place / "data" / DATASETS[LEDGER].file).is_file():
        sources = tuple(dict.fromkeys(source for dataset in found.values() for source in dataset.sources))
        found[LEDGER] = replace(DATASETS[LEDGER], sources=sources)
    return found


def dataset(name: str) -> Dataset:
    """Return a data set's description by name.

    Raises
    ------
    RequestError
        If there is no such data set.

    Examples
    --------
    >>> dataset("funding").file
    'printed/table1.csv'
    """
    known = datasets()
    if name in known:
        return known[name]
    near = get_close_matches(name, known, n=1)
    hint = f"did you mean '{near[0]}'?" if near else f"there are {', '.join(known)}."
    raise RequestError(f"there is no data set '{name}'; {hint}")
