"""Running notebooks: what is written, what is refused, and what stays when a run fails."""

import hashlib
import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import nbformat
import pandas as pd
import pytest
from common import ROOT, Answer
from notebook_code import CELLS, write_notebook

from crossfoot.errors import RequestError
from nbedition import data
from nbedition.notebooks import outputs as results
from nbedition.notebooks.parameters import parameters, settings_of
from nbedition.notebooks.recorder import start

QUICK = "04_institutional_reform_options"
ONE_FIGURE = """
from ewppr_lib.charts.funding import enterprise_share
from ewppr_lib.study.funding import pooled_shares

run.figure(
    enterprise_share(pooled_shares(run.load("funding"))),
    "one_figure",
    caption="The share of enterprises, per cent.",
    alt="One bar a reading of the total: nearly all of it comes from enterprises.",
    data=pooled_shares(run.load("funding")),
)
"""


def digests(folder: Path) -> dict[str, str]:
    """SHA-256 of every file below a folder, by relative name."""
    files = sorted(path for path in folder.rglob("*") if path.is_file())
    return {path.relative_to(folder).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest() for path in files}


def spoil(edition: Path, notebook: str, code: str) -> None:
    """Put code at the start of a notebook's last code cell."""
    path = edition / f"notebooks/{notebook}.ipynb"
    content = nbformat.read(path, as_version=4)
    cell = [cell for cell in content.cells if cell.cell_type == "code"][-1]
    cell.source = f"{code}\n{cell.source}"
    nbformat.write(content, path)


@pytest.mark.slow
def test_a_run_writes_notebook_results_figures_and_manifest(ewppr: Callable[..., Answer], tmp_path: Path):
    answer = ewppr("run", "04", "--set", "aid_share=0.002", "--out", tmp_path)
    assert answer.code == 0
    folder = tmp_path / QUICK
    frame = pd.read_csv(folder / "results.csv").set_index("name")
    assert frame.loc["fixed_share_aid", "value"] == pytest.approx(0.002 * 1423814)
    assert frame.loc["actual_share_of_revenue", "value"] == pytest.approx(100 * 547.239 / 1423814)
    assert {path.suffix for path in (folder / "figures").iterdir()} == {".png", ".svg", ".pdf", ".csv"}
    manifest = json.loads((folder / "run.json").read_text())
    assert manifest["parameters"] == {"aid_share": 0.002}
    written = digests(folder)
    written.pop("run.json")
    assert manifest["files"] == written
    assert [path.name for path in tmp_path.iterdir()] == [QUICK]
    head, row = answer.out.splitlines()
    assert head.split() == ["notebook", "seconds", "figures", "results", "where", "to", "look"]
    assert row.split()[0] == QUICK
    assert row.split()[2:4] == ["5", "32"]


def test_runs_in_other_places_zones_locales_and_hash_seeds_give_the_same_bytes(executed: Path, tmp_path: Path):
    """`executed` was run in the checkout, in UTC, with seed 1 and in locale C."""
    folder = tmp_path / "a folder"
    folder.mkdir()
    chosen = {"TZ": "Asia/Shanghai", "PYTHONHASHSEED": "77", "LC_ALL": "C.UTF-8", "LANG": "C.UTF-8"}
    command = [sys.executable, "-m", "ewppr_lib.cli", "run", "--out", "out", "--jobs", "2"]
    subprocess.run(command, cwd=folder, env=os.environ | chosen, check=True, capture_output=True)
    found = [
        {name: sha for name, sha in digests(place).items() if not name.endswith((".ipynb", "run.json"))}
        for place in (executed, folder / "out")
    ]
    assert found[0] == found[1]
    assert len(found[0]) >= 4 * 5
    figures = [name for name in found[0] if name.startswith("03_capacity_building/figures/")]
    assert len(figures) == 5 * len({name.partition(".")[0].removesuffix("-screen") for name in figures}) > 0


@pytest.mark.slow
def test_a_table_of_ones_own_runs_end_to_end(
    ewppr: Callable[..., Answer], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    table = data.load("funding").reset_index()
    table = table.assign(year=table["year"] + 5, government_aid=table["government_aid"] * 2).drop(columns="total")
    table.to_csv(tmp_path / "my.csv", index=False)
    monkeypatch.chdir(tmp_path)
    answer = ewppr("run", "02", "--set", "table=my.csv", "--out", "out")
    assert answer.code == 0, answer.err
    frame = pd.read_csv("out/02_funding_analysis/results.csv").set_index("name")["value"]
    assert frame["enterprise_share_agreed"] == pytest.approx(100 * 391739.394 / (2 * 2377.198 + 391739.394 + 399.34))
    assert "enterprise_share_printed_total" not in frame


@pytest.mark.slow
def test_a_failing_cell_keeps_its_notebook_and_leaves_earlier_files_alone(
    ewppr: Callable[..., Answer], small: Path, tmp_path: Path
):
    out = tmp_path / "out"
    assert ewppr("run", "04", "--out", out).code == 0
    before = digests(out)
    spoil(small, QUICK, "raise ValueError('spoilt\\non purpose')")
    answer = ewppr("run", "04", "--out", out)
    assert answer.code == 1
    assert answer.err.splitlines()[-1].startswith("ewppr: 1 of 1 notebooks failed: ")
    assert "raised ValueError: spoilt on purpose" in answer.err
    assert str(out / "failed" / f"{QUICK}.ipynb") in answer.err
    assert "Traceback" not in answer.err
    after = digests(out)
    kept = after.pop(f"failed/{QUICK}.ipynb")
    assert kept
    assert after == before


@pytest.mark.slow
def test_a_kernel_that_dies_is_said_to_have_died(ewppr: Callable[..., Answer], small: Path, tmp_path: Path):
    spoil(small, QUICK, "import os; os._exit(3)")
    answer = ewppr("run", "04", "--out", tmp_path / "out")
    assert answer.code == 1
    assert "Kernel died" in answer.err
    assert "Traceback" not in answer.err


@pytest.mark.slow
def test_the_other_notebooks_go_on_when_one_fails(ewppr: Callable[..., Answer], small: Path, tmp_path: Path):
    spoil(small, QUICK, "1 / 0")
    started = "import ewppr_lib\nrun = ewppr_lib.start('01_history')"
    write_notebook(small / "notebooks/01_history.ipynb", "lang: str = 'en'", started, "run.record('one', 1.0, 'one')")
    answer = ewppr("run", "04", "01", "--out", tmp_path / "out", "--jobs", "2")
    assert answer.code == 1
    assert (tmp_path / "out/01_history/results.csv").is_file()


@pytest.mark.slow
def test_files_that_a_run_no_longer_makes_are_removed_and_strangers_stay(
    ewppr: Callable[..., Answer], small: Path, tmp_path: Path
):
    out = tmp_path / "out"
    path = small / f"notebooks/{QUICK}.ipynb"
    write_notebook(path, *CELLS, ONE_FIGURE)
    ewppr("run", "04", "--out", out)
    (out / QUICK / "my notes.txt").write_text("mine")
    assert (out / QUICK / "figures/one_figure.svg").is_file()
    path.write_text(path.read_text().replace('one_figure\\",', 'renamed_figure\\",'))
    assert ewppr("run", "04", "--out", out).code == 0
    there = {path.stem for path in (out / QUICK / "figures").iterdir()}
    assert "renamed_figure" in there and "one_figure" not in there
    assert (out / QUICK / "my notes.txt").read_text() == "mine"


@pytest.mark.slow
def test_a_broken_manifest_does_not_stop_a_run_nor_make_it_remove_foreign_files(
    ewppr: Callable[..., Answer], small: Path, tmp_path: Path
):
    outside = tmp_path / "outside.txt"
    outside.write_text("mine")
    folder = tmp_path / "out" / QUICK
    folder.mkdir(parents=True)
    (folder / "run.json").write_text(json.dumps({"files": {"../../outside.txt": "", str(outside): ""}}))
    assert ewppr("run", "04", "--out", tmp_path / "out").code == 0
    assert outside.read_text() == "mine"


BAD_REQUESTS = {
    "unknown notebook": (["run", "09"], "there is no notebook '09'; there are 01_history, "),
    "nearly a notebook": (["run", "01_histry"], "did you mean '01_history'?"),
    "unknown parameter": (
        ["run", "04", "--set", "aid_shar=0.1"],
        "has no parameter 'aid_shar'; did you mean 'aid_share'?",
    ),
    "parameter of none": (["run", "--set", "nothing=1"], "none of the chosen notebooks has a parameter 'nothing'"),
    "wrong type": (
        ["run", "04", "--set", "aid_share=much"],
        "'aid_share' of notebook 04_institutional_reform_options: number at least 0, at most 0.05 expected, got 'much'",
    ),
    "not a number": (["run", "04", "--set", "aid_share=nan"], "expected, got 'nan'"),
    "out of range": (["run", "04", "--set", "aid_share=0.5"], "at most 0.05 expected, got '0.5'"),
    "no such choice": (
        ["run", "02", "--set", "denominator=total"],
        "one of printed_total, agreed, realised expected, got 'total'",
    ),
    "no equals sign": (["run", "04", "--set", "aid_share"], "--set takes NAME=VALUE, got 'aid_share'"),
    "set twice": (["run", "04", "--set", "aid_share=0", "--set", "aid_share=0"], "'aid_share' is set twice"),
    "missing table": (["run", "02", "--set", "table=none.csv"], "none.csv does not exist"),
    "no jobs": (["run", "04", "--jobs", "0"], "0 is not in the range"),
    "unknown command": (["rnu"], "No such command 'rnu'"),
    "unknown option": (["run", "--owt", "x"], "No such option"),
    "unknown data set": (["data", "show", "fundin"], "did you mean 'funding'?"),
    "params of no notebook": (["params", "9"], "there is no notebook '9'"),
}


@pytest.mark.parametrize("fault", BAD_REQUESTS)
def test_a_bad_request_gets_one_clear_sentence_before_anything_is_written(
    fault: str, ewppr: Callable[..., Answer], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.chdir(tmp_path)
    arguments, said = BAD_REQUESTS[fault]
    answer = ewppr(*arguments)
    assert answer.code == 2
    assert said in answer.err
    assert answer.err.startswith("ewppr: ")
    assert len(answer.err.strip().splitlines()) == 1
    assert list(tmp_path.iterdir()) == []


def test_an_output_folder_that_is_a_file_or_cannot_be_made_is_refused(ewppr: Callable[..., Answer], tmp_path: Path):
    (tmp_path / "file").write_text("x")
    for out in (tmp_path / "file", tmp_path / "file" / "below"):
        answer = ewppr("run", "04", "--out", out)
        assert answer.code == 2
        assert str(out) in answer.err
        assert len(answer.err.strip().splitlines()) <= 2
        assert "Traceback" not in answer.err


def test_parameters_are_listed_with_type_range_unit_and_meaning(ewppr: Callable[..., Answer]):
    answer = ewppr("params", "04")
    assert "aid_share" in answer.out
    assert "at least 0, at most 0.05" in answer.out
    listed = ewppr("params").out
    for known in (
        parameter for notebook in ("01_history", "02_funding_analysis") for parameter in parameters(notebook)
    ):
        assert known.name in listed
        assert known.meaning in listed


@pytest.mark.parametrize("notebook", ["01_history", "02_funding_analysis", "03_capacity_building", QUICK])
def test_every_parameter_has_a_meaning_and_a_unit(notebook: str):
    assert all(known.meaning and known.unit for known in parameters(notebook))
    assert settings_of(notebook)() is not None


def test_data_commands_list_show_and_check(ewppr: Callable[..., Answer]):
    assert all(name in ewppr("data", "list").out for name in data.names())
    shown = ewppr("data", "show", "funding").out
    assert "155346.160" in shown
    assert "units: million yuan" in shown
    assert "source STUDY_T1: " in shown
    assert ewppr("data", "check").out.splitlines()[-1].endswith("all hold")


def test_data_check_fails_with_a_sentence_when_a_table_is_spoilt(ewppr: Callable[..., Answer], edition: Path):
    path = edition / "data/study/cases.csv"
    path.write_text(path.read_text() + "one,cell\n")
    answer = ewppr("data", "check")
    assert answer.code == 2
    assert "cases.csv, row" in answer.err


def test_a_name_is_recorded_once_and_well_formed():
    run = start("04")
    for name in ("Aid", "", "a b"):
        with pytest.raises(RequestError, match="is no name for a result"):
            run.record(name, 1.0, "yuan")


def test_a_result_that_is_not_finite_is_refused():
    with pytest.raises(RequestError, match="value is nan; a finite number is expected"):
        start("04").record("aid", float("nan"), "yuan")


def test_start_checks_types_strictly():
    with pytest.raises(RequestError, match="number at least 0, at most 0.05 expected, got '0.001'"):
        start("04", aid_share="0.001")


def test_results_are_read_back_from_the_executed_notebook_alone():
    notebook = nbformat.read(ROOT / f"notebooks/{QUICK}.ipynb", as_version=4)
    names = [record["name"] for record in results.results(notebook)]
    assert names[:3] == ["donor_revenue", "actual_aid", "actual_share_of_revenue"]
    assert results.figures(notebook)[0]["figure"] == "fixed_share_by_donor"
    assert results.failure(notebook) is None
