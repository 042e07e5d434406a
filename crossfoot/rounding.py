"""The unit that a line of figures is really rounded to, where all of them end in zeros."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import replace
from fractions import Fraction
from functools import lru_cache
from itertools import accumulate
from typing import NamedTuple

from crossfoot.intervals import Interval
from crossfoot.relations import Spot
from crossfoot.table import Cell

ENOUGH = 4  # zeros that different figures of a line end in, all together: by chance once in 10^4
FEWEST = 4  # different figures
ODD_ONES = 10  # of so many figures one may end otherwise
MOST_ZEROS = 12
NONE = Fraction(0)


def as_rounded(cells: Mapping[Spot, Cell]) -> dict[Spot, Cell]:
    """Return the cells with the values that those can stand for whose row or column is rounded to tens, thousands ....

    Only figures that were taken to be rounded in their last digit are widened.

    Examples
    --------
    >>> texts = ("39000", "21000", "18000", "22000")
    >>> cells = {(text, "2021"): Cell(text, Interval.printed(text)) for text in texts}
    >>> str(as_rounded(cells)["21000", "2021"].value)
    '[20500, 21500]'
    """
    zeros = {spot: found for spot, cell in cells.items() if (found := _zeros(cell)) is not None}
    lines: dict[tuple[int, str], list[_Zeros]] = {}
    for spot, found in zeros.items():
        for axis in (0, 1):
            lines.setdefault((axis, spot[axis]), []).append(found)
    units = {line: _unit(told) for line, told in lines.items()}
    done = dict(cells)
    for spot, (count, unit, _) in zeros.items():
        shared = max(units[0, spot[0]], units[1, spot[1]])
        if shared and unit < shared <= unit * 10**count:
            middle = cells[spot].value.middle  # type: ignore[union-attr]
            if middle is not None:
                done[spot] = replace(cells[spot], value=Interval(middle - shared / 2, middle + shared / 2))
    return done


class _Zeros(NamedTuple):
    """How many zeros a figure ends in, the unit of its last digit, and its value."""

    zeros: int
    unit: Fraction
    value: float


def _zeros(cell: Cell) -> _Zeros | None:
    """Return how a figure ends; None for what is not rounded in its last digit."""
    value = cell.value
    if value is None or value.low is None or value.high is None:
        return None
    (low, low_scale), (high, high_scale) = value.low.as_integer_ratio(), value.high.as_integer_ratio()
    low, high, scale = low * high_scale, high * low_scale, low_scale * high_scale
    if low in (high, -high):
        return None
    number, rest = divmod(low + high, 2 * (high - low))
    if rest:
        return None
    count, left = 0, abs(number)
    while count < MOST_ZEROS and left % 10 == 0:
        count, left = count + 1, left // 10
    return _Zeros(count, _fraction(high - low, scale), (low + high) / scale)


@lru_cache(maxsize=1000)
def _fraction(over: int, under: int) -> Fraction:
    """Return a unit: the same object for the same, since a table has few."""
    return Fraction(over, under)


def _unit(told: list[_Zeros]) -> Fraction:
    """Return the largest unit that all but the odd one of a line's figures are multiples of; 0 if chance may do it.

    Most figures must be printed to more than that unit: "5.0000" among whole numbers is no figure rounded to ones.
    """
    few = len(told) < ODD_ONES
    if (few and sum(one.zeros for one in told) < ENOUGH) or len({one.value for one in told}) < FEWEST:
        return NONE
    kinds = Counter((one.zeros, one.unit) for one in told)
    reached = sorted((unit * 10**count, times) for (count, unit), times in kinds.items())
    before = accumulate(times for _, times in reached)
    shared = next(end for (end, _), seen in zip(reached, before, strict=True) if seen > len(told) // ODD_ONES)
    steps = sum(times * _powers(unit, shared) for (_, unit), times in kinds.items())
    finer = sum(times for (_, unit), times in kinds.items() if unit < shared)
    return shared if steps >= ENOUGH and 2 * finer > len(told) else NONE


def _powers(unit: Fraction, shared: Fraction) -> int:
    power = 0
    while unit * 10**power < shared:
        power += 1
    return power
