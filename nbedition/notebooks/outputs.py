"""Reading executed notebooks, each the whole record of its run: the study's own, and those of past runs and batches."""

import csv
import io
import json
import re
from base64 import b64decode
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from crossfoot.errors import RequestError
from crossfoot.text import did_you_mean
from nbedition.project import notebooks, program

FIGURE_TYPE = "application/vnd.ewppr.figure+json"
RESULT_TYPE = "application/vnd.ewppr.result+json"
ASKED = "NBEDITION_ASKED"  # environment variable: what a run was asked for, as JSON; see `Run`
SWITCHES = {"pictures"}  # parameters of a run that change nothing of what a figure or a number is
HEADING = re.compile(r"^ {0,3}(#{1,6})[ \t]+(.*?)[ \t]*#*[ \t]*$|^(\S.*)\n=+[ \t]*$", re.MULTILINE)
FENCED = re.compile(r"^(```|~~~).*?^\1", re.MULTILINE | re.DOTALL)
COLUMNS = ("notebook", "name", "value", "unit", "low", "high", "claim")


def recorded(notebook: Mapping[str, Any], kind: str) -> list[dict[str, Any]]:
    """Return the records of one kind in an executed notebook, in order.

    `notebook`: an executed notebook (nbformat 4), as nbformat or json reads it; `kind`: `RESULT_TYPE` or `FIGURE_TYPE`.
    """
    found = [output.get("data", {}) for cell in notebook["cells"] for output in cell.get("outputs", [])]
    return [dict(data[kind]) for data in found if kind in data]


def results(notebook: Mapping[str, Any]) -> list[dict[str, Any]]:
    """Return the recorded results of an executed notebook."""
    return recorded(notebook, RESULT_TYPE)


def figures(notebook: Mapping[str, Any]) -> list[dict[str, Any]]:
    """Return the figure records of an executed notebook."""
    return recorded(notebook, FIGURE_TYPE)


def title_of(name: str, notebook: Mapping[str, Any]) -> str:
    """Return a notebook's title, without marks; one made of its name where its first heading is no title.

    `name`: its full name; `notebook`: as nbformat reads it.

    Examples
    --------
    >>> title_of("01_schools", {"cells": [{"cell_type": "markdown", "source": "Text."}]})
    '01 schools'
    """
    return own_title(notebook) or name.replace("_", " ")


def own_title(notebook: Mapping[str, Any]) -> str:
    """Return the title that a notebook gives itself, without marks; nothing where its first heading is no title."""
    found = HEADING.search(FENCED.sub("", prose(notebook)))
    return str((found[2] if found[1] == "#" else found[3]) or "").strip() if found else ""


def prose(notebook: Mapping[str, Any]) -> str:
    """Return a notebook's text, code left out."""
    return "\n\n".join(cell["source"] for cell in notebook["cells"] if cell["cell_type"] == "markdown")


def results_csv(found: Iterable[Mapping[str, Any]]) -> str:
    """Return recorded results as CSV text, one row each; empty cells where nothing is stated."""
    target = io.StringIO()
    writer = csv.DictWriter(target, COLUMNS, lineterminator="\n")
    writer.writeheader()
    writer.writerows(found)
    return target.getvalue()


def failure(notebook: Mapping[str, Any]) -> str | None:
    """Return what the first failing cell said, in one line; None where no cell failed."""
    for number, cell in enumerate((cell for cell in notebook["cells"] if cell["cell_type"] == "code"), start=1):
        for output in cell["outputs"]:
            if output["output_type"] == "error":
                said = " ".join(str(output["evalue"]).split())
                return f"code cell {number} raised {output['ename']}: {said}"
    return None


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
    picture: bytes = b""  # as PNG, as the notebook shows it

    @property
    def said(self) -> str:
        """The figure in a few words: where nothing was drawn, its caption stands for its title."""
        given = ", ".join(f"{name}={value}" for name, value in self.given.items() if name not in SWITCHES)
        about = f" with {given}" if given else ""
        return f"figure {self.number} '{self.figure}'{about} ({self.title or self.content['caption']}) in {self.place}"


def listed(among: Iterable[Path] = ()) -> list[Listed]:
    """Return the edition's figures in order, as its notebooks were last executed, then those of past runs.

    `among`: folders of past runs and batches. Raises RequestError if one is no folder.
    """
    return [figure for path in _paths(among) for figure in _of(path)]


def recorded_in_study(kind: str) -> list[dict[str, Any]]:
    """Return all records of a kind in the study's executed notebooks, in order."""
    read = (json.loads(path.read_text(encoding="utf-8")) for path in notebooks().values())
    return [record for notebook in read for record in recorded(notebook, kind)]


def figure_named(given: str) -> Listed:
    """Return one of the edition's figures by name, number or fingerprint. Raises RequestError if there is none."""
    known = listed()
    for figure in known:
        if given in (figure.figure, figure.number) or given.upper() == figure.fingerprint:
            return figure
    hint = did_you_mean(given, [figure.figure for figure in known], f"{program()} figures lists them.")
    raise RequestError(f"there is no figure '{given}'; {hint}")


def find(fingerprint: str, among: Iterable[Path] = ()) -> Listed | None:
    """Return the figure of a fingerprint: of the edition, or of executed notebooks below folders."""
    for path in _paths(among):
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


def _paths(among: Iterable[Path]) -> list[Path]:
    return [*notebooks().values(), *(path for folder in among for path in _executed(folder))]


def _executed(folder: Path) -> Iterator[Path]:
    if not folder.is_dir():
        raise RequestError(f"{folder} is no folder of past runs or batches.")
    yield from sorted(path for path in folder.rglob("*.ipynb") if path.is_file())


def _of(path: Path) -> Iterator[Listed]:
    """Yield the figures of an executed notebook; nothing where the file is none."""
    try:
        content = json.loads(path.read_text(encoding="utf-8"))
        given = content["metadata"].get("papermill", {}).get("parameters", {})
        for output in (output for cell in content["cells"] for output in cell.get("outputs", [])):
            record = output.get("data", {}).get(FIGURE_TYPE)
            if record is None:
                continue
            names = {name: record[name] for name in ("figure", "number", "fingerprint", "title", "notebook")}
            picture = b64decode(output["data"].get("image/png", ""))
            yield Listed(**names, place=path, content=record, given=given, picture=picture)
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return
