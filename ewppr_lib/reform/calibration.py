"""What the tables say about parameters: each computed ground of the register, computed."""

import numpy as np
import pandas as pd


def trend(amounts: pd.Series) -> tuple[float, float, float]:
    """Return level in the last year, growth (share a year) and scatter of positive amounts by year, three at least.

    They are those of the line that least squares fits to the logarithms; scatter is the residuals' standard deviation.
    """
    years = np.asarray(amounts.index, dtype=float)
    logs = np.log(amounts.to_numpy(dtype=float))
    slope, level = np.polyfit(years - years[-1], logs, 1)
    residuals = logs - level - slope * (years - years[-1])
    scatter = np.sqrt((residuals**2).sum() / (len(logs) - 2))
    return float(np.exp(level)), float(np.expm1(slope)), float(scatter)


def against_later(baseline: pd.DataFrame, history: pd.DataFrame) -> pd.DataFrame:
    """Compare the baseline's aid (``low``, ``median``, ``high`` by year) with what was reported, million yuan.

    One row a reported year or span inside the baseline's years: ``reported`` and the baseline's columns summed over the
    span (bounds summed, so they are wide).
    """
    amounts, years = baseline.to_numpy(), baseline.index.to_numpy()
    rows = []
    for told in history.to_dict("records"):
        first, last = told["year_from"], told["year_to"]
        exact = told["indicator"] == "government_aid" and told["bound"] == "exact"
        if exact and years.min() <= first and last <= years.max():
            summed = amounts[(first <= years) & (years <= last)].sum(axis=0)
            name = str(first) if first == last else f"{first}-{last}"
            rows.append((name, float(told["value"]), *summed, told["source"]))
    return pd.DataFrame(rows, columns=["years", "reported", *baseline.columns, "source"]).set_index("years")


def single_years(aid: pd.DataFrame, history: pd.DataFrame) -> pd.DataFrame:
    """Return `against_later` for the single years reported, by year; `aid` as `summary.aid_by_year` gives it."""
    baseline = aid[aid["option"] == "baseline"].drop(columns="option").set_index("year")
    later = against_later(baseline, history)
    single = later[later.index.str.len() == len("2007")]
    return single.set_axis(single.index.astype(int))
