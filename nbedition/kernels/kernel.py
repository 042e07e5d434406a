"""Turning a forked process into an ordinary ipykernel, as if it had just been started."""

import os
import random
import signal
import sys
import traceback
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from types import MappingProxyType, ModuleType
from typing import Any, NoReturn

import ipykernel_launcher
from ipykernel import ipkernel
from ipykernel.kernelapp import IPKernelApp
from IPython.core import shellapp
from IPython.core.application import BaseIPythonApplication
from traitlets.config import Config

from nbedition.kernels.preload import INLINE

STOP_SECONDS = 1.0
LAST_SECONDS = 5  # for threads and exit functions of a notebook whose results are written


def become_kernel(request: dict[str, Any]) -> NoReturn:
    """Run an ipykernel in this forked process until it is shut down; never return.

    Parameters
    ----------
    request
        ``env`` (all of it), ``cwd``, and ``argv`` (the kernel's own arguments) or ``order``: a notebook to be
        executed in this process, see `warm.whole.carry_out`.
    """
    code = 1
    try:
        _start_afresh(request)
        code = _execute(request["order"]) if "order" in request else _serve(request["argv"])
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


def _random_afresh() -> None:
    import numpy as np

    random.seed()
    np.random.seed()  # noqa: NPY002  the state that every process has of its own


def _settings_afresh() -> None:
    """Set matplotlib as it is when a kernel imports it: the backend, and a settings file in the working folder."""
    import matplotlib as mpl

    if mpl.matplotlib_fname() != _SETTINGS_FILE:
        mpl.rcParams.update(mpl.rc_params())
    if (backend := os.environ.get("MPLBACKEND", INLINE)) != INLINE:
        mpl.rcParams["backend"] = backend


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

    module_files: list[str]
    module_names: set[str]

    @classmethod
    def prepare(cls) -> None:
        """Read the configuration and list the modules; no file, socket or thread stays open."""
        app = cls.instance(config=Config(HistoryManager={"enabled": False}))
        _ConfiguredOnce.initialize(app)
        app.module_files = [
            file for module in sys.modules.copy().values() if (file := getattr(module, "__file__", None))
        ]
        app.module_names = set(sys.modules)

    def init_kernel(self) -> None:
        """Make the kernel, with the modules as listed: its debugger steps over them."""
        with no_modules_seen(ipkernel):
            super().init_kernel()  # type: ignore[no-untyped-call]
        self.kernel._kernel_modules = self.module_files

    def init_code(self) -> None:
        """Run what is configured to run first; the modules are those listed."""
        with no_modules_seen(shellapp):
            super().init_code()  # type: ignore[no-untyped-call]
        vars(self.shell)["_sys_modules_keys"] = self.module_names


class _NoModules:
    """Stands for the module ``sys``, all of it but its modules."""

    modules: Mapping[str, ModuleType] = MappingProxyType({})

    def __getattr__(self, name: str) -> Any:
        return getattr(sys, name)

    def __setattr__(self, name: str, value: Any) -> None:
        setattr(sys, name, value)


@contextmanager
def no_modules_seen(by: ModuleType) -> Iterator[None]:
    """Spare a module a look at all modules: it would copy their memory, a tenth of what a short run costs."""
    seen = vars(by)
    seen["sys"] = _NoModules()
    try:
        yield
    finally:
        seen["sys"] = sys


def _execute(order: dict[str, Any]) -> int:
    from nbedition.kernels.whole import carry_out

    sys.argv = [ipykernel_launcher.__file__, "-f", f"{order['place']}.json", "--HistoryManager.hist_file=:memory:"]
    code = carry_out(order)
    signal.signal(signal.SIGALRM, signal.SIG_DFL)
    signal.alarm(LAST_SECONDS)  # ends this process; what it has recorded is written
    _leave()
    return code


def _leave() -> None:
    """Do what Python does when it ends: wait for threads, call what is registered."""
    import atexit
    import threading

    threading._shutdown()  # type: ignore[attr-defined]
    atexit._run_exitfuncs()


def _serve(arguments: list[str]) -> int:

    sys.argv = [ipykernel_launcher.__file__, *arguments]
    app = WarmApp.instance()
    app.parent_handle = os.getppid()
    app.initialize(arguments)  # type: ignore[no-untyped-call]
    app.start()  # type: ignore[no-untyped-call]
    for channel in (app.control_thread, app.shell_channel_thread):
        channel.join(STOP_SECONDS)  # they still send; closing the sockets under them would wait for ever
    _leave()
    return 0


def _settings_file() -> str:
    import matplotlib as mpl

    return str(mpl.matplotlib_fname())


_SETTINGS_FILE = _settings_file()
