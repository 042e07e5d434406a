"""A package of somebody else's: its manuscripts, its outputs, its pictures; run only in a copy, and only when asked."""

import os
import re
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

from crossfoot.errors import RequestError
from nbedition.archive.unpack import unpack
from nbedition.review.evidence import INPUTS, in_outputs, read_notebook
from nbedition.review.manuscript import FORMS, Passage, markdown, read_manuscript
from nbedition.review.matching import MISSING, SAME, Judged, review
from nbedition.review.passages import numbers_of
from nbedition.review.quoted import plain

NAMED = re.compile(r"manuscript|paper|article|draft|report|main|text", re.IGNORECASE)
PICTURES = (".png", ".jpg", ".jpeg", ".svg", ".pdf", ".eps")
MAIN = ("run_all.py", "main.py", "master.py")
HIDDEN = re.compile(r"(^|/)(\.|__pycache__/|tests?/)")
ASIDE = ("setup.py", "conftest.py", "conf.py")


@dataclass(frozen=True)
class Reviewed:
    """What a review found: of numbers, and of pictures by what the manuscript calls them; `read`: what was read."""

    findings: list[Judged]
    pictures: list[tuple[str, str]]
    read: list[str]


@contextmanager
def opened(given: Path) -> Iterator[Path]:
    """Give the folder of a package; a ZIP is unpacked, safely, into one that is removed afterwards."""
    if given.is_dir():
        yield given
        return
    with tempfile.TemporaryDirectory(prefix="nbedition-review-") as place:
        unpack(given, Path(place))
        yield Path(place)


def reviewed(folder: Path, manuscripts: tuple[Path, ...] = ()) -> Reviewed:
    """Compare what a package's manuscripts print with what its outputs hold.

    `manuscripts`: files; by default those of the package that are called so, or the prose of its notebooks. Raises
    RequestError where there is nothing to compare.
    """
    chosen = list(manuscripts) or manuscripts_in(folder)
    parts = [part for path in chosen for part in read_manuscript(path, _name(path, folder))]
    read = [_name(path, folder) for path in chosen]
    if not chosen:
        parts, read = list(_prose(folder)), ["the prose of its notebooks"]
    outputs = in_outputs(folder, chosen)
    if not outputs:
        raise RequestError(f"{folder} holds no outputs to compare with: executed notebooks, tables of results, logs.")
    if not parts:
        raise RequestError(f"{folder} holds no manuscript ({', '.join(FORMS)}); name one with --manuscript FILE.")
    return Reviewed(review(numbers_of(parts), outputs), list(_pictures(parts, folder)), read)


def manuscripts_in(folder: Path) -> list[Path]:
    """Return the files of a package that are called a manuscript, or its only ones that could be; README is none."""
    could = [
        path
        for path in sorted(folder.rglob("*"))
        if path.suffix.lower() in FORMS
        and path.is_file()
        and not INPUTS.search(_name(path, folder))
        and not path.stem.upper().startswith(("README", "LICENSE", "CHANGELOG"))
    ]
    named = [path for path in could if path.suffix == ".docx" or NAMED.search(path.stem)]
    whole = [path for path in could if path.suffix == ".tex" and b"\\begin{document}" in path.read_bytes()]
    return list(dict.fromkeys([*whole, *(path for path in named if path.suffix != ".tex")]))


def _name(path: Path, folder: Path) -> str:
    return path.relative_to(folder).as_posix() if path.is_relative_to(folder) else path.name


def _prose(folder: Path) -> Iterator[Passage]:
    for path in sorted(folder.rglob("*.ipynb")):
        cells = [cell for cell in read_notebook(path)["cells"] if cell["cell_type"] == "markdown"]
        for number, cell in enumerate(cells, start=1):
            name = f"{path.relative_to(folder).as_posix()}, text cell {number}"
            yield from markdown(plain(cell["source"]), name)


def _pictures(parts: list[Passage], folder: Path) -> Iterator[tuple[str, str]]:
    """Yield each picture of the manuscript, and whether the package has just that."""
    files = [path for path in sorted(folder.rglob("*")) if path.suffix.lower() in PICTURES and path.is_file()]
    digests = {sha256(path.read_bytes()).hexdigest() for path in files}
    for part in parts:
        if part.digest:
            yield part.place, SAME if part.digest in digests else MISSING
        elif part.file and "://" not in part.file:
            ends = f"/{part.file.removeprefix('./').removeprefix('../')}"
            there = [path for path in files if str(path).endswith(ends) or str(path.with_suffix("")).endswith(ends)]
            yield part.place, SAME if there else MISSING


def programs(folder: Path) -> list[Path]:
    """Return what would be run, in order: one script that runs all, or else all notebooks and scripts by name."""
    for name in MAIN:
        if (folder / name).is_file():
            return [folder / name]
    found = [path for path in sorted(folder.rglob("*")) if path.suffix in (".py", ".ipynb") and path.is_file()]
    return [
        path
        for path in found
        if path.name not in ASIDE
        and not (path.parent / "__init__.py").is_file()
        and not HIDDEN.search(path.relative_to(folder).as_posix())
    ]


def run_in(copy: Path, limit: float, report: Callable[[str], None]) -> None:
    """Run what a copy of a package holds, each from its own folder; what fails is named, and the next is run."""
    for path in programs(copy):
        notebook = ["-m", "nbconvert", "--to", "notebook", "--execute", "--inplace"]
        command = [sys.executable, *(notebook if path.suffix == ".ipynb" else []), path.name]
        environment = os.environ | {"MPLBACKEND": "Agg"}
        name = path.relative_to(copy).as_posix()
        try:
            ended = subprocess.run(  # noqa: S603  it was asked for
                command, cwd=path.parent, env=environment, capture_output=True, text=True, timeout=limit, check=False
            )
        except subprocess.TimeoutExpired:
            report(f"{name}: ended after {limit:g} s")
            continue
        if path.suffix == ".py" and ended.stdout:
            path.with_suffix(".log").write_text(ended.stdout, encoding="utf-8")
        said = ended.stderr.strip().splitlines()
        report(f"{name}: {'ran' if ended.returncode == 0 else f'failed: {said[-1] if said else ended.returncode}'}")
