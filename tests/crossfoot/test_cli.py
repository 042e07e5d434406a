"""The command ``crossfoot``: what it answers, what it refuses in one sentence, and how little it imports."""

import errno
import os
import re
import signal
import subprocess
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path

import pytest

import crossfoot
from crossfoot.cli import main
from crossfoot.errors import RequestError
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


def test_a_report_begins_with_the_cells_that_were_not_read_and_strict_refuses_them(
    command: Command, tmp_path: Path
) -> None:
    table = tmp_path / "t.csv"
    table.write_text("Item,a,b\nMen,about 5,4\nWomen,2,3\nAll,7,7\n", encoding="utf-8")
    said = "1 of 6 cells not read: row 'Men', column 'a': 'about 5': a figure or a mark for a missing one expected."
    assert command(table)[:2] == (0, f"{said}\n0 hold, 0 fail, 0 cannot be told\n")
    assert command(table, "--suggest")[2].startswith(f"{said}\n")
    assert command(table, "--strict") == (2, "", f"crossfoot: {table}: {said}\n")


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
        ((), "Missing argument 'TABLE...'"),
        (("none.csv",), "none.csv does not exist."),
        ((".",), ". cannot be read: Is a directory."),
        (("empty.csv",), "empty.csv is empty."),
        (("binary.csv",), "binary.csv is not UTF-8 text (byte 0xff at position 0); save it as UTF-8."),
        (("loop.csv",), "loop.csv cannot be read: Too many levels of symbolic links."),
        (("/dev/zero",), "/dev/zero is larger than 50 MB; a table is expected."),
        ((f"{'long' * 99}.csv",), "cannot be read: File name too long."),
        (("words.csv",), "words.csv: no line is split by a comma, semicolon or tab"),
        (("good.csv", "--bogus"), "No such option '--bogus'"),
        (("good.csv", "good.csv", "--format", "json"), "--format, --suggest and --export-rules go with one table;"),
        (("good.csv", "--rules", "none.yml"), "none.yml does not exist."),
        (("good.csv", "--rules", "words.csv"), "words.csv holds no rules; a YAML file of R's validate"),
        (("good.csv", "--rules", "x.yml", "--relations", "x.yml"), "give either --relations or --rules, not both."),
        (("good.csv", "--rules", "x.yml", "--suggest"), "--suggest proposes relations; --rules does not go with it."),
        (("good.csv", "--relations"), "Option '--relations' requires an argument."),
        (("good.csv", "--relations", "none.yml"), "none.yml does not exist."),
        (("good.csv", "--relations", "."), ". is not a file; a relations file in YAML is expected."),
        (("good.csv", "--relations", "empty.csv"), "empty.csv is empty; a mapping with 'relations' or 'tables'"),
        (("good.csv", "--relations", "binary.csv"), "binary.csv is not UTF-8 text"),
        (("good.csv", "--relations", f"{'long' * 99}.yml"), "cannot be read: File name too long."),
        (("good.csv", "--relations", "words.csv"), "a mapping with 'relations' or 'tables' is expected, got 'a b'."),
        (("good.csv", "--relations", "good.csv", "--suggest"), "--suggest proposes relations; --relations does not go"),
        (("good.csv", "--suggest", "--format", "json"), "--suggest prints a relations file; --format does not go"),
        (("good.csv", "--format", "xml"), "'xml' is not one of 'text', 'json', 'csv', 'sarif', 'html'."),
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


@pytest.mark.parametrize(
    ("raised", "said"),
    [
        (MemoryError(), "there is not enough memory for this."),
        (OSError(errno.ENOSPC, "No space left on device"), "what is read or written: No space left on device."),
        (PermissionError(errno.EACCES, "Permission denied", "out/x"), "out/x: Permission denied."),
        (RuntimeError("can't start new thread"), "the system starts no more threads or processes;"),
        (RequestError("label \x1b[31m\nand more."), "label \\x1b[31m and more."),
    ],
)
def test_what_a_machine_or_a_file_does_to_a_command_is_one_sentence_and_exit_code_two(
    raised: Exception, said: str, command: Command, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_arguments: object, **_named: object) -> None:
        raise raised

    monkeypatch.setattr("crossfoot.cli.check", fail)
    code, out, err = command(SCHOOLS)
    assert (code, out, err.count("\n")) == (2, "", 1)
    assert err.startswith(f"crossfoot: {said}")


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="only Linux has a device that is always full")
def test_a_disk_that_is_full_is_one_sentence_and_exit_code_two() -> None:
    with Path("/dev/full").open("w") as full:
        called = [sys.executable, "-m", "crossfoot.cli", "--help"]
        ended = subprocess.run(called, stdout=full, stderr=subprocess.PIPE, text=True, check=False)
    assert (ended.returncode, ended.stderr) == (2, "crossfoot: what is read or written: No space left on device.\n")


@pytest.mark.parametrize(("number", "said"), [(signal.SIGINT, "interrupted"), (signal.SIGTERM, "told to end")])
def test_a_signal_to_end_gets_a_word_and_its_exit_code_and_what_was_begun_is_put_away(
    number: int, said: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    def check(*_arguments: object, **_named: object) -> None:
        with tempfile.TemporaryDirectory(dir=tmp_path):
            os.kill(os.getpid(), number)

    monkeypatch.setattr("crossfoot.cli.check", check)
    own = signal.SIG_DFL if number == signal.SIGTERM else signal.default_int_handler
    before = signal.signal(number, own)  # a shell may have it ignored
    with pytest.raises(SystemExit) as stop:
        main([str(SCHOOLS)])
    after = signal.signal(number, before)
    assert (stop.value.code, capfd.readouterr().err.strip()) == (128 + number, f"crossfoot: {said}.")
    assert (after, list(tmp_path.iterdir())) == (own, [])


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
    names = ["check", "read_relations", "read_table", "suggest_relations"]
    assert crossfoot.__all__ == ["Interval", "__version__", *names]
    for name in ["Interval", *names]:
        assert ">>>" in (getattr(crossfoot, name).__doc__ or "")
    with pytest.raises(AttributeError, match="has no attribute 'audit'"):
        crossfoot.audit  # noqa: B018
