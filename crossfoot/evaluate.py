"""Whether the printed figures of a table can keep the relations declared over it.

One relation (`crossfoot.relations`) at one place gives one `Finding`, whose sides are
exact intervals, so that printed rounding never makes a failure.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, fields
from difflib import get_close_matches
from fractions import Fraction
from typing import Literal

from crossfoot.errors import DataError, RequestError
from crossfoot.intervals import Interval, plain
from crossfoot.kinds import Step
from crossfoot.relations import ANY, LONGEST_LIST, AtMost, Axis, Between, Growth, Relation, Same, Spot, Sum, Values
from crossfoot.table import Table

Verdict = Literal["holds", "fails", "cannot be told"]
NOTHING = Fraction(0)


@dataclass(frozen=True)
class Finding:
    """One relation at one place of a table: its verdict, and what each side can stand for in the unit of the table.

    It "holds" where the sides can stand for the same value (or the part for no more than the whole), "fails" where
    they cannot, and "cannot be told" where a figure is missing or unbounded or a divisor can be zero.
    """

    table: Table = field(repr=False, compare=False)
    relation: Relation
    place: str
    verdict: Verdict
    left: Interval
    right: Interval

    @property
    def spots(self) -> tuple[Spot, ...]:
        """The cells that were read: row and column of each."""
        return self.relation.spots(self.place)

    @property
    def gap(self) -> Fraction | None:
        """How far the sides, each taken at its middle, are from agreeing; None where it cannot be told.

        A relation fails exactly where the gap is larger than the tolerance.
        """
        return _gap_and_tolerance(self)[0]

    @property
    def tolerance(self) -> Fraction | None:
        """The largest gap that the printed rounding explains; None where it cannot be told."""
        return _gap_and_tolerance(self)[1]

    @property
    def sentence(self) -> str:
        """The finding in one sentence, with the cells and their printed figures."""
        return _sentence(self)


def evaluate(table: Table, relations: Iterable[Relation]) -> list[Finding]:
    r"""Test every relation at each of its places, in their order and in time linear in their number.

    RequestError if a relation names a row or column that the table does not have, names one twice, is empty, or if a
    row is declared to be a part of itself, directly or through others; DataError if the table has duplicate labels or
    lacks a cell.

    Examples
    --------
    >>> from crossfoot.table import Cell
    >>> cells = {(row, "2003"): Cell(text, Interval.printed(text)) for row, text in
    ...          [("all", "6.5"), ("men", "4.0"), ("women", "3.5")]}
    >>> [finding] = evaluate(Table("staff", ("all", "men", "women"), ("2003",), cells), [Sum("all", ("men", "women"))])
    >>> print(finding.sentence.replace("; ", ";\n"))
    staff, 2003: 'all' (6.5) should be 'men' (4.0) + 'women' (3.5) = 7.5;
    it is off by 1, rounding explains 0.15 at most.
    """
    declared = list(relations)
    check_relations(table, declared)
    cells = table.cells

    def value(spot: Spot) -> Interval:
        cell = cells.get(spot)
        if cell is None:
            raise DataError(f"table '{table.name}' has no cell at row '{spot[0]}', column '{spot[1]}'.")
        return ANY if cell.value is None else cell.value

    return [
        Finding(table, relation, place, *judge(relation, place, value))
        for relation in declared
        for place in relation.where(table)
    ]


def judge(relation: Relation, place: str, value: Values) -> tuple[Verdict, Interval, Interval]:
    """Return the verdict on a relation at a place and both its sides, given what each cell can stand for."""
    left, right = relation.sides(value, place)
    too_high = left.low is not None and right.high is not None and left.low > right.high
    too_low = left.high is not None and right.low is not None and left.high < right.low
    if too_high or (too_low and relation.compares != "<="):
        return "fails", left, right
    if left.bounded and (right.bounded or relation.compares == "within"):
        return "holds", left, right
    return ("holds" if _certain(relation, left, right) else "cannot be told"), left, right


def _certain(relation: Relation, left: Interval, right: Interval) -> bool:
    """Tell whether an inequality holds for every value of sides that are not bounded."""
    if relation.compares == "=":
        return False
    if relation.compares == "<=":
        return left.high is not None and right.low is not None and left.high <= right.low
    above = right.low is None or (left.low is not None and left.low >= right.low)
    below = right.high is None or (left.high is not None and left.high <= right.high)
    return above and below


def check_relations(table: Table, relations: Sequence[Relation]) -> None:
    """Refuse relations that do not fit the table; see `evaluate` for what is refused."""
    for kind, labels in (("row", table.rows), ("column", table.columns)):
        twice = _first_twice(labels)
        if twice is not None:
            raise DataError(f"table '{table.name}' has two {kind}s labelled '{twice}'; labels must differ.")
    known = {"row": set(table.rows), "column": set(table.columns)}
    for relation in relations:
        _check_shape(relation)
        for kind, label in _named(relation):
            if label not in known[kind]:
                raise RequestError(_unknown(table, relation, kind, label))
    _check_circles(relations)


def _first_twice(labels: Sequence[str]) -> str | None:
    seen: set[str] = set()
    for label in labels:
        if label in seen:
            return label
        seen.add(label)
    return None


def _named(relation: Relation) -> list[tuple[str, str]]:
    """Return every row and column that a relation names, each with what it is."""
    if isinstance(relation, Same):
        return [pair for row, column in relation.spots("") for pair in (("row", row), ("column", column))]
    own, other = ("row", "column") if relation.axis == "rows" else ("column", "row")
    beside = [getattr(relation, name, None) for name in ("whole_at", "weights_at")]
    places = (*(relation.places or ()), *(place for place in beside if place is not None))
    return [(own, label) for label in relation.labels()] + [(other, place) for place in places]


def _check_shape(relation: Relation) -> None:
    for entry in fields(relation):
        if entry.name in ("parts", "figures") and not getattr(relation, entry.name):
            raise RequestError(f"relation '{relation.title}' names no {entry.name}; name at least one.")
    twice = _first_twice(relation.labels())
    twice = _first_twice(relation.places or ()) if twice is None else twice
    if twice is not None:
        raise RequestError(f"relation '{relation.title}' names '{twice}' twice; name each row and column once.")
    if isinstance(relation, Growth) and relation.periods < 1:
        raise RequestError(f"relation '{relation.title}' spans {relation.periods} periods; at least one is expected.")
    if isinstance(relation, Step) and len(relation.places or ()) < 2:
        raise RequestError(
            f"relation '{relation.title}' needs its places in order, two at least: it compares neighbours."
        )
    if isinstance(relation, Between):
        if relation.at_least is None and relation.at_most is None:
            raise RequestError(f"relation '{relation.title}' has no range; give at_least, at_most or both.")
        relation.range()


def _unknown(table: Table, relation: Relation, kind: str, label: str) -> str:
    own, other = (table.rows, table.columns) if kind == "row" else (table.columns, table.rows)
    near = get_close_matches(label, own[:10_000], n=1)
    hint = f"did you mean '{near[0]}'?" if near else f"its {kind}s are {some(own)}."
    if label in other:
        hint = f"it is a {'column' if kind == 'row' else 'row'}: check the relation's axis ('{relation.axis}')."
    return f"relation '{relation.title}' names {kind} '{label}', which table '{table.name}' does not have; {hint}"


def some(labels: Sequence[str], most: int = LONGEST_LIST) -> str:
    """Return labels in quotes, and beyond some number how many more there are."""
    shown = ", ".join(f"'{label}'" for label in labels[:most])
    return shown + (f" and {len(labels) - most} more" if len(labels) > most else "")


def containment(relations: Iterable[Relation]) -> dict[tuple[Axis, str], set[str]]:
    """Return the declared parts of each parent, keyed by axis and parent label.

    Parents are the totals of sums from which nothing is taken off, and the wholes of `AtMost`.
    """
    parts: dict[tuple[Axis, str], set[str]] = {}
    for relation in relations:
        if isinstance(relation, Sum) and not relation.less:
            parts.setdefault((relation.axis, relation.total), set()).update(relation.parts)
        elif isinstance(relation, AtMost):
            parts.setdefault((relation.axis, relation.whole), set()).update(relation.parts)
    return parts


def _check_circles(relations: Sequence[Relation]) -> None:
    """Refuse a label that is a part of itself; each label and each part is visited once."""
    parts = containment(relations)
    done: set[tuple[Axis, str]] = set()
    for start in parts:
        axis, trail = start[0], {start[1]: None}
        stack: list[Iterator[str]] = [iter(sorted(parts[start]))] if start not in done else []
        while stack:
            part = next(stack[-1], None)
            if part is None:
                done.add((axis, trail.popitem()[0]))
                stack.pop()
            elif part in trail:
                labels = list(trail)
                circle = [part, *reversed(labels[labels.index(part) :])]
                told = " is part of ".join(f"'{label}'" for label in circle)
                raise RequestError(f"the relations go in a circle: {told}; take one of them out.")
            elif (axis, part) not in done:
                trail[part] = None
                stack.append(iter(sorted(parts.get((axis, part), ()))))


def _gap_and_tolerance(finding: Finding) -> tuple[Fraction, Fraction] | tuple[None, None]:
    relation, left, right = finding.relation, finding.left, finding.right
    if finding.verdict == "cannot be told":
        return None, None
    if left.middle is None or left.half is None:
        return (NOTHING if _certain(relation, left, right) else left.gap(right)), NOTHING
    if relation.compares == "within":
        return Interval(left.middle, left.middle).gap(right), left.half
    if right.middle is None or right.half is None:
        return (NOTHING if _certain(relation, left, right) else left.gap(right)), NOTHING
    gap = left.middle - right.middle
    return (max(gap, NOTHING) if relation.compares == "<=" else abs(gap)), left.half + right.half


def _sentence(finding: Finding) -> str:
    table, relation = finding.table, finding.relation
    own = 0 if relation.axis == "rows" else 1

    def show(spot: Spot) -> str:
        return f"'{spot[own]}' ({table.cells[spot].text or 'blank'})"

    left, right = relation.words(show, finding.place)
    place = f"{table.name}, {finding.place}" if finding.place else table.name
    verb = "be at most" if relation.compares == "<=" else "be"
    if finding.verdict == "cannot be told":
        return f"{place}: whether {left} can {verb} {right} cannot be told, because {_obstacle(finding)}."
    if relation.compares != "=" and len(finding.spots) > 1 + (relation.compares == "<="):
        left += _value(finding.left)
    if relation.compares == "=" and len(finding.spots) > 2:
        right += _value(finding.right)
    if finding.verdict == "holds":
        return f"{place}: {left} can {verb} {right} within rounding."
    gap, tolerance = (plain(number or NOTHING) for number in (finding.gap, finding.tolerance))
    rounding = f"rounding explains {tolerance} at most" if finding.tolerance else "and nothing here is rounded"
    return f"{place}: {left} should {verb} {right}; it is off by {gap}, {rounding}."


def _value(side: Interval) -> str:
    return f" = {side if side.middle is None else plain(side.middle)}"


def _obstacle(finding: Finding) -> str:
    for spot in finding.spots:
        cell = finding.table.cells[spot]
        where = f"'{spot[0]}' in '{spot[1]}'"
        if cell.value is None:
            return f"{where} holds no figure ({cell.missing or cell.text or 'blank'})"
        if not cell.value.bounded:
            return f"{where} ({cell.text}) has no bound on one side"
    return "a figure that it divides by can be zero or negative"
