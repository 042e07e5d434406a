"""A batch's folder: what was asked, one line for each finished run, and one holder at a time."""

import json
import os
import socket
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from filelock import FileLock, Timeout

from crossfoot.errors import RequestError
from nbedition.notebooks import provenance
from nbedition.project import program, root

JOURNAL = "journal.jsonl"
BATCH = "batch.json"
PLAN = "plan.txt"  # the keys asked for, in order
LOCK = ".lock"
HOLDER = ".holder.json"
RUNS, FAILED = "runs", "failed"
OURS = {JOURNAL, BATCH, PLAN, LOCK, HOLDER, RUNS, FAILED}

Entry = dict[str, Any]


class Folder:
    """The folder of a batch. `place`: where it is."""

    def __init__(self, place: Path) -> None:
        self.place = place

    def prepare(self) -> None:
        """Make the folder ready to be written. Raises RequestError if it holds something else or cannot be written."""
        place = self.place
        try:
            place.mkdir(parents=True, exist_ok=True)
            foreign = sorted(path.name for path in place.iterdir() if path.name not in OURS)
            if foreign and not (place / BATCH).is_file():
                raise RequestError(
                    f"the output folder {place} holds something else ('{foreign[0]}'); name a new or empty folder."
                )
            for part in (RUNS, FAILED):
                (place / part).mkdir(exist_ok=True)
        except OSError as error:
            raise RequestError(f"the output folder {place} cannot be written: {error.strerror}.") from None

    @contextmanager
    def held(self) -> Iterator[None]:
        """Keep other batches out; a lock whose process is gone is taken over."""
        lock = FileLock(self.place / LOCK)
        try:
            lock.acquire(timeout=0)
        except Timeout:
            raise RequestError(f"{self._holder()} {self.place}; wait for it, or name another folder.") from None
        try:
            holder = {"pid": os.getpid(), "host": socket.gethostname(), "since": _now()}
            write_whole(self.place / HOLDER, json.dumps(holder).encode())
            self._mend()
            yield
        finally:
            (self.place / HOLDER).unlink(missing_ok=True)
            lock.release()

    def _holder(self) -> str:
        with suppress(OSError, ValueError, KeyError):
            known = json.loads((self.place / HOLDER).read_text(encoding="utf-8"))
            return f"process {known['pid']} on {known['host']} has since {known['since']} been running a batch in"
        return "another process has begun a batch in"

    def _mend(self) -> None:
        """Remove what a run that was cut off left: half a last line, files without their final names."""
        for part in (self.place, self.place / RUNS, self.place / FAILED):
            for path in part.glob(".*.part"):
                path.unlink(missing_ok=True)
        journal = self.place / JOURNAL
        if journal.exists():
            with journal.open("rb+") as file:
                file.truncate(_whole_length(file.read()))

    def entries(self) -> Iterator[Entry]:
        """Yield the journal's entries, oldest first; half a last line is passed over."""
        try:
            with (self.place / JOURNAL).open("rb") as file:
                for line in file:
                    if line.endswith(b"\n"):
                        yield json.loads(line)
        except FileNotFoundError:
            return

    def latest(self) -> dict[str, Entry]:
        """Return the last entry of each key, without its results."""
        found = {}
        for entry in self.entries():
            found[entry["key"]] = {name: value for name, value in entry.items() if name not in {"results", "figures"}}
        return found

    def append(self, entry: Entry) -> None:
        """Add one entry to the journal, in one write."""
        with (self.place / JOURNAL).open("ab", buffering=0) as file:
            file.write(json.dumps(entry, separators=(",", ":")).encode() + b"\n")

    def keep(self, key: str, notebook: bytes, *, failed: bool) -> None:
        """Write an executed notebook; it has its final name only when it is whole."""
        write_whole(self.notebook(key, failed=failed), notebook)
        self.notebook(key, failed=not failed).unlink(missing_ok=True)

    def notebook(self, key: str, *, failed: bool = False) -> Path:
        """Return where the executed notebook of a run is."""
        return self.place / (FAILED if failed else RUNS) / f"{key}.ipynb"

    def read_batch(self) -> dict[str, Any]:
        """Return what was asked last. Raises RequestError if the folder holds no batch."""
        content = _read(self.place / BATCH)
        if not content:
            raise RequestError(f"{self.place} holds no batch: there is no {BATCH}; {program()} batch makes one.")
        return content

    def ask(self, keys: list[str], about: dict[str, Any]) -> None:
        """Write what is asked for: the keys, and what they are made of."""
        write_whole(self.place / PLAN, "".join(f"{key}\n" for key in keys).encode())
        before = _read(self.place / BATCH).get("pace")
        self._write_batch({**about, "runs": len(keys), "complete": False, "pace": before})

    def finish(self, done: int, seconds: float, *, complete: bool) -> None:
        """Write that the runs asked for have ended, and how long one took."""
        content = self.read_batch()
        pace = round(seconds / done, 4) if done else content["pace"]
        stamp = _listed(provenance.stamp_of_all())
        stamps = {"stamp": stamp, "tables_stamp": _tables_stamp(content["tables"]), "named": _named()}
        self._write_batch({**content, **stamps, "complete": complete, "pace": pace})

    def finished(self, asked: str) -> int:
        """Return the number of runs where just this was asked before, all is done and no file was touched; else 0.

        Files are not read: where this says 0, the keys have the last word.
        """
        content = _read(self.place / BATCH)
        if not content.get("complete") or content["asked"] != asked or content.get("named") != _named():
            return 0
        files = provenance.stamp_of_all()
        if _listed(files) != content["stamp"] or _tables_stamp(content["tables"]) != content["tables_stamp"]:
            return 0
        there = {path.name for path in (self.place / RUNS).iterdir()} if (self.place / RUNS).is_dir() else set()
        return int(content["runs"]) if all(f"{key}.ipynb" in there for key in self.plan()) else 0

    def pace(self) -> float | None:
        """Return the seconds of waiting a run cost when runs were last made here."""
        pace = _read(self.place / BATCH).get("pace")
        return float(pace) if pace else None

    def _write_batch(self, content: dict[str, Any]) -> None:
        write_whole(self.place / BATCH, (json.dumps(content, sort_keys=True) + "\n").encode())

    def plan(self) -> list[str]:
        """Return the keys of the runs asked for last, in order."""
        try:
            return (self.place / PLAN).read_text(encoding="ascii").split()
        except FileNotFoundError:
            return []


def write_whole(path: Path, content: bytes) -> None:
    """Write a file so that its name never stands for half of it."""
    part = path.with_name(f".{path.name}.part")
    try:
        part.write_bytes(content)
        part.replace(path)
    except OSError:
        part.unlink(missing_ok=True)
        raise


def _whole_length(content: bytes) -> int:
    return content.rfind(b"\n") + 1


def _now() -> str:
    return datetime.now(UTC).isoformat(timespec="seconds")


def _named() -> list[str]:
    """Return the edition or study at work, and the interpreter."""
    return [str(root()), sys.version]


def _listed(stamp: provenance.Stamp) -> list[list[object]]:
    return [list(entry) for entry in stamp]


def _tables_stamp(tables: dict[str, str]) -> list[list[object]]:
    return _listed(provenance.stamp_of(path for path in map(Path, tables) if path.is_file()))


def _read(path: Path) -> dict[str, Any]:
    try:
        content = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return content if isinstance(content, dict) else {}
