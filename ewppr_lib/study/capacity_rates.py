"""Notebook 03: intervals of shares and rates of counts, with the scatter that counts of people have."""

import math

import numpy as np
import pandas as pd

from ewppr_lib.study.capacity import EARLIER_YEARS, PROFESSIONS, Model, Recent, directions, windows

SUM_OF_OTHERS = "professionals_training"  # repeats its attendees: left out where rows are pooled
RECENT_YEARS = ("2009", "2010")
SEPARATE = ("2003-2008", "2009", "2010")


def direction_scatter(exchanges: pd.DataFrame) -> float:
    """Return how much more the direction of exchange varies between windows than chance alone would make it.

    Pearson's statistic of equal shares in 2003-2008, 2009 and 2010, both professions together, a degree of freedom
    (there are four); 1 is what independent person-times would give.
    """
    found = directions(exchanges)
    separate = found[found["period"].isin(SEPARATE)]
    statistic = 0.0
    for _, rows in separate.groupby("profession"):
        size = rows["east_to_west"] + rows["west_to_east"]
        share = rows["east_to_west"].sum() / size.sum()
        statistic += float(((rows["east_to_west"] - size * share) ** 2 / (size * share * (1 - share))).sum())
    return statistic / (len(separate) - len(PROFESSIONS))


def direction_intervals(exchanges: pd.DataFrame, confidence: float, scatter: float = 1) -> pd.DataFrame:
    """Return the share and ratio of each direction with intervals of a coverage (`confidence`).

    `scatter` is the variance over that of independent person-times: counts are divided by it, as if so many independent
    groups had moved. `directions` with ``share`` (east to west among both, per cent, Wilson's interval ``share_low``,
    ``share_high``) and ``ratio_low``, ``ratio_high`` (from the exact binomial interval of the share).
    """
    from scipy.stats import beta
    from statsmodels.stats.proportion import proportion_confint

    found = directions(exchanges)
    size = found["east_to_west"] + found["west_to_east"]
    east, all_ways = found["east_to_west"] / scatter, size / scatter
    low, high = proportion_confint(east, all_ways, alpha=1 - confidence, method="wilson")
    tail = (1 - confidence) / 2
    exact_low = beta.ppf(tail, east, all_ways - east + 1)
    exact_high = beta.ppf(1 - tail, east + 1, all_ways - east)
    return found.assign(
        share=found["east_to_west"] / size * 100,
        share_low=low * 100,
        share_high=high * 100,
        ratio_low=exact_low / (1 - exact_low),
        ratio_high=exact_high / (1 - exact_high),
    )


def rate_scatter(exchanges: pd.DataFrame) -> dict[str, float]:
    """Estimate from 2009 against 2010 how counts scatter, all rows together but the one that sums up others.

    One row alone leaves one degree of freedom, which estimates nothing. Together they rest on a common scatter and on
    no real change from 2009 to 2010: any such change is counted as scatter. ``factor`` (quasi-Poisson: variance over
    mean), ``alpha`` (negative binomial: variance is mean + alpha times its square) and ``degrees`` of freedom.
    """
    import statsmodels.api as sm
    from scipy.optimize import brentq

    pairs = exchanges.drop(index=SUM_OF_OTHERS, errors="ignore")[list(RECENT_YEARS)].to_numpy(dtype=float)
    counts = pairs.ravel()
    rows = np.repeat(np.eye(len(pairs)), len(RECENT_YEARS), axis=0)
    poisson = sm.GLM(counts, rows, family=sm.families.Poisson()).fit()
    factor, degrees = float(poisson.pearson_chi2 / poisson.df_resid), float(poisson.df_resid)
    if factor <= 1:
        return {"factor": factor, "alpha": 0.0, "degrees": degrees}

    def excess(alpha: float) -> float:
        family = sm.families.NegativeBinomial(alpha=alpha)
        return float(sm.GLM(counts, rows, family=family).fit().pearson_chi2 / degrees - 1)

    return {"factor": factor, "alpha": float(brentq(excess, 1e-8, 50, xtol=1e-10)), "degrees": degrees}


def rate_ratios(exchanges: pd.DataFrame, recent: Recent, model: Model, confidence: float) -> pd.DataFrame:
    """Set the recent yearly rate of each row beside that of 2003-2008, with an interval.

    ``poisson`` takes every person-time as independent; the other models widen the interval by `rate_scatter`, as a
    factor of the variance or, ``negative-binomial``, by a variance that grows with the square of the yearly rate, of
    which six years as one sum scatter a sixth. The interval is that of the logarithm of the ratio: normal for Poisson,
    otherwise Student's t. One row an item: ``label``, ``earlier``, ``recent`` (a year, in the row's unit), ``ratio``,
    ``low``, ``high``.
    """
    from scipy.stats import norm, t

    counts = windows(exchanges)
    years = 2 if recent == "mean" else 1
    late = counts[list(RECENT_YEARS)].sum(axis=1) if recent == "mean" else counts[recent]
    early = counts["2003-2008"]
    scatter = rate_scatter(exchanges)
    variance = 1 / late + 1 / early
    if model == "quasi-poisson":
        variance *= max(scatter["factor"], 1)
    elif model == "negative-binomial":
        variance += scatter["alpha"] * (1 / years + 1 / EARLIER_YEARS)
    tail = (1 + confidence) / 2
    width = norm.ppf(tail) if model == "poisson" else t.ppf(tail, scatter["degrees"])
    ratio = (late / years) / (early / EARLIER_YEARS)
    factor = np.exp(width * variance.map(math.sqrt))
    return pd.DataFrame(
        {
            "label": exchanges["label"],
            "earlier": early / EARLIER_YEARS,
            "recent": late / years,
            "ratio": ratio,
            "low": ratio / factor,
            "high": ratio * factor,
        }
    )


def clear_changes(comparison: pd.DataFrame) -> pd.DataFrame:
    """Return how many rows of `rate_ratios` lie ``below`` and ``above`` the earlier rate, and ``unclear``: hold 1."""
    below, above = int((comparison["high"] < 1).sum()), int((comparison["low"] > 1).sum())
    return pd.DataFrame({"below": [below], "above": [above], "unclear": [len(comparison) - below - above]})
