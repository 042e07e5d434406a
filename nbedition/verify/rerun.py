"""Making a figure again for comparison: the edition's own notebook, with the parameters of a record."""

import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Mapping
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from crossfoot.errors import RequestError
from nbedition.figures.picture import PRINT_DPI
from nbedition.figures.read_file import READ
from nbedition.figures.record import FigureRecord, PictureOf, Sealed, opened
from nbedition.kernels import driver
from nbedition.kernels.wire import RunSpec
from nbedition.notebooks import provenance
from nbedition.notebooks.outputs import ASKED, SWITCHES, Listed
from nbedition.notebooks.parameters import settings_of, tables, validated
from nbedition.notebooks.provenance import with_commit
from nbedition.notebooks.recorder import FIGURE_FOLDER, ONE_FIGURE
from nbedition.project import notebooks

SECONDS = 900.0  # that a notebook may take


@dataclass(frozen=True)
class RemadeFigure:
    """A figure made again: its record, its plotted data as CSV text, and its file."""

    sealed: Sealed
    csv: str
    file: bytes


class Rerun:
    """Runs notebooks again, each with the same parameters only once; a context that removes what it made.

    `table` is the reader's own, for figures that rest on one; `cold` takes plain kernels; `alone`: one figure is asked
    for, and its notebook draws no other.
    """

    def __init__(self, table: Path | None = None, *, cold: bool = False, alone: bool = False) -> None:
        self._table, self._alone = table, alone
        self._warm = driver.possible() and not cold
        self._stack = ExitStack()
        self._done: dict[str, tuple[Path, set[str]]] = {}

    def __enter__(self) -> "Rerun":
        return self

    def __exit__(self, *_: object) -> None:
        self._stack.close()

    def figure(self, record: FigureRecord, picture: PictureOf) -> RemadeFigure | None:
        """Return the figure as this edition makes it; None where its notebook draws no such figure.

        Of the record only names and parameters are used, after they were checked. It is refused (RequestError)
        where they are not the edition's, the run fails, or a table is missing.
        """
        folder, names = self._run(record.notebook.name, self._given(record), record.figure)
        if record.figure not in names:
            return None
        ending = "-screen.png" if picture.form == "png" and picture.dpi != PRINT_DPI else f".{picture.form}"
        content = (folder / f"{record.figure}{ending}").read_bytes()
        text = (folder / f"{record.figure}.csv").read_text(encoding="utf-8")
        return RemadeFigure(opened(READ[picture.form](content).record or ""), text, content)

    def again(self, known: Listed, form: str) -> list[bytes]:
        """Return the files of a form of a figure that a notebook keeps, as this edition makes it now."""
        given = {name: value for name, value in known.given.items() if name not in SWITCHES}
        validated(known.notebook, given)
        folder, names = self._run(known.notebook, given | {"pictures": True}, known.figure)
        endings = (f".{form}",) if form in ("svg", "pdf") else (".png", "-screen.png")
        return [(folder / f"{known.figure}{end}").read_bytes() for end in endings if known.figure in names]

    def _given(self, record: FigureRecord) -> dict[str, Any]:
        """Return the record's parameters, checked; a table of the reader's own is the one given here, or refused."""
        notebook, given = record.notebook.name, dict(record.parameters)
        if notebook not in notebooks():
            raise RequestError(f"its record names notebook {notebook[:60]!a}, which this edition does not have.")
        for parameter in tables(settings_of(notebook)):
            if given.get(parameter):
                given[parameter] = str(self._own_table(record, parameter))
        validated(notebook, given)
        return given | {"pictures": True}

    def _own_table(self, record: FigureRecord, parameter: str) -> Path:
        wanted = next((dataset.sha256 for dataset in record.datasets if dataset.parameter == parameter), "")
        kept = wanted[:16] or "not kept"
        what = f"a table of its author's own ({record.parameters[parameter]!a:.80}, SHA-256 {kept})"
        if self._table is None:
            raise RequestError(f"it rests on {what}; give that table with --table FILE.")
        try:
            found = provenance.digest(self._table)
        except OSError as error:
            raise RequestError(f"{self._table} cannot be read: {error.strerror}.") from None
        if found != wanted:
            raise RequestError(f"it rests on {what}, and {self._table} is another (SHA-256 {found[:16]}).")
        return self._table.resolve()

    def _run(self, notebook: str, given: Mapping[str, Any], figure: str) -> tuple[Path, set[str]]:
        one = figure if self._alone else ""
        key = json.dumps([notebook, dict(given), one], sort_keys=True)
        if key not in self._done:
            folder = Path(self._stack.enter_context(tempfile.TemporaryDirectory(prefix="ewppr-verify-")))
            environment = with_commit({FIGURE_FOLDER: str(folder), ONE_FIGURE: one})
            if one and _made_alone(RunSpec(notebook, given), folder / f"{one}.csv", environment):
                self._done[key] = folder, {one}
                return self._done[key]
            from nbedition.kernels.engine import execute

            result = execute(RunSpec(notebook, given), warm=self._warm, timeout=SECONDS, environment=environment)
            if result.error:
                raise RequestError(f"notebook {notebook} fails when it is run again: {result.error}.")
            self._done[key] = folder, {figure["figure"] for figure in result.figures if figure["title"]}
        return self._done[key]


def _made_alone(spec: RunSpec, made: Path, environment: Mapping[str, str]) -> bool:
    """Run a notebook's cells without a kernel up to the figure that leaves a file; False where that is not enough."""
    command = [
        sys.executable,
        "-P",
        "-m",
        "nbedition.verify.up_to_figure",
        str(spec.path),
        json.dumps(dict(spec.parameters)),
    ]
    told = {**os.environ, **environment, ASKED: spec.as_asked(), "MPLBACKEND": "agg"}
    try:
        ended = subprocess.run(  # noqa: S603  our own module, and a notebook of the edition
            [*command, str(made)], env=told, capture_output=True, timeout=SECONDS, check=False
        )
    except subprocess.TimeoutExpired:
        return False
    return ended.returncode == 0 and made.is_file()
