"""papermill's and nbclient's own test notebooks: executed here, warm and cold, they give what papermill gives.

Run with ``python benchmarks/their_notebooks.py [PART]``; PART is a text that names must hold. The source
distributions are fetched from the package index, none of their notebooks is kept. Each is executed by papermill alone,
then by this package in a forked and in a plain kernel, each in a process and a folder of its own, and compared cell by
cell: outputs, execution counts, and whether it failed. What is told differently by the clock, by addresses or by
process numbers does not count. Exit code 1 where a notebook differs for no reason that `REASONS` names.
"""

import os
import re
import subprocess
import sys
import tarfile
import tempfile
from collections import Counter
from pathlib import Path
from typing import Any

import nbformat

PACKAGES = ("papermill==2.7.0", "nbclient==0.11.0")
ROOT = Path(__file__).resolve().parent.parent
SECONDS = 60
ALONE = """
import logging, sys, papermill
logging.disable(50)
papermill.execute_notebook(sys.argv[1], sys.argv[2], kernel_name="python3", progress_bar=False, log_output=False)
"""
HERE = """
import sys
from pathlib import Path
from nbedition.kernels import engine
from nbedition.kernels.wire import RunSpec
made = engine.carry_out(RunSpec(sys.argv[1]), warm=sys.argv[3] == "warm", timeout=50)
Path(sys.argv[2]).write_bytes(made.content)
sys.exit(bool(made.error))
"""
NO_MATTER = re.compile(
    r"0x[0-9a-fA-F]+|\x1b\[[\d;]*m|ipykernel_\d+/\d+|\b\d{4}-\d\d-\d\d[T ][\d:.]+\S*|tmp\w{6,}|\bpid\W+\d+"
)
REASONS: dict[str, str] = {}


def notebooks(folder: Path) -> list[Path]:
    """Fetch the source distributions and return the notebooks in them."""
    fetch = [sys.executable, "-m", "pip", "download", "--quiet", "--no-deps", "--no-binary", ":all:", "-d", str(folder)]
    subprocess.run([*fetch, *PACKAGES], check=True)
    for archive in folder.glob("*.tar.gz"):
        with tarfile.open(archive) as opened:
            opened.extractall(folder, filter="data")
    return sorted(path for path in folder.rglob("*.ipynb") if "test" in path.as_posix())


def cells(path: Path) -> list[tuple[Any, ...]] | None:
    """Return what each code cell shows, streams joined; None where nothing was written."""
    if not path.is_file() or not path.stat().st_size:
        return None
    found = []
    for cell in nbformat.read(path, 4).cells:
        if cell.cell_type == "code" and "injected-parameters" not in cell.metadata.get("tags", []):
            shown: list[list[str]] = []
            for output in cell.outputs:
                kind = f"{output.output_type} {output.get('name', '')}"
                said = output.get("text") or f"{output.get('ename', '')}{dict(output.get('data', {}))}"
                if shown and shown[-1][0] == kind and "stream" in kind:
                    shown[-1][1] += said
                else:
                    shown.append([kind, said])
            found.append((cell.execution_count, *[(kind, NO_MATTER.sub("", said)) for kind, said in shown]))
    return found


def execute(code: str, path: Path, folder: Path, *more: str) -> tuple[object, list[tuple[Any, ...]] | None]:
    """Execute a notebook in a process of its own: how that ended, and what its cells show."""
    folder.mkdir()
    out = folder / "out.ipynb"
    command = [sys.executable, "-c", code, str(path), str(out), *more]
    try:
        there = os.environ | {"NBEDITION_HOME": str(ROOT)}  # whose package the kernels are preloaded with
        ended = subprocess.run(command, cwd=folder, env=there, capture_output=True, timeout=SECONDS, check=False)
    except subprocess.TimeoutExpired:
        return "did not end", None
    return bool(ended.returncode), cells(out)


def main(part: str = "") -> None:
    """Execute, compare, print one line for each notebook that differs; exit 1 where one does for no known reason."""
    count, unknown = Counter[str](), 0
    with tempfile.TemporaryDirectory() as name:
        tried = [path for path in notebooks(Path(name)) if part in path.as_posix()]
        for number, path in enumerate(tried):
            alone = execute(ALONE, path, Path(name) / f"{number}-alone")
            for how in ("warm", "cold"):
                ours = execute(HERE, path, Path(name) / f"{number}-{how}", how)
                if ours == alone:
                    count[f"{how} equal"] += 1
                    continue
                count[f"{how} different"] += 1
                reason = REASONS.get(path.stem, "NOT KNOWN")
                unknown += reason == "NOT KNOWN"
                places = [at for at, (a, b) in enumerate(zip(alone[1] or [], ours[1] or [], strict=False)) if a != b]
                print(f"{path.name} ({how}): ended {alone[0]} and {ours[0]}, cells {places[:5]}: {reason}", flush=True)
    print(f"{len(tried)} notebooks tried; {', '.join(f'{number} {what}' for what, number in sorted(count.items()))}")
    sys.exit(bool(unknown))


if __name__ == "__main__":
    main(*sys.argv[1:])
