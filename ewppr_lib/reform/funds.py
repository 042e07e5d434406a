"""Sections 4.1 and 4.3, funds for enterprises: guarantee, risk, SME and interest-discount funds."""

from dataclasses import dataclass

import numpy as np

from ewppr_lib.reform.amounts import nothing, over_years, per_draw
from ewppr_lib.reform.types import Array, Scalars, by_year


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
