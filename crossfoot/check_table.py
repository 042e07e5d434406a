"""One call that checks a table, wherever it comes from: a file, its text, or a data frame."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Sequence
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING, Any

from crossfoot.errors import RequestError
from crossfoot.relations import Relation
from crossfoot.report import CheckResult, audit_table
from crossfoot.table import Table

if TYPE_CHECKING:
    from crossfoot.read import PrintedTable

DIGITS = 12  # significant ones that are kept of a binary number; the last of its 17 are noise of computing


def check(
    table: Any,
    relations: str | Path | Iterable[Relation] | None = None,
    *,
    name: str | None = None,
    decimal: str | None = None,
    **reading: Any,
) -> CheckResult:
    r"""Check a table against itself, and explain what fails.

    Parameters
    ----------
    table
        The path of a CSV file, the text of one (with its line breaks), a pandas frame, or a `Table`. A frame's row
        labels are its index; where that only counts the rows, its first column. Binary numbers are taken as rounded
        to the decimals that both their row and their column show, counts as whole numbers.
    relations
        What should hold: relations, or the path of a relations file. None: what the table suggests itself.
    name
        What sentences call the table; by default the path, else "table".
    decimal, **reading
        How the table is read: options of `read_table`.

    Returns
    -------
    CheckResult
        Verdicts and explained faults; ``report("text")`` is what the command line prints, and ``"json"``, ``"csv"``,
        ``"sarif"`` and ``"html"`` are other forms of it.

    Raises
    ------
    ReportedError
        If there is no such file, what is given holds no table, or a relation does not fit it; one sentence.

    Examples
    --------
    >>> result = check("Pupils,2022,2023,2024\nBoys,5170,5301,5288\nGirls,4966,5012,5107\nAll,10136,10313,10935")
    >>> result.counts
    '2 hold, 1 fail, 0 cannot be told'
    >>> [(misprint.kind, misprint.changes) for misprint in result.faults[0].misprints][0]
    ('two digits transposed', ((('All', '2024'), '10395'),))

    A frame is checked without importing pandas here:

    >>> import pandas
    >>> figures = {"2022": [5170, 4966, 10136], "2023": [5301, 5012, 10313]}
    >>> check(pandas.DataFrame(figures, index=["Boys", "Girls", "All"])).counts
    '2 hold, 0 fail, 0 cannot be told'
    """
    given = {"decimal": decimal, **reading}
    read = table if isinstance(table, Table) else _read(table, name, given)
    note = ""
    if relations is None:
        from crossfoot.suggest import suggest_relations

        found = suggest_relations(read)
        relations, note = [proposal.relation for proposal in found], found.note
    elif isinstance(relations, str | Path):
        from crossfoot.relation_file import read_relations

        relations = read_relations(Path(relations))
    return audit_table(read, list(relations), note)


def _read(table: Any, name: str | None, given: dict[str, Any]) -> PrintedTable:
    from crossfoot.read import read_table

    if isinstance(table, str) and any(mark in table for mark in "\r\n"):
        return read_table(name or "table", text=table, **given)
    if isinstance(table, str | Path):
        return read_table(table, **given)
    if not all(hasattr(table, has) for has in ("columns", "index", "itertuples", "isna")):
        raise RequestError(f"a path, a text, a pandas frame or a Table is expected, got {type(table).__name__}.")
    text, fractions = _frame_text(table)
    if fractions and given["decimal"] is None:
        given["decimal"] = "."
    return read_table(name or "table", text=text, **given)


def _frame_text(frame: Any) -> tuple[str, bool]:
    """Return a frame as the text of a CSV file, and whether any figure has decimals."""
    missing = [list(row) for row in frame.isna().itertuples(index=False, name=None)]
    values: list[list[Any]] = [
        [None if gone else value for value, gone in zip(row, nothing, strict=True)]
        for row, nothing in zip(frame.itertuples(index=False, name=None), missing, strict=True)
    ]
    shown = _texts(values)
    labels = [_levels(label) for label in frame.index]
    header = [_levels(label) for label in frame.columns]
    if [level for (level, *_) in labels] != [*map(str, range(len(labels)))] or len(header) < 2:
        shown = [[*label, *row] for label, row in zip(labels, shown, strict=True)]
        names = [str(each or "") for each in frame.index.names]
        header = [[each] for each in names] + header
    depth = max(map(len, header), default=1)
    lines = [
        [level[max(0, at - depth + len(level))] if at >= depth - len(level) else "" for level in header]
        for at in range(depth)
    ]
    target = io.StringIO()
    csv.writer(target, lineterminator="\n").writerows([*lines, *shown])
    return target.getvalue(), any(_binary(value) and float(value) % 1 for row in values for value in row)


def _levels(label: Any) -> list[str]:
    return [str(level) for level in label] if isinstance(label, tuple) else [str(label)]


def _texts(values: Sequence[Sequence[Any]]) -> list[list[str]]:
    """Return each value as it would be printed: numbers with the decimals that both their row and column show."""
    plain = [[_text(value) for value in row] for row in values]
    decimals = [
        [len(text.partition(".")[2]) if _binary(value) else 0 for value, text in zip(row, texts, strict=True)]
        for row, texts in zip(values, plain, strict=True)
    ]
    by_column = [max(column) for column in zip(*decimals, strict=True)]
    return [
        [
            f"{Decimal(text):.{max(shown[at], min(max(shown), by_column[at]))}f}" if _binary(value) else text
            for at, (value, text) in enumerate(zip(row, texts, strict=True))
        ]
        for row, texts, shown in zip(values, plain, decimals, strict=True)
    ]


def _binary(value: Any) -> bool:
    return isinstance(value, float) or type(value).__name__.startswith("float")


def _text(value: Any) -> str:
    if value is None:
        return ""
    return format(Decimal(format(float(value), f".{DIGITS}g")).normalize(), "f") if _binary(value) else str(value)
