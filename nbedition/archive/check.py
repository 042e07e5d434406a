"""``nbedition verify BUNDLE.zip``: every member is as listed, and a rerun by this edition gives the same.

An archive is not trusted. Nothing in it is executed: its notebooks are compared with this edition's,
and this edition's are run.
"""

import re
import tempfile
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from crossfoot.errors import CheckFailed, DataError, RequestError
from nbedition.archive.collect import collect
from nbedition.archive.differences import compared, contents, some, with_figures_of
from nbedition.archive.environment import code_and_data
from nbedition.archive.readme import counted
from nbedition.archive.unpack import unpack
from nbedition.archive.write import MANIFEST, members
from nbedition.kernels.wire import RunResult
from nbedition.notebooks.provenance import Environment, notebook_digest
from nbedition.project import program

LINE = re.compile(r"([0-9a-f]{64})  (.+)")
DATA = "data/"


@dataclass(frozen=True)
class ArchiveVerdict:
    """What the check of an archive found: sentences in order; every check that fails raises instead."""

    sentences: list[str] = field(default_factory=list)


def verify_bundle(path: Path, report: Callable[[RunResult], None] = lambda _: None) -> ArchiveVerdict:
    """Check an archive of ``nbedition release``; report each notebook's outcome.

    Every member's digest is compared with the list in the archive; then this edition's notebooks are run, and the
    archive is made again in memory and compared member by member. `RequestError` if the file cannot be read or is no
    such archive; `CheckFailed` if it does not hold, in a sentence that names the members.
    """
    with tempfile.TemporaryDirectory(prefix="ewppr-verify-") as place:
        folder, build = Path(place) / "bundle", Path(place) / "build"
        folder.mkdir()
        count = _require_listed(path, folder)
        names = _require_known_notebooks(path, folder)
        _require_same_data(path, folder)
        made, others = with_figures_of(folder, collect(build, report, names))
        again = members(made)
        results, figures = sum(len(one.results) for one in made), sum(len(one.figures) for one in made)
        said = [f"{counted(count, 'member')}, each as listed", *compared(path, folder, again)]
        said += [f"{counted(others, 'figure file')} of it name another state of the library's code"] if others else []
        rerun = f"{counted(len(made), 'notebook')} rerun: {counted(results, 'result')} and {counted(figures, 'figure')}"
        return ArchiveVerdict([*said, f"{rerun} as in the archive"])


def _require_listed(path: Path, folder: Path) -> int:
    """Unpack, and compare members and digests with the list; return how many there are."""
    there = unpack(path, folder)
    if MANIFEST not in there:
        raise RequestError(f"{path} is no archive of `{program()} release`: it holds no {MANIFEST}.")
    listed = _listed(path, (folder / MANIFEST).read_bytes())
    del there[MANIFEST]
    faults = [f"'{name}' is missing" for name in sorted(listed.keys() - there.keys())]
    faults += [f"'{name}' has been added" for name in sorted(there.keys() - listed.keys())]
    faults += [f"'{name}' has been altered" for name in sorted(listed) if there.get(name, listed[name]) != listed[name]]
    if faults:
        raise CheckFailed(f"{path} is not as it was made: {some(faults, '; ')}.")
    return len(listed)


def _listed(path: Path, content: bytes) -> dict[str, str]:
    found = [LINE.fullmatch(line) for line in content.decode(errors="replace").splitlines()]
    lines = [match.groups() for match in found if match]
    listed = {name: digest for digest, name in lines}
    if len(lines) != len(found) or len(listed) != len(lines):
        raise CheckFailed(f"{path} is not as it was made: its list of members, {MANIFEST}, has been altered.")
    return listed


def _require_known_notebooks(path: Path, folder: Path) -> tuple[str, ...]:
    """Return the archive's notebooks, all of which must be this edition's."""
    known, differing, names = Environment().notebooks, [], []
    for notebook in sorted((folder / "notebooks").glob("*.ipynb")):
        names.append(notebook.stem)
        try:
            same = known.get(notebook.stem) == notebook_digest(notebook)
        except DataError:
            same = False
        if not same:
            differing.append(f"'{notebook.stem}'")
    if differing or not names:
        which = f"its notebooks {some(differing)} are not this edition's" if names else "it holds no notebooks"
        raise CheckFailed(f"{path} is whole, but {which}, so nothing was rerun; use the edition that it was made with.")
    return tuple(names)


def _require_same_data(path: Path, folder: Path) -> None:
    mine = {name: content for name, content in code_and_data().items() if name.startswith(DATA)}
    there = {name: (folder / name).read_bytes() for name in contents(folder) if name.startswith(DATA)}
    if other := sorted(name for name in mine.keys() | there.keys() if mine.get(name) != there.get(name)):
        raise CheckFailed(f"{path} is whole, but holds other data than this edition: {some(other)}; nothing was rerun.")
