"""Kill the driver, the kernel server or a kernel of a batch at random instants; the table must come out equal.

After each kill the same command is given again. No file under a final name may be half written, every run
that was kept before must not be made again, and nothing may stay behind at the end.

python benchmarks/kill.py [--instants 60] [--runs 24] [--seed 1]
"""

import argparse
import json
import os
import random
import signal
import subprocess
import sys
import tempfile
import time
from contextlib import suppress
from pathlib import Path

import pandas as pd

from nbedition import results

VICTIMS = ("driver", "server", "kernel")


def command(runs: int, out: Path) -> list[str]:
    """Return the batch command."""
    grid = ["--grid", f"aid_share=0.001:0.01:{runs}"]
    return [sys.executable, "-m", "ewppr_lib.cli", "batch", "04", *grid, "--jobs", "6", "--out", str(out)]


def children(pid: int) -> list[int]:
    """Return the numbers of a process's children."""
    listed = subprocess.run(["ps", "-o", "pid=", "--ppid", str(pid)], capture_output=True, text=True, check=False)
    return [int(number) for number in listed.stdout.split()]


def victim(kind: str, driver: int) -> int | None:
    """Return the process to kill, where there is one at this instant."""
    if kind == "driver":
        return driver
    servers = [child for child in children(driver) if "kernels.server" in _command(child)]
    if kind == "server" or not servers:
        return servers[0] if servers else None
    kernels = children(servers[0])
    return random.choice(kernels) if kernels else None


def _command(pid: int) -> str:
    try:
        return Path(f"/proc/{pid}/cmdline").read_text().replace("\0", " ")
    except OSError:
        return ""


def disturbed(kind: str, after: float, runs: int, out: Path) -> str:
    """Run a batch, kill once, give the same command again; return what happened to the runs."""
    process = subprocess.Popen(command(runs, out), stderr=subprocess.DEVNULL)
    time.sleep(after)
    target = None
    while process.poll() is None and target is None:
        target = victim(kind, process.pid)
    with suppress(ProcessLookupError):  # it may just have ended
        if target is not None:
            os.kill(target, signal.SIGKILL)
    process.wait()
    for path in (out / "runs").glob("*.ipynb"):
        if not path.read_bytes().endswith(b"}\n"):
            sys.exit(f"half a file under a final name: {path}")
    before = done(out)
    subprocess.run(command(runs, out), check=True, stderr=subprocess.DEVNULL)
    after_all = done(out)
    if after_all[: len(before)] != before or len(after_all) != runs:
        sys.exit(f"{len(after_all) - runs} of {len(before)} kept runs were made again")
    return f"{len(before)} kept, {runs - len(before)} made by the same command again"


def done(out: Path) -> list[str]:
    """Return the keys of the runs that the journal says are done, in order; half a last line does not count."""
    path = out / "journal.jsonl"
    lines = path.read_bytes().split(b"\n")[:-1] if path.is_file() else []
    entries = [json.loads(line) for line in lines]
    return [entry["key"] for entry in entries if entry["status"] == "done"]


def left_behind() -> list[str]:
    """Return server processes and socket folders that are still there."""
    listed = subprocess.run(["ps", "-eo", "args"], capture_output=True, text=True, check=True).stdout
    servers = [line for line in listed.splitlines() if " -m nbedition.kernels.server " in line]
    return servers + [str(path) for path in Path(tempfile.gettempdir()).glob("ewppr-*")]


def main() -> None:
    """Kill at random instants; exit 1 at the first table that differs."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--instants", type=int, default=60)
    parser.add_argument("--runs", type=int, default=24)
    parser.add_argument("--seed", type=int, default=1)
    asked = parser.parse_args()
    random.seed(asked.seed)
    stood = left_behind()
    with tempfile.TemporaryDirectory() as name:
        began = time.monotonic()
        subprocess.run(command(asked.runs, Path(name) / "calm"), check=True, stderr=subprocess.DEVNULL)
        length = time.monotonic() - began
        expected = results(Path(name) / "calm")
        for number in range(asked.instants):
            kind, after = VICTIMS[number % 3], random.uniform(0, length)
            out = Path(name) / f"{number}"
            happened = disturbed(kind, after, asked.runs, out)
            pd.testing.assert_frame_equal(results(out), expected)
            print(f"{number + 1}: {kind} killed after {after:.1f} s: table equal, {happened}", flush=True)
    time.sleep(1)
    if left := [what for what in left_behind() if what not in stood]:
        sys.exit(f"left behind: {left}")
    print(f"{asked.instants} kills: every table equal, nothing left behind")


if __name__ == "__main__":
    main()
