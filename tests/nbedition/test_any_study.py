"""Names in any script, tables with empty, constant and tied rows: all descriptions are valid, citations parse."""

import csv
import json
import re
from pathlib import Path

import bibtexparser
import frictionless
import mlcroissant
import pytest
import yaml
from citeproc import Citation, CitationItem, CitationStylesBibliography, CitationStylesStyle, formatter
from citeproc.source.json import CiteProcJSON
from common import crate_faults
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from nbedition import data
from nbedition.archive import catalogue, crate, datapackage
from nbedition.citation_file import Citable, Party
from nbedition.cite.styles import Cited, Work, citation
from nbedition.new_study import new_study

SCRIPTS = (
    "\u6d77\u6dc0\u533a",
    "\u0411\u044e\u0434\u0436\u0435\u0442",
    "\u03a0\u03af\u03bd\u03b1\u03ba\u03b1\u03c2",
    "\u062c\u062f\u0648\u0644",
    "\u091c\u093f\u0932\u093e",
    "Stra\u00dfe",
    "\u8868 1",
    "A_b",
    "a-b",
    "a_b",
    "x.y",
)
NAMES = st.one_of(
    st.sampled_from(SCRIPTS),
    st.text("abcXYZ\u00e9\u00f1\u4e00\u4e8c\u0436_- 09", min_size=1, max_size=8).filter(str.strip),
)
TITLES = NAMES.filter(re.compile(r"\w[\w-]*").fullmatch)  # what a data set may be called
CELLS = st.sampled_from(["", "0", "0", "1.5", "1.5", "-2", "1000000"])
TABLES = st.lists(st.tuples(NAMES, CELLS, CELLS), min_size=1, max_size=6)
PEOPLE = st.builds(
    Party, family=NAMES, given=st.one_of(st.just(""), NAMES), particle=st.sampled_from(["", "van", "de la"])
)
OFFICES = st.builds(Party, entity=NAMES)
QUICK = {
    "deadline": None,
    "phases": [Phase.explicit, Phase.generate],
    "suppress_health_check": [HealthCheck.function_scoped_fixture],
}


@pytest.fixture
def study(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    new_study(tmp_path / "study")
    monkeypatch.setenv("NBEDITION_HOME", str(tmp_path / "study"))
    return tmp_path / "study"


def declared(study: Path, name: str, rows: list[tuple[str, str, str]]) -> dict[str, bytes]:
    """Let a study hold one data set of a name and rows; return its tables as an archive has them."""
    path = study / "data/printed/any.csv"
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows([("place", "first", "second"), *rows])
    whole = yaml.safe_load((study / "data/datapackage.yml").read_text(encoding="utf-8"))
    columns = [("place", "string", "text"), ("first", "number", "yuan"), ("second", "number", "yuan")]
    fields = [{"name": name, "type": kind, "unit": unit, "title": f"the {name}"} for name, kind, unit in columns]
    one = {"name": name, "title": name * 3, "path": "printed/any.csv", "sources": [{"title": "REPORT_T1"}]}
    whole["resources"] = [*whole["resources"][:2], one | {"schema": {"fields": fields}}]
    text = yaml.safe_dump(whole, allow_unicode=True, sort_keys=False)
    (study / "data/datapackage.yml").write_text(text, encoding="utf-8")
    assert data.load(name).shape == (len(rows), 3)
    results = "notebook,name,value,unit,low,high,claim\n01_a,share,0.5,1,,,\n01_a,same,0.5,1,0.5,0.5,\n"
    return datapackage.tables() | {datapackage.RESULTS: results.encode()}


def written(place: Path, files: dict[str, bytes], about: Citable) -> dict[str, bytes]:
    """Write what describes files, and the files."""
    package = datapackage.descriptor(about, files)
    whole = files | {
        "datapackage.json": datapackage.text(package).encode(),
        "croissant.json": catalogue.croissant(about, package, files).encode(),
        crate.MASTER: crate.MASTER_TEXT.encode(),
        "README.md": b"# Text\n",
    }
    whole["ro-crate-metadata.json"] = crate.metadata([], about, whole).encode()
    whole[crate.PREVIEW] = crate.preview(whole["ro-crate-metadata.json"]).encode()
    for name, content in whole.items():
        (place / name).parent.mkdir(parents=True, exist_ok=True)
        (place / name).write_bytes(content)
    return whole


@pytest.mark.slow
@pytest.mark.filterwarnings("ignore::DeprecationWarning")  # of rdflib below mlcroissant
@settings(max_examples=8, **QUICK)
@given(TITLES, TABLES, st.lists(st.one_of(PEOPLE, OFFICES), min_size=1, max_size=2))
def test_tables_of_any_name_and_rows_are_valid_in_both_vocabularies(
    study: Path, tmp_path: Path, name: str, rows: list[tuple[str, str, str]], authors: list[Party]
):
    about = Citable("T", tuple(authors), "1.10", "2026-11-01", "2026", licences=("MIT",), abstract="Tables.")
    written(tmp_path, declared(study, name, rows), about)
    report = frictionless.validate(str(tmp_path / "datapackage.json"))
    assert report.valid, report.flatten(["title", "message"])
    described = mlcroissant.Dataset(str(tmp_path / "croissant.json"))
    assert not described.metadata.issues.errors
    taken = datapackage.resource_names([*data.names(), "results"])[name]
    assert len(list(described.records(taken))) == len(rows)


@pytest.mark.slow
@settings(max_examples=2, **QUICK)
@given(TITLES, TABLES, st.lists(st.one_of(PEOPLE, OFFICES), min_size=1, max_size=2))
def test_a_crate_of_any_names_is_valid(
    study: Path, tmp_path: Path, name: str, rows: list[tuple[str, str, str]], authors: list[Party]
):
    about = Citable("T", tuple(authors), "1", "2026-11-01", "2026", licences=("MIT",))
    written(tmp_path / "crate", declared(study, name, rows), about)
    assert crate_faults(tmp_path / "crate", "ro-crate-1.3") == ""


@settings(max_examples=40, **QUICK)
@given(NAMES, st.lists(st.one_of(PEOPLE, OFFICES), min_size=1, max_size=3), NAMES)
def test_every_citation_is_read_by_other_programs(title: str, authors: list[Party], source: str):
    works = [Work(f"w{number}", authors, one, "place", "2007") for number, one in enumerate((source, title))]
    cited = Cited("k", "Figure 1.1", title, "Edition", authors, "1.10", "2026-11-01", "", "01_x", {}, works)
    library = bibtexparser.parse_string(citation([cited], "bibtex"))
    assert [entry.key for entry in library.entries] == ["k", "w0", "w1"] and not library.failed_blocks
    items = json.loads(citation([cited], "csl-json"))
    style = CitationStylesStyle("harvard-cite-them-right", validate=False)
    bibliography = CitationStylesBibliography(style, CiteProcJSON(items), formatter.plain)
    bibliography.register(Citation([CitationItem(item["id"]) for item in items]))
    said = [str(one) for one in bibliography.bibliography()]
    assert len(said) == 3 and sum("2007" in one for one in said) == 2
    assert all(re.search(r"\w", one) for one in said)
