"""The audit as users meet it: the command line, notebook 05's readings, and the page on own tables."""

import csv
import io
import json
import re
from collections.abc import Callable
from fractions import Fraction
from pathlib import Path

import pytest
from common import ROOT, Answer, replace

from crossfoot.report import audit_table
from ewppr_lib.printed import study_relations, study_table
from ewppr_lib.study import conclusions
from nbedition import claims, data

SCHOOLS = ROOT / "docs/examples/schools.csv"
SHOULD_HOLD = ROOT / "docs/examples/schools.yml"


def test_the_audit_counts_all_verdicts_and_lists_the_contradicted_claims(ewppr: Callable[..., Answer]):
    answer = ewppr("audit")
    assert answer.code == 0
    judged = claims.audit()
    head, *lines = answer.out.splitlines()
    assert head == f"{len(judged)} claims; by the study's own figures:"
    assert sum(int(line.split()[0]) for line in lines[:4]) == len(judged)
    listed = {line.split()[0] for line in lines if re.match(r"C\d{3} ", line)}
    assert listed == {found.claim.id for found in judged if found.verdict == claims.CONTRADICTED}
    assert {"C132", "C135", "C206"} <= listed


@pytest.mark.parametrize("only", list(claims.SHORT))
def test_one_verdict_is_listed_alone(only: str, ewppr: Callable[..., Answer]):
    wanted = [found.claim.id for found in claims.audit() if found.verdict == claims.SHORT[only]]
    assert [line.split()[0] for line in ewppr("audit", "--only", only).out.splitlines()] == wanted


def test_json_and_csv_hold_every_claim_with_its_verdict(ewppr: Callable[..., Answer]):
    as_json = json.loads(ewppr("audit", "--format", "json").out)
    as_csv = list(csv.DictReader(io.StringIO(ewppr("audit", "--format", "csv").out)))
    assert len(as_json) == len(as_csv) == len(claims.ledger())
    assert [row["verdict"] for row in as_json] == [row["verdict"] for row in as_csv]
    assert all(row["sentence"] for row in as_json)


def test_a_changed_digit_of_table_1_changes_the_verdict(ewppr: Callable[..., Answer], edition: Path):
    replace(edition / "data/printed/table1.csv", ",144.35,", ",141.7324,")
    listed = ewppr("audit", "--only", "contradicted").out
    assert "C132" not in listed
    assert "C135" in listed


def test_the_total_of_table_1_is_diagnosed_as_double_counting():
    found = audit_table(study_table("table1"), study_relations("table1"))
    twice = {pair for diagnosis in found.diagnoses for pair in diagnosis.counted_twice}
    assert ("aid_provincial", "government_aid") in twice
    assert ("enterprise_realised", "enterprise_agreed") in twice
    aid_2006 = next(
        finding
        for finding in found.failing
        if (finding.place, finding.relation.labels()[0]) == ("2006", "government_aid")
    )
    assert aid_2006.gap == Fraction("231.1")


def test_a_table_of_ones_own_that_fails_ends_with_exit_code_1(ewppr: Callable[..., Answer]):
    answer = ewppr("audit", "--table", SCHOOLS, "--relations", SHOULD_HOLD)
    assert answer.code == 1
    assert answer.out.splitlines()[0] == "33 hold, 2 fail, 0 cannot be told"
    assert "'Buildings' in '2020 / Actual' (49,51) read as 45.91" in answer.out
    assert answer.err.strip() == f"ewppr: 2 of 35 relations fail in {SCHOOLS}."


def test_a_table_of_ones_own_that_holds_ends_with_exit_code_0(ewppr: Callable[..., Answer], tmp_path: Path):
    mended = tmp_path / "schools.csv"
    mended.write_text(SCHOOLS.read_text(encoding="utf-8").replace("49,51", "45,91"), encoding="utf-8")
    answer = ewppr("audit", "--table", mended, "--relations", SHOULD_HOLD)
    assert (answer.code, answer.out.strip(), answer.err) == (0, "35 hold, 0 fail, 0 cannot be told", "")


def test_findings_as_csv_carry_both_sides_gap_and_tolerance(ewppr: Callable[..., Answer]):
    answer = ewppr("audit", "--table", SCHOOLS, "--relations", SHOULD_HOLD, "--format", "csv")
    rows = list(csv.DictReader(io.StringIO(answer.out)))
    assert len(rows) == 35
    failing = [row for row in rows if row["verdict"] == "fails"]
    assert all(float(row["gap"]) > float(row["tolerance"]) for row in failing)


def test_what_is_suggested_is_a_relations_file_that_finds_the_fault(ewppr: Callable[..., Answer], tmp_path: Path):
    suggested = tmp_path / "suggested.yml"
    suggested.write_text(ewppr("audit", "--table", SCHOOLS, "--suggest").out, encoding="utf-8")
    answer = ewppr("audit", "--table", SCHOOLS, "--relations", suggested)
    assert answer.code == 1
    assert "49,51" in answer.out


BAD = {
    "no such table": (["--table", "none.csv", "--suggest"], "none.csv does not exist"),
    "no such relations": (["--table", str(SCHOOLS), "--relations", "none.yml"], "none.yml does not exist"),
    "relations without table": (["--relations", str(SHOULD_HOLD)], "go with --table"),
    "neither relations nor suggest": (["--table", str(SCHOOLS)], "either --relations FILE or --suggest"),
    "both": (["--table", str(SCHOOLS), "--suggest", "--relations", "x.yml"], "either --relations FILE or --suggest"),
    "only with table": (["--table", str(SCHOOLS), "--suggest", "--only", "reading"], "not with --only"),
    "suggest as csv": (["--table", str(SCHOOLS), "--suggest", "--format", "csv"], "--format does not go with it"),
    "no such verdict": (["--only", "wrong"], "'wrong' is not one of"),
    "a folder": (["--table", str(ROOT), "--suggest"], "cannot be read"),
}


@pytest.mark.parametrize("fault", BAD)
def test_a_bad_audit_request_gets_one_clear_sentence(
    fault: str, ewppr: Callable[..., Answer], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.chdir(tmp_path)
    arguments, said = BAD[fault]
    answer = ewppr("audit", *arguments)
    assert (answer.code, len(answer.err.strip().splitlines())) == (2, 1)
    assert said in answer.err


BAD_RELATIONS = {
    "unknown row": ("relations: [{kind: sum, total: Pupils, parts: [Nobody]}]", "Pupils"),
    "circular parents": (
        "relations:\n- {kind: part, whole: Salaries, parts: [Other]}\n- {kind: part, whole: Other, parts: [Salaries]}",
        "go in a circle",
    ),
    "unknown field": ("relations: [{kind: sum, total: Salaries, parts: [Buildings], totl: 1}]", "totl"),
    "code tag": ("relations: !!python/object/apply:os.system [true]", "tag"),
    "broken": ("relations: [", "YAML"),
    "not a mapping": ("- 1", "a mapping with 'relations' or 'tables' is expected"),
    "too large": ("#" * 5_000_000, "MB"),
}


@pytest.mark.parametrize("fault", BAD_RELATIONS)
def test_a_bad_relations_file_gets_one_clear_sentence(fault: str, ewppr: Callable[..., Answer], tmp_path: Path):
    text, said = BAD_RELATIONS[fault]
    path = tmp_path / "r.yml"
    path.write_text(text, encoding="utf-8")
    answer = ewppr("audit", "--table", SCHOOLS, "--relations", path)
    assert (answer.code, answer.out, len(answer.err.strip().splitlines())) == (2, "", 1)
    assert said in answer.err


def readings() -> tuple:
    judged = claims.as_frame(claims.audit())
    read = conclusions.readings(data.load("funding"), data.load("exchanges"), judged["printed_value"])
    return judged, read, conclusions.survival(read)


def test_the_verdicts_counted_in_notebook_05_are_all_there_are():
    judged, _, _ = readings()
    assert conclusions.verdict_counts(judged).sum() == len(judged)
    assert set(conclusions.with_verdict(judged, "contradicted").index) >= {"C132", "C135"}


def test_every_conclusion_has_at_least_two_readings_and_a_range():
    _, read, survival = readings()
    assert (survival["readings"] >= 2).all()
    assert (survival["low"] <= survival["high"]).all()
    assert set(read["conclusion"]) == set(survival.index)


def test_which_conclusions_survive_all_readings():
    _, _, survival = readings()
    assert survival.loc["enterprises bring most of the money", "survives"]
    assert survival.loc["the gap widened more slowly in the second period", "survives"]
    assert not survival.loc["enterprises bring 80.3 %", "survives"]
    assert not survival.loc["aid rises every year", "survives"]
    assert survival.loc["people go one way, east to west", "holds_in"] == 0


def test_the_pace_of_the_second_period_against_the_first_is_the_textbook_one():
    _, read, _ = readings()
    pace = read.set_index(["conclusion", "reading"])["value"]
    expected = ((3.18 / 2.89) ** (1 / 9) - 1) / ((2.86 / 2.12) ** (1 / 18) - 1)
    assert pace["the gap widened more slowly in the second period", "compound"] == pytest.approx(expected)


def test_the_share_of_donations_in_aid_under_both_series_of_aid():
    _, read, _ = readings()
    share = read.set_index(["conclusion", "reading"])["value"].xs("donations are 16.8 % of aid")
    assert share["aid as printed"] == pytest.approx(100 * 399.34 / 2377.198)
    assert share["sum of the levels"] == pytest.approx(100 * 399.34 / 2148.7166)
