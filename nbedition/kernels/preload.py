"""What a kernel needs before its first cell: imported once, with one figure drawn, in memory that forks cheaply."""

import builtins
import ctypes
import io
import os
import random
import signal
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager, redirect_stderr, redirect_stdout, suppress
from importlib import import_module
from pathlib import Path
from pkgutil import walk_packages
from types import SimpleNamespace
from typing import Any

from nbedition.notebooks.dependencies import may_import
from nbedition.project import project

INLINE = "module://matplotlib_inline.backend_inline"
STACK = (
    "numpy",
    "pandas",
    "pandas.core.methods.to_dict",
    "pandas.io.formats.csvs",
    "pandas.io.formats.html",
    "pandas.io.formats.string",
    "matplotlib.backends.backend_agg",
    "matplotlib.backends.backend_svg",
    "faulthandler",
    "psutil",
    "tornado.platform.asyncio",
    "zmq.utils.garbage",
    "ipykernel_launcher",
    "ipykernel.kernelapp",
    "ipykernel.ipkernel",
    "ipykernel.zmqshell",
    "ipykernel.displayhook",
    "ipykernel.comm",
    "ipykernel.debugger",
    "IPython.core.completer",
    "IPython.core.completerlib",
    "IPython.core.debugger",
    "IPython.core.logger",
    "IPython.core.oinspect",
    "IPython.core.pylabtools",
    "IPython.extensions.storemagic",
    "IPython.display",
    "nbedition.notebooks.recorder",
)
HEAVY = ("seaborn", "statsmodels.api")  # half of what importing takes, and the half that many notebooks do without
HEAVY_PACKAGES = frozenset({"scipy", "seaborn", "statsmodels"})
LARGE = 2 * 2**20  # bytes of a large page
COLLAPSE = 25  # of madvise: make large pages of small ones, now; Linux 6.1 and later
TRIM_THRESHOLD, MMAP_THRESHOLD = -1, -3  # of mallopt
LARGEST = 32 * 2**20  # bytes of a block that is still taken from memory held already: glibc's own limit


def preload(*, study: bool = True) -> bool:
    """Import the stack, the study and its charts, read the data sets, and draw one figure in settings of its own.

    What is `HEAVY` is left for `preload_more`. `study`: import the study's own modules. Return whether a process forked
    now has all that they leave: where they open a file, say, each run must import them itself.
    """
    with _seen_as_kernel():
        import_module("pandas")
    for name in STACK:
        import_module(name)
    for package in ("crossfoot", "nbedition.figures"):
        for module in walk_packages(import_module(package).__path__, f"{package}."):
            import_module(module.name)
    said = io.StringIO()
    told = list(os.environ)
    held, before = sys.getrefcount(said), _beyond_modules(told)
    with redirect_stdout(said), redirect_stderr(said):  # what is kept of it would be a kernel's own stream
        if study:
            _import_study()
        import_module("nbedition.notebooks.recorder").prepare(study=study)
    if said.getvalue() or sys.getrefcount(said) != held or _beyond_modules(told) != before:
        return not study
    _draw()
    keep_freed_memory()
    return True


def _import_study() -> None:
    """Import the study's modules, but for those of its command line; where one fails, its notebooks say why."""
    at_work = project()
    files = sorted(path.relative_to(at_work.sources).with_suffix("") for path in at_work.sources.rglob("*.py"))
    aside = {said.partition(":")[0] for said in (*at_work.commands.values(), *at_work.pages.values())}
    for file in files:
        name = ".".join(part for part in file.parts if part != "__init__")
        if name and name not in aside:
            with suppress(Exception):
                at_work.module(name)


def _beyond_modules(names: list[str]) -> list[object]:
    """Return what an import may change that a forked process does not take over, or is given anew.

    `names`: of environment variables; those that an import adds are given to forked processes.
    """
    import numpy as np

    handlers = [signal.getsignal(number) for number in sorted(signal.valid_signals())]
    numbers: Any = random.getstate(), repr(np.random.get_state(legacy=False)["state"])  # noqa: NPY002
    variables = [os.environ.get(name) for name in names]
    files = len(list(Path("/proc/self/fd").iterdir()))
    return [files, threading.active_count(), variables, Path.cwd(), handlers, numbers]


def needs_more(notebook: Path | None) -> bool:
    """Return whether a notebook, or one that is not known yet, may import what is heavy and not imported yet."""
    if all(name in sys.modules for name in HEAVY):
        return False
    return notebook is None or may_import(notebook, HEAVY_PACKAGES)


def preload_more() -> None:
    """Import what is heavy."""
    for name in HEAVY:
        import_module(name)


@contextmanager
def _seen_as_kernel() -> Iterator[None]:
    """Look like a kernel to what asks on import: pandas then shows frames as wide as in a notebook."""
    vars(builtins)["get_ipython"] = lambda: SimpleNamespace(kernel=True)
    try:
        yield
    finally:
        del vars(builtins)["get_ipython"]


def _draw() -> None:
    """Draw every kind of text and line once: fonts, the renderer and the layout engine load on first use."""
    import matplotlib as mpl
    import pandas as pd

    from nbedition.figures.picture import Picture
    from nbedition.figures.save import add_source_line
    from nbedition.figures.style import canvas, house

    mpl.rcParams["backend"] = INLINE  # as ipykernel has it; looking it up is slow
    with house():
        figure, axes = canvas(2, 2, "A figure that nobody sees")
        axes.barh(["one", "two"], [1, 2])
        axes.plot([1, 2], [0, 1])
        add_source_line(figure, "none")
        Picture(figure).png()
    frame = pd.DataFrame({"text": ["a"], "number": [1.0]})
    frame.to_html()
    frame.to_string()


def use_large_pages() -> None:
    """Gather this process's own memory in large pages, as far as the system can; nothing changes but speed."""
    if sys.platform != "linux":
        return
    advise = ctypes.CDLL(None).madvise
    for first, end in _own_memory():
        for at in range(-(-first // LARGE) * LARGE, end - LARGE + 1, LARGE):
            advise(ctypes.c_void_p(at), ctypes.c_size_t(LARGE), COLLAPSE)


def keep_freed_memory() -> None:
    """Let blocks of up to 32 MiB come from memory that is held already, and freed ones stay held.

    A kernel lives too short to give memory back, whatever a long-lived process around it was told by
    ``MALLOC_TRIM_THRESHOLD_``, as Dask's workers are.
    """
    if sys.platform == "linux" and (option := getattr(ctypes.CDLL(None), "mallopt", None)):
        option(MMAP_THRESHOLD, LARGEST)
        option(TRIM_THRESHOLD, 2 * LARGEST)


def _own_memory() -> Iterator[tuple[int, int]]:
    """Yield first address and end of each stretch that can be written and belongs to no file."""
    for line in Path("/proc/self/maps").read_text(encoding="utf-8").splitlines():
        stretch, rights, _, _, file, *name = line.split()
        if "w" in rights and "p" in rights and file == "0" and name in ([], ["[heap]"]):
            first, end = (int(address, 16) for address in stretch.split("-"))
            yield first, end
