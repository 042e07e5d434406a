"""The report in every form, and the one call that makes it: from a path, a text, a frame."""

import csv
import io
import json
import re
import tomllib
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import jsonschema
import pandas as pd
import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

import crossfoot
from crossfoot.cli import main
from crossfoot.errors import ReportedError
from crossfoot.intervals import Interval
from crossfoot.relations import Sum
from crossfoot.report import CheckResult
from crossfoot.report.places import split_cells
from crossfoot.table import Cell, Table
from crossfoot.testing import assert_adds_up

ROOT = Path(__file__).parents[2]
SCHOOLS = ROOT / "docs/examples/schools.csv"
SCHEMA = json.loads((ROOT / "docs/check-report.schema.json").read_text(encoding="utf-8"))
TABLES = sorted(path for path in (ROOT / "tests/crossfoot/tables").glob("*.csv") if path.stem != "sources")
HOSTILE = 'A<b>,2022,2023,2024\n"B&""c"" <script>x</script>",5170,5301,5288\nD,4966,<i>?,5107\nAll,10136,10313,10935\n'


def closed(required: dict[str, Any], optional: dict[str, Any] | None = None) -> dict[str, Any]:
    properties = required | (optional or {})
    return {"type": "object", "required": list(required), "properties": properties, "additionalProperties": False}


TEXT: dict[str, Any] = {"type": "string", "minLength": 1}
FROM_ONE = {"type": "integer", "minimum": 1}
LOCATION = {
    "logicalLocations": {"type": "array", "items": closed({"name": TEXT, "fullyQualifiedName": TEXT})},
    "physicalLocation": closed(
        {
            "artifactLocation": closed({"uri": {"type": "string", "pattern": r"^[A-Za-z0-9._~/%:-]+$"}}),
            "region": closed(dict.fromkeys(("startLine", "startColumn", "endLine", "endColumn"), FROM_ONE)),
        }
    ),
}
SARIF = closed(  # what we use of SARIF 2.1.0, with its types; nothing else is allowed
    {
        "$schema": {"type": "string", "format": "uri"},
        "version": {"const": "2.1.0"},
        "runs": {
            "type": "array",
            "items": closed(
                {
                    "tool": closed(
                        {
                            "driver": closed(
                                {
                                    "name": TEXT,
                                    "version": TEXT,
                                    "rules": {
                                        "type": "array",
                                        "uniqueItems": True,
                                        "items": closed({"id": TEXT, "shortDescription": closed({"text": TEXT})}),
                                    },
                                }
                            )
                        }
                    ),
                    "columnKind": {"enum": ["utf16CodeUnits", "unicodeCodePoints"]},
                    "newlineSequences": {"type": "array", "items": TEXT, "minItems": 1, "uniqueItems": True},
                    "results": {
                        "type": "array",
                        "items": closed(
                            {
                                "ruleId": TEXT,
                                "ruleIndex": {"type": "integer", "minimum": 0},
                                "level": {"enum": ["none", "note", "warning", "error"]},
                                "message": closed({"text": TEXT}),
                                "locations": {"type": "array", "minItems": 1, "items": closed({}, LOCATION)},
                            },
                            {
                                "relatedLocations": {
                                    "type": "array",
                                    "uniqueItems": True,
                                    "items": closed({"id": FROM_ONE, "message": closed({"text": TEXT})}, LOCATION),
                                }
                            },
                        ),
                    },
                }
            ),
        },
    }
)


def sarif(result: CheckResult) -> dict[str, Any]:
    report: dict[str, Any] = json.loads(result.report("sarif"))
    jsonschema.validate(report, SARIF)
    [run] = report["runs"]
    return dict(run)


class Cells(HTMLParser):
    """The cells of a page with their classes, the elements it has, and what it would load."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.cells: list[list[str]] = []
        self.tags: set[str] = set()
        self.loads: list[str] = []
        self.inside = False
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        self.tags.add(tag)
        self.loads += [str(given[name]) for name in ("src", "href") if name in given]
        self.loads += ["inline code" for name in given if name.startswith("on")]
        if tag == "td":
            self.inside = True
            self.cells.append([given.get("class") or "", ""])

    def handle_endtag(self, tag: str) -> None:
        self.inside = self.inside and tag != "td"

    def handle_data(self, data: str) -> None:
        if self.inside:
            self.cells[-1][1] += data


@pytest.fixture(scope="module")
def schools() -> CheckResult:
    return crossfoot.check(SCHOOLS, SCHOOLS.with_suffix(".yml"))


@pytest.fixture(scope="module")
def hostile() -> CheckResult:
    return crossfoot.check(HOSTILE)


def test_json_and_sarif_keep_their_schemas_on_every_table() -> None:
    told = 0
    for path in [SCHOOLS, *TABLES]:
        try:
            result = crossfoot.check(path)
        except ReportedError:
            continue  # not every table can be read; what is refused has no report
        told += 1
        jsonschema.Draft202012Validator(SCHEMA).validate(json.loads(result.report("json")))
        run = sarif(result)
        rules = [rule["id"] for rule in run["tool"]["driver"]["rules"]]
        assert all(rules[found["ruleIndex"]] == found["ruleId"] for found in run["results"])
        assert len(run["results"]) == len(result.faults) + len(result.table.unread)
    assert told > len(TABLES) / 2


def test_json_gives_each_verdict_and_the_misprint_with_its_place_in_the_file(schools: CheckResult) -> None:
    report = json.loads(schools.report("json"))
    assert report["counts"] == {"holds": 33, "fails": 2, "cannot be told": 0}
    assert [report["relations"][fault["relation"]]["verdict"] for fault in report["faults"]] == ["fails", "fails"]
    [misprint] = report["faults"][1]["misprints"]
    line = SCHOOLS.read_text(encoding="utf-8").splitlines()
    [change] = misprint["changes"]
    at = change["character"] - 1
    assert line[change["line"] - 1][at : at + 5] == change["printed"] == "49,51"
    assert (misprint["kind"], misprint["mends"], change["read_as"]) == ("two digits transposed", 2, "45.91")


def test_sarif_places_a_fault_at_the_cell_that_explains_it(schools: CheckResult) -> None:
    lines = SCHOOLS.read_text(encoding="utf-8").splitlines()
    for found in sarif(schools)["results"]:
        [place] = found["locations"]
        region = place["physicalLocation"]["region"]
        assert region["startLine"] == region["endLine"]
        assert lines[region["startLine"] - 1][region["startColumn"] - 1 : region["endColumn"] - 1] == "49,51"
        assert all("49,51" not in each["message"]["text"] for each in found["relatedLocations"])


def test_sarif_places_a_fault_at_the_total_where_the_figures_do_not_tell(hostile: CheckResult) -> None:
    fault, unread = sarif(hostile)["results"]
    [place] = fault["locations"]
    region = place["physicalLocation"]["region"]
    assert (region["startLine"], region["startColumn"]) == (4, len("All,10136,10313,") + 1)
    assert len(fault["relatedLocations"]) == 2
    assert (unread["ruleId"], unread["level"]) == ("unread", "warning")
    assert unread["locations"][0]["physicalLocation"]["region"]["startColumn"] == len("D,4966,") + 1


def test_the_page_marks_the_faulty_cell_in_the_table_as_printed(schools: CheckResult) -> None:
    page = Cells(schools.report("html"))
    grid = list(csv.reader(io.StringIO(SCHOOLS.read_text(encoding="utf-8")), delimiter=";"))
    width = max(map(len, grid))
    printed = [cell for row in grid if row for cell in [*row, *[""] * (width - len(row))]]
    assert [text.partition(" 1")[0] if "fault" in kind else text for kind, text in page.cells] == printed
    assert [text for kind, text in page.cells if "fault" in kind] == ["49,51 1 2"]
    assert not [kind for kind, _ in page.cells if "involved" in kind]


def test_the_page_escapes_what_a_table_says_and_loads_nothing(hostile: CheckResult) -> None:
    text = hostile.report("html")
    page = Cells(text)
    assert page.tags.isdisjoint({"script", "b", "i", "img", "link"})
    assert set(page.loads) == {"#fault-1"}
    assert "default-src 'none'" in text
    assert [said for kind, said in page.cells if "unread" in kind] == ["<i>?"]
    assert [said for kind, said in page.cells if "involved" in kind] == ["5288 1", "5107 1", "10935 1"]


def test_no_text_of_a_report_in_csv_is_a_formula_to_a_spreadsheet() -> None:
    table = "Item,2003,2004\n=1+1,1,2\n@SUM(A1),3,4\n-x,1,1\n+all,9,9\n"
    relations = [Sum("+all", ("=1+1", "@SUM(A1)", "-x"))]
    report = crossfoot.check(table, relations).report("csv")
    cells = [cell for row in csv.reader(io.StringIO(report)) for cell in row if cell[:1] in tuple("=+-@\t")]
    assert not [cell for cell in cells if not cell.lstrip("-+").replace(".", "").isdigit()]
    assert "'+all" in report
    assert '"=1+1"' in crossfoot.check(table, relations).report("json")


def test_a_table_that_is_no_file_has_a_page_and_no_lines() -> None:
    table = crossfoot.check("Pupils,2022\nBoys,1\nGirls,2\nAll,4").table
    bare = crossfoot.check(Table(table.name, table.rows, table.columns, table.cells))
    assert [text for _, text in Cells(bare.report("html")).cells][:4] == ["", "2022", "Boys", "1"]
    assert sarif(bare)["results"] == []


def test_a_figure_larger_than_binary_numbers_can_be_is_reported_whole() -> None:
    large = Cell("x", Interval.exact(10**320))
    table = Table("t", ("a", "c"), ("b",), {("a", "b"): large, ("c", "b"): large})
    found = crossfoot.check(table, [Sum("a", ("c",))])
    assert json.loads(found.report("json"))["relations"][0]["left"]["low"] == 10**320


@given(
    st.lists(
        st.lists(st.text(st.sampled_from('ab,"\r\n é'), max_size=4), min_size=2, max_size=3), min_size=1, max_size=4
    ),
    st.sampled_from(["\n", "\r\n", "\r"]),
    st.booleans(),
)
@settings(max_examples=200, deadline=None)
def test_cells_are_split_as_pythons_csv_splits_them_and_stand_where_they_say(
    grid: list[list[str]], ending: str, last: bool
) -> None:
    target = io.StringIO()
    csv.writer(target, lineterminator=ending).writerows(grid)
    text = target.getvalue() if last else target.getvalue().removesuffix(ending)
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
    expected = dict((reader.line_num, cells) for cells in reader if cells)  # noqa: C402 (the number changes)
    found = {cells[-1][0].end_line: cells for cells in split_cells(text, ",")}
    assert {number: [said for _, said in found[number]] for number in expected} == expected
    lines = re.split("\r\n|\r|\n", text)
    for cells in found.values():
        for region, said in cells:
            if region.line == region.end_line:
                shown = lines[region.line - 1][region.start - 1 : region.end - 1]
                assert shown in (said, '"' + said.replace('"', '""') + '"')


FRAME = pd.DataFrame(
    {"2022": [5170.0, 4966, 10136, 187.5], "2023": [5301, 5012, 10313, 0.1 + 0.2], "2024": [5288, None, 10395, 41.0]},
    index=["Boys", "Girls", "All", "Spending"],
)


def test_a_frame_is_read_as_it_would_be_printed() -> None:
    table = crossfoot.check(FRAME, name="frame").table
    assert table.rows == ("Boys", "Girls", "All", "Spending")
    printed = [[table.cells[row, column].text for column in table.columns] for row in table.rows]
    assert printed == [
        ["5170", "5301", "5288"],
        ["4966", "5012", ""],
        ["10136", "10313", "10395"],
        ["187.5", "0.3", "41"],
    ]
    assert crossfoot.check(FRAME).counts == "2 hold, 0 fail, 1 cannot be told"


def test_decimals_that_a_row_and_a_column_show_are_those_of_a_figure_that_ends_in_zeros() -> None:
    frame = pd.DataFrame({"a": [1.25, 2.0], "b": [3.5, 4.125]}, index=["x", "y"])
    table = crossfoot.check(frame).table
    assert [table.cells[spot].text for spot in (("x", "a"), ("y", "a"), ("x", "b"), ("y", "b"))] == [
        "1.25", "2.00", "3.50", "4.125",
    ]  # fmt: skip


def test_a_frame_with_its_labels_in_columns_or_in_levels_is_the_same_table() -> None:
    plain = crossfoot.check(FRAME.reset_index(names="Pupils"))
    assert plain.table.rows == crossfoot.check(FRAME).table.rows
    levels = FRAME.copy()
    levels.columns = pd.MultiIndex.from_product([["Year"], FRAME.columns])
    levels.index = pd.MultiIndex.from_product([["School"], FRAME.index])
    assert crossfoot.check(levels).counts == plain.counts == crossfoot.check(FRAME.to_csv()).counts


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        (3, "a path, a text, a pandas frame or a Table is expected, got int."),
        (pd.DataFrame(), "table: "),
        ("nowhere.csv", "nowhere.csv does not exist."),
        ("no\ntable", "table: no line is split by a comma, semicolon or tab"),
    ],
)
def test_what_is_no_table_is_refused_in_a_sentence(wrong: object, said: str) -> None:
    with pytest.raises(ReportedError, match=re.escape(said)):
        crossfoot.check(wrong)


def test_a_form_that_is_unknown_is_refused_with_those_there_are(schools: CheckResult) -> None:
    with pytest.raises(ReportedError, match="a report is text, json, csv, sarif or html, got 'pdf'"):
        schools.report("pdf")


def test_a_test_of_ones_own_fails_with_the_report(schools: CheckResult) -> None:
    with pytest.raises(AssertionError, match="^33 hold, 2 fail, 0 cannot be told\n- ") as failed:
        assert_adds_up(SCHOOLS, SCHOOLS.with_suffix(".yml"))
    assert str(failed.value) == schools.report()
    assert_adds_up(FRAME, at_least=2)
    with pytest.raises(AssertionError, match="2 hold, 0 fail, 1 cannot be told; at least 3 should hold"):
        assert_adds_up(FRAME, at_least=3)


def test_the_hook_gives_pre_commit_a_command_that_takes_several_tables(capsys: pytest.CaptureFixture[str]) -> None:
    [hook] = yaml.safe_load((ROOT / ".pre-commit-hooks.yaml").read_text(encoding="utf-8"))
    assert {"id", "name", "entry", "language"} <= set(hook)
    assert re.search(hook["files"], SCHOOLS.name)
    scripts = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]["scripts"]
    assert scripts[hook["entry"]] == "crossfoot.cli:main"
    with pytest.raises(SystemExit) as stop:
        main([str(SCHOOLS), str(SCHOOLS)])
    said = capsys.readouterr()
    assert stop.value.code == 1
    assert said.out.count("33 hold, 2 fail") == 2
    assert said.err.splitlines()[-1].count("2 of 35 relations fail in") == 2
