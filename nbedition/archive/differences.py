"""In what an archive differs from the one that this edition makes; whatever can be judged anywhere is judged.

An archive may say that other code or another environment made it. That is named, and excuses nothing: values and
pictures are compared by what they hold, and what describes them is made anew from what the archive holds and says.
"""

import io
import json
import re
from base64 import b64decode
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import nbformat
import pandas as pd

from crossfoot.errors import CheckFailed, RequestError
from nbedition.archive.collect import Made
from nbedition.archive.crate import times_in
from nbedition.archive.environment import code_names, environment_text, stating
from nbedition.archive.readme import counted, form_of
from nbedition.archive.write import MANIFEST, PARQUET, RUNS, contents_of, described
from nbedition.figures.figure_file import FigureFile
from nbedition.figures.read_file import READ
from nbedition.figures.record import RecordDamaged, Sealed, opened

MOST_NAMED = 3
PICTURES = (".png", ".svg", ".pdf")
ENVIRONMENT = "environment.json"
LIBRARY = "library"
NUMBER = re.compile(r"-?\d+(?:\.\d+)?(?:e[-+]?\d+)?")


def compared(path: Path, folder: Path, made: list[Made]) -> list[str]:
    """Compare an unpacked archive with what a rerun has made; return in words what differs and does no harm.

    `CheckFailed` where a member does not hold; `RequestError` where one cannot be judged in this environment.
    """
    there = {name: (folder / name).read_bytes() for name in contents(folder)}
    ours = contents_of(made)
    is_code = code_names()
    code = sorted(
        name for name in there.keys() | ours.keys() if name.startswith(is_code) and there.get(name) != ours.get(name)
    )
    stated, elsewhere = _environments(there.get(ENVIRONMENT, b""), environment_text().encode())
    judged = {
        name: _judged(name, there.get(name), ours[name], other_code=bool(code)) for name in ours if name not in code
    }
    kept = {name: content for name, content in ours.items() if name not in code}
    kept |= {name: there[name] for name in (*code, *judged) if name in there and judged.get(name, True) is not False}
    with stating(stated):
        times = times_in(there.get("ro-crate-metadata.json", b""))
        again = described(made, kept, form_of(there.get("README.md", b"")), times)
    unknown = [name for name, same in judged.items() if same is None]
    wrong = [name for name, same in judged.items() if same is False or (same is None and not elsewhere)]
    wrong += [name for name in there.keys() | again.keys() if name not in judged and there.get(name) != again.get(name)]
    if found := sorted({*wrong} - {MANIFEST}):
        raise CheckFailed(
            f"{path} does not hold: a rerun by this edition gives other {some(found)}{_because(code, elsewhere)}."
        )
    if unknown:
        raise RequestError(
            f"{path} cannot be judged here: it was made elsewhere ({elsewhere}), and {counted(len(unknown), 'member')} "
            f"may differ for that: {some(sorted(unknown))}; all others hold; use what its {ENVIRONMENT} lists."
        )
    differs = (
        f"its code differs from this edition's in {some(code)}" if code else "its code and data are this edition's"
    )
    others = sum(there[name] != ours[name] for name in judged if name.endswith(PICTURES))
    said = [differs, *([f"it was made elsewhere: {elsewhere}"] if elsewhere else [])]
    said += ["when it was run is as it says, which no rerun can tell"] if times else []
    return said + (
        [f"{counted(others, 'figure file')} of it name another state of the library's code"] if others else []
    )


def _judged(name: str, there: bytes | None, ours: bytes, *, other_code: bool) -> bool | None:
    """Return whether a member holds what ours does; None where another environment may write it otherwise."""
    if there is None or there == ours:
        return there == ours
    if name.endswith(PICTURES):
        return _same_figure(name.rpartition(".")[2], there, ours)
    if name.endswith(".ipynb"):
        return _same_notebook(there, ours)
    if name == PARQUET:
        return _same_table(there, ours)
    return name == RUNS and other_code and _without_library(there) == _without_library(ours)


def _figure(form: str, content: bytes) -> tuple[FigureFile, Sealed] | None:
    """Return what a figure's file holds, if its record reads well and is that of its picture."""
    try:
        found = READ[form](content)
        sealed = opened(found.record or "")
    except (RecordDamaged, MemoryError, RecursionError):
        return None
    return (found, sealed) if found.digest == sealed.picture.sha256 else None


def _same_figure(form: str, there: bytes, ours: bytes) -> bool | None:
    """Compare pictures and records, but for the library; None where other versions or fonts drew another picture."""
    theirs, mine = _figure(form, there), _figure(form, ours)
    if theirs is None or mine is None:
        return False
    records = [sealed.record.model_dump(exclude={LIBRARY, "drawn", "picture"}) for _, sealed in (theirs, mine)]
    if records[0] != records[1] or (theirs[0].dpi, theirs[0].told) != (mine[0].dpi, mine[0].told):
        return False
    if theirs[1].picture == mine[1].picture:
        return True
    return None if theirs[1].record.drawn != mine[1].record.drawn else False


def _same_notebook(there: bytes, ours: bytes) -> bool | None:
    """Compare all that two executed notebooks show; None where words differ, but no number does."""
    try:
        pairs = list(zip(_outputs(there), _outputs(ours), strict=True))
    except (ValueError, KeyError, TypeError, AttributeError):
        return False
    known: bool | None = True
    for (kind, one), (other_kind, other) in pairs:
        same: bool | None = (kind, one) == (other_kind, other)
        if not same and kind == other_kind == "image/png":
            same = _same_figure("png", b64decode(one), b64decode(other))
        elif (
            not same and kind == other_kind and kind.startswith("text") and NUMBER.findall(one) == NUMBER.findall(other)
        ):
            same = None
        if same is False:
            return False
        known = known and same
    return known


def _outputs(content: bytes) -> list[tuple[str, str]]:
    """Return all that an executed notebook shows, each with its kind, cells and what is said of the whole included."""
    notebook = nbformat.reads(content.decode(), as_version=4)
    about = {name: value for name, value in notebook.metadata.items() if name != "language_info"}
    found = [("about", json.dumps(about, sort_keys=True))]
    for cell in notebook.cells:
        found.append(
            ("cell", json.dumps({name: value for name, value in cell.items() if name != "outputs"}, sort_keys=True))
        )
        for output in cell.get("outputs", []):
            shown = dict(output.get("data", {})) | {f"text {output['output_type']}": output.get("text", "")}
            found.append(("meta", json.dumps(output.get("metadata", {}), sort_keys=True)))
            found += [
                (kind, one if isinstance(one, str) else json.dumps(one, sort_keys=True)) for kind, one in shown.items()
            ]
    return found


def _same_table(there: bytes, ours: bytes) -> bool:
    try:
        one, other = (pd.read_parquet(io.BytesIO(content)) for content in (there, ours))
        return bool(one.equals(other))
    except Exception:  # noqa: BLE001  a broken file fails in any way
        return False


def _without_library(content: bytes) -> Any:
    try:
        return {name: {**parts, LIBRARY: ""} for name, parts in json.loads(content).items()}
    except (ValueError, TypeError, AttributeError):
        return None


def _environments(there: bytes, here: bytes) -> tuple[dict[str, Any], str]:
    """Return the environment that an archive states, and in words how it differs from this one."""
    mine = json.loads(here)
    try:
        theirs = json.loads(there)
        packages = theirs["packages"]
        plain = all(
            isinstance(one, str) for one in (*packages.values(), *(theirs[name] for name in mine if name != "packages"))
        )
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
        plain = False
    if not plain or theirs.keys() != mine.keys():
        return mine, ""
    parts = [f"{part} {theirs[part][:60]}" for part in mine if part != "packages" and theirs[part] != mine[part]]
    names = sorted(
        name for name in packages.keys() | mine["packages"].keys() if packages.get(name) != mine["packages"].get(name)
    )
    return theirs, some([*parts, *(f"{name} {packages.get(name, 'absent')[:20]}" for name in names)])


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
