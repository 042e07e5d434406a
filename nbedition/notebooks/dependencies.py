"""What a notebook may import, read from its cells and from the library behind them: nothing is run."""

import json
import re
from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path

from nbedition.project import packages as code_folders
from nbedition.project import project

_IMPORT = re.compile(r"^[ \t]*(?:from\s+([\w.]+)\s+)?import\s+(\([^)]*\)|.*)$", re.MULTILINE)
_FOR_TYPES = re.compile(r"^if TYPE_CHECKING:\n(?:(?:[ \t].*)?\n)+", re.MULTILINE)  # never imported by a run
_NAME = re.compile(r"[\w.]+")


def may_import(notebook: Path, packages: frozenset[str]) -> bool:
    """Return whether a notebook, or a module of the code that it leads to, has an import of one of some packages.

    `notebook`: its path. All modules of a study's own folder count, since a run reads them by name; `packages`: names
    of packages that the library need not import.

    Examples
    --------
    >>> from nbedition.project import notebooks
    >>> may_import(notebooks()["03_capacity_building"], frozenset({"scipy"}))
    True
    """
    cells = json.loads(notebook.read_bytes())["cells"]
    waiting = [name for cell in cells if cell["cell_type"] == "code" for name in _imported("".join(cell["source"]))]
    at_work = project()
    if at_work.folder:
        waiting += [name for path in sorted(at_work.sources.rglob("*.py")) for name in _imported(_source(path))]
    folders = {name: str(place) for name, place in code_folders().items()}
    seen: set[str] = set()
    while waiting:
        name = waiting.pop()
        if name in seen:
            continue
        seen.add(name)
        if folder := folders.get(name.split(".", maxsplit=1)[0]):
            waiting += _imported_by(folder, name)
    return not packages.isdisjoint(seen)


@lru_cache(maxsize=1024)
def _imported_by(folder: str, module: str) -> tuple[str, ...]:
    """Return what a module of a package imports, anywhere in it; nothing where the name is no such module's."""
    place = Path(folder).joinpath(*module.split(".")[1:])
    for file in (place.with_suffix(".py"), place / "__init__.py"):
        if file.is_file():
            return tuple(_imported(_source(file)))
    return ()


def _source(path: Path) -> str:
    return path.read_text(encoding="utf-8")


def _imported(source: str) -> Iterator[str]:
    """Yield the names in a text's imports, and the packages that they lie in; some may be names of other things."""
    for origin, names in _IMPORT.findall(_FOR_TYPES.sub("", source)):
        for name in _NAME.findall(names):
            parts = (f"{origin}.{name}" if origin else name).split(".")
            for length in range(1, len(parts) + 1):
                yield ".".join(parts[:length])
