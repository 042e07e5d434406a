"""``nbedition run``: notebooks into folders of their own, each written whole or not at all, and only where needed."""

import json
import logging
import shutil
import tempfile
import time
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import replace
from hashlib import sha256
from pathlib import Path
from typing import Any

from crossfoot.errors import CheckFailed, RequestError
from nbedition.kernels import driver
from nbedition.kernels.wire import RunResult, RunSpec
from nbedition.notebooks import outputs
from nbedition.notebooks.kernelspec import require_python
from nbedition.notebooks.parameters import notebook_name, settings_of, validated
from nbedition.notebooks.provenance import Environment, with_commit
from nbedition.project import notebooks, program
from nbedition.runs.journal import LOCK
from nbedition.runs.sweep import parts_of, spec_of
from nbedition.runs.whole import held, publish, staged

MANIFEST = "run.json"
LOG = logging.getLogger(__name__)


def asked_for(named: list[str], values: dict[str, str]) -> list[RunSpec]:
    """Return a run of each notebook named, with its checked parameters.

    `named`: notebooks by name, file or number; none means all; `values`: parameters as text. Each goes to every chosen
    notebook that declares it. Raises RequestError if a notebook is unknown or of another language than Python, or a
    parameter fits none of the chosen ones, or its value is wrong; DataError if a table of the user's own does not fit.

    Examples
    --------
    >>> [(spec.notebook, spec.parameters) for spec in asked_for(["04"], {"aid_share": "0.002"})]
    [('04_institutional_reform_options', {'aid_share': 0.002})]
    """
    chosen = list(dict.fromkeys(notebook_name(name) for name in named)) or list(notebooks())
    if not chosen:
        raise RequestError("this edition has no notebooks.")
    for name in chosen:
        require_python(name)
    declared = {name: set(settings_of(name).model_fields) for name in chosen}
    for unknown in set(values).difference(*declared.values()):
        if len(chosen) > 1:
            raise RequestError(f"none of the chosen notebooks has a parameter '{unknown}'; see: {program()} params.")
        validated(chosen[0], {unknown: values[unknown]}, from_text=True)
    environment = Environment()
    own = {name: {key: text for key, text in values.items() if key in declared[name]} for name in chosen}
    return [spec_of(name, own[name], environment, from_text=True) for name in chosen]


def run(
    wanted: Iterable[RunSpec],
    out: Path,
    jobs: int,
    report: Callable[[RunResult], None],
    *,
    force: bool = False,
    warm: bool = False,
) -> list[RunResult]:
    """Run notebooks and write what they make below a folder.

    Each notebook gets a folder of its name with the executed notebook, ``results.csv``, ``figures/`` and ``run.json``.
    It takes the place of an earlier one in one step when the run has ended well; a failed run, or one during which what
    it depends on was written, leaves ``failed/NAME.ipynb`` and touches nothing else. A notebook whose folder is whole
    and of the same key is left as it is. `wanted`: see `asked_for`; `out`: folder to write to; made where it does not
    exist; `jobs`: how many notebooks run at once; `report`: called with each result as it comes; `force`: run notebooks
    whose folder is whole and of the same key, too; `warm`: run in kernels forked from one that has imported everything.
    Gives in the order wanted. Raises RequestError if the folder cannot be written, or another process runs notebooks
    into it.
    """
    _writable(out)

    def one(spec: RunSpec) -> RunResult:
        result = (None if force else unchanged(spec, out)) or _run_one(spec, environment, out, warm)
        if not driver.refusing():
            report(result)
        return result

    with held(out / LOCK, out, "running notebooks into"), _threads(jobs) as pool:
        environment = Environment()
        return list(pool.map(one, keyed(wanted, environment)))


def keyed(wanted: Iterable[RunSpec], environment: Environment | None = None) -> list[RunSpec]:
    """Return runs with the key that they have in an environment; by default in the one of now."""
    environment = environment or Environment()
    return [replace(spec, key=parts_of(spec, environment).key) for spec in wanted]


@contextmanager
def _threads(jobs: int) -> Iterator[ThreadPoolExecutor]:
    """Give threads that run notebooks; whoever interrupts them ends the kernels, too."""
    try:
        with ThreadPoolExecutor(max_workers=jobs) as pool:
            try:
                yield pool
            except KeyboardInterrupt:
                from nbedition.kernels import engine

                engine.stop()
                raise
    except KeyboardInterrupt:
        engine.allow()
        raise


def require_success(results: list[RunResult]) -> None:
    """Raise if a notebook failed, naming each with its error and where it was kept."""
    failed = [result for result in results if result.error]
    if failed:
        said = "; ".join(f"{result.spec.notebook}: {result.error} (kept as {result.place})" for result in failed)
        raise CheckFailed(f"{len(failed)} of {len(results)} notebooks failed: {said}.")


def _writable(out: Path) -> None:
    try:
        out.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=out):
            pass
    except OSError as error:
        raise RequestError(f"the output folder {out} cannot be written: {error.strerror}.") from None


def unchanged(spec: RunSpec, out: Path) -> RunResult | None:
    """Return an earlier run of the same key whose files are all as it left them."""
    place = out / spec.notebook
    manifest = read_manifest(place / MANIFEST)
    files = manifest.get("files")
    if manifest.get("key") != spec.key or not isinstance(files, dict) or not as_written(place, files):
        return None
    content = (place / f"{spec.notebook}.ipynb").read_bytes()
    read = json.loads(content)
    return RunResult(spec, content, outputs.results(read), outputs.figures(read), status="unchanged", place=place)


def as_written(place: Path, files: dict[str, str]) -> bool:
    """Return whether a run's files are all there, as its manifest lists them."""
    try:
        return all(sha256((place / name).read_bytes()).hexdigest() == digest for name, digest in files.items())
    except OSError:
        return False


def _run_one(spec: RunSpec, environment: Environment, out: Path, warm: bool) -> RunResult:
    from nbedition.kernels.engine import execute
    from nbedition.notebooks.recorder import FIGURE_FOLDER

    began, place = time.perf_counter(), out / spec.notebook
    with staged(place) as staging:
        seen = environment.seen
        executed = staging / f"{spec.notebook}.ipynb"
        told = with_commit({FIGURE_FOLDER: str(staging / "figures")})
        result = execute(spec, warm=warm, environment=told)
        executed.write_bytes(result.content)
        changed = environment.changed()
        if changed or environment.seen != seen:
            what = " and ".join(changed) or "what it depends on"
            result = replace(result, error=f"{what} was written while it ran; run it again", status="failed")
        if result.error:
            place = out if driver.refusing() else _keep_failed(executed, out)
        else:
            (staging / "results.csv").write_text(outputs.results_csv(result.results), encoding="utf-8")
            about = {"notebook": spec.notebook, "parameters": dict(spec.parameters), "key": spec.key}
            _publish(staging, place, about | {"parts": parts_of(spec, environment).as_dict()})
    LOG.info("%s: key %s, kernel %s, into %s", spec.notebook, spec.key, "forked" if warm else "new", place)
    return replace(result, seconds=time.perf_counter() - began, place=place)


def _keep_failed(executed: Path, out: Path) -> Path:
    kept = out / "failed" / executed.name
    kept.parent.mkdir(exist_ok=True)
    shutil.move(executed, kept)
    return kept


def _publish(staging: Path, place: Path, about: dict[str, Any]) -> None:
    """Put a finished run's folder in its place, with the files there that no run has written."""
    if place.exists() and not place.is_dir():
        raise RequestError(f"{place} is no folder, and the run's files would take its place; move it away.")
    files = sorted(path.relative_to(staging).as_posix() for path in staging.rglob("*") if path.is_file())
    manifest = about | {"files": {name: sha256((staging / name).read_bytes()).hexdigest() for name in files}}
    (staging / MANIFEST).write_text(json.dumps(manifest, indent=1, sort_keys=True) + "\n", encoding="utf-8")
    ours = {place / name for name in (MANIFEST, *files, *_listed(place / MANIFEST))}
    if place.exists():
        shutil.copytree(
            place,
            staging,
            symlinks=True,
            dirs_exist_ok=True,
            ignore=lambda folder, names: [name for name in names if Path(folder) / name in ours],
        )
    publish(staging, place)


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
