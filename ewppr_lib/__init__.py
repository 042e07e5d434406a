"""Executable edition of a study of China's East-West Partnerships for Poverty Reduction.

`start` opens a notebook run, `data.load` gives a sourced table, `results` the table of a batch. Each works in the study
that the current folder belongs to, and in this edition elsewhere. Heavy parts are imported when first used.
"""

from pathlib import Path
from typing import TYPE_CHECKING, Any

from nbedition.project import at_home_in

if TYPE_CHECKING:
    import pandas as pd

    from nbedition.notebooks.recorder import Run

__version__ = "0.1.0"
__all__ = ["HOME", "__version__", "data", "load", "results", "start"]

_FOLDER = Path(__file__).resolve().parent
HOME = _FOLDER.parent if (_FOLDER.parent / "data" / "sources.yml").is_file() else _FOLDER / "_carried"


def start(notebook: str, **values: Any) -> "Run":
    """Open a run of a notebook; see `nbedition.notebooks.recorder.start`.

    Examples
    --------
    >>> start("04", aid_share=0.002).settings.aid_share
    0.002
    """
    import nbedition

    at_home_in(HOME)
    return nbedition.start(notebook, **values)


def load(name: str, table: str | Path | None = None) -> "pd.DataFrame":
    """Return a data set as a validated frame that knows its units and sources; see `nbedition.data.load.load`.

    Examples
    --------
    >>> float(load("funding").loc[2007, "aid_county"])
    83.2521
    """
    import nbedition

    at_home_in(HOME)
    return nbedition.load(name, table)


def results(place: str | Path) -> "pd.DataFrame":
    """Return the results of a batch; see `nbedition.runs.results.results`."""
    import nbedition

    return nbedition.results(place)


def __getattr__(name: str) -> Any:
    if name == "data":
        from importlib import import_module

        return import_module("ewppr_lib.data")
    raise AttributeError(f"module 'ewppr_lib' has no attribute {name!r}")
