"""Notebook 02's study modules against arithmetic written out by hand, and their intervals against simulation."""

import math

import numpy as np
import pandas as pd
import pytest

from crossfoot.errors import RequestError
from ewppr_lib.charts.funding import aid_and_levels
from ewppr_lib.study import funding, funding_growth, funding_outside
from nbedition import data

FUNDING = data.load("funding")
HISTORY = data.load("partnership_history")
STATED = data.load("stated")
LEVELS = FUNDING[["aid_provincial", "aid_prefectural", "aid_county"]]


def test_the_printed_total_is_the_sum_of_all_rows_parents_and_parts_alike():
    twice = funding.double_counting(FUNDING)
    assert (twice["printed_total"] - twice["all_rows"]).abs().max() < 0.005
    assert twice.loc[2003, "once_agreed"] == pytest.approx(343.795 + 24877.58 + 50.463)


def test_the_enterprise_share_under_each_denominator():
    shares = funding.pooled_shares(FUNDING)["enterprise_investment"]
    assert shares["printed_total"] == pytest.approx(100 * 391739.394 / 487719.01, abs=1e-4)
    assert shares["agreed"] == pytest.approx(100 * 391739.394 / (2377.198 + 391739.394 + 399.34), abs=1e-4)
    assert shares["realised"] == pytest.approx(100 * 89621.235 / (2377.198 + 89621.235 + 399.34), abs=1e-4)


def test_without_a_printed_total_its_reading_is_left_out():
    assert list(funding.pooled_shares(FUNDING.drop(columns="total")).index) == ["agreed", "realised"]


@pytest.mark.parametrize("denominator", ["agreed", "realised"])
def test_shares_that_count_each_yuan_once_sum_to_one_hundred(denominator: str):
    assert np.allclose(funding.shares(FUNDING, denominator).sum(axis=1), 100)


def test_the_levels_of_government_fall_short_in_2003_and_2006():
    gap = funding.level_gaps(FUNDING)["gap"]
    assert gap[2003] == pytest.approx(343.795 - (144.35 + 117.93 + 84.1326))
    assert gap[2006] == pytest.approx(534.553 - (169.59 + 91.113 + 42.75))
    assert gap[[2004, 2005, 2007]].abs().max() < 0.001


def test_the_trend_of_an_exact_compound_series_is_its_rate():
    amounts = pd.Series([100 * 1.07**n for n in range(5)], index=range(2003, 2008))
    assert funding_growth.trend_growth(amounts, 0.95)["value"] == pytest.approx(7)


def test_the_interval_of_the_trend_is_the_textbook_one():
    amounts = FUNDING["social_donations"]
    x, y = np.arange(5) - 2.0, np.log(amounts.to_numpy())
    slope = (x @ y) / (x @ x)
    error = math.sqrt(((y - y.mean() - slope * x) ** 2).sum() / 3 / (x @ x))
    t_975_with_3_degrees = 3.182446305284263
    trend = funding_growth.trend_growth(amounts, 0.95)
    assert trend["low"] == pytest.approx(100 * math.expm1(slope - t_975_with_3_degrees * error))
    assert trend["high"] == pytest.approx(100 * math.expm1(slope + t_975_with_3_degrees * error))


def test_growth_of_amounts_with_a_zero_is_refused():
    with pytest.raises(ValueError, match="positive"):
        funding_growth.trend_growth(pd.Series([0.0, 1.0, 2.0], index=[1, 2, 3]), 0.95)


def test_realised_investment_as_a_share_of_agreed():
    shares = funding.realisation(FUNDING)["realised_share"]
    assert shares[2005] == pytest.approx(100 * 30138.4 / 64724.714)
    assert shares.idxmin() == 2004


def covered(interval, truth: float, trials: int = 400) -> float:
    """Share of simulated series whose interval holds the truth."""
    generator = np.random.default_rng(20261123)
    hits = 0
    for _ in range(trials):
        found = interval(generator)
        hits += found["low"] <= truth <= found["high"]
    return hits / trials


def slack(confidence: float, trials: int = 400) -> float:
    return 3 * math.sqrt(confidence * (1 - confidence) / trials)


@pytest.mark.parametrize("confidence", [0.8, 0.95])
def test_the_interval_of_growth_covers_the_true_growth_as_often_as_it_says(confidence: float):
    years = np.arange(5)

    def interval(generator: np.random.Generator):
        amounts = pd.Series(np.exp(0.05 * years + generator.normal(0, 0.2, 5)), index=years)
        return funding_growth.trend_growth(amounts, confidence)

    assert abs(covered(interval, 100 * math.expm1(0.05)) - confidence) < slack(confidence)


@pytest.mark.parametrize("about", ["mean", "trend"])
def test_the_interval_of_spread_covers_the_true_spread_as_often_as_it_says(about: str):
    years, slope = np.arange(5), {"mean": 0.0, "trend": 0.1}[about]

    def interval(generator: np.random.Generator):
        amounts = pd.DataFrame({"x": np.exp(slope * years + generator.normal(0, 0.3, 5))}, index=years)
        return funding_growth.spread(amounts, 0.9, about).loc["x"]

    assert abs(covered(interval, 30) - 0.9) < slack(0.9)


def test_the_interval_of_two_spreads_covers_their_true_ratio_when_they_are_not_picked():
    def interval(generator: np.random.Generator):
        amounts = pd.DataFrame(np.exp(generator.normal(0, 0.3, (5, 2))), columns=["x", "y"])
        found = funding_growth.widest_over_narrowest(funding_growth.spread(amounts, 0.9, "mean"), 0.9)
        assert found["low"] < found["value"] < found["high"]
        return found

    assert covered(interval, 1) > 0.9 - 0.1 - slack(0.9)  # picked as widest and narrowest: one tail only


def test_the_permutation_check_lists_all_orders_of_five_years():
    rising = pd.Series([1.0, 2, 4, 8, 16], index=range(5))
    found = funding_growth.permutation_check(rising)
    assert found == {"p_value": 2 / 120, "smallest": 2 / 120, "orders": 120}


def test_the_permutation_check_equals_counting_by_hand_for_three_years():
    found = funding_growth.permutation_check(pd.Series([1.0, 3.0, 2.0], index=[1, 2, 3]))
    # the slope goes with last minus first: log 2 here; log 3 and log 1.5 for the other pairs, each up and down
    assert found == {"p_value": 4 / 6, "smallest": 2 / 6, "orders": 6}


def test_equal_amounts_raise_the_least_that_the_permutation_check_can_give():
    two_alike = funding_growth.permutation_check(pd.Series([70.0, 70, 80, 90, 100], index=range(5)))
    assert two_alike == {"p_value": 4 / 120, "smallest": 4 / 120, "orders": 120}
    for years in (5, 9):
        constant = funding_growth.permutation_check(pd.Series([50.0] * years, index=range(years)))
        assert (constant["p_value"], constant["smallest"]) == (1.0, 1.0)


@pytest.mark.parametrize("amount", [50.0, 0.1, 83.2521, 391739.39])
def test_what_does_not_vary_has_no_growth_no_spread_and_is_not_compared(amount: float):
    amounts = pd.DataFrame({"aid_county": [amount] * 5, "aid_provincial": [1.0, 2, 3, 5, 4]}, index=range(2003, 2008))
    assert set(funding_growth.trend_growth(amounts["aid_county"], 0.95).values()) == {0.0}
    for about in ("mean", "trend"):
        spread = funding_growth.spread(amounts, 0.95, about)
        assert spread.loc["aid_county", ["value", "low", "high"]].tolist() == [0, 0, 0]
        assert funding_growth.widest_over_narrowest(spread, 0.95) == {}


def test_growth_at_one_rate_has_no_spread_about_its_trend():
    doubling = pd.DataFrame({"aid": [3.0 * 2**year for year in range(6)]}, index=range(6))
    assert funding_growth.spread(doubling, 0.95, "trend").loc["aid", "value"] == 0


def test_the_permutation_check_draws_orders_beyond_seven_years_and_repeats_itself():
    amounts = pd.Series(np.exp(np.sin(np.arange(9.0))), index=range(9))
    first, second = funding_growth.permutation_check(amounts), funding_growth.permutation_check(amounts)
    assert first == second
    assert first["orders"] == funding_growth.ORDERS_DRAWN


def test_without_a_trend_the_permutation_check_is_small_as_seldom_as_it_says():
    generator, trials = np.random.default_rng(7), 400
    small = sum(
        funding_growth.permutation_check(pd.Series(np.exp(generator.normal(size=5)), index=range(5)))["p_value"] <= 0.1
        for _ in range(trials)
    )
    assert abs(small / trials - 0.1) < slack(0.1)


def test_a_series_with_a_zero_is_left_out_of_growth_and_spread():
    amounts = pd.DataFrame({"x": [1.0, 2.0, 3.0], "y": [0.0, 1.0, 2.0]}, index=[2001, 2002, 2003])
    assert list(funding_growth.growth_table(amounts, 0.9).index) == ["x"]
    assert list(funding_growth.spread(amounts, 0.9, "mean").index) == ["x"]


def test_aid_as_the_sum_of_levels_changes_every_result_that_rests_on_aid():
    both = funding.under_both(FUNDING, "levels", funding.pooled_shares)
    low = 100 * LEVELS.sum().sum() / (LEVELS.sum().sum() + 391739.394 + 399.34)
    assert both.loc[("agreed", "government_aid"), "value"] == pytest.approx(low)
    assert both.loc[("agreed", "government_aid"), "low"] == pytest.approx(low)
    assert both.loc[("agreed", "government_aid"), "high"] == pytest.approx(100 * 2377.198 / 394515.932)


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({}, "The levels of government do not add up: 231 million yuan apart in 2006"),
        (
            {"government_aid": FUNDING[funding.LEVELS].sum(axis=1)},
            "The levels of government add up to the aid of every year",
        ),
        (dict.fromkeys(funding.LEVELS, 0.0), "The table splits government aid into no levels"),
    ],
    ids=["apart", "equal", "none"],
)
def test_the_title_on_levels_says_what_the_table_shows(change: dict[str, pd.Series], said: str):
    figure = aid_and_levels(funding.level_gaps(FUNDING.assign(**change))).draw()
    assert " ".join(figure.get_suptitle().split()) == said


def test_a_table_without_levels_has_one_series_of_aid():
    bare = FUNDING.assign(aid_provincial=0.0, aid_prefectural=0.0, aid_county=0.0)
    both = funding.under_both(bare, "levels", funding.pooled_shares)
    assert (both["low"] == both["high"]).all()


def test_fewer_than_three_years_are_refused_with_a_sentence():
    with pytest.raises(RequestError, match="2 years of the table lie in 2003 to 2004; at least 3 are needed"):
        funding.in_years(FUNDING, 2003, 2004)


def test_a_share_of_a_total_that_the_table_does_not_have_is_refused():
    with pytest.raises(RequestError, match="no column 'total'"):
        funding.shares(FUNDING.drop(columns="total"), "printed_total")


def figures(*rows: tuple[int, int, float, float, str]) -> pd.DataFrame:
    return pd.DataFrame(rows, columns=["year_from", "year_to", "low", "high", "source"])


def test_a_window_is_reached_by_every_sum_that_counts_its_years_once():
    held = figures(
        (2001, 2003, 30, 30, "a"), (2001, 2001, 8, 8, "b"), (2003, 2003, 12, 13, "c"), (2002, 2002, 9, 9, "d")
    )
    found = funding_outside.ways(held, [(2002, 2002)]).set_index("sources")
    assert set(found.index) == {"d", "a - b - c"}
    assert tuple(found.loc["a - b - c", ["low", "high"]]) == (9, 10)


def test_two_figures_for_one_window_never_enter_one_sum():
    held = figures((2001, 2002, 10, 10, "a"), (2001, 2002, 12, 12, "b"), (2001, 2001, 4, 4, "c"))
    assert set(funding_outside.ways(held, [(2002, 2002)])["sources"]) == {"a - c", "b - c"}
    assert set(funding_outside.ways(held, [(2001, 2001)])["sources"]) == {"c"}


def test_more_than_bounds_one_side_only_and_turns_round_when_taken_off():
    held = figures((2001, 2002, 10, 10, "a"), (2001, 2001, 4, math.inf, "b"))
    spans = funding_outside.ranges(funding_outside.ways(held, [(2001, 2001), (2002, 2002)]))
    assert spans.loc["2001", "high"] == math.inf
    assert tuple(spans.loc["2002", ["low", "high"]]) == (0, 6)
    recorded = {result["name"]: result for result in funding_outside.results(spans)}
    assert recorded["aid_a_year_2001"]["high"] is None
    assert recorded["aid_a_year_2001"]["value"] == 4


def test_a_sum_below_nothing_is_impossible_and_gives_no_range():
    held = figures((2001, 2002, 5, 5, "a"), (2001, 2001, 7, 7, "b"))
    spans = funding_outside.ranges(funding_outside.ways(held, [(2002, 2002)]))
    assert spans.loc["2002", "impossible"] == 1
    assert spans.loc["2002", "disagree"]
    assert funding_outside.results(spans) == []


def test_the_sources_disagree_on_2003_2007_and_contradict_each_other_on_2015():
    found = funding_outside.ranges(funding_outside.ways(funding_outside.statements(HISTORY, STATED, FUNDING)))
    assert found.loc["2003-2007", ["ways", "disagree"]].tolist() == [3, True]
    assert found.loc["2003-2007", "low"] == pytest.approx((5515 + 4435 - 7865) / 5)
    assert found.loc["2015", ["ways", "impossible"]].tolist() == [1, 1]
    assert found.index[found["disagree"]].tolist() == ["2003-2007", "2008-2009", "2015"]


def test_the_study_s_investment_cannot_be_realised_but_can_be_agreed():
    found = funding_outside.implied_investment(FUNDING, STATED, HISTORY)
    assert found["can_be"].to_dict() == {"agreed": True, "realised": False}
    assert found.loc["realised", "held"] == pytest.approx(102010 + 249760 - 2 * 89621.235)
    fewer = FUNDING.assign(enterprise_agreed=FUNDING["enterprise_agreed"] * 1.7)
    assert not funding_outside.implied_investment(fewer, STATED, HISTORY).loc["agreed", "can_be"]


def test_what_longer_windows_leave_for_2008_to_2010():
    found = funding_outside.implied_aid(FUNDING, STATED, HISTORY)["value"]
    assert found.to_list() == pytest.approx([7860 - 5520, 4440 - 2377.198, 4440 - 2148.7156])
