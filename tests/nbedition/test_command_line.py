"""What all commands share: JSON, quiet and verbose, completion, an example in each help, tables that fit a terminal."""

import json
import os
import re
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import click
import pytest
from common import Answer

from nbedition import cli
from nbedition.cli.options import StudyCommand, print_table

Ewppr = Callable[..., Answer]


def every_command(group: click.Group) -> list[click.Command]:
    found = [group.commands[name] for name in group.commands]
    return [one for each in found for one in (every_command(each) if isinstance(each, click.Group) else [each])]


@pytest.mark.parametrize("command", every_command(cli.command_line("nbedition", "")), ids=lambda one: str(one.name))
def test_every_command_has_an_example_and_may_be_quiet(command: click.Command):
    assert isinstance(command, StudyCommand) and command.example
    said = command.get_help(click.Context(command, info_name="nbedition"))
    assert f"nbedition {command.example}" in said and "--quiet" in said


def test_help_lists_every_command_in_a_group(ewppr: Ewppr):
    said = ewppr("--help").out
    for head in (*cli.GROUPS, "This study"):
        assert f"\n{head}:\n" in said
    assert {line.split()[0] for line in said.splitlines() if line[:2] == "  " and line[2:3].isalpha()} >= {
        str(command.name) for command in cli.COMMANDS
    } | {"pair", "simulate"}


@pytest.mark.parametrize(
    ("asked", "keys"),
    [
        (["params", "04"], {"notebook", "name", "type", "default", "range", "unit", "meaning"}),
        (["data", "list"], {"name", "file", "sources", "title"}),
        (["figures"], {"number", "figure", "fingerprint", "title"}),
        (["run", "04", "--set", "aid_share=0.002", "--dry-run"], {"notebook", "parameters", "state"}),
    ],
)
def test_lists_are_records_in_json(asked: list[str], keys: set[str], ewppr: Ewppr):
    answer = ewppr(*asked, "--format", "json")
    assert answer.code == 0, answer.err
    rows = json.loads(answer.out)
    assert rows and all(set(row) == keys for row in rows)


def test_a_data_set_in_json_has_numbers_units_and_nulls(ewppr: Ewppr):
    said = json.loads(ewppr("data", "show", "pairs", "--format", "json").out)
    assert set(said) == {"name", "units", "sources", "rows"}
    assert set(said["rows"][0]) == set(said["units"])
    assert {type(row["aid"]) for row in said["rows"]} == {float, type(None)}


@pytest.mark.slow
def test_runs_batches_and_what_changed_are_told_in_json(ewppr: Ewppr, small: Path, tmp_path: Path):
    out = tmp_path / "r"
    (ran,) = json.loads(ewppr("run", "04", "--out", out, "--format", "json").out)
    assert (ran["status"], ran["results"], ran["where to look"]) == ("done", 1, str(out / ran["notebook"]))
    assert json.loads(ewppr("run", "04", "--out", out, "--dry-run", "--format", "json").out)[0]["state"] == "unchanged"
    batch = ("batch", "04", "--grid", "aid_share=0.001,0.002", "--out", tmp_path / "b", "--format", "json")
    planned = json.loads(ewppr(*batch, "--dry-run").out)
    assert (planned["asked"], planned["missing"], planned["measured"]) == (2, 2, False)
    assert [run["parameters"]["aid_share"] for run in planned["first"]] == [0.001, 0.002]
    assert json.loads(ewppr(*batch).out) | {"folder": ""} == {
        "asked": 2, "before": 0, "done": 2, "failed": 0, "folder": ""
    }  # fmt: skip
    rows = json.loads(ewppr("results", tmp_path / "b", "--format", "json").out)
    assert [row["value"] for row in rows] == [0.001, 0.002]
    told = json.loads(ewppr("why", tmp_path / "b", "--format", "json").out)
    assert [(one["status"], one["changed"]) for one in told] == [("done", [])] * 2
    with (small / "data/printed/funding.csv").open("a") as file:
        file.write("\n")
    told = json.loads(ewppr("why", tmp_path / "b", told[1]["run"][:8], "--format", "json").out)
    assert [(one["run"], one["changed"]) for one in told] == [(rows[1]["run"], ["data"])]


@pytest.mark.slow
def test_quiet_says_nothing_on_standard_error_and_verbose_a_line_a_run(ewppr: Ewppr, small: Path, tmp_path: Path):
    command = [sys.executable, "-m", "ewppr_lib.cli", "batch", "04", "--grid", "aid_share=0.001,0.002", "--out"]
    quiet = subprocess.run([*command, str(tmp_path / "q"), "-q"], capture_output=True, text=True, check=True)
    assert (quiet.stdout, quiet.stderr) == ("", "")
    told = subprocess.run([*command, str(tmp_path / "v"), "-v"], capture_output=True, text=True, check=True).stderr
    assert [line.split(": ")[-1].split()[0] for line in told.splitlines() if "aid_share" in line] == ["done"] * 2
    assert ewppr("run", "04", "-q", "--set", "aid_shore=1").err.startswith("ewppr: ")


@pytest.mark.parametrize(
    ("typed", "offered"),
    [
        ("ewppr run 0", "04_institutional_reform_options"),
        ("ewppr run 04 --set aid_", "aid_share="),
        ("ewppr batch 04 --grid lev", "leverage="),
        ("ewppr data show fun", "funding"),
        ("ewppr cite enterprise", "enterprise_share"),
        ("ewppr ver", "verify"),
    ],
)
def test_a_shell_completes_names(typed: str, offered: str):
    words = typed.split()
    asked = {"_EWPPR_COMPLETE": "bash_complete", "COMP_WORDS": typed, "COMP_CWORD": str(len(words) - 1)}
    code = "import sys; from ewppr_lib.cli import main; sys.argv = ['ewppr']; main()"
    ended = subprocess.run(
        [sys.executable, "-c", code], env=os.environ | asked, capture_output=True, text=True, check=False
    )
    names = [line.removeprefix("plain,") for line in ended.stdout.splitlines()]
    assert offered in names and all(name.startswith(words[-1]) for name in names), ended.stderr


def test_names_that_cannot_be_had_are_not_offered_and_end_in_no_error(edition: Path):
    (edition / "pyproject.toml").write_text("[tool.nbedition]\n")
    context = click.Context(cli.COMMANDS[0])
    for command in every_command(cli.command_line("nbedition", "")):
        for parameter in command.params:
            if parameter.name in ("notebook", "notebooks", "assignments", "grids"):
                assert parameter.shell_complete(context, "") == []


def test_a_table_fits_a_narrow_terminal_and_loses_no_word(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
):
    monkeypatch.setattr(sys.stdout, "isatty", lambda: True)
    monkeypatch.setenv("COLUMNS", "60")
    print_table(("name", "meaning"), [("a" * 10, " ".join(["word"] * 30)), ("\u6c5f\u82cf", "[bold]x[/bold]")])
    said = re.sub(r"\x1b\[\d*m", "", capsys.readouterr().out)
    assert max(map(len, said.splitlines())) <= 60
    assert said.count("word") == 30 and "[bold]x[/bold]" in said
