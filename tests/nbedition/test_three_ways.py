"""Notebooks out of the ordinary: `run`, `batch` and `batch --cold` say the same of each, and what they say is right."""

import json
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import nbformat
import pytest
from common import Answer
from notebook_code import CELLS, SMALL, write_notebook

from nbedition import results
from nbedition.kernels import driver, engine
from nbedition.kernels.wire import RunSpec
from nbedition.notebooks.kernelspec import of_another_kernel, require_python

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


@pytest.fixture
def study(ewppr: Ewppr, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A new study, which is the current folder."""
    assert ewppr("init", tmp_path / "study").code == 0
    monkeypatch.chdir(tmp_path / "study")
    monkeypatch.delenv("NBEDITION_HOME", raising=False)
    return tmp_path / "study"


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
        ({"kernelspec": {"language": "python"}}, ""),
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
    ("metadata", "named"),
    [
        ({"kernelspec": {"name": "mine", "display_name": "Mine"}}, 1),
        ({"kernelspec": {"name": "python3"}}, 0),
        ({"language_info": {"name": "python", "version": "3.9"}}, 0),
    ],
)
def test_only_a_kernel_of_another_name_is_told(metadata: dict[str, Any], named: int, small: Path):
    small_with(small, **metadata)
    require_python(SMALL)
    assert len(of_another_kernel([SMALL])) == named


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


DOES = {
    "opens a file": "KEPT = open('log.txt', 'a')",
    "keeps a stream": "import logging\nlogging.basicConfig(level='INFO')",
    "speaks": "print('said on import')",
    "seeds": "import random\nrandom.seed(1)",
    "seeds NumPy": "import numpy as np\nnp.random.seed(1)",
    "changes a variable": "import os\nos.environ['PATH'] += ':more'",
    "starts a thread": "import threading\nthreading.Thread(target=threading.Event().wait, daemon=True).start()",
}
PRELOAD = "from nbedition.kernels.preload import preload\nassert preload() is {}"


@slow
@pytest.mark.skipif(not driver.possible(), reason="kernels are forked on Linux alone")
@pytest.mark.parametrize("does", ["defines things alone", *DOES])
def test_a_module_that_does_more_on_import_than_a_fork_takes_over_is_not_imported_before_it(does: str, study: Path):
    (study / "study/more.py").write_text(DOES.get(does, "import os\nos.environ['NEW'] = '1'"))
    subprocess.run([sys.executable, "-c", PRELOAD.format(does not in DOES)], check=True)


@slow
def test_a_filter_of_warnings_that_a_module_of_the_study_sets_stands_above_those_of_ipython(study: Path):
    (study / "study/more.py").write_text("import warnings\nwarnings.filterwarnings('ignore', 'mine')")
    told = "from nbedition.kernels.server import get_ready\nimport warnings\nget_ready()\n" + (
        "print(*[words.pattern if words else module for _, words, _, module, _ in warnings.filters], sep='\\n')"
    )
    done = subprocess.run([sys.executable, "-c", told], capture_output=True, text=True, check=True)
    assert done.stdout.splitlines().index("mine") < done.stdout.splitlines().index("__main__")


@slow
def test_what_a_module_of_the_study_does_on_import_it_does_in_each_run_of_a_batch(
    ewppr: Ewppr, study: Path, tmp_path: Path
):
    declared = (study / "study/schools.py").read_text()
    (study / "study/more.py").write_text(f"{declared}\n" + "\n".join(DOES.values()) + "\nos.environ['NEW'] = '1'\n")
    write_notebook(
        study / "notebooks/02_more.ipynb",
        "class_size: float = 18.0  # pupils",
        "import nbedition, logging, os, random, threading, numpy as np\n"
        "run = nbedition.start('02_more', class_size=class_size)\n"
        "more = run.module('more')\n"
        "more.KEPT.write(f'{class_size}\\n')",
        "logging.info('heard')\n"
        "[random.random(), np.random.rand(), os.environ['PATH'][-5:], os.environ['NEW'], threading.active_count() > 1]",
        "run.record('size', class_size, 'pupils')",
    )
    shown = []
    for more in ([], ["--cold"]):
        out = tmp_path / f"b{len(more)}"
        assert ewppr("batch", "02", "--grid", "class_size=15,16", "--out", out, *more).code == 0
        assert results(out)["value"].tolist() == [15, 16]
        lines = sorted((study / "log.txt").read_text().split())
        assert lines == ["15.0", "16.0"]
        (study / "log.txt").unlink()
        made = [nbformat.read(path, 4).cells for path in sorted(out.glob("runs/*.ipynb"))]
        shown.append([[cell.outputs for cell in cells[2:4]] for cells in made])
    assert shown[0] == shown[1]
    assert "said on import" in repr(shown[0])
    assert "heard" in repr(shown[0])


WIDGET = """
import sys
from ipykernel.comm import Comm

heard, state = [], {"_model_name": "OutputModel", "_model_module": "@jupyter-widgets/output", "outputs": []}
widget = Comm(target_name="jupyter.widget", data={"state": state}, metadata={"version": "2.1.0"})
widget.on_msg(lambda message: heard.append(message["content"]["data"]["state"]["outputs"]))

def show(said, parent):
    widget.send({"method": "update", "state": {"msg_id": parent}})
    for word in said:
        print(word, flush=True)
    widget.send({"method": "update", "state": {"msg_id": ""}})
"""
SHOW = """
open('effects.txt', 'a').write('x')
show('abcdefgh', get_ipython().kernel.get_parent()['header']['msg_id'])
"""


@slow
@pytest.mark.parametrize("warm", [True, False])
def test_an_output_widget_hears_what_it_shows_and_each_cell_is_executed_once(
    warm: bool, small: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.chdir(tmp_path)  # as ipywidgets does, which the tests do without
    path = small_with(small, WIDGET, *[SHOW] * 20, "print(heard[-1][0]['text'].split() == [*'abcdefgh'] * 20)")
    result = engine.carry_out(RunSpec(str(path)), warm=warm, timeout=40)
    assert result.error is None
    assert (tmp_path / "effects.txt").read_text() == "x" * 20
    cells = nbformat.reads(result.content.decode(), 4).cells
    assert [cell.outputs for cell in cells[3:23]] == [[]] * 20
    assert "".join(output.text for output in cells[23].outputs) == "True\n"  # a busy kernel may send it in two


@slow
def test_a_notebook_may_change_its_folder_before_it_starts_the_study(ewppr: Ewppr, small: Path, tmp_path: Path):
    move = "import os, tempfile\nos.chdir(tempfile.mkdtemp())"
    write_notebook(small / f"notebooks/{SMALL}.ipynb", CELLS[0], move, *CELLS[1:])
    assert [answer.code for answer in three_ways(ewppr, tmp_path)] == [0, 0, 0]


@slow
def test_a_kernel_that_is_installed_under_the_name_of_pythons_and_leads_nowhere_is_not_asked(
    ewppr: Ewppr, small: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    place = tmp_path / "share/kernels/python3"
    place.mkdir(parents=True)
    (place / "kernel.json").write_text(json.dumps({"argv": ["/nowhere"], "display_name": "P", "language": "python"}))
    monkeypatch.setenv("JUPYTER_PATH", str(tmp_path / "share"))
    assert [answer.code for answer in three_ways(ewppr, tmp_path)] == [0, 0, 0]
