"""Where things stand in an untidy table: header, label columns, units, headings, rows and notes."""

from __future__ import annotations

import csv
import io
import re
from collections import Counter
from dataclasses import dataclass, field
from typing import NamedTuple

from crossfoot.errors import DataError
from crossfoot.read.cells import plain, take_apart

DELIMITERS = ("\t", ";", ",")
DEEPEST_HEADER = 3  # lines
PATH = " / "  # stands between a label and the one above it

_YEAR = re.compile(r"(?:FY|CY)? ?(?:1[89]|20)[0-9]{2}(?: ?[-/] ?[0-9]{2,4})?年?[a-zA-Z*†]?")
_CAPTION = re.compile(r"(?:table|tab\.|unit|表 ?[0-9]|单位)[^|]*(?:[0-9]|:)", re.IGNORECASE)
_UNIT_HEADER = re.compile(r"units?(?: of measure(?:ment)?)?|计量单位|单位", re.IGNORECASE)
_NOTE_WORD = r"(?:notes?|sources?|data (?:re)?sources?|remarks?|n\.?b\.?|注释?|资料来源|数据来源)"
_NOTE = re.compile(rf"{_NOTE_WORD}\b|[*†‡§]|\[\w\]|\(?[a-z0-9]\) ", re.IGNORECASE)
_NOTE_COLON = re.compile(rf"{_NOTE_WORD} ?[:.]", re.IGNORECASE)
_NOTES_HEADER = re.compile(r"(?:foot)?notes?|remarks?|sources?|comments?|flags?|备注", re.IGNORECASE)
_PERIOD_HEADER = re.compile(
    r"years?|fiscal year|quarters?|months?|periods?|ages?(?: group)?|年份?|季度|月份", re.IGNORECASE
)
_NEARLY_FIGURE = re.compile(r"\W*[0-9]|(?:about|around|approx\w*|roughly|ca?\.?|circa|约) ?[0-9]", re.IGNORECASE)
_CODE = re.compile(r"\(?(?:[0-9]+(?:\.[0-9]+)*|[ivxIVX]+|[A-Za-z])[.)]{0,2}")
_INDENT = re.compile(r"^(?:[ \t\u00a0\u2000-\u200a\u3000]|\.{2,} ?|[-–—•·*] )*")


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


class LaidOutRow(NamedTuple):
    """One row of figures: label path from the outermost, indentation, headings above, unit, and the printed cells."""

    number: int
    path: tuple[str, ...]
    level: int
    code: str
    heading: str
    unit: str
    cells: tuple[str, ...]


class Layout(NamedTuple):
    """What stands where: lines above the header, column labels, rows and headings in order, lines below."""

    caption: tuple[str, ...]
    columns: tuple[str, ...]
    rows: tuple[LaidOutRow | Heading, ...]
    notes: tuple[str, ...]


class Heading(NamedTuple):
    """A line that names the rows below it and holds no figure."""

    number: int
    label: str
    level: int


@dataclass
class _Columns:
    """Positions by what they hold."""

    names: dict[int, str]
    width: int
    labels: list[int] = field(default_factory=lambda: [0])
    values: list[int] = field(default_factory=list)
    unit: int | None = None
    code: int | None = None


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
    return [Line(reader.line_num, tuple(cells)) for cells in reader]


def _is_figure(text: str) -> bool:
    """Tell whether a cell holds a figure, whatever its convention."""
    try:
        return not take_apart(text).missing
    except DataError:
        return False


def _is_text(text: str) -> bool:
    """Tell whether a cell holds neither a figure nor a mark for a missing one."""
    try:
        take_apart(text)
    except DataError:
        return True
    return False


def _is_year(text: str) -> bool:
    """Tell whether a cell names a year, as column labels do, with or without a footnote mark."""
    if _YEAR.fullmatch(plain(text)):
        return True
    return _is_figure(text) and all(_YEAR.fullmatch(body) for body in take_apart(text).bodies)


def _find_header(lines: list[Line]) -> tuple[list[Line], list[Line]]:
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
    return all(_is_year(value) or not _is_figure(value) for value in values)


def _continues_header(line: Line, values: list[str], full: bool) -> bool:
    if not _could_be_header(values) or not any(_is_text(value) or _is_year(value) for value in values):
        return False
    label = plain(line.cell(0))
    return not full or not label or bool(_UNIT_HEADER.fullmatch(label))


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
        position for line in body for position in line.filled() if position > 0 and _is_figure(line.cell(position))
    }
    names = [plain(last.cell(position)) for position in positions]
    alone = plain(last.cell(0)) and all(names) and len(set(names)) == len(names)
    return [last] if alone else found[-DEEPEST_HEADER:]


def _column_names(header: list[Line]) -> dict[int, str]:
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


def lay_out(lines: list[Line]) -> Layout:
    """Find header, label columns, rows and notes."""
    lines = [line for line in lines if line.filled()]
    header, body = _find_header(lines)
    columns = _columns(header, body)
    rows, notes = _rows(body, columns, repeated={tuple(map(plain, line.cells)) for line in header})
    first = lines.index(header[0])
    caption = tuple(plain(" ".join(line.cells)) for line in lines[:first])
    return Layout(caption, tuple(columns.names[position] for position in columns.values), rows, notes)


def _columns(header: list[Line], body: list[Line]) -> _Columns:
    columns = _Columns(_column_names(header), max(line.filled()[-1] + 1 for line in header))
    rows = [line for line in body if any(_is_figure(line.cell(position)) for position in line.filled())]
    for position in range(1, columns.width):
        cells = [line.cell(position) for line in rows if plain(line.cell(position))]
        name = columns.names[position]
        figures, text = any(map(_is_figure, cells)), any(map(_is_text, cells))
        if _UNIT_HEADER.fullmatch(name):
            columns.unit = position
        elif _NOTES_HEADER.fullmatch(name) and not figures:
            continue
        elif not columns.values and ((text and not figures and _are_labels(cells)) or _PERIOD_HEADER.fullmatch(name)):
            columns.labels.append(position)
        elif cells or name:
            columns.values.append(position)
    _set_code_apart(columns, rows)
    _check_names(columns)
    return columns


def _are_labels(cells: list[str]) -> bool:
    """Tell whether cells without a readable figure are labels, rather than figures that cannot be read."""
    return 2 * sum(bool(_NEARLY_FIGURE.match(plain(cell))) for cell in cells) < len(cells)


def _set_code_apart(columns: _Columns, rows: list[Line]) -> None:
    """Leave a first column of serial numbers out of the labels."""
    first = [plain(line.cell(0)) for line in rows if plain(line.cell(0))]
    if len(columns.labels) > 1 and first and all(_CODE.fullmatch(cell) for cell in first):
        columns.code = columns.labels.pop(0)


def _check_names(columns: _Columns) -> None:
    if not columns.values:
        raise DataError("no column of figures stands beside the labels.")
    for position in columns.values:
        if not columns.names[position]:
            raise DataError(f"column {position + 1} holds figures but the header gives it no label.")
    names = [columns.names[position] for position in columns.values]
    for name, times in Counter(names).items():
        if times > 1:
            raise DataError(f"column '{name}' stands {times} times in the header; give each its own label.")


def _rows(
    body: list[Line], columns: _Columns, repeated: set[tuple[str, ...]]
) -> tuple[tuple[LaidOutRow | Heading, ...], tuple[str, ...]]:
    lines = [line for line in body if tuple(map(plain, line.cells)) not in repeated]
    lines, notes = _without_notes(lines, columns)
    rows: list[LaidOutRow | Heading] = []
    above = ("",) * len(columns.labels)
    heading = ""
    for line in lines:
        if line.filled()[-1] >= columns.width:
            raise DataError(
                f"line {line.number}: the header names {columns.width} columns, got {line.filled()[-1] + 1} cells; "
                "a figure or label that holds the separator must be quoted."
            )
        above = _path(line, columns, above)
        path = tuple(label for label in above if label)
        if any(plain(line.cell(position)) for position in columns.values):
            rows.append(_row(line, columns, path, heading))
        elif path:
            heading = path[-1]
            rows.append(Heading(line.number, heading, _level(line, columns)))
    return tuple(rows), notes


def _without_notes(lines: list[Line], columns: _Columns) -> tuple[list[Line], tuple[str, ...]]:
    """Split off the lines below the last row of figures."""
    figures = [sum(_is_figure(line.cell(position)) for position in columns.values) for line in lines]
    last = max((index for index, count in enumerate(figures) if count), default=None)
    if last is None:
        raise DataError("no row of figures stands below the header line.")
    end = last + 1
    fewest = max(len(columns.values), 2)
    while end > 1 and figures[end - 1] < fewest and _NOTE_COLON.match(plain(lines[end - 1].cell(0))):
        end -= 1  # the year of a source is no figure
    tail = lines[end:]
    start = next((index for index, line in enumerate(tail) if _is_note(line, columns)), len(tail))
    return lines[:end] + tail[:start], tuple(plain(" ".join(line.cells)) for line in tail[start:])


def _is_note(line: Line, columns: _Columns) -> bool:
    """Tell whether a line below the last figures is a note, not a row without any."""
    label = plain(line.cell(0))
    return bool(_NOTE.match(label)) or not any(plain(line.cell(position)) for position in columns.values)


def _row(line: Line, columns: _Columns, path: tuple[str, ...], heading: str) -> LaidOutRow:
    code = "" if columns.code is None else plain(line.cell(columns.code))
    unit = "" if columns.unit is None else plain(line.cell(columns.unit))
    cells = tuple(line.cell(position).strip() for position in columns.values)
    named = path or (f"(unlabelled, line {line.number})",)
    return LaidOutRow(line.number, named, _level(line, columns), code, heading, unit, cells)


def _path(line: Line, columns: _Columns, above: tuple[str, ...]) -> tuple[str, ...]:
    """Return the labels of a line; blank cells before the first label are merged with those above."""
    labels = [plain(_INDENT.sub("", line.cell(position))) for position in columns.labels]
    first = next((depth for depth, label in enumerate(labels) if label), len(labels))
    merged = above[:first] if first < len(labels) else ("",) * first
    return merged + tuple(labels[first:])


def _level(line: Line, columns: _Columns) -> int:
    """Return how far the label is indented: characters, or the label column it stands in."""
    filled = [position for position in columns.labels if plain(line.cell(position))]
    if len(columns.labels) > 1:
        return columns.labels.index(filled[-1]) if filled else 0
    indent = _INDENT.match(line.cell(columns.labels[0]))
    return 0 if indent is None else len(indent[0].replace("\t", "    ").replace("\u3000", "  "))
