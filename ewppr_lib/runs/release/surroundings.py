"""What a run stood on: Python, system, installed versions, and the files of code and data."""

import json
import platform
from functools import cache
from importlib import metadata
from pathlib import Path
from typing import Any

from packaging.requirements import InvalidRequirement, Requirement
from packaging.utils import canonicalize_name

import ewppr_lib
from ewppr_lib.data.text import read_yaml
from ewppr_lib.home import CARRIED, PACKAGE, about, own_study, root
from ewppr_lib.runs.new_study import template

PROJECT = "ewppr"
MAIN = ("numpy", "pandas", "scipy", "statsmodels", "matplotlib", "seaborn", "pandera", "pydantic", "papermill", "salib")
ABOUT = ("CITATION.cff", "LICENSE", "requirements.lock", "pyproject.toml", "Makefile")


def environment() -> dict[str, Any]:
    """Return Python, system and the installed version of every package that the project needs."""
    return {
        "python": platform.python_version(),
        "implementation": platform.python_implementation(),
        "platform": platform.platform(),
        "machine": platform.machine(),
        PROJECT: ewppr_lib.__version__,
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


def citation() -> dict[str, Any]:
    """Return what ``CITATION.cff`` says; nothing where there is none."""
    path = about("CITATION.cff")
    found = read_yaml(path) if path else {}
    return found if isinstance(found, dict) else {}


def code_and_data() -> dict[str, bytes]:
    """Return the files that the run was made from, by their name in the archive; notebooks left out."""
    place, own = root(), own_study()
    files = {f"data/{name}": path for name, path in _below(place / "data").items()}
    if own:
        files |= {f"study/{name}": path for name, path in _below(place / "study").items()}
    else:
        library = {name: path for name, path in _below(PACKAGE).items() if CARRIED not in path.parents}
        files |= {f"ewppr_lib/{name}": path for name, path in library.items()}
        files |= {f"template/{name}": path for name, path in _below(template()).items()}
        files |= {f"docs/{name}": path for name, path in _below(place / "docs").items()}
    files |= {name: path for name in ABOUT if (path := about(name)) and (own or name != "Makefile")}
    return {name: path.read_bytes() for name, path in files.items()}


def _below(folder: Path) -> dict[str, Path]:
    """Return the files below a folder by relative name; hidden ones, caches and builds are left out."""
    found = {path.relative_to(folder): path for path in sorted(folder.rglob("*")) if path.is_file()}
    return {
        name.as_posix(): path
        for name, path in found.items()
        if not any(part.startswith(".") or part in ("__pycache__", "build") for part in name.parts)
    }
