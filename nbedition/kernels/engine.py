"""Executing one notebook: papermill's executor on a kernel of our choosing, plain or warm, or in one forked process."""

import json
import os
import shutil
import sys
import threading
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from copy import deepcopy
from functools import lru_cache
from pathlib import Path
from subprocess import DEVNULL
from typing import Any

import nbformat
import papermill
import zmq
from jupyter_client.asynchronous.client import AsyncKernelClient
from jupyter_client.channels import AsyncZMQSocketChannel
from jupyter_client.kernelspec import KernelSpec, KernelSpecManager
from jupyter_client.manager import AsyncKernelManager
from jupyter_core.utils import ensure_event_loop
from nbclient.exceptions import CellTimeoutError
from papermill.clientwrap import PapermillNotebookClient
from papermill.engines import NBClientEngine, NotebookExecutionManager, papermill_engines
from papermill.exceptions import PapermillExecutionError
from traitlets import Type

from crossfoot.errors import ReportedError
from nbedition.kernels import driver
from nbedition.kernels.provisioner import NAME
from nbedition.kernels.wire import RunResult, RunSpec, Status
from nbedition.notebooks.kernelspec import PYTHON
from nbedition.notebooks.outputs import ASKED, FIGURE_TYPE, RESULT_TYPE, failure, recorded
from nbedition.notebooks.provenance import Stamp, stamp_of

ENGINE = "nbedition"
GRACE_SECONDS = 5.0  # in which a run whose time is up should heed its interrupt
ENDING_SECONDS = 20.0  # half of which a plain kernel has to write what it holds back before it is ended
NOTHING: Mapping[str, str] = {}


def carry_out(
    spec: RunSpec,
    *,
    warm: bool,
    timeout: float | None = None,
    folder: str | None = None,
    environment: Mapping[str, str] = NOTHING,
) -> RunResult:
    """Make a run: in one forked process where that can be, else in a kernel behind sockets."""
    try:
        if warm and driver.possible():
            result = execute_in_fork(spec, timeout=timeout, folder=folder, environment=environment)
            if result.status != "lost":
                return result
        return execute(spec, warm=warm, timeout=timeout, folder=folder, environment=environment)
    except driver.ServerGone as error:
        return RunResult(spec, error=str(error), status="lost")
    except ReportedError as error:
        return RunResult(spec, error=str(error), status="refused")


def execute(
    spec: RunSpec,
    *,
    warm: bool = False,
    timeout: float | None = None,
    environment: Mapping[str, str] = NOTHING,
    folder: str | None = None,
) -> RunResult:
    """Execute a notebook in a kernel behind sockets.

    `spec`: what is asked for; `warm`: fork the kernel from the server; `timeout`: seconds for the whole run;
    `environment`: variables added to this process's; `folder`: the kernel's working folder; this process's where none
    is named. Raises CheckFailed if no warm kernel can be had at all.
    """
    kept: list[nbformat.NotebookNode] = []
    began, error, status = time.monotonic(), None, "failed"
    papermill_engines.register(ENGINE, _Engine)
    how = {"warm": warm, "timeout": timeout, "environment": _told(spec, environment), "folder": folder}
    try:
        papermill.execute_notebook(
            source(spec.path),
            None,
            parameters=dict(spec.parameters),
            engine_name=ENGINE,
            request_save_on_cell_execute=False,
            progress_bar=False,
            autosave_cell_every=0,
            spec=spec,
            kept=kept,
            how=how,
        )
    except PapermillExecutionError as raised:
        error = failure(kept[0]) or " ".join(str(raised).split())
    except CellTimeoutError:
        break_off(kept[0])
        error = time_is_up(timeout)
    except (RuntimeError, zmq.ZMQError, driver.ServerGone) as raised:
        if not kept:
            raise
        break_off(kept[0])
        error, status = " ".join(str(raised).split()), "lost"
    except Exception as raised:
        if not kept:
            raise
        error = broken_off(kept[0], raised)
    finally:
        ensure_event_loop().close()  # nbclient leaves this thread's loop, and its sockets, open
    found = {} if error else {"results": recorded(kept[0], RESULT_TYPE), "figures": recorded(kept[0], FIGURE_TYPE)}
    return _result(spec, began, as_bytes(kept[0]), {"error": error, **found}, "lost" if status == "lost" else None)


def execute_in_fork(
    spec: RunSpec, *, timeout: float | None = None, environment: Mapping[str, str] = NOTHING, folder: str | None = None
) -> RunResult:
    """Execute a notebook in one forked process, which costs least; for the parameters see `execute`."""
    began, whole = time.monotonic(), _told(spec, environment)
    server = driver.server(whole)
    place = server.place()
    order = {"notebook": str(spec.path), "parameters": dict(spec.parameters), "timeout": timeout, "place": place}
    process = server.execute(whole, folder or str(Path.cwd()), order)
    try:
        if process.ended_within(None if timeout is None else timeout + GRACE_SECONDS) is None:
            process.kill()
            return _result(spec, began, as_bytes(source(spec.path)), {"error": time_is_up(timeout)})
        said = json.loads(Path(f"{place}.json").read_bytes())
        return _result(spec, began, Path(f"{place}.ipynb").read_bytes(), said)
    except FileNotFoundError:
        return RunResult(spec, error="the process that made the run died", status="lost")
    finally:
        for end in (".ipynb", ".json", ".part"):
            Path(place + end).unlink(missing_ok=True)


def _told(spec: RunSpec, environment: Mapping[str, str]) -> dict[str, str]:
    return driver.environment({**environment, ASKED: spec.as_asked()})


def _result(
    spec: RunSpec, began: float, content: bytes, said: dict[str, Any], status: Status | None = None
) -> RunResult:
    seconds = round(time.monotonic() - began, 3)
    return RunResult(spec, content, seconds=seconds, status=status or ("failed" if said["error"] else "done"), **said)


def break_off(notebook: nbformat.NotebookNode) -> int:
    """Mark the cell at which a run was broken off, and those that never ran; return its number among code cells."""
    begun = [cell for cell in notebook.cells if cell.metadata.get("papermill", {}).get("start_time")]
    for cell in notebook.cells[len(begun) :]:
        cell.metadata.papermill["status"] = NotebookExecutionManager.PENDING
    if begun:
        notebook.metadata.papermill["exception"] = begun[-1].metadata.papermill["exception"] = True
        begun[-1].metadata.papermill["status"] = NotebookExecutionManager.FAILED
    return sum(cell.cell_type == "code" for cell in begun)


def broken_off(notebook: nbformat.NotebookNode, raised: Exception) -> str:
    """Do the same, and say what stopped papermill at a cell: for one, it shows what no notebook can hold."""
    said, number = (str(raised).splitlines() or ["it said nothing"])[0], break_off(notebook)
    return f"papermill cannot go on with code cell {number}: {type(raised).__name__}: {said}"


def time_is_up(seconds: float | None) -> str:
    """Say that a run was ended."""
    return f"the run took longer than {seconds:g} seconds"


def as_bytes(notebook: nbformat.NotebookNode) -> bytes:
    """Return a notebook as the bytes of its file."""
    text: str = nbformat.v4.writes(notebook)
    return f"{text}\n".encode()


@lru_cache(maxsize=16)
def _read(path: Path, _seen: Stamp) -> nbformat.NotebookNode:
    """Return a notebook without its outputs; whatever kernel it names, it gets this Python's, which runs it."""
    notebook: nbformat.NotebookNode = nbformat.read(path, as_version=4)
    notebook.metadata["kernelspec"] = nbformat.from_dict(PYTHON)
    notebook.metadata.pop("language_info", None)
    for cell in notebook.cells:
        if cell.cell_type == "code":
            cell.outputs, cell.execution_count = [], None
    return notebook


def source(path: Path) -> nbformat.NotebookNode:
    """Return a notebook of the caller's own, without outputs."""
    copied: nbformat.NotebookNode = deepcopy(_read(path, stamp_of([path])))
    return copied


class _Engine(NBClientEngine):  # type: ignore[misc]
    """papermill's own engine, with a kernel, an environment and a time limit of the run's own."""

    @classmethod
    def execute_managed_notebook(
        cls,
        nb_man: Any,
        kernel_name: str,
        spec: RunSpec,
        kept: list[nbformat.NotebookNode],
        how: dict[str, Any],
        **_options: Any,
    ) -> Any:
        kept.append(nb_man.nb)
        nb_man.nb.metadata.papermill["input_path"] = spec.path.name  # not the notebook itself
        with _manager(kernel_name, warm=how["warm"]) as manager:
            client = PapermillNotebookClient(nb_man, km=manager, timeout_func=_time_left(how["timeout"]))
            where = {} if how["folder"] is None else {"cwd": how["folder"]}
            return client.execute(env=how["environment"], stdout=DEVNULL, stderr=DEVNULL, cleanup_kc=True, **where)


_plain: set[AsyncKernelManager] = set()  # managers of plain kernels in use
_stopped = threading.Event()


def allow() -> None:
    """Let kernels start, after `stop`."""
    _stopped.clear()
    driver.refuse(False)


def stop() -> None:
    """Start no more kernels and end those that run; the executions that used them come back as lost."""
    _stopped.set()
    driver.refuse()
    driver.close()
    for manager in list(_plain):
        if process := getattr(manager.provisioner, "process", None):
            process.kill()


def _time_left(seconds: float | None) -> Any:
    if seconds is None:
        return None
    end = time.monotonic() + seconds
    return lambda _cell: max(end - time.monotonic(), 0.01)


class _Channel(AsyncZMQSocketChannel):
    """A channel that looks, when it has sent, for what arrived meanwhile: zmq tells it once, and to the sending alone.

    Without, a run waits for ever when a cell's answer comes while an output widget is told what it shows.
    """

    def send(self, msg: dict[str, Any]) -> None:
        super().send(msg)
        self.socket.get(zmq.EVENTS)


class _KernelClient(AsyncKernelClient):
    shell_channel_class = Type(_Channel)


class _OwnPython(KernelSpecManager):
    """The one kernel of this very Python, whatever is installed under its name; `warm`: our provisioner starts it."""

    def __init__(self, *, warm: bool) -> None:
        super().__init__()
        self.warm = warm

    def get_kernel_spec(self, kernel_name: str) -> KernelSpec:
        argv = [sys.executable, "-P", "-m", "ipykernel", "-f", "{connection_file}"]  # which imports nothing beside it
        provisioner = {"provisioner_name": NAME, "config": {"own_files": True}}
        metadata = {"kernel_provisioner": provisioner} if self.warm else {}
        return KernelSpec(argv=argv, name=kernel_name, language=PYTHON["language"], metadata=metadata)


def _of_own_python(name: str, *, warm: bool) -> dict[str, Any]:
    return {"kernel_name": name, "kernel_spec_manager": _OwnPython(warm=warm), "client_factory": _KernelClient}


@contextmanager
def _manager(kernel_name: str, *, warm: bool) -> Iterator[AsyncKernelManager]:
    """Give a kernel manager whose files and sockets lie in a private folder."""
    if warm:
        yield AsyncKernelManager(**_of_own_python(kernel_name, warm=True))
        return
    if _stopped.is_set():
        raise driver.ServerGone("kernels are no longer started")
    folder = driver.private_folder() if os.name == "posix" else None
    sockets = {"transport": "ipc", "ip": str(folder / "k"), "connection_file": str(folder / "k.json")} if folder else {}
    manager = AsyncKernelManager(
        **_of_own_python(kernel_name, warm=False), **sockets, shutdown_wait_time=ENDING_SECONDS
    )
    _plain.add(manager)
    try:
        yield manager
    finally:
        _plain.discard(manager)
        if folder:
            shutil.rmtree(folder, ignore_errors=True)
