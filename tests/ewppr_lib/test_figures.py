"""Figures: their bytes depend on content alone, their digest on every plotted value."""

import json
import re
import shutil
from pathlib import Path
from typing import Any

import matplotlib as mpl
import pandas as pd
import pytest
from every_chart import CHARTS, FUNDING, is_drawn

from crossfoot.errors import RequestError
from ewppr_lib.study import funding
from nbedition.figures.picture import Picture
from nbedition.figures.record import require_texts
from nbedition.figures.save import add_source_line, canonical_csv, text_digest
from nbedition.notebooks import recorder as record
from nbedition.notebooks.outputs import FIGURE_TYPE, listed
from nbedition.notebooks.recorder import start
from nbedition.project import notebooks

each_chart = pytest.mark.parametrize("name", CHARTS)


def rendered(figure: mpl.figure.Figure, kind: str) -> bytes:
    picture = Picture(figure)
    return {"png": picture.png, "svg": picture.svg, "pdf": picture.pdf}[kind]()


def data_digest(frame: pd.DataFrame) -> str:
    return text_digest(canonical_csv(frame))


@each_chart
def test_a_chart_drawn_twice_gives_the_same_bytes_whatever_the_session_style(name: str):
    def drawn() -> tuple[bytes, bytes, bytes]:
        picture = Picture(CHARTS[name]().draw())
        return picture.png(), picture.svg(), picture.pdf()

    first = drawn()
    with mpl.rc_context({"font.size": 20, "axes.facecolor": "red", "savefig.dpi": 30}):
        assert drawn() == first


@each_chart
def test_no_two_texts_of_a_chart_overlap_and_none_is_cut_off(name: str):
    figure = CHARTS[name]().draw()
    add_source_line(figure, "a source")
    Picture(figure).image()  # labels of axes take their places when they are drawn
    frame = figure.bbox.padded(2)
    texts = [text for text in figure.findobj(mpl.text.Text) if text.get_visible() and text.get_text().strip()]
    boxes = [(text.get_text(), text.get_window_extent().padded(-1)) for text in texts if is_drawn(text, figure)]
    for said, box in boxes:
        assert frame.x0 <= box.x0 and box.x1 <= frame.x1 and frame.y0 <= box.y0 and box.y1 <= frame.y1, said
    for number, (said, box) in enumerate(boxes):
        clashes = [other for other, their in boxes[number + 1 :] if box.overlaps(their)]
        assert not clashes, f"{said!r} overlaps {clashes}"


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


def test_without_pictures_a_figure_leaves_the_same_digest_and_nothingis_drawn(monkeypatch: pytest.MonkeyPatch):
    shown = {}
    monkeypatch.setattr(record, "_show", lambda text, kind, content, png, alt: shown.update(content=content, png=png))
    for pictures in (True, False):
        start("02", pictures=pictures).figure(CHARTS["aid_and_levels"](), "aid", **TEXTS, data=FUNDING)
        assert (shown["png"] is not None, bool(shown["content"]["title"])) == (pictures, pictures)
        assert shown["content"]["data_sha256"] == data_digest(FUNDING)
