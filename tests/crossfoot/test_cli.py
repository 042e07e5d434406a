"""The command ``crossfoot``: what it answers, what it refuses in one sentence, and how little it imports."""

import os
import re
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

import crossfoot
from crossfoot.cli import main
from crossfoot.suggest import relations_text, suggest_relations

ROOT = Path(__file__).parents[2]
SCHOOLS = ROOT / "docs/examples/schools.csv"
SHOULD_HOLD = SCHOOLS.with_suffix(".yml")
FOREIGN = {"pandas", "numpy", "scipy", "IPython", "nbformat", "matplotlib", "nbedition", "ewppr_lib", "pydantic"}

Answer = tuple[int, str, str]
Command = Callable[..., Answer]


@pytest.fixture
def command(capsys: pytest.CaptureFixture[str]) -> Command:
    """``crossfoot`` in this process: exit code, output and errors."""

    def call(*arguments: str | Path) -> Answer:
        code = 0
        try:
            main([str(argument) for argument in arguments])
        except SystemExit as stop:
            code = int(stop.code or 0)
        said = capsys.readouterr()
        return code, said.out, said.err

    return call


def test_a_table_whose_relations_fail_is_reported_with_exit_code_one(command: Command) -> None:
    code, out, err = command(SCHOOLS, "--relations", SHOULD_HOLD)
    assert code == 1
    assert out.startswith("33 hold, 2 fail, 0 cannot be told\n- ")
    assert "two digits transposed: 'Buildings' in '2020 / Actual' (49,51) read as 45.91" in out
    assert err == f"crossfoot: 2 of 35 relations fail in {SCHOOLS}.\n"


def test_without_relations_a_table_is_checked_against_what_it_suggests_itself(command: Command) -> None:
    code, out, _ = command(SCHOOLS, "--relations", SHOULD_HOLD)
    assert (code, out) == command(SCHOOLS)[:2]


def test_what_it_suggests_is_a_relations_file_and_the_support_goes_beside_it(command: Command) -> None:
    code, out, err = command(SCHOOLS, "--suggest")
    found = suggest_relations(crossfoot.read_table(SCHOOLS))
    assert (code, out) == (0, relations_text(found))
    assert err.splitlines() == [*(each.sentence for each in found), found.note]


def test_a_table_that_agrees_with_itself_ends_with_exit_code_zero(command: Command, tmp_path: Path) -> None:
    mended = tmp_path / "schools.csv"
    mended.write_text(SCHOOLS.read_text(encoding="utf-8").replace("49,51", "45,91"), encoding="utf-8")
    assert command(mended, "--relations", SHOULD_HOLD) == (0, "35 hold, 0 fail, 0 cannot be told\n", "")


def test_the_page_on_own_tables_shows_what_the_commands_print(
    command: Command, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(ROOT)
    page = (ROOT / "docs/check-a-table.md").read_text(encoding="utf-8")
    blocks = re.findall(r"```sh\ncrossfoot (.*?)\n```\n.*?```text\n(.*?)```", page, re.DOTALL)
    assert len(blocks) == 2
    for arguments, shown in blocks:
        _, out, err = command(*arguments.partition(" >")[0].split())
        assert shown.strip() == (out if "--relations" in arguments else err).strip()


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        ((), "Missing argument 'TABLE'"),
        (("none.csv",), "none.csv does not exist."),
        ((".",), ". cannot be read: Is a directory."),
        (("empty.csv",), "empty.csv is empty."),
        (("binary.csv",), "binary.csv is not UTF-8 text (byte 0xff at position 0); save it as UTF-8."),
        (("loop.csv",), "loop.csv cannot be read: Too many levels of symbolic links."),
        (("/dev/zero",), "/dev/zero is larger than 50 MB; a table is expected."),
        ((f"{'long' * 99}.csv",), "cannot be read: File name too long."),
        (("words.csv",), "words.csv: no line is split by a comma, semicolon or tab"),
        (("good.csv", "--bogus"), "No such option '--bogus'"),
        (("good.csv", "other.csv"), "unexpected extra argument (other.csv)"),
        (("good.csv", "--relations"), "Option '--relations' requires an argument."),
        (("good.csv", "--relations", "none.yml"), "none.yml does not exist."),
        (("good.csv", "--relations", "."), ". is not a file; a relations file in YAML is expected."),
        (("good.csv", "--relations", "empty.csv"), "empty.csv is empty; a mapping with 'relations' or 'tables'"),
        (("good.csv", "--relations", "binary.csv"), "binary.csv is not UTF-8 text"),
        (("good.csv", "--relations", f"{'long' * 99}.yml"), "cannot be read: File name too long."),
        (("good.csv", "--relations", "words.csv"), "a mapping with 'relations' or 'tables' is expected, got 'a b'."),
        (("good.csv", "--relations", "good.csv", "--suggest"), "--suggest proposes relations; --relations does not go"),
        (("good.csv", "--suggest", "--format", "json"), "--suggest prints a relations file; --format does not go"),
        (("good.csv", "--format", "xml"), "'xml' is not one of 'text', 'json', 'csv'."),
        (("good.csv", "--decimal", ";"), "';' is not one of '.', ','."),
    ],
)
def test_a_request_that_is_wrong_gets_one_sentence_and_exit_code_two(
    arguments: tuple[str, ...], said: str, command: Command, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("empty.csv").touch()
    Path("binary.csv").write_bytes(b"\xff\xfe\x00PNG")
    Path("loop.csv").symlink_to("loop.csv")
    Path("words.csv").write_text("a\nb\n", encoding="utf-8")
    Path("good.csv").write_text("Item,2003\nA,1\nB,2\n", encoding="utf-8")
    code, out, err = command(*arguments)
    assert (code, out) == (2, "")
    assert err.startswith("crossfoot: ")
    assert said in err
    assert err.count("\n") == 1


@pytest.mark.parametrize("options", [("--relations", str(SHOULD_HOLD)), ("--suggest",)])
def test_a_check_imports_no_frames_no_arrays_no_notebooks_and_no_study(options: tuple[str, ...]) -> None:
    called = [sys.executable, "-X", "importtime", "-m", "crossfoot.cli", str(SCHOOLS), *options]
    home = {name: value for name, value in os.environ.items() if not name.startswith("COV")}
    told = subprocess.run(called, capture_output=True, text=True, env=home, check=False)
    assert told.returncode == (0 if "--suggest" in options else 1), told.stderr
    imported = {line.rsplit("|", 1)[1].strip() for line in told.stderr.splitlines() if line.startswith("import time:")}
    assert {"crossfoot.read.files", "click"} <= imported
    assert not {name for name in imported if name.partition(".")[0] in FOREIGN}


def test_the_public_face_is_what_all_names_and_every_name_has_an_example() -> None:
    names = ["audit_table", "read_relations", "read_table", "suggest_relations"]
    assert crossfoot.__all__ == ["Interval", "__version__", *names]
    for name in ["Interval", *names]:
        assert ">>>" in (getattr(crossfoot, name).__doc__ or "")
    with pytest.raises(AttributeError, match="has no attribute 'audit'"):
        crossfoot.audit  # noqa: B018
