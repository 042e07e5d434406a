"""Batches on Dask: runs go out and executed notebooks come back; no file system is shared, each worker is warm."""

import logging
import socket
import tempfile
from collections.abc import Callable, Iterator
from concurrent.futures import Executor
from contextlib import contextmanager
from dataclasses import dataclass, replace
from functools import lru_cache
from pathlib import Path
from typing import Any

from crossfoot.errors import RequestError
from nbedition.kernels import driver
from nbedition.notebooks.provenance import Environment, Parts, Stamp, stamp_of_all
from nbedition.runs.address import REACH_SECONDS, local_workers
from nbedition.runs.requests import Request, own_tables
from nbedition.runs.work import Done, Task, carry_out

SETTINGS = {
    "comm.timeouts.connect": REACH_SECONDS,
    "nanny.pre-spawn-environ": {},  # workers here, and so their kernels, start with this process's environment
    "worker.daemon": False,
    # what each process would do many times a second, and the runs wait for
    "worker.profile.enabled": False,
    "admin.tick.interval": "1s",
    "admin.system-monitor.interval": "10s",
}


@dataclass(frozen=True)
class Remote:
    """One run on its way to a worker.

    Parameters
    ----------
    task
        What is to be run.
    parts
        The digests that the worker's own library, data, notebook and lock must have.
    parameters
        All parameters, as the digest of the parts was made of.
    files
        The user's own tables, by the name under which the notebook finds them.
    """

    task: Task
    parts: Parts
    parameters: dict[str, Any]
    files: dict[str, bytes]

    def __call__(self) -> Done:
        """Make the run, in a folder of its own."""
        from distributed import get_worker

        # below the worker's own folder: should the worker be killed, Dask's next one here removes it
        with tempfile.TemporaryDirectory(prefix="ewppr-run-", dir=get_worker().local_directory) as folder:
            for name, content in self.files.items():
                path = Path(folder) / name
                path.parent.mkdir(parents=True, exist_ok=True)
                path.write_bytes(content)
            if differing := self._differing():
                said = (
                    f"a Dask worker on {socket.gethostname()} has another {' and '.join(differing)} than this computer"
                )
                return Done(b"", [], 0.0, f"{said}; install the same version there.", fatal=True)
            return carry_out(replace(self.task, folder=folder))

    def _differing(self) -> list[str]:
        environment = _surroundings(stamp_of_all())
        if self.task.notebook not in environment.notebooks:
            return ["notebook"]
        here = environment.parts(self.task.notebook, self.parameters, {}).as_dict()
        wanted = self.parts.as_dict()
        kept = ("notebook", "library", "lock", *(() if self.files else ("data",)))
        return [part for part in kept if here[part] != wanted[part]]


@lru_cache(maxsize=1)
def _surroundings(_stamp: Stamp) -> Environment:
    return Environment()


def remote(request: Request, task: Task) -> Callable[[], Done]:
    """Return a run with all that a worker needs to make it.

    Raises
    ------
    RequestError
        If a table of the user's own is not below the current folder.
    """
    files = {}
    for name in own_tables(request.notebook, request.given):
        path = Path(str(request.given[name]))
        if path.is_absolute() or ".." in path.parts:
            raise RequestError(f"with --dask, name the table by a path below this folder, got '{path}'.")
        files[path.as_posix()] = path.read_bytes()
    return Remote(task, request.parts, dict(request.parameters), files)


def worker_lost() -> tuple[type[Exception], ...]:
    """Return what Dask raises for a run whose workers ended again and again."""
    from distributed import KilledWorker

    return (KilledWorker,)


@contextmanager
def cluster(address: str, jobs: int, *, warm: bool) -> Iterator[tuple[Callable[[int], Executor], int]]:
    """Give what makes an executor on Dask, and how many runs it holds at once.

    Parameters
    ----------
    address
        Of a scheduler, or ``local:N`` for N worker processes here.
    jobs
        Runs in flight on this computer's workers; a cluster's own threads count elsewhere.
    warm
        Let the workers start their kernel servers now.

    Raises
    ------
    RequestError
        If Dask is not installed, or the address cannot be reached.
    """
    try:
        import distributed
    except ImportError:
        raise RequestError("--dask needs the package distributed: pip install 'ewppr[dask]'.") from None
    with _client(distributed, address, jobs) as client:
        threads = sum(client.nthreads().values())
        if not threads:
            raise RequestError(f"the Dask scheduler at {address} has no workers; start one: dask worker {address}.")
        if warm:
            client.run(driver.begin, on_error="ignore")  # a run says what a worker lacks
        yield (lambda _jobs: client.get_executor(pure=False)), threads


@contextmanager
def _client(distributed: Any, address: str, jobs: int) -> Iterator[Any]:
    import dask

    for name in ("distributed", "distributed.client", "tornado.application", "asyncio"):
        logging.getLogger(name).setLevel(logging.CRITICAL)  # what matters is said in one sentence of ours
    dask.config.set({f"distributed.{name}": value for name, value in SETTINGS.items()})
    workers = local_workers(address)
    if workers is not None:
        with (
            distributed.LocalCluster(
                n_workers=workers,
                threads_per_worker=-(-jobs // workers),
                memory_limit=0,  # a worker holds no data: what its runs take, Dask does not see
                dashboard_address="127.0.0.1:0",  # any port: another batch may have the usual one
                scheduler_kwargs={"dashboard": False},
                silence_logs=50,
            ) as started,
            distributed.Client(started) as client,
        ):
            yield client
        return
    try:
        client = distributed.Client(address, timeout=REACH_SECONDS)
    except (OSError, ValueError, TimeoutError) as error:
        said = str(error).splitlines()[0] if str(error) else type(error).__name__
        raise RequestError(
            f"no Dask scheduler answers at '{address}' ({said}); start one (dask scheduler), or try --dask local:2."
        ) from None
    with client:
        yield client
