"""Notebook 01: when the regional gap turns, and whether three periods describe it."""

from collections.abc import Sequence
from itertools import product
from typing import Any

import numpy as np
import pandas as pd

from ewppr_lib.study.history_breaks import break_test, break_year, kink_p_values, slope_bounds
from ewppr_lib.study.history_gap import SERIES
from ewppr_lib.study.history_trend import EDGE, SHORTEST, checked, design, search, segments

UNITS = {"peak": "year", **dict.fromkeys(["p_later", "p_sup_f", "p_cusum", "p_second"], "probability")}


def log_ratio(ratio: pd.Series) -> pd.Series:
    """Return 100 times the logarithm of a ratio: its yearly change is in per cent."""
    return pd.Series(np.log(ratio.to_numpy()) * 100, index=ratio.index)


def turning_points(ratios: pd.DataFrame, third_period: int, confidence: float, draws: int) -> pd.DataFrame:
    """Estimate in each series of `SHORTEST` years or more when the gap turns: one kink in the logarithm of the ratio.

    ``first``, ``last``, ``peak`` (year of the highest ratio), ``kink`` with ``low`` and ``high``, ``p_later`` (largest
    p-value of a kink in or after the first year of the third period; missing where the series ends too early for one),
    ``before`` and ``after`` (slopes, per cent a year), ``turns`` (from rise to fall), the tests of `break_test`, and
    ``p_second`` (of a second kink).
    """
    rows = {}
    for key, group in ratios.groupby(SERIES):
        series = log_ratio(group.set_index("year")["ratio"])
        if len(series) < SHORTEST:
            continue
        p_values = kink_p_values(series, draws)
        kink, low, high = break_year(series, p_values, confidence)
        before, after = segments(series, [kink], confidence)["slope"]
        rows[key] = {
            "first": series.index[0],
            "last": series.index[-1],
            "peak": series.idxmax(),
            "kink": kink,
            "low": low,
            "high": high,
            "p_later": p_values.loc[third_period:].max(),
            "before": before,
            "after": after,
            "turns": before > 0 > after,
            **break_test(series, draws),
            "p_second": break_test(series, draws, kinks=1)["p_sup_f"],
        }
    return pd.DataFrame.from_dict(rows, orient="index").rename_axis(SERIES)


def results(turn: pd.Series) -> list[dict[str, Any]]:
    """Return what one row of `turning_points` says of the turn, as results to record; what is missing is left out."""
    year = {"name": "kink_year", "value": turn["kink"], "unit": "year", "low": turn["low"], "high": turn["high"]}
    rest = [
        {"name": f"kink_{name}", "value": value, "unit": UNITS[str(name)]}
        for name, value in turn[list(UNITS)].dropna().items()
    ]
    return [year | {"claim": "C027"}, *rest]


def stories(series: pd.Series, bounds: pd.DataFrame, confidence: float, draws: int) -> pd.DataFrame:
    """Set the study's periods beside what the series itself says: slopes and fit of four trends.

    The series is 100 times the logarithm of the ratio. The study's periods may start in any year from ``start_low`` to
    ``start_high`` of `bounds`; the years that fit best are taken. One row a trend and piece: ``name`` (of the piece),
    ``trend``, ``start``, ``end``, ``slope``, ``low``, ``high`` (per cent a year; bootstrap), ``hac_low``, ``hac_high``
    (HAC, which runs short) and ``residual`` (standard deviation about the trend, per cent of the ratio, degrees of
    freedom allowed for; the kinks count as estimated).
    """
    values, first = checked(series), int(series.index[0])
    inside = range(first + EDGE, int(series.index[-1]) - EDGE + 1)
    windows = [range(int(row["start_low"]), int(row["start_high"]) + 1) for _, row in bounds.loc[[2, 3]].iterrows()]
    allowed = [[year for year in window if year in inside] for window in windows]
    trends: dict[str, Sequence[int]] = {"no kink": []}
    if study := list(product(*(years for years in allowed if years))):
        trends["the study's periods"] = min(study, key=lambda years: _residual(values, [y - first for y in years]))
    for count, name in ((1, "one kink, free"), (2, "two kinks, free")):
        trends[name] = [first + place for place in search(values[:, None], count)[1][0]]
    frames = []
    for name, years in trends.items():
        hac = segments(series, years, confidence).rename(columns={"low": "hac_low", "high": "hac_high"})
        interval = slope_bounds(series, years, confidence, draws, free=name.endswith("free"))
        residual = _residual(values, [year - first for year in years])
        frames.append(hac.join(interval).assign(trend=name, residual=residual))
    found = pd.concat(frames, ignore_index=True)
    number = found.groupby("trend").cumcount() + 1
    found["name"] = found["trend"].map(slug) + "_" + number.astype(str)
    return found[["name", "trend", "start", "end", "slope", "low", "high", "hac_low", "hac_high", "residual"]]


def slug(words: str) -> str:
    """Return words as a name.

    Examples
    --------
    >>> slug("the study's periods")
    'the_studys_periods'
    """
    return words.replace(",", "").replace("'", "").replace(" ", "_")


def residuals(found: pd.DataFrame) -> pd.Series:
    """Return the residual of each trend of `stories`, per cent of the ratio, by name."""
    return found.groupby("trend", sort=False)["residual"].first().rename(slug)


def _residual(values: np.ndarray, kinks: Sequence[int]) -> float:
    regressors = design(len(values), kinks)
    left = values - regressors @ np.linalg.lstsq(regressors, values, rcond=None)[0]
    freedom = len(values) - 2 - 2 * len(kinks)
    return float(np.sqrt(left @ left / freedom))
