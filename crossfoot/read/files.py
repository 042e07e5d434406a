"""Reading a table file as it was printed, untidy or not, into the `Table` that all checks work on."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from fractions import Fraction
from pathlib import Path

from crossfoot.errors import DataError, RequestError
from crossfoot.intervals import Interval
from crossfoot.read.cells import Printed, Style, plain, read_cell, take_apart
from crossfoot.read.conventions import Place
from crossfoot.read.decide import Asked, Reading, decide
from crossfoot.read.formats import read_sheet
from crossfoot.read.grid import Line
from crossfoot.read.layout import PATH, Heading, LaidOutRow, Layout, lay_out
from crossfoot.rounding import as_rounded
from crossfoot.table import NOT_READ, Cell, Table, TableSource, unread_cells, unread_sentence

TOO_WIDE = "its line has more cells than the header; quote a figure or label that holds the separator"
CHOICES = {"decimal": (".", ","), "parentheses": ("negative", "share"), "unit": ("one", "several")}
NIL_WORDS = {"blank": "", "none": "no mark"}

Taken = dict[Place, tuple[Printed, tuple[int, int]]]  # what is printed in a cell, and its line and column

_UNIT_WORDS = (  # none that begins another one: each place of a label is then read in one way only
    r"%|per ?cent|thousands?|millions?|billions?|'?000s?|persons?|people|head|households?|numbers?|no\.|yuan|rmb"
    r"|[a-z]{0,3}\$|usd|eur(?:os?)?|€|£|dollars?|km[2s]?|sq\.? ?km|ha|hectares?|tonnes?|tons?|kg|litres?"
    r"|hours?|days?|years?|terms|mu|index|ratio|元|万元|亿元|人|万人|个"
)
_UNIT_IN_LABEL = re.compile(rf"(?:\(((?:(?:{_UNIT_WORDS})[ /.,]*+)++)\)|, ?({_UNIT_WORDS}))$", re.IGNORECASE)

_RATE_UNIT = re.compile(r"%|‰|\bper ?cent|\bratio|\bindex|/|率", re.IGNORECASE)


@dataclass(frozen=True)
class PrintedTable(Table):
    """A table read from a file, with what its layout says beside the figures.

    Units, levels (of indentation) and headings (the line above) are those of the rows that have one; ``caption`` and
    ``notes`` are the lines above the header and below the last row.
    """

    units: Mapping[str, str] = field(default_factory=dict)
    levels: Mapping[str, int] = field(default_factory=dict)
    headings: Mapping[str, str] = field(default_factory=dict)
    style: Style = field(default_factory=Style)
    caption: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()


def read_table(  # noqa: PLR0913 (each option says one thing of how to read)
    path: str | Path,
    *,
    sheet: str | None = None,
    decimal: str | None = None,
    parentheses: str | None = None,
    counts: bool = False,
    unit: str | None = None,
    nil: Iterable[str] | None = None,
    strict: bool = False,
    text: str | None = None,
) -> PrintedTable:
    r"""Return the table in a file, read as printed.

    Labels are taken as printed; labels that stand twice are preceded by those of their parents. What a mark means is
    decided from the whole table, never for one cell: read under each meaning, the one is kept under which more
    relations hold than chance allows. `path`: UTF-8 text with cells separated by comma, semicolon or tab, an XLSX or
    ODS workbook, or a web page; "-" for standard input; `sheet`: which sheet, by name or number, or table of a page;
    `decimal`: the decimal mark, "." or ","; `parentheses`: what a figure in parentheses is, "negative" or "share";
    `unit`: "one" if all rows are in one unit whatever their labels say, "several" if not; `nil`: the marks in place of
    a figure that are nil, "blank" for blank cells, "none" for no mark; each None to decide from the table; `counts`:
    whether whole numbers are counts and thus exact; by default they may have been rounded to the unit; `strict`:
    whether a cell that cannot be read is an error; `text`: the text of the table, if `path` is but its name. Gives
    every cell with its printed text and the values it can stand for; what could not be read has no figure and is
    listed in ``unread``. Raises RequestError if an option has no such
    choice; DataError if the file holds no table, no line can be read, or `strict` and a cell was not read.

    Examples
    --------
    >>> import tempfile
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     file = Path(folder) / "schools.csv"
    ...     _ = file.write_text("Pupils,2003,2004\nBoys,\"1,234a\",-\nGirls,980,1.5e3")
    ...     table = read_table(file)
    >>> str(table.interval("Boys", "2003")), table.cells["Boys", "2004"].missing
    ('[1233.5, 1234.5]', 'not available')
    """
    for option, choice in (("decimal", decimal), ("parentheses", parentheses), ("unit", unit)):
        if choice is not None and choice not in CHOICES[option]:
            first, second = CHOICES[option]
            raise RequestError(f"{option} is '{first}' or '{second}', got '{choice}'.")
    marks = None if nil is None else frozenset(NIL_WORDS.get(plain(mark).lower(), plain(mark).lower()) for mark in nil)
    found = read_sheet(path, sheet, decimal, text)
    asked = Asked(decimal or found.decimal, parentheses, counts, unit, marks)
    try:
        table = table_of(str(path), found.lines, asked, found.remarks)
        lines = tuple((line.number, line.cells) for line in found.lines)
        table = replace(table, source=TableSource(found.text, lines))
    except DataError as error:
        raise DataError(f"{path}: {error}") from None
    if table.unread and (strict or not any(cell.value for cell in table.cells.values())):
        raise DataError(f"{path}: {unread_sentence(table.unread, len(table.cells))}")
    return table


def table_of(name: str, lines: list[Line], asked: Asked, remarks: tuple[str, ...] = ()) -> PrintedTable:
    """Return the table in the lines of a file, of which there are remarks; DataError if they hold none."""
    layout = lay_out(lines)
    rows = _row_labels(layout)
    columns, taken = _with_second_figures(layout.columns, _taken_apart(layout, rows))
    printed = {spot: cell for spot, (cell, _) in taken.items()}
    units = {label: unit for label, row in rows.items() if (unit := _unit(row, columns, printed, label))}

    def build(reading: Reading, most: int) -> PrintedTable:
        style, kept = reading.style, tuple(rows)[:most]
        some = set(kept)
        read = {spot: replace(read_cell(cell, style), at=at) for spot, (cell, at) in taken.items() if spot[0] in some}
        cells = as_rounded(_with_low_figures(read))
        return PrintedTable(
            name,
            kept,
            columns,
            cells,
            units={} if reading.one_unit else units,
            levels={label: row.level for label, row in rows.items()},
            headings={label: row.heading for label, row in rows.items()},
            style=style,
            caption=layout.caption,
            notes=layout.notes,
            unread=unread_cells(cells),
        )

    stated = set(units.values())
    partly = 0 < len(units) < len(rows)
    differ = partly or (len(stated) > 1 and not any(map(_says_unit, stated)))
    alone = partly and len(stated) == 1 and not _RATE_UNIT.search(min(stated))  # for all rows
    reading, said = decide(printed, build, asked, units_differ=differ, one_unit=alone)
    return replace(build(reading, len(rows)), readings=(*remarks, *layout.remarks, *said))


def _taken_apart(layout: Layout, rows: Mapping[str, LaidOutRow]) -> Taken:
    """Return what is printed in each cell, and where; a line with more cells than the header is not read."""
    taken = {}
    for label, row in rows.items():
        for column, at, cell in zip(layout.columns, row.positions, row.cells, strict=True):
            found = Printed(cell, missing=f"{NOT_READ}: {TOO_WIDE}") if row.wide and plain(cell) else take_apart(cell)
            taken[label, column] = (found, (row.number, at + 1))
    return taken


def _with_second_figures(columns: tuple[str, ...], taken: Taken) -> tuple[tuple[str, ...], Taken]:
    """Return columns and cells with the second figures of a column as a column beside it.

    Whole numbers of two digits beside less than half of the figures of a column are numbers of notes.
    """
    by_column: dict[str, list[Printed]] = {column: [] for column in columns}
    for (_, column), (cell, _) in taken.items():
        if cell.bodies:
            by_column[column].append(cell)
    added: dict[str, str] = {}
    for column, cells in by_column.items():
        seconds = [cell.second for cell in cells if cell.second]
        if seconds and (2 * len(seconds) >= len(cells) or any(len(each) > 2 for each in seconds)):
            first = take_apart(seconds[0])
            kind = "%" if first.unit == "%" else "from-to" if len(first.bodies) > 1 else "second figure"
            added[column] = f"{column}{PATH}{kind}"
    if not added:
        return columns, taken
    done: Taken = {}
    for (row, column), (cell, at) in taken.items():
        done[row, column] = (cell, at)
        if column in added:
            second = take_apart(cell.second) if cell.second else Printed("", missing="not printed", mark="no figure")
            done[row, added[column]] = (second, at)
    return tuple(name for column in columns for name in (column, added.get(column)) if name is not None), done


def _with_low_figures(cells: dict[Place, Cell]) -> dict[Place, Cell]:
    """Return the cells with those that are "low", less than half a unit, from 0 to half the unit of their column."""
    low = [spot for spot, cell in cells.items() if cell.missing == "low"]
    halves = {
        column: min(
            (half for (_, name), cell in cells.items() if name == column and (half := _half(cell))), default=None
        )
        for column in {column for _, column in low}
    }
    return cells | {
        spot: replace(cells[spot], value=Interval(Fraction(0), half), missing="")
        for spot in low
        if (half := halves[spot[1]]) is not None
    }


def _half(cell: Cell) -> Fraction | None:
    return None if cell.value is None or cell.value.low is None or cell.value.high is None else cell.value.half


def _row_labels(layout: Layout) -> dict[str, LaidOutRow]:
    """Return the rows by unique label; labels that stand twice are preceded by those of their parents."""
    parents = _parents(layout)
    rows = [row for row in layout.rows if isinstance(row, LaidOutRow)]
    paths = [[PATH.join(row.path)] for row in rows]
    for step in range(max((len(found) for found in parents), default=0) + 1):
        labels = [PATH.join(path) for path in paths]
        times = Counter(labels)
        for index, label in enumerate(labels):
            if times[label] < 2:
                continue
            if step < len(parents[index]):
                paths[index].insert(0, parents[index][step])
            elif step == len(parents[index]) and rows[index].code:
                paths[index].insert(0, rows[index].code)
    return dict(zip(_told_apart([PATH.join(path) for path in paths], rows), rows, strict=True))


def _told_apart(labels: list[str], rows: list[LaidOutRow]) -> list[str]:
    """Return labels that all differ: one that stands more often follows the last one above that stands once."""
    times = Counter(labels)
    above, named = "", []
    for label in labels:
        named.append(label if times[label] == 1 or not above else f"{above}{PATH}{label}")
        above = label if times[label] == 1 else above
    again = Counter(named)
    return [
        label if again[label] == 1 else f"{label} (line {row.number})" for label, row in zip(named, rows, strict=True)
    ]


def _parents(layout: Layout) -> list[list[str]]:
    """Return for each row the labels it stands under, nearest first."""
    found: list[list[str]] = []
    above: list[tuple[int, str]] = []  # level and label of open parents
    for row in layout.rows:
        heading = isinstance(row, Heading)
        while above and (above[-1][0] > row.level or (above[-1][0] == row.level and heading)):
            above.pop()
        if isinstance(row, Heading):
            above.append((row.level, row.label))
            continue
        found.append([label for _, label in reversed(above)])
        above.append((row.level + 1, row.path[-1]))
    return found


def _says_unit(unit: str) -> bool:
    return bool(_UNIT_IN_LABEL.search(f"({unit})"))


def _unit(row: LaidOutRow, columns: tuple[str, ...], printed: Mapping[Place, Printed], label: str) -> str:
    """Return the unit a row states: in the Unit column, in its label, or with every figure."""
    if row.unit:
        return row.unit
    if match := _UNIT_IN_LABEL.search(plain(label)):
        return match[1] or match[2]
    found = {printed[label, column].unit for column in columns if not printed[label, column].missing}
    return found.pop() if len(found) == 1 else ""
