"""``ewppr verify BUNDLE.zip``: every member is as listed, and a rerun by this edition gives the same.

An archive is not trusted. Nothing in it is executed: its notebooks are compared with this edition's,
and this edition's are run.
"""

import json
import re
import tempfile
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import nbformat

from ewppr_lib.errors import CheckFailed, DataError, RequestError
from ewppr_lib.figures.record import RecordDamaged, opened
from ewppr_lib.runs import outputs
from ewppr_lib.runs.execute import Outcome
from ewppr_lib.runs.keys import Surroundings, notebook_digest
from ewppr_lib.runs.release.archive import MANIFEST, members
from ewppr_lib.runs.release.collect import collect
from ewppr_lib.runs.release.readme import counted
from ewppr_lib.runs.release.surroundings import code_and_data
from ewppr_lib.runs.release.unpack import unpack
from ewppr_lib.runs.rerun import READ

LINE = re.compile(r"([0-9a-f]{64})  (.+)")
MOST_NAMED = 3
CODE = (
    "ewppr_lib/",
    "study/",
    "template/",
    "pyproject.toml",
    "requirements.lock",
    "Makefile",
    "CITATION.cff",
    "LICENSE",
)
DATA = "data/"
PICTURES = re.compile(r"figures/.+\.(png|svg|pdf)")
VALUES = re.compile(r"results/results\.csv|figures/.+\.csv|tables/.+")  # what no system may change
ENVIRONMENT = "environment.json"


@dataclass(frozen=True)
class Verdict:
    """What the check of an archive found: sentences in order; every check that fails raises instead."""

    sentences: list[str] = field(default_factory=list)


def verify_bundle(path: Path, report: Callable[[Outcome], None] = lambda _: None) -> Verdict:
    """Check an archive of ``ewppr release``.

    Every member's digest is compared with the list in the archive; then this edition's notebooks are
    run, and the archive is made again in memory and compared member by member.

    Parameters
    ----------
    path
        The archive.
    report
        Called with the outcome of each notebook.

    Returns
    -------
    Verdict
        What was checked, and in what the archive differs from this edition without doing harm.

    Raises
    ------
    RequestError
        If the file cannot be read or is no such archive.
    CheckFailed
        If it does not hold, in a sentence that names the members.
    """
    with tempfile.TemporaryDirectory(prefix="ewppr-verify-") as place:
        folder, build = Path(place) / "bundle", Path(place) / "build"
        folder.mkdir()
        count = _require_listed(path, folder)
        names = _require_known_notebooks(path, folder)
        _require_same_data(path, folder)
        made = collect(build, report, names)
        again = members(made)
        results, figures = sum(len(one.results) for one in made), sum(len(one.figures) for one in made)
        said = [f"{counted(count, 'member')}, each as listed", *_compared(path, folder, again)]
        rerun = f"{counted(len(made), 'notebook')} rerun: {counted(results, 'result')} and {counted(figures, 'figure')}"
        return Verdict([*said, f"{rerun} as in the archive"])


def _require_listed(path: Path, folder: Path) -> int:
    """Unpack, and compare members and digests with the list; return how many there are."""
    there = unpack(path, folder)
    if MANIFEST not in there:
        raise RequestError(f"{path} is no archive of `ewppr release`: it holds no {MANIFEST}.")
    listed = _listed(path, (folder / MANIFEST).read_bytes())
    del there[MANIFEST]
    faults = [f"'{name}' is missing" for name in sorted(listed.keys() - there.keys())]
    faults += [f"'{name}' has been added" for name in sorted(there.keys() - listed.keys())]
    faults += [f"'{name}' has been altered" for name in sorted(listed) if there.get(name, listed[name]) != listed[name]]
    if faults:
        raise CheckFailed(f"{path} is not as it was made: {_some(faults, '; ')}.")
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
    known, differing, names = Surroundings().notebooks, [], []
    for notebook in sorted((folder / "notebooks").glob("*.ipynb")):
        names.append(notebook.stem)
        try:
            same = known.get(notebook.stem) == notebook_digest(notebook)
        except DataError:
            same = False
        if not same:
            differing.append(f"'{notebook.stem}'")
    if differing or not names:
        which = f"its notebooks {_some(differing)} are not this edition's" if names else "it holds no notebooks"
        raise CheckFailed(f"{path} is whole, but {which}, so nothing was rerun; use the edition that it was made with.")
    return tuple(names)


def _require_same_data(path: Path, folder: Path) -> None:
    mine = {name: content for name, content in code_and_data().items() if name.startswith(DATA)}
    there = {name: (folder / name).read_bytes() for name in _files(folder) if name.startswith(DATA)}
    if other := sorted(name for name in mine.keys() | there.keys() if mine.get(name) != there.get(name)):
        raise CheckFailed(
            f"{path} is whole, but holds other data than this edition: {_some(other)}; nothing was rerun."
        )


def _compared(path: Path, folder: Path, again: Mapping[str, bytes]) -> list[str]:
    """Compare the archive with the one that this edition makes; return what differs without doing harm."""
    there = {name: (folder / name).read_bytes() for name in _files(folder)}
    differing = sorted(name for name in there.keys() | again.keys() if there.get(name) != again.get(name))
    differing = [name for name in differing if not (PICTURES.fullmatch(name) and _same_figure(there, again, name))]
    code = [name for name in differing if name.startswith(CODE)]
    wrong = [name for name in differing if VALUES.fullmatch(name)]
    wrong += [name for name in differing if name.startswith("notebooks/") and not _same_records(there, again, name)]
    elsewhere = _environments(there.get(ENVIRONMENT, b""), again[ENVIRONMENT])
    others = [name for name in differing if name not in (*code, *wrong, MANIFEST)]
    wrong = sorted(wrong) or ([] if code or elsewhere else others)
    if wrong:
        raise CheckFailed(
            f"{path} does not hold: a rerun by this edition gives other {_some(wrong)}{_because(code, elsewhere)}."
        )
    differs = (
        f"its code differs from this edition's in {_some(code)}" if code else "its code and data are this edition's"
    )
    said = [differs, *([f"it was made elsewhere: {elsewhere}"] if elsewhere else [])]
    return said + ([f"{len(others)} members differ, as they may then: {_some(others)}"] if others else [])


def _files(folder: Path) -> list[str]:
    return [path.relative_to(folder).as_posix() for path in sorted(folder.rglob("*")) if path.is_file()]


def _same_records(there: Mapping[str, bytes], again: Mapping[str, bytes], name: str) -> bool:
    return _records(there.get(name, b"")) == _records(again.get(name, b""))


def _same_figure(there: Mapping[str, bytes], again: Mapping[str, bytes], name: str) -> bool:
    """Compare two files of a figure by picture and record, but for what they say of the library's commit and lock."""
    return _figure(there.get(name, b""), name) == _figure(again.get(name, b""), name)


def _figure(content: bytes, name: str) -> list[Any]:
    try:
        found = READ[name.rpartition(".")[2]](content)
        sealed = opened(found.record or "")
    except (RecordDamaged, MemoryError, RecursionError):
        return ["no record", content]
    return [found.digest, sealed.picture, sealed.record.model_dump(exclude={"library"})]


def _records(content: bytes) -> list[Any]:
    """Return the results and figures that an executed notebook records; each figure with its data's digest."""
    try:
        notebook = nbformat.reads(content.decode(), as_version=4)
        return [outputs.results(notebook), outputs.figures(notebook)]
    except (ValueError, KeyError, TypeError, AttributeError):
        return ["no notebook"]


def _environments(there: bytes, here: bytes) -> str:
    """Return in words how two environments differ; "" where they do not."""
    if there == here:
        return ""
    mine = json.loads(here)
    try:
        theirs = json.loads(there)
        packages = {str(name): str(version) for name, version in theirs["packages"].items()}
    except (ValueError, KeyError, TypeError, AttributeError):
        return "what it says of its environment cannot be read"
    parts = [
        f"{part} {str(theirs.get(part))[:60]}" for part in ("python", "platform") if theirs.get(part) != mine[part]
    ]
    names = sorted(
        name for name in packages.keys() | mine["packages"].keys() if packages.get(name) != mine["packages"].get(name)
    )
    versions = [f"{name} {packages.get(name, 'absent')[:20]}" for name in names]
    return _some([*parts, *versions]) or "another environment"


def _because(code: list[str], elsewhere: str) -> str:
    reasons = [f"its code differs from this edition's in {_some(code)}"] if code else []
    reasons += [f"it was made elsewhere ({elsewhere})"] if elsewhere else []
    return f"; {' and '.join(reasons)}" if reasons else ""


def _some(names: Iterable[str], mark: str = ", ") -> str:
    """Name the first few, and count the rest."""
    listed = list(names)
    more = f" and {len(listed) - MOST_NAMED} more" if len(listed) > MOST_NAMED else ""
    return mark.join(listed[:MOST_NAMED]) + more
