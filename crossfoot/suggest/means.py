"""Searching for means of other lines, weighted or not, and for figures with their ranges beside them."""

from __future__ import annotations

from collections.abc import Container
from itertools import takewhile
from math import isnan, log10

from crossfoot.kinds import Mean, WithinRange
from crossfoot.suggest.expected import Known
from crossfoot.suggest.labels import says_mean, says_total_word
from crossfoot.suggest.lines import SLACK, Agreement, Figures, FoundRelation, TableLines, surprise
from crossfoot.suggest.sums import NEEDED, NEEDED_ALONE

SAME_WIDTH = 1e-6  # relative; widths nearer to a power of ten are those of rounding


def find_means(lines: TableLines) -> list[FoundRelation]:
    """Return lines labelled as a mean that are the mean of those above or below them."""
    found = []
    for line, label in enumerate(lines.labels):
        if not says_mean(label):
            continue
        for parts in (_block(lines, range(line - 1, -1, -1)), _block(lines, range(line + 1, len(lines.labels)))):
            agreeing, failing = _meeting(lines, line, parts, range(len(lines.places)), [1.0] * len(parts))
            score = surprise(agreeing, failing)
            if len(parts) > 1 and len(agreeing) > failing and score >= NEEDED_ALONE + (failing > 0):
                relation = Mean(label, tuple(lines.labels[part] for part in parts), axis=lines.axis)
                found.append(FoundRelation(relation, score, (f"'{label}' is labelled as a mean",)))
                break
    return found


def _block(lines: TableLines, near: range) -> list[int]:
    """Return the lines next to another, after the totals and means beside it, up to the next of these."""
    summing = [says_mean(lines.labels[each]) or says_total_word(lines.labels[each]) for each in near]
    skipped = len(list(takewhile(bool, summing)))
    block = list(takewhile(lambda each: not each[1], list(zip(near, summing, strict=True))[skipped:]))
    return sorted(each for each, _ in block)


def _meeting(
    lines: TableLines, line: int, parts: list[int], places: range | list[int], weights: list[float]
) -> tuple[list[Agreement], int]:
    """Return where a line is the weighted mean of others, and at how many places it is not; equal parts do not tell."""
    agreeing: list[Agreement] = []
    failing = 0
    for at in places:
        values = [lines.middle[part][at] for part in parts]
        printed, whole = lines.middle[line][at], sum(weights)
        if isnan(printed) or not whole > 0 or any(map(isnan, values)) or max(values) == min(values):
            continue
        mean = sum(value * weight for value, weight in zip(values, weights, strict=True)) / whole
        halves = sum(lines.half[part][at] * weight for part, weight in zip(parts, weights, strict=True)) / whole
        gap = abs(mean - printed)
        spread = 2 * sum(abs(value - mean) * weight for value, weight in zip(values, weights, strict=True)) / whole
        if gap <= halves + lines.half[line][at] + SLACK * abs(printed):
            agreeing.append((gap, spread, lines.unit[line][at], *values))
        else:
            failing += 1
    return agreeing, failing


def find_weighted(lines: TableLines, known: Known, computed: Container[str]) -> list[FoundRelation]:
    """Return rates of totals that are the mean of the rates of their parts, weighted by one of the columns of amounts.

    What several columns of rates say of the same weights counts together; those ``computed`` by others need no mean.
    """
    ranges = [_are_ranges(halves) for _, halves in lines.across]
    rates = [at for at, adds in enumerate(lines.additive) if not adds and not ranges[at]]
    rates = [at for at in rates if lines.places[at] not in computed]
    amounts = [at for at, adds in enumerate(lines.additive) if adds]
    found = []
    for line, told in known.items():
        for parts in map(sorted, told if rates else ()):
            best: tuple[float, int] | None = None
            for by in amounts:
                weights = [lines.middle[part][by] for part in parts]
                agreeing, failing = _meeting(lines, line, parts, rates, weights) if min(weights) > 0 else ([], 0)
                score = surprise(agreeing, failing)
                if len(agreeing) > failing and score >= NEEDED + log10(len(amounts)) + (failing > 0):
                    best = max(best or (0.0, 0), (score, by))
            if best:
                labels, by_label = [lines.labels[part] for part in parts], lines.places[best[1]]
                places = tuple(lines.places[at] for at in rates)
                relation = Mean(lines.labels[line], tuple(labels), weights_at=by_label, axis=lines.axis, places=places)
                found.append(FoundRelation(relation, best[0], (f"'{by_label}' gives the weights",)))
    return found


def find_inside(lines: TableLines) -> list[FoundRelation]:
    """Return lines with the line of ranges beside them in which their figures lie."""
    found, ranges = [], list(map(_are_ranges, lines.half))
    for line in range(len(lines.labels)):
        if not ranges[line]:
            continue
        best: tuple[float, int] | None = None
        for beside in (line - 1, line + 1):
            if not 0 <= beside < len(lines.labels) or ranges[beside]:
                continue
            agreeing: list[Agreement] = []
            failing = 0
            for values, halves in lines.across:
                apart, room = abs(values[beside] - values[line]), halves[beside] + halves[line]
                if isnan(apart):
                    continue
                if apart <= room * (1 + SLACK):
                    agreeing.append((0.0, abs(values[line]) + halves[line], 2 * halves[line] or 1.0, values[line]))
                else:
                    failing += 1
            score = surprise(agreeing, failing)
            if 3 * failing < len(agreeing) and score >= NEEDED + log10(2) + (failing > 0):
                best = max(best or (0.0, 0), (score, beside))
        if best:
            relation = WithinRange(lines.labels[best[1]], lines.labels[line], axis=lines.axis)
            found.append(FoundRelation(relation, best[0], (f"'{lines.labels[line]}' holds ranges",)))
    return found


def _are_ranges(halves: Figures) -> bool:
    """Tell whether most figures are wider than rounding makes them."""
    widths = [2 * half for half in halves if half > 0]
    wide = [width for width in widths if abs(log10(width) - round(log10(width))) > SAME_WIDTH]
    return 2 * len(wide) > len(widths)
