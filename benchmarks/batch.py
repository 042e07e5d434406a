"""Time a batch on warm kernels against papermill, side by side, and against the floor; print ratios.

    python benchmarks/batch.py [--notebook 04] [--runs 200] [--jobs 4] [--plain 12] [--pictures]

Both sides run a notebook with the same parameters (01 to 04; in 05 nothing varies that often): as a batch does by
itself, with figures reduced to the digests of their data, or with ``--pictures`` all drawn. Plain papermill is timed
over fewer runs (``--plain``), half before and half after the batch, so that both see the same machine; a run's time
does not depend on how many there are. The floor is the same cells executed again and again in one process that is warm
already, divided by the processors. CPU seconds are those of the batch command and all its processes. Exit code 1 below
20 times a loop or 10 times two processes, where no pictures are drawn.
"""

import argparse
import contextlib
import io
import os
import resource
import subprocess
import sys
import tempfile
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from nbedition.notebooks.parameters import notebook_name
from nbedition.project import notebooks

VARIED = {  # what varies, from where, by how much in all
    "01": ("confidence", 0.9, 0.09),
    "02": ("confidence", 0.9, 0.09),
    "03": ("confidence", 0.9, 0.09),
    "04": ("aid_share", 0.001, 0.009),
}
TRIES = 3  # of plain papermill: two kernels that start at once may be given one TCP port
TIMES_LOOP, TIMES_TWO = 20.0, 10.0  # at least, without pictures


def plain(notebook: str, runs: int, processes: int, folder: Path, *, pictures: bool) -> float:
    """Return the seconds a run of papermill in a loop, in so many processes at once, their own start left out."""
    loop = (
        "import logging, sys, time, papermill; logging.disable(50)\n"
        "began = time.perf_counter()\n"
        "for number in range(int(sys.argv[3])):\n"
        "    given = {sys.argv[5]: float(sys.argv[6]) + number / 1e5, 'pictures': sys.argv[4] == 'True'}\n"
        "    papermill.execute_notebook(sys.argv[1], sys.argv[2], parameters=given, progress_bar=False)\n"
        "print(time.perf_counter() - began)"
    )
    path, (name, low, _) = str(notebooks()[notebook_name(notebook)]), VARIED[notebook]

    def one(number: int) -> float:
        out = str(folder / f"{number}.ipynb")
        command = [sys.executable, "-c", loop, path, out, str(runs), str(pictures), name, str(low)]
        for _ in range(TRIES):
            done = subprocess.run(command, check=False, capture_output=True)
            if done.returncode == 0:
                return float(done.stdout)
        sys.exit(f"papermill failed: {done.stderr.decode()[-500:]}")

    with ThreadPoolExecutor(processes) as pool:
        return max(pool.map(one, range(processes))) / (runs * processes)


def batch(notebook: str, runs: int, more: list[str]) -> tuple[float, float]:
    """Return the wall and CPU seconds of a whole ``ewppr batch`` command, start of the server included."""
    name, low, width = VARIED[notebook]
    grid = f"{name}={low}:{low + width:g}:{runs}"
    command = [sys.executable, "-m", "ewppr_lib.cli", "batch", notebook, "--grid", grid]
    before, began = resource.getrusage(resource.RUSAGE_CHILDREN), time.perf_counter()
    subprocess.run([*command, *more], check=True)
    wall, after = time.perf_counter() - began, resource.getrusage(resource.RUSAGE_CHILDREN)
    return wall, after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def floor(notebook: str, runs: int, *, pictures: bool) -> float:
    """Return the seconds a run of the cells alone in one warm process, divided by the processors."""
    import nbformat

    from nbedition.kernels.preload import preload

    preload()
    read = nbformat.read(notebooks()[notebook_name(notebook)], 4)
    cells = [cell.source for cell in read.cells if cell.cell_type == "code"]
    cells.insert(1, f"pictures = {pictures}")  # after the parameters, as papermill does
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
    parser.add_argument("--notebook", choices=VARIED, default="04")
    parser.add_argument("--runs", type=int, default=200)
    parser.add_argument("--jobs", type=int, default=4)
    parser.add_argument("--plain", type=int, default=12)
    parser.add_argument("--pictures", action="store_true")
    asked = parser.parse_args()
    half, drawn, notebook = max(asked.plain // 2, 1), asked.pictures, asked.notebook
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        more = ["--jobs", str(asked.jobs), "--out", str(folder / "batch"), *(["--pictures"] if drawn else [])]
        loop, two = (plain(notebook, half, processes, folder, pictures=drawn) for processes in (1, 2))
        wall, cpu = batch(notebook, asked.runs, more)
        again, _ = batch(notebook, asked.runs, more)
        kilobytes = sum(path.stat().st_size for path in (folder / "batch").rglob("*.*")) / 1000 / asked.runs
        later = [plain(notebook, half, processes, folder, pictures=drawn) for processes in (1, 2)]
    loop, two, warm = (loop + later[0]) / 2, (two + later[1]) / 2, wall / asked.runs
    lowest = floor(notebook, 9, pictures=drawn)
    print(f"notebook {notebook}, {'all pictures drawn' if drawn else 'no pictures'}, {os.cpu_count()} processors")
    print(f"papermill in a loop        {loop:.3f} s a run (measured over {2 * half} runs)")
    print(f"papermill, two processes   {two:.3f} s a run (measured over {4 * half} runs)")
    print(f"ewppr batch --jobs {asked.jobs:<3}     {warm:.3f} s a run (all {asked.runs} runs, start included)")
    print(f"                           {cpu / asked.runs:.3f} CPU s and {kilobytes:.0f} kB of files a run")
    print(f"floor                      {lowest:.3f} s a run; the batch takes {warm / lowest:.1f} times that")
    print(f"the finished batch again   {again:.2f} s")
    print(f"ratios: {loop / warm:.1f} to a loop, {two / warm:.1f} to two processes")
    sys.exit(not drawn and (loop / warm < TIMES_LOOP or two / warm < TIMES_TWO))


if __name__ == "__main__":
    main()
