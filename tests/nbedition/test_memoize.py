"""Work shared by the runs of a batch: done once for equal arguments, never for others, and with the same results."""

from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace
from typing import cast

import pandas as pd
import pytest
from common import Answer, replace
from notebook_code import write_notebook

from nbedition import memoize, results
from nbedition.memoize import memo
from nbedition.notebooks.provenance import Environment
from nbedition.runs.batch import memo_of

Ewppr = Callable[..., Answer]
calls: list[object] = []


@memo
def summed(values: pd.Series, *, factor: float = 1.0) -> float:
    calls.append(factor)
    return float(values.sum() * factor)


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    calls.clear()
    monkeypatch.setenv(memoize.FOLDER, str(tmp_path / "kept"))
    return tmp_path / "kept"


def test_equal_arguments_are_computed_once_and_others_anew(folder: Path):
    one, other = pd.Series([1.0, 2.0]), pd.Series([1.0, 2.0], index=[5, 6])
    assert [summed(one), summed(one.copy()), summed(one, factor=2.0), summed(other)] == [3.0, 3.0, 6.0, 3.0]
    assert calls == [1.0, 2.0, 1.0]
    assert len(list(folder.iterdir())) == 3


def test_without_a_folder_nothing_is_kept(folder: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.delenv(memoize.FOLDER)
    assert [summed(pd.Series([1.0])) for _ in range(2)] == [1.0, 1.0]
    assert len(calls) == 2 and not folder.exists()


def test_what_is_cut_short_or_cannot_be_written_or_told_apart_is_computed(
    folder: Path, monkeypatch: pytest.MonkeyPatch
):
    values = pd.Series([1.0])
    summed(values)
    (kept,) = folder.iterdir()
    kept.write_bytes(kept.read_bytes()[:-3])
    assert summed(values) == 1.0 and len(calls) == 2
    monkeypatch.setattr(memoize, "MOST", 0)
    assert [summed(values, factor=3.0) for _ in range(2)] == [3.0, 3.0] and len(calls) == 4
    assert memo(lambda function: function(2))(lambda value: value + 1) == 3
    folder.joinpath("full").write_bytes(b"")
    monkeypatch.setenv(memoize.FOLDER, str(folder / "full"))
    assert summed(values, factor=4.0) == 4.0


def test_an_error_is_raised_again_and_nothing_is_kept_of_it(folder: Path):
    for _ in range(2):
        with pytest.raises(ZeroDivisionError):
            memo(divmod)(1, 0)
    assert not folder.exists()


def test_each_state_of_what_runs_depend_on_has_a_folder_of_its_own(tmp_path: Path):
    one, other = (memo_of(tmp_path, cast("Environment", SimpleNamespace(seen=seen))) for seen in ((1,), (2,)))
    assert Path(one[memoize.FOLDER]).parent == Path(other[memoize.FOLDER]).parent == tmp_path
    assert one != other and memo_of(None, cast("Environment", SimpleNamespace(seen=(1,)))) == {}


SHARED = """

import os

from nbedition import memo
from .helper import size


@memo
def slow(number: float) -> float:
    with open(os.environ["CALLS"], "a") as file:
        print(number, file=file)
    return size(number)
"""


@pytest.mark.slow
@pytest.mark.parametrize("how", [[], ["--cold"], ["--dask", "local:1"]], ids=lambda how: " ".join(how) or "warm")
def test_runs_of_a_batch_share_work_until_a_helper_two_imports_away_changes(
    how: list[str], ewppr: Ewppr, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    study, told = tmp_path / "study", tmp_path / "calls"
    assert ewppr("init", study).code == 0
    monkeypatch.chdir(study)
    monkeypatch.delenv("NBEDITION_HOME", raising=False)
    monkeypatch.setenv("CALLS", str(told))
    (study / "study/schools.py").write_text((study / "study/schools.py").read_text() + SHARED)
    (study / "study/helper.py").write_text(
        "from .farther import TIMES\n\n\ndef size(number):\n    return number * TIMES\n"
    )
    (study / "study/farther.py").write_text("TIMES = 2\n")
    write_notebook(
        study / "notebooks/01_schools.ipynb",
        "class_size: float = 16.0  # pupils",
        "import nbedition\nrun = nbedition.start('01_schools', class_size=class_size)\nschools = run.module('schools')",
        "run.record('shared', schools.slow(1.0) + class_size, 'pupils')",
        "run.record('own', schools.slow(class_size), 'pupils')",
    )

    def values(name: str, *more: str) -> list[float]:
        told.unlink(missing_ok=True)
        answer = ewppr("batch", "01", "--grid", "class_size=15,16,17", "--jobs", "1", "--out", name, *how, *more)
        assert answer.code == 0, answer.err
        return list(results(study / name)["value"])

    assert values("b") == [17, 30, 18, 32, 19, 34]
    assert sorted(told.read_text().split()) == ["1.0", "15.0", "16.0", "17.0"]
    assert values("c", "--no-memo") == values("b2") == [17, 30, 18, 32, 19, 34]
    replace(study / "study/farther.py", "2", "3")
    assert values("b") == [18, 45, 19, 48, 20, 51]
    assert sorted(told.read_text().split()) == ["1.0", "15.0", "16.0", "17.0"]
    assert values("d", "--no-memo") == [18, 45, 19, 48, 20, 51]
    assert len(told.read_text().split()) == 6
