"""The guide: every command of its pages runs as it stands there, and the tutorial leads where it says."""

import re
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest
from common import ROOT, WITH_VENV, Answer, blocks, commands, require_that_it_runs

from nbedition.cli import COMMANDS as OF_ALL

OF_README = commands(ROOT / "README.md")
OTHERS = ("check-a-table", "reform-model", "new-notebook")  # other tests run these
PAGES = [path for path in sorted((ROOT / "docs").glob("*.md")) if path.stem not in OTHERS]
SMALLER = {  # the same command with fewer runs, or without opening a browser
    "ewppr batch 04 --grid aid_share=0.001:0.01:10 --grid leverage=3,5,8 --out surface": (
        "ewppr batch 04 --grid aid_share=0.001:0.01:2 --set draws=200 --out surface"
    ),
    "JUPYTER_DEFAULT_PROVISIONER_NAME=ewppr-warm jupyter lab notebooks": (
        "JUPYTER_DEFAULT_PROVISIONER_NAME=ewppr-warm jupyter lab --version"
    ),
}


def runs_elsewhere(command: str) -> bool:
    """Whether another test runs it: the README's, or that of a make target."""
    of_readme = command in OF_README and command.startswith("ewppr run ")
    return of_readme or command.startswith(("make ", ". .venv/"))


@pytest.mark.parametrize("page", [page for page in PAGES if commands(page)], ids=lambda page: page.stem)
def test_every_command_of_a_page_runs(page: Path, tmp_path: Path, executed: Path, ewppr: Callable[..., Answer]):
    shutil.copytree(executed, tmp_path / "build")
    for command in commands(page):
        if not runs_elsewhere(command):
            require_that_it_runs(SMALLER.get(command, command), tmp_path, ewppr)


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.stem)
def test_every_command_that_a_page_names_exists(page: Path):
    named = set(re.findall(r"(?:^|`|&& )ewppr ([a-z]+)", page.read_text(encoding="utf-8"), re.MULTILINE))
    assert sorted(named - {command.name for command in OF_ALL} - {"simulate"}) == []


def test_the_make_targets_of_the_guide_exist():
    for target in sorted({command for page in PAGES for command in commands(page) if command.startswith("make ")}):
        ended = subprocess.run(["make", "-n", *target.split()[1:]], cwd=ROOT, capture_output=True, check=False)
        assert ended.returncode == 0, target


def test_the_python_of_the_guide_runs(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
):
    monkeypatch.chdir(tmp_path)
    made = subprocess.run("ewppr data show funding --csv > my.csv", shell=True, env=WITH_VENV, check=False)
    assert made.returncode == 0
    for name in ("own-data", "rounding-intervals"):
        for code in blocks((ROOT / f"docs/{name}.md").read_text(encoding="utf-8"), "python"):
            exec(compile(code, name, "exec"), {})
    said = capsys.readouterr().out
    assert "million yuan" in said
    assert "True False" in said


def test_every_page_stands_in_one_kind_of_the_contents():
    from nbedition.site.guide import KINDS, ordered

    found = ordered(ROOT / "docs")
    assert set(found) == set(KINDS)
    assert sorted(name for names in found.values() for name in names) == sorted(
        page.stem for page in ROOT.glob("docs/*.md")
    )
    assert all(found.values())
