"""Notebook 02: growth and spread of a handful of yearly amounts, and what so few years can show."""

import math
from itertools import permutations
from typing import Literal

import numpy as np
import pandas as pd

from ewppr_lib.study.funding import LEVELS

MOST_LISTED = 7  # years whose orders are all listed: 5,040; beyond that orders are drawn
ORDERS_DRAWN = 10_000
SEED = 1996
_SAME = 1e-12  # slopes nearer than this are equal, and what is smaller is zero


def years_of_decline(amounts: pd.Series) -> int:
    """Return in how many years an amount lies below that of the year listed before."""
    return int((amounts.diff() < 0).sum())


def trend_growth(amounts: pd.Series, confidence: float) -> dict[str, float]:
    """Estimate constant yearly growth by regressing the logarithm on the year (least squares).

    ``value``, ``low``, ``high`` in per cent a year; the interval, from Student's t, assumes independent errors, which a
    handful of yearly points cannot show. Raises ValueError if an amount is not positive.
    """
    from statsmodels.regression.linear_model import OLS

    if (amounts <= 0).any():
        raise ValueError("trend growth needs positive amounts.")
    years = np.asarray(amounts.index, dtype=float)
    fit = OLS(np.log(amounts.to_numpy()), np.column_stack([np.ones(len(years)), years - years.mean()])).fit()
    low, high = fit.conf_int(alpha=1 - confidence)[1]
    rates = {"value": fit.params[1], "low": low, "high": high}
    return {name: float(np.expm1(rate) * 100) if abs(rate) > _SAME else 0.0 for name, rate in rates.items()}


def permutation_check(amounts: pd.Series) -> dict[str, float]:
    """Tell how often a chance order of the same positive amounts has a trend as steep, up or down.

    All orders are listed for up to seven years, 120 for five; for more years, orders are drawn with a fixed seed. It
    rests on one assumption: without a trend, every order is equally likely. ``p_value``, ``smallest`` (the least that
    these amounts could give: equal ones can change places in every order) and ``orders``.
    """
    years = np.asarray(amounts.index, dtype=float)
    years -= years.mean()
    logs = np.log(amounts.to_numpy(dtype=float))
    if len(logs) <= MOST_LISTED:
        orders = np.array(list(permutations(logs)))
    else:
        drawn = np.random.default_rng(SEED).permuted(np.tile(logs, (ORDERS_DRAWN - 1, 1)), axis=1)
        orders = np.vstack([logs, drawn])
    steepness = np.abs(orders @ years)
    as_steep = steepness >= abs(logs @ years) - _SAME
    steepest = 2 * math.prod(map(math.factorial, amounts.value_counts())) / math.factorial(len(logs))
    smallest = min(1.0, max(steepest, 1 / len(orders)))
    return {"p_value": float(as_steep.mean()), "smallest": smallest, "orders": float(len(orders))}


def growth_table(amounts: pd.DataFrame, confidence: float) -> pd.DataFrame:
    """Return `trend_growth` and `permutation_check` of each series, and in how many years it ``declines``.

    One column of `amounts` a series; a series with a zero has no rate and is left out.
    """
    rows = {
        name: {**trend_growth(series, confidence), **permutation_check(series), "declines": years_of_decline(series)}
        for name, series in amounts.items()
        if (series > 0).all()
    }
    return pd.DataFrame(rows).T


def spread(amounts: pd.DataFrame, confidence: float, about: Literal["mean", "trend"]) -> pd.DataFrame:
    """Return the standard deviation of the logarithms of each series without a zero, with its interval.

    About the ``"mean"`` a steady rise counts as unsteadiness, about the ``"trend"`` of constant growth it does not. The
    chi-square interval assumes that yearly logarithms are independent and normal about their level, which a handful of
    years cannot show. ``value``, ``low``, ``high`` (hundredths of a logarithm, about per cent) and ``degrees`` of
    freedom.
    """
    from scipy.stats import chi2

    used = amounts.loc[:, (amounts > 0).all()]
    years = np.asarray(amounts.index, dtype=float)
    columns = [np.ones_like(years)] + ([years - years.mean()] if about == "trend" else [])
    design = np.column_stack(columns)
    logs = np.log(used.to_numpy(dtype=float))
    residuals = logs - design @ np.linalg.lstsq(design, logs, rcond=None)[0]
    residuals[np.abs(residuals) < _SAME] = 0
    squares, degrees = (residuals**2).sum(axis=0), len(years) - design.shape[1]
    tails = ((1 + confidence) / 2, (1 - confidence) / 2)
    low, high = (np.sqrt(squares / chi2.ppf(tail, degrees)) * 100 for tail in tails)
    value = np.sqrt(squares / degrees) * 100
    return pd.DataFrame({"value": value, "low": low, "high": high, "degrees": degrees}, index=used.columns)


def widest_over_narrowest(spreads: pd.DataFrame, confidence: float) -> dict[str, float]:
    """Return how many times the widest `spread` of a level is the narrowest, with a variance ratio's interval.

    Levels of government are compared, or all series where there are none; empty where one of them does not vary. The F
    interval takes the series as independent and does not allow for their being picked as widest and narrowest: it is
    too narrow, if anything.
    """
    from scipy.stats import f

    of_levels = spreads[spreads.index.isin(LEVELS)]
    compared = spreads if of_levels.empty else of_levels
    degrees = compared["degrees"].iloc[0]
    if not compared["value"].min():
        return {}
    times = float(compared["value"].max() / compared["value"].min())
    factor = math.sqrt(f.ppf((1 + confidence) / 2, degrees, degrees))
    return {"value": times, "low": times / factor, "high": times * factor}
