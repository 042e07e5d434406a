"""The study's two tables, from print to named rows; and what ``data/datapackage.yml`` asks of the study's code."""

import pandas as pd

from crossfoot.errors import DataError, RequestError
from crossfoot.intervals import Interval
from crossfoot.relation_file import read_relations
from crossfoot.relations import Relation
from crossfoot.table import Cell, Table
from crossfoot.text import Grid, read_grid
from nbedition.data.datasets import as_text
from nbedition.data.sources import corrected
from nbedition.project import data_file

STUDY_TABLES = {"table1": False, "table2": True}  # whether the figures are counts, which are not rounded
HEADER_ROW = 2  # after the caption and its garbled second scan
REGIONAL, VINTAGE = "context/regional_grp.csv", "NBS-2024"
SIDES = {"east_of_ten": "east", "west_of_twelve": "west"}


def table_rows(table: str) -> pd.DataFrame:
    """Return what each printed row of ``"table1"`` or ``"table2"`` is called here, in printed order.

    Gives indexed by ``item``; text columns ``printed_label``, ``label``, ``unit``, and ``row`` (its record, from 1).
    """
    frame = _read("printed/rows.csv")
    chosen = frame[frame["table"] == table].drop(columns="table")
    return chosen.astype({"row": int}).set_index("item")


def _read(file: str) -> pd.DataFrame:
    return as_text(f"data/{file}", read_grid(data_file(file)))


def printed_cells(table: str) -> pd.DataFrame:
    """Return ``"table1"`` or ``"table2"`` with its corrections, by item and printed column head, every cell as text."""
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


def regional_series_text() -> pd.DataFrame:
    """Return the product of the ten eastern and twelve western provinces by year, one vintage, as text."""
    frame = _read(REGIONAL)
    wanted = frame[(frame["vintage"] == VINTAGE) & frame["region"].isin(SIDES)]
    wide = wanted.pivot(index="year", columns="region", values="value").rename(columns=SIDES)
    return wide.rename_axis(columns=None).reset_index()


def two_years_within_total(frame: pd.DataFrame) -> "pd.Series[bool]":
    """Tell for each row of Table 2 whether 2009 and 2010 do not exceed all years."""
    return frame["2009"] + frame["2010"] <= frame["total"]


def pair_stands_in_print(frame: pd.DataFrame) -> "pd.Series[bool]":
    """Tell for each pairing whether the printed text names donor and recipient."""
    return frame.apply(lambda row: row["donor"] in row["printed"] and row["recipient"] in row["printed"], axis=1)


def earliest_not_after_latest(frame: pd.DataFrame) -> "pd.Series[bool]":
    """Tell for each event whether its two months are in order."""
    return frame["earliest"] <= frame["latest"]


def every_year(frame: pd.DataFrame) -> bool:
    """Tell whether a series leaves out no year between its first and last."""
    return bool(frame["year"].max() - frame["year"].min() + 1 == frame["year"].nunique())


def study_table(name: str) -> Table:
    """Return ``"table1"`` (million yuan, rounded as printed) or ``"table2"`` (counts, exact), corrections applied.

    Raises RequestError if the study has no such table.

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
