"""Work shared by the runs of a batch: what pure functions gave, kept under what they were called with."""

import os
import pickle
from collections.abc import Callable
from contextlib import suppress
from functools import wraps
from hashlib import sha256
from pathlib import Path
from typing import ParamSpec, TypeVar

FOLDER = "NBEDITION_MEMO"  # environment variable: where the runs of a batch keep it; without it nothing is kept
MOST = 2**30  # bytes in the folder, beyond which nothing more is kept
P = ParamSpec("P")
T = TypeVar("T")


def memo(function: Callable[P, T]) -> Callable[P, T]:
    """Let the runs of a batch share what a pure function gives for the same arguments.

    The function must follow from its arguments alone: no files, no clock, no language, no random state of others. The
    first run that calls it keeps the result, others read it. A batch has a folder of its own for each state of library,
    data and lock that it meets, which goes when it ends; outside a batch the function is called as it is.

    Examples
    --------
    >>> @memo
    ... def double(value: int) -> int:
    ...     return 2 * value
    >>> double(4)
    8
    """

    @wraps(function)
    def shared(*arguments: P.args, **named: P.kwargs) -> T:
        folder = os.environ.get(FOLDER)
        path = folder and _place(Path(folder), (function.__module__, function.__qualname__, arguments, named))
        if not path:
            return function(*arguments, **named)
        with suppress(OSError, EOFError, pickle.UnpicklingError):
            found: T = pickle.loads(path.read_bytes())  # noqa: S301  a run of this very batch has written it
            return found
        found = function(*arguments, **named)
        _keep(path, found)
        return found

    return shared


def _place(folder: Path, call: object) -> Path | None:
    """Return where the result of a call is kept; None where its arguments cannot be told apart."""
    with suppress(pickle.PicklingError, TypeError, AttributeError):
        return folder / sha256(pickle.dumps(call)).hexdigest()
    return None


def _keep(path: Path, found: object) -> None:
    """Keep a result, whole or not at all; a disk that is full costs the others time alone."""
    part = path.with_name(f"{path.name}.{os.getpid()}")
    with suppress(OSError, pickle.PicklingError, TypeError, AttributeError):
        path.parent.mkdir(exist_ok=True)
        if sum(entry.stat().st_size for entry in os.scandir(path.parent)) < MOST:
            part.write_bytes(pickle.dumps(found))
            part.replace(path)
    with suppress(OSError):
        part.unlink(missing_ok=True)
