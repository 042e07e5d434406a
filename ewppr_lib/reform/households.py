"""Section 4.3, finance for households: a community development fund that revolves, and farm insurance."""

from dataclasses import dataclass
from typing import Any

import numpy as np

from ewppr_lib.reform.amounts import Amount, nothing, per_draw
from ewppr_lib.reform.funds import Fund
from ewppr_lib.reform.types import Array, Scalars, by_year

YUAN = 1e6  # yuan in a million


@dataclass(frozen=True)
class Lending:
    """How a community fund lends: turns a year; repayment, interest and cost as shares of the loans made."""

    turns: Scalars
    repayment: Scalars
    interest: Scalars
    cost: Scalars


def revolving_fund(inflow: Array, lending: Lending) -> Fund:
    """Return a fund that lends its capital several times a year and keeps what is repaid.

    Each year, with capital = last balance + inflow (million yuan): loans = turns x capital;
    lost = min((1 - repayment) x loans, capital); earned = interest x repayment x loans;
    costs = min(cost x loans, capital + earned - lost); balance = capital + earned - lost - costs.
    """
    draws, years = inflow.shape
    earned, paid_out, balance, loans = (by_year(draws, years) for _ in range(4))
    turns, cost = per_draw(lending.turns), per_draw(lending.cost)
    yield_, unpaid = per_draw(lending.interest * lending.repayment), per_draw(1 - lending.repayment)
    before = np.zeros(draws)
    for year in range(years):
        capital = before + inflow.T[year]
        loans.T[year] = made = turns * capital
        earned.T[year] = income = yield_ * made
        lost = np.minimum(unpaid * made, capital)
        paid_out.T[year] = out = lost + np.minimum(cost * made, capital + income - lost)
        balance.T[year] = before = capital + income - out
    return Fund(inflow, earned, paid_out, nothing(draws, years), balance, loans)


def borrowers_reached(loans: Array | Amount, loan_size: Scalars, repeat_part: Scalars) -> Any:
    """Return the households reached for the first time: loans / loan_size x (1 - repeat_part).

    Loans are in million yuan, their size in yuan; `repeat_part` goes to households reached before.
    """
    return loans * (YUAN * (1 - repeat_part) / loan_size)


@dataclass(frozen=True)
class Policy:
    """A household's insurance: premium (yuan a year), part paid by aid, loss ratio and cost as parts of premiums."""

    premium: Scalars
    subsidy: Scalars
    loss_ratio: Scalars
    volatility: Scalars
    cost: Scalars


def insurance_fund(inflow: Array, policy: Policy, shocks: Array) -> tuple[Fund, Array]:
    """Return a farm insurance fund whose premiums aid pays in part, and the households insured a year.

    insured = inflow / (subsidy x premium); premiums = insured x premium;
    claims due = premiums x loss_ratio x exp(volatility x shock - volatility^2 / 2);
    paid = min(claims due, what is there after costs).

    Inflow is the subsidy, million yuan; shocks are standard normal: good and bad years; both of shape (draws, years).
    ``earned`` is what households pay, ``new_loans`` are zero.
    """
    draws, years = inflow.shape
    paid_out, balance = by_year(draws, years), by_year(draws, years)
    subsidy, volatility = per_draw(policy.subsidy), per_draw(policy.volatility)
    premiums = (inflow.T / subsidy).T
    bad_years = np.exp(volatility * shocks.T - volatility**2 / 2)
    spent = premiums.T * (per_draw(policy.loss_ratio) * bad_years + per_draw(policy.cost))
    before = np.zeros(draws)
    for year in range(years):
        there = before + premiums.T[year]
        paid_out.T[year] = out = np.minimum(spent[year], there)
        balance.T[year] = before = there - out
    none = nothing(draws, years)
    fund = Fund(inflow, premiums - inflow, paid_out, none, balance, none)
    return fund, (premiums.T * (YUAN / per_draw(policy.premium))).T


def first_time(present: Array) -> Array:
    """Return how many are there for the first time each year: what exceeds the most there ever were (draws, years)."""
    new = np.empty_like(present)
    most = np.zeros(len(present))
    for year in range(present.shape[1]):
        now = np.maximum(most, present.T[year])
        np.subtract(now, most, out=new.T[year])
        most = now
    return new
