"""Sections 4.4 and 5: how much of each option reaches villages and women, where there is any basis for a number."""

from dataclasses import dataclass

from ewppr_lib.reform.amounts import Amount
from ewppr_lib.reform.types import Scalars

NO_BASIS = "no basis for a number"


@dataclass(frozen=True)
class Channels:
    """Households reached by channel, and jobs and loans, by draw and year."""

    public: Amount  # households reached by grants and donations
    rural: Amount  # through farm jobs, land shares, household loans and insurance
    nonfarm: Amount  # through other jobs
    farm_jobs: Amount  # new jobs
    nonfarm_jobs: Amount
    borrowers: Amount


def in_villages(channels: Channels, public: Scalars, rural: Scalars, nonfarm: Scalars) -> Amount:
    """Return the households reached that live in poor villages, given each channel's part."""
    reached: Amount = public * channels.public + rural * channels.rural + nonfarm * channels.nonfarm
    return reached


def women_reached(channels: Channels, farm: Scalars, nonfarm: Scalars, borrowers: Scalars) -> Amount:
    """Return the women in new jobs and among new borrowers; for every other channel there is no basis for a number."""
    reached: Amount = farm * channels.farm_jobs + nonfarm * channels.nonfarm_jobs + borrowers * channels.borrowers
    return reached
