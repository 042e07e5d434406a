"""A whole notebook in one forked process: ipykernel's own kernel and papermill's own loop, with no sockets between.

A kernel behind sockets costs a short run more than its cells do: threads, connections, and two processes that wake each
other for every message. Here the kernel is the same, and so is what papermill does with its messages; only the way
between them is shorter. A process that dies leaves nothing, so whoever asked takes a kernel behind sockets then.
"""

import asyncio
import json
import signal
import sys
import threading
import time
from collections import deque
from collections.abc import Sequence
from contextlib import nullcontext, suppress
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import papermill
import zmq
from ipykernel import ipkernel
from ipykernel.iostream import IOPubThread
from ipykernel.ipkernel import IPythonKernel
from nbclient.exceptions import CellExecutionComplete, CellTimeoutError
from nbformat import NotebookNode
from papermill.clientwrap import PapermillNotebookClient
from papermill.engines import NBClientEngine, papermill_engines
from papermill.exceptions import PapermillExecutionError

from ewppr_lib.runs import engine, outputs
from ewppr_lib.runs.warm.kernel import WarmApp, no_modules_seen

ENGINE = "ewppr-whole"
SETTLE_SECONDS = 10.0  # in which what has been said must have gone through


class _Sent:
    """Stands for a socket: keeps the messages that are sent on it."""

    def __init__(self) -> None:
        self.context = zmq.Context()
        self.waiting: deque[Sequence[bytes]] = deque()

    def send_multipart(self, frames: Sequence[bytes], *_args: object, **_options: object) -> None:
        self.waiting.append(frames)


class _Thread(IOPubThread):
    """The thread that sends what comes later or from other processes; what this process says is sent where it is said.

    Waiting for the thread three times for everything shown is a tenth of what a short run costs.
    """

    def send_multipart(self, *frames: Any, **options: Any) -> None:
        self._really_send(*frames, **options)  # type: ignore[no-untyped-call]


def _at_once(stream: Any) -> Any:
    """Let a kernel's stream send in whichever thread flushes it, one at a time, so that all stays in order."""
    send, one_at_a_time = stream._flush, threading.Lock()

    def flush() -> None:
        with one_at_a_time if stream._is_master_process() else nullcontext():
            send()

    stream._flush = stream.flush = flush
    return stream


class Inside:
    """A kernel of this process, and the messages that it publishes."""

    def __init__(self, app: WarmApp) -> None:
        self.session = app.session
        self.session.key = b""  # nothing leaves the process, so nothing is signed
        self.published, self._replies = _Sent(), _Sent()
        self.thread = app.iopub_thread = _Thread(self.published, pipe=True, session=app.session)
        self.thread.start()
        app.iopub_socket = self.thread.background_socket
        for step in (app.init_io, app.init_signal):
            step()  # type: ignore[no-untyped-call]
        self.streams = [_at_once(stream) for stream in (sys.stdout, sys.stderr)]
        self.kernel = app.kernel = _kernel(app)
        app.displayhook.get_execution_count = lambda: self.kernel.execution_count
        for step in (app.init_path, app.init_shell, app.init_gui_pylab, app.init_extensions, app.init_code):
            step()  # type: ignore[no-untyped-call]
        self.loop = asyncio.new_event_loop()
        asyncio.set_event_loop(self.loop)

    def request(self, code: str) -> dict[str, Any]:
        """Return the message that asks for one cell; as no others wait, an error has none to stop."""
        content = {"code": code, "silent": False, "store_history": True, "user_expressions": {}}
        content |= {"allow_stdin": False, "stop_on_error": False}
        message: dict[str, Any] = self.session.msg("execute_request", content)
        return message

    def answer(self, request: dict[str, Any]) -> dict[str, Any]:
        """Run one cell; return the kernel's reply."""
        self.loop.run_until_complete(self._answer(request))
        return self._read(self._replies.waiting.popleft())

    async def _answer(self, request: dict[str, Any]) -> None:
        kernel = self.kernel
        kernel.set_parent([], request, channel="shell")
        kernel._publish_status("busy", "shell")
        kernel.pre_handler_hook()
        try:
            await kernel.execute_request(self._replies, [], request)
        finally:
            kernel.post_handler_hook()
        for stream in (sys.stdout, sys.stderr):
            stream.flush()
        kernel._publish_status("idle", "shell")

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
        _, parts = self.session.feed_identities(list(frames))
        message: dict[str, Any] = self.session.deserialize(parts)
        return message


def _kernel(app: WarmApp) -> IPythonKernel:
    with no_modules_seen(ipkernel):
        kernel = IPythonKernel.instance(
            parent=app,
            session=app.session,
            iopub_thread=app.iopub_thread,
            iopub_socket=app.iopub_socket,
            log=app.log,
            profile_dir=app.profile_dir,
            user_ns=app.user_ns,
        )
    kernel._kernel_modules = app.module_files
    kernel.shell_channel_thread = SimpleNamespace(parent_thread=threading.main_thread())  # where cells run
    return kernel


class _Client(PapermillNotebookClient):  # type: ignore[misc]
    """papermill's client, whose kernel is in this process."""

    def __init__(self, manager: Any, inside: Inside, end: float) -> None:
        super().__init__(manager)
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


class _Engine(NBClientEngine):  # type: ignore[misc]
    """papermill's own engine, with the kernel in this process and a time limit for the whole."""

    @classmethod
    def execute_managed_notebook(
        cls, nb_man: Any, _kernel_name: str, order: dict[str, Any], kept: list[NotebookNode], **_options: Any
    ) -> Any:
        kept.append(nb_man.nb)
        limit = order["timeout"]
        client = _Client(nb_man, Inside(WarmApp.instance()), time.monotonic() + (limit or float("inf")))
        signal.signal(signal.SIGALRM, signal.default_int_handler)  # a cell whose time is up is interrupted
        signal.setitimer(signal.ITIMER_REAL, limit or 0)
        try:
            return client.execute()
        finally:
            signal.setitimer(signal.ITIMER_REAL, 0)


papermill_engines.register(ENGINE, _Engine)


def carry_out(order: dict[str, Any]) -> int:
    """Execute a notebook, and write it and what it recorded beside each other.

    Parameters
    ----------
    order
        ``notebook`` (path), ``parameters``, ``timeout`` (seconds or None) and ``place``: the path that
        ``.ipynb`` and ``.json`` are added to; the second is written last, and is there only when it is whole.
    """
    kept: list[NotebookNode] = []
    error = None
    try:
        papermill.execute_notebook(
            engine.source(Path(order["notebook"])),
            None,
            parameters=order["parameters"],
            engine_name=ENGINE,
            request_save_on_cell_execute=False,
            progress_bar=False,
            autosave_cell_every=0,
            order=order,
            kept=kept,
        )
    except PapermillExecutionError as raised:
        error = outputs.failure(kept[0]) or " ".join(str(raised).split())
    except (CellTimeoutError, KeyboardInterrupt):
        error = f"the run took longer than {order['timeout']:g} seconds"
    _write(order, kept[0], error)
    return 0


def _write(order: dict[str, Any], notebook: NotebookNode, error: str | None) -> None:
    place = order["place"]
    Path(f"{place}.ipynb").write_bytes(engine.as_bytes(notebook))
    part = Path(f"{place}.part")
    part.write_text(json.dumps({"error": error, "results": [] if error else outputs.results(notebook)}))
    part.replace(f"{place}.json")
