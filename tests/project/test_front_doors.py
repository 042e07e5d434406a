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
from common import NEAR, ROOT, blocks, replace

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


EXECUTE = ("--to", "notebook", "--execute", "--inplace", "--ExecutePreprocessor.record_timing=False")


@pytest.mark.slow
def test_a_new_notebook_made_as_the_guide_tells_is_an_equal_of_the_others(tmp_path: Path):
    text = (ROOT / "docs/new-notebook.md").read_text(encoding="utf-8")
    for name in ("crossfoot", "nbedition", "ewppr_lib", "data", "notebooks", "locale", "template", "tests", "docs"):
        shutil.copytree(ROOT / name, tmp_path / name, ignore=shutil.ignore_patterns("__pycache__", ".*"))
    for name in ("pyproject.toml", "requirements.lock", "CITATION.cff"):
        shutil.copy(ROOT / name, tmp_path)
    modules = re.findall(r"Write\s+`(ewppr_lib/[a-z_/]+\.py)`", text)
    module, chart, *cells = blocks(text, "python")
    for path, content in zip(modules, (module, chart), strict=True):
        (tmp_path / path).write_text(content)
    added = re.search(r"add `(06 = \"study\.donations\")`", text).group(1)
    replace(tmp_path / "pyproject.toml", '05 = "study.conclusions" }', f'05 = "study.conclusions", {added} }}')
    (words,) = blocks(text, "po")
    catalogue = tmp_path / "locale/zh.po"
    catalogue.write_text(f"{catalogue.read_text(encoding='utf-8')}\n{words}", encoding="utf-8")
    code = [nbformat.v4.new_code_cell(cell, metadata={"jupyter": {"source_hidden": True}}) for cell in cells]
    code[0].metadata["tags"] = ["parameters"]
    title, short, known = (
        nbformat.v4.new_markdown_cell(text)
        for text in (
            "# 06 Donations\n\n**Question.** How much did society give?",
            "## In short",
            "## How sure\n\nAs printed.\n\n## What is known, and what is not\n\n- **Known**: the figures of Table 1.",
        )
    )
    notebook = nbformat.v4.new_notebook(cells=[title, *code[:2], short, *code[2:], known])
    notebook.metadata["kernelspec"] = {"display_name": "Python 3 (ipykernel)", "language": "python", "name": "python3"}
    nbformat.write(notebook, tmp_path / "notebooks/06_donations.ipynb")
    environment = {name: value for name, value in os.environ.items() if name not in NEAR}
    environment |= {"PYTHONPATH": f"{tmp_path}{os.pathsep}{tmp_path / 'tests'}"}

    def run(*command: str | Path) -> str:
        ended = subprocess.run(
            [sys.executable, *map(str, command)],
            cwd=tmp_path,
            env=environment,
            capture_output=True,
            text=True,
            check=False,
        )
        assert ended.returncode == 0, f"{command}: {ended.stdout}{ended.stderr}"
        return ended.stdout + ended.stderr

    commands = [line for block in blocks(text, "sh") for line in block.splitlines() if line.startswith("ewppr ")]
    said = [run("-m", "ewppr_lib.cli", *command.split()[1:]) for command in commands]
    assert "5 now" in said[-1]
    found = pd.read_csv(tmp_path / "build/06_donations/results.csv").set_index("name")["value"]
    funding = pd.read_csv(tmp_path / "build/06_donations/figures/donations_by_year.csv").set_index("year")["donations"]
    assert found["donations_per_yuan_last_year"] == pytest.approx(funding[2007])
    # `make notebooks baseline`, for the new notebook alone
    run("-m", "nbconvert", *EXECUTE, tmp_path / "notebooks/06_donations.ipynb")
    for path in [*(tmp_path / "notebooks").glob("0[1-5]*"), *(tmp_path / "tests/pictures").glob("*.png")]:
        path.unlink()  # the others are as they were
    run("tests/pictures.py")
    assert [path.stem for path in (tmp_path / "tests/pictures").glob("*.png")] == ["donations_by_year"]
    for path in (ROOT / "notebooks").glob("0[1-5]*.ipynb"):
        shutil.copy(path, tmp_path / "notebooks")
    run("-m", "ruff", "check", *modules)
    run("-m", "ruff", "format", "--check", *modules)
    run("-m", "pytest", "-q", "-p", "no:cacheprovider", modules[0])
    chosen = "left_over or every_caption or every_sentence or every_unit or every_name or donations"
    tests = ("tests/nbedition/test_language.py", "tests/project/test_notebooks.py", "tests/project/test_reading.py")
    run("-m", "pytest", "-q", "-p", "no:cacheprovider", *tests, "-k", chosen)
