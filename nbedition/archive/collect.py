"""What a release is made of: notebooks run or found unchanged, with their results and figures."""

import ast
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import nbformat
import pandas as pd

from crossfoot.errors import RequestError
from nbedition.kernels import driver
from nbedition.kernels.wire import RunResult
from nbedition.notebooks import outputs
from nbedition.notebooks.outputs import FIGURE_TYPE, RESULT_TYPE
from nbedition.runs import execute

RUN_ONLY = ("papermill", "execution")  # metadata of a cell or notebook that differ from run to run
LOCK = "lock"
TEXT_COLUMNS = ("notebook", "name", "unit", "claim")


@dataclass(frozen=True)
class Made:
    """One executed notebook and what it made."""

    name: str
    notebook: nbformat.NotebookNode  # without what differs from run to run
    files: dict[str, bytes]  # of its figures: PNG, SVG, PDF and the plotted data as CSV
    parts: dict[str, str]  # the digests of what the run depended on; installed versions stand elsewhere
    seconds: float
    times: tuple[str, str] = ("", "")  # when its run began and ended

    @property
    def title(self) -> str:
        """Its title, without marks."""
        return outputs.title_of(self.name, self.notebook)

    @property
    def results(self) -> list[dict[str, Any]]:
        """Its recorded results."""
        return outputs.results(self.notebook)

    @property
    def figures(self) -> list[dict[str, Any]]:
        """Its figure records, each with ``cell`` and ``line``: the code cell, and the line in it, that made it."""
        return self._placed(FIGURE_TYPE, "figure")

    @property
    def numbers(self) -> list[dict[str, Any]]:
        """Its recorded results, each with ``cell`` and ``line`` in the same way."""
        return self._placed(RESULT_TYPE, "name")

    def _placed(self, kind: str, key: str) -> list[dict[str, Any]]:
        code = [cell for cell in self.notebook.cells if cell.cell_type == "code"]
        return [
            dict(record) | {"cell": number, "line": line_of(cell.source, record[key])}
            for number, cell in enumerate(code, start=1)
            for output in cell.outputs
            if (record := output.get("data", {}).get(kind))
        ]


def line_of(source: str, name: str) -> int | None:
    r"""Return the line, from 1, on which a cell's code records what has a name; None where that cannot be told.

    A line that names it outright comes first, then the one line of the cell that keeps results of a function.

    Examples
    --------
    >>> line_of("x = 2\nrun.record('twice', 2 * x, '1')", "twice"), line_of("run.record(name, 1, '1')", "twice")
    (2, None)
    >>> line_of("run.keep(kept.rates(frame))", "twice")
    1
    """
    try:
        calls = [node for node in ast.walk(ast.parse(source)) if isinstance(node, ast.Call)]
    except SyntaxError:  # a magic of IPython
        return None
    methods = [(call.func.attr, call) for call in calls if isinstance(call.func, ast.Attribute)]
    given = {
        call.lineno: [*call.args, *(one.value for one in call.keywords)]
        for method, call in methods
        if method in ("record", "figure")
    }
    kept = [call.lineno for method, call in methods if method == "keep"]
    outright = (at for at, all_ in given.items() if any(_is(one, name) for one in all_))
    return next(outright, kept[0] if len(kept) == 1 else None)


def _is(node: ast.expr, text: str) -> bool:
    return isinstance(node, ast.Constant) and node.value == text


def collect(build: Path, report: Callable[[RunResult], None], names: tuple[str, ...] = ()) -> list[Made]:
    """Return notebooks (by default all) as a build folder holds them; what is missing or out of date is run first."""
    results = execute.run(execute.asked_for(list(names), {}), build, 1, report, warm=driver.possible())
    execute.require_success(results)
    return [_made(result.place, result.spec.notebook) for result in results]


def results_frame(made: list[Made]) -> pd.DataFrame:
    """Return the results of all notebooks as one table, one row for each; see ``nbedition.notebooks.outputs``."""
    rows = [{name: row.get(name) for name in outputs.COLUMNS} for one in made for row in one.results]
    frame = pd.DataFrame(rows, columns=list(outputs.COLUMNS))
    return frame.astype({name: "string" if name in TEXT_COLUMNS else float for name in outputs.COLUMNS})


def without_run_only(notebook: nbformat.NotebookNode) -> nbformat.NotebookNode:
    """Remove from an executed notebook what differs from run to run: times, paths."""
    for part in (notebook, *notebook.cells):
        for name in RUN_ONLY:
            part.metadata.pop(name, None)
    return notebook


def _made(place: Path, name: str) -> Made:
    try:
        content = nbformat.read(place / f"{name}.ipynb", as_version=4)
        about = execute.read_manifest(place / execute.MANIFEST)
        files = {path.name: path.read_bytes() for path in _figure_files(place, about)}
        clock = content.metadata.get("papermill", {})
        seconds, times = float(clock.get("duration") or 0), (clock.get("start_time", ""), clock.get("end_time", ""))
        parts = {part: digest for part, digest in about["parts"].items() if part != LOCK}
        whole = execute.as_written(place, about["files"])
        made = Made(name, without_run_only(content), files, parts, seconds, times)
    except (OSError, KeyError) as error:
        raise RequestError(f"{place} changed while it was read: {error}; give the command again.") from None
    if not whole:
        raise RequestError(f"{place} changed while it was read; give the command again.")
    return made


def _figure_files(place: Path, about: dict[str, Any]) -> list[Path]:
    return [place / name for name in sorted(about["files"]) if Path(name).parent.name == "figures"]
