"""Notebook 01: whether and when a trend bends, with tests and intervals made for short series."""

from collections.abc import Sequence
from functools import cache

import numpy as np
import pandas as pd

from ewppr_lib.study.history_trend import (
    DECIMALS,
    EDGE,
    Array,
    checked,
    design,
    momentum,
    residual_squares,
    search,
    simulated,
)

_SAME = 1e-9  # statistics nearer than this are equal


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


def break_test(series: pd.Series, draws: int, kinks: int = 0) -> dict[str, float]:
    """Test a trend with so many kinks (0 or 1) against one more kink at an unknown place.

    Both statistics are compared with series drawn under the null. Their errors never return of themselves, the case in
    which false alarms are most frequent, and their yearly changes are as autocorrelated as those of the series about
    the trend with one more kink. ``sup_f`` and ``p_sup_f``; for a null without kinks also ``cusum`` and ``p_cusum`` (of
    the yearly changes). Raises ValueError if the series is too short or leaves years out.
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
def _without_kink(length: int, draws: int, moved: float) -> tuple[Array, Array]:
    """Return both statistics under the null: neither depends on the slope or the spread of a series."""
    any_series = np.asarray(np.arange(length) % 2, dtype=np.float64)
    drawn = simulated(any_series, (), draws, moved)
    return sup_f(drawn, 0), cusum(drawn)


def _p_value(observed: float, drawn: Array) -> float:
    return float((1 + (drawn >= observed).sum()) / (1 + len(drawn)))


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


def slope_bounds(series: pd.Series, kinks: Sequence[int], confidence: float, draws: int, free: bool) -> pd.DataFrame:
    """Return bootstrap intervals of the slopes of a trend with kinks in these years, ``low`` and ``high`` a piece.

    The coverage is at least about `confidence`: percentiles over series drawn around the fitted trend. HAC errors cover
    far too seldom in series this short. `free` kinks were placed by least squares and are placed anew in each draw;
    others are taken as known.
    """
    values, first = checked(series), int(series.index[0])
    places = tuple(int(kink) - first for kink in kinks)
    drawn = simulated(values, places, draws, momentum(values, len(places)))
    placed = search(drawn, len(places))[1] if free else [places] * draws
    slopes = np.empty((draws, len(places) + 1))
    for kinks_of_draw in set(placed):
        columns = [column for column, found in enumerate(placed) if found == kinks_of_draw]
        fitted = np.linalg.lstsq(design(len(values), kinks_of_draw), drawn[:, columns], rcond=None)[0]
        slopes[columns] = fitted[1:].cumsum(axis=0).T
    tail = (1 - confidence) / 2
    low, high = np.quantile(slopes, [tail, 1 - tail], axis=0)
    return pd.DataFrame({"low": low, "high": high}).round(DECIMALS)
