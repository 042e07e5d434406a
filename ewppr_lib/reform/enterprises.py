"""From money for enterprises to investment, and from investment to jobs, taxes, wages and households."""

from collections.abc import Callable
from functools import reduce
from operator import add as add_up
from typing import Any

import numpy as np

from ewppr_lib.reform import funds, industry
from ewppr_lib.reform.amounts import Amount, Scalars, amount
from ewppr_lib.reform.draws import Draws
from ewppr_lib.reform.industry import Investment, Mix, Sector
from ewppr_lib.reform.outcome import PackageOutcome


def add(result: PackageOutcome, p: Draws, inflow: dict[str, Amount], usual: Mix) -> None:
    """Add what money for enterprises brings, by use of aid, million yuan a year, to an outcome.

    `usual`: what a million yuan brings that goes to farming and elsewhere in the usual parts.
    """
    made = _through_funds(result, p, inflow)
    if made is not None:
        add_brought(result, mixed(industry.investment(made, p.standing), usual))
    if "farm" in inflow:
        _in_farming(result, p, _subsidised(result, p, inflow["farm"], p["subsidy_additionality"]))
    if "nonfarm" in inflow:
        _elsewhere(result, p, _subsidised(result, p, inflow["nonfarm"], p["subsidy_additionality"]))
    if "sharing" in inflow:
        left = industry.after_sharing(p["subsidy_additionality"], p["share_held"], p["sharing_drag"])
        _shared(result, p, _subsidised(result, p, inflow["sharing"], left))


Brought = tuple[dict[str, Amount], dict[str, Amount]]  # measures and channels


def granted(p: Draws, grants: Amount, usual: Mix) -> Brought:
    """Return what grants for industry bring: a part of all grants, million yuan, as far as it adds to investment."""
    return mixed(industry.investment(grants, p.standing).part(p["grant_industry"] * p["grant_additionality"]), usual)


def add_brought(result: PackageOutcome, brought: Brought) -> None:
    """Add measures and channels to an outcome."""
    for name, more in brought[0].items():
        result.add(name, more)
    for name, more in brought[1].items():
        result.add_channel(name, more)


def usual_mix(p: Draws) -> Mix:
    """Return what a million yuan brings that goes to farming and elsewhere in the usual parts."""
    return industry.mix(p["farm_part"], _farming(p), _other(p))


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
    return industry.investment(money, p.standing).part(additionality / p["subsidy_rate"])


def _farming(p: Draws) -> Sector:
    jobs = industry.farm_jobs(p["labour_per_mu"], p["farm_investment_per_mu"], p["case_strength"])
    return Sector(jobs, p["households_per_farm_job"], p["farm_wage_gain"], p["tax_rate"] * p["farm_tax_ratio"])


def _other(p: Draws) -> Sector:
    jobs = p["nonfarm_jobs"] * p["case_strength"]
    return Sector(jobs, p["households_per_nonfarm_job"], p["nonfarm_wage_gain"], p["tax_rate"])


def _in_farming(result: PackageOutcome, p: Draws, invested: Investment, shareholders: Scalars = 0.0) -> None:
    """Add what farm investment brings; where workers hold shares too, a household counts once.

    ``shareholders``: households that bring in land for a million yuan invested.
    """
    sector = _farming(p)
    add_brought(result, (_measures(invested, industry.effect(invested, sector)), {}))
    met = np.maximum(sector.jobs * sector.households_per_job, shareholders) * invested.made
    result.add_channel("rural", met)
    result.add_channel("met", met)
    result.add_channel("farm_jobs", sector.jobs * invested.made)


def _elsewhere(result: PackageOutcome, p: Draws, invested: Investment) -> None:
    sector = _other(p)
    brought = industry.effect(invested, sector)
    add_brought(result, (_measures(invested, brought), {}))
    result.add_channel("nonfarm", brought.households)
    result.add_channel("met", brought.households)
    result.add_channel("nonfarm_jobs", sector.jobs * invested.made)


def mixed(invested: Investment, usual: Mix) -> Brought:
    """Return what investment in farming and elsewhere brings, in the usual parts."""
    brought = industry.effect(invested, usual.whole)
    channels = {
        name: getattr(usual, name) * invested.made for name in ("rural", "nonfarm", "farm_jobs", "nonfarm_jobs")
    }
    return _measures(invested, brought), channels | {"met": brought.households}


def _shared(result: PackageOutcome, p: Draws, invested: Investment) -> None:
    _in_farming(result, p, invested, industry.shareholders(1.0, p["farm_investment_per_mu"], p["mu_per_household"]))
    result.add("dividends", industry.dividends(invested.in_place, p["share_held"], p["profit_rate"]))


def _measures(invested: Investment, brought: industry.Effect) -> dict[str, Amount]:
    made = {"investment": invested.made, "lifted": brought.households}
    return made | {"jobs": brought.jobs, "wages": brought.wages, "tax": brought.tax}
