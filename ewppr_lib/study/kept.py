"""What notebooks 01, 02 and 03 record for machines: results as `Run.record` takes them, by name."""

from collections.abc import Iterator
from typing import Any

import pandas as pd

from ewppr_lib.study import capacity, funding, funding_growth, funding_outside, history, history_gap

Results = Iterator[dict[str, Any]]
MONEY = "million yuan, current prices"


def _one(name: str, value: float, unit: str, low: Any = None, high: Any = None, claim: Any = None) -> dict[str, Any]:
    return {"name": name, "value": value, "unit": unit, "low": low, "high": high, "claim": claim}


def _spread(name: str, values: pd.Series, unit: str) -> dict[str, Any]:
    """Return a value of all years together with the least and largest of its windows."""
    return _one(name, values["2003-2010"], unit, values.min(), values.max())


def periods(bounds: pd.DataFrame, stated: pd.DataFrame) -> Results:
    """Yield when each period may start (`history.boundary_years`), and the year of writing that stated ages imply."""
    for period, row in bounds.iterrows():
        yield _one(f"period_{period}_start", row["start_low"], "year", row["start_low"], row["start_high"])
    years = history.implied_writing_years(stated)["year"]
    yield _one("implied_writing_year", years.median(), "year", years.min(), years.max())


def landmarks(found: pd.DataFrame) -> Results:
    """Yield the first, highest and last ratio (`history_gap.landmarks`)."""
    for place, row in found.iterrows():
        yield _one(f"ratio_{place}", row["ratio"], "ratio", row["low"], row["high"])


def nearest(found: pd.DataFrame) -> Results:
    """Yield what comes nearest to each printed ratio (`history_gap.nearest`)."""
    for row in found.to_dict("records"):
        name = f"nearest_to_{row['claim'].lower()}"
        yield _one(name, row["ratio"], "ratio", row["low"], row["high"], row["claim"])


def paces(readings: pd.DataFrame) -> Results:
    """Yield compound growth beside the printed paces, and how many of the readings tried give them."""
    for row in history_gap.compound_growth(readings).to_dict("records"):
        claim = row["claim"]
        yield _one(f"compound_{claim.lower()}", row["value"], "% a year", row["low"], row["high"], claim)
        yield _one(f"readings_that_give_{claim.lower()}", row["fitting"], f"of {row['tried']} readings")


def stories(found: pd.DataFrame) -> Results:
    """Yield residual and slopes of each trend (`history_gap.stories`)."""
    for name, value in history_gap.residuals(found).items():
        yield _one(f"residual_{name}", value, "% of the ratio")
    for piece in found.to_dict("records"):
        yield _one(f"slope_{piece['name']}", piece["slope"], "% a year", piece["low"], piece["high"])


def pairings(listed: pd.DataFrame, lists: pd.DataFrame, product: pd.DataFrame) -> Results:
    """Yield what the list of 2010 changes, how concentrated help is, and how large the pairs are."""
    for change, count in history.changes(listed, before=2002, after=2010)["change"].value_counts().items():
        yield _one(f"pairings_{change}_2010", count, "pairings", claim="C071" if change == "new" else None)
    for year, row in history.concentration(lists).iterrows():
        yield _one(f"herfindahl_{year}", row["herfindahl"], "index")
    times = history.product_by_pair(lists, product, 2010)["times"]
    yield _one("donor_over_recipient", times.median(), "times", times.min(), times.max())


def shares(table: pd.DataFrame, aid_series: funding.AidSeries, denominator: funding.Denominator) -> Results:
    """Yield what the printed total counts twice, each part's share, what was realised, and where levels do not add up.

    Shares are those of all years under each reading, and those of each year under the one chosen (`denominator`).
    """
    if "total" in table:
        sums = funding.double_counting(table).sum()
        twice = sums["counted_twice"] / sums["printed_total"] * 100
        yield _one("printed_total_counted_twice", twice, "%", claim="C131")
    pooled = funding.under_both(table, aid_series, funding.pooled_shares)
    by_year = funding.under_both(table, aid_series, funding.shares, denominator)
    for found, place in ((pooled, ""), (by_year, "in_")):
        for row in found.rename_axis(["of", "part"]).reset_index().to_dict("records"):
            name, claim = funding.PARTS[row["part"]]
            ends = row["low"], row["high"], None if place else claim
            yield _one(f"{name}_share_{place}{row['of']}", row["value"], "%", *ends)
    realised, gaps = funding.realisation(table), funding.level_gaps(table)["gap"]
    yearly, to_date = realised["realised_share"], realised["share_to_date"].iloc[-1]
    yield _one("realised_share_of_agreed", to_date, "%", yearly.min(), yearly.max())
    yield _one("largest_gap_between_aid_and_levels", gaps.abs().max(), MONEY, claim="C135")


def growth(found: pd.DataFrame, prices: str) -> Results:
    """Yield trend growth, its permutation check and years of decline (`funding_growth.growth_table`)."""
    for name, row in found.iterrows():
        yield _one(f"trend_growth_{name}", row["value"], f"% a year, {prices} prices", row["low"], row["high"])
        yield _one(f"chance_of_as_steep_a_trend_{name}", row["p_value"], "share of all orders", row["smallest"])
        claim = "C113" if name in ("government_aid", "sum_of_levels") else None
        yield _one(f"years_of_decline_{name}", row["declines"], "years", claim=claim)


def steadiness(aid: pd.DataFrame, confidence: float) -> Results:
    """Yield how much each series scatters about its mean and about its trend, and the widest over the narrowest."""
    for about in ("mean", "trend"):
        found = funding_growth.spread(aid, confidence, about)
        for name, row in found.drop(columns="degrees").iterrows():
            ends = row["low"], row["high"]
            yield _one(f"spread_about_{about}_{name}", row["value"], "hundredths of a logarithm", *ends)
        if times := funding_growth.widest_over_narrowest(found, confidence):
            name = f"widest_over_narrowest_level_about_{about}"
            yield _one(name, times["value"], "times", times["low"], times["high"])


def totals(printed: pd.DataFrame, table: pd.DataFrame) -> Results:
    """Yield how far each printed total of Table 1 lies from the sum of its years (data set ``funding_totals``)."""
    for item, gap in (printed["total"] - table.sum()).items():
        yield _one(f"gap_of_printed_total_{item}", gap, MONEY)


def outside(ways: pd.DataFrame, table: pd.DataFrame, stated: pd.DataFrame, held: pd.DataFrame) -> Results:
    """Yield aid a year by window from all sources, and what totals of longer windows leave beside Table 1."""
    yield from funding_outside.results(funding_outside.ranges(ways))
    aid = funding_outside.implied_aid(table, stated, held)["value"]
    yield _one("aid_left_for_2008_2010", aid.iloc[0], MONEY, aid.min(), aid.max(), "C087")
    for reading, row in funding_outside.implied_investment(table, stated, held).iterrows():
        yield _one(f"investment_left_if_{reading}", row["rest"], MONEY, claim="C088")


def directions(exchanges: pd.DataFrame, confidence: float) -> Results:
    """Yield the share and ratio of each direction of exchange, with both intervals (`capacity.direction_intervals`)."""
    scatter = capacity.direction_scatter(exchanges)
    yield _one("scatter_of_direction_over_chance", scatter, "times the variance")
    for name, factor in (("independent", 1), ("scattered", scatter)):
        found = capacity.direction_intervals(exchanges, confidence, factor).query("period == '2003-2010'")
        for row in found.to_dict("records"):
            about = f"{row['profession']}_{name}"
            ends = row["share_low"], row["share_high"]
            yield _one(f"east_to_west_share_{about}", row["share"], "%", *ends, "C073")
            ends = row["ratio_low"], row["ratio_high"]
            yield _one(f"east_to_west_over_west_to_east_{about}", row["ratio"], "ratio", *ends, "C073")


def training(exchanges: pd.DataFrame, training_unit: str) -> Results:
    """Yield unlisted attendees, attendees a course, training a person exchanged, and each profession's share."""
    balance = capacity.attendee_balance(exchanges).loc["2003-2010"].to_dict()
    yield _one("unlisted_attendees", balance["unlisted"], "person-times", claim="C205")
    yield _one("listed_share_of_training", balance["listed_share"], "%", claim="C206")
    managers = capacity.attendees_per_course(exchanges, training_unit).loc["managers"].to_dict()
    yield _one("managers_per_course", managers["2003-2010"], "persons a course", claim="C207")
    for name, row in capacity.training_per_exchange(exchanges).iterrows():
        yield _spread(f"trained_per_exchanged_{name}", row, "person-times")
    for item, row in capacity.attendee_composition(exchanges).iterrows():
        yield _spread(f"share_{item}", row, "%")


def rates(exchanges: pd.DataFrame, recent: capacity.Recent, model: capacity.Model, confidence: float) -> Results:
    """Yield the scatter of counts, each row's recent rate over the earlier one, and how many changes are clear."""
    scatter = capacity.rate_scatter(exchanges)
    yield _one("scatter_quasi_poisson", scatter["factor"], "variance over mean")
    yield _one("scatter_negative_binomial", scatter["alpha"], "alpha")
    yield _one("degrees_of_freedom_of_scatter", scatter["degrees"], "degrees")
    for item, row in capacity.rate_ratios(exchanges, recent, model, confidence).iterrows():
        yield _one(f"recent_over_earlier_{item}", row["ratio"], "ratio", row["low"], row["high"])
    models: tuple[capacity.Model, ...] = ("poisson", "quasi-poisson", "negative-binomial")
    for name in models:
        clear = capacity.clear_changes(capacity.rate_ratios(exchanges, recent, name, confidence))
        for change, rows in clear.items():
            yield _one(f"rows_{change}_{name.replace('-', '_')}", rows.iloc[0], "rows")


def beside(exchanges: pd.DataFrame, held: pd.DataFrame, stated: pd.DataFrame) -> Results:
    """Yield what outside figures and the study's own text say on the rows of Table 2, and what no row covers."""
    agrees = capacity.beside_outside(exchanges, held)["agrees"]
    yield _one("totals_that_agree_outside", agrees.sum(), "of the outside totals", high=len(agrees))
    for row in capacity.sent_by_window(exchanges, held).to_dict("records"):
        name = f"{row['item']}_a_year_from_{row['year_from']}_to_{row['year_to']}"
        yield _one(name, row["a_year"], "persons")
    trained = capacity.trained_cadres(exchanges, stated)
    yield _one("trained_cadres_text", trained["text"], "persons", claim="C103")
    yield _one("trained_cadres_table", trained["table"], "person-times", claim="C103")
    yield _one("trained_cadres_text_over_table", trained["ratio"], "ratio", claim="C103")
    yield _one("rows_on_villages_or_communities", capacity.rows_on_local_level(exchanges), "rows")
    for level, share in capacity.levels_of_cadres(exchanges, stated)["share"].items():
        yield _one(f"cadres_{str(level).replace(' ', '_')}_share", share, "% of cadres sent")
