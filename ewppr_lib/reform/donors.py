"""Donors and their revenue: what a fixed share of it would have given in one year."""

import pandas as pd


def donor_revenue(fiscal_revenue: pd.DataFrame, pairings: pd.DataFrame, year: int) -> pd.DataFrame:
    """Return the revenue of the provincial donors in force in a year, largest first.

    City donors are left out: their revenue is part of their province's, and the provinces of all of them are donors
    themselves, so that nothing is counted twice.

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
        One row a donor: ``recipient``, ``revenue`` (million yuan).
    """
    in_force = pairings[(pairings["list_year"] <= year) & (pairings["donor_level"] == "province")]
    latest = in_force.drop_duplicates("donor", keep="last").set_index("donor")["recipient"]
    frame = pd.DataFrame({"recipient": latest, "revenue": fiscal_revenue["revenue"].reindex(latest.index)})
    return frame.sort_values("revenue", ascending=False)


def fixed_share_aid(donors: pd.DataFrame, aid_share: float) -> pd.DataFrame:
    """Return the donors with the ``aid`` (million yuan) that a fixed share of their revenue, 0 to 1, gives."""
    return donors.assign(aid=donors["revenue"] * aid_share)


def implied_share(actual_aid: float, donors: pd.DataFrame) -> float:
    """Return the share of the donors' revenue, 0 to 1, that the actual aid (million yuan, same year) amounted to."""
    return float(actual_aid / donors["revenue"].sum())


def against_actual(donors: pd.DataFrame, actual_aid: float, shares: list[float]) -> pd.DataFrame:
    """Compare the aid under several fixed shares (0 to 1) with the actual aid, million yuan.

    One row a share: ``aid`` (million yuan) and ``times_actual``.
    """
    revenue = donors["revenue"].sum()
    frame = pd.DataFrame({"aid": [share * revenue for share in shares]}, index=pd.Index(shares, name="share"))
    return frame.assign(times_actual=frame["aid"] / actual_aid)
