"""A whole notebook in one forked process: ipykernel's own kernel and papermill's own loop, with no sockets between.

A kernel behind sockets costs a short run more than its cells do: threads, connections, and two processes that wake each
other for every message. Here the kernel is the same (session, shell, displays, streams), and so is what papermill does
with its messages; only the way between them is shorter. A process that dies leaves nothing, so whoever asked takes a
kernel behind sockets then.
"""

import asyncio
import atexit
import json
import logging
import os
import signal
import sys
import threading
import time
from collections import deque
from collections.abc import Sequence
from contextlib import nullcontext, suppress
from contextvars import copy_context
from datetime import datetime
from functools import lru_cache
from inspect import isawaitable
from pathlib import Path
from select import select
from types import SimpleNamespace
from typing import Any

import zmq
from ipykernel.iostream import IOPubThread
from ipykernel.ipkernel import IPythonKernel
from ipykernel.kernelapp import IPKernelApp
from jupyter_client.session import Session
from nbclient.exceptions import CellExecutionComplete, CellTimeoutError
from nbformat import NotebookNode
from papermill.clientwrap import PapermillNotebookClient
from papermill.engines import NotebookExecutionManager
from papermill.exceptions import PapermillExecutionError
from papermill.execute import prepare_notebook_metadata, raise_for_execution_errors, remove_error_markers
from papermill.iorw import load_notebook_node
from papermill.parameterize import parameterize_notebook

from nbedition.kernels import engine
from nbedition.notebooks.outputs import FIGURE_TYPE, RESULT_TYPE, failure, recorded
from nbedition.notebooks.provenance import Stamp, stamp_of

SETTLE_SECONDS = 10.0  # in which what has been said must have gone through
HEAR_SECONDS = 1.0  # given after each cell to what other processes have written; one may never stop writing
PAUSE = 0.001
_log = logging.getLogger(__name__)


class _Sent:
    """Stands for a socket: keeps the messages that are sent on it."""

    def __init__(self) -> None:
        self.context = zmq.Context()
        self.waiting: deque[Sequence[bytes]] = deque()

    def send_multipart(self, frames: Sequence[bytes], *_args: object, **_options: object) -> None:
        self.waiting.append(frames)


class _Thread(IOPubThread):
    """Sends what comes later or from other processes; what this process says is sent where it is said."""

    def send_multipart(self, *frames: Any, **options: Any) -> None:
        self._really_send(*frames, **options)  # type: ignore[no-untyped-call]


def _at_once(stream: Any) -> Any:
    """Let a kernel's stream send in whichever thread flushes it, one at a time, so that all stays in order."""
    send, one_at_a_time = stream._flush, threading.RLock()

    def flush() -> None:
        with one_at_a_time if stream._is_master_process() else nullcontext():
            send()

    stream._flush = stream.flush = flush
    return stream


def make_kernel(app: Any) -> None:
    """Make the kernel before any process is forked: nothing in it belongs to one, and making it takes a while."""
    session = Session(parent=app)
    session.key = b""  # nothing leaves the process, so nothing is signed
    names = {"log": app.log, "profile_dir": app.profile_dir, "user_ns": app.user_ns}
    kernel = IPythonKernel.instance(parent=app, session=session, **names)
    kernel.shell_channel_thread = SimpleNamespace(parent_thread=threading.main_thread())  # where cells run


def forget_kernel() -> None:
    """Let an application make a kernel of its own."""
    shell: Any = IPythonKernel.instance().shell
    atexit.unregister(shell.atexit_operations)
    IPythonKernel.clear_instance()
    type(shell).clear_instance()


class Inside:
    """The kernel at work in this process, and the messages that it publishes."""

    def __init__(self, app: Any) -> None:  # an IPKernelApp, most of which has no types
        self.kernel: Any = IPythonKernel.instance()
        app.kernel, app.session = self.kernel, self.kernel.session
        self.session, self.session.pid = app.session, os.getpid()
        self.published, self._replies = _Sent(), _Sent()
        self._told: deque[dict[str, Any]] = deque()
        thread: Any = _Thread(self.published, pipe=True, session=self.session)  # type: ignore[no-untyped-call]
        thread.start()
        self.thread = thread
        self._connect(app, self.thread.background_socket)
        for step in (app.init_path, app.init_shell, app.init_gui_pylab, app.init_extensions, app.init_code):
            step()
        self.loop = asyncio.new_event_loop()
        asyncio.set_event_loop(self.loop)
        self._context = copy_context()  # of all cells, as ipykernel has it: what one sets there, the next one finds

    def _connect(self, app: Any, socket: Any) -> None:
        """Give the kernel what belongs to this process: streams, environment, folder."""
        kernel, shell = self.kernel, self.kernel.shell
        kernel.iopub_thread, app.iopub_thread = self.thread, self.thread
        kernel.iopub_socket = app.iopub_socket = shell.displayhook.pub_socket = shell.display_pub.pub_socket = socket
        for step in (app.init_io, app.init_signal, shell.init_environment):
            step()
        self._streams = [_at_once(stream) for stream in (sys.stdout, sys.stderr)]
        app.displayhook.get_execution_count = lambda: kernel.execution_count
        kernel._execute_sleep = 0  # a pause in which sockets are read
        shell.starting_dir = str(Path.cwd())
        shell.history_manager.dir_hist[:] = [Path.cwd()]

    def request(self, code: str) -> dict[str, Any]:
        """Return the message that asks for one cell; as no others wait, an error has none to stop."""
        content = {"code": code, "silent": False, "store_history": True, "user_expressions": {}}
        content |= {"allow_stdin": False, "stop_on_error": False}
        message: dict[str, Any] = self.session.msg("execute_request", content)
        return message

    def answer(self, request: dict[str, Any]) -> dict[str, Any]:
        """Run one cell; return the kernel's reply."""
        self._handle(request)
        return self._read(self._replies.waiting.popleft())

    def tell(self, message: dict[str, Any]) -> None:
        """Keep what a widget in the notebook is told, until the cell that is at work has ended."""
        content = self.session.unpack(self.session.pack(message["content"]))
        self._told.append({**message, "content": content, "buffers": []})

    def deliver(self) -> None:
        """Hand over what widgets have been told."""
        while self._told:
            self._handle(self._told.popleft())

    def _handle(self, request: dict[str, Any]) -> None:
        self.loop.run_until_complete(self.loop.create_task(self._answer(request), context=self._context))

    async def _answer(self, request: dict[str, Any]) -> None:
        kernel = self.kernel
        kernel.set_parent([], request, channel="shell")
        kernel._publish_status("busy", "shell")
        kernel.pre_handler_hook()
        try:
            done = kernel.shell_handlers[request["msg_type"]](self._replies, [], request)
            if isawaitable(done):
                await done
        finally:
            kernel.post_handler_hook()
        self._hear_out()
        for stream in (sys.stdout, sys.stderr):
            stream.flush()
        kernel._publish_status("idle", "shell")

    def _hear_out(self) -> None:
        """Wait until what other processes have written to this one's output is read."""
        end = time.monotonic() + HEAR_SECONDS
        pipes = [stream._fid for stream in self._streams if stream._fid is not None]
        while select(pipes, [], [], 0)[0] and time.monotonic() < end:
            time.sleep(PAUSE)

    def messages(self) -> list[dict[str, Any]]:
        """Return what the kernel has published since the last call, in order."""
        settled = threading.Event()
        self.thread.schedule(settled.set)
        settled.wait(SETTLE_SECONDS)
        found = []
        while self.published.waiting:
            found.append(self._read(self.published.waiting.popleft()))
        return found

    def _read(self, frames: Sequence[bytes]) -> dict[str, Any]:
        """Return a message as the session reads it, but for its checks and for dates other than its own."""
        _, (_, *parts) = self.session.feed_identities(list(frames))
        header, parent, metadata, content = map(self.session.unpack, parts[:4])
        header["date"] = datetime.fromisoformat(header["date"])
        about = {"header": header, "msg_id": header["msg_id"], "msg_type": header["msg_type"]}
        return {**about, "parent_header": parent, "metadata": metadata, "content": content, "buffers": parts[4:]}


class _Client(PapermillNotebookClient):  # type: ignore[misc]
    """papermill's client, whose kernel is in this process."""

    def __init__(self, manager: NotebookExecutionManager, inside: Inside, end: float) -> None:
        super().__init__(manager, log=_log)  # as outside a kernel: an application's own makes a record of everything
        self._inside, self._end = inside, end
        channel = SimpleNamespace(send=inside.tell)
        self.kc = SimpleNamespace(session=inside.session, shell_channel=channel)  # whom widgets are told by

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
        self._take_messages(request["header"]["msg_id"], cell, cell_index)
        self._inside.deliver()
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


@lru_cache(maxsize=16)
def _loaded(path: Path, _seen: Stamp) -> NotebookNode:
    found: NotebookNode = load_notebook_node(engine.source(path))
    return found


def load(path: Path) -> NotebookNode:
    """Return a notebook as papermill reads it; one object for all who ask, as each run has a process of its own."""
    found: NotebookNode = _loaded(path, stamp_of([path]))
    return found


def carry_out(order: dict[str, Any]) -> None:
    """Execute a notebook, and write it and what it recorded beside each other.

    `order`: ``notebook`` (path), ``parameters``, ``timeout`` (seconds or None) and ``place``: the path that ``.ipynb``
    and ``.json`` are added to; the second is written last, and is there only when it is whole.
    """
    path, given = Path(order["notebook"]), order["parameters"]
    notebook = parameterize_notebook(load(path), given) if given else load(path)
    notebook = remove_error_markers(prepare_notebook_metadata(notebook, path.name, None))
    error = None
    try:
        _execute(notebook, order["timeout"])
        raise_for_execution_errors(notebook, None)
    except PapermillExecutionError as raised:
        error = failure(notebook) or " ".join(str(raised).split())
    except (CellTimeoutError, KeyboardInterrupt):
        engine.break_off(notebook)
        error = engine.time_is_up(order["timeout"])
    except Exception as raised:  # noqa: BLE001  a kernel behind sockets would run the cells a second time
        error = engine.broken_off(notebook, raised)
    _write(order["place"], notebook, error)


def _execute(notebook: NotebookNode, limit: float | None) -> None:
    """Run the cells as papermill's engine does, with a time limit for the whole."""
    manager = _Manager(notebook, progress_bar=False, autosave_cell_every=0)
    manager.notebook_start()
    try:
        client = _Client(manager, Inside(IPKernelApp.instance()), time.monotonic() + (limit or float("inf")))
        if limit:  # a cell whose time is up is interrupted
            signal.signal(signal.SIGALRM, signal.default_int_handler)
            signal.setitimer(signal.ITIMER_REAL, limit)
        client.execute()
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        manager.notebook_complete()


def _write(place: str, notebook: NotebookNode, error: str | None) -> None:
    found = {} if error else {"results": recorded(notebook, RESULT_TYPE), "figures": recorded(notebook, FIGURE_TYPE)}
    Path(f"{place}.ipynb").write_bytes(engine.as_bytes(notebook))
    part = Path(f"{place}.part")
    part.write_text(json.dumps({"error": error, **found}))
    part.replace(f"{place}.json")
