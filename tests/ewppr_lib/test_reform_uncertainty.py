"""The reform model with uncertainty: draws, Monte Carlo error, indices, ranks and break-even values."""

from collections.abc import Callable
from itertools import product

import calibrated
import numpy as np
import pandas as pd
import plain_reform
import pytest
from common import ROOT, Answer, replace
from hypothesis import given, settings
from hypothesis import strategies as st

from crossfoot.errors import DataError, RequestError
from ewppr_lib.reform import (
    OPTIONS,
    USES,
    Package,
    bench,
    calibration,
    donor_revenue,
    options,
    ranking,
    sensitivity,
    summary,
)
from ewppr_lib.reform.assumptions import (
    AID_SERIES,
    PRESETS,
    AidSeries,
    Assumption,
    Preset,
    assumptions,
    centred,
    with_values,
)
from ewppr_lib.reform.criteria import CRITERIA
from ewppr_lib.reform.draws import SHOCKS, STRETCH, Draws, Tried, block, quantile, quantiles
from ewppr_lib.reform.simulate import HEADLINE, Span, central, evaluate, simulate, total
from nbedition import data

KNOWN = assumptions()
SMALL = Span(draws=1000, seed=7)
SETS = list(product(PRESETS, AID_SERIES))


def test_every_computed_or_sourced_central_value_is_what_the_tables_give():
    found = calibrated.from_study(
        data.load("funding"), data.load("exchanges"), data.load("stated"), data.load("cases")
    ) | calibrated.from_outside(
        donor_revenue(data.load("fiscal_revenue"), data.load("pairings"), 2007),
        *map(data.load, ("revenue_growth", "aid_by_use", "rural_poverty")),
    )
    with_ground = {name for name, record in KNOWN.items() if record.ground.kind != "assumption"}
    assert set(found) == with_ground
    for name, value in found.items():
        assert KNOWN[name].central == pytest.approx(value, rel=5e-4), name


def test_the_ranges_that_the_tables_give_are_those_of_the_tables():
    funding = data.load("funding")
    yearly = funding["taxes_paid"] / funding["enterprise_realised"].cumsum()
    assert (KNOWN["tax_rate"].low, KNOWN["tax_rate"].high) == pytest.approx((yearly.min(), yearly.max()), rel=1e-3)
    growth, scatter = KNOWN["aid_growth"], KNOWN["aid_volatility"]
    half_width = 2.353363 * scatter.central / np.sqrt(10)  # Student's t at 95 %, 3 degrees; sum of squared years 10
    middle = np.log1p(growth.central)
    assert growth.low == pytest.approx(np.expm1(middle - half_width), abs=1e-4)
    assert growth.high == pytest.approx(np.expm1(middle + half_width), abs=1e-4)
    assert scatter.low == pytest.approx(scatter.central * np.sqrt(3 / 7.8147), abs=1e-4)
    assert scatter.high == pytest.approx(scatter.central * np.sqrt(3 / 0.35185), abs=1e-4)


def test_every_assumption_is_listed_with_its_ground_by_the_command_that_the_notebook_names(
    ewppr: Callable[..., Answer],
):
    command = "ewppr simulate --assumptions"
    notebook = (ROOT / "notebooks/04_institutional_reform_options.ipynb").read_text(encoding="utf-8")
    assert f"`{command}`" in notebook
    lines = {line.split()[0]: line for line in ewppr(*command.split()[1:]).out.splitlines()}
    for record in KNOWN.values():
        assert record.ground.why in lines[record.name], record.name


def test_every_assumption_is_read_by_some_option():
    read = {record.name for record in sensitivity.drivers(list(OPTIONS.values()), KNOWN, SMALL)}
    assert read == set(KNOWN)


@given(st.sampled_from([record for record in KNOWN.values() if record.drawn]))
@settings(max_examples=70, deadline=None)
def test_draws_of_a_parameter_fill_its_range_in_order(record: Assumption):
    values = quantile(record, np.linspace(0, 1, 101))
    assert values[[0, -1]].tolist() == pytest.approx([record.low, record.high])
    assert (np.diff(values) > 0).all()


def test_a_triangular_parameter_has_the_textbook_mean_and_variance():
    record = KNOWN["default_rate"]
    low, mode, high = record.low, record.central, record.high
    values = quantile(record, (np.arange(200_000) + 0.5) / 200_000)
    assert values.mean() == pytest.approx((low + mode + high) / 3, rel=1e-4)
    variance = (low**2 + mode**2 + high**2 - low * mode - low * high - mode * high) / 18
    assert values.var() == pytest.approx(variance, rel=1e-3)


def test_the_same_seed_gives_the_same_bytes_on_one_thread_or_many():
    span = Span(draws=2 * STRETCH + 5, seed=3)
    one, many = (simulate(options([]), KNOWN, span, jobs=jobs) for jobs in (1, 3))
    assert summary.tables(one).to_csv() == summary.tables(many).to_csv()
    other = simulate(options([]), KNOWN, Span(draws=span.draws, seed=4))
    assert summary.tables(one).to_csv() != summary.tables(other).to_csv()


def test_the_first_draws_do_not_depend_on_how_many_follow():
    few, more = (simulate(options(["study_package"]), KNOWN, Span(draws=n)) for n in (100, STRETCH + 100))
    for measure, values in few.totals["study_package"].items():
        assert (values == more.totals["study_package"][measure][:100]).all()


@pytest.mark.parametrize(("preset", "aid_series"), SETS)
def test_the_plain_loop_over_all_options_gives_the_totals_of_every_draw(preset: Preset, aid_series: AidSeries):
    more = ("works", "wages", "settled_unsteadiness")
    known = assumptions(preset, aid_series)
    run = simulate(options([]), known, Span(draws=40, seed=7), (*HEADLINE, *more))
    p = block(known, 0, 40, SMALL.seed, SMALL.years)
    for draw in range(40):
        values = {name: float(np.broadcast_to(p[name], (40, 1))[draw, 0]) for name in known}
        shocks = {name: p.shock(name)[draw].tolist() for name in SHOCKS}
        told = plain_reform.totals(values, list(range(2011, 2021)), shocks)
        assert set(told) == set(OPTIONS)
        for name, book in told.items():
            for measure, value in book.items():
                mine = run.totals[name][measure][draw]
                assert mine == pytest.approx(value, rel=1e-9, abs=1e-9), (name, measure)


def test_options_run_together_or_alone_give_the_same():
    together = simulate(options([]), KNOWN, SMALL).totals["sme"]["jobs"]
    assert (together == simulate(options(["sme"]), KNOWN, SMALL).totals["sme"]["jobs"]).all()


@pytest.mark.parametrize("draws", [1000, 4000])
def test_doubling_the_draws_moves_no_figure_by_more_than_its_monte_carlo_error(draws: int):
    once, twice = (summary.table(simulate(options([]), KNOWN, Span(draws=n, seed=11))) for n in (draws, 2 * draws))
    for figure in ("mean", "low", "median", "high"):
        moved = (twice[figure] - once[figure]).abs()
        assert (moved <= once[f"{figure}_error"] + 1e-9).all(), once[moved > once[f"{figure}_error"] + 1e-9]


def test_the_monte_carlo_error_of_a_mean_and_a_median_is_what_repetition_shows():
    generator = np.random.default_rng(5)
    samples = summary.described(generator.standard_normal((300, 400)))
    for name, sd in (("mean", 1.0), ("median", np.sqrt(np.pi / 2))):
        stated = np.mean([sample[f"{name}_error"] for sample in samples])
        assert np.std([sample[name] for sample in samples]) == pytest.approx(sd / 20, rel=0.2)
        assert 3 * sd / 20 == pytest.approx(stated, rel=0.25)


def test_yearly_means_and_bands_agree_with_the_totals():
    run = simulate(options(["guarantee"]), KNOWN, SMALL, measures=("tax", "jobs"))
    assert run.yearly["guarantee"]["tax"].sum() == pytest.approx(run.totals["guarantee"]["tax"].mean())
    drawn = evaluate(OPTIONS["guarantee"], block(KNOWN, 0, SMALL.draws, SMALL.seed, SMALL.years), SMALL)
    low, middle, high = quantiles(drawn["tax"], summary.LEVELS)
    assert (low < middle).all() and (middle < high).all() and (low < run.yearly["guarantee"]["tax"]).all()


def test_baseline_and_reform_are_the_same_call_with_other_parameters():
    reform = Package(name="as-set", shares={"guarantee": 0.4}, set={"leverage": 8})
    by_set = central([reform], KNOWN, SMALL)["as-set"]
    by_hand = central([OPTIONS["guarantee"]], with_values(KNOWN, {"fund_share": 0.4, "leverage": 8}), SMALL)
    assert (by_set["jobs"] == by_hand["guarantee"]["jobs"]).all()


def test_a_package_with_ranges_of_its_own_keeps_the_draws_of_the_others():
    own = Package(name="own", shares={"guarantee": None}, set={"default_rate": [0.2, 0.3]})
    run = simulate([OPTIONS["guarantee"], own], KNOWN, SMALL)
    assert (run.totals["own"]["cost"] == run.totals["guarantee"]["cost"]).all()
    assert run.totals["own"]["fund_balance"].mean() < run.totals["guarantee"]["fund_balance"].mean()


def ishigami(points: np.ndarray) -> np.ndarray:
    x = np.pi * (2 * points - 1)
    return np.sin(x[:, 0]) + 7 * np.sin(x[:, 1]) ** 2 + 0.1 * x[:, 2] ** 4 * np.sin(x[:, 0])


def test_the_sobol_indices_of_ishigamis_function_come_out_right():
    found = sensitivity.sobol_indices(ishigami, ["x1", "x2", "x3"], 2048, 1)
    a, b = 7, 0.1
    variance = a**2 / 8 + b * np.pi**4 / 5 + b**2 * np.pi**8 / 18 + 0.5
    first = {"x1": 0.5 * (1 + b * np.pi**4 / 5) ** 2, "x2": a**2 / 8, "x3": 0.0}
    with_x1_x3 = 8 * b**2 * np.pi**8 / 225
    total_ = {"x1": first["x1"] + with_x1_x3, "x2": first["x2"], "x3": with_x1_x3}
    for name, alone in first.items():
        assert found.loc[name, "first"] == pytest.approx(alone / variance, abs=0.03)
        assert found.loc[name, "total"] == pytest.approx(total_[name] / variance, abs=0.03)
    assert found.index[0] == "x1"


def test_ishigami_through_our_interface_is_the_function_that_salib_ships():
    from SALib.test_functions import Ishigami

    points = np.random.default_rng(0).random((50, 3))
    assert np.allclose(ishigami(points), Ishigami.evaluate(np.pi * (2 * points - 1)))


def morris_effects(model, names, trajectories: int, seed: int) -> pd.DataFrame:
    """Return Morris's elementary effects of any model, largest first: cheap screening before Sobol.

    ``mu_star``, ``mu_star_error``, ``sigma``; the model is called on ``trajectories x (parameters + 1)`` points.
    """
    from SALib.analyze import morris as analyse
    from SALib.sample import morris as sample

    described = sensitivity.problem(names)
    points = sample.sample(described, trajectories, seed=seed)
    found = analyse.analyze(described, points, model(points), seed=seed)
    frame = pd.DataFrame(
        {"mu_star": found["mu_star"], "mu_star_error": found["mu_star_conf"], "sigma": found["sigma"]},
        index=pd.Index(names, name="parameter"),
    )
    return frame.sort_values("mu_star", ascending=False, kind="stable")


def test_morris_finds_the_slopes_of_a_plane():
    found = morris_effects(lambda x: 3 * x[:, 0] + x[:, 1], ["a", "b", "c"], 10, 1)
    assert found["mu_star"].to_dict() == pytest.approx({"a": 3, "b": 1, "c": 0}, abs=1e-9)


def test_sobol_indices_of_an_option_name_what_it_depends_on():
    model, names = sensitivity.model_of(OPTIONS["guarantee"], KNOWN, SMALL, "investment")
    found = sensitivity.sobol_indices(model, names, 64, 1)
    assert found.index[0] in ("additionality", "aid_growth", "loan_term")
    assert found.loc["women_farm", "total"] == pytest.approx(0, abs=1e-12)
    again = sensitivity.sobol_indices(model, names, 64, 1)
    assert found.equals(again)


def test_indices_of_a_constant_are_zero():
    found = sensitivity.sobol_indices(lambda x: np.ones(len(x)), ["a", "b"], 8, 1)
    assert not found.to_numpy().any()


def test_a_tornado_moves_one_parameter_at_a_time():
    frame = sensitivity.tornado(OPTIONS["guarantee"], KNOWN, SMALL, "tax")
    low = central([OPTIONS["guarantee"]], with_values(KNOWN, {"tax_rate": KNOWN["tax_rate"].low}), SMALL)
    assert frame.loc["tax_rate", "at_low"] == pytest.approx(total(low["guarantee"], "tax")[0])
    assert frame.loc["women_farm", "swing"] == 0
    assert frame["swing"].is_monotonic_decreasing
    assert frame.loc["leverage", "role"] == "policy"


def ranked() -> ranking.Ranking:
    return ranking.rank(simulate(options([]), KNOWN, Span(draws=4000), ranking.KEPT), USES)


def test_ranks_share_all_draws_among_the_options():
    found = ranked().first
    assert found["first"].sum() == pytest.approx(1)
    assert found["among_three"].sum() == pytest.approx(3)
    assert set(found.index) == set(USES)


def test_an_option_that_is_better_in_everything_is_always_first():
    run = simulate(options(["baseline", "guarantee", "risk"]), KNOWN, SMALL, ranking.KEPT)
    for measure in ranking.KEPT:
        run.totals["guarantee"][measure] = run.totals["risk"][measure] + 1.0
    run.totals["guarantee"]["moved"] = run.totals["risk"]["moved"]
    assert ranking.rank(run, ("guarantee", "risk")).first.loc["guarantee", "first"] == 1


def test_a_ranking_of_one_option_is_refused():
    with pytest.raises(RequestError, match="two options at least"):
        ranking.rank(simulate(options(["baseline", "sme"]), KNOWN, SMALL, ranking.KEPT), ["sme"])


def test_at_the_break_even_value_an_option_equals_granting():
    question = ranking.BreakEvenQuestion("guarantee", "households", "leverage", 0.0, 50.0)
    found = ranking.break_even([question], KNOWN, SMALL).loc["leverage"]
    at = with_values(KNOWN, {"leverage": float(found["central"])})
    both = central(options(["baseline", "guarantee"]), at, SMALL)
    gap = total(both["guarantee"], "households") - total(both["baseline"], "households")
    assert abs(gap[0]) < 1e-3 * total(both["baseline"], "households")[0]
    assert found["always"] + found["never"] + found["crosses"] == pytest.approx(1)


@pytest.mark.parametrize(("parameter", "low", "high"), [("leverage", 0.0, 50.0), ("water_persons", 0.0, 900.0)])
def test_a_gap_is_option_less_baseline_at_each_value_whether_or_not_the_baseline_depends_on_it(parameter, low, high):
    grid, drawn = np.linspace(low, high, 5), block(KNOWN, 0, 40, SMALL.seed, SMALL.years)
    question = ranking.BreakEvenQuestion("guarantee", "households", parameter, low, high)
    found = ranking._gap(question, ranking._Granted(drawn, SMALL), grid)
    for number, value in enumerate(grid):
        set_to = block(with_values(KNOWN, {parameter: float(value)}), 0, 40, SMALL.seed, SMALL.years)
        ours, theirs = (
            total(evaluate(OPTIONS[name], set_to, SMALL), "households") for name in ("guarantee", "baseline")
        )
        assert found[:, number] == pytest.approx(ours - theirs, rel=1e-9, abs=1e-6)


def test_rows_are_described_one_by_one_and_a_constant_row_without_rounding():
    rows = np.random.default_rng(3).standard_normal((3, 501)) ** 3
    rows[1] = 2.9  # whose mean of 501 is another number
    told = summary.described(rows)
    for row, of in zip(rows, told, strict=True):
        low, median, high = np.quantile(row, summary.LEVELS)
        assert (of["low"], of["median"], of["high"]) == pytest.approx((low, median, high))
        assert of["mean"] == pytest.approx(row.mean())
        assert of == summary.described(row[None])[0]
    assert told[1] == {name: 2.9 if name in ("mean", "low", "median", "high") else 0.0 for name in told[1]}


def test_where_nothing_breaks_even_there_is_no_value():
    question = ranking.BreakEvenQuestion("guarantee", "investment", "premium", 60, 400)
    found = ranking.break_even([question], KNOWN, SMALL).iloc[0]
    assert np.isnan(found["central"]) and found["always"] == 1


def test_questions_asked_at_once_are_answered_as_each_alone():
    questions = [
        ranking.BreakEvenQuestion("guarantee", "households", "leverage", 0.0, 50.0),
        ranking.BreakEvenQuestion("risk", "tax", "water_persons", 0.0, 900.0),  # on which what is granted depends, too
        ranking.BreakEvenQuestion("guarantee", "households", "default_rate", 0.0, 0.5),
    ]
    found = ranking.break_even(questions, KNOWN, SMALL, points=9)
    assert list(found.index) == ["leverage", "water_persons", "default_rate"]
    for number, question in enumerate(questions):
        alone = ranking.break_even([question], KNOWN, SMALL, points=9)
        assert found.iloc[[number]].equals(alone)


def test_of_equal_values_the_first_has_the_lowest_rank():
    values = np.random.default_rng(5).integers(0, 4, (3, 200)).astype(float)
    ranks = np.argsort(np.argsort(values, axis=1, kind="stable"), axis=1, kind="stable") - 99.5
    assert (bench.ranks_of(values) == ranks).all()


def test_aid_by_year_is_that_of_the_options_over_all_draws():
    span = Span(draws=3000, last_year=2016)
    found = summary.aid_by_year(KNOWN, span).set_index("option")
    drawn = block(KNOWN, 0, 3000, span.seed, span.years)
    for name in ("baseline", "fixed_share"):
        expected = np.quantile(evaluate(OPTIONS[name], drawn, span)["aid"], summary.LEVELS, axis=0)
        told = found.loc[name, ["low", "median", "high"]].to_numpy().T
        assert told == pytest.approx(expected)
        assert found.loc[name, "year"].tolist() == list(range(2011, 2017))


def test_what_a_yuan_brings_is_told_of_each_option_and_criterion():
    run, names = simulate(options([]), KNOWN, SMALL, ranking.KEPT), ("sme", "risk")
    found = summary.per_yuan_moved(run, names, tuple(CRITERIA)).set_index(["option", "criterion"])
    assert list(found.index) == [(name, criterion) for name in names for criterion in CRITERIA]
    totals, base = run.totals["risk"], run.totals["baseline"]
    expected = np.quantile((totals["jobs"] - base["jobs"]) / totals["moved"], summary.LEVELS)
    assert found.loc[("risk", "jobs")].tolist() == pytest.approx(expected)


def test_moving_a_central_value_moves_its_range_in_proportion_and_stays_possible():
    moved = centred(KNOWN, {"additionality": 0.8, "leverage": 8, "default_rate": 0.05})
    assert (moved["additionality"].low, moved["additionality"].high) == pytest.approx((0.2, 1.0))
    assert (moved["leverage"].low, moved["leverage"].central, moved["leverage"].drawn) == (1, 8, False)
    assert moved["default_rate"] == KNOWN["default_rate"]
    assert not centred(KNOWN, {"default_rate": 0.0})["default_rate"].drawn


def test_later_aid_is_compared_over_the_years_that_were_reported():
    import pandas as pd

    baseline = pd.DataFrame({"low": 1.0, "median": 2.0, "high": 3.0}, index=range(2011, 2021))
    history = data.load("partnership_history")
    found = calibration.against_later(baseline, history)
    assert found.loc["2011", "reported"] == pytest.approx(840.264)
    assert found.loc["2011", "median"] == 2
    assert found.loc["2016-2018", ["low", "median", "high"]].tolist() == [3, 6, 9]
    assert "2016-2018" not in calibration.against_later(baseline.loc[:2017], history).index
    assert "2016-2018" not in calibration.against_later(baseline.loc[2017:], history).index
    assert len(calibration.against_later(baseline.set_index(baseline.index + 40), history)) == 0


BAD_SPANS = {
    "no draws": ({"draws": 0}, "0 draws are not possible"),
    "too many draws": ({"draws": 10**12}, "1,000,000,000,000 draws are not possible; 1 to 10,000,000 are"),
    "negative seed": ({"seed": -1}, "a seed is a whole number"),
    "years backwards": ({"first_year": 2020, "last_year": 2011}, "years 2020:2011 are not possible"),
    "before the tables end": ({"first_year": 2007}, "years 2007:2020 are not possible"),
    "one year": ({"first_year": 2011, "last_year": 2011}, "two or more in order"),
}


@pytest.mark.parametrize("fault", BAD_SPANS)
def test_impossible_draws_seeds_and_years_get_one_clear_sentence(fault: str):
    fields, said = BAD_SPANS[fault]
    with pytest.raises(RequestError) as error:
        Span(**fields)
    assert said in str(error.value) and "\n" not in str(error.value)


BAD_VALUES = {
    "unknown": ({"leverge": 1}, "no parameter 'leverge'; did you mean 'leverage'?"),
    "nothing near": ({"xyz": 1}, "`ewppr simulate --assumptions` lists them"),
    "upside down": ({"default_rate": [0.2, 0.1]}, "its range is upside down, 0.2 to 0.1"),
    "above one": ({"default_rate": 2}, "leaves 0 to 1"),
    "negative": ({"leverage": -1}, "leaves 0 to 50"),
    "no such distribution": ({"default_rate": {"distribution": "cauchy"}}, "there is no such distribution"),
    "text": ({"leverage": "much"}, "a number, a range of two numbers, or fields are expected"),
    "truth": ({"leverage": True}, "a number, a range of two numbers"),
    "not a number": ({"leverage": float("nan")}, "finite"),
    "three numbers": ({"leverage": [1, 2, 3]}, "a number, a range of two numbers"),
    "unknown field": ({"leverage": {"mode": 3}}, "central, low, high and distribution can be given"),
    "logarithm of zero": ({"default_rate": {"low": 0, "distribution": "loguniform"}}, "starts above zero"),
    "centre outside": ({"default_rate": {"central": 0.9}}, "lies outside"),
}


@pytest.mark.parametrize("fault", BAD_VALUES)
def test_an_impossible_value_gets_one_clear_sentence(fault: str):
    values, said = BAD_VALUES[fault]
    with pytest.raises(RequestError) as error:
        with_values(KNOWN, values)
    assert said in str(error.value) and "\n" not in str(error.value)


BAD_REGISTERS = {
    "upside down": ("  low: 0.5\n  high: 1.1\n", "  low: 1.1\n  high: 0.5\n", "its range is upside down"),
    "source unknown": ("source: NBS_YB2008_T7-7", "source: NOWHERE", "data/sources.yml holds no NOWHERE"),
    "named twice": ("- name: leverage\n", "- name: overlap\n", "names 'overlap' twice"),
    "variant outside": ("observed: {central: 2.4,", "observed: {central: 1.4,", "lies outside 1.9 to 2.6"),
    "variant of nothing": ("observed: {central: 2.4,", "observed: {same_as: nil, central: 2.4,", "no parameter 'nil'"),
}  # fmt: skip


@pytest.mark.parametrize("fault", BAD_REGISTERS)
def test_a_spoilt_register_is_refused_by_record(fault: str, edition):
    old, new, said = BAD_REGISTERS[fault]
    replace(edition / "data/assumptions.yml", old, new)
    with pytest.raises(DataError, match=said):
        assumptions()


def test_the_register_is_read_again_when_it_has_changed(edition):
    before = assumptions()["aid_share"].central
    replace(edition / "data/assumptions.yml", f"central: {before:g}\n  low: 0.0004", "central: 0.002\n  low: 0.0004")
    assert assumptions()["aid_share"].central == 0.002
    assumptions()["aid_share"] = None
    assert assumptions()["aid_share"].central == 0.002


@given(st.integers(0, 2**31), st.integers(1, 50))
@settings(max_examples=50, deadline=None)
def test_quantiles_by_sorting_are_those_of_numpy(seed: int, draws: int):
    values = np.random.default_rng(seed).lognormal(size=(draws, 3))
    levels = [0.0, 0.05, 0.3, 0.5, 0.95, 1.0]
    assert np.array_equal(quantiles(values, levels), np.quantile(values, levels, axis=0))


def test_a_parameter_tried_at_many_values_gives_what_setting_it_gives():
    p = block(KNOWN, 0, 20, 7, 10)
    tried = total(evaluate(OPTIONS["guarantee"], Tried(p, "leverage", np.array([2.0, 9.0])), SMALL), "households")
    for number, value in enumerate((2.0, 9.0)):
        alone = evaluate(OPTIONS["guarantee"], p.with_known(with_values(KNOWN, {"leverage": value})), SMALL)
        assert tried[20 * number : 20 * (number + 1)].tolist() == total(alone, "households").tolist()


def test_a_break_even_value_is_sought_only_where_the_parameter_can_be():
    with pytest.raises(RequestError, match="leaves 0 to 1"):
        ranking.break_even(
            [ranking.BreakEvenQuestion("guarantee", "households", "default_rate", 0.0, 2.0)], KNOWN, SMALL
        )


def test_a_model_that_fails_somewhere_has_no_indices():
    def fails(points: np.ndarray) -> np.ndarray:
        values = 3 * points[:, 0] + points[:, 1]
        values[5] = np.nan
        return values

    with pytest.raises(RequestError, match=r"1 of 32 values of the model are no finite numbers"):
        sensitivity.sobol_indices(fails, ["a", "b"], 8, 1)


def test_numbers_beyond_a_float_are_refused_in_a_sentence():
    wide = with_values(KNOWN, {"nonfarm_jobs": (1.0, 1e308)})
    for ask in (
        lambda: simulate([OPTIONS["sme"]], wide, Span(draws=50)),
        lambda: sensitivity.depends(OPTIONS["sme"], wide, Span(draws=50), "jobs", 8),
    ):
        with pytest.raises(RequestError, match="beyond 1e308; choose smaller values"):
            ask()


def test_sobol_samples_that_are_no_power_of_two_are_refused():
    with pytest.raises(RequestError, match="a power of two, got 100"):
        sensitivity.sobol_indices(ishigami, ["x1", "x2", "x3"], 100, 1)


def test_two_packages_of_one_name_are_refused():
    with pytest.raises(RequestError, match="'baseline' is given twice"):
        simulate([OPTIONS["baseline"], OPTIONS["baseline"]], KNOWN, SMALL)


def test_central_draws_have_no_shocks():
    p = Draws(KNOWN, None, None, 10)
    aid = evaluate(OPTIONS["baseline"], p, SMALL)["aid"][0]
    assert (aid[1:] / aid[:-1]).tolist() == pytest.approx([1.11196] * 9)


def test_the_intervals_of_sobol_indices_are_the_same_twice_whatever_the_seed():
    for seed in (0, 1):
        one, again = (
            sensitivity.sobol_indices(lambda x: x[:, 0] + x[:, 1] ** 2, ["a", "b"], 64, seed) for _ in range(2)
        )
        pd.testing.assert_frame_equal(one, again)


def test_the_other_series_of_aid_and_its_ranges_are_those_of_the_sums_of_levels():
    funding = data.load("funding")
    level, growth, scatter = calibration.trend(funding[["aid_provincial", "aid_prefectural", "aid_county"]].sum(axis=1))
    known = assumptions(aid_series="levels")
    assert [known[name].central for name in ("aid_level", "aid_growth", "aid_volatility")] == pytest.approx(
        [level, growth, scatter], rel=1e-4
    )
    half_width = 2.353363 * scatter / np.sqrt(10)
    ends = [np.expm1(np.log1p(growth) + side * half_width) for side in (-1, 1)]
    assert [known["aid_growth"].low, known["aid_growth"].high] == pytest.approx(ends, abs=1e-4)
    ends = [scatter * np.sqrt(3 / value) for value in (7.8147, 0.35185)]
    assert [known["aid_volatility"].low, known["aid_volatility"].high] == pytest.approx(ends, abs=1e-4)


def test_the_observed_ranges_hold_what_was_observed_and_no_other_parameter_has_one():
    rows = data.load("observed_terms").reset_index()
    rows = rows[rows["observed"] < 10_000 + 1e6 * (rows["parameter"] != "water_persons")]  # 13,793 is told as left out
    observed = assumptions("observed")
    assert set(rows["parameter"]) == {name for name, record in KNOWN.items() if "observed" in record.under}
    for name, found in rows.groupby("parameter")["observed"]:
        record = observed[name]
        assert record.drawn and record.low <= found.min() and found.max() <= record.high + 1e-9, name
        if len(found) == 1 and name != "premium_subsidy":
            assert (record.low, record.central, record.high) == pytest.approx(found.iloc[0] * np.array([0.5, 1, 2]))


def test_the_revenue_range_holds_what_came_and_the_poor_are_those_counted():
    revenue = data.load("revenue_growth").reset_index().pivot(index="year", columns="province", values="revenue")
    came = (revenue.loc[2011] / revenue.loc[2007]) ** 0.25 - 1
    assert came[["Shandong", "Xinjiang"]].round(3).tolist() == [0.198, 0.26]
    growth, donors = KNOWN["revenue_growth"], revenue.drop(columns="Xinjiang").sum(axis=1)
    slow = (donors[2019] / donors[2015]) ** 0.25 - 1
    assert growth.low < slow < growth.central < came["Shandong"] < came["Xinjiang"] <= growth.high + 1e-4
    told = data.load("rural_poverty")
    part = calibrated.poor(told, 2012, "west") / calibrated.poor(told, 2012, "nation")
    ends = [calibrated.poor(told, 2016, "west"), calibrated.poor(told, 2011, "nation") * part]
    assert [KNOWN["poor_persons"].low * 100, KNOWN["poor_persons"].high * 100] == pytest.approx(ends, rel=1e-3)
    by_use = data.load("aid_by_use").reset_index().set_index("use")["value"]
    assert by_use.sum() == pytest.approx(872.2, abs=0.01)
    ends = [by_use["industry"] / whole for whole in (by_use.sum(), by_use.sum() - by_use["not broken down"])]
    assert [KNOWN["grant_industry"].low, KNOWN["grant_industry"].high] == pytest.approx(ends, abs=1e-4)


def test_under_equal_additionality_all_uses_have_the_same_in_every_draw():
    p = block(assumptions("equal_additionality"), 0, 50, 1, 10)
    for name in ("discount_additionality", "risk_additionality", "sme_additionality", "subsidy_additionality"):
        assert (p[name] == p["additionality"]).all()
    moved = with_values(assumptions("equal_additionality"), {"sme_additionality": 0.1})
    assert block(moved, 0, 50, 1, 10)["sme_additionality"].item() == 0.1
