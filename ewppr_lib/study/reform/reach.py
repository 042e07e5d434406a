"""Sections 4.4 and 5: how much of each option reaches villages and women, where there is any basis for a number."""

from dataclasses import dataclass

import numpy as np

from ewppr_lib.study.reform.types import Array, Scalars

NO_BASIS = "no basis for a number"


@dataclass(frozen=True)
class Channels:
    """Households reached by channel, and jobs and loans, by year, shape (draws, years)."""

    public: Array  # households reached by grants and donations
    rural: Array  # through farm jobs, land shares, household loans and insurance
    nonfarm: Array  # through other jobs
    farm_jobs: Array  # new jobs
    nonfarm_jobs: Array
    borrowers: Array


def in_villages(channels: Channels, public: Scalars, rural: Scalars, nonfarm: Scalars) -> Array:
    """Return the households reached that live in poor villages, given each channel's part."""
    return np.asarray(public * channels.public + rural * channels.rural + nonfarm * channels.nonfarm)


def women_reached(channels: Channels, farm: Scalars, nonfarm: Scalars, borrowers: Scalars) -> Array:
    """Return the women in new jobs and among new borrowers; for every other channel there is no basis for a number."""
    return np.asarray(farm * channels.farm_jobs + nonfarm * channels.nonfarm_jobs + borrowers * channels.borrowers)
