"""Why a run would be made again: which of the things it depends on have changed."""

from pathlib import Path
from typing import Any

from crossfoot.errors import DataError, RequestError
from nbedition.notebooks.provenance import PARTS, Environment
from nbedition.project import notebooks, program
from nbedition.runs.execute import MANIFEST, read_manifest
from nbedition.runs.journal import BATCH, Entry, Folder
from nbedition.runs.sweep import parts_of, spec_of

MOST_FILES_NAMED = 5
SHOWN = ("notebook", "parameters", "status", "error")


def why(place: Path, run: str | None = None) -> list[str]:
    """Return in sentences what has changed since the runs of a folder were made.

    `place`: folder of a batch, or of ``nbedition run``; `run`: key of one run, or its beginning; the notebook's name
    for a folder of ``nbedition run``. Raises RequestError if the folder holds no runs, or no such run.
    """
    entries, now_there = _chosen(place, run), Environment()
    if run:
        return [_about(entry, now_there) for entry in entries]
    changed = [_changed(entry, now_there) for entry in entries]
    again = sum(bool(parts) for parts in changed)
    lines = [f"{len(entries)} runs: {len(entries) - again} unchanged, {again} to be made again"]
    for part, words in PARTS.items():
        count = sum(part in parts for parts in changed)
        lines.append(
            f"{words}: {'unchanged' if not count else f'changed for {count} runs'}{_files(place, part, now_there)}"
        )
    failed = sum(entry["status"] != "done" for entry in entries)
    return lines + ([f"{failed} runs failed; --retry-failed makes them again"] if failed else [])


def compared(place: Path, run: str | None = None) -> list[dict[str, Any]]:
    """Return the same of each run as a record: its key, notebook, parameters, status, error, and what has changed."""
    now_there = Environment()
    return [
        {"run": entry["key"], **{name: entry.get(name) for name in SHOWN}, "changed": _changed(entry, now_there)}
        for entry in _chosen(place, run)
    ]


def _chosen(place: Path, run: str | None) -> list[Entry]:
    entries = _entries(place)
    chosen = [
        entry for entry in entries if not run or entry["key"].startswith(run) or entry["notebook"].startswith(run)
    ]
    if run and not chosen:
        raise RequestError(f"{place} holds no run '{run}'; {program()} results {place} lists the runs.")
    return chosen


def _entries(place: Path) -> list[Entry]:
    if (place / BATCH).is_file():
        folder = Folder(place)
        known = folder.latest()
        return [known[key] for key in folder.plan() if key in known]
    found = []
    for path in sorted(place.glob(f"*/{MANIFEST}")):
        manifest = read_manifest(path)
        if "key" in manifest:
            found.append({**manifest, "status": "done"})
    if not found:
        raise RequestError(f"{place} holds no runs: neither {BATCH} nor a folder with {MANIFEST}.")
    return found


def _changed(entry: Entry, now_there: Environment) -> list[str]:
    """Return the parts that differ from what the run was made with."""
    if entry["notebook"] not in notebooks():
        return ["notebook"]
    try:
        now = parts_of(spec_of(entry["notebook"], entry["parameters"], now_there), now_there).as_dict()
    except RequestError:
        return ["parameters"]
    except DataError:  # a table of the user's own is gone, or no longer fits
        return ["data"]
    return [part for part, digest in entry["parts"].items() if not now[part].startswith(digest)]


def _about(entry: Entry, now_there: Environment) -> str:
    given = ", ".join(f"{name}={value}" for name, value in entry["parameters"].items()) or "no parameters"
    parts = _changed(entry, now_there)
    said = " and ".join(PARTS[part] for part in parts)
    state = f"to be made again: {said} changed" if parts else "unchanged, not made again"
    error = f"; it failed: {entry['error']}" if entry.get("error") else ""
    return f"{entry['key']} {entry['notebook']} ({given}): {state}{error}"


def _files(place: Path, part: str, now_there: Environment) -> str:
    """Name the files of a part that differ from those of the batch."""
    before = read_manifest(place / BATCH).get("files", {}).get(part)
    if not before:
        return ""
    now = now_there.files()[part]
    names = sorted(name for name in before.keys() | now.keys() if before.get(name) != now.get(name))
    more = f" and {len(names) - MOST_FILES_NAMED} more" if len(names) > MOST_FILES_NAMED else ""
    return f" ({', '.join(names[:MOST_FILES_NAMED])}{more})" if names else ""
