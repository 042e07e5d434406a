"""Notebook 02: aid through time from all sources, beside the budgets it comes from, and what totals can mean."""

import math
import re
from collections.abc import Hashable, Sequence
from itertools import combinations, product
from typing import Any

import numpy as np
import pandas as pd

from ewppr_lib.study.funding import AID_SERIES, aid_as

AID = ("government_aid", "free_aid")
WINDOWS = (
    *((1996, 2000), (2001, 2002), (2003, 2007), (2008, 2009), (2010, 2010), (2011, 2011), (2012, 2012)),
    *((2013, 2014), (2015, 2015), (2015, 2016), (2016, 2018), (2019, 2019), (2020, 2020)),
)
MOST_TERMS = 4  # figures that one sum may join
BILLION = 1000  # million


def statements(history: pd.DataFrame, stated: pd.DataFrame, funding: pd.DataFrame) -> pd.DataFrame:
    """Return every figure on aid that is held, the study's own among them, as bounds.

    From outside come the rows on government aid and on free aid (which may include donations); the study's total is
    stated in billion yuan, and its table is entered twice, aid as printed and as the sum of its levels. ``year_from``,
    ``year_to``, ``low``, ``high`` (million yuan over the window; ``high`` is infinite for "more than") and ``source``.
    """
    rows = [_bounds(row) for row in history[history["indicator"].isin(AID)].to_dict("records")]
    for row in stated[stated["item"] == "government_aid"].to_dict("records"):
        half = 0.5 * 10.0 ** -len(row["printed"].partition(".")[2]) * BILLION
        value = float(row["printed"]) * BILLION
        rows.append((row["year_from"], row["year_to"], value - half, value + half, "STUDY"))
    for name in AID_SERIES:
        total = aid_as(funding, name)["government_aid"].sum()
        rows.append((funding.index.min(), funding.index.max(), total, total, f"STUDY_T1 {name}"))
    frame = pd.DataFrame(rows, columns=["year_from", "year_to", "low", "high", "source"])
    return frame.astype({"year_from": int, "year_to": int}).sort_values(["year_from", "year_to"], ignore_index=True)


def _bounds(row: dict[Hashable, Any]) -> tuple[int, int, float, float, str]:
    value, half = float(row["value"]), float(row["half_width"])
    high = math.inf if row["bound"] == "at least" else value + half
    return row["year_from"], row["year_to"], value - half, high, row["source"]


def ways(figures: pd.DataFrame, windows: Sequence[tuple[int, int]] = WINDOWS) -> pd.DataFrame:
    """Return every way in which the figures of `statements` give the aid of a window (first and last year).

    A way is a sum of up to four figures, some of them taken off, that counts each year of the window once and every
    other year not at all. No part of it may do so already, or cancel out. ``window`` (text), ``years`` (count),
    ``low``, ``high`` (million yuan over the window), ``terms`` (count), ``sources`` (as added and taken off) and
    ``possible`` (false where even the highest value is negative).
    """
    first, last = figures["year_from"].min(), figures["year_to"].max()
    years = np.arange(first, last + 1)
    covers = np.array([(years >= row.year_from) & (years <= row.year_to) for row in figures.itertuples()], dtype=int)
    wanted = {((years >= start) & (years <= end)).tobytes(): (start, end) for start, end in windows}
    rows = []
    for terms in range(1, min(MOST_TERMS, len(figures)) + 1):
        chosen = np.array(list(combinations(range(len(figures)), terms)))
        signs = np.array(list(product((1, -1), repeat=terms)))
        counted = np.einsum("st,cty->csy", signs, covers[chosen])  # how often each choice and signs count each year
        for choice, sign in np.argwhere(((counted == 0) | (counted == 1)).all(axis=2)):
            window = wanted.get((counted[choice, sign] == 1).tobytes())
            if window and np.linalg.matrix_rank(covers[chosen[choice]]) == terms:
                rows.append(_way(figures.iloc[chosen[choice]], signs[sign].tolist(), window))
    columns = ["window", "years", "low", "high", "terms", "sources"]
    frame = pd.DataFrame(rows, columns=columns).assign(possible=lambda found: found["high"] >= 0)
    return frame.sort_values(["window", "terms", "low"], ignore_index=True)


def _way(
    chosen: pd.DataFrame, signs: Sequence[int], window: tuple[int, int]
) -> tuple[str, int, float, float, int, str]:
    signed = list(zip(chosen.to_dict("records"), signs, strict=True))
    low = float(sum(row["low"] if sign > 0 else -row["high"] for row, sign in signed))
    high = float(sum(row["high"] if sign > 0 else -row["low"] for row, sign in signed))
    names = [f"{'+' if sign > 0 else '-'} {row['source']}" for row, sign in signed]
    label = str(window[0]) if window[0] == window[1] else f"{window[0]}-{window[1]}"
    return label, window[1] - window[0] + 1, low, high, len(signs), " ".join(sorted(names)).removeprefix("+ ")


def ranges(found: pd.DataFrame) -> pd.DataFrame:
    """Return aid a year in each window over all its `ways`.

    ``low``, ``high`` (million yuan a year over the possible ways, at least 0; infinite where the sources say "more
    than"), ``ways``, ``impossible`` (ways that give less than nothing) and ``disagree`` (no value lies within all
    ways). A window whose ways are all impossible has no range.
    """
    yearly = found.assign(low=(found["low"] / found["years"]).clip(lower=0), high=found["high"] / found["years"])
    held = yearly[yearly["possible"]].groupby("window", sort=False)
    grouped = found.groupby("window", sort=False)["possible"]
    frame = pd.DataFrame({"low": held["low"].min(), "high": held["high"].max()})
    frame = frame.reindex(sorted(found["window"].unique())).rename_axis("window")
    counts = pd.DataFrame({"ways": grouped.size(), "impossible": grouped.size() - grouped.sum()})
    apart = (held["low"].max() > held["high"].min()).reindex(frame.index, fill_value=True)
    return frame.join(counts).assign(disagree=apart)


def results(span: pd.DataFrame) -> list[dict[str, Any]]:
    """Return the `ranges` as results to record; the value is the middle, or the low end where there is no other."""
    found = []
    for window, row in span.dropna(subset=["low", "high"]).iterrows():
        low, high = (float(row[end]) if math.isfinite(row[end]) else None for end in ("low", "high"))
        value = low if high is None else ((low or 0.0) + high) / 2
        name = f"aid_a_year_{str(window).replace('-', '_')}"
        found.append({"name": name, "value": value, "unit": "million yuan", "low": low, "high": high})
    return found


def cited(ways: pd.DataFrame) -> list[str]:
    """Return the ids of the source records that `ways` rest on, in order of first use."""
    ids = [word.split()[0] for text in ways["sources"] for word in re.split(r" [-+] ", text)]
    return list(dict.fromkeys(ids))


def implied_aid(funding: pd.DataFrame, stated: pd.DataFrame, history: pd.DataFrame) -> pd.DataFrame:
    """Return the aid of 2008-2010 that totals of longer windows leave over, one row a way.

    ``value`` (million yuan in three years), ``a_year``, ``against_last`` (mean a year over the printed aid of the
    table's last year).
    """
    to_2007 = _outside(history, "free_aid", 1996, 2007)
    from_2003 = _outside(history, "government_aid", 2003, 2010)
    totals = {name: aid_as(funding, name)["government_aid"] for name in AID_SERIES}
    rows = {"study 1996-2010 less outside 1996-2007": _stated(stated, "government_aid") - to_2007}
    for name, series in totals.items():
        rows[f"outside 2003-2010 less Table 1, {name}"] = from_2003 - series.sum()
    frame = pd.DataFrame({"value": rows})
    last = totals["printed"].iloc[-1]
    return frame.assign(a_year=frame["value"] / 3, against_last=frame["value"] / 3 / last)


def implied_investment(funding: pd.DataFrame, stated: pd.DataFrame, history: pd.DataFrame) -> pd.DataFrame:
    """Ask whether the study's investment of 1996-2010 can be agreed or realised investment, one row a reading.

    Million yuan: ``table`` (2003-2007), ``rest`` (what the total leaves for 1996-2002 and 2008-2010), ``held`` (the
    part of that rest that is known: outside figures where realised, the study's own figure of 2010 where agreed),
    ``complete`` (whether ``held`` covers the whole rest) and ``can_be`` (whether the reading can be true).
    """
    total, of_2010 = (_stated(stated, "enterprise_investment", year) for year in (1996, 2010))
    realised = funding["enterprise_realised"].sum()
    early = _outside(history, "enterprise_realised", 1996, 2007) - realised
    late = _outside(history, "enterprise_realised", 2003, 2010) - realised
    frame = pd.DataFrame(
        {
            "table": {"agreed": funding["enterprise_agreed"].sum(), "realised": realised},
            "held": {"agreed": of_2010, "realised": early + late},
            "complete": {"agreed": False, "realised": True},
        }
    )
    frame.insert(1, "rest", total - frame["table"])
    slack = total * 0.01  # far beyond any rounding of the figures involved
    fits = (frame["rest"] - frame["held"]).abs() <= slack
    return frame.assign(can_be=fits.where(frame["complete"], frame["rest"] >= frame["held"]))


def _outside(history: pd.DataFrame, indicator: str, start: int, end: int) -> float:
    same = (history["indicator"] == indicator) & (history["year_from"] == start) & (history["year_to"] == end)
    return float(history.loc[same, "value"].iloc[0])


def _stated(stated: pd.DataFrame, item: str, start: int = 1996) -> float:
    """Return a stated amount of billion yuan in million yuan."""
    same = (stated["item"] == item) & (stated["year_from"] == start)
    return float(stated.loc[same, "printed"].iloc[0]) * 1000
