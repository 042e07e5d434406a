"""The starting side of the warm kernels: the server, started when first needed, and the kernels it forked."""

import atexit
import json
import os
import select
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Mapping
from contextlib import suppress
from itertools import count
from pathlib import Path
from types import MappingProxyType
from typing import Any

from crossfoot.errors import CheckFailed
from nbedition.kernels.wire import READY, SOCKET, Lines, message
from nbedition.notebooks.provenance import Stamp, stamp
from nbedition.project import HOME, root

START_SECONDS = 120.0
FORK_SECONDS = 60.0
MARK = ".nbedition"  # in each folder of sockets: who made it
LONGEST_FOLDER = 70  # characters; a socket's path has room for about a hundred

# What an interpreter and its libraries read once, when they start; the rest is set anew for each kernel.
READ_AT_START = ("PYTHON", "IPYTHON", "LD_", "OMP_", "OPENBLAS_", "MKL_", "NUMEXPR_", "MPLCONFIG", "LC_", "XDG_")
READ_AT_START_EXACTLY = ("LANG", "LANGUAGE", "TZ", "HOME", HOME)

Fingerprint = tuple[Stamp, tuple[tuple[str, str], ...]]


class ServerGone(OSError):
    """The server ended before it could fork a kernel."""


def possible() -> bool:
    """Return whether kernels can be forked here: on Linux; elsewhere forking is missing or unsafe with threads."""
    return sys.platform == "linux"


class WarmKernel:
    """A forked kernel's process, as `subprocess.Popen` would show it. `line`: the connection that asked for it."""

    stdin = stdout = stderr = None

    def __init__(self, line: socket.socket) -> None:
        self._line = line
        self._said = Lines()
        self.returncode: int | None = None
        self.pid = self._first_word()
        line.setblocking(False)

    def _first_word(self) -> int:
        self._line.settimeout(FORK_SECONDS)
        said = None
        with suppress(TimeoutError):
            said = self._said.read(self._line)
        if not said:
            self._line.close()
            raise ServerGone("the kernel server ended or does not answer")
        self._hear(said[1:])
        return int(said[0]["pid"])

    def poll(self) -> int | None:
        """Return the exit code, None while the kernel runs; minus the signal's number where one ended it."""
        if self.returncode is None:
            said = self._said.read(self._line)
            if said is None:  # the server is gone, and its kernels with it
                with suppress(OSError):
                    os.killpg(self.pid, signal.SIGKILL)
                self.returncode = -signal.SIGKILL
                self._line.close()
            else:
                self._hear(said)
        return self.returncode

    def wait(self) -> int | None:
        """Return the exit code of a kernel that has ended."""
        return self.poll()

    def ended_within(self, seconds: float | None) -> int | None:
        """Wait for the end, so many seconds at most, and return the exit code; None if the time was too short."""
        end = None if seconds is None else time.monotonic() + seconds
        while self.poll() is None:
            left = None if end is None else end - time.monotonic()
            if left is not None and left <= 0:
                return None
            select.select([self._line], [], [], left)
        return self.returncode

    def send_signal(self, number: int) -> None:
        """Send a signal to the kernel and what it has started."""
        if self.poll() is None:
            with suppress(OSError):
                self._line.sendall(message({"signal": int(number)}))

    def kill(self) -> None:
        """End the kernel at once."""
        self.send_signal(signal.SIGKILL)

    def terminate(self) -> None:
        """Ask the kernel to end."""
        self.send_signal(signal.SIGTERM)

    def _hear(self, said: list[dict[str, int]]) -> None:
        for content in said:
            self.returncode = content["exit"]
            self._line.close()


class WarmServer:
    """A running server and its private folder. `environment`: what the server, and so its kernels, start with."""

    def __init__(self, environment: Mapping[str, str]) -> None:
        self.folder = private_folder()
        self._numbers = count()
        self._gone = self._ready = self.killed = False
        self._log = self.folder / "log"
        clean = {name: value for name, value in environment.items() if name != "MPLBACKEND"}
        with self._log.open("wb") as errors:
            self._process = subprocess.Popen(  # noqa: S603  our own module
                [sys.executable, "-P", "-m", "nbedition.kernels.server", str(self.folder)],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=errors,
                env=clean,
                start_new_session=True,
            )

    def wait_until_ready(self) -> None:
        """Wait until the server can fork kernels. Raises CheckFailed if it ends before, or takes too long."""
        if self._ready:
            return
        alarm = threading.Timer(START_SECONDS, self._process.kill)
        alarm.start()
        said = self._process.stdout.readline() if self._process.stdout else b""
        in_time = alarm.is_alive()
        alarm.cancel()
        self._ready = said == READY
        if not self._ready:
            with suppress(subprocess.TimeoutExpired):
                self.killed = self._process.wait(1) < 0 and in_time
            why = self._log.read_text(errors="replace").strip().splitlines()[-1:] or ["it said nothing"]
            self.close()
            raise CheckFailed(f"the kernel server did not start: {why[0]}; plain kernels do without it: --cold.")

    def fork(
        self, environment: Mapping[str, str], folder: str, arguments: list[str], *, beside: bool = False
    ) -> WarmKernel:
        """Return a new kernel that starts in a folder with an environment and arguments of its own.

        `beside`: whether it finds modules in that folder, as kernels do which are not started by a command of ours.
        """
        return self._ask({"env": dict(environment), "cwd": folder, "argv": arguments, "beside": beside})

    def execute(self, environment: Mapping[str, str], folder: str, order: Mapping[str, Any]) -> WarmKernel:
        """Return a new process that executes a whole notebook; see `inprocess.carry_out`."""
        return self._ask({"env": dict(environment), "cwd": folder, "order": dict(order)})

    def _ask(self, request: dict[str, Any]) -> WarmKernel:
        line = socket.socket(socket.AF_UNIX)
        try:
            line.connect(str(self.folder / SOCKET))
            line.sendall(message(request))
            return WarmKernel(line)
        except OSError as error:
            line.close()
            self._gone = True  # it may take a moment until its process has ended, too
            raise ServerGone(str(error)) from None

    def place(self) -> str:
        """Return a new path for a kernel's sockets to begin with."""
        return str(self.folder / f"k{next(self._numbers)}")

    @property
    def pid(self) -> int:
        """The server's process number."""
        return self._process.pid

    def alive(self) -> bool:
        """Return whether the server runs, as far as is known."""
        return not self._gone and self._process.poll() is None

    def retire(self) -> None:
        """Let the server end once its last kernel has."""
        if self._process.stdin:
            with suppress(OSError, ValueError):  # it has gone, or was closed
                self._process.stdin.write(b"r")
                self._process.stdin.flush()

    def close(self) -> None:
        """End the server and its kernels now, and remove the folder."""
        if not self._ready:
            self._process.kill()
        with suppress(OSError):
            if self._process.stdin:
                self._process.stdin.close()
        try:
            self._process.wait(10)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
        if self._process.stdout:
            self._process.stdout.close()
        shutil.rmtree(self.folder, ignore_errors=True)


class _Servers:
    """The servers of this process: the current one, and those that still have kernels."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._owner = os.getpid()
        self._current: WarmServer | None = None
        self._fingerprint: Fingerprint | None = None
        self._retired: list[WarmServer] = []
        self.refusing = self._ends_with_us = False

    def get(self, environment: Mapping[str, str], *, ready: bool = True) -> WarmServer:
        with self._lock:
            if self.refusing:
                raise ServerGone("kernels are no longer started")
            wanted = _fingerprint(environment)
            usable = self._current and self._current.alive() and self._owner == os.getpid()
            if self._current is None or not usable or wanted != self._fingerprint:
                self._replace(environment, wanted)
            assert self._current is not None  # noqa: S101  just set
            try:
                if ready:
                    self._current.wait_until_ready()
            except CheckFailed:
                if self.refusing or not self._current.killed:
                    raise
                self._replace(environment, wanted)  # somebody's bad luck: once more
                self._current.wait_until_ready()
            return self._current

    def _replace(self, environment: Mapping[str, str], wanted: Fingerprint) -> None:
        if self._owner != os.getpid():  # forked: the servers are the parent's
            self._owner, self._current, self._retired = os.getpid(), None, []
        if self._current:
            self._current.retire()
            self._retired.append(self._current)
        for server in [server for server in self._retired if not server.alive()]:
            server.close()
            self._retired.remove(server)
        self._current, self._fingerprint = None, None
        try:
            self._current, self._fingerprint = WarmServer(environment), wanted
            if not self._ends_with_us:
                atexit.register(close)
                self._ends_with_us = True
        except OSError as error:
            said = error.strerror or str(error)
            raise CheckFailed(
                f"the kernel server cannot be started: {said}; plain kernels do without: --cold."
            ) from None

    def ready(self, environment: Mapping[str, str]) -> bool:
        with self._lock:
            usable = self._current and self._current.alive() and self._owner == os.getpid()
            return bool(usable) and _fingerprint(environment) == self._fingerprint

    def close(self) -> None:
        with self._lock:
            if self._owner == os.getpid():
                for server in [*self._retired, *([self._current] if self._current else [])]:
                    server.close()
            self._current, self._retired = None, []


def environment(more: Mapping[str, str] = MappingProxyType({})) -> dict[str, str]:
    """Return what a kernel starts with: this process's environment, which names the study at work wherever it runs."""
    return {**os.environ, HOME: str(root().absolute()), **more}


def server(environment: Mapping[str, str]) -> WarmServer:
    """Return the server for an environment; started anew where library, data, lock or environment have changed."""
    return _servers.get(environment)


def begin() -> None:
    """Start the server for this process's environment, where there is none and one is possible; do not wait for it."""
    if possible():
        _servers.get(environment(), ready=False)


def pays_for(runs: int) -> bool:
    """Return whether so many runs take less on forked kernels: more than one, or one where a server is up already."""
    return possible() and (runs > 1 or _servers.ready(environment()))


def refuse(refusing: bool = True) -> None:
    """Start no kernel from now on; or do so again."""
    _servers.refusing = refusing


def refusing() -> bool:
    """Return whether no kernel is started any more."""
    return _servers.refusing


def close() -> None:
    """End this process's servers and all their kernels."""
    _servers.close()


def private_folder() -> Path:
    """Return a new folder for sockets that only this user can read, and remove those that dead processes left."""
    for base in (Path(tempfile.gettempdir()), Path("/tmp")):  # noqa: S108  where the other is too long for a socket
        if len(str(base)) < LONGEST_FOLDER:
            break
    for token in base.glob(f"ewppr-*/{MARK}"):
        if _abandoned(token):
            shutil.rmtree(token.parent, ignore_errors=True)
    made = Path(tempfile.mkdtemp(prefix="ewppr-", dir=base))
    (made / MARK).write_text(json.dumps({"made by": __name__, "pid": os.getpid(), "host": socket.gethostname()}))
    return made


def _abandoned(token: Path) -> bool:
    """Return whether a folder was made here by `private_folder`, for this user, and nobody uses it any more.

    Its token says so, the process it names has ended, and no server answers in it.
    """
    with suppress(OSError, ValueError, KeyError, TypeError):
        told, owners = json.loads(token.read_bytes()), {token.lstat().st_uid, token.parent.lstat().st_uid}
        if owners != {os.getuid()} or token.parent.is_symlink():
            return False
        if (told["made by"], told["host"]) != (__name__, socket.gethostname()) or _alive(int(told["pid"])):
            return False
        with socket.socket(socket.AF_UNIX) as line:
            try:
                line.connect(str(token.with_name(SOCKET)))
            except (ConnectionRefusedError, FileNotFoundError):
                return True
    return False


def _alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except OSError:  # somebody else's
        pass
    return True


def _fingerprint(environment: Mapping[str, str]) -> Fingerprint:
    told = {HOME: str(root().absolute()), **environment}
    read = tuple(
        (name, value)
        for name, value in sorted(told.items())
        if name.startswith(READ_AT_START) or name in READ_AT_START_EXACTLY
    )
    return stamp(), read


_servers = _Servers()
