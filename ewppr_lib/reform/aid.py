"""Section 4.1, government aid: donors and their revenue, aid as advocated or a fixed share; and how steady it is."""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from ewppr_lib.reform.amounts import Array, Scalars


def on_trend(level: Scalars, growth: Scalars, volatility: Scalars, elapsed: Array, shocks: Array) -> Array:
    """Return amounts, shape (draws, years), that grow at a constant rate and scatter about it.

    ``level x (1 + growth)^elapsed x exp(volatility x shock)``: growth is a share a year, volatility the standard
    deviation of the logarithm, elapsed the years since the base year, shape (1, years), and shocks are standard normal,
    independent.
    """
    steady = np.multiply(np.log1p(growth), elapsed, order="F")
    return np.asarray(level * np.exp(steady + volatility * shocks))


def share_of_revenue(
    revenue: Array,
    aid_share: Scalars,
    parts: tuple[Scalars, Scalars, Scalars],
    multiples: tuple[Scalars, Scalars, Scalars],
) -> Array:
    """Return what fixed shares of provincial, prefectural and county revenue give, million yuan, shape (draws, years).

    ``revenue x aid_share x sum over levels of part x multiple``: parts of the revenue that each level raises, which sum
    to one, and each level's share as a multiple of `aid_share`.
    """
    weight = sum(part * multiple for part, multiple in zip(parts, multiples, strict=True))
    return np.asarray(revenue * (aid_share * weight))


@dataclass(frozen=True)
class Rule:
    """How a fixed share is brought in: years of phase-in, floor and cap as multiples of advocated aid."""

    phase_in_years: Scalars
    floor: Scalars
    cap: Scalars


def fixed_share_path(advocated: Array, from_revenue: Array, rule: Rule) -> Array:
    """Return aid under a fixed share that is phased in, with a floor and a cap, million yuan, shape (draws, years).

    ``clip(phase x from_revenue + (1 - phase) x advocated, floor x advocated, cap x advocated)`` with ``phase = min(1,
    year number / phase_in_years)``, years numbered from one.
    """
    number = np.arange(1, advocated.shape[1] + 1)[None, :]
    phase = np.minimum(1.0, number / rule.phase_in_years)
    mixed = advocated + phase * (from_revenue - advocated)
    return np.asarray(np.minimum(np.maximum(mixed, rule.floor * advocated), rule.cap * advocated))


def unsteadiness(amounts: Array) -> Array:
    """Return how much amounts change from year to year, beyond a steady pace: a ratio, shape (draws,).

    The standard deviation over the years (two at least) of the change on the year before, each change a share of the
    mean of the two years; zero for steady growth, zero where nothing is ever given.

    Examples
    --------
    >>> float(unsteadiness(np.array([[100.0, 110.0, 121.0]]))[0].round(12))
    0.0
    """
    before, after = amounts[:, :-1], amounts[:, 1:]
    middle = (before + after) / 2
    change = (after - before) / np.where(middle > 0, middle, 1.0)
    beyond = change - change.mean(axis=1, keepdims=True)
    return np.asarray(np.sqrt((beyond * beyond).mean(axis=1)))


def donor_revenue(fiscal_revenue: pd.DataFrame, pairings: pd.DataFrame, year: int) -> pd.DataFrame:
    """Return the revenue of the provincial donors in force in a year, largest first.

    City donors are left out: their revenue is part of their province's, and the provinces of all of them are donors
    themselves, so that nothing is counted twice. `fiscal_revenue`: data set ``fiscal_revenue``, indexed by province,
    million yuan; `pairings`: data set ``pairings``; `year`: calendar year; the lists up to it are in force together.
    Gives one row a donor: ``recipient``, ``revenue`` (million yuan).
    """
    in_force = pairings[(pairings["list_year"] <= year) & (pairings["donor_level"] == "province")]
    latest = in_force.drop_duplicates("donor", keep="last").set_index("donor")["recipient"]
    frame = pd.DataFrame({"recipient": latest, "revenue": fiscal_revenue["revenue"].reindex(latest.index)})
    return frame.sort_values("revenue", ascending=False)


def fixed_share_aid(donors: pd.DataFrame, aid_share: float) -> pd.DataFrame:
    """Return the donors with the ``aid`` (million yuan) that a fixed share of their revenue, 0 to 1, gives."""
    return donors.assign(aid=donors["revenue"] * aid_share)


def implied_share(actual_aid: float, donors: pd.DataFrame) -> float:
    """Return the share of the donors' revenue, 0 to 1, that the actual aid (million yuan, same year) amounted to."""
    return float(actual_aid / donors["revenue"].sum())


def against_actual(donors: pd.DataFrame, actual_aid: float, shares: list[float]) -> pd.DataFrame:
    """Compare the aid under several fixed shares (0 to 1) with the actual aid, million yuan.

    One row a share: ``aid`` (million yuan) and ``times_actual``.
    """
    revenue = donors["revenue"].sum()
    frame = pd.DataFrame({"aid": [share * revenue for share in shares]}, index=pd.Index(shares, name="share"))
    return frame.assign(times_actual=frame["aid"] / actual_aid)
