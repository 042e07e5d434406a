"""Notebook 01: the periods as the study bounds them, and who is paired with whom."""

from typing import Literal

import pandas as pd

from nbedition.settings import Settings as Base
from nbedition.settings import parameter


class Settings(Base):
    """Parameters of notebook 01."""

    series: str = parameter(
        "",
        "your own regional series: a CSV file with columns year, east, west; empty reads the vintage below",
        "path",
        dataset="regional_series",
    )
    vintage: Literal["NBS-2021", "NBS-2024", "YB-COMPILED", "GCAM-CHINA"] = parameter(
        "NBS-2021", "release of the regional product that the single results rest on; tables show all"
    )
    definition: Literal["ten", "ten_and_liaoning"] = parameter(
        "ten", "the east: ten provinces as the study's footnote names them, or these and Liaoning"
    )
    confidence: float = parameter(0.95, "coverage of intervals", "share", gt=0.5, lt=1)
    draws: int = parameter(999, "simulated series for each test and interval", "series", ge=199, le=9999)


def boundary_years(periods: pd.DataFrame) -> pd.DataFrame:
    """Return the span of years in which each period may start and end, over all ``statements`` (their count).

    ``start_low``, ``start_high``, ``end_low``, ``end_high``: years; missing where no statement gives an end.
    """
    grouped = periods.groupby("period")
    return pd.DataFrame(
        {
            "statements": grouped.size(),
            "start_low": grouped["start_low"].min(),
            "start_high": grouped["start_high"].max(),
            "end_low": grouped["end_low"].min(),
            "end_high": grouped["end_high"].max(),
        }
    )


def implied_writing_years(stated: pd.DataFrame) -> pd.DataFrame:
    """Return the ``year`` in which each stated ``age`` of the partnership would have been true, and its ``place``."""
    ages = stated[stated["item"] == "partnership_age"]
    frame = pd.DataFrame({"place": ages["place"], "age": ages["printed"].astype(int)})
    frame["year"] = ages["year_from"] + frame["age"]
    return frame.sort_values("age", ignore_index=True)


def spells(pairings: pd.DataFrame, last_year: int) -> pd.DataFrame:
    """Return how long each pairing lasted, from the list that brings it to the one that drops it.

    A full list ends every pairing that it does not repeat; an addition ends none. The year of the dropping list is the
    end. Pairings on the latest full list are open and drawn to `last_year`. One row a spell: ``donor``,
    ``donor_level``, ``recipient``, ``recipient_area``, ``start``, ``end``, ``open``, and ``change`` (``first list``,
    ``added``, or ``redirected`` when the donor helped someone else before), in order of first appearance of the donor.
    """
    full_years = sorted(pairings.loc[pairings["list_kind"] == "full", "list_year"].unique())
    found = []
    for (donor, recipient), listed in pairings.groupby(["donor", "recipient"], sort=False):
        first = listed.iloc[0]
        start = int(first["list_year"])
        drops = [year for year in full_years if year > start and year not in set(listed["list_year"])]
        end = min(drops, default=None)
        found.append(
            {
                "donor": donor,
                "donor_level": first["donor_level"],
                "recipient": recipient,
                "recipient_area": first["recipient_area"],
                "start": start,
                "end": int(end) if end is not None else last_year,
                "open": end is None,
                "change": _change(pairings, str(donor), start),
            }
        )
    return pd.DataFrame(found)


def _change(pairings: pd.DataFrame, donor: str, start: int) -> str:
    if start == pairings["list_year"].min():
        return "first list"
    helped_before = (pairings["donor"] == donor) & (pairings["list_year"] < start)
    return "redirected" if helped_before.any() else "added"


def pairing_table(pairings: pd.DataFrame) -> pd.DataFrame:
    """Return who helps whom: one row a donor, one column a list year, empty where the list does not name the donor."""
    named = pairings.assign(
        helped=pairings["recipient"]
        + pairings["recipient_area"].map(lambda area: f" ({area})", na_action="ignore").fillna("")
    )
    wide = named.pivot_table(index="donor", columns="list_year", values="helped", aggfunc=", ".join).fillna("")
    return wide.loc[pairings["donor"].unique()].rename_axis(columns=None)


def changes(pairings: pd.DataFrame, before: int, after: int) -> pd.DataFrame:
    """Compare the pairings in force before a full list with those on it; ``change`` is kept, new or ended.

    Lists up to the year `before` are taken as in force together.
    """
    pair = ["donor", "recipient"]
    old = pairings.loc[pairings["list_year"] <= before, pair].drop_duplicates()
    new = pairings.loc[pairings["list_year"] == after, pair]
    merged = old.merge(new, on=pair, how="outer", indicator="change", sort=True)
    words = {"both": "kept", "right_only": "new", "left_only": "ended"}
    return merged.assign(change=merged["change"].astype(str).map(words))


def western_share(poverty: pd.DataFrame, line: str) -> pd.Series:
    """Return the west's share of the rural poor under one poverty line, per cent, in years that count both.

    Lines are never joined.
    """
    counts = poverty[poverty["line"] == line].pivot(index="year", columns="region", values="poor")
    return (counts["west"] / counts["nation"] * 100).dropna()
