"""Batches on Dask: runs go out and executed notebooks come back; no file system is shared, each worker is warm."""

import logging
import os
import shutil
import socket
import tempfile
from collections.abc import Iterator
from concurrent.futures import Executor
from contextlib import contextmanager, suppress
from dataclasses import dataclass, replace
from functools import lru_cache
from hashlib import sha256
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Any

from crossfoot.errors import CheckFailed, DataError, RequestError
from nbedition.project import HOME, at_home_in, project, root

if TYPE_CHECKING:
    from nbedition.kernels.wire import RunResult, RunSpec
    from nbedition.notebooks.provenance import Environment, Parts, Stamp
    from nbedition.runs.batch import BatchOptions, Pool

LOCAL = "local"
REACH_SECONDS = 5.0
USUAL_PORT = 8786
SETTINGS = {
    "comm.timeouts.connect": REACH_SECONDS,
    "worker.daemon": False,
    # what each process would do many times a second, and the runs wait for
    "worker.profile.enabled": False,
    "admin.tick.interval": "1s",
    "admin.system-monitor.interval": "10s",
}


@dataclass(frozen=True)
class RemoteRun:
    """One run on its way to a worker.

    `spec`: what is asked for; `parts`: the digests that the worker's own library, data, notebook and lock must have;
    `files`: the user's own tables, by the name under which the notebook finds them; `package`: the study's package,
    where it is one: a worker that stands in no study is at home in it; `warm`, `memo`, `timeout`: as in
    `nbedition.runs.batch.BatchOptions`.
    """

    spec: "RunSpec"
    parts: "Parts"
    files: dict[str, bytes]
    package: str
    warm: bool
    memo: bool
    timeout: float | None

    def __call__(self) -> "RunResult":
        """Make the run, in a folder of its own."""
        from distributed import get_worker

        from nbedition.kernels.engine import carry_out
        from nbedition.kernels.wire import RunResult
        from nbedition.runs.batch import memo_of

        environment, lacking = self._look()
        if environment is None or lacking:
            said = f"a Dask worker on {socket.gethostname()} {lacking}"
            return RunResult(self.spec, error=said, status="refused")
        seen = environment.seen
        # below the worker's own folder: should the worker be killed, Dask's next one here removes it
        own = Path(get_worker().local_directory)
        more = memo_of(own if self.memo else None, environment)
        with tempfile.TemporaryDirectory(prefix="ewppr-run-", dir=own) as folder:
            for name, content in self.files.items():
                path = Path(folder) / name
                path.parent.mkdir(parents=True, exist_ok=True)
                path.write_bytes(content)
            result = carry_out(self.spec, warm=self.warm, timeout=self.timeout, folder=folder, environment=more)
        if changed := environment.changed():
            said = f"on a Dask worker on {socket.gethostname()} {' and '.join(changed)} changed while a run was made."
            return RunResult(self.spec, error=said, status="refused")
        return result if environment.seen == seen else replace(result, error="its files were touched", status="lost")

    def _look(self) -> "tuple[Environment | None, str]":
        """Return what the worker has, and what it has not, or not the same; nothing where it can make the run."""
        from nbedition.notebooks.provenance import stamp_of_all

        try:
            _find_study(self.package)
            environment = _environment(stamp_of_all())
        except DataError as error:
            return None, f"knows no study ({error}); start it in the study's folder, or with {HOME} set to that."
        here: dict[str, str | None] = {"notebook": environment.notebooks.get(self.spec.notebook)}
        wanted = self.parts.as_dict()
        if here["notebook"] == wanted["notebook"]:
            paths = {name: Path(str(self.spec.parameters[name])).as_posix() for name in self.spec.tables}
            own = {name: sha256(self.files[path]).hexdigest() for name, path in paths.items()}
            here |= {**environment.parts(self.spec.notebook, {}, own).as_dict(), "parameters": wanted["parameters"]}
        differing = [part for part in here if here[part] != wanted[part]]
        said = f"has another {' and '.join(differing)} than this computer; install the same version there."
        return environment, said if differing else ""


def _find_study(package: str) -> None:
    """Be at home in the study's package where no study is found and the package carries one."""
    try:
        project()
    except DataError:
        with suppress(ImportError, AttributeError, ValueError):
            at_home_in(import_module(package).HOME)
        project()


@lru_cache(maxsize=1)
def _environment(_stamp: "Stamp") -> "Environment":
    from nbedition.notebooks.provenance import Environment

    return Environment()


def remote(spec: "RunSpec", environment: "Environment", options: "BatchOptions", *, warm: bool) -> RemoteRun:
    """Return a run with all that a worker needs to make it."""
    from nbedition.runs.sweep import parts_of

    files = {}
    for name, digest in spec.tables.items():
        path = Path(str(spec.parameters[name]))
        if path.is_absolute() or ".." in path.parts:
            raise RequestError(f"with --dask, name the table by a path below this folder, got '{path}'.")
        content = files[path.as_posix()] = path.read_bytes()
        if sha256(content).hexdigest() != digest:
            raise CheckFailed(f"{path} changed on disk while the batch ran; give the same command again.")
    parts = parts_of(spec, environment)
    return RemoteRun(spec, parts, files, project().package, warm, options.memo, options.timeout)


@contextmanager
def dask_pool(options: "BatchOptions", jobs: int, warm: bool, environment: "Environment") -> "Iterator[Pool]":
    """Give the workers of a cluster as the pool of a batch; see `cluster`."""
    from nbedition.runs.batch import Pool

    with cluster(options.dask or LOCAL, jobs, warm=warm) as (workers, threads):
        from distributed import KilledWorker

        def submit(spec: "RunSpec") -> Any:
            return workers.submit(remote(spec, environment, options, warm=warm))

        yield Pool(threads, submit, (KilledWorker,))
        workers.shutdown(wait=False)  # their own kernels end with their tasks


@contextmanager
def cluster(address: str, jobs: int, *, warm: bool) -> Iterator[tuple[Executor, int]]:
    """Give an executor on Dask, and how many runs it holds at once.

    `address`: of a scheduler, or ``local:N`` for N worker processes here; `jobs`: runs in flight on this computer's
    workers; a cluster's own threads count elsewhere; `warm`: let the workers start their kernel servers now. Raises
    RequestError if Dask is not installed, or the address cannot be reached.
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
            client.run(_begin, project().package, on_error="ignore")  # a run says what a worker lacks
        yield client.get_executor(pure=False), threads


def _begin(package: str) -> None:
    from nbedition.kernels import driver

    _find_study(package)
    driver.begin()


@contextmanager
def _client(distributed: Any, address: str, jobs: int) -> Iterator[Any]:
    import dask

    for name in ("distributed", "distributed.client", "tornado.application", "asyncio"):
        logging.getLogger(name).setLevel(logging.CRITICAL)  # what matters is said in one sentence of ours
    # workers here, and so their kernels, start with this process's environment, and know its study
    settings = {**SETTINGS, "nanny.pre-spawn-environ": {HOME: str(root().absolute()), "PYTHONSAFEPATH": "1"}}
    dask.config.set({f"distributed.{name}": value for name, value in settings.items()})
    workers = local_workers(address)
    if workers is not None:
        with (
            _scratch(),
            _own_variables(),
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
        raise _nobody(address, said) from None
    with client:
        yield client


@contextmanager
def _own_variables() -> Iterator[None]:
    """Give this process its environment back: Dask sets here what its workers are to start with, and leaves it."""
    before = dict(os.environ)
    try:
        yield
    finally:
        for name in {*os.environ} - {*before}:
            del os.environ[name]
        os.environ.update(before)


@contextmanager
def _scratch() -> Iterator[None]:
    """Give scheduler and workers here a folder that goes when they end: Dask never removes its usual one."""
    import dask

    from nbedition.kernels.driver import private_folder

    folder = private_folder()
    try:
        with dask.config.set({"temporary-directory": str(folder)}):
            yield
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def local_workers(address: str) -> int | None:
    """Return N of ``local:N``; None for any other address.

    Raises RequestError if N is not a whole number of 1 or more.

    Examples
    --------
    >>> local_workers("local:2"), local_workers("tcp://10.0.0.1:8786")
    (2, None)
    """
    kind, _, count = address.partition(":")
    if kind != LOCAL:
        return None
    if not (count.isascii() and count.isdigit()) or not int(count):
        raise RequestError(f"--dask takes an address or local:N with N of 1 or more, got '{address}'.")
    return int(count)


def require_answer(address: str) -> None:
    """Raise where nobody answers at a scheduler's address."""
    if local_workers(address) is not None:
        return
    protocol, separator, place = address.rpartition("://")
    host, _, port = place.partition(":")
    if (separator and protocol not in ("tcp", "tls")) or not host or not (port or str(USUAL_PORT)).isdecimal():
        raise RequestError(f"--dask takes an address such as tcp://HOST:{USUAL_PORT}, or local:N, got '{address}'.")
    try:
        socket.create_connection((host, int(port or USUAL_PORT)), REACH_SECONDS).close()
    except OSError as error:
        said = error.strerror or str(error)
        raise _nobody(address, said) from None


def _nobody(address: str, said: str) -> RequestError:
    return RequestError(
        f"no Dask scheduler answers at '{address}' ({said}); start one (dask scheduler), or try --dask local:2."
    )
