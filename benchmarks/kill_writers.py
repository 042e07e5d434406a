"""Kill `run`, `site` and `release` at random instants; what stands must be the older thing or the new one, whole.

Run with ``python benchmarks/kill_writers.py [INSTANTS] [SEED]``, 60 instants a command by default. In a new study each
command writes over what an earlier one wrote, is killed, and is given again. Exit code 1 at the first place that is
neither, or where the same command again does not give the new one, or leaves something else behind.
"""

import json
import os
import random
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from contextlib import suppress
from hashlib import sha256
from pathlib import Path

INSTANTS, SEED = 60, 1
PATIENCE = 20  # seconds
COMMANDS = {  # what writes, where; what is asked for the second time
    "run": (["run", "--out", "results"], ["--set", "class_size=20"]),
    "site": (["site", "--out", "pages"], []),
    "release": (["release", "--out", "all.zip"], []),
}


def state(place: Path) -> str:
    """Return a digest of all that stands in a place; locks and the seconds that a run took do not count."""
    files = sorted(place.rglob("[!.]*")) if place.is_dir() else [place]
    files = [path for path in files if not any(part.startswith(".") for part in path.relative_to(place).parts)]
    told = sha256()
    for path in files:
        if path.is_file() and path.name != "run.json":
            told.update(path.name.encode() + sha256(content_of(path)).digest())
    return told.hexdigest()


def content_of(path: Path) -> bytes:
    """Return what a file holds; of a notebook its cells and outputs, without the times at which they ran."""
    if path.suffix != ".ipynb":
        return path.read_bytes()
    cells = json.loads(path.read_bytes())["cells"]
    return json.dumps([[cell["source"], cell.get("outputs")] for cell in cells]).encode()


def call(study: Path, words: list[str], *, wait: bool = True) -> subprocess.Popen[bytes]:
    """Start a command in the study; wait for it, and refuse its failure, where that is asked."""
    command = [sys.executable, "-m", "nbedition.cli", *words]
    environment = os.environ | {"TMPDIR": str(study.parent)}
    process = subprocess.Popen(
        command, cwd=study, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    if wait and process.wait():
        sys.exit(f"{' '.join(words)} failed without a kill")
    return process


def restored(kept: Path, place: Path) -> None:
    """Put the older thing back in its place; the kernel of a killed command may write for a moment yet."""
    ends = time.monotonic() + PATIENCE
    while place.is_dir() and time.monotonic() < ends:
        shutil.rmtree(place, ignore_errors=True)
    place.unlink(missing_ok=True)
    shutil.copytree(kept, place) if kept.is_dir() else shutil.copy(kept, place)


def left_behind(study: Path) -> list[str]:
    """Return what is neither of the study nor asked for: hidden folders, parts of files, sockets."""
    beside = [path.name for path in study.iterdir() if path.name.startswith(".") and path.name != ".gitignore"]
    return sorted(beside + [path.name for path in (*study.parent.glob("ewppr-*"), *study.glob("*.part"))])


def main(instants: int = INSTANTS, seed: int = SEED) -> None:
    """Kill at random instants; exit 1 at the first place that is not whole."""
    chance = random.Random(seed)
    with tempfile.TemporaryDirectory() as name:
        study = Path(name) / "study"
        call(Path(name), ["init", str(study)])
        call(study, ["run"])
        for what, (words, more) in COMMANDS.items():
            place, kept = study / words[-1], Path(name) / f"older-{words[-1]}"
            call(study, words)
            restored(place, kept)
            older = state(place)
            about = study / "CITATION.cff"
            about.write_text(about.read_text(encoding="utf-8").replace("title: My", "title: Their"), encoding="utf-8")
            began = time.monotonic()
            call(study, [*words, *more])
            length, new, found = time.monotonic() - began, state(place), {"older": 0, "new": 0}
            about.write_text(about.read_text(encoding="utf-8").replace("title: Their", "title: My"), encoding="utf-8")
            for _ in range(instants):
                restored(kept, place)
                about.write_text(
                    about.read_text(encoding="utf-8").replace("title: My", "title: Their"), encoding="utf-8"
                )
                process = call(study, [*words, *more], wait=False)
                time.sleep(chance.uniform(0.2 * length, 1.1 * length))
                with suppress(ProcessLookupError):
                    os.kill(process.pid, signal.SIGKILL)
                process.wait()
                stands = state(place) if place.exists() else "nothing"
                if stands not in (older, new):
                    sys.exit(f"{what}: after a kill the place is neither the older thing nor the new one")
                found["older" if stands == older else "new"] += 1
            call(study, [*words, *more])
            time.sleep(1)
            if state(place) != new:
                sys.exit(f"{what}: after the same command again the place is not the new thing")
            if left := left_behind(study):
                sys.exit(f"{what}: left behind: {left}")
            about.write_text(about.read_text(encoding="utf-8").replace("title: Their", "title: My"), encoding="utf-8")
            stood = f"the older stood {found['older']} times, the new {found['new']}"
            print(f"{what}: {instants} kills in {length:.1f} s; {stood}", flush=True)


if __name__ == "__main__":
    main(*map(int, sys.argv[1:]))
