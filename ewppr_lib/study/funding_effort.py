"""Notebook 02: aid beside the purses it leaves and reaches, and what the totals of 1996-2010 can mean."""

import pandas as pd

from ewppr_lib.study.funding import AID_SERIES, aid_as

HUNDRED_MILLION = 100  # million


def donors_in_force(pairings: pd.DataFrame, year: int) -> list[str]:
    """Return the provincial donors of a year; city donors lie in them, so that nothing counts twice."""
    listed = pairings[(pairings["list_year"] <= year) & (pairings["donor_level"] == "province")]
    return sorted(listed["donor"].unique())


def recipients_in_force(pairings: pd.DataFrame, year: int) -> list[str]:
    """Return the provinces that a list in force in a year names as helped, whoever helps them."""
    return sorted(pairings.loc[pairings["list_year"] <= year, "recipient"].unique())


def effort(
    funding: pd.DataFrame, pairings: pd.DataFrame, expenditure: pd.DataFrame, revenue: pd.DataFrame
) -> pd.DataFrame:
    """Set each year's aid beside donor expenditure, donor revenue and recipient revenue.

    The three bases are never joined: expenditure includes what the centre transfers, revenue does not, and they come
    from different sources. `funding` and `revenue` are in million yuan, `expenditure` in 100 million. One row a year
    and base that both tables hold: ``base``, ``year``, ``whole`` (million yuan), ``printed`` and ``levels`` (aid in
    either series as a share of the whole, per 10,000).
    """
    wholes = []
    for year in funding.index:
        donors, recipients = donors_in_force(pairings, year), recipients_in_force(pairings, year)
        spent = expenditure[(expenditure["year"] == year) & expenditure["province"].isin(donors)]
        taken = revenue[revenue["year"] == year]["revenue"]
        wholes += [
            ("donor_expenditure", year, spent["expenditure"].sum() * HUNDRED_MILLION, len(spent) == len(donors)),
            ("donor_revenue", year, taken.reindex(donors).sum(), len(taken) > 0),
            ("recipient_revenue", year, taken.reindex(recipients).sum(), len(taken) > 0),
        ]
    frame = pd.DataFrame(wholes, columns=["base", "year", "whole", "held"])
    frame = frame[frame["held"]].drop(columns="held").reset_index(drop=True)
    aid = {name: aid_as(funding, name)["government_aid"] for name in AID_SERIES}
    for name in AID_SERIES:
        frame[name] = frame["year"].map(aid[name]) / frame["whole"] * 10_000
    return frame


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
