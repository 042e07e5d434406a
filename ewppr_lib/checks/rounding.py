"""Printed numbers as exact intervals, and arithmetic that carries them.

A number printed to two decimals stands for every value that rounds to it: 80.32 is the closed
interval [80.315, 80.325], whichever way ties were rounded. All bounds are fractions, so no binary
float can slip. Operands of one operation are taken as independent of each other.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from fractions import Fraction

from ewppr_lib.errors import DataError

Bound = Fraction | None  # None: no bound on that side
ROOT_DIGITS = 30  # decimals to which roots are bounded, outwards


@dataclass(frozen=True)
class Interval:
    """All values that a figure can stand for: closed, exact, possibly unbounded on a side.

    Parameters
    ----------
    low, high
        Bounds as fractions; None where there is none.

    Examples
    --------
    >>> total = Interval.printed("0.15") + Interval.printed("1.2")
    >>> str(total)
    '[1.295, 1.405]'
    """

    low: Bound
    high: Bound

    def __post_init__(self) -> None:
        if self.low is not None and self.high is not None and self.low > self.high:
            raise DataError(f"an interval from {float(self.low)} to {float(self.high)} is upside down.")

    @classmethod
    def printed(cls, text: str, half_width: str | None = None) -> Interval:
        """Return the values that round to a printed decimal.

        Parameters
        ----------
        text
            Plain decimal, thousands separated by commas or not.
        half_width
            Half-width as decimal text; by default half a unit of the last decimal printed.

        Raises
        ------
        DataError
            If the text is not a plain decimal.
        """
        try:
            value = Decimal(text.replace(",", ""))
        except InvalidOperation:
            raise DataError(f"'{text}' is not a plain decimal number.") from None
        exponent = value.as_tuple().exponent
        if not isinstance(exponent, int):
            raise DataError(f"'{text}' is not a finite number.")
        half = Fraction(half_width) if half_width else Fraction(Decimal(5).scaleb(exponent - 1))
        return cls(Fraction(value) - half, Fraction(value) + half)

    @classmethod
    def exact(cls, value: int | str | Fraction) -> Interval:
        """Return the single value itself, such as a count that was not rounded."""
        number = Fraction(value.replace(",", "") if isinstance(value, str) else value)
        return cls(number, number)

    @classmethod
    def at_least(cls, value: int | str | Fraction) -> Interval:
        """Return every value from this one up ("more than 5,000")."""
        return cls(cls.exact(value).low, None)

    @classmethod
    def at_most(cls, value: int | str | Fraction) -> Interval:
        """Return every value up to this one ("nearly 3,000")."""
        return cls(None, cls.exact(value).high)

    def __str__(self) -> str:
        low = "-inf" if self.low is None else f"{float(self.low):.10g}"
        high = "inf" if self.high is None else f"{float(self.high):.10g}"
        return f"[{low}, {high}]"

    def __neg__(self) -> Interval:
        return Interval(None if self.high is None else -self.high, None if self.low is None else -self.low)

    def __add__(self, other: Interval) -> Interval:
        low = None if self.low is None or other.low is None else self.low + other.low
        high = None if self.high is None or other.high is None else self.high + other.high
        return Interval(low, high)

    def __sub__(self, other: Interval) -> Interval:
        return self + -other

    def __mul__(self, other: Interval) -> Interval:
        products = [_product(a, b) for a in self._ends() for b in other._ends()]
        return _hull(products)

    def __truediv__(self, other: Interval) -> Interval:
        """Return the quotient; unbounded on both sides when the divisor can be zero."""
        if other.contains(Fraction(0)):
            return Interval(None, None)
        inverse = sorted(Fraction(0) if end is None else 1 / end for end in (other.low, other.high))
        return self * Interval(inverse[0], inverse[1])

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

    def _ends(self) -> tuple[tuple[int, Bound], tuple[int, Bound]]:
        return (-1, self.low), (1, self.high)


def _product(a: tuple[int, Bound], b: tuple[int, Bound]) -> tuple[int, Fraction]:
    """Multiply two ends; the first part is the sign of an infinite product, else 0."""
    finite = (a[1], b[1])
    if finite[0] is not None and finite[1] is not None:
        return 0, finite[0] * finite[1]
    signs = [side if end is None else (end > 0) - (end < 0) for side, end in (a, b)]
    return signs[0] * signs[1], Fraction(0)


def _hull(products: list[tuple[int, Fraction]]) -> Interval:
    low = None if any(sign < 0 for sign, _ in products) else min(value for sign, value in products if sign == 0)
    high = None if any(sign > 0 for sign, _ in products) else max(value for sign, value in products if sign == 0)
    return Interval(low, high)


def total(parts: list[Interval]) -> Interval:
    """Return the sum of independent figures."""
    result = Interval.exact(0)
    for part in parts:
        result = result + part
    return result


def simple_growth(first: Interval, last: Interval, periods: int = 1) -> Interval:
    """Return the relative change divided by the number of periods, as a fraction.

    Examples
    --------
    >>> str(simple_growth(Interval.exact(100), Interval.exact(130), periods=3))
    '[0.1, 0.1]'
    """
    return (last / first - Interval.exact(1)) / Interval.exact(periods)


def compound_growth(first: Interval, last: Interval, periods: int) -> Interval:
    """Return the constant rate a period that leads from first to last, as a fraction.

    Both figures must be positive. Irrational bounds are rounded outwards at 30 decimals.

    Raises
    ------
    DataError
        If a figure can be zero or negative, or there is no period.

    Examples
    --------
    >>> str(compound_growth(Interval.exact(100), Interval.exact(121), periods=2))
    '[0.1, 0.1]'
    """
    if periods < 1:
        raise DataError(f"growth needs at least one period, got {periods}.")
    if first.low is None or first.low <= 0 or last.low is None or last.low <= 0:
        raise DataError("compound growth needs positive figures.")
    ratio = last / first
    low = None if ratio.low is None else _root(ratio.low, periods, up=False) - 1
    high = None if ratio.high is None else _root(ratio.high, periods, up=True) - 1
    return Interval(low, high)


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
