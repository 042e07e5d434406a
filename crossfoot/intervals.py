"""Printed numbers as exact intervals, and arithmetic that carries them.

A number printed to two decimals stands for every value that rounds to it: 80.32 is the closed
interval [80.315, 80.325], whichever way ties were rounded. All bounds are fractions, so no binary
float can err. Operands of one operation are taken as independent of each other.
"""

from __future__ import annotations

import operator
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from decimal import Decimal, localcontext
from fractions import Fraction
from math import lcm

from crossfoot.errors import DataError

Bound = Fraction | None  # None: no bound on that side
ROOT_DIGITS = 30  # decimals to which roots are bounded, outwards
LONGEST_FIGURE = 400  # characters; no printed figure comes near
MOST_PERIODS = 1000  # of compound growth
_PLAIN = re.compile(r"([+-]?)(\d{1,3}(?:,\d{3})+|\d+|(?=\.))(?:\.(\d+))?", re.ASCII)


def decimal_places(text: str) -> tuple[int, int]:
    """Split a plain decimal into the integer its digits form and the number of its decimals.

    Thousands are separated by commas or not at all; DataError for anything else, such as ``1e5``, ``0,5`` or ``12 %``.

    Examples
    --------
    >>> decimal_places("-1,234.50")
    (-123450, 2)
    """
    found = _PLAIN.fullmatch(text.strip()) if len(text) <= LONGEST_FIGURE else None
    if found is None:
        raise DataError(f"'{text[:40]}' is not a plain decimal number; digits and one decimal point are expected.")
    sign, whole, decimals = found[1], found[2].replace(",", ""), found[3] or ""
    return int(f"{sign}{whole}{decimals}"), len(decimals)


def plain(value: Fraction) -> str:
    """Return a fraction as decimal text: exact up to 10 decimals, else to 10 significant digits.

    Examples
    --------
    >>> plain(Fraction(5, 2)), plain(Fraction(1, 3)), plain(Fraction(-1000000, 1))
    ('2.5', '0.3333333333', '-1000000')
    """
    scaled = value * 10**10
    with localcontext() as context:
        exact = scaled.denominator == 1
        context.prec = len(str(abs(scaled.numerator))) + 1 if exact else 10
        text = format(Decimal(value.numerator) / Decimal(value.denominator), "f")
    return text.rstrip("0").rstrip(".") if "." in text else text


@dataclass(frozen=True)
class Interval:
    """All values that a figure can stand for: closed, exact, possibly unbounded on a side.

    `low`, `high`: bounds as fractions; None where there is none. `point`: what the figures as printed give, which need
    not be half way between the bounds; None where no printed figures led here.

    Examples
    --------
    >>> total = Interval.printed("0.15") + Interval.printed("1.2")
    >>> str(total)
    '[1.295, 1.405]'
    >>> share = Interval.printed("1") / Interval.printed("3")
    >>> str(share), str(share.middle)
    ('[0.1428571429, 0.6]', '1/3')
    """

    low: Bound
    high: Bound
    point: Bound = field(default=None, compare=False)

    def __post_init__(self) -> None:
        low, high = self.low, self.high
        if low is None or high is None:
            return
        if low.numerator * high.denominator > high.numerator * low.denominator:  # as low > high, three times as fast
            raise DataError(f"an interval from {plain(low)} to {plain(high)} is upside down.")

    @classmethod
    def printed(cls, text: str, half_width: str | None = None) -> Interval:
        """Return the values that round to a printed decimal.

        `text`: plain decimal, thousands separated by commas or not; `half_width`: half-width as decimal text; by
        default half a unit of the last decimal printed. Raises DataError if the text or the half-width is not a plain
        decimal, or the half-width is negative.
        """
        digits, decimals = decimal_places(text)
        unit = 10**decimals
        if not half_width:
            ends = Fraction(2 * digits - 1, 2 * unit), Fraction(2 * digits + 1, 2 * unit)
            return cls(*ends, Fraction(digits, unit))
        half = _number(half_width)
        if half < 0:
            raise DataError(f"a half-width of {half_width} for '{text}' is negative; zero or more is expected.")
        return cls(Fraction(digits, unit) - half, Fraction(digits, unit) + half, Fraction(digits, unit))

    @classmethod
    def exact(cls, value: int | str | Fraction) -> Interval:
        """Return the single value itself, such as a count that was not rounded."""
        number = _number(value)
        return cls(number, number, number)

    @classmethod
    def at_least(cls, value: int | str | Fraction) -> Interval:
        """Return every value from this one up ("more than 5,000")."""
        return cls(_number(value), None)

    @classmethod
    def at_most(cls, value: int | str | Fraction) -> Interval:
        """Return every value up to this one ("nearly 3,000")."""
        return cls(None, _number(value))

    def __str__(self) -> str:
        low = "-inf" if self.low is None else plain(self.low)
        high = "inf" if self.high is None else plain(self.high)
        return f"[{low}, {high}]"

    def __neg__(self) -> Interval:
        low, high = None if self.high is None else -self.high, None if self.low is None else -self.low
        return Interval(low, high, None if self.point is None else -self.point)

    def __add__(self, other: Interval) -> Interval:
        low = None if self.low is None or other.low is None else self.low + other.low
        high = None if self.high is None or other.high is None else self.high + other.high
        return Interval(low, high, self._point(other, operator.add))

    def __sub__(self, other: Interval) -> Interval:
        return self + -other

    def __mul__(self, other: Interval) -> Interval:
        if self.low is not None and self.high is not None and other.low is not None and other.high is not None:
            if other.low.numerator >= 0:  # two products of four, which is what nearly every table needs
                low = self.low * (other.low if self.low.numerator >= 0 else other.high)
                high = self.high * (other.high if self.high.numerator >= 0 else other.low)
                return Interval(low, high, self._point(other, operator.mul))
            if self.low.numerator >= 0:
                return other * self
        ends = _hull([_product(a, b) for a in self._ends() for b in other._ends()])
        return Interval(*ends, self._point(other, operator.mul))

    def __truediv__(self, other: Interval) -> Interval:
        """Return the quotient; unbounded on both sides when the divisor can be zero."""
        if other.contains(Fraction(0)):
            return Interval(None, None)
        low, high = (Fraction(0) if end is None else 1 / end for end in (other.high, other.low))
        return self * Interval(low, high, None if other.point is None else 1 / other.point)

    @property
    def bounded(self) -> bool:
        """Tell whether there is a bound on both sides."""
        return self.low is not None and self.high is not None

    @property
    def middle(self) -> Bound:
        """Return what the printed figures give, else the value half way between the bounds; None if unbounded."""
        if self.low is None or self.high is None:
            return None
        return (self.low + self.high) / 2 if self.point is None else self.point

    @property
    def half(self) -> Bound:
        """Return half the distance between the bounds; None if unbounded."""
        return None if self.low is None or self.high is None else (self.high - self.low) / 2

    def contains(self, value: Fraction) -> bool:
        """Tell whether a value lies in the interval, ends included."""
        return (self.low is None or self.low <= value) and (self.high is None or value <= self.high)

    def overlaps(self, other: Interval) -> bool:
        """Tell whether both can stand for the same value."""
        return self.gap(other) == 0

    def gap(self, other: Interval) -> Fraction:
        """Return the distance between the nearest ends; 0 where the intervals meet."""
        above = self.low - other.high if self.low is not None and other.high is not None else Fraction(0)
        below = other.low - self.high if other.low is not None and self.high is not None else Fraction(0)
        return max(above, below, Fraction(0))

    def _point(self, other: Interval, work: Callable[[Fraction, Fraction], Fraction]) -> Bound:
        return None if self.point is None or other.point is None else work(self.point, other.point)

    def _ends(self) -> tuple[tuple[int, Bound], tuple[int, Bound]]:
        return (-1, self.low), (1, self.high)


def _product(a: tuple[int, Bound], b: tuple[int, Bound]) -> tuple[int, Fraction]:
    """Multiply two ends; the first part is the sign of an infinite product, else 0."""
    finite = (a[1], b[1])
    if finite[0] is not None and finite[1] is not None:
        return 0, finite[0] * finite[1]
    signs = [side if end is None else (end > 0) - (end < 0) for side, end in (a, b)]
    return signs[0] * signs[1], Fraction(0)


def _hull(products: list[tuple[int, Fraction]]) -> tuple[Bound, Bound]:
    low = None if any(sign < 0 for sign, _ in products) else min(value for sign, value in products if sign == 0)
    high = None if any(sign > 0 for sign, _ in products) else max(value for sign, value in products if sign == 0)
    return low, high


def total(parts: Sequence[Interval]) -> Interval:
    """Return the sum of independent figures, in time linear in their number.

    Examples
    --------
    >>> str(total([Interval.printed("0.1"), Interval.printed("0.25"), Interval.exact(3)]))
    '[3.295, 3.405]'
    """
    ends = ([part.low for part in parts], [part.high for part in parts], [part.point for part in parts])
    return Interval(*map(_sum, ends))


def _sum(bounds: list[Bound]) -> Bound:
    """Add bounds over a common denominator, which reduces a fraction once and not at every step."""
    numerator, scale = 0, 1
    for bound in bounds:
        if bound is None:
            return None
        upper, lower = bound.as_integer_ratio()
        if scale % lower:
            numerator, scale = numerator * (lcm(scale, lower) // scale), lcm(scale, lower)
        numerator += upper * (scale // lower)
    return Fraction(numerator, scale)


def _number(value: int | str | Fraction) -> Fraction:
    if isinstance(value, str):
        digits, decimals = decimal_places(value)
        return Fraction(digits, 10**decimals)
    return Fraction(value)


def simple_growth(first: Interval, last: Interval, periods: int = 1) -> Interval:
    """Return the relative change divided by the number of periods, as a fraction; DataError if there is none.

    Examples
    --------
    >>> str(simple_growth(Interval.exact(100), Interval.exact(130), periods=3))
    '[0.1, 0.1]'
    """
    if periods < 1:
        raise DataError(f"growth needs at least one period, got {periods}.")
    return (last / first - Interval.exact(1)) / Interval.exact(periods)


def compound_growth(first: Interval, last: Interval, periods: int) -> Interval:
    """Return the constant rate a period that leads from first to last, as a fraction.

    Irrational bounds are rounded outwards at 30 decimals. DataError if a figure can be zero or negative, or there is no
    period or more than 1,000.

    Examples
    --------
    >>> str(compound_growth(Interval.exact(100), Interval.exact(121), periods=2))
    '[0.1, 0.1]'
    """
    if not 1 <= periods <= MOST_PERIODS:
        raise DataError(f"compound growth needs 1 to {MOST_PERIODS} periods, got {periods}.")
    if first.low is None or first.low <= 0 or last.low is None or last.low <= 0:
        raise DataError("compound growth needs positive figures.")
    ratio = last / first
    low = None if ratio.low is None else _root(ratio.low, periods, up=False) - 1
    high = None if ratio.high is None else _root(ratio.high, periods, up=True) - 1
    return Interval(low, high, None if ratio.point is None else _root(ratio.point, periods, up=False) - 1)


def _root(value: Fraction, degree: int, *, up: bool) -> Fraction:
    """Bound the root of a non-negative fraction by a decimal with ROOT_DIGITS decimals."""
    scale = 10**ROOT_DIGITS
    power = value * scale**degree
    floor = _integer_root(power.numerator // power.denominator, degree)
    exact = Fraction(floor**degree) == power
    return Fraction(floor + (1 if up and not exact else 0), scale)


def _integer_root(value: int, degree: int) -> int:
    """Return the largest integer whose power does not exceed the value (Newton's method)."""
    if value < 2 or degree == 1:
        return value
    guess = 1 << -(-value.bit_length() // degree)
    while True:
        better = ((degree - 1) * guess + value // guess ** (degree - 1)) // degree
        if better >= guess:
            return guess
        guess = better
