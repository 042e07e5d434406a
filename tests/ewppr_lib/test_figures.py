"""Figures: their bytes depend on content alone, their digest on every plotted value."""

import json
import re
import shutil
from pathlib import Path
from typing import Any

import matplotlib as mpl
import pandas as pd
import pytest

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
from ewppr_lib.study import (
    capacity,
    funding,
    funding_growth,
    funding_outside,
    history,
    history_gap,
)
from nbedition import claims, data
from nbedition.figures.picture import Picture
from nbedition.figures.record import require_texts
from nbedition.figures.save import add_source_line, canonical_csv, text_digest
from nbedition.notebooks import recorder as record
from nbedition.notebooks.outputs import FIGURE_TYPE, listed
from nbedition.notebooks.recorder import start
from nbedition.project import notebooks

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
each_chart = pytest.mark.parametrize("name", CHARTS)


def rendered(figure: mpl.figure.Figure, kind: str) -> bytes:
    picture = Picture(figure)
    return {"png": picture.png, "svg": picture.svg, "pdf": picture.pdf}[kind]()


def data_digest(frame: pd.DataFrame) -> str:
    return text_digest(canonical_csv(frame))


@each_chart
def test_a_chart_drawn_twice_gives_the_same_bytes_whatever_the_session_style(name: str):
    first = {kind: rendered(CHARTS[name]().draw(), kind) for kind in ("png", "svg", "pdf")}
    with mpl.rc_context({"font.size": 20, "axes.facecolor": "red", "savefig.dpi": 30}):
        second = {kind: rendered(CHARTS[name]().draw(), kind) for kind in ("png", "svg", "pdf")}
    assert first == second


@each_chart
def test_no_two_texts_of_a_chart_overlap_and_none_is_cut_off(name: str):
    figure = CHARTS[name]().draw()
    add_source_line(figure, "a source")
    Picture(figure)
    frame = figure.bbox.padded(2)
    texts = [text for text in figure.findobj(mpl.text.Text) if text.get_visible() and text.get_text().strip()]
    boxes = [(text.get_text(), text.get_window_extent().padded(-1)) for text in texts if _is_drawn(text, figure)]
    for said, box in boxes:
        assert frame.x0 <= box.x0 and box.x1 <= frame.x1 and frame.y0 <= box.y0 and box.y1 <= frame.y1, said
    for number, (said, box) in enumerate(boxes):
        clashes = [other for other, their in boxes[number + 1 :] if box.overlaps(their)]
        assert not clashes, f"{said!r} overlaps {clashes}"


def _is_drawn(text: mpl.text.Text, figure: mpl.figure.Figure) -> bool:
    for axes in figure.axes:
        for axis in (axes.xaxis, axes.yaxis):
            ticks = {tick.label1: tick for tick in axis.get_major_ticks() + axis.get_minor_ticks()}
            if text in ticks:
                low, high = sorted(axis.get_view_interval())
                return axis.get_visible() and low <= ticks[text].get_loc() <= high
            if text in (axis.label, axis.offsetText):
                return axis.get_visible()
    return True


@each_chart
def test_the_title_of_a_chart_is_a_finding(name: str):
    assert len(CHARTS[name]().draw().get_suptitle().split()) >= 6


def test_the_folders_in_which_fonts_lie_do_not_change_a_pdf(tmp_path: Path):
    def drawn(*folders: str) -> bytes:
        figure = CHARTS["aid_and_levels"]().draw()
        for place, (folder, name) in enumerate(zip(folders, ("DejaVuSansMono.ttf", "STIXGeneral.ttf"), strict=True)):
            (tmp_path / folder).mkdir(exist_ok=True)
            shutil.copy(Path(mpl.get_data_path()) / "fonts/ttf" / name, tmp_path / folder)
            figure.text(0.1, 0.2 + 0.4 * place, "text", font=tmp_path / folder / name)
        return rendered(figure, "pdf")

    assert drawn("a", "b") == drawn("d", "c")


def test_one_changed_value_changes_the_digest():
    frame = funding.realisation(FUNDING)
    changed = frame.copy()
    changed.iloc[0, 0] += 0.001
    assert data_digest(frame) != data_digest(changed)


def test_a_slip_of_the_last_binary_digit_does_not_change_the_digest():
    assert data_digest(pd.DataFrame({"x": [0.1 + 0.2]})) == data_digest(pd.DataFrame({"x": [0.3]}))


TEXTS = {"caption": "what is drawn here", "alt": "two lines that part in one year"}


def test_files_carry_no_date_and_no_program(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv(record.FIGURE_FOLDER, str(tmp_path))
    start("02").figure(CHARTS["aid_and_levels"](), "x", **TEXTS, data=FUNDING)
    assert {path.name for path in tmp_path.iterdir()} == {"x.png", "x-screen.png", "x.svg", "x.pdf", "x.csv"}
    for mark in (b"CreationDate", b"dc:date", b"Software", b"Matplotlib v"):
        assert not [path.name for path in tmp_path.iterdir() if mark in path.read_bytes()]
    assert (tmp_path / "x.csv").read_text() == canonical_csv(FUNDING)


@pytest.mark.parametrize(
    ("part", "text", "said"),
    [
        ("caption", "", "caption says nothing yet"),
        ("alt", "", "alt text says nothing yet"),
        ("alt", "fig.png", "alt text says nothing yet"),
        ("alt", "the picture in the file aid_and_levels.png", "reads like a file name"),
        ("alt", "here one sees once more figure 12", "reads like a file name"),
        ("alt", "aid and levels", "too short to state a finding"),
        ("alt", "A bar chart of government aid by year and level", "states no finding"),
        ("alt", "Figure showing the share of enterprises, by reading.", "states no finding"),
        ("alt", "What, is drawn here, by year", "repeats its caption"),
        ("alt", "The levels of government do not add up: 231 million yuan apart in 2006.", "repeats its title"),
    ],
)
def test_a_figure_whose_texts_say_nothing_is_refused(part: str, text: str, said: str):
    texts = TEXTS | {"caption": "what is drawn here by year"} | {part: text}
    with pytest.raises(RequestError, match=said):
        start("02").figure(CHARTS["aid_and_levels"](), "aid", **texts, data=FUNDING)


def test_every_figure_of_every_notebook_has_alt_text_that_states_its_finding():
    found = [output for path in notebooks().values() for output in shown_in(path)]
    assert len(found) == len(listed())
    for output in found:
        record = output["data"][FIGURE_TYPE]
        require_texts(record["figure"], record["title"], record["caption"], record["alt"])
        assert output["metadata"]["image/png"]["alt"] == record["alt"]
        assert len(record["alt"].split()) >= 8 and re.search("[:;,]", record["alt"]), record["alt"]


def shown_in(path: Path) -> list[dict[str, Any]]:
    """The outputs of a notebook that show a figure."""
    cells = json.loads(path.read_text(encoding="utf-8"))["cells"]
    outputs = [output for cell in cells for output in cell.get("outputs", [])]
    return [output for output in outputs if FIGURE_TYPE in output.get("data", {})]


def test_a_chinese_alt_text_is_not_too_short():
    require_texts("x", "东西协作的发现是这样", "这里画的是什么数据的图", "两条线在一年里分开，各级之和少于总数")


def test_without_pictures_a_figure_leaves_the_same_digest_and_nothing_is_drawn(monkeypatch: pytest.MonkeyPatch):
    shown = {}
    monkeypatch.setattr(record, "_show", lambda text, kind, content, png, alt: shown.update(content=content, png=png))
    for pictures in (True, False):
        start("02", pictures=pictures).figure(CHARTS["aid_and_levels"](), "aid", **TEXTS, data=FUNDING)
        assert (shown["png"] is not None, bool(shown["content"]["title"])) == (pictures, pictures)
        assert shown["content"]["data_sha256"] == data_digest(FUNDING)
