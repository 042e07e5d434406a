"""Frames as plain text: letter by letter what pandas writes."""

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from nbedition.notebooks.plain_text import plain_text

TEXTS = st.text(st.characters(codec="utf-8", exclude_categories=["Cs"]), max_size=6)


def by_pandas(frame):
    with pd.option_context("display.max_colwidth", None, "display.max_rows", None):
        return frame.to_string()


@st.composite
def frames(draw):
    rows, heads = draw(st.integers(0, 4)), draw(st.lists(TEXTS, max_size=3, unique=True))
    cells = {head: draw(st.lists(TEXTS, min_size=rows, max_size=rows)) for head in heads}
    labels = draw(st.lists(TEXTS, min_size=rows, max_size=rows))
    return pd.DataFrame(cells, index=pd.Index(labels, name=draw(st.none() | TEXTS), dtype="str"), dtype="str")


@given(frames())
def test_text_is_laid_out_as_pandas_does(frame):
    assert plain_text(frame) == by_pandas(frame)


OTHERS = {
    "numbers": pd.DataFrame({"a": ["x", "y"], "b": [1.5, 20.25]}),
    "missing": pd.DataFrame({"a": ["x", None], "b": ["y", "z"]}, index=["p", "q"]),
    "objects": pd.DataFrame({"a": [1, "x"]}, index=["p", "q"], dtype=object),
    "years": pd.DataFrame({"a": ["x", "y"]}, index=[2003, 2004]),
    "two levels": pd.DataFrame({"a": ["x", "y"]}, index=pd.MultiIndex.from_tuples([("p", "q"), ("p", "r")])),
    "two heads": pd.DataFrame([["x", "y"]], index=["p"], columns=pd.MultiIndex.from_tuples([("p", "q"), ("p", "r")])),
    "named heads": pd.DataFrame({"a": ["x"]}, index=["p"]).rename_axis(columns="head"),
    "heads twice": pd.DataFrame([["x", "longer"]], index=["p"], columns=["a", "a"]),
    "lines": pd.DataFrame({"a": ["x\ny", "z\t"]}, index=["p", "q"]),
    "empty": pd.DataFrame({"a": []}),
}


@pytest.mark.parametrize("frame", OTHERS.values(), ids=OTHERS)
def test_other_frames_are_laid_out_by_pandas(frame):
    assert plain_text(frame) == by_pandas(frame)
