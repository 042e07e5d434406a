"""In what an archive differs from the one that this edition makes, and what of that does no harm."""

import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import nbformat

from crossfoot.errors import CheckFailed
from nbedition.archive.collect import Made
from nbedition.archive.environment import code_names
from nbedition.archive.write import MANIFEST
from nbedition.figures.read_file import READ
from nbedition.figures.record import RecordDamaged, opened
from nbedition.notebooks import outputs

MOST_NAMED = 3
PICTURES = (".png", ".svg", ".pdf")
VALUES = re.compile(r"results/results\.csv|figures/.+\.csv|tables/.+")  # what no system may change
ENVIRONMENT = "environment.json"


def with_figures_of(folder: Path, made: list[Made]) -> tuple[list[Made], int]:
    """Return the rerun with the archive's own figure files where they differ only in what they say of the library.

    The commit in a figure's record is that of a checkout; the wheel has none, and a later commit another. Also return
    how many files differ so.
    """
    adopted, others = [], 0
    for one in made:
        files = dict(one.files)
        for name, content in one.files.items():
            path = folder / "figures" / one.name / name
            theirs = path.read_bytes() if name.endswith(PICTURES) and path.is_file() else content
            if theirs != content and _figure(theirs, name) == _figure(content, name):
                files[name] = theirs
                others += 1
        adopted.append(replace(one, files=files))
    return adopted, others


def compared(path: Path, folder: Path, again: Mapping[str, bytes]) -> list[str]:
    """Compare an unpacked archive with its members as made ``again``; return what differs without doing harm."""
    there = {name: (folder / name).read_bytes() for name in contents(folder)}
    differing = sorted(name for name in there.keys() | again.keys() if there.get(name) != again.get(name))
    code = [name for name in differing if name.startswith(code_names())]
    wrong = [name for name in differing if VALUES.fullmatch(name)]
    wrong += [name for name in differing if name.startswith("notebooks/") and not _same_records(there, again, name)]
    elsewhere = _environments(there.get(ENVIRONMENT, b""), again[ENVIRONMENT])
    others = [name for name in differing if name not in (*code, *wrong, MANIFEST)]
    wrong = sorted(wrong) or ([] if code or elsewhere else others)
    if wrong:
        raise CheckFailed(
            f"{path} does not hold: a rerun by this edition gives other {some(wrong)}{_because(code, elsewhere)}."
        )
    differs = (
        f"its code differs from this edition's in {some(code)}" if code else "its code and data are this edition's"
    )
    said = [differs, *([f"it was made elsewhere: {elsewhere}"] if elsewhere else [])]
    return said + ([f"{len(others)} members differ, as they may then: {some(others)}"] if others else [])


def _same_records(there: Mapping[str, bytes], again: Mapping[str, bytes], name: str) -> bool:
    return _records(there.get(name, b"")) == _records(again.get(name, b""))


def _figure(content: bytes, name: str) -> list[Any]:
    """Return picture and record of a figure's file, without what the record says of the library."""
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
    return some([*parts, *versions]) or "another environment"


def _because(code: list[str], elsewhere: str) -> str:
    reasons = [f"its code differs from this edition's in {some(code)}"] if code else []
    reasons += [f"it was made elsewhere ({elsewhere})"] if elsewhere else []
    return f"; {' and '.join(reasons)}" if reasons else ""


def some(names: Iterable[str], mark: str = ", ") -> str:
    """Name the first few, and count the rest.

    Examples
    --------
    >>> some("abcde")
    'a, b, c and 2 more'
    """
    listed = list(names)
    more = f" and {len(listed) - MOST_NAMED} more" if len(listed) > MOST_NAMED else ""
    return mark.join(listed[:MOST_NAMED]) + more


def contents(folder: Path) -> list[str]:
    """Return the names of the files below a folder, in order."""
    return [path.relative_to(folder).as_posix() for path in sorted(folder.rglob("*")) if path.is_file()]
