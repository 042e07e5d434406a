"""Searching for printed rates: shares, growth and ratios that other lines reproduce."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from crossfoot.relations import Growth, Ratio, Relation, Share
from crossfoot.suggest.labels import says_growth, says_rate, says_ratio, says_share, says_total, year_of
from crossfoot.suggest.lines import SLACK, Figures, Found, Lines, surprise

SCALES = (1, 1_000, 10_000, 100_000, 1_000_000)  # of printed ratios: "per 1,000 persons", or millions per person
PERCENT = 100
MOST_LINES = 80  # beyond, only lines this near are paired with a rate
NEEDED_NAMED, NEEDED_UNNAMED = 2.5, 3.0  # surprise beyond that of the number of tries (decimal logarithm)


@dataclass(frozen=True)
class _Try:
    """A rate computed at each place, its half-width, and the relation that says so."""

    relation: Relation
    computed: Figures
    half: Figures
    near: float


def find_rates(lines: Lines) -> list[Found]:
    """Return for each printed rate the shares, growth or ratio that reproduces it best."""
    found = []
    amounts = [line for line in range(len(lines.labels)) if not lines.rate(line)]
    for line, label in enumerate(lines.labels):
        named = lines.rate(line) or says_growth(label) or says_share(label)
        values = lines.middle[line][~np.isnan(lines.middle[line])]
        if not len(values) or says_total(label) or (not named and not _could_be_rate(values)):
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


def _could_be_rate(values: Figures) -> bool:
    """Tell whether unlabelled figures could be percentages: fractions among them, none above 100."""
    return bool((np.abs(values) <= PERCENT).all() and (values != np.round(values)).any())


def _best(lines: Lines, line: int, near: list[int], named: bool, tries: int) -> Found | None:
    printed, half, unit = lines.middle[line], lines.half[line], lines.unit[line]
    needed = math.log10(max(tries, 2)) + (NEEDED_NAMED if named else NEEDED_UNNAMED)
    best: tuple[float, float, _Try] | None = None
    for each in _tries(lines, line, near, named):
        gap = np.abs(each.computed - printed)
        telling = lines.additive & np.isfinite(gap) & (printed != 0) & (printed != PERCENT)
        holds = telling & (gap <= half + each.half + SLACK * np.maximum(np.abs(printed), 1))
        agreeing, failing = int(holds.sum()), int((telling & ~holds).sum())
        if not agreeing or agreeing < 2 * failing:
            continue
        score = surprise(gap[holds], np.abs(printed)[holds], unit[holds], failing)
        if score >= needed and (best is None or (round(score, 6), each.near) > best[:2]):
            best = (round(score, 6), each.near, each)
    if best is None:
        return None
    label = lines.labels[line]
    reason = f"'{label}' is labelled as a rate" if named else "no label says so"
    return Found(best[2].relation, best[0], (reason,))


def _tries(lines: Lines, line: int, near: list[int], named: bool) -> Iterator[_Try]:
    label, unit = lines.labels[line], lines.units[line]
    both = not named or not (says_growth(label) or says_share(label) or says_ratio(label))
    growing, percent = says_growth(label), says_share(label) or says_share(unit)
    with np.errstate(divide="ignore", invalid="ignore"):
        if growing or both or percent:
            yield from _growths(lines, line, near)
        if percent or both:
            yield from _shares(lines, line, near)
        if says_ratio(label) or says_rate(label):
            yield from _ratios(lines, line, near)


def _quotient(lines: Lines, over: int, under: int) -> tuple[Figures, Figures]:
    quotient = lines.middle[over] / lines.middle[under]
    return quotient, (lines.half[over] + np.abs(quotient) * lines.half[under]) / np.abs(lines.middle[under])


def _shares(lines: Lines, line: int, near: list[int]) -> Iterator[_Try]:
    labels, at = lines.labels, lines.at()
    wholes = np.flatnonzero(np.abs(lines.middle[line] - PERCENT) <= lines.half[line])
    for over in near:
        for place in wholes:
            whole, width = lines.middle[over, place], lines.half[over, place]
            quotient = lines.middle[over] / whole
            half = (lines.half[over] + np.abs(quotient) * width) / np.abs(whole)
            relation = Share(
                labels[line], labels[over], labels[over], axis=lines.axis, places=at, whole_at=lines.places[place]
            )
            yield _Try(
                relation, PERCENT * quotient, PERCENT * half, -abs(over - line) + says_total(lines.places[place])
            )
        for under in near:
            if under != over and lines.units[under] == lines.units[over]:
                quotient, half = _quotient(lines, over, under)
                relation = Share(labels[line], labels[over], labels[under], axis=lines.axis, places=at)
                near_by = -(abs(over - line) + abs(under - line)) / 2 + says_total(labels[under])
                yield _Try(relation, PERCENT * quotient, PERCENT * half, near_by)


def _growths(lines: Lines, line: int, near: list[int]) -> Iterator[_Try]:
    labels = lines.labels
    for first in near:
        for last in near:
            if first == last or lines.units[first] != lines.units[last]:
                continue
            quotient, half = _quotient(lines, last, first)
            years = (year_of(labels[first]), year_of(labels[last]))
            span = years[1] - years[0] if years[0] is not None and years[1] is not None else 1
            near_by = -(abs(first - line) + abs(last - line)) / 2
            for periods in sorted({1, span} if span > 1 else {1}):
                grown = Growth(
                    labels[line], labels[first], labels[last], periods=periods, how="simple", axis=lines.axis,
                    places=lines.at(),
                )  # fmt: skip
                yield _Try(grown, PERCENT * (quotient - 1) / periods, PERCENT * half / periods, near_by + (span == 1))
            if span > 1:
                rate = np.power(np.where(quotient > 0, quotient, np.nan), 1 / span)
                grown = Growth(
                    labels[line], labels[first], labels[last], periods=span, how="compound", axis=lines.axis,
                    places=lines.at(),
                )  # fmt: skip
                width = rate / span * half / quotient
                yield _Try(grown, PERCENT * (rate - 1), PERCENT * width, near_by)


def _ratios(lines: Lines, line: int, near: list[int]) -> Iterator[_Try]:
    labels = lines.labels
    for over in near:
        for under in near:
            if over == under:
                continue
            quotient, half = _quotient(lines, over, under)
            for times in SCALES:
                relation = Ratio(
                    labels[line], labels[over], labels[under], times=times, axis=lines.axis, places=lines.at()
                )
                yield _Try(relation, times * quotient, times * half, -abs(over - line) - abs(under - line))
