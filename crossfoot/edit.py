"""Why a declared relation fails: which figures do make up the total, and whether undoing one misprint repairs it.

Nothing is guessed: a subset of figures is named as the explanation only where chance would hardly
produce it, a repair only where every relation that the changed cells stand in would then hold, and
where several repairs are equally good all are counted and none is chosen.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from fractions import Fraction
from typing import NamedTuple

from crossfoot.evaluate import Finding, containment, evaluate
from crossfoot.intervals import plain
from crossfoot.misprints import CellFindings, Repair
from crossfoot.relations import Axis, Relation, Spot, Sum
from crossfoot.subsets import Subset, SubsetSearch, search_subsets
from crossfoot.table import Table

UNLIKELY = 0.01  # chance matches expected, above which a subset explains nothing
MOST_CELLS = 60  # cells of one relation that are searched for misprints
MOST_NAMED = 4  # equally good repairs, or figures that would be needed, that a sentence names
Containment = dict[tuple[Axis, str], set[str]]


class Diagnosis(NamedTuple):
    """What can be said of one failing finding.

    ``subsets`` is the search for figures that do make up the printed total (None where the relation is no plain sum),
    and ``counted_twice`` names part and parent that the best of them counts both. ``repairs`` are equally good and undo
    one misprint each; where there is none, ``nearest`` mends this relation and breaks fewest others. ``tried`` counts
    readings and swaps, and tells whether those were all. ``follows`` are places whose failures add up to this one.
    ``always_larger`` says that the printed total exceeds its parts at every one of several places.
    """

    finding: Finding
    subsets: SubsetSearch | None
    counted_twice: tuple[tuple[str, str], ...]
    repairs: tuple[Repair, ...]
    nearest: Repair | None
    tried: tuple[int, bool]
    follows: tuple[str, ...]
    always_larger: bool

    @property
    def explained(self) -> Subset | None:
        """The subset that makes up the printed total where chance would hardly do so; else None."""
        best = self.subsets.best[:1] if self.subsets else ()
        return best[0] if best and best[0].chance <= UNLIKELY else None

    @property
    def located(self) -> frozenset[Spot] | None:
        """The cells at fault (row and column of each), where the best repairs agree on them."""
        spots = {repair.spots for repair in self.repairs}
        return next(iter(spots)) if len(spots) == 1 else None

    @property
    def sentences(self) -> tuple[str, ...]:
        """What is known, one sentence each: what the total counts, which misprint it may be, what follows from what."""
        told = [_subset_sentence(self), _unlisted_sentence(self), _follows_sentence(self)]
        if self.repairs or not (self.explained or self.follows):
            told.append(_repair_sentence(self))
        return tuple(sentence for sentence in told if sentence)


def diagnose(table: Table, relations: Iterable[Relation], findings: Sequence[Finding] | None = None) -> list[Diagnosis]:
    """Explain every failing relation of a table, in the order of the findings, as far as its own figures can.

    Pass the ``findings`` of `evaluate` if it was run already.

    Examples
    --------
    >>> from crossfoot.intervals import Interval
    >>> from crossfoot.table import Cell
    >>> cells = {(row, "2003"): Cell(text, Interval.printed(text)) for row, text in
    ...          [("all", "7.5"), ("men", "4.0"), ("women", "5.3")]}
    >>> [found] = diagnose(Table("staff", ("all", "men", "women"), ("2003",), cells), [Sum("all", ("men", "women"))])
    >>> [repair.kind for repair in found.repairs]
    ['two digits transposed']
    """
    declared = list(relations)
    findings = evaluate(table, declared) if findings is None else findings
    failing = [finding for finding in findings if finding.verdict == "fails"]
    if not failing:
        return []
    cells, parents = CellFindings(table, findings), containment(declared)
    by_relation: dict[int, dict[str, Finding]] = {}
    for finding in findings:
        by_relation.setdefault(id(finding.relation), {})[finding.place] = finding
    searches: dict[int, SubsetSearch | None] = {}
    diagnoses = []
    for finding in failing:
        key = id(finding.relation)
        if key not in searches:
            searches[key] = _search(table, list(by_relation[key].values()))
        subsets = searches[key]
        twice = _counted_twice(subsets.best[0], finding.relation, parents) if subsets and subsets.best else ()
        follows, larger = _follows(finding, declared, by_relation[key]), _larger(by_relation[key].values())
        diagnoses.append(Diagnosis(finding, subsets, twice, *_repairs(cells, finding), follows, larger))
    return diagnoses


def _search(table: Table, findings: Sequence[Finding]) -> SubsetSearch | None:
    relation = findings[0].relation
    if not isinstance(relation, Sum) or relation.less:
        return None
    return search_subsets(table, relation, [finding.place for finding in findings if finding.verdict == "fails"])


def _larger(findings: Iterable[Finding]) -> bool:
    """Tell whether a sum fails at every one of several places, always with the larger figure as the total."""
    told = list(findings)
    return len(told) > 1 and all(
        isinstance(finding.relation, Sum)
        and finding.verdict == "fails"
        and finding.left.low is not None
        and finding.right.high is not None
        and finding.left.low > finding.right.high
        for finding in told
    )


def _counted_twice(subset: Subset, relation: Relation, parents: Containment) -> tuple[tuple[str, str], ...]:
    """Return each member of a subset that is a part of another member, and members that stand in it twice."""
    members = set(subset.members)
    pairs = [(label, label) for label in dict.fromkeys(subset.members) if subset.members.count(label) > 1]
    for parent in dict.fromkeys(subset.members):
        inside: set[str] = set()
        open_labels = [parent]
        while open_labels:
            fresh = parents.get((relation.axis, open_labels.pop()), set()) - inside
            inside |= fresh
            open_labels += fresh
        pairs += [(label, parent) for label in subset.members if label in inside & members]
    return tuple(pairs)


def _repairs(cells: CellFindings, finding: Finding) -> tuple[tuple[Repair, ...], Repair | None, tuple[int, bool]]:
    """Return the best repairs, else the one that breaks fewest relations, and how many changes were tried."""
    before = cells.tried
    spots = list(dict.fromkeys(finding.spots))
    found: list[Repair] = []
    for spot in spots[:MOST_CELLS]:
        found += cells.repairs_of_cell(spot)
        found += cells.swaps_of_cell(spot)
    for of_rows in (True, False):
        for label in list(dict.fromkeys(spot[0 if of_rows else 1] for spot in spots))[:MOST_CELLS]:
            found += cells.swaps_of_label(label, of_rows=of_rows)
    mine = [repair for repair in found if any(mended is finding for mended in repair.mends)]
    unique = list({(repair.kind, frozenset(repair.changes)): repair for repair in mine}.values())
    whole = [repair for repair in unique if not repair.breaks]
    best = min((repair.rank for repair in whole), default=None)
    tried = (cells.tried - before, len(spots) <= MOST_CELLS)
    if best is not None:
        return tuple(repair for repair in whole if repair.rank == best), None, tried
    return (), min(unique, key=lambda repair: (len(repair.breaks), repair.rank), default=None), tried


def _follows(finding: Finding, declared: Sequence[Relation], by_place: dict[str, Finding]) -> tuple[str, ...]:
    """Return the places whose gaps add up to the gap here, where a sum across places leads to this one."""
    relation = finding.relation
    if not isinstance(relation, Sum):
        return ()
    for across in declared:
        if not isinstance(across, Sum) or across.axis == relation.axis or across.less or across.total != finding.place:
            continue
        parts = [by_place.get(place) for place in across.parts]
        known = [part for part in parts if part is not None and part.left.bounded and part.right.bounded]
        if len(known) < len(across.parts):
            continue
        here, slack = _signed(finding)
        gaps = [_signed(part) for part in known]
        agree = abs(sum((gap for gap, _ in gaps), -here)) <= sum((room for _, room in gaps), slack)
        failing = tuple(part.place for part in known if part.verdict == "fails")
        if agree and failing:
            return failing
    return ()


def _signed(finding: Finding) -> tuple[Fraction, Fraction]:
    """Return left minus right of a bounded finding, and its tolerance."""
    left, right = finding.left, finding.right
    return (left.middle or Fraction(0)) - (right.middle or Fraction(0)), finding.tolerance or Fraction(0)


def _names(labels: Iterable[str]) -> str:
    quoted = [f"'{label}'" for label in labels]
    return " and ".join([", ".join(quoted[:-1]), quoted[-1]]) if len(quoted) > 1 else "".join(quoted)


def _subset_sentence(diagnosis: Diagnosis) -> str:
    search, relation = diagnosis.subsets, diagnosis.finding.relation
    if search is None or not isinstance(relation, Sum):
        return ""
    if not search.best:
        stopped = "" if search.complete else " (the search was bounded)"
        return f"No other sum makes up the printed '{relation.total}': tried {search.searched}{stopped}."
    best = search.best[0]
    support = f"at {len(best.places)} of the {best.tested} places where that can be told"
    chance = "fewer than one in a million" if best.chance < 1e-6 else f"about {best.chance:.2g}"
    if best.chance > UNLIKELY:
        return (
            f"{search.matches} other sums make up the printed '{relation.total}', the best {support}; {chance} would "
            "by chance, so that none of them explains it."
        )
    counted = _names(dict.fromkeys(best.members))
    told = f"The printed '{relation.total}' is the sum of {counted}, {support} (expected by chance: {chance})"
    if len(search.best) > 1:
        told += f"; {len(search.best) - 1} other sums fit as well, this is the nearest to what was declared"
    return told + _difference(diagnosis, best, relation) + "."


def _difference(diagnosis: Diagnosis, best: Subset, relation: Sum) -> str:
    """Say what a subset counts twice, adds and leaves out, against what was declared."""
    told = ""
    by_parent: dict[str, list[str]] = {}
    for part, parent in diagnosis.counted_twice:
        by_parent.setdefault(parent, []).append(part)
    for parent, parts in by_parent.items():
        if parts == [parent]:
            told += f"; it counts '{parent}' twice"
        else:
            told += (
                f"; it counts {_names(parts)} although {'they are' if len(parts) > 1 else 'it is'} part of '{parent}'"
            )
    doubled = {part for part, _ in diagnosis.counted_twice}
    added = [label for label in best.members if label not in relation.parts and label not in doubled]
    missing = [label for label in relation.parts if label not in best.members]
    told += f"; it also counts {_names(added)}" if added else ""
    return told + (f"; it leaves out {_names(missing)}" if missing else "")


def _unlisted_sentence(diagnosis: Diagnosis) -> str:
    relation = diagnosis.finding.relation
    if not diagnosis.always_larger or diagnosis.explained or not isinstance(relation, Sum):
        return ""
    return f"'{relation.total}' exceeds its parts wherever it is printed, as it would if a part were not listed."


def _follows_sentence(diagnosis: Diagnosis) -> str:
    if not diagnosis.follows:
        return ""
    return (
        f"The failure at '{diagnosis.finding.place}' is no slip of its own: it is what the failures at "
        f"{_names(diagnosis.follows)} add up to, so the totals across were drawn from the figures as printed."
    )


def _repair_sentence(diagnosis: Diagnosis) -> str:
    table, (tried, complete) = diagnosis.finding.table, diagnosis.tried
    bounded = "" if complete else f" (only the first {MOST_CELLS} cells were searched)"
    if not diagnosis.repairs:
        told = f"No single slip repairs it: none of {tried:,} readings and swaps tried{bounded} keeps all it touches"
        if diagnosis.nearest is None:
            return f"{told}{_needed(diagnosis.finding)}."
        broken = _names(
            dict.fromkeys(f"{found.relation.title} ({found.place})" for found in diagnosis.nearest.breaks[:2])
        )
        return f"{told}; the nearest, {_told(table, diagnosis.nearest)}, would break {broken}."
    mended = len(diagnosis.repairs[0].mends)
    mends = f"mends {mended} failing relations" if mended > 1 else "mends it"
    named = "; or ".join(_told(table, repair) for repair in diagnosis.repairs[:MOST_NAMED])
    if len(diagnosis.repairs) == 1:
        return f"One slip {mends} and breaks nothing: {named}{bounded}."
    more = f"; and {len(diagnosis.repairs) - MOST_NAMED} more" if len(diagnosis.repairs) > MOST_NAMED else ""
    where = "all in the same place" if diagnosis.located else "so that the figures alone do not tell which it was"
    return f"{len(diagnosis.repairs)} slips are equally good, {where}; each {mends}: {named}{more}{bounded}."


def _told(table: Table, repair: Repair) -> str:
    kind = repair.kind
    if len(repair.changes) > 2:
        rows, columns = (sorted({spot[at] for spot in repair.spots}) for at in (0, 1))
        return f"{kind}: {_names(rows if kind.startswith('two row') else columns)}"
    return f"{kind}: " + " and ".join(
        f"'{row}' in '{column}' ({table.cells[row, column].text}) read as {read}"
        for (row, column), read in repair.changes
    )


def _needed(finding: Finding) -> str:
    """Say what each cell of a failing sum would have to be, were it the only one at fault."""
    relation, table = finding.relation, finding.table
    if not isinstance(relation, Sum) or finding.left.middle is None or finding.right.middle is None:
        return ""
    gap = finding.left.middle - finding.right.middle
    told = []
    for at, spot in enumerate(finding.spots[:MOST_NAMED]):
        middle = (table.cells[spot].value or finding.left).middle or Fraction(0)
        wanted = middle + (gap if 1 <= at <= len(relation.parts) else -gap)
        told.append(f"'{relation.labels()[at]}' {plain(wanted)} and not {table.cells[spot].text}")
    return "; alone at fault, " + ", or ".join(told) + " would be needed, which no common slip explains"
