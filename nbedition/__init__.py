"""A study in notebooks: parameters, runs, batches, figure records, verify, cite, archive, site. It knows no study.

`start` opens a notebook run, `load` gives a data set, `batch` runs a notebook for many parameters, `results` gives the
table of a batch, `memo` lets the runs of a batch share the work of a function. All are imported when first used.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from nbedition.data.load import load
    from nbedition.memoize import memo
    from nbedition.notebooks.recorder import start
    from nbedition.runs.handle import batch
    from nbedition.runs.results import results
    from nbedition.settings import Settings, parameter

__version__ = "0.1.0"
__all__ = ["Settings", "__version__", "batch", "load", "memo", "parameter", "results", "start"]
_PLACES = {
    "Settings": "settings",
    "batch": "runs.handle",
    "load": "data.load",
    "memo": "memoize",
    "parameter": "settings",
    "results": "runs.results",
    "start": "notebooks.recorder",
}


def __getattr__(name: str) -> Any:
    if name in _PLACES:
        return getattr(import_module(f"nbedition.{_PLACES[name]}"), name)
    raise AttributeError(f"module 'nbedition' has no attribute {name!r}")


def __dir__() -> list[str]:
    return sorted(__all__)
