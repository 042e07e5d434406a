"""What a build folder holds: executed notebooks, whole and as their run left them, with their figures."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from hashlib import sha256
from pathlib import Path
from typing import Any

import nbformat
from markupsafe import Markup
from nbformat import NotebookNode
from PIL import Image

from crossfoot.errors import RequestError
from nbedition.notebooks import outputs
from nbedition.project import notebooks, program
from nbedition.runs.execute import MANIFEST, read_manifest

KINDS = ("png", "svg", "pdf", "csv")


@dataclass(frozen=True)
class Shown:
    """One figure of a build: its record, as the executed notebook holds it, and the folder of its files."""

    record: Mapping[str, Any]
    folder: Path

    @property
    def name(self) -> str:
        """The figure's name, unique in its notebook."""
        return str(self.record["figure"])

    @property
    def notebook(self) -> str:
        """Full name of the notebook that makes it."""
        return str(self.record["notebook"])

    @property
    def fingerprint(self) -> str:
        """The short text by which it is found again."""
        return str(self.record["fingerprint"])

    @property
    def page(self) -> str:
        """Name of its page: the notebook's number and the figure's name."""
        return f"{self.notebook[:2]}-{self.name}"

    @cached_property
    def size(self) -> str:
        """Its width and height in pixels, as HTML attributes: a page that waits for it does not jump."""
        with Image.open(self.path("png")) as image:
            return Markup('width="{}" height="{}"').format(*image.size)

    def path(self, kind: str) -> Path:
        """Return its file of one of `KINDS`."""
        return self.folder / f"{self.name}.{kind}"

    def file(self, kind: str) -> str:
        """Return the same as a path below the site."""
        return f"files/{self.notebook}/{self.name}.{kind}"


@dataclass(frozen=True)
class Built:
    """A build folder: executed notebooks by full name, and where each one's files are."""

    notebooks: Mapping[str, NotebookNode]
    folders: Mapping[str, Path]

    @cached_property
    def figures(self) -> list[Shown]:
        """All figures, in the order of the notebooks."""
        return [
            Shown(record, self.folders[name] / "figures")
            for name, notebook in self.notebooks.items()
            for record in outputs.figures(notebook)
        ]

    def results(self, notebook: str) -> dict[str, dict[str, Any]]:
        """Return the recorded results of a notebook by name; none where it is not in the build."""
        content = self.notebooks.get(notebook)
        return {found["name"]: found for found in outputs.results(content)} if content else {}


def read_build(place: Path) -> Built:
    """Return the executed notebooks below the folder of ``nbedition run --out``."""
    folders = {name: place / name for name in notebooks()}
    for name, folder in folders.items():
        _require_whole(name, folder, place)
    read = {name: nbformat.read(folder / f"{name}.ipynb", as_version=4) for name, folder in folders.items()}
    return Built(read, folders)


def _require_whole(notebook: str, folder: Path, place: Path) -> None:
    again = f"run: {program()} run --out {place}"
    files = read_manifest(folder / MANIFEST).get("files")
    if not isinstance(files, dict):
        raise RequestError(f"{place} holds no finished run of notebook {notebook}; {again}")
    for name, digest in files.items():
        try:
            found = sha256((folder / name).read_bytes()).hexdigest()
        except OSError:
            raise RequestError(f"{folder / name} is missing; {again} --force") from None
        if found != digest:
            raise RequestError(f"{folder / name} is not as the run left it; {again} --force")
