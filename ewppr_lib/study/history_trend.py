"""Notebook 01: a trend as a line with kinks, and series drawn around it.

The trend is a line with kinks: continuous, straight between them. The errors about it never die
out (the case that makes breaks hardest to tell from chance), and their yearly changes
follow a first-order autoregression, its coefficient corrected for its bias in short series.
"""

from collections.abc import Sequence
from functools import cache, lru_cache
from itertools import combinations
from statistics import NormalDist

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from nbedition.memoize import memo

EDGE = 4  # years kept on each side of a kink, and between two
SHORTEST = 15  # yearly points below which nothing is estimated
MOMENTUM = np.linspace(0, 0.8, 9)  # autocorrelations of the yearly changes that are considered
CALIBRATION_DRAWS = 200
STEP = 0.05  # to which the autocorrelation is rounded
DECIMALS = 6  # of slopes: below them, processors differ
SEED = 1996
# Measured (benchmarks/coverage.py): how often an interval of 95 % covers a slope of a trend with 0, 1 or 2 kinks,
# placed by least squares, and a test at 5 % finds a kink where there is none, for each of these autocorrelations.
MEASURED = (0.0, 0.2, 0.4, 0.6, 0.8)
COVERAGE = ((0.93, 0.92, 0.91, 0.87, 0.80), (0.89, 0.87, 0.84, 0.80, 0.66), (0.91, 0.88, 0.85, 0.80, 0.69))
FALSE_ALARMS = {"sup_f": (0.05, 0.06, 0.08, 0.11, 0.13), "cusum": (0.03, 0.07, 0.11, 0.11, 0.14)}

Array = NDArray[np.float64]
Kinks = tuple[int, ...]
_SAME = 1e-9  # statistics nearer than this are equal


def design(length: int, kinks: Sequence[int]) -> Array:
    """Return the regressors of a line with kinks at these positions (from 0): constant, time, time since each kink.

    Examples
    --------
    >>> design(4, [2])[:, 2].tolist()
    [0.0, 0.0, 0.0, 1.0]
    """
    time = np.arange(length, dtype=float)
    return np.column_stack([np.ones(length), time, *(np.clip(time - kink, 0, None) for kink in kinks)])


@cache
def _candidates(length: int, count: int) -> tuple[tuple[Kinks, Array], ...]:
    """Return every placing of so many kinks with an orthonormal basis of its regressors."""
    places = range(EDGE, length - EDGE)
    kept = [kinks for kinks in combinations(places, count) if all(np.diff(kinks) >= EDGE)]
    return tuple((kinks, np.linalg.qr(design(length, kinks))[0]) for kinks in kept)


def search(values: Array, count: int) -> tuple[Array, list[Kinks]]:
    """Place so many kinks (0 to 2) where the sum of squared residuals is least.

    Returns that sum and the positions, for each column (one a series, one row a year).
    """
    found = _candidates(len(values), count)
    explained = np.array([((basis.T @ values) ** 2).sum(axis=0) for _, basis in found])
    best = explained.argmax(axis=0)
    return (values**2).sum(axis=0) - explained.max(axis=0), [found[place][0] for place in best]


@cache
def _basis(length: int, kinks: Kinks) -> Array:
    return np.asarray(np.linalg.qr(design(length, kinks))[0], dtype=np.float64)


def residual_squares(values: Array, kinks: Kinks) -> Array:
    """Return the sum of squared residuals about a trend with kinks at known places, for each column."""
    left: Array = (values**2).sum(axis=0) - ((_basis(len(values), kinks).T @ values) ** 2).sum(axis=0)
    return left


@cache
def _errors(length: int, momentum: float) -> Array:
    """Return the matrix that turns white noise into sums of first-order changes of unit variance."""
    lag = np.abs(np.subtract.outer(np.arange(length), np.arange(length)))
    return np.asarray(np.tri(length) @ np.linalg.cholesky(momentum**lag), dtype=np.float64)


@cache
def _change_basis(length: int, kinks: Kinks) -> Array:
    return np.asarray(np.linalg.qr(np.diff(design(length, kinks), axis=0)[:, 1:])[0], dtype=np.float64)


def _autocorrelations(values: Array, placed: Sequence[Kinks]) -> Array:
    """Return the autocorrelation of the yearly changes of each column about the slopes of its pieces."""
    changes = np.diff(values, axis=0)
    for kinks in set(placed):
        columns = [column for column, found in enumerate(placed) if found == kinks]
        basis = _change_basis(len(values), kinks)
        changes[:, columns] -= basis @ (basis.T @ changes[:, columns])
    found: Array = (changes[1:] * changes[:-1]).sum(axis=0) / (changes**2).sum(axis=0)
    return found


@cache
@memo
def _expected(length: int, count: int) -> Array:
    """Return the mean estimate for each of `MOMENTUM`, with kinks placed by least squares."""
    noise = np.random.default_rng(length).standard_normal((length, CALIBRATION_DRAWS))
    means = []
    for momentum in MOMENTUM:
        drawn = _errors(length, float(momentum)) @ noise
        means.append(_autocorrelations(drawn, search(drawn, count)[1]).mean())
    return np.maximum.accumulate(np.array(means, dtype=np.float64))


def momentum(values: Array, kinks: int) -> float:
    """Return the autocorrelation of a series' yearly changes about a trend with so many kinks, in steps of `STEP`.

    It is corrected for its small-sample bias and lies within `MOMENTUM`.
    """
    column = values[:, None]
    (estimate,) = _autocorrelations(column, search(column, kinks)[1])
    found = np.interp(estimate, _expected(len(values), kinks), MOMENTUM)
    return round(round(float(found) / STEP) * STEP, 2)


@lru_cache(maxsize=4)  # one is asked for again and again, with trends and spreads that differ
def _unit_errors(length: int, draws: int, momentum: float) -> Array:
    """Return drawn errors for a spread of 1, one series a column."""
    found: Array = _errors(length, momentum) @ np.random.default_rng(SEED).standard_normal((length, draws))
    found.setflags(write=False)
    return found


def simulated(values: Array, kinks: Kinks, draws: int, momentum: float) -> Array:
    """Return series with the fitted trend and new errors, one a column; the series' residuals set their spread.

    `momentum` is the autocorrelation of the yearly changes of the errors.
    """
    basis, errors = _basis(len(values), kinks), _errors(len(values), momentum)
    left = values - basis @ (basis.T @ values)
    spread = np.sqrt(left @ left / ((errors**2).sum() - ((basis.T @ errors) ** 2).sum()))
    found: Array = (values - left)[:, None] + spread * _unit_errors(len(values), draws, momentum)
    return found


def segments(series: pd.Series, kinks: Sequence[int], confidence: float) -> pd.DataFrame:
    """Return the slope of each straight piece of the trend, with HAC intervals (statsmodels).

    Newey and West's errors with a small-sample correction and Student's t. They take the years as known and run short:
    in thirty years with errors of persistence 0.6 an interval said to cover 95 in 100 covers about 60. One row a piece:
    ``start``, ``end`` (years), ``slope``, ``low``, ``high`` (units a year).
    """
    from statsmodels.regression.linear_model import OLS

    values, first = checked(series), int(series.index[0])
    regressors = design(len(values), [kink - first for kink in kinks])
    lags = int(4 * (len(values) / 100) ** (2 / 9))
    options = {"maxlags": lags, "use_correction": True}
    fit = OLS(values, regressors).fit(cov_type="HAC", cov_kwds=options, use_t=True)
    pieces = np.tri(len(kinks) + 1, len(kinks) + 2, 1)
    pieces[:, 0] = 0
    slopes = fit.t_test(pieces)
    low, high = slopes.conf_int(alpha=1 - confidence).T
    bounds = [first, *kinks, int(series.index[-1])]
    found = {"start": bounds[:-1], "end": bounds[1:], "slope": slopes.effect, "low": low, "high": high}
    return pd.DataFrame(found).round(DECIMALS)


def checked(series: pd.Series) -> Array:
    """Return a series' values; ValueError if it has fewer than `SHORTEST` years or leaves years out."""
    years = np.asarray(series.index, dtype=int)
    if len(years) < SHORTEST or (np.diff(years) != 1).any():
        raise ValueError(f"at least {SHORTEST} consecutive years are needed.")
    return np.asarray(series, dtype=float)


def sup_f(values: Array, kinks: int) -> Array:
    """Return the supremum-F statistic of one kink more than the null allows, at an unknown place, for each column."""
    under_null, under_one_more = search(values, kinks)[0], search(values, kinks + 1)[0]
    statistic: Array = (under_null - under_one_more) / under_one_more * (len(values) - 3 - kinks)
    return statistic


def cusum(values: Array) -> Array:
    """Return the CUSUM statistic of the yearly changes about their mean, for each column."""
    changes = np.diff(values, axis=0)
    left = changes - changes.mean(axis=0)
    spread = np.sqrt((left**2).sum(axis=0) / (len(left) - 1) * len(left))
    statistic: Array = np.abs(left.cumsum(axis=0)).max(axis=0) / spread
    return statistic


@memo
def break_test(series: pd.Series, draws: int, kinks: int = 0) -> dict[str, float]:
    """Test a trend with so many kinks (0 or 1) against one more kink at an unknown place.

    Both statistics are compared with series drawn under the null. Their errors never die out, the case in which false
    alarms are most frequent, and their yearly changes are as autocorrelated as those of the series about the trend
    with one more kink. A strong autocorrelation is underestimated, and false alarms are then more frequent than a
    p-value says: see `false_alarms`. ``sup_f`` and ``p_sup_f``; for a null without kinks also ``cusum`` and
    ``p_cusum`` (of the yearly changes). Raises ValueError if the series is too short or leaves years out.
    """
    values = checked(series)
    observed, moved = sup_f(values[:, None], kinks)[0], momentum(values, kinks + 1)
    if kinks == 0:
        null_sup_f, null_cusum = _without_kink(len(values), draws, moved)
        summed = cusum(values[:, None])[0]
        return {
            "sup_f": float(observed),
            "p_sup_f": _p_value(observed, null_sup_f),
            "cusum": float(summed),
            "p_cusum": _p_value(summed, null_cusum),
        }
    (placed,) = search(values[:, None], kinks)[1]
    drawn = sup_f(simulated(values, placed, draws, moved), kinks)
    return {"sup_f": float(observed), "p_sup_f": _p_value(observed, drawn)}


@cache
@memo
def _without_kink(length: int, draws: int, moved: float) -> tuple[Array, Array]:
    """Return both statistics under the null: neither depends on the slope or the spread of a series."""
    any_series = np.asarray(np.arange(length) % 2, dtype=np.float64)
    drawn = simulated(any_series, (), draws, moved)
    return sup_f(drawn, 0), cusum(drawn)


def _p_value(observed: float, drawn: Array) -> float:
    return float((1 + (drawn >= observed).sum()) / (1 + len(drawn)))


@memo
def kink_p_values(series: pd.Series, draws: int) -> pd.Series:
    """Test each year in which a kink can be placed as that of a trend's one kink, against the year that fits best.

    The statistic is the ratio of the two sums of squared residuals, compared with series drawn around the trend that
    bends in that very year: the years not rejected are a confidence set (an inverted supremum test).
    """
    values = checked(series)
    moved, years = momentum(values, 1), range(EDGE, len(values) - EDGE)
    found = {}
    for place in years:
        drawn = np.column_stack([values, simulated(values, (place,), draws, moved)])
        statistic = residual_squares(drawn, (place,)) / search(drawn, 1)[0]
        found[int(series.index[0]) + place] = _p_value(statistic[0] - _SAME, statistic[1:])
    return pd.Series(found, name="p_value").rename_axis("year")


def break_year(series: pd.Series, p_values: pd.Series, confidence: float) -> tuple[int, int, int]:
    """Return the year in which the trend bends, with the first and last year not rejected by `kink_p_values`."""
    ((place,),) = search(checked(series)[:, None], 1)[1]
    kept = p_values.index[p_values > 1 - confidence]
    return int(series.index[0]) + place, int(kept.min()), int(kept.max())


def coverage(kinks: int, confidence: float, moved: float) -> float:
    """Return how often the intervals of `slope_bounds` cover, where the errors' changes have this autocorrelation.

    As measured at 95 %; for another `confidence`, as that of a normal estimate whose error is understated as much.

    Examples
    --------
    >>> coverage(1, 0.95, 0.6), coverage(1, 0.8, 0.6)
    (0.8, 0.6)
    """
    normal = NormalDist()
    measured = float(np.interp(moved, MEASURED, COVERAGE[kinks]))
    understated = normal.inv_cdf((1 + measured) / 2) / normal.inv_cdf(0.975)
    return round(2 * normal.cdf(normal.inv_cdf((1 + confidence) / 2) * understated) - 1, 2)


def false_alarms(test: str, moved: float) -> float:
    """Return how often a test at 5 % (``sup_f`` or ``cusum``) finds a kink where there is none, as measured.

    Examples
    --------
    >>> false_alarms("cusum", 0.3)
    0.09
    """
    return round(float(np.interp(moved, MEASURED, FALSE_ALARMS[test])), 2)


def slope_bounds(series: pd.Series, kinks: Sequence[int], confidence: float, draws: int, free: bool) -> pd.DataFrame:
    """Return bootstrap intervals of the slopes of a trend with kinks in these years, ``low`` and ``high`` a piece.

    Percentiles over series drawn around the fitted trend. They cover less often than `confidence` says, the more so the
    more autocorrelated the yearly changes are: see `coverage`. HAC errors cover far less often still. `free` kinks
    were placed by least squares and are placed anew in each draw; others are taken as known.
    """
    first = int(series.index[0])
    slopes = _drawn_slopes(checked(series), tuple(int(kink) - first for kink in kinks), draws, free)
    tail = (1 - confidence) / 2
    low, high = np.quantile(slopes, [tail, 1 - tail], axis=0)
    return pd.DataFrame({"low": low, "high": high}).round(DECIMALS)


@memo
def _drawn_slopes(values: Array, places: Kinks, draws: int, free: bool) -> Array:
    """Return the slopes of each piece in series drawn around the fitted trend, one series a row."""
    drawn = simulated(values, places, draws, momentum(values, len(places)))
    placed = search(drawn, len(places))[1] if free else [places] * draws
    slopes = np.empty((draws, len(places) + 1))
    for kinks_of_draw in set(placed):
        columns = [column for column, found in enumerate(placed) if found == kinks_of_draw]
        fitted = np.linalg.lstsq(design(len(values), kinks_of_draw), drawn[:, columns], rcond=None)[0]
        slopes[columns] = fitted[1:].cumsum(axis=0).T
    return slopes
