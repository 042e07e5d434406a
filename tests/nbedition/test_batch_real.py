"""Batches with real kernels, kept small: warm and cold agree, kills lose nothing, Dask gives the same table."""

import json
import os
import random
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path

import pandas as pd
import pytest
from common import ROOT, Answer
from notebook_code import CELLS, SMALL, write_notebook

from nbedition import project, results
from nbedition.kernels import driver
from nbedition.kernels.wire import RunSpec
from nbedition.notebooks.provenance import Parts
from nbedition.runs.dask import RemoteRun

Ewppr = Callable[..., Answer]
pytestmark = pytest.mark.slow


def arguments(runs: int, out: Path) -> list[str]:
    return ["batch", "04", "--grid", f"aid_share=0.001:0.01:{runs}", "--jobs", "4", "--out", str(out)]


def test_plain_and_warm_kernels_give_the_same_table(ewppr: Ewppr, small: Path, tmp_path: Path):
    assert ewppr(*arguments(3, tmp_path / "warm")).code == 0
    assert ewppr(*arguments(3, tmp_path / "cold"), "--cold").code == 0
    warm = results(tmp_path / "warm")
    assert warm["value"].tolist() == [0.001, 0.0055, 0.01]
    pd.testing.assert_frame_equal(warm, results(tmp_path / "cold"))


def test_where_nothing_can_be_forked_plain_kernels_are_used_and_it_is_said_once(
    ewppr: Ewppr, small: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(driver, "possible", lambda: False)
    answer = ewppr(*arguments(2, tmp_path / "b"))
    assert answer.code == 0
    assert answer.err.count("kernels cannot be forked on this system") == 1


def children(pid: int) -> list[int]:
    listed = subprocess.run(["ps", "-o", "pid=", "--ppid", str(pid)], capture_output=True, text=True, check=False)
    return [int(number) for number in listed.stdout.split()]


def target_of(kind: str, process: subprocess.Popen[bytes]) -> int | None:
    """The process to kill, once there is one."""
    end = time.monotonic() + 60
    while process.poll() is None and time.monotonic() < end:
        servers = children(process.pid)
        kernels = children(servers[0]) if servers else []
        found = {"driver": [process.pid] if kernels else [], "server": servers if kernels else [], "kernel": kernels}
        if found[kind]:
            return found[kind][0]
        time.sleep(0.02)
    return None


@pytest.mark.skipif(not driver.possible(), reason="kernels are forked on Linux alone")
@pytest.mark.parametrize("kind", ["driver", "server", "kernel"])
def test_after_a_kill_the_same_command_gives_an_undisturbed_table(kind: str, small: Path, tmp_path: Path):
    out = tmp_path / "b"
    command = [sys.executable, "-m", "ewppr_lib.cli", *arguments(60, out)]
    process = subprocess.Popen(command, stderr=subprocess.DEVNULL)
    target = target_of(kind, process)
    time.sleep(random.uniform(0, 0.5))
    with suppress(ProcessLookupError):
        if target is not None:
            os.kill(target, signal.SIGKILL)
    process.wait(120)
    subprocess.run(command, check=True, capture_output=True)
    frame = results(out)
    assert frame["value"].tolist() == pytest.approx([0.001 + 0.009 * number / 59 for number in range(60)])
    entries = [json.loads(line) for line in (out / "journal.jsonl").read_text().splitlines()]
    assert sum(entry["status"] == "done" for entry in entries) == 60  # none was made again


def test_an_interrupted_batch_leaves_no_process_and_goes_on_later(small: Path, tmp_path: Path):
    command = [sys.executable, "-m", "ewppr_lib.cli", *arguments(60, tmp_path / "b")]
    before = signal.signal(signal.SIGINT, signal.default_int_handler)  # a shell may have it ignored
    process = subprocess.Popen(command, stderr=subprocess.PIPE, text=True)
    signal.signal(signal.SIGINT, before)
    server = target_of("server", process)
    process.send_signal(signal.SIGINT)
    _, said = process.communicate(timeout=60)
    assert process.returncode == 130
    assert "ewppr: interrupted.\n" in said
    assert not Path(f"/proc/{server}").exists()
    subprocess.run(command, check=True, capture_output=True)
    assert len(results(tmp_path / "b")) == 60


@pytest.mark.parametrize("more", [(), ("--cold",)])
@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_run_told_to_end_ends_its_notebooks_and_leaves_nothing(
    small: Path, tmp_path: Path, number: int, more: tuple[str, ...]
):
    write_notebook(small / f"notebooks/{SMALL}.ipynb", CELLS[0], "open('begun', 'w').close()\nwhile True:\n    pass")
    (room := tmp_path / "room").mkdir()
    command = [sys.executable, "-P", "-m", "ewppr_lib.cli", "run", "04", "--out", str(tmp_path / "b"), *more]
    before = signal.signal(signal.SIGINT, signal.default_int_handler)  # a shell may have it ignored
    at_work = os.environ | {"TMPDIR": str(room), "PYTHONPATH": str(ROOT)}
    process = subprocess.Popen(command, stderr=subprocess.PIPE, text=True, env=at_work, cwd=tmp_path)
    signal.signal(signal.SIGINT, before)
    while not (tmp_path / "begun").exists() and process.poll() is None:
        time.sleep(0.05)
    process.send_signal(number)
    _, said = process.communicate(timeout=20)
    assert process.returncode == 128 + number, said
    assert said.strip().endswith("ewppr: interrupted." if number == signal.SIGINT else "ewppr: told to end.")
    assert [*room.iterdir(), *(tmp_path / "b").iterdir()] == []


@pytest.fixture
def tiny_disk(tmp_path: Path) -> Iterator[Path]:
    place = tmp_path / "disk"
    place.mkdir()
    mounted = shutil.which("mount") and subprocess.run(
        ["mount", "-t", "tmpfs", "-o", "size=64k", "tmpfs", str(place)], capture_output=True, check=False
    )
    if not mounted or mounted.returncode:
        pytest.skip("a small disk cannot be mounted here")
    yield place
    subprocess.run(["umount", str(place)], check=True)


def test_a_disk_that_fills_up_ends_the_batch_in_one_sentence_and_it_completes_with_more_room(
    ewppr: Ewppr, small: Path, tiny_disk: Path
):
    answer = ewppr(*arguments(20, tiny_disk / "b"))
    assert answer.code == 1
    assert answer.err.strip().splitlines()[-1].startswith("ewppr: ")
    assert "cannot be written: its disk is full" in answer.err
    subprocess.run(["mount", "-o", "remount,size=4m", str(tiny_disk)], check=True)
    assert ewppr(*arguments(20, tiny_disk / "b")).code == 0
    assert len(results(tiny_disk / "b")) == 20


def test_dask_gives_the_same_table_and_carries_the_users_table(small: Path, tmp_path: Path):
    (tmp_path / "t").mkdir()
    for name, more in (("dask", ["--dask", "local:2"]), ("here", [])):
        command = [sys.executable, "-m", "ewppr_lib.cli", *arguments(4, tmp_path / name), *more]
        there = os.environ | {"TMPDIR": str(tmp_path / "t")}
        ended = subprocess.run(command, capture_output=True, text=True, check=False, env=there)
        assert ended.returncode == 0, ended.stderr
    assert not list((tmp_path / "t").iterdir())
    pd.testing.assert_frame_equal(results(tmp_path / "dask"), results(tmp_path / "here"))


def test_dask_workers_here_know_the_study_that_the_batch_is_of(
    ewppr: Ewppr, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    assert ewppr("init", tmp_path / "study").code == 0
    monkeypatch.delenv("NBEDITION_HOME", raising=False)
    command = [sys.executable, "-m", "ewppr_lib.cli", "batch", "01", "--grid", "class_size=14:20:4", "--out", "b"]
    ended = subprocess.run(
        [*command, "--dask", "local:2"], cwd=tmp_path / "study", capture_output=True, text=True, check=False
    )
    assert ended.returncode == 0, ended.stderr
    missing = results(tmp_path / "study/b").query("name == 'teachers_missing_last'")["value"]
    assert missing.tolist() == pytest.approx([21190 / size - 1142 for size in (14, 16, 18, 20)])


def test_a_dask_worker_elsewhere_that_knows_no_study_is_said_in_a_sentence(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    spec = RunSpec("01_schools", {"class_size": 14.0})
    there = RemoteRun(spec, Parts("", "", "", "", ""), {}, "", warm=True, memo=True, timeout=None)
    monkeypatch.delenv("NBEDITION_HOME", raising=False)
    monkeypatch.setattr(project, "_homes", [])
    monkeypatch.chdir(tmp_path)
    result = there()
    assert result.status == "refused"
    assert result.error.startswith(f"a Dask worker on {socket.gethostname()} knows no study (no study found in ")
    assert result.error.endswith("start it in the study's folder, or with NBEDITION_HOME set to that.")


WORKER_SEES = """
import json, os, warnings
from nbedition.runs.dask import cluster

warnings.simplefilter("error")
before = dict(os.environ)
with cluster("local:1", 1, warm=False) as (executor, _):
    there = executor.submit(lambda: dict(os.environ)).result()
assert dict(os.environ) == before
print(json.dumps({name: value for name, value in there.items() if before.get(name) != value}))
"""


def test_a_dask_worker_here_computes_with_the_environment_of_the_batch_and_needs_no_certain_port():
    with socket.socket() as usual:
        with suppress(OSError):  # somebody else has it, which will do
            usual.bind(("127.0.0.1", 8787))
            usual.listen()
        ended = subprocess.run([sys.executable, "-c", WORKER_SEES], capture_output=True, text=True, check=False)
    assert not ended.returncode, ended.stderr
    assert not [name for name in json.loads(ended.stdout) if name.startswith(("MALLOC", "OMP", "MKL", "OPENBLAS"))]


@pytest.fixture
def lasting(small: Path) -> Path:
    """An edition whose notebook 04 takes long enough to be seen at work on a busy machine."""
    write_notebook(small / f"notebooks/{SMALL}.ipynb", *CELLS, "import time\ntime.sleep(1)")
    return small


def parent_of_a_busy_server(driver_process: subprocess.Popen[bytes]) -> int | None:
    """A worker of the batch's own cluster whose kernel server has forked a kernel."""
    end = time.monotonic() + 120
    while driver_process.poll() is None and time.monotonic() < end:
        for worker in children(driver_process.pid):
            if any(children(server) for server in children(worker)):
                return worker
        time.sleep(0.05)
    return None


@pytest.mark.skipif(not driver.possible(), reason="kernels are forked on Linux alone")
def test_a_batch_on_dask_that_is_told_to_end_leaves_nothing_in_the_temporary_folder(lasting: Path, tmp_path: Path):
    (tmp_path / "t").mkdir()
    command = [sys.executable, "-m", "ewppr_lib.cli", *arguments(16, tmp_path / "b"), "--dask", "local:2"]
    process = subprocess.Popen(command, stderr=subprocess.PIPE, env=os.environ | {"TMPDIR": str(tmp_path / "t")})
    assert parent_of_a_busy_server(process) is not None
    process.terminate()
    _, said = process.communicate(timeout=120)
    assert process.returncode == 128 + signal.SIGTERM, said
    assert b"told to end" in said and b"Traceback" not in said
    assert not list((tmp_path / "t").iterdir())


@pytest.mark.skipif(not driver.possible(), reason="kernels are forked on Linux alone")
def test_a_killed_dask_worker_costs_nothing_but_time(lasting: Path, tmp_path: Path):
    command = [sys.executable, "-m", "ewppr_lib.cli", *arguments(16, tmp_path / "b"), "--dask", "local:2"]
    process = subprocess.Popen(command, stderr=subprocess.PIPE)
    worker = parent_of_a_busy_server(process)
    assert worker is not None
    servers = children(worker)
    os.kill(worker, signal.SIGKILL)
    _, said = process.communicate(timeout=300)
    assert process.returncode == 0, said
    assert results(tmp_path / "b")["value"].tolist() == pytest.approx([0.001 + 0.009 * n / 15 for n in range(16)])
    end = time.monotonic() + 60
    while (left := [server for server in servers if Path(f"/proc/{server}").exists()]) and time.monotonic() < end:
        time.sleep(0.1)
    assert not left


def test_a_lost_dask_scheduler_ends_the_batch_in_one_sentence(small: Path, tmp_path: Path):
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    place = [sys.executable, "-m", "distributed.cli.dask_scheduler", "--host", "127.0.0.1", "--port", str(port)]
    scheduler = subprocess.Popen([*place, "--no-dashboard"], stderr=subprocess.PIPE, text=True)
    address = f"tcp://127.0.0.1:{port}"
    worker = subprocess.Popen(
        [sys.executable, "-m", "distributed.cli.dask_worker", address, "--no-nanny", "--no-dashboard"],
        stderr=subprocess.DEVNULL,
        cwd=tmp_path,
    )
    try:
        end = time.monotonic() + 60
        while time.monotonic() < end and "Register worker" not in scheduler.stderr.readline():
            pass
        command = [sys.executable, "-m", "ewppr_lib.cli", *arguments(20, tmp_path / "b"), "--dask", address]
        process = subprocess.Popen(command, stderr=subprocess.PIPE, text=True)
        while process.poll() is None and not list(tmp_path.glob("b/runs/*.ipynb")):
            time.sleep(0.05)
        scheduler.kill()
        _, said = process.communicate(timeout=120)
    finally:
        for helper in (scheduler, worker):
            helper.kill()
            helper.wait()
        scheduler.stderr.close()
    assert process.returncode == 1
    assert said.strip().splitlines()[-1].startswith("ewppr: the Dask scheduler was lost; ")
    assert "Traceback" not in said


def test_a_dask_address_where_nobody_answers_is_said_and_not_waited_for(small: Path, tmp_path: Path):
    command = [sys.executable, "-m", "ewppr_lib.cli", *arguments(4, tmp_path / "b"), "--dask", "tcp://127.0.0.1:9"]
    ended = subprocess.run(command, capture_output=True, text=True, check=False, timeout=120)
    assert ended.returncode == 2
    assert "no Dask scheduler answers at 'tcp://127.0.0.1:9'" in ended.stderr
    assert "Traceback" not in ended.stderr
