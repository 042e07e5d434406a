"""Sums of bounded figures that should hold together: can they, why not, and how far may a figure go. All exact."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from fractions import Fraction

Number = int | Fraction
Bounds = tuple[Number | None, Number | None]
MOST_STEPS = 20_000  # pivots of one system before it gives up
PATIENCE = 200  # pivots of one question after which the order is Bland's, which cannot go in a circle


class OutOfStepsError(Exception):
    """The system is too large to be decided within its steps."""


class System:
    """Figures with bounds, and sums of them with bounds of their own; a simplex tableau that keeps its state.

    ``sums`` maps the number of a figure to its factor, one mapping a sum. Figures are numbered from 0, sums follow
    them. Bounds are integers or fractions, None where there is none. Freeing and fixing a figure costs nothing but the
    pivots that the next question needs.
    """

    def __init__(
        self, bounds: Sequence[Bounds], sums: Sequence[Mapping[int, Number]], ranges: Sequence[Bounds]
    ) -> None:
        self.bounds: list[Bounds] = [*bounds, *ranges]
        count = len(bounds)
        self.values: list[Number] = [_inside(each) for each in bounds]
        self.rows: dict[int, dict[int, Number]] = {count + at: dict(factors) for at, factors in enumerate(sums)}
        self.users: list[set[int]] = [set() for _ in self.bounds]
        for basic, row in self.rows.items():
            for figure in row:
                self.users[figure].add(basic)
            self.values.append(sum(factor * self.values[figure] for figure, factor in row.items()))
        self.suspects = set(self.rows)
        self.figures = count
        self.eased: set[int] = set()
        self.steps = 0

    def bound(self, figure: int, bounds: Bounds) -> None:
        """Give a figure other bounds."""
        self.bounds[figure] = bounds
        if figure in self.rows:
            self.suspects.add(figure)
        elif off := self._off(figure):
            self._move(figure, -off)

    def conflict(self) -> frozenset[int] | None:
        """Return figures and sums whose bounds cannot hold together; None where all can.

        Sums that have to be one exact value are left out of what is returned.
        """
        started = self.steps
        while self.suspects:
            patient = self.steps - started < PATIENCE
            basic = self.suspects.pop() if patient else min(self.suspects)
            self.suspects.discard(basic)
            off = self._off(basic) if basic in self.rows else 0
            if not off:
                continue
            row = self.rows[basic]
            if basic not in self.eased and self._ease(basic, row, -off):
                continue
            rising = off < 0
            entering = self._entering(row, rising, patient=patient)
            if entering is None:
                self.suspects.add(basic)
                return frozenset((basic, *row))
            self._move(entering, _over(-off, row[entering]))
            self._pivot(basic, entering)
        return None

    def _ease(self, basic: int, row: Mapping[int, Number], need: Number) -> bool:
        """Move the figures of a sum, once, as far as their bounds allow, those that fewest sums read first."""
        self.eased.add(basic)
        for figure in sorted(row, key=lambda figure: len(self.users[figure])):
            factor = row[figure]
            end = self.bounds[figure][(need > 0) == (factor > 0)]
            step = _over(need, factor)
            if end is not None and _size(end - self.values[figure]) < _size(step):
                step = end - self.values[figure]
            if step:
                self._move(figure, step)
                need -= step * factor
            if not need:
                return True
        return False

    def extreme(self, figure: int, *, up: bool) -> Number | None:
        """Return the largest (or smallest) value of a figure with which all hold; None where there is none.

        All must be able to hold.
        """
        while True:
            row = self.rows.get(figure, {figure: 1})
            entering = self._entering(row, up, patient=False)
            if entering is None:
                return self.values[figure]
            rising = (row[entering] > 0) == up
            step, leaving = self._step(entering, rising)
            if step is None:
                return None
            self._move(entering, step if rising else -step)
            if leaving != entering:
                self._pivot(leaving, entering)

    def _step(self, entering: int, rising: bool) -> tuple[Number | None, int]:
        """Return how far a figure may go until it or a sum meets a bound, and which."""
        own = self.bounds[entering][rising]
        best: Number | None = None if own is None else _size(own - self.values[entering])
        leaving = entering
        for basic in sorted(self.users[entering]):
            factor = self.rows[basic][entering]
            end = self.bounds[basic][(factor > 0) == rising]
            if end is not None:
                room = _over(_size(end - self.values[basic]), _size(factor))
                if best is None or room < best:
                    best, leaving = room, basic
        return best, leaving

    def _entering(self, row: Mapping[int, Number], rising: bool, *, patient: bool) -> int | None:
        """Return a figure of a row that can still move so that the row rises (or falls)."""
        best: tuple[bool, bool, int] | None = None
        found = None
        for figure, factor in row.items():
            end = self.bounds[figure][(factor > 0) == rising]
            if end is not None and self.values[figure] == end:
                continue
            if not patient:
                found = figure if found is None else min(found, figure)
                continue
            rank = (end is not None, factor not in (1, -1), len(self.users[figure]))
            if best is None or rank < best:
                best, found = rank, figure
        return found

    def _off(self, figure: int) -> Number:
        """Return how far a value lies above (positive) or below its bounds."""
        (low, high), value = self.bounds[figure], self.values[figure]
        if low is not None and value < low:
            return value - low
        return value - high if high is not None and value > high else 0

    def _move(self, figure: int, step: Number) -> None:
        self.values[figure] += step
        for basic in self.users[figure]:
            self.values[basic] += self.rows[basic][figure] * step
        self.suspects |= self.users[figure]

    def _pivot(self, basic: int, entering: int) -> None:
        """Express the entering figure by the basic one; a sum that has one value only never moves and is left out."""
        self.steps += 1
        if self.steps > MOST_STEPS:
            raise OutOfStepsError
        row = self.rows.pop(basic)
        factor = row.pop(entering)
        users = self.users[entering]
        users.discard(basic)
        self.users[entering] = set()
        new = {other: _over(-each, factor) for other, each in row.items()}
        for other in row:
            self.users[other].discard(basic)
            self.users[other].add(entering)
        low, high = self.bounds[basic]
        if basic < self.figures or low != high or low is None:
            new[basic] = _over(1, factor)
            self.users[basic] = {entering}
        self.rows[entering] = new
        self.suspects.add(entering)
        for user in users:
            target = self.rows[user]
            times = target.pop(entering)
            for other, each in new.items():
                before = target.get(other, 0)
                value = before + times * each
                if value:
                    target[other] = value
                    if not before:
                        self.users[other].add(user)
                elif before:
                    del target[other]
                    self.users[other].discard(user)


def _inside(bounds: Bounds) -> Number:
    """Return the middle of bounds, or an end, or nothing."""
    low, high = bounds
    if low is not None and high is not None:
        return low if low == high else _over(low + high, 2)
    return next((end for end in bounds if end is not None), 0)


def _size(value: Number) -> Number:
    return -value if value < 0 else value


def _over(value: Number, factor: Number) -> Number:
    """Divide exactly; the result is an integer where it can be."""
    if factor == 1:
        return value
    if factor == -1:
        return -value
    if type(value) is type(factor) is int and not value % factor:
        return value // factor
    quotient = Fraction(value) / factor
    return quotient.numerator if quotient.denominator == 1 else quotient
