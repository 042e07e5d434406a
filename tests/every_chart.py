"""Every chart of the edition from its own data, and what counts as drawn on it."""

import matplotlib as mpl
import pandas as pd

from crossfoot.errors import RequestError
from ewppr_lib import reform
from ewppr_lib.charts import capacity as capacity_charts
from ewppr_lib.charts import conclusions as conclusions_charts
from ewppr_lib.charts import funding as funding_charts
from ewppr_lib.charts import history as history_charts
from ewppr_lib.charts import history_tiles
from ewppr_lib.charts import reform as reform_charts
from ewppr_lib.claims.facts import read_facts
from ewppr_lib.reform import ranking, sensitivity, summary
from ewppr_lib.reform.assumptions import assumptions
from ewppr_lib.study import capacity, funding, funding_growth, funding_outside, history, history_gap
from nbedition import claims, data
from nbedition.figures import font

FUNDING = data.load("funding")
PAIRINGS = data.load("pairings")
CITIES = data.load("donor_cities")
LISTS = history.all_lists(PAIRINGS, data.load("partnership_pairings"), CITIES)
FACTS = read_facts()
RATIOS = history_gap.ratio_series(FACTS).query("definition == 'ten'")
KNOWN, SPAN = assumptions(), reform.Span(draws=500)
SIMULATION = reform.simulate(reform.options([]), KNOWN, SPAN)


def donors() -> pd.DataFrame:
    return reform.fixed_share_aid(reform.donor_revenue(data.load("fiscal_revenue"), PAIRINGS, 2007), 0.001)


def spreads() -> tuple[pd.DataFrame, dict[str, float]]:
    aid = funding.level_gaps(FUNDING).drop(columns="gap").join(FUNDING[funding.LEVELS])
    found = funding_growth.spread(aid, 0.95, "trend")
    return found, funding_growth.widest_over_narrowest(found, 0.95)


CHARTS = {
    "claims_by_place": lambda: conclusions_charts.claims_by_place(claims.as_frame(claims.audit())),
    "period_bounds": lambda: history_charts.period_bounds(data.load("periods")),
    "ratio_by_vintage": lambda: history_charts.ratio_by_vintage(
        RATIOS, history_gap.printed_points(FACTS), (2008, 2011)
    ),
    "turning_points": lambda: history_charts.turning_points(
        history_gap.turning_points(RATIOS, 2008, 0.95, 199), (2008, 2011), 0.95
    ),
    "pairing_tiles": lambda: history_tiles.pairing_tiles(history.tiles(LISTS, data.load("tile_grid"), CITIES)),
    "pairing_flow": lambda: history_tiles.pairing_flow(
        history.spells(LISTS, 2020), history.held_of_partial(LISTS, CITIES, data.load("partnership_history"))
    ),
    "rural_poverty": lambda: history_charts.rural_poverty(data.load("rural_poverty")),
    "enterprise_share": lambda: funding_charts.enterprise_share(funding.pooled_shares(FUNDING)),
    "agreed_and_realised": lambda: funding_charts.agreed_and_realised(funding.realisation(FUNDING)),
    "aid_and_levels": lambda: funding_charts.aid_and_levels(funding.level_gaps(FUNDING)),
    "spread_by_level": lambda: funding_charts.spread_by_level(*spreads()),
    "aid_windows": lambda: funding_charts.aid_windows(
        funding_outside.ways(funding_outside.statements(data.load("partnership_history"), data.load("stated"), FUNDING))
    ),
    "recent_ratio": lambda: capacity_charts.recent_ratio(
        capacity.rate_ratios(data.load("exchanges"), "mean", "negative-binomial", 0.95)
    ),
    "sent_by_window": lambda: capacity_charts.sent_by_window(
        capacity.sent_by_window(data.load("exchanges"), data.load("partnership_history"))
    ),
    "attendee_composition": lambda: capacity_charts.attendee_composition(
        capacity.attendee_composition(data.load("exchanges"))
    ),
    "exchange_directions": lambda: capacity_charts.exchange_directions(capacity.directions(data.load("exchanges"))),
    "aid_paths": lambda: reform_charts.aid_paths(
        summary.aid_by_year(KNOWN, SPAN), pd.DataFrame({"reported": [840.0, 22900.0]}, index=[2011, 2019])
    ),
    "what_a_yuan_brings": lambda: reform_charts.what_a_yuan_brings(summary.per_yuan_moved(SIMULATION, reform.USES)),
    "tornado": lambda: reform_charts.tornado(
        sensitivity.tornado(reform.OPTIONS["guarantee"], KNOWN, SPAN, "households").head(9),
        "guarantee",
        "thousand households",
        {name: record.ground.kind for name, record in KNOWN.items()},
    ),
    "first_choice": lambda: reform_charts.first_choice(ranking.rank(SIMULATION, reform.USES).first),
    "fixed_share_by_donor": lambda: reform_charts.fixed_share_by_donor(donors(), 0.001, 547.239, 2007),
}


def is_drawn(text: mpl.text.Text, figure: mpl.figure.Figure) -> bool:
    """Whether a text of a figure shows: labels of ticks outside the axis and of hidden axes do not."""
    for axes in figure.axes:
        for axis in (axes.xaxis, axes.yaxis):
            ticks = {tick.label1: tick for tick in axis.get_major_ticks() + axis.get_minor_ticks()}
            if text in ticks:
                low, high = sorted(axis.get_view_interval())
                return axis.get_visible() and low <= ticks[text].get_loc() <= high
            if text in (axis.label, axis.offsetText):
                return axis.get_visible()
    return True


def has_font() -> bool:
    """Whether a font with Chinese characters is installed."""
    try:
        return bool(font.chinese_font())
    except RequestError:
        return False
