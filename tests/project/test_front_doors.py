"""The ways in: workflow, container, issue forms, and a new notebook as CONTRIBUTING tells it."""

import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import nbformat
import pandas as pd
import pytest
import yaml
from common import ROOT, blocks, replace

FORMS = sorted(path for path in (ROOT / ".github/ISSUE_TEMPLATE").glob("*.yml") if path.name != "config.yml")


@pytest.mark.parametrize(
    ("schema", "files"),
    [
        ("github-workflows", [ROOT / ".github/workflows/test.yml"]),
        ("github-issue-forms", FORMS),
        ("github-issue-config", [ROOT / ".github/ISSUE_TEMPLATE/config.yml"]),
    ],
)
def test_workflow_and_issue_forms_fit_their_schemas(schema: str, files: list[Path]):
    command = [sys.executable, "-m", "check_jsonschema", "--builtin-schema", f"vendor.{schema}", *map(str, files)]
    ended = subprocess.run(command, capture_output=True, text=True, check=False)
    assert ended.returncode == 0, ended.stdout


def test_the_workflow_checks_on_windows_what_make_test_checks():
    workflow = yaml.safe_load((ROOT / ".github/workflows/test.yml").read_text(encoding="utf-8"))
    job = workflow["jobs"]["test"]
    assert job["strategy"]["matrix"]["os"] == ["ubuntu-latest", "macos-latest", "windows-latest"]
    runs = {step.get("if", ""): step["run"] for step in job["steps"] if "run" in step}
    assert runs["runner.os == 'Linux'"] == "bash .ci/run"
    assert runs["runner.os == 'macOS'"] == "make test"
    recipes = dict(
        re.findall(r"^(\w+):.*\n((?:\t.*\n)+)", (ROOT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE)
    )
    parts = recipes["test"].partition("-j2 ")[2].split()
    assert set(recipes["check"].partition("-j2 ")[2].split()) - {"quick"} < set(parts)
    made = [said for part in parts for said in re.findall(r"\$\(BIN\)/(.*?)(?: 2>&1.*)?\n", recipes[part])]
    wanted = [said.replace("$(shell ", "$(").replace("$(WORKERS)", "logical") for said in made]
    assert len(wanted) == 7
    assert runs["runner.os == 'Windows'"].splitlines()[4:] == wanted


def test_the_container_installs_with_a_target_that_make_knows():
    container = json.loads((ROOT / ".devcontainer/devcontainer.json").read_text(encoding="utf-8"))
    make, target = container["postCreateCommand"].split()
    ended = subprocess.run([make, "-n", target], cwd=ROOT, capture_output=True, text=True, check=False)
    assert ended.returncode == 0, ended.stderr
    assert target.startswith(container["remoteEnv"]["PATH"].split("/")[1])


@pytest.mark.slow
def test_the_new_notebook_of_contributing_runs_as_told(tmp_path: Path):
    text = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")
    section = text.partition("## From a clone")[2].partition("\n## ")[0]
    for name in ("ewppr_lib", "data", "notebooks"):
        shutil.copytree(ROOT / name, tmp_path / name, ignore=shutil.ignore_patterns("__pycache__", ".*"))
    modules = re.findall(r"Write\s+`(ewppr_lib/[a-z_/]+\.py)`", section)
    module, chart, *cells = blocks(section, "python")
    for path, content in zip(modules, (module, chart), strict=True):
        (tmp_path / path).write_text(content)
    added = re.search(r"add `(\"06\": \"donations\")`", section).group(1)
    replace(tmp_path / "ewppr_lib/runs/parameters.py", '"05": "audit"}', f'"05": "audit", {added}}}')
    code = [nbformat.v4.new_code_cell(cell) for cell in cells]
    code[0].metadata["tags"] = ["parameters"]
    title = nbformat.v4.new_markdown_cell("# 06 Donations\n\n**Question.** How much did society give?")
    nbformat.write(nbformat.v4.new_notebook(cells=[title, *code]), tmp_path / "notebooks/06_donations.ipynb")
    environment = {name: value for name, value in os.environ.items() if name != "NBEDITION_HOME"} | {
        "PYTHONPATH": str(tmp_path)
    }
    for command in [line for block in blocks(section, "sh")[1:] for line in block.splitlines()]:
        arguments = [sys.executable, "-m", "ewppr_lib.cli", *command.split()[1:]]
        ended = subprocess.run(arguments, cwd=tmp_path, env=environment, capture_output=True, text=True, check=False)
        assert ended.returncode == 0, ended.stderr
    found = pd.read_csv(tmp_path / "build/06_donations/results.csv").set_index("name")["value"]
    funding = pd.read_csv(tmp_path / "build/06_donations/figures/donations_by_year.csv").set_index("year")["donations"]
    assert found["donations_per_yuan_last_year"] == pytest.approx(funding[2007])
    assert "5 now" in ended.stderr
    doctest = [sys.executable, "-m", "doctest", str(tmp_path / modules[0])]
    subprocess.run(doctest, cwd=tmp_path, env=environment, check=True)
    check = [
        sys.executable,
        "-m",
        "ruff",
        "check",
        "--config",
        str(ROOT / "pyproject.toml"),
        *(str(tmp_path / name) for name in modules),
    ]
    ended = subprocess.run(check, capture_output=True, text=True, check=False)
    assert ended.returncode == 0, ended.stdout
