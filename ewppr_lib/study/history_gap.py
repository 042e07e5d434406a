"""Notebook 01: the ratio of eastern to western product, what the study prints of it, and when it turns."""

from collections.abc import Sequence
from itertools import combinations, product
from typing import Any

import numpy as np
import pandas as pd

from ewppr_lib.claims.facts import StudyFacts
from ewppr_lib.claims.gap import DEFINITIONS, ratios
from ewppr_lib.claims.growth import STATED_WINDOWS, paces, year_counts
from ewppr_lib.study import history_trend as kinked

CODES = {DEFINITIONS[0]: "ten", DEFINITIONS[1]: "ten_and_liaoning"}
OWN = "own"
PRINTED_RATIOS = ("C014", "C015", "C022", "C023")
PRINTED_PACES = ("C017", "C025")
SERIES = ["vintage", "definition"]
UNITS = {"peak": "year", **dict.fromkeys(["p_later", "p_sup_f", "p_cusum", "p_second"], "probability")}


def ratio_series(facts: StudyFacts, own: pd.DataFrame | None = None) -> pd.DataFrame:
    """Return the east-to-west ratio of gross regional product, nominal, one row a year and series.

    ``vintage``, ``definition`` (``ten`` eastern provinces, or ``ten_and_liaoning``), ``year``, ``ratio``, and its
    rounding bounds ``low`` and ``high``. The user's `own` series (``east`` and ``west`` by year) has vintage and
    definition ``own``.
    """
    years = sorted({int(row["year"]) for row in (*facts.regional_grp, *facts.provincial_grp)})
    rows = [
        (vintage, CODES[definition], year, value.middle, value.low, value.high)
        for year in years
        for (vintage, definition), value in ratios(facts, year).items()
    ]
    frame = pd.DataFrame(rows, columns=[*SERIES, "year", "ratio", "low", "high"])
    frame = frame.astype(dict.fromkeys(["ratio", "low", "high"], float))
    if own is not None:
        series = own["east"] / own["west"]
        added = pd.DataFrame({"year": series.index, **dict.fromkeys(["ratio", "low", "high"], series.to_numpy())})
        frame = pd.concat([frame, added.assign(vintage=OWN, definition=OWN)])
    return frame.sort_values([*SERIES, "year"], ignore_index=True)


def key(ratios: pd.DataFrame, vintage: str, definition: str) -> tuple[str, str]:
    """Return the vintage and definition that single results rest on: the user's own series where there is one."""
    return (OWN, OWN) if (ratios["vintage"] == OWN).any() else (vintage, definition)


def one(ratios: pd.DataFrame, vintage: str, definition: str) -> pd.Series:
    """Return one series of ratios by year."""
    wanted = ratios[(ratios["vintage"] == vintage) & (ratios["definition"] == definition)]
    return wanted.set_index("year")["ratio"]


def landmarks(ratios: pd.DataFrame, vintage: str, definition: str) -> pd.DataFrame:
    """Return the ``first``, ``highest`` and ``last`` ratio of one series with their years and rounding bounds."""
    series = ratios[(ratios["vintage"] == vintage) & (ratios["definition"] == definition)]
    places = [series["year"].idxmin(), series["ratio"].idxmax(), series["year"].idxmax()]
    return series.loc[places, ["year", "ratio", "low", "high"]].set_axis(["first", "highest", "last"])


def copies(ratios: pd.DataFrame) -> pd.DataFrame:
    """Compare vintages of one definition where they overlap: those that agree are copies, not second witnesses.

    One row a pair that shares years: ``one``, ``other``, ``years`` (shared), ``equal`` (years in which the ratios agree
    to three decimals) and ``largest`` (difference of the ratios).
    """
    wide = ratios.pivot(index="year", columns="vintage", values="ratio")
    rows = []
    for one, other in combinations(map(str, wide), 2):
        apart = (wide[one] - wide[other]).abs().dropna()
        if len(apart):
            rows.append((one, other, len(apart), int((apart < 0.0005).sum()), apart.max()))
    return pd.DataFrame(rows, columns=["one", "other", "years", "equal", "largest"])


def printed_points(facts: StudyFacts) -> pd.DataFrame:
    """Return the ratios that the study prints with the years of its stated windows: ``year``, ``ratio``."""
    windows = {row["period"]: row for row in facts.periods if row["scheme"] == STATED_WINDOWS}
    years = [int(windows[period][end]) for period in (1, 2) for end in ("start_low", "end_high")]
    return pd.DataFrame({"year": years, "ratio": [float(facts.claims[name].printed_value) for name in PRINTED_RATIOS]})


def printed_ratios(facts: StudyFacts) -> pd.DataFrame:
    """Set each ratio that the study prints against every vintage and definition, in exact arithmetic.

    One row a claim, year it can stand for and series: ``claim``, ``printed``, ``year``, ``vintage``, ``definition``,
    ``ratio``, ``off`` (computed less printed) and ``fits`` (the two agree within their rounding).
    """
    rows = []
    for name in PRINTED_RATIOS:
        claim = facts.claims[name]
        for year in map(int, claim.outside.split()[1:]):
            for (vintage, definition), value in ratios(facts, year).items():
                ratio = float(value.middle or 0)
                off = ratio - float(claim.printed_value)
                fits = claim.interval().overlaps(value)
                rows.append((name, claim.printed_value, year, vintage, CODES[definition], ratio, off, fits))
    return pd.DataFrame(rows, columns=["claim", "printed", "year", *SERIES, "ratio", "off", "fits"])


def nearest(found: pd.DataFrame) -> pd.DataFrame:
    """Return for each claim and definition of `printed_ratios` the series that comes nearest.

    ``low`` and ``high`` (least and largest ratio) and the number of series and years ``tried`` and ``fitting`` stand in
    place of ``fits``.
    """
    groups = found.assign(distance=found["off"].abs()).sort_values("distance", kind="stable")
    best = groups.groupby(["claim", "definition"]).first().drop(columns=["fits", "distance"])
    spread = groups.groupby(["claim", "definition"]).agg(
        low=("ratio", "min"), high=("ratio", "max"), tried=("fits", "size"), fitting=("fits", "sum")
    )
    return best.join(spread).reset_index()


def pace_readings(facts: StudyFacts, ratios: pd.DataFrame) -> pd.DataFrame:
    """Try every usual reading of the two yearly paces that the study prints.

    `ratios` serve the paces that need the years between as well. One row a claim and reading: ``claim``, ``printed``
    (per cent a year), ``formula``, ``years`` (divided by), ``window`` (one that has so many), ``value`` (of the
    figures as printed), ``low``, ``high`` (with the rounding of both ends) and ``fits``.
    """
    rows = []
    for name in PRINTED_PACES:
        claim = facts.claims[name]
        _, first, last, period = claim.check.split()
        for years, windows in year_counts(facts, int(period)).items():
            window, *others = windows.split("; or ")
            window += " (or others)" if others else ""
            for formula, value in paces(facts.figure(first), facts.figure(last), years).items():
                fits = claim.interval().overlaps(value)
                numbers = (float(end or 0) for end in (value.middle, value.low, value.high))
                rows.append((name, formula, years, window, *numbers, fits))
        window = next(iter(year_counts(facts, int(period)).values()))
        rows += [(name, *row) for row in _yearly(ratios, window, float(claim.printed_value))]
    columns = ["claim", "formula", "years", "window", "value", "low", "high", "fits"]
    frame = pd.DataFrame(rows, columns=columns)
    frame.insert(1, "printed", frame["claim"].map(lambda name: facts.claims[name].printed_value))
    return frame


def compound_growth(readings: pd.DataFrame) -> pd.DataFrame:
    """Return compound growth over each stated window, per cent a year, and how many readings were tried and fit."""
    first = readings[readings["formula"] == "compound growth"].groupby("claim")[["value", "low", "high"]].first()
    counts = readings.groupby("claim")["fits"].agg(tried="size", fitting="sum")
    return first.join(counts).reset_index()


def _yearly(ratios: pd.DataFrame, window: str, printed: float) -> list[tuple[str, int, str, float, float, float, bool]]:
    """Return paces that use all years of a window such as ``1979-1997, ...``, in each series that covers it."""
    first, last = int(window[:4]), int(window[5:9])
    rows = []
    for (vintage, definition), series in ratios.groupby(SERIES):
        values = series.set_index("year")["ratio"].loc[first:last]
        if len(values) == last - first + 1:
            trend = np.polyfit(values.index - first, np.log(values), 1)[0]
            tried = {
                "mean of the yearly growth rates": values.pct_change().mean() * 100,
                "trend of the logarithm": float(np.expm1(trend) * 100),
            }
            for formula, pace in tried.items():
                words = f"{first}-{last}, all years of {vintage}, {definition}"
                rows.append((formula, last - first, words, pace, pace, pace, abs(pace - printed) <= 0.005))
    return rows


def log_ratio(ratio: pd.Series) -> pd.Series:
    """Return 100 times the logarithm of a ratio: its yearly change is in per cent."""
    return pd.Series(np.log(ratio.to_numpy()) * 100, index=ratio.index)


def turning_points(ratios: pd.DataFrame, third_period: int, confidence: float, draws: int) -> pd.DataFrame:
    """Estimate in each series of `SHORTEST` years or more when the gap turns: one kink in the logarithm of the ratio.

    ``first``, ``last``, ``peak`` (year of the highest ratio), ``kink`` with ``low`` and ``high``, ``p_later`` (largest
    p-value of a kink in or after the first year of the third period; missing where the series ends too early for
    one), ``before`` and ``after`` (slopes, per cent a year), ``turns`` (from rise to fall), the tests of
    `break_test`, ``p_second`` (of a second kink), and ``false_alarms_sup_f`` and ``false_alarms_cusum``: how often
    a test at 5 % finds a kink where there is none, under the series' own momentum.
    """
    rows = {}
    for key, group in ratios.groupby(SERIES):
        series = log_ratio(group.set_index("year")["ratio"])
        if len(series) < kinked.SHORTEST:
            continue
        p_values = kinked.kink_p_values(series, draws)
        kink, low, high = kinked.break_year(series, p_values, confidence)
        before, after = kinked.segments(series, [kink], confidence)["slope"]
        moved = kinked.momentum(kinked.checked(series), 1)
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
            **kinked.break_test(series, draws),
            "p_second": kinked.break_test(series, draws, kinks=1)["p_sup_f"],
            **{f"false_alarms_{name}": kinked.false_alarms(name, moved) for name in kinked.FALSE_ALARMS},
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
    ``start_high`` of `bounds`; the years that fit best are taken. One row a trend and piece: ``name`` (of the
    piece), ``trend``, ``start``, ``end``, ``slope``, ``low``, ``high`` (per cent a year; bootstrap), ``covers``
    (how often such intervals hold the slope, under the series' own momentum), ``hac_low``, ``hac_high`` (HAC,
    shorter still) and ``residual`` (standard deviation about the trend, per cent of the ratio, degrees of freedom
    allowed for; the kinks count as estimated).
    """
    values, first = kinked.checked(series), int(series.index[0])
    inside = range(first + kinked.EDGE, int(series.index[-1]) - kinked.EDGE + 1)
    windows = [range(int(row["start_low"]), int(row["start_high"]) + 1) for _, row in bounds.loc[[2, 3]].iterrows()]
    allowed = [[year for year in window if year in inside] for window in windows]
    trends: dict[str, Sequence[int]] = {"no kink": []}
    if study := list(product(*(years for years in allowed if years))):
        trends["the study's periods"] = min(study, key=lambda years: _residual(values, [y - first for y in years]))
    for count, name in ((1, "one kink, free"), (2, "two kinks, free")):
        trends[name] = [first + place for place in kinked.search(values[:, None], count)[1][0]]
    frames = []
    for name, years in trends.items():
        hac = kinked.segments(series, years, confidence).rename(columns={"low": "hac_low", "high": "hac_high"})
        interval = kinked.slope_bounds(series, years, confidence, draws, free=name.endswith("free"))
        residual = _residual(values, [year - first for year in years])
        covers = kinked.coverage(len(years), confidence, kinked.momentum(values, len(years)))
        frames.append(hac.join(interval).assign(trend=name, residual=residual, covers=covers))
    found = pd.concat(frames, ignore_index=True)
    number = found.groupby("trend").cumcount() + 1
    found["name"] = found["trend"].map(slug) + "_" + number.astype(str)
    return found[["name", "trend", "start", "end", "slope", "low", "high", "covers", "hac_low", "hac_high", "residual"]]


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
    regressors = kinked.design(len(values), kinks)
    left = values - regressors @ np.linalg.lstsq(regressors, values, rcond=None)[0]
    freedom = len(values) - 2 - 2 * len(kinks)
    return float(np.sqrt(left @ left / freedom))
