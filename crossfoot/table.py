"""A table as the checks see it: labelled rows and columns, each cell an interval or nothing."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import NamedTuple

from crossfoot.intervals import Interval

NOT_READ = "not read"  # begins why a cell has no figure whose text is neither a figure nor a known mark
LONGEST_NAMED = 60  # characters of a label or text in a sentence
MOST_NAMED = 10  # cells that one sentence names


@dataclass(frozen=True)
class Cell:
    """One printed cell: its text, all values it can stand for in the unit of its row, or why there is no figure.

    ``at`` is where it stands in the file: line and column, each from 1; zeros for a table that is no file.
    """

    text: str
    value: Interval | None
    missing: str = ""
    at: tuple[int, int] = field(default=(0, 0), compare=False)


class Unread(NamedTuple):
    """A cell that could not be read: line and column in the file, each from 1, its text, why, and its two labels."""

    line: int
    column: int
    text: str
    why: str
    spot: tuple[str, str]

    @property
    def sentence(self) -> str:
        """Where the cell stands, what is printed there and why it was not read."""
        row, column, text = (
            part if len(part) <= LONGEST_NAMED else f"{part[:LONGEST_NAMED]}..." for part in (*self.spot, self.text)
        )
        return f"row '{row}', column '{column}': '{text}': {self.why}"


class TableSource(NamedTuple):
    """What a table was read from: the text, empty where it is none, and its lines, cell by cell.

    Each line has its number in the file, from 1; where a cell is broken over several lines, that of the last one.
    """

    text: str = ""
    lines: tuple[tuple[int, tuple[str, ...]], ...] = ()


@dataclass(frozen=True)
class Table:
    """A printed table: unique labels in printed order, and a cell for every pair of row and column label.

    ``unread`` are the cells that hold something that could not be read; they have no figure. ``readings`` say in a
    sentence each how marks were read that can mean several things. ``source`` is what it was read from.
    """

    name: str
    rows: tuple[str, ...]
    columns: tuple[str, ...]
    cells: Mapping[tuple[str, str], Cell]
    unread: tuple[Unread, ...] = field(default=(), kw_only=True)
    readings: tuple[str, ...] = field(default=(), kw_only=True)
    source: TableSource = field(default=TableSource(), kw_only=True, repr=False, compare=False)

    def interval(self, row: str, column: str) -> Interval | None:
        """Return the values a cell can stand for; None where it holds no figure."""
        return self.cells[row, column].value

    @property
    def preface(self) -> tuple[str, ...]:
        """What every report says first, a sentence each: the cells not read, and how marks were read."""
        return (*([unread_sentence(self.unread, len(self.cells))] if self.unread else []), *self.readings)


def unread_cells(cells: Mapping[tuple[str, str], Cell]) -> tuple[Unread, ...]:
    """Return the cells that could not be read."""
    return tuple(
        Unread(*cell.at, cell.text, cell.missing.removeprefix(f"{NOT_READ}: "), spot)
        for spot, cell in cells.items()
        if cell.missing.startswith(NOT_READ)
    )


def unread_sentence(unread: tuple[Unread, ...], cells: int) -> str:
    """Return how many cells of a table were not read, and the first of them by name."""
    more = f"; and {len(unread) - MOST_NAMED} more" if len(unread) > MOST_NAMED else ""
    named = "; ".join(each.sentence for each in unread[:MOST_NAMED])
    return f"{len(unread)} of {cells} cells not read: {named}{more}."
