"""Notebook 01: the periods as the study bounds them, who is paired with whom, how large and how concentrated."""

from typing import Literal

import pandas as pd

from nbedition.settings import Settings as Base
from nbedition.settings import parameter

VINTAGE = "NBS-2021"  # of product by province: the only one held with a series
PARTIAL = "partial"  # a list of which only a part is held: absence from it says nothing
LATER_LISTS = {2013: "addition", 2016: PARTIAL}
COLUMNS = ["list_year", "list_kind", "donor", "donor_level", "recipient", "recipient_area"]


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


def all_lists(pairings: pd.DataFrame, outside: pd.DataFrame, cities: pd.DataFrame) -> pd.DataFrame:
    """Return the study's lists followed by the later ones that outside sources give, one row a list and pair.

    Pairs that start in a year of `LATER_LISTS` are taken; a donor that is not among the `cities` is a province.
    ``list_kind`` is ``full``, ``addition``, or ``partial`` for the list of which only a part is held.
    """
    later = outside[outside["from_year"].isin(LATER_LISTS)].rename(columns={"from_year": "list_year"})
    level = later["donor"].isin(cities.index).map({True: "city", False: "province"})
    later = later.assign(list_kind=later["list_year"].map(LATER_LISTS), donor_level=level)
    return pd.concat([pairings[COLUMNS], later[COLUMNS]], ignore_index=True)


def in_force(lists: pd.DataFrame, year: int) -> pd.DataFrame:
    """Return the pairs in force after the list of a year: the last full list and the additions since.

    Of a partial list only its own rows are returned.
    """
    here = lists[lists["list_year"] == year]
    if (here["list_kind"] == PARTIAL).all():
        return here
    full = lists.loc[(lists["list_kind"] == "full") & (lists["list_year"] <= year), "list_year"].max()
    return lists[lists["list_year"].between(full, year)].drop_duplicates(["donor", "recipient"])


def tiles(lists: pd.DataFrame, grid: pd.DataFrame, cities: pd.DataFrame) -> pd.DataFrame:
    """Return what each province of the grid is in each list; a city counts for the province in which it lies.

    ``list_year``, ``province``, ``code``, ``row``, ``column``, ``role`` (``donor``, ``recipient``, ``none``, or ``not
    held``: it took part before a partial list and does not stand in the part held) and ``donors`` (number that help
    it).
    """
    frames = []
    before: set[str] = set()
    for year in sorted(lists["list_year"].unique()):
        pairs = in_force(lists, int(year))
        partial = (lists.loc[lists["list_year"] == year, "list_kind"] == PARTIAL).all()
        givers = set(pairs["donor"].map(cities["province"]).fillna(pairs["donor"]))
        helped = pairs.groupby("recipient")["donor"].nunique()
        missing = before - givers - set(helped.index) if partial else set()
        frame = grid[["code", "row", "column"]].reset_index()
        frame.insert(0, "list_year", int(year))
        frame["role"] = [_role(name, givers, set(helped.index), missing) for name in frame["province"]]
        frame["donors"] = frame["province"].map(helped).fillna(0).astype(int)
        before = givers | set(helped.index)
        frames.append(frame)
    return pd.concat(frames, ignore_index=True)


def _role(province: str, givers: set[str], helped: set[str], missing: set[str]) -> str:
    roles = {"donor": givers, "recipient": helped, "not held": missing}
    return next((role for role, provinces in roles.items() if province in provinces), "none")


def concentration(lists: pd.DataFrame) -> pd.DataFrame:
    """Return how unevenly donors, a province as much as a city, are spread over recipients after each whole list.

    ``pairs``, ``recipients``, ``donors_each`` (mean), ``most`` (donors of the recipient that has most), ``recipient``
    (its name), ``herfindahl`` (sum of squared shares) and ``least_possible`` (were the pairs spread as evenly as they
    can be).
    """
    rows = {}
    for year in sorted(lists.loc[lists["list_kind"] != PARTIAL, "list_year"].unique()):
        counts = in_force(lists, int(year))["recipient"].value_counts()
        pairs, recipients = int(counts.sum()), len(counts)
        each, over = divmod(pairs, recipients)
        even = [each + 1] * over + [each] * (recipients - over)
        rows[int(year)] = {
            "pairs": pairs,
            "recipients": recipients,
            "donors_each": pairs / recipients,
            "most": int(counts.iloc[0]),
            "recipient": counts.index[0],
            "herfindahl": ((counts / pairs) ** 2).sum(),
            "least_possible": sum((share / pairs) ** 2 for share in even),
        }
    return pd.DataFrame.from_dict(rows, orient="index").rename_axis("list_year")


def product_by_pair(lists: pd.DataFrame, product: pd.DataFrame, year: int) -> pd.DataFrame:
    """Return the donor's product against the recipient's in a list year, for pairs of provinces, smallest first.

    ``donor``, ``recipient``, ``donor_grp``, ``recipient_grp`` (100 million yuan, nominal, vintage `VINTAGE`) and
    ``times``. Cities are left out: their product is not held apart.
    """
    of_year = product[(product["vintage"] == VINTAGE) & (product["year"] == year)].set_index("province")["grp"]
    pairs = in_force(lists, year)
    pairs = pairs[pairs["donor"].isin(of_year.index)]
    frame = pd.DataFrame(
        {
            "donor": pairs["donor"],
            "recipient": pairs["recipient"],
            "donor_grp": pairs["donor"].map(of_year),
            "recipient_grp": pairs["recipient"].map(of_year),
        }
    )
    return frame.assign(times=frame["donor_grp"] / frame["recipient_grp"]).sort_values("times", ignore_index=True)


def held_of_partial(lists: pd.DataFrame, cities: pd.DataFrame, history: pd.DataFrame) -> pd.DataFrame:
    """Return how many provinces and cities of the partial list are ``held``, of those it is said to have ``named``."""
    givers = lists.loc[lists["list_kind"] == PARTIAL, "donor"].drop_duplicates()
    held = {"donor_provinces": (~givers.isin(cities.index)).sum(), "donor_cities": givers.isin(cities.index).sum()}
    counted = history.set_index("indicator")["value"]
    return pd.DataFrame({"named": {name: int(counted[name]) for name in held}, "held": held})
