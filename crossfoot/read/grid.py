"""The lines of a table file, and tables that stand mirrored or side by side in them."""

from __future__ import annotations

import csv
import io
from collections import Counter
from collections.abc import Callable
from typing import NamedTuple

from crossfoot.errors import DataError
from crossfoot.read.cells import plain

DELIMITERS = ("\t", ";", ",")
MOST_CELLS = 2_000_000  # cells of one table, blank ones included
Test = Callable[[str], bool]


class Line(NamedTuple):
    """One line of a table file: its number in the file, and its cells as printed."""

    number: int
    cells: tuple[str, ...]

    def cell(self, position: int) -> str:
        """Return the cell at a position; blank beyond the end of the line."""
        return self.cells[position] if position < len(self.cells) else ""

    def filled(self) -> list[int]:
        """Return the positions of cells that are not blank."""
        return [position for position, cell in enumerate(self.cells) if cell[:1].isalnum() or plain(cell)]


def split_lines(text: str) -> list[Line]:
    """Return the lines of a table file; tab, semicolon or comma is whichever splits it most evenly."""
    best: tuple[int, list[Line]] = (0, [])
    failure = "no line is split by a comma, semicolon or tab; a table of at least two columns is expected"
    for delimiter in DELIMITERS:
        try:
            lines = _split(text, delimiter)
        except csv.Error as error:
            failure = f"the file is no table separated by commas, semicolons or tabs: {error}"
            continue
        widths = Counter(len(line.cells) for line in lines if len(line.cells) > 1)
        even = max(widths.values(), default=0)
        if even > best[0]:
            best = (even, lines)
    if not best[1]:
        raise DataError(f"{failure}.")
    return best[1]


def _split(text: str, delimiter: str) -> list[Line]:
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    lines, held = [], 0
    for cells in reader:
        held += len(cells)
        if held > MOST_CELLS:
            raise DataError(f"more than {MOST_CELLS:,} cells; a printed table is expected.")
        lines.append(Line(reader.line_num, tuple(cells)))
    return lines


def labels_at_the_right(lines: list[Line], is_figure: Test, is_text: Test) -> bool:
    """Tell whether figures stand in the first column and labels in the last, as where writing runs from the right."""
    rows = [line for line in lines if sum(is_figure(cell) for cell in line.cells) > 1]
    last = max((line.filled()[-1] for line in lines if line.filled()), default=0)
    first = [line.cell(0) for line in rows if plain(line.cell(0))]
    labelled = sum(any(is_text(cell) for cell in line.cells[-3:]) for line in rows)
    begins = sum(map(is_figure, first))
    ends = sum(is_figure(line.cell(last)) for line in rows)
    return 2 * begins > len(rows) and 2 * labelled > len(rows) and not ends


def mirrored(lines: list[Line]) -> list[Line]:
    """Return the lines with their cells in reverse order, all of one length."""
    width = max(len(line.cells) for line in lines)
    return [Line(line.number, (*[""] * (width - len(line.cells)), *reversed(line.cells))) for line in lines]


def cut_side_by_side(lines: list[Line], is_figure: Test, is_label: Test) -> list[int]:
    """Return the positions at which tables stand side by side begin: where labels follow figures and precede others.

    Only a table whose second labels stand under the header of the first, or that has as many columns of figures on each
    side of them, all labels different, is two tables; any other text between figures is a remark.
    """
    width = max(len(line.cells) for line in lines)
    kinds = [_column_kind([line.cell(at) for line in lines], is_figure, is_label) for at in range(width)]
    starts = [0]
    for at in range(2, width - 1):
        if kinds[at] != "labels" or kinds[at - 1] != "figures" or kinds[at + 1] != "figures":
            continue
        here, first = ([plain(line.cell(each)) for line in lines] for each in (at, starts[0]))
        same_header = any(own and own == other for own, other in zip(here, first, strict=True))
        named = [label for label in here if label]
        if same_header or (len(set(named)) == len(named) and len(set(kinds[:at])) == 2 and 2 * at == width):
            starts.append(at)
    return starts if len({b - a for a, b in zip(starts, [*starts[1:], width], strict=True)}) == 1 else [0]


def _column_kind(cells: list[str], is_figure: Test, is_label: Test) -> str:
    figures, labels = sum(map(is_figure, cells)), sum(map(is_label, cells))
    return "labels" if labels > 2 and not figures else "figures" if figures else ""
