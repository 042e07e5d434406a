"""The notebooks: thin, executed, and sensitive to every printed figure."""

import ast
import subprocess
import sys
from pathlib import Path

import nbformat
import pytest
from common import ROOT, replace
from notebook_code import code_cells, outputs_of, shows_something_else

from crossfoot.errors import DataError
from crossfoot.text import read_grid
from ewppr_lib.printed import HEADER_ROW
from nbedition.notebooks.parameters import settings_of
from nbedition.project import notebooks

NOTEBOOKS = sorted((ROOT / "notebooks").glob("*.ipynb"))
each_notebook = pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)


def parameters_cell(path: Path) -> str:
    tagged = [cell for cell in code_cells(path) if "parameters" in cell.metadata.get("tags", [])]
    assert len(tagged) == 1
    return tagged[0].source


@each_notebook
def test_a_notebook_defines_nothing(path: Path):
    defined = [
        node
        for cell in code_cells(path)
        for node in ast.walk(ast.parse(cell.source))
        if isinstance(node, ast.FunctionDef | ast.ClassDef | ast.Lambda | ast.With)
    ]
    assert not defined


@each_notebook
def test_a_notebook_opens_with_its_title_and_question(path: Path):
    first = nbformat.read(path, as_version=4).cells[0]
    assert first.source.startswith(f"# {path.stem[:2]} ")
    assert "**Question.**" in first.source


@each_notebook
def test_the_parameters_are_those_of_settings_annotated_and_commented(path: Path):
    source = parameters_cell(path)
    declared = settings_of(path.stem).model_fields
    assigned = {node.target.id: ast.literal_eval(node.value) for node in ast.parse(source).body}
    assert assigned == {name: field.default for name, field in declared.items()}
    assert all("  # " in line for line in source.splitlines())
    for node in ast.parse(source).body:
        assert isinstance(
            assigned[node.target.id], {"int": int, "float": float, "str": str, "bool": bool}[node.annotation.id]
        )


@each_notebook
def test_a_notebook_is_committed_executed_in_order_and_quiet(path: Path):
    cells = code_cells(path)
    assert [cell.execution_count for cell in cells] == list(range(1, len(cells) + 1))
    outputs = [output for cell in cells for output in cell.outputs]
    assert not [output for output in outputs if output.output_type == "error" or output.get("name") == "stderr"]


def test_the_committed_outputs_carry_no_place_of_the_machine_that_made_them():
    for path in NOTEBOOKS:
        text = path.read_text(encoding="utf-8")
        assert str(ROOT) not in text
        assert str(Path.home()) + "/" not in text


def figures_of(table: str) -> list[tuple[int, int]]:
    """Places of the cells that hold figures, from 0."""
    grid = read_grid(ROOT / f"data/printed/{table}.csv")
    return [
        (row, column)
        for row in range(HEADER_ROW + 1, len(grid))
        for column, cell in enumerate(grid[row])
        if cell[:1].isdigit()
    ]


def with_next_digit(cell: str) -> str:
    """Change the last digit of a figure by one."""
    place = max(i for i, character in enumerate(cell) if character.isdigit())
    return f"{cell[:place]}{(int(cell[place]) + 1) % 10}{cell[place + 1 :]}"


@pytest.mark.parametrize(
    ("table", "notebook", "figures"), [("table1", "02_funding_analysis", 54), ("table2", "03_capacity_building", 33)]
)
def test_every_printed_figure_shows_in_the_outputs_that_nbval_compares(
    table: str, notebook: str, figures: int, edition: Path, monkeypatch: pytest.MonkeyPatch
):
    path = notebooks()[notebook]
    before = outputs_of(path, monkeypatch)
    printed = edition / f"data/printed/{table}.csv"
    original = printed.read_text(encoding="utf-8")
    grid = read_grid(printed)
    places = figures_of(table)
    assert len(places) == figures
    unseen = []
    for row, column in places:
        lines = original.splitlines(keepends=True)
        cells = lines[row].rstrip("\n").split(",")
        assert cells[column] == grid[row][column]
        cells[column] = with_next_digit(cells[column])
        lines[row] = ",".join(cells) + "\n"
        printed.write_text("".join(lines), encoding="utf-8")
        try:
            seen = shows_something_else(path, monkeypatch, before)
        except DataError:  # the guard of a correction: the notebook's cell fails
            continue
        if not seen:
            unseen.append((row, column, grid[row][column]))
    assert unseen == []


@pytest.mark.slow
def test_nbval_goes_red_when_a_printed_digit_changes(edition: Path):
    replace(edition / "data/printed/table2.csv", ",5155,", ",5156,")
    notebook = edition / "notebooks/03_capacity_building.ipynb"
    command = [sys.executable, "-m", "pytest", "--nbval", str(notebook), "-q", "-p", "no:cacheprovider"]
    ended = subprocess.run(command, capture_output=True, text=True, cwd=edition, check=False)
    assert ended.returncode == 1, ended.stdout
    assert "mismatch" in ended.stdout


@pytest.mark.slow
def test_nbval_goes_red_when_only_a_drawn_figure_changes(edition: Path):
    notebook = edition / "notebooks/04_institutional_reform_options.ipynb"
    content = nbformat.read(notebook, as_version=4)
    for cell in content.cells:
        cell.source = cell.source.replace("data=fixed,", "data=fixed.iloc[::-1],")
    nbformat.write(content, notebook)
    command = [sys.executable, "-m", "pytest", "--nbval", str(notebook), "-q", "-p", "no:cacheprovider"]
    ended = subprocess.run(command, capture_output=True, text=True, cwd=edition, check=False)
    assert ended.returncode == 1, ended.stdout
    assert "sha256" in ended.stdout
