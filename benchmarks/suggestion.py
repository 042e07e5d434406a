"""How well suggested relations match those a table was made with: precision and recall on generated tables.

Run ``python benchmarks/suggestion.py [TABLES] [SEED] [SHOWN]``. Every table is made from random figures with a known
set of relations, printed with rounding, and mixed with lines that must not be summed (averages, medians, indices,
rates, years, rows in another unit, lines of zeros, totals of other years). A third of the tables carry one planted
fault, a fifth have missing cells, and in a quarter rows and columns change places.
"""

from __future__ import annotations

import random
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace

from crossfoot.intervals import Interval
from crossfoot.kinds import Mean
from crossfoot.read.files import PrintedTable
from crossfoot.relations import AtMost, Growth, Ratio, Relation, Sum
from crossfoot.suggest.propose import suggest_relations
from crossfoot.table import Cell

Key = tuple[object, ...]
NAMES = [
    "Agriculture",
    "Mining",
    "Industry",
    "Construction",
    "Trade",
    "Transport",
    "Finance",
    "Schooling",
    "Health",
    "Culture",
    "Defence",
    "Housing",
    "Energy",
    "Water",
    "Roads",
    "Forestry",
    "Fishing",
    "Tourism",
    "Research",
    "Justice",
]
DECOYS = ("average", "median", "index", "rate", "unit", "founded", "of which", "balance")
RATES = ("Average", "Median", "Index (2000 = 100)", "Pass rate (%)", "Year founded")
SHAPES = ("flat", "flat first", "subtotals after", "unlabelled subtotals", "parents before", "indented", "no total")


@dataclass
class Made:
    """A table in the making: true figures by row, and the relations it keeps."""

    columns: list[str]
    decimals: int
    rows: dict[str, list[float]] = field(default_factory=dict)
    levels: dict[str, int] = field(default_factory=dict)
    units: dict[str, str] = field(default_factory=dict)
    column_decimals: dict[str, int] = field(default_factory=dict)
    row_decimals: dict[str, int] = field(default_factory=dict)
    keys: set[Key] = field(default_factory=set)
    missing: set[tuple[str, str]] = field(default_factory=set)
    transposed: bool = False

    def add(self, label: str, values: list[float], level: int = 0) -> str:
        """Add a row and return its label."""
        self.rows[label], self.levels[label] = values, level
        return label

    def sum_of(self, labels: Iterable[str]) -> list[float]:
        """Return the true column sums of rows."""
        return [sum(values) for values in zip(*(self.rows[label] for label in labels), strict=True)]

    def table(self) -> PrintedTable:
        """Print the figures, some of them missing, and read them; rows and columns may change places."""
        cells = {}
        for row, values in self.rows.items():
            for column, value in zip(self.columns, values, strict=True):
                decimals = self.row_decimals.get(row, self.column_decimals.get(column, self.decimals))
                text = f"{value:.{decimals}f}"
                place = (column, row) if self.transposed else (row, column)
                missing = (row, column) in self.missing
                cells[place] = Cell("..", None, "not available") if missing else Cell(text, Interval.printed(text))
        rows, columns = tuple(self.rows), tuple(self.columns)
        if self.transposed:
            return PrintedTable("made", columns, rows, cells)
        return PrintedTable("made", rows, columns, cells, units=self.units, levels=self.levels)

    def expected(self) -> set[Key]:
        """Return the relations the printed table keeps."""
        swap = {"rows": "columns", "columns": "rows"}
        if not self.transposed:
            return self.keys
        return {(kind, swap[str(axis)], *rest) for kind, axis, *rest in self.keys}


def key(relation: Relation) -> Key:
    """Return what makes two relations the same, whatever the order of their parts."""
    if isinstance(relation, Sum):
        if len(relation.parts) == 1 and len(relation.less) == 1:  # a = b - c and b = a + c say the same
            return ("sum", relation.axis, relation.parts[0], frozenset((relation.total, *relation.less)))
        return ("sum", relation.axis, relation.total, frozenset(relation.parts))
    if isinstance(relation, Growth):
        same = relation.periods == 1
        return (
            "growth",
            relation.axis,
            relation.growth,
            relation.first,
            relation.last,
            same or relation.how,
            relation.periods,
        )
    if isinstance(relation, Ratio):
        kind = "share" if relation.times == 100 else "ratio"
        return (kind, relation.axis, relation.ratio, relation.over, relation.under, relation.whole_at)
    if isinstance(relation, AtMost):
        return ("part", relation.axis, relation.whole, relation.parts)
    return (
        ("mean", relation.axis, relation.mean, frozenset(relation.parts)) if isinstance(relation, Mean) else (relation,)
    )


def make(seed: int) -> Made:
    """Return a random table with its relations."""
    rng = random.Random(seed)
    shape = rng.choice(SHAPES)
    years = [str(2000 + number) for number in range(rng.randint(2, 7))]
    made = Made(years, rng.choice((0, 0, 0, 1, 2, 3)))
    size = 10 ** rng.uniform(2.3, 6)
    names = rng.sample(NAMES, len(NAMES))

    def figures() -> list[float]:
        level = size * rng.lognormvariate(0, 0.8)
        return [level * rng.lognormvariate(0, 0.25) for _ in made.columns]

    _body(made, shape, names, rng, figures)
    if shape != "no total":
        for kind in rng.sample(DECOYS, rng.choice((0, 0, 1, 1, 2))):
            _decoy(made, kind, rng, size)
    if rng.random() < 0.45:
        _more_columns(made, rng)
    if rng.random() < 0.2:
        made.missing = {(row, column) for row in made.rows for column in made.columns if rng.random() < 0.05}
    made.transposed = not made.units and rng.random() < 0.25 and "indented" not in shape
    return made


def _body(made: Made, shape: str, names: list[str], rng: random.Random, figures: Callable[[], list[float]]) -> None:
    """Add parts and totals in one of the shapes."""
    if shape in ("flat", "flat first", "no total"):
        count = rng.randint(2, 12)
        parts = names[:count]
        if shape == "flat first":
            made.add("Total", [0.0] * len(made.columns))
        for name in parts:
            made.add(name, [0.0] * len(made.columns) if count > 3 and rng.random() < 0.04 else figures())
        if shape != "no total":
            made.add("Total", made.sum_of(parts))
            made.keys.add(("sum", "rows", "Total", frozenset(parts)))
        elif rng.random() < 0.5:
            made.add("Total of 1990-2010", [3 * value * rng.uniform(0.9, 1.4) for value in made.sum_of(parts)])
        return
    groups, tops = rng.randint(2, 4), []
    total_first = rng.random() < 0.5
    if total_first:
        made.add("All", [0.0] * len(made.columns))
    for group in range(groups):
        parts = [names.pop() for _ in range(rng.randint(2, 4))]
        after = shape in ("subtotals after", "unlabelled subtotals")
        parent = {
            "subtotals after": f"Subtotal {group + 1}",
            "unlabelled subtotals": f"(unlabelled, line {9 + 7 * group})",
        }.get(shape, f"Ministry {group + 1}")
        if not after:
            made.add(parent, [0.0] * len(made.columns))
        for part in parts:
            made.add(part, figures(), level=2 if shape == "indented" else 0)
        made.add(parent, made.sum_of(parts))
        tops.append(parent)
        made.keys.add(("sum", "rows", parent, frozenset(parts)))
    made.add("All", made.sum_of(tops))
    made.keys.add(("sum", "rows", "All", frozenset(tops)))


def _decoy(made: Made, kind: str, rng: random.Random, size: float) -> None:
    """Add a row that is no sum, or no part of any."""
    places = range(len(made.columns))
    if kind in ("average", "median"):
        made.add(kind.capitalize(), [sum(values) / len(values) for values in zip(*made.rows.values(), strict=True)])
    elif kind == "index":
        made.add("Index (2000 = 100)", [100 + 3 * place + rng.uniform(-1, 1) for place in places])
    elif kind == "rate":
        made.add("Pass rate (%)", [rng.uniform(40, 99) for _ in places])
    elif kind == "unit":
        label = made.add("Persons employed", [float(rng.randint(1000, 90000)) for _ in places])
        made.units.update(dict.fromkeys(made.rows, "million yuan") | {label: "persons"})
    elif kind == "founded":
        made.add("Year founded", [float(rng.randint(1900, 2000)) for _ in places])
        made.row_decimals["Year founded"] = 0
    elif kind == "of which":
        last = next(row for row in reversed(made.rows) if row not in RATES)
        label = made.add(
            "of which: contract work", [value * rng.uniform(0.2, 0.7) for value in made.rows[last]], made.levels[last]
        )
        made.keys.add(("part", "rows", last, (label,)))
    else:
        receipts = made.add("Receipts", [size * rng.uniform(20, 40) for _ in places])
        outlays = made.add("Outlays", [size * rng.uniform(15, 30) for _ in places])
        first, second = made.rows[receipts], made.rows[outlays]
        made.add("Balance", [one - other for one, other in zip(first, second, strict=True)])
        made.keys.add(("sum", "rows", receipts, frozenset(("Balance", outlays))))


def _more_columns(made: Made, rng: random.Random) -> None:
    """Add a total, a share, a growth or a change column, and say what rows then keep."""
    kind = rng.choice(("total", "share", "distribution", "growth", "change", "average"))
    years, rows = list(made.columns), made.rows
    first, last = years[0], years[-1]
    whole = next((label for label in ("Total", "All") if label in rows), None)
    label = {"total": "Total, all years", "share": f"Share of {last} (%)", "distribution": "%", "growth": "Growth, %",
             "change": f"Change {first}-{last}", "average": "Yearly average"}[kind]  # fmt: skip
    if kind == "distribution" and whole is None:
        return
    wholes = dict(zip(years, rows[whole], strict=True)) if whole else {}
    for values in rows.values():
        amounts = dict(zip(years, values, strict=True))
        total = sum(values)
        new = {
            "total": total,
            "share": 100 * amounts[first] / amounts[last] if amounts[last] else 0.0,
            "distribution": 100 * amounts[last] / wholes[last] if wholes.get(last) else 0.0,
            "growth": 100 * (amounts[last] / amounts[first] - 1) if amounts[first] else 0.0,
            "change": amounts[last] - amounts[first],
            "average": total / len(years),
        }[kind]
        values.append(new)
    made.columns.append(label)
    if kind in ("share", "distribution", "growth"):
        made.column_decimals[label] = rng.choice((1, 2))
    span = int(last) - int(first)
    keys: dict[str, Key] = {
        "total": ("sum", "columns", label, frozenset(years)),
        "share": ("share", "columns", label, first, last, None),
        "distribution": ("share", "columns", label, last, last, whole),
        "growth": ("growth", "columns", label, first, last, True, 1),
        "change": ("sum", "columns", last, frozenset((label, first))),
        "average": ("mean", "columns", label, frozenset(years)),
    }
    if kind in keys and span > 0:
        made.keys.add(keys[kind])


def spoil(made: Made, table: PrintedTable, seed: int) -> PrintedTable:
    """Change one digit of one figure that a sum reads."""
    rng = random.Random(seed)
    sums = sorted((each for each in made.keys if each[0] == "sum" and each[1] == "rows"), key=str)
    if not sums or len(made.columns) < 3:
        return table
    chosen = rng.choice(sums)
    row, column = rng.choice(sorted((chosen[2], *chosen[3]))), rng.choice(made.columns)  # type: ignore[misc]
    place = (column, row) if made.transposed else (row, column)
    text = table.cells[place].text
    digits = [position for position, sign in enumerate(text) if sign.isdigit()]
    if not digits:
        return table
    position = rng.choice(digits[:2])
    changed = text[:position] + str((int(text[position]) + rng.randint(1, 8)) % 10) + text[position + 1 :]
    return replace(table, cells={**table.cells, place: Cell(changed, Interval.printed(changed))})


def measure(tables: int, seed: int, *, show: int = 0) -> dict[str, float]:
    """Return precision and recall over generated tables, and the time a table takes."""
    counts: Counter[str] = Counter()
    started = time.perf_counter()
    for number in range(tables):
        made = make(seed + number)
        table = made.table()
        table = spoil(made, table, seed + number) if number % 3 == 0 else table
        found = {key(each.relation): each for each in suggest_relations(table)}
        expected = made.expected()
        right = set(found) & expected
        counts.update(right=len(right), wrong=len(found) - len(right), missed=len(expected - right))
        counts.update(f"missed {each[0]}" for each in expected - right)
        counts.update(f"wrong {each[0]}" for each in set(found) - right)
        if show and (right != expected or len(found) > len(right)):
            show -= 1
            print(
                seed + number,
                "MISSED",
                expected - right,
                "WRONG",
                [found[each].sentence for each in set(found) - right],
            )
    seconds = (time.perf_counter() - started) / tables
    for name, count in sorted(counts.items()):
        print(f"{name}: {count}")
    return {
        "tables": tables,
        "precision": counts["right"] / max(counts["right"] + counts["wrong"], 1),
        "recall": counts["right"] / max(counts["right"] + counts["missed"], 1),
        "seconds a table": seconds,
    }


if __name__ == "__main__":
    asked = [int(argument) for argument in sys.argv[1:]] + [600, 1, 0][len(sys.argv) - 1 :]
    for name, value in measure(asked[0], asked[1], show=asked[2]).items():
        print(f"{name}: {value:.4g}")
