"""Executable edition of a study of China's East-West Partnerships for Poverty Reduction.

`start` opens a notebook run, `load` gives a sourced table (also as `data.load`), `batch` runs a notebook for many
parameters, `results` gives the table of a batch. Each works in the study that the current folder belongs to, and in
this edition elsewhere. All is imported when first used.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from pathlib import Path

    import pandas as pd

    from nbedition.notebooks.recorder import Run
    from nbedition.runs.handle import Batch

__version__ = "0.1.0"
__all__ = ["HOME", "__version__", "batch", "data", "load", "results", "start"]


def start(notebook: str, **values: Any) -> "Run":
    """Open a run of a notebook, with its parameters: the object that loads and records; see `nbedition.start`.

    Examples
    --------
    >>> start("04", aid_share=0.002).settings.aid_share
    0.002
    """
    run: Run = _nbedition().start(notebook, **values)
    return run


def load(name: str, table: "str | Path | None" = None) -> "pd.DataFrame":
    """Return a data set as a validated frame that knows its units and sources; see `nbedition.load`.

    Examples
    --------
    >>> float(load("funding").loc[2007, "aid_county"])
    83.2521
    """
    frame: pd.DataFrame = _nbedition().load(name, table)
    return frame


def results(place: "str | Path") -> "pd.DataFrame":
    """Return the results of a batch, one row for each recorded result; see `nbedition.results`."""
    frame: pd.DataFrame = _nbedition().results(place)
    return frame


def batch(*arguments: Any, **options: Any) -> "Batch":
    """Run a notebook for many parameters and return the finished batch; see `nbedition.batch`."""
    done: Batch = _nbedition().batch(*arguments, **options)
    return done


def _nbedition() -> Any:
    """Return the machinery, at home in this study where no other is at work."""
    import_module("nbedition.project").at_home_in(__getattr__("HOME"))
    return import_module("nbedition")


def __getattr__(name: str) -> Any:
    if name == "HOME":  # the checkout around the package, or what the wheel carries
        from pathlib import Path

        folder = Path(__file__).resolve().parent
        return folder.parent if (folder.parent / "data" / "sources.yml").is_file() else folder / "_carried"
    if name == "data":
        return import_module("ewppr_lib.data")
    raise AttributeError(f"module 'ewppr_lib' has no attribute {name!r}")


def __dir__() -> list[str]:
    return sorted(__all__)
