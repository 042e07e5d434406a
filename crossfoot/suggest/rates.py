"""Searching for printed rates: shares, growth and ratios that other lines reproduce."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from functools import partial
from typing import NamedTuple

from crossfoot.relations import Growth, Ratio, Relation, Share
from crossfoot.suggest.labels import says_growth, says_rate, says_ratio, says_share, says_total, year_of
from crossfoot.suggest.lines import SLACK, Agreement, FoundRelation, TableLines, surprise

SCALES = (1, 1_000, 10_000, 100_000, 1_000_000)  # of printed ratios: "per 1,000 persons", or millions per person
PERCENT = 100
MOST_LINES = 80  # beyond, only lines this near are paired with a rate
NEEDED_NAMED, NEEDED_UNNAMED = 2.5, 3.0  # surprise beyond that of the number of tries (decimal logarithm)

Computed = Callable[[int], tuple[float, float]]  # the rate at a place, and its half-width


class _Try(NamedTuple):
    """A rate that is computed at each place, how near its lines are, and the relation that says so."""

    computed: Computed
    near: float
    relation: Callable[[], Relation]


def find_rates(lines: TableLines) -> list[FoundRelation]:
    """Return for each printed rate the shares, growth or ratio that reproduces it best."""
    found = []
    amounts = [line for line in range(len(lines.labels)) if not lines.rate(line)]
    for line, label in enumerate(lines.labels):
        named = lines.rate(line) or says_growth(label) or says_share(label) or says_ratio(label)
        values = [value for value in lines.middle[line] if not math.isnan(value)]
        if not values or says_total(label) or not (named or _could_be_rate(values)):
            continue
        near = [each for each in amounts if each != line]
        if len(near) > MOST_LINES:
            near = sorted(near, key=lambda each: abs(each - line))[:MOST_LINES]
        tries = 8 * len(near) ** 2
        if not lines.effort.spend(tries):
            break
        best = _best(lines, line, near, named, tries)
        if best:
            found.append(best)
    return found


def _could_be_rate(values: list[float]) -> bool:
    """Tell whether unlabelled figures could be percentages: fractions among them, none above 100."""
    return all(abs(value) <= PERCENT for value in values) and any(value != round(value) for value in values)


def _best(lines: TableLines, line: int, near: list[int], named: bool, tries: int) -> FoundRelation | None:
    needed = math.log10(max(tries, 2)) + (NEEDED_NAMED if named else NEEDED_UNNAMED)
    telling = [
        place
        for place, printed in enumerate(lines.middle[line])
        if lines.additive[place] and printed not in (0, PERCENT) and not math.isnan(printed)
    ]
    best: tuple[float, float, _Try] | None = None
    for each in _tries(lines, line, near, named):
        agreeing, failing = _agreement(lines, line, telling, each.computed)
        if not agreeing or len(agreeing) < 2 * failing:
            continue
        score = surprise(agreeing, failing)
        if score >= needed and (best is None or (round(score, 6), each.near) > best[:2]):
            best = (round(score, 6), each.near, each)
    if best is None:
        return None
    label = lines.labels[line]
    reason = f"'{label}' is labelled as a rate" if named else "no label says so"
    return FoundRelation(best[2].relation(), best[0], (reason,))


def _agreement(lines: TableLines, line: int, telling: list[int], computed: Computed) -> tuple[list[Agreement], int]:
    """Return where a line is what was computed, and at how many places it is not; none once those are too many."""
    printed, half, unit = lines.middle[line], lines.half[line], lines.unit[line]
    agreeing: list[Agreement] = []
    failing, most = 0, len(telling) // 3
    for place in telling:
        rate, width = computed(place)
        gap, size = abs(rate - printed[place]), abs(printed[place])
        if not gap < math.inf:
            continue
        if gap <= half[place] + width + SLACK * max(size, 1):
            agreeing.append((gap, size, unit[place]))
        elif failing == most:
            return [], failing + 1
        else:
            failing += 1
    return agreeing, failing


def _tries(lines: TableLines, line: int, near: list[int], named: bool) -> Iterator[_Try]:
    label, unit = lines.labels[line], lines.units[line]
    both = not named or not (says_growth(label) or says_share(label) or says_ratio(label))
    growing, percent = says_growth(label), says_share(label) or says_share(unit)
    if growing or both or percent:
        yield from _growths(lines, line, near)
    if percent or both:
        yield from _shares(lines, line, near)
    if says_ratio(label) or says_rate(label):
        yield from _ratios(lines, line, near)


def _shares(lines: TableLines, line: int, near: list[int]) -> Iterator[_Try]:
    labels, declare = lines.labels, partial(Share, axis=lines.axis, places=lines.at())
    printed = zip(lines.middle[line], lines.half[line], strict=True)
    wholes = [
        place
        for place, (middle, half) in enumerate(printed)
        if abs(middle - PERCENT) <= half or (math.isnan(middle) and says_total(lines.places[place]))
    ]
    for over in near:
        for place in wholes:
            relation = partial(declare, labels[line], labels[over], labels[over], whole_at=lines.places[place])
            near_by = says_total(lines.places[place]) - float(abs(over - line))
            yield _Try(_scaled(_quotient(lines, over, over, place), PERCENT), near_by, relation)
        for under in near:
            if under != over and lines.units[under] == lines.units[over]:
                near_by = -(abs(over - line) + abs(under - line)) / 2 + says_total(labels[under])
                relation = partial(declare, labels[line], labels[over], labels[under])
                yield _Try(_scaled(_quotient(lines, over, under), PERCENT), near_by, relation)


def _growths(lines: TableLines, line: int, near: list[int]) -> Iterator[_Try]:
    labels, declare = lines.labels, partial(Growth, axis=lines.axis, places=lines.at())
    years = {each: year_of(labels[each]) for each in near}
    for first in near:
        for last in near:
            if first == last or lines.units[first] != lines.units[last]:
                continue
            quotient = _quotient(lines, last, first)
            begin, end = years[first], years[last]
            span = end - begin if begin is not None and end is not None else 1
            near_by = -(abs(first - line) + abs(last - line)) / 2
            relation = partial(declare, labels[line], labels[first], labels[last])
            for periods in (1, span) if span > 1 else (1,):
                grown = partial(relation, periods=periods, how="simple")
                yield _Try(_simple(quotient, periods), near_by + (span == 1), grown)
            if span > 1:
                yield _Try(_compound(quotient, span), near_by, partial(relation, periods=span, how="compound"))


def _ratios(lines: TableLines, line: int, near: list[int]) -> Iterator[_Try]:
    labels, declare = lines.labels, partial(Ratio, axis=lines.axis, places=lines.at())
    for over in near:
        for under in near:
            if over == under:
                continue
            quotient, near_by = _quotient(lines, over, under), -abs(over - line) - abs(under - line)
            for times in SCALES:
                relation = partial(declare, labels[line], labels[over], labels[under], times=times)
                yield _Try(_scaled(quotient, times), near_by, relation)


def _quotient(lines: TableLines, over: int, under: int, at: int | None = None) -> Computed:
    """Return one line divided by another, or by what stands in it at one place; nan where the divisor is zero."""
    middles, halves = (lines.middle[over], lines.middle[under]), (lines.half[over], lines.half[under])

    def computed(place: int) -> tuple[float, float]:
        whole = middles[1][place if at is None else at]
        if not whole:
            return math.nan, math.nan
        quotient = middles[0][place] / whole
        return quotient, (halves[0][place] + abs(quotient) * halves[1][place if at is None else at]) / abs(whole)

    return computed


def _scaled(quotient: Computed, times: int) -> Computed:
    def computed(place: int) -> tuple[float, float]:
        rate, half = quotient(place)
        return times * rate, times * half

    return computed


def _simple(quotient: Computed, periods: int) -> Computed:
    """Return the growth in percent of which each period has the same share."""

    def computed(place: int) -> tuple[float, float]:
        rate, half = quotient(place)
        return PERCENT * (rate - 1) / periods, PERCENT * half / periods

    return computed


def _compound(quotient: Computed, periods: int) -> Computed:
    """Return the growth in percent that is the same in each period."""

    def computed(place: int) -> tuple[float, float]:
        whole, half = quotient(place)
        if not whole > 0:
            return math.nan, math.nan
        rate = math.pow(whole, 1 / periods)
        return PERCENT * (rate - 1), PERCENT * (rate / periods * half / whole)

    return computed
