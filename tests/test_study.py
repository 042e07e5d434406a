"""The study floor against arithmetic written out by hand."""

import math

import numpy as np
import pandas as pd
import pytest
from pydantic import ValidationError

from ewppr_lib import data
from ewppr_lib.study import capacity, funding, history, reform

FUNDING = data.load("funding")
EXCHANGES = data.load("exchanges")
PAIRINGS = data.load("pairings")


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


def test_growth_is_missing_where_a_year_is_left_out():
    amounts = pd.DataFrame({"x": [100.0, 110.0, 121.0]}, index=[2003, 2004, 2006])
    growth = funding.yearly_growth(amounts)["x"]
    assert growth[2004] == pytest.approx(10)
    assert math.isnan(growth[2006])


def test_the_trend_of_an_exact_compound_series_is_its_rate():
    amounts = pd.Series([100 * 1.07**n for n in range(5)], index=range(2003, 2008))
    assert funding.trend_growth(amounts, 0.95)["value"] == pytest.approx(7)


def test_the_interval_of_the_trend_is_the_textbook_one():
    amounts = FUNDING["social_donations"]
    x, y = np.arange(5) - 2.0, np.log(amounts.to_numpy())
    slope = (x @ y) / (x @ x)
    error = math.sqrt(((y - y.mean() - slope * x) ** 2).sum() / 3 / (x @ x))
    t_975_with_3_degrees = 3.182446305284263
    trend = funding.trend_growth(amounts, 0.95)
    assert trend["low"] == pytest.approx(100 * math.expm1(slope - t_975_with_3_degrees * error))
    assert trend["high"] == pytest.approx(100 * math.expm1(slope + t_975_with_3_degrees * error))


def test_the_interval_covers_the_true_growth_as_often_as_it_says():
    generator = np.random.default_rng(20261123)
    years, hits, trials = np.arange(5), 0, 400
    for _ in range(trials):
        amounts = pd.Series(np.exp(0.05 * years + generator.normal(0, 0.2, 5)), index=years)
        trend = funding.trend_growth(amounts, 0.9)
        hits += trend["low"] <= 100 * math.expm1(0.05) <= trend["high"]
    assert abs(hits / trials - 0.9) < 3 * math.sqrt(0.9 * 0.1 / trials)


def test_growth_of_amounts_with_a_zero_is_refused():
    with pytest.raises(ValueError, match="positive"):
        funding.trend_growth(pd.Series([0.0, 1.0, 2.0], index=[1, 2, 3]), 0.95)


def test_the_coefficient_of_variation_and_its_range():
    row = funding.stability(pd.DataFrame({"x": [1.0, 2.0, 3.0]})).loc["x"]
    assert row["cv"] == pytest.approx(50)
    assert row["cv_low"] == pytest.approx(100 * math.sqrt(0.5) / 2.5)
    assert row["cv_high"] == pytest.approx(100 * math.sqrt(2) / 2)


def test_realised_investment_as_a_share_of_agreed():
    shares = funding.realisation(FUNDING)["realised_share"]
    assert shares[2005] == pytest.approx(100 * 30138.4 / 64724.714)
    assert shares.idxmin() == 2004


def test_the_mean_that_the_totals_imply_for_the_years_not_listed():
    assert capacity.implied_earlier_mean(EXCHANGES)["cadres_east_west"] == pytest.approx((2592 - 167 - 191) / 6)


@pytest.mark.parametrize(("recent", "expected"), [("2009", 60), ("2010", 62), ("mean", 61)])
def test_recent_figures_against_the_implied_mean(recent: str, expected: float):
    row = capacity.recent_against_earlier(EXCHANGES, recent).loc["management_courses"]
    assert row["ratio"] == pytest.approx(expected / ((259 - 122) / 6))


def test_more_cadres_went_east_than_west():
    directions = capacity.directions(EXCHANGES).set_index(["profession", "period"])["ratio"]
    assert directions["cadres", "2003-2010"] == pytest.approx(2592 / 3610)
    assert directions["professionals", "2009"] == pytest.approx(876 / 509)


def test_attendees_that_no_row_lists():
    balance = capacity.attendee_balance(EXCHANGES)
    assert balance.loc["2003-2010", "unlisted"] == 226028 - (59838 + 10411 + 141160)
    assert balance.loc["2009", "unlisted"] == 15831 - (9029 + 998 + 4298)


def test_read_as_courses_professional_training_would_have_less_than_one_attendee_each():
    read = capacity.attendees_per_course(EXCHANGES, "courses")
    assert (read.loc["professionals"] < 1).all()
    assert read.loc["managers", "2010"] == pytest.approx(3863 / 62)
    assert list(capacity.attendees_per_course(EXCHANGES, "person-times").index) == ["managers"]


def test_composition_of_attendees_sums_to_one_hundred():
    composition = capacity.attendee_composition(EXCHANGES)
    assert np.allclose(composition.sum(), 100)
    assert composition.loc["teachers_trained", "2010"] == pytest.approx(100 * 8422 / (8422 + 424 + 2185))


def test_a_full_list_ends_what_it_does_not_repeat():
    spells = history.spells(PAIRINGS, last_year=2012).set_index(["donor", "recipient"])
    assert tuple(spells.loc[("Shandong", "Xinjiang"), ["start", "end", "open"]]) == (1996, 2010, False)
    assert tuple(spells.loc[("Zhuhai", "Chongqing"), ["start", "end", "change"]]) == (2002, 2010, "added")
    assert tuple(spells.loc[("Xiamen", "Gansu"), ["start", "end", "change"]]) == (2010, 2012, "redirected")
    assert tuple(spells.loc[("Beijing", "Inner Mongolia"), ["start", "end", "open"]]) == (1996, 2012, True)


def test_three_of_the_pairs_of_2010_are_new():
    changed = history.changes(PAIRINGS, before=2002, after=2010)
    assert changed["change"].value_counts().to_dict() == {"kept": 12, "new": 3, "ended": 3}


def test_the_pairing_table_has_a_row_a_donor_and_a_column_a_list():
    table = history.pairing_table(PAIRINGS)
    assert list(table.columns) == [1996, 2002, 2010]
    assert table.loc["Xiamen"].tolist() == ["", "Chongqing", "Gansu (Linxia Hui Autonomous Prefecture)"]


def test_the_third_period_starts_in_different_years():
    bounds = history.boundary_years(data.load("periods"))
    assert tuple(bounds.loc[3, ["start_low", "start_high"]]) == (2008, 2011)


def test_the_ages_of_the_partnership_point_to_different_years():
    assert history.implied_writing_years(data.load("stated"))["year"].tolist() == [2006, 2007, 2011, 2012]


def donors() -> pd.DataFrame:
    return reform.donor_revenue(data.load("fiscal_revenue"), PAIRINGS, 2007)


def test_donor_revenue_of_2007_counts_nine_provinces_once():
    found = donors()
    assert len(found) == 9
    assert found["revenue"].sum() == 149264 + 54044 + 207448 + 278580 + 223773 + 164950 + 167540 + 108269 + 69946
    assert found.loc["Shandong", "recipient"] == "Xinjiang"


def test_every_city_donor_lies_in_a_province_that_is_a_donor():
    province = {
        "Dalian": "Liaoning",
        "Qingdao": "Shandong",
        "Shenzhen": "Guangdong",
        "Ningbo": "Zhejiang",
        "Zhuhai": "Guangdong",
        "Xiamen": "Fujian",
    }
    cities = set(PAIRINGS.loc[PAIRINGS["donor_level"] == "city", "donor"])
    assert cities == set(province)
    assert set(province.values()) <= set(donors().index)


def test_the_implied_share_reproduces_the_actual_aid():
    share = reform.implied_share(547.239, donors())
    assert share == pytest.approx(547.239 / 1423814)
    assert reform.fixed_share_aid(donors(), share)["aid"].sum() == pytest.approx(547.239)
    assert reform.against_actual(donors(), 547.239, [2 * share])["times_actual"].iloc[0] == pytest.approx(2)


def test_a_share_of_zero_gives_no_aid():
    assert reform.fixed_share_aid(donors(), 0)["aid"].sum() == 0


def test_settings_cannot_be_changed_after_they_were_checked():
    with pytest.raises(ValidationError):
        reform.Settings().aid_share = 0.5
