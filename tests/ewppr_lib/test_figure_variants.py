"""Figures under other parameters and tables than the default ones: no overlap, no clipped label, in both languages."""

from collections.abc import Callable

import matplotlib as mpl
import pandas as pd
import pytest
from every_chart import has_font, is_drawn

from ewppr_lib.charts import capacity as capacity_charts
from ewppr_lib.charts import funding as funding_charts
from ewppr_lib.charts import history as history_charts
from ewppr_lib.claims.facts import read_facts
from ewppr_lib.study import capacity, funding, funding_growth, history_gap
from nbedition import data
from nbedition.figures.picture import Picture
from nbedition.figures.save import add_source_line
from nbedition.figures.style import Drawing
from nbedition.language import using_language

FACTS = read_facts()
FUNDING = data.load("funding")
EXCHANGES = data.load("exchanges")
OWN = pd.DataFrame({"east": [2.0 + 0.1 * min(n, 12) for n in range(26)], "west": 1.0}, index=range(1985, 2011))


def ratios(definition: str, own: pd.DataFrame | None = None) -> Drawing:
    found = history_gap.ratio_series(FACTS, own)
    shown = found[found["definition"].isin([definition, "own"])]
    return history_charts.ratio_by_vintage(shown, history_gap.printed_points(FACTS), (2008, 2011))


def all_turns() -> Drawing:
    found = history_gap.turning_points(history_gap.ratio_series(FACTS), 2008, 0.8, 199)
    return history_charts.turning_points(found, (2008, 2011), 0.8)


def levels(**change: object) -> Drawing:
    return funding_charts.aid_and_levels(funding.level_gaps(FUNDING.assign(**change)))


def spread(table: pd.DataFrame) -> Drawing:
    aid = funding.level_gaps(table).drop(columns="gap").join(table[funding.LEVELS])
    found = funding_growth.spread(aid, 0.95, "trend")
    return funding_charts.spread_by_level(found, funding_growth.widest_over_narrowest(found, 0.95))


def rates(recent: str, model: str) -> Drawing:
    return capacity_charts.recent_ratio(capacity.rate_ratios(EXCHANGES, recent, model, 0.95))


NO_LEVELS = dict.fromkeys(funding.LEVELS, 0.0)
VARIANTS: dict[str, Callable[[], Drawing]] = {
    "the ten and Liaoning": lambda: ratios("ten_and_liaoning"),
    "an own series": lambda: ratios("ten", OWN),
    "all turning points": all_turns,
    "levels that add up": lambda: levels(government_aid=FUNDING[funding.LEVELS].sum(axis=1)),
    "no levels": lambda: levels(**NO_LEVELS),
    "levels apart in the first year": lambda: levels(government_aid=[900, 469, 483, 304, 547]),
    "levels apart in the last year": lambda: levels(government_aid=[346, 469, 483, 304, 100]),
    "spread of one series": lambda: spread(FUNDING.assign(**NO_LEVELS)),
    "spread over three years": lambda: spread(FUNDING.loc[2005:]),
    "shares without a total": lambda: funding_charts.enterprise_share(
        funding.pooled_shares(FUNDING.drop(columns="total"))
    ),
    "three years of investment": lambda: funding_charts.agreed_and_realised(funding.realisation(FUNDING.loc[2005:])),
    **{
        f"rates of {recent}, {model}": lambda recent=recent, model=model: rates(recent, model)
        for recent in ("2009", "2010")
        for model in ("poisson", "quasi-poisson")
    },
}


@pytest.mark.parametrize("lang", ["en", "zh"])
@pytest.mark.parametrize("name", VARIANTS)
def test_no_two_texts_overlap_and_none_is_cut_off(name: str, lang: str):
    if lang == "zh" and not has_font():
        pytest.skip("no font with Chinese characters is installed (try fonts-wqy-zenhei)")
    with using_language(lang):
        figure = VARIANTS[name]().draw()
        add_source_line(figure, "my.csv")
        Picture(figure)
    frame = figure.bbox.padded(2)
    texts = [text for text in figure.findobj(mpl.text.Text) if text.get_visible() and text.get_text().strip()]
    boxes = [(text.get_text(), text.get_window_extent().padded(-2)) for text in texts if is_drawn(text, figure)]
    for number, (said, box) in enumerate(boxes):
        assert frame.x0 <= box.x0 and box.x1 <= frame.x1 and frame.y0 <= box.y0 and box.y1 <= frame.y1, said
        assert not [other for other, their in boxes[number + 1 :] if box.overlaps(their)], said
