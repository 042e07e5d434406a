"""Executing one notebook: papermill's executor on a kernel of our choosing, plain or warm."""

import json
import os
import shutil
import threading
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from copy import deepcopy
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from subprocess import DEVNULL
from typing import Any

import nbformat
import papermill
import zmq
from jupyter_client.kernelspec import KernelSpec, KernelSpecManager
from jupyter_client.manager import AsyncKernelManager
from jupyter_core.utils import ensure_event_loop
from nbclient.exceptions import CellTimeoutError
from papermill.clientwrap import PapermillNotebookClient
from papermill.engines import NBClientEngine, papermill_engines
from papermill.exceptions import PapermillExecutionError

from nbedition.kernels import driver
from nbedition.kernels.provisioner import NAME
from nbedition.notebooks.outputs import failure
from nbedition.project import HOME, root

ENGINE = "ewppr"
GRACE_SECONDS = 5.0  # in which a run whose time is up should heed its interrupt
PYTHON = {"display_name": "Python 3", "language": "python", "name": "python3"}


@dataclass(frozen=True)
class Order:
    """One execution: of what, with which parameters, how."""

    notebook: Path
    parameters: Mapping[str, Any]
    warm: bool = False
    timeout: float | None = None  # seconds for the whole run
    environment: Mapping[str, str] = field(default_factory=dict)  # added to this process's
    folder: str | None = None  # the kernel's working folder; this process's where none is named


@dataclass(frozen=True)
class Execution:
    """What came of it: the executed notebook, why it failed if it did, and whether the kernel was lost."""

    notebook: nbformat.NotebookNode
    error: str | None = None
    lost: bool = False  # the kernel died or never came up; another try may do better


def execute(order: Order) -> Execution:
    """Execute a notebook in a kernel of its own.

    Returns
    -------
    Execution
        Also where a cell raises, the time is up or the kernel dies.

    Raises
    ------
    CheckFailed
        If no warm kernel can be had at all.
    """
    kept: list[nbformat.NotebookNode] = []
    try:
        papermill.execute_notebook(
            source(order.notebook),
            None,
            parameters=dict(order.parameters),
            engine_name=ENGINE,
            request_save_on_cell_execute=False,
            progress_bar=False,
            autosave_cell_every=0,
            order=order,
            kept=kept,
        )
    except PapermillExecutionError as error:
        return Execution(kept[0], failure(kept[0]) or " ".join(str(error).split()))
    except CellTimeoutError:
        return Execution(kept[0], f"the run took longer than {order.timeout:g} seconds")
    except (RuntimeError, zmq.ZMQError, driver.ServerGone) as error:
        if not kept:
            raise
        return Execution(kept[0], " ".join(str(error).split()), lost=True)
    finally:
        ensure_event_loop().close()  # nbclient leaves this thread's loop, and its sockets, open
    return Execution(kept[0])


def execute_whole(order: Order) -> tuple[bytes, dict[str, Any]] | None:
    """Execute a notebook in one forked process, which costs least.

    Returns
    -------
    tuple or None
        The executed notebook's file, with ``error`` and ``results``; None where the process died.

    Raises
    ------
    CheckFailed
        If no kernel server can be had.
    ServerGone
        If the server ended.
    """
    environment = {**os.environ, **order.environment}
    server = driver.server(environment)
    place = server.place()
    asked = {"notebook": str(order.notebook), "parameters": dict(order.parameters), "timeout": order.timeout}
    process = server.execute(environment, order.folder or str(Path.cwd()), {**asked, "place": place})
    limit = None if order.timeout is None else order.timeout + GRACE_SECONDS
    if process.ended_within(limit) is None:
        process.kill()
        return as_bytes(source(order.notebook)), {
            "error": f"the run took longer than {order.timeout:g} seconds",
            "results": [],
        }
    try:
        return Path(f"{place}.ipynb").read_bytes(), json.loads(Path(f"{place}.json").read_bytes())
    except FileNotFoundError:
        return None
    finally:
        for end in (".ipynb", ".json", ".part"):
            Path(place + end).unlink(missing_ok=True)


def as_bytes(notebook: nbformat.NotebookNode) -> bytes:
    """Return a notebook as the bytes of its file."""
    text: str = nbformat.v4.writes(notebook)
    return f"{text}\n".encode()


@lru_cache(maxsize=16)
def _read(path: Path, _changed: int) -> nbformat.NotebookNode:
    """Return a notebook without its outputs; one that names no kernel gets Python's."""
    notebook: nbformat.NotebookNode = nbformat.read(path, as_version=4)
    notebook.metadata.setdefault("kernelspec", nbformat.from_dict(PYTHON))
    for cell in notebook.cells:
        if cell.cell_type == "code":
            cell.outputs, cell.execution_count = [], None
    return notebook


def source(path: Path) -> nbformat.NotebookNode:
    """Return a notebook of the caller's own, without outputs."""
    copied: nbformat.NotebookNode = deepcopy(_read(path, path.stat().st_mtime_ns))
    return copied


class _Engine(NBClientEngine):  # type: ignore[misc]
    """papermill's own engine, with a kernel, an environment and a time limit of the run's own."""

    @classmethod
    def execute_managed_notebook(
        cls, nb_man: Any, kernel_name: str, order: Order, kept: list[nbformat.NotebookNode], **_options: Any
    ) -> Any:
        kept.append(nb_man.nb)
        nb_man.nb.metadata.papermill["input_path"] = order.notebook.name  # not the notebook itself
        environment = {**os.environ, **_study(), **order.environment}
        with _manager(kernel_name, warm=order.warm) as manager:
            client = PapermillNotebookClient(nb_man, km=manager, timeout_func=_time_left(order.timeout))
            where = {} if order.folder is None else {"cwd": order.folder}
            return client.execute(env=environment, stdout=DEVNULL, stderr=DEVNULL, cleanup_kc=True, **where)


def _study() -> dict[str, str]:
    """Tell a kernel, wherever its folder is, of the study at work."""
    return {HOME: str(root().absolute())}


papermill_engines.register(ENGINE, _Engine)

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


class _WarmSpecs(KernelSpecManager):
    """The installed kernels, to be started by our provisioner."""

    def get_kernel_spec(self, kernel_name: str) -> KernelSpec:
        spec: KernelSpec = super().get_kernel_spec(kernel_name)
        spec.metadata = {
            **spec.metadata,
            "kernel_provisioner": {"provisioner_name": NAME, "config": {"own_files": True}},
        }
        return spec


@contextmanager
def _manager(kernel_name: str, *, warm: bool) -> Iterator[AsyncKernelManager]:
    """Give a kernel manager whose files and sockets lie in a private folder."""
    if warm:
        yield AsyncKernelManager(kernel_name=kernel_name, kernel_spec_manager=_WarmSpecs())
        return
    if _stopped.is_set():
        raise driver.ServerGone("kernels are no longer started")
    folder = driver.private_folder() if os.name == "posix" else None
    sockets = {"transport": "ipc", "ip": str(folder / "k"), "connection_file": str(folder / "k.json")} if folder else {}
    manager = AsyncKernelManager(kernel_name=kernel_name, **sockets)
    _plain.add(manager)
    try:
        yield manager
    finally:
        _plain.discard(manager)
        if folder:
            shutil.rmtree(folder, ignore_errors=True)
