"""What a cell without a figure must be, by the relations it stands in: exact bounds, as a linear programme gives."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from typing import NamedTuple

from crossfoot.evaluate import Finding
from crossfoot.intervals import Interval, plain
from crossfoot.localise import FaultSearch, related, touching
from crossfoot.relations import Spot
from crossfoot.simplex import OutOfStepsError
from crossfoot.table import Table

MOST_GAPS = 200  # cells without a figure, of those that hang together, whose bounds are computed
RECOVERED = Fraction(1, 5)  # a figure is recovered where its bounds are no farther apart than 10 % either way
EMPTY = ("nil", "not applicable")  # there is nothing to be found


class Gap(NamedTuple):
    """A cell without a figure and all it can be; where ``zero_or_more``, figures were taken to be no less than zero."""

    table: Table
    spot: Spot
    bounds: Interval
    zero_or_more: bool

    @property
    def suppressed(self) -> bool:
        """Tell whether the figure was meant to stay unknown."""
        return self.table.cells[self.spot].missing == "suppressed"

    @property
    def recovered(self) -> bool:
        """Tell whether the relations give the figure to within 10 %."""
        middle, half = self.bounds.middle, self.bounds.half
        return middle is not None and half is not None and 2 * half <= RECOVERED * abs(middle)

    @property
    def sentence(self) -> str:
        """What the cell must be; a warning where it was meant to stay unknown."""
        (row, column), cell = self.spot, self.table.cells[self.spot]
        low, high = self.bounds.low or Fraction(0), self.bounds.high or Fraction(0)
        told = f"{plain(low)}" if low == high else f"{plain(low)} to {plain(high)}"
        told += " (if none is below zero)" if self.zero_or_more else ""
        where = f"'{row}' in '{column}' ({cell.text or 'blank'})"
        if self.suppressed and self.recovered:
            return f"Warning: {where} is suppressed, yet the other figures give it away: {told}."
        return f"{where} must be {told}."


def find_gaps(table: Table, findings: Sequence[Finding]) -> list[Gap]:
    """Return the cells without a figure that the relations bound on both sides, in the order of the findings.

    What can be zero is left out, unless it was suppressed. Relations that fail are left aside, and so is what cannot
    hold together. Where no printed figure is negative, those that are missing are taken to be zero or more.

    Examples
    --------
    >>> from crossfoot.evaluate import evaluate
    >>> from crossfoot.relations import Sum
    >>> from crossfoot.table import Cell
    >>> cells = {(row, "2003"): Cell(text, Interval.exact(text) if text != "x" else None, "suppressed")
    ...          for row, text in [("all", "75"), ("men", "40"), ("women", "x")]}
    >>> table = Table("staff", ("all", "men", "women"), ("2003",), cells)
    >>> print(find_gaps(table, evaluate(table, [Sum("all", ("men", "women"))]))[0].sentence)
    Warning: 'women' in '2003' (x) is suppressed, yet the other figures give it away: 35 (if none is below zero).
    """
    told = [finding for finding in findings if finding.verdict != "fails" and finding.relation.linear(finding.place)]
    missing = {spot for spot, cell in table.cells.items() if cell.value is None and cell.missing not in EMPTY}
    if not missing:
        return []
    positive = all(cell.value is None or (cell.value.middle or 0) >= 0 for cell in table.cells.values())
    near, found, done = touching(told), [], set[int]()
    for start in range(len(told)):
        if start in done or missing.isdisjoint(told[start].spots):
            continue
        numbers = related(told, near, start)
        done |= numbers or {start}
        if numbers is not None:
            found += _bounds(table, [told[number] for number in sorted(numbers)], missing, positive)
    return found


def _bounds(table: Table, findings: Sequence[Finding], missing: set[Spot], positive: bool) -> list[Gap]:
    search = FaultSearch(table, findings)
    gaps = [spot for spot in search.spots if spot in missing]
    try:
        for spot in gaps if positive else ():
            search.system.bound(search.number[spot], (0, None))
        if len(gaps) > MOST_GAPS or search.conflict() is not None:
            return []
        ranges = [search.range(search.number[spot]) for spot in gaps]
    except OutOfStepsError:
        return []
    found = [Gap(table, spot, bounds, positive) for spot, bounds in zip(gaps, ranges, strict=True) if bounds.bounded]
    return [gap for gap in found if gap.suppressed or not gap.bounds.contains(Fraction(0))]
