"""Searching for totals: which runs of lines add up to another line, and which differences are printed."""

from __future__ import annotations

import math
from bisect import bisect_left, bisect_right
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

import numpy as np

from crossfoot.read.header import PATH
from crossfoot.relations import AtMost, Sum
from crossfoot.suggest.labels import says_difference, says_part, says_total
from crossfoot.suggest.lines import SLACK, Figures, Found, Lines, Places, surprise

FURTHEST = 2  # lines that may stand between a total and its parts
LONGEST_NEAR = 60  # parts; longer runs are tried only for labelled totals, up to the edge of the table
WIDEST_PAIRS = 12  # lines between a difference and its terms, in tables of many lines
NEEDED = 2.5  # surprise beyond that of the number of choices (decimal logarithm)
NEEDED_ALONE = 2.3  # where label and place leave one choice only
FAILING_COSTS = 1.0  # more is needed where a place fails
EDGE_BONUS = 1.0


@dataclass(frozen=True)
class Candidate:
    """A line, the lines that add up to it, and the support."""

    line: int
    parts: tuple[int, ...]
    score: float
    fails: int
    edge: bool

    @property
    def rank(self) -> tuple[float, int]:
        """Order of preference: support, then the longer run."""
        return (self.score + EDGE_BONUS * self.edge, len(self.parts))


def find_sums(lines: Lines) -> list[Found]:
    """Return totals and subtotals, parents before or after their parts, labelled or not."""
    taken: set[int] = set()
    parents: dict[int, set[int]] = defaultdict(set)
    kept: list[Candidate] = []
    for sequence in _sequences(lines):
        kept += _search(lines, sequence, taken, parents)
    found = [Found(_sum(lines, each), each.score, _reasons(lines, each)) for each in kept]
    return found + _double_counts(lines, {each.line for each in kept}, parents)


def _search(lines: Lines, sequence: list[int], taken: set[int], parents: dict[int, set[int]]) -> list[Candidate]:
    """Take the best totals round by round; their parts then make room for totals of totals."""
    kept: list[Candidate] = []
    offset = 0
    while offset <= FURTHEST:
        active = [line for line in sequence if line not in taken]
        best = [each for line in sequence if (each := _best(lines, active, line, offset, parents))]
        added = False
        for each in sorted(best, key=lambda each: (_inside(each, best), *each.rank), reverse=True):
            above = _ancestors(each.line, parents)
            if taken.isdisjoint(each.parts) and above.isdisjoint(each.parts):
                kept.append(each)
                taken.update(each.parts)
                for part in each.parts:
                    parents[part].add(each.line)
                added = True
        offset = 0 if added else offset + 1
    return kept


def _inside(candidate: Candidate, others: list[Candidate]) -> bool:
    """Tell whether another total adds both this line and its parts, and so counts twice."""
    own = {candidate.line, *candidate.parts}
    return any(own <= set(other.parts) for other in others)


def _best(lines: Lines, active: list[int], line: int, offset: int, parents: dict[int, set[int]]) -> Candidate | None:
    above = _ancestors(line, parents)
    usable = [each for each in active if each not in above] if above else active
    before = usable[: bisect_left(usable, line)][::-1][offset:]
    after = usable[bisect_right(usable, line) :][offset:]
    found = [each for run in (before, after) for each in _runs(lines, line, run, len(active))]
    return max(found, key=lambda each: each.rank, default=None)


def _runs(lines: Lines, line: int, run: list[int], count: int) -> Iterator[Candidate]:
    """Yield the runs, starting next to the line, that add up to it: any of few lines, or all to the edge."""
    lengths = list(range(1, min(len(run), LONGEST_NEAR) + 1))
    if len(run) > LONGEST_NEAR and says_total(lines.labels[line]):
        lengths.append(len(run))
    run = run[: lengths[-1]] if lengths else run
    if len(run) < 2 or not lines.effort.spend(len(lengths)):
        return
    middle, half, chosen = lines.middle[run], lines.half[run], np.array(lengths) - 1
    filled = np.nan_to_num(middle)
    total, size = np.cumsum(filled, axis=0)[chosen], np.cumsum(np.abs(filled), axis=0)[chosen]
    width = np.cumsum(np.nan_to_num(half), axis=0)[chosen] + lines.half[line]
    known = np.cumsum(np.isnan(middle), axis=0)[chosen] == 0
    telling = lines.additive & known & (np.cumsum(filled != 0, axis=0)[chosen] > 1) & ~np.isnan(lines.middle[line])
    gap = np.abs(total - lines.middle[line])
    holds = telling & (gap <= width + SLACK * np.maximum(size, 1))
    for number in np.flatnonzero(holds.any(axis=1)):
        if number == 0:
            continue
        parts = tuple(run[: lengths[number]])
        edge = _ends(lines, run, len(parts) - 1)
        named = says_total(lines.labels[line]) or _indented(lines, line, parts)
        choices = 1 if named and edge else count if named else count**2
        at = (gap[number], size[number], telling[number], holds[number])
        if supported := _supported(lines, line, at, choices):
            yield Candidate(line, tuple(sorted(parts)), *supported, edge)


def _supported(
    lines: Lines, line: int, at: tuple[Figures, Figures, Places, Places], choices: int
) -> tuple[float, int] | None:
    """Return the surprise and the number of failing places, if chance would hardly do it among so many choices."""
    gap, size, telling, holds = at
    agreeing, failing = int(holds.sum()), int((telling & ~holds).sum())
    if agreeing < failing:
        return None
    score = surprise(gap[holds], size[holds], lines.unit[line][holds], failing)
    needed = (NEEDED_ALONE if choices == 1 else NEEDED + math.log10(choices)) + (FAILING_COSTS if failing else 0)
    return (score, failing) if score >= needed else None


def _ends(lines: Lines, run: list[int], last: int) -> bool:
    """Tell whether a run ends where a reader would end it: at the edge, a heading, or a line at the total's level."""
    if last == len(run) - 1:
        return True
    inside, beyond = run[last], run[last + 1]
    if lines.levels[inside] != lines.levels[beyond] or lines.headings[inside] != lines.headings[beyond]:
        return True
    return says_total(lines.labels[beyond])


def _indented(lines: Lines, line: int, parts: tuple[int, ...]) -> bool:
    return line < min(parts) and all(lines.levels[part] > lines.levels[line] for part in parts)


def _sequences(lines: Lines) -> list[list[int]]:
    """Return lines that may be added to each other, in order: of one unit, or with a common part of their labels."""
    summable = [line for line in range(len(lines.labels)) if not lines.rate(line) and not says_part(lines.labels[line])]
    groups: dict[tuple[str, str], list[int]] = defaultdict(list)
    for line in summable:
        unit = lines.units[line]
        groups["", unit].append(line)
        for component in set(lines.labels[line].split(PATH)[:1] + lines.labels[line].split(PATH)[-1:]):
            if PATH in lines.labels[line]:
                groups[component, unit].append(line)
    return [group for group in groups.values() if len(group) > 2]


def _ancestors(line: int, parents: dict[int, set[int]]) -> set[int]:
    found: set[int] = set()
    waiting = [line]
    while waiting:
        for parent in parents.get(waiting.pop(), ()):
            if parent not in found:
                found.add(parent)
                waiting.append(parent)
    return found


def _double_counts(lines: Lines, explained: set[int], parents: dict[int, set[int]]) -> list[Found]:
    """Return totals that reproduce only when parents and their own parts are added."""
    found = []
    summable = [line for line in range(len(lines.labels)) if not lines.rate(line)]
    for line in summable:
        if line in explained or not says_total(lines.labels[line]):
            continue
        position = summable.index(line)
        runs = (summable[:position][::-1], summable[position + 1 :])
        candidates = [each for run in runs for each in _runs(lines, line, run, len(summable))]
        twice = [each for each in candidates if any(parents.get(part, set()) & set(each.parts) for part in each.parts)]
        best = max(twice, key=lambda each: each.rank, default=None)
        if best and _ancestors(line, parents).isdisjoint(best.parts):
            both = next(part for part in best.parts if parents.get(part, set()) & set(best.parts))
            whole = lines.labels[min(parents[both] & set(best.parts))]
            reason = f"it counts twice: both '{whole}' and its part '{lines.labels[both]}' are added"
            found.append(Found(_sum(lines, best), best.score, (*_reasons(lines, best), reason)))
    return found


def find_differences(lines: Lines) -> list[Found]:
    """Return lines labelled as a change, balance or net figure that are one line less another."""
    found = []
    usable = [line for line in range(len(lines.labels)) if not lines.rate(line)]
    for line in usable:
        if not says_difference(lines.labels[line]):
            continue
        near = [each for each in usable if each != line and lines.units[each] == lines.units[line]]
        if len(near) > 4 * WIDEST_PAIRS:
            near = [each for each in near if abs(each - line) <= WIDEST_PAIRS]
        if not lines.effort.spend(len(near) ** 2):
            break
        best = max(_pairs(lines, line, near), key=lambda each: each[0], default=None)
        if best:
            score, over, under = best
            labels = lines.labels
            relation = Sum(labels[line], (labels[over],), (labels[under],), axis=lines.axis, places=lines.at())
            found.append(Found(relation, score, (f"'{labels[line]}' is labelled as a difference",)))
    return found


def _pairs(lines: Lines, line: int, near: list[int]) -> Iterator[tuple[float, int, int]]:
    result, half = lines.middle[line], lines.half
    for over in near:
        computed = lines.middle[over] - lines.middle[near]
        width = half[line] + half[over] + half[near]
        size = np.maximum(np.abs(lines.middle[over]), np.abs(lines.middle[near]))
        known = ~np.isnan(computed) & ~np.isnan(result) & lines.additive
        telling = known & (lines.middle[over] != 0) & (lines.middle[near] != 0)
        gap = np.abs(computed - result)
        holds = telling & (gap <= width + SLACK * np.maximum(size, 1))
        for position in np.flatnonzero(holds.any(axis=1)):
            under = near[position]
            at = (gap[position], np.abs(result), telling[position], holds[position])
            supported = _supported(lines, line, at, len(near) ** 2) if over != under else None
            if supported:
                yield supported[0], over, under


def find_parts(lines: Lines) -> list[Found]:
    """Return lines labelled as a part ("of which") with the line above them that contains them."""
    found = []
    for line, label in enumerate(lines.labels):
        own = says_part(label) or says_part(lines.headings[line])
        whole = next((each for each in range(line - 1, -1, -1) if _contains(lines, each, line)), None)
        if not own or whole is None or lines.rate(line):
            continue
        changes = np.array([says_difference(place) for place in lines.places], dtype=bool)
        able = lines.additive & ~changes & ~(lines.middle[whole] < 0)  # a loss or a change contains no part
        known = able & ~np.isnan(lines.middle[line]) & ~np.isnan(lines.middle[whole])
        below = lines.middle[line] - lines.half[line] <= lines.middle[whole] + lines.half[whole]
        agreeing, failing = int((known & below).sum()), int((known & ~below).sum())
        if agreeing > failing:
            relation = AtMost((label,), lines.labels[whole], axis=lines.axis, places=lines.at(able))
            found.append(Found(relation, 0.0, (f"'{label}' is labelled as a part",)))
    return found


def _contains(lines: Lines, whole: int, part: int) -> bool:
    if says_part(lines.labels[whole]) or lines.rate(whole) or lines.units[whole] != lines.units[part]:
        return False
    headed = says_part(lines.headings[part]) and not says_part(lines.labels[part])
    return lines.levels[whole] <= lines.levels[part] and not (headed and lines.headings[whole] == lines.headings[part])


def _sum(lines: Lines, found: Candidate) -> Sum:
    labels = lines.labels
    return Sum(labels[found.line], _named(labels, found.parts), axis=lines.axis, places=lines.at())


def _named(labels: tuple[str, ...], chosen: Iterable[int]) -> tuple[str, ...]:
    return tuple(labels[line] for line in chosen)


def _reasons(lines: Lines, found: Candidate) -> tuple[str, ...]:
    label = lines.labels[found.line]
    reasons = []
    if says_total(label):
        reasons.append(f"'{label}' is labelled as a total")
    if _indented(lines, found.line, found.parts):
        reasons.append(f"its parts are indented below '{label}'")
    return tuple(reasons) or ("no label says so",)
