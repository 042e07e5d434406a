"""One run of a batch, here or on another machine: executed, and reduced to what the batch keeps."""

import time
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from crossfoot.errors import ReportedError
from nbedition.kernels import driver
from nbedition.kernels.engine import Order, as_bytes, execute, execute_whole
from nbedition.notebooks import outputs
from nbedition.project import notebooks


@dataclass(frozen=True)
class Task:
    """What is to be run."""

    notebook: str
    given: Mapping[str, Any]
    warm: bool
    timeout: float | None
    folder: str | None = None


@dataclass(frozen=True)
class Done:
    """What came of it."""

    content: bytes
    results: list[dict[str, Any]]
    seconds: float
    error: str | None = None
    lost: bool = False  # the kernel died; another try may do better
    fatal: bool = False  # no run can succeed like this


def carry_out(task: Task) -> Done:
    """Execute one run: in one forked process where that can be, else in a kernel behind sockets."""
    began = time.monotonic()
    order = Order(notebooks()[task.notebook], task.given, task.warm, task.timeout, folder=task.folder)
    try:
        if task.warm and driver.possible() and (whole := execute_whole(order)):
            content, said = whole
            return Done(content, _kept(said["results"]), round(time.monotonic() - began, 3), said["error"])
        done = execute(order)
    except driver.ServerGone as error:
        return Done(b"", [], 0.0, str(error), lost=True)
    except ReportedError as error:
        return Done(b"", [], 0.0, str(error), fatal=True)
    found = [] if done.error else outputs.results(done.notebook)
    seconds = round(time.monotonic() - began, 3)
    return Done(as_bytes(done.notebook), _kept(found), seconds, done.error, done.lost)


def _kept(found: list[dict[str, Any]]) -> list[dict[str, Any]]:
    return [{name: value for name, value in result.items() if name != "notebook"} for result in found]
