"""Notebook 02: what the partnerships were funded with, by whom, and how steadily."""

from typing import Literal

import numpy as np
import pandas as pd

from ewppr_lib.study.settings import Settings as Base
from ewppr_lib.study.settings import parameter

Denominator = Literal["printed_total", "agreed", "realised"]
DENOMINATORS: tuple[Denominator, ...] = ("printed_total", "agreed", "realised")


class Settings(Base):
    """Parameters of notebook 02."""

    table: str = parameter(
        "",
        "your own table: a CSV file in the columns of data set funding; empty reads Table 1",
        "path",
        dataset="funding",
    )
    denominator: Denominator = parameter(
        "agreed",
        "what shares are shares of: printed_total (the printed row Total), or aid, donations and enterprise "
        "investment counted once, the investment as agreed or as realised",
    )
    confidence: float = parameter(0.95, "coverage of intervals", "share", gt=0.5, lt=1)


def parts(funding: pd.DataFrame, denominator: Denominator) -> pd.DataFrame:
    """Return government aid, enterprise investment and donations, each yuan once.

    Parameters
    ----------
    funding
        Data set ``funding``, one row a year, million yuan.
    denominator
        ``"realised"`` takes the investment realised, the others the investment agreed.

    Returns
    -------
    pandas.DataFrame
        Columns ``government_aid``, ``enterprise_investment``, ``social_donations``, million yuan.
    """
    investment = "enterprise_realised" if denominator == "realised" else "enterprise_agreed"
    chosen = funding[["government_aid", investment, "social_donations"]]
    return chosen.rename(columns={investment: "enterprise_investment"})


def whole(funding: pd.DataFrame, denominator: Denominator) -> pd.Series:
    """Return what the shares are shares of, by year, in million yuan.

    Parameters
    ----------
    funding
        Data set ``funding``.
    denominator
        ``"printed_total"`` is the printed row Total, otherwise the sum of `parts`.

    Raises
    ------
    KeyError
        If the printed total is asked for and the table has none.
    """
    return funding["total"] if denominator == "printed_total" else parts(funding, denominator).sum(axis=1)


def shares(funding: pd.DataFrame, denominator: Denominator) -> pd.DataFrame:
    """Return each part as a per cent share of the whole, by year; see `parts` and `whole`."""
    return parts(funding, denominator).div(whole(funding, denominator), axis=0) * 100


def pooled_shares(funding: pd.DataFrame) -> pd.DataFrame:
    """Return the shares over all years together, under each denominator that the table allows.

    Returns
    -------
    pandas.DataFrame
        One row a denominator, one column a part, in per cent.
    """
    possible = [name for name in DENOMINATORS if name != "printed_total" or "total" in funding]
    rows = {name: parts(funding, name).sum() / whole(funding, name).sum() * 100 for name in possible}
    return pd.DataFrame(rows).T.rename_axis("denominator")


def double_counting(funding: pd.DataFrame) -> pd.DataFrame:
    """Set the printed total beside the sum of all rows and beside sums that count each yuan once.

    Returns
    -------
    pandas.DataFrame
        By year, million yuan: ``printed_total``, ``all_rows`` (parents and their parts added
        alike), ``once_agreed``, ``once_realised``, and ``counted_twice`` (printed total less
        ``once_agreed``).
    """
    frame = pd.DataFrame(
        {
            "printed_total": funding["total"],
            "all_rows": funding.drop(columns="total").sum(axis=1),
            "once_agreed": whole(funding, "agreed"),
            "once_realised": whole(funding, "realised"),
        }
    )
    return frame.assign(counted_twice=frame["printed_total"] - frame["once_agreed"])


def level_gaps(funding: pd.DataFrame) -> pd.DataFrame:
    """Compare printed government aid with the sum of its three levels, by year, million yuan.

    Returns
    -------
    pandas.DataFrame
        Columns ``government_aid``, ``sum_of_levels`` and ``gap`` (printed less sum).
    """
    levels = funding[["aid_provincial", "aid_prefectural", "aid_county"]].sum(axis=1)
    return pd.DataFrame(
        {
            "government_aid": funding["government_aid"],
            "sum_of_levels": levels,
            "gap": funding["government_aid"] - levels,
        }
    )


def yearly_growth(amounts: pd.DataFrame) -> pd.DataFrame:
    """Return the change on the year before in per cent; years that do not follow on are missing."""
    growth = amounts.pct_change(fill_method=None) * 100
    consecutive = pd.Series(amounts.index, index=amounts.index).diff() == 1
    return growth.where(consecutive, axis=0).iloc[1:]


def trend_growth(amounts: pd.Series, confidence: float) -> dict[str, float]:
    """Estimate constant yearly growth by regressing the logarithm on the year (least squares).

    Parameters
    ----------
    amounts
        Positive amounts indexed by year.
    confidence
        Coverage of the interval, from Student's t with n - 2 degrees of freedom; it assumes
        independent errors, which a handful of yearly points cannot show.

    Returns
    -------
    dict
        ``value``, ``low``, ``high``: growth in per cent a year.

    Raises
    ------
    ValueError
        If an amount is not positive.
    """
    import statsmodels.api as sm

    if (amounts <= 0).any():
        raise ValueError("trend growth needs positive amounts.")
    years = np.asarray(amounts.index, dtype=float)
    fit = sm.OLS(np.log(amounts.to_numpy()), sm.add_constant(years - years.mean())).fit()
    low, high = fit.conf_int(alpha=1 - confidence)[1]
    slope = fit.params[1]
    return {name: float(np.expm1(rate) * 100) for name, rate in (("value", slope), ("low", low), ("high", high))}


def stability(amounts: pd.DataFrame) -> pd.DataFrame:
    """Return the coefficient of variation of each series, and its range when a year is left out.

    Parameters
    ----------
    amounts
        One column a series, one row a year.

    Returns
    -------
    pandas.DataFrame
        One row a series: ``cv`` (sample standard deviation over mean, per cent), ``cv_low`` and
        ``cv_high`` (smallest and largest when one year is left out).
    """
    rows = {}
    for name, series in amounts.items():
        left_out = [_variation(series.drop(year)) for year in series.index]
        rows[name] = {"cv": _variation(series), "cv_low": min(left_out), "cv_high": max(left_out)}
    return pd.DataFrame(rows).T


def _variation(series: pd.Series) -> float:
    return float(series.std(ddof=1) / series.mean() * 100)


def realisation(funding: pd.DataFrame) -> pd.DataFrame:
    """Return agreed and realised enterprise investment and the realised share, by year.

    Returns
    -------
    pandas.DataFrame
        ``agreed`` and ``realised`` in million yuan, ``realised_share`` in per cent.
    """
    agreed, realised = funding["enterprise_agreed"], funding["enterprise_realised"]
    return pd.DataFrame({"agreed": agreed, "realised": realised, "realised_share": realised / agreed * 100})
