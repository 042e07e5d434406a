"""How notebooks are run and rerun: parameters, execution, batches, results."""

from importlib import import_module
from typing import TYPE_CHECKING, Any

from ewppr_lib.runs.spared import spare

if TYPE_CHECKING:
    from ewppr_lib.runs.table import results

__all__ = ["results"]

spare()


def __getattr__(name: str) -> Any:
    if name == "results":
        return import_module("ewppr_lib.runs.table").results
    raise AttributeError(f"module 'ewppr_lib.runs' has no attribute {name!r}")
