"""What the tests share: a copy of the edition to spoil, and the command line in-process."""

import shutil
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest

from ewppr_lib.cli import main

ROOT = Path(__file__).resolve().parent.parent


@dataclass(frozen=True)
class Answer:
    """What a command said: exit code, standard output, standard error."""

    code: int
    out: str
    err: str


@pytest.fixture
def edition(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A copy of data and notebooks that the library reads instead of the shipped ones."""
    home = tmp_path / "edition"
    shutil.copytree(ROOT / "data", home / "data")
    shutil.copytree(ROOT / "notebooks", home / "notebooks", ignore=shutil.ignore_patterns(".*"))
    monkeypatch.setenv("EWPPR_HOME", str(home))
    return home


@pytest.fixture
def ewppr(capsys: pytest.CaptureFixture[str]) -> Callable[..., Answer]:
    """The command line, called with its arguments as text."""

    def call(*arguments: str | Path) -> Answer:
        capsys.readouterr()
        try:
            main([str(argument) for argument in arguments])
            code = 0
        except SystemExit as stop:
            code = int(stop.code or 0)
        said = capsys.readouterr()
        return Answer(code, said.out, said.err)

    return call


def replace(path: Path, old: str, new: str) -> None:
    """Replace one text that stands exactly once in a file."""
    text = path.read_text(encoding="utf-8")
    assert text.count(old) == 1, f"{old!r} stands {text.count(old)} times in {path.name}"
    path.write_text(text.replace(old, new), encoding="utf-8")
