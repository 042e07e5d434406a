"""Printed numbers as intervals: nothing true falls outside, and the bounds are reached."""

from decimal import Decimal
from fractions import Fraction
from math import prod

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crossfoot.errors import DataError
from crossfoot.intervals import ROOT_DIGITS, Interval, compound_growth, decimal_places, plain, simple_growth, total

steady = settings(deadline=None, derandomize=True, max_examples=150)
STEPS = 1000  # positions inside a rounding interval


@st.composite
def figures(draw, low=-999_999, high=999_999):
    """Draw a printed decimal and a true value that rounds to it, ends included."""
    digits, decimals = draw(st.integers(low, high)), draw(st.integers(0, 4))
    text = format(Decimal(digits).scaleb(-decimals), "f")
    offset = Fraction(draw(st.integers(-STEPS, STEPS)), 2 * STEPS * 10**decimals)
    return text, Fraction(text) + offset


positive = figures(low=1)


@steady
@given(figures())
def test_a_printed_decimal_stands_for_exactly_what_rounds_to_it(figure):
    text, true = figure
    interval = Interval.printed(text)
    unit = Fraction(1, 10 ** len(text.partition(".")[2]))
    assert interval.contains(true)
    assert (interval.low, interval.high) == (Fraction(text) - unit / 2, Fraction(text) + unit / 2)
    assert (interval.middle, interval.half) == (Fraction(text), unit / 2)
    assert not interval.contains(Fraction(text) + unit / 2 + Fraction(1, 10**30))


@steady
@given(figures(), figures())
def test_sums_differences_and_products_contain_the_truth_and_reach_their_bounds(one, other):
    (a, x), (b, y) = one, other
    first, second = Interval.printed(a), Interval.printed(b)
    assert (first + second).contains(x + y)
    assert (first - second).contains(x - y)
    assert (first * second).contains(x * y)
    corners = [p * q for p in (first.low, first.high) for q in (second.low, second.high)]
    assert (first * second).low == min(corners)
    assert (first * second).high == max(corners)
    assert (first - second).low == first.low - second.high


@steady
@given(st.lists(figures(), min_size=1, max_size=9))
def test_a_total_is_the_sum_taken_step_by_step(parts):
    intervals = [Interval.printed(text) for text, _ in parts]
    stepwise = Interval.exact(0)
    for interval in intervals:
        stepwise = stepwise + interval
    assert total(intervals) == stepwise
    assert total(intervals).contains(sum(true for _, true in parts))


@steady
@given(figures(), figures())
def test_a_ratio_contains_the_truth_and_is_told_unbounded_when_the_divisor_can_be_zero(over, under):
    (a, x), (b, y) = over, under
    first, second = Interval.printed(a), Interval.printed(b)
    quotient = first / second
    if second.contains(Fraction(0)):
        assert quotient == Interval(None, None)
        return
    corners = [p / q for p in (first.low, first.high) for q in (second.low, second.high)]
    assert quotient.contains(x / y)
    assert (quotient.low, quotient.high) == (min(corners), max(corners))


@steady
@given(positive, positive, st.integers(1, 6))
def test_simple_growth_contains_the_truth_and_reaches_its_bounds(first, last, periods):
    (a, x), (b, y) = first, last
    start, end = Interval.printed(a), Interval.printed(b)
    if start.low <= 0:
        return
    growth = simple_growth(start, end, periods)
    assert growth.contains((y / x - 1) / periods)
    corners = [(q / p - 1) / periods for p in (start.low, start.high) for q in (end.low, end.high)]
    assert (growth.low, growth.high) == (min(corners), max(corners))


@steady
@given(positive, positive, st.integers(1, 6))
def test_compound_growth_leads_from_first_to_last_within_the_rounding_of_roots(first, last, periods):
    (a, x), (b, y) = first, last
    start, end = Interval.printed(a), Interval.printed(b)
    if start.low <= 0 or end.low <= 0:
        return
    rate = compound_growth(start, end, periods)
    step = Fraction(1, 10**ROOT_DIGITS)
    assert (1 + rate.low) ** periods <= y / x <= (1 + rate.high) ** periods
    assert (1 + rate.low) ** periods <= end.low / start.high < (1 + rate.low + step) ** periods
    assert (1 + rate.high - step) ** periods < end.high / start.low <= (1 + rate.high) ** periods


@steady
@given(figures(), st.booleans(), figures(low=1))
def test_one_sided_figures_stay_open_on_the_right_side(bound, above, factor):
    text, _ = bound
    side = Interval.at_least(text) if above else Interval.at_most(text)
    scale = Interval.exact(factor[0])
    assert side.contains(Fraction(text) + (1 if above else -1))
    assert not side.contains(Fraction(text) - (1 if above else -1))
    assert (side * scale) == Interval(*(None if end is None else end * scale.low for end in (side.low, side.high)))
    assert (-side).low == (None if side.high is None else -side.high)
    assert not side.bounded
    assert side.middle is None


@steady
@given(figures(), figures())
def test_intervals_have_a_gap_exactly_when_they_do_not_meet(one, other):
    first, second = Interval.printed(one[0]), Interval.printed(other[0])
    distance = abs(first.middle - second.middle) - first.half - second.half
    assert first.gap(second) == second.gap(first) == max(distance, 0)
    assert first.overlaps(second) == (distance <= 0)


@pytest.mark.parametrize(
    "text",
    ["1e5", "1,2,3", "0,5", "1,23", "12 %", "", ".", "5.", "--5", "NaN", "Infinity", "1_000", "１２", "9" * 5000],
)
def test_text_that_is_no_plain_decimal_is_refused_in_one_sentence(text):
    for read in (Interval.printed, Interval.exact, Interval.at_least):
        with pytest.raises(DataError, match="is not a plain decimal number; digits and one decimal point") as caught:
            read(text)
        assert caught.value.exit_code == 2
        assert len(str(caught.value)) < 160


def test_thousands_signs_and_given_half_widths_are_read():
    assert decimal_places("-1,234,567.80") == (-123456780, 2)
    assert str(Interval.printed("4,000", half_width="500")) == "[3500, 4500]"
    assert Interval.printed("7", half_width="0") == Interval.exact(7)
    with pytest.raises(DataError, match="negative"):
        Interval.printed("7", half_width="-1")


def test_growth_without_a_period_or_a_positive_base_is_refused():
    one = Interval.exact(1)
    for grow in (simple_growth, compound_growth):
        with pytest.raises(DataError, match="period"):
            grow(one, one, 0)
    with pytest.raises(DataError, match="positive"):
        compound_growth(Interval.printed("0.4", half_width="0.5"), one, 2)
    with pytest.raises(DataError, match="1 to 1000 periods"):
        compound_growth(one, one, 10**9)


def test_very_large_and_very_fine_figures_are_shown_without_a_float():
    large = Interval.exact("9" * 350)
    assert str(large) == f"[{'9' * 350}, {'9' * 350}]"
    assert plain(Fraction(1, 7)) == "0.1428571429"
    assert plain(prod([Fraction(3, 2)] * 3)) == "3.375"
    assert plain(Fraction(-1, 10**10)) == "-0.0000000001"


def test_the_middle_of_a_result_is_what_the_printed_figures_give():
    low, high = Interval.printed("2.12"), Interval.printed("2.86")
    assert (high / low).middle == Fraction(286, 212)
    assert (high * low - high).middle == Fraction(286 * 112, 10**4)
    assert (-high + low).middle == Fraction(-74, 100)
    assert total([low, high, Interval.exact(1)]).middle == Fraction(598, 100)
    assert simple_growth(low, high, 2).middle == Fraction(74, 212) / 2
    grown = compound_growth(low, high, 18).middle
    assert grown is not None and abs((1 + float(grown)) ** 18 - 286 / 212) < 1e-14
    assert (Interval(Fraction(1), Fraction(4)) / Interval.exact(2)).middle == Fraction(5, 4)
    assert Interval.at_least(5).middle is None


def test_an_interval_upside_down_is_refused():
    with pytest.raises(DataError, match="from 2 to 1 is upside down"):
        Interval(Fraction(2), Fraction(1))
