"""What a kernel needs before its first cell: imported once, with one figure drawn."""

import builtins
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from importlib import import_module
from pathlib import Path
from pkgutil import walk_packages
from types import SimpleNamespace

from nbedition.kernels.memory import keep_freed_memory
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
    "nbedition.kernels.whole",
    "nbedition.kernels.kernel",
)
HEAVY = ("seaborn", "statsmodels.api")  # half of what importing takes, and the half that many notebooks do without
HEAVY_PACKAGES = frozenset({"scipy", "seaborn", "statsmodels"})


def preload() -> None:
    """Import the stack, the study and its charts, read the data sets, and draw one figure in settings of its own.

    What is `HEAVY` is left for `preload_more`.
    """
    with _seen_as_kernel():
        import_module("pandas")
    for name in STACK:
        import_module(name)
    for package in ("crossfoot", "nbedition.figures"):
        for module in walk_packages(import_module(package).__path__, f"{package}."):
            import_module(module.name)
    _import_study()
    import_module("nbedition.notebooks.prepared").prepare()
    _draw()
    _read_and_write_notebooks()
    keep_freed_memory()


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


def needs_more(notebook: Path | None) -> bool:
    """Return whether a notebook, or one that is not known yet, may import what is heavy and not imported yet."""
    if all(name in sys.modules for name in HEAVY):
        return False
    return notebook is None or may_import(notebook, HEAVY_PACKAGES)


def preload_more() -> None:
    """Import what is heavy."""
    for name in HEAVY:
        import_module(name)


def _read_and_write_notebooks() -> None:
    """Read the edition's notebooks, and write each: their schema is compiled on first use."""
    from nbedition.kernels import whole
    from nbedition.kernels.engine import as_bytes, source
    from nbedition.project import notebooks

    for path in notebooks().values():
        as_bytes(source(path))
        whole.prepare(path)


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
