"""Colours that mean something stay apart: under three deficiencies of colour vision, and as areas in grey."""

from itertools import combinations

import numpy as np
import pytest
from colorspacious import cspace_convert, deltaE
from every_chart import CHARTS
from matplotlib.collections import Collection
from matplotlib.colors import to_hex, to_rgb, to_rgba
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.patches import Patch

APART = 9.0  # CAM02-UCS: about nine times what one just notices
APART_IN_GREY = 10.0
TOLD_OTHERWISE = {  # texts in or above the marks, which tell in grey what their colour tells otherwise
    "period_bounds": {"1", "2", "3"},
    "pairing_tiles": {"GZ\n8", "SC\n2", "YN"},
}
DEFICIENCIES = ("deuteranomaly", "protanomaly", "tritanomaly")

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


def seen(colour: str, deficiency: str) -> np.ndarray:
    space = {"name": "sRGB1+CVD", "cvd_type": deficiency, "severity": 100}
    return np.clip(cspace_convert(to_rgb(colour), space, "sRGB1"), 0, 1)


def lightness(colour: str) -> float:
    return float(cspace_convert(to_rgb(colour), "sRGB1", "CAM02-UCS")[0])


@each_chart
def test_neighbouring_series_stay_apart_under_each_deficiency(name: str):
    for one, other in combinations(sorted(drawn_in(CHARTS[name]().draw(), Patch, Line2D, Collection)), 2):
        for deficiency in DEFICIENCIES:
            distance = deltaE(seen(one, deficiency), seen(other, deficiency), input_space="sRGB1")
            assert distance > APART, (one, other, deficiency)


@each_chart
def test_filled_areas_stay_apart_in_grey(name: str):
    figure = CHARTS[name]().draw()
    if name in TOLD_OTHERWISE:
        assert TOLD_OTHERWISE[name] <= {text.get_text() for axes in figure.axes for text in axes.texts}
        return
    for one, other in combinations(sorted(drawn_in(figure, Patch)), 2):
        assert abs(lightness(one) - lightness(other)) > APART_IN_GREY, (one, other)


def test_red_and_green_alone_would_not_pass():
    assert deltaE(seen("#b84a3a", "deuteranomaly"), seen("#6f7a35", "deuteranomaly"), input_space="sRGB1") < APART
