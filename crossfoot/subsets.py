"""Which figures of a table do reproduce a printed total: a bounded search, and how often chance would."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Sequence
from itertools import combinations
from math import lcm, prod
from typing import NamedTuple

from crossfoot.relations import Sum
from crossfoot.table import Table

MOST_LABELS = 20  # up to here all subsets are searched
MOST_CHANGED = 200  # above it, labels that are added to the declared parts or left out, one or two at a time
MOST_PLACES = 6  # failing places that are searched; what is found is then tested at all places, up to
MOST_TESTED = 60
MOST_MATCHES = 2_000  # subsets kept at one place
NEAR = 20  # chance is judged by how many subsets come within 1/20 of the total

Figures = dict[str, tuple[int, int]]  # label: middle and half-width, in a common small unit


class Subset(NamedTuple):
    """Figures that together reproduce a printed total; a label that is counted twice stands twice.

    Their sum is the total within rounding at ``places``, of the number ``tested``. ``chance`` is how many subsets
    of this search would fit as well if the figures had nothing to do with the total.
    """

    members: tuple[str, ...]
    places: tuple[str, ...]
    tested: int
    chance: float


class SubsetSearch(NamedTuple):
    """What a search for subsets found: those that fit at most places, nearest to the declared parts first.

    ``matches`` counts those that fit at some place; ``complete`` tells whether all subsets were searched.
    """

    best: tuple[Subset, ...]
    matches: int
    searched: str
    complete: bool


def search_subsets(table: Table, relation: Sum, failing: Sequence[str]) -> SubsetSearch:
    """Search for the rows (or columns) whose sum is the printed total at places where the declared parts fail.

    Nothing may be taken off in the relation. At most 20 other figures: all subsets, by meeting in the middle. More: the
    declared parts with one or two labels added or left out, and the runs of labels next to the total.
    """
    found: dict[tuple[str, ...], float] = {}
    complete = True
    labels = [label for label in (table.rows if relation.axis == "rows" else table.columns) if label != relation.total]
    for place in failing[:MOST_PLACES]:
        figures = _figures(table, relation, labels, place)
        target = figures.pop(relation.total, None)
        if target is None:
            continue
        usable = {label: figure for label, figure in figures.items() if figure[0] or figure[1]}
        small = len(usable) <= MOST_LABELS
        matches, near, kept = _all_subsets(usable, target) if small else _some_subsets(table, relation, usable, target)
        complete = complete and small and kept
        matches += [again for again in _one_again(relation, usable) if _fits(usable, target, again)]
        expected = near * _odds(target, usable)
        for members in matches:
            found[members] = min(expected, found.get(members, float("inf")))
    subsets = [_supported(table, relation, members, expected) for members, expected in found.items()]
    order = {label: number for number, label in enumerate(labels)}
    most = max((len(subset.places) for subset in subsets), default=0)
    best = [subset for subset in subsets if len(subset.places) == most]
    best.sort(key=lambda subset: (_distance(subset.members, relation.parts), [order[x] for x in subset.members]))
    kind = relation.axis
    every = f"all sums of other {kind}"
    some = f"the declared parts with up to two {kind} added or left out, and runs of {kind} next to the total"
    return SubsetSearch(tuple(best), len(found), every if complete else some, complete)


def _figures(table: Table, relation: Sum, labels: Iterable[str], place: str) -> Figures:
    """Return the bounded figures at a place as integers in a common unit."""
    values = {label: table.cells[relation.spot(label, place)].value for label in (*labels, relation.total)}
    pairs = {
        label: (value.middle, value.half)
        for label, value in values.items()
        if value is not None and value.middle is not None and value.half is not None
    }
    scale = lcm(*{number.denominator for pair in pairs.values() for number in pair if number is not None})
    return {
        label: (int(middle * scale), int(half * scale))
        for label, (middle, half) in pairs.items()
        if middle is not None and half is not None
    }


def _all_subsets(figures: Figures, target: tuple[int, int]) -> tuple[list[tuple[str, ...]], int, bool]:
    """Return the subsets that fit, the number that come near, and whether all that fit were kept."""
    labels = list(figures)
    half = len(labels) // 2
    left, right = _sums(figures, labels[:half]), sorted(_sums(figures, labels[half:]))
    sums = [entry[0] for entry in right]
    reach, near = target[1] + sum(figure[1] for figure in figures.values()), _window(target)
    matches: list[tuple[str, ...]] = []
    close = 0
    for middle, slack, members in left:
        wanted = target[0] - middle
        close += bisect_right(sums, wanted + near) - bisect_left(sums, wanted - near)
        if len(matches) > MOST_MATCHES:
            continue
        matches += [
            members + others
            for total, room, others in right[bisect_left(sums, wanted - reach) : bisect_right(sums, wanted + reach)]
            if abs(wanted - total) <= target[1] + slack + room and members + others
        ]
    return matches[:MOST_MATCHES], close, len(matches) <= MOST_MATCHES


def _sums(figures: Figures, labels: Sequence[str]) -> list[tuple[int, int, tuple[str, ...]]]:
    """Return middle, half-width and members of every sum of the labels, the empty one included."""
    sums: list[tuple[int, int, tuple[str, ...]]] = [(0, 0, ())]
    for label in labels:
        middle, half = figures[label]
        sums += [(total + middle, slack + half, (*members, label)) for total, slack, members in sums]
    return sums


def _some_subsets(
    table: Table, relation: Sum, figures: Figures, target: tuple[int, int]
) -> tuple[list[tuple[str, ...]], int, bool]:
    """Try the declared parts with one or two changes and the runs next to the total, when there are many labels."""
    labels = list(figures)
    declared = frozenset(relation.parts) & figures.keys()
    around = sorted(labels, key=lambda label: label not in declared)[:MOST_CHANGED]
    changes = [frozenset(change) for size in (1, 2) for change in combinations(around, size)]
    base = sum(figures[label][0] for label in declared)
    signed = {label: -figures[label][0] if label in declared else figures[label][0] for label in around}
    reach = target[1] + sum(figure[1] for figure in figures.values())
    window = _window(target)
    tried = [(abs(target[0] - base - sum(signed[label] for label in change)), change) for change in changes]
    near = sum(1 for off, _ in tried if off <= window)
    candidates = [tuple(x for x in labels if x in declared ^ change) for off, change in tried if off <= reach]
    candidates += _runs(table, relation, figures, target[0], reach)
    matches = [members for members in dict.fromkeys(candidates) if members and _fits(figures, target, members)]
    return matches[:MOST_MATCHES], near, len(matches) <= MOST_MATCHES


def _runs(table: Table, relation: Sum, figures: Figures, target: int, reach: int) -> list[tuple[str, ...]]:
    """Return the runs of labels that end right before the total, or begin right after it, and come close to it."""
    order = table.rows if relation.axis == "rows" else table.columns
    at = order.index(relation.total)
    runs: list[tuple[str, ...]] = []
    for side in (order[:at][::-1], order[at + 1 :]):
        labels = [label for label in side if label in figures]
        running = 0
        for count, label in enumerate(labels, 1):
            running += figures[label][0]
            if abs(running - target) <= reach:
                runs.append(tuple(x for x in figures if x in set(labels[:count])))
    return runs


def _one_again(relation: Sum, figures: Figures) -> list[tuple[str, ...]]:
    """Return the declared parts with one of them counted twice."""
    parts = [label for label in figures if label in set(relation.parts)]
    return [tuple(x for x in parts for _ in range(1 + (x == part))) for part in parts]


def _fits(figures: Figures, target: tuple[int, int], members: Sequence[str]) -> bool:
    middle = sum(figures[label][0] for label in members)
    return abs(target[0] - middle) <= target[1] + sum(figures[label][1] for label in members)


def _window(target: tuple[int, int]) -> int:
    return max(abs(target[0]) // NEAR, NEAR * max(target[1], 1))


def _odds(target: tuple[int, int], figures: Figures) -> float:
    """Return the chance that a sum near the total fits it: tolerance by window, the tolerance at least half a unit."""
    tolerance = max(float(target[1] + sum(figure[1] for figure in figures.values())), 0.5)
    return min(1.0, tolerance / _window(target))


def _supported(table: Table, relation: Sum, members: tuple[str, ...], expected: float) -> Subset:
    """Test a subset at all places; every further place at which it fits lowers the odds of chance."""
    fits: list[str] = []
    odds: list[float] = []
    tested = 0
    for place in relation.where(table)[:MOST_TESTED]:
        figures = _figures(table, relation, members, place)
        if not figures.keys() >= {*members, relation.total}:
            continue
        tested += 1
        target = figures[relation.total]
        if _fits(figures, target, members):
            fits.append(place)
            odds.append(_odds(target, {label: figures[label] for label in members}))
    return Subset(members, tuple(fits), tested, expected * prod(sorted(odds)[1:]))


def _distance(members: Sequence[str], parts: Sequence[str]) -> int:
    """Return how many labels are added to the declared parts, left out or counted again."""
    return len(set(members) ^ set(parts)) + len(members) - len(set(members))
