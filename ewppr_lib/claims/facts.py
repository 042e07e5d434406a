"""What the claims are judged against: the study's own facts and the outside figures, loaded once."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from crossfoot.errors import DataError
from crossfoot.intervals import Interval
from crossfoot.text import read_grid
from ewppr_lib.printed import printed_cells
from nbedition import claims
from nbedition.claims import CONTRADICTED, REPRODUCED, Cells, Claim, Outcome, Row, Rows, ledger
from nbedition.data.datasets import dataset
from nbedition.data.sources import corrected, corrections
from nbedition.project import data_file


@dataclass(frozen=True)
class StudyFacts(claims.Facts):
    """Everything that a judgement may use; replace a part to see what would follow.

    Printed cells of the two tables as text, by item and column; facts of the running text and outside figures, each
    with source and vintage, one mapping a row.
    """

    table1: Cells = field(kw_only=True)
    table2: Cells = field(kw_only=True)
    pairings: Rows = field(kw_only=True)
    periods: Rows = field(kw_only=True)
    stated: Rows = field(kw_only=True)
    cases: Rows = field(kw_only=True)
    case_notes: Rows = field(kw_only=True)
    lists: Rows = field(kw_only=True)
    references: Rows = field(kw_only=True)
    citations: Rows = field(kw_only=True)
    dated: Rows = field(kw_only=True)
    regional_grp: Rows = field(kw_only=True)
    provincial_grp: Rows = field(kw_only=True)
    history: Rows = field(kw_only=True)
    partners: Rows = field(kw_only=True)

    def figure(self, name: str) -> Interval:
        """Return a printed figure by name; money is in million yuan.

        ``C099`` (a claim), ``t1/item/column`` or ``t2/item/column`` (a cell) or ``case/firm/item``. Raises DataError if
        there is no such figure.
        """
        kind, *rest = name.split("/")
        try:
            if kind == "t1":
                return Interval.printed(self.table1[rest[0]][rest[1]])
            if kind == "t2":
                return Interval.exact(self.table2[rest[0]][rest[1]])
            if kind == "case":
                found = [row for row in self.cases if [row["case"], row["item"]] == rest]
                return Interval.printed(found[0]["printed"])
            return self.claims[name].amount()
        except (KeyError, IndexError):
            raise DataError(f"the ledger names the figure '{name}', which the study's data do not hold.") from None

    def place_of(self, name: str) -> str:
        """Return where a named figure stands, for a sentence."""
        tables = {"t1": "Table 1", "t2": "Table 2", "case": "Column 1"}
        return tables.get(name.lstrip("-").split("/")[0]) or super().place_of(name)

    def listed(self, name: str) -> list[str]:
        """Return the items of a list that the study spells out; DataError if there is no such list."""
        items = [str(row["item"]) for row in self.lists if row["list"] == name]
        if not items:
            raise DataError(f"the ledger names the list '{name}', which data/study/lists.csv does not hold.")
        return items

    def event(self, name: str) -> Row:
        """Return a dated event of the study; DataError if there is no such event."""
        for row in self.dated:
            if row["event"] == name:
                return row
        raise DataError(f"the ledger names the event '{name}', which data/study/dated.csv does not hold.")


def rows_of(name: str, corrected_files: frozenset[str] = frozenset()) -> Rows:
    """Return a data set as one mapping a row: years and counts as integers, all else as printed.

    Corrections apply to `corrected_files`. Raises DataError if the file has other columns than its schema, or a cell
    that is no whole number where one is due.
    """
    described = dataset(name)
    grid = read_grid(data_file(described.file))
    header, *rows = corrected(described.file, grid) if described.file in corrected_files else grid
    columns = described.columns
    if set(header) != set(columns):
        differing = ", ".join(sorted(set(header) ^ set(columns)))
        raise DataError(f"data/{described.file}: its columns differ from those expected by {differing}.")
    whole = [columns[name].type == "integer" for name in header]
    return [
        {column: _cell(described.file, row, place, whole[place]) for place, column in enumerate(header)} for row in rows
    ]


def _cell(file: str, row: Sequence[str], place: int, whole: bool) -> int | str:
    text = row[place]
    if not whole or not text:
        return text
    try:
        return int(text)
    except ValueError:
        raise DataError(f"data/{file}, row of '{row[0]}': a whole number is expected, got '{text}'.") from None


def _cells(table: str) -> Cells:
    frame = printed_cells(table).rename(columns={"Total of 2003-2010": "total"})
    return {
        str(item): {str(column): str(text) for column, text in row.items()}
        for item, row in frame.to_dict("index").items()
    }


def read_facts(claims: Sequence[Claim] | None = None) -> StudyFacts:
    """Load every data set that a judgement may use, each once; `claims` is the ledger, where it is read already."""
    listed = ledger() if claims is None else claims
    study = ["pairings", "periods", "stated", "cases", "case_notes", "lists", "references", "citations", "dated"]
    outside = {"history": "partnership_history", "partners": "partnership_pairings"}
    names = {**{name: name for name in [*study, "regional_grp", "provincial_grp"]}, **outside}
    files = frozenset(correction.file for correction in corrections())
    rows: dict[str, Any] = {part: rows_of(name, files) for part, name in names.items()}
    return StudyFacts({claim.id: claim for claim in listed}, table1=_cells("table1"), table2=_cells("table2"), **rows)


Question = claims.Question[StudyFacts]  # a claim put to a computation of this study


def yes_or_no(holds: bool, sentence: str, computed: str) -> Outcome:
    """Return the outcome of a claim that can only be reproduced or contradicted."""
    return Outcome(REPRODUCED if holds else CONTRADICTED, sentence, computed)
