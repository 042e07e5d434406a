"""What a notebook may import: read from cells and library, and held against what running it does import."""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import nbformat
import pytest

from nbedition.kernels import driver
from nbedition.kernels.engine import execute_in_fork
from nbedition.kernels.preload import HEAVY_PACKAGES
from nbedition.kernels.wire import RunSpec
from nbedition.notebooks.dependencies import may_import
from nbedition.project import notebooks

SAYS_WHAT_IS_THERE = "import sys\nprint(sorted({'scipy', 'seaborn', 'statsmodels'} & set(sys.modules)))"
RUN = """
import json, sys
from IPython.display import display
names = {"display": display}
for cell in json.loads(sys.stdin.read()):
    exec(cell, names)
print("\\n" + json.dumps(sorted({name.split(".")[0] for name in sys.modules})))
"""


def written(path: Path, *cells: str) -> Path:
    notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(cell) for cell in cells])
    nbformat.write(notebook, path)
    return path


def printed(path: Path) -> str:
    content: Any = json.loads(execute_in_fork(RunSpec(str(path)), timeout=120).content)
    return "".join(text for cell in content["cells"] for output in cell["outputs"] for text in output["text"]).strip()


@pytest.mark.slow
@pytest.mark.parametrize("name", sorted(notebooks()))
def test_a_notebook_imports_heavy_packages_where_it_is_said_that_it_may(name: str):
    cells = [cell.source for cell in nbformat.read(notebooks()[name], 4).cells if cell.cell_type == "code"]
    done = subprocess.run(
        [sys.executable, "-c", RUN], input=json.dumps(cells), capture_output=True, text=True, check=True
    )
    imported = set(json.loads(done.stdout.splitlines()[-1]))
    assert may_import(notebooks()[name], HEAVY_PACKAGES) == bool(HEAVY_PACKAGES & imported)


@pytest.mark.parametrize(
    "cell",
    [
        "import scipy",
        "import json, scipy.stats as stats",
        "def later():\n    from scipy.optimize import brentq",
        "from ewppr_lib.study import (\n    donors,\n    funding_growth,\n)",
        "if True: pass\nimport ewppr_lib.study.funding_growth",
    ],
)
def test_an_import_is_found_wherever_it_stands(tmp_path: Path, cell: str):
    path = written(tmp_path / "some.ipynb", "x = 1", cell)
    assert may_import(path, frozenset({"scipy"}))
    assert not may_import(path, frozenset({"sklearn"}))


def test_what_only_looks_like_an_import_is_none(tmp_path: Path):
    path = written(tmp_path / "some.ipynb", "# import scipy\nimportant = 'scipy'\nx = important + ' scipy'")
    assert not may_import(path, frozenset({"scipy"}))


@pytest.mark.slow
@pytest.mark.skipif(not driver.possible(), reason="kernels are forked on Linux alone")
def test_the_server_imports_heavy_packages_for_the_first_notebook_that_may_use_them(tmp_path: Path):
    light = written(tmp_path / "light.ipynb", SAYS_WHAT_IS_THERE)
    heavy = written(tmp_path / "heavy.ipynb", "if False:\n    import scipy", SAYS_WHAT_IS_THERE)
    driver.close()
    try:
        assert printed(light) == "[]"
        assert printed(heavy) == "['scipy', 'seaborn', 'statsmodels']"
        assert printed(light) == "['scipy', 'seaborn', 'statsmodels']"
    finally:
        driver.close()
