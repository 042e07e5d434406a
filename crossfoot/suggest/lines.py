"""The figures of a table along one axis, as arrays for the search of relations."""

from __future__ import annotations

import math
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from crossfoot.read.files import PrintedTable
from crossfoot.relations import Axis, Relation
from crossfoot.suggest.labels import says_rate
from crossfoot.table import Table

Figures = NDArray[np.float64]
Places = NDArray[np.bool_]

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


@dataclass(frozen=True)
class Found:
    """A relation that the figures support: how surprising that is (decimal logarithm), and what else speaks for it."""

    relation: Relation
    score: float
    reasons: tuple[str, ...]


@dataclass(frozen=True)
class Lines:
    """Lines of a table (its rows, or its columns) and what is known of each.

    Parameters
    ----------
    axis
        "rows" or "columns".
    labels, places
        Labels of the lines, and of the axis across.
    middle, half, unit
        Middle and half-width of each figure and unit of its last digit, lines by places; nan where there is no
        figure or it has no bound.
    additive
        Which places hold figures that can be added.
    units, levels, headings
        Of each line; empty and 0 where the table does not state them.
    effort
        Shared by all searches of one table.
    """

    axis: Axis
    labels: tuple[str, ...]
    places: tuple[str, ...]
    middle: Figures
    half: Figures
    unit: Figures
    additive: Places
    units: tuple[str, ...]
    levels: tuple[int, ...]
    headings: tuple[str, ...]
    effort: Effort = field(default_factory=Effort)

    def rate(self, line: int) -> bool:
        """Tell whether a line's label or unit says that its figures cannot be added."""
        return says_rate(self.labels[line]) or says_rate(self.units[line])

    def at(self, places: Places | None = None) -> tuple[str, ...] | None:
        """Return chosen places, by default those where figures can be added; None for all of them."""
        chosen = self.additive if places is None else places
        if bool(chosen.all()):
            return None
        return tuple(place for place, taken in zip(self.places, chosen, strict=True) if taken)


def lines_of(table: Table, axis: Axis, effort: Effort) -> Lines:
    """Return the rows or columns of a table as arrays."""
    shape = (len(table.rows), len(table.columns))
    middle, half = np.full(shape, np.nan), np.full(shape, np.nan)
    for number, row in enumerate(table.rows):
        for position, column in enumerate(table.columns):
            value = table.cells[row, column].value
            if value is not None and value.low is not None and value.high is not None:
                middle[number, position] = float((value.low + value.high) / 2)
                half[number, position] = float((value.high - value.low) / 2)
    known = table if isinstance(table, PrintedTable) else None
    units = tuple(known.units.get(row, "") if known else "" for row in table.rows)
    unit = np.where(half == 0, 1.0, 2 * half)
    rates = np.array([says_rate(row) or says_rate(of) for row, of in zip(table.rows, units, strict=True)], dtype=bool)
    across = np.array([says_rate(column) for column in table.columns], dtype=bool)
    if axis == "columns":
        empty = ("",) * shape[1]
        return Lines(
            axis,
            table.columns,
            table.rows,
            middle.T,
            half.T,
            unit.T,
            _adds(rates),
            empty,
            (0,) * shape[1],
            empty,
            effort,
        )
    levels = tuple(known.levels.get(row, 0) if known else 0 for row in table.rows)
    headings = tuple(known.headings.get(row, "") if known else "" for row in table.rows)
    return Lines(axis, table.rows, table.columns, middle, half, unit, _adds(across), units, levels, headings, effort)


def _adds(rates: Places) -> Places:
    """Return where figures add; everywhere if no line is free of rates, as in a table of shares."""
    return np.ones_like(rates) if bool(rates.all()) else ~rates


def surprise(gap: Figures, size: Figures, unit: Figures, failing: int) -> float:
    """Return how surprising agreement is, as minus the decimal logarithm of its chance.

    A figure of some size, printed to some unit, falls by chance as near to a computed value as the worst of all
    places does about once in size / (2 gap + unit). Choosing which places to leave out as failing costs its share.

    Parameters
    ----------
    gap
        Distance between printed and computed figure at each place that agrees.
    size, unit
        Magnitude of the figure and unit of its last digit.
    failing
        Number of places that could agree and do not.

    Examples
    --------
    >>> surprise(np.array([0.0, 0.0]), np.array([1000.0, 1000.0]), np.array([1.0, 1.0]), failing=0)
    6.0
    """
    if not len(gap):
        return 0.0
    worst = float(np.max(gap / unit))
    chance = np.minimum(1.0, (2 * worst + 1) * unit / np.maximum(size, unit))
    return float(-np.log10(chance).sum()) - math.log10(math.comb(len(gap) + failing, failing))
