"""Section 4.3, industry: what investment in farming and elsewhere brings, calibrated on cases, not averages."""

from dataclasses import dataclass
from typing import Any

import numpy as np

from ewppr_lib.reform.amounts import Amount, Array, Flow, Scalars, Term, amount, by_year, per_draw
from ewppr_lib.reform.funds import YUAN


@dataclass(frozen=True)
class Sector:
    """What a million yuan invested in a sector brings, and what a job there does."""

    jobs: Scalars  # jobs per million yuan
    households_per_job: Scalars  # households lifted out of poverty
    wage_gain: Scalars  # yuan a year and job
    tax_rate: Scalars  # yuan a year per yuan in place


@dataclass(frozen=True)
class Investment:
    """Additional investment, million yuan by draw and year: what is made in a year, and what is in place."""

    made: Amount
    in_place: Amount

    def __add__(self, other: "Investment") -> "Investment":
        return Investment(self.made + other.made, self.in_place + other.in_place)

    def part(self, share: Scalars) -> "Investment":
        """Return a share of it."""
        return Investment(share * self.made, share * self.in_place)


@dataclass(frozen=True)
class Effect:
    """What investment brings, by draw and year."""

    jobs: Amount  # in place in the year
    households: Amount  # lifted in the year, each once
    wages: Amount  # million yuan more than before
    tax: Amount  # million yuan


def farm_jobs(labour_per_mu: Scalars, investment_per_mu: Scalars, case_strength: Scalars) -> Scalars:
    """Return farm jobs per million yuan: 1000 x labour_per_mu / investment_per_mu x case_strength.

    Jobs per mu, thousand yuan per mu, and what an average project reaches of the case.

    Examples
    --------
    >>> float(farm_jobs(2.5, 20.0, 0.4))
    50.0
    """
    return 1000 * labour_per_mu / investment_per_mu * case_strength


def investment(made: Amount, closure_rate: Scalars) -> Investment:
    """Return investment (million yuan) and what is in place of it: (1 - closure_rate) x last year's + this year's.

    The factors of a single flow are left to what is in place; a part closes each year, with its jobs.
    """
    if len(made.terms) > 1:
        made = amount(made.by_year())
    (only,) = made.terms
    return Investment(made, Amount([Term(Flow(in_place(only.flow.by_year, closure_rate)), only.factors)]))


def in_place(made: Array, closure_rate: Scalars) -> Array:
    """Return what is in place of a flow of which a part closes each year, shape (draws, years)."""
    standing = by_year(*made.shape)
    kept = per_draw(1 - closure_rate)
    standing.T[0] = made.T[0]
    for year in range(1, made.shape[1]):
        np.multiply(standing.T[year - 1], kept, out=standing.T[year])
        standing.T[year] += made.T[year]
    return standing


def effect(invested: Investment, sector: Sector) -> Effect:
    """Return what additional investment in a sector brings."""
    jobs = sector.jobs * invested.in_place
    return Effect(
        jobs,
        sector.households_per_job * (sector.jobs * invested.made),
        (sector.wage_gain / YUAN) * jobs,
        sector.tax_rate * invested.in_place,
    )


def after_sharing(additionality: Scalars, share_held: Scalars, drag: Scalars) -> Scalars:
    """Return the additionality left when farmers hold a share: additionality x max(0, 1 - drag x share_held)."""
    return additionality * np.maximum(0.0, 1 - drag * share_held)


def dividends(standing: Array | Amount, share_held: Scalars, profit_rate: Scalars) -> Any:
    """Return what shareholders receive: share_held x max(0, profit_rate) x investment in place, million yuan."""
    return standing * (share_held * np.maximum(0.0, profit_rate))


def shareholders(invested: Scalars, investment_per_mu: Scalars, mu_per_household: Scalars) -> Scalars:
    """Return the households that bring in land: 1000 x invested / investment_per_mu / mu_per_household.

    Million yuan, thousand yuan per mu, mu.
    """
    return invested * (1000 / (investment_per_mu * mu_per_household))
