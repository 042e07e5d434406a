"""Loading a data set: read, correct, validate, attach units and sources."""

import re
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import Any

import pandas as pd
from pandera.errors import SchemaErrors

from crossfoot.errors import DataError, RequestError
from crossfoot.text import read_grid
from nbedition.data.datasets import Dataset, dataset, datasets
from nbedition.data.sources import sources

MOST_FAILURES_SHOWN = 10
NUMERIC = {
    "float64": (re.compile(r"[+-]?\d+(\.\d+)?"), "a number"),
    "int64": (re.compile(r"[+-]?\d+"), "a whole number"),
}

Place = tuple[Any, str]  # row of the table (None: the whole table) and column


def load(name: str, table: str | Path | None = None) -> pd.DataFrame:
    """Return a data set as a validated frame that knows its units and sources.

    Parameters
    ----------
    name
        One of `names`.
    table
        A CSV file of your own in the same columns, read instead of the shipped one. Data sets
        that take one: ``funding``, ``regional_series``.

    Returns
    -------
    pandas.DataFrame
        ``attrs["units"]`` maps each column to its unit, ``attrs["sources"]`` lists the source
        records, ``attrs["half_widths"]`` maps each numeric column to the rounding half-widths
        of its cells (same index, same unit as the column).

    Raises
    ------
    RequestError
        If there is no such data set or it takes no table of your own.
    DataError
        If the file is missing or does not fit the schema; all failures are named together.

    Examples
    --------
    >>> funding = load("funding")
    >>> float(funding.loc[2007, "aid_county"]), funding.attrs["units"]["aid_county"]
    (83.2521, 'million yuan')
    """
    described = dataset(name)
    if table and not described.own_table:
        raise RequestError(f"data set '{name}' takes no table of your own; those that do: {', '.join(own_tables())}.")
    where = str(table) if table else f"data/{described.file}"
    text = _own_table(Path(table)) if table else described.read()
    frame = _validated(described, text, where)
    frame.attrs = {
        "dataset": name,
        "units": {column: _unit(described, column) for column in frame.columns},
        "sources": [Path(table).name] if table else list(described.sources),
        "half_widths": _half_widths(frame, text, described.index),
    }
    return frame


def half_width(text: str) -> float:
    """Return the rounding half-width of a printed decimal, in units of the number.

    Examples
    --------
    >>> half_width("83.2521"), half_width("77")
    (5e-05, 0.5)
    """
    try:
        exponent = Decimal(text.replace(",", "")).as_tuple().exponent
    except InvalidOperation:
        return float("nan")
    return float(Decimal(5).scaleb(exponent - 1)) if isinstance(exponent, int) else float("nan")


def names() -> list[str]:
    """Return the names of all data sets."""
    return list(datasets())


def own_tables() -> list[str]:
    """Return the names of the data sets that take a table of the user's own."""
    return [name for name, described in datasets().items() if described.own_table]


def check() -> list[str]:
    """Load every data set and look up every source; return one line for each data set.

    Raises
    ------
    DataError
        If anything does not hold.
    """
    known = sources()
    lines = []
    for name, described in datasets().items():
        frame = load(name)
        cited = set(described.sources) | set(frame.get("source", []))
        if missing := sorted(cited - set(known)):
            raise DataError(f"data set '{name}' cites {', '.join(missing)}, which data/sources.yml does not hold.")
        lines.append(f"{name}: {len(frame)} rows, sources {', '.join(sorted(cited))}")
    return lines


def _own_table(path: Path) -> pd.DataFrame:
    header, *rows = read_grid(path)
    if repeated := sorted({column for column in header if header.count(column) > 1}):
        raise DataError(f"{path}: column {', '.join(map(repr, repeated))} stands twice in the header line.")
    return pd.DataFrame(rows, columns=header)


def _validated(described: Dataset, text: pd.DataFrame, where: str) -> pd.DataFrame:
    cells = text.mask(text == "")
    numbers, failures = _numbers(described, cells)
    try:
        frame = described.schema.validate(numbers, lazy=True)
    except SchemaErrors as error:
        for case in error.failure_cases.to_dict("records"):
            failures.setdefault(*_failure(case, cells))
    if failures:
        said = list(dict.fromkeys(failures.values()))
        more = len(said) - MOST_FAILURES_SHOWN
        rest = f"; and {more} more" if more > 0 else ""
        raise DataError(f"{where}: {'; '.join(said[:MOST_FAILURES_SHOWN])}{rest}.")
    frame = frame.sort_values("year", ignore_index=True) if described.index == "year" else frame
    return frame.set_index(described.index) if described.index else frame


def _numbers(described: Dataset, cells: pd.DataFrame) -> tuple[pd.DataFrame, dict[Place, str]]:
    """Turn the cells of numeric columns to numbers; name those that are none by place."""
    numbers, failures = cells.copy(), {}
    for name, column in described.schema.columns.items():
        kind = NUMERIC.get(str(column.dtype).lower())
        if name not in cells or kind is None:
            continue
        pattern, expected = kind
        for index, cell in cells[name].items():
            if isinstance(cell, str) and not pattern.fullmatch(cell):
                failures[index, name] = f"{_place(cells, index, name)}: {expected} expected, got '{cell}'"
        unread = [index for index, column in failures if column == name]
        numbers[name] = pd.to_numeric(cells[name].mask(cells.index.isin(unread)))
    return numbers, failures


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
    found = cells.loc[index, column]
    if pd.isna(found):
        return (index, column), f"{_place(cells, index, column)} is empty"
    return (index, column), f"{_place(cells, index, column)}: {check} expected, got '{found}'"


def _place(cells: pd.DataFrame, index: Any, column: str) -> str:
    """Name a cell as an editor shows it: line of the file, first cell of the row, column."""
    first = cells.iloc[int(index), 0]
    row = f" ({first!s})" if column != cells.columns[0] else ""
    return f"line {int(index) + 2}{row}, column '{column}'"


def _unit(described: Dataset, column: str) -> str:
    metadata = described.schema.columns[column].metadata or {}
    return str(metadata["unit"])


def _half_widths(frame: pd.DataFrame, text: pd.DataFrame, index: str | None) -> dict[str, dict[Any, float]]:
    keyed = text.set_index(text[index].astype(frame.index.dtype)) if index else text
    numeric = frame.select_dtypes("float").columns
    return {column: {key: half_width(cell) for key, cell in keyed[column].items()} for column in numeric}


def text_of(frame: pd.DataFrame, index: str | None) -> dict[str, dict[str, str]]:
    """Return a table of texts by row and column; rows without an index are numbered from 1.

    Examples
    --------
    >>> text_of(pd.DataFrame({"year": ["2003"], "pupils": ["20 650"]}), "year")
    {'2003': {'pupils': '20 650'}}
    """
    labels = frame[index] if index else [str(number) for number in range(1, len(frame) + 1)]
    rows = frame.drop(columns=[index] if index else []).to_dict("records")
    return {
        str(label): {str(name): str(cell) for name, cell in row.items()}
        for label, row in zip(labels, rows, strict=True)
    }
