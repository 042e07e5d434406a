"""Searching for changes from place to place, and for lines that make 100 together."""

from __future__ import annotations

from itertools import pairwise
from math import isnan, log10

from crossfoot.kinds import Step
from crossfoot.relations import Between
from crossfoot.suggest.labels import says_gain, says_total_word
from crossfoot.suggest.lines import SLACK, Agreement, FoundRelation, TableLines, surprise
from crossfoot.suggest.sums import NEEDED

MOST_LINES = 40  # that are paired
FEWEST = 3  # steps that differ
WHOLE = 100.0
NEAR_WHOLE = 20.0  # a sum that is farther from 100 does not make shares


def find_steps(lines: TableLines) -> list[FoundRelation]:
    """Return lines that say how much another has gained since the place before it, in figures or in percent."""
    found = []
    count = len(lines.labels)
    if count > MOST_LINES or len(lines.places) < 3 or not lines.effort.spend(4 * count**2 * 3):
        return []
    for line, label in enumerate(lines.labels):
        needed = NEEDED + (1 if says_gain(label) else 2) * log10(4 * count)
        best: tuple[float, Step] | None = None
        for of in range(count):
            for order in (1, -1) if of != line else ():
                for how in ("difference", "percent"):
                    score = _stepping(lines, line, of, order, how)
                    if score >= needed and (best is None or score > best[0]):
                        places = lines.places[::order]
                        best = (score, Step(label, lines.labels[of], how=how, axis=lines.axis, places=places))
        if best:
            found.append(FoundRelation(best[1], best[0], ("each place follows the one before",)))
    return found


def _stepping(lines: TableLines, line: int, of: int, order: int, how: str) -> float:
    """Return how surprising it is that a line is the change of another; 0 where it fails too often."""
    agreeing: list[Agreement] = []
    failing = 0
    steps = list(range(len(lines.places)))[::order]
    printed, values, halves = lines.middle[line], lines.middle[of], lines.half[of]
    for before, at in pairwise(steps):
        first, last = values[before], values[at]
        if isnan(printed[at]) or isnan(first) or isnan(last) or not printed[at]:
            continue
        if how == "difference":
            computed, room = last - first, halves[at] + halves[before]
        elif first > 0:
            computed = 100 * (last / first - 1)
            room = 100 * (halves[at] + halves[before] * abs(last / first)) / first
        else:
            continue
        gap = abs(computed - printed[at])
        if gap <= room + lines.half[line][at] + SLACK * max(abs(first), abs(last), 1):
            agreeing.append((gap, abs(printed[at]), lines.unit[line][at], last))
        else:
            failing += 1
            if 3 * failing > len(steps) or failing > FEWEST + len(agreeing):
                return 0.0
    enough = len(set(agreeing)) >= FEWEST and 2 * failing < len(agreeing)
    return surprise(agreeing, failing) - 2 * (failing > 0) if enough else 0.0


def find_wholes(lines: TableLines) -> list[FoundRelation]:
    """Return lines side by side that make 100 together, where no line says so."""
    amounts = [line for line, label in enumerate(lines.labels) if not says_total_word(label)]
    if not 2 < len(amounts) <= MOST_LINES or len(amounts) < len(lines.labels):
        return []
    places = []
    agreeing: list[Agreement] = []
    failing = 0
    for at, (values, halves) in enumerate(lines.across):
        total = sum(values)
        if (
            isnan(total)
            or abs(total - WHOLE) > NEAR_WHOLE
            or min(values) < 0
            or sum(value != 0 for value in values) < 2
        ):
            continue
        places.append(at)
        gap = abs(total - WHOLE)
        if gap <= sum(halves) + SLACK * WHOLE:
            agreeing.append((gap, WHOLE, lines.unit[0][at], *values))
        else:
            failing += 1
    score = surprise(agreeing, failing)
    if score < NEEDED + log10(len(amounts)) or 3 * failing > len(agreeing):
        return []
    scope = lines.at(number in places for number in range(len(lines.places)))
    whole = Between(lines.labels, at_least="100", at_most="100", axis=lines.axis, places=scope)
    return [FoundRelation(whole, score, ("they are shares of one whole",))]
