"""What the tests share: a copy of the edition to spoil, and the command line in-process."""

import os
import shutil
import subprocess
import sys
import sysconfig
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest
from site_pages import BuiltSite

from ewppr_lib.cli import main

ROOT = Path(__file__).resolve().parent.parent
NEAR = ("NBEDITION_HOME", "EWPPR_HOME", "PYTHONPATH", "VIRTUAL_ENV")


@dataclass(frozen=True)
class Answer:
    """What a command said: exit code, standard output, standard error."""

    code: int
    out: str
    err: str


@pytest.fixture
def edition(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A copy of data, words and notebooks that the library reads instead of the shipped ones."""
    home = tmp_path / "edition"
    for part in ("data", "locale"):
        shutil.copytree(ROOT / part, home / part)
    shutil.copytree(ROOT / "notebooks", home / "notebooks", ignore=shutil.ignore_patterns(".*"))
    for name in ("pyproject.toml", "CITATION.cff", "LICENSE"):
        shutil.copy(ROOT / name, home)
    monkeypatch.setenv("NBEDITION_HOME", str(home))
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


@pytest.fixture(scope="session")
def installed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The command line of the built wheel, in an environment that sees the locked packages but not the checkout."""
    place = tmp_path_factory.mktemp("installed")
    build = [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(place)]
    subprocess.run(build, cwd=ROOT, check=True, capture_output=True)
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", str(place / "venv")], check=True)
    binaries = place / "venv" / ("Scripts" if os.name == "nt" else "bin")
    python = binaries / "python"
    (wheel,) = place.glob("*.whl")
    install = [sys.executable, "-m", "pip", "--python", str(python), "install", "--no-deps", "--no-index", str(wheel)]
    subprocess.run(install, check=True, capture_output=True)
    (site,) = (place / "venv").rglob("site-packages")
    (site / "locked.pth").write_text(sysconfig.get_path("purelib"))
    return binaries / "ewppr"


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


@pytest.fixture(scope="session")
def executed(request: pytest.FixtureRequest) -> Path:
    """All notebooks, run once into a folder that is kept between test runs; what has not changed is not run again."""
    place = Path(request.config.cache.mkdir("executed"))
    command = [sys.executable, "-m", "ewppr_lib.cli", "run", "--out", str(place), "--jobs", "2"]
    ended = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert ended.returncode == 0, ended.stderr
    return place


@pytest.fixture(scope="session")
def drawn(executed: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The figure files of all notebooks in one folder."""
    folder = tmp_path_factory.mktemp("drawn")
    for path in executed.glob("[0-9][0-9]_*/figures/*"):
        shutil.copy(path, folder)
    return folder


@pytest.fixture(scope="session")
def both_sites(executed: Path, installed: Path, tmp_path_factory: pytest.TempPathFactory) -> list[BuiltSite]:
    """The site, built twice at once, by the checkout and by the installed wheel alone.

    The builds differ in folder, time zone, language and order of sets.
    """
    started = []
    checkout = [sys.executable, "-m", "ewppr_lib.cli"]
    for number, (program, zone, language) in enumerate(
        ((checkout, "UTC", "C.UTF-8"), ([str(installed)], "Asia/Shanghai", "C"))
    ):
        home = tmp_path_factory.mktemp(f"site{number}")
        build = home / "from"
        build.symlink_to(executed) if number == 0 else shutil.copytree(executed, build)
        command = [*program, "site", "--from", str(build), "--out", str(home / "site")]
        environment = far_from_here() | {"PYTHONHASHSEED": str(number + 1), "TZ": zone, "LC_ALL": language}
        said = (home / "said.txt").open("w")
        started.append((home, said, subprocess.Popen(command, cwd=home, env=environment, stdout=said, stderr=said)))
    sites = []
    for home, said, process in started:
        process.wait()
        said.close()
        told = (home / "said.txt").read_text(encoding="utf-8")
        sites.append(BuiltSite((home / "site").resolve(), told))
    assert [process.returncode for _, _, process in started] == [0, 0], sites[0].said + sites[1].said
    return sites


@pytest.fixture(scope="session")
def site(both_sites: list[BuiltSite]) -> BuiltSite:
    """The site."""
    return both_sites[0]


@pytest.fixture(scope="session")
def second_site(both_sites: list[BuiltSite]) -> BuiltSite:
    """The site, built a second time: elsewhere, by the wheel."""
    return both_sites[1]
