"""Declared relations: what holds, what fails, what cannot be told, and requests that make no sense."""

from fractions import Fraction

import pytest
from common import steps
from hypothesis import given, settings
from hypothesis import strategies as st

from crossfoot.errors import DataError, RequestError
from crossfoot.evaluate import evaluate
from crossfoot.intervals import Interval
from crossfoot.relations import AtMost, Between, Growth, Ratio, Same, Share, Sum
from crossfoot.table import Cell, Table


def table(rows, columns=("2003",), *, exact=False):
    """Build a table from printed rows; None is a suppressed cell, ">5" a one-sided figure."""

    def cell(text):
        if text is None:
            return Cell("x", None, "suppressed")
        if text.startswith(">"):
            return Cell(text, Interval.at_least(text[1:]))
        return Cell(text, Interval.exact(text) if exact else Interval.printed(text))

    cells = {
        (row, column): cell(text) for row, texts in rows.items() for column, text in zip(columns, texts, strict=True)
    }
    return Table("staff", tuple(rows), tuple(columns), cells)


def only(rows, relation, columns=("2003",), *, exact=False):
    """Return the single finding of a relation."""
    [finding] = evaluate(table(rows, columns, exact=exact), [relation])
    return finding


def test_a_sum_holds_as_far_as_mixed_decimals_allow_and_not_further():
    parts = Sum("all", ("men", "women"))
    edge = only({"all": ["8"], "men": ["4.0"], "women": ["3.45"]}, parts)
    assert (edge.verdict, edge.gap, edge.tolerance) == ("holds", Fraction("0.55"), Fraction("0.555"))
    beyond = only({"all": ["8"], "men": ["4.0"], "women": ["3.44"]}, parts)
    assert (beyond.verdict, beyond.gap, beyond.tolerance) == ("fails", Fraction("0.56"), Fraction("0.555"))


def test_a_failing_sum_is_told_in_one_sentence_with_its_printed_figures():
    finding = only({"all": ["2,600"], "men": ["1,500"], "women": ["1,000"]}, Sum("all", ("men", "women")), exact=True)
    assert finding.sentence == (
        "staff, 2003: 'all' (2,600) should be 'men' (1,500) + 'women' (1,000) = 2500; "
        "it is off by 100, and nothing here is rounded."
    )


def test_what_is_taken_off_is_subtracted():
    net = Sum("net", ("gross",), less=("refunds",))
    assert only({"net": ["7"], "gross": ["10"], "refunds": ["3"]}, net, exact=True).verdict == "holds"
    finding = only({"net": ["13"], "gross": ["10"], "refunds": ["3"]}, net, exact=True)
    assert finding.verdict == "fails"
    assert "'gross' (10) - 'refunds' (3) = 7" in finding.sentence


def test_a_row_total_is_tested_in_every_row_or_only_where_asked():
    rows = {"a": ["1", "2", "3"], "b": ["1", "2", "9"]}
    total = Sum("all", ("x", "y"), axis="columns")
    heads = ("x", "y", "all")
    assert [f.verdict for f in evaluate(table(rows, heads, exact=True), [total])] == ["holds", "fails"]
    at_a = Sum("all", ("x", "y"), axis="columns", places=("a",))
    assert [f.place for f in evaluate(table(rows, heads, exact=True), [at_a])] == ["a"]


def test_a_share_may_divide_by_a_whole_that_stands_elsewhere():
    rows = {"a": ["30", "30.0"], "b": ["70", "70.9"], "all": ["100", "100.0"]}
    share = Share("%", "n", "n", whole_at="all", axis="columns", places=("a", "b"))
    rounded = evaluate(table(rows, ("n", "%")), [share])
    assert [finding.verdict for finding in rounded] == ["holds", "holds"]  # 70.5 of 99.5 is 70.85 %
    exact = evaluate(table(rows, ("n", "%"), exact=True), [share])
    assert [finding.verdict for finding in exact] == ["holds", "fails"]
    assert "'n' (70) / 'n' (100) at 'all' x 100 = 70" in exact[1].sentence


def test_ratio_and_growth_recompute_the_printed_figure():
    assert only({"r": ["0.5"], "a": ["1"], "b": ["2"]}, Ratio("r", "a", "b")).verdict == "holds"
    assert only({"r": ["0.5"], "a": ["30"], "b": ["20"]}, Ratio("r", "a", "b")).verdict == "fails"
    rows = {"g": ["10.0"], "first": ["100.00"], "last": ["121.00"]}
    assert only(rows, Growth("g", "first", "last", periods=2)).verdict == "holds"
    assert only(rows, Growth("g", "first", "last", periods=2, how="simple")).verdict == "fails"
    assert only({**rows, "g": ["10.5"]}, Growth("g", "first", "last", periods=2, how="simple")).verdict == "holds"


def test_the_same_figure_in_two_places_may_differ_only_by_rounding():
    rows = {"a": ["5.2", "5.24"], "b": ["5.3", "1"]}
    same = Same(("a", "x"), ("a", "y"))
    assert only(rows, same, ("x", "y")).verdict == "holds"
    other = only(rows, Same(("b", "x"), ("a", "y")), ("x", "y"))
    assert other.verdict == "fails"
    assert "in 'x'" in other.sentence
    assert "in 'y'" in other.sentence


def test_a_part_cannot_exceed_its_whole():
    part = AtMost(("women",), "all")
    assert only({"women": ["3"], "all": ["5"]}, part).verdict == "holds"
    assert only({"women": ["5.04"], "all": ["5.0"]}, part).verdict == "holds"
    finding = only({"women": ["6"], "all": ["5"]}, part, exact=True)
    assert (finding.verdict, finding.gap) == ("fails", 1)
    assert "should be at most 'all' (5)" in finding.sentence


def test_attendees_per_course_below_one_speak_against_the_unit():
    finding = only({"attendees": ["9"], "courses": ["10"]}, Between(("attendees",), ("courses",), "1"), exact=True)
    assert (finding.verdict, finding.gap) == ("fails", Fraction("0.1"))
    assert "'attendees' (9) per 'courses' (10) = 0.9 should be 1 or more" in finding.sentence
    within = Between(("attendees",), at_least="0", at_most="9")
    assert only({"attendees": ["9"]}, within, exact=True).verdict == "holds"


@pytest.mark.parametrize(
    ("rows", "relation", "why"),
    [
        ({"all": ["5"], "men": [None]}, Sum("all", ("men",)), "'men' in '2003' holds no figure (suppressed)"),
        ({"all": [">5"], "men": ["7"]}, Sum("all", ("men",)), "'all' in '2003' (>5) has no bound on one side"),
        ({"r": ["5"], "a": ["3"], "b": ["0"]}, Ratio("r", "a", "b"), "divides by can be zero"),
        ({"g": ["5"], "a": ["0"], "b": ["3"]}, Growth("g", "a", "b", periods=2), "divides by can be zero or negative"),
        ({"a": [None], "b": ["2"]}, AtMost(("a",), "b"), "'a' in '2003' holds no figure"),
        ({"a": [None], "b": ["2"]}, Between(("a",), ("b",), "1"), "'a' in '2003' holds no figure"),
    ],
)
def test_what_a_missing_or_unbounded_figure_hides_cannot_be_told(rows, relation, why):
    finding = only(rows, relation)
    assert finding.verdict == "cannot be told"
    assert (finding.gap, finding.tolerance) == (None, None)
    assert why in finding.sentence


def test_an_unbounded_figure_still_fails_where_no_value_of_it_would_do():
    finding = only({"all": [">5"], "men": ["3"]}, Sum("all", ("men",)))
    assert (finding.verdict, finding.gap, finding.tolerance) == ("fails", Fraction("1.5"), 0)
    assert only({"a": ["3"], "b": [">5"]}, AtMost(("a",), "b")).verdict == "holds"


@settings(deadline=None, derandomize=True, max_examples=100)
@given(st.data())
def test_true_figures_rounded_one_by_one_never_fail(data):
    columns = ("x", "y", "all")
    true = {
        (row, column): Fraction(data.draw(st.integers(1, 10**7)), 10**4) for row in ("a", "b") for column in columns[:2]
    }
    true |= {(row, "all"): true[row, "x"] + true[row, "y"] for row in ("a", "b")}
    true |= {("total", column): true["a", column] + true["b", column] for column in columns}
    true |= {("share", column): 100 * true["a", column] / true["total", column] for column in columns}
    true |= {("growth", column): 100 * (true["b", column] / true["a", column] - 1) for column in columns}
    cells = {}
    for spot, value in true.items():
        decimals = data.draw(st.integers(0, 3))
        text = f"{round(value * 10**decimals):d}"
        unit = Fraction(1, 10**decimals)
        middle = int(text) * unit
        cells[spot] = Cell(text, Interval(middle - unit / 2, middle + unit / 2))
    rows = ("a", "b", "total", "share", "growth")
    relations = [
        Sum("total", ("a", "b")),
        Sum("all", ("x", "y"), axis="columns", places=("a", "b", "total")),
        Share("share", "a", "total"),
        Growth("growth", "a", "b", how="simple"),
        AtMost(("a",), "total"),
    ]
    for finding in evaluate(Table("t", rows, columns, cells), relations):
        assert finding.verdict != "fails", finding.sentence


@settings(deadline=None, derandomize=True, max_examples=100)
@given(st.integers(0, 9999), st.integers(0, 9999), st.integers(0, 2), st.integers(0, 2))
def test_a_relation_fails_exactly_where_the_gap_exceeds_the_tolerance(one, other, some, more):
    texts = [f"{one / 10**some:.{some}f}", f"{other / 10**more:.{more}f}"]
    for relation in (Sum("a", ("b",)), AtMost(("a",), "b"), Between(("a",), at_least=texts[1])):
        finding = only({"a": [texts[0]], "b": [texts[1]]}, relation)
        assert (finding.verdict == "fails") == (finding.gap > finding.tolerance)


@pytest.mark.parametrize(
    ("relations", "said"),
    [
        ([Sum("al", ("men",))], "names row 'al', which table 'staff' does not have; did you mean 'all'?"),
        ([Sum("all", ("men",), places=("2033",))], "names column '2033', .* did you mean '2003'?"),
        ([Sum("2003", ("men",))], "it is a column: check the relation's axis"),
        ([Sum("all", ("qqqq",))], "its rows are 'all', 'men', 'women'"),
        ([Sum("all", ())], "names no parts"),
        ([Sum("all", ("men", "men"))], "names 'men' twice"),
        ([Sum("all", ("all", "men"))], "names 'all' twice"),
        ([Between(("all",))], "has no range"),
        ([Growth("all", "men", "women", periods=0)], "spans 0 periods"),
        ([Same(("all", "2003"), ("men", "2004"))], "names column '2004'"),
        ([Sum("all", ("men",)), Sum("men", ("all",))], "in a circle: 'all' is part of 'men' is part of 'all'"),
        ([Sum("all", ("men",)), Sum("men", ("women",)), AtMost(("all",), "women")], "in a circle"),
    ],
)
def test_a_request_that_makes_no_sense_is_refused_in_one_sentence(relations, said):
    staff = table({"all": ["3"], "men": ["1"], "women": ["2"]})
    with pytest.raises(RequestError, match=said) as caught:
        evaluate(staff, relations)
    assert caught.value.exit_code == 2
    assert "\n" not in str(caught.value)


def test_a_range_upside_down_or_unreadable_is_refused():
    staff = table({"all": ["3"]})
    with pytest.raises(DataError, match="upside down"):
        evaluate(staff, [Between(("all",), at_least="2", at_most="1")])
    with pytest.raises(DataError, match="'one' is not a plain decimal"):
        evaluate(staff, [Between(("all",), at_least="one")])


def test_duplicate_labels_and_missing_cells_of_a_table_are_named():
    cells = {("a", "x"): Cell("1", Interval.exact(1))}
    with pytest.raises(DataError, match="two rows labelled 'a'"):
        evaluate(Table("t", ("a", "a"), ("x",), cells), [])
    with pytest.raises(DataError, match="no cell at row 'a', column 'y'"):
        evaluate(Table("t", ("a",), ("x", "y"), cells), [Between(("a",), at_least="0")])


def test_a_change_and_the_sum_it_comes_from_are_no_circle():
    rows = {"2003": ["5"], "2004": ["7"], "change": ["2"]}
    relations = [Sum("change", ("2004",), less=("2003",)), Sum("2004", ("2003", "change"))]
    assert [f.verdict for f in evaluate(table(rows, ("n",)), relations)] == ["holds", "holds"]


def test_a_long_chain_of_parents_is_no_deep_recursion():
    rows = {f"r{number}": ["1"] for number in range(5000)}
    chain = [Sum(f"r{number}", (f"r{number + 1}",)) for number in range(4999)]
    assert len(evaluate(table(rows), chain)) == 4999
    with pytest.raises(RequestError, match="circle"):
        evaluate(table(rows), [*chain, Sum("r4999", ("r0",))])


class Counted(str):
    """A label that counts how often any is looked up or compared."""

    __slots__ = ()
    asked = 0

    def __hash__(self):
        Counted.asked += 1
        return super().__hash__()

    def __eq__(self, other):
        Counted.asked += 1
        return super().__eq__(other)


def test_sums_take_work_linear_in_their_number():
    def work(count):
        rows = {Counted(f"r{number}"): ["1.5", "1.5", "3.0"] for number in range(count)}
        large = table(rows, ("x", "y", "all"))
        before = Counted.asked
        lines = steps(lambda: evaluate(large, [Sum("all", ("x", "y"), axis="columns")]))
        return lines, Counted.asked - before

    work(10)  # what is remembered between calls is there now
    (lines, looks), (more_lines, more_looks) = work(100), work(800)
    assert more_lines < 8 * lines * 1.1
    assert more_looks < 8 * looks * 1.1
