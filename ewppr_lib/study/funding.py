"""Notebook 02: what the partnerships were funded with; parts, wholes and the two series of aid."""

from collections.abc import Callable
from typing import Any, Literal

import pandas as pd

from crossfoot.errors import RequestError
from nbedition.settings import Settings as Base
from nbedition.settings import parameter

Denominator = Literal["printed_total", "agreed", "realised"]
AidSeries = Literal["printed", "levels"]
DENOMINATORS: tuple[Denominator, ...] = ("printed_total", "agreed", "realised")
AID_SERIES: tuple[AidSeries, ...] = ("printed", "levels")
LEVELS = ["aid_provincial", "aid_prefectural", "aid_county"]
FEWEST_YEARS = 3
PARTS = {  # short name, and the study's claim on its share
    "government_aid": ("aid", None),
    "enterprise_investment": ("enterprise", "C117"),
    "social_donations": ("donation", "C120"),
}

IN_WORDS = {  # series of the table that no chart names
    "enterprise_agreed": "enterprise investment, agreed",
    "enterprise_realised": "enterprise investment, realised",
    "social_donations": "donations",
    "taxes_paid": "taxes of the enterprises",
}


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
    aid_series: AidSeries = parameter(
        "printed",
        "government aid as printed, or as the sum of its three levels; where a result rests on aid, its range "
        "spans both",
    )
    prices: Literal["current", "constant"] = parameter(
        "current", "price basis of growth and steadiness: current, or constant (consumer prices, those of 2010)"
    )
    measure: Literal["total", "per_head"] = parameter(
        "total", "amounts in total, or per head of the recipient provinces (residents, 2000-2020)"
    )
    pairs: str = parameter(
        "",
        "your own pair ledger: a CSV file in the columns of data set pairs; empty reads that held",
        "path",
        dataset="pairs",
    )
    first_year: int = parameter(1978, "first year of the table that is used", "year", ge=1978, le=2100)
    last_year: int = parameter(2100, "last year of the table that is used", "year", ge=1978, le=2100)
    confidence: float = parameter(0.95, "coverage of intervals", "share", gt=0.5, lt=1)


def in_years(funding: pd.DataFrame, first: int, last: int) -> pd.DataFrame:
    """Return the rows of a span of years, both ends included."""
    chosen = funding.loc[first:last]
    if len(chosen) < FEWEST_YEARS:
        held = f"{funding.index.min()} to {funding.index.max()}"
        raise RequestError(
            f"{len(chosen)} years of the table lie in {first} to {last}; at least {FEWEST_YEARS} are needed, "
            f"the table holds {held}."
        )
    return chosen


def aid_as(funding: pd.DataFrame, aid_series: AidSeries) -> pd.DataFrame:
    """Return the table with government aid as printed, or as the sum of its three levels.

    A table whose levels are all zero has no second series: its printed aid is kept.
    """
    levels = funding[LEVELS].sum(axis=1)
    if aid_series == "printed" or levels.sum() == 0:
        return funding
    return funding.assign(government_aid=levels)


def under_both(
    funding: pd.DataFrame, aid_series: AidSeries, measure: Callable[..., pd.DataFrame], *more: Any
) -> pd.DataFrame:
    """Return a measure under the chosen series of aid, with its range over both.

    The measure takes the table and what follows, and returns a frame of numbers; one row a cell of it (row and column
    as index): ``value``, ``low``, ``high``.
    """
    found = {name: measure(aid_as(funding, name), *more).T.unstack() for name in AID_SERIES}
    both = pd.DataFrame(found)
    return pd.DataFrame({"value": both[aid_series], "low": both.min(axis=1), "high": both.max(axis=1)})


def parts(funding: pd.DataFrame, denominator: Denominator) -> pd.DataFrame:
    """Return government aid, enterprise investment and donations by year, million yuan, each yuan once.

    ``"realised"`` takes the investment realised, the other denominators the investment agreed.
    """
    investment = "enterprise_realised" if denominator == "realised" else "enterprise_agreed"
    chosen = funding[["government_aid", investment, "social_donations"]]
    return chosen.rename(columns={investment: "enterprise_investment"})


def whole(funding: pd.DataFrame, denominator: Denominator) -> pd.Series:
    """Return what shares are shares of, by year, million yuan: the printed row Total, or the sum of `parts`."""
    if denominator != "printed_total":
        return parts(funding, denominator).sum(axis=1)
    if "total" not in funding:
        raise RequestError("the table has no column 'total', so no share of the printed total can be taken.")
    return funding["total"]


def shares(funding: pd.DataFrame, denominator: Denominator) -> pd.DataFrame:
    """Return each part as a per cent share of the whole, by year; see `parts` and `whole`."""
    return parts(funding, denominator).div(whole(funding, denominator), axis=0) * 100


def pooled_shares(funding: pd.DataFrame) -> pd.DataFrame:
    """Return shares over all years, per cent: a row for each denominator the table allows, a column for each part."""
    possible = [name for name in DENOMINATORS if name != "printed_total" or "total" in funding]
    rows = {name: parts(funding, name).sum() / whole(funding, name).sum() * 100 for name in possible}
    return pd.DataFrame(rows).T.rename_axis("denominator")


def double_counting(funding: pd.DataFrame) -> pd.DataFrame:
    """Set the printed total beside the sum of all rows and beside sums that count each yuan once.

    By year, million yuan: ``printed_total``, ``all_rows`` (parents and parts alike), ``once_agreed``,
    ``once_realised``, and ``counted_twice`` (printed total less ``once_agreed``).
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
    """Compare printed ``government_aid`` with its ``sum_of_levels`` by year, million yuan; ``gap`` is the rest."""
    levels = funding[LEVELS].sum(axis=1)
    return pd.DataFrame(
        {
            "government_aid": funding["government_aid"],
            "sum_of_levels": levels,
            "gap": funding["government_aid"] - levels,
        }
    )


def realisation(funding: pd.DataFrame) -> pd.DataFrame:
    """Return ``agreed`` and ``realised`` enterprise investment by year, million yuan, and what part was realised.

    In per cent: ``realised_share`` of the same year's agreements, and ``share_to_date``, both summed from the first
    year.
    """
    agreed, realised = funding["enterprise_agreed"], funding["enterprise_realised"]
    to_date = realised.cumsum() / agreed.cumsum()
    return pd.DataFrame(
        {
            "agreed": agreed,
            "realised": realised,
            "realised_share": realised / agreed * 100,
            "share_to_date": to_date * 100,
        }
    )
