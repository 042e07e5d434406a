"""Every figure looks as its stored picture does."""

from pathlib import Path

import pytest
from common import replace
from notebook_code import draw_figures
from pictures import STORED, difference, half
from PIL import Image, ImageChops

from nbedition.notebooks.outputs import listed
from nbedition.project import notebooks

FIGURES = [figure.figure for figure in listed()]


def stored(name: str) -> Image.Image:
    return Image.open(STORED / f"{name}.png").convert("RGB")


@pytest.mark.parametrize("name", FIGURES)
def test_a_figure_looks_as_stored(name: str, drawn: Path):
    said = difference(stored(name), half(drawn / f"{name}-screen.png"))
    assert said is None, f"figure '{name}': {said}; if that is meant: make baseline"


def test_a_picture_is_stored_for_every_figure_and_no_other():
    assert {path.stem for path in STORED.glob("*.png")} == set(FIGURES)


def test_a_changed_figure_is_told_with_the_place_where_it_differs(edition: Path, tmp_path: Path, drawn: Path):
    replace(edition / "data/printed/table2.csv", ",876,598,", ",1176,598,")
    with pytest.MonkeyPatch.context() as patch:
        draw_figures(notebooks()["03_capacity_building"], tmp_path, patch)
    said = difference(stored("exchange_directions"), half(tmp_path / "exchange_directions-screen.png"))
    assert said is None or "columns" in said  # the sum over the years is printed, and stays
    said = difference(stored("sent_by_window"), half(tmp_path / "sent_by_window-screen.png"))
    assert said and "it differs by" in said and "columns" in said


def test_a_moved_mark_a_lost_text_and_another_size_are_told():
    one = stored("enterprise_share")
    moved = one.copy()
    moved.paste(one.crop((100, 20, 200, 60)), (102, 22))
    lost = one.copy()
    lost.paste((255, 255, 255), (0, one.height - 14, 80, one.height))
    for other in (moved, lost, ImageChops.offset(one, 1, 0), one.resize((one.width + 1, one.height))):
        assert difference(one, other)
    assert difference(one, one) is None
