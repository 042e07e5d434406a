"""Sections 4.1, 4.2, 4.4 and 5, people: cadre exchange as a rule, donations, volunteers; villages and women reached."""

from dataclasses import dataclass

import numpy as np

from ewppr_lib.reform.amounts import Amount, Array, Scalars

NO_BASIS = "no basis for a number"


def cadres_by_rule(posts: Scalars, turnover: Scalars, phase: Array) -> Array:
    """Return the cadres sent a year when service is a qualification: posts x turnover x phase, person-times."""
    return np.asarray(np.multiply(posts * turnover, phase, order="F"))


def cadres_in_service(sent: Array, service_years: Scalars) -> Array:
    """Return how many cadres serve: those sent in the last `service_years` years, a part of a year in part.

    `sent` are person-times a year, shape (draws, years).

    Examples
    --------
    >>> cadres_in_service(np.array([[10.0, 10.0, 10.0]]), 1.5)
    array([[10., 15., 15.]])
    """
    serving = np.zeros_like(sent)
    for ago in range(sent.shape[1]):
        part = np.clip(np.asarray(service_years) - ago, 0.0, 1.0)
        if not part.any():
            break
        serving[:, ago:] += part * sent[:, : sent.shape[1] - ago]
    return serving


@dataclass(frozen=True)
class Mobilised:
    """What money for social help does, by year, shape (draws, years)."""

    spent: Array  # million yuan; the rest of the money stays with the grants
    raised: Array  # donations beyond the present, million yuan
    sent: Array  # volunteers beyond the present, person-times


def social_help(
    budget: Array, donations: Array, volunteer: tuple[Scalars, Scalars], fundraising: tuple[Scalars, Scalars]
) -> Mobilised:
    """Return what raising donations and sending volunteers gives; money for it and donations are in million yuan.

    volunteers = volunteer_part x budget / volunteer_cost;
    raised = min((1 - volunteer_part) x budget x yield, ceiling x donations); only what that takes is spent.

    `volunteer` is their part of the budget and million yuan a person-time, `fundraising` yuan raised per yuan spent and
    the most raised as a multiple of present donations.
    """
    part, cost = volunteer
    per_yuan, ceiling = fundraising
    for_volunteers = part * budget
    raised = np.minimum((budget - for_volunteers) * per_yuan, ceiling * donations)
    return Mobilised(for_volunteers + raised / per_yuan, raised, for_volunteers / cost)


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
