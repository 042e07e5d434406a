"""The project's own promises: lock, environments, README, citation, wheel."""

import os
import re
import subprocess
import sys
import tomllib
import zipfile
from pathlib import Path

import pytest
import yaml
from conftest import ROOT
from matplotlib.testing.compare import compare_images

import ewppr_lib
from ewppr_lib.charts.funding import enterprise_share
from ewppr_lib.study.funding import pooled_shares
from nbedition import data
from nbedition.figures import embed_png as png
from nbedition.figures.picture import PRINT_DPI, Picture
from nbedition.figures.record import opened
from nbedition.figures.save import add_source_line
from nbedition.notebooks.outputs import figure_named

PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
README = (ROOT / "README.md").read_text(encoding="utf-8")
COMMANDS = [line for block in re.findall(r"```sh\n(.*?)```", README, re.DOTALL) for line in block.splitlines() if line]
WITH_VENV = os.environ | {"PATH": f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"}


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


def test_make_run_ends_with_a_table_of_all_notebooks(tmp_path: Path):
    built = Path(sys.prefix) / ".installed"
    if not built.exists() or built.stat().st_mtime < (ROOT / "requirements.lock").stat().st_mtime:
        pytest.skip("outside the environment that make builds: make would build it anew")
    command = ["make", "run", f"VENV={sys.prefix}", f"OUT={tmp_path}"]
    ended = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert ended.returncode == 0, ended.stderr
    listed = [line.split()[0] for line in ended.stdout.splitlines() if line[:2].isdigit()]
    assert listed == [path.stem for path in sorted((ROOT / "notebooks").glob("*.ipynb"))]


def test_every_other_command_of_the_readme_runs(tmp_path: Path):
    (tmp_path / "benchmarks").symlink_to(ROOT / "benchmarks")
    commands = [command for command in COMMANDS if not command.startswith("make ")]
    assert len(commands) >= 9
    for command in commands:
        if command == "python benchmarks/detection.py":
            command += " 20"  # tables: enough to see that it runs
        ended = subprocess.run(
            command, shell=True, cwd=tmp_path, env=WITH_VENV, capture_output=True, text=True, check=False
        )
        allowed = (0, 1) if "benchmarks" in command else (0,)  # a benchmark's limit is not a test
        assert ended.returncode in allowed, f"{command}: {ended.stderr}"
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


def test_the_wheel_carries_the_library_with_its_data_and_notebooks(tmp_path: Path):
    command = [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(tmp_path)]
    subprocess.run(command, cwd=ROOT, check=True, capture_output=True)
    names = set(zipfile.ZipFile(next(tmp_path.glob("*.whl"))).namelist())
    assert {
        "ewppr_lib/py.typed",
        "ewppr_lib/edition/data/printed/table1.csv",
        "ewppr_lib/edition/notebooks/01_history.ipynb",
    } <= names
