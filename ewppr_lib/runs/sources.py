"""The files that a run depends on besides its notebook: library, data and lock; read again only when they change."""

import os
import sys
from collections.abc import Iterable, Iterator
from functools import lru_cache
from hashlib import sha256
from importlib import metadata
from pathlib import Path

from ewppr_lib.home import CARRIED, PACKAGE, own_study, root

LOCK = "requirements.lock"

Stamp = tuple[tuple[str, int, int], ...]  # path, time of change, size


def home() -> Path:
    """Return the folder that holds ``data/`` and ``notebooks/``."""
    return root()


def stamp() -> Stamp:
    """Return what tells, without reading them, whether library, data or lock have changed."""
    return stamp_of([*_library(), *_data(str(home())), *_lock_file(home())])


def stamp_of_all(place: Path) -> Stamp:
    """Return the same with the notebooks, for the edition in a folder."""
    notebooks = sorted((place / "notebooks").glob("*.ipynb"))
    return stamp_of([*_library(), *_data(str(place)), *notebooks, *_lock_file(place)])


def stamp_of(files: Iterable[str | Path]) -> Stamp:
    """Return path, time of change and size of each file."""
    return tuple((str(path), found.st_mtime_ns, found.st_size) for path in files for found in [os.stat(path)])  # noqa: PTH116


def library_files() -> list[Path]:
    """Return the library's source files, and those of a study of one's own, in order."""
    return [Path(path) for path in _library()]


def data_files(place: Path | None = None) -> list[Path]:
    """Return the edition's data files, in order."""
    return [Path(path) for path in _data(str(place or home()))]


def _library() -> list[str]:
    own = own_study()
    return [*_below(str(PACKAGE), ".py"), *(_below(str(own / "study"), ".py") if own else [])]


def _data(place: str) -> list[str]:
    return _below(f"{place}/data")


def _below(folder: str, ending: str = "") -> list[str]:
    """Return the files below a folder, but for what a wheel carries; as text, since every run asks for it."""
    found = []
    for place, folders, files in os.walk(folder):
        folders[:] = [name for name in folders if f"{place}/{name}" != str(CARRIED)]
        found += [f"{place}/{name}" for name in files if name.endswith(ending)]
    return sorted(found)


def library_digests() -> dict[str, str]:
    """Return the digest of every source file of the library, by name."""
    return {_library_name(path): digest(path) for path in library_files()}


def _library_name(path: Path) -> str:
    above = PACKAGE.parent if PACKAGE in path.parents else home()
    return path.relative_to(above).as_posix()


def data_digests() -> dict[str, str]:
    """Return the digest of every data file, by name."""
    place = home()
    return {path.relative_to(place).as_posix(): digest(path) for path in data_files(place)}


def lock_digests() -> dict[str, str]:
    """Return the digest of the lock, or the installed versions where there is none, and the Python version."""
    python = {"python": ".".join(map(str, sys.version_info[:2]))}
    if found := list(_lock_file(home())):
        return python | {LOCK: digest(found[0])}
    return python | _installed()


def digest(path: Path) -> str:
    """Return the SHA-256 of a file, in hexadecimal."""
    found = path.stat()
    return _digest(path, found.st_mtime_ns, found.st_size)


@lru_cache(maxsize=1024)
def _digest(path: Path, _changed: int, _size: int) -> str:
    return sha256(path.read_bytes()).hexdigest()


def _lock_file(edition: Path) -> Iterator[Path]:
    for place in dict.fromkeys((edition, PACKAGE.parent)):
        if (place / LOCK).is_file():
            yield place / LOCK
            return


@lru_cache(maxsize=1)
def _installed() -> dict[str, str]:
    return {found.name: found.version for found in metadata.distributions() if found.name}
