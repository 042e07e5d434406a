"""Marks that can mean several things, decided by the figures.

A table is read under each meaning, and the reading is kept under which more relations hold than chance allows. Each
question (decimal mark, parentheses, units, marks in place of a figure) is asked of the whole table. Words and custom
break ties only, and a sentence says what was decided and on what ground.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from typing import NamedTuple

import crossfoot
from crossfoot.read.cells import Style, decimal_text
from crossfoot.read.conventions import Cells, decimal_habit, parentheses_habit
from crossfoot.read.symbols import CAN_BE_NIL
from crossfoot.table import Table

MOST_TRIED = 40_000  # candidates tried for each reading
MOST_CELLS = 1_000  # cells searched for each reading; of a larger table the first rows
FEWEST_ROWS = 20
NEEDED = 2.0  # how much less likely by chance a reading must be than the usual one (decimal logarithm)
MOST_FAILING = 4  # a reading may make one relation fail for so many more that hold


class Reading(NamedTuple):
    """One way to read a table: its style, and whether all rows are in one unit whatever their labels say."""

    style: Style
    one_unit: bool = False


class Asked(NamedTuple):
    """What the user says of the table; None where the figures decide."""

    decimal: str | None = None
    parentheses: str | None = None
    counts: bool = False
    unit: str | None = None
    nil: frozenset[str] | None = None


class Support(NamedTuple):
    """What speaks for a reading: minus the logarithm of the chance of its relations, and how many hold and fail."""

    score: float
    holds: int
    fails: int

    def __str__(self) -> str:
        told = self.holds + self.fails
        return f"{self.holds} of {told} relations agree" if told else "none can be told"

    def beats(self, other: Support) -> bool:
        """Tell whether this reading explains more than another by more than chance allows."""
        failing = max(self.fails - other.fails, 0) * MOST_FAILING
        return self.score >= other.score + NEEDED and self.holds - other.holds > failing


Build = Callable[[Reading, int], Table]  # the first rows of the table as read, so many of them


class _Court:
    """Weighs readings of one table, each at most once."""

    def __init__(self, build: Build, rows: int) -> None:
        self.build, self.rows = build, rows
        self.known: dict[Reading, Support] = {}

    def support(self, reading: Reading) -> Support:
        if reading not in self.known:
            self.known[reading] = _support(self.build(reading, self.rows))
        return self.known[reading]

    def better(self, usual: Reading, other: Reading) -> Reading:
        return other if self.support(other).beats(self.support(usual)) else usual


def _support(table: Table) -> Support:
    found = crossfoot.suggest_relations(table, limit=MOST_TRIED)
    return Support(
        sum(each.score for each in found),
        sum(len(each.holds) for each in found),
        sum(len(each.fails) for each in found),
    )


def decide(
    cells: Cells, build: Build, asked: Asked, *, units_differ: bool, one_unit: bool
) -> tuple[Reading, tuple[str, ...]]:
    """Return how a table is read, and a sentence for each question that its marks left open.

    ``units_differ`` tells that the rows may be in several units, ``one_unit`` that they usually are in one.
    """
    columns = len({column for _, column in cells})
    court = _Court(build, max(MOST_CELLS // max(columns, 1), FEWEST_ROWS))
    decimal, parentheses = decimal_habit(cells), parentheses_habit(cells)
    style = Style(asked.decimal or decimal.usual, asked.parentheses or parentheses.usual, asked.counts)
    reading = Reading(
        style._replace(nil=asked.nil or frozenset()), one_unit if asked.unit is None else asked.unit == "one"
    )
    said = []
    if decimal.open and asked.decimal is None:
        other = _with(reading, decimal=decimal.other)
        chosen = court.better(reading, other)
        number = decimal_text(decimal.example, chosen.style.decimal)
        said.append(_said(court, f"'{decimal.example}' read as {number}", chosen, reading, other, decimal.why))
        reading = chosen
    if parentheses.open and asked.parentheses is None:
        other = _with(reading, parentheses=parentheses.other)
        chosen = court.better(reading, other)
        meaning = "negative" if chosen.style.parentheses == "negative" else "not negative"
        said.append(_said(court, f"'{parentheses.example}' read as {meaning}", chosen, reading, other, parentheses.why))
        reading = chosen
    if units_differ and asked.unit is None:
        several, one = reading._replace(one_unit=False), reading._replace(one_unit=True)
        reading = court.better(reading, one if reading == several else several)
        if court.support(one).beats(court.support(several)):
            said.append(f"All rows read as in one unit: {court.support(one)}; in several {court.support(several)}.")
    if asked.nil is None:
        reading, more = _nil(cells, court, reading)
        said += more
    return reading, tuple(said)


def _with(reading: Reading, **changes: str) -> Reading:
    return reading._replace(style=reading.style._replace(**changes))  # type: ignore[arg-type]


def _said(court: _Court, what: str, chosen: Reading, usual: Reading, other: Reading, why: str) -> str:
    rejected = other if chosen == usual else usual
    own, less = court.support(chosen), court.support(rejected)
    if own.beats(less):
        return f"{what}: {own}; read otherwise {less}."
    return f"{what}: {why}; the figures do not decide."


def _nil(cells: Cells, court: _Court, reading: Reading) -> tuple[Reading, list[str]]:
    """Read as nil all marks that can be, if more relations then hold, less those that add nothing (a dash stays)."""
    marks = Counter(cell.mark for cell in cells.values() if cell.missing and cell.mark in CAN_BE_NIL)
    if not marks:
        return reading, []
    chosen = reading._replace(style=reading.style._replace(nil=frozenset(marks)))
    if not court.support(chosen).beats(court.support(reading)):
        return reading, []
    for mark in sorted(marks, key=lambda mark: marks[mark]) if len(marks) > 1 else ():
        fewer = reading._replace(style=reading.style._replace(nil=chosen.style.nil - {mark}))
        along = mark.startswith("-") and court.support(fewer).score <= court.support(chosen).score
        if fewer.style.nil and not along and not court.support(chosen).beats(court.support(fewer)):
            chosen = fewer
    named = " and ".join(f"'{mark}'" if mark else "a blank cell" for mark in sorted(chosen.style.nil, reverse=True))
    told = f"{named} read as nil: {court.support(chosen)}; as missing {court.support(reading)}."
    return chosen, [told[0].upper() + told[1:]]
