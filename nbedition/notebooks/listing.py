"""The figures that are there: those of the edition's notebooks, and those of past runs and batches."""

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from difflib import get_close_matches
from pathlib import Path
from typing import Any

from crossfoot.errors import RequestError
from nbedition.project import notebooks, program

FIGURE_TYPE = "application/vnd.ewppr.figure+json"
SWITCHES = {"pictures"}  # parameters of a run that change nothing of what a figure or a number is
RESULT_TYPE = "application/vnd.ewppr.result+json"


@dataclass(frozen=True)
class Listed:
    """A figure as an executed notebook keeps it."""

    figure: str
    number: str
    fingerprint: str
    title: str
    notebook: str
    place: Path
    content: dict[str, Any]
    given: dict[str, Any]

    @property
    def said(self) -> str:
        """The figure in a few words: where nothing was drawn, its caption stands for its title."""
        given = ", ".join(f"{name}={value}" for name, value in self.given.items() if name not in SWITCHES)
        about = f" with {given}" if given else ""
        return f"figure {self.number} '{self.figure}'{about} ({self.title or self.content['caption']}) in {self.place}"


def listed(among: Iterable[Path] = ()) -> list[Listed]:
    """Return the edition's figures in order, as its notebooks were last executed, then those of past runs.

    Parameters
    ----------
    among
        Folders of past runs and batches.

    Raises
    ------
    RequestError
        If one is no folder.
    """
    paths = [*notebooks().values(), *(path for folder in among for path in _executed(folder))]
    return [figure for path in paths for figure in _of(path)]


def recorded(kind: str) -> list[dict[str, Any]]:
    """Return all records of a kind in the edition's executed notebooks, in order."""
    read = (json.loads(path.read_text(encoding="utf-8")) for path in notebooks().values())
    return [record for notebook in read for record in _recorded_in(notebook, kind)]


def figure_named(given: str) -> Listed:
    """Return one of the edition's figures by name, number or fingerprint.

    Raises
    ------
    RequestError
        If there is none.
    """
    known = listed()
    for figure in known:
        if given in (figure.figure, figure.number) or given.upper() == figure.fingerprint:
            return figure
    near = get_close_matches(given, [figure.figure for figure in known], n=1)
    hint = f"did you mean '{near[0]}'?" if near else f"{program()} figures lists them."
    raise RequestError(f"there is no figure '{given}'; {hint}")


def find(fingerprint: str, among: Iterable[Path] = ()) -> Listed | None:
    """Return the figure of a fingerprint: of the edition, or of executed notebooks below folders."""
    paths = [*notebooks().values(), *(path for folder in among for path in _executed(folder))]
    for path in paths:
        if fingerprint.encode() not in _bytes(path):
            continue
        for figure in _of(path):
            if figure.fingerprint == fingerprint:
                return figure
    return None


def _bytes(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise RequestError(f"{path} cannot be read: {error.strerror}.") from None


def _executed(folder: Path) -> Iterator[Path]:
    if not folder.is_dir():
        raise RequestError(f"{folder} is no folder of past runs or batches.")
    yield from sorted(path for path in folder.rglob("*.ipynb") if path.is_file())


def _of(path: Path) -> Iterator[Listed]:
    """Yield the figures of an executed notebook; nothing where the file is none."""
    try:
        content = json.loads(path.read_text(encoding="utf-8"))
        given = content["metadata"].get("papermill", {}).get("parameters", {})
        for record in _recorded_in(content, FIGURE_TYPE):
            names = {name: record[name] for name in ("figure", "number", "fingerprint", "title", "notebook")}
            yield Listed(**names, place=path, content=record, given=given)
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return


def _recorded_in(notebook: dict[str, Any], kind: str) -> list[dict[str, Any]]:
    """Return what an executed notebook, read without what nbformat would load, has recorded of a kind."""
    found = [output["data"] for cell in notebook["cells"] for output in cell.get("outputs", []) if "data" in output]
    return [content[kind] for content in found if kind in content]
