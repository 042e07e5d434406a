"""How many planted faults the declared relations find, locate, and how often they cry wolf.

Run ``python benchmarks/detection.py``. One fault at a time is planted in the study's two tables, made
consistent first, and in generated consistent tables. A fault is *visible* when it moves a declared sum or
share that it touches by more than the rounding tolerance (before or after the fault, whichever is larger),
worked out here apart from the library. Of the others some fail a relation all the same; the rest are
*invisible*: no check of these relations can find them. Exit 1 if fewer than 99 % of the visible faults are
found, or a consistent table raises an alarm.
"""

from __future__ import annotations

import random
import sys
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from fractions import Fraction

from crossfoot.edit import Diagnosis, diagnose
from crossfoot.evaluate import Finding, evaluate
from crossfoot.intervals import Interval
from crossfoot.relations import Relation, Share, Spot, Sum
from crossfoot.table import Cell, Table
from ewppr_lib.printed import study_relations, study_table

SEED = 20110
TABLES = int(sys.argv[1]) if len(sys.argv) > 1 else 2_000  # generated tables, one fault of each kind in each
LOCATED = 50  # generated tables a kind whose fault is also diagnosed
STUDY_FAULTS = 200  # faults a kind in each of the study's tables
ENOUGH = Fraction(99, 100)
Texts = dict[Spot, str]


@dataclass(frozen=True)
class Sheet:
    """A consistent table as text, with its relations and, for the double count, total row and parents' parts."""

    name: str
    rows: tuple[str, ...]
    columns: tuple[str, ...]
    texts: Texts
    counts: bool
    relations: list[Relation]
    total: Sum
    parents: dict[str, tuple[str, ...]]
    cells: dict[str, Cell] = field(default_factory=dict)

    def table(self, texts: Texts) -> Table:
        """Return the table that holds these texts; each text is read once."""
        read = Interval.exact if self.counts else Interval.printed
        for text in set(texts.values()) - self.cells.keys():
            value = read(text)
            self.cells[text] = Cell(text, Interval(value.low, value.high))  # as a table's cells are read
        return Table(self.name, self.rows, self.columns, {spot: self.cells[text] for spot, text in texts.items()})


@dataclass(frozen=True)
class Fault:
    """A planted fault: the texts after it, the cells that it changed, the rows it exchanged whole."""

    texts: Texts
    spots: frozenset[Spot]
    parent: str = ""
    rows: frozenset[str] = frozenset()


Plant = Callable[[Sheet, random.Random], Fault | None]


# Faults -------------------------------------------------------------------------------------------


def in_one_cell(change: Callable[[str, random.Random], str]) -> Plant:
    """Return a planter that changes the text of one random cell."""

    def plant(sheet: Sheet, dice: random.Random) -> Fault | None:
        spot = dice.choice(list(sheet.texts))
        text = change(sheet.texts[spot], dice)
        if text == sheet.texts[spot] or (sheet.counts and "." in text):
            return None
        return Fault({**sheet.texts, spot: text}, frozenset({spot}))

    return plant


def wrong_digit(text: str, dice: random.Random) -> str:
    """Replace one digit."""
    at = dice.choice([at for at, character in enumerate(text) if character.isdigit()])
    return natural(text[:at] + dice.choice([digit for digit in "0123456789" if digit != text[at]]) + text[at + 1 :])


def transposed(text: str, dice: random.Random) -> str:
    """Swap two neighbouring digits, across the decimal point too."""
    digits = text.replace(".", "")
    pairs = [at for at in range(len(digits) - 1) if digits[at] != digits[at + 1]]
    if not pairs:
        return text
    at = dice.choice(pairs)
    return pointed(digits[:at] + digits[at + 1] + digits[at] + digits[at + 2 :], len(text.partition(".")[2]))


def dropped(text: str, dice: random.Random) -> str:
    """Leave one digit out."""
    at = dice.choice([at for at, character in enumerate(text) if character.isdigit()])
    return natural(text[:at] + text[at + 1 :]) if len(text.replace(".", "")) > 1 else text


def shifted(text: str, dice: random.Random) -> str:
    """Move the decimal point by one to three places."""
    digits, decimals = text.replace(".", ""), len(text.partition(".")[2])
    places = decimals + dice.choice([-3, -2, -1, 1, 2, 3])
    return pointed(digits + "0" * max(0, -places), max(0, places))


def natural(text: str) -> str:
    """Return a figure as it would be printed: no spare zeros in front, no bare point."""
    whole, _, decimals = text.partition(".")
    return (whole.lstrip("0") or "0") + (f".{decimals}" if decimals else "")


def pointed(digits: str, decimals: int) -> str:
    """Put a decimal point into digits."""
    padded = digits.rjust(decimals + 1, "0")
    return natural(f"{padded[:-decimals]}.{padded[-decimals:]}" if decimals else padded)


def swapped_cells(sheet: Sheet, dice: random.Random) -> Fault | None:
    """Swap two figures of one row or column."""
    row, column = dice.choice(list(sheet.texts))
    along = [(row, other) for other in sheet.columns] if dice.random() < 0.5 else [(o, column) for o in sheet.rows]
    other = dice.choice([spot for spot in along if spot != (row, column)])
    return _exchange(sheet, {(row, column): other})


def swapped_labels(sheet: Sheet, dice: random.Random) -> Fault | None:
    """Swap two row labels, which leaves each label with the figures of the other."""
    one, two = dice.sample(sheet.rows, 2)
    fault = _exchange(sheet, {(one, column): (two, column) for column in sheet.columns})
    return replace(fault, rows=frozenset({one, two})) if fault else None


def _exchange(sheet: Sheet, pairs: dict[Spot, Spot]) -> Fault | None:
    both = pairs | {other: spot for spot, other in pairs.items()}
    spots = frozenset(spot for spot, other in both.items() if sheet.texts[spot] != sheet.texts[other])
    return Fault({**sheet.texts, **{s: sheet.texts[both[s]] for s in spots}}, spots) if spots else None


def parent_twice(sheet: Sheet, dice: random.Random) -> Fault | None:
    """Add the parts of a parent to the total as well, in every column."""
    if not sheet.parents:
        return None
    parent = dice.choice(sorted(sheet.parents))
    texts = dict(sheet.texts)
    for column in sheet.columns:
        spot = (sheet.total.total, column)
        added = sum(Fraction(texts[part, column]) for part in sheet.parents[parent])
        decimals = len(texts[spot].partition(".")[2])
        texts[spot] = rounded(Fraction(texts[spot]) + added, decimals)
    return Fault(texts, frozenset((sheet.total.total, column) for column in sheet.columns), parent)


KINDS: dict[str, Plant] = {
    "wrong digit": in_one_cell(wrong_digit),
    "transposed digits": in_one_cell(transposed),
    "dropped digit": in_one_cell(dropped),
    "shifted point": in_one_cell(shifted),
    "swapped cells": swapped_cells,
    "swapped labels": swapped_labels,
    "parent added twice": parent_twice,
}


# Consistent tables --------------------------------------------------------------------------------


def rounded(value: Fraction, decimals: int) -> str:
    """Return a number to so many decimals."""
    number = int(value * 10**decimals + Fraction(1, 2))
    return pointed(str(number), decimals)


def generated(number: int, dice: random.Random) -> Sheet:
    """Return a table whose true figures add up and are then rounded one by one to mixed decimals."""
    columns = tuple(str(2000 + year) for year in range(dice.randint(2, 5)))
    true: dict[Spot, Fraction] = {}
    parents: dict[str, tuple[str, ...]] = {}
    tops = []
    counts = dice.random() < 0.25
    for group in range(dice.randint(2, 4)):
        top = f"group {group}"
        parts = tuple(f"part {group}{part}" for part in range(dice.choice([0, 2, 3, 4])))
        size = 10 ** dice.uniform(1.5, 5)
        for leaf in parts or (top,):
            for column in columns:
                value = Fraction(int(size * dice.uniform(0.05, 1) * 10_000), 10_000)
                true[leaf, column] = Fraction(int(value) + 1) if counts else value
        if parts:
            parents[top] = parts
            true |= {(top, column): sum((true[part, column] for part in parts), Fraction(0)) for column in columns}
        tops.append(top)
    true |= {("all", column): sum((true[top, column] for top in tops), Fraction(0)) for column in columns}
    rows = tuple(dict.fromkeys(row for row, _ in true))
    true |= {(row, "total"): sum((true[row, column] for column in columns), Fraction(0)) for row in rows}
    total = Sum("all", tuple(tops))
    relations: list[Relation] = [total, Sum("total", columns, axis="columns")]
    relations += [Sum(parent, parts) for parent, parts in parents.items()]
    shares = not counts and dice.random() < 0.5
    printed = {row: 0 if counts else dice.randint(0, 3) for row in rows}
    fewer = {spot: not counts and dice.random() < 0.1 for spot in true}
    texts = {spot: rounded(value, max(0, printed[spot[0]] - fewer[spot])) for spot, value in true.items()}
    if shares:
        true |= {(row, "share"): 100 * true[row, "total"] / true["all", "total"] for row in rows}
        texts |= {(row, "share"): rounded(true[row, "share"], 1) for row in rows}
        relations = [Sum("all", tuple(tops), places=(*columns, "total")), *relations[1:]]
        relations[2:] = [Sum(parent, parts, places=(*columns, "total")) for parent, parts in parents.items()]
        relations.append(Share("share", "total", "total", whole_at="all", axis="columns"))
    heads = (*columns, "total", *(["share"] if shares else []))
    return Sheet(f"generated {number}", rows, heads, texts, counts, relations, total, parents)


def study(name: str) -> Sheet:
    """Return a table of the study with every failing total replaced by the sum of its declared parts."""
    table, relations = study_table(name), study_relations(name)
    texts = {spot: cell.text for spot, cell in table.cells.items()}
    sums = [relation for relation in relations if isinstance(relation, Sum) and relation.axis == "rows"]
    parents = {relation.total: relation.parts for relation in sums if relation is not sums[-1]}
    sheet = Sheet(name, table.rows, table.columns, texts, name == "table2", relations, sums[-1], parents)
    for _ in sums:  # a parent first, then what it is a part of
        for finding in evaluate(sheet.table(texts), sums):
            if finding.verdict == "fails" and finding.right.middle is not None:
                spot = finding.spots[0]
                texts[spot] = rounded(finding.right.middle, len(texts[spot].partition(".")[2]))
    return sheet


# Measuring ----------------------------------------------------------------------------------------


def half_width(text: str, *, counts: bool) -> Fraction:
    """Return half a unit of the last decimal; nothing for a count."""
    return Fraction(0) if counts else Fraction(1, 2 * 10 ** len(text.partition(".")[2]))


def balance(sheet: Sheet, relation: Relation, place: str, texts: Texts) -> tuple[Fraction, Fraction]:
    """Return left minus right and the rounding tolerance, by schoolbook arithmetic."""
    spots = relation.spots(place)
    values = [Fraction(texts[spot]) for spot in spots]
    halves = [half_width(texts[spot], counts=sheet.counts) for spot in spots]
    if isinstance(relation, Sum):
        return values[0] - sum(values[1:]), sum(halves, Fraction(0))
    low = 100 * (values[1] - halves[1]) / (values[2] + halves[2])
    high = 100 * (values[1] + halves[1]) / (values[2] - halves[2]) if values[2] > halves[2] else Fraction(10**9)
    return values[0] - (low + high) / 2, halves[0] + (high - low) / 2


def visible(sheet: Sheet, fault: Fault) -> bool:
    """Tell whether a fault moves a sum or share that it touches by more than its tolerance.

    Rows that are exchanged whole take what holds along each of them with them.
    """
    table = sheet.table(sheet.texts)
    for relation in sheet.relations:
        along = relation.axis == "columns" and fault.rows and fault.rows <= set(relation.where(table))
        if along or not isinstance(relation, Sum | Share):
            continue
        for place in relation.where(table):
            if fault.spots.isdisjoint(relation.spots(place)):
                continue
            before, room = balance(sheet, relation, place, sheet.texts)
            after, tolerance = balance(sheet, relation, place, fault.texts)
            if abs(after - before) > max(room, tolerance):
                return True
    return False


def located(fault: Fault, diagnoses: list[Diagnosis]) -> tuple[bool, bool]:
    """Tell whether the cells at fault are named alone, and whether they are among the equally good."""
    if fault.parent:
        named = any(fault.parent in pair for found in diagnoses if found.explained for pair in found.counted_twice)
        return named, named
    ranked = sorted((repair for found in diagnoses for repair in found.repairs), key=lambda repair: repair.rank)
    best = {repair.spots for repair in ranked if repair.rank == ranked[0].rank}
    return best == {fault.spots}, fault.spots in best


def failing(findings: list[Finding]) -> set[tuple[str, str]]:
    """Return title and place of what fails."""
    return {(finding.relation.title, finding.place) for finding in findings if finding.verdict == "fails"}


def planted(sheet: Sheet, kind: str, dice: random.Random, tally: Counter[tuple[str, str]], *, diagnosed: bool) -> None:
    """Plant one fault of a kind and count what becomes of it."""
    fault = KINDS[kind](sheet, dice)
    if fault is None:
        return
    tally[kind, "planted"] += 1
    table = sheet.table(fault.texts)
    findings = evaluate(table, sheet.relations)
    found = bool(failing(findings))
    seen = visible(sheet, fault)
    tally[kind, "visible"] += seen
    tally[kind, "found"] += seen and found
    tally[kind, "fails too"] += found and not seen
    if found and seen and diagnosed:
        alone, among = located(fault, diagnose(table, sheet.relations, findings))
        tally[kind, "diagnosed"] += 1
        tally[kind, "located"] += alone
        tally[kind, "among"] += among


def report(title: str, tally: Counter[tuple[str, str]]) -> Fraction:
    """Print a tally by kind of fault; return the share found among the visible.

    The column "too" counts faults that are not visible and yet make a relation fail; "located" is the
    share of diagnosed faults whose cells are named alone, "or among" adds those named with rivals.
    """
    print(f"\n{title}")
    heads = f"{'too':>6}{'visible':>9}{'found':>8}{'share':>9}{'located':>11}{'or among':>10}"
    print(f"{'fault':20}{'planted':>9}{'invisible':>11}{heads}")
    for kind in KINDS:
        planted_, seen, found, too = (tally[kind, what] for what in ("planted", "visible", "found", "fails too"))
        share = f"{100 * found / seen:8.2f}%" if seen else "       -"
        tried = tally[kind, "diagnosed"]
        where = [f"{100 * tally[kind, what] / tried:8.1f}%" if tried else "-" for what in ("located", "among")]
        counts = f"{planted_:9}{planted_ - seen - too:11}{too:6}{seen:9}{found:8}"
        print(f"{kind:20}{counts}{share:>9}{where[0]:>11}{where[1]:>10}")
    seen, found = (sum(tally[kind, what] for kind in KINDS) for what in ("visible", "found"))
    print(f"{'all':20}{'':26}{seen:9}{found:8}{100 * found / seen:8.2f}%")
    return Fraction(found, seen)


def speed() -> None:
    """Print the seconds that 10,000 and 100,000 relations take."""
    for count in (10_000, 100_000):
        rows = tuple(f"row {number}" for number in range(count // 2))
        columns = ("a", "b", "c", "total")
        texts = {(row, column): "9.8" if column == "total" else "3.25" for row in rows for column in columns}
        groups = [rows[at : at + 4] for at in range(0, len(rows), 4)]
        texts |= {(group[0], column): "29.3" if column == "total" else "9.75" for group in groups for column in columns}
        cells = {spot: Cell(text, Interval.printed(text)) for spot, text in texts.items()}
        table = Table("large", rows, columns, cells)
        relations: list[Relation] = [Sum(group[0], group[1:]) for group in groups]
        relations.append(Sum("total", columns[:3], axis="columns"))
        start = time.perf_counter()
        findings = evaluate(table, relations)
        seconds = time.perf_counter() - start
        failed = len(failing(findings))
        print(
            f"{len(findings):,} relations: {seconds:.2f} s, {1e6 * seconds / len(findings):.1f} us each ({failed} fail)"
        )


def main() -> int:
    """Run everything; return the exit code."""
    start = time.perf_counter()
    dice = random.Random(SEED)
    alarms, shares = 0, []
    speed()
    for name in ("table1", "table2"):
        sheet = study(name)
        alarms += len(failing(evaluate(sheet.table(sheet.texts), sheet.relations)))
        tally: Counter[tuple[str, str]] = Counter()
        for kind in KINDS:
            for number in range(STUDY_FAULTS):
                planted(sheet, kind, dice, tally, diagnosed=number < LOCATED // 2)
        shares.append(report(f"The study's {name}, made consistent", tally))
    tally = Counter()
    for number in range(TABLES):
        sheet = generated(number, dice)
        alarms += len(failing(evaluate(sheet.table(sheet.texts), sheet.relations)))
        for kind in KINDS:
            planted(sheet, kind, dice, tally, diagnosed=number < LOCATED)
    shares.append(report(f"{TABLES:,} generated consistent tables", tally))
    print(f"\nFalse alarms on {TABLES + 2:,} consistent tables: {alarms}")
    good = alarms == 0 and min(shares) >= ENOUGH
    verdict = "reached" if good else "NOT reached"
    print(f"\nAt least {float(100 * ENOUGH):g} % found, no false alarm: {verdict}; {time.perf_counter() - start:.0f} s")
    return 0 if good else 1


if __name__ == "__main__":
    sys.exit(main())
