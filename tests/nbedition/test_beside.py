"""A stranger's folder: its modules are not imported unasked, its texts do not reach the terminal as commands."""

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import pytest
from common import ROOT

from nbedition.cli import main
from nbedition.figures import read_file
from nbedition.kernels import driver
from nbedition.kernels.engine import execute, execute_in_fork
from nbedition.kernels.wire import RunSpec
from nbedition.new_study import new_study
from nbedition.project import notebooks
from nbedition.verify.figure import _table

TAKEN = ("random", "json", "importlib", "yaml", "pandas", "IPython", "ipykernel_launcher", "nbedition", "crossfoot")
MARK = "a-module-beside-was-imported"


@pytest.fixture
def beside(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """The current folder, with modules that leave a mark if they are imported."""
    for name in TAKEN:
        (tmp_path / f"{name}.py").write_text(f"open({MARK!r}, 'w').close()\nraise SystemExit({name!r})\n")
    monkeypatch.setenv("NBEDITION_HOME", str(ROOT))
    monkeypatch.chdir(tmp_path)
    yield tmp_path
    assert not (tmp_path / MARK).exists()


def test_reading_a_figure_imports_nothing_from_the_current_folder(beside: Path) -> None:
    (figure,) = (ROOT / "tests" / "pictures").glob("tornado.png")
    copied = beside / "figure.png"
    shutil.copy(figure, copied)
    assert not read_file.read_file(copied).problem


@pytest.mark.slow
@pytest.mark.skipif(not driver.possible(), reason="kernels are forked on Linux alone")
@pytest.mark.parametrize("way", ["plain", "warm", "fork"])
def test_no_kernel_imports_from_the_current_folder(beside: Path, way: str) -> None:
    spec = RunSpec(str(ROOT / "tests" / "awkward" / "streams.ipynb"))
    done = execute_in_fork(spec, timeout=60) if way == "fork" else execute(spec, warm=way == "warm", timeout=60)
    driver.close()
    assert done.error is None


@pytest.mark.slow
@pytest.mark.parametrize(
    "command", [("params",), ("data", "list"), ("batch", "01", "--grid", "draws=199,299", "--dry-run")]
)
def test_commands_that_only_look_import_nothing_from_the_current_folder(beside: Path, command: tuple[str, ...]) -> None:
    more = ("--out", "out") if "--dry-run" in command else ()
    called = [sys.executable, "-P", "-m", "ewppr_lib.cli", *command, *more]
    home = os.environ | {"PYTHONPATH": str(ROOT)}
    ended = subprocess.run(called, env=home, capture_output=True, text=True, check=False)
    assert (ended.returncode, "Traceback" in ended.stderr) == (0, False), ended.stderr


@pytest.mark.parametrize("command", [("--help",), ("more",), ("more", "--help"), ("params",)])
def test_the_study_is_named_before_any_of_its_code_is_run(
    command: tuple[str, ...], tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    new_study(study := tmp_path / "theirs")
    with (study / "study.toml").open("a") as project_file:
        project_file.write('commands = { more = "more:more" }\n')
    says = "import os\nos.write(2, b'code of the study\\n')\n"
    (study / "study" / "more.py").write_text(f"{says}import click\n\n@click.command()\ndef more():\n    pass\n")
    schools = study / "study" / "schools.py"
    schools.write_text(schools.read_text().replace("import", f"{says}import", 1))
    monkeypatch.delenv("NBEDITION_HOME", raising=False)
    monkeypatch.chdir(study)
    with suppress(SystemExit):
        main(list(command))
    said = capfd.readouterr().err.splitlines()
    assert said[:2] == [f"study my-study in {study}", "code of the study"]


@pytest.mark.parametrize(
    "command", [["data", "list"], ["data", "show", "schools"], ["cite", "study"], ["audit"], ["params"], ["extra"]]
)
def test_control_characters_of_a_study_reach_the_terminal_escaped(
    command: list[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    new_study(study := tmp_path / "theirs")
    for path in (study / "data" / "datapackage.yml", study / "data" / "sources.yml", study / "data" / "claims.csv"):
        text = path.read_text(encoding="utf-8")
        said = "\x1b]0;name\x07" if path.suffix == ".csv" else "\\e]0;name\\a"
        for old in ("Pupils and teachers of Linden County by year (Table 1)", "Report on schools", "A teacher had"):
            text = text.replace(old, f'"{said}"' if path.suffix == ".yml" else said)
        path.write_text(text, encoding="utf-8")
    monkeypatch.delenv("NBEDITION_HOME", raising=False)
    monkeypatch.chdir(study)
    printed: list[str] = []
    monkeypatch.setattr("click.echo", lambda said="", **_how: printed.append(str(said)))
    with suppress(SystemExit):
        main(command)
    assert printed
    assert "\\x1b]0;name\\x07" in "".join(printed) or command[0] not in ("data", "audit")
    assert all(one.isprintable() or one == "\n" for one in "".join(printed))


def test_a_device_that_lies_where_a_file_is_expected_is_not_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    new_study(study := tmp_path / "theirs")
    for name in ("figure.csv", "notebooks/02_endless.ipynb"):
        (study / name).symlink_to("/dev/null")
    monkeypatch.setenv("NBEDITION_HOME", str(study))
    assert [*notebooks()] == ["01_schools"]
    assert _table(study / "figure.png") is None
