"""The unit that a line of figures is really rounded to, against the rule written out plainly."""

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crossfoot.intervals import Interval
from crossfoot.rounding import as_rounded
from crossfoot.table import Cell


def widened(texts: list[str]) -> dict[str, str]:
    """The figures of a column that stand for more than their last digit says, with what they stand for."""
    cells = {(f"row {at}", "2021"): Cell(text, Interval.printed(text)) for at, text in enumerate(texts)}
    done = as_rounded(cells)
    return {cells[spot].text: str(cell.value) for spot, cell in done.items() if cell != cells[spot]}


def plainly(texts: list[str]) -> set[str]:
    """The same figures by the rule: all but one in ten are multiples of a unit, most printed beyond it, four zeros."""
    ends, units = [], []
    for text in texts:
        unit = Fraction(1, 10 ** len(text.partition(".")[2]))
        digits, zeros = abs(int(Fraction(text) / unit)), 0
        while zeros < 12 and digits and digits % 10 == 0:
            digits, zeros = digits // 10, zeros + 1
        if digits:
            ends.append((unit * 10**zeros, text))
            units.append(unit)
    if len({Fraction(text) for _, text in ends}) < 4:
        return set()
    shared = sorted(ends)[len(ends) // 10][0]
    steps = sum(next(power for power in range(40) if unit * 10**power >= shared) for unit in units)
    reached = {text for (end, text), unit in zip(ends, units, strict=True) if unit < shared <= end}
    beyond = sum(unit < shared for unit in units)
    return reached if steps >= 4 and 2 * beyond > len(units) else set()


THOUSANDS = [f"{number}000" for number in range(11, 22)]


@pytest.mark.parametrize(
    ("texts", "told"),
    [
        (THOUSANDS, set(THOUSANDS)),
        ([*THOUSANDS, "12345"], set(THOUSANDS)),  # one may end otherwise
        ([*THOUSANDS, "12345", "54321"], set()),
        (["10", "20", "30", "41"], set()),  # three zeros may be chance
        (["1000"] * 12, set()),  # one figure over and over
        (["5.0000", "6.0000", "1", "2"], set()),  # most are printed to ones
        (["0", "0", *THOUSANDS], set(THOUSANDS)),
        (["-1200", "3400", "5600", "7800"], {"-1200", "3400", "5600", "7800"}),
    ],
)
def test_a_column_is_rounded_where_all_but_the_odd_one_say_so(texts: list[str], told: set[str]):
    assert set(widened(texts)) == told == plainly(texts)


def test_what_is_widened_stands_for_half_the_unit_either_way():
    assert widened(THOUSANDS)["12000"] == "[11500, 12500]"


FIGURES = st.builds(
    lambda digits, zeros, decimals, sign: f"{sign}{digits}{'0' * zeros}{'.' + '0' * decimals if decimals else ''}",
    st.integers(0, 999),
    st.integers(0, 4),
    st.integers(0, 2),
    st.sampled_from(["", "-"]),
)


@given(st.lists(FIGURES, max_size=25))
def test_the_rule_written_out_plainly_gives_the_same(texts: list[str]):
    assert set(widened(texts)) == plainly(texts)
