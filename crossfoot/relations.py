"""The kinds of relation that can be declared over a table.

A relation runs along an axis: with ``axis="rows"`` it names rows and is tested in every column
(a column total, or a parent and its children); with ``axis="columns"`` it names columns and is
tested in every row (a row total). ``places`` limits where. Both sides are exact intervals, so that printed rounding
never makes a failure.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from typing import ClassVar, Literal, NamedTuple

from crossfoot.intervals import Interval, compound_growth, simple_growth, total
from crossfoot.table import Table

Axis = Literal["rows", "columns"]
Compares = Literal["=", "<=", "within"]
Spot = tuple[str, str]  # row label and column label of a cell
Values = Callable[[Spot], Interval]
Show = Callable[[Spot], str]

ANY = Interval(None, None)
LONGEST_LIST = 12  # figures that a sentence names before it says how many more there are


class Linear(NamedTuple):
    """A relation at a place as figures times factors that add up to something between two bounds (None: no bound)."""

    factors: dict[Spot, Fraction | int]
    low: Fraction | int | None = 0
    high: Fraction | int | None = 0


@dataclass(frozen=True)
class Relation(ABC):
    """What all relations share: the axis of their labels, the places where they are tested (None: all), a name."""

    axis: Axis = field(default="rows", kw_only=True)
    places: tuple[str, ...] | None = field(default=None, kw_only=True)
    name: str = field(default="", kw_only=True)
    kind: ClassVar[str]
    renamed: ClassVar[Mapping[str, str]] = {}  # fields that a relations file calls otherwise
    compares: ClassVar[Compares] = "="

    @property
    def title(self) -> str:
        """The name, or where there is none the formula."""
        return self.name or self.formula

    @property
    def formula(self) -> str:
        """Both sides in words, without figures."""
        left, right = self.words(lambda spot: spot[0] if self.axis == "rows" else spot[1], "")
        return f"{left} {self.compares} {right}"

    def spot(self, label: str, place: str) -> Spot:
        """Return row and column of a label at a place."""
        return (label, place) if self.axis == "rows" else (place, label)

    def where(self, table: Table) -> tuple[str, ...]:
        """Return the places at which the relation is tested."""
        return self.places if self.places is not None else table.columns if self.axis == "rows" else table.rows

    @abstractmethod
    def labels(self) -> tuple[str, ...]:
        """Return the labels that the relation names on its axis."""

    def spots(self, place: str) -> tuple[Spot, ...]:
        """Return the cells that the relation reads at a place."""
        if self.axis == "rows":
            return tuple([(label, place) for label in self.labels()])
        return tuple([(place, label) for label in self.labels()])

    @abstractmethod
    def sides(self, value: Values, place: str) -> tuple[Interval, Interval]:
        """Return both sides at a place, given what each cell can stand for."""

    @abstractmethod
    def words(self, show: Show, place: str) -> tuple[str, str]:
        """Return both sides in words, given how each cell is shown."""

    def linear(self, place: str) -> list[Linear]:  # noqa: ARG002
        """Return the sums that say the same as the relation at a place; none where it is no matter of sums."""
        return []

    def implied(self, spot: Spot, value: Values, place: str) -> Interval:  # noqa: ARG002
        """Return what one of its cells can be, given the others, where `linear` gives no sums."""
        return ANY


@dataclass(frozen=True)
class Sum(Relation):
    """A total is the sum of its parts, minus what is taken off: row total, column total, parent, net figure.

    Examples
    --------
    >>> Sum("all", ("men", "women")).formula
    'all = men + women'
    """

    kind: ClassVar[str] = "sum"
    total: str
    parts: tuple[str, ...]
    less: tuple[str, ...] = ()

    def labels(self) -> tuple[str, ...]:
        """Return the total, then the parts, then what is taken off."""
        return (self.total, *self.parts, *self.less)

    def sides(self, value: Values, place: str) -> tuple[Interval, Interval]:
        """Return the total and the sum of its parts."""
        first, *spots = self.spots(place)
        added = [value(spot) for spot in spots]
        if self.less:
            kept = len(self.parts)
            added = added[:kept] + [-taken for taken in added[kept:]]
        return value(first), total(added)

    def linear(self, place: str) -> list[Linear]:
        """Return the total less its parts, which is nothing."""
        first, *spots = self.spots(place)
        kept = len(self.parts)
        factors: dict[Spot, Fraction | int] = dict.fromkeys(spots[:kept], -1)
        factors[first] = 1
        factors.update(dict.fromkeys(spots[kept:], 1))
        return [Linear(factors)]

    def words(self, show: Show, place: str) -> tuple[str, str]:
        """Return the total and the list of parts in words."""
        first, *spots = self.spots(place)
        added, taken = spots[: len(self.parts)], spots[len(self.parts) :]
        return show(first), listed(show, added, " + ") + "".join(f" - {show(spot)}" for spot in taken)


@dataclass(frozen=True)
class Ratio(Relation):
    """A printed ratio is one figure divided by another, ``times`` a scale, such as 1000 for "per thousand".

    The divisor stands at the same place, or at ``whole_at``, for instance the row of the grand total.
    """

    kind: ClassVar[str] = "ratio"
    ratio: str
    over: str
    under: str
    times: int = field(default=1, kw_only=True)
    whole_at: str | None = field(default=None, kw_only=True)

    def labels(self) -> tuple[str, ...]:
        """Return the ratio, the dividend and the divisor, once where the last two share a label."""
        return (
            (self.ratio, self.over)
            if self.whole_at and self.over == self.under
            else (self.ratio, self.over, self.under)
        )

    def spots(self, place: str) -> tuple[Spot, ...]:
        """Return the three cells; the divisor may stand at another place."""
        return (
            self.spot(self.ratio, place),
            self.spot(self.over, place),
            self.spot(self.under, self.whole_at or place),
        )

    def sides(self, value: Values, place: str) -> tuple[Interval, Interval]:
        """Return the printed ratio and the computed one."""
        ratio, over, under = (value(spot) for spot in self.spots(place))
        return ratio, over / under * Interval.exact(self.times)

    def implied(self, spot: Spot, value: Values, place: str) -> Interval:
        """Return what the ratio, the dividend or the divisor can be, given the other two."""
        spots = self.spots(place)
        if len(set(spots)) < len(spots):
            return ANY
        ratio, over, under = (ANY if each == spot else value(each) for each in spots)
        times = Interval.exact(self.times)
        if spot == spots[0]:
            return over / under * times
        return ratio * under / times if spot == spots[1] else over * times / ratio

    def words(self, show: Show, place: str) -> tuple[str, str]:
        """Return both sides in words."""
        ratio, over, under = self.spots(place)
        divisor = show(under) + (f" at '{self.whole_at}'" if self.whole_at else "")
        return show(ratio), f"{show(over)} / {divisor}" + (f" x {self.times}" if self.times != 1 else "")


@dataclass(frozen=True)
class Share(Ratio):
    """A printed percentage is one figure (``over``) as a share of another (``under``)."""

    kind: ClassVar[str] = "share"
    renamed: ClassVar[Mapping[str, str]] = {"ratio": "share"}
    times: int = field(default=100, kw_only=True)


@dataclass(frozen=True)
class Growth(Relation):
    """A printed percentage is the growth of one period, of ``periods`` from the first to the last figure.

    "simple": the whole change divided by the periods; "compound": the constant rate.
    """

    kind: ClassVar[str] = "growth"
    growth: str
    first: str
    last: str
    periods: int = field(default=1, kw_only=True)
    how: Literal["simple", "compound"] = field(default="compound", kw_only=True)

    def labels(self) -> tuple[str, ...]:
        """Return the growth, the starting and the final figure."""
        return (self.growth, self.first, self.last)

    def sides(self, value: Values, place: str) -> tuple[Interval, Interval]:
        """Return the printed growth and the computed one, in percent."""
        growth, first, last = (value(spot) for spot in self.spots(place))
        if self.how == "simple":
            return growth, simple_growth(first, last, self.periods) * Interval.exact(100)
        if first.low is None or first.low <= 0 or last.low is None or last.low <= 0:
            return growth, ANY
        return growth, compound_growth(first, last, self.periods) * Interval.exact(100)

    def implied(self, spot: Spot, value: Values, place: str) -> Interval:
        """Return what the growth, the first or the last figure can be, given the other two."""
        growth, first, last = spots = self.spots(place)
        if spot == growth:
            return self.sides(value, place)[1]
        grown = value(growth) / Interval.exact(100)
        factor = grown * Interval.exact(self.periods) + Interval.exact(1)
        if self.how == "compound":
            base = grown + Interval.exact(1)
            if base.low is None or base.high is None or base.low <= 0:
                return ANY
            factor = Interval(base.low**self.periods, base.high**self.periods)
        return value(first) * factor if spot == spots[2] else value(last) / factor

    def words(self, show: Show, place: str) -> tuple[str, str]:
        """Return both sides in words."""
        growth, first, last = self.spots(place)
        over = f" over {self.periods} periods" if self.periods > 1 else ""
        return show(growth), f"the {self.how} growth in % from {show(first)} to {show(last)}{over}"


@dataclass(frozen=True)
class Same(Relation):
    """The same figure is printed in two cells, each row and column; axis and places have no meaning here."""

    kind: ClassVar[str] = "same"
    one: Spot
    other: Spot

    def where(self, table: Table) -> tuple[str, ...]:  # noqa: ARG002
        """Return one place without a name: the relation itself names both cells."""
        return ("",)

    def labels(self) -> tuple[str, ...]:
        """Return no labels: the cells are named outright."""
        return ()

    def spots(self, place: str) -> tuple[Spot, ...]:  # noqa: ARG002
        """Return both cells."""
        return (self.one, self.other)

    def sides(self, value: Values, place: str) -> tuple[Interval, Interval]:  # noqa: ARG002
        """Return both figures."""
        return value(self.one), value(self.other)

    def linear(self, place: str) -> list[Linear]:  # noqa: ARG002
        """Return one figure less the other, which is nothing."""
        return [Linear({self.one: 1, self.other: -1})]

    def words(self, show: Show, place: str) -> tuple[str, str]:  # noqa: ARG002
        """Return both cells in words, with their columns."""
        return f"{show(self.one)} in '{self.one[1]}'", f"{show(self.other)} in '{self.other[1]}'"


@dataclass(frozen=True)
class AtMost(Relation):
    """Parts that are contained in a whole ("of which") cannot exceed it; all figures are taken to be zero or more."""

    kind: ClassVar[str] = "part"
    parts: tuple[str, ...]
    whole: str
    compares: ClassVar[Compares] = "<="

    def labels(self) -> tuple[str, ...]:
        """Return the parts, then the whole."""
        return (*self.parts, self.whole)

    def sides(self, value: Values, place: str) -> tuple[Interval, Interval]:
        """Return the sum of the parts and the whole."""
        *parts, whole = (value(spot) for spot in self.spots(place))
        return total(parts), whole

    def linear(self, place: str) -> list[Linear]:
        """Return the whole less its parts, which is nothing or more."""
        *parts, whole = self.spots(place)
        return [Linear({whole: 1, **dict.fromkeys(parts, -1)}, 0, None)]

    def words(self, show: Show, place: str) -> tuple[str, str]:
        """Return both sides in words."""
        *parts, whole = self.spots(place)
        return listed(show, parts, " + "), show(whole)


@dataclass(frozen=True)
class Between(Relation):
    """Figures, per unit of others where there are some, lie in a range that their unit allows.

    Ends are plain decimals; one of them may be left out.

    Examples
    --------
    >>> Between(("attendees",), per=("courses",), at_least="1").formula
    'attendees per courses within 1 or more'
    """

    kind: ClassVar[str] = "between"
    figures: tuple[str, ...]
    per: tuple[str, ...] = ()
    at_least: str | None = None
    at_most: str | None = None
    compares: ClassVar[Compares] = "within"

    def labels(self) -> tuple[str, ...]:
        """Return the figures, then what divides them."""
        return (*self.figures, *self.per)

    def sides(self, value: Values, place: str) -> tuple[Interval, Interval]:
        """Return the figure (per unit) and the range."""
        values = [value(spot) for spot in self.spots(place)]
        figure, count = total(values[: len(self.figures)]), len(self.figures)
        return (figure / total(values[count:]) if self.per else figure), self.range()

    def linear(self, place: str) -> list[Linear]:
        """Return the sum of the figures in the range, or less the ends of the range times what divides them."""
        spots, count = self.spots(place), len(self.figures)
        figures: dict[Spot, Fraction | int] = dict.fromkeys(spots[:count], 1)
        low, high = self.range().low, self.range().high
        if not self.per:
            return [Linear(figures, low, high)]
        found = [] if low is None else [Linear(figures | dict.fromkeys(spots[count:], -low), 0, None)]
        return found + ([] if high is None else [Linear(figures | dict.fromkeys(spots[count:], -high), None, 0)])

    def range(self) -> Interval:
        """Return the range; a bound that is no number, or a range upside down, is a DataError."""
        low = Interval.exact(self.at_least).low if self.at_least is not None else None
        high = Interval.exact(self.at_most).high if self.at_most is not None else None
        return Interval(low, high)

    def words(self, show: Show, place: str) -> tuple[str, str]:
        """Return figure and range in words."""
        spots, count = self.spots(place), len(self.figures)
        figure = listed(show, spots[:count], " + ")
        if self.per:
            figure += f" per {listed(show, spots[count:], ' + ')}"
        if self.at_least is not None and self.at_most is not None:
            if self.at_least == self.at_most:
                return figure, self.at_least
            return figure, f"{self.at_least} to {self.at_most}"
        return figure, f"{self.at_least} or more" if self.at_least is not None else f"{self.at_most} or less"


def listed(show: Show, spots: Sequence[Spot], mark: str) -> str:
    """Join cells in words; a long list is cut after `LONGEST_LIST` and says how many more there are."""
    more = [f"{len(spots) - LONGEST_LIST} more"] if len(spots) > LONGEST_LIST else []
    return mark.join([show(spot) for spot in spots[:LONGEST_LIST]] + more)
