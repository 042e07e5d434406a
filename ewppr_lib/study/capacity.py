"""Notebook 03: who was exchanged and trained, in which direction, and how the last years compare."""

from typing import Literal

import pandas as pd

from ewppr_lib.study.settings import Settings as Base
from ewppr_lib.study.settings import parameter

EARLIER_YEARS = 6  # 2003-2008: the years of the printed total that the table does not list
ATTENDEES = ("teachers_trained", "doctors_trained", "agrotechnicians_trained")


class Settings(Base):
    """Parameters of notebook 03."""

    recent: Literal["2009", "2010", "mean"] = parameter(
        "mean", "which recent figure is set against the implied yearly mean of 2003-2008: a year, or the mean of both"
    )
    training_unit: Literal["person-times", "courses"] = parameter(
        "person-times", "how the printed unit Terms of the professionals' training row is read"
    )


def implied_earlier_mean(exchanges: pd.DataFrame) -> pd.Series:
    """Return the mean of 2003-2008 that the printed totals imply, a year, in the row's unit.

    Parameters
    ----------
    exchanges
        Data set ``exchanges``: one row an item; columns ``2009``, ``2010``, ``total`` (2003-2010).
    """
    return (exchanges["total"] - exchanges["2009"] - exchanges["2010"]) / EARLIER_YEARS


def recent_against_earlier(exchanges: pd.DataFrame, recent: str) -> pd.DataFrame:
    """Set the recent figure of each row beside the implied mean of 2003-2008.

    Parameters
    ----------
    exchanges
        Data set ``exchanges``.
    recent
        ``"2009"``, ``"2010"`` or ``"mean"`` of both.

    Returns
    -------
    pandas.DataFrame
        One row an item: ``label``, ``earlier`` and ``recent`` (a year, in the row's unit) and
        ``ratio`` (recent over earlier).
    """
    chosen = exchanges[["2009", "2010"]].mean(axis=1) if recent == "mean" else exchanges[recent]
    earlier = implied_earlier_mean(exchanges)
    return pd.DataFrame({"label": exchanges["label"], "earlier": earlier, "recent": chosen, "ratio": chosen / earlier})


def directions(exchanges: pd.DataFrame) -> pd.DataFrame:
    """Compare exchanges east to west with those west to east.

    Returns
    -------
    pandas.DataFrame
        One row a profession and column of the table: ``profession``, ``period``,
        ``east_to_west``, ``west_to_east`` (person-times) and ``ratio`` (the first over the second).
    """
    rows = []
    for profession in ("cadres", "professionals"):
        for column, period in (("total", "2003-2010"), ("2009", "2009"), ("2010", "2010")):
            east, west = exchanges.loc[[f"{profession}_east_west", f"{profession}_west_east"], column]
            rows.append((profession, period, east, west, east / west))
    return pd.DataFrame(rows, columns=["profession", "period", "east_to_west", "west_to_east", "ratio"])


def attendee_balance(exchanges: pd.DataFrame) -> pd.DataFrame:
    """Compare the professionals' training row with the attendees listed under it.

    Returns
    -------
    pandas.DataFrame
        One row a column of the table: ``training`` (as printed), ``listed`` (teachers, doctors and
        agricultural technicians), ``unlisted`` (the difference) and ``listed_share`` (per cent).
    """
    columns = {"2009": "2009", "2010": "2010", "total": "2003-2010"}
    training = exchanges.loc["professionals_training", list(columns)].astype(float)
    listed = exchanges.loc[list(ATTENDEES), list(columns)].sum()
    frame = pd.DataFrame({"training": training, "listed": listed, "unlisted": training - listed})
    return frame.assign(listed_share=frame["listed"] / frame["training"] * 100).rename(index=columns)


def attendee_composition(exchanges: pd.DataFrame) -> pd.DataFrame:
    """Return the share of each profession among the listed attendees, per cent, by column."""
    listed = exchanges.loc[list(ATTENDEES), ["2009", "2010", "total"]]
    return (listed / listed.sum() * 100).rename(columns={"total": "2003-2010"})


def attendees_per_course(exchanges: pd.DataFrame, training_unit: str) -> pd.DataFrame:
    """Return listed attendees per course, where the rows can be read so.

    Parameters
    ----------
    exchanges
        Data set ``exchanges``.
    training_unit
        ``"courses"`` reads the professionals' row as courses; ``"person-times"`` leaves it out.

    Returns
    -------
    pandas.DataFrame
        One row a group (``managers`` and, read so, ``professionals``), one column a printed
        column; persons per course. A value under one cannot be true.
    """
    columns = ["2009", "2010", "total"]
    rows = {"managers": exchanges.loc["managers_trained", columns] / exchanges.loc["management_courses", columns]}
    if training_unit == "courses":
        listed = exchanges.loc[list(ATTENDEES), columns].sum()
        rows["professionals"] = listed / exchanges.loc["professionals_training", columns]
    return pd.DataFrame(rows).T.astype(float).rename(columns={"total": "2003-2010"})
