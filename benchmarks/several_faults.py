"""Several faults at once and figures left out: what the search finds, beside plain programmes of SciPy, in one run.

Run with ``python benchmarks/several_faults.py [TABLES]``. In generated consistent tables (`benchmarks/detection.py`)
one, two or three cells get a wrong digit or the other sign, each of which a declared relation can see. The smallest
sets of cells whose change lets every relation hold are looked for, and the same search is written as one plain `milp` a
table; both are timed. The plain programme switches a cell off by a large number, and its tolerances let a small set
pass that does not do: its sets are looked at in exact fractions. Then three figures are left out, and their exact
bounds compared with those of `linprog`. Exit code 1 if a smallest set is missing in more than 1 % of the tables, the
cells at fault are not among the smallest sets in more than 5 %, a set of `milp` that does is smaller, bounds differ, or
`milp` takes less than `TIMES` times as long.
"""

from __future__ import annotations

import random
import sys
import time
from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from fractions import Fraction

import numpy as np
from detection import Fault, Sheet, generated, in_one_cell, visible, wrong_digit
from scipy.optimize import Bounds, LinearConstraint, linprog, milp

from crossfoot.evaluate import Finding, evaluate
from crossfoot.gaps import find_gaps
from crossfoot.localise import FaultSearch, FaultSets
from crossfoot.relations import Spot
from crossfoot.table import Cell, Table

TABLES = int(sys.argv[1]) if len(sys.argv) > 1 else 300
SEED, LEFT_OUT, TIMES = 17, 3, 10
LEAST = {"found": Fraction(99, 100), "true": Fraction(95, 100)}


def other_sign(text: str, _dice: random.Random) -> str:
    """Put a minus before a figure, or take it away."""
    return text.removeprefix("-") if text.startswith("-") else f"-{text}" if text.strip("0.") else text


def with_faults(sheet: Sheet, count: int, dice: random.Random) -> Fault | None:
    """Plant so many faults in different cells, each visible by itself; None where they do not come about."""
    planted = Fault(sheet.texts, frozenset())
    for _ in range(20 * count):
        one = in_one_cell(dice.choice((wrong_digit, other_sign)))(sheet, dice)
        if one and planted.spots.isdisjoint(one.spots) and visible(sheet, one):
            (spot,) = one.spots
            planted = Fault({**planted.texts, spot: one.texts[spot]}, planted.spots | {spot})
        if len(planted.spots) == count:
            return planted
    return None


def plain_set(table: Table, findings: Sequence[Finding]) -> list[Spot]:
    """Return the smallest set as one plain `milp` gives it: a switch and a new figure for every cell."""
    linear = [each for finding in findings for each in finding.relation.linear(finding.place)]
    spots = list(dict.fromkeys(spot for each in linear for spot in each.factors))
    place = {spot: number for number, spot in enumerate(spots)}
    count = len(spots)
    printed = [table.cells[spot].value for spot in spots]
    large = 20 * max(abs(float(value.middle or 0)) for value in printed if value)
    sums = np.zeros((len(linear), 2 * count))
    for row, each in enumerate(linear):
        for spot, factor in each.factors.items():
            sums[row, count + place[spot]] = float(factor)
    low = [-np.inf if each.low is None else float(each.low) for each in linear]
    high = [np.inf if each.high is None else float(each.high) for each in linear]
    free = np.hstack([np.eye(count) * large, np.eye(count)])
    kept = np.hstack([np.eye(count) * -large, np.eye(count)])
    limits = [
        LinearConstraint(sums, low, high),
        LinearConstraint(free, [float(value.low) if value and value.low is not None else -np.inf for value in printed]),
        LinearConstraint(
            kept, -np.inf, [float(value.high) if value and value.high is not None else np.inf for value in printed]
        ),
    ]
    whole = np.r_[np.ones(count), np.zeros(count)]
    bounds = Bounds(np.r_[np.zeros(count), np.full(count, -large)], np.r_[np.ones(count), np.full(count, large)])
    answer = milp(whole, constraints=limits, bounds=bounds, integrality=whole)
    return [] if answer.x is None else [spot for spot in spots if answer.x[place[spot]] > 1 / 2]


def will_do(table: Table, findings: Sequence[Finding], cells: Sequence[Spot]) -> bool:
    """Tell in exact fractions whether every relation can hold once these cells are free."""
    search = FaultSearch(table, findings)
    for spot in cells:
        search.set_open(search.number[spot], to=True)
    met = all(not search.open.isdisjoint(cells) for cells in search.conflicts)
    return met and search.conflict() is None


def several(count: int, dice: random.Random) -> bool:
    """Plant so many faults in every table, say what became of them, and return whether it is enough."""
    tally: Counter[str] = Counter()
    ours = plain = 0.0
    for number in range(TABLES):
        sheet = generated(number, dice)
        fault = with_faults(sheet, count, dice)
        if fault is None:
            continue
        table = sheet.table(fault.texts)
        findings = evaluate(table, sheet.relations)
        begin = time.process_time()
        found: FaultSets = FaultSearch(table, findings).run()
        ours += time.process_time() - begin
        tally["tables"] += 1
        size = len(found.sets[0]) if found.sets else 0
        tally["found"] += bool(found.sets) and size <= count
        tally["fewer"] += bool(found.sets) and size < count
        tally["true"] += size < count or fault.spots in found.sets
        if not any(finding.relation.linear(finding.place) == () for finding in findings):
            begin = time.process_time()
            theirs = plain_set(table, findings)
            plain += time.process_time() - begin
            tally["compared"] += 1
            holds = will_do(table, findings, theirs)
            tally["will not do"] += not holds
            tally["smaller"] += holds and len(theirs) < size
            tally["larger"] += holds and len(theirs) > size
    share = {what: Fraction(tally[what], tally["tables"]) for what in LEAST}
    times = plain / ours * tally["tables"] / max(tally["compared"], 1)
    found_in, true_in = (100 * float(share[what]) for what in ("found", "true"))
    print(
        f"{count} faults, {tally['tables']} tables: a smallest set found in {found_in:.1f} %, the cells at fault among "
        f"the smallest sets, or fewer explain all, in {true_in:.1f} % (fewer: {tally['fewer']})\n  plain milp took "
        f"{times:.0f} times as long; of {tally['compared']} sets {tally['will not do']} will not do, "
        f"{tally['larger']} are larger and {tally['smaller']} smaller than ours",
        flush=True,
    )
    return all(share[what] >= least for what, least in LEAST.items()) and times >= TIMES and not tally["smaller"]


def left_out(dice: random.Random) -> bool:
    """Leave figures out of every table and compare their bounds with a plain linear programme's."""
    compared = apart = 0
    for number in range(TABLES):
        sheet = generated(number, dice)
        gone = set(dice.sample(sorted(sheet.texts), LEFT_OUT))
        whole = sheet.table(sheet.texts)
        cells = {spot: Cell("x", None, "suppressed") if spot in gone else cell for spot, cell in whole.cells.items()}
        table = replace(whole, cells=cells)
        findings = evaluate(table, sheet.relations)
        for gap in find_gaps(table, findings):
            ends = [end for up in (1, -1) if (end := plain_end(table, findings, gap.spot, up)) is not None]
            wanted = [float(gap.bounds.low or 0), float(gap.bounds.high or 0)]
            compared += 1
            apart += not np.allclose(ends, wanted, rtol=1e-6, atol=1e-5)
    print(
        f"{LEFT_OUT} figures left out of {TABLES} tables: {compared} bounds, {apart} other than linprog's", flush=True
    )
    return compared > 0 and not apart


def plain_end(table: Table, findings: Sequence[Finding], spot: Spot, up: int) -> float | None:
    """Return the least (1) or, as `linprog` gives it, the most (-1) that a cell can be."""
    linear = [each for finding in findings for each in finding.relation.linear(finding.place)]
    spots = list(dict.fromkeys(one for each in linear for one in each.factors))
    rows, limits = [], []
    for each in linear:
        row = [float(each.factors.get(one, 0)) for one in spots]
        for end, sign in ((each.high, 1), (each.low, -1)):
            if end is not None:
                rows.append([sign * factor for factor in row])
                limits.append(sign * float(end))
    values = [table.cells[one].value for one in spots]
    bounds = [(0, None) if value is None else (float(value.low), float(value.high)) for value in values]
    aim = [float(up * (one == spot)) for one in spots]
    answer = linprog(aim, A_ub=rows, b_ub=limits, bounds=bounds)
    return None if answer.x is None else up * answer.fun


def main() -> int:
    """Run everything; return the exit code."""
    dice = random.Random(SEED)
    good = [several(count, dice) for count in (1, 2, 3)]
    good.append(left_out(dice))
    return int(not all(good))


if __name__ == "__main__":
    sys.exit(main())
