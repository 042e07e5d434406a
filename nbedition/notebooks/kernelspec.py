"""The kernel that a notebook names: all run in the Python at work, and a notebook of another language is refused."""

import json
from collections.abc import Iterable
from contextlib import suppress
from typing import Any

from crossfoot.errors import RequestError
from nbedition.project import notebooks

PYTHON = {"display_name": "Python 3", "language": "python", "name": "python3"}


def require_python(notebook: str) -> None:
    """Raise RequestError if a notebook is written in another language than Python."""
    if not _is_python(language := _named(notebook)["language"]):
        raise RequestError(f"notebook {notebook} is written in {language}, and runs are made in Python alone.")


def of_another_kernel(names: Iterable[str]) -> list[str]:
    """Return a sentence for each notebook that names a kernel of its own for Python, which a run does without."""
    named = {name: _named(name) for name in names}
    return [
        f"notebook {name} names the kernel '{kernel['name']}'; it runs in the Python of this environment"
        for name, kernel in named.items()
        if kernel["name"] not in ("python", PYTHON["name"]) and _is_python(kernel["language"])
    ]


def _is_python(language: str) -> bool:
    return "python" in language.lower()


def _named(notebook: str) -> dict[str, str]:
    """Return language and name of the kernel that a notebook names; Python's where it does not say."""
    metadata: dict[str, Any] = {}
    with suppress(OSError, ValueError, KeyError, TypeError):  # who reads its cells says so
        metadata = dict(json.loads(notebooks()[notebook].read_text(encoding="utf-8"))["metadata"])
    spec, info = metadata.get("kernelspec", {}), metadata.get("language_info", {})
    name = str(spec.get("name") or PYTHON["name"])
    return {"name": name, "language": str(spec.get("language") or info.get("name") or _language_of(name))}


def _language_of(kernel: str) -> str:
    """Return the language of an installed kernel; Python where there is none of that name."""
    if kernel != PYTHON["name"]:
        from jupyter_client.kernelspec import KernelSpecManager, NoSuchKernel

        with suppress(NoSuchKernel):
            return str(KernelSpecManager().get_kernel_spec(kernel).language)
    return PYTHON["language"]
