"""A batch from Python: in a script, under pytest and in a notebook, with tables and a chart."""

import json
from pathlib import Path

import nbformat
import numpy as np
import pandas as pd
import pytest
from nbclient import NotebookClient
from notebook_code import SMALL, write_notebook

import nbedition
from crossfoot.errors import CheckFailed, RequestError
from nbedition.figures.read_file import read_file
from nbedition.figures.record import opened
from nbedition.runs.handle import Batch

GRID = {"aid_share": [0.001, 0.002, 0.003]}


@pytest.fixture
def done(small: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Batch:
    """A batch of three runs in the folder that is its own."""
    monkeypatch.chdir(tmp_path)
    return nbedition.batch("04", GRID, jobs=2, progress=False)


@pytest.mark.slow
def test_a_batch_is_made_once_and_found_again(done: Batch):
    assert done.place.parent == Path("build/batches")
    assert done.results()["value"].tolist() == GRID["aid_share"]
    journal = (done.place / "journal.jsonl").read_bytes()
    again = nbedition.batch(sweep=[{"notebook": "04", "grid": GRID}])
    assert again == done and (done.place / "journal.jsonl").read_bytes() == journal
    assert nbedition.batch("04", {"aid_share": np.array(GRID["aid_share"])}, progress=False) == done
    wide = done.wide("share")
    assert list(wide) == ["aid_share", "value", "unit", "low", "high"] and len(wide) == 3
    with pytest.raises(RequestError, match="no run records 'shore'; did you mean 'share'"):
        done.wide("shore")
    with pytest.raises(RequestError, match="'leverage' does not vary"):
        done.plot("aid_share", "leverage", "share")
    assert any("unchanged" in line or "same" in line for line in done.why()), done.why()


@pytest.mark.slow
def test_two_parameters_are_drawn_as_lines_or_as_a_map(tmp_path: Path, edition: Path):
    write_notebook(
        edition / f"notebooks/{SMALL}.ipynb",
        "aid_share: float = 0.001  # share\nseed: int = 0  # of the draws",
        f"import ewppr_lib\n\nrun = ewppr_lib.start('{SMALL}', aid_share=aid_share, seed=seed)",
        "run.record('share', aid_share + seed, 'share')",
    )
    grid = {"aid_share": [0.001, 0.002], "seed": range(6)}
    made = nbedition.batch("04", grid, out=tmp_path / "surface", progress=False)
    lines = made.plot("seed", "aid_share", "share")
    assert len([line for line in lines.lines if len(line.get_xdata())]) == 2 and lines.get_ylabel() == "share, share"
    assert len(made.plot("aid_share", "seed", "share").collections) == 1
    lines.figure.savefig(tmp_path / "chart.png")
    record = opened(read_file(tmp_path / "chart.png").record or "").record
    assert record.notebook.name == f"batch of {SMALL}" and record.citation.startswith("share_by_seed_and_aid_share-")
    assert record.parameters == {"aid_share": "0.001, 0.002", "seed": "0, 1, 2, 3, 4, 5"} and record.data.rows == 12
    with pytest.raises(RequestError, match="two parameters that alone vary; here aid_share, seed vary"):
        made.plot("seed", "seed", "share")


def test_a_chart_never_averages_over_what_else_varies(monkeypatch: pytest.MonkeyPatch):
    rows = pd.DataFrame([(a, b, c) for a in (1, 2) for b in (1, 2) for c in (1, 2)], columns=["a", "b", "c"])
    shown = rows.assign(run=range(8), notebook="01_x", name="r", value=1.0, unit="u", low=None, high=None)
    monkeypatch.setattr(Batch, "results", lambda _: shown)
    with pytest.raises(RequestError, match="here a, b, c vary"):
        Batch(Path()).plot("a", "b", "r")
    monkeypatch.setattr(Batch, "results", lambda _: shown.assign(c=1, notebook=["01_x", "02_y"] * 4))
    assert list(Batch(Path()).wide("r"))[:3] == ["a", "b", "notebook"]


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        ({}, "a notebook and a grid, or a sweep"),
        ({"notebook": "04"}, "a notebook and a grid, or a sweep"),
        ({"notebook": "04", "grid": {"aid_shore": [1]}}, "aid_share"),
        ({"notebook": "04", "grid": {"aid_share": 0.001}}, "a list|values"),
        ({"notebook": "04", "grid": GRID, "job": 3}, "no option 'job'; did you mean 'jobs'"),
        ({"notebook": "04", "grid": [1, 2]}, r"names with values are expected, got \[1, 2\]"),
        ({"notebook": "04", "grid": {"aid_share": []}}, "the grid of 'aid_share' is empty"),
        ({"notebook": "04", "grid": GRID, "jobs": 0}, "from 1 to 256, got 0"),
        ({"notebook": "04", "grid": GRID, "jobs": "two"}, "from 1 to 256, got 'two'"),
        ({"notebook": "04", "grid": GRID, "timeout": -1}, "seconds above 0, got -1"),
        ({"notebook": "04", "grid": GRID, "dask": "nonsense:x"}, "an address such as"),
        ({"sweep": "nowhere.yml"}, "does not exist"),
        ({"sweep": 3}, "sweep 1: names with values are expected, got 3"),
        ({"sweep": []}, "the list of sweeps is empty"),
    ],
)
def test_a_wrong_request_is_refused_in_a_sentence(arguments: dict, said: str, tmp_path: Path):
    with pytest.raises((RequestError, CheckFailed), match=said):
        nbedition.batch(**arguments, **({} if "sweep" in arguments else {"out": tmp_path / "o"}))
    assert not (tmp_path / "o").exists()


@pytest.mark.slow
def test_a_batch_can_be_asked_for_in_a_notebook(small: Path, tmp_path: Path):
    cell = f"import nbedition\nmade = nbedition.batch('04', {GRID!r}, out='o')\nmade.wide('share')['value'].tolist()"
    notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(cell)])
    NotebookClient(notebook, timeout=120, resources={"metadata": {"path": str(tmp_path)}}).execute()
    shown = [output for output in notebook.cells[0].outputs if output.output_type == "execute_result"]
    assert json.loads(shown[0]["data"]["text/plain"]) == GRID["aid_share"]
    assert len(list((tmp_path / "o/runs").glob("*.ipynb"))) == 3
