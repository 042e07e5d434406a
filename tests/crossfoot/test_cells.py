"""One printed cell: what stands in it, and what it can stand for."""

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crossfoot.read.cells import Style, decimal_text, half_width, read_cell, take_apart
from crossfoot.read.symbols import SYMBOLS

THIN, NARROW, NO_BREAK = "\u2009", "\u202f", "\u00a0"


def bounds(text: str, style: Style | None = None) -> tuple[str, str]:
    value = read_cell(take_apart(text), style).value
    assert value is not None
    return tuple("none" if end is None else str(float(end)) for end in (value.low, value.high))  # type: ignore[return-value]


@pytest.mark.parametrize(
    ("text", "low", "high"),
    [
        ("1,234", "1233.5", "1234.5"),
        ("12,34,567", "1234566.5", "1234567.5"),
        (f"1{THIN}234{NARROW}567", "1234566.5", "1234567.5"),
        (f"1{NO_BREAK}234.5", "1234.45", "1234.55"),
        ("1’234.5", "1234.45", "1234.55"),
        ("-5", "-5.5", "-4.5"),
        ("‐5", "-5.5", "-4.5"),
        ("– 5.0", "-5.05", "-4.95"),
        ("−5", "-5.5", "-4.5"),
        ("－５", "-5.5", "-4.5"),
        ("(1,234)", "-1234.5", "-1233.5"),
        ("$(5)", "-5.5", "-4.5"),
        ("1,234a", "1233.5", "1234.5"),
        ("567¹", "566.5", "567.5"),
        ("567<sup>2</sup>", "566.5", "567.5"),
        ("12*", "11.5", "12.5"),
        ("34†", "33.5", "34.5"),
        ("1234 [2]", "1233.5", "1234.5"),
        ("45.2%", "45.15", "45.25"),
        ("４５．２％", "45.15", "45.25"),
        ("US$1,234", "1233.5", "1234.5"),
        ("300元", "299.5", "300.5"),
        ("more than 5,000", "5000.0", "none"),
        ("5,000+", "5000.0", "none"),
        (">5,000", "5000.0", "none"),
        ("nearly 3,000", "none", "3000.0"),
        ("超过5000", "5000.0", "none"),
        ("2–3", "2.0", "3.0"),
        ("1.5E+06", "1450000.0", "1550000.0"),
        ("1.2e", "1.15", "1.25"),
        (".5", "0.45", "0.55"),
        ("^12.3", "12.25", "12.35"),
        ("^6.1", "6.05", "6.15"),
        ("12.3^", "12.25", "12.35"),
        ("12.3^a", "12.25", "12.35"),
        ("r 145.2", "145.15", "145.25"),
        ("[p] 12", "11.5", "12.5"),
        ("2,374,362 [r]", "2374361.5", "2374362.5"),
        ("12 [note 1]", "11.5", "12.5"),
        ("12(p)", "11.5", "12.5"),
        ("±0.9", "0.85", "0.95"),
        ("△747", "-747.5", "-746.5"),
        ("▲ 1,234", "-1234.5", "-1233.5"),
        ("٣٫٥", "3.45", "3.55"),
        ("(102.7–103.6)", "102.7", "103.6"),
        ("(-0.5 to 1.2)", "-0.5", "1.2"),
        ("(0.5, 1.2)", "0.5", "1.2"),
        ("63 (18.5%)", "62.5", "63.5"),
        ("0.9 (0.7–1.2)", "0.85", "0.95"),
        ("45 [12.5]", "44.5", "45.5"),
        ("12.3 ± 0.4", "12.25", "12.35"),
        ("0.10", "0.095", "0.105"),
    ],
)
def test_a_figure_is_read_as_printed(text: str, low: str, high: str) -> None:
    assert bounds(text, Style(decimal=",") if "٫" in text else None) == (low, high)
    assert read_cell(take_apart(text)).text == text


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("–", "not available"),
        ("—", "not available"),
        ("-", "not available"),
        ("--", "not available"),
        ("n/a", "not available"),
        ("N.A.", "not available"),
        ("…", "not available"),
        ("..", "not available"),
        ("n/a [1]", "not available"),
        ("-¹", "not available"),
        ("x", "suppressed"),
        ("c", "suppressed"),
        ("*", "suppressed"),
        (":", "not available"),
        ("(D)", "suppressed"),
        ("[c]", "suppressed"),
        ("[z]", "not applicable"),
        ("(X)", "not applicable"),
        ("[low]", "low"),
        ("[u]", "not reliable"),
        (":u", "not reliable"),
        ("///", "not applicable"),
        ("†", "not applicable"),
        ("―", "not available"),
        ("", "blank"),
        ("  ", "blank"),
    ],
)
def test_a_mark_for_no_figure_says_why(text: str, why: str) -> None:
    cell = read_cell(take_apart(text))
    assert (cell.value, cell.missing) == (None, why)


NO_FIGURES = [
    *("83.2521.", "abc", "12k", "5 million", "about 50", "1/2", "12 (about 4)", "~100", "1234-", "-(5)", "[1]", "(a)"),
    *("¹", "12x", "1.2万", "5×10³", "9" * 100, "1e999", "nan", "inf", "=SUM(A1:A3)", "#REF!", "#DIV/0!"),
]


@pytest.mark.parametrize("text", NO_FIGURES)
def test_what_is_no_figure_is_not_read_and_says_why(text: str) -> None:
    cell = read_cell(take_apart(text))
    assert (cell.text, cell.value) == (text, None)
    assert cell.missing == "not read: a figure or a mark for a missing one expected"


@pytest.mark.parametrize("text", ["1,23,45", "1.2.3", "12,34", "1 23", "0,123", "01,095"])
def test_a_figure_in_another_convention_is_not_read(text: str) -> None:
    assert read_cell(take_apart(text)).missing == "not read: no number where '.' is the decimal mark"


def test_every_symbol_names_whose_it_is_and_is_read_as_its_first_meaning() -> None:
    assert all(row.source and row.meaning for row in SYMBOLS)
    for row in SYMBOLS:
        for symbol in row.symbols.split():
            taken = take_apart(symbol.replace("_", " "))
            assert bool(taken.missing) == (symbol != "0")
            assert not taken.missing.startswith("not read")


def test_a_mark_that_the_style_reads_as_nil_is_zero_and_another_is_not() -> None:
    style = Style(nil=frozenset({"-"}))
    assert bounds("–", style) == ("0.0", "0.0")
    assert read_cell(take_apart(".."), style).value is None


def test_a_range_that_runs_downwards_is_not_read() -> None:
    assert read_cell(take_apart("3-2")).missing == "not read: a range from low to high expected"


def test_parentheses_mean_what_the_table_says() -> None:
    assert bounds("(5)", Style(parentheses="share")) == ("4.5", "5.5")


def test_a_bound_below_zero_keeps_its_side() -> None:
    assert bounds("more than -5") == ("-5.0", "none")


def test_counts_are_exact_and_decimals_are_not() -> None:
    assert bounds("167", Style(counts=True)) == ("167.0", "167.0")
    assert bounds("16.7", Style(counts=True)) == ("16.65", "16.75")


@given(st.text(max_size=70))
def test_any_text_is_read_or_says_why_not(text: str) -> None:
    cell = read_cell(take_apart(text))
    assert (cell.value is None) == bool(cell.missing)
    assert cell.text == text


@given(
    st.integers(0, 10**12),
    st.integers(0, 6),
    st.sampled_from([(".", ","), (".", " "), (".", "'"), (",", "."), (",", " "), (".", ""), (",", THIN)]),
)
def test_a_formatted_number_reads_back(digits: int, decimals: int, convention: tuple[str, str]) -> None:
    decimal, thousands = convention
    value = Fraction(digits, 10**decimals)
    whole, rest = divmod(digits, 10**decimals)
    text = f"{whole:,}".replace(",", thousands) + (f"{decimal}{rest:0{decimals}d}" if decimals else "")
    read = read_cell(take_apart(text), Style(decimal=decimal)).value
    assert read is not None
    assert (read.middle, read.half) == (value, Fraction(1, 2 * 10**decimals))


def test_digits_under_the_wrong_mark_are_no_number() -> None:
    assert decimal_text("1.234,5", ".") is None
    assert half_width("10") == Fraction(1, 2)
