"""Section 4.3, industry: what investment in farming and elsewhere brings, calibrated on cases, not averages."""

from dataclasses import dataclass

import numpy as np

from ewppr_lib.study.reform.households import YUAN
from ewppr_lib.study.reform.types import Array, Scalars, by_year


@dataclass(frozen=True)
class Sector:
    """What a million yuan invested in a sector brings, and what a job there does."""

    jobs: Scalars  # jobs per million yuan
    households_per_job: Scalars  # households lifted out of poverty
    wage_gain: Scalars  # yuan a year and job
    tax_rate: Scalars  # yuan a year per yuan in place


@dataclass(frozen=True)
class Effect:
    """What investment brings by year, shape (draws, years)."""

    jobs: Array  # in place in the year
    households: Array  # lifted in the year, each once
    wages: Array  # million yuan more than before
    tax: Array  # million yuan
    standing: Array  # investment in place, million yuan


def farm_jobs(labour_per_mu: Scalars, investment_per_mu: Scalars, case_strength: Scalars) -> Scalars:
    """Return farm jobs per million yuan: 1000 x labour_per_mu / investment_per_mu x case_strength.

    Parameters
    ----------
    labour_per_mu
        Jobs per mu.
    investment_per_mu
        Thousand yuan per mu.
    case_strength
        What an average project reaches of the case.

    Examples
    --------
    >>> float(farm_jobs(2.5, 20.0, 0.4))
    50.0
    """
    return 1000 * labour_per_mu / investment_per_mu * case_strength


def in_place(invested: Array, closure_rate: Scalars) -> Array:
    """Return the investment in place: (1 - closure_rate) x last year's + this year's.

    Parameters
    ----------
    invested
        Million yuan a year, shape (draws, years).
    closure_rate
        Part that closes each year.
    """
    standing = by_year(*invested.shape)
    kept = 1 - closure_rate
    standing[:, :1] = last = invested[:, :1]
    for year in range(1, invested.shape[1]):
        now = slice(year, year + 1)
        standing[:, now] = last = kept * last + invested[:, now]
    return standing


def effect(invested: Array, sector: Sector, closure_rate: Scalars) -> Effect:
    """Return what investment in a sector brings.

    Parameters
    ----------
    invested
        Additional investment, million yuan a year, shape (draws, years).
    sector
        What it brings.
    closure_rate
        Part of it that closes each year, with its jobs.
    """
    standing = in_place(invested, closure_rate)
    jobs = sector.jobs * standing
    return Effect(
        jobs,
        (sector.jobs * sector.households_per_job) * invested,
        jobs * (sector.wage_gain / YUAN),
        sector.tax_rate * standing,
        standing,
    )


def after_sharing(additionality: Scalars, share_held: Scalars, drag: Scalars) -> Scalars:
    """Return the additionality left when farmers hold a share: additionality x max(0, 1 - drag x share_held)."""
    return additionality * np.maximum(0.0, 1 - drag * share_held)


def dividends(standing: Array, share_held: Scalars, profit_rate: Scalars) -> Array:
    """Return what shareholders receive: share_held x max(0, profit_rate) x investment in place, million yuan."""
    return np.asarray(standing * (share_held * np.maximum(0.0, profit_rate)))


def shareholders(invested: Array, investment_per_mu: Scalars, mu_per_household: Scalars) -> Array:
    """Return the households that bring in land: 1000 x invested / investment_per_mu / mu_per_household.

    Parameters
    ----------
    invested
        Million yuan a year.
    investment_per_mu
        Thousand yuan per mu.
    mu_per_household
        Mu.
    """
    return np.asarray(invested * (1000 / (investment_per_mu * mu_per_household)))
