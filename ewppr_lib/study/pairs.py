"""Notebook 02: who gave whom how much; aid by pair beside the budgets it comes from and the people it reaches.

Amounts of different scope never add up, windows are never split, and what is not held is missing. Constant prices are
those of `PRICE_YEAR`, by national consumer prices; a window's aid is divided by the mean price level of its years.
"""

from collections.abc import Hashable
from typing import Any

import numpy as np
import pandas as pd

from crossfoot.errors import RequestError

PRICE_YEAR = 2010
MILLION = 100  # million yuan in 100 million yuan
TEN_THOUSAND = 10_000
UNITS = {
    ("current", "total"): "million yuan, current prices",
    ("constant", "total"): "million yuan, prices of 2010",
    ("current", "per_head"): "yuan per head, current prices",
    ("constant", "per_head"): "yuan per head, prices of 2010",
}
COLUMNS = ["donor", "recipient", "year_from", "counts", "aid", "real_a_year"]
COLUMNS += ["per_expenditure", "per_revenue", "per_product", "per_head"]  # those that notebook 02 shows
BUDGETS = ("expenditure", "revenue", "product")
NINE = ("Beijing", "Tianjin", "Liaoning", "Shanghai", "Jiangsu", "Zhejiang", "Fujian", "Shandong", "Guangdong")


def price_level(deflators: pd.DataFrame, index: str = "cpi", base: int = PRICE_YEAR) -> pd.Series:
    """Return the price level by year, 1 in the base year, chained from the preferred yearly changes.

    Examples
    --------
    >>> from ewppr_lib import load
    >>> round(float(price_level(load("deflators"))[2007]), 4)
    0.9206
    """
    used = deflators[(deflators["index"] == index) & (deflators["preferred"] == 1)].set_index("year")["value"]
    chained = (used.sort_index() / 100).cumprod()
    level: pd.Series = (chained / chained.loc[base]).rename("price_level")
    return level


def budgets(finance: pd.DataFrame, product: pd.DataFrame, people: pd.DataFrame) -> pd.DataFrame:
    """Return ``expenditure``, ``revenue``, ``product`` (million yuan, current) and ``heads`` by province and year.

    Product is of vintage NBS-2021; heads are the year-end residents after the census of 2020.
    """
    money = finance.pivot(index=["province", "year"], columns="item", values="value") * MILLION
    grp = product[product["vintage"] == "NBS-2021"].set_index(["province", "year"])["grp"] * MILLION
    heads = people[people["item"] == "population"].set_index(["province", "year"])["value"] * TEN_THOUSAND
    return money.join(grp.rename("product"), how="outer").join(heads.rename("heads"), how="outer")


def at_basis(amounts: pd.DataFrame, prices: str, measure: str, level: pd.Series, heads: pd.Series) -> pd.DataFrame:
    """Return yearly amounts (million yuan, current) at a price basis, in total or per head, in the unit of `UNITS`.

    `level` and `heads` by year, as `price_level` and `recipient_heads` give. Raises RequestError for years they lack.
    """
    found = amounts.astype(float)
    for wanted, chosen, divisor in ((prices, "constant", level), (measure, "per_head", heads / 1e6)):
        if wanted == chosen:
            if absent := [year for year in found.index if year not in divisor.index]:
                held = f"{divisor.index.min()} to {divisor.index.max()}"
                raise RequestError(f"{chosen.replace('_', ' ')}: nothing is held for {absent[0]}, only for {held}.")
            found = found.div(divisor.reindex(found.index), axis=0)
    return found


def recipient_heads(held: pd.DataFrame, pairings: pd.DataFrame) -> pd.Series:
    """Return the residents of the provinces on the study's lists of recipients up to 2002, by year."""
    recipients = pairings.loc[pairings["list_year"] <= 2002, "recipient"].unique()
    by_year = held["heads"].dropna().unstack("province")
    return by_year[list(recipients)].dropna().sum(axis=1)


def last_change(funding: pd.DataFrame, level: pd.Series) -> pd.DataFrame:
    """Return the change of aid in the table's last year, per cent: rows ``printed`` and ``levels``, by price basis.

    ``attrs``: ``year``, and ``levels_fall``, the years in which the sum of the levels falls at constant prices.
    """
    levels = funding[["aid_provincial", "aid_prefectural", "aid_county"]].sum(axis=1)
    current = pd.DataFrame({"printed": funding["government_aid"], "levels": levels})
    changes = {
        "current": current.pct_change() * 100,
        "constant": current.div(level.reindex(current.index), axis=0).pct_change() * 100,
    }
    found = pd.DataFrame({name: change.iloc[-1] for name, change in changes.items()})
    falls = changes["constant"].index[changes["constant"]["levels"] < 0]
    found.attrs = {"year": int(funding.index[-1]), "levels_fall": spans([int(year) for year in falls]) or "no year"}
    return found


def with_effort(pairs: pd.DataFrame, held: pd.DataFrame, level: pd.Series) -> pd.DataFrame:
    """Return the pair ledger with what its aid means; missing wherever a year or a budget is not held.

    Adds ``a_year`` (million yuan a year, current), ``real_a_year`` (prices of `PRICE_YEAR`), ``per_expenditure``,
    ``per_revenue``, ``per_product`` (yuan per 10,000 yuan of the donor's, all years of the window) and ``per_head``
    (yuan a year per resident of the recipient province). Cities have no budget of their own here.
    """
    by_year = {column: held[column].to_dict() for column in (*BUDGETS, "heads")}
    levels, rows = level.to_dict(), []
    for pair in pairs.to_dict("records"):
        span = range(int(pair["year_from"]), int(pair["year_to"]) + 1)
        givers = str(pair["donor"]).split(" + ")
        of = {budget: _sum(by_year[budget], givers, span) for budget in BUDGETS}
        found = {f"per_{budget}": pair["aid"] / whole * TEN_THOUSAND for budget, whole in of.items()}
        heads = _sum(by_year["heads"], [str(pair["recipient"])], span)
        found["per_head"] = pair["aid"] * 1e6 / heads
        found["a_year"] = pair["aid"] / len(span)
        found["real_a_year"] = found["a_year"] / float(np.mean([levels.get(year, np.nan) for year in span]))
        rows.append(found)
    return pd.concat([pairs, pd.DataFrame(rows, index=pairs.index)], axis=1)


def _sum(held: dict[Hashable, float], provinces: list[str], span: range) -> float:
    """Return the sum of a budget over provinces and years; missing if one of them is not held."""
    wanted = [held.get((province, year), np.nan) for province in provinces for year in span]
    return float(np.sum(wanted)) if wanted else np.nan


def of_pair(pairs: pd.DataFrame, donor: str, recipient: str) -> pd.DataFrame:
    """Return the rows of one pair, by window; joint rows in which the donor takes part stand among them."""
    gives = pairs["donor"].map(lambda names: donor in str(names).split(" + "))
    return pairs[gives & (pairs["recipient"] == recipient)].sort_values(["year_from", "year_to"], ignore_index=True)


def missing_years(rows: pd.DataFrame, attested: pd.DataFrame) -> list[int]:
    """Return the years for which a pair is attested and no amount of a single year and of it alone is held.

    `attested` has ``start`` and ``end`` a row, as `study.history.spells` gives.
    """
    named = {year for start, end in zip(attested["start"], attested["end"], strict=True)
             for year in range(int(start), int(end) + 1)}  # fmt: skip
    own = ~rows["donor"].str.contains(" + ", regex=False)
    single = rows[own & (rows["year_from"] == rows["year_to"]) & rows["aid"].notna()]
    return sorted(named - set(single["year_from"].astype(int)))


def spans(years: list[int]) -> str:
    """Return years as spans.

    Examples
    --------
    >>> spans([1996, 1997, 1998, 2010, 2012, 2013])
    '1996-1998, 2010, 2012-2013'
    """
    starts = [year for year in years if year - 1 not in years]
    ends = [year for year in years if year + 1 not in years]
    return ", ".join(str(start) if start == end else f"{start}-{end}" for start, end in zip(starts, ends, strict=True))


def effort_over_time(
    funding: pd.DataFrame, history: pd.DataFrame, held: pd.DataFrame, budget: str = "expenditure"
) -> pd.DataFrame:
    """Return the aid of all donors per 10,000 yuan of the nine provincial donors' `budget`, by year, with its range.

    ``value``, ``low``, ``high`` (yuan), ``aid`` (million yuan, current). The range spans the printed aid and the sum of
    its levels, the rounding of the source, and from 2016 the donors with and without Liaoning, of whose aid only
    Dalian's is then on the list held. Their budgets hold those of the cities under them.
    """
    levels = funding[["aid_provincial", "aid_prefectural", "aid_county"]].sum(axis=1)
    series = {year: (funding["government_aid"][year], levels[year], 0.0) for year in funding.index}
    outside = history[(history["indicator"] == "government_aid") & (history["bound"] == "exact")]
    for row in outside[outside["year_from"] == outside["year_to"]].to_dict("records"):
        series[int(row["year_from"])] = (float(row["value"]), float(row["value"]), float(row["half_width"]))
    found, by_year = {}, held[budget].to_dict()
    for year, (aid, other, half) in sorted(series.items()):
        all_nine = _sum(by_year, list(NINE), range(year, year + 1))
        fewest = all_nine if year < 2016 else all_nine - _sum(by_year, ["Liaoning"], range(year, year + 1))
        ends = [(amount + shift) / base for amount in (aid, other) for shift in (-half, half)
                for base in (all_nine, fewest)]  # fmt: skip
        value = aid / all_nine
        found[year] = {name: one * TEN_THOUSAND for name, one in
                       (("value", value), ("low", min(ends)), ("high", max(ends)))} | {"aid": aid}  # fmt: skip
    return pd.DataFrame.from_dict(found, orient="index").rename_axis("year").dropna()


def rise_and_fall(effort: pd.DataFrame) -> pd.DataFrame:
    """Return the first year of effort, the lowest, and the latest, with how many times the one before each is.

    Rows ``first``, ``lowest``, ``latest``: ``year``, ``value``, ``low``, ``high``; ``times`` with ``times_low``,
    ``times_high``: this row over the one before, their ranges taken against each other.
    """
    places = [effort.index[0], effort["value"].idxmin(), effort.index[-1]]
    found = effort.loc[places, ["value", "low", "high"]].reset_index()
    before = found.shift(1)
    times = {
        "times": found["value"] / before["value"],
        "times_low": found["low"] / before["high"],
        "times_high": found["high"] / before["low"],
    }
    return found.assign(**times).set_axis(["first", "lowest", "latest"])


def results(turns: pd.DataFrame, change: pd.DataFrame) -> list[dict[str, Any]]:
    """Return `rise_and_fall` and `last_change` as results to record."""
    found = [
        {"name": f"aid_per_10000_spent_{place}", "unit": "yuan", "claim": "C113", **row[["value", "low", "high"]]}
        for place, row in turns.iterrows()
    ]
    for place, row in turns.iloc[1:].iterrows():
        ends = {"value": row["times"], "low": row["times_low"], "high": row["times_high"]}
        found.append({"name": f"aid_per_10000_spent_{place}_times", "unit": "times", **ends})
    for basis, of in change.items():
        ends = {"value": of["printed"], "low": of.min(), "high": of.max()}
        found.append({"name": f"last_change_of_aid_{basis}", "unit": "%", "claim": "C113", **ends})
    return found
