"""A batch's folder: what was asked, one line for each finished run, and one holder at a time."""

import errno
import json
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from crossfoot.errors import RequestError
from nbedition.notebooks import provenance
from nbedition.project import program, root
from nbedition.runs.whole import held, write_whole

JOURNAL = "journal.jsonl"
BATCH = "batch.json"
PLAN = "plan.txt"  # the keys asked for, in order
LOCK = ".lock"
HOLDER = ".holder.json"
RUNS, FAILED = "runs", "failed"
DONE, RESULTS = "done", "results"
FORM = {"key": str, "status": str, "notebook": str, "parameters": dict, "parts": dict}  # of an entry
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
        """Keep other batches out, and put right what one that was killed has left."""
        with held(self.place / LOCK, self.place, "running a batch in"):
            self._mend()
            yield

    def _mend(self) -> None:
        """Remove what a run that was cut off left: half a last line, files without their final names."""
        for part in (self.place, self.place / RUNS, self.place / FAILED):
            for path in part.glob(".*.part"):
                path.unlink(missing_ok=True)
        journal = self.place / JOURNAL
        if journal.exists():
            with journal.open("rb+") as file:
                file.truncate(_whole_length(file.read()))

    def entries(self) -> Iterator[tuple[int, Entry]]:
        """Yield the journal's entries, oldest first, after their places in it; damaged lines are passed over."""
        try:
            with (self.place / JOURNAL).open("rb") as file:
                place = 0
                for line in file:
                    if entry := _entry(line):
                        yield place, entry
                    place += len(line)
        except FileNotFoundError:
            return

    def latest(self) -> dict[str, Entry]:
        """Return the last entry of each key, without its results."""
        found = {}
        for _, entry in self.entries():
            found[entry["key"]] = {name: value for name, value in entry.items() if name not in {"results", "figures"}}
        return found

    def ended(self) -> dict[str, Entry]:
        """Return the last entry of each run asked for that has ended; of a done one only with its executed notebook."""
        there, known = {path.name for path in (self.place / RUNS).glob("*.ipynb")}, self.latest()
        ended = {key: known[key] for key in self.plan() if key in known}
        return {key: entry for key, entry in ended.items() if entry["status"] != DONE or f"{key}.ipynb" in there}

    def lacking(self) -> str:
        """Say how many of the runs asked for are not in the table of results; nothing where all are."""
        asked, known = self.read_batch()["runs"], self.latest()
        ended = [known[key]["status"] for key in self.plan() if key in known]
        done = ended.count(DONE)
        if done == asked:
            return ""
        missing = f"{asked - len(ended)} are not made, or their lines of {JOURNAL} are lost"
        again = "the batch's command, given again, makes them"
        return f"the table of {self.place} has {done} of {asked} runs: {len(ended) - done} failed, {missing}; {again}"

    def append(self, entry: Entry) -> None:
        """Add one entry to the journal, whole or not at all."""
        line = json.dumps(entry, separators=(",", ":")).encode() + b"\n"
        with (self.place / JOURNAL).open("ab", buffering=0) as file:
            before = file.tell()
            if file.write(line) != len(line):  # a disk that is just full takes a part
                file.truncate(before)
                raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

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
        if not isinstance(content.get("runs"), int):
            raise RequestError(f"{self.place} holds no batch: there is no whole {BATCH}; {program()} batch makes one.")
        return content

    def ask(self, keys: list[str], about: dict[str, Any]) -> None:
        """Write what is asked for: the keys, and what they are made of."""
        write_whole(self.place / PLAN, "".join(f"{key}\n" for key in keys).encode())
        before = _read(self.place / BATCH).get("pace")
        self._write_batch({**about, "runs": len(keys), "complete": False, "pace": before})

    def finish(self, done: int, seconds: float, stamp: provenance.Stamp, *, complete: bool) -> None:
        """Write that the runs asked for have ended, how long one took, and the stamp of the files they depend on."""
        content = self.read_batch()
        pace = round(seconds / done, 4) if done else content["pace"]
        self._write_batch({**content, "stamp": _listed(stamp), "named": _named(), "complete": complete, "pace": pace})

    def finished(self, asked: str) -> int:
        """Return the number of runs where just this was asked before, all is done and no file was touched; else 0.

        Of the files it depends on only the user's own tables are read: where this says 0, the keys have the last word.
        """
        content = _read(self.place / BATCH)
        if not content.get("complete") or content.get("asked") != asked or content.get("named") != _named():
            return 0
        tables = {Path(path): digest for path, digest in content["tables"].items()}
        if any(not path.is_file() or provenance.digest(path) != digest for path, digest in tables.items()):
            return 0
        if content.get("stamp") != _listed(provenance.stamp_of_all()):
            return 0
        done = sum(entry["status"] == DONE for entry in self.ended().values())
        return done if done == content["runs"] else 0

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


def _entry(line: bytes) -> Entry | None:
    """Return what a line of the journal holds; None where it is damaged."""
    try:
        content = json.loads(line)
        fits = all(isinstance(content[name], kind) for name, kind in FORM.items()) and line.endswith(b"\n")
        return (
            content
            if fits and isinstance(content[RESULTS if content["status"] == DONE else "error"], list | str)
            else None
        )
    except (ValueError, KeyError, TypeError, RecursionError):
        return None


def _whole_length(content: bytes) -> int:
    return content.rfind(b"\n") + 1


def _named() -> list[str]:
    """Return the edition or study at work, and the interpreter."""
    return [str(root()), sys.version]


def _listed(stamp: provenance.Stamp) -> list[list[object]]:
    return [list(entry) for entry in stamp]


def _read(path: Path) -> dict[str, Any]:
    try:
        content = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return content if isinstance(content, dict) else {}
