"""Why a run would be made again: which of the things it depends on have changed."""

from pathlib import Path

from crossfoot.errors import RequestError
from nbedition.notebooks.provenance import PARTS, Environment
from nbedition.project import notebooks, program
from nbedition.runs.execute import MANIFEST, read_manifest
from nbedition.runs.journal import BATCH, Entry, Folder
from nbedition.runs.sweep import parts_of, spec_of

MOST_FILES_NAMED = 5


def why(place: Path, run: str | None = None) -> list[str]:
    """Return in sentences what has changed since the runs of a folder were made.

    `place`: folder of a batch, or of ``nbedition run``; `run`: key of one run, or its beginning; the notebook's name
    for a folder of ``nbedition run``. Raises RequestError if the folder holds no runs, or no such run.
    """
    entries, now_there = _entries(place), Environment()
    if run:
        chosen = [entry for entry in entries if entry["key"].startswith(run) or entry["notebook"].startswith(run)]
        if not chosen:
            raise RequestError(f"{place} holds no run '{run}'; {program()} results {place} lists the runs.")
        return [_about(entry, now_there) for entry in chosen]
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
