"""The lines of a table file, and which of them are the header."""

from __future__ import annotations

import csv
import io
import re
from collections import Counter
from typing import NamedTuple

from crossfoot.errors import DataError
from crossfoot.read.cells import plain, take_apart

DELIMITERS = ("\t", ";", ",")
DEEPEST_HEADER = 3  # lines
PATH = " / "  # stands between a label and the one above it

_YEAR = re.compile(r"(?:FY|CY)? ?(?:1[89]|20)[0-9]{2}(?: ?[-/] ?[0-9]{2,4})?年?[a-zA-Z*†]?")
_CAPTION = re.compile(r"(?:table|tab\.|unit|表 ?[0-9]|单位)[^|]*(?:[0-9]|:)", re.IGNORECASE)
UNIT_HEADER = re.compile(r"units?(?: of measure(?:ment)?)?|计量单位|单位", re.IGNORECASE)


class Line(NamedTuple):
    """One line of a table file: its number in the file, and its cells as printed."""

    number: int
    cells: tuple[str, ...]

    def cell(self, position: int) -> str:
        """Return the cell at a position; blank beyond the end of the line."""
        return self.cells[position] if position < len(self.cells) else ""

    def filled(self) -> list[int]:
        """Return the positions of cells that are not blank."""
        return [position for position, cell in enumerate(self.cells) if plain(cell)]


def split_lines(text: str) -> list[Line]:
    """Return the lines of a table file; tab, semicolon or comma is whichever splits it most evenly.

    Raises
    ------
    DataError
        If a quoted cell does not end, or nothing splits the lines.
    """
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
    return [Line(reader.line_num, tuple(cells)) for cells in reader]


def is_figure(text: str) -> bool:
    """Tell whether a cell holds a figure, whatever its convention."""
    try:
        return not take_apart(text).missing
    except DataError:
        return False


def is_text(text: str) -> bool:
    """Tell whether a cell holds neither a figure nor a mark for a missing one."""
    try:
        take_apart(text)
    except DataError:
        return True
    return False


def is_year(text: str) -> bool:
    """Tell whether a cell names a year, as column labels do, with or without a footnote mark."""
    if _YEAR.fullmatch(plain(text)):
        return True
    return is_figure(text) and all(_YEAR.fullmatch(body) for body in take_apart(text).bodies)


def find_header(lines: list[Line]) -> tuple[list[Line], list[Line]]:
    """Split the lines into those of the header and those below it."""
    found: list[Line] = []
    width = _usual_width(lines)
    for index, line in enumerate(lines):
        values = [line.cell(position) for position in line.filled() if position > 0]
        full = bool(found) and len(found[-1].filled()) >= (width + 1) / 2
        if not values or (not found and _CAPTION.match(plain(line.cell(0)))):
            continue
        if full and _numbers_columns(line):
            return _used(found, lines[index + 1 :]), lines[index + 1 :]
        if found and not _continues_header(line, values, full):
            body = lines[lines.index(found[-1]) + 1 :]
            return _used(found, body), body
        if not found and not _could_be_header(values):
            raise DataError(f"line {line.number} holds figures, but no header line above it names their columns.")
        found.append(line)
    raise DataError("no row of figures stands below a header line.")


def _could_be_header(values: list[str]) -> bool:
    return all(is_year(value) or not is_figure(value) for value in values)


def _continues_header(line: Line, values: list[str], full: bool) -> bool:
    if not _could_be_header(values) or not any(is_text(value) or is_year(value) for value in values):
        return False
    label = plain(line.cell(0))
    return not full or not label or bool(UNIT_HEADER.fullmatch(label))


def _numbers_columns(line: Line) -> bool:
    """Tell whether a line only numbers the columns: 1, 2, 3 or (1), (2), (3)."""
    inner = [plain(line.cell(position)).strip("()") for position in line.filled()]
    starts = {"0", "1", "2"}
    return len(inner) > 2 and inner[0] in starts and inner == [str(int(inner[0]) + step) for step in range(len(inner))]


def _usual_width(lines: list[Line]) -> int:
    widths = [line.filled()[-1] + 1 for line in lines if len(line.filled()) > 1]
    return max(set(widths), key=widths.count) if widths else 0


def _used(found: list[Line], body: list[Line]) -> list[Line]:
    """Drop lines above the last one, where that one alone names every column of figures."""
    last = found[-1]
    positions = {
        position for line in body for position in line.filled() if position > 0 and is_figure(line.cell(position))
    }
    names = [plain(last.cell(position)) for position in positions]
    alone = plain(last.cell(0)) and all(names) and len(set(names)) == len(names)
    return [last] if alone else found[-DEEPEST_HEADER:]


def column_names(header: list[Line]) -> dict[int, str]:
    """Join the header lines; a label above blank cells holds for all of them."""
    width = max(len(line.cells) for line in header)
    last = header[-1]
    names: dict[int, list[str]] = {position: [] for position in range(width)}
    for line in header[:-1]:
        carried = ""
        for position in range(1, width):
            own = plain(line.cell(position))
            carried = own or carried
            label = own or (carried if plain(last.cell(position)) else "")
            if label:
                names[position].append(label)
    for position in range(width):
        own = plain(last.cell(position))
        if own and own not in names[position]:
            names[position].append(own)
    return {position: PATH.join(parts) for position, parts in names.items()}
