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


def code_cells(path: Path) -> list[Any]:
    """The code cells of a notebook file."""
    return [cell for cell in nbformat.read(path, as_version=4).cells if cell.cell_type == "code"]


def outputs_of(path: Path, monkeypatch: pytest.MonkeyPatch, **parameters: Any) -> list[str]:
    """Everything that a notebook shows, as text, pictures left out."""
    shown: list[str] = []
    monkeypatch.setattr(record, "_show", lambda text, *rest, **more: shown.append(f"{text} {rest}"))
    monkeypatch.setattr(record, "Picture", lambda _figure: SimpleNamespace())
    monkeypatch.setattr(record, "file_of", lambda *_: b"")

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
