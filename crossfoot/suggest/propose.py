"""Proposing relations for a table that declares none, each with what supports it.

Totals are searched as runs of neighbouring lines, rates as quotients of two lines. A proposal needs agreement that
chance would hardly give among as many candidates as were tried; labels lower the bar and never replace the figures,
except for parts ("of which"), which figures can contradict but not prove. The number of candidates grows with the
square of the number of lines and is limited; `Suggestions.note` says so when the search had to stop.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import asdict, fields, replace
from typing import NamedTuple

from crossfoot.evaluate import evaluate, some
from crossfoot.misprints import CellFindings
from crossfoot.relations import Axis, Growth, Ratio, Relation, Sum
from crossfoot.suggest.expected import (
    Known,
    find_expected,
    find_formulas,
    find_repeated,
    find_scattered,
    in_scope,
    parts_of,
)
from crossfoot.suggest.lines import Effort, FoundRelation, TableLines, lines_of
from crossfoot.suggest.means import find_inside, find_means, find_weighted
from crossfoot.suggest.rates import find_rates
from crossfoot.suggest.steps import find_steps, find_wholes
from crossfoot.suggest.sums import find_differences, find_parts, find_sums
from crossfoot.table import Table

FEWEST_FAILING = 3  # sums that fail at a place where none holds, before the place is taken to hold nothing that adds up


class Suggestion(NamedTuple):
    """A relation that a table seems to keep: the places where it holds, fails (a fault is found) and cannot be told.

    ``score`` is minus the decimal logarithm of the chance of such agreement, 0 for parts; ``reasons`` quote labels.
    """

    relation: Relation
    holds: tuple[str, ...]
    fails: tuple[str, ...]
    untold: tuple[str, ...]
    score: float
    reasons: tuple[str, ...]

    @property
    def sentence(self) -> str:
        """The proposal and its support in one sentence."""
        chance = f"by chance about once in 10^{int(self.score)}" if self.score >= 1 else "chance is no argument here"
        return f"{self.relation.formula}: {self.support}; {chance}; {'; '.join(self.reasons)}."

    @property
    def support(self) -> str:
        """In how many places the relation holds, of those that can tell, and where it fails."""
        across = "columns" if self.relation.axis == "rows" else "rows"
        fails = f" and fails in {some(self.fails, most=5)}" if self.fails else ""
        return f"holds in {len(self.holds)} of {len(self.holds) + len(self.fails)} {across} that can tell{fails}"

    def as_entry(self) -> dict[str, object]:
        """Return the relation as an entry of a relations file."""
        given = asdict(self.relation)
        given |= {name: given.pop(name) for name in ("axis", "places", "name")}  # own fields first
        defaults = {each.name: each.default for each in fields(self.relation)}
        entry: dict[str, object] = {"kind": self.relation.kind}
        for name, value in given.items():
            if value != defaults[name]:
                entry[self.relation.renamed.get(name, name)] = list(value) if isinstance(value, tuple) else value
        return entry


class Suggestions(list[Suggestion]):
    """Proposals, the strongest first, and what the search cost."""

    def __init__(self, found: list[Suggestion], effort: Effort) -> None:
        super().__init__(found)
        self.tried = effort.tried
        self.stopped = effort.stopped
        self.limit = effort.limit

    @property
    def note(self) -> str:
        """What the search cost, and whether it was cut short, in one sentence."""
        if self.stopped:
            return (
                f"The search stopped after {self.tried:,} candidates (at most {self.limit:,} are tried); "
                "relations beyond may be missing: split the table."
            )
        return f"{self.tried:,} candidates were tried; the search is complete within its bounds."


def suggest_relations(table: Table, *, limit: int | None = None) -> Suggestions:
    """Propose relations that a table seems to keep.

    Parameters
    ----------
    table
        The table; one read by `read_table` also tells units, indentation and headings.
    limit
        Most candidates to try.

    Returns
    -------
    Suggestions
        The strongest first; `note` says what the search cost and whether it stopped.

    Examples
    --------
    >>> from crossfoot.intervals import Interval
    >>> from crossfoot.table import Cell
    >>> printed = {"Boys": ("5170", "5301"), "Girls": ("4966", "5012"), "All pupils": ("10136", "10313")}
    >>> cells = {(row, year): Cell(text, Interval.printed(text))
    ...          for row, texts in printed.items() for year, text in zip(("2003", "2004"), texts)}
    >>> print(suggest_relations(Table("school", tuple(printed), ("2003", "2004"), cells))[0].sentence)
    All pupils = Boys + Girls: holds in 2 of 2 columns that can tell; by chance about once in 10^7; 'All pupils' is \
labelled as a total.
    """
    effort = Effort() if limit is None else Effort(limit=limit)
    found: list[FoundRelation] = []
    searched: list[tuple[TableLines, Known]] = []
    for axis in ("rows", "columns"):
        lines = lines_of(table, axis, effort)
        sums = find_formulas(lines)
        for more in (find_differences(lines), find_sums(lines)):
            _add_new(sums, more)
        _add_new(sums, find_expected(lines, table, parts_of(sums, lines)))
        _add_new(sums, find_scattered(lines, parts_of(sums, lines)))
        known = parts_of(sums, lines)
        found += sums + find_repeated(lines, known) + find_steps(lines) + find_wholes(lines) + find_rates(lines)
        found += find_parts(lines) + find_means(lines) + find_inside(lines)
        searched.append((lines, known))
    computed = {each.relation.labels()[0] for each in found if isinstance(each.relation, Growth | Ratio)}
    for lines, known in searched:
        found += find_weighted(lines, known, computed)
    suggestions = _without_odd_places(table, [_judged(table, each) for each in found])
    return Suggestions(sorted(suggestions, key=lambda each: (-each.score, len(each.fails))), effort)


def _add_new(found: list[FoundRelation], more: list[FoundRelation]) -> None:
    """Add what names other labels than what was found before."""
    named = {frozenset(each.relation.labels()) for each in found}
    found += [each for each in more if frozenset(each.relation.labels()) not in named]


def _judged(table: Table, found: FoundRelation) -> Suggestion:
    """Judge a proposal exactly at each of its places."""
    findings = evaluate(table, [found.relation])

    def where(verdict: str) -> tuple[str, ...]:
        return tuple(finding.place for finding in findings if finding.verdict == verdict)

    relation, fails = found.relation, where("fails")
    kept = in_scope(table, relation, fails)
    if kept != fails:
        outside = set(fails) - set(kept)
        relation = replace(relation, places=tuple(place for place in relation.where(table) if place not in outside))
    return Suggestion(relation, where("holds"), kept, where("cannot be told"), found.score, found.reasons)


def _without_odd_places(table: Table, found: list[Suggestion]) -> list[Suggestion]:
    """Leave out of all sums the places where every one fails and no single slip would mend them: ratios, errors."""
    odd: dict[Axis, set[str]] = {}
    sums = [each for each in found if isinstance(each.relation, Sum)]
    for axis in ("rows", "columns"):
        told = [each for each in sums if each.relation.axis == axis]
        holding = {place for each in told for place in each.holds}
        fails = Counter(place for each in told for place in each.fails if place not in holding)
        for place in [place for place, times in fails.items() if times >= FEWEST_FAILING]:
            failing = [replace(each.relation, places=(place,)) for each in told if place in each.fails]
            findings = evaluate(table, failing)
            spots = set.intersection(*(set(finding.spots) for finding in findings))
            repairs = map(CellFindings(table, findings).repairs_of_cell, spots)
            if not any(len(repair.mends) == len(findings) for repairs_of_one in repairs for repair in repairs_of_one):
                odd.setdefault(axis, set()).add(place)
    return [_elsewhere(table, each, odd.get(each.relation.axis, set())) if each in sums else each for each in found]


def _elsewhere(table: Table, found: Suggestion, odd: set[str]) -> Suggestion:
    if odd.isdisjoint((*found.fails, *found.untold)):
        return found
    places = tuple(place for place in found.relation.where(table) if place not in odd)
    fails, untold = (tuple(place for place in told if place not in odd) for told in (found.fails, found.untold))
    return found._replace(relation=replace(found.relation, places=places), fails=fails, untold=untold)


def relations_text(suggestions: Iterable[Suggestion]) -> str:
    """Return the text of a relations file that declares the proposals, each with its support as a note.

    Examples
    --------
    >>> from crossfoot.relations import Sum
    >>> found = Suggestion(Sum("All", ("Boys", "Girls")), ("2003",), (), (), 4.2, ("'All' is labelled as a total",))
    >>> print(relations_text([found]))
    relations:
    - kind: sum
      total: All
      parts: [Boys, Girls]
      note: holds in 1 of 1 columns that can tell; 'All' is labelled as a total
    <BLANKLINE>
    """
    import yaml

    entries = [{**each.as_entry(), "note": f"{each.support}; {'; '.join(each.reasons)}"} for each in suggestions]
    content = {"relations": entries}
    return str(yaml.safe_dump(content, allow_unicode=True, sort_keys=False, width=110, default_flow_style=None))
