"""Amounts by draw and year, kept as flows times factors: their totals need no array of that size.

A reform option has a dozen measures and only a few flows: jobs, wages and taxes are all so much a yuan of the same
investment in place. What is so much a yuan in every year stays a factor, one number a draw, until it is asked for.
"""

from collections.abc import Callable, Iterable
from functools import cached_property, lru_cache, reduce
from operator import mul
from typing import Any

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]  # (draws, years), or (draws, 1) for what does not change by year
Scalars = Any  # a number, or an array of shape (draws, 1)
Work = Callable[[Array], Array]


def by_year(draws: int, years: int) -> Array:
    """Return an array of shape (draws, years) whose years are contiguous: recurrences walk along them."""
    return np.empty((draws, years), order="F")


class Flow:
    """Numbers by draw and year, shape (draws, years), and what was worked out of them before."""

    def __init__(self, by_year: Array) -> None:
        self.by_year = by_year
        self._found: dict[Work, Array] = {}

    def once(self, work: Work) -> Array:
        """Return what the work gives for these numbers; it is done once, however many options ask."""
        if work not in self._found:
            self._found[work] = work(self.by_year)
        return self._found[work]


class Term:
    """A flow times factors of one number a draw."""

    def __init__(self, flow: Flow, factors: tuple[Scalars, ...]) -> None:
        self.flow = flow
        self.factors = factors

    @cached_property
    def factor(self) -> Any:
        """The factors' product: a number, or an array of shape (draws,)."""
        return per_draw(reduce(mul, self.factors)) if self.factors else 1.0

    def total(self) -> Array:
        """Return the sums over the years, shape (draws,)."""
        known = self.flow.once(over_years)
        return known if not self.factors else np.asarray(self.factor * known)

    def over_draws(self) -> Array:
        """Return the sums over the draws, shape (years,)."""
        if isinstance(self.factor, float):
            return np.asarray(self.factor * self.flow.once(over_draws))
        return np.asarray(np.vecdot(self.flow.by_year.T, self.factor))

    def by_year(self) -> Array:
        """Return the product by draw and year."""
        if not self.factors:
            return self.flow.by_year
        return np.asarray((self.factor * self.flow.by_year.T).T)


class Amount:
    """A sum of flows (one at least), each times factors; adds to other amounts, and is multiplied by numbers a draw.

    Examples
    --------
    >>> invested = amount(np.array([[10.0, 20.0], [30.0, 40.0]]))
    >>> per_yuan = np.array([[2.0], [0.5]])
    >>> (per_yuan * invested).by_year()
    array([[20., 40.],
           [15., 20.]])
    >>> (per_yuan * invested + invested).total
    array([ 90., 105.])
    """

    __array_ufunc__ = None  # so that an array times an amount is an amount

    def __init__(self, terms: Iterable[Term]) -> None:
        self.terms = tuple(terms)

    def __add__(self, other: "Amount") -> "Amount":
        return Amount(self.terms + other.terms)

    def __sub__(self, other: "Amount") -> "Amount":
        return self + (-1.0) * other

    def __mul__(self, factor: Scalars) -> "Amount":
        return Amount(Term(term.flow, (*term.factors, factor)) for term in self.terms)

    __rmul__ = __mul__

    def by_year(self) -> Array:
        """Return the amounts, shape (draws, years)."""
        first, *others = self.terms
        result = first.by_year()
        for term in others:
            result = result + term.by_year()
        return result

    @cached_property
    def total(self) -> Array:
        """The sums over the years, shape (draws,)."""
        first, *others = self.terms
        result = first.total()
        for term in others:
            result = result + term.total()
        return np.asarray(result)

    @cached_property
    def over_draws(self) -> Array:
        """The sums over the draws, shape (years,)."""
        return np.asarray(sum(term.over_draws() for term in self.terms))


def amount(by_year: Array | Amount) -> Amount:
    """Return numbers of shape (draws, years) as an amount."""
    return by_year if isinstance(by_year, Amount) else Amount([Term(Flow(by_year), ())])


def over_years(flow: Array) -> Array:
    """Return sums over the years, shape (draws,); an array that repeats one number is not walked."""
    if not any(flow.strides):
        return np.broadcast_to(flow[0, 0] * flow.shape[1], flow.shape[:1])
    return np.asarray(flow.sum(axis=1))


def over_draws(flow: Array) -> Array:
    """Return sums over the draws, shape (years,)."""
    return np.asarray(flow.sum(axis=0))


@lru_cache(maxsize=16)
def nothing(draws: int, years: int) -> Array:
    """Return read-only zeros of shape (draws, years) that take no memory."""
    return np.broadcast_to(np.float64(0), (draws, years))


def per_draw(scalars: Scalars) -> Any:
    """Return numbers of shape (draws, 1) as (draws,), and what is the same in every draw as a number."""
    values = np.asarray(scalars)
    return values.reshape(-1) if values.size > 1 else float(values.reshape(()))
