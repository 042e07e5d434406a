"""From money for enterprises to investment, and from investment to jobs, taxes, wages and households."""

from collections.abc import Callable
from functools import reduce
from operator import add as add_up
from typing import Any

import numpy as np

from ewppr_lib.reform import funds, industry
from ewppr_lib.reform.amounts import Amount, Scalars, amount
from ewppr_lib.reform.draws import Draws
from ewppr_lib.reform.industry import Investment
from ewppr_lib.reform.outcome import PackageOutcome


def add(result: PackageOutcome, p: Draws, inflow: dict[str, Amount]) -> None:
    """Add what money for enterprises brings, by use of aid, million yuan a year, to an outcome."""
    farm = nonfarm = None
    made = _through_funds(result, p, inflow)
    if made is not None:
        invested = industry.investment(made, p["closure_rate"])
        farm, nonfarm = invested.part(p["farm_part"]), invested.part(1 - p["farm_part"])
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
    losses = (p["default_rate"], p["loss_share"], p["recovery_rate"])
    rates = (p["guarantee_fee"], p["deposit_rate"], p["operating_cost"])
    return funds.Terms(p["leverage"], *losses, *rates, p["loan_term"], p["fund_life"])


def risk_terms(p: Draws) -> funds.Terms:
    """Return the terms of the risk fund: no fee, nothing recovered."""
    losses = (p["risk_loss_rate"], p["risk_loss_share"], 0.0)
    rates = (0.0, p["deposit_rate"], p["operating_cost"])
    return funds.Terms(p["risk_leverage"], *losses, *rates, p["risk_term"], p["fund_life"])


def sme_terms(p: Draws) -> funds.Terms:
    """Return the terms of the SME fund: it lends its own capital and bears the whole loss."""
    losses = (p["sme_default"], 1.0, p["recovery_rate"])
    rates = (p["sme_rate"], p["deposit_rate"] * (1 - p["sme_deployed"]), p["sme_cost"])
    return funds.Terms(p["sme_deployed"], *losses, *rates, p["loan_term"], p["fund_life"])


def _through_funds(result: PackageOutcome, p: Draws, inflow: dict[str, Amount]) -> Amount | None:
    """Add the funds for enterprises; return the additional investment, each loan once."""
    loans: Amount | None = None
    additional: list[Amount] = []
    if "guarantee" in inflow:
        loans = _lent(result, "guarantee", inflow, funds.credit_fund, guarantee_terms(p))
        additional = [p["additionality"] * loans]
    if "discount" in inflow:
        discounted = _lent(result, "discount", inflow, funds.discount_fund, p["discount_points"], p["loan_term"])
        rates = (p["additionality"], p["discount_additionality"])
        if loans is None:
            loans, additional = discounted, [rates[1] * discounted]
        else:
            more, once = funds.additional_loans(loans.by_year(), discounted.by_year(), p["overlap"], rates)
            loans, additional = amount(once), [amount(more)]
    if "sme" in inflow:
        lent = _lent(result, "sme", inflow, funds.credit_fund, sme_terms(p))
        loans = lent if loans is None else loans + lent
        additional.append(p["sme_additionality"] * lent)
    if loans is not None:
        result.add("loans", loans)
    made = [(1 + p["own_funds"]) * more for more in additional]
    if "risk" in inflow:
        covered = _lent(result, "risk", inflow, funds.credit_fund, risk_terms(p))
        made.append(p["risk_additionality"] * covered)
    return reduce(add_up, made) if made else None


def _lent(
    result: PackageOutcome, name: str, inflow: dict[str, Amount], fund: Callable[..., funds.Fund], *terms: Any
) -> Amount:
    return result.add_fund(name, fund(inflow[name].by_year(), *terms), inflow[name])


def _subsidised(result: PackageOutcome, p: Draws, money: Amount, additionality: Scalars) -> Investment:
    result.add("moved", money)
    return industry.investment(money, p["closure_rate"]).part(additionality / p["subsidy_rate"])


def _farm_jobs(p: Draws) -> Scalars:
    return industry.farm_jobs(p["labour_per_mu"], p["farm_investment_per_mu"], p["case_strength"])


def _in_farming(result: PackageOutcome, p: Draws, invested: Investment, shareholders: Scalars = 0.0) -> None:
    """Add what farm investment brings; where workers hold shares too, a household counts once.

    ``shareholders``: households that bring in land for a million yuan invested.
    """
    jobs = _farm_jobs(p)
    lifted = jobs * p["households_per_farm_job"]
    tax_rate = p["tax_rate"] * p["farm_tax_ratio"]
    sector = industry.Sector(jobs, p["households_per_farm_job"], p["farm_wage_gain"], tax_rate)
    _add_effect(result, invested, industry.effect(invested, sector))
    result.add_channel("rural", np.maximum(lifted, shareholders) * invested.made)
    result.add_channel("farm_jobs", jobs * invested.made)


def _elsewhere(result: PackageOutcome, p: Draws, invested: Investment) -> None:
    jobs = p["nonfarm_jobs"] * p["case_strength"]
    sector = industry.Sector(jobs, p["households_per_nonfarm_job"], p["nonfarm_wage_gain"], p["tax_rate"])
    brought = industry.effect(invested, sector)
    _add_effect(result, invested, brought)
    result.add_channel("nonfarm", brought.households)
    result.add_channel("nonfarm_jobs", jobs * invested.made)


def _shared(result: PackageOutcome, p: Draws, invested: Investment) -> None:
    _in_farming(result, p, invested, industry.shareholders(1.0, p["farm_investment_per_mu"], p["mu_per_household"]))
    result.add("dividends", industry.dividends(invested.in_place, p["share_held"], p["profit_rate"]))


def _add_effect(result: PackageOutcome, invested: Investment, brought: industry.Effect) -> None:
    result.add("investment", invested.made)
    result.add("jobs", brought.jobs)
    result.add("wages", brought.wages)
    result.add("tax", brought.tax)
    result.add("lifted", brought.households)


def _plus(first: Investment | None, second: Investment) -> Investment:
    return second if first is None else first + second
