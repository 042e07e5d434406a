"""Diagnosis: double counting named, slips located, and silence where the figures cannot tell."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crossfoot.edit import diagnose
from crossfoot.evaluate import evaluate
from crossfoot.intervals import Interval
from crossfoot.misprints import misreadings
from crossfoot.relations import AtMost, Sum
from crossfoot.subsets import search_subsets
from crossfoot.table import Cell, Table

ROWS = ("north", "south", "west", "all")
COLUMNS = ("2003", "2004", "2005", "sum")
GOOD = [
    ["144.35", "289.69", "274.02", "708.06"],
    ["117.93", "97.24", "136.61", "351.78"],
    ["84.13", "81.72", "72.30", "238.15"],
    ["346.41", "468.65", "482.93", "1297.99"],
]
BOTH_WAYS = [Sum("all", ROWS[:3]), Sum("sum", COLUMNS[:3], axis="columns")]


def grid(texts, rows=ROWS, columns=COLUMNS, *, exact=False):
    read = Interval.exact if exact else Interval.printed
    cells = {
        (row, column): Cell(text, read(text))
        for row, line in zip(rows, texts, strict=True)
        for column, text in zip(columns, line, strict=True)
    }
    return Table("regions", tuple(rows), tuple(columns), cells)


def with_cell(at, column, text):
    changed = [list(line) for line in GOOD]
    changed[at][column] = text
    return grid(changed)


def test_a_consistent_table_needs_no_diagnosis():
    assert diagnose(grid(GOOD), BOTH_WAYS) == []


@pytest.mark.parametrize(
    ("printed", "kind"),
    [
        ("97.64", "one wrong digit"),
        ("79.24", "two digits transposed"),
        ("9.24", "a dropped digit"),
        ("997.24", "an added digit"),
        ("972.4", "a shifted decimal point"),
        ("0.9724", "a shifted decimal point"),
    ],
)
def test_a_slip_in_one_cell_is_located_where_row_and_column_cross(printed, kind):
    for diagnosis in diagnose(with_cell(1, 1, printed), BOTH_WAYS):
        assert diagnosis.located == {("south", "2004")}
        assert (kind, (("south", "2004"), "97.24")) in {(r.kind, r.changes[0]) for r in diagnosis.repairs}
        assert all(len(repair.mends) == 2 and not repair.breaks for repair in diagnosis.repairs)
        assert "mends 2 failing relations" in diagnosis.sentences[-1]


def test_swapped_cells_are_located():
    changed = [list(line) for line in GOOD]
    changed[0][1], changed[0][2] = changed[0][2], changed[0][1]
    found = diagnose(grid(changed), BOTH_WAYS)
    assert len(found) == 2
    assert {diagnosis.located for diagnosis in found} == {frozenset({("north", "2004"), ("north", "2005")})}


def test_swapped_labels_are_located():
    changed = [GOOD[0], GOOD[1], GOOD[3], GOOD[2]]
    for diagnosis in diagnose(grid(changed), BOTH_WAYS):
        assert [repair.kind for repair in diagnosis.repairs] == ["two row labels swapped"]
        assert "two row labels swapped: 'all' and 'west'" in diagnosis.sentences[-1]


def test_a_figure_that_no_common_slip_explains_is_still_located_by_two_sums():
    [one, other] = diagnose(with_cell(2, 0, "12.99"), BOTH_WAYS)
    assert one.located == other.located == {("west", "2003")}
    assert "another figure, by no common slip" in one.sentences[-1]
    assert "about 84.1" in one.sentences[-1]


def test_equally_good_slips_are_counted_and_none_is_chosen():
    [diagnosis] = diagnose(with_cell(1, 1, "97.64"), [Sum("all", ROWS[:3])])
    assert len({repair.spots for repair in diagnosis.repairs}) > 1
    assert diagnosis.located is None
    assert "equally good, so that the figures alone do not tell which it was" in diagnosis.sentences[-1]


def test_a_repair_that_breaks_another_relation_is_no_repair():
    changed = [list(line) for line in GOOD]
    for column, text in enumerate(["346.91", "468.65", "482.93", "1298.49"]):  # a wrong digit, carried into the total
        changed[3][column] = text
    [one, other] = diagnose(grid(changed), BOTH_WAYS)
    assert one.repairs == ()
    assert "No single slip repairs it" in one.sentences[-1]
    assert "would break 'sum = 2003 + 2004 + 2005 (" in one.sentences[-1]
    assert other.follows == ("2003",)


def test_a_part_that_is_counted_twice_is_named_though_it_has_no_parts_of_its_own():
    counted = [["10.35", "21.12"], ["33.41", "40.07"], ["77.17", "101.26"]]
    [one, _] = diagnose(grid(counted, ("a", "b", "all"), ("x", "y")), [Sum("all", ("a", "b"))])
    assert one.counted_twice == (("b", "b"),)
    assert "it counts 'b' twice" in one.sentences[0]


def test_a_part_that_the_total_leaves_out_is_named():
    lines = [["101.35", "212.12"], ["33.41", "40.07"], ["58.66", "71.93"], ["160.01", "284.05"]]
    table = grid(lines, ("a", "b", "c", "all"), ("x", "y"))
    [one, _] = diagnose(table, [Sum("all", ("a", "b", "c"))])
    assert "it leaves out 'b'" in one.sentences[0]


def test_chance_matches_are_counted_and_not_sold_as_an_explanation():
    rows = [*(f"part {number}" for number in range(16)), "all"]
    figures = [[str(3 + 7 * number % 31)] for number in range(16)]
    [diagnosis] = diagnose(grid([*figures, ["97"]], rows, ("n",), exact=True), [Sum("all", tuple(rows[:3]))])
    assert diagnosis.subsets.matches > 50
    assert diagnosis.explained is None
    assert "by chance, so that none of them explains it" in diagnosis.sentences[0]


def test_the_search_is_bounded_and_says_so():
    rows = [*(f"part {number}" for number in range(300)), "all"]
    figures = [[str(1000 + number * number)] for number in range(300)]
    wrong = str(sum(1000 + number * number for number in range(300)) - 1049)  # all but the row of number 7
    table = grid([*figures, [wrong]], rows, ("n",), exact=True)
    search = search_subsets(table, Sum("all", tuple(rows[:-1])), ("n",))
    assert not search.complete
    assert search.searched.startswith("the declared parts with up to two rows added or left out")
    assert set(rows[:-1]) - set(search.best[0].members) == {"part 7"}
    [diagnosis] = diagnose(table, [Sum("all", tuple(rows[:-1]))])
    assert not diagnosis.tried[1]


def test_an_inequality_is_repaired_too():
    lines = [["91", "12"], ["60", "40"], ["151", "52"]]
    table = grid(lines, ("women", "men", "all"), ("x", "y"), exact=True)
    relations = [Sum("all", ("women", "men")), AtMost(("women",), "men", places=("y",))]
    assert diagnose(table, relations) == []
    lines[0][1] = "72"
    found = diagnose(grid(lines, ("women", "men", "all"), ("x", "y"), exact=True), relations)
    assert [diagnosis.located for diagnosis in found] == [{("women", "y")}] * 2


@settings(deadline=None, derandomize=True, max_examples=150)
@given(st.integers(10, 10**6), st.integers(0, 3), st.data())
def test_every_common_slip_is_undone_by_one_of_the_readings(digits, decimals, data):
    text = str(digits).rjust(decimals + 1, "0")
    text = f"{text[:-decimals]}.{text[-decimals:]}" if decimals else text
    spots = [at for at, character in enumerate(text) if character.isdigit()]
    at = data.draw(st.sampled_from(spots))
    digit = data.draw(st.sampled_from("123456789"))
    wrong = text[:at] + digit + text[at + 1 :]
    added = text[:at] + digit + text[at:]
    dropped = text[:at] + text[at + 1 :]
    for slip in (wrong, added):
        if slip != text:
            assert text in misreadings(slip)
    bare = len(dropped.replace(".", "")) and not dropped.startswith(".") and not dropped.endswith(".")
    if bare and not (dropped.startswith("0") and dropped[1:2].isdigit()) and text[at] != "." and dropped != text:
        assert text in misreadings(dropped)
    assert text not in misreadings(text)


@pytest.mark.parametrize(
    ("printed", "read"),
    [("0.0003", "0.3"), ("770", "77"), ("770", "77.0"), ("7700", "77"), ("0.077", "77"), ("29", "9029")],
)
def test_zeros_that_a_slip_adds_or_takes_are_undone(printed, read):
    assert read in misreadings(printed)


@settings(deadline=None, derandomize=True, max_examples=40)
@given(st.integers(0, 2), st.integers(0, 2), st.integers(0, 3), st.sampled_from("0123456789"))
def test_any_visible_wrong_digit_inside_a_crossed_table_is_located(row, column, at, digit):
    text = GOOD[row][column]
    spots = [number for number, character in enumerate(text) if character.isdigit()]
    changed = text[: spots[at]] + digit + text[spots[at] + 1 :]
    table = with_cell(row, column, changed)
    failing = [finding for finding in evaluate(table, BOTH_WAYS) if finding.verdict == "fails"]
    for diagnosis in diagnose(table, BOTH_WAYS):
        if len(failing) == 2:
            assert diagnosis.located == {(ROWS[row], COLUMNS[column])}
            assert text in {read for repair in diagnosis.repairs for _, read in repair.changes}
