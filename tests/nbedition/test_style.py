"""Colours that mean something stay apart: under three deficiencies of colour vision, and as areas in grey."""

from itertools import combinations

import pytest
from colours import LACKING, apart, lightness
from every_chart import CHARTS
from matplotlib.collections import Collection
from matplotlib.colors import to_hex, to_rgba
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.patches import Patch

APART = 11.0  # CIELAB: nearly five times what one just notices
APART_IN_GREY = 8.0  # of a lightness from 0 to 100
TOLD_OTHERWISE = {  # texts in or above the marks, which tell in grey what their colour tells otherwise
    "period_bounds": {"1", "2", "3"},
    "pairing_tiles": {"GZ\n8", "SC\n2", "YN"},
}
SCALES = {"pair_bench"}  # whose colours are one scale without steps, with the figures written on it

each_chart = pytest.mark.parametrize("name", CHARTS)


def drawn_in(figure: Figure, *kinds: type) -> set[str]:
    """The full colours of a chart's marks, their pale shades left out, which touch the marks they belong to."""
    found = []
    for axes in figure.axes:
        for mark in axes.get_children():
            if not isinstance(mark, kinds) or mark is axes.patch or not mark.get_visible():
                continue
            if isinstance(mark, Line2D):
                found.append(to_rgba(mark.get_color(), mark.get_alpha()))
            elif isinstance(mark, Patch):
                found.append(mark.get_facecolor())
            elif isinstance(mark, Collection):
                found += [tuple(colour) for colour in (*mark.get_facecolor(), *mark.get_edgecolor())]
    return {to_hex(colour) for colour in found if colour[3] == 1} - {"#ffffff"}


@each_chart
def test_neighbouring_series_stay_apart_under_each_deficiency(name: str):
    figure = CHARTS[name]().draw()
    if name in SCALES:
        texts = [text.get_text() for axes in figure.axes for text in axes.texts]
        assert sum(text.isdecimal() for text in texts) > len(texts) / 2
        return
    for one, other in combinations(sorted(drawn_in(figure, Patch, Line2D, Collection)), 2):
        for deficiency in LACKING:
            assert apart(one, other, deficiency) > APART, (one, other, deficiency)


@each_chart
def test_filled_areas_stay_apart_in_grey(name: str):
    figure = CHARTS[name]().draw()
    if name in TOLD_OTHERWISE:
        assert TOLD_OTHERWISE[name] <= {text.get_text() for axes in figure.axes for text in axes.texts}
        return
    for one, other in combinations(sorted(drawn_in(figure, Patch)), 2):
        assert abs(lightness(one) - lightness(other)) > APART_IN_GREY, (one, other)


def test_red_and_green_alone_would_not_pass():
    assert apart("#b84a3a", "#6f7a35", "deuteranomaly") < APART
