"""The edition's data sets: name, file, schema and sources of each."""

from collections.abc import Callable
from dataclasses import dataclass
from difflib import get_close_matches

import pandas as pd
from pandera.pandas import DataFrameSchema

from ewppr_lib.data import printed, schemas
from ewppr_lib.data.edition import data_file
from ewppr_lib.data.records import corrected
from ewppr_lib.data.text import read_grid
from ewppr_lib.errors import RequestError


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


_STUDY = ("STUDY",)
_ALL = [
    Dataset(
        "funding",
        "Funding of the partnerships by year and source, 2003-2007 (Table 1)",
        "printed/table1.csv",
        schemas.funding,
        ("STUDY", "STUDY_T1"),
        index="year",
        text=printed.funding_text,
        own_table=True,
    ),
    Dataset(
        "funding_totals",
        "Five-year totals as printed (Table 1, column Total)",
        "printed/table1.csv",
        schemas.funding_totals,
        ("STUDY", "STUDY_T1"),
        index="item",
        text=printed.funding_totals_text,
    ),
    Dataset(
        "exchanges",
        "Exchange and training of people, 2009, 2010 and 2003-2010 (Table 2)",
        "printed/table2.csv",
        schemas.exchanges,
        ("STUDY", "STUDY_T2"),
        index="item",
        text=printed.exchanges_text,
    ),
    Dataset(
        "pairings", "Counterpart pairings listed for 1996, 2002 and 2010", "study/pairings.csv", schemas.pairings, _STUDY
    ),
    Dataset(
        "periods", "Bounds that the study gives to its periods", "study/periods.csv", schemas.periods, _STUDY
    ),
    Dataset("stated", "Totals and ages stated in the running text", "study/stated.csv", schemas.stated, _STUDY),
    Dataset(
        "cases",
        "Figures of the four company cases (Column 1)",
        "study/cases.csv",
        schemas.cases,
        ("STUDY", "STUDY_CASES"),
    ),
    Dataset(
        "fiscal_revenue",
        "Local general-budget revenue of the provincial units, 2007",
        "context/fiscal_revenue.csv",
        schemas.fiscal_revenue,
        ("NBS_YB2008_T7-7",),
        index="province",
    ),
]
DATASETS = {dataset.name: dataset for dataset in _ALL}


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
    if name in DATASETS:
        return DATASETS[name]
    near = get_close_matches(name, DATASETS, n=1)
    hint = f"did you mean '{near[0]}'?" if near else f"there are {', '.join(DATASETS)}."
    raise RequestError(f"there is no data set '{name}'; {hint}")
