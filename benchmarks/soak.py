"""Run a long batch and watch the driver's memory, its time a run, and what it leaves behind.

python benchmarks/soak.py [--runs 2000] [--jobs 8]
"""

import argparse
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from nbedition import results

SETTLED = 0.1  # of the runs: from here on memory must be flat
MOST_GROWTH = 0.10


def resident(pid: int) -> int:
    """Return a process's resident memory in kB; 0 once it has ended."""
    try:
        lines = Path(f"/proc/{pid}/status").read_text().splitlines()
    except OSError:
        return 0
    return next((int(line.split()[1]) for line in lines if line.startswith("VmRSS")), 0)


def main() -> None:
    """Run, sample, print; exit 1 where a run fails, memory grows or anything stays."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--runs", type=int, default=2000)
    parser.add_argument("--jobs", type=int, default=8)
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        out = Path(name) / "batch"
        grid = ["--grid", f"aid_share=0.001:0.01:{asked.runs}", "--jobs", str(asked.jobs), "--out", str(out)]
        process = subprocess.Popen([sys.executable, "-m", "ewppr_lib.cli", "batch", "04", *grid])
        samples: list[tuple[int, float, int]] = []  # runs, seconds, kB
        began = time.monotonic()
        while process.poll() is None:
            done = sum(1 for _ in (out / "runs").glob("*.ipynb")) if (out / "runs").is_dir() else 0
            samples.append((done, time.monotonic() - began, resident(process.pid)))
            time.sleep(2)
        rows = len(results(out)["run"].unique())
        folders = list(Path(tempfile.gettempdir()).glob("ewppr-*"))
    settled = [sample for sample in samples if sample[0] >= SETTLED * asked.runs and sample[2]]
    first, last = settled[0], settled[-1]
    growth = last[2] / first[2] - 1
    early = first[1] / first[0]
    late = (last[1] - first[1]) / max(last[0] - first[0], 1)
    print(f"{rows} of {asked.runs} runs in the table, exit code {process.returncode}")
    print(f"driver: {first[2] / 1024:.0f} MB after {first[0]} runs, {last[2] / 1024:.0f} MB after {last[0]}")
    print(f"growth {growth:.1%}; {early:.3f} s a run at first (start included), {late:.3f} s a run after that")
    print(f"socket folders left: {len(folders)}")
    sys.exit(rows < asked.runs or growth > MOST_GROWTH or bool(folders) or process.returncode != 0)


if __name__ == "__main__":
    main()
