"""What a notebook may import, read from its cells and from the library behind them: nothing is run."""

import json
import re
from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path

from ewppr_lib.home import PACKAGE, own_study

_IMPORT = re.compile(r"^[ \t]*(?:from\s+([\w.]+)\s+)?import\s+(\([^)]*\)|.*)$", re.MULTILINE)
_NAME = re.compile(r"[\w.]+")


def may_import(notebook: Path, packages: frozenset[str]) -> bool:
    """Return whether a notebook, or a module of the library that it leads to, has an import of one of some packages.

    Parameters
    ----------
    notebook
        Its path. Of a study of one's own, whose modules have names that no import tells, the answer is always yes.
    packages
        Names of packages that the library need not import.

    Examples
    --------
    >>> from ewppr_lib.data.edition import notebooks
    >>> [may_import(notebooks()[name], frozenset({"scipy"})) for name in ("03_capacity_building", "05_claims_audit")]
    [True, False]
    """
    if own_study():
        return True
    cells = json.loads(notebook.read_bytes())["cells"]
    waiting = [name for cell in cells if cell["cell_type"] == "code" for name in _imported("".join(cell["source"]))]
    seen: set[str] = set()
    while waiting:
        name = waiting.pop()
        if name in seen:
            continue
        seen.add(name)
        waiting += _imported_by(name)
    return not packages.isdisjoint(seen)


@lru_cache(maxsize=1024)
def _imported_by(module: str) -> tuple[str, ...]:
    """Return what a module of the library imports, anywhere in it; nothing where the name is no such module's."""
    if module.split(".", maxsplit=1)[0] != PACKAGE.name:
        return ()
    place = PACKAGE.parent.joinpath(*module.split("."))
    for file in (place.with_suffix(".py"), place / "__init__.py"):
        if file.is_file():
            return tuple(_imported(file.read_text(encoding="utf-8")))
    return ()


def _imported(source: str) -> Iterator[str]:
    """Yield the names in a text's imports, and the packages that they lie in; some may be names of other things."""
    for origin, names in _IMPORT.findall(source):
        for name in _NAME.findall(names):
            parts = (f"{origin}.{name}" if origin else name).split(".")
            for length in range(1, len(parts) + 1):
                yield ".".join(parts[:length])
