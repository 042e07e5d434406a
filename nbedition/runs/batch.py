"""A batch: every run that is missing, several at a time, each kept as soon as it has ended."""

import errno
import logging
import os
import shutil
import sys
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import FIRST_COMPLETED, CancelledError, Future, ThreadPoolExecutor, wait
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import Any

from tqdm import tqdm

from crossfoot.errors import CheckFailed, RequestError
from nbedition.kernels import driver
from nbedition.kernels.wire import RunResult, RunSpec
from nbedition.memoize import FOLDER as MEMO
from nbedition.notebooks.provenance import Environment
from nbedition.runs.journal import DONE, Folder
from nbedition.runs.sweep import Plan, Sweep, all_parameters, digest_of, make_plan, parts_of

TRIES, TOUCHED_TRIES = 2, 5  # of a run whose kernel dies, and of one during which files are touched
DIGITS_KEPT = 12  # of each digest in the journal
SECONDS_BETWEEN_LINES = 10.0  # where no terminal redraws a bar
NO_FORKS = "kernels cannot be forked on this system: plain ones are used, with the same results"
MOST_JOBS = 256
LOG = logging.getLogger(__name__)


@dataclass(frozen=True)
class BatchOptions:
    """How runs are made.

    `jobs`: runs in flight; by default what keeps this machine's processors busy; `warm`: fork each run from a process
    that has imported everything, where that can be; `memo`: let runs share what pure functions give; `timeout`: seconds
    that a run may take; `dask`: a scheduler's address, or ``local:N``; by default threads of this process wait for the
    runs; `retry_failed`: make failed runs again, too; `progress`: say on standard error how the batch goes. Raises
    RequestError where one cannot be.
    """

    jobs: int | None = None
    warm: bool = True
    memo: bool = True
    timeout: float | None = None
    dask: str | None = None
    retry_failed: bool = False
    progress: bool = False

    def __post_init__(self) -> None:
        jobs, timeout = self.jobs, self.timeout
        if jobs is not None and not (isinstance(jobs, int) and 1 <= jobs <= MOST_JOBS):
            raise RequestError(f"jobs are a whole number from 1 to {MOST_JOBS}, got {jobs!r}.")
        if timeout is not None and not (isinstance(timeout, int | float) and timeout > 0):
            raise RequestError(f"a timeout is a number of seconds above 0, got {timeout!r}.")


@dataclass
class BatchSummary:
    """How a batch went: runs asked for, done by an earlier command, done now, failed now or before, the first error.

    Where just this was asked before, all is done and no file has changed, it is `untouched`.
    """

    asked: int
    before: int = 0
    done: int = 0
    failed: int = 0
    first_error: str = ""
    untouched: bool = False


@dataclass(frozen=True)
class Pool:
    """Where runs are made: how many it holds at once, how it takes one, what it raises where it has lost one."""

    jobs: int
    submit: Callable[[RunSpec], Future[RunResult]]
    worker_lost: tuple[type[Exception], ...] = ()


def run_batch(sweeps: Sequence[Sweep], place: Path, options: BatchOptions) -> BatchSummary:
    """Make the runs of sweeps that a folder does not hold yet."""
    folder, environment = Folder(place), Environment()
    about: dict[str, Any] = {"asked": digest_of(sweeps), "files": environment.files()}
    if finished := folder.finished(about["asked"]):
        return BatchSummary(finished, finished, untouched=True)
    if options.warm and not options.dask:
        driver.begin()  # it gets ready while this process does
    plan = make_plan(sweeps, environment)
    folder.prepare()
    with folder.held(), _pool(options, environment) as pool:
        folder.ask(plan.keys, {**about, "tables": environment.tables})
        began = time.monotonic()
        summary = _make_missing(plan, folder, pool, options)
        _require_all(summary, folder)
        folder.finish(summary.done, time.monotonic() - began, environment.seen[0], complete=not summary.failed)
    return summary


def _require_all(summary: BatchSummary, folder: Folder) -> None:
    """Count what the folder holds. Raises CheckFailed where that is not what was asked for, and how it went."""
    ended = [entry["status"] for entry in folder.ended().values()]
    done, failed = ended.count(DONE), len(ended) - ended.count(DONE)
    if (done, failed) != (summary.before + summary.done, summary.failed) or len(ended) != summary.asked:
        raise CheckFailed(
            f"{summary.asked} runs were asked for, and {folder.place} holds {done} done and {failed} failed ones; "
            f"this command counted {summary.before} done before, {summary.done} now and {summary.failed} failed; "
            "give the same command again."
        )


def require_success(summary: BatchSummary, place: Path) -> None:
    """Raise if a run failed. Raises CheckFailed if any failed."""
    if summary.failed:
        raise CheckFailed(
            f"{summary.failed} of {summary.asked} runs failed, the first with: {summary.first_error}; their notebooks "
            f"are in {place / 'failed'}, and --retry-failed runs them again."
        )


def _make_missing(plan: Plan, folder: Folder, pool: Pool, options: BatchOptions) -> BatchSummary:
    settled = {DONE} if options.retry_failed else {DONE, "failed"}
    ended = {key: entry for key, entry in folder.ended().items() if entry["status"] in settled}
    failed = [entry["error"] for entry in ended.values() if entry["status"] != DONE]
    summary = BatchSummary(len(plan.keys), len(ended) - len(failed), 0, len(failed), *failed[:1])
    if len(ended) < summary.asked:
        with progress(summary, shown=options.progress) as bar, _Loop(plan, folder, pool, summary, bar) as loop:
            loop.run(plan.specs(ended))
    return summary


def _pool(options: BatchOptions, environment: Environment) -> AbstractContextManager[Pool]:
    warm = options.warm and driver.possible()
    if options.progress and warm != options.warm:
        print(NO_FORKS, file=sys.stderr)  # noqa: T201  a part of the progress
    if options.dask:
        from nbedition.runs.dask import dask_pool

        return dask_pool(options, options.jobs or usual_jobs(warm=warm), warm, environment)
    return _threads(options, options.jobs or usual_jobs(warm=warm), warm, environment)


@contextmanager
def _threads(options: BatchOptions, jobs: int, warm: bool, environment: Environment) -> Iterator[Pool]:
    """Give threads of this process, each of which waits for a run; whatever ends the batch, no kernel stays."""
    from nbedition.kernels import engine  # takes 0.4 s to import: the driver gets ready in that time

    engine.allow()
    threads, kept = ThreadPoolExecutor(jobs), driver.private_folder() if options.memo and os.name == "posix" else None

    def submit(spec: RunSpec) -> Future[RunResult]:
        more = memo_of(kept, environment)
        return threads.submit(engine.carry_out, spec, warm=warm, timeout=options.timeout, environment=more)

    try:
        yield Pool(jobs, submit)
    finally:
        engine.stop()
        threads.shutdown()
        driver.close()
        engine.allow()
        if kept:
            shutil.rmtree(kept, ignore_errors=True)


def memo_of(kept: Path | None, environment: Environment) -> dict[str, str]:
    """Return the variable that names where runs share work: a folder for each state of the files they depend on."""
    return {MEMO: str(kept / sha256(repr(environment.seen).encode()).hexdigest()[:16])} if kept else {}


class _Loop:
    """Keeps the pool busy and writes down what comes back; forgets what it still waits for when left."""

    def __init__(self, plan: Plan, folder: Folder, pool: Pool, summary: BatchSummary, bar: tqdm) -> None:
        self.plan, self.folder, self.pool, self.summary, self.bar = plan, folder, pool, summary, bar
        self.in_flight: dict[Future[RunResult], tuple[RunSpec, int, object]] = {}

    def __enter__(self) -> "_Loop":
        return self

    def __exit__(self, *_: object) -> None:
        for future in self.in_flight:
            future.cancel()

    def run(self, missing: Iterable[RunSpec]) -> None:
        for spec in missing:
            self._submit(spec, 1)
            while len(self.in_flight) >= self.pool.jobs * 2:
                self._collect()
        while self.in_flight:
            self._collect()

    def _submit(self, spec: RunSpec, attempt: int) -> None:
        self.in_flight[self.pool.submit(spec)] = (spec, attempt, self.plan.environment.seen)

    def _collect(self) -> None:
        ended, _ = wait(self.in_flight, return_when=FIRST_COMPLETED)
        for future in ended:
            spec, attempt, seen = self.in_flight.pop(future)
            result = self._result(future, spec)
            if result.status == "refused":
                raise CheckFailed(f"{result.error}")
            self._require_unchanged()
            touched = self.plan.environment.seen != seen  # as before again, but who knows what the run has read
            if attempt < (TOUCHED_TRIES if touched else TRIES if result.status == "lost" else 0):
                self._submit(spec, attempt + 1)
                continue
            if touched:
                raise CheckFailed(f"files are written again and again while the batch runs; {self._kept()}.")
            self._keep(spec, result)

    def _result(self, future: Future[RunResult], spec: RunSpec) -> RunResult:
        try:
            return future.result()
        except self.pool.worker_lost:
            error = "the workers that made this run were lost, one after the other"
            return RunResult(spec, error=error, status="lost")
        except CancelledError:
            raise CheckFailed(
                f"the Dask scheduler was lost; {self._kept()}; start it again and give the same command again."
            ) from None

    def _kept(self) -> str:
        return f"{self.summary.before + self.summary.done} of {self.summary.asked} runs are kept"

    def _keep(self, spec: RunSpec, result: RunResult) -> None:
        digests = parts_of(spec, self.plan.environment).as_dict()
        entry = {"key": spec.key, "status": result.status, "notebook": spec.notebook, "seconds": result.seconds}
        entry |= {"parameters": all_parameters(spec)}
        entry |= {"parts": {name: digest[:DIGITS_KEPT] for name, digest in digests.items()}}
        rows = [{name: value for name, value in row.items() if name != "notebook"} for row in result.results]
        entry |= {"error": result.error} if result.error else {"results": rows}
        try:
            self.folder.keep(spec.key, result.content, failed=result.status != "done")
            self.folder.append(entry)
        except OSError as error:
            raise CheckFailed(self._cannot_write(error)) from None
        LOG.info("%s %s %s: %s in %.1f s", spec.key, spec.notebook, spec.parameters, result.status, result.seconds)
        if result.error:
            self.summary.failed += 1
            self.summary.first_error = self.summary.first_error or result.error
        else:
            self.summary.done += 1
        self.bar.set_postfix(failed=self.summary.failed, refresh=False)
        self.bar.update()

    def _cannot_write(self, error: OSError) -> str:
        full = error.errno in (errno.ENOSPC, errno.EDQUOT)
        what = "its disk is full" if full else error.strerror or str(error)
        return (
            f"{self.folder.place} cannot be written: {what}; {self._kept()}; "
            "make space and give the same command again."
        )

    def _require_unchanged(self) -> None:
        if changed := self.plan.environment.changed():
            raise CheckFailed(
                f"{' and '.join(changed)} changed on disk while the batch ran; "
                f"{self.summary.done} runs made before that are kept; give the same command again."
            )


class _PlainLines(tqdm):  # type: ignore[misc]
    """A plain line now and then, where no terminal redraws a bar."""

    def display(self, *_place: object, **_more: object) -> None:
        now = self.format_dict
        rate = (self.n - self.initial) / max(now["elapsed"], 1e-9)
        left = duration((self.total - self.n) / max(rate, 1e-9))
        failed = (self.postfix or "failed=0").removeprefix("failed=")
        print(f"{self.n}/{self.total} runs, {failed} failed, {rate:.1f} runs/s, {left} left", file=self.fp, flush=True)

    def close(self) -> None:
        self.disable = True  # there is nothing to be wiped out


def progress(summary: BatchSummary, *, shown: bool) -> tqdm:
    """Return what shows on standard error how a batch goes on: a bar on a terminal, lines elsewhere."""
    about = {
        "total": summary.asked,
        "initial": summary.before + summary.failed,
        "unit": "run",
        "file": sys.stderr,
        "disable": not shown,
    }
    if sys.stderr.isatty():
        return tqdm(**about, smoothing=0.05)
    seconds = SECONDS_BETWEEN_LINES
    return _PlainLines(**about, mininterval=seconds, miniters=1, delay=seconds)


def duration(seconds: float) -> str:
    """Return a duration for reading.

    Examples
    --------
    >>> duration(8), duration(750), duration(9000)
    ('8 s', '12 min', '2.5 h')
    """
    if seconds < 100:
        return f"{seconds:.0f} s"
    return f"{seconds / 60:.0f} min" if seconds < 6000 else f"{seconds / 3600:.1f} h"


def usual_jobs(*, warm: bool) -> int:
    """Return how many runs in flight keep this machine's processors busy: one more if warm, since they end often."""
    processors = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    return processors + warm
