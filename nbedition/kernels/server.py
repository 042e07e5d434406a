"""The process that kernels are forked from: it imports, draws one figure, then waits for requests.

It has one thread, so that forking is safe. Each connection to its socket asks for one kernel
with one line of JSON and is then the kernel's line: the server says ``{"pid": N}`` and, at the
end, ``{"exit": CODE}``; the other side may say ``{"signal": N}``. Where a line breaks, its kernel is killed;
where the server's standard input ends, because whoever started it is gone, all are, the folder
of sockets is removed, and the server ends.
"""

import ctypes
import gc
import os
import select
import shutil
import signal
import socket
import sys
import time
import warnings
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from nbedition.kernels.later import import_grammar_later
from nbedition.kernels.preload import needs_more, preload, preload_more, use_large_pages
from nbedition.kernels.wire import READY, SOCKET, Lines, message
from nbedition.project import notebooks

WITHOUT_STUDY = "--without-study"
GRACE = 30.0  # seconds in which a retired server still forks for those who have just been given it
PARENT_DEATH_SIGNAL = 1  # of prctl


@dataclass
class Child:
    """A forked kernel and the connection that asked for it."""

    pid: int
    line: socket.socket
    said: Lines


class Server:
    """The forking loop.

    `folder`: private folder that holds the socket, and the kernels' own sockets; `added`: environment variables that
    imports have added.
    """

    def __init__(self, folder: Path, added: dict[str, str]) -> None:
        self.folder, self.added = folder, added
        self.children: dict[int, Child] = {}
        self.orphans: set[int] = set()  # killed, not yet waited for
        self.waiting: dict[int, tuple[socket.socket, Lines]] = {}
        self.asked_for: set[str | None] = set()  # notebooks; None stands for any
        self.retired_at: float | None = None
        self.listener = socket.socket(socket.AF_UNIX)
        self.listener.bind(str(folder / SOCKET))
        self.listener.listen(128)
        self.wake, self._waker = os.pipe()
        for end in (self.wake, self._waker):
            os.set_blocking(end, False)
        signal.signal(signal.SIGCHLD, lambda *_: None)
        signal.set_wakeup_fd(self._waker, warn_on_full_buffer=False)

    def serve(self) -> None:
        """Fork until standard input ends, or until the last kernel of a retired server has ended."""
        while self._needed():
            ready = self._ready()
            if 0 in ready:
                told = os.read(0, 64)
                if not told:
                    break
                self.retired_at = self.retired_at or time.monotonic()
            if self.wake in ready:
                os.read(self.wake, 4096)
            self._reap()
            if self.listener.fileno() in ready:
                line, _ = self.listener.accept()
                line.setblocking(False)
                self.waiting[line.fileno()] = (line, Lines())
            for number in ready & set(self.waiting):
                self._asked(number)
            for child in [child for child in self.children.values() if child.line.fileno() in ready]:
                self._told(child)
        self._end_all()

    def _needed(self) -> bool:
        fresh = self.retired_at is None or time.monotonic() < self.retired_at + GRACE
        return fresh or bool(self.children or self.orphans or self.waiting)

    def _ready(self) -> set[int]:
        poll = select.poll()
        lines = [child.line.fileno() for child in self.children.values()]
        for number in (0, self.wake, self.listener.fileno(), *self.waiting, *lines):
            poll.register(number, select.POLLIN)
        return {number for number, _ in poll.poll(None if self.retired_at is None else 1000)}

    def _asked(self, number: int) -> None:
        line, said = self.waiting[number]
        requests = said.read(line)
        if requests is None:
            del self.waiting[number]
            line.close()
        elif requests:
            del self.waiting[number]
            self._prepare_for(requests[0].get("order", {}).get("notebook"))
            self._fork(line, said, requests[0])

    def _prepare_for(self, notebook: str | None) -> None:
        """Import what a notebook needs besides, when it is first asked for; where that fails, its kernel says why."""
        if {notebook, None} & self.asked_for:
            return
        self.asked_for.add(notebook)
        with suppress(Exception):
            if needs_more(Path(notebook) if notebook else None):
                with _growing():
                    preload_more()

    def _fork(self, line: socket.socket, said: Lines, request: dict[str, Any]) -> None:
        from nbedition.kernels.kernel import become_kernel

        parent = os.getpid()
        pid = os.fork()
        if pid == 0:
            _die_with(parent)
            signal.set_wakeup_fd(-1)
            become_kernel({**request, "env": {**self.added, **request["env"]}})
        self.children[pid] = Child(pid, line, said)
        _say(line, {"pid": pid})

    def _told(self, child: Child) -> None:
        orders = child.said.read(child.line)
        if orders is None:
            _signal_group(child.pid, signal.SIGKILL)
            self.orphans.add(child.pid)
            self.children.pop(child.pid).line.close()
            return
        for order in orders:
            _signal_group(child.pid, int(order["signal"]))

    def _reap(self) -> None:
        """Tell how the ended kernels ended, and end what they started and left behind."""
        while self.children or self.orphans:
            ended = os.waitid(os.P_ALL, 0, os.WEXITED | os.WNOHANG | os.WNOWAIT)
            if ended is None:
                return
            _signal_group(ended.si_pid, signal.SIGKILL)  # before its number can be another's
            _, status = os.waitpid(ended.si_pid, 0)
            self.orphans.discard(ended.si_pid)
            if child := self.children.pop(ended.si_pid, None):
                _say(child.line, {"exit": os.waitstatus_to_exitcode(status)})
                child.line.close()

    def _end_all(self) -> None:
        for pid in (*self.children, *self.orphans):
            _signal_group(pid, signal.SIGKILL)
        for pid in (*self.children, *self.orphans):
            os.waitpid(pid, 0)


def _say(line: socket.socket, content: dict[str, int]) -> None:
    with suppress(OSError):
        line.sendall(message(content))


def _signal_group(pid: int, number: int) -> None:
    """Signal a child that has not been waited for, with all its group; alone where it has no group yet."""
    for send in (os.killpg, os.kill):
        try:
            send(pid, number)
        except OSError:
            continue
        return


def _die_with(parent: int) -> None:
    """Let the kernel end this process when its parent ends, however that comes about."""
    ctypes.CDLL(None).prctl(PARENT_DEATH_SIGNAL, signal.SIGKILL)
    if os.getppid() != parent:
        os._exit(1)


@contextmanager
def _growing() -> Iterator[None]:
    """Look for garbage once, when all is imported: looking meanwhile takes a fifth of the time. Keep what is left."""
    gc.disable()
    try:
        yield
    finally:
        gc.collect()
        gc.freeze()
        gc.enable()
    use_large_pages()


def get_ready(*, study: bool = True) -> dict[str, str]:
    """Import and read all that a run needs, configure the kernel's application; return the variables that this added.

    A study whose modules do more than define things, such as open a file, is left to each run: all begins anew without.
    """
    told, place, before = dict(os.environ), Path.cwd(), len(warnings.filters)
    with _growing():
        if not preload(study=study):  # in an order of its own: what follows imports IPython and ipykernel
            os.chdir(place)
            os.execve(sys.executable, [*sys.orig_argv, WITHOUT_STUDY], told)  # noqa: S606  this process again
        added = {name: value for name, value in os.environ.items() if name not in told}
        from nbedition.kernels.engine import as_bytes
        from nbedition.kernels.inprocess import load
        from nbedition.kernels.kernel import WarmApp

        for path in notebooks().values():
            as_bytes(load(path))  # their schema is compiled on first use
        filters: Any = warnings.filters
        imported = len(filters) - before
        WarmApp.prepare()
        own = len(filters) - before - imported  # IPython's, which a kernel has before it imports anything
        filters[: own + imported] = filters[own : own + imported] + filters[:own]
    return added


def main() -> None:
    """Preload, say that the server is ready, and serve."""
    folder = Path(sys.argv[1])
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    import_grammar_later()
    server = Server(folder, get_ready(study=WITHOUT_STUDY not in sys.argv))
    try:
        os.write(1, READY)
        null = os.open(os.devnull, os.O_RDWR)
        os.dup2(null, 1)
        os.dup2(null, 2)
        server.serve()
    finally:
        shutil.rmtree(folder, ignore_errors=True)
        os._exit(0)


if __name__ == "__main__":
    main()
