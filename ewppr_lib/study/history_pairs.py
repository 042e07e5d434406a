"""Notebook 01: the pairings through time, how concentrated help is, and how large the pairs are."""

import pandas as pd

VINTAGE = "NBS-2021"  # of product by province: the only one held with a series
PARTIAL = "partial"  # a list of which only a part is held: absence from it says nothing
LATER_LISTS = {2013: "addition", 2016: PARTIAL}
COLUMNS = ["list_year", "list_kind", "donor", "donor_level", "recipient", "recipient_area"]


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


def without_partner(lists: pd.DataFrame, regions: pd.DataFrame) -> pd.DataFrame:
    """Return in which lists held whole a western province has no donor and an eastern one helps nobody.

    `regions` is the data set ``lists``. ``province``, ``side`` (``west`` or ``east``), ``lists`` (years without a
    partner) and ``never`` (in no list).
    """
    years = sorted(lists.loc[lists["list_kind"] != PARTIAL, "list_year"].unique())
    rows = []
    for side, column, name in (("west", "recipient", "western_region"), ("east", "donor", "eastern_region")):
        for province in regions.loc[regions["list"] == name, "item"]:
            without = [int(year) for year in years if province not in set(in_force(lists, int(year))[column])]
            if without:
                rows.append((province, side, ", ".join(map(str, without)), len(without) == len(years)))
    return pd.DataFrame(rows, columns=["province", "side", "lists", "never"])


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
