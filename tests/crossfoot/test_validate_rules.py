"""Rules of R's validate: which are read, as what, why others are left out, and that ours come back."""

from pathlib import Path

import pytest
import yaml

import crossfoot
from crossfoot.cli import main
from crossfoot.errors import DataError
from crossfoot.relations import AtMost, Between, Ratio, Relation, Sum
from crossfoot.validate_rules import LinearBound, LinearRule, Rules, read_rules, rules_text

FIRMS = "Firm,turnover,cost,profit,net worth,2020 / Actual\nA,10,7,3,5,1\nB,8,9,-1,4,2\n"


def rules(tmp_path: Path, *expressions: str, table: str = FIRMS) -> Rules:
    file = tmp_path / "rules.yaml"
    entries = [{"expr": each, "name": f"V{number}"} for number, each in enumerate(expressions, 1)]
    file.write_text(yaml.safe_dump({"rules": entries}), encoding="utf-8")
    return read_rules(file, crossfoot.check(table).table)


@pytest.mark.parametrize(
    ("expression", "expected"),
    [
        ("turnover - cost == profit", Sum("turnover", ("cost", "profit"), axis="columns")),
        ("turnover == cost + profit", Sum("turnover", ("cost", "profit"), axis="columns")),
        ("cost + profit == turnover", Sum("turnover", ("cost", "profit"), axis="columns")),
        ("turnover - cost - profit == 0", Sum("turnover", ("cost", "profit"), axis="columns")),
        ("-(cost + profit) == -turnover", Sum("turnover", ("cost", "profit"), axis="columns")),
        ("cost + profit <= turnover", AtMost(("cost", "profit"), "turnover", axis="columns")),
        ("turnover > cost", AtMost(("cost",), "turnover", axis="columns")),
        ("turnover >= 0", Between(("turnover",), at_least="0", axis="columns")),
        ("-cost >= -9.5", Between(("cost",), at_most="9.5", axis="columns")),
        ("cost + profit == 100", Between(("cost", "profit"), at_least="100", at_most="100", axis="columns")),
        ("net.worth < `2020 / Actual`", AtMost(("net worth",), "2020 / Actual", axis="columns")),
        ("X2020...Actual == cost + profit", Sum("2020 / Actual", ("cost", "profit"), axis="columns")),
        ("A >= B", AtMost(("B",), "A", axis="rows")),
    ],
)
def test_a_linear_rule_is_the_simplest_relation_that_says_it(
    expression: str, expected: Relation, tmp_path: Path
) -> None:
    found = rules(tmp_path, expression)
    assert found.left_out == []
    assert [relation.title for relation in found.relations] == ["V1"]
    [relation] = found.relations
    assert type(relation) is type(expected)
    assert relation.formula == expected.formula
    assert relation.axis == expected.axis


@pytest.mark.parametrize(
    ("expression", "kind", "verdicts"),
    [
        ("2 * cost / 4 + profit == 1.3 * net.worth", LinearRule, ["holds", "fails"]),
        ("0.5 * turnover <= cost - profit + 1e0", LinearBound, ["holds", "holds"]),
        ("turnover - cost == profit + 20L", LinearRule, ["fails", "fails"]),
    ],
)
def test_weights_and_constants_are_kept(
    expression: str, kind: type[Relation], verdicts: list[str], tmp_path: Path
) -> None:
    found = rules(tmp_path, expression)
    assert type(found.relations[0]) is kind
    result = crossfoot.check(FIRMS, found.relations)
    assert [finding.verdict for finding in result.findings] == verdicts
    assert result.report().startswith(result.counts)


@pytest.mark.parametrize(
    ("expression", "why"),
    [
        ("mean(profit) > 0", "calls a function"),
        ("if (cost > 0) profit > 0", "calls a function"),
        ("turnover * cost > 0", "multiplies figures"),
        ("profit / turnover <= 0.6", "divides by a figure or by zero"),
        ("cost / 0 == 1", "divides by a figure or by zero"),
        ("profit > 0 | cost > 0", "is not a linear equality or inequality"),
        ("profit %in% c(1, 2)", "is not a linear equality or inequality"),
        ("profit != 0", "is not a linear equality or inequality"),
        ("profit", "is not a linear equality or inequality"),
        ("cost == cost", "names no figure"),
        ("margin == profit", "names 'margin', which neither columns nor rows are called"),
        ("A == profit", "which neither columns nor rows are called"),
        ("(" * 400 + "cost" + ")" * 400 + " > 1", "is nested more than 50 levels deep"),
        ("-" * 9000 + "cost > 1", "is nested more than 50 levels deep"),
        ("cost > 1.2.3", "is not a linear equality or inequality"),
    ],
)
def test_any_other_rule_is_left_out_with_its_reason(expression: str, why: str, tmp_path: Path) -> None:
    found = rules(tmp_path, expression, "cost > 0")
    assert [relation.name for relation in found.relations] == ["V2"]
    [said] = found.left_out
    assert said.startswith("rule 1 (V1): '")
    assert said.endswith(f"{why}.")


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("a: 1", "holds no rules; a YAML file of R's validate"),
        ("rules: []", "holds no rules"),
        ("rules: [x]", "rule 1: a mapping with 'expr'"),
        ("rules: [{name: x}]", "rule 1: a mapping with 'expr'"),
        ("include: [other.yaml]", "includes other files"),
        ("rules: [{expr: !!python/name:os.system x}]", "the tag"),
        ("rules: [", "is not plain YAML"),
    ],
)
def test_a_file_that_is_no_list_of_rules_is_refused_in_a_sentence(text: str, said: str, tmp_path: Path) -> None:
    file = tmp_path / "rules.yaml"
    file.write_text(text, encoding="utf-8")
    with pytest.raises(DataError, match=said):
        read_rules(file, crossfoot.check(FIRMS).table)


def test_options_before_the_rules_are_passed_over(tmp_path: Path) -> None:
    file = tmp_path / "rules.yaml"
    file.write_text("---\noptions:\n  lin.eq.eps: 0.1\n---\nrules:\n- expr: cost > 0\n  created: 2018-01-05 11:29:50\n")
    assert len(read_rules(file, crossfoot.check(FIRMS).table).relations) == 1


def test_what_is_exported_is_read_again_as_the_same_relations(tmp_path: Path) -> None:
    given: list[Relation] = [
        Sum("turnover", ("cost", "profit"), ("net worth",), axis="columns"),
        Sum("A", ("B",), axis="rows", places=("cost", "2020 / Actual"), name="both"),
        AtMost(("cost", "profit"), "2020 / Actual", axis="columns"),
        Between(("cost",), at_least="-1.5", axis="columns"),
    ]
    text, left_out = rules_text([*given, Ratio("profit", "cost", "turnover", axis="columns")])
    assert left_out == ["profit = cost / turnover: a ratio is no linear rule."]
    (tmp_path / "rules.yaml").write_text(text, encoding="utf-8")
    back = read_rules(tmp_path / "rules.yaml", crossfoot.check(FIRMS).table)
    assert back.left_out == []
    assert [relation.formula for relation in back.relations] == [relation.formula for relation in given]
    assert [relation.places for relation in back.relations] == [relation.places for relation in given]
    assert [relation.name for relation in back.relations] == ["V1", "both", "V3", "V4"]


def test_the_command_checks_rules_and_writes_them(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("firms.csv").write_text(FIRMS.replace("10,7,3", "10,7,30"), encoding="utf-8")
    Path("rules.yaml").write_text("rules:\n- expr: turnover - cost == profit\n- expr: is.numeric(cost)\n")
    with pytest.raises(SystemExit) as stop:
        main(["firms.csv", "--rules", "rules.yaml", "--export-rules", "ours.yaml"])
    said = capsys.readouterr()
    assert stop.value.code == 1
    assert said.out.startswith("1 hold, 1 fail, 0 cannot be told\n- firms.csv, A: 'turnover' (10)")
    assert "Left out: rule 2: 'is.numeric(cost)' calls a function." in said.err
    assert yaml.safe_load(Path("ours.yaml").read_text())["rules"][0]["expr"] == "turnover == cost + profit"
