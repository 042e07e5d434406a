"""Time a batch on two Dask workers against the same batch without Dask, in turn on one machine; print the ratio.

    python benchmarks/cluster.py [--runs 1000] [--jobs 4] [--rounds 1]

Both times are those of the whole command: imports, two kernel servers instead of one, and the workers' own start
included. Exit code 1 where Dask costs 15 per cent more or the two tables differ.
"""

import argparse
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import pandas as pd

from ewppr_lib.runs import results

MOST = 1.15


def seconds(runs: int, jobs: int, out: Path, more: list[str]) -> float:
    """Return how long a batch takes."""
    grid = ["--grid", f"aid_share=0.001:0.01:{runs}", "--jobs", str(jobs), "--out", str(out)]
    began = time.perf_counter()
    subprocess.run([sys.executable, "-m", "ewppr_lib.cli", "batch", "04", *grid, *more], check=True)
    return time.perf_counter() - began


def main() -> None:
    """Measure in turn, compare, print."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--runs", type=int, default=1000)
    parser.add_argument("--jobs", type=int, default=4)
    parser.add_argument("--rounds", type=int, default=1)
    asked = parser.parse_args()
    here, dask = [], []
    with tempfile.TemporaryDirectory() as name:
        for number in range(asked.rounds):
            places = Path(name) / f"here{number}", Path(name) / f"dask{number}"
            here.append(seconds(asked.runs, asked.jobs, places[0], []))
            dask.append(seconds(asked.runs, asked.jobs, places[1], ["--dask", "local:2"]))
            pd.testing.assert_frame_equal(results(places[1]), results(places[0]))
    ratio, least, most = sum(dask) / sum(here), sum(here) / asked.rounds, sum(dask) / asked.rounds
    print(f"{asked.runs} runs: here {least:.1f} s, on two Dask workers {most:.1f} s, {ratio:.2f} times as long")
    sys.exit(ratio > MOST)


if __name__ == "__main__":
    main()
