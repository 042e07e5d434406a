"""Time a batch on warm kernels against papermill, side by side, and against the floor; print ratios.

    python benchmarks/batch.py [--runs 200] [--jobs 8] [--plain 12]

Plain papermill is timed over fewer runs (``--plain``), half before and half after the batch, so that
both see the same machine; a run's time does not depend on how many there are. The floor is the same
cells executed again and again in one process that is warm already, divided by the processors.
"""

import argparse
import contextlib
import io
import os
import subprocess
import sys
import tempfile
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from ewppr_lib.data.edition import notebooks

NOTEBOOK = "04_institutional_reform_options"
TIMES_LOOP, TIMES_TWO = 20.0, 10.0  # at least


def plain(runs: int, processes: int, folder: Path) -> float:
    """Return the seconds a run of papermill in a loop, in so many processes at once."""
    loop = (
        "import logging, sys, papermill; logging.disable(50)\n"
        "for number in range(int(sys.argv[3])):\n"
        "    papermill.execute_notebook(sys.argv[1], sys.argv[2], parameters={'aid_share': 0.001 + number / 1e5},"
        " progress_bar=False)"
    )
    path = str(notebooks()[NOTEBOOK])

    def one(number: int) -> None:
        command = [sys.executable, "-c", loop, path, str(folder / f"{number}.ipynb"), str(runs)]
        subprocess.run(command, check=True, stderr=subprocess.DEVNULL)

    began = time.perf_counter()
    with ThreadPoolExecutor(processes) as pool:
        list(pool.map(one, range(processes)))
    return (time.perf_counter() - began) / (runs * processes)


def batch(runs: int, jobs: int, folder: Path) -> float:
    """Return the seconds a run of a whole ``ewppr batch`` command, start of the server included."""
    command = [sys.executable, "-m", "ewppr_lib.cli", "batch", "04", "--grid", f"aid_share=0.001:0.01:{runs}"]
    began = time.perf_counter()
    subprocess.run([*command, "--jobs", str(jobs), "--out", str(folder / "batch")], check=True)
    return (time.perf_counter() - began) / runs


def again(runs: int, folder: Path) -> float:
    """Return the seconds of the same command once the batch is finished."""
    command = [sys.executable, "-m", "ewppr_lib.cli", "batch", "04", "--grid", f"aid_share=0.001:0.01:{runs}"]
    began = time.perf_counter()
    subprocess.run([*command, "--out", str(folder / "batch")], check=True, stderr=subprocess.DEVNULL)
    return time.perf_counter() - began


def floor(runs: int) -> float:
    """Return the seconds a run of the cells alone in one warm process, divided by the processors."""
    import nbformat

    from ewppr_lib.runs.warm.preload import preload

    preload()
    cells = [cell.source for cell in nbformat.read(notebooks()[NOTEBOOK], 4).cells if cell.cell_type == "code"]
    seconds = []
    for _ in range(runs + 1):
        names: dict[str, object] = {}
        began = time.perf_counter()
        with contextlib.redirect_stdout(io.StringIO()):
            for source in cells:
                exec(source, names)  # the notebook's own cells
        seconds.append(time.perf_counter() - began)
    return sorted(seconds[1:])[runs // 2] / (os.cpu_count() or 1)


def main() -> None:
    """Measure and print; exit 1 where a ratio is below its limit."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--runs", type=int, default=200)
    parser.add_argument("--jobs", type=int, default=8)
    parser.add_argument("--plain", type=int, default=12)
    asked = parser.parse_args()
    half = max(asked.plain // 2, 1)
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        loop, two = plain(half, 1, folder), plain(half, 2, folder)
        warm = batch(asked.runs, asked.jobs, folder)
        finished = again(asked.runs, folder)
        loop, two = (loop + plain(half, 1, folder)) / 2, (two + plain(half, 2, folder)) / 2
    lowest = floor(9)
    print(f"papermill in a loop        {loop:.3f} s a run (measured over {2 * half} runs)")
    print(f"papermill, two processes   {two:.3f} s a run (measured over {4 * half} runs)")
    print(f"ewppr batch --jobs {asked.jobs:<3}     {warm:.3f} s a run (all {asked.runs} runs, start included)")
    print(f"floor                      {lowest:.3f} s a run; the batch takes {warm / lowest:.1f} times that")
    print(f"the finished batch again   {finished:.2f} s")
    print(f"ratios: {loop / warm:.1f} to a loop, {two / warm:.1f} to two processes")
    sys.exit(loop / warm < TIMES_LOOP or two / warm < TIMES_TWO)


if __name__ == "__main__":
    main()
