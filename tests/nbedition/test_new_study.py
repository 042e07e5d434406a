"""A study of one's own: started from the installed wheel, with no checkout near, and its faults said plainly."""

import json
import re
import shutil
import subprocess
import sys
import zipfile
from collections.abc import Callable
from pathlib import Path

import frictionless
import nbformat
import pandas as pd
import pytest
from common import ROOT, Answer, replace, say

from crossfoot.cli import main as crossfoot
from crossfoot.errors import DataError, RequestError
from nbedition import claims, data
from nbedition.cite import gather as citing
from nbedition.notebooks import outputs
from nbedition.notebooks.recorder import start
from nbedition.project import project


@pytest.fixture
def study(ewppr: Callable[..., Answer], tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A new study, which is the current folder."""
    assert ewppr("init", tmp_path / "study").code == 0
    monkeypatch.chdir(tmp_path / "study")
    monkeypatch.delenv("NBEDITION_HOME", raising=False)
    return tmp_path / "study"


def test_a_study_started_from_the_wheel_alone_runs_checks_batches_and_archives(installed: Path, tmp_path: Path):
    study = tmp_path / "my study"
    assert "next: cd" in say(installed, "init", str(study), cwd=tmp_path)
    assert "01_schools" in say(installed, "run", cwd=study)
    assert {path.suffix for path in (study / "build/01_schools/figures").iterdir()} == {".png", ".svg", ".pdf", ".csv"}
    assert "all hold" in say(installed, "data", "check", cwd=study)
    assert "1 contradicted" in say(installed, "audit", cwd=study)
    table = ("audit", "--table", "data/printed/schools.csv", "--relations", "data/relations.yml")
    assert "read as 8275" in say(installed, *table, cwd=study, code=1)
    say(installed, "batch", "01", "--grid", "class_size=14:20:4", "--out", "surface", cwd=study)
    say(installed, "results", "surface", "--out", "surface.csv", cwd=study)
    missing = pd.read_csv(study / "surface.csv").query("name == 'teachers_missing_last'")["value"]
    assert missing.tolist() == pytest.approx([21190 / size - 1142 for size in (14, 16, 18, 20)])
    say(installed, "release", cwd=study)
    assert "is verified" in say(installed, "verify", "my-study-0.1.0.zip", cwd=study)


def test_the_edition_runs_from_the_wheel_alone(installed: Path, tmp_path: Path):
    assert "02_funding_analysis" in say(installed, "run", "02", cwd=tmp_path)
    assert "338 claims" in say(installed, "audit", cwd=tmp_path)
    manifest = json.loads((tmp_path / "build/02_funding_analysis/run.json").read_text())
    shown = nbformat.read(ROOT / "notebooks/02_funding_analysis.ipynb", as_version=4)
    made = nbformat.read(tmp_path / "build/02_funding_analysis/02_funding_analysis.ipynb", as_version=4)
    assert outputs.results(made) == outputs.results(shown)
    assert manifest["notebook"] == "02_funding_analysis"


OWN_NAMES = """
- name: {name}
  title: Fees of schools
  path: printed/{name}.csv
  sources: [{{title: {source}}}]
  schema:
    fields:
    - {{name: school, type: string, unit: text, title: name of the school}}
    - {{name: fee, type: number, unit: yuan, title: fee of the school}}
"""


@pytest.mark.slow
def test_names_in_chinese_and_in_capitals_stay_for_people_and_fit_every_format(
    study: Path, ewppr: Callable[..., Answer], tmp_path: Path
):
    notebook = (study / "notebooks/01_schools.ipynb").rename(study / "notebooks/01_\u5b66\u6821.ipynb")
    for old, new in (("01_schools", "01_\u5b66\u6821"), ('module(\\"schools', 'module(\\"\u5b66\u6821')):
        notebook.write_text(notebook.read_text(encoding="utf-8").replace(old, new), encoding="utf-8")
    (study / "study/schools.py").rename(study / "study/\u5b66\u6821.py")
    record = (study / "data/sources.yml").read_text(encoding="utf-8").partition("- id: REPORT_T1")[2]
    for name, source in (("\u5b66\u8d39", "\u7edf\u8ba1\u5c40"), ("Town_List", "\u6276\u8d2b\u529e")):
        (study / f"data/printed/{name}.csv").write_text("school,fee\nA,1\nB,2.5\n", encoding="utf-8")
        for file, text in (
            ("datapackage", OWN_NAMES.format(name=name, source=source)),
            ("sources", f"\n- id: {source}{record}"),
        ):
            with (study / f"data/{file}.yml").open("a", encoding="utf-8") as declared:
                declared.write(text)
    (study / "CITATION.cff").write_text("cff-version: 1.2.0\nmessage: m\ntitle: T\nauthors: [{name: A}]\n")
    assert ewppr("release", "--out", tmp_path / "a.zip").code == 0
    shutil.unpack_archive(tmp_path / "a.zip", tmp_path / "a")
    (place,) = tmp_path.glob("a/**/datapackage.json")
    assert frictionless.validate(str(place)).valid
    crate = (place.parent / "ro-crate-metadata.json").read_text(encoding="utf-8")
    assert "null" not in crate and "01_%E5%AD%A6%E6%A0%A1/pupils_per_teacher.svg" in crate
    keys = {citing._work(source).key for source in data.sources()}
    assert len(keys) == 3 and all(key.isascii() for key in keys)


@pytest.mark.slow
def test_the_notebook_of_a_new_study_shows_what_a_run_gives(study: Path, ewppr: Callable[..., Answer]):
    assert ewppr("run").code == 0
    shown = nbformat.read(study / "notebooks/01_schools.ipynb", as_version=4)
    made = nbformat.read(study / "build/01_schools/01_schools.ipynb", as_version=4)
    for kind in (outputs.results, outputs.figures):
        assert kind(made) == kind(shown) != []


def test_the_readme_of_a_new_study_names_every_file_and_its_commands_exist(study: Path, ewppr: Callable[..., Answer]):
    readme = (study / "README.md").read_text(encoding="utf-8")
    files = {path.relative_to(study).as_posix() for path in study.rglob("*") if path.is_file()}
    assert sorted(name for name in files - {"README.md", "Makefile", "CITATION.cff"} if f"`{name}`" not in readme) == []
    for program, *words in map(str.split, readme.split("```")[1].splitlines()[1:]):
        if program == "crossfoot":
            with pytest.raises(SystemExit, match="^1$"):  # one figure of the example is wrong
                crossfoot(words)
        else:
            assert ewppr(words[0], "--help").code == 0, words


def test_a_folder_below_a_study_belongs_to_it_and_one_outside_does_not(
    study: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
):
    monkeypatch.chdir(study / "notebooks")
    assert data.names() == ["schools", "claims"]
    monkeypatch.chdir(tmp_path)
    assert "funding" in data.names()
    monkeypatch.setenv("NBEDITION_HOME", str(study))
    assert data.names() == ["schools", "claims"]


@pytest.mark.slow
def test_a_finished_batch_is_not_taken_for_another_studys(
    study: Path, ewppr: Callable[..., Answer], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    batch = ("batch", "01", "--set", "table=", "--grid", "class_size=15,16", "--out", tmp_path / "out", "--jobs", "1")
    assert "2 now" in ewppr(*batch).err
    assert "nothing to do" in ewppr(*batch).err
    shutil.copytree(study, tmp_path / "other", ignore=shutil.ignore_patterns("build"))
    replace(tmp_path / "other/data/printed/schools.csv", "21190", "21290")
    monkeypatch.chdir(tmp_path / "other")
    assert "2 now" in ewppr(*batch).err


def test_numbers_and_dates_in_the_registers_are_texts_as_they_are_written(study: Path):
    text = (study / "data/sources.yml").read_text(encoding="utf-8")
    text = re.sub(r"  edition: .+", "  edition: 1912", re.sub(r"  date: .+", "  date: 1912-04-15", text))
    (study / "data/sources.yml").write_text(re.sub(r"  place: .+", "  place: 1.10", text), encoding="utf-8")
    source = data.sources()["REPORT_T1"]
    assert (source.edition, source.date, source.place) == ("1912", "1912-04-15", "1.10")


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("  title: .+\n", "", "field 'title': it is missing"),
        ("  trust: .+", "  trust: A\n  authors: Jo", "field 'authors': a list is expected"),
        ("  trust: .+", "  trust: A\n  authors: [{name: Jo}]", "field 'authors.0.name': there is no such field"),
        ("  trust: .+", "  trust: A\n  authors: [{}]", "field 'authors.0': family, given or entity is expected"),
        ("  short: .+", "  short: R", "field 'short': a text of 5 characters or more is expected"),
        ("  trust: .+", "  trust: D", "field 'trust': a text of the form"),
    ],
)
def test_a_source_that_does_not_fit_is_told_in_plain_words(old: str, new: str, said: str, study: Path):
    text = (study / "data/sources.yml").read_text(encoding="utf-8")
    (study / "data/sources.yml").write_text(re.sub(old, new, text, count=1), encoding="utf-8")
    with pytest.raises(DataError, match=said) as told:
        data.sources()
    assert not re.search("[Ii]nput|valid|permitted|[Ss]tring|[Ff]ield required", str(told.value))


def test_a_declaration_of_data_is_of_the_kind_that_it_should_be(study: Path):
    replace(study / "data/datapackage.yml", "own_table: true", 'own_table: "yes"')
    with pytest.raises(DataError, match="own_table: true or false is expected"):
        data.load("schools")


def test_own_data_know_their_units_sources_and_corrections(study: Path):
    frame = data.load("schools")
    assert frame.loc[2020, "rural"] == 8275
    assert frame.attrs["units"]["urban_share"] == "%"
    assert frame.attrs["sources"] == ["REPORT_T1"]
    assert frame.attrs["half_widths"]["urban_share"][2020] == 0.05


def test_own_claims_are_judged_by_own_computations_and_the_librarys(study: Path):
    found = {one.claim.id: one for one in claims.audit()}
    assert [found[name].verdict for name in ("C001", "C002", "C003", "C004")] == [
        claims.REPRODUCED,
        claims.REPRODUCED,
        claims.CONTRADICTED,
        claims.NOT_CHECKABLE,
    ]
    replace(study / "data/claims.csv", "per_teacher 2019", "per_pupil 2019")
    with pytest.raises(DataError, match="C003, column 'check': there is no computation 'per_pupil'"):
        claims.audit()


def test_own_modules_are_read_anew_when_they_change_and_can_import_each_other(study: Path):
    assert start("01").settings.class_size == 16
    replace(study / "study/schools.py", "parameter(16.0", "parameter(17.5")
    assert start("01").settings.class_size == 17.5
    (study / "study/more.py").write_text("from .schools import Settings\n")
    assert project().module("more").Settings is project().module("schools").Settings


@pytest.mark.slow
def test_a_key_changes_with_the_code_of_a_study(study: Path, ewppr: Callable[..., Answer]):
    ewppr("run")
    assert "unchanged" in ewppr("run").err
    (study / "study/charts.py").write_text((study / "study/charts.py").read_text() + "\n# changed\n")
    assert "the library's source: changed" in ewppr("why", "build").out


PACKAGE = "data/datapackage.yml"
FAULTS: dict[str, tuple[str, str, str, str]] = {
    "unknown type": (PACKAGE, "type: integer", "type: whole", "schema.fields.year.type: one of 'string'"),
    "no such index": (PACKAGE, "Key: year", "Key: yaer", "schema: primaryKey: there is no column 'yaer'"),
    "unknown field": (PACKAGE, "own_table:", "owntable:", "owntable: there is no such field"),
    "file outside": (PACKAGE, "printed/schools.csv", "../schools.csv", "path: a text of the form"),
    "column twice": (PACKAGE, "name: urban,", "name: rural,", "schema: column 'rural' is declared twice"),
    "data set twice": (PACKAGE, "name: claims", "name: schools", "declares the data set 'schools' twice"),
    "bound of a text": (
        PACKAGE,
        "constraints: {required: true, unique: true,",
        "constraints: {minimum: 1,",
        "data set 'claims', schema.fields.id: minimum is for numbers, not for strings",
    ),
    "pattern of a number": (PACKAGE, "minimum: 1}", "pattern: x}", "schema.fields.teachers: a pattern is for strings"),
    "broken pattern": (PACKAGE, "^C", "^(C", "schema.fields.id: the pattern is no regular expression"),
    "wrong value": (
        PACKAGE,
        "minimum: 1}",
        "enum: [x]}",
        "schema.fields.teachers: the enum holds a value that is no num",
    ),
    "two tests": (
        PACKAGE,
        "any_of: [check, needs]",
        "rows: 4, min_rows: 4",
        "checks.0: one of of, any_of, rows and min_r",
    ),
    "no function": (PACKAGE, "any_of: [check, needs]", 'of: "schools:nil"', "there is no 'nil' in that module"),
    "no list": (PACKAGE, "resources:", "datasets:", "a list of data sets is expected under 'resources'"),
    "ledger left out": (PACKAGE, "name: claims", "name: other", "does not declare the data set 'claims'"),
    "no source": (PACKAGE, "{title: REPORT_T1}", "{title: REPORT_T9}", "cites REPORT_T9"),
    "out of range": (
        "data/printed/schools.csv",
        "59.6",
        "596",
        "column 'urban_share': at most 100 expected, got '596'",
    ),
    "correction": ("data/printed/schools.csv", "8257", "8258", "a correction expects '8257', the file holds '8258'"),
    "broken YAML": (PACKAGE, "resources:", "resources: [", "is not plain YAML"),
}


@pytest.mark.parametrize("fault", FAULTS)
def test_a_fault_in_the_data_of_a_study_is_said_in_a_sentence(fault: str, study: Path, ewppr: Callable[..., Answer]):
    file, old, new, said = FAULTS[fault]
    path = study / file
    path.write_text(path.read_text(encoding="utf-8").replace(old, new, 1), encoding="utf-8")
    answer = ewppr("data", "check")
    assert answer.code == 2
    assert said in answer.err
    assert len(answer.err.strip().splitlines()) == 1


def declared(study: Path, column: str, cells: str, more: str = "") -> Path:
    """Declare a table of schools with one more column, and write it."""
    with (study / PACKAGE).open("a", encoding="utf-8") as file:
        file.write(
            "\n- name: codes\n  title: Codes of schools\n  path: printed/codes.csv\n  sources: [{title: REPORT_T1}]\n"
            "  schema:\n    fields:\n    - {name: school, type: string, unit: text, title: name of the school}\n"
            f"    - {{name: code, {column}, unit: text, title: its code}}\n{more}"
        )
    path = study / "data/printed/codes.csv"
    rows = [f"{name},{cell}" for name, cell in zip("ABCD", cells.split(","), strict=True)]
    path.write_text("\n".join(["school,code", *rows]), encoding="utf-8")
    return path


def refusal(name: str) -> str:
    with pytest.raises(DataError) as error:
        data.load(name)
    return str(error.value)


def test_two_unknown_codes_do_not_repeat_a_code_and_a_repeated_one_is_refused(study: Path):
    path = declared(study, "type: string, constraints: {unique: true}", "x1,,,x2")
    assert data.load("codes")["code"].isna().sum() == 2
    replace(path, "x2", "x1")
    assert refusal("codes") == "data/printed/codes.csv: line 5 (D), column 'code': each code once expected, got 'x1'."


@pytest.mark.parametrize("listed", ["[1, 2]", '["1", "2"]', "[1.0, 2]"])
def test_the_numbers_that_a_cell_may_hold_are_numbers_quoted_or_not(listed: str, study: Path):
    path = declared(study, f"type: number, constraints: {{enum: {listed}}}", "1,2,,1.0")
    assert data.load("codes")["code"].sum() == 4
    replace(path, "1.0", "3")
    assert "line 5 (D), column 'code': one of 1" in refusal("codes")


def test_a_key_of_several_columns_stands_once_and_what_is_missing_may_be_written_in_words(study: Path):
    more = "    uniqueKeys: [[school, code]]\n    missingValues: ['', n/a]\n"
    path = declared(study, "type: integer, constraints: {exclusiveMinimum: 0}", "1,n/a,3,4", more)
    assert data.load("codes")["code"].isna().sum() == 1
    with path.open("a") as file:
        file.write("\nC,3\nA,0\n")
    said = refusal("codes")
    assert "line 6: each school and code once expected, got 'C, 3'" in said
    assert "line 7 (A), column 'code': more than 0 expected, got '0'" in said


def test_a_study_reads_and_checks_a_table_by_functions_of_its_own(study: Path):
    more = '  reader: "tables:turned"\n  checks:\n  - {expects: a code that follows, of: "tables:rising"}\n'
    declared(study, "type: integer", "4,3,2,1", more)
    (study / "study/tables.py").write_text(
        "import pandas as pd\n\nfrom nbedition.project import data_file\n\n\n"
        'def turned():\n    cells = pd.read_csv(data_file("printed/codes.csv"), dtype=str)\n'
        "    return cells[::-1].reset_index(drop=True)\n\n\n"
        'def rising(frame):\n    return frame["code"].is_monotonic_increasing\n'
    )
    assert data.load("codes")["code"].tolist() == [1, 2, 3, 4]
    replace(study / "data/printed/codes.csv", "B,3", "B,9")
    assert refusal("codes") == "data/printed/codes.csv: a code that follows expected."


def test_a_fault_in_the_code_of_a_study_is_said_in_a_sentence(study: Path, ewppr: Callable[..., Answer]):
    code = study / "study/schools.py"
    for text, said in (
        ("import nothing_there\n", "cannot be imported: ModuleNotFoundError: No module named 'nothing_there'"),
        ("def (\n", "cannot be imported: SyntaxError"),
        ("Settings = 1\n", "has no class Settings"),
    ):
        code.write_text(text)
        answer = ewppr("run")
        assert answer.code == 2
        assert said in answer.err
        assert len(answer.err.strip().splitlines()) == 1
    code.unlink()
    assert "there is no file" in ewppr("run").err
    with pytest.raises(RequestError, match="there is no file"):
        project().module("schools")


@pytest.mark.slow
def test_a_damaged_notebook_is_said_in_a_sentence_and_one_without_a_kernel_runs(
    study: Path, ewppr: Callable[..., Answer]
):
    path = study / "notebooks/01_schools.ipynb"
    content = json.loads(path.read_text(encoding="utf-8"))
    path.write_text(json.dumps(content | {"metadata": {}}), encoding="utf-8")
    assert ewppr("run").code == 0
    for text in ("<<<<<<< HEAD\n{", "[]", '{"cells": [1]}'):
        path.write_text(text, encoding="utf-8")
        answer = ewppr("run")
        assert answer.code == 2
        assert "01_schools.ipynb is no notebook, or is damaged" in answer.err


def test_init_refuses_what_it_cannot_fill(ewppr: Callable[..., Answer], tmp_path: Path):
    full = tmp_path / "full"
    full.mkdir()
    (full / "mine.txt").write_text("mine")
    (tmp_path / "empty").mkdir()
    for place, said in (
        (full, "is not empty (it holds 'mine.txt')"),
        (full / "mine.txt", "is a file"),
        (full / "mine.txt" / "below", "cannot be written"),
    ):
        answer = ewppr("init", place)
        assert answer.code == 2
        assert said in answer.err
        assert len(answer.err.strip().splitlines()) == 1
    assert [path.name for path in full.iterdir()] == ["mine.txt"]
    assert ewppr("init", tmp_path / "empty").code == 0
    assert sorted(path.name for path in tmp_path.iterdir()) == ["empty", "full"]


SHOWS = """
from IPython.display import display
display({"text/plain": "SHOWN", "application/vnd.my-chart.v1+json": {"a": 1}}, raw=True)
display({"image/webp": "UklGRg=="}, raw=True)
display({"application/x-only+json": {}}, raw=True)
"""


@pytest.mark.slow
def test_site_and_archive_show_notebooks_without_a_title_with_any_headings_and_outputs_of_any_type(
    study: Path, ewppr: Callable[..., Answer]
):
    declared = (study / "study/schools.py").read_text()
    prose = {
        "no_title": ["Text."],
        "low_title": ["```\n# no heading\n```", "## A part", "#### Deep"],
        "late": ["# Mine"],
    }
    for number, (name, texts) in enumerate(prose.items(), start=2):
        (study / f"study/{name}.py").write_text(declared)
        cells = [nbformat.v4.new_code_cell(SHOWS), *map(nbformat.v4.new_markdown_cell, texts)]
        nbformat.write(nbformat.v4.new_notebook(cells=cells), study / f"notebooks/0{number}_{name}.ipynb")
    assert ewppr("run").code == 0
    made = subprocess.run([sys.executable, "-m", "ewppr_lib.cli", "site"], capture_output=True, text=True, check=False)
    assert made.returncode == 0, made.stderr
    assert ewppr("release").code == 0
    readme = zipfile.ZipFile(study / "my-study-0.1.0.zip").read("README.md").decode()
    for name, title in {"02_no_title": "02 no title", "03_low_title": "03 low title", "04_late": "Mine"}.items():
        page = (study / f"build/site/notebooks/{name}.html").read_text()
        assert f"<h1>{title}<" in page
        assert title in readme
        for part in ("SHOWN", '<img src="data:image/webp;base64,UklGRg=="', "cannot show: application/x-only+json."):
            assert part in page
        assert f">{title}</a>" in (study / "build/site/notebooks/index.html").read_text()
