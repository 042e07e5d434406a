"""Wrong digits planted in real tables: how many `crossfoot` tells of, names, and stays silent on, and why.

Run ``python benchmarks/planted_digits.py [FOLDER] [DIGITS] [--each]``. The tables are those of
``tests/crossfoot/tables``, and those of a folder. A table is drawn, then one of the figures that its proposals cover as
printed. One digit is replaced in the text of the file, which is then checked as a user would, with proposals of its
own; a digit that none can see, since rounding explains it, is counted apart. *Told*: a
relation that reads the figure fails. *Named*: the figure is among the `SHOWN` explanations that a sentence gives;
*alone*: no other figure explains it. A sum that no other relation crosses tells that one of its figures is wrong, and
never which. Exit code 1 below 90 % told or 60 % named.
"""

from __future__ import annotations

import csv
import io
import random
import re
import sys
from collections import Counter
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path

from crossfoot import check
from crossfoot.edit import MOST_NAMED as SHOWN
from crossfoot.errors import ReportedError
from crossfoot.evaluate import evaluate
from crossfoot.read import PrintedTable, read_table
from crossfoot.relations import Relation, Spot
from crossfoot.report import CheckResult

OWN = Path(__file__).parents[1] / "tests/crossfoot/tables"
FOLDERS = [OWN, *(Path(given) for given in sys.argv[1:] if Path(given).is_dir())]
DIGITS = next((int(given) for given in sys.argv[1:] if given.isdigit()), 400)
SEED = 400
TWIN = re.compile("[0-9]+x-")  # the same table as another, with a fault planted
TOLD, NAMED = Fraction(90, 100), Fraction(60, 100)
HIDDEN = "rounding explains it"


@dataclass(frozen=True)
class Sound:
    """A table as printed, what it proposes, and the figures that its proposals cover."""

    table: PrintedTable
    relations: list[Relation]
    covered: list[Spot]


def sound(path: Path) -> Sound | None:
    """Read a table and list the figures that its proposals cover, none of them failing; None where there are none."""
    try:
        table = read_table(path)
        result = check(table)
    except ReportedError:
        return None
    covered = {spot for each in result.findings if each.verdict == "holds" for spot in each.spots}
    covered = {spot for spot in covered if digits_of(table, spot)}
    covered -= {spot for finding in result.failing for spot in finding.spots}
    relations = list(dict.fromkeys(finding.relation for finding in result.findings))
    return Sound(table, relations, sorted(covered)) if covered else None


def digits_of(table: PrintedTable, spot: Spot) -> list[int]:
    """Return where the digits of a figure stand in its cell."""
    return [at for at, each in enumerate(table.cells[spot].text) if each in "0123456789"]


def planted(one: Sound, spot: Spot, dice: random.Random) -> str:
    """Return the text of the file with one digit of a cell replaced; a first digit becomes no zero."""
    cell = one.table.cells[spot]
    at = dice.choice(digits_of(one.table, spot))
    first = not any(each.isdigit() for each in cell.text[:at])
    digit = dice.choice([each for each in "0123456789"[first:] if each != cell.text[at]])
    line, column = cell.at
    lines = {number: list(cells) for number, cells in one.table.source.lines}
    wrong = cell.text[:at] + digit + cell.text[at + 1 :]
    lines[line][column - 1] = lines[line][column - 1].replace(cell.text, wrong, 1)
    target = io.StringIO()
    csv.writer(target).writerows(lines.values())
    return target.getvalue()


def outcome(one: Sound, spot: Spot, text: str) -> str:
    """Say what became of a planted digit: "alone", "named", "told", or why the check is silent."""
    result = check(text, name=one.table.name)
    mine = [fault for fault in result.faults if spot in fault.finding.spots]
    if not mine:
        return silence(one, spot, result)
    if any(fault.cells == (spot,) for fault in mine):
        return "alone"
    shown = {place for fault in mine for misprint in fault.misprints[:SHOWN] for place, _ in misprint.changes}
    return "named" if spot in shown else "told"


def silence(one: Sound, spot: Spot, result: CheckResult) -> str:
    """Say why nothing is told: the relations proposed for the table as printed are tested on the planted figure."""
    try:
        findings = [each for each in evaluate(result.table, one.relations) if spot in each.spots]
    except ReportedError:
        return "labels are read otherwise"
    broken = [finding for finding in findings if finding.verdict == "fails"]
    if broken:
        kinds = sorted({f"{each.relation.kind} of {len(each.relation.where(result.table))} places" for each in broken})
        return f"no longer proposed: {', '.join(kinds)}"
    if result.table.cells[spot].value is None:
        return "the figure cannot be read"
    return HIDDEN


def main() -> int:
    """Plant the digits, print what came of them; return the exit code."""
    dice = random.Random(SEED)
    paths = {path.name: path for folder in FOLDERS for path in sorted(folder.glob("*.csv"))}
    tables = [found for name, path in paths.items() if not TWIN.match(name) and (found := sound(path))]
    covered = sum(len(one.covered) for one in tables)
    tally: Counter[str] = Counter()
    while tally.total() - tally[HIDDEN] < DIGITS:
        one = dice.choice(tables)
        spot = dice.choice(one.covered)
        said = outcome(one, spot, planted(one, spot, dice))
        tally[said] += 1
        if "--each" in sys.argv:
            print(f"{one.table.name}, {spot}: {said}", flush=True)
    hidden, alone = tally.pop(HIDDEN, 0), tally.pop("alone", 0)
    named = alone + tally.pop("named", 0)
    told = named + tally.pop("told", 0)
    print(
        f"{DIGITS} wrong digits that relations can see, in {covered} figures of {len(tables)} tables: "
        f"{told / DIGITS:.1%} told, {named / DIGITS:.1%} named, {alone / DIGITS:.1%} alone; "
        f"{hidden} more are hidden by rounding"
    )
    for why, count in tally.most_common():
        print(f"  silent {count}: {why}")
    return int(told < TOLD * DIGITS or named < NAMED * DIGITS)


if __name__ == "__main__":
    sys.exit(main())
