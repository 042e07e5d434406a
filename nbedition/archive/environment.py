"""What a run stood on: Python, system, installed versions, and the files of code and data."""

import json
import platform
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from functools import cache
from importlib import metadata
from pathlib import Path
from typing import Any

from packaging.requirements import InvalidRequirement, Requirement
from packaging.utils import canonicalize_name

import nbedition
from nbedition.new_study import template
from nbedition.project import FILES, MACHINERY, about, package_folder, project, root

PROJECT = "ewppr"
MAIN = ("numpy", "pandas", "scipy", "statsmodels", "matplotlib", "seaborn", "pandera", "pydantic", "papermill", "salib")
ABOUT = ("CITATION.cff", "LICENSE", "requirements.lock")
TEMPLATE = "template"


_stated: ContextVar[dict[str, Any] | None] = ContextVar("_stated", default=None)


@contextmanager
def stating(other: dict[str, Any]) -> Iterator[None]:
    """Let `environment` state another: the one that an archive says it was made in."""
    token = _stated.set(other)
    try:
        yield
    finally:
        _stated.reset(token)


def environment() -> dict[str, Any]:
    """Return Python, system and the installed version of every package that the project needs."""
    return _stated.get() or {
        "python": platform.python_version(),
        "implementation": platform.python_implementation(),
        "platform": platform.platform(),
        "machine": platform.machine(),
        PROJECT: nbedition.__version__,
        "packages": dict(sorted(installed().items())),
    }


def environment_text() -> str:
    """Return the same as JSON text."""
    return json.dumps(environment(), indent=1) + "\n"


@cache
def installed() -> dict[str, str]:
    """Return name and version of the installed packages that the project needs, directly or not."""
    found: dict[str, str] = {}
    waiting = _needs(PROJECT)
    while waiting:
        name = canonicalize_name(waiting.pop())
        if name in found:
            continue
        try:
            found[name] = metadata.version(name)
        except metadata.PackageNotFoundError:
            continue
        waiting += _needs(name)
    return found


def _needs(name: str) -> list[str]:
    """Return what a package needs here, extras left out."""
    try:
        stated = metadata.requires(name) or []
    except metadata.PackageNotFoundError:
        return []
    found = []
    for text in stated:
        try:
            needed = Requirement(text)
        except InvalidRequirement:
            continue
        if needed.marker is None or needed.marker.evaluate({"extra": ""}):
            found.append(needed.name)
    return found


def code_and_data() -> dict[str, bytes]:
    """Return the files that the run was made from, by their name in the archive; notebooks left out."""
    at_work = project()
    folders = {"data": at_work.root / "data", "docs": at_work.root / "docs", "locale": at_work.root / "locale"}
    folders |= {at_work.folder or at_work.package: at_work.sources}
    folders |= {name: _code(name) for name in at_work.code}
    files = {
        f"{name}/{inside}".rstrip("/"): path
        for name, place in folders.items()
        for inside, path in _below(place).items()
    }
    files |= {name: path for name in (*ABOUT, *FILES) if (path := about(name))}
    return {name: path.read_bytes() for name, path in files.items()}


def code_names() -> tuple[str, ...]:
    """Return how the names of the archive's members begin that are code, or are about the whole."""
    at_work = project()
    folders = (at_work.folder or at_work.package, "docs", "locale", *at_work.code)
    return (*(f"{name}/" for name in folders), *at_work.code, *ABOUT, *FILES)


def installs_itself(files: Mapping[str, bytes]) -> bool:
    """Return whether an archive's files can be installed as they are: they hold the machinery, and what builds it."""
    return f"{MACHINERY[-1]}/__init__.py" in files and "pyproject.toml" in files


def _code(name: str) -> Path:
    """Return a folder or file of code that the project file names: the study's, or an installed package's."""
    if name == TEMPLATE:
        return template()
    beside = root() / name
    return beside if beside.exists() else package_folder(name)


def _below(folder: Path) -> dict[str, Path]:
    """Return the files below a folder by relative name, hidden ones, caches and builds left out; a file alone as ""."""
    if folder.is_file():
        return {"": folder}
    found = {path.relative_to(folder): path for path in sorted(folder.rglob("*")) if path.is_file()}
    return {
        name.as_posix(): path
        for name, path in found.items()
        if not any(part.startswith(".") or part in ("__pycache__", "build", "_carried") for part in name.parts)
    }
