"""The unit that a line of figures is really rounded to, where all of them end in zeros."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from fractions import Fraction

from crossfoot.intervals import Interval
from crossfoot.relations import Spot
from crossfoot.table import Cell

ENOUGH = 4  # zeros that different figures of a line end in, all together: by chance once in 10^4
FEWEST = 4  # different figures
ODD_ONES = 10  # of so many figures one may end otherwise
MOST_ZEROS = 12


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
    lines: dict[tuple[int, str], list[tuple[int, Fraction]]] = {}
    for spot, (count, unit) in zeros.items():
        for axis in (0, 1):
            lines.setdefault((axis, spot[axis]), []).append((count, unit))
    for axis in (0, 1):
        figures: dict[str, set[Fraction]] = {}
        for spot in zeros:
            figures.setdefault(spot[axis], set()).add(cells[spot].value.middle)  # type: ignore[union-attr, arg-type]
        for label, different in figures.items():
            if len(different) < FEWEST:
                lines[axis, label] = []
    units = {line: _unit(told) for line, told in lines.items()}
    done = dict(cells)
    for spot, (count, unit) in zeros.items():
        shared = max(units[0, spot[0]], units[1, spot[1]])
        middle = cells[spot].value.middle  # type: ignore[union-attr]
        if middle is not None and unit < shared <= unit * 10**count:
            done[spot] = replace(cells[spot], value=Interval(middle - shared / 2, middle + shared / 2))
    return done


def _zeros(cell: Cell) -> tuple[int, Fraction] | None:
    """Return how many zeros a figure ends in and the unit of its last digit; None for what is not so rounded."""
    value = cell.value
    if value is None or not value.middle or not value.half:
        return None
    unit = 2 * value.half
    digits = value.middle / unit
    if digits.denominator != 1:
        return None
    count, number = 0, abs(digits.numerator)
    while count < MOST_ZEROS and number % 10 == 0:
        count, number = count + 1, number // 10
    return count, unit


def _unit(told: Iterable[tuple[int, Fraction]]) -> Fraction:
    """Return the largest unit that all but the odd one of a line's figures are multiples of; 0 if chance may do it."""
    found = list(told)
    ends = sorted(unit * 10**count for count, unit in found)
    if not ends:
        return Fraction(0)
    shared = ends[len(ends) // ODD_ONES]
    steps = 0
    for _, unit in found:
        power = 0
        while unit * 10**power < shared:
            power += 1
        steps += power
    return shared if steps >= ENOUGH else Fraction(0)
