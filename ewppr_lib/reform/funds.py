"""Sections 4.1 and 4.3, funds: guarantee, risk, SME, interest discount; for households, credit and insurance."""

from dataclasses import dataclass
from typing import Any

import numpy as np

from ewppr_lib.reform.amounts import Amount, Array, Scalars, by_year, nothing, over_years, per_draw

YUAN = 1e6  # yuan in a million


@dataclass(frozen=True)
class Terms:
    """What a credit fund does with its capital; rates are shares a year, `term` and `life` are years.

    A guarantee fund covers `leverage` yuan of loans with a yuan of capital and pays `loss_share` of
    what fails; a development fund lends its own money, which is leverage up to one and a loss share of one.
    """

    leverage: Scalars
    default_rate: Scalars
    loss_share: Scalars
    recovery_rate: Scalars
    fee: Scalars
    deposit_rate: Scalars
    cost: Scalars
    term: Scalars
    life: Scalars


@dataclass(frozen=True)
class Fund:
    """A fund's money and what it moves, by year; million yuan, shape (draws, years)."""

    paid_in: Array
    earned: Array
    paid_out: Array
    returned: Array
    balance: Array
    new_loans: Array

    def imbalance(self) -> float:
        """Return the largest gap, as a share of the money, between all money in and all money out plus balance."""
        money_in = over_years(self.paid_in) + over_years(self.earned)
        money_out = over_years(self.paid_out) + over_years(self.returned) + self.balance[:, -1]
        return float((np.abs(money_in - money_out) / np.maximum(money_in, 1e-9)).max())


def credit_fund(inflow: Array, terms: Terms) -> Fund:
    """Return a fund that covers or makes loans in proportion to its capital.

    Each year, with capital = last balance + inflow:
    loans = max(leverage x capital, loans still running); failed = default_rate x loans;
    earned = fee x loans + deposit_rate x capital + recovery_rate x claims;
    claims = min(loss_share x failed, what is left after costs); balance = capital + earned - costs - claims;
    still running next year = (1 - 1/term) x (loans - failed).

    Inflow is put in at the start of each year, million yuan, shape (draws, years); after `life` years nothing is put in
    and the balance is returned. ``earned`` counts fees, interest and recoveries, ``paid_out`` claims and costs.
    """
    draws, years = inflow.shape
    paid_in, returned = inflow, nothing(draws, years)
    if ends := bool(np.min(terms.life) < years):
        paid_in = np.asfortranarray(np.where(np.arange(years)[None, :] < terms.life, inflow, 0.0))
        returned = by_year(draws, years)
    earned, paid_out, balance, new_loans = (by_year(draws, years) for _ in range(4))
    leverage, fee, deposit_rate, cost = map(per_draw, (terms.leverage, terms.fee, terms.deposit_rate, terms.cost))
    recovery_rate, life = per_draw(terms.recovery_rate), per_draw(terms.life)
    due = per_draw(terms.loss_share * terms.default_rate)
    still_running = per_draw((1 - 1 / np.asarray(terms.term)) * (1 - terms.default_rate))
    before = running = np.zeros(draws)
    for year in range(years):
        if ends:
            returned.T[year] = np.where(life <= year, before, 0.0)
            before = before - returned.T[year]
        capital = before + paid_in.T[year]
        loans = np.maximum(leverage * capital, running)
        income = fee * (loans * (capital > 0)) + deposit_rate * capital
        there = capital + income
        costs = np.minimum(cost * loans, there)
        claims = np.minimum(due * loans, there - costs)
        income += recovery_rate * claims
        costs += claims
        earned.T[year], paid_out.T[year] = income, costs
        balance.T[year] = before = capital + income - costs
        np.subtract(loans, running, out=new_loans.T[year])
        running = still_running * loans
    return Fund(paid_in, earned, paid_out, returned, balance, new_loans)


def discount_fund(inflow: Array, points: Scalars, term: Scalars) -> Fund:
    """Return a fund that pays part of the interest on loans, and spends what it gets (million yuan a year).

    loans carried = max(inflow / points, loans still running); new = carried - still running. `points` is the part of
    the loan paid as interest each year, above zero, `term` the years over which loans are repaid.
    """
    draws, years = inflow.shape
    new_loans = by_year(draws, years)
    affordable = (inflow.T / per_draw(points)).T
    kept = per_draw(1 - 1 / np.asarray(term))
    running = np.zeros(draws)
    for year in range(years):
        carried = np.maximum(affordable.T[year], running)
        np.subtract(carried, running, out=new_loans.T[year])
        running = kept * carried
    none = nothing(draws, years)
    return Fund(inflow, none, inflow, none, none, new_loans)


def additional_loans(
    guaranteed: Array, discounted: Array, overlap: Scalars, additionality: tuple[Scalars, Scalars]
) -> tuple[Array, Array]:
    """Return the loans that would not have been made, and all loans moved, each loan once, million yuan.

    A part `overlap` (0 to 1) of the smaller of the two flows is guaranteed and discounted at once; it counts once, with
    the larger additionality: the part of guaranteed and of discounted loans that would not have been made.
    """
    of_guarantee, of_discount = additionality
    both = overlap * np.minimum(guaranteed, discounted)
    once = guaranteed + discounted - both
    shared = np.minimum(of_guarantee, of_discount) * both
    return of_guarantee * guaranteed + of_discount * discounted - shared, once


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
