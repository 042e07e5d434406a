"""What a run depends on, as digests, and which code that is: handed over here, and computed nowhere else.

The same key means the same results; another one says what changed. Files are read again only when they change.
"""

import json
import os
import subprocess
import sys
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from functools import cached_property, lru_cache
from hashlib import sha256
from importlib import metadata
from pathlib import Path
from typing import Any

from crossfoot.errors import DataError
from nbedition.project import MACHINERY, notebooks, package_folder, packages, root

COMMIT = "NBEDITION_COMMIT"  # environment variable: the commit, found once by the command that runs notebooks
GIT_SECONDS = 10.0
KEY_LENGTH = 20  # hexadecimal digits: two runs in a million million share a key by chance
LOCK = "requirements.lock"
TRANSLATIONS = "locale"
PARTS = {
    "notebook": "the notebook's cells",
    "parameters": "the parameters",
    "library": "the library's source",
    "data": "the data files",
    "lock": "the locked versions or Python",
}

Stamp = tuple[tuple[str, int, int], ...]  # path, time of change, size


@dataclass(frozen=True)
class Parts:
    """The digests that a run's key is made of."""

    notebook: str
    parameters: str
    library: str
    data: str
    lock: str

    @property
    def key(self) -> str:
        """The run's key."""
        return _sha256(asdict(self))[:KEY_LENGTH]

    def as_dict(self) -> dict[str, str]:
        """Return the digests by name."""
        return asdict(self)


class Environment:
    """Everything a run depends on but its notebook and parameters, read when first asked for."""

    @cached_property
    def library(self) -> dict[str, str]:
        """The digest of every source file of the machinery and the study, translations included, by name."""
        return {name: digest(Path(path)) for name, path in _library().items()}

    @cached_property
    def data(self) -> dict[str, str]:
        """The digest of every data file, by name."""
        place = root()
        return {path.relative_to(place).as_posix(): digest(path) for path in data_files()}

    @cached_property
    def lock(self) -> dict[str, str]:
        """The digest of the lock, or the installed versions where there is none, and the Python version."""
        found = _lock_file()
        python = {"python": ".".join(map(str, sys.version_info[:2]))}
        return python | ({LOCK: digest(found[0])} if found else _installed())

    @cached_property
    def notebooks(self) -> dict[str, str]:
        """The digest of every notebook's cells."""
        return {name: notebook_digest(path) for name, path in notebooks().items()}

    @cached_property
    def _common(self) -> tuple[str, str, str]:
        return _sha256(self.library), _sha256(self.data), _sha256(self.lock)

    def parts(self, notebook: str, parameters: Mapping[str, Any], tables: Mapping[str, str]) -> Parts:
        """Return the digests of one run.

        `notebook`: full name; `parameters`: all parameters, defaults included; `tables`: the user's own tables: digest
        by parameter.
        """
        library, data, lock = self._common
        data = _sha256([data, dict(tables)]) if tables else data
        return Parts(self.notebooks[notebook], _sha256(dict(parameters)), library, data, lock)

    def files(self) -> dict[str, dict[str, str]]:
        """Return all digests by part and file."""
        return {"notebook": self.notebooks, "library": self.library, "data": self.data, "lock": self.lock}


def notebook_digest(path: Path) -> str:
    """Return the digest of a notebook's cells, outputs left out."""
    return _notebook_digest(path, path.stat().st_mtime_ns)


@lru_cache(maxsize=64)
def _notebook_digest(path: Path, _changed: int) -> str:
    try:
        cells = json.loads(path.read_text(encoding="utf-8"))["cells"]
        told = [[cell["cell_type"], "".join(cell["source"]), cell["metadata"].get("tags", [])] for cell in cells]
    except (ValueError, KeyError, TypeError, AttributeError):
        raise DataError(
            f"{path} is no notebook, or is damaged; open and save it in Jupyter, or take it away."
        ) from None
    return _sha256(told)


def _sha256(content: Any) -> str:
    return sha256(json.dumps(content, sort_keys=True, separators=(",", ":")).encode()).hexdigest()


def stamp() -> Stamp:
    """Return what tells, without reading them, whether library, data or lock have changed."""
    return stamp_of([*_library().values(), *_data(), *_lock_file()])


def stamp_of_all() -> Stamp:
    """Return the same with the notebooks."""
    return stamp_of([*_library().values(), *_data(), *notebooks().values(), *_lock_file()])


def stamp_of(files: Iterable[str | Path]) -> Stamp:
    """Return path, time of change and size of each file."""
    return tuple((str(path), found.st_mtime_ns, found.st_size) for path in files for found in [os.stat(path)])  # noqa: PTH116


def data_files() -> list[Path]:
    """Return the study's data files, in order."""
    return [Path(path) for path in _data()]


def digest(path: Path) -> str:
    """Return the SHA-256 of a file, in hexadecimal."""
    found = path.stat()
    return _digest(path, found.st_mtime_ns, found.st_size)


def commit() -> str | None:
    """Return the commit that last changed code or lock, ``"modified"`` where they differ, None outside a checkout.

    A later commit that touches neither leaves figures as they are. Only the checkout that tracks this
    very package counts: not one that merely holds an environment.
    """
    if _git("ls-files", "--error-unmatch", "nbedition/__init__.py") is None:
        return None
    code = ("--", *packages(), TRANSLATIONS, LOCK)
    changed, head = _git("status", "--porcelain", *code), _git("log", "-1", "--format=%H", *code)
    return "modified" if changed else head


def with_commit(environment: Mapping[str, str]) -> dict[str, str]:
    """Return an environment that tells a kernel the commit."""
    return {**environment, COMMIT: commit() or ""}


def _git(*arguments: str) -> str | None:
    command = ["git", "-C", str(_checkout()), *arguments]
    quiet = {**os.environ, "GIT_OPTIONAL_LOCKS": "0", "LC_ALL": "C"}
    try:
        ended = subprocess.run(  # noqa: S603  fixed words
            command,
            capture_output=True,
            text=True,
            timeout=GIT_SECONDS,
            check=False,
            env=quiet,
            stdin=subprocess.DEVNULL,
        )
    except (OSError, subprocess.TimeoutExpired):
        return None
    return ended.stdout.strip() if ended.returncode == 0 else None


def _checkout() -> Path:
    """Return the folder around the machinery's packages."""
    return package_folder(MACHINERY[-1]).parent


def _library() -> dict[str, str]:
    """Return the source files of the machinery and the study, and the translations, by name."""
    folders = {name: str(place) for name, place in packages().items()}
    found = {f"{name}{path[len(folder) :]}": path for name, folder in folders.items() for path in _below(folder, ".py")}
    place = str(root())
    for path in _below(f"{place}/{TRANSLATIONS}", ".po") + _below(f"{folders['nbedition']}/{TRANSLATIONS}", ".po"):
        found[path.removeprefix(f"{place}/").removeprefix(f"{_checkout()}/")] = path
    return found


def _data() -> list[str]:
    return _below(f"{root()}/data")


def _below(folder: str, ending: str = "") -> list[str]:
    """Return the files below a folder, but for the study that a wheel carries; as text, since every run asks for it."""
    found = []
    for place, folders, files in os.walk(folder):
        folders[:] = [name for name in folders if name not in ("__pycache__", "_carried")]
        found += [f"{place}/{name}" for name in files if name.endswith(ending)]
    return sorted(found)


def _lock_file() -> list[Path]:
    """Return the study's lock, else that of the checkout around the machinery; nothing where there is neither."""
    places = dict.fromkeys((root(), _checkout()))
    return [place / LOCK for place in places if (place / LOCK).is_file()][:1]


@lru_cache(maxsize=1024)
def _digest(path: Path, _changed: int, _size: int) -> str:
    return sha256(path.read_bytes()).hexdigest()


@lru_cache(maxsize=1)
def _installed() -> dict[str, str]:
    return {found.name: found.version for found in metadata.distributions() if found.name}
