"""The house: how large it is, what its names are, and that opening a door changes nothing."""

import ast
import subprocess
import sys
from collections import defaultdict
from collections.abc import Iterable
from pathlib import Path

import pytest
from common import ROOT

PACKAGES = ("crossfoot", "nbedition", "ewppr_lib")
FILES = sorted(path for package in PACKAGES for path in (ROOT / package).rglob("*.py"))
LONGEST = 400  # lines of a file
MOST_LINES = {"crossfoot": 8_400, "nbedition": 14_700, "ewppr_lib": 9_450}
NOT_YET: frozenset[str] = frozenset()  # what does not hold yet

MIRRORS = (  # folders whose files are named after what they are the command, page or chart of
    "nbedition/cli",
    "nbedition/site",
    "ewppr_lib/charts",
)
SAME_FILES = {"__init__.py": "the face of a package", "cli.py": "the command line of a package"}
SAME_CLASSES = {"Settings": "the parameters of a notebook"}

HEAVY = {"numpy", "pandas", "matplotlib", "IPython", "nbformat", "papermill", "pydantic", "yaml"}
MOST_MODULES = {"import ewppr_lib": 29, "ewppr --help": 111}  # of Python 3.11; without a project file 29 and 107
HELP = """
import io, contextlib
from ewppr_lib.cli import main
with contextlib.redirect_stdout(io.StringIO()), contextlib.suppress(SystemExit):
    main(["--help"])
"""
NEWLY_IMPORTED = "import sys\nbefore = set(sys.modules)\n{}\nprint(*sorted(set(sys.modules) - before))"
CHANGES_NOTHING = """
import builtins, sys
import IPython
from IPython.core import interactiveshell
watched = (builtins, IPython, interactiveshell, interactiveshell.InteractiveShell)
def state():
    attributes = [{name: id(value) for name, value in vars(place).items()} for place in watched]
    return attributes, dict(sys.modules), sys.excepthook, sys.displayhook, sys.meta_path[:], sys.path[:]
before = state()
import crossfoot, nbedition, ewppr_lib
after = state()
assert before[0] == after[0], "an attribute of builtins or IPython"
assert before[2:] == after[2:], "hooks or paths"
replaced = [name for name, module in before[1].items() if sys.modules.get(name) is not module]
assert not replaced, replaced
"""


def holds(part: str) -> pytest.MarkDecorator:
    return pytest.mark.skipif(part in NOT_YET, reason="does not hold yet")


def of(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


def lines(paths: Iterable[Path]) -> int:
    return sum(len(path.read_text(encoding="utf-8").splitlines()) for path in paths)


@holds("file")
def test_no_file_is_long():
    assert {of(path): lines([path]) for path in FILES if lines([path]) > LONGEST} == {}


@holds("lines")
def test_the_packages_stay_small():
    count = {package: lines(path for path in FILES if of(path).startswith(f"{package}/")) for package in PACKAGES}
    assert {package: most for package, most in MOST_LINES.items() if count[package] > most} == {}


@holds("file names")
def test_a_file_name_stands_once_unless_it_plays_the_same_part():
    found = defaultdict(list)
    for path in FILES:
        if of(path.parent) not in MIRRORS and path.name not in SAME_FILES:
            found[path.name].append(of(path))
    assert {name: places for name, places in found.items() if len(places) > 1} == {}


@holds("class names")
def test_a_class_name_stands_once_unless_it_plays_the_same_part():
    found = defaultdict(list)
    for path in FILES:
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.ClassDef) and node.name not in SAME_CLASSES:
                found[node.name].append(of(path))
    assert {name: places for name, places in found.items() if len(places) > 1} == {}


def run_alone(code: str) -> str:
    """What code prints in a process of its own."""
    ended = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=False)
    assert ended.returncode == 0, ended.stderr
    return ended.stdout


@pytest.mark.parametrize("package", PACKAGES)
def test_a_package_is_opened_without_anything_heavy(package: str):
    imported = {name.partition(".")[0] for name in run_alone(NEWLY_IMPORTED.format(f"import {package}")).split()}
    assert package in imported
    assert imported & HEAVY == set()


def test_opening_the_packages_changes_nothing_in_python_or_ipython():
    run_alone(CHANGES_NOTHING)


@holds("modules")
@pytest.mark.skipif(sys.version_info[:2] != (3, 11), reason="counted with Python 3.11")
@pytest.mark.parametrize(("what", "code"), [("import ewppr_lib", "import ewppr_lib"), ("ewppr --help", HELP)])
def test_opening_the_edition_imports_no_more_modules_than_it_did(what: str, code: str):
    assert len(run_alone(NEWLY_IMPORTED.format(code)).split()) <= MOST_MODULES[what]
