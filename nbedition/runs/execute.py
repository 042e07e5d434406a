"""``nbedition run``: notebooks into folders of their own, each written whole or not at all, and only where needed."""

import json
import shutil
import tempfile
import time
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import Any

import nbformat

from crossfoot.errors import CheckFailed, RequestError
from nbedition.kernels.engine import Order, as_bytes, execute
from nbedition.notebooks import outputs
from nbedition.notebooks.provenance import Environment, with_commit
from nbedition.notebooks.recorder import FIGURE_FOLDER
from nbedition.project import notebooks
from nbedition.runs.requests import Request, request

MANIFEST = "run.json"


@dataclass(frozen=True)
class Outcome:
    """What came of one notebook: where it is, what it recorded, and why it failed if it did."""

    notebook: str
    seconds: float
    figures: int
    results: int
    place: Path
    error: str | None = None
    unchanged: bool = False


def run(
    wanted: Iterable[tuple[str, dict[str, Any]]],
    out: Path,
    jobs: int,
    report: Callable[[Outcome], None],
    *,
    force: bool = False,
    warm: bool = False,
) -> list[Outcome]:
    """Run notebooks and write what they make below a folder.

    Each notebook gets a folder of its name with the executed notebook, ``results.csv``,
    ``figures/`` and ``run.json``. Files appear under their names only when the run has ended
    well; a failed run leaves ``failed/NAME.ipynb`` and touches nothing else. A notebook whose
    folder is whole and of the same key is left as it is.

    Parameters
    ----------
    wanted
        Full names with checked parameters.
    out
        Folder to write to; made where it does not exist.
    jobs
        How many notebooks run at once.
    report
        Called with each outcome as it comes.
    force
        Run notebooks whose folder is whole and of the same key, too.
    warm
        Run in kernels forked from one that has imported everything.

    Returns
    -------
    list of Outcome
        In the order wanted.

    Raises
    ------
    RequestError
        If the folder cannot be written.
    """
    _writable(out)
    environment = Environment()

    def one(asked: tuple[str, dict[str, Any]]) -> Outcome:
        this = request(*asked, environment)
        outcome = (None if force else _unchanged(this, out)) or _run_one(this, out, warm)
        report(outcome)
        return outcome

    with ThreadPoolExecutor(max_workers=jobs) as pool:
        return list(pool.map(one, wanted))


def require_success(outcomes: list[Outcome]) -> None:
    """Raise if a notebook failed, naming each with its error and where it was kept.

    Raises
    ------
    CheckFailed
        If any outcome carries an error.
    """
    failed = [outcome for outcome in outcomes if outcome.error]
    if failed:
        said = "; ".join(f"{outcome.notebook}: {outcome.error} (kept as {outcome.place})" for outcome in failed)
        raise CheckFailed(f"{len(failed)} of {len(outcomes)} notebooks failed: {said}.")


def _writable(out: Path) -> None:
    try:
        out.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=out):
            pass
    except OSError as error:
        raise RequestError(f"the output folder {out} cannot be written: {error.strerror}.") from None


def _unchanged(this: Request, out: Path) -> Outcome | None:
    """Return the outcome of an earlier run of the same key whose files are all as it left them."""
    place = out / this.notebook
    manifest = read_manifest(place / MANIFEST)
    files = manifest.get("files")
    if manifest.get("key") != this.key or not isinstance(files, dict) or not _as_written(place, files):
        return None
    content = nbformat.read(place / f"{this.notebook}.ipynb", as_version=4)
    counts = len(outputs.figures(content)), len(outputs.results(content))
    return Outcome(this.notebook, 0.0, *counts, place, unchanged=True)


def _as_written(place: Path, files: dict[str, str]) -> bool:
    try:
        return all(sha256((place / name).read_bytes()).hexdigest() == digest for name, digest in files.items())
    except OSError:
        return False


def _run_one(this: Request, out: Path, warm: bool) -> Outcome:
    began = time.perf_counter()
    with tempfile.TemporaryDirectory(prefix=".running-", dir=out) as folder:
        staging = Path(folder)
        executed = staging / f"{this.notebook}.ipynb"
        environment = with_commit({FIGURE_FOLDER: str(staging / "figures")})
        done = execute(Order(notebooks()[this.notebook], this.given, warm, environment=environment))
        executed.write_bytes(as_bytes(done.notebook))
        if done.error:
            place = _keep_failed(executed, out)
            return Outcome(this.notebook, time.perf_counter() - began, 0, 0, place, done.error)
        (staging / "results.csv").write_text(outputs.results_csv(done.notebook), encoding="utf-8")
        place = out / this.notebook
        about = {"notebook": this.notebook, "parameters": dict(this.given)}
        _publish(staging, place, about | {"key": this.key, "parts": this.parts.as_dict()})
    seconds = time.perf_counter() - began
    counts = len(outputs.figures(done.notebook)), len(outputs.results(done.notebook))
    return Outcome(this.notebook, seconds, *counts, place)


def _keep_failed(executed: Path, out: Path) -> Path:
    kept = out / "failed" / executed.name
    kept.parent.mkdir(exist_ok=True)
    shutil.move(executed, kept)
    return kept


def _publish(staging: Path, place: Path, about: dict[str, Any]) -> None:
    """Move a finished run's files to their place one by one, the manifest last.

    Files of an earlier run that this one no longer makes are removed; nothing else is touched.
    """
    files = sorted(path.relative_to(staging) for path in staging.rglob("*") if path.is_file())
    manifest = about | {"files": {path.as_posix(): sha256((staging / path).read_bytes()).hexdigest() for path in files}}
    (staging / MANIFEST).write_text(json.dumps(manifest, indent=1, sort_keys=True) + "\n", encoding="utf-8")
    stale = _listed(place / MANIFEST) - {path.as_posix() for path in files}
    for path in [*files, Path(MANIFEST)]:
        (place / path).parent.mkdir(parents=True, exist_ok=True)
        (staging / path).replace(place / path)
    for name in stale:
        (place / name).unlink(missing_ok=True)


def read_manifest(path: Path) -> dict[str, Any]:
    """Return what an earlier run wrote about itself; nothing where that is missing or broken."""
    try:
        content = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return content if isinstance(content, dict) else {}


def _listed(manifest: Path) -> set[str]:
    """Return the files that an earlier run wrote."""
    files = read_manifest(manifest).get("files")
    names = files if isinstance(files, dict) else {}
    return {name for name in names if not Path(name).is_absolute() and ".." not in Path(name).parts}
