"""Kinds of relations that look at more than one place, or at a range; and all kinds by name."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from functools import cached_property
from typing import ClassVar, Literal

from crossfoot.intervals import Interval, simple_growth, total
from crossfoot.relations import (
    ANY,
    AtMost,
    Between,
    Compares,
    Growth,
    Linear,
    Ratio,
    Relation,
    Same,
    Share,
    Show,
    Spot,
    Sum,
    Values,
    listed,
)
from crossfoot.table import Table


@dataclass(frozen=True)
class Step(Relation):
    """A printed change is what a figure has gained since the place before, itself or in percent of what it was.

    ``places`` are in order, and tested from the second on.

    Examples
    --------
    >>> Step("Change", "Persons", axis="columns", places=("1901", "1911")).formula
    'Change = Persons less Persons at the place before'
    """

    kind: ClassVar[str] = "step"
    renamed: ClassVar[Mapping[str, str]] = {"step": "change"}
    step: str
    of: str
    how: Literal["difference", "percent"] = field(default="difference", kw_only=True)

    def where(self, table: Table) -> tuple[str, ...]:  # noqa: ARG002
        """Return the places that have one before them."""
        return (self.places or ())[1:]

    def labels(self) -> tuple[str, ...]:
        """Return the change, then what changes."""
        return (self.step, self.of)

    def spots(self, place: str) -> tuple[Spot, ...]:
        """Return the change, the figure, and the figure at the place before."""
        return (self.spot(self.step, place), self.spot(self.of, place), self.spot(self.of, self._before.get(place, "")))

    @cached_property
    def _before(self) -> dict[str, str]:
        places = self.places or ()
        return dict(zip(places[1:], places, strict=False))

    def sides(self, value: Values, place: str) -> tuple[Interval, Interval]:
        """Return the printed change and the computed one."""
        step, last, first = (value(spot) for spot in self.spots(place))
        return step, last - first if self.how == "difference" else simple_growth(first, last, 1) * Interval.exact(100)

    def linear(self, place: str) -> list[Linear]:
        """Return the change less what was gained, which is nothing."""
        step, last, first = self.spots(place)
        factors: dict[Spot, Fraction | int] = {step: 1, last: -1, first: 1}
        return [Linear(factors)] if self.how == "difference" else []

    def implied(self, spot: Spot, value: Values, place: str) -> Interval:
        """Return what the change in percent or one of the two figures can be, given the others."""
        step, last, first = self.spots(place)
        if spot == step:
            return self.sides(value, place)[1]
        factor = value(step) / Interval.exact(100) + Interval.exact(1)
        return value(first) * factor if spot == last else value(last) / factor

    def words(self, show: Show, place: str) -> tuple[str, str]:
        """Return both sides in words."""
        step, last, first = self.spots(place)
        before = first[0 if self.axis == "columns" else 1]
        at = f"at '{before}'" if place else "at the place before"
        if self.how == "difference":
            return show(step), f"{show(last)} less {show(first)} {at}"
        return show(step), f"the growth in % to {show(last)} from {show(first)} {at}"


@dataclass(frozen=True)
class Mean(Relation):
    """A printed figure is the mean of others, weighted by the figures that stand with them at another place.

    Without ``weights_at`` all count alike. Weights are taken to be zero or more.

    Examples
    --------
    >>> Mean("All regions", ("North", "South"), weights_at="Labour force").formula
    "All regions = the mean of North and South weighted by 'Labour force'"
    """

    kind: ClassVar[str] = "mean"
    renamed: ClassVar[Mapping[str, str]] = {"parts": "of"}
    mean: str
    parts: tuple[str, ...]
    weights_at: str | None = field(default=None, kw_only=True)

    def labels(self) -> tuple[str, ...]:
        """Return the mean, then what it is taken of."""
        return (self.mean, *self.parts)

    def spots(self, place: str) -> tuple[Spot, ...]:
        """Return the mean, what it is taken of, and their weights."""
        weights = [self.spot(part, self.weights_at) for part in self.parts] if self.weights_at is not None else []
        return (*super().spots(place), *weights)

    def sides(self, value: Values, place: str) -> tuple[Interval, Interval]:
        """Return the printed mean and the computed one."""
        mean, *parts = (value(spot) for spot in self.spots(place))
        if self.weights_at is None:
            return mean, total(parts) / Interval.exact(len(parts))
        count = len(self.parts)
        return mean, weighted_mean(parts[:count], parts[count:])

    def linear(self, place: str) -> list[Linear]:
        """Return the mean as often as it has parts, less these, which is nothing; none where there are weights."""
        mean, *parts = self.spots(place)
        return [Linear({**dict.fromkeys(parts, -1), mean: len(parts)})] if self.weights_at is None else []

    def implied(self, spot: Spot, value: Values, place: str) -> Interval:
        """Return what the mean can be, given what it is taken of."""
        return self.sides(value, place)[1] if spot == self.spots(place)[0] else ANY

    def words(self, show: Show, place: str) -> tuple[str, str]:
        """Return both sides in words."""
        mean, *parts = self.spots(place)
        weights = f" weighted by '{self.weights_at}'" if self.weights_at is not None else ""
        return show(mean), f"the mean of {listed(show, parts[: len(self.parts)], ' and ')}{weights}"


@dataclass(frozen=True)
class WithinRange(Relation):
    """A printed figure lies in the range that is printed beside it, such as a rate in its confidence interval."""

    kind: ClassVar[str] = "inside"
    renamed: ClassVar[Mapping[str, str]] = {"bounds": "range"}
    figure: str
    bounds: str
    compares: ClassVar[Compares] = "within"

    def labels(self) -> tuple[str, ...]:
        """Return the figure, then the range."""
        return (self.figure, self.bounds)

    def sides(self, value: Values, place: str) -> tuple[Interval, Interval]:
        """Return the figure and the range."""
        figure, bounds = (value(spot) for spot in self.spots(place))
        return figure, bounds

    def linear(self, place: str) -> list[Linear]:
        """Return the figure less one in the range, which is nothing."""
        figure, bounds = self.spots(place)
        return [Linear({figure: 1, bounds: -1})]

    def words(self, show: Show, place: str) -> tuple[str, str]:
        """Return figure and range in words."""
        figure, bounds = self.spots(place)
        return show(figure), f"{'in ' if place else ''}{show(bounds)}"


def weighted_mean(parts: Sequence[Interval], weights: Sequence[Interval]) -> Interval:
    """Return the weighted mean of figures; unbounded where a weight can be negative or all of them zero.

    Examples
    --------
    >>> str(weighted_mean([Interval.exact(1), Interval.exact(4)], [Interval.exact(2), Interval.exact(1)]))
    '[2, 2]'
    """
    if not all(each.bounded for each in (*parts, *weights)) or not all((each.low or 0) > 0 for each in weights):
        return ANY
    ends = []
    for side, sign in ((False, 1), (True, -1)):
        values = [(each.high if side else each.low) or Fraction(0) for each in parts]
        lightest = [each.low or Fraction(0) for each in weights]
        over = sum((value * weight for value, weight in zip(values, lightest, strict=True)), Fraction(0))
        under = sum(lightest, Fraction(0))
        best = over / under
        for at in sorted(range(len(values)), key=lambda at: sign * values[at]):  # the heavier the ends, the farther out
            more = (weights[at].high or Fraction(0)) - lightest[at]
            over, under = over + values[at] * more, under + more
            best = min(best, over / under, key=lambda mean: sign * mean)
        ends.append(best)
    return Interval(ends[0], ends[1])


KINDS: dict[str, type[Relation]] = {
    each.kind: each for each in (Sum, AtMost, Share, Ratio, Growth, Same, Between, Step, Mean, WithinRange)
}
