"""The forked side: a process as if it had just been started, which is an ordinary ipykernel or executes a notebook."""

import gc
import io
import os
import random
import signal
import sys
import traceback
from contextlib import suppress
from typing import Any, NoReturn

import ipykernel_launcher
from ipykernel.kernelapp import IPKernelApp
from IPython.core.application import BaseIPythonApplication
from traitlets.config import Config

from nbedition.kernels import inprocess
from nbedition.kernels.preload import INLINE

STOP_SECONDS = 1.0
FILES = (io.TextIOWrapper, io.BufferedWriter, io.BufferedRandom)
LAST_SECONDS = 5  # for threads and exit functions of a notebook whose results are written


class _ConfiguredOnce(BaseIPythonApplication):
    """The part of an application's start that reads the user's configuration: done once, before the fork."""

    configured = False
    connection_file: str

    def initialize(self, argv: list[str] | None = None) -> None:
        if not self.configured:
            super().initialize([])  # type: ignore[no-untyped-call]
            self.configured = True
        else:
            given = [one for one in argv or [] if not one.startswith("--HistoryManager.")]  # it is off in any case
            if given[:1] == ["-f"] and len(given) == 2:  # parsing is slow, and this is what nearly all ask for
                self.connection_file = given[1]
            else:
                self.parse_command_line(given)


class WarmApp(IPKernelApp, _ConfiguredOnce):
    """ipykernel's application in two halves: configured in the server, started in the forked process."""

    settings_file: str  # that matplotlib has read

    @classmethod
    def prepare(cls) -> None:
        """Read the configuration; no file, socket or thread stays open."""
        import matplotlib as mpl

        app = cls.instance(config=Config(HistoryManager={"enabled": False, "hist_file": ":memory:"}))
        _ConfiguredOnce.initialize(app)
        app.settings_file = str(mpl.matplotlib_fname())
        inprocess.make_kernel(app)


def become_kernel(request: dict[str, Any]) -> NoReturn:
    """Run an ipykernel in this forked process until it is shut down, or one notebook; never return.

    `request`: ``env`` (all of it), ``cwd``, and ``argv`` (the kernel's own arguments; ``beside``: whether modules are
    looked for in ``cwd``) or ``order``: a notebook to be executed in this process, see `inprocess.carry_out`.
    """
    code = 1
    try:
        _start_afresh(request)
        if request.get("beside"):
            _look_beside()
        _execute(request["order"]) if "order" in request else _serve(request["argv"])
        code = 0
    except SystemExit as ended:
        code = ended.code if isinstance(ended.code, int) else int(ended.code is not None)
    except BaseException:  # noqa: BLE001  nothing may reach the server's own loop
        traceback.print_exc(file=sys.__stderr__)
    finally:
        os._exit(code)


def _start_afresh(request: dict[str, Any]) -> None:
    """Give this process what a new one has: group, signals, files, environment, folder, random state, settings."""
    os.setsid()
    for number in (signal.SIGCHLD, signal.SIGTERM):
        signal.signal(number, signal.SIG_DFL)
    signal.signal(signal.SIGINT, signal.default_int_handler)
    os.closerange(3, os.sysconf("SC_OPEN_MAX"))
    null = os.open(os.devnull, os.O_RDWR)
    os.dup2(null, 0)
    if null > 2:
        os.close(null)
    os.environ.clear()
    os.environ.update(request["env"])
    os.environ["JPY_PARENT_PID"] = str(os.getppid())
    os.chdir(request["cwd"])
    _random_afresh()
    _settings_afresh()


def _look_beside() -> None:
    """Look for modules in the current folder, after the standard library, as IPython does."""
    names = [os.path.basename(path) for path in sys.path]  # noqa: PTH119  an entry need not be a path
    sys.path.insert(names.index("site-packages") if "site-packages" in names else len(names), "")


def _random_afresh() -> None:
    import numpy as np

    random.seed()
    np.random.seed()  # noqa: NPY002  the state that every process has of its own


def _settings_afresh() -> None:
    """Set matplotlib as it is when a kernel imports it: the backend, and a settings file in the working folder."""
    import matplotlib as mpl

    if mpl.matplotlib_fname() != WarmApp.instance().settings_file:
        mpl.rcParams.update(mpl.rc_params())
    if (backend := os.environ.get("MPLBACKEND", INLINE)) != INLINE:
        mpl.rcParams["backend"] = backend


def _execute(order: dict[str, Any]) -> None:
    sys.argv = [ipykernel_launcher.__file__, "-f", f"{order['place']}.json", "--HistoryManager.hist_file=:memory:"]
    inprocess.carry_out(order)
    signal.signal(signal.SIGALRM, signal.SIG_DFL)
    signal.alarm(LAST_SECONDS)  # ends this process; what it has recorded is written
    _leave()


def _leave() -> None:
    """Do what Python does when it ends: wait for threads, call what is registered, write what files still hold."""
    import atexit
    import threading

    threading._shutdown()  # type: ignore[attr-defined]
    atexit._run_exitfuncs()
    for kept in gc.get_objects():  # made since the fork
        if issubclass(type(kept), FILES):
            with suppress(Exception):
                kept.flush()


def _serve(arguments: list[str]) -> None:
    sys.argv = [ipykernel_launcher.__file__, *arguments]
    inprocess.forget_kernel()
    app = WarmApp.instance()
    app.parent_handle = os.getppid()
    app.initialize(arguments)  # type: ignore[no-untyped-call]
    app.start()  # type: ignore[no-untyped-call]
    for channel in (app.control_thread, app.shell_channel_thread):
        channel.join(STOP_SECONDS)  # they still send; closing the sockets under them would wait for ever
    _leave()
