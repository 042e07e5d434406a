"""Sections 4.1 and 4.3, funds for enterprises: guarantee, risk, SME and interest-discount funds."""

from dataclasses import dataclass

import numpy as np

from ewppr_lib.study.reform.types import Array, Scalars, by_year


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
        money_in = self.paid_in.sum(axis=1) + self.earned.sum(axis=1)
        money_out = self.paid_out.sum(axis=1) + self.returned.sum(axis=1) + self.balance[:, -1]
        return float((np.abs(money_in - money_out) / np.maximum(money_in, 1e-9)).max())


def credit_fund(inflow: Array, terms: Terms) -> Fund:
    """Return a fund that covers or makes loans in proportion to its capital.

    Each year, with capital = last balance + inflow:
    loans = max(leverage x capital, loans still running); failed = default_rate x loans;
    earned = fee x loans + deposit_rate x capital + recovery_rate x claims;
    claims = min(loss_share x failed, what is left after costs); balance = capital + earned - costs - claims;
    still running next year = (1 - 1/term) x (loans - failed).

    Parameters
    ----------
    inflow
        Money put in at the start of each year, million yuan, shape (draws, years).
    terms
        See `Terms`; after `life` years nothing is put in and the balance is returned.

    Returns
    -------
    Fund
        ``earned`` counts fees, interest and recoveries, ``paid_out`` claims and costs.
    """
    draws, years = inflow.shape
    earned, paid_out, returned, balance, new_loans = (by_year(draws, years) for _ in range(5))
    paid_in = np.where(np.arange(years)[None, :] < terms.life, inflow, 0.0)
    paid_in = np.asfortranarray(paid_in)
    kept = 1 - 1 / np.asarray(terms.term)
    sound = 1 - terms.default_rate
    due = terms.loss_share * terms.default_rate
    before = running = np.zeros((draws, 1))
    for year in range(years):
        now = slice(year, year + 1)
        returned[:, now] = np.where(terms.life <= year, before, 0.0)
        capital = before - returned[:, now] + paid_in[:, now]
        loans = np.maximum(terms.leverage * capital, running)
        income = terms.fee * np.where(capital > 0, loans, 0.0) + terms.deposit_rate * capital
        costs = np.minimum(terms.cost * loans, capital + income)
        claims = np.minimum(due * loans, capital + income - costs)
        earned[:, now] = income + terms.recovery_rate * claims
        paid_out[:, now] = costs + claims
        before = capital + earned[:, now] - paid_out[:, now]
        balance[:, now] = before
        new_loans[:, now] = loans - running
        running = kept * sound * loans
    return Fund(paid_in, earned, paid_out, returned, balance, new_loans)


def discount_fund(inflow: Array, points: Scalars, term: Scalars) -> Fund:
    """Return a fund that pays part of the interest on loans, and spends what it gets.

    loans carried = max(inflow / points, loans still running); new = carried - still running.

    Parameters
    ----------
    inflow
        Million yuan a year, shape (draws, years).
    points
        Part of the loan paid as interest each year, above zero.
    term
        Years over which loans are repaid.
    """
    draws, years = inflow.shape
    new_loans = by_year(draws, years)
    kept = 1 - 1 / np.asarray(term)
    running = np.zeros((draws, 1))
    for year in range(years):
        now = slice(year, year + 1)
        carried = np.maximum(inflow[:, now] / points, running)
        new_loans[:, now] = carried - running
        running = kept * carried
    nothing = np.zeros((draws, years), order="F")
    return Fund(inflow, nothing, inflow, nothing, nothing, new_loans)


def additional_loans(
    guaranteed: Array, discounted: Array, overlap: Scalars, additionality: tuple[Scalars, Scalars]
) -> tuple[Array, Array]:
    """Return the loans that would not have been made, and all loans moved, each loan once.

    A part `overlap` of the smaller of the two flows is guaranteed and discounted at once; it counts
    once, with the larger additionality.

    Parameters
    ----------
    guaranteed, discounted
        New loans a year, million yuan, shape (draws, years).
    overlap
        0 to 1.
    additionality
        Part of guaranteed and of discounted loans that would not have been made.
    """
    of_guarantee, of_discount = additionality
    both = overlap * np.minimum(guaranteed, discounted)
    once = guaranteed + discounted - both
    shared = np.minimum(of_guarantee, of_discount) * both
    return of_guarantee * guaranteed + of_discount * discounted - shared, once
