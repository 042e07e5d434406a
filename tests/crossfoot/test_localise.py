"""Several faults at once: the smallest sets of cells whose change lets every relation hold, exactly."""

import random
from fractions import Fraction
from itertools import combinations

import pytest

from crossfoot import localise
from crossfoot.edit import diagnose
from crossfoot.evaluate import evaluate
from crossfoot.intervals import Interval
from crossfoot.localise import FaultSearch, solver_set
from crossfoot.relations import Between, Relation, Share, Sum
from crossfoot.simplex import System
from crossfoot.table import Cell, Table


def grid(text: str) -> Table:
    """A table from lines of "label figure figure"; the first line names the columns."""
    head, *lines = (line.split() for line in text.strip().splitlines())
    cells = {
        (line[0], column): Cell(cell, Interval.printed(cell) if cell[-1].isdigit() else None, "suppressed")
        for line in lines
        for column, cell in zip(head, line[1:], strict=True)
    }
    return Table("t", tuple(line[0] for line in lines), tuple(head), cells)


OFFENCES = """
          All     Men     Women
Theft     1015.1  612.4   402.7
Burglary  219.9   188.3   31.6
Drink     42.4    301.5   120.9
Fraud     126.3   91.7    70.6
Other     289.9   2210.9  688.3
Total     4718.9  3404.8  1314.1
"""  # three slips in one column, each told by its row
BOTH_WAYS: list[Relation] = [
    Sum("All", ("Men", "Women"), axis="columns"), Sum("Total", ("Theft", "Burglary", "Drink", "Fraud", "Other"))
]  # fmt: skip


def test_three_slips_in_one_column_are_named_each_by_its_row() -> None:
    found = diagnose(grid(OFFENCES), BOTH_WAYS)
    assert len(found) == 4
    for diagnosis in found:
        assert diagnosis.several is not None
        [repair] = diagnosis.several.repairs
        assert dict(repair.changes) == {
            ("Drink", "All"): "422.4", ("Fraud", "All"): "162.3", ("Other", "All"): "2899.2"
        }  # fmt: skip
        assert set(repair.kinds) == {"a dropped digit", "two digits transposed"}
        assert "3 slips together mend 4 failing relations, no fewer would do" in diagnosis.sentences[-1]


def test_a_lost_minus_is_named_and_not_a_swap() -> None:
    balance = grid("Exports Imports Balance\n2012 150.1 166.0 -15.9\n2013 161.7 189.4 27.7\n2014 158.3 201.9 -43.6")
    [found] = diagnose(balance, [Sum("Balance", ("Exports",), ("Imports",), axis="columns")])
    [repair] = found.repairs
    assert (repair.kind, repair.changes) == ("minus sign lost", ((("2013", "Balance"), "-27.7"),))
    assert "minus sign lost: '2013' in 'Balance' (27.7) read as -27.7" in found.sentences[-1]


def test_two_wrong_cells_in_a_row_are_named_by_their_columns() -> None:
    printed = OFFENCES.replace("42.4 ", "422.4 ").replace("126.3", "162.3").replace("289.9", "2899.2")
    found = diagnose(grid(printed.replace("188.3   31.6", "183.8   36.1")), BOTH_WAYS)  # the row total agrees by chance
    assert {each.located for each in found} == {frozenset({("Burglary", "Men"), ("Burglary", "Women")})}
    found = diagnose(grid(printed.replace("188.3   31.6", "183.8   13.6")), BOTH_WAYS)
    assert {each.finding.place for each in found} == {"Burglary", "Men", "Women"}
    assert {each.located for each in found if not each.repairs} <= {
        frozenset({("Burglary", "Men"), ("Burglary", "Women")})
    }


def test_sets_that_do_equally_well_are_all_found() -> None:
    table = grid("a b all\nx 15 20 30\ny 30 45 70\nall 40 60 100")
    relations: list[Relation] = [Sum("all", ("a", "b"), axis="columns"), Sum("all", ("x", "y"))]
    searched = FaultSearch(table, evaluate(table, relations)).run()
    assert len(searched.sets) > 1
    assert {len(cells) for cells in searched.sets} == {2}


def test_relations_that_no_figures_can_keep_are_named_and_no_others() -> None:
    table = grid("a b c all\nx 10 20 30 60")
    relations: list[Relation] = [
        Sum("all", ("a", "b", "c"), axis="columns"),
        Between(("a", "b", "c"), at_least="90", axis="columns", name="ninety or more"),
        Between(("all",), at_most="70", axis="columns", name="at most seventy"),
        Between(("a",), at_most="50", axis="columns", name="a is small"),
    ]
    [found] = diagnose(table, relations)
    assert found.several is not None
    assert [each.relation.title for each in found.several.found.contradiction] == [
        "all = a + b + c", "ninety or more", "at most seventy"
    ]  # fmt: skip
    assert "Whatever the cells say, these relations cannot all hold" in found.sentences[-1]


def made(dice: random.Random) -> tuple[Table, list[Relation]]:
    """A table of random wrong figures that are rounded, with shares of the total."""
    rows, columns = ("p", "q", "r", "all"), ("a", "b", "sum", "share")
    texts = {(row, column): f"{dice.uniform(1, 99):.1f}" for row in rows for column in columns}
    for row in rows:
        texts[row, "sum"] = str(Fraction(texts[row, "a"]) + Fraction(texts[row, "b"]) + dice.choice([0, 0, 0, 7]))
        texts[row, "sum"] = f"{float(Fraction(texts[row, 'sum'])):.1f}"
    for column in columns[:3]:
        total = sum(float(texts[row, column]) for row in rows[:3]) + dice.choice([0, 0, 5])
        texts["all", column] = f"{total:.1f}"
    for row in rows:
        texts[row, "share"] = f"{100 * float(texts[row, 'sum']) / float(texts['all', 'sum']):.1f}"
    cells = {spot: Cell(text, Interval.printed(text)) for spot, text in texts.items()}
    relations: list[Relation] = [
        Sum("sum", ("a", "b"), axis="columns"),
        Sum("all", rows[:3], places=columns[:3]),
        Share("share", "sum", "sum", whole_at="all", axis="columns"),
    ]
    return Table("t", rows, columns, cells), relations


@pytest.mark.parametrize("seed", range(12))
def test_the_smallest_sets_are_those_of_trying_every_set_of_cells(seed: int) -> None:
    table, relations = made(random.Random(seed))
    findings = evaluate(table, relations)
    found = FaultSearch(table, findings).run().sets
    search = FaultSearch(table, findings)
    for size in range(4):
        every = set()
        for cells in combinations(range(len(search.spots)), size):
            for cell in cells:
                search.set_open(cell, to=True)
            if search.conflict() is None:
                every.add(frozenset(search.spots[cell] for cell in cells))
            for cell in cells:
                search.set_open(cell, to=False)
        if every:
            assert set(found) == every
            return
    assert all(len(cells) > 3 for cells in found)


def test_a_search_that_gives_up_leaves_the_table_to_the_solver(monkeypatch: pytest.MonkeyPatch) -> None:
    table, relations = grid(OFFENCES), BOTH_WAYS
    monkeypatch.setattr(localise, "MOST_NODES", 0)
    search = FaultSearch(table, evaluate(table, relations))
    assert search.run() == ((), False, ())
    assert solver_set(search) == {("Drink", "All"), ("Fraud", "All"), ("Other", "All")}
    assert any("3 slips together" in each.sentences[-1] for each in diagnose(table, relations))


def test_a_range_from_nothing_up_does_not_ask_for_what_it_divides_by() -> None:
    rows = {"total": "150", "a": "50", "b": "20", "c": "10"}
    cells = {(row, "x"): Cell(text, Interval.printed(text)) for row, text in rows.items()}
    table = Table("t", tuple(rows), ("x",), cells)
    relations: list[Relation] = [Sum("total", ("a", "b", "c")), Between(("a",), per=("b",), at_least="0", at_most="1")]
    assert FaultSearch(table, evaluate(table, relations)).run().sets == (frozenset({("b", "x")}),)


def test_extremes_are_exact() -> None:
    system = System([(1, 3), (2, 8), (None, None)], [{0: 2, 1: 3, 2: -7}, {0: 1, 1: 1}], [(0, 0), (None, 7)])
    assert system.conflict() is None
    assert (system.extreme(2, up=False), system.extreme(2, up=True)) == (Fraction(8, 7), Fraction(20, 7))
