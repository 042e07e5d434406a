"""The study's two tables: from printed cells to named rows."""

import pandas as pd

from crossfoot.errors import DataError, RequestError
from crossfoot.intervals import Interval
from crossfoot.relation_file import read_relations
from crossfoot.relations import Relation
from crossfoot.table import Cell, Table
from crossfoot.text import Grid, read_grid
from nbedition.data.sources import corrected
from nbedition.project import data_file

STUDY_TABLES = {"table1": False, "table2": True}  # whether the figures are counts, which are not rounded
HEADER_ROW = 2  # after the caption and its garbled second scan


def table_rows(table: str) -> pd.DataFrame:
    """Return what each printed row of a table is called here.

    Parameters
    ----------
    table
        ``"table1"`` or ``"table2"``.

    Returns
    -------
    pandas.DataFrame
        One row an item, indexed by ``item``, in printed order; columns ``row`` (1-based record
        of the printed file), ``printed_label``, ``label``, ``unit``. All text but ``row``.
    """
    header, *rows = read_grid(data_file("printed/rows.csv"))
    frame = pd.DataFrame(rows, columns=header)
    chosen = frame[frame["table"] == table].drop(columns="table")
    return chosen.astype({"row": int}).set_index("item")


def printed_cells(table: str) -> pd.DataFrame:
    """Return a printed table with its corrections, one row an item, every cell as text.

    Parameters
    ----------
    table
        ``"table1"`` or ``"table2"``.

    Returns
    -------
    pandas.DataFrame
        Indexed by ``item``; the columns are the printed column heads.

    Raises
    ------
    DataError
        If a printed label is not the one that ``rows.csv`` expects at that place.
    """
    file = f"printed/{table}.csv"
    grid = corrected(file, read_grid(data_file(file)))
    label_width = sum(1 for head in grid[HEADER_ROW] if not _is_figure_column(head))
    known = table_rows(table)
    labels = _full_labels(grid, label_width)
    for item, row in known.iterrows():
        if labels[row["row"] - 1] != row["printed_label"]:
            raise DataError(
                f"data/{file}, row {row['row']}: {row['printed_label']!r} is expected there for "
                f"'{item}', the file holds {labels[row['row'] - 1]!r}."
            )
    cells = [grid[row - 1][label_width:] for row in known["row"]]
    return pd.DataFrame(cells, index=known.index, columns=grid[HEADER_ROW][label_width:])


def _is_figure_column(head: str) -> bool:
    return head[:4].isdigit() or head.startswith("Total")


def _full_labels(grid: Grid, width: int) -> list[str]:
    """Join each row's label cells; an empty cell repeats the one above it (merged in print)."""
    above = [""] * width
    labels = []
    for number, row in enumerate(grid):
        cells = row[:width]
        if number > HEADER_ROW:
            first = next((i for i, cell in enumerate(cells) if cell), width)
            cells = above[:first] + cells[first:]
            above = cells
        if width > 1:  # the last label column prints the unit, which is not part of the label
            cells = cells[:-1]
        labels.append(" / ".join(cell for cell in cells if cell))
    return labels


def funding_text() -> pd.DataFrame:
    """Return Table 1 turned to one row a year: ``year`` and one column an item, as text."""
    cells = printed_cells("table1").drop(columns="Total").T
    return cells.rename_axis("year").rename_axis(columns=None).reset_index()


def funding_totals_text() -> pd.DataFrame:
    """Return the Total column of Table 1, one row an item, as text."""
    return printed_cells("table1")["Total"].rename("total").reset_index()


def exchanges_text() -> pd.DataFrame:
    """Return Table 2, one row an item: ``item``, ``2009``, ``2010``, ``total``, as text."""
    cells = printed_cells("table2").rename(columns={"Total of 2003-2010": "total"})
    labels = table_rows("table2")[["label", "unit"]]
    return labels.join(cells).reset_index()


def study_table(name: str) -> Table:
    """Return one of the study's tables, corrections applied, with what each figure can stand for.

    Parameters
    ----------
    name
        ``"table1"`` (million yuan, rounded as printed) or ``"table2"`` (counts, exact).

    Raises
    ------
    RequestError
        If the study has no such table.

    Examples
    --------
    >>> str(study_table("table1").interval("aid_county", "2007"))
    '[83.25205, 83.25215]'
    """
    if name not in STUDY_TABLES:
        raise RequestError(f"the study has no table '{name}'; its tables are {', '.join(STUDY_TABLES)}.")
    printed = printed_cells(name)
    read = Interval.exact if STUDY_TABLES[name] else Interval.printed
    rows, columns = tuple(map(str, printed.index)), tuple(map(str, printed.columns))
    grid = printed.to_numpy().tolist()
    cells = {
        (row, column): Cell(text, read(text))
        for row, texts in zip(rows, grid, strict=True)
        for column, text in zip(columns, texts, strict=True)
    }
    return Table(name, rows, columns, cells)


def study_relations(name: str) -> list[Relation]:
    """Return what should hold in one of the study's tables, as ``data/relations.yml`` declares it."""
    return read_relations(data_file("relations.yml"), name)
