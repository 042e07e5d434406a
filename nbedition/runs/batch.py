"""A batch: every run that is missing, several at a time, each kept as soon as it has ended."""

import errno
import os
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import FIRST_COMPLETED, CancelledError, Executor, Future, ThreadPoolExecutor, wait
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from crossfoot.errors import CheckFailed
from nbedition.kernels import driver, engine
from nbedition.notebooks import provenance
from nbedition.notebooks.provenance import Environment
from nbedition.runs.journal import Folder
from nbedition.runs.planning import Plan
from nbedition.runs.requests import Request
from nbedition.runs.work import Done, Task, carry_out

TRIES = 2  # of a run whose kernel dies
DIGITS_KEPT = 12  # of each digest in the journal


class Progress(Protocol):
    """Whoever is told how the batch goes."""

    def begin(self, before: int) -> None:
        """Hear how many runs an earlier command has made."""

    def ended(self, *, failed: bool) -> None:
        """Hear that a run has ended."""


@dataclass
class Tally:
    """How a batch went."""

    asked: int
    before: int = 0  # done by an earlier command
    done: int = 0
    failed: int = 0
    first_error: str = ""


@dataclass(frozen=True)
class How:
    """How runs are made: kernels, time limit, and who executes them."""

    jobs: int
    warm: bool = True
    timeout: float | None = None
    executor: Callable[[int], Executor] | None = None  # threads of this process where none is given
    work: Callable[[Request, Task], Callable[[], Done]] | None = None
    worker_lost: tuple[type[Exception], ...] = ()  # what an executor raises where the process that made a run has ended


def run_batch(plan: Plan, folder: Folder, how: How, progress: Progress, *, retry_failed: bool = False) -> Tally:
    """Make the runs of a plan that are missing; the folder must be held.

    Raises
    ------
    CheckFailed
        If the disk is full, the cluster is lost, or library, data or notebooks change while the batch runs.
    """
    known = folder.latest()
    settled = {"done"} if retry_failed else {"done", "failed"}
    there = {path.stem for path in (folder.place / "runs").iterdir()}
    finished = {
        key
        for key, entry in known.items()
        if entry["status"] in settled and (entry["status"] == "failed" or key in there)
    }
    before = [key for key in plan.keys if key in finished]
    failed = [known[key]["error"] for key in before if known[key]["status"] == "failed"]
    tally = Tally(len(plan.keys), len(before), 0, len(failed), *failed[:1])
    missing = plan.requests(finished)
    progress.begin(tally.before)
    if tally.before < tally.asked:
        with _executor(how) as pool, _Loop(folder, how, progress, tally, pool) as loop:
            loop.run(missing)
    return tally


@contextmanager
def _executor(how: How) -> Iterator[Executor]:
    """Give the pool that runs are made in; whatever ends the batch, no kernel stays."""
    engine.allow()
    pool = how.executor(how.jobs) if how.executor else ThreadPoolExecutor(how.jobs)
    try:
        yield pool
    finally:
        engine.stop()
        pool.shutdown(wait=how.executor is None)  # a cluster's own kernels end with their workers' tasks
        driver.close()
        engine.allow()


class _Loop:
    """Keeps the pool busy and writes down what comes back; forgets what it still waits for when left."""

    def __init__(self, folder: Folder, how: How, progress: Progress, tally: Tally, pool: Executor) -> None:
        self.folder, self.how, self.progress, self.tally, self.pool = folder, how, progress, tally, pool
        self.in_flight: dict[Future[Done], tuple[Request, int]] = {}
        self.stamp = _stamp()
        self.digests = Environment().files()

    def __enter__(self) -> "_Loop":
        return self

    def __exit__(self, *_: object) -> None:
        for future in self.in_flight:
            future.cancel()

    def run(self, missing: Iterable[Request]) -> None:
        for request in missing:
            self._submit(request, 1)
            while len(self.in_flight) >= self.how.jobs * 2:
                self._collect()
        while self.in_flight:
            self._collect()

    def _submit(self, request: Request, attempt: int) -> None:
        task = Task(request.notebook, request.given, self.how.warm, self.how.timeout)
        call = self.how.work(request, task) if self.how.work else None
        future = self.pool.submit(call) if call else self.pool.submit(carry_out, task)
        self.in_flight[future] = (request, attempt)

    def _collect(self) -> None:
        ended, _ = wait(self.in_flight, return_when=FIRST_COMPLETED)
        for future in ended:
            request, attempt = self.in_flight.pop(future)
            done = self._result(future)
            if done.fatal:
                raise CheckFailed(f"{done.error}")
            self._require_unchanged()
            if done.lost and attempt < TRIES:
                self._submit(request, attempt + 1)
                continue
            self._keep(request, done)

    def _result(self, future: Future[Done]) -> Done:
        try:
            return future.result()
        except self.how.worker_lost:
            return Done(b"", [], 0.0, "the workers that made this run were lost, one after the other", lost=True)
        except CancelledError:
            raise CheckFailed(
                f"the Dask scheduler was lost; {self._kept()}; start it again and give the same command again."
            ) from None

    def _kept(self) -> str:
        return f"{self.tally.before + self.tally.done} of {self.tally.asked} runs are kept"

    def _keep(self, request: Request, done: Done) -> None:
        status = "lost" if done.lost else "failed" if done.error else "done"
        parts = {name: digest[:DIGITS_KEPT] for name, digest in request.parts.as_dict().items()}
        entry = {"key": request.key, "status": status, "notebook": request.notebook, "seconds": done.seconds}
        entry |= {"parameters": dict(request.parameters), "parts": parts}
        entry |= {"error": done.error} if done.error else {"results": done.results}
        try:
            self.folder.keep(request.key, done.content, failed=status != "done")
            self.folder.append(entry)
        except OSError as error:
            raise CheckFailed(self._cannot_write(error)) from None
        if done.error:
            self.tally.failed += 1
            self.tally.first_error = self.tally.first_error or done.error
        else:
            self.tally.done += 1
        self.progress.ended(failed=done.error is not None)

    def _cannot_write(self, error: OSError) -> str:
        full = error.errno in (errno.ENOSPC, errno.EDQUOT)
        what = "its disk is full" if full else error.strerror or str(error)
        return (
            f"{self.folder.place} cannot be written: {what}; {self._kept()}; "
            "make space and give the same command again."
        )

    def _require_unchanged(self) -> None:
        now = _stamp()
        if now == self.stamp:
            return
        digests = Environment().files()
        if digests != self.digests:
            changed = [part for part in digests if digests[part] != self.digests[part]]
            raise CheckFailed(
                f"the {' and '.join(changed)} changed on disk while the batch ran; "
                f"{self.tally.done} runs made before that are kept; give the same command again."
            )
        self.stamp = now


def _stamp() -> provenance.Stamp:
    return provenance.stamp_of_all()


def require_success(tally: Tally, place: Path) -> None:
    """Raise if a run failed.

    Raises
    ------
    CheckFailed
        If any failed.
    """
    if tally.failed:
        raise CheckFailed(
            f"{tally.failed} of {tally.asked} runs failed, the first with: {tally.first_error}; their notebooks are in "
            f"{place / 'failed'}, and --retry-failed runs them again."
        )


def usual_jobs(*, warm: bool) -> int:
    """Return how many runs in flight keep this machine's processors busy: one more if warm, since they end often."""
    processors = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    return processors + warm
