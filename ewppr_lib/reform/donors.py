"""Donors and their revenue: what a fixed share of it would have given in one year."""

import pandas as pd


def donor_revenue(fiscal_revenue: pd.DataFrame, pairings: pd.DataFrame, year: int) -> pd.DataFrame:
    """Return the revenue of the provincial donors in force in a year.

    City donors are left out: their revenue is part of their province's, and the provinces of
    all of them are donors themselves, so that nothing is counted twice.

    Parameters
    ----------
    fiscal_revenue
        Data set ``fiscal_revenue``, indexed by province, million yuan.
    pairings
        Data set ``pairings``.
    year
        Calendar year; the lists up to it are in force together.

    Returns
    -------
    pandas.DataFrame
        One row a donor: ``recipient``, ``revenue`` (million yuan), largest revenue first.
    """
    in_force = pairings[(pairings["list_year"] <= year) & (pairings["donor_level"] == "province")]
    latest = in_force.drop_duplicates("donor", keep="last").set_index("donor")["recipient"]
    frame = pd.DataFrame({"recipient": latest, "revenue": fiscal_revenue["revenue"].reindex(latest.index)})
    return frame.sort_values("revenue", ascending=False)


def fixed_share_aid(donors: pd.DataFrame, aid_share: float) -> pd.DataFrame:
    """Return the aid that a fixed share of revenue gives, by donor.

    Parameters
    ----------
    donors
        Result of `donor_revenue`.
    aid_share
        Share of revenue, 0 to 1.

    Returns
    -------
    pandas.DataFrame
        The donors with a column ``aid`` (million yuan).
    """
    return donors.assign(aid=donors["revenue"] * aid_share)


def implied_share(actual_aid: float, donors: pd.DataFrame) -> float:
    """Return the share of the donors' revenue that the actual aid amounted to (0 to 1).

    Parameters
    ----------
    actual_aid
        Aid of all donors, million yuan, same year as the revenue.
    donors
        Result of `donor_revenue`.
    """
    return float(actual_aid / donors["revenue"].sum())


def against_actual(donors: pd.DataFrame, actual_aid: float, shares: list[float]) -> pd.DataFrame:
    """Compare the aid under several fixed shares with the actual aid.

    Parameters
    ----------
    donors
        Result of `donor_revenue`.
    actual_aid
        Million yuan.
    shares
        Shares of revenue to compare, 0 to 1.

    Returns
    -------
    pandas.DataFrame
        One row a share: ``aid`` (million yuan) and ``times_actual``.
    """
    revenue = donors["revenue"].sum()
    frame = pd.DataFrame({"aid": [share * revenue for share in shares]}, index=pd.Index(shares, name="share"))
    return frame.assign(times_actual=frame["aid"] / actual_aid)
