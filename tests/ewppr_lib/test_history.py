"""Notebook 01 against arithmetic written out by hand, against simulation, and with a series of the user's own."""

import csv
import math
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from common import ROOT
from notebook_code import outputs_of
from statsmodels.regression.linear_model import OLS
from statsmodels.stats.diagnostic import breaks_cusumolsresid

from crossfoot.errors import DataError
from ewppr_lib.claims.facts import read_facts
from ewppr_lib.study import history, history_gap
from ewppr_lib.study.history_trend import (
    break_test,
    break_year,
    coverage,
    cusum,
    design,
    false_alarms,
    kink_p_values,
    momentum,
    search,
    segments,
    slope_bounds,
)
from nbedition import data
from nbedition.project import notebooks

FACTS = read_facts()
RATIOS = history_gap.ratio_series(FACTS)
CITIES = data.load("donor_cities")
LISTS = history.all_lists(data.load("pairings"), data.load("partnership_pairings"), CITIES)
YEARS, KINK = 30, 14  # of the simulated series


def context(name: str) -> list[dict[str, str]]:
    with (ROOT / f"data/context/{name}.csv").open(encoding="utf-8") as file:
        return list(csv.DictReader(file))


def ratio_by_hand(vintage: str, definition: str, year: int) -> float:
    """Add up the regions in the file, without the library."""
    found = {
        row["region"]: float(row["value"])
        for row in context("regional_grp")
        if (row["vintage"], row["year"]) == (vintage, str(year))
    }
    east = found["east_of_ten"] + (found["liaoning"] if definition == "ten_and_liaoning" else 0)
    return east / found["west_of_twelve"]


@pytest.mark.parametrize("definition", ["ten", "ten_and_liaoning"])
@pytest.mark.parametrize(
    ("vintage", "year"),
    [
        *[("GCAM-CHINA", year) for year in (1978, 1979, 1990, 1997, 1998, 2003, 2013)],
        *[("YB-COMPILED", year) for year in (1997, 1998, 2005, 2007, 2018)],
        *[("NBS-2024", year) for year in (2004, 2005, 2007, 2013, 2023)],
    ],
)
def test_the_ratio_of_a_year_is_the_quotient_of_the_regions(vintage: str, definition: str, year: int):
    assert history_gap.one(RATIOS, vintage, definition)[year] == pytest.approx(
        ratio_by_hand(vintage, definition, year), rel=1e-6
    )


@pytest.mark.parametrize(
    ("claim", "vintage", "year", "ratio"),
    [
        ("C015", "GCAM-CHINA", 1997, 2.862),
        ("C022", "YB-COMPILED", 1998, 2.891),
        ("C022", "GCAM-CHINA", 1998, 2.889),
        ("C023", "NBS-YB2008", 2007, 3.183),
    ],
)
def test_these_and_no_other_series_give_the_printed_ratios(claim: str, vintage: str, year: int, ratio: float):
    found = history_gap.printed_ratios(FACTS).query("fits")
    assert len(found) == 4
    row = found[(found["claim"] == claim) & (found["vintage"] == vintage)].iloc[0]
    assert (row["year"], row["definition"]) == (year, "ten")
    assert row["ratio"] == pytest.approx(ratio, abs=0.0005)


def test_no_series_gives_the_first_printed_ratio():
    nearest = history_gap.nearest(history_gap.printed_ratios(FACTS)).set_index(["claim", "definition"])
    row = nearest.loc["C014", "ten"]
    assert (row["tried"], row["fitting"]) == (3, 0)
    assert row["off"] == pytest.approx(2.1065 - 2.12, abs=0.0005)


def test_the_printed_paces_are_hundredths_of_the_ratio_a_year():
    readings = history_gap.pace_readings(FACTS, RATIOS)
    fits = readings[readings["fits"] & (readings["years"] >= 9)].set_index("claim")
    assert fits["formula"].tolist() == ["hundredths of the ratio a year"] * 2
    assert fits["years"].to_dict() == {"C017": 20, "C025": 10}
    assert (fits["low"] <= [3.71, 2.96]).all()
    assert (fits["high"] >= [3.71, 2.96]).all()


def test_as_growth_rates_the_paces_are_less_than_half_as_large():
    growth = history_gap.compound_growth(history_gap.pace_readings(FACTS, RATIOS)).set_index("claim")["value"]
    assert growth["C017"] == pytest.approx(100 * ((2.86 / 2.12) ** (1 / 18) - 1), abs=0.001)
    assert growth["C025"] == pytest.approx(100 * ((3.18 / 2.89) ** (1 / 9) - 1), abs=0.001)


def test_two_releases_of_the_bureau_are_the_same_figures_but_for_the_preliminary_year():
    copies = history_gap.copies(RATIOS[RATIOS["definition"] == "ten"]).set_index(["one", "other"])
    assert tuple(copies.loc[("NBS-2021", "NBS-2024"), ["years", "equal"]]) == (17, 16)


@pytest.mark.parametrize(
    ("vintage", "peak"), [("GCAM-CHINA", 2003), ("NBS-2021", 2005), ("NBS-2024", 2005), ("YB-COMPILED", 2005)]
)
def test_every_vintage_peaks_before_the_third_period(vintage: str, peak: int):
    assert history_gap.one(RATIOS, vintage, "ten").idxmax() == peak < 2008


def errors(seed: int, trials: int, persistent: float, momentum: float = 0) -> np.ndarray:
    """Errors drawn year by year, one column a trial.

    They return by 1 - persistent a year (from 1 on never); their pushes have the autocorrelation momentum.
    """
    pushes = np.random.default_rng(seed).standard_normal((YEARS, trials))
    pushes[0] /= math.sqrt(1 - momentum**2)
    for year in range(1, YEARS):
        pushes[year] += momentum * pushes[year - 1]
    drawn = pushes.copy()
    if persistent < 1:
        drawn[0] /= math.sqrt(1 - persistent**2)
    for year in range(1, YEARS):
        drawn[year] += persistent * drawn[year - 1]
    return drawn


def as_series(values: np.ndarray) -> pd.Series:
    return pd.Series(values, index=range(1990, 1990 + len(values)))


def with_kink(trials: int, persistent: float, momentum: float = 0) -> list[pd.Series]:
    trend = design(YEARS, [KINK]) @ [50, 1.8, -3.6]
    drawn = errors(7, trials, persistent, momentum)
    return [as_series(trend + drawn[:, trial]) for trial in range(trials)]


def slack(share: float, trials: int) -> float:
    """Three standard errors of a share seen in so many trials."""
    return 3 * math.sqrt(share * (1 - share) / trials)


WAYS = [(0.0, 0.0), (0.6, 0.0), (0.9, 0.0), (1.0, 0.0), (1.0, 0.3), (0.9, 0.4)]  # persistence and momentum of errors
each_way = pytest.mark.parametrize(("persistent", "momentum"), WAYS)


@each_way
def test_without_a_break_the_test_rejects_at_most_as_often_as_it_says(persistent: float, momentum: float):
    trials, level = 200, 0.1
    drawn = errors(11, trials, persistent, momentum)
    trend = 50 + 1.5 * np.arange(YEARS)
    found = [break_test(as_series(trend + drawn[:, trial]), draws=999) for trial in range(trials)]
    for p_value in ("p_sup_f", "p_cusum"):
        assert sum(test[p_value] <= level for test in found) / trials <= level + slack(level, trials)


@each_way
def test_a_known_break_is_found(persistent: float, momentum: float):
    found = [break_test(series, draws=999) for series in with_kink(60, persistent, momentum)]
    for p_value in ("p_sup_f", "p_cusum"):
        assert sum(test[p_value] <= 0.05 for test in found) >= 50


def covered(found: list[pd.Series], kink: int, confidence: float) -> float:
    """Share of series whose interval holds the year of their kink."""
    bounds = [break_year(series, kink_p_values(series, 199), confidence)[1:] for series in found]
    return float(np.mean([low <= kink <= high for low, high in bounds]))


@each_way
def test_the_interval_of_the_break_year_covers_it_as_often_as_it_says(persistent: float, momentum: float):
    trials, confidence = 100, 0.9
    found = with_kink(trials, persistent, momentum)
    assert covered(found, 1990 + KINK, confidence) >= confidence - slack(confidence, trials)
    placed = [search(series.to_numpy()[:, None], 1)[1][0][0] for series in found]
    assert np.mean([abs(place - KINK) <= 1 for place in placed]) >= 0.75


def test_the_interval_covers_a_weak_break_near_the_end_of_a_random_walk():
    trials, confidence, late = 100, 0.9, 23
    drawn = design(YEARS, [late]) @ [50, 1.8, -3.6] + 2 * errors(5, trials, 1.0, 0.3).T
    found = [as_series(values) for values in drawn]
    assert covered(found, 1990 + late, confidence) >= confidence - slack(confidence, trials)


def test_with_strongly_autocorrelated_changes_the_interval_misses_nearly_twice_as_often_which_the_notebook_says():
    drawn = design(YEARS, [KINK]) @ [50, 1.8, -3.6] + 2.2 * errors(5, 100, 1.0, 0.65).T
    assert 0.75 <= covered([as_series(values) for values in drawn], 1990 + KINK, 0.9) < 0.95


def test_the_year_that_fits_best_is_never_rejected():
    (series,) = with_kink(1, 0.6)
    p_values = kink_p_values(series, 199)
    year, low, high = break_year(series, p_values, 0.9)
    assert p_values[year] == 1
    assert low <= year <= high


@pytest.mark.parametrize("persistent", [0.3, 0.6, 0.9])
def test_the_interval_of_a_slope_covers_it_at_least_as_often_as_it_says(persistent: float):
    trials, confidence = 100, 0.9
    hits = np.zeros(2)
    for series in with_kink(trials, persistent):
        place = search(series.to_numpy()[:, None], 1)[1][0][0]
        bounds = slope_bounds(series, [1990 + place], confidence, 199, free=True)
        hits += (bounds["low"] <= [1.8, -1.8]) & (bounds["high"] >= [1.8, -1.8])
    assert (hits / trials >= confidence - slack(confidence, trials)).all()


@pytest.mark.parametrize("moved", [0.0, 0.6])
def test_intervals_and_tests_hold_as_often_as_is_said_beside_them(moved: float):
    trials, hits, alarms = 100, np.zeros(2), 0
    drawn = errors(5, trials, 1.0, moved)
    for noise in drawn.T:
        series = as_series(design(YEARS, [KINK]) @ [50, 1.8, -3.6] + noise)
        place = search(series.to_numpy()[:, None], 1)[1][0][0]
        bounds = slope_bounds(series, [1990 + place], 0.95, 199, free=True)
        hits += (bounds["low"] <= [1.8, -1.8]) & (bounds["high"] >= [1.8, -1.8])
        alarms += break_test(as_series(noise), draws=199)["p_sup_f"] <= 0.05
    said, alarmed = coverage(1, 0.95, moved), false_alarms("sup_f", moved)
    assert abs(hits.mean() / trials - said) <= slack(said, trials)
    assert abs(alarms / trials - alarmed) <= slack(alarmed, trials)


def test_hac_intervals_run_far_too_short_which_the_notebook_says():
    hits = np.zeros(2)
    for series in with_kink(100, 0.6):
        found = segments(series, [1990 + KINK], 0.95)
        hits += (found["low"] <= [1.8, -1.8]) & (found["high"] >= [1.8, -1.8])
    assert (hits / 100 < 0.85).all()


def test_one_kink_leaves_a_second_one_unproved():
    found = with_kink(100, 0.6)
    rejected = sum(break_test(series, draws=499, kinks=1)["p_sup_f"] <= 0.1 for series in found)
    assert rejected / 100 <= 0.1 + slack(0.1, 100)


def test_the_correction_takes_most_of_the_bias_out_of_the_momentum():
    drawn = errors(3, 300, 1.0, 0.4)
    raw = [np.corrcoef(changes[1:], changes[:-1])[0, 1] for changes in np.diff(drawn, axis=0).T]
    corrected = [momentum(values, 1) for values in drawn.T]
    assert abs(np.mean(corrected) - 0.4) < 0.06 < 0.4 - np.mean(raw)


def test_the_search_finds_the_kinks_that_trying_all_finds():
    values = with_kink(1, 0.6)[0].to_numpy()
    tried = {place: OLS(values, design(YEARS, [place])).fit().ssr for place in range(4, YEARS - 4)}
    squares, places = search(values[:, None], 1)
    assert places == [(min(tried, key=tried.get),)]
    assert squares[0] == pytest.approx(min(tried.values()))


def test_the_cusum_is_that_of_statsmodels():
    values = with_kink(1, 0.6)[0].to_numpy()
    changes = np.diff(values)
    expected = breaks_cusumolsresid(changes - changes.mean(), ddof=1)[0]
    assert cusum(values[:, None])[0] == pytest.approx(expected)


def test_slopes_without_noise_are_exact():
    series = as_series(design(YEARS, [KINK]) @ [50, 1.8, -3.6] + 1e-9 * np.sin(np.arange(YEARS)))
    found = segments(series, [1990 + KINK], 0.95)
    assert found["slope"].tolist() == pytest.approx([1.8, -1.8])
    assert found[["start", "end"]].to_numpy().tolist() == [[1990, 2004], [2004, 2019]]


@pytest.mark.parametrize("years", [range(1990, 2004), [*range(1990, 2004), 2006]], ids=["short", "gap"])
def test_a_short_or_broken_series_is_refused(years: list[int]):
    with pytest.raises(ValueError, match="consecutive years"):
        break_test(pd.Series(1.0, index=years), draws=199)


@pytest.fixture(scope="module")
def turns() -> pd.DataFrame:
    return history_gap.turning_points(RATIOS, 2008, 0.95, 499)


def test_the_gap_turns_inside_the_second_period_wherever_a_vintage_reaches_back(turns: pd.DataFrame):
    turning = turns[turns["turns"]]
    assert set(turning.index.get_level_values("vintage")) == {"GCAM-CHINA", "NBS-2021", "YB-COMPILED"}
    assert turning["kink"].between(1998, 2007).all()
    assert (turning.loc["NBS-2021", ["p_sup_f", "p_cusum"]] < 0.1).all(axis=None)


def test_the_latest_release_starts_too_late_to_show_the_turn(turns: pd.DataFrame):
    assert not turns.loc["NBS-2024", "turns"].any()
    assert (turns.loc["NBS-2024", "p_sup_f"] > 0.1).all()


@pytest.mark.parametrize("vintage", ["GCAM-CHINA", "NBS-2021", "YB-COMPILED", "NBS-2024"])
def test_one_free_kink_fits_better_than_the_periods_of_the_study(vintage: str):
    bounds = history.boundary_years(data.load("periods"))
    found = history_gap.stories(history_gap.log_ratio(history_gap.one(RATIOS, vintage, "ten")), bounds, 0.95, draws=199)
    residual = history_gap.residuals(found)
    assert residual["one_kink_free"] < residual["the_studys_periods"] < residual["no_kink"]


def test_the_last_list_is_marked_as_held_in_part():
    held = history.held_of_partial(LISTS, CITIES, data.load("partnership_history"))
    assert held.loc["donor_provinces"].tolist() == [9, 5]
    assert held.loc["donor_cities"].tolist() == [13, 4]
    tiles = history.tiles(LISTS, data.load("tile_grid"), CITIES)
    missing = tiles[tiles["role"] == "not held"]
    assert set(missing["list_year"]) == {2016}
    assert set(missing["province"]) == {"Ningxia", "Shandong", "Chongqing", "Fujian", "Guangxi", "Guangdong"}


def test_what_a_partial_list_leaves_out_ends_no_pair():
    spells = history.spells(LISTS, 2020).set_index(["donor", "recipient"])
    assert spells.loc[("Guangdong", "Guangxi"), "open"]
    assert spells.loc[~spells["open"]].index.tolist() == [
        ("Shandong", "Xinjiang"),
        ("Zhuhai", "Chongqing"),
        ("Xiamen", "Chongqing"),
    ]


def test_the_concentration_of_help():
    found = history.concentration(LISTS)
    assert found.loc[1996, "herfindahl"] == pytest.approx((9 + 4**2) / 13**2)
    assert found.loc[2013, "herfindahl"] == pytest.approx((7 + 2 * 2**2 + 8**2) / 19**2)
    assert found.loc[2010, "least_possible"] == pytest.approx((5 * 2**2 + 5) / 15**2)
    assert found["recipient"].unique().tolist() == ["Guizhou"]


def test_product_by_pair_is_in_one_vintage():
    pairs = history.product_by_pair(LISTS, data.load("provincial_grp"), 2010).set_index("donor")
    grp = {
        row["province"]: float(row["grp"])
        for row in context("provincial_grp")
        if (row["year"], row["vintage"]) == ("2010", "NBS-2021")
    }
    assert len(pairs) == 9
    assert pairs.loc["Liaoning", "times"] == pytest.approx(grp["Liaoning"] / grp["Qinghai"])


def test_the_regions_add_up_to_the_nation_in_every_year_that_counts_all_three():
    counts = (
        data.load("rural_poverty").query("line == 'line of 2010'").pivot(index="year", columns="region", values="poor")
    )
    whole = counts.dropna()
    assert whole.index.tolist() == [2016, 2017, 2018, 2019]
    assert (whole[["east", "centre", "west"]].sum(axis=1) == whole["nation"]).all()


@pytest.mark.parametrize(("year", "share"), [(2012, 51.379), (2016, 51.926), (2019, 58.621)])
def test_the_western_share_of_the_rural_poor(year: int, share: float):
    assert history.western_share(data.load("rural_poverty"), "line of 2010")[year] == pytest.approx(share, abs=0.001)


def test_the_landmarks_of_a_series_are_its_first_highest_and_last_ratio():
    found = history_gap.landmarks(RATIOS, "NBS-2024", "ten")
    assert found["year"].tolist() == [2004, 2005, 2023]
    assert found.loc["last", "ratio"] == pytest.approx(ratio_by_hand("NBS-2024", "ten", 2023))


def own_series(path: Path, years: range, turn: int) -> Path:
    rows = [
        f"{year},{1000 * math.exp(0.02 * (min(year, turn) - years[0]) - 0.02 * max(year - turn, 0)):.2f},400"
        for year in years
    ]
    path.write_text("year,east,west\n" + "\n".join(rows) + "\n", encoding="utf-8")
    return path


def test_the_notebook_takes_a_regional_series_of_ones_own(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    table = own_series(tmp_path / "mine.csv", range(1988, 2015), turn=2001)
    shown = "\n".join(outputs_of(notebooks()["01_history"], monkeypatch, series=str(table), draws=199))
    assert "'name': 'kink_year', 'value': 2001.0, 'low': 2001.0, 'high': 2001.0, 'unit': 'year'" in shown
    assert "The trend turned from rise to fall in about 2001" in shown
    assert "mine.csv" in shown


def test_the_notebook_takes_a_series_that_ends_before_the_third_period(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    table = own_series(tmp_path / "old.csv", range(1960, 1990), turn=1975)
    shown = "\n".join(outputs_of(notebooks()["01_history"], monkeypatch, series=str(table), draws=199))
    assert "'name': 'kink_year', 'value': 1975.0" in shown
    assert "kink_p_later" not in shown


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (lambda text: text.replace("\n1995,", "\n1994,"), "each year once expected"),
        (
            lambda text: "\n".join(line for line in text.splitlines() if not line.startswith("1995")),
            "every year from the first",
        ),
        (lambda text: "\n".join(text.splitlines()[:12]), "at least 15 years expected"),
        (lambda text: text.replace(",400\n", ",0\n", 1), "a positive amount expected"),
        (lambda text: text.replace("west", "inland", 1), "column 'west' is missing"),
    ],
    ids=["twice", "gap", "short", "zero", "column"],
)
def test_a_series_that_does_not_fit_is_refused_in_a_sentence(tmp_path: Path, change, said: str):
    table = own_series(tmp_path / "mine.csv", range(1988, 2015), turn=2001)
    table.write_text(change(table.read_text(encoding="utf-8")), encoding="utf-8")
    with pytest.raises(DataError, match=said):
        data.load("regional_series", table=table)
