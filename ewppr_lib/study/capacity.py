"""Notebook 03: who was exchanged and trained, in which direction, and in which profession."""

from typing import Literal

import pandas as pd

from nbedition.settings import Settings as Base
from nbedition.settings import parameter

Recent = Literal["2009", "2010", "mean"]
Model = Literal["poisson", "quasi-poisson", "negative-binomial"]
EARLIER_YEARS = 6  # 2003-2008: the years of the printed total that the table does not list
WINDOWS = ("2003-2008", "2009", "2010", "2003-2010")
ATTENDEES = ("teachers_trained", "doctors_trained", "agrotechnicians_trained")
PROFESSIONS = ("cadres", "professionals")
TRAINING = {"cadres": "cadres_trained", "professionals": "professionals_training"}


class Settings(Base):
    """Parameters of notebook 03."""

    recent: Recent = parameter(
        "mean", "which recent figure is set against the implied yearly mean of 2003-2008: a year, or the mean of both"
    )
    training_unit: Literal["person-times", "courses"] = parameter(
        "person-times", "how the printed unit Terms of the professionals' training row is read"
    )
    model: Model = parameter(
        "negative-binomial",
        "how counts scatter about their rates: poisson, or with a scatter estimated from all rows together that grows "
        "with the count (quasi-poisson) or with its square (negative-binomial)",
    )
    confidence: float = parameter(0.95, "coverage of intervals", "share", gt=0.5, lt=1)


def windows(exchanges: pd.DataFrame) -> pd.DataFrame:
    """Return the counts of each item by window, the six years that the table does not list as what the totals leave.

    From the data set ``exchanges``: one row an item; columns ``2009``, ``2010``, ``total`` (2003-2010).
    """
    earlier = exchanges["total"] - exchanges["2009"] - exchanges["2010"]
    columns = (earlier, exchanges["2009"], exchanges["2010"], exchanges["total"])
    return pd.DataFrame(dict(zip(WINDOWS, columns, strict=True)))


def implied_earlier_mean(exchanges: pd.DataFrame) -> pd.Series:
    """Return the mean of 2003-2008 that the printed totals imply, a year, in the row's unit."""
    return windows(exchanges)["2003-2008"] / EARLIER_YEARS


def directions(exchanges: pd.DataFrame) -> pd.DataFrame:
    """Compare exchanges east to west with those west to east, one row a profession and window.

    Columns ``profession``, ``period``, ``east_to_west``, ``west_to_east`` (person-times), ``ratio`` (first over
    second).
    """
    counts = windows(exchanges)
    rows = []
    for profession in PROFESSIONS:
        for period in WINDOWS:
            east, west = counts.loc[[f"{profession}_east_west", f"{profession}_west_east"], period]
            rows.append((profession, period, east, west, east / west))
    return pd.DataFrame(rows, columns=["profession", "period", "east_to_west", "west_to_east", "ratio"])


def attendee_balance(exchanges: pd.DataFrame) -> pd.DataFrame:
    """Compare the professionals' training row with the attendees listed under it, one row a window.

    Columns ``training`` (as printed), ``listed`` (teachers, doctors and agricultural technicians), ``unlisted`` (the
    difference) and ``listed_share`` (per cent).
    """
    counts = windows(exchanges)
    training = counts.loc["professionals_training"].astype(float)
    listed = counts.loc[list(ATTENDEES)].sum()
    frame = pd.DataFrame({"training": training, "listed": listed, "unlisted": training - listed})
    return frame.assign(listed_share=frame["listed"] / frame["training"] * 100)


def attendee_composition(exchanges: pd.DataFrame) -> pd.DataFrame:
    """Return the share of each profession among the listed attendees, per cent, by window."""
    listed = windows(exchanges).loc[list(ATTENDEES)]
    return listed / listed.sum() * 100


def attendees_per_course(exchanges: pd.DataFrame, training_unit: str) -> pd.DataFrame:
    """Return listed attendees per course, one row a group and one column a window; under one it cannot be true.

    The professionals' row is read so for the training unit ``"courses"``; for ``"person-times"`` it is left out.
    """
    counts = windows(exchanges)
    rows = {"managers": counts.loc["managers_trained"] / counts.loc["management_courses"]}
    if training_unit == "courses":
        rows["professionals"] = counts.loc[list(ATTENDEES)].sum() / counts.loc["professionals_training"]
    return pd.DataFrame(rows).T.astype(float)


def training_per_exchange(exchanges: pd.DataFrame) -> pd.DataFrame:
    """Return trained person-times for each person-time exchanged, both ways, by profession and window.

    The training of professionals is taken as printed, its unit read as person-times.
    """
    counts = windows(exchanges)
    return pd.DataFrame(
        {
            name: counts.loc[TRAINING[name]] / (counts.loc[f"{name}_east_west"] + counts.loc[f"{name}_west_east"])
            for name in PROFESSIONS
        }
    ).T
