"""Files and folders that stand whole or not at all, and one process at a time that writes them."""

import ctypes
import json
import os
import shutil
import socket
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime
from pathlib import Path

from filelock import FileLock, Timeout

from crossfoot.errors import RequestError

HERE, EXCHANGE = -100, 2  # of renameat2, Linux's call that lets two names change places


@contextmanager
def held(lock: Path, place: Path, doing: str) -> Iterator[None]:
    """Keep other processes out of a place; a lock whose process is gone is taken over.

    `lock`: a file whose name ends in ``lock``; beside it stands who holds it; `doing`: as in "running a batch in".
    Raises RequestError if another process holds it, or it cannot be written.
    """
    file, holder = FileLock(lock), lock.with_name(f"{lock.name.removesuffix('lock')}holder.json")
    try:
        file.acquire(timeout=0)
    except Timeout:
        raise RequestError(f"{_holder(holder, doing)} {place}; wait for it, or name another folder.") from None
    except OSError as error:
        raise RequestError(f"{place} cannot be written: {error.strerror or error}.") from None
    try:
        since = datetime.now(UTC).isoformat(timespec="seconds")
        write_whole(holder, json.dumps({"pid": os.getpid(), "host": socket.gethostname(), "since": since}).encode())
        yield
    finally:
        holder.unlink(missing_ok=True)
        if os.name == "posix":  # who waits for a file that is gone looks again
            lock.unlink(missing_ok=True)
        file.release()


def _holder(holder: Path, doing: str) -> str:
    with suppress(OSError, ValueError, KeyError, TypeError):
        known = json.loads(holder.read_text(encoding="utf-8"))
        return f"process {known['pid']} on {known['host']} has since {known['since']} been {doing}"
    return f"another process has begun {doing}"


@contextmanager
def written(path: Path) -> Iterator[Path]:
    """Give a path to write to; the file has its name only when all is written, and until then the older one stays."""
    path = path.resolve()
    part = path.with_name(f".{path.name}.{os.getpid()}.part")
    try:
        yield part
        part.replace(path)
    finally:
        part.unlink(missing_ok=True)


def write_whole(path: Path, content: bytes) -> None:
    """Write a file so that its name never stands for half of it."""
    with written(path) as part:
        part.write_bytes(content)


@contextmanager
def staged(place: Path) -> Iterator[Path]:
    """Give an empty folder beside a place, to be filled and put there by `publish`; it is removed in the end.

    For one process at a time; see `held`. What a process that was killed has left is put right first.
    """
    made, aside = _beside(place)
    if aside.exists() and not place.exists():
        aside.rename(place)
    for left in (made, aside):
        shutil.rmtree(left, ignore_errors=True)
    made.mkdir(parents=True)
    try:
        yield made
    finally:
        for left in (made, aside):
            shutil.rmtree(left, ignore_errors=True)


def publish(made: Path, place: Path) -> None:
    """Let a finished folder take a place in one step, so that what stands there is the earlier one or this, whole.

    Where the system cannot let two folders change names, there is none for a moment; a process killed in it is put
    right by the next `staged`.
    """
    if not place.exists():
        made.rename(place)
    elif not _exchange(made, place.resolve()):
        _, aside = _beside(place)
        place.rename(aside)
        made.rename(place)


def _beside(place: Path) -> tuple[Path, Path]:
    place = place.resolve()
    return place.with_name(f".nbedition-{place.name}.new"), place.with_name(f".nbedition-{place.name}.old")


def _exchange(one: Path, other: Path) -> bool:
    """Let two folders change names in one step; return whether this system can."""
    call = getattr(ctypes.CDLL(None), "renameat2", None) if sys.platform == "linux" else None
    return call is not None and call(HERE, os.fsencode(one), HERE, os.fsencode(other), EXCHANGE) == 0
