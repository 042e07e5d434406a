"""What the tests share: where the checkout is, the command line's answers, and the commands that documents name."""

import os
import re
import shlex
import subprocess
import sys
import textwrap
from collections.abc import Callable
from contextlib import chdir
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
NEAR = ("NBEDITION_HOME", "EWPPR_HOME", "PYTHONPATH", "VIRTUAL_ENV")
WITH_VENV = os.environ | {"PATH": f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"}


@dataclass(frozen=True)
class Answer:
    """What a command said: exit code, standard output, standard error."""

    code: int
    out: str
    err: str


def steps(call: Callable[[], object]) -> int:
    """Return how many lines of Python a call executes: its work, however busy the machine is."""
    count, before = 0, sys.gettrace()

    def trace(_frame: object, event: str, _given: object) -> object:
        nonlocal count
        count += event == "line"
        return trace

    sys.settrace(trace)
    try:
        call()
    finally:
        sys.settrace(before)
    return count


def replace(path: Path, old: str, new: str) -> None:
    """Replace one text that stands exactly once in a file."""
    text = path.read_text(encoding="utf-8")
    assert text.count(old) == 1, f"{old!r} stands {text.count(old)} times in {path.name}"
    path.write_text(text.replace(old, new), encoding="utf-8")


def far_from_here() -> dict[str, str]:
    """The environment without what leads to the checkout."""
    return {name: value for name, value in os.environ.items() if name not in NEAR}


def say(command: Path, *arguments: str, cwd: Path, code: int = 0, home: Path | None = None) -> str:
    """Run the installed command, with nothing near that it could take for its own; return what it printed."""
    environment = far_from_here() | ({"NBEDITION_HOME": str(home)} if home else {})
    ended = subprocess.run([command, *arguments], cwd=cwd, env=environment, capture_output=True, text=True, check=False)
    assert ended.returncode == code, f"{arguments}: {ended.stdout}{ended.stderr}"
    assert "Traceback" not in ended.stderr
    return ended.stdout + ended.stderr


def blocks(text: str, language: str) -> list[str]:
    """The code blocks of one language in a document, without their indent."""
    found = re.findall(rf"^( *)```{language}\n(.*?)^ *```", text, re.MULTILINE | re.DOTALL)
    return [textwrap.dedent(block) for _, block in found]


def commands(document: Path) -> list[str]:
    """The shell commands that a document names, in order."""
    text = document.read_text(encoding="utf-8")
    return [line for block in blocks(text, "sh") for line in block.splitlines() if line]


def require_that_it_runs(command: str, cwd: Path, ewppr: Callable[..., Answer]) -> None:
    """Run a command as it stands in a document; a benchmark, which is for the checkout, may miss its limit.

    What a shell adds nothing to but the name of a file for the output is called in this process.
    """
    if plain := re.fullmatch(r"ewppr ([^|&;<>$`]*?)(?: > (\S+))?", command):
        with chdir(cwd):
            answer = ewppr(*shlex.split(plain[1]))
            assert answer.code == 0, f"{command}: {answer.err}"
            if plain[2]:
                Path(plain[2]).write_text(answer.out, encoding="utf-8")
        return
    benchmark = command.startswith("python benchmarks/")
    ended = subprocess.run(
        command, shell=True, cwd=ROOT if benchmark else cwd, env=WITH_VENV, capture_output=True, text=True, check=False
    )
    assert ended.returncode in ((0, 1) if benchmark else (0,)), f"{command}: {ended.stderr}"
    assert "Traceback" not in ended.stderr, ended.stderr


def crate_faults(folder: Path, profile: str, severity: str = "REQUIRED") -> str:
    """What the public validator finds in an unpacked crate; nothing where it holds."""
    command = [sys.executable, str(ROOT / "tests/crate_validity.py"), str(folder), profile, severity]
    ended = subprocess.run(command, capture_output=True, text=True, check=False)
    assert "Traceback" not in ended.stderr, ended.stderr
    return ended.stdout if ended.returncode else ""
