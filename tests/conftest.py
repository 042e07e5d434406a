"""What the tests share: a copy of the edition to spoil, the command line in-process, and what is built once for all."""

import os
import re
import shutil
import subprocess
import sys
import sysconfig
from collections.abc import Callable
from pathlib import Path

import pytest
from common import ROOT, Answer, far_from_here
from filelock import FileLock
from notebook_code import CELLS, SMALL, write_notebook
from site_pages import BuiltSite

from ewppr_lib.cli import main
from nbedition.notebooks.provenance import commit

BUILT = {"executed", "drawn", "wheel", "installed", "both_sites", "site", "second_site"}  # what takes long to make
LONG = (  # files that take long, the longest first: begun last, one would keep a worker while the others wait
    *("test_site_browser", "test_site", "test_verify", "test_archive", "test_kernels", "test_batch_real", "test_guide"),
    *("test_runs", "test_project", "test_new_study", "test_notebooks", "test_figures", "test_dependencies"),
)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark what needs something built as slow, and begin with long files: a worker takes a file at a time."""
    for item in items:
        if BUILT & set(getattr(item, "fixturenames", ())):
            item.add_marker(pytest.mark.slow)
    place = {name: number for number, name in enumerate(LONG)}
    items.sort(key=lambda item: place.get(item.path.stem, len(LONG)))


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
def small(edition: Path) -> Path:
    """An edition whose notebook 04 only records its parameter."""
    write_notebook(edition / f"notebooks/{SMALL}.ipynb", *CELLS)
    return edition


@pytest.fixture
def ewppr(capsys: pytest.CaptureFixture[str]) -> Callable[..., Answer]:
    """The command line, called with its arguments as text; the line that names the study is left out."""

    def call(*arguments: str | Path) -> Answer:
        capsys.readouterr()
        try:
            main([str(argument) for argument in arguments])
            code = 0
        except SystemExit as stop:
            code = int(stop.code or 0)
        said = capsys.readouterr()
        return Answer(code, said.out, re.sub(r"\Astudy \S+ in .+\n", "", said.err))

    return call


@pytest.fixture(scope="session")
def once(tmp_path_factory: pytest.TempPathFactory, worker_id: str) -> Callable[[str, Callable[[Path], None]], Path]:
    """Make a folder once for all workers of a test run: the first that asks makes it, the others wait."""
    base = tmp_path_factory.getbasetemp()
    shared = base if worker_id == "master" else base.parent

    def folder(name: str, make: Callable[[Path], None]) -> Path:
        place = shared / f"shared-{name}"
        with FileLock(f"{place}.lock"):
            if not (place / ".made").exists():
                shutil.rmtree(place, ignore_errors=True)
                place.mkdir()
                make(place)
                (place / ".made").touch()
        return place

    return folder


Once = Callable[[str, Callable[[Path], None]], Path]


@pytest.fixture(scope="session")
def wheel(once: Once) -> Path:
    """The built wheel."""

    def make(place: Path) -> None:
        build = [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(place)]
        subprocess.run(build, cwd=ROOT, check=True, capture_output=True)

    (found,) = once("wheel", make).glob("*.whl")
    return found


@pytest.fixture(scope="session")
def installed(wheel: Path, once: Once) -> Path:
    """The command line of the built wheel, in an environment that sees the locked packages but not the checkout."""
    scripts = "Scripts" if os.name == "nt" else "bin"

    def make(place: Path) -> None:
        subprocess.run([sys.executable, "-m", "venv", "--without-pip", str(place / "venv")], check=True)
        pip = [sys.executable, "-m", "pip", "--python", str(place / "venv" / scripts / "python")]
        subprocess.run([*pip, "install", "--no-deps", "--no-index", str(wheel)], check=True, capture_output=True)
        (site,) = (place / "venv").rglob("site-packages")
        (site / "locked.pth").write_text(sysconfig.get_path("purelib"))

    return once("installed", make) / "venv" / scripts / "ewppr"


@pytest.fixture(scope="session")
def executed(request: pytest.FixtureRequest, once: Once) -> Path:
    """All notebooks, run once in plain kernels, into a folder that is kept; what is unchanged is not run again.

    There is a folder for the commit, which stands in the figures; that of another commit is removed.
    """
    kept = Path(request.config.cache.mkdir("executed")) / (commit() or "no commit")

    def make(_place: Path) -> None:
        for old in kept.parent.iterdir():
            if old != kept:
                shutil.rmtree(old) if old.is_dir() else old.unlink()
        command = [sys.executable, "-m", "ewppr_lib.cli", "run", "--cold", "--out", str(kept), "--jobs", "2"]
        environment = os.environ | {"TZ": "UTC", "PYTHONHASHSEED": "1", "LC_ALL": "C", "LANG": "C"}
        ended = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False)
        assert ended.returncode == 0, ended.stderr

    once("executed", make)
    return kept


@pytest.fixture(scope="session")
def drawn(executed: Path, once: Once) -> Path:
    """The figure files of all notebooks in one folder."""

    def make(place: Path) -> None:
        for path in executed.glob("[0-9][0-9]_*/figures/*"):
            shutil.copy(path, place)

    return once("drawn", make)


@pytest.fixture(scope="session")
def both_sites(executed: Path, installed: Path, once: Once) -> list[BuiltSite]:
    """The site, built twice at once, by the checkout and by the installed wheel alone.

    The builds differ in folder, time zone, language and order of sets.
    """

    def make(place: Path) -> None:
        started = []
        checkout = [sys.executable, "-m", "ewppr_lib.cli"]
        for number, (program, zone, language) in enumerate(
            ((checkout, "UTC", "C.UTF-8"), ([str(installed)], "Asia/Shanghai", "C"))
        ):
            home = place / f"site{number}"
            home.mkdir()
            build = home / "from"
            build.symlink_to(executed) if number == 0 else shutil.copytree(executed, build)
            command = [*program, "site", "--from", str(build), "--out", str(home / "site")]
            environment = far_from_here() | {"PYTHONHASHSEED": str(number + 1), "TZ": zone, "LC_ALL": language}
            with (home / "said.txt").open("w") as said:
                process = subprocess.Popen(command, cwd=home, env=environment, stdout=said, stderr=said)
            started.append((home, process))
        ended = [process.wait() for _, process in started]
        said = [(home / "said.txt").read_text(encoding="utf-8") for home, _ in started]
        assert ended == [0, 0], "".join(said)

    homes = sorted(once("sites", make).glob("site?"))
    return [BuiltSite((home / "site").resolve(), (home / "said.txt").read_text(encoding="utf-8")) for home in homes]


@pytest.fixture(scope="session")
def site(both_sites: list[BuiltSite]) -> BuiltSite:
    """The site."""
    return both_sites[0]


@pytest.fixture(scope="session")
def second_site(both_sites: list[BuiltSite]) -> BuiltSite:
    """The site, built a second time: elsewhere, by the wheel."""
    return both_sites[1]
