"""Notebook 03's study modules against arithmetic written out by hand, and their intervals against simulation."""

import math

import numpy as np
import pandas as pd
import pytest

from ewppr_lib.study import capacity
from nbedition import data

EXCHANGES = data.load("exchanges")
HISTORY = data.load("partnership_history")
STATED = data.load("stated")


def test_the_mean_that_the_totals_imply_for_the_years_not_listed():
    assert (capacity.windows(EXCHANGES)["2003-2008"] / capacity.EARLIER_YEARS)["cadres_east_west"] == pytest.approx(
        (2592 - 167 - 191) / 6
    )


@pytest.mark.parametrize(("recent", "expected"), [("2009", 60), ("2010", 62), ("mean", 61)])
def test_recent_figures_against_the_implied_mean(recent: str, expected: float):
    row = capacity.rate_ratios(EXCHANGES, recent, "poisson", 0.95).loc["management_courses"]
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


def test_the_windows_add_up_to_the_printed_total():
    counts = capacity.windows(EXCHANGES)
    assert (counts[["2003-2008", "2009", "2010"]].sum(axis=1) == counts["2003-2010"]).all()


def test_the_share_of_a_direction_has_the_textbook_interval_of_wilson():
    row = capacity.direction_intervals(EXCHANGES, 0.95).query("profession == 'cadres' and period == '2010'").iloc[0]
    n, p, z = 191 + 206, 191 / (191 + 206), 1.959963984540054
    middle, half = p + z * z / (2 * n), z * math.sqrt(p * (1 - p) / n + z * z / (4 * n * n))
    assert row["share_low"] == pytest.approx(100 * (middle - half) / (1 + z * z / n))
    assert row["share_high"] == pytest.approx(100 * (middle + half) / (1 + z * z / n))
    assert row["ratio_low"] < row["ratio"] < row["ratio_high"]


def test_scatter_widens_the_interval_of_a_direction_and_leaves_its_value():
    plain = capacity.direction_intervals(EXCHANGES, 0.95)
    wide = capacity.direction_intervals(EXCHANGES, 0.95, 20)
    assert (plain["share"] == wide["share"]).all()
    assert (wide["share_low"] < plain["share_low"]).all()


def table(rows: list[tuple[float, float, float]]) -> pd.DataFrame:
    """A table of counts: six earlier years together, 2009, 2010."""
    frame = pd.DataFrame(rows, columns=["earlier", "2009", "2010"])
    frame["total"] = frame.sum(axis=1)
    return frame.assign(label=[f"row {number}" for number in range(len(rows))])


def test_equal_shares_in_all_windows_scatter_not_at_all():
    names = [f"{who}_{way}" for who in ("cadres", "professionals") for way in ("east_west", "west_east")]
    same = table([(600, 100, 100), (1200, 200, 200)] * 2).set_axis(names)
    assert capacity.direction_scatter(same) == pytest.approx(0)


def test_the_scatter_of_poisson_counts_is_near_one_and_its_alpha_near_zero():
    generator = np.random.default_rng(5)
    found = [capacity.rate_scatter(table([(0, *generator.poisson(200, 2)) for _ in range(10)])) for _ in range(60)]
    assert np.mean([one["factor"] for one in found]) == pytest.approx(1, abs=0.25)
    assert np.median([one["alpha"] for one in found]) < 0.005


def negative_binomial(generator: np.random.Generator, mean: float, alpha: float, size: int) -> np.ndarray:
    return generator.negative_binomial(1 / alpha, 1 / (1 + alpha * mean), size)


def test_the_alpha_of_negative_binomial_counts_is_found():
    generator = np.random.default_rng(6)
    found = [
        capacity.rate_scatter(table([(0, *negative_binomial(generator, 300, 0.2, 2)) for _ in range(10)]))
        for _ in range(60)
    ]
    assert np.mean([one["alpha"] for one in found]) == pytest.approx(0.2, abs=0.05)


@pytest.mark.parametrize(("model", "true_ratio"), [("poisson", 1.0), ("negative-binomial", 0.5)])
def test_the_interval_of_a_rate_ratio_covers_the_truth_as_often_as_it_says(model: str, true_ratio: float):
    generator, hits, rows_seen = np.random.default_rng(20261123), 0, 0
    for _ in range(40):
        rows = []
        for mean in (80, 150, 300, 500, 800, 1200, 2000, 3000, 5000, 9000):
            if model == "poisson":
                rows.append((generator.poisson(6 * mean), *generator.poisson(mean * true_ratio, 2)))
            else:
                early = negative_binomial(generator, mean, 0.1, 6).sum()
                rows.append((early, *negative_binomial(generator, mean * true_ratio, 0.1, 2)))
        found = capacity.rate_ratios(table(rows), "mean", model, 0.9)
        hits += int(((found["low"] <= true_ratio) & (true_ratio <= found["high"])).sum())
        rows_seen += len(found)
    assert abs(hits / rows_seen - 0.9) < 3 * math.sqrt(0.9 * 0.1 / rows_seen) + 0.02


def test_poisson_intervals_of_scattered_counts_miss_far_too_often():
    generator, hits = np.random.default_rng(3), 0
    for _ in range(40):
        rows = [
            (negative_binomial(generator, 900, 0.1, 6).sum(), *negative_binomial(generator, 900, 0.1, 2))
            for _ in range(10)
        ]
        found = capacity.rate_ratios(table(rows), "mean", "poisson", 0.9)
        hits += int(((found["low"] <= 1) & (found["high"] >= 1)).sum())
    assert hits / 400 < 0.4


def test_the_poisson_rate_ratio_is_that_of_a_generalised_linear_model():
    import statsmodels.api as sm

    row = capacity.rate_ratios(EXCHANGES, "mean", "poisson", 0.95).loc["cadres_east_west"]
    design = np.array([[1, 0], [1, 1], [1, 1]])
    fit = sm.GLM([2234, 167, 191], design, family=sm.families.Poisson(), offset=np.log([6, 1, 1])).fit()
    low, high = np.exp(fit.conf_int()[1])
    assert row["ratio"] == pytest.approx(math.exp(fit.params[1]))
    assert (row["low"], row["high"]) == pytest.approx((low, high), rel=1e-6)


def test_the_three_models_agree_on_the_ratio_and_differ_in_the_interval():
    found = {
        model: capacity.rate_ratios(EXCHANGES, "mean", model, 0.95)
        for model in ("poisson", "quasi-poisson", "negative-binomial")
    }
    ratios = pd.DataFrame({model: frame["ratio"] for model, frame in found.items()})
    assert (ratios.max(axis=1) == ratios.min(axis=1)).all()
    clear = {model: capacity.clear_changes(frame)["unclear"].iloc[0] for model, frame in found.items()}
    parts = len(EXCHANGES) - 1  # the row that sums up others is not counted beside them
    assert [int(capacity.clear_changes(frame).to_numpy().sum()) for frame in found.values()] == [parts] * len(found)
    assert clear == {"poisson": 1, "quasi-poisson": 7, "negative-binomial": 5}


def test_the_text_trains_more_persons_than_the_table_has_person_times():
    found = capacity.trained_cadres(EXCHANGES, STATED)
    assert (found["text"], found["table"], found["difference"]) == (62254, 27918, 34336)
    assert found["ratio"] > 1


def test_the_outside_totals_are_those_of_the_table():
    found = capacity.beside_outside(EXCHANGES, HISTORY)
    assert found["agrees"].tolist() == [True, True, True]
    changed = EXCHANGES.assign(total=EXCHANGES["total"] + 600)
    assert not capacity.beside_outside(changed, HISTORY)["agrees"].any()


def test_an_outside_count_splits_the_years_that_the_table_hides():
    sent = capacity.sent_by_window(EXCHANGES, HISTORY).set_index(["item", "year_from"])
    assert sent.loc[("cadres_east_west", 2008), "count"] == 2592 - 167 - 191 - 2084
    assert sent.loc[("professionals_east_west", 2008), "count"] == 5249 - 876 - 598 - 2976
    assert sent.loc[("cadres_east_west", 2003), "a_year"] == pytest.approx(416.8)


def test_no_row_is_on_villages_and_most_cadres_have_no_level():
    assert capacity.rows_on_local_level(EXCHANGES) == 0
    renamed = EXCHANGES.assign(label=["Village cadres trained", *EXCHANGES["label"].iloc[1:]])
    assert capacity.rows_on_local_level(renamed) == 1
    levels = capacity.levels_of_cadres(EXCHANGES, STATED)
    assert levels.loc["not said", "cadres"] == 2592 - 68 - 645


def test_trained_person_times_for_each_exchanged_one():
    found = capacity.training_per_exchange(EXCHANGES)
    assert found.loc["cadres", "2009"] == pytest.approx(5155 / (167 + 399))
    assert found.loc["professionals", "2003-2010"] == pytest.approx(226028 / (5249 + 4080))
