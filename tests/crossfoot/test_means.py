"""Means of other figures, weighted or not, products, and figures inside the range beside them."""

from fractions import Fraction
from itertools import product
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

import crossfoot
from crossfoot.intervals import Interval
from crossfoot.kinds import Mean, WithinRange, weighted_mean
from crossfoot.relation_file import read_relations
from crossfoot.relations import Ratio
from crossfoot.suggest import relations_text, suggest_relations

WEATHER = (
    "Month,Rain,Sun,Wind,Cost\nMay,61.2,214.6,13.1,4173\nJune,48.9,251.3,18.4,2918\nJuly,70.4,238.8,11.9,6605\n"
    "Total,180.5,704.7,43.4,13696\nAverage,60.2,234.9,14.5,4565\n"
)
WORK = (
    "Region,Labour force,Unemployed 2001 %,Unemployed 2002 %,Unemployed 2003 %\n"
    "North,4213,6.12,9.71,11.84\nSouth,2975,11.41,5.32,3.07\nEast,1866,3.29,12.68,7.75\nTotal,9054,7.27,8.88,8.12\n"
)
RATES = (
    "Cause,Rate,95% CI\nA,103.1,(102.7–103.6)\nB,176.5,(175.7–177.2)\nC,97.4,(92.8–102.0)\nD,77.1,(75.4–78.9)\n"
    "E,161.6,(160.1–163.1)\n"
)
SALES = (
    "Good,Price,Quantity,Value\nOats,12.35,417,5149.95\nRye,9.87,633,6247.71\nMaize,14.02,291,4079.82\n"
    "Rice,21.46,158,3390.68\n"
)


def relations(text: str, kind: type) -> set[str]:
    return {
        finding.relation.formula for finding in crossfoot.check(text).findings if isinstance(finding.relation, kind)
    }


def failing(text: str) -> list[tuple[str, str]]:
    return [(each.relation.kind, each.place) for each in crossfoot.check(text).failing]


def test_a_line_labelled_as_a_mean_is_that_of_the_lines_above_it() -> None:
    assert relations(WEATHER, Mean) == {"Average = the mean of May and June and July"}
    assert failing(WEATHER) == []


def test_a_mean_that_its_parts_do_not_give_is_told() -> None:
    assert ("mean", "Sun") in failing(WEATHER.replace("234.9", "243.9"))


def test_the_rate_of_a_total_is_the_weighted_mean_of_its_parts() -> None:
    assert relations(WORK, Mean) == {"Total = the mean of North and South and East weighted by 'Labour force'"}
    assert failing(WORK) == []
    assert ("mean", "Unemployed 2002 %") in failing(WORK.replace("8.88", "8.38"))


def test_a_rate_outside_its_interval_is_told() -> None:
    assert relations(RATES, WithinRange) == {"Rate within 95% CI"}
    assert failing(RATES) == []
    assert failing(RATES.replace("176.5", "167.5")) == [("inside", "B")]


def test_a_product_of_two_lines_is_found_of_which_one_is_a_price() -> None:
    found = {finding.relation for finding in crossfoot.check(SALES).findings}
    assert Ratio("Price", "Value", "Quantity", axis="columns") in found
    assert failing(SALES.replace("6247.71", "6427.71")) == [("ratio", "Rye")]


def test_new_kinds_are_written_and_read_back(tmp_path: Path) -> None:
    for text in (WEATHER, WORK, RATES):
        found = suggest_relations(crossfoot.check(text).table)
        (tmp_path / "r.yml").write_text(relations_text(found), encoding="utf-8")
        assert read_relations(tmp_path / "r.yml") == [each.relation for each in found]


def ranges(least: int) -> st.SearchStrategy[Interval]:
    return st.builds(
        lambda low, more: Interval(Fraction(low), Fraction(low + more)), st.integers(least, 50), st.integers(0, 9)
    )


@given(st.lists(st.tuples(ranges(-50), ranges(1)), min_size=1, max_size=4))
def test_a_weighted_mean_has_the_bounds_that_its_corners_give(pairs: list[tuple[Interval, Interval]]) -> None:
    parts, weights = zip(*pairs, strict=True)
    corners = [
        sum(value * weight for value, weight in zip(values, heavy, strict=True)) / sum(heavy)
        for values in product(*((part.low, part.high) for part in parts))
        for heavy in product(*((weight.low, weight.high) for weight in weights))
    ]
    found = weighted_mean(parts, weights)
    assert (found.low, found.high) == (min(corners), max(corners))


@pytest.mark.parametrize("weight", [Interval.exact(0), Interval(None, None), Interval.exact(-1)])
def test_a_weight_that_can_be_nothing_or_less_bounds_no_mean(weight: Interval) -> None:
    assert not weighted_mean([Interval.exact(1)], [weight]).bounded
