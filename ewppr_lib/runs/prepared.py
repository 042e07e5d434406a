"""Data sets and sources as a run needs them: read and checked once a process, and again where a file has changed."""

from functools import cached_property, lru_cache

import pandas as pd

from ewppr_lib import data
from ewppr_lib.data.assumptions import FILE, assumptions
from ewppr_lib.data.edition import data_file, root
from ewppr_lib.data.records import Source
from ewppr_lib.runs.keys import Surroundings
from ewppr_lib.runs.sources import Stamp, data_files, stamp_of


class Prepared:
    """The edition as it is when this is made: a run looks once whether a file has changed."""

    def __init__(self) -> None:
        self._home, self._stamp = str(root()), stamp_of(data_files())

    def frame(self, name: str) -> pd.DataFrame:
        """Return a data set of the edition, a copy of the caller's own; see `ewppr_lib.data.load`.

        Examples
        --------
        >>> Prepared().frame("funding").equals(data.load("funding"))
        True
        """
        return _frame(name, self._home, self._stamp).copy()

    @cached_property
    def sources(self) -> dict[str, Source]:
        """The source records by id."""
        return _sources(self._home, self._stamp)


def prepare() -> None:
    """Read all data sets, sources and assumptions, and digest all files, now; each is kept where it is read."""
    edition = Prepared()
    for name in data.names():
        edition.frame(name)
    edition.sources  # noqa: B018  read now
    if data_file(FILE).is_file():  # a study of one's own has none
        assumptions()
    Surroundings().files()


@lru_cache(maxsize=64)
def _frame(name: str, _home: str, _stamp: Stamp) -> pd.DataFrame:
    return data.load(name)


@lru_cache(maxsize=2)
def _sources(_home: str, _stamp: Stamp) -> dict[str, Source]:
    return data.sources()
