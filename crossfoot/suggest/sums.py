"""Searching for totals: which runs of lines add up to another line, and which differences are printed."""

from __future__ import annotations

import math
from bisect import bisect_left, bisect_right
from collections import defaultdict
from collections.abc import Iterable, Iterator
from math import isnan
from typing import NamedTuple

from crossfoot.read.layout import PATH
from crossfoot.relations import AtMost, Sum
from crossfoot.suggest.labels import says_difference, says_part, says_total
from crossfoot.suggest.lines import SLACK, Agreement, FoundRelation, TableLines, surprise

FURTHEST = 2  # lines that may stand between a total and its parts
LONGEST_NEAR = 60  # parts; longer runs are tried only for labelled totals, up to the edge of the table
WIDEST_PAIRS = 12  # lines between a difference and its terms, in tables of many lines
HOPELESS = 40  # places where a run of lines fails before it is given up, if it held nowhere
NEEDED = 2.5  # surprise beyond that of the number of choices (decimal logarithm)
NEEDED_ALONE = 2.3  # where label and place leave one choice only
FAILING_COSTS = 1.0  # more is needed where a place fails
EDGE_BONUS = 1.0
Parents = dict[int, set[int]]  # of each line, the totals that count it


class Candidate(NamedTuple):
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


def find_sums(lines: TableLines) -> list[FoundRelation]:
    """Return totals and subtotals, parents before or after their parts, labelled or not."""
    taken: set[int] = set()
    parents: Parents = defaultdict(set)
    kept: list[Candidate] = []
    for sequence in _sequences(lines):
        kept += _search(lines, sequence, taken, parents)
    found = [FoundRelation(_sum(lines, each), each.score, _reasons(lines, each)) for each in kept]
    return found + _double_counts(lines, {each.line for each in kept}, parents)


def _search(lines: TableLines, sequence: list[int], taken: set[int], parents: Parents) -> list[Candidate]:
    """Take the best totals round by round; their parts then make room for totals of totals."""
    kept: list[Candidate] = []
    offset = 0
    while offset <= FURTHEST:
        active = [line for line in sequence if line not in taken]
        best = [each for line in sequence if (each := _best(lines, active, line, offset, parents))]
        added = False
        for each in sorted(
            best, key=lambda each: (_inside(each, best), *each.rank, _headed(lines, each)), reverse=True
        ):
            above = _ancestors(each.line, parents)
            if taken.isdisjoint(each.parts) and above.isdisjoint(each.parts):
                kept.append(each)
                taken.update(each.parts)
                for part in each.parts:
                    parents[part].add(each.line)
                added = True
        offset = 0 if added else offset + 1
    return kept


def _headed(lines: TableLines, candidate: Candidate) -> bool:
    """Tell whether a total and its parts stand under one heading."""
    return len({lines.headings[line] for line in (candidate.line, *candidate.parts)}) == 1


def _inside(candidate: Candidate, others: list[Candidate]) -> bool:
    """Tell whether another total adds both this line and its parts, and so counts twice."""
    own = {candidate.line, *candidate.parts}
    return any(own <= set(other.parts) for other in others)


def _best(lines: TableLines, active: list[int], line: int, offset: int, parents: Parents) -> Candidate | None:
    above = _ancestors(line, parents)
    usable = [each for each in active if each not in above] if above else active
    before = usable[: bisect_left(usable, line)][::-1][offset:]
    after = usable[bisect_right(usable, line) :][offset:]
    found = [each for run in (before, after) for each in runs_of(lines, line, run, len(active))]
    return max(found, key=lambda each: each.rank, default=None)


def runs_of(lines: TableLines, line: int, run: list[int], count: int) -> Iterator[Candidate]:
    """Yield the runs, starting next to the line, that add up to it: any of few lines, or all to the edge."""
    whole = len(run) > LONGEST_NEAR and says_total(lines.labels[line])
    length = len(run) if whole else min(len(run), LONGEST_NEAR)
    run = run[:length]
    if len(run) < 2 or not lines.effort.spend(min(len(run), LONGEST_NEAR) + whole):
        return
    agreeing, telling = _agreements(lines, line, run)
    for number in sorted(agreeing):
        parts = tuple(run[:number])
        edge = _ends(lines, run, number - 1)
        named = says_total(lines.labels[line]) or _indented(lines, line, parts)
        choices = 1 if named and edge else count if named else count**2
        able = sum(first <= number <= last for first, last in telling)
        if supported := _supported(agreeing[number], able - len(agreeing[number]), choices):
            yield Candidate(line, tuple(sorted(parts)), *supported, edge)


def _agreements(
    lines: TableLines, line: int, run: list[int]
) -> tuple[dict[int, list[Agreement]], list[tuple[int, int]]]:
    """Return where the first parts of a run add up to the line, by their number, and what numbers each place can tell.

    A place can tell from the second part that is not zero to the last one before a missing figure.
    """
    agreeing: dict[int, list[Agreement]] = defaultdict(list)
    telling: list[tuple[int, int]] = []
    places = [at for at, adds in enumerate(lines.additive) if adds and not isnan(lines.middle[line][at])]
    failed = 0
    for left, place in zip(range(len(places), 0, -1), places, strict=True):
        if not agreeing and failed > min(left, HOPELESS):
            break  # every number fails at more places than are left, or at so many that no fault explains it
        values, halves = lines.across[place]
        printed, width = values[line], halves[line]
        total = size = 0.0
        filled = first = last = 0
        for number, part in enumerate(run, 1):
            value = values[part]
            if isnan(value):
                break
            total, size, width, last = (
                total + lines.signs[part] * value,
                size + abs(value),
                width + halves[part],
                number,
            )
            filled += value != 0
            if filled < 2 or LONGEST_NEAR < number < len(run):
                continue
            first = first or number
            gap = abs(total - printed)
            if gap <= width + SLACK * max(size, 1):
                agreeing[number].append(lines.agreement(line, run[:number], place, gap, size))
        if first:
            telling.append((first, last))
            failed += (first, last) == (2, len(run))
    return agreeing, telling


def _supported(agreeing: list[Agreement], failing: int, choices: int) -> tuple[float, int] | None:
    """Return the surprise and the number of failing places, if chance would hardly do it among so many choices."""
    if len(agreeing) < failing:
        return None
    score = surprise(agreeing, failing)
    needed = (NEEDED_ALONE if choices == 1 else NEEDED + math.log10(choices)) + (FAILING_COSTS if failing else 0)
    return (score, failing) if score >= needed else None


def _ends(lines: TableLines, run: list[int], last: int) -> bool:
    """Tell whether a run ends where a reader would end it: at the edge, a heading, or a line at the total's level."""
    if last == len(run) - 1:
        return True
    inside, beyond = run[last], run[last + 1]
    if lines.levels[inside] != lines.levels[beyond] or lines.headings[inside] != lines.headings[beyond]:
        return True
    return says_total(lines.labels[beyond])


def _indented(lines: TableLines, line: int, parts: tuple[int, ...]) -> bool:
    return line < min(parts) and all(lines.levels[part] > lines.levels[line] for part in parts)


def _sequences(lines: TableLines) -> list[list[int]]:
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


def _ancestors(line: int, parents: Parents) -> set[int]:
    found: set[int] = set()
    waiting = [line]
    while waiting:
        for parent in parents.get(waiting.pop(), ()):
            if parent not in found:
                found.add(parent)
                waiting.append(parent)
    return found


def _double_counts(lines: TableLines, explained: set[int], parents: Parents) -> list[FoundRelation]:
    """Return totals that reproduce only when parents and their own parts are added."""
    found = []
    summable = [line for line in range(len(lines.labels)) if not lines.rate(line)]
    for line in summable:
        if line in explained or not says_total(lines.labels[line]):
            continue
        position = summable.index(line)
        runs = (summable[:position][::-1], summable[position + 1 :])
        candidates = [each for run in runs for each in runs_of(lines, line, run, len(summable))]
        twice = [each for each in candidates if any(parents.get(part, set()) & set(each.parts) for part in each.parts)]
        best = max(twice, key=lambda each: each.rank, default=None)
        if best and _ancestors(line, parents).isdisjoint(best.parts):
            both = next(part for part in best.parts if parents.get(part, set()) & set(best.parts))
            whole = lines.labels[min(parents[both] & set(best.parts))]
            reason = f"it counts twice: both '{whole}' and its part '{lines.labels[both]}' are added"
            found.append(FoundRelation(_sum(lines, best), best.score, (*_reasons(lines, best), reason)))
    return found


def find_differences(lines: TableLines) -> list[FoundRelation]:
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
            found.append(FoundRelation(relation, score, (f"'{labels[line]}' is labelled as a difference",)))
    return found


def _pairs(lines: TableLines, line: int, near: list[int]) -> Iterator[tuple[float, int, int]]:
    """Yield the support of each two lines whose difference the line is."""
    places = [place for place, adds in enumerate(lines.additive) if adds and not isnan(lines.middle[line][place])]
    for over in near:
        for under in near:
            agreeing, failing = _differing(lines, line, places, over, under)
            supported = _supported(agreeing, failing, len(near) ** 2) if agreeing and over != under else None
            if supported:
                yield supported[0], over, under


def _differing(lines: TableLines, line: int, places: list[int], over: int, under: int) -> tuple[list[Agreement], int]:
    """Return where a line is one line less another, and at how many places it is not; none once those are too many."""
    agreeing: list[Agreement] = []
    failing = 0
    for place in places:
        values, halves = lines.across[place]
        more, less, printed = values[over], values[under], values[line]
        if not more or not less or isnan(more) or isnan(less):
            continue
        gap = abs(more - less - printed)
        width = halves[line] + halves[over] + halves[under]
        if gap <= width + SLACK * max(abs(more), abs(less), 1):
            agreeing.append((gap, abs(printed), lines.unit[line][place], more))
        else:
            failing += 1
            if 2 * failing > len(places):
                return [], failing
    return agreeing, failing


def find_parts(lines: TableLines) -> list[FoundRelation]:
    """Return lines labelled as a part ("of which") with the line above them that contains them."""
    found = []
    for line, label in enumerate(lines.labels):
        own = says_part(label) or says_part(lines.headings[line])
        whole = next((each for each in range(line - 1, -1, -1) if _contains(lines, each, line)), None)
        if not own or whole is None or lines.rate(line):
            continue
        able, agreeing, failing = _can_contain(lines, whole, line)
        if agreeing > failing:
            relation = AtMost((label,), lines.labels[whole], axis=lines.axis, places=lines.at(able))
            found.append(FoundRelation(relation, 0.0, (f"'{label}' is labelled as a part",)))
    return found


def _can_contain(lines: TableLines, whole: int, part: int) -> tuple[list[bool], int, int]:
    """Return at which places one line can contain another, and at how many of them it does and does not."""
    able, verdicts = [], []
    for place, (values, halves) in enumerate(lines.across):
        change = says_difference(lines.places[place])
        able.append(lines.additive[place] and not change and not values[whole] < 0)  # a loss contains no part
        if able[-1] and not isnan(values[part]) and not isnan(values[whole]):
            verdicts.append(values[part] - halves[part] <= values[whole] + halves[whole])
    return able, sum(verdicts), verdicts.count(False)


def _contains(lines: TableLines, whole: int, part: int) -> bool:
    if says_part(lines.labels[whole]) or lines.rate(whole) or lines.units[whole] != lines.units[part]:
        return False
    headed = says_part(lines.headings[part]) and not says_part(lines.labels[part])
    return lines.levels[whole] <= lines.levels[part] and not (headed and lines.headings[whole] == lines.headings[part])


def _sum(lines: TableLines, found: Candidate) -> Sum:
    return sum_of(lines, found.line, found.parts)


def sum_of(lines: TableLines, line: int, parts: Iterable[int]) -> Sum:
    """Return the sum that makes a line of others, those taken off that say so."""
    added = tuple(lines.labels[part] for part in parts if lines.signs[part] > 0)
    less = tuple(lines.labels[part] for part in parts if lines.signs[part] < 0)
    return Sum(lines.labels[line], added, less, axis=lines.axis, places=lines.at())


def _reasons(lines: TableLines, found: Candidate) -> tuple[str, ...]:
    label = lines.labels[found.line]
    reasons = []
    if says_total(label):
        reasons.append(f"'{label}' is labelled as a total")
    if _indented(lines, found.line, found.parts):
        reasons.append(f"its parts are indented below '{label}'")
    return tuple(reasons) or ("no label says so",)
