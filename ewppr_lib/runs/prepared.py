"""Data sets and sources as a run needs them: read and checked once a process, and again where a file has changed."""

from functools import lru_cache

import pandas as pd

from ewppr_lib import data
from ewppr_lib.data.assumptions import FILE, assumptions
from ewppr_lib.data.edition import data_file, root
from ewppr_lib.runs.keys import Surroundings
from ewppr_lib.runs.sources import Stamp, data_files, stamp_of


def frame(name: str) -> pd.DataFrame:
    """Return a data set of the edition, a copy of the caller's own; see `ewppr_lib.data.load`.

    Examples
    --------
    >>> frame("funding").equals(data.load("funding"))
    True
    """
    return _frame(name, str(root()), stamp_of(data_files())).copy()


def short_sources() -> dict[str, str]:
    """Return the short form of every source by id."""
    return dict(_short_sources(str(root()), stamp_of(data_files())))


def prepare() -> None:
    """Read all data sets, sources and assumptions, and digest all files, now; each is kept where it is read."""
    for name in data.names():
        frame(name)
    short_sources()
    if data_file(FILE).is_file():  # a study of one's own has none
        assumptions()
    Surroundings().files()


@lru_cache(maxsize=64)
def _frame(name: str, _home: str, _stamp: Stamp) -> pd.DataFrame:
    return data.load(name)


@lru_cache(maxsize=2)
def _short_sources(_home: str, _stamp: Stamp) -> dict[str, str]:
    return {name: source.short for name, source in data.sources().items()}
