"""The figures that are there: those of the edition's notebooks, and those of past runs and batches."""

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from difflib import get_close_matches
from pathlib import Path
from typing import Any

from ewppr_lib.data.edition import notebooks
from ewppr_lib.errors import RequestError

FIGURE_TYPE = "application/vnd.ewppr.figure+json"
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

    @property
    def said(self) -> str:
        """The figure in a few words."""
        return f"figure {self.number} '{self.figure}' ({self.title}) in {self.place}"


def listed() -> list[Listed]:
    """Return the edition's figures in order, as its notebooks were last executed."""
    return [figure for path in notebooks().values() for figure in _of(path)]


def recorded(kind: str) -> list[dict[str, Any]]:
    """Return all records of a kind in the edition's executed notebooks, in order."""
    return [record for path in notebooks().values() for record in _records(path, kind)]


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
    hint = f"did you mean '{near[0]}'?" if near else "ewppr figures lists them."
    raise RequestError(f"there is no figure '{given}'; {hint}")


def find(fingerprint: str, among: Iterable[Path] = ()) -> Listed | None:
    """Return the figure of a fingerprint: of the edition, or of executed notebooks below folders."""
    paths = [*notebooks().values(), *(path for folder in among for path in _executed(folder))]
    for path in paths:
        if fingerprint.encode() not in path.read_bytes():
            continue
        for figure in _of(path):
            if figure.fingerprint == fingerprint:
                return figure
    return None


def _executed(folder: Path) -> Iterator[Path]:
    if not folder.is_dir():
        raise RequestError(f"{folder} is no folder of past runs or batches.")
    yield from sorted(folder.rglob("*.ipynb"))


def _of(path: Path) -> Iterator[Listed]:
    """Yield the figures of an executed notebook; nothing where the file is none."""
    try:
        for record in _records(path, FIGURE_TYPE):
            names = {name: record[name] for name in ("figure", "number", "fingerprint", "title", "notebook")}
            yield Listed(**names, place=path, content=record)
    except (OSError, ValueError, KeyError, TypeError):
        return


def _records(path: Path, kind: str) -> list[dict[str, Any]]:
    """Return what an executed notebook has recorded of a kind, read without what nbformat would load."""
    cells = json.loads(path.read_text(encoding="utf-8"))["cells"]
    found = [output["data"] for cell in cells for output in cell.get("outputs", []) if "data" in output]
    return [content[kind] for content in found if kind in content]
