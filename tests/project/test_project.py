"""The project's own promises: lock, environments, README, citation, wheel."""

import re
import shutil
import subprocess
import sys
import tomllib
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest
import yaml
from common import ROOT, Answer, commands, require_that_it_runs
from matplotlib.testing.compare import compare_images

import ewppr_lib
from ewppr_lib.charts.funding import enterprise_share
from ewppr_lib.study.funding import pooled_shares
from nbedition import citation_file, data
from nbedition.figures import embed_png as png
from nbedition.figures.picture import PRINT_DPI, Picture
from nbedition.figures.record import opened
from nbedition.figures.save import add_source_line
from nbedition.notebooks.outputs import figure_named

PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
COMMANDS = commands(ROOT / "README.md")
SMALLER = {  # enough to see that it runs
    "python benchmarks/detection.py": " 5",
    "python benchmarks/figures.py": " 1",
    "python benchmarks/startup.py": " 1",
    "ewppr run 02 03 --set denominator=realised --jobs 2 --out realised": " --set pictures=no",
    "ewppr run 02 --set table=my.csv --out my-build": " --set pictures=no",
}
KINDS = {  # which of the README's commands need each other
    "benchmarks": lambda command: command.startswith("python "),
    "archive": lambda command: "archive.zip" in command,
}


def name_of(requirement: str) -> str:
    return re.match(r"[A-Za-z0-9_.-]+", requirement).group().lower()


def test_the_conda_environment_asks_for_what_pyproject_asks_for():
    environment = yaml.safe_load((ROOT / "environment.yml").read_text(encoding="utf-8"))
    conda = {entry for entry in environment["dependencies"] if isinstance(entry, str)} - {"pip"}
    assert conda == {*PROJECT["dependencies"], f"python{PROJECT['requires-python']}"}
    assert {"pip": ["--editable .[site,test]"]} in environment["dependencies"]


def test_the_lock_pins_every_dependency_with_hashes_and_names_no_index():
    lock = (ROOT / "requirements.lock").read_text(encoding="utf-8")
    pinned = dict(re.findall(r"^([a-z0-9_.-]+)==([^ ]+)", lock, re.MULTILINE))
    optional = PROJECT["optional-dependencies"]
    wanted = [*PROJECT["dependencies"], *optional["test"], *optional["site"]]
    assert {name_of(requirement) for requirement in wanted} <= set(pinned)
    blocks = re.split(r"^(?=[a-z0-9])", lock, flags=re.MULTILINE)[1:]
    assert all("--hash=sha256:" in block for block in blocks)
    assert "://" not in lock
    assert "index" not in re.sub(r"#.*", "", lock)


def test_the_version_is_the_same_everywhere():
    citation = yaml.safe_load((ROOT / "CITATION.cff").read_text(encoding="utf-8"))
    assert PROJECT["version"] == ewppr_lib.__version__ == str(citation["version"])
    newest = re.search(r"^## (.+)$", (ROOT / "CHANGELOG.md").read_text(encoding="utf-8"), re.MULTILINE)
    assert newest and newest[1] == f"{citation['version']}, {citation['date-released']}"


def test_an_address_is_cited_only_where_the_project_states_one():
    citation = yaml.safe_load((ROOT / "CITATION.cff").read_text(encoding="utf-8"))
    assert ("url" in citation or "repository-code" in citation) == ("urls" in PROJECT)


def test_every_author_of_the_study_is_cited_as_a_person():
    known = [source for source in data.sources().values() if source.id == "STUDY"]
    (study,) = citation_file.required().references
    assert [one.name for one in study.authors] == ["Hanwen Lu", "Zhimin Qin", "Ping Li"]
    assert [(one.family, one.given) for one in known[0].authors] == [(one.family, one.given) for one in study.authors]


def test_the_citation_file_fits_its_schema():
    command = [
        sys.executable,
        "-m",
        "check_jsonschema",
        "--builtin-schema",
        "vendor.citation-file-format",
        "CITATION.cff",
    ]
    ended = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert ended.returncode == 0, ended.stdout


@pytest.mark.parametrize("command", [command for command in COMMANDS if command.startswith("make ")])
def test_the_make_targets_of_the_readme_exist(command: str):
    ended = subprocess.run(["make", "-n", *command.split()[1:]], cwd=ROOT, capture_output=True, text=True, check=False)
    assert ended.returncode == 0, ended.stderr


def test_make_run_ends_with_a_table_of_all_notebooks(executed: Path):
    """Into the folder that holds these runs already; that each notebook runs is what made them."""
    built = Path(sys.prefix) / ".installed"
    if not built.exists() or built.stat().st_mtime < (ROOT / "requirements.lock").stat().st_mtime:
        pytest.skip("outside the environment that make builds: make would build it anew")
    command = ["make", "run", f"VENV={sys.prefix}", f"OUT={executed}"]
    ended = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert ended.returncode == 0, ended.stderr
    listed = [line.split()[0] for line in ended.stdout.splitlines() if line[:2].isdigit()]
    assert listed == [path.stem for path in sorted((ROOT / "notebooks").glob("*.ipynb"))]


def kind_of(command: str) -> str:
    return next((kind for kind, is_one in KINDS.items() if is_one(command)), "others")


@pytest.mark.parametrize("kind", [*KINDS, "others"])
def test_every_other_command_of_the_readme_runs(
    kind: str, executed: Path, tmp_path: Path, ewppr: Callable[..., Answer]
):
    """In a folder where `make run` has been given before, as the README has it."""
    shutil.copytree(executed, tmp_path / "build")
    chosen = [command for command in COMMANDS if not command.startswith("make ") and kind_of(command) == kind]
    assert len(chosen) >= {"benchmarks": 3, "archive": 2, "others": 9}[kind]
    for command in chosen:
        require_that_it_runs(command + SMALLER.get(command, ""), tmp_path, ewppr)
    if kind == "others":
        assert (tmp_path / "half-per-cent/04_institutional_reform_options/results.csv").is_file()
        assert (tmp_path / "my-build/02_funding_analysis/results.csv").is_file()


def test_the_picture_of_the_readme_is_the_figure_that_the_notebook_makes(tmp_path: Path):
    kept = ROOT / "docs/enterprise_share.png"
    record = opened(png.read(kept.read_bytes()).record or "").record
    frame = data.load("funding")
    figure = enterprise_share(pooled_shares(frame)).draw()
    sources = "; ".join(data.sources()[source].short for source in frame.attrs["sources"])
    add_source_line(figure, sources, f"{record.number} \u00b7 {record.fingerprint}")
    (tmp_path / "now.png").write_bytes(Picture(figure).png(PRINT_DPI))
    assert compare_images(str(kept), str(tmp_path / "now.png"), tol=2) is None
    assert record.fingerprint == figure_named("enterprise_share").fingerprint


def test_the_links_of_the_documents_lead_somewhere():
    for page in [*ROOT.glob("*.md"), *ROOT.glob("docs/**/*.md"), ROOT / "data/README.md"]:
        for target in re.findall(r"\]\(([^)#]+)\)", page.read_text(encoding="utf-8")):
            assert target.startswith("https://") or (page.parent / target).exists(), f"{page.name}: {target}"


def test_the_wheel_carries_the_library_with_its_data_and_notebooks(wheel: Path):
    names = set(zipfile.ZipFile(wheel).namelist())
    assert {
        "ewppr_lib/py.typed",
        "ewppr_lib/_carried/data/printed/table1.csv",
        "ewppr_lib/_carried/notebooks/01_history.ipynb",
    } <= names
