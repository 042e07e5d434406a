"""Batches: what is asked, what is run, what is kept, what is refused. Runs are made by a stand-in for speed."""

import errno
import json
import os
import re
import resource
import shutil
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import pandas as pd
import pytest
from common import Answer

from crossfoot.errors import CheckFailed
from nbedition import data, results
from nbedition.kernels import engine
from nbedition.kernels.wire import RunResult, RunSpec
from nbedition.notebooks.provenance import Environment
from nbedition.runs import batch, sweep
from nbedition.runs.journal import Entry, Folder
from nbedition.runs.sweep import grid_sweep, make_plan, read_sweeps

Ewppr = Callable[..., Answer]
GRID = ("batch", "04", "--grid", "aid_share=0.001:0.01:10")


class StandIn:
    """Makes runs without kernels: one result, the share doubled; a share above `fails_above` fails."""

    def __init__(self) -> None:
        self.made: list[RunSpec] = []
        self.fails_above = 1.0
        self.unit = "share"
        self.lost_once: set[float] = set()
        self.lock = threading.Lock()

    def __call__(self, spec: RunSpec, **_how: object) -> RunResult:
        share = float(spec.parameters.get("aid_share", 0))
        with self.lock:
            self.made.append(spec)
            if share in self.lost_once:
                self.lost_once.discard(share)
                return RunResult(spec, b"{}", error="Kernel died", status="lost")
        if share > self.fails_above:
            return RunResult(spec, b"{}", error="code cell 1 raised ValueError: too much", status="failed")
        result = {"name": "doubled", "value": share * 2, "unit": self.unit, "low": None, "high": None, "claim": None}
        return RunResult(spec, b"{}", [result])


@pytest.fixture
def made(monkeypatch: pytest.MonkeyPatch) -> StandIn:
    stand_in = StandIn()
    monkeypatch.setattr(engine, "carry_out", stand_in)
    return stand_in


def test_no_text_of_a_table_of_results_is_a_formula_to_a_spreadsheet(ewppr: Ewppr, made: StandIn, tmp_path: Path):
    made.unit = "=1+1"
    assert ewppr(*GRID, "--out", tmp_path / "b").code == 0
    assert ewppr("results", tmp_path / "b", "--out", tmp_path / "r.csv").code == 0
    assert set(pd.read_csv(tmp_path / "r.csv")["unit"]) == {"'=1+1"}
    assert set(results(tmp_path / "b")["unit"]) == {"=1+1"}


def test_a_batch_makes_every_combination_once_and_the_table_has_all_parameters(
    ewppr: Ewppr, made: StandIn, tmp_path: Path
):
    answer = ewppr(*GRID, "--grid", "leverage=3,5", "--out", tmp_path / "b")
    assert answer.code == 0, answer.err
    assert len(made.made) == 20
    frame = results(tmp_path / "b")
    assert len(frame) == 20
    assert frame["run"].is_unique
    assert sorted(set(frame["leverage"])) == [3.0, 5.0]
    assert (frame["value"] == frame["aid_share"] * 2).all()
    assert list(frame.columns[:2]) == ["run", "notebook"]
    assert list(frame.columns[-6:]) == ["name", "value", "unit", "low", "high", "claim"]
    assert {path.stem for path in (tmp_path / "b/runs").iterdir()} == set(frame["run"])


def test_the_same_command_again_makes_nothing_and_a_larger_grid_only_what_is_missing(
    ewppr: Ewppr, made: StandIn, tmp_path: Path
):
    ewppr(*GRID, "--out", tmp_path)
    again = ewppr(*GRID, "--out", tmp_path)
    assert "all 10 runs are done; nothing to do" in again.err
    assert len(made.made) == 10
    ewppr("batch", "04", "--grid", "aid_share=0.001:0.012:12", "--out", tmp_path)
    assert len(made.made) == 12
    assert len(results(tmp_path)) == 12


def test_a_default_given_outright_is_the_same_run(ewppr: Ewppr, made: StandIn, tmp_path: Path):
    ewppr("batch", "04", "--grid", "aid_share=0.001", "--out", tmp_path)
    ewppr("batch", "04", "--grid", "aid_share=0.001", "--set", "leverage=0", "--out", tmp_path)
    assert len(made.made) == 1


def test_a_failed_run_keeps_its_notebook_the_others_go_on_and_only_retry_makes_it_again(
    ewppr: Ewppr, made: StandIn, tmp_path: Path
):
    made.fails_above = 0.0085
    first = ewppr(*GRID, "--out", tmp_path)
    assert first.code == 1
    assert "2 of 10 runs failed, the first with: code cell 1 raised ValueError: too much" in first.err
    assert len(list((tmp_path / "failed").iterdir())) == 2
    again = ewppr(*GRID, "--out", tmp_path)
    assert again.code == 1
    assert len(made.made) == 10
    made.fails_above = 1.0
    assert ewppr(*GRID, "--out", tmp_path, "--retry-failed").code == 0
    assert len(made.made) == 12
    assert list((tmp_path / "failed").iterdir()) == []


def test_a_run_whose_kernel_dies_is_tried_once_more(ewppr: Ewppr, made: StandIn, tmp_path: Path):
    made.lost_once = {0.001, 0.002}
    assert ewppr(*GRID, "--out", tmp_path).code == 0
    assert len(made.made) == 12
    assert len(results(tmp_path)) == 10


def test_a_torn_last_line_and_a_half_written_file_are_put_right(ewppr: Ewppr, made: StandIn, tmp_path: Path):
    ewppr(*GRID, "--out", tmp_path)
    undisturbed = results(tmp_path)
    journal = tmp_path / "journal.jsonl"
    journal.write_bytes(journal.read_bytes()[:-40])
    (tmp_path / "runs/.half.ipynb.part").write_text("{")
    content = json.loads((tmp_path / "batch.json").read_text())
    (tmp_path / "batch.json").write_text(json.dumps({**content, "complete": False}))
    with pytest.warns(UserWarning, match="has 9 of 10 runs: 0 failed, 1 are not made"):
        assert len(results(tmp_path)) == 9
    assert ewppr(*GRID, "--out", tmp_path).code == 0
    assert len(made.made) == 11
    pd.testing.assert_frame_equal(results(tmp_path), undisturbed)
    assert not list((tmp_path / "runs").glob(".*"))


def test_a_lost_executed_notebook_is_made_again(ewppr: Ewppr, made: StandIn, tmp_path: Path):
    ewppr(*GRID, "--out", tmp_path)
    next((tmp_path / "runs").iterdir()).unlink()
    ewppr(*GRID, "--out", tmp_path)
    assert len(made.made) == 11


def test_why_says_which_part_changed_and_the_next_batch_makes_all_runs_again(
    ewppr: Ewppr, made: StandIn, edition: Path, tmp_path: Path
):
    out = tmp_path / "b"
    ewppr(*GRID, "--out", out)
    assert "10 runs: 10 unchanged, 0 to be made again" in ewppr("why", out).out
    path = edition / "data/assumptions.yml"
    path.write_text(path.read_text() + "\n# a comment\n")
    said = ewppr("why", out).out
    assert "10 runs: 0 unchanged, 10 to be made again" in said
    assert "the data files: changed for 10 runs (data/assumptions.yml)" in said
    assert "the library's source: unchanged" in said
    key = results(out)["run"].iloc[0]
    assert "to be made again: the data files changed" in ewppr("why", out, key[:8]).out
    ewppr(*GRID, "--out", out)
    assert len(made.made) == 20
    assert len(results(out)) == 10


def test_results_are_written_as_csv_and_parquet(ewppr: Ewppr, made: StandIn, tmp_path: Path):
    ewppr(*GRID, "--out", tmp_path / "b")
    for name, read in (("x.csv", pd.read_csv), ("x.parquet", pd.read_parquet)):
        assert ewppr("results", tmp_path / "b", "--out", tmp_path / name).code == 0
        assert read(tmp_path / name)["value"].tolist() == results(tmp_path / "b")["value"].tolist()
    assert ewppr("results", tmp_path / "b", "--out", tmp_path / "x.xlsx").code == 2


def test_a_dry_run_counts_and_shows_but_makes_nothing(ewppr: Ewppr, made: StandIn, tmp_path: Path):
    answer = ewppr(*GRID, "--out", tmp_path / "b", "--dry-run")
    assert answer.code == 0
    assert "10 runs, 10 to be made: about " in answer.out
    assert "aid_share=0.001" in answer.out
    assert not (tmp_path / "b").exists()
    assert made.made == []


SWEEP = """
- notebook: "04"
  fixed: {leverage: 4.0}
  grid: {default_rate: [0.01, 0.02]}
  zip: {aid_share: [0.001, 0.002, 0.003], seed: [1, 2, 3]}
- notebook: 4
  latin_hypercube: {samples: 8, seed: 1, ranges: {aid_share: [0.001, 0.01], years: [1, 3]}}
- notebooks: ["04"]
  sobol: {samples: 4, seed: 1, ranges: {aid_share: [0.001, 0.01]}}
"""


def test_a_sweep_file_crosses_grids_zips_lists_and_samples_designs(tmp_path: Path):
    path = tmp_path / "sweep.yml"
    path.write_text(SWEEP)
    crossed, hypercube, sobol = read_sweeps(path)
    assert len(crossed) == 6
    assert list(crossed)[1] == ("04", {"leverage": 4.0, "default_rate": 0.01, "aid_share": 0.002, "seed": 2})
    points = [values for _, values in hypercube]
    assert {values["years"] for values in points} == {1, 2, 3}
    shares = sorted(values["aid_share"] for values in points)
    assert all(0.001 + 0.009 * n / 8 <= share <= 0.001 + 0.009 * (n + 1) / 8 for n, share in enumerate(shares))
    assert len(list(sobol)) == 4
    assert list(read_sweeps(path)[1]) == list(hypercube)


def test_a_hundred_thousand_combinations_are_checked_in_seconds_with_little_memory(tmp_path: Path):
    sweep = grid_sweep("04", ["aid_share=0.001:0.01:100", "leverage=1:9:20"], {})
    plan = make_plan([sweep], Environment())
    assert len(plan.keys) == 2000


BAD = {
    "unknown notebook": (["batch", "9", "--grid", "a=1,2"], "there is no notebook '9'"),
    "unknown parameter": (["batch", "04", "--grid", "aid_shar=1,2"], "did you mean 'aid_share'?"),
    "out of range": (["batch", "04", "--grid", "aid_share=0.001:0.9:3"], "at most 0.05 expected, got '0.4505'"),
    "empty grid": (["batch", "04", "--grid", "aid_share="], "the grid of 'aid_share' is empty"),
    "low above high": (["batch", "04", "--grid", "aid_share=2:1:3"], "LO must not be above HI"),
    "no count": (["batch", "04", "--grid", "aid_share=1:2"], "LO:HI:N with N a whole number"),
    "other digits": (["batch", "04", "--grid", "seed=\u0661:\u0663:3"], "LO:HI:N with N a whole number"),
    "other workers": (["batch", "04", "--grid", "seed=1,2", "--dask", "local:\u00b2"], "local:N with N of 1 or more"),
    "no text": (["batch", "04", "--grid", "a\udcff=1,2"], "the name of a parameter is no text"),
    "not a grid": (["batch", "04", "--grid", "aid_share"], "--grid takes NAME=V1,V2 or NAME=LO:HI:N"),
    "nothing varies": (["batch", "04"], "nothing varies"),
    "twice": (["batch", "04", "--grid", "seed=1,2", "--grid", "seed=3"], "'seed' is given twice"),
    "a million": (["batch", "04", "--grid", "aid_share=0:0.05:1000", "--grid", "seed=1:1000:1000"], "say --yes"),
    "no sweep file": (["batch", "--sweep", "none.yml"], "the sweep file none.yml does not exist"),
    "sweep and grid": (["batch", "04", "--sweep", "none.yml"], "do not go with it"),
    "dask nowhere": ([*GRID, "--dask", "local:0"], "an address or local:N"),
}


@pytest.mark.parametrize("fault", BAD)
def test_a_bad_batch_gets_one_clear_sentence_and_no_run(
    fault: str, ewppr: Ewppr, made: StandIn, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.chdir(tmp_path)
    arguments, said = BAD[fault]
    answer = ewppr(*arguments, "--out", "b")
    assert answer.code == 2
    assert said in answer.err
    assert len(answer.err.strip().splitlines()) == 1
    assert made.made == []


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("notebook: '04'\ngird: {a: [1]}", "there is no key 'gird'; did you mean 'grid'?"),
        ("grid: {a: [1]}", "one of 'notebook' and 'notebooks' is expected"),
        ("notebook: '04'\ngrid: {aid_share: []}", "the grid of 'aid_share' is empty"),
        ("notebook: '04'\nzip: {aid_share: [0.1], seed: [1, 2]}", "must be of one length"),
        ("notebook: '04'\nsobol: {samples: 4, seed: 1, ranges: {aid_share: [2, 1]}}", "LO must be below HI"),
        ("notebook: '04'\nsobol: {samples: 4, ranges: {aid_share: [0, 1]}}", "needs 'samples'"),
        ("notebook: '04'\nfixed: {seed: 1}\ngrid: {seed: [1, 2]}", "'seed' is given twice"),
        ("notebook: '04'\nsobol: {samples: 4, seed: -1, ranges: {aid_share: [0, 1]}}", "(a whole number, 0 or more)"),
        ("notebook: '04'\nsobol: {samples: 4, seed: true, ranges: {aid_share: [0, 1]}}", "(a whole number, 0 or more)"),
        ("notebook: '04'\nsobol: {samples: 4, seed: 1, ranges: {seed: [0, .inf]}}", "both between -1e+300 and 1e+300"),
        ("notebook: '04'\nsobol: {samples: 4, seed: 1, ranges: {seed: [0, .nan]}}", "both between -1e+300 and 1e+300"),
        (
            f"notebook: '04'\nsobol: {{samples: 4, seed: 1, ranges: {{seed: [0, 1{'0' * 400}]}}}}",
            "both between -1e+300",
        ),
        (
            "notebook: '04'\nsobol: {samples: 4, seed: 1, ranges: {seed: [0.2, 0.8]}}",
            "there is no whole number for 'seed'",
        ),
        ("notebook: '04'\nsobol: {samples: 4, seed: 1, ranges: {seed: [false, true]}}", "is [LO, HI], got"),
        ("notebook: '04'\ngrid: {seed: [!!int 0x10]}", "is not plain YAML"),
        ("notebook: '04'\ngrid: {seed: [!!timestamp x]}", "a tag (!!) stands before something else than it says"),
        ("notebook: '04'\ngrid: {seed: [!!bool x]}", "a tag (!!) stands before something else than it says"),
        ("notebook: '04'\ngrid: {seed: [!!float '']}", "is not plain YAML"),
        ("- 4", "names with values are expected, got 4"),
        ("[]", "is empty"),
    ],
)
def test_a_bad_sweep_file_is_named_with_the_place_of_the_fault(text: str, said: str, ewppr: Ewppr, tmp_path: Path):
    (tmp_path / "sweep.yml").write_text(text)
    answer = ewppr("batch", "--sweep", tmp_path / "sweep.yml", "--out", tmp_path / "b")
    assert answer.code == 2
    assert said in answer.err
    assert "sweep.yml" in answer.err


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("sobol: {samples: 4000000000, seed: 1, ranges: {aid_share: [0, 0.05]}}", "asks for 4,000,000,000 runs"),
        ("grid: {aid_share: '0:0.05:9000000'}", "asks for 9,000,000 runs"),
        ("grid: {aid_share: '-1e308:1e308:3'}", "LO must not be above HI"),
        ("grid: {seed: [0x10]}", "at most 2147483648 expected, got '0x10'"),
    ],
)
def test_what_a_sweep_asks_for_is_looked_at_before_a_point_of_it_is_made(
    text: str, said: str, ewppr: Ewppr, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(sweep, "_unit_points", None)
    (tmp_path / "sweep.yml").write_text(f"notebook: '04'\n{text}")
    answer = ewppr("batch", "--sweep", tmp_path / "sweep.yml", "--out", tmp_path / "b")
    assert answer.code == 2
    assert said in answer.err


def test_numbers_of_a_sweep_file_are_decimal_and_a_range_needs_no_quotes(tmp_path: Path):
    (tmp_path / "sweep.yml").write_text(
        "notebook: 04\nfixed: {aid_share: 1e-3}\ngrid: {seed: 1:10:4, leverage: [010.5]}"
    )
    (read,) = read_sweeps(tmp_path / "sweep.yml")
    assert [values["seed"] for _, values in read] == [1, 4, 7, 10]
    assert next(iter(read)) == ("4", {"aid_share": 0.001, "seed": 1, "leverage": 10.5})
    (tmp_path / "sweep.yml").write_text("notebook: 04\ngrid: {seed: [010, 08, +7, 1e1]}")
    made = make_plan(read_sweeps(tmp_path / "sweep.yml"), Environment())
    assert [spec.parameters["seed"] for spec in made.specs()] == [10, 8, 7]


def test_a_folder_that_holds_something_else_is_left_alone(ewppr: Ewppr, made: StandIn, tmp_path: Path):
    (tmp_path / "thesis.tex").write_text("mine")
    answer = ewppr(*GRID, "--out", tmp_path)
    assert answer.code == 2
    assert "holds something else ('thesis.tex')" in answer.err
    assert [path.name for path in tmp_path.iterdir()] == ["thesis.tex"]
    assert ewppr("results", tmp_path).code == 2
    assert ewppr("why", tmp_path).code == 2


HOLD = """
import sys
from pathlib import Path
from nbedition.runs.journal import Folder
folder = Folder(Path(sys.argv[1]))
folder.prepare()
with folder.held():
    print("held", flush=True)
    sys.stdin.read()
"""


@pytest.fixture
def holder(tmp_path: Path) -> Iterator[subprocess.Popen[str]]:
    command = [sys.executable, "-c", HOLD, str(tmp_path / "b")]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout.readline() == "held\n"
        yield process
        process.kill()


def test_a_second_batch_is_refused_at_once_and_says_who_holds_the_folder(
    ewppr: Ewppr, made: StandIn, tmp_path: Path, holder: subprocess.Popen[str]
):
    answer = ewppr(*GRID, "--out", tmp_path / "b")
    assert answer.code == 2
    assert f"process {holder.pid} on {os.uname().nodename} has since " in answer.err
    assert made.made == []


def test_the_lock_of_a_killed_process_is_taken_over(
    ewppr: Ewppr, made: StandIn, tmp_path: Path, holder: subprocess.Popen[str]
):
    holder.kill()
    holder.wait()
    assert (tmp_path / "b/.holder.json").exists()
    assert ewppr(*GRID, "--out", tmp_path / "b").code == 0


def test_a_full_disk_ends_in_one_sentence_and_the_same_command_completes_later(
    ewppr: Ewppr, made: StandIn, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    keep, kept = Folder.keep, []

    def full_after_four(self: Folder, key: str, notebook: bytes, *, failed: bool) -> None:
        if len(kept) == 4:
            raise OSError(errno.ENOSPC, "No space left on device")
        kept.append(key)
        keep(self, key, notebook, failed=failed)

    with monkeypatch.context() as patched:
        patched.setattr(Folder, "keep", full_after_four)
        answer = ewppr(*GRID, "--out", tmp_path / "b")
    assert answer.code == 1
    assert "its disk is full; 4 of 10 runs are kept; make space and give the same command again." in answer.err
    assert ewppr(*GRID, "--out", tmp_path / "b").code == 0
    assert len(results(tmp_path / "b")) == 10


def test_a_change_of_the_data_in_mid_batch_stops_it(
    ewppr: Ewppr, edition: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    def changing(spec: RunSpec, **_how: object) -> RunResult:
        path = edition / "data/assumptions.yml"
        path.write_text(path.read_text() + "\n# changed\n")
        return RunResult(spec, b"{}")

    monkeypatch.setattr(engine, "carry_out", changing)
    answer = ewppr(*GRID, "--out", tmp_path / "b")
    assert answer.code == 1
    assert "the data changed on disk while the batch ran" in answer.err


@pytest.fixture
def table(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A table of the user's own in the current folder."""
    data.load("funding").to_csv(tmp_path / "mine.csv")
    monkeypatch.chdir(tmp_path)
    return Path("mine.csv")


OWN = ("batch", "02", "--grid", "confidence=0.6:0.95:8", "--set", "table=mine.csv", "--jobs", "1", "--out", "b")


def edit(path: Path) -> None:
    """Change one figure of a table of one's own; its size and its time of writing stay."""
    before, text = path.stat(), path.read_text()
    assert "2003,343.795" in text
    path.write_text(text.replace("2003,343.795", "2003,743.795"))
    os.utime(path, ns=(before.st_atime_ns, before.st_mtime_ns))


class Editing(StandIn):
    """Makes runs, the fourth of which an edit meets."""

    def __init__(self, change: Callable[[], None]) -> None:
        super().__init__()
        self.change = change

    def __call__(self, spec: RunSpec, **how: object) -> RunResult:
        result = super().__call__(spec, **how)
        if len(self.made) == 4:
            self.change()
        return result


def test_a_table_of_ones_own_that_is_edited_in_mid_batch_stops_it_and_no_run_is_kept_under_its_key(
    ewppr: Ewppr, table: Path, monkeypatch: pytest.MonkeyPatch
):
    text, stand_in = table.read_text(), Editing(lambda: edit(table))
    monkeypatch.setattr(engine, "carry_out", stand_in)
    answer = ewppr(*OWN)
    assert answer.code == 1
    first = {path.name for path in Path("b/runs").iterdir()}
    assert len(first) <= 3
    said = f"mine.csv changed on disk while the batch ran; {len(first)} runs made before that are kept"
    assert said in answer.err
    table.write_text(text)
    assert f"8 runs: {len(first)} done before, {8 - len(first)} now, 0 failed" in ewppr(*OWN).err
    assert first < {path.name for path in Path("b/runs").iterdir()}


def test_a_run_that_met_a_file_in_the_middle_of_an_edit_is_made_again_though_all_is_as_before(
    ewppr: Ewppr, table: Path, monkeypatch: pytest.MonkeyPatch
):
    def written_again() -> None:
        shutil.copy(table, "again.csv")
        Path("again.csv").replace(table)  # in one step, so that nobody sees half of it

    stand_in = Editing(written_again)
    monkeypatch.setattr(engine, "carry_out", stand_in)
    assert ewppr(*OWN).code == 0
    assert len(results("b")) == 8
    met = [spec.key for spec in stand_in.made if sum(spec.key == other.key for other in stand_in.made) > 1]
    assert stand_in.made[3].key in met


def test_what_changes_after_the_keys_are_made_and_before_the_first_run_stops_the_batch(
    ewppr: Ewppr, made: StandIn, table: Path, monkeypatch: pytest.MonkeyPatch
):
    ask = Folder.ask
    monkeypatch.setattr(Folder, "ask", lambda *given: [ask(*given), edit(table)])
    answer = ewppr(*OWN)
    assert answer.code == 1
    assert "mine.csv changed on disk" in answer.err
    assert not list(Path("b/runs").iterdir())


def test_a_finished_batch_knows_an_edited_table_of_the_same_size_and_time(ewppr: Ewppr, made: StandIn, table: Path):
    assert ewppr(*OWN).code == 0
    edit(table)
    assert "8 runs: 0 done before, 8 now, 0 failed" in ewppr(*OWN).err
    table.unlink()
    assert "8 runs: 0 unchanged, 8 to be made again" in ewppr("why", "b").out


def test_what_was_asked_for_done_and_failed_must_add_up(
    ewppr: Ewppr, made: StandIn, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    append = Folder.append

    def forgetful(self: Folder, entry: Entry) -> None:
        if entry["parameters"]["aid_share"] != 0.001:
            append(self, entry)

    with monkeypatch.context() as patched:
        patched.setattr(Folder, "append", forgetful)
        answer = ewppr(*GRID, "--jobs", "1", "--out", tmp_path / "b")
    assert answer.code == 1
    assert re.search(r"10 runs were asked for, and .*b holds 9 done and 0 failed ones; .* give the same", answer.err)
    assert ewppr(*GRID, "--out", tmp_path / "b").code == 0
    assert len(results(tmp_path / "b")) == 10


def test_a_line_that_the_disk_takes_in_part_only_is_an_error_and_leaves_nothing(
    ewppr: Ewppr, made: StandIn, tmp_path: Path
):
    ewppr(*GRID, "--out", tmp_path / "b")
    folder = Folder(tmp_path / "b")
    journal = (tmp_path / "b/journal.jsonl").read_bytes()
    limits = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (len(journal) + 40, limits[1]))
    try:
        with pytest.raises(OSError, match="No space left"):
            folder.append(json.loads(journal.splitlines()[0]))
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, limits)
    assert (tmp_path / "b/journal.jsonl").read_bytes() == journal


@pytest.mark.parametrize("line", [b"null", b"[]", b"{}", b"\xff\x00", b'{"key": 4}', b'{"key": "a", "status": "done"}'])
def test_a_damaged_line_of_the_journal_costs_its_run_alone(line: bytes, ewppr: Ewppr, made: StandIn, tmp_path: Path):
    ewppr(*GRID, "--out", tmp_path)
    lines = (tmp_path / "journal.jsonl").read_bytes().splitlines()
    (tmp_path / "journal.jsonl").write_bytes(b"\n".join([*lines[:4], line, *lines[5:], b""]))
    answer = ewppr("results", tmp_path)
    assert answer.code == 1
    assert "has 9 of 10 runs: 0 failed, 1 are not made, or their lines of journal.jsonl are lost" in answer.err
    assert len(answer.out.splitlines()) == 10
    assert ewppr("why", tmp_path).code == 0
    assert "9 done before, 1 now, 0 failed" in ewppr(*GRID, "--out", tmp_path).err
    assert ewppr("results", tmp_path).code == 0


@pytest.mark.parametrize("lost", ["journal.jsonl", "plan.txt", "runs", "batch.json"])
def test_that_all_is_done_is_counted_and_not_believed(lost: str, ewppr: Ewppr, made: StandIn, tmp_path: Path):
    ewppr(*GRID, "--out", tmp_path)
    path = tmp_path / lost
    shutil.rmtree(path) if path.is_dir() else path.unlink()
    if lost in ("journal.jsonl", "plan.txt"):
        assert "has 0 of 10 runs" in ewppr("results", tmp_path).err
        assert ewppr("results", tmp_path).code == 1
    again = ewppr(*GRID, "--out", tmp_path)
    assert again.code == 0
    assert "nothing to do" not in again.err
    assert len(results(tmp_path)) == 10
    assert "nothing to do" in ewppr(*GRID, "--out", tmp_path).err


def test_a_table_in_which_runs_are_missing_says_how_many(ewppr: Ewppr, made: StandIn, tmp_path: Path):
    made.fails_above = 0.0085
    ewppr(*GRID, "--out", tmp_path / "b")
    for more in ((), ("--out", tmp_path / "t.csv"), ("--latex",)):
        answer = ewppr("results", tmp_path / "b", *more)
        assert answer.code == 1
        assert "has 8 of 10 runs: 2 failed, 0 are not made" in answer.err
    assert len((tmp_path / "t.csv").read_text().splitlines()) == 9


def test_an_older_table_stays_when_the_new_one_cannot_be_written(
    ewppr: Ewppr, made: StandIn, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    ewppr(*GRID, "--out", tmp_path / "b")
    older = tmp_path / "t.csv"
    older.write_text("older")

    def full(_frame: pd.DataFrame, path: Path, **_how: object) -> None:
        path.write_text("half")
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(pd.DataFrame, "to_csv", full)
    answer = ewppr("results", tmp_path / "b", "--out", older)
    assert answer.code == 2
    assert "t.csv cannot be written: No space left on device" in answer.err
    assert older.read_text() == "older"
    assert {path.name for path in tmp_path.iterdir()} == {"b", "t.csv"}


def test_where_no_terminal_redraws_a_bar_a_plain_line_says_how_it_goes(
    ewppr: Ewppr, made: StandIn, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    assert "runs/s" not in ewppr(*GRID, "--out", tmp_path / "quick").err
    monkeypatch.setattr(batch, "SECONDS_BETWEEN_LINES", 1e-9)
    made.fails_above = 0.0095
    lines = ewppr(*GRID, "--out", tmp_path / "slow").err.splitlines()
    assert re.fullmatch(r"10/10 runs, 1 failed, [\d.]+ runs/s, 0 s left", lines[9])
    assert "\r" not in "".join(lines)


def test_a_value_is_checked_once_and_its_run_gets_it_as_checked(monkeypatch: pytest.MonkeyPatch):
    checks, check = [], sweep.validated
    monkeypatch.setattr(sweep, "validated", lambda *given, **how: checks.append(given) or check(*given, **how))
    plan = make_plan([grid_sweep("04", ["aid_share=0.001,0.002,0.001", "seed=1,2"], {"years": "5"})], Environment())
    asked = [dict(spec.parameters) for spec in plan.specs()]
    assert len(checks) == 6
    assert asked[1] == {"years": 5, "aid_share": 0.001, "seed": 2}
    assert len(asked) == len(plan.keys) == 4
    assert [spec.key for spec in plan.specs(finished=plan.keys[:3])] == plan.keys[3:]


def test_success_is_required_only_where_all_runs_succeed(tmp_path: Path):
    batch.require_success(batch.BatchSummary(2, 1, 1), tmp_path)
    with pytest.raises(CheckFailed, match="1 of 2 runs failed"):
        batch.require_success(batch.BatchSummary(2, 0, 1, 1, "said"), tmp_path)


@pytest.mark.slow
def test_run_leaves_an_unchanged_notebook_alone_unless_forced(ewppr: Ewppr, small: Path, tmp_path: Path):
    tmp_path /= "out"
    assert ewppr("run", "04", "--out", tmp_path).code == 0
    folder = tmp_path / "04_institutional_reform_options"
    before = (folder / "run.json").stat().st_mtime_ns
    again = ewppr("run", "04", "--out", tmp_path)
    assert "unchanged, not run again" in again.err
    assert (folder / "run.json").stat().st_mtime_ns == before
    assert "1 runs: 1 unchanged" in ewppr("why", tmp_path).out
    (folder / "results.csv").write_text("spoilt")
    assert "done in" in ewppr("run", "04", "--out", tmp_path).err
    assert "done in" in ewppr("run", "04", "--out", tmp_path, "--force").err
