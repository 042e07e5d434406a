"""Reading a table file as it was printed, untidy or not, into the `Table` that all checks work on."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TypeVar

from crossfoot.errors import DataError, RequestError
from crossfoot.read.cells import Printed, Style, plain, read_cell, take_apart
from crossfoot.read.conventions import Place, table_style
from crossfoot.read.layout import PATH, Heading, LaidOutRow, Layout, lay_out, split_lines
from crossfoot.table import Table
from crossfoot.text import read_text

Given = TypeVar("Given")
Got = TypeVar("Got")
MOST_NAMED = 10  # cells named in one error
CHOICES = {"decimal": (".", ","), "parentheses": ("negative", "share")}

_UNIT_WORDS = (
    r"%|per ?cent|thousands?|millions?|billions?|'?000s?|persons?|people|head|households?|numbers?|no\.|yuan|rmb"
    r"|[a-z]{0,3}\$|usd|eur|euros?|€|£|dollars?|km2?|kms?|sq\.? ?km|ha|hectares?|tonnes?|tons?|kg|litres?"
    r"|hours?|days?|years?|terms|mu|index|ratio|元|万元|亿元|人|万人|个"
)
_UNIT_IN_LABEL = re.compile(rf"(?:\(((?:(?:{_UNIT_WORDS})[ /.,]*)+)\)|, ?({_UNIT_WORDS}))$", re.IGNORECASE)


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


def read_table(
    path: str | Path, *, decimal: str | None = None, parentheses: str | None = None, counts: bool = False
) -> PrintedTable:
    r"""Return the table in a CSV file, read as printed.

    Comma, semicolon or tab separates cells. Labels are taken as printed; labels that stand twice are preceded by those
    of their parents. What a mark means is decided from the whole table, never for one cell. `path`: a UTF-8 file with a
    header line and labels in its first column; `decimal`: the decimal mark, "." or ","; None to decide from the table;
    `parentheses`: what a figure in parentheses is, "negative" or "share"; None to decide from the table; `counts`:
    whether whole numbers are counts and thus exact; by default they may have been rounded to the unit. Gives every cell
    with its printed text and the values it can stand for. Raises RequestError if an option has no such choice;
    DataError if the file holds no table, a label stands twice without a parent to tell by, marks cannot be decided, or
    cells cannot be read: all are named by row, column and text.

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
    for option, choice in (("decimal", decimal), ("parentheses", parentheses)):
        if choice is not None and choice not in CHOICES[option]:
            first, second = CHOICES[option]
            raise RequestError(f"{option} is '{first}' or '{second}', got '{choice}'.")
    text = read_text(Path(path))
    try:
        layout = lay_out(split_lines(text))
        rows = _row_labels(layout)
        texts = {
            (label, column): cell
            for label, row in rows.items()
            for column, cell in zip(layout.columns, row.cells, strict=True)
        }
        printed = _each(texts, take_apart)
        style = table_style(printed, decimal, parentheses)._replace(counts=counts)
        cells = _each(printed, lambda taken: read_cell(taken, style))
    except DataError as error:
        raise DataError(f"{path}: {error}") from None
    return PrintedTable(
        str(path),
        tuple(rows),
        layout.columns,
        cells,
        units={label: unit for label, row in rows.items() if (unit := _unit(row, layout.columns, printed, label))},
        levels={label: row.level for label, row in rows.items()},
        headings={label: row.heading for label, row in rows.items()},
        style=style,
        caption=layout.caption,
        notes=layout.notes,
    )


def _each(given: Mapping[Place, Given], read: Callable[[Given], Got]) -> dict[Place, Got]:
    """Read every cell, or name together those that cannot be read."""
    done: dict[Place, Got] = {}
    said = []
    for (row, column), cell in given.items():
        try:
            done[row, column] = read(cell)
        except DataError as error:
            said.append(f"row '{row}', column '{column}': {str(error).rstrip('.')}")
    if said:
        more = f"; and {len(said) - MOST_NAMED} more" if len(said) > MOST_NAMED else ""
        cells = "1 cell" if len(said) == 1 else f"{len(said)} cells"
        raise DataError(f"{cells} cannot be read: {'; '.join(said[:MOST_NAMED])}{more}.")
    return done


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
    labels = [PATH.join(path) for path in paths]
    for label, times_found in Counter(labels).items():
        if times_found > 1:
            lines = [row.number for row, other in zip(rows, labels, strict=True) if other == label]
            raise DataError(
                f"row '{label}' stands on lines {', '.join(map(str, lines))} and no indentation or heading tells them "
                "apart; give each its own label."
            )
    return dict(zip(labels, rows, strict=True))


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


def _unit(row: LaidOutRow, columns: tuple[str, ...], printed: Mapping[Place, Printed], label: str) -> str:
    """Return the unit a row states: in the Unit column, in its label, or with every figure."""
    if row.unit:
        return row.unit
    if match := _UNIT_IN_LABEL.search(plain(label)):
        return match[1] or match[2]
    found = {printed[label, column].unit for column in columns if not printed[label, column].missing}
    return found.pop() if len(found) == 1 else ""
