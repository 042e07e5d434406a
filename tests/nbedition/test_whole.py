"""Folders that stand whole or not at all, and one process at a time that writes them, with real processes and kills."""

import json
import socket
import subprocess
import sys
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

import pytest
from common import Answer
from notebook_code import SMALL as QUICK

from crossfoot.errors import RequestError
from ewppr_lib.cli import main
from nbedition.kernels import driver
from nbedition.kernels.wire import RunResult, RunSpec
from nbedition.notebooks.outputs import ASKED
from nbedition.notebooks.recorder import start
from nbedition.runs import execute, whole
from nbedition.runs.whole import publish, staged

Ewppr = Callable[..., Answer]
WRITER = """
import os, signal, sys
from pathlib import Path
from nbedition.runs import whole

place = Path(sys.argv[1])

def write(text):
    with whole.staged(place) as made:
        for name in "abc":
            (made / name).write_text(text)
        whole.publish(made, place)

def write_and_die(steps):
    def killed_after(_frame, event, _given):
        nonlocal steps
        steps -= event == "line"
        if steps <= 0:
            signal.raise_signal(signal.SIGKILL)
        return killed_after
    sys.settrace(killed_after)
    write("new")
    os._exit(0)

write("old")
for steps in range(1, 100_000, 11):
    if not (pid := os.fork()):
        write_and_die(steps)
    _, status = os.waitpid(pid, 0)
    texts = [(path.name, path.read_text()) for path in sorted(place.iterdir())]
    print(os.waitstatus_to_exitcode(status), texts, flush=True)
    if status == 0:
        break
    write("old")
"""


def test_killed_at_any_step_what_stands_is_the_old_folder_or_the_new_one_and_the_next_leaves_nothing_else(
    tmp_path: Path,
):
    command = [sys.executable, "-c", WRITER, str(tmp_path / "folder")]
    lines = subprocess.run(command, check=True, capture_output=True, text=True).stdout.splitlines()
    old, new = ([(name, text) for name in "abc"] for text in ("old", "new"))
    assert set(lines) >= {f"-9 {old}", f"-9 {new}", f"0 {new}"}
    assert set(lines) <= {f"-9 {old}", f"-9 {new}", f"0 {new}"}
    assert len(lines) > 20
    assert [path.name for path in tmp_path.iterdir()] == ["folder"]


def test_where_two_folders_cannot_change_names_a_kill_between_is_put_right_by_the_next(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    place, rename = tmp_path / "folder", Path.rename
    place.mkdir()
    (place / "a").write_text("old")

    def once(path: Path, target: Path) -> Path:
        if path.name.endswith(".new"):
            raise KeyboardInterrupt
        return rename(path, target)

    monkeypatch.setattr(whole, "_exchange", lambda *_: False)
    with monkeypatch.context() as patched:
        patched.setattr(Path, "rename", once)
        patched.setattr(whole.shutil, "rmtree", lambda *_, **__: None)
        with pytest.raises(KeyboardInterrupt), staged(place) as made:
            publish(made, place)
    assert not place.exists()
    with staged(place):
        assert (place / "a").read_text() == "old"
    with staged(place) as made:
        (made / "a").write_text("new")
        publish(made, place)
    assert (place / "a").read_text() == "new"
    assert [path.name for path in tmp_path.iterdir()] == ["folder"]


HOLD = """
import sys
from pathlib import Path
from nbedition.runs.whole import held
place = Path(sys.argv[1])
with held(Path(sys.argv[2]), place, "at work in"):
    print("held", flush=True)
    sys.stdin.read()
"""


@pytest.mark.parametrize(
    ("command", "lock"), [(["run", "04"], "out/.lock"), (["site", "--from", "build"], ".out.lock")]
)
def test_a_second_process_that_would_write_the_same_folder_is_refused_at_once(
    command: list[str], lock: str, ewppr: Ewppr, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr("nbedition.site.build.read_build", lambda _build: None)
    Path("out").mkdir()
    held = [sys.executable, "-c", HOLD, "out", lock]
    with subprocess.Popen(held, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout.readline() == "held\n"
        answer = ewppr(*command, "--out", "out")
        process.kill()
    assert answer.code == 2
    assert f"process {process.pid} on {socket.gethostname()} has since " in answer.err
    assert "wait for it, or name another folder" in answer.err


def made_of(text: str) -> Callable[..., RunResult]:
    """A stand-in for kernels: a notebook of one text."""
    return lambda spec, **_how: RunResult(spec, json.dumps({"cells": [], "made": text}).encode())


def test_a_run_during_which_the_data_is_edited_is_not_kept(
    ewppr: Ewppr, edition: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    def editing(spec: RunSpec, **_how: object) -> RunResult:
        with (edition / "data/assumptions.yml").open("a") as file:
            file.write("# edited\n")
        return made_of("edited")(spec)

    out = tmp_path / "out"
    monkeypatch.setattr("nbedition.kernels.engine.execute", made_of("first"))
    assert ewppr("run", "04", "--out", out).code == 0
    (out / QUICK / "notes.txt").write_text("mine")
    before = {path.name: path.read_bytes() for path in (out / QUICK).iterdir()}
    monkeypatch.setattr("nbedition.kernels.engine.execute", editing)
    answer = ewppr("run", "04", "--out", out, "--force")
    assert answer.code == 1
    assert "the data was written while it ran; run it again" in answer.err
    assert {path.name: path.read_bytes() for path in (out / QUICK).iterdir()} == before
    monkeypatch.setattr("nbedition.kernels.engine.execute", made_of("second"))
    assert ewppr("run", "04", "--out", out).code == 0
    assert b"second" in (out / QUICK / f"{QUICK}.ipynb").read_bytes()
    assert (out / QUICK / "notes.txt").read_text() == "mine"
    assert {path.name for path in out.iterdir()} == {QUICK, "failed"}


def test_a_file_where_the_folder_of_a_run_should_be_is_left_alone(
    ewppr: Ewppr, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr("nbedition.kernels.engine.execute", made_of("first"))
    (tmp_path / QUICK).write_text("mine")
    answer = ewppr("run", "04", "--out", tmp_path)
    assert answer.code == 2
    assert (tmp_path / QUICK).read_text() == "mine"


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        (
            RunSpec(QUICK, {"aid_share": 0.002}),
            "was to be run with aid_share=0.002, and its cells start with aid_share",
        ),
        (RunSpec(QUICK), "was to be run with aid_share=0.001, and its cells start with aid_share=0.003"),
        (RunSpec("02_funding_analysis"), "02_funding_analysis was to be run, and its cells start notebook 04"),
    ],
)
def test_a_run_whose_cells_use_other_parameters_than_it_was_asked_for_is_refused(
    asked: RunSpec, said: str, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setenv(ASKED, asked.as_asked())
    with pytest.raises(RequestError, match=said):
        start("04", aid_share=0.003)
    monkeypatch.setenv(ASKED, RunSpec(QUICK, {"aid_share": 0.003, "pictures": False}).as_asked())
    assert start("04", aid_share=0.003).settings.aid_share == 0.003


def test_a_table_of_ones_own_is_read_as_it_was_digested_or_not_at_all(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    from nbedition import data

    table = tmp_path / "mine.csv"
    data.load("funding").to_csv(table)
    digest = execute.Environment().table(str(table))
    spec = RunSpec("02_funding_analysis", {"table": str(table)}, tables={"table": digest})
    monkeypatch.setenv(ASKED, spec.as_asked())
    run = start("02", table=str(table))
    run.load("funding")
    table.write_text(table.read_text().replace("2003,343.795", "2003,743.795"))
    with pytest.raises(RequestError, match="has changed since this run began"):
        run.load("funding")
    with pytest.raises(RequestError, match="has changed since the run was asked for"):
        start("02", table=str(table))


@pytest.mark.slow
def test_every_kind_of_kernel_refuses_a_notebook_that_does_not_use_what_it_was_asked_for(
    ewppr: Ewppr, small: Path, tmp_path: Path
):
    path = small / f"notebooks/{QUICK}.ipynb"
    path.write_text(path.read_text().replace("aid_share=aid_share", "aid_share=0.005"))
    for command in (["run", "04", "--set"], ["batch", "04", "--grid"], ["batch", "04", "--cold", "--grid"]):
        answer = ewppr(*command, "aid_share=0.002", "--out", tmp_path / f"b{len(command)}{command[0]}")
        assert answer.code == 1
        assert "was to be run with aid_share=0.002, and its cells start with aid_share=0.005" in answer.err
    assert ewppr("run", "04", "--set", "aid_share=0.005", "--out", tmp_path / "as asked").code == 0


def test_a_folder_in_the_temporary_folder_is_removed_only_where_we_made_it_and_left_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(driver.tempfile, "gettempdir", lambda: str(tmp_path))
    monkeypatch.setattr(driver, "LONGEST_FOLDER", 999)
    gone = subprocess.run([sys.executable, "-c", "import os; print(os.getpid())"], capture_output=True, check=True)
    ours = json.loads((driver.private_folder() / driver.MARK).read_text())
    kept = {"file": None, "living": ours, "elsewhere": {**ours, "pid": int(gone.stdout), "host": "elsewhere"}}
    kept |= {"other": {"pid": int(gone.stdout)}, "list": [], "none": {**ours, "made by": "me", "pid": int(gone.stdout)}}
    for name, token in (kept | {"left": {**ours, "pid": int(gone.stdout)}}).items():
        folder = tmp_path / f"ewppr-{name}"
        folder.mkdir()
        (folder / "server").write_text("")
        if token is not None:
            (folder / driver.MARK).write_text(json.dumps(token))
    (tmp_path / "ewppr-link").symlink_to(tmp_path / "ewppr-living")
    driver.private_folder()
    there = {path.name for path in tmp_path.iterdir()}
    assert {f"ewppr-{name}" for name in kept} <= there
    assert "ewppr-left" not in there


@pytest.mark.parametrize("command", [["params", "04"], ["data", "list"], ["results", "none"], ["why", "none"]])
def test_the_first_line_on_standard_error_names_the_study(
    command: list[str], edition: Path, capsys: pytest.CaptureFixture[str]
):
    with suppress(SystemExit):
        main(command)
    said = capsys.readouterr()
    assert said.err.splitlines()[0] == f"study ewppr in {edition}"
    assert "study ewppr" not in said.out


def test_a_study_without_its_project_file_is_not_taken_for_the_edition(
    ewppr: Ewppr, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    assert ewppr("init", tmp_path / "study").code == 0
    (tmp_path / "study/study.toml").unlink()
    monkeypatch.delenv("NBEDITION_HOME", raising=False)
    monkeypatch.chdir(tmp_path / "study/notebooks")
    for command in (["params"], ["run"], ["batch", "01", "--grid", "class_size=14"]):
        answer = ewppr(*command, *(["--out", "b"] if command != ["params"] else []))
        assert answer.code == 2
        assert f"{tmp_path}/study looks like a study" in answer.err
        assert not Path("b").exists()


@pytest.mark.parametrize("command", ["release", "site"])
def test_a_folder_of_runs_that_is_named_and_holds_none_is_refused(
    command: str, ewppr: Ewppr, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.chdir(tmp_path)
    answer = ewppr(command, "--from", "biuld", "--out", "new.zip")
    assert answer.code == 2
    assert "run --out biuld" in answer.err
    assert not list(tmp_path.iterdir())
