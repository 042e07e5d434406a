"""A kernel of this process: ipykernel's own, its messages handed over without sockets and threads between.

What the kernel is made of stays as it is: session, shell, displays and streams. Only the way of a message is shorter.
"""

import asyncio
import os
import sys
import threading
import time
from collections import deque
from collections.abc import Sequence
from contextlib import nullcontext
from contextvars import copy_context
from datetime import datetime
from select import select
from types import SimpleNamespace
from typing import Any

import zmq
from ipykernel import ipkernel
from ipykernel.iostream import BackgroundSocket, IOPubThread
from ipykernel.ipkernel import IPythonKernel

from nbedition.kernels.kernel import WarmApp, no_modules_seen
from nbedition.kernels.transformed import remember_transformed

SETTLE_SECONDS = 10.0  # in which what has been said must have gone through
HEAR_SECONDS = 1.0  # given after each cell to what other processes have written; one may never stop writing
PAUSE = 0.001


class _Sent:
    """Stands for a socket: keeps the messages that are sent on it."""

    def __init__(self) -> None:
        self.context = zmq.Context()
        self.waiting: deque[Sequence[bytes]] = deque()

    def send_multipart(self, frames: Sequence[bytes], *_args: object, **_options: object) -> None:
        self.waiting.append(frames)


class _Thread(IOPubThread):
    """The thread that sends what comes later or from other processes; what this process says is sent where it is said.

    Waiting for the thread three times for everything shown is a tenth of what a short run costs, and its sockets are
    nearly as much; so it begins, with them, when the first work is left to it, or before this process forks.
    """

    def __init__(self, socket: _Sent, session: Any) -> None:
        self.socket, self.session = socket, session
        self.background_socket = BackgroundSocket(self)
        self.streams: list[Any] = []  # those that leave work to it
        self.io_loop: Any = None
        self.begun = False
        self._master_pid, self._pipe_flag = os.getpid(), True
        self._beginning = threading.RLock()
        os.register_at_fork(before=self.begin)

    def begin(self) -> None:
        """Make the sockets and start the thread, once; a forked process has those that its parent began."""
        if self.begun:
            return
        with self._beginning:
            if self.begun:
                return
            super().__init__(self.socket, pipe=True, session=self.session)  # type: ignore[no-untyped-call]
            for stream in self.streams:
                stream._io_loop = self.io_loop
            self.start()  # type: ignore[no-untyped-call]
            self.begun = True

    def schedule(self, work: Any) -> None:
        self.begin()
        super().schedule(work)  # type: ignore[no-untyped-call]

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


class Inside:
    """A kernel of this process, and the messages that it publishes."""

    def __init__(self, app: Any) -> None:  # a WarmApp, most of which has no types
        self.session = app.session
        self.session.key = b""  # nothing leaves the process, so nothing is signed
        self.published, self._replies = _Sent(), _Sent()
        self.thread: Any = _Thread(self.published, app.session)
        app.iopub_thread = self.thread
        app.iopub_socket = self.thread.background_socket
        for step in (app.init_io, app.init_signal):
            step()
        self._streams = self.thread.streams = [_at_once(stream) for stream in (sys.stdout, sys.stderr)]
        self.kernel: Any = _kernel(app)
        app.kernel = self.kernel
        app.displayhook.get_execution_count = lambda: self.kernel.execution_count
        for step in (app.init_path, app.init_shell, app.init_gui_pylab, app.init_extensions, app.init_code):
            step()
        self.kernel._execute_sleep = 0  # a pause in which sockets are read
        remember_transformed(self.kernel.shell.input_transformer_manager)  # type: ignore[union-attr]
        self.loop = asyncio.new_event_loop()
        asyncio.set_event_loop(self.loop)
        self._context = (
            copy_context()
        )  # one for all cells, as ipykernel has it: what a cell sets there, the next one finds

    def request(self, code: str) -> dict[str, Any]:
        """Return the message that asks for one cell; as no others wait, an error has none to stop."""
        content = {"code": code, "silent": False, "store_history": True, "user_expressions": {}}
        content |= {"allow_stdin": False, "stop_on_error": False}
        message: dict[str, Any] = self.session.msg("execute_request", content)
        return message

    def answer(self, request: dict[str, Any]) -> dict[str, Any]:
        """Run one cell; return the kernel's reply."""
        self.loop.run_until_complete(self.loop.create_task(self._answer(request), context=self._context))
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
        if self.thread.begun:
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
