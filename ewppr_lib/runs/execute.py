"""Running notebooks through papermill: each in its own kernel, each written whole or not at all."""

import json
import os
import shutil
import tempfile
import time
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from subprocess import DEVNULL
from typing import Any

import nbformat
import papermill
from jupyter_core.utils import ensure_event_loop
from papermill.clientwrap import PapermillNotebookClient
from papermill.engines import NBClientEngine, papermill_engines
from papermill.exceptions import PapermillExecutionError
from traitlets.config import Config

from ewppr_lib.data.edition import notebooks
from ewppr_lib.errors import CheckFailed, RequestError
from ewppr_lib.runs import results
from ewppr_lib.runs.record import FIGURE_FOLDER

ENGINE = "ewppr"
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


class _Engine(NBClientEngine):  # type: ignore[misc]
    """papermill's own engine, with environment variables given to the kernel alone."""

    @classmethod
    def execute_managed_notebook(
        cls, nb_man: Any, kernel_name: str, kernel_env: dict[str, str], **_options: Any
    ) -> Any:
        with tempfile.TemporaryDirectory(prefix="ewppr-") as sockets:
            client = PapermillNotebookClient(nb_man, kernel_name=kernel_name, config=_transport(Path(sockets)))
            return client.execute(env={**os.environ, **kernel_env}, stdout=DEVNULL, stderr=DEVNULL)


def _transport(folder: Path) -> Config:
    """Return a configuration for sockets by path, where the system has them: no port to race for."""
    return Config(KernelManager={"transport": "ipc", "ip": str(folder / "k")} if os.name == "posix" else {})


papermill_engines.register(ENGINE, _Engine)


def run(
    wanted: Iterable[tuple[str, dict[str, Any]]], out: Path, jobs: int, report: Callable[[Outcome], None]
) -> list[Outcome]:
    """Run notebooks and write what they make below a folder.

    Each notebook gets a folder of its name with the executed notebook, ``results.csv``,
    ``figures/`` and ``run.json``. Files appear under their names only when the run has ended
    well; a failed run leaves ``failed/NAME.ipynb`` and touches nothing else.

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

    def one(request: tuple[str, dict[str, Any]]) -> Outcome:
        try:
            outcome = _run_one(*request, out)
        finally:
            ensure_event_loop().close()  # nbclient leaves this thread's loop, and its sockets, open
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


def _run_one(notebook: str, parameters: dict[str, Any], out: Path) -> Outcome:
    began = time.perf_counter()
    with tempfile.TemporaryDirectory(prefix=".running-", dir=out) as folder:
        staging = Path(folder)
        executed = staging / f"{notebook}.ipynb"
        try:
            papermill.execute_notebook(
                notebooks()[notebook],
                executed,
                parameters=parameters,
                engine_name=ENGINE,
                kernel_env={FIGURE_FOLDER: str(staging / "figures")},
                progress_bar=False,
            )
        except (PapermillExecutionError, RuntimeError) as error:  # RuntimeError: the kernel died or never came up
            said = results.failure(nbformat.read(executed, as_version=4)) or " ".join(str(error).split())
            place = _keep_failed(executed, out)
            return Outcome(notebook, time.perf_counter() - began, 0, 0, place, said)
        content = nbformat.read(executed, as_version=4)
        (staging / "results.csv").write_text(results.results_csv(content), encoding="utf-8")
        place = out / notebook
        _publish(staging, place, {"notebook": notebook, "parameters": parameters})
    seconds = time.perf_counter() - began
    return Outcome(notebook, seconds, len(results.figures(content)), len(results.results(content)), place)


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


def _listed(manifest: Path) -> set[str]:
    """Return the files that an earlier run wrote; none where its manifest is missing or broken."""
    try:
        files = json.loads(manifest.read_text(encoding="utf-8"))["files"]
    except (OSError, ValueError, KeyError, TypeError):
        return set()
    return {name for name in files if not Path(name).is_absolute() and ".." not in Path(name).parts}
