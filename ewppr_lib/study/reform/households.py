"""Section 4.3, finance for households: a community development fund that revolves, and farm insurance."""

from dataclasses import dataclass

import numpy as np

from ewppr_lib.study.reform.funds import Fund
from ewppr_lib.study.reform.types import Array, Scalars, by_year

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

    Each year, with capital = last balance + inflow: loans = turns x capital;
    lost = min((1 - repayment) x loans, capital); earned = interest x repayment x loans;
    costs = min(cost x loans, capital + earned - lost); balance = capital + earned - lost - costs.

    Parameters
    ----------
    inflow
        Million yuan a year, shape (draws, years).
    lending
        See `Lending`.
    """
    draws, years = inflow.shape
    earned, paid_out, balance, loans = (by_year(draws, years) for _ in range(4))
    yield_ = lending.interest * lending.repayment
    unpaid = 1 - lending.repayment
    before: Array = np.zeros((draws, 1))
    for year in range(years):
        now = slice(year, year + 1)
        capital = before + inflow[:, now]
        loans[:, now] = made = lending.turns * capital
        earned[:, now] = income = yield_ * made
        lost = np.minimum(unpaid * made, capital)
        paid_out[:, now] = lost + np.minimum(lending.cost * made, capital + income - lost)
        balance[:, now] = before = capital + income - paid_out[:, now]
    return Fund(inflow, earned, paid_out, np.zeros((draws, years), order="F"), balance, loans)


def borrowers_reached(loans: Array, loan_size: Scalars, repeat_part: Scalars) -> Array:
    """Return the households reached for the first time: loans / loan_size x (1 - repeat_part).

    Parameters
    ----------
    loans
        Million yuan a year.
    loan_size
        Yuan.
    repeat_part
        Part of the loans that goes to households reached before.
    """
    return np.asarray(loans * (YUAN * (1 - repeat_part) / loan_size))


@dataclass(frozen=True)
class Policy:
    """A household's insurance: premium (yuan a year), part paid by aid, loss ratio and cost as parts of premiums."""

    premium: Scalars
    subsidy: Scalars
    loss_ratio: Scalars
    volatility: Scalars
    cost: Scalars


def insurance_fund(inflow: Array, policy: Policy, shocks: Array) -> tuple[Fund, Array]:
    """Return a farm insurance fund whose premiums aid pays in part, and the households insured.

    insured = inflow / (subsidy x premium); premiums = insured x premium;
    claims due = premiums x loss_ratio x exp(volatility x shock - volatility^2 / 2);
    paid = min(claims due, what is there after costs).

    Parameters
    ----------
    inflow
        Subsidy, million yuan a year, shape (draws, years).
    policy
        See `Policy`.
    shocks
        Standard normal numbers, shape (draws, years): good and bad years.

    Returns
    -------
    Fund, numpy.ndarray
        The fund (``earned``: what households pay; ``new_loans``: zero), and households insured a year.
    """
    draws, years = inflow.shape
    paid_out, balance = by_year(draws, years), by_year(draws, years)
    premiums = inflow / policy.subsidy
    due = premiums * (policy.loss_ratio * np.exp(policy.volatility * shocks - policy.volatility**2 / 2))
    costs = policy.cost * premiums
    before: Array = np.zeros((draws, 1))
    for year in range(years):
        now = slice(year, year + 1)
        there = before + premiums[:, now]
        paid_out[:, now] = np.minimum(due[:, now] + costs[:, now], there)
        balance[:, now] = before = there - paid_out[:, now]
    nothing = np.zeros((draws, years), order="F")
    fund = Fund(inflow, premiums - inflow, paid_out, nothing, balance, nothing)
    return fund, premiums * (YUAN / policy.premium)


def first_time(present: Array) -> Array:
    """Return how many are there for the first time each year: what exceeds the most there ever were.

    Parameters
    ----------
    present
        Households a year, shape (draws, years).
    """
    most = np.maximum.accumulate(present, axis=1)
    return np.diff(most, axis=1, prepend=0.0)
