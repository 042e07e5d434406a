"""From money for enterprises to investment, and from investment to jobs, taxes, wages and households."""

import numpy as np

from ewppr_lib.study.reform import funds, industry
from ewppr_lib.study.reform.draws import Draws
from ewppr_lib.study.reform.outcome import Outcome
from ewppr_lib.study.reform.types import Array


def add(result: Outcome, p: Draws, inflow: dict[str, Array]) -> None:
    """Add what money for enterprises brings to an outcome.

    Parameters
    ----------
    result
        The outcome so far.
    p
        Parameters.
    inflow
        Money by use of aid, million yuan a year.
    """
    farm = nonfarm = None
    invested = _through_funds(result, p, inflow)
    if invested is not None:
        farm = p["farm_part"] * invested
        nonfarm = invested - farm
    if "farm" in inflow:
        farm = _plus(farm, _subsidised(result, p, inflow["farm"], p["subsidy_additionality"]))
    if "nonfarm" in inflow:
        nonfarm = _plus(nonfarm, _subsidised(result, p, inflow["nonfarm"], p["subsidy_additionality"]))
    if farm is not None:
        _in_farming(result, p, farm)
    if nonfarm is not None:
        _elsewhere(result, p, nonfarm)
    if "sharing" in inflow:
        left = industry.after_sharing(p["subsidy_additionality"], p["share_held"], p["sharing_drag"])
        _shared(result, p, _subsidised(result, p, inflow["sharing"], left))


def guarantee_terms(p: Draws) -> funds.Terms:
    """Return the terms of the guarantee fund."""
    return funds.Terms(
        p["leverage"],
        p["default_rate"],
        p["loss_share"],
        p["recovery_rate"],
        p["guarantee_fee"],
        p["deposit_rate"],
        p["operating_cost"],
        p["loan_term"],
        p["fund_life"],
    )


def risk_terms(p: Draws) -> funds.Terms:
    """Return the terms of the risk fund: no fee, nothing recovered."""
    return funds.Terms(
        p["risk_leverage"],
        p["risk_loss_rate"],
        p["risk_loss_share"],
        0.0,
        0.0,
        p["deposit_rate"],
        p["operating_cost"],
        p["risk_term"],
        p["fund_life"],
    )


def sme_terms(p: Draws) -> funds.Terms:
    """Return the terms of the SME fund: it lends its own capital and bears the whole loss."""
    return funds.Terms(
        p["sme_deployed"],
        p["sme_default"],
        1.0,
        p["recovery_rate"],
        p["sme_rate"],
        p["deposit_rate"] * (1 - p["sme_deployed"]),
        p["sme_cost"],
        p["loan_term"],
        p["fund_life"],
    )


def _through_funds(result: Outcome, p: Draws, inflow: dict[str, Array]) -> Array | None:
    """Add the funds for enterprises; return the additional investment, each loan once."""
    loans = additional = covered = None
    if "guarantee" in inflow:
        result.add_fund("guarantee", funds.credit_fund(inflow["guarantee"], guarantee_terms(p)))
        loans = result.funds["guarantee"].new_loans
        additional = p["additionality"] * loans
    if "discount" in inflow:
        fund = funds.discount_fund(inflow["discount"], p["discount_points"], p["loan_term"])
        result.add_fund("discount", fund)
        rates = (p["additionality"], p["discount_additionality"])
        if loans is None:
            loans, additional = fund.new_loans, rates[1] * fund.new_loans
        else:
            additional, loans = funds.additional_loans(loans, fund.new_loans, p["overlap"], rates)
    if "sme" in inflow:
        fund = funds.credit_fund(inflow["sme"], sme_terms(p))
        result.add_fund("sme", fund)
        loans = _plus(loans, fund.new_loans)
        additional = _plus(additional, p["sme_additionality"] * fund.new_loans)
    if "risk" in inflow:
        fund = funds.credit_fund(inflow["risk"], risk_terms(p))
        result.add_fund("risk", fund)
        covered = p["risk_additionality"] * fund.new_loans
    if loans is not None:
        result.add("loans", loans)
    if additional is not None:
        additional = (1 + p["own_funds"]) * additional
    return covered if additional is None else additional if covered is None else additional + covered


def _subsidised(result: Outcome, p: Draws, money: Array, additionality: Array) -> Array:
    result.add("moved", money)
    return money * (additionality / p["subsidy_rate"])


def _farm_jobs(p: Draws) -> Array:
    return np.asarray(
        industry.farm_jobs(p["labour_per_mu"], p["farm_investment_per_mu"], p["case_strength"]), dtype=float
    )


def _in_farming(result: Outcome, p: Draws, invested: Array, shareholders: Array | None = None) -> Array:
    """Add what farm investment brings; where workers hold shares too, a household counts once."""
    jobs = _farm_jobs(p)
    sector = industry.Sector(
        jobs, p["households_per_farm_job"], p["farm_wage_gain"], p["tax_rate"] * p["farm_tax_ratio"]
    )
    brought = industry.effect(invested, sector, p["closure_rate"])
    _add_effect(result, invested, brought)
    households = brought.households if shareholders is None else np.maximum(brought.households, shareholders)
    result.add_channel("rural", households)
    result.add_channel("farm_jobs", jobs * invested)
    return brought.standing


def _elsewhere(result: Outcome, p: Draws, invested: Array) -> None:
    jobs = p["nonfarm_jobs"] * p["case_strength"]
    sector = industry.Sector(jobs, p["households_per_nonfarm_job"], p["nonfarm_wage_gain"], p["tax_rate"])
    brought = industry.effect(invested, sector, p["closure_rate"])
    _add_effect(result, invested, brought)
    result.add_channel("nonfarm", brought.households)
    result.add_channel("nonfarm_jobs", jobs * invested)


def _shared(result: Outcome, p: Draws, invested: Array) -> None:
    holders = industry.shareholders(invested, p["farm_investment_per_mu"], p["mu_per_household"])
    standing = _in_farming(result, p, invested, holders)
    result.add("dividends", industry.dividends(standing, p["share_held"], p["profit_rate"]))


def _add_effect(result: Outcome, invested: Array, brought: industry.Effect) -> None:
    result.add("investment", invested)
    result.add("jobs", brought.jobs)
    result.add("wages", brought.wages)
    result.add("tax", brought.tax)
    result.add("lifted", brought.households)


def _plus(first: Array | None, second: Array) -> Array:
    return second if first is None else first + second
