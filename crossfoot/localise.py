"""The smallest sets of cells whose change lets every relation hold (Fellegi and Holt), over rounding intervals.

Cells that cannot all be right form a *conflict*: one of them is wrong. Every set of faults therefore meets every
conflict, and the search below only ever changes cells of conflicts that it has proven. What it returns is exact.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from fractions import Fraction
from itertools import chain
from math import lcm
from typing import NamedTuple

from crossfoot.evaluate import Finding
from crossfoot.intervals import Interval
from crossfoot.relations import ANY, Linear, Spot
from crossfoot.simplex import Bounds, Number, OutOfStepsError, System
from crossfoot.table import Table

MOST_FAULTS = 8  # cells of one set
MOST_RELATED, MOST_CELLS = 2_000, 20_000  # relations that hang together, and cells they read, searched at once
MOST_NODES = 5_000  # sets, whole or begun, that are looked at
MOST_SETS = 200
MOST_ROUNDS = 200  # questions to the solver
Cells = frozenset[int]


def touching(findings: Sequence[Finding]) -> dict[Spot, list[int]]:
    """Return for each cell the numbers of the findings that read it."""
    found: dict[Spot, list[int]] = {}
    for number, finding in enumerate(findings):
        for spot in dict.fromkeys(finding.spots):
            found.setdefault(spot, []).append(number)
    return found


def related(findings: Sequence[Finding], near: Mapping[Spot, Sequence[int]], start: int) -> set[int] | None:
    """Return the findings that hang together with one by the cells they share; None where they are too many."""
    numbers, waiting, cells = {start}, [start], set[Spot]()
    while waiting:
        for spot in set(findings[waiting.pop()].spots) - cells:
            cells.add(spot)
            fresh = [number for number in near[spot] if number not in numbers]
            numbers.update(fresh)
            waiting += fresh
        if len(numbers) > MOST_RELATED or len(cells) > MOST_CELLS:
            return None
    return numbers


class _Row(NamedTuple):
    """A sum of cells by number, the ends that it has as printed, and those that it may have."""

    factors: Mapping[int, Number]
    low: Number
    high: Number
    least: Number | None
    most: Number | None

    def needs(self, cell: int, printed: Bounds) -> Bounds:
        """Return the ends that one cell must keep so that the sum does, all others being as printed."""
        factor = self.factors[cell]
        ends = sorted(factor * (end or 0) for end in printed)
        low = None if self.least is None else Fraction(self.least - (self.high - ends[1])) / factor
        high = None if self.most is None else Fraction(self.most - (self.low - ends[0])) / factor
        return (low, high) if factor > 0 else (high, low)


class FaultSets(NamedTuple):
    """The smallest sets of cells that can be at fault; ``complete`` tells whether these are all there are.

    ``contradiction`` are relations that cannot all hold whatever the cells say; then there is no set.
    """

    sets: tuple[frozenset[Spot], ...]
    complete: bool
    contradiction: tuple[Finding, ...] = ()


class FaultSearch:
    """The relations of a table that hang together, and which cells are free to be other than printed."""

    def __init__(self, table: Table, findings: Sequence[Finding]) -> None:
        self.table, self.findings = table, findings
        said = [(finding, finding.relation.linear(finding.place)) for finding in findings]
        linear = [(finding, each) for finding, told in said for each in told]
        self.curved = [finding for finding, told in said if not told]
        read = chain(*(each.factors for _, each in linear), *(finding.spots for finding in self.curved))
        self.spots = list(dict.fromkeys(read))
        self.number = {spot: at for at, spot in enumerate(self.spots)}
        printed = [table.cells[spot].value or ANY for spot in self.spots]
        self.missing = {at for at, value in enumerate(printed) if value.low is None and value.high is None}
        ends = [end for value in printed for end in (value.low, value.high) if end is not None]
        ends += [Fraction(end) for _, each in linear for end in (each.low, each.high) if end is not None]
        self.scale = lcm(*{end.denominator for end in ends}) * 2
        self.printed: list[Bounds] = [self._scaled(value.low, value.high) for value in printed]
        self.reasons: dict[int, set[int]] = {}
        self.clashes: dict[int, set[int]] = {}
        self.open: set[int] = set()
        self.stale: set[int] = set()
        self.told: dict[tuple[int, int], Interval] = {}  # what a cell can be by a relation whose other cells are right
        self.curved_of: dict[int, list[Finding]] = defaultdict(list)
        for finding in self.curved:
            for spot in set(finding.spots):
                self.curved_of[self.number[spot]].append(finding)
        self.linear = linear
        self.rows_of: dict[int, list[_Row]] = defaultdict(list)
        sums, limits = self._numbered(linear)
        for factors, limit in zip(sums, limits, strict=True):
            if row := self._row(factors, limit):
                for cell in factors:
                    self.rows_of[cell].append(row)
        self.system = System(self.printed, sums, limits)
        for cell in self.missing & self.curved_of.keys():
            self.rebound(cell)
        self.conflicts = [
            cells
            for finding in findings
            if finding.verdict == "fails"
            if (cells := frozenset(map(self.number.__getitem__, finding.spots)) - self.missing)
        ]
        self.nodes = 0

    def _numbered(self, linear: Sequence[tuple[Finding, Linear]]) -> tuple[list[dict[int, Number]], list[Bounds]]:
        """Return the factors of sums by the numbers of cells, none of them 0, and the ends of each sum."""
        sums = [{self.number[spot]: factor for spot, factor in each.factors.items() if factor} for _, each in linear]
        return sums, [self._scaled(each.low, each.high) for _, each in linear]

    def _row(self, factors: Mapping[int, Number], ends: Bounds) -> _Row | None:
        """Return a sum with the ends that it has as printed; None where a figure has no end."""
        low: Number = 0
        high: Number = 0
        for cell, factor in factors.items():
            least, most = self.printed[cell]
            if least is None or most is None:
                return None
            low, high = low + factor * (least if factor > 0 else most), high + factor * (most if factor > 0 else least)
        return _Row(factors, low, high, *ends)

    def _scaled(self, low: Number | None, high: Number | None) -> Bounds:
        return (None if low is None else self._whole(low), None if high is None else self._whole(high))

    def _whole(self, end: Number) -> int:
        upper, lower = end.as_integer_ratio()
        return upper * (self.scale // lower)

    # Cells that are open to change -----------------------------------------------------------------

    def set_open(self, cell: int, *, to: bool) -> None:
        """Let a cell be anything, or only what is printed."""
        (self.open.add if to else self.open.discard)(cell)
        near = {self.number[spot] for finding in self.curved_of.get(cell, ()) for spot in finding.spots}
        self.stale |= {cell, *near & (self.open | self.missing)}  # the system hears of it when it is asked

    def rebound(self, cell: int) -> None:
        """Bound a cell by what is printed or, where it is open, by the relations that are no matter of sums."""
        self.reasons.pop(cell, None)
        self.clashes.pop(cell, None)
        if cell not in self.open and cell not in self.missing:
            self.system.bound(cell, self.printed[cell])
            return
        low: Fraction | None = None
        high: Fraction | None = None
        reasons: set[int] = set()
        for finding in self.curved_of.get(cell, ()):
            others = {self.number[spot] for spot in finding.spots} - {cell}
            if others & (self.open | self.missing):
                continue
            if (cell, id(finding)) not in self.told:
                told = finding.relation.implied(self.spots[cell], self._value, finding.place)
                self.told[cell, id(finding)] = told
            told = self.told[cell, id(finding)]
            if told != ANY:
                reasons |= others
                low = told.low if low is None or (told.low is not None and told.low > low) else low
                high = told.high if high is None or (told.high is not None and told.high < high) else high
        if reasons:
            self.reasons[cell] = reasons
        if low is not None and high is not None and low > high:
            self.clashes[cell], low, high = reasons, None, None
        scaled = (None if low is None else low * self.scale, None if high is None else high * self.scale)
        self.system.bound(cell, scaled)

    def _value(self, spot: Spot) -> Interval:
        return self.table.cells[spot].value or ANY

    def conflict(self) -> Cells | None:
        """Return cells as printed of which one is wrong; None where all can be right but for the open ones."""
        for cell in self.open:
            if apart := self._apart(cell):
                return apart
        while self.stale:
            self.rebound(self.stale.pop())
        for reasons in self.clashes.values():
            return frozenset(reasons)
        found = self.system.conflict()
        if found is None:
            return None
        cells = {each for each in found if each < len(self.spots)}
        for cell in cells & self.reasons.keys():
            cells |= self.reasons[cell]
        return frozenset(cells - self.open - self.missing)

    def _apart(self, cell: int) -> Cells | None:
        """Return the printed cells of two sums that ask different figures of the one open cell that they share."""
        lowest: tuple[Number, _Row] | None = None
        highest: tuple[Number, _Row] | None = None
        for row in self.rows_of[cell]:
            if len(self.open & row.factors.keys()) == 1:
                low, high = row.needs(cell, self.printed[cell])
                lowest = (low, row) if low is not None and (lowest is None or low > lowest[0]) else lowest
                highest = (high, row) if high is not None and (highest is None or high < highest[0]) else highest
        if lowest is None or highest is None or lowest[0] <= highest[0]:
            return None
        return frozenset((lowest[1].factors.keys() | highest[1].factors.keys()) - self.open)

    def range(self, cell: int) -> Interval:
        """Return what a cell can be so that all relations hold; they must be able to."""
        low, high = (self.system.extreme(cell, up=up) for up in (False, True))
        return Interval(
            None if low is None else Fraction(low) / self.scale, None if high is None else Fraction(high) / self.scale
        )

    # The search ------------------------------------------------------------------------------------

    def run(self) -> FaultSets:
        """Return the smallest sets of cells at fault."""
        try:
            contradiction = self._contradiction()
            if contradiction:
                return FaultSets((), True, contradiction)
            for size in range(self._least(self.conflicts), MOST_FAULTS + 1):
                found: list[Cells] = []
                self._below(size, found, set())
                if found:
                    return FaultSets(tuple(map(self._named, found)), len(found) < MOST_SETS)
        except OutOfStepsError:
            pass
        return FaultSets((), False)

    def _named(self, cells: Iterable[int]) -> frozenset[Spot]:
        return frozenset(self.spots[cell] for cell in cells)

    def _least(self, conflicts: Iterable[Cells]) -> int:
        """Return how many cells are wrong at least: conflicts that share no cell have a fault each."""
        met: set[int] = set()
        count = 0
        for cells in sorted(conflicts, key=len):
            if met.isdisjoint(cells):
                met |= cells
                count += 1
        return count

    def _below(self, budget: int, found: list[Cells], shut: set[int]) -> None:
        """Find the sets that add so many cells to the open ones, none of those that are shut."""
        self.nodes += 1
        if self.nodes > MOST_NODES:
            raise OutOfStepsError
        if len(found) >= MOST_SETS:
            return
        left = [cells for cells in self.conflicts if self.open.isdisjoint(cells)]
        if not left:
            conflict = self.conflict()
            if conflict is None:
                found.append(frozenset(self.open))
                return
            self.conflicts.append(conflict)
            left = [conflict]
        if not budget or self._least(left) > budget:
            return
        choices = frozenset.intersection(*left) if budget == 1 else min(left, key=len)
        tried: set[int] = set()
        for cell in sorted(choices - shut):
            if budget == 1 or self._least([cells for cells in left if cell not in cells]) < budget:
                self.set_open(cell, to=True)
                self._below(budget - 1, found, shut | tried)
                self.set_open(cell, to=False)
            tried.add(cell)

    def _contradiction(self) -> tuple[Finding, ...]:
        """Return the fewest relations that cannot all hold whatever the cells say; none where all can."""
        if all(not each.low and not each.high for _, each in self.linear):
            return ()  # nothing everywhere keeps them all
        kept = self.linear
        if self._freed(kept).conflict() is None:
            return ()
        for each in self.linear:
            fewer = [other for other in kept if other is not each]
            if self._freed(fewer).conflict() is not None:
                kept = fewer
        return tuple(dict.fromkeys(finding for finding, _ in kept))

    def _freed(self, linear: Sequence[tuple[Finding, Linear]]) -> System:
        """Return some sums over cells that can be anything."""
        return System([(None, None)] * len(self.spots), *self._numbered(linear))


def solver_set(search: FaultSearch) -> frozenset[Spot] | None:
    """Return one smallest set with SciPy's `milp`, for tables that the search of its own cannot finish.

    The solver only chooses cells that meet every conflict known; whether they are enough is decided exactly, as in the
    search. None without SciPy, or where it takes too long.
    """
    try:
        from scipy.optimize import Bounds as Between
        from scipy.optimize import LinearConstraint, milp
    except ImportError:
        return None
    for _ in range(MOST_ROUNDS):
        cells = sorted(set().union(*search.conflicts))
        rows = [[float(cell in conflict) for cell in cells] for conflict in search.conflicts]
        answer = milp([1.0] * len(cells), constraints=LinearConstraint(rows, 1.0), bounds=Between(0, 1), integrality=1)
        if answer.x is None:
            return None
        chosen = [cell for cell, taken in zip(cells, answer.x, strict=True) if taken > 1 / 2]
        try:
            for cell in chosen:
                search.set_open(cell, to=True)
            conflict = search.conflict()
        except OutOfStepsError:
            return None
        finally:
            for cell in chosen:
                search.set_open(cell, to=False)
        if conflict is None:
            return frozenset(search.spots[cell] for cell in chosen)
        if not conflict:
            return None
        search.conflicts.append(conflict)
    return None
