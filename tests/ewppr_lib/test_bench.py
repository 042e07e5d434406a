"""The policy bench: regions, regret, the value of knowing; and every sentence of notebook 04 under all assumptions."""

import re
from itertools import product

import numpy as np
import pandas as pd
import pytest
from common import ROOT
from every_chart import donors

from crossfoot.errors import RequestError
from ewppr_lib.charts import bench as charts
from ewppr_lib.charts import reform as reform_charts
from ewppr_lib.charts.reform import parameter_words
from ewppr_lib.reform import USES, Settings, bench, options, ranking, sensitivity, simulate, summary
from ewppr_lib.reform.assumptions import AID_SERIES, PRESETS, AidSeries, Preset, assumptions
from ewppr_lib.reform.criteria import CRITERIA, USUAL, criteria_from
from ewppr_lib.reform.packages import OPTIONS
from ewppr_lib.reform.prim import prim
from ewppr_lib.reform.simulate import Simulation, Span
from ewppr_lib.study.funding import aid_as
from nbedition import data

SPAN = Span(draws=1000, seed=3)
SETS = list(product(PRESETS, AID_SERIES))
each_set = pytest.mark.parametrize(("preset", "aid_series"), SETS)


def two_uses() -> Simulation:
    """Four draws of two uses: the first pays wages of 4, the second lifts 1 to 4 households, on ten yuan moved each."""
    nothing = {name: np.zeros(4) for name in ranking.KEPT}
    one = nothing | {"wages": np.full(4, 4.0), "moved": np.full(4, 10.0)}
    two = nothing | {"lifted": np.array([1.0, 2.0, 3.0, 4.0]), "moved": np.full(4, 10.0)}
    return Simulation(Span(draws=4), {"baseline": nothing, "one": one, "two": two}, {})


def test_scores_and_regret_by_hand():
    found = ranking.rank(two_uses(), ("one", "two"), ("wages", "lifted"))
    # in each draw "one" scores 1 on wages and 0 on lifted, "two" the other way round: the weights alone decide
    assert found.worth == pytest.approx(found.weights)
    assert found.weights.sum(axis=1) == pytest.approx(1)
    leads = found.weights[:, 0] > 0.5
    assert found.first.loc["one", "first"] == leads.mean()
    lost = np.where(leads, 0.0, found.weights[:, 1] - found.weights[:, 0])
    assert found.first.loc["one", "regret"] == pytest.approx(lost.mean())


def test_criteria_of_one_flow_share_its_weight():
    span = Span(draws=500)
    flows = {"investment": ("wages", "tax", "jobs", "investment"), "women": ("women",)}
    weights = ranking.drawn_weights([name for names in flows.values() for name in names], span)
    assert weights[:, 0] == pytest.approx(weights[:, 3])
    assert weights[:, :4].sum(axis=1).mean() == pytest.approx(0.5, abs=0.05)
    assert (weights[:, :4].sum(axis=1) + weights[:, 4]) == pytest.approx(1)
    alone = ranking.rank(two_uses(), ("one", "two"), ("wages", "lifted")).worth
    more = ranking.rank(two_uses(), ("one", "two"), ("wages", "tax", "lifted")).worth
    assert more[:, 1] == pytest.approx(alone[:, 1])  # another criterion of the first flow takes nothing from the second


def test_the_usual_criteria_count_each_flow_once_and_name_who_gains():
    assert len({CRITERIA[name].flow for name in USUAL}) == len(USUAL)
    assert {"lifted", "wages", "dividends", "villages", "women"} <= set(USUAL)
    with pytest.raises(RequestError, match="there is no criterion 'wagse'; did you mean 'wages'?"):
        criteria_from("wagse")


def test_prim_finds_a_box_drawn_by_hand_and_nothing_else():
    x, y = (grid.ravel() for grid in np.meshgrid(np.arange(20.0), np.arange(20.0)))
    idle = np.random.default_rng(1).random(400)
    case = (x >= 8) & (y < 12)  # 12 x 12 of 400 points
    box = prim({"x": x, "y": y, "idle": idle}, case)
    assert set(box.limits) == {"x", "y"}
    assert (box.limits["x"], box.limits["y"]) == ((8, np.inf), (-np.inf, 11))
    assert (box.density, box.coverage, box.support) == (1, 1, 144 / 400)


def test_prim_leaves_everything_open_where_nothing_tells_the_cases_apart():
    rng = np.random.default_rng(2)
    box = prim({"x": np.ones(400)}, rng.random(400) < 0.5)
    assert box.limits == {} and box.coverage == 1


def test_the_value_of_knowing_by_hand():
    # twenty draws; the first leads by 3 where x is below 5 and trails by 1 elsewhere: sure of the first it gains
    # (5 x 3 - 15 x 1) / 20 = 0; knowing x it gains 3/2 or 1/2 more than a coin: (5 x 3 + 15 x 1) / 20 / 2 = 0.75
    x = np.arange(20.0)
    lead = np.where(x < 4, 3.0, -1.0)  # in pairs of neighbours, as a tenth holds two draws
    assert bench.value_of_knowing(x, lead) == pytest.approx(((4 * 3 + 16) - abs(4 * 3 - 16)) / 20 / 2)
    found = bench.knowing(bench.Pair("guarantee", "discount", lead, {"x": x}))
    assert found.loc["x", "part"] == pytest.approx(1)
    assert found.index[-1] == bench.NOISE


def test_a_map_shares_all_draws_and_shows_where_the_first_leads():
    x = np.arange(400.0) % 20
    y = np.arange(400.0) // 20
    found = bench.lead_map(bench.Pair("a", "b", np.where(x < 10, 1.0, -1.0), {"x": x, "y": y}), "x", "y", bins=4)
    assert found["draws"].sum() == 400
    assert set(found.loc[found["x_high"] <= 10, "share"]) == {1.0}
    assert set(found.loc[found["x_low"] >= 10, "share"]) == {0.0}


def test_of_each_pair_one_leads_and_benefit_sharing_is_not_shut_out_by_construction():
    ranked = bench.ranked(assumptions(), SPAN)
    shares = bench.pairs(ranked).to_numpy()
    assert (shares + shares.T + np.eye(len(shares)))[np.triu_indices(len(shares))] == pytest.approx(1, abs=0.01)
    assert ranked.first.loc["sharing", "first"] > 0.1
    assert ranked.first["first"].sum() == pytest.approx(1)


def test_on_one_scale_a_draw_with_little_at_stake_weighs_little():
    small, large = np.array([[0.0], [0.1]]), np.array([[1.0], [0.0]])  # two uses, one criterion
    gains = np.stack([small, small, large])
    by_draw, on_one_scale = (ranking._scored(gains, np.ones((3, 1)), over) for over in ((1,), (0, 1)))
    assert by_draw.tolist() == [[0, 1], [0, 1], [1, 0]]
    assert on_one_scale.mean(axis=0) == pytest.approx([1 / 3, 0.2 / 3])


@pytest.fixture(scope="module")
def across() -> pd.DataFrame:
    return bench.across(SPAN)


@pytest.fixture(scope="module")
def drawn(across: pd.DataFrame) -> str:
    return " ".join(charts.leading(across).draw().get_suptitle().split())


@each_set
def test_who_leads_is_said_under_every_preset_and_series(
    preset: Preset, aid_series: AidSeries, across: pd.DataFrame, drawn: str
):
    simulation = simulate(options(["baseline", *USES]), assumptions(preset, aid_series), SPAN, ranking.KEPT)
    first = ranking.rank(simulation, bench.CHOICES).first["first"]
    best = {"edition": "guarantee", "observed": "discount", "equal_additionality": "discount"}[preset]
    assert first.idxmax() == best and first.max() < 0.5
    limit = re.search(r"none does in (\d+) % of the draws", drawn)
    assert limit is not None and 100 * first.max() < int(limit.group(1))
    sentence = charts.who_leads(across)
    words = f"{charts.named(best)} with {reform_charts.under(preset)} "
    told = re.search(re.escape(words) + r"\((\d+) / (\d+) % of the draws\)", sentence)
    assert told is not None and f"{100 * first.max():.0f}" == told.group(1 + AID_SERIES.index(aid_series))


def test_readme_and_home_page_say_no_more_than_holds_under_every_preset_and_series(across: pd.DataFrame):
    best = bench.leaders(across)
    readme = " ".join((ROOT / "README.md").read_text(encoding="utf-8").split())
    assert "with this edition's ranges a guarantee fund is best most often" in readme
    assert set(best.loc["edition", "option"]) == {"guarantee"}
    assert "with terms that funds in China reported, or when each use adds the same part" in readme
    assert set(best.loc[["observed", "equal_additionality"], "option"]) == {"discount"}
    assert "none is best in half of the draws" in readme and best["first"].max() < 0.5
    others = bench.leaders(across, "first_one_scale")
    assert "Scored on one scale over all draws, instead of in each, other uses lead." in readme
    assert (others["option"] != best["option"]).all() and others["first"].max() < 0.5
    told = "the leader is " + " / ".join(map(charts.named, dict.fromkeys(others["option"])))
    assert f"{told}, in {100 * others['first'].max():.0f} % at most." in charts.who_leads(across)
    home = (ROOT / "docs/findings.yml").read_text(encoding="utf-8")
    assert "{most_first_low:.0f} to {most_first_high:.0f} % of the draws" in home
    assert "and is another one with" in home and len(set(best["option"])) > 1
    for text in (readme, home):
        assert "58 %" not in text


@each_set
def test_the_titles_and_sentences_of_notebook_04_name_their_assumptions_and_hold(preset: Preset, aid_series: AidSeries):
    known, assumed = assumptions(preset, aid_series), (preset, aid_series)
    under = reform_charts.under(*assumed)
    ranked = bench.ranked(known, SPAN)
    pair = bench.pair(ranked, known, SPAN, "guarantee", "discount")
    simulation = simulate(options(["baseline", *USES]), known, SPAN, ranking.KEPT, by_year=False)
    gains = summary.per_yuan_moved(simulation, USES, USUAL)
    title = " ".join(reform_charts.what_a_yuan_brings(gains, assumed).draw().get_suptitle().split())
    leading = {gains.loc[of.index, "option"][of.idxmax()] for _, of in gains.groupby("criterion")["median"]}
    assert len(leading) > 1
    assert title == f"With {under}, no use of a yuan is best at everything: {len(leading)} of 10 lead in some way"
    swings = sensitivity.tornado(OPTIONS["guarantee"], known, SPAN, "households", OPTIONS["baseline"]).drop(
        "fund_share"
    )
    grounds = {name: known[name].ground.kind for name in swings.index}
    title = " ".join(
        reform_charts.tornado(swings.head(9), "guarantee", "x", grounds, assumed).draw().get_suptitle().split()
    )
    assert parameter_words(str(swings.index[0])) in title and title.endswith(f"with {under}")
    sentence = charts.who_beats_whom(pair, *assumed)
    worth = ranked.worth[:, [ranked.names.index(name) for name in ("guarantee", "discount")]]
    assert f"With {under}, the guarantee fund scores more than the interest discount in " in sentence
    assert f"in {100 * (worth[:, 0] > worth[:, 1]).mean():.0f} % of the draws: " in sentence
    for box, case in zip(bench.region(pair), (pair.lead > 0, pair.lead <= 0), strict=True):
        inside = np.ones(SPAN.draws, dtype=bool)
        for name, (low, high) in box.limits.items():
            inside &= (pair.inputs[name] >= low) & (pair.inputs[name] <= high)
        assert box.density == pytest.approx(case[inside].mean())
        assert box.density > case.mean() and box.coverage >= 0.5
        assert charts.in_words(box) in sentence


@each_set
def test_a_fixed_share_is_told_under_both_series_and_steadiness_apart_from_phase_in(
    preset: Preset, aid_series: AidSeries
):
    found = bench.rule_by_series(SPAN, assumptions, preset)
    measures = ("aid", "settled_unsteadiness", "unsteadiness")
    known = assumptions(preset, aid_series)
    totals = simulate(options(["baseline", "fixed_share"]), known, SPAN, measures).totals
    for name in ("baseline", "fixed_share"):
        assert found.loc[aid_series, f"aid_{name}"] == np.median(totals[name]["aid"])
        assert found.loc[aid_series, f"unsteadiness_{name}"] == np.median(totals[name]["settled_unsteadiness"])
    assert found.loc[aid_series, "with_phase_in_fixed_share"] > found.loc[aid_series, "unsteadiness_fixed_share"]
    sentence = charts.by_rule(found, 0.001)
    times = found["aid_fixed_share"] / found["aid_baseline"]
    assert f"gives {times.min():.2g} to {times.max():.2g} times the aid of the trend" in sentence
    assert "it is steadier: " in sentence
    assert (found["unsteadiness_fixed_share"] < found["unsteadiness_baseline"]).all()
    aid = summary.aid_by_year(known, SPAN)
    last = aid[aid["year"] == 2020].set_index("option")["median"]
    paths = reform_charts.aid_paths(aid, pd.DataFrame({"reported": []}), aid_series).draw().get_suptitle()
    assert (
        f"{last['fixed_share'] / last['baseline']:.2g} times the trend of {reform_charts.SERIES_WORDS[aid_series]}"
        in paths
    )


def test_the_share_of_the_donors_in_2007_is_the_same_in_both_series():
    given = [aid_as(data.load("funding"), series).loc[2007, "government_aid"] for series in AID_SERIES]
    titles = {reform_charts.fixed_share_by_donor(donors(), 0.001, aid, 2007).draw().get_suptitle() for aid in given}
    assert len(titles) == 1


def test_every_parameter_can_be_set_in_notebook_04_and_by_simulate():
    for name, record in assumptions().items():
        value = record.high
        known = Settings(terms=f"{name}={value:.10g}").known()
        assert known[name].central == pytest.approx(value) and not known[name].drawn
    with pytest.raises(ValueError, match="no parameter 'leverge'; did you mean 'leverage'?"):
        Settings(terms="leverge=2")
    with pytest.raises(ValueError, match="cannot be compared with itself"):
        Settings(option="sme", against="sme")
    observed = Settings(preset="observed").known()["leverage"]
    assert (observed.low, observed.high) == (1.9, 2.6)
    assert Settings(preset="observed", leverage=5).known()["leverage"].central == 5


def test_notebook_04_records_every_option_for_every_measure():
    text = (ROOT / "notebooks/04_institutional_reform_options.ipynb").read_text(encoding="utf-8")
    names = set(re.findall(r'"name": "([a-z_0-9]+)"', text))
    for option, measure in product(OPTIONS, ("cost", "households", "lifted", "wages", "women", "settled_unsteadiness")):
        assert f"{measure}_of_{option}" in names
    for option, (preset, series) in product(bench.CHOICES, SETS):
        assert f"first_{option}_{preset}_{series}" in names
