"""Notebooks out of the ordinary: `run`, `batch` and `batch --cold` say the same of each, and what they say is right."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import nbformat
import pytest
from common import Answer
from notebook_code import CELLS, SMALL, write_notebook

from nbedition.kernels import engine
from nbedition.kernels.wire import RunSpec

Ewppr = Callable[..., Answer]
slow = pytest.mark.slow

ONE = {"name": "conda-env-mine-py", "display_name": "Mine", "language": "python"}
GRID = ("--grid", "aid_share=0.002,0.003")


def small_with(small: Path, *cells: str, **metadata: Any) -> Path:
    """Let the small notebook have further cells before the one that records, and other metadata."""
    path = write_notebook(small / f"notebooks/{SMALL}.ipynb", *CELLS[:-1], *cells, CELLS[-1])
    content = json.loads(path.read_text())
    path.write_text(json.dumps(content | {"metadata": metadata or content["metadata"]}))
    return path


def three_ways(ewppr: Ewppr, out: Path) -> list[Answer]:
    """Run the small notebook, make a batch of two runs of it, and another without forks."""
    return [
        ewppr("run", "04", "--cold", "--out", out / "run"),
        ewppr("batch", "04", *GRID, "--out", out / "warm"),
        ewppr("batch", "04", *GRID, "--cold", "--out", out / "cold"),
    ]


@slow
@pytest.mark.parametrize(
    ("metadata", "said"),
    [
        ({"kernelspec": ONE}, "names the kernel 'conda-env-mine-py'; it runs in the Python of this environment"),
        ({"kernelspec": {"name": "mine", "display_name": "Mine"}}, "names the kernel 'mine'; it runs in"),
        ({"kernelspec": {"language": "python"}}, ""),
        ({"language_info": {"name": "python", "version": "3.9"}}, ""),
    ],
)
def test_a_notebook_of_another_python_or_of_a_kernel_without_a_name_runs_in_this_python(
    metadata: dict[str, Any], said: str, ewppr: Ewppr, small: Path, tmp_path: Path
):
    small_with(small, **metadata)
    for answer in three_ways(ewppr, tmp_path):
        assert answer.code == 0
        assert said in answer.err
        assert ("kernel" in answer.err) == bool(said)
    made = [*tmp_path.glob("run/0*/*.ipynb"), *tmp_path.glob("*/runs/*.ipynb")]
    assert len(made) == 5
    assert {nbformat.read(path, 4).metadata.kernelspec.name for path in made} == {"python3"}  # the one that ran it


@pytest.mark.parametrize(
    "metadata", [{"kernelspec": {"name": "ir", "language": "R"}}, {"language_info": {"name": "R"}}]
)
def test_a_notebook_of_another_language_is_refused_in_a_sentence(
    metadata: dict[str, Any], ewppr: Ewppr, small: Path, tmp_path: Path
):
    small_with(small, **metadata)
    for answer in three_ways(ewppr, tmp_path):
        assert answer.code == 2
        assert answer.err == f"ewppr: notebook {SMALL} is written in R, and runs are made in Python alone.\n"


@slow
def test_a_display_that_no_notebook_can_hold_fails_its_own_run_alone(ewppr: Ewppr, small: Path, tmp_path: Path):
    small_with(
        small,
        "from IPython.display import display\nif aid_share < 0.003: display({'text/plain': 5}, raw=True)",
        "after = 1",
    )
    run, warm, cold = three_ways(ewppr, tmp_path)
    for answer, number in ((run, 3), (warm, 4), (cold, 4)):
        assert answer.code == 1
        assert f"papermill cannot go on with code cell {number}: NotebookValidationError: 5 is not" in answer.err
        assert "Traceback" not in answer.err
    for name in ("warm", "cold"):
        (done,), (failed,) = ((tmp_path / name / part).glob("*.ipynb") for part in ("runs", "failed"))
        nbformat.validate(nbformat.read(done, 4))
        states = [cell.metadata.papermill.status for cell in nbformat.read(failed, 4).cells]
        assert states == ["completed"] * 3 + ["failed"] + ["pending"] * 2


@slow
@pytest.mark.parametrize("warm", [True, False])
def test_a_run_whose_time_is_up_does_not_say_that_cells_were_completed_which_never_ran(
    warm: bool, small: Path, tmp_path: Path
):
    path = small_with(small, "import time\ntime.sleep(60)", "never = 1")
    result = engine.carry_out(RunSpec(str(path)), warm=warm, timeout=3)
    assert result.error == "the run took longer than 3 seconds"
    states = [cell.metadata.papermill.status for cell in nbformat.reads(result.content.decode(), 4).cells]
    assert states == ["completed", "completed", "failed", "pending", "pending"]
