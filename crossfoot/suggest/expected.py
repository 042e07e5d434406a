"""Totals that words or formulas lead a reader to expect, and sums whose parts do not stand side by side."""

from __future__ import annotations

import math
import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator, Mapping
from itertools import combinations
from math import isnan

from crossfoot.evaluate import evaluate
from crossfoot.misprints import CellFindings
from crossfoot.read.cells import plain
from crossfoot.relations import Relation, Sum
from crossfoot.suggest.labels import says_hard_rate, says_less, says_part, says_total, says_total_word
from crossfoot.suggest.lines import SLACK, Agreement, FoundRelation, TableLines, surprise
from crossfoot.suggest.sums import FURTHEST, NEEDED, NEEDED_ALONE, Candidate, runs_of, sum_of
from crossfoot.table import Table

MOST_SCATTERED = 30  # lines among which parts that stand apart are searched
MOST_PARTS = 4  # such parts
_CODE = re.compile(r"^\(?([A-Z]{1,2}|[a-z]|[0-9]{1,3})(?:[.):]|(?= ))")
_FORMULA = re.compile(r"[=(\[]([^=()\[\]]++)[)\]]?$")
_SIGN = re.compile(r"[^ ] ?[-+].")
Known = Mapping[int, list[set[int]]]  # of a total, the parts it was found to have


def find_formulas(lines: TableLines) -> list[FoundRelation]:
    """Return the sums that labels spell out, such as "F. Resources (A+B-C)", where the figures do not deny them."""
    named = {plain(label).casefold(): line for line, label in enumerate(lines.labels)}
    for line, label in enumerate(lines.labels):
        if found := _CODE.match(plain(label)):
            named.setdefault(found[1].casefold(), line)
    relations = []
    for line, label in enumerate(lines.labels):
        formula = _FORMULA.search(plain(label))
        terms = re.findall(r"([-+]?) ?([^-+]+)", formula[1]) if formula and _SIGN.search(formula[1]) else []
        parts = [(named.get(name.strip().casefold(), line), sign) for sign, name in terms]
        if len(parts) < 2 or len({line, *(part for part, _ in parts)}) <= len(parts):
            continue
        signs = {part: -1 if sign == "-" else 1 for part, sign in parts}
        agreeing, failing = _tested(lines, line, signs, range(len(lines.places)))
        if agreeing:
            added = tuple(lines.labels[part] for part, sign in signs.items() if sign > 0)
            less = tuple(lines.labels[part] for part, sign in signs.items() if sign < 0)
            relation = Sum(lines.labels[line], added, less, axis=lines.axis, places=lines.at())
            relations.append(FoundRelation(relation, surprise(agreeing, failing), (f"'{label}' says so",)))
    return relations


def find_expected(lines: TableLines, table: Table, known: Known) -> list[FoundRelation]:
    """Return sums of labelled totals that are not among the known.

    They are of lines whose words or units only seem to differ, a second breakdown beside the first, or one that a
    single slip keeps from holding.
    """
    found: list[FoundRelation] = []
    for line, label in enumerate(lines.labels):
        if not says_total_word(label) or says_hard_rate(label):
            continue
        usable = [each for each in range(len(lines.labels)) if each != line and _may_add(lines, line, each)]
        taken = {part for parts in known.get(line, []) for part in parts}
        taken |= {total for total, told in known.items() for parts in told if line in parts}
        taken |= _below(known, [each for each in usable if each not in taken], line) | _below(known, taken, line)
        count = len(taken)
        for run in (usable[: bisect_left(usable, line)][::-1], usable[bisect_left(usable, line) :]):
            while best := _best_run(lines, line, [each for each in run if each not in taken], len(usable)):
                taken |= set(best.parts)
                reason = f"'{label}' is labelled as a total"
                found.append(FoundRelation(sum_of(lines, line, best.parts), best.score, (reason,)))
        if len(taken) == count and not known.get(line):
            slip = _slips(lines, table, line, usable)
            found += [slip[1]] if slip and (slip[0] or not taken) else []
    return found


def _below(known: Known, totals: Iterable[int], line: int) -> set[int]:
    """Return the parts of totals, and theirs, which must not be counted beside them."""
    found: set[int] = set()
    waiting = [total for total in totals if total != line]
    while waiting:
        fresh = {part for parts in known.get(waiting.pop(), []) for part in parts} - found
        found |= fresh
        waiting += fresh
    return found


def _may_add(lines: TableLines, line: int, part: int) -> bool:
    """Tell whether a line can be a part of a total: its unit is the same or not said, and it can be an amount."""
    label, unit = lines.labels[part], lines.units[part]
    return not says_hard_rate(label) and not says_part(label) and (not unit or unit == lines.units[line])


def _best_run(lines: TableLines, line: int, run: list[int], count: int) -> Candidate | None:
    found = [each for skipped in range(FURTHEST + 1) for each in runs_of(lines, line, run[skipped:], count)]
    return max(found, key=lambda each: each.rank, default=None)


def _slips(lines: TableLines, table: Table, line: int, usable: list[int]) -> tuple[bool, FoundRelation] | None:
    """Return a sum of lines above (or below) a labelled total, where one slip would mend each place at which it fails.

    Tells first whether it fails at any. It holds at other places by less than chance, or there is one place only.
    """
    label = lines.labels[line]
    printed = [at for at, adds in enumerate(lines.additive) if adds and not isnan(lines.middle[line][at])]
    for parts in _blocks(lines, line, usable):
        places = [at for at in printed if not any(isnan(lines.middle[part][at]) for part in parts)]
        relation = sum_of(lines, line, parts)
        agreeing, failing = _tested(lines, line, {part: lines.signs[part] for part in parts}, places)
        alone = len(places) == len(printed) == 1
        if not alone and (surprise(agreeing, failing) < NEEDED_ALONE or failing > 1 + len(agreeing)):
            continue
        findings = evaluate(table, [relation])
        cells = CellFindings(table, findings)
        mended = [cells.slips(finding) for finding in findings if finding.verdict == "fails"]
        if (mended and all(mended)) or (alone and any(finding.verdict == "holds" for finding in findings)):
            said = f", and one slip in one of {1 + len(parts)} cells would mend it" if mended else ""
            reason = f"'{label}' is labelled as a total{said}"
            return bool(mended), FoundRelation(relation, surprise(agreeing, failing), (reason,))
    return None


def _blocks(lines: TableLines, line: int, usable: list[int]) -> Iterator[list[int]]:
    """Yield the lines from a total back to (or on to) the next one that is labelled as a total, two at least."""
    at = bisect_left(usable, line)
    for side in (usable[:at][::-1], usable[at:]):
        end = next((end for end, part in enumerate(side) if says_total_word(lines.labels[part])), len(side))
        if end > 1:
            yield sorted(side[:end])


def find_scattered(lines: TableLines, known: Known) -> list[FoundRelation]:
    """Return lines, not known as totals, that are the sum of up to four others wherever these stand."""
    usable = [line for line in range(len(lines.labels)) if not lines.rate(line) and not says_part(lines.labels[line])]
    usable = [line for line in usable if lines.units[line] == lines.units[usable[0]]]
    if not 4 <= len(usable) <= MOST_SCATTERED or len(lines.places) < 2:
        return []
    found = []
    pairs = list(combinations(usable, 2))
    for line in usable:
        if says_less(lines.labels[line]) or known.get(line):
            continue
        places = [at for at, adds in enumerate(lines.additive) if adds and not isnan(lines.middle[line][at])]
        if len(places) < 2 or not lines.effort.spend(4 * len(pairs)):
            continue
        above = {total for total, told in known.items() for parts in told if line in parts}
        best: tuple[float, tuple[int, ...]] | None = None
        for parts in {each for at in (places[0], places[-1]) for each in _subsets(lines, line, usable, pairs, at)}:
            if above & set(parts) or any(_counts_twice(part, parts, known) for part in parts):
                continue
            agreeing, failing = _tested(lines, line, dict.fromkeys(parts, 1), places)
            choices = math.comb(len(usable), len(parts))
            score = surprise(agreeing, failing) - 2 * (failing > 0)
            if len(agreeing) > failing and score >= NEEDED + 1 + math.log10(choices):
                best = max(best or (0.0, ()), (score - len(parts), parts))
        if best:
            said = (
                "is labelled as a total" if says_total(lines.labels[line]) else "is the sum of lines that stand apart"
            )
            reason = (f"'{lines.labels[line]}' {said}",)
            found.append(FoundRelation(sum_of(lines, line, best[1]), best[0] + len(best[1]), reason))
    return found + _like(lines, found, known)


def find_repeated(lines: TableLines, known: Known) -> list[FoundRelation]:
    """Return labelled totals that repeat the line before them or an earlier total, of other parts: both sides agree."""
    found = []
    usable = [line for line in range(len(lines.labels)) if not lines.rate(line) and not says_part(lines.labels[line])]
    of = {line: set().union(*known.get(line, [])) for line in usable}
    for line in [line for line in usable if says_total(lines.labels[line])]:
        before = [part for part in usable if part < line and of[line].isdisjoint({part, *of[part]})]
        for part in [part for part in reversed(before) if part == line - 1 or says_total(lines.labels[part])]:
            agreeing, failing = _tested(lines, line, {part: 1}, range(len(lines.places)), fewest=1)
            score = surprise([(gap, size, lines.unit[line][0]) for gap, size, *_ in agreeing], failing)
            if not failing and score >= NEEDED + math.log10(len(usable)):
                reason = (f"'{lines.labels[line]}' is labelled as a total",)
                found.append(FoundRelation(sum_of(lines, line, [part]), score, reason))
                break
    return found


def _like(lines: TableLines, found: list[FoundRelation], known: Known) -> list[FoundRelation]:
    """Return the sums of the same shape a few lines on, which need less evidence of their own."""
    more: list[FoundRelation] = []
    done = set(known) | set(parts_of(found, lines))
    for line, [parts] in parts_of(found, lines).items():
        for on in (-2, -1, 1, 2):
            shifted = {part + on for part in parts}
            if line + on in done or not all(0 <= each < len(lines.labels) for each in (line + on, *shifted)):
                continue
            agreeing, failing = _tested(lines, line + on, dict.fromkeys(sorted(shifted), 1), range(len(lines.places)))
            if len(agreeing) > failing:
                done.add(line + on)
                reason = (f"it is built as '{lines.labels[line]}' is",)
                more.append(
                    FoundRelation(sum_of(lines, line + on, sorted(shifted)), surprise(agreeing, failing), reason)
                )
    return more


def _counts_twice(part: int, parts: Iterable[int], known: Known) -> bool:
    return any(told & set(parts) for told in known.get(part, []))


def _subsets(
    lines: TableLines, line: int, usable: list[int], pairs: list[tuple[int, int]], at: int
) -> Iterator[tuple[int, ...]]:
    """Yield the sets of two to four other lines that add up to a line at one place."""
    values, halves = lines.across[at]
    wanted, reach = values[line], MOST_PARTS * max(halves) + halves[line] + SLACK * max(abs(values[line]), 1)
    filled = [each for each in usable if each != line and values[each] != 0 and not isnan(values[each])]
    sums = sorted((values[one] + values[two], (one, two)) for one, two in pairs if one in filled and two in filled)
    keys = [total for total, _ in sums]
    singles = [(values[each], (each,)) for each in filled]
    for total, members in [(0.0, ()), *singles, *sums]:
        first, last = bisect_left(keys, wanted - total - reach), bisect_right(keys, wanted - total + reach)
        for _, others in sums[first:last]:
            if not members or members[-1] < others[0]:
                yield (*members, *others)
            elif members[0] not in others and members[-1] not in others and members < others:
                yield tuple(sorted((*members, *others)))


def _tested(
    lines: TableLines, line: int, signs: Mapping[int, int], places: Iterable[int], fewest: int = 2
) -> tuple[list[Agreement], int]:
    """Return where a line is a signed sum of others, ``fewest`` of them not zero, and at how many places it is not."""
    agreeing: list[Agreement] = []
    failing = 0
    for at in places:
        values, halves = lines.across[at]
        terms = [sign * values[part] for part, sign in signs.items()]
        gap, size = abs(sum(terms) - values[line]), sum(map(abs, terms))
        if isnan(gap) or not lines.additive[at] or sum(term != 0 for term in terms) < fewest:
            continue
        if gap <= halves[line] + sum(halves[part] for part in signs) + SLACK * max(size, 1):
            agreeing.append(lines.agreement(line, tuple(signs), at, gap, size))
        else:
            failing += 1
    return agreeing, failing


def parts_of(found: Iterable[FoundRelation], lines: TableLines) -> Known:
    """Return for each total the parts that it was found to have, as numbers of lines."""
    number = {label: line for line, label in enumerate(lines.labels)}
    known: dict[int, list[set[int]]] = {}
    for relation in (each.relation for each in found):
        if isinstance(relation, Sum):
            parts = {number[label] for label in (*relation.parts, *relation.less)}
            known.setdefault(number[relation.total], []).append(parts)
    return known


def in_scope(table: Table, relation: Relation, fails: tuple[str, ...]) -> tuple[str, ...]:
    """Return the failing places that are faults: not those whose figures behave like rates or standard errors.

    Such a total is smaller than its largest part, or the root of the sum of squares; and no slip would mend it.
    """
    if not isinstance(relation, Sum) or relation.less or not fails:
        return fails
    findings = {finding.place: finding for finding in evaluate(table, [relation])}
    cells = CellFindings(table, list(findings.values()))
    kept = []
    for place in fails:
        finding = findings[place]
        total, *parts = (float((table.cells[spot].value or finding.left).middle or 0) for spot in finding.spots)
        root = math.sqrt(sum(part * part for part in parts))
        unit = 2 * float(finding.left.half or 0)
        odd = min(parts) >= 0 and (0 < total < max(parts) or abs(total - root) <= unit)
        if not odd or cells.slips(finding):
            kept.append(place)
    return tuple(kept)
