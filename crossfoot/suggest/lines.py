"""The figures of a table along one axis, as the search of relations reads them."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import NamedTuple

from crossfoot.read.files import PrintedTable
from crossfoot.relations import Axis, Relation
from crossfoot.suggest.labels import says_rate
from crossfoot.table import Table

Figures = tuple[float, ...]  # one for each place; nan where there is no figure or it has no bound
Places = tuple[bool, ...]
Agreement = tuple[float, float, float]  # distance of printed and computed figure, its size, the unit of its last digit

MOST_TRIED = 3_000_000  # candidates compared with the figures of one table
SLACK = 1e-9  # relative; floats only choose candidates, exact intervals judge them


@dataclass
class Effort:
    """How many candidates were tried, and whether the search had to stop at the limit."""

    tried: int = 0
    limit: int = MOST_TRIED
    stopped: bool = False

    def spend(self, candidates: int) -> bool:
        """Count candidates; return whether they may be tried."""
        if self.tried + candidates > self.limit:
            self.stopped = True
            return False
        self.tried += candidates
        return True


class FoundRelation(NamedTuple):
    """A relation that the figures support: how surprising that is (decimal logarithm), and what else speaks for it."""

    relation: Relation
    score: float
    reasons: tuple[str, ...]


@dataclass(frozen=True)
class TableLines:
    """Lines of a table (its rows, or its columns) and what is known of each.

    ``places`` are the labels across. ``middle``, ``half`` and ``unit`` (of the last digit) hold one tuple a line;
    ``additive`` tells at which places figures can be added. ``units``, ``levels`` and ``headings`` are empty and 0
    where the table does not state them. All searches of one table share the ``effort``.
    """

    axis: Axis
    labels: tuple[str, ...]
    places: tuple[str, ...]
    middle: tuple[Figures, ...]
    half: tuple[Figures, ...]
    additive: Places
    units: tuple[str, ...]
    levels: tuple[int, ...]
    headings: tuple[str, ...]
    effort: Effort = field(default_factory=Effort)

    @cached_property
    def unit(self) -> tuple[Figures, ...]:
        """The unit of the last digit of each figure, 1 where it was not rounded."""
        return tuple(tuple(2 * half if half else 1.0 for half in line) for line in self.half)

    @cached_property
    def across(self) -> list[tuple[Figures, Figures]]:
        """Middles and half-widths at each place, one a line."""
        return list(zip(zip(*self.middle, strict=True), zip(*self.half, strict=True), strict=True))

    def rate(self, line: int) -> bool:
        """Tell whether a line's label or unit says that its figures cannot be added."""
        return says_rate(self.labels[line]) or says_rate(self.units[line])

    def at(self, places: Iterable[bool] | None = None) -> tuple[str, ...] | None:
        """Return chosen places, by default those where figures can be added; None for all of them."""
        chosen = self.additive if places is None else tuple(places)
        if all(chosen):
            return None
        return tuple(place for place, taken in zip(self.places, chosen, strict=True) if taken)


def lines_of(table: Table, axis: Axis, effort: Effort) -> TableLines:
    """Return the rows or columns of a table as lines of figures."""
    printed = [[_rounded(table, row, column) for column in table.columns] for row in table.rows]
    known = table if isinstance(table, PrintedTable) else PrintedTable(table.name, table.rows, table.columns, {})
    units = tuple(known.units.get(row, "") for row in table.rows)
    if axis == "columns":
        printed = [list(line) for line in zip(*printed, strict=True)]
    middle, half = (tuple(tuple(figure[at] for figure in line) for line in printed) for at in (0, 1))
    if axis == "columns":
        additive = _adds([says_rate(row) or says_rate(unit) for row, unit in zip(table.rows, units, strict=True)])
        none = ("",) * len(table.columns)
        return TableLines(axis, table.columns, table.rows, middle, half, additive, none, (0,) * len(none), none, effort)
    additive = _adds([says_rate(column) for column in table.columns])
    levels = tuple(known.levels.get(row, 0) for row in table.rows)
    headings = tuple(known.headings.get(row, "") for row in table.rows)
    return TableLines(axis, table.rows, table.columns, middle, half, additive, units, levels, headings, effort)


def _rounded(table: Table, row: str, column: str) -> tuple[float, float]:
    """Return middle and half-width of a cell as floats, nan where it has none."""
    value = table.cells[row, column].value
    if value is None or value.low is None or value.high is None:
        return math.nan, math.nan
    return float((value.low + value.high) / 2), float((value.high - value.low) / 2)


def _adds(rates: list[bool]) -> Places:
    """Return where figures add; everywhere if no line is free of rates, as in a table of shares."""
    return tuple(all(rates) or not rate for rate in rates)


def surprise(agreeing: Sequence[Agreement], failing: int) -> float:
    """Return how surprising agreement is, as minus the decimal logarithm of its chance.

    A figure of some size, printed to some unit, falls by chance as near to a computed value as the worst of all
    places does about once in size / (2 gap + unit). Choosing which places to leave out as ``failing`` costs its share.

    Examples
    --------
    >>> surprise([(0.0, 1000.0, 1.0), (0.0, 1000.0, 1.0)], failing=0)
    6.0
    """
    if not agreeing:
        return 0.0
    worst = max(gap / unit for gap, _, unit in agreeing)
    chances = (min(1.0, (2 * worst + 1) * unit / max(size, unit)) for _, size, unit in agreeing)
    return -sum(map(math.log10, chances)) - math.log10(math.comb(len(agreeing) + failing, failing))
