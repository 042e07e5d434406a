"""A table as the checks see it: labelled rows and columns, each cell an interval or nothing."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from crossfoot.intervals import Interval


@dataclass(frozen=True)
class Cell:
    """One printed cell: its text, all values it can stand for in the unit of its row, or why there is no figure."""

    text: str
    value: Interval | None
    missing: str = ""


@dataclass(frozen=True)
class Table:
    """A printed table: unique labels in printed order, and a cell for every pair of row and column label."""

    name: str
    rows: tuple[str, ...]
    columns: tuple[str, ...]
    cells: Mapping[tuple[str, str], Cell]

    def interval(self, row: str, column: str) -> Interval | None:
        """Return the values a cell can stand for; None where it holds no figure."""
        return self.cells[row, column].value
