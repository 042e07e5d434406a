"""The reform model's mechanisms against arithmetic written out, limits, and a second implementation."""

import math

import numpy as np
import plain_reform as plain
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crossfoot.errors import CheckFailed
from ewppr_lib.reform import OPTIONS, Package, aid, funds, industry, people
from ewppr_lib.reform.amounts import amount
from ewppr_lib.reform.assumptions import assumptions, with_values
from ewppr_lib.reform.draws import Draws, block
from ewppr_lib.reform.model import Common, outcome
from ewppr_lib.reform.outcome import MEASURES, PackageOutcome
from ewppr_lib.reform.simulate import Span, central, evaluate

KNOWN = assumptions()
SPAN = Span()
TERMS = {
    "leverage": 5.0,
    "default_rate": 0.1,
    "loss_share": 0.8,
    "recovery_rate": 0.25,
    "fee": 0.02,
    "deposit_rate": 0.01,
    "cost": 0.01,
    "term": 2.0,
    "life": 50.0,
}


def one(name: str, package: Package | None = None, **values: float) -> PackageOutcome:
    """An option at central values, some of them set."""
    return central([package or OPTIONS[name]], with_values(KNOWN, values), SPAN)[name]


def test_a_guarantee_fund_over_two_years_by_hand():
    fund = funds.credit_fund(np.array([[100.0, 50.0]]), funds.Terms(**TERMS))
    # year 1: capital 100, loans 5 x 100 = 500, fee 0.02 x 500 = 10, interest 0.01 x 100 = 1, costs 0.01 x 500 = 5;
    # failed 0.1 x 500 = 50, claims 0.8 x 50 = 40, recovered 0.25 x 40 = 10: balance 100 + 11 - 5 - 40 + 10 = 76
    # year 2: still running (1 - 1/2) x (500 - 50) = 225; capital 76 + 50 = 126, loans 630, of which new 405;
    # fee 12.6, interest 1.26, costs 6.3, claims 0.8 x 63 = 50.4, recovered 12.6: 126 + 13.86 - 56.7 + 12.6 = 95.76
    assert fund.balance[0].tolist() == pytest.approx([76, 95.76])
    assert fund.new_loans[0].tolist() == pytest.approx([500, 405])
    assert fund.earned[0].tolist() == pytest.approx([10 + 1 + 10, 12.6 + 1.26 + 12.6])
    assert fund.paid_out[0].tolist() == pytest.approx([5 + 40, 6.3 + 50.4])


def test_a_fund_that_is_wound_up_returns_its_balance_once():
    fund = funds.credit_fund(np.full((1, 4), 100.0), funds.Terms(**TERMS | {"life": 2.0}))
    # year 1: 76 as above; year 2: capital 176, loans 880, earned 17.6 + 1.76 + 17.6, paid out 8.8 + 70.4: 133.76
    assert fund.paid_in[0].tolist() == [100, 100, 0, 0]
    assert fund.returned[0].tolist() == pytest.approx([0, 0, 133.76, 0])
    assert fund.balance[0].tolist() == pytest.approx([76, 133.76, 0, 0])


def test_a_discount_fund_by_hand():
    fund = funds.discount_fund(np.array([[3.0, 3.0, 1.0]]), 0.03, 4.0)
    # 3 / 0.03 = 100 carried; three quarters, 75, still run in year 2, so 25 are new; in year 3 1 / 0.03 = 33.3 < 75
    assert fund.new_loans[0].tolist() == pytest.approx([100, 25, 0])


def test_loans_that_are_guaranteed_and_discounted_count_once():
    additional, loans = funds.additional_loans(np.array([[100.0]]), np.array([[40.0]]), 0.5, (0.4, 0.2))
    # both: 0.5 x 40 = 20; loans 100 + 40 - 20 = 120; additional 80 x 0.4 + 20 x 0.2 + 20 x 0.4 (the larger) = 44
    assert loans[0, 0] == pytest.approx(120)
    assert additional[0, 0] == pytest.approx(80 * 0.4 + 20 * 0.2 + 20 * 0.4)


def test_a_community_fund_by_hand():
    lending = funds.Lending(turns=2.0, repayment=0.9, interest=0.05, cost=0.02)
    fund = funds.revolving_fund(np.array([[10.0, 0.0]]), lending)
    # lent 2 x 10 = 20, lost 2, interest 0.05 x 0.9 x 20 = 0.9, cost 0.4: 10 + 0.9 - 2 - 0.4 = 8.5; then all x 0.85
    assert fund.balance[0].tolist() == pytest.approx([8.5, 8.5 * 0.85])
    assert funds.borrowers_reached(fund.new_loans, 5000.0, 0.6)[0, 0] == pytest.approx(20e6 / 5000 * 0.4)


def test_farm_insurance_by_hand():
    policy = funds.Policy(premium=100.0, subsidy=0.5, loss_ratio=0.8, volatility=0.0, cost=0.1)
    fund, insured = funds.insurance_fund(np.array([[1.0, 3.0, 2.0]]), policy, np.zeros((1, 3)))
    # a subsidy of 1 million pays half of premiums of 2 million, 20,000 households; claims 1.6, cost 0.2: 0.2 is left
    assert insured[0].tolist() == pytest.approx([20_000, 60_000, 40_000])
    assert fund.balance[0].tolist() == pytest.approx([0.2, 0.2 + 0.6, 0.8 + 0.4])
    assert funds.first_time(insured)[0].tolist() == pytest.approx([20_000, 40_000, 0])


def test_what_investment_brings_by_hand():
    sector = industry.Sector(jobs=10.0, households_per_job=0.5, wage_gain=4000.0, tax_rate=0.01)
    brought = industry.effect(industry.investment(amount(np.array([[10.0, 20.0]])), 0.1), sector)
    # in place 10, then 0.9 x 10 + 20 = 29; jobs 100, 290; wages 290 x 4,000 yuan = 1.16 million; households 50, 100
    assert brought.jobs.by_year()[0].tolist() == pytest.approx([100, 290])
    assert brought.wages.by_year()[0, 1] == pytest.approx(1.16)
    assert brought.tax.by_year()[0].tolist() == pytest.approx([0.1, 0.29])
    assert brought.households.by_year()[0].tolist() == pytest.approx([50, 100])


def test_benefit_sharing_by_hand():
    assert industry.after_sharing(0.3, 0.2, 1.0) == pytest.approx(0.3 * 0.8)
    assert industry.after_sharing(0.3, 0.8, 2.0) == 0
    assert industry.dividends(np.array([[100.0]]), 0.2, 0.06)[0, 0] == pytest.approx(1.2)
    assert industry.dividends(np.array([[100.0]]), 0.2, -0.06)[0, 0] == 0
    assert industry.shareholders(np.array([[1.0]]), 20.0, 5.0)[0, 0] == pytest.approx(1e6 / 20_000 / 5)


def test_a_fixed_share_is_phased_in_between_floor_and_cap():
    advocated = np.array([[100.0, 100.0, 100.0]])
    share = np.array([[400.0, 400.0, 50.0]])
    rule = aid.Rule(phase_in_years=2, floor=1.0, cap=3.0)
    # half of 400 and half of 100: 250; then 400, capped at 300; then 50, lifted to the floor of 100
    assert aid.fixed_share_path(advocated, share, rule)[0].tolist() == [250, 300, 100]


def test_each_level_of_government_gives_its_part():
    given_ = aid.share_of_revenue(np.array([[1000.0]]), 0.01, (0.25, 0.35, 0.4), (2.0, 1.0, 0.0))
    assert given_[0, 0] == pytest.approx(1000 * 0.01 * (0.25 * 2 + 0.35))


def test_aid_on_trend_by_hand():
    path = aid.on_trend(100.0, 0.1, 0.2, np.array([[1.0, 2.0]]), np.array([[0.0, 1.0]]))
    assert path[0].tolist() == pytest.approx([110, 121 * math.exp(0.2)])


def test_unsteadiness_is_zero_for_steady_growth_and_for_nothing_and_not_for_leaps():
    assert aid.unsteadiness(np.array([[1.0, 2.0, 4.0], [0.0, 0.0, 0.0]])).tolist() == pytest.approx([0, 0])
    # changes (3 - 1) / 2 = 1 and (1 - 3) / 2 = -1: standard deviation 1
    assert aid.unsteadiness(np.array([[1.0, 3.0, 1.0]]))[0] == pytest.approx(1)


def test_cadres_serve_for_their_years():
    assert people.cadres_in_service(np.array([[10.0, 20.0, 30.0]]), 2.5)[0].tolist() == [10, 30, 55]
    assert people.cadres_by_rule(3000, 0.2, np.array([[0.5, 1.0]]))[0].tolist() == [300, 600]


def test_social_help_stops_at_what_can_be_raised_and_leaves_the_rest():
    done = people.social_help(np.array([[100.0]]), np.array([[50.0]]), (0.3, 0.02), (3.0, 1.0))
    # 30 for volunteers, 1,500 person-times; 70 x 3 = 210 could be raised, at most 1 x 50 are: 50 / 3 spent on them
    assert done.sent[0, 0] == pytest.approx(1500)
    assert done.raised[0, 0] == pytest.approx(50)
    assert done.spent[0, 0] == pytest.approx(30 + 50 / 3)


def test_villages_and_women_by_hand():
    ones = np.ones((1, 1))
    channels = people.Channels(*(amount(many * ones) for many in (100, 50, 10, 40, 20, 30)))
    assert people.in_villages(channels, 0.5, 0.8, 0.3).by_year()[0, 0] == pytest.approx(50 + 40 + 3)
    assert people.women_reached(channels, 0.55, 0.35, 0.45).by_year()[0, 0] == pytest.approx(22 + 7 + 13.5)


def test_the_whole_guarantee_option_at_central_values_by_hand():
    """The first year of 2011, from Table 1 to jobs."""
    found = one("guarantee")
    given_ = 580.261 * 1.11196**4
    moved = 0.25 * given_
    loans = 5 * moved
    invested = 1.5 * 0.4 * loans
    farm = 0.3 * invested
    other = invested - farm
    assert found["aid"][0, 0] == pytest.approx(given_)
    assert found["investment"][0, 0] == pytest.approx(invested)
    farm_jobs = 1000 * 2.5 / 20 * 0.4
    assert found["jobs"][0, 0] == pytest.approx(farm_jobs * farm + 6.595 * 0.4 * other)
    assert found["tax"][0, 0] == pytest.approx(0.0074722 * (0.5 * farm + other))
    balance = moved * (1 + 0.02) + loans * (0.015 - 0.01 - 0.8 * 0.05 * (1 - 0.3))
    assert found["fund_balance"][0, 0] == pytest.approx(balance)
    by_grants = (given_ - moved + found["donations"][0, 0]) * 479.5 / 4
    lifted = farm_jobs * 0.42857 * farm + 6.595 * 0.4 * 0.15 * other
    assert found["households"][0, 0] == pytest.approx(by_grants + lifted)


@pytest.mark.parametrize("name", [name for name in OPTIONS if name not in ("cadre_rule", "study_package")])
def test_a_share_of_zero_equals_the_baseline(name: str):
    base = one("baseline")
    found = one(name, fund_share=0, aid_share=0)
    for measure in MEASURES:
        assert found[measure][0].tolist() == pytest.approx(base[measure][0].tolist()), measure


@pytest.mark.parametrize("name", OPTIONS)
def test_without_aid_nothing_moves(name: str):
    found = one(name, aid_level=0, aid_share=0)
    for measure in ("aid", "moved", "investment", "jobs", "tax", "lifted", "fund_balance", "loans"):
        assert not found[measure].any(), measure


def test_without_leverage_a_guarantee_fund_moves_no_loan_and_only_earns_interest():
    found = one("guarantee", leverage=0)
    assert not found["investment"].any()
    balance = 0.0
    for moved in found["moved"][0]:
        balance = 1.02 * (balance + moved)
    assert found["fund_balance"][0, -1] == pytest.approx(balance)


def test_when_every_loan_fails_the_fund_is_empty_each_year():
    found = one("guarantee", default_rate=1, recovery_rate=0)
    assert np.abs(found["fund_balance"]).max() < 1e-9


def test_what_adds_nothing_invests_nothing():
    assert not one("guarantee", additionality=0)["investment"].any()


def test_lower_shares_of_loss_leave_more_in_the_fund():
    left = [one("guarantee", loss_share=share)["fund_balance"][0, -1] for share in (0.2, 0.5, 1.0)]
    assert left == sorted(left, reverse=True)


def test_sharing_reaches_a_household_once_though_it_works_and_holds_a_share():
    found = one("sharing", households_per_farm_job=0.6, mu_per_household=10)
    holders = found["investment"] * 1000 / (20 * 10)
    workers = found["investment"] * 50 * 0.6
    by_grants = (found["grants"] + found["donations"]) * 479.5 / 4
    assert (found["households"] - by_grants)[0].tolist() == pytest.approx(np.maximum(holders, workers)[0].tolist())


amounts = st.lists(st.floats(0, 1e4), min_size=2, max_size=12)
rate = st.floats(0, 1)
any_terms = st.fixed_dictionaries(
    dict.fromkeys(TERMS, rate)
    | {"leverage": st.floats(0, 20), "term": st.floats(1, 10), "life": st.integers(1, 12).map(float)}
)


@given(amounts, any_terms)
@settings(max_examples=200, deadline=None)
def test_the_plain_loop_and_the_arrays_agree_and_no_money_is_lost(inflow: list[float], terms: dict[str, float]):
    fund = funds.credit_fund(np.array([inflow]), funds.Terms(**terms))
    book = plain.credit_fund(inflow, terms)
    scale = 1e-9 * (1 + sum(inflow) * (1 + terms["leverage"]) * 2 ** len(inflow))
    for name, expected in book.items():
        assert getattr(fund, name)[0].tolist() == pytest.approx(expected, rel=1e-9, abs=scale), name
    assert fund.imbalance() < 1e-9
    assert fund.balance.min() >= -scale


@given(amounts, rate, st.floats(0, 12), rate, rate)
@settings(max_examples=100, deadline=None)
def test_the_plain_community_fund_agrees(
    inflow: list[float], repayment: float, turns: float, interest: float, cost: float
):
    lending = {"turns": turns, "repayment": repayment, "interest": interest, "cost": cost}
    fund = funds.revolving_fund(np.array([inflow]), funds.Lending(**lending))
    book = plain.revolving_fund(inflow, lending)
    largest = max(map(abs, book["new_loans"])) + 1
    assert fund.balance[0].tolist() == pytest.approx(book["balance"], rel=1e-9, abs=1e-9 * largest)
    assert fund.imbalance() < 1e-9


@given(amounts, st.floats(0.01, 1), st.floats(0, 3), st.floats(0, 2), rate, st.integers(0, 1000))
@settings(max_examples=100, deadline=None)
def test_the_plain_insurance_and_discount_funds_agree(
    inflow: list[float], subsidy: float, loss_ratio: float, volatility: float, cost: float, seed: int
):
    shocks = np.random.default_rng(seed).standard_normal((1, len(inflow)))
    terms = {"subsidy": subsidy, "loss_ratio": loss_ratio, "volatility": volatility, "cost": cost}
    fund, _ = funds.insurance_fund(np.array([inflow]), funds.Policy(premium=100.0, **terms), shocks)
    expected = plain.insurance_fund(inflow, terms, shocks[0].tolist())
    assert fund.balance[0].tolist() == pytest.approx(expected, rel=1e-9, abs=1e-7 * (1 + max(inflow) / subsidy))
    assert fund.imbalance() < 1e-9
    loans = funds.discount_fund(np.array([inflow]), subsidy, 1 + volatility).new_loans[0].tolist()
    assert loans == pytest.approx(plain.discounted_loans(inflow, subsidy, 1 + volatility), rel=1e-9, abs=1e-6)


@given(st.integers(0, 2**31), st.sampled_from(list(OPTIONS)))
@settings(max_examples=60, deadline=None)
def test_every_yuan_of_aid_is_granted_or_moved_in_every_draw(seed: int, name: str):
    p = block(KNOWN, 0, 50, seed, 10)
    found = outcome(OPTIONS[name], p, Common(p, 2011))
    assert np.allclose(found["grants"] + found["moved"], found["aid"], rtol=1e-12)
    assert found["grants"].min() >= 0
    each = sum(fund.new_loans for fund in found.funds.values())
    assert (found["loans"] <= each + 1e-6).all()


def test_wound_up_funds_are_granted():
    found = one("guarantee", fund_life=4)
    assert (found["grants"] + found["moved"]).sum() == pytest.approx(
        found["aid"].sum() + found.funds["guarantee"].returned.sum()
    )
    assert found.funds["guarantee"].returned.sum() > 0


def test_a_fund_whose_money_does_not_add_up_is_refused():
    result = PackageOutcome(1, 2)
    result.add("aid", np.full((1, 2), 10.0))
    fund = funds.credit_fund(np.full((1, 2), 1.0), funds.Terms(**TERMS))
    result.add_fund("guarantee", funds.Fund(**vars(fund) | {"balance": fund.balance + 1}), amount(fund.paid_in))
    with pytest.raises(CheckFailed, match="the money of fund 'guarantee' does not add up"):
        result.check("guarantee")


def test_aid_that_is_spent_twice_is_refused():
    package = Package.model_construct(name="twice", shares={"farm": 0.8, "nonfarm": 0.8}, set={})
    with pytest.raises(CheckFailed, match="more aid is moved than there is"):
        evaluate(package, Draws(KNOWN, None, None, 10), SPAN)


def test_a_loan_that_counts_twice_is_refused():
    result = PackageOutcome(1, 2)
    result.add("aid", np.full((1, 2), 10.0))
    fund = funds.credit_fund(np.full((1, 2), 1.0), funds.Terms(**TERMS))
    result.add_fund("guarantee", fund, amount(fund.paid_in))
    result.add("loans", 2 * fund.new_loans)
    with pytest.raises(CheckFailed, match="a loan counts twice"):
        result.check("guarantee")


def test_the_women_of_options_without_a_basis_are_left_out():
    for name in ("baseline", "insurance", "social", "fixed_share"):
        assert "women" not in one(name).measures
    assert one("household_credit")["women"].min() > 0
