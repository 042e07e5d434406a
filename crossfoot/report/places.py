"""Where the cells of a table stand in the text that it was read from: lines and characters, as editors count them."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from crossfoot.relations import Spot
from crossfoot.table import Table

SEPARATORS = ",;\t|"
Cells = list[tuple["Region", str]]


class Region(NamedTuple):
    """A stretch of text: line and character of its first character, and of the one after its last; all from 1."""

    line: int
    start: int
    end_line: int
    end: int


def regions_of(table: Table) -> dict[Spot, Region]:
    """Return the region of each figure of a table; empty where it was not read from lines of text."""
    text, lines = table.source
    if not text:
        return {}
    for separator in SEPARATORS:
        found = {cells[-1][0].end_line: cells for cells in split_cells(text, separator)}
        if all(tuple(text for _, text in found.get(number, ())) == cells for number, cells in lines if cells):
            stands = {spot: cell.at for spot, cell in table.cells.items() if cell.at[0]}
            return {
                spot: found[line][column - 1][0]
                for spot, (line, column) in stands.items()
                if _there(found, line, column)
            }
    return {}


def _there(found: dict[int, Cells], line: int, column: int) -> bool:
    """Tell whether a line has that many cells; one that is shorter than the header ends in blanks."""
    return line in found and column <= len(found[line])


def split_cells(text: str, separator: str) -> Iterator[Cells]:
    r"""Yield each line of separated text as cells with their regions, split as Python's `csv` splits them.

    A cell's region takes in the quotes around it.

    Examples
    --------
    >>> for cells in split_cells('Men,"1,234"\nWomen,980', ","):
    ...     print([(region.line, region.start, region.end, text) for region, text in cells])
    [(1, 1, 4, 'Men'), (1, 5, 12, '1,234')]
    [(2, 1, 6, 'Women'), (2, 7, 10, '980')]
    """
    line, first, at = 1, 0, 0  # number of the line, where it begins, where we are
    cells: Cells = []
    while at < len(text):
        started, begin, taken, quoted = line, at - first + 1, [], text[at] == '"'
        at += quoted
        while at < len(text):
            mark = text[at]
            if quoted and mark == '"':
                doubled = text.startswith('""', at)
                quoted = doubled
                taken += ['"'] * doubled
                at += 1 + doubled
                continue
            if not quoted and (mark == separator or mark in "\r\n"):
                break
            width = 2 if text.startswith("\r\n", at) else 1
            taken.append(text[at : at + width])
            at += width
            if mark in "\r\n":
                line, first = line + 1, at
        cells.append((Region(started, begin, line, at - first + 1), "".join(taken)))
        if at < len(text) and text[at] == separator:
            at += 1
            if at < len(text) and text[at] not in "\r\n":
                continue
            cells.append((Region(line, at - first + 1, line, at - first + 1), ""))
        yield cells
        cells = []
        at += 2 if text.startswith("\r\n", at) else 1
        line, first = line + 1, at
