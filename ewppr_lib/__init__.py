"""Executable edition of a study of China's East-West Partnerships for Poverty Reduction.

`ewppr_lib.data.load` gives the sourced tables; `ewppr_lib.start` opens a notebook run. Both are
imported when first used, so that importing the package stays quick.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from ewppr_lib import data, figures, study
    from ewppr_lib.runs.record import start

__version__ = "0.1.0"
__all__ = ["__version__", "data", "figures", "start", "study"]


def __getattr__(name: str) -> Any:
    if name == "start":
        return import_module("ewppr_lib.runs.record").start
    if name in __all__:
        return import_module(f"ewppr_lib.{name}")
    raise AttributeError(f"module 'ewppr_lib' has no attribute {name!r}")
