"""Warm kernels: the same outputs as plain ones, nothing that leaks, nothing that stays."""

import errno
import json
import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from importlib import metadata
from pathlib import Path
from typing import Any

import nbformat
import papermill
import pytest
from common import ROOT
from papermill.exceptions import PapermillExecutionError

from crossfoot.errors import CheckFailed
from nbedition.kernels import driver
from nbedition.kernels.engine import as_bytes, execute, execute_in_fork
from nbedition.kernels.wire import RunResult, RunSpec
from nbedition.project import notebooks

AWKWARD = ROOT / "tests" / "awkward"
AGREEING = ("contexts", "display", "streams", "large", "threads", "pictures", "surroundings", "raises", "asks")
QUICK = "04_institutional_reform_options"

pytestmark = [pytest.mark.skipif(not driver.possible(), reason="kernels are forked on Linux alone"), pytest.mark.slow]


@pytest.fixture(autouse=True, scope="module")
def _no_server_stays() -> Iterator[None]:
    yield
    driver.close()


def warm(path: Path, **parameters: Any) -> RunResult:
    return execute(RunSpec(str(path), parameters), warm=True, timeout=120)


def in_fork(path: Path, timeout: float = 120) -> RunResult:
    """Execute a notebook in one forked process."""
    return execute_in_fork(RunSpec(str(path)), timeout=timeout)


def read(result: RunResult) -> nbformat.NotebookNode:
    return nbformat.reads(result.content.decode(), as_version=4)


def plain(path: Path) -> nbformat.NotebookNode:
    """Return a notebook as papermill alone executes it, up to the first error."""
    kept = Path(os.environ["PYTEST_OUT"]) / path.name
    try:
        papermill.execute_notebook(str(path), str(kept), progress_bar=False)
    except PapermillExecutionError:
        notebook = nbformat.read(kept, as_version=4)
        notebook.cells = [cell for cell in notebook.cells if cell.cell_type == "code"]
        return notebook
    return nbformat.read(kept, as_version=4)


@pytest.fixture(autouse=True)
def _place_for_plain(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PYTEST_OUT", str(tmp_path))


def said(notebook: nbformat.NotebookNode) -> list[list[dict[str, Any]]]:
    """Return all outputs of the code cells: text of one stream joined, process numbers blanked."""
    cells = []
    for cell in notebook.cells:
        if cell.cell_type != "code":
            continue
        streams: dict[str, str] = {}
        others = []
        for output in cell.outputs:
            if output.output_type == "stream":
                streams[output.name] = streams.get(output.name, "") + "".join(output.text)
            else:
                others.append(dict(output))
        text = json.dumps([streams, others], sort_keys=True)
        cells.append([re.sub(r"ipykernel_\d+", "ipykernel", text)])
    return cells


@pytest.mark.parametrize("name", [path.stem for path in sorted((ROOT / "notebooks").glob("[0-9]*.ipynb"))])
def test_every_notebook_gives_the_same_outputs_warm_as_in_a_plain_kernel(name: str, executed: Path):
    done, in_one = warm(notebooks()[name]), in_fork(notebooks()[name])
    assert done.error is None
    assert in_one.error is None
    expected = said(nbformat.read(executed / name / f"{name}.ipynb", as_version=4))
    if name == QUICK:
        assert said(plain(notebooks()[name])) == expected
    assert said(read(done)) == expected
    assert said(read(in_one)) == expected
    assert in_one.results == done.results != []
    assert in_one.figures == done.figures != []
    assert "image/png" in repr(expected)


@pytest.mark.parametrize("name", AGREEING)
def test_awkward_notebooks_give_the_same_outputs_warm_as_with_papermill_alone(name: str):
    path = AWKWARD / f"{name}.ipynb"
    expected = said(plain(path))
    assert said(read(warm(path))) == expected
    assert said(read(in_fork(path))) == expected


STATE = (
    "import asyncio, logging, warnings\nlogging.basicConfig(level=logging.DEBUG)\nlogging.info('mine')",
    "await asyncio.sleep(0)\nlogging.debug('after waiting')\nassert (1, 'always true')\n1 is 5",
    "warnings.warn('once')\nwarnings.warn('once')\nwarnings.warn('old', DeprecationWarning)\nbyte = '\\d'",
    "get_ipython().history_manager.hist_file",
    "print(_ih[1][:6], Out.keys(), _2)\nget_ipython().events.register('post_run_cell', lambda _: print('after each'))",
    "import signal\n[signal.getsignal(number) for number in (signal.SIGALRM, signal.SIGINT, signal.SIGCHLD)]",
    "task = asyncio.create_task(asyncio.sleep(0.01, 'slept'))",
    "%pwd\n%nosuch\nawait task",
    "from IPython.display import clear_output\nprint(1)\nclear_output(wait=True)\nprint(2)",
    "raise ExceptionGroup('both', [ValueError(1), TypeError(2)])",
)


def test_what_one_cell_leaves_to_the_next_and_what_it_warns_of_is_as_with_papermill_alone(tmp_path: Path):
    path = notebook_of(tmp_path, *STATE)
    expected = said(plain(path))
    assert "always true" in expected[1][0]
    assert said(read(execute_in_fork(RunSpec(str(path))))) == expected


ALL_AT_ONCE = """
import threading
together = threading.Barrier(8)
def say(number):
    together.wait()
    print(f"{number}\\n", end="")
threads = [threading.Thread(target=say, args=(number,)) for number in range(8)]
for thread in threads:
    thread.start()
for thread in threads:
    thread.join()
"""


def test_what_many_threads_print_at_once_is_heard_whole(tmp_path: Path):
    cells = [nbformat.v4.new_code_cell(cell) for cell in (ALL_AT_ONCE, ALL_AT_ONCE)]
    path = tmp_path / "some.ipynb"
    nbformat.write(nbformat.v4.new_notebook(cells=cells), path)
    result = in_fork(path)
    assert result.error is None
    for cell in read(result).cells:
        assert sorted("".join(output["text"] for output in cell.outputs).split()) == list("01234567")


FORKS_FIRST = """
import multiprocessing, time
process = multiprocessing.get_context("fork").Process(target=print, args=("from the child",))
process.start()
process.join()
time.sleep(0.5)
"""


def test_what_a_forked_process_prints_is_heard_also_where_nothing_was_printed_before(tmp_path: Path):
    path = tmp_path / "some.ipynb"
    nbformat.write(nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(FORKS_FIRST)]), path)
    result = in_fork(path)
    assert result.error is None
    assert "".join(output["text"] for output in read(result).cells[0].outputs) == "from the child\n"


@pytest.mark.parametrize(
    ("name", "expected", "lost"),
    [
        ("raises", "code cell 1 raised ZeroDivisionError: division by zero", False),
        ("asks", "code cell 1 raised StdinNotImplementedError", False),
        ("exits", "Kernel died", True),
        ("crashes", "Kernel died", True),
        ("killed", "Kernel died", True),
    ],
)
def test_a_notebook_that_fails_says_how(name: str, expected: str, lost: bool):
    done = warm(AWKWARD / f"{name}.ipynb")
    assert expected in str(done.error)
    assert (done.status == "lost") is lost
    in_one = execute_in_fork(RunSpec(str(AWKWARD / f"{name}.ipynb")))
    assert in_one.status == "lost" if lost else expected in in_one.error


def test_an_endless_run_is_ended_when_its_time_is_up():
    began = time.monotonic()
    done = execute(RunSpec(str(AWKWARD / "endless.ipynb")), warm=True, timeout=2)
    in_one = in_fork(AWKWARD / "endless.ipynb", timeout=2)
    for result in (in_one, done):
        assert result.error == "the run took longer than 2 seconds"
        (output,) = read(result).cells[0].outputs
        assert output.ename == "KeyboardInterrupt"
        assert len(output.traceback) == 4  # it shows the cell alone, at either of its lines
    assert time.monotonic() - began < 60


def test_what_a_killed_kernel_started_is_ended_too():
    warm(AWKWARD / "killed.ipynb")
    end = time.monotonic() + 5
    while (left := running("sleep 1000")) and time.monotonic() < end:
        time.sleep(0.1)
    assert not left


def running(command: str) -> list[str]:
    """Return the processes of this session's descendants whose command line holds a text."""
    listed = subprocess.run(["ps", "-eo", "pid,args"], capture_output=True, text=True, check=True).stdout
    return [line for line in listed.splitlines() if command in line and "ps -eo" not in line]


def notebook_of(tmp_path: Path, *cells: str) -> Path:
    content = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(cell) for cell in cells])
    content.metadata["kernelspec"] = {"name": "python3", "display_name": "Python 3", "language": "python"}
    path = tmp_path / f"{abs(hash(cells))}.ipynb"
    nbformat.write(content, path)
    return path


def test_nothing_leaks_from_one_run_to_the_next(tmp_path: Path):
    spoil = notebook_of(
        tmp_path,
        "import os, sys, logging, random, matplotlib as mpl, numpy as np, warnings, ewppr_lib\n"
        "os.environ['LEAK'] = '1'; os.chdir('/'); mpl.rcParams['font.size'] = 99; logging.getLogger().setLevel(5)\n"
        "random.seed(1); np.random.seed(1); sys.leak = 1; warnings.simplefilter('error'); ewppr_lib.leak = 1\n"
        "kept = open('/dev/null')",
    )
    look = notebook_of(
        tmp_path,
        "import os, sys, logging, matplotlib as mpl, ewppr_lib",
        "[os.environ.get('LEAK'), os.getcwd(), mpl.rcParams['font.size'], logging.getLogger().level,"
        " hasattr(sys, 'leak'), hasattr(ewppr_lib, 'leak'), 'kept' in globals()]",
    )
    before = said(read(warm(look)))
    assert warm(spoil).error is None
    assert said(read(warm(look))) == before


def test_each_run_has_random_numbers_of_its_own(tmp_path: Path):
    draw = notebook_of(tmp_path, "import random, numpy as np, uuid", "random.random(), np.random.rand()")
    assert said(read(warm(draw)))[1] != said(read(warm(draw)))[1]


def test_a_change_of_the_data_starts_the_server_anew(edition: Path):
    first = driver.server(os.environ)
    assert driver.server(os.environ) is first
    path = edition / "data/sources.yml"
    path.write_text(path.read_text() + "\n")
    assert driver.server(os.environ) is not first


def test_papermill_alone_uses_warm_kernels_where_the_environment_says_so(tmp_path: Path):
    probe = notebook_of(tmp_path, "import sys\n'statsmodels.api' in sys.modules")
    environment = os.environ | {"JUPYTER_DEFAULT_PROVISIONER_NAME": "ewppr-warm"}
    command = [sys.executable, "-m", "papermill", "--no-progress-bar", str(probe), str(tmp_path / "out.ipynb")]
    subprocess.run(command, env=environment, check=True, capture_output=True)
    assert "True" in repr(said(nbformat.read(tmp_path / "out.ipynb", as_version=4)))


def test_a_forked_run_writes_its_notebook_in_nbformats_own_form():
    result = in_fork(AWKWARD / "display.ipynb")
    assert result.content == as_bytes(read(result))


KNOWN = {"ipykernel": "7.4", "ipython": "9.18", "jupyter_client": "8.10", "nbclient": "0.11", "papermill": "2.7"}


@pytest.mark.parametrize("package", KNOWN)
def test_the_kernel_without_sockets_meets_a_version_that_it_knows(package: str):
    assert metadata.version(package).startswith(f"{KNOWN[package]}."), (
        f"read nbedition/kernels/inprocess.py against {package}"
    )


def test_a_server_that_cannot_be_started_is_said_in_a_sentence(monkeypatch: pytest.MonkeyPatch):
    def full(**_options: object) -> str:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(driver.tempfile, "mkdtemp", full)
    driver.close()
    with pytest.raises(CheckFailed, match="cannot be started: No space left on device; plain kernels do without"):
        driver.server(os.environ)


def test_a_server_that_is_killed_while_it_starts_is_started_once_more(monkeypatch: pytest.MonkeyPatch):
    begun: list[driver.WarmServer] = []
    begin = driver.WarmServer.__init__

    def begin_and_die(server: driver.WarmServer, environment: dict[str, str]) -> None:
        begin(server, environment)
        begun.append(server)
        if len(begun) < 2:
            os.kill(server.pid, signal.SIGKILL)

    driver.close()
    monkeypatch.setattr(driver.WarmServer, "__init__", begin_and_die)
    assert driver.server(os.environ) is begun[1]
    assert not begun[0].folder.exists()


@pytest.mark.parametrize("first", [[], ["part"]])
def test_what_is_imported_later_is_there_when_it_is_asked_for(first: list[str]):
    asked = """
import sys
from nbedition.kernels.later import import_grammar_later
import_grammar_later()
import nbedition.kernels.engine
assert "lark" not in sys.modules
if "part" in sys.argv:
    import rfc3987_syntax.syntax_helpers
import jsonschema
checker = jsonschema.FormatChecker()
print(checker.conforms("http://a.b/c", "iri"), checker.conforms("no address", "iri"))
import rfc3987_syntax
print(rfc3987_syntax.is_valid_syntax_iri("http://a.b/c"), "lark" in sys.modules)
"""
    done = subprocess.run([sys.executable, "-c", asked, *first], capture_output=True, text=True, check=False)
    assert done.stdout.split() == ["True", "False", "True", "True"], done.stderr


DRIVER = """
import signal, sys, time
signal.signal(signal.SIGINT, signal.default_int_handler)  # a shell's background jobs ignore it
from nbedition.kernels.engine import execute
from nbedition.kernels.wire import RunSpec
from nbedition.kernels import driver
import threading
threading.Thread(target=execute, args=(RunSpec(sys.argv[1]),), kwargs={"warm": True}, daemon=True).start()
while driver._servers._current is None:
    time.sleep(0.1)
print(driver._servers._current.pid, driver._servers._current.folder, flush=True)
time.sleep(600)
"""


@pytest.mark.parametrize("how", [signal.SIGKILL, signal.SIGINT, signal.SIGTERM])
def test_no_process_or_socket_stays_when_the_driver_is_ended(how: signal.Signals):
    process = subprocess.Popen(
        [sys.executable, "-c", DRIVER, str(AWKWARD / "endless.ipynb")], stdout=subprocess.PIPE, text=True
    )
    server, folder = process.stdout.readline().split()
    process.stdout.close()
    time.sleep(1.5)
    assert Path(folder).is_dir()
    process.send_signal(how)
    process.wait(30)
    end = time.monotonic() + 60  # a server that is still importing ends after that
    while (Path(folder).exists() or Path(f"/proc/{server}").exists()) and time.monotonic() < end:
        time.sleep(0.1)
    assert not Path(folder).exists()
    assert not running(f"nbedition.kernels.server {folder}")


def test_a_dead_server_is_not_asked_again_even_while_its_process_seems_to_be_there(monkeypatch: pytest.MonkeyPatch):
    spec = RunSpec(str(AWKWARD / "display.ipynb"))
    assert execute_in_fork(spec).error is None
    server = driver.server(os.environ)
    os.kill(server.pid, signal.SIGKILL)
    server._process.wait(10)
    with monkeypatch.context() as patched:
        patched.setattr(server._process, "poll", lambda: None)
        with pytest.raises(driver.ServerGone):
            execute_in_fork(spec)
        assert execute_in_fork(spec).error is None
    assert driver.server(os.environ) is not server


LARGE_BLOCKS = """
import resource, sys
from nbedition.kernels.preload import preload

if sys.argv[1:]:
    preload()
bytearray(20 * 2**20)
before = resource.getrusage(resource.RUSAGE_SELF).ru_minflt
for _ in range(5):
    bytearray(20 * 2**20)
print(resource.getrusage(resource.RUSAGE_SELF).ru_minflt - before)
"""


def test_large_blocks_are_taken_from_memory_that_is_held_whatever_the_environment_says():
    told = {**os.environ, "MALLOC_TRIM_THRESHOLD_": "65536"}
    command = [sys.executable, "-c", LARGE_BLOCKS]
    touched = [
        int(subprocess.run([*command, *more], env=told, capture_output=True, check=True).stdout)
        for more in ([], ["preload"])
    ]
    assert touched[1] < touched[0] / 10
