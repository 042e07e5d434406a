"""A whole notebook in one forked process: ipykernel's own kernel and papermill's own loop, with no sockets between.

A kernel behind sockets costs a short run more than its cells do: threads, connections, and two processes that wake each
other for every message. Here the kernel is the same, and so is what papermill does with its messages; only the way
between them is shorter, and no text of the notebook is written and read again on the way. A process that dies leaves
nothing, so whoever asked takes a kernel behind sockets then.
"""

import json
import logging
import signal
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from functools import lru_cache
from pathlib import Path
from typing import Any

from nbclient.exceptions import CellExecutionComplete, CellTimeoutError
from nbformat import NotebookNode
from nbformat.v4 import nbbase
from nbformat.v4.nbjson import BytesEncoder
from nbformat.v4.rwbase import split_lines, strip_transient
from papermill.clientwrap import PapermillNotebookClient
from papermill.engines import NotebookExecutionManager
from papermill.exceptions import PapermillExecutionError
from papermill.execute import prepare_notebook_metadata, raise_for_execution_errors, remove_error_markers
from papermill.iorw import load_notebook_node
from papermill.parameterize import parameterize_notebook

from nbedition.kernels import engine
from nbedition.kernels.inprocess import Inside
from nbedition.kernels.kernel import WarmApp
from nbedition.kernels.transformed import transform
from nbedition.notebooks import outputs

_log = logging.getLogger(__name__)


class _Client(PapermillNotebookClient):  # type: ignore[misc]
    """papermill's client, whose kernel is in this process."""

    def __init__(self, manager: NotebookExecutionManager, inside: Inside, end: float) -> None:
        super().__init__(manager, log=_log)  # as outside a kernel: an application's own makes a record of everything
        self._inside, self._end = inside, end

    def execute(self, **_options: object) -> NotebookNode:
        self.reset_execution_trackers()
        self.papermill_execute_cells()
        self.nb.metadata["language_info"] = dict(self._inside.kernel.language_info)
        self.set_widgets_metadata()
        executed: NotebookNode = self.nb
        return executed

    def execute_cell(self, cell: NotebookNode, cell_index: int) -> NotebookNode:
        tags = cell.metadata.get("tags", [])
        if cell.cell_type != "code" or not cell.source.strip() or self.skip_cells_with_tag in tags:
            return cell
        cell.metadata["execution"], cell.outputs = {}, []
        self.code_cells_executed += 1
        self.clear_before_next_output = False
        request = self._inside.request(cell.source)
        reply = None
        with suppress(KeyboardInterrupt):
            reply = self._inside.answer(request)
        with _outputs_as_they_come():
            self._take_messages(request["header"]["msg_id"], cell, cell_index)
        if time.monotonic() >= self._end:
            raise CellTimeoutError("the time of the whole run is up")
        self._inside.loop.run_until_complete(self._check_raise_for_error(cell, cell_index, reply))
        return cell

    def _take_messages(self, request: str, cell: NotebookNode, index: int) -> None:
        for message in self._inside.messages():
            if message["parent_header"].get("msg_id") != request:
                continue  # of a thread that an earlier cell has started
            try:
                self.process_message(message, cell, index)
            except CellExecutionComplete:
                return


class _Manager(NotebookExecutionManager):  # type: ignore[misc]
    """papermill's notes on each cell, which it takes down as text and reads again."""

    def cell_start(self, cell: NotebookNode, *_place: object, **_more: object) -> None:
        self._started = self.now()
        cell.metadata.papermill |= {"status": self.RUNNING, "exception": False}
        cell.metadata.papermill["start_time"] = self._started.isoformat()

    def cell_complete(self, cell: NotebookNode, *_place: object, **_more: object) -> None:
        ended, notes = self.now(), cell.metadata.papermill
        notes |= {"end_time": ended.isoformat(), "duration": (ended - self._started).total_seconds()}
        if notes["status"] != self.FAILED:
            notes["status"] = self.COMPLETED


@contextmanager
def _outputs_as_they_come() -> Iterator[None]:
    """Take outputs as the kernel makes them: checking each against the schema takes longer than making it."""
    names = vars(nbbase)
    validate, names["validate"] = names["validate"], lambda *_args, **_options: None
    try:
        yield
    finally:
        names["validate"] = validate


@lru_cache(maxsize=16)
def _loaded(path: Path, _changed: int) -> NotebookNode:
    found: NotebookNode = load_notebook_node(engine.source(path))
    return found


def load(path: Path) -> NotebookNode:
    """Return a notebook as papermill reads it; one object for all who ask, as each run has a process of its own."""
    found: NotebookNode = _loaded(path, path.stat().st_mtime_ns)
    return found


def prepare(path: Path) -> None:
    """Read a notebook and transform its cells before any process is forked."""
    transform(cell.source for cell in load(path).cells if cell.cell_type == "code")


def carry_out(order: dict[str, Any]) -> int:
    """Execute a notebook, and write it and what it recorded beside each other.

    Parameters
    ----------
    order
        ``notebook`` (path), ``parameters``, ``timeout`` (seconds or None) and ``place``: the path that
        ``.ipynb`` and ``.json`` are added to; the second is written last, and is there only when it is whole.
    """
    path, given = Path(order["notebook"]), order["parameters"]
    notebook = parameterize_notebook(load(path), given) if given else load(path)
    notebook = remove_error_markers(prepare_notebook_metadata(notebook, path.name, None))
    error = None
    try:
        _execute(notebook, order["timeout"])
        raise_for_execution_errors(notebook, None)
    except PapermillExecutionError as raised:
        error = outputs.failure(notebook) or " ".join(str(raised).split())
    except (CellTimeoutError, KeyboardInterrupt):
        error = f"the run took longer than {order['timeout']:g} seconds"
    _write(order["place"], notebook, error)
    return 0


def _execute(notebook: NotebookNode, limit: float | None) -> None:
    """Run the cells as papermill's engine does, with a time limit for the whole."""
    manager = _Manager(notebook, progress_bar=False, autosave_cell_every=0)
    manager.notebook_start()
    try:
        client = _Client(manager, Inside(WarmApp.instance()), time.monotonic() + (limit or float("inf")))
        signal.signal(signal.SIGALRM, signal.default_int_handler)  # a cell whose time is up is interrupted
        signal.setitimer(signal.ITIMER_REAL, limit or 0)
        client.execute()
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        manager.notebook_complete()


def _write(place: str, notebook: NotebookNode, error: str | None) -> None:
    found = [] if error else outputs.results(notebook)
    Path(f"{place}.ipynb").write_bytes(_as_bytes(notebook))
    part = Path(f"{place}.part")
    part.write_text(json.dumps({"error": error, "results": found}))
    part.replace(f"{place}.json")


def _as_bytes(notebook: NotebookNode) -> bytes:
    """Return what `engine.as_bytes` does, of a notebook that nobody needs any more."""
    content = strip_transient(split_lines(notebook))
    form: dict[str, Any] = {"indent": 1, "sort_keys": True, "separators": (",", ": "), "ensure_ascii": False}
    return f"{json.dumps(content, cls=BytesEncoder, **form)}\n".encode()
