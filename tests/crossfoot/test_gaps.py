"""Cells without a figure: their value or exact bounds, and a warning where one was meant to stay unknown."""

import random
from fractions import Fraction

import pytest

from crossfoot.evaluate import evaluate
from crossfoot.gaps import find_gaps
from crossfoot.intervals import Interval
from crossfoot.relations import Relation, Sum
from crossfoot.report import audit_table, table_report
from crossfoot.table import Cell, Table

ROWS, COLUMNS = ("p", "q", "r", "all"), ("a", "b", "c", "all")
BOTH_WAYS: list[Relation] = [Sum("all", ROWS[:3]), Sum("all", COLUMNS[:3], axis="columns")]


def grid(figures: list[list[object]], *, exact: bool = True) -> Table:
    read = Interval.exact if exact else Interval.printed
    cells = {
        (row, column): Cell(str(figure), None if figure == "c" else read(str(figure)), "suppressed" * (figure == "c"))
        for row, line in zip(ROWS, figures, strict=True)
        for column, figure in zip(COLUMNS, line, strict=True)
    }
    return Table("t", ROWS, COLUMNS, cells)


def test_a_suppressed_figure_that_both_totals_give_away_is_warned_of() -> None:
    table = grid([[20, "c", 10, 37], [5, 8, 2, 15], [3, 4, 6, 13], [28, 19, 18, 65]])
    [gap] = find_gaps(table, evaluate(table, BOTH_WAYS))
    assert (gap.spot, gap.bounds, gap.recovered) == (("p", "b"), Interval.exact(7), True)
    assert "Warning: 'b'" not in gap.sentence
    assert gap.sentence.startswith("Warning: 'p' in 'b' (c) is suppressed, yet the other figures")
    assert gap.sentence in table_report(audit_table(table, BOTH_WAYS), "text")


def test_four_suppressed_figures_that_protect_each_other_are_bounded_and_not_warned_of() -> None:
    table = grid([["c", "c", 10, 37], ["c", "c", 2, 15], [3, 4, 6, 13], [28, 19, 18, 65]])
    found = {gap.spot: gap for gap in find_gaps(table, evaluate(table, BOTH_WAYS))}
    assert found["p", "a"].bounds == Interval(Fraction(12), Fraction(25))
    assert found["q", "b"].bounds == Interval(Fraction(0), Fraction(13))
    assert not any(gap.recovered for gap in found.values())


def test_relations_that_fail_bound_nothing_and_a_loss_in_the_table_leaves_no_floor() -> None:
    table = grid([["c", "c", 10, 37], ["c", 8, 2, 15], [3, 4, 6, 99], [28, 19, 18, -65]])
    found = {gap.spot: str(gap.bounds) for gap in find_gaps(table, evaluate(table, BOTH_WAYS))}
    assert found == {("q", "a"): "[5, 5]", ("p", "a"): "[20, 20]", ("p", "b"): "[7, 7]"}


@pytest.mark.parametrize("seed", range(6))
def test_bounds_are_those_of_a_plain_linear_programme(seed: int) -> None:
    optimize = pytest.importorskip("scipy.optimize")
    dice = random.Random(seed)
    true = [[dice.uniform(0, 50) for _ in range(3)] for _ in range(3)]
    true = [[*line, sum(line)] for line in true]
    true.append([sum(line[at] for line in true) for at in range(4)])
    hidden = dice.sample([(row, column) for row in range(3) for column in range(3)], 5)
    figures = [["c" if (y, x) in hidden else f"{true[y][x]:.1f}" for x in range(4)] for y in range(4)]
    table = grid(figures, exact=False)
    findings = evaluate(table, BOTH_WAYS)
    found = {gap.spot: gap.bounds for gap in find_gaps(table, findings)}
    assert len(found) == len(hidden)
    spots = list(table.cells)
    matrix = [[float(each.factors.get(spot, 0)) for spot in spots]
              for finding in findings for each in finding.relation.linear(finding.place)]  # fmt: skip
    box = [(0, None) if (value := table.cells[spot].value) is None else (value.low, value.high) for spot in spots]
    for spot, bounds in found.items():
        for sign, end in ((1, bounds.low), (-1, bounds.high)):
            goal = [float(sign * (spot == other)) for other in spots]
            plain = optimize.linprog(goal, A_eq=matrix, b_eq=[0] * len(matrix), bounds=box)
            assert sign * plain.fun == pytest.approx(float(end), abs=1e-6)
