"""Running a notebook's code in this process, to see what it would leave in its outputs."""

import ast
import builtins
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import nbformat
import pandas as pd
import pytest

from nbedition.notebooks import recorder as record

SMALL = "04_institutional_reform_options"  # the notebook that the fixture `small` replaces
CELLS = (
    "aid_share: float = 0.001  # share",
    f"import ewppr_lib\n\nrun = ewppr_lib.start('{SMALL}', aid_share=aid_share)",
    "run.record('share', aid_share, 'share')",
)


def code_cells(path: Path) -> list[Any]:
    """The code cells of a notebook file."""
    return [cell for cell in nbformat.read(path, as_version=4).cells if cell.cell_type == "code"]


def write_notebook(path: Path, *cells: str) -> Path:
    """Write a notebook of code cells, the first with its parameters."""
    content = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(cell) for cell in cells])
    content.cells[0].metadata["tags"] = ["parameters"]
    content.metadata["kernelspec"] = {"name": "python3", "display_name": "Python 3", "language": "python"}
    nbformat.write(content, path)
    return path


def keep_figures(path: Path, *names: str) -> None:
    """Take out of a notebook the calls that draw other figures than those named."""
    content = nbformat.read(path, as_version=4)
    for cell in content.cells:
        if cell.cell_type == "code":
            kept = [node for node in ast.parse(cell.source).body if _figure_of(node) in (None, *names)]
            lines = cell.source.splitlines()
            cell.source = "\n".join("\n".join(lines[node.lineno - 1 : node.end_lineno]) for node in kept)
    nbformat.write(content, path)


def _figure_of(node: ast.stmt) -> str | None:
    """The name of the figure that a statement draws, if it does."""
    call = node.value if isinstance(node, ast.Expr) else None
    if isinstance(call, ast.Call) and getattr(call.func, "attr", "") == "figure":
        return str(ast.literal_eval(call.args[1]))
    return None


class Shown(list[str]):
    """What a notebook shows; once it differs from what was shown before, `Differs` is raised."""

    def __init__(self, before: list[str] | None) -> None:
        super().__init__()
        self.before = before

    def append(self, text: str) -> None:
        super().append(text)
        if self.before is not None and (len(self) > len(self.before) or self.before[len(self) - 1] != text):
            raise Differs


class Differs(Exception):
    """A notebook shows something else than before."""


def shows_something_else(path: Path, monkeypatch: pytest.MonkeyPatch, before: list[str]) -> bool:
    """Whether a notebook shows something else than before; it is run no further than to the first difference."""
    try:
        return outputs_of(path, monkeypatch, before=before) != before
    except Differs:
        return True


def outputs_of(
    path: Path, monkeypatch: pytest.MonkeyPatch, *, before: list[str] | None = None, **parameters: Any
) -> list[str]:
    """Everything that a notebook shows, as text, pictures left out; see `Shown` for what is given as before."""
    shown = Shown(before)
    monkeypatch.setattr(record, "_show", lambda text, *rest, **more: shown.append(f"{text} {rest}"))
    monkeypatch.setattr(record, "Picture", lambda _figure: SimpleNamespace())
    monkeypatch.setattr(record, "file_of", lambda *_: b"")
    monkeypatch.setattr("IPython.display.display", lambda forms, **_: shown.append(forms["text/plain"]))

    def display(value: Any) -> None:
        shown.append(value.to_csv() if isinstance(value, pd.DataFrame) else repr(value))

    names: dict[str, Any] = {"display": display, "__builtins__": builtins}
    for cell in code_cells(path):
        tree = ast.parse(cell.source)
        last = tree.body.pop() if tree.body and isinstance(tree.body[-1], ast.Expr) else None
        exec(compile(tree, path.name, "exec"), names)
        if "parameters" in cell.metadata.get("tags", []):
            names.update(parameters)
        if last is not None:
            value = eval(compile(ast.Expression(last.value), path.name, "eval"), names)
            if value is not None:
                display(value)
    return shown


def draw_figures(path: Path, folder: Path, patch: pytest.MonkeyPatch) -> None:
    """Run a notebook's code in this process and leave its figure files in a folder."""
    patch.setenv(record.FIGURE_FOLDER, str(folder))
    patch.setattr(record, "_show", lambda *_, **__: None)
    names: dict[str, Any] = {"display": lambda _value: None, "__builtins__": builtins}
    for cell in code_cells(path):
        exec(compile(cell.source, path.name, "exec"), names)
