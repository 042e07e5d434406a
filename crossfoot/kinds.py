"""The kind of relation that goes from each place to the next one, and all kinds by name."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from functools import cached_property
from typing import ClassVar, Literal

from crossfoot.intervals import Interval, simple_growth
from crossfoot.relations import AtMost, Between, Growth, Linear, Ratio, Relation, Same, Share, Show, Spot, Sum, Values
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


KINDS: dict[str, type[Relation]] = {
    each.kind: each for each in (Sum, AtMost, Share, Ratio, Growth, Same, Between, Step)
}
