"""Data sets and sources as a run needs them: read and checked once a process, and again where a file has changed."""

from functools import cached_property, lru_cache

import pandas as pd

from nbedition import data
from nbedition.data.sources import Source
from nbedition.notebooks.provenance import Environment, Stamp, data_files, stamp_of
from nbedition.project import project, root


class Prepared:
    """The edition as it is when this is made: a run looks once whether a file has changed."""

    def __init__(self) -> None:
        self._home, self._stamp = str(root()), stamp_of(data_files())

    def frame(self, name: str) -> pd.DataFrame:
        """Return a data set of the edition, a copy of the caller's own; see `nbedition.data.load`.

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
    """Read all data sets, sources and what the study prepares, and digest all files, now; each is kept."""
    edition = Prepared()
    for name in data.names():
        edition.frame(name)
    edition.sources  # noqa: B018  read now
    at_work = project()
    if at_work.prepare:
        at_work.entry(at_work.prepare)()
    Environment().files()


@lru_cache(maxsize=64)
def _frame(name: str, _home: str, _stamp: Stamp) -> pd.DataFrame:
    return data.load(name)


@lru_cache(maxsize=2)
def _sources(_home: str, _stamp: Stamp) -> dict[str, Source]:
    return data.sources()
