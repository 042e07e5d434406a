"""Time a batch on two Dask workers against the same batch without Dask, in turn on one machine; print the ratio.

    python benchmarks/cluster.py [--runs 1000] [--jobs 4] [--rounds 2]

Both times are those of the whole command: imports, two kernel servers instead of one, and the workers' own start
included. Every second round is in the other order, so that a machine that gets slower favours neither. Exit code 1
where Dask costs 15 per cent more or the two tables differ.
"""

import argparse
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import pandas as pd

from nbedition import results

MOST = 1.15


def seconds(runs: int, jobs: int, out: Path, more: list[str]) -> float:
    """Return how long a batch takes."""
    grid = ["--grid", f"aid_share=0.001:0.01:{runs}", "--jobs", str(jobs), "--out", str(out)]
    began = time.perf_counter()
    if subprocess.run([sys.executable, "-m", "ewppr_lib.cli", "batch", "04", *grid, *more], check=False).returncode:
        sys.exit("the batch failed, as it says above")
    return time.perf_counter() - began


def main() -> None:
    """Measure in turn, compare, print."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--runs", type=int, default=1000)
    parser.add_argument("--jobs", type=int, default=4)
    parser.add_argument("--rounds", type=int, default=2, choices=range(1, 11), metavar="1-10")
    asked = parser.parse_args()
    ways: dict[str, list[str]] = {"here": [], "dask": ["--dask", "local:2"]}
    taken = dict.fromkeys(ways, 0.0)
    with tempfile.TemporaryDirectory() as name:
        for number in range(asked.rounds):
            for way in reversed(ways) if number % 2 else ways:
                took = seconds(asked.runs, asked.jobs, Path(name) / f"{way}{number}", ways[way])
                print(f"{way} {took:.1f} s", flush=True)
                taken[way] += took / asked.rounds
            pd.testing.assert_frame_equal(*(results(Path(name) / f"{way}{number}") for way in ways))
    ratio = taken["dask"] / taken["here"]
    print(
        f"{asked.runs} runs: here {taken['here']:.1f} s, on two Dask workers {taken['dask']:.1f} s, "
        f"{ratio:.2f} times as long"
    )
    sys.exit(ratio > MOST)


if __name__ == "__main__":
    main()
