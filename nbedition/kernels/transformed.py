"""What IPython finds out about cells, remembered: it asks twice a run, and runs share their cells.

A cell's Python, whether that waits for anything, and the number in its file name follow from its text alone.
"""

from collections.abc import Iterable
from functools import lru_cache

from ipykernel import compiler
from IPython.core import async_helpers, interactiveshell
from IPython.core.inputtransformer2 import TransformerManager

_known: dict[str, str] = {}
_waits = lru_cache(maxsize=1024)(async_helpers._should_be_async)
_number = lru_cache(maxsize=1024)(compiler.murmur2_x86)
vars(interactiveshell)["_should_be_async"] = _waits
vars(compiler)["murmur2_x86"] = _number


def transform(cells: Iterable[str]) -> None:
    """Transform cells now, as a kernel does that nobody has configured otherwise."""
    manager = TransformerManager()
    for cell in cells:
        _known[cell] = manager.transform_cell(cell)
        _waits(_known[cell])
        _number(cell, compiler.get_tmp_hash_seed())


def remember_transformed(manager: TransformerManager) -> None:
    """Let a kernel's manager use what is remembered, as long as its transformers are the usual ones."""
    usual, anew = _transformers(TransformerManager()), manager.transform_cell

    def transform_cell(cell: str) -> str:
        if _transformers(manager) != usual:
            return str(anew(cell))
        if cell not in _known:
            _known[cell] = anew(cell)
        return _known[cell]

    vars(manager)["transform_cell"] = transform_cell


def _transformers(manager: TransformerManager) -> list[object]:
    listed = (manager.cleanup_transforms, manager.line_transforms, manager.token_transformers)
    return [getattr(one, "__func__", one) for some in listed for one in some]
