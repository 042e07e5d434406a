"""Where things stand in an untidy table: header, label columns, units, headings, rows and notes."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from itertools import pairwise
from typing import NamedTuple

from crossfoot.errors import DataError
from crossfoot.read.cells import is_simple, plain, take_apart
from crossfoot.read.grid import Line, cut_side_by_side, labels_at_the_right, mirrored
from crossfoot.table import NOT_READ

LONGEST_SPAN = 40  # characters of a label that stands alone in a line of the header
LONGEST_UNIT = 20  # characters
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
_CODE = re.compile(r"\(?(?:[0-9]+(?:\.[0-9]+)*|[ivxIVX]+|[A-Za-z]|[A-Z]{1,3}[-./]?[0-9]{1,4})[.)]{0,2}")
_INDENT = re.compile(r"^(?:[ \t\u00a0\u2000-\u200a\u3000]|\.{2,}+ ?|[-–—•·*] )*+")


class LaidOutRow(NamedTuple):
    """One row of figures: label path from the outermost, indentation, headings above, unit, and the printed cells.

    ``positions`` are those of the cells in the line of the file, from 0; ``wide`` tells that the line has more cells
    than the header, so that what stands where is not known.
    """

    number: int
    path: tuple[str, ...]
    level: int
    code: str
    heading: str
    unit: str
    cells: tuple[str, ...]
    positions: tuple[int, ...]
    wide: bool = False


class Layout(NamedTuple):
    """What stands where: lines above the header, column labels, rows and headings, lines below; what to say of it."""

    caption: tuple[str, ...]
    columns: tuple[str, ...]
    rows: tuple[LaidOutRow | Heading, ...]
    notes: tuple[str, ...]
    remarks: tuple[str, ...] = ()


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


def _is_figure(text: str) -> bool:
    """Tell whether a cell holds a figure, whatever its convention."""
    return is_simple(text) or not take_apart(text).missing


def _is_text(text: str) -> bool:
    """Tell whether a cell holds neither a figure nor a mark for a missing one."""
    return not is_simple(text) and take_apart(text).missing.startswith(NOT_READ)


def _is_year(text: str) -> bool:
    """Tell whether a cell names a year, as column labels do, with or without a footnote mark."""
    if _YEAR.fullmatch(plain(text)):
        return True
    return _is_figure(text) and all(_YEAR.fullmatch(body) for body in take_apart(text).bodies)


def _is_class(text: str) -> bool:
    """Tell whether a figure names a class, as column labels do: a year, from one to another, so much and more."""
    taken = take_apart(text)
    return _is_year(text) or len(taken.bodies) == 2 or bool(taken.side)


def _find_header(lines: list[Line]) -> tuple[list[Line], list[Line]]:
    """Split the lines into those of the header, none where no line names the columns, and those below it."""
    found: list[Line] = []
    width = _usual_width(lines)
    for index, line in enumerate(lines):
        values = [line.cell(position) for position in line.filled() if position > 0]
        full = bool(found) and len(found[-1].filled()) >= (width + 1) / 2
        if not values or (not found and _is_caption(line)):
            continue
        if full and _numbers_columns(line):
            return _used(found, lines[index + 1 :]), lines[index + 1 :]
        if found and not _continues_header(line, values, full):
            body = lines[lines.index(found[-1]) + 1 :]
            return _used(found, body), body
        if not found and not (_could_be_header(values) or _counts_up(values)):
            return [], lines[index:]
        found.append(line)
    raise DataError("no row of figures stands below a header line.")


def _is_caption(line: Line) -> bool:
    """Tell whether a line above the header is a caption: one cell that says so, or that is long."""
    filled = [plain(line.cell(position)) for position in line.filled()]
    return bool(_CAPTION.match(filled[0])) or (len(filled) == 1 and len(filled[0]) > LONGEST_SPAN)


def _could_be_header(values: list[str]) -> bool:
    return all(_is_class(value) or not _is_figure(value) for value in values)


def _counts_up(values: list[str]) -> bool:
    """Tell whether cells are whole numbers in equal steps upwards, as classes are: 1, 2, 3."""
    numbers = [int(text) for value in values if (text := plain(value)).isdecimal() and len(text) < 7]
    steps = {after - before for before, after in pairwise(numbers)}
    return len(numbers) == len(values) > 2 and len(steps) == 1 and min(steps) > 0


def _continues_header(line: Line, values: list[str], full: bool) -> bool:
    label = plain(line.cell(0))
    if not label and not full:
        return True
    if not _could_be_header(values) or not any(_is_text(value) or _is_class(value) for value in values):
        return False
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
    return [last] if alone else found


def _column_names(header: list[Line], width: int) -> dict[int, str]:
    """Join the header lines; a label above blank cells holds for all of them up to the next label above it."""
    names: dict[int, list[str]] = {position: [] for position in range(width)}
    lowest = {position: depth for depth, line in enumerate(header) for position in line.filled()}
    starts: set[int] = set()
    for depth, line in enumerate(header):
        carried = ""
        for position in range(width):
            own = plain(line.cell(position))
            carried = own or ("" if position in starts or position == 1 else carried)
            label = own or (carried if lowest.get(position, -1) > depth else "")
            if label and label not in names[position]:
                names[position].append(label)
        starts.update(line.filled())
    return {position: PATH.join(parts) for position, parts in names.items()}


def lay_out(lines: list[Line]) -> Layout:
    """Find header, label columns, rows and notes, of tables side by side one after the other."""
    lines = [line for line in lines if line.filled()]
    flipped = bool(lines) and labels_at_the_right(lines, _is_figure, _is_text)
    width = max((len(line.cells) for line in lines), default=0)
    lines = mirrored(lines) if flipped else lines
    header, body = _find_header(lines)
    above = lines[: lines.index((header or body)[0])]
    starts = cut_side_by_side([*header, *body], _is_figure, lambda cell: _is_text(cell) and not _nearly_figure(cell))
    parts = [_one_table(*_cut(header, body, *each)) for each in zip(starts, [*starts[1:], width], strict=True)]
    columns = tuple(dict.fromkeys(column for part in parts for column in part.columns))
    rows = tuple(
        _placed(row, part.columns, columns, start, width * flipped)
        for start, part in zip(starts, parts, strict=True)
        for row in part.rows
    )
    remarks = () if header else ("No line names the columns; they are named by their position.",)
    return Layout(tuple(plain(" ".join(line.cells)) for line in above), columns, rows, parts[0].notes, remarks)


def _cut(header: list[Line], body: list[Line], start: int, end: int) -> tuple[list[Line], list[Line]]:
    """Return the part of header and body that stands between two positions."""

    def cut(lines: list[Line]) -> list[Line]:
        return [each for line in lines if (each := Line(line.number, line.cells[start:end])).filled() or not start]

    return cut(header), cut(body)


def _placed(
    row: LaidOutRow | Heading, own: tuple[str, ...], columns: tuple[str, ...], start: int, width: int
) -> LaidOutRow | Heading:
    """Return a row of one of several tables with a cell for each column of all, and positions as in the file."""
    if isinstance(row, Heading):
        return row
    cells = dict(zip(own, zip(row.cells, row.positions, strict=True), strict=True))
    placed = [cells.get(column, ("", -1)) for column in columns]
    positions = tuple(-1 if at < 0 else width - 1 - at if width else at + start for _, at in placed)
    return row._replace(cells=tuple(cell for cell, _ in placed), positions=positions)


def _one_table(header: list[Line], body: list[Line]) -> Layout:
    title = ""
    if len(header) > 1 and header[0].filled() == [0] and header[-1].cell(0).strip():
        title, header = plain(header[0].cell(0)), header[1:]  # of one of two tables side by side
    columns = _columns(header, body)
    rows, notes = _rows(body, columns, repeated={tuple(map(plain, line.cells)) for line in header})
    named = tuple(columns.names[position] for position in columns.values)
    heading = (Heading(header[0].number, title, 0),) if title else ()
    return Layout((), named, heading + rows, notes)


def _columns(header: list[Line], body: list[Line]) -> _Columns:
    width = max(len(line.cells) for line in header or body)
    columns = _Columns(_column_names(header, width), width)
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
        elif figures or (cells and not (text and _are_labels(cells))) or (name and not cells):
            columns.values.append(position)
    _set_code_apart(columns, rows)
    _set_unit_apart(columns, rows)
    _name_columns(columns)
    return columns


def _are_labels(cells: list[str]) -> bool:
    """Tell whether cells without a readable figure are labels, rather than figures that cannot be read."""
    return 2 * sum(map(_nearly_figure, cells)) < len(cells)


def _nearly_figure(cell: str) -> bool:
    return bool(_NEARLY_FIGURE.match(plain(cell)))


def _set_code_apart(columns: _Columns, rows: list[Line]) -> None:
    """Leave a column of serial numbers or codes out of the labels where others remain; years are no codes."""
    for position in (columns.labels[0], columns.labels[-1]):
        cells = [plain(line.cell(position)) for line in rows]
        coded = rows and all(_CODE.fullmatch(cell) for cell in cells) and not all(map(_is_year, cells))
        if len(columns.labels) > 1 and coded and (position or len(set(cells)) == len(cells)):
            columns.code = position
            columns.labels.remove(position)
            return


def _set_unit_apart(columns: _Columns, rows: list[Line]) -> None:
    """Take a last label column for units where the labels before it name each row and it says few short things."""
    if columns.unit is not None or len(columns.labels) < 2 or len(rows) < 3:
        return
    *before, last = columns.labels
    paths = [tuple(plain(line.cell(position)) for position in before) for line in rows]
    said = [plain(line.cell(last)) for line in rows]
    few = 2 * len(set(said)) <= len(said) and all(0 < len(each) <= LONGEST_UNIT for each in said)
    if few and len(set(paths)) == len(paths) and all(path[-1] for path in paths):
        columns.unit = columns.labels.pop()


def _name_columns(columns: _Columns) -> None:
    """Give each column of figures a label of its own."""
    if not columns.values:
        raise DataError("no column of figures stands beside the labels.")
    taken: set[str] = set()
    for position in columns.values:
        name = columns.names[position] or f"column {position + 1}"
        columns.names[position] = f"{name} (column {position + 1})" if name in taken else name
        taken.add(columns.names[position])


def _rows(
    body: list[Line], columns: _Columns, repeated: set[tuple[str, ...]]
) -> tuple[tuple[LaidOutRow | Heading, ...], tuple[str, ...]]:
    lines = [line for line in body if tuple(map(plain, line.cells)) not in repeated]
    lines, notes = _without_notes(lines, columns)
    rows: list[LaidOutRow | Heading] = []
    above = ("",) * len(columns.labels)
    heading = ""
    for line in lines:
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
    wide = line.filled()[-1] >= columns.width
    return LaidOutRow(
        line.number, named, _level(line, columns), code, heading, unit, cells, tuple(columns.values), wide
    )


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
