"""What the claims are judged against: the study's own facts and the outside figures, loaded once."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, fields
from fractions import Fraction
from typing import Any

from ewppr_lib.checks.rounding import Interval
from ewppr_lib.data.datasets import LEDGER, dataset, datasets
from ewppr_lib.data.edition import data_file
from ewppr_lib.data.own import text_of
from ewppr_lib.data.printed import printed_cells
from ewppr_lib.data.records import corrected, corrections
from ewppr_lib.data.text import read_grid
from ewppr_lib.errors import DataError
from ewppr_lib.home import own_study

Row = Mapping[str, Any]
Rows = Sequence[Row]
Cells = Mapping[str, Mapping[str, str]]

_SCALES = {"billion yuan": 1000, "million persons": 10**6, "million head": 10**6, "million mu": 10**6}


@dataclass(frozen=True)
class Claim:
    """One claim of the study, as the ledger holds it.

    Parameters
    ----------
    id, section, place, paraphrase
        Number, where it stands and what it says in other words.
    printed_value, unit, half_width
        The figure as printed, its unit and its rounding half-width ("" where there is none).
    kind
        Group of claims: date, count, pairing, sum, share, growth, ratio or case.
    check, outside
        Names of the computations that judge it and their arguments; "" where there is none.
    needs
        The figure that would be needed where the study does not suffice.
    """

    id: str
    section: str
    place: str
    paraphrase: str
    printed_value: str
    unit: str
    half_width: str
    kind: str
    check: str
    outside: str
    needs: str

    def interval(self) -> Interval:
        """Return the printed figure as an interval in its own unit."""
        return Interval.printed(self.printed_value, self.half_width or None)

    def amount(self) -> Interval:
        """Return the figure in million yuan where it is money, else in single units."""
        return self.interval() * Interval.exact(_SCALES.get(self.unit, 1))


@dataclass(frozen=True)
class Facts:
    """Everything that a judgement may use; replace a part to see what would follow.

    Parameters
    ----------
    claims
        The ledger by id, for claims that are judged against each other.
    table1, table2
        Printed cells as text, by item and column.
    pairings, periods, stated, cases, case_notes, lists, references, citations, dated
        Facts of the running text, one mapping a row.
    regional_grp, provincial_grp, history, partners
        Outside figures, one mapping a row, each with source and vintage.
    tables
        Cells as text of the data sets of a study of one's own, by data set, row and column.
    """

    claims: Mapping[str, Claim]
    table1: Cells
    table2: Cells
    pairings: Rows
    periods: Rows
    stated: Rows
    cases: Rows
    case_notes: Rows
    lists: Rows
    references: Rows
    citations: Rows
    dated: Rows
    regional_grp: Rows
    provincial_grp: Rows
    history: Rows
    partners: Rows
    tables: Mapping[str, Cells] = field(default_factory=dict)

    def figure(self, name: str) -> Interval:
        """Return a printed figure by name.

        Parameters
        ----------
        name
            ``C099`` (a claim), ``t1/item/column`` or ``t2/item/column`` (a cell) or
            ``case/firm/item``. Money is in million yuan. In a study of one's own
            ``dataset/row/column``.

        Raises
        ------
        DataError
            If there is no such figure.
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
            if kind in self.tables:
                return Interval.printed(self.tables[kind][rest[0]][rest[1]])
            return self.claims[name].amount()
        except (KeyError, IndexError):
            raise DataError(f"the ledger names the figure '{name}', which the study's data do not hold.") from None

    def listed(self, name: str) -> list[str]:
        """Return the items of a list that the study spells out.

        Raises
        ------
        DataError
            If there is no such list.
        """
        items = [str(row["item"]) for row in self.lists if row["list"] == name]
        if not items:
            raise DataError(f"the ledger names the list '{name}', which data/study/lists.csv does not hold.")
        return items

    def event(self, name: str) -> Row:
        """Return a dated event of the study.

        Raises
        ------
        DataError
            If there is no such event.
        """
        for row in self.dated:
            if row["event"] == name:
                return row
        raise DataError(f"the ledger names the event '{name}', which data/study/dated.csv does not hold.")


def rows_of(name: str, corrected_files: frozenset[str] = frozenset()) -> Rows:
    """Return a data set as one mapping a row: years and counts as integers, all else as printed.

    Parameters
    ----------
    name
        One of `ewppr_lib.data.names`.
    corrected_files
        Files below ``data/`` to which corrections apply.

    Raises
    ------
    DataError
        If the file has other columns than its schema, or a cell that is no whole number where one is due.
    """
    described = dataset(name)
    grid = read_grid(data_file(described.file))
    header, *rows = corrected(described.file, grid) if described.file in corrected_files else grid
    columns = described.schema.columns
    if set(header) != set(columns):
        differing = ", ".join(sorted(set(header) ^ set(columns)))
        raise DataError(f"data/{described.file}: its columns differ from those expected by {differing}.")
    whole = [str(columns[name].dtype).lower() == "int64" for name in header]
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


def read_claims() -> list[Claim]:
    """Return the ledger in file order."""
    return [Claim(**{key: str(value) for key, value in row.items()}) for row in rows_of("claims")]


def read_facts(claims: Sequence[Claim] | None = None) -> Facts:
    """Load every data set that a judgement may use, each once.

    Parameters
    ----------
    claims
        The ledger, where it is read already.
    """
    ledger = read_claims() if claims is None else claims
    if own_study():
        return _own_facts(ledger)
    study = ["pairings", "periods", "stated", "cases", "case_notes", "lists", "references", "citations", "dated"]
    outside = {"history": "partnership_history", "partners": "partnership_pairings"}
    names = {**{name: name for name in [*study, "regional_grp", "provincial_grp"]}, **outside}
    files = frozenset(correction.file for correction in corrections())
    rows: dict[str, Any] = {part: rows_of(name, files) for part, name in names.items()}
    return Facts({claim.id: claim for claim in ledger}, _cells("table1"), _cells("table2"), **rows)


def _own_facts(ledger: Sequence[Claim]) -> Facts:
    """Return what a study of one's own gives: its ledger and the cells of its data sets."""
    tables = {name: text_of(one.read(), one.index) for name, one in datasets().items() if name != LEDGER}
    known: dict[str, Any] = {one.name: () for one in fields(Facts)}
    known |= {"claims": {claim.id: claim for claim in ledger}, "table1": {}, "table2": {}, "tables": tables}
    return Facts(**known)


def say(value: Interval | Fraction, digits: int = 2) -> str:
    """Return a number for a sentence: the middle of an interval, rounded, thousands parted by commas.

    Examples
    --------
    >>> say(Interval.printed("2377.197")), say(Fraction(80325, 1000), 1), say(Fraction(2592))
    ('2,377.2', '80.3', '2,592')
    """
    number = value if isinstance(value, Fraction) else value.middle
    if number is None:
        return str(value)
    text = f"{float(round(number, digits)):,.{digits}f}"
    return text.rstrip("0").rstrip(".") if "." in text else text
