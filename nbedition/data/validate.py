"""Validation: a table of texts against its declaration, by pandera, all failures together and each in words."""

import re
from collections.abc import Callable
from typing import Any

import pandas as pd
from pandera.errors import SchemaErrors
from pandera.pandas import Check, DataFrameSchema
from pandera.pandas import Column as PanderaColumn

from crossfoot.errors import DataError
from nbedition.data.datasets import Column, Dataset

MOST_FAILURES_SHOWN = 10
NUMERIC = {  # by type: form of a cell, what is expected, most digits before the point, type of the column
    "number": (re.compile(r"[+-]?([0-9]+)(\.[0-9]+)?"), "a number", 300, "float64"),
    "integer": (re.compile(r"[+-]?([0-9]+)"), "a whole number", 18, "Int64"),
}
BOUNDS: dict[str, tuple[Callable[..., Check], str]] = {
    "minimum": (Check.ge, "at least"),
    "maximum": (Check.le, "at most"),
    "exclusiveMinimum": (Check.gt, "more than"),
    "exclusiveMaximum": (Check.lt, "less than"),
}

Place = tuple[Any, str]  # row of the table (None: the whole table) and column
Failures = dict[Place, str]


def validated(described: Dataset, text: pd.DataFrame, where: str) -> pd.DataFrame:
    """Return a table of texts with its types and its index.

    `described`: what the table must look like; `text`: the table, every cell as text; `where`: what the table is called
    in an error. Raises DataError if it does not fit; all failures are named together.
    """
    cells = text.mask(text.isin(described.table.missing_values))
    frame, failures = _numbers(described, cells)
    try:
        frame = pandera_schema(described).validate(frame, lazy=True)
    except SchemaErrors as error:
        for case in error.failure_cases.to_dict("records"):
            failures.setdefault(*_failure(case, cells))
    failures |= _repeated_keys(described, frame, cells)
    if failures:
        said = list(dict.fromkeys(failures.values()))
        more = len(said) - MOST_FAILURES_SHOWN
        rest = f"; and {more} more" if more > 0 else ""
        raise DataError(f"{where}: {'; '.join(said[:MOST_FAILURES_SHOWN])}{rest}.")
    whole = {
        name for name, column in described.columns.items() if column.type == "integer" and described.required(name)
    }
    frame = frame.astype(dict.fromkeys(whole.intersection(frame), "int64"))
    frame = frame.sort_values("year", ignore_index=True) if described.index == "year" else frame
    return frame.set_index(described.index) if described.index else frame


def pandera_schema(described: Dataset) -> DataFrameSchema:
    """Return a declaration as pandera checks it."""
    columns = {
        name: PanderaColumn(
            NUMERIC[column.type][-1] if column.type in NUMERIC else str,
            _checks(column, unique=described.unique(name)),
            coerce=True,
            nullable=not described.required(name),
            required=not column.may_be_left_out,
        )
        for name, column in described.columns.items()
    }
    return DataFrameSchema(columns, [Check(one.test(), error=one.expects) for one in described.checks], strict=True)


def _checks(column: Column, *, unique: bool) -> list[Check]:
    said, allowed, bounds = column.constraints, column.allowed, column.constraints.bounds
    if column.expects and set(bounds) == {"minimum", "maximum"}:  # in one sentence, so in the order of the rows
        checks = [Check.in_range(bounds["minimum"], bounds["maximum"], error=column.expects)]
    else:
        checks = [
            check(bounds[name], error=column.expects or f"{words} {bounds[name]}")
            for name, (check, words) in BOUNDS.items()
            if name in bounds
        ]
    if allowed is not None:
        checks.append(Check.isin(allowed, error=column.expects or f"one of {', '.join(map(str, said.enum or []))}"))
    if said.pattern is not None:
        form = column.expects or f"text of the form {said.pattern}"
        checks.append(Check.str_matches(f"^(?:{said.pattern})$", error=form))
    if unique:
        checks.append(Check(lambda cells: ~cells.duplicated(), error=f"each {column.name} once"))
    return checks


def _numbers(described: Dataset, cells: pd.DataFrame) -> tuple[pd.DataFrame, Failures]:
    """Turn the cells of numeric columns to numbers; name those that are none by place."""
    numbers, failures = cells.copy(), {}
    for name, column in described.columns.items():
        if name not in cells or column.type not in NUMERIC:
            continue
        unread = {row: said for row, cell in cells[name].items() if (said := _misfit(cell, column.type))}
        for row, expected in unread.items():
            failures[row, name] = _sentence(cells, row, name, expected)
        numbers[name] = pd.to_numeric(cells[name].mask(cells.index.isin(list(unread))))
    return numbers, failures


def _misfit(cell: object, kind: str) -> str:
    """Return what is expected instead of a cell; "" where it is a number of the kind, or empty."""
    form, expected, most, _ = NUMERIC[kind]
    if not isinstance(cell, str):
        return ""
    found = form.fullmatch(cell)
    if found is None:
        return expected
    return f"{expected} of at most {most} digits" if len(found[1]) > most else ""


def _repeated_keys(described: Dataset, frame: pd.DataFrame, cells: pd.DataFrame) -> Failures:
    """Name each row whose key of several columns stands in a row above."""
    failures: Failures = {}
    for key in (described.table.primary_key, *described.table.unique_keys):
        if len(key) < 2 or not set(key) <= set(frame):
            continue
        filled = frame[key].dropna()
        for row in filled.index[filled.duplicated()]:
            found = ", ".join(cells.loc[row, key])
            names = f"{', '.join(key[:-1])} and {key[-1]}"
            failures[row, names] = f"line {row + 2}: each {names} once expected, got '{found}'"
    return failures


def _failure(case: dict[Any, Any], cells: pd.DataFrame) -> tuple[Place, str]:
    """Return where a failed check failed and what to say of it."""
    check, column, index = str(case["check"]), case["column"], case["index"]
    if check == "column_in_dataframe":
        return (None, case["failure_case"]), f"column '{case['failure_case']}' is missing"
    if check == "column_in_schema":
        return (None, case["failure_case"]), f"column '{case['failure_case']}' is not known"
    if pd.isna(index):
        return (None, check), f"{check} expected"
    if column not in cells.columns:
        return (index, check), f"line {int(index) + 2}: {check} expected"
    return (index, column), _sentence(cells, index, column, check)


def _sentence(cells: pd.DataFrame, row: Any, column: str, expected: str) -> str:
    """Name a cell as an editor shows it, by line, first cell of the row and column; say what is expected."""
    first, found = cells.iloc[int(row), 0], cells.loc[row, column]
    named = f" ({first!s})" if column != cells.columns[0] else ""
    place = f"line {int(row) + 2}{named}, column '{column}'"
    return f"{place} is empty" if pd.isna(found) else f"{place}: {expected} expected, got '{found}'"
