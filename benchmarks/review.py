"""How many drifted numbers of a manuscript `nbedition review` finds, and how often it cries wolf.

Run ``python benchmarks/review.py``. A manuscript quotes 100 recorded results of this study's notebooks, in sentences
with one, two or three of them and in a table, each rounded to a number of digits drawn by chance. Then one number at a
time drifts: a digit changed, two digits swapped, or a value of another run (2 to 40 % off). The manuscript is written
as Markdown and as LaTeX. Exit 1 if fewer than 99 % of the drifts are told with both values, or any other number is said
to differ, in these manuscripts or in the one without a drift. A number as argument draws others.
"""

import random
import re
import shutil
import sys
import tempfile
import time
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path

from nbedition.notebooks.outputs import RESULT_TYPE, recorded_in_study
from nbedition.project import root
from nbedition.review.evidence import in_outputs
from nbedition.review.manuscript import read_manuscript
from nbedition.review.matching import DIFFERS, SAME, Judged, review
from nbedition.review.passages import numbers_of
from nbedition.review.quoted import Quoted

SEED = int(sys.argv[1]) if len(sys.argv) > 1 else 1996
NUMBERS = 100
ENOUGH = 0.99
IN_TABLE = 20
OPENINGS = ("We find that", "In our data,", "As Section 3 explains,", "On average", "Over the whole period,")
VERBS = ("is", "comes to", "stands at", "was estimated at")
Fact = tuple[str, str, str]  # words, unit, number as printed


def chosen(draw: random.Random) -> list[Fact]:
    """Return results that a manuscript could quote: of names and values that differ."""
    known: dict[str, dict] = {}
    for record in recorded_in_study(RESULT_TYPE):
        if (
            record["value"]
            and abs(record["value"]) != 100
            and len(record["name"].split("_")) > 2
            and not re.search(r"\d", record["unit"])
        ):
            known.setdefault(f"{record['value']:.3g}", record)
    facts = []
    for record in draw.sample(list(known.values()), NUMBERS):
        words, value = record["name"].replace("_", " "), record["value"]
        digits = draw.choice((3, 4, 5))
        places = max(0, digits - len(f"{abs(value):.0f}")) if abs(value) >= 1 else digits + 1
        unit = record["unit"].partition(",")[0]
        facts.append((words, unit, f"{value:,.{places}f}" if value != int(value) else f"{value:,.0f}"))
    return facts


def drifted(number: str, kind: int, draw: random.Random) -> str:
    """Return a number as it reads after a slip, or after another run of the code."""
    while True:
        places = [at for at, character in enumerate(number) if character.isdigit()]
        at = draw.choice(places)
        if kind == 0:
            changed = number[:at] + draw.choice("123456789") + number[at + 1 :]
        elif kind == 1 and len(places) > 1:
            one, other = draw.choice(list(pairwise(places)))
            swapped = list(number)
            swapped[one], swapped[other] = number[other], number[one]
            changed = "".join(swapped)
            if changed == number:
                kind = 0
                continue
        else:
            value = float(number.replace(",", "")) * (1 + draw.choice((-1, 1)) * draw.uniform(0.02, 0.4))
            changed = f"{value:,.{len(number.partition('.')[2])}f}"
        if abs(float(changed.replace(",", "")) - float(number.replace(",", ""))) > 10.0 ** -len(
            number.partition(".")[2]
        ):
            return changed
        kind = 0


def sentences(facts: list[Fact], draw: random.Random) -> Iterator[str]:
    """Yield sentences with one to three facts each."""
    left = list(facts)
    while left:
        told, left = left[: (count := draw.choice((1, 1, 2, 3)))], left[count:]
        parts = [f"the {words} {draw.choice(VERBS)} {number} {unit}" for words, unit, number in told]
        yield f"{draw.choice(OPENINGS)} {', and '.join(parts)}."


def manuscript(facts: list[Fact], tex: bool) -> str:
    """Return a manuscript that states the facts, the same words each time."""
    draw = random.Random(SEED)
    text = "\n\n".join(sentences(facts[IN_TABLE:], draw))
    rows = [(words, f"{number} %" if unit.startswith("%") else number) for words, unit, number in facts[:IN_TABLE]]
    if not tex:
        table = "\n".join(f"| {words} | {number} |" for words, number in [("result", "value"), ("---", "---"), *rows])
        return f"# A paper\n\n{text}\n\n{table}\n"
    table = " \\\\\n".join(f"{words} & {number}" for words, number in [("result", "value"), *rows])
    body = f"\\section{{A paper}}\n{text}\n\n\\begin{{tabular}}{{lr}}\n{table} \\\\\n\\end{{tabular}}\n"
    body = body.replace("%", r"\%").replace(",", ",")
    return f"\\documentclass{{article}}\n\\begin{{document}}\n{body}\\end{{document}}\n"


def judged(text: str, name: str, outputs: list[Quoted], place: Path) -> list[Judged]:
    """Return what the review says of a manuscript."""
    path = place / name
    path.write_text(text, encoding="utf-8")
    return review(numbers_of(read_manuscript(path, name)), outputs)


def main() -> int:
    """Plant one drift at a time, and count."""
    draw, began, found, alarms = random.Random(SEED), time.perf_counter(), 0, 0
    with tempfile.TemporaryDirectory() as folder:
        package = Path(folder)
        shutil.copytree(root() / "notebooks", package / "notebooks", ignore=shutil.ignore_patterns(".*"))
        outputs, facts = in_outputs(package), chosen(draw)
        whole = [
            judged(manuscript(facts, tex), f"paper{'.tex' if tex else '.md'}", outputs, package)
            for tex in (False, True)
        ]
        clean = sum(one.verdict == DIFFERS for findings in whole for one in findings)
        same = [sum(one.verdict == SAME for one in findings) for findings in whole]
        for at, (words, unit, number) in enumerate(facts):
            tex, told = at % 2 == 1, drifted(number, at % 3, draw)
            changed = [*facts[:at], (words, unit, told), *facts[at + 1 :]]
            name = f"paper{'.tex' if tex else '.md'}"
            differing = [
                one for one in judged(manuscript(changed, tex), name, outputs, package) if one.verdict == DIFFERS
            ]
            hits = [one for one in differing if one.number.printed.rstrip(" %milonbs") == told]
            found, alarms = found + bool(hits), alarms + len(differing) - len(hits)
            if not hits or len(differing) > len(hits):
                heard = [one.number.printed for one in differing]
                print(f"missed or false: {words}: {number} became {told}; told: {heard}")
    print(
        f"{len(outputs):,} numbers in outputs; {NUMBERS} quoted: {same} the same (in both forms), {clean} false alarms"
    )
    print(f"one drift at a time: {found} of {NUMBERS} told, {alarms} false alarms; {time.perf_counter() - began:.0f} s")
    return 0 if found >= ENOUGH * NUMBERS and not alarms and not clean else 1


if __name__ == "__main__":
    sys.exit(main())
