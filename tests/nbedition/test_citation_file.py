"""``CITATION.cff``: what a study states of itself is cited and archived, and nothing that it does not state."""

import json
from datetime import date
from functools import cache
from pathlib import Path

import pytest
import yaml
from datacite.schema45 import validator as DATACITE  # noqa: N812  it is a constant
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from crossfoot.errors import DataError
from nbedition.archive import catalogue, crate, datapackage
from nbedition.citation_file import Citable, Party, citation_file, required
from nbedition.cite.styles import Cited, Work, citation

BEGIN = "cff-version: 1.2.0\nmessage: m\n"
MADE = {"kind": "Figure 1.1", "title": "A finding", "notebook": "01_x", "parameters": {}, "key": "k", "name": "f"}


def stated(folder: Path, text: str) -> Citable:
    (folder / "CITATION.cff").write_text(BEGIN + text, encoding="utf-8")
    found = citation_file()
    assert found is not None
    return found


def cited(said: Citable, style: str) -> str:
    own = {"edition": said.title, "authors": said.authors, "version": said.version, "released": said.released}
    return citation([Cited(**MADE, **own, url=said.url, sources=[Work("s", said.authors, "Source", "place")])], style)


@pytest.mark.parametrize(
    ("text", "begins"),
    [
        (
            "title: My study\nauthors:\n  - family-names: Li\n    given-names: Ping\n  - name: Office of Things\n",
            "Li, P., & Office of Things. (n.d.). A finding [Figure 1.1]. In My study. ",
        ),
        (
            "title: T\nversion: 1.10\ndate-released: 2026-11-01\nauthors: [{family-names: Doe, given-names: Jo Ann}]\n",
            "Doe, J. A. (2026). A finding [Figure 1.1]. In T (Version 1.10). ",
        ),
        (
            "title: T\nauthors:\n  - {family-names: Tal, given-names: Ludwig, name-particle: van, name-suffix: Sr.}\n",
            "van Tal, L., Sr. (n.d.). A finding",
        ),
        (
            "title: T\nauthors:\n  - {family-names: \u674e, given-names: \u840d}\n  - alias: jo\n",
            "\u674e\u840d, & jo. (n.d.). ",
        ),
        ("title: T\n", "A finding [Figure 1.1]. (n.d.). In T. "),
    ],
    ids=["person and office", "version as written", "particle and suffix", "Chinese and alias", "nobody"],
)
def test_a_citation_says_what_is_stated_and_no_more(text: str, begins: str, edition: Path):
    said = stated(edition, text)
    assert cited(said, "apa").startswith(begins)
    item = json.loads(cited(said, "csl-json"))[0]
    assert ("issued" in item) == bool(said.released) and ("version" in item) == bool(said.version)
    assert ("author" in item) == bool(said.authors)
    assert "{}" not in cited(said, "bibtex")


def test_a_register_s_record_says_who_and_marks_a_publisher_that_is_not_stated(edition: Path):
    text = (
        "title: T\ndate-released: 2026-11-01\nauthors:\n  - {family-names: Tal, given-names: Jo, name-particle: van, "
    )
    text += "orcid: 'https://orcid.org/0000-0002-1825-0097', affiliation: U}\n  - {name: Office}\nlicense: MIT\n"
    record = json.loads(catalogue.datacite(stated(edition, text)))
    DATACITE.validate(record)
    person, office = record["creators"]
    assert (person["name"], office) == ("van Tal, Jo", {"name": "Office", "nameType": "Organizational"})
    assert person["nameIdentifiers"][0]["nameIdentifier"].endswith("0000-0002-1825-0097")
    assert (record["publisher"]["name"], record["publicationYear"]) == ("(:unav)", "2026")
    for missing in ("title: T\nauthors: [{name: A}]\n", "title: T\ndate-released: 2026-11-01\n"):
        assert catalogue.datacite(stated(edition, missing)) == ""


def test_what_is_not_stated_is_empty(edition: Path):
    for empty in ("", " null", " ~", ' ""'):
        text = "title: T\n" + "".join(f"{name}:{empty}\n" for name in ("version", "authors", "license", "keywords"))
        assert stated(edition, text) == Citable(title="T")


def test_the_whole_format_is_read(edition: Path):
    said = stated(
        edition,
        "title: T\nurl: https://example.org\ndoi: 10.5281/zenodo.1\nlicense: [MIT, Apache-2.0]\nkeywords: [a, b]\n"
        "abstract: >-\n  Two\n  lines.\nidentifiers:\n  - {type: doi, value: 10.5281/zenodo.2}\n"
        "preferred-citation:\n  type: article\n  title: P\n  authors: [{name: X}]\n  year: 2020\n"
        "references:\n  - {type: book, title: R, authors: [{name: Y}], publisher: {name: Z}, year: 1999}\n",
    )
    assert (said.url, said.doi, said.licences) == ("https://example.org", "10.5281/zenodo.1", ("MIT", "Apache-2.0"))
    assert (said.keywords, said.abstract) == (("a", "b"), "Two lines.")
    assert said.preferred == Citable(title="P", authors=(Party(entity="X"),), year="2020")
    assert said.references == (Citable(title="R", authors=(Party(entity="Y"),), year="1999", publisher="Z"),)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("- a\n", "is not plain YAML"),
        ("title: T\nauthors: [Jo Doe]\n", "family-names and given-names, or by name, got 'Jo Doe'"),
        ("title: T\nauthors: [{email: a@example.org}]\n", "an author without a name"),
        ("title: T\nauthors: {name: X}\n", "a list is expected below 'authors'"),
        ("authors: [{name: X}]\n", "states no title"),
    ],
)
def test_a_file_that_is_not_of_the_format_is_told_in_a_sentence(text: str, said: str, edition: Path):
    (edition / "CITATION.cff").write_text(BEGIN + text, encoding="utf-8")
    with pytest.raises(DataError, match=said):
        required()


def test_without_the_file_it_is_asked_for(edition: Path):
    (edition / "CITATION.cff").unlink()
    assert citation_file() is None
    with pytest.raises(DataError, match="no CITATION.cff found"):
        required()


NAMES = st.text(st.characters(codec="utf-8", categories=("L", "M", "N", "Zs", "P")), min_size=1, max_size=12).filter(
    lambda text: text.strip() and text.strip() not in ("~", "null")
)
PARTIES = st.one_of(
    st.fixed_dictionaries({"family-names": NAMES}, optional={"given-names": NAMES, "name-particle": NAMES}),
    st.fixed_dictionaries({"name": NAMES}),
    st.fixed_dictionaries({"alias": NAMES}),
)
FILES = st.fixed_dictionaries(
    {"title": NAMES, "authors": st.lists(PARTIES, min_size=1, max_size=3)},
    optional={
        "version": NAMES,
        "date-released": st.dates(date(1990, 1, 1), date(2030, 1, 1)).map(str),
        "license": st.sampled_from(["MIT", ["MIT", "CC-BY-4.0"]]),
        "keywords": st.lists(NAMES, max_size=2),
        "abstract": NAMES,
    },
)


@cache
def tables() -> dict[str, bytes]:
    return datapackage.tables() | {datapackage.RESULTS: b""}


@settings(
    max_examples=40,
    deadline=None,
    phases=[Phase.explicit, Phase.generate],
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(FILES)
def test_from_any_file_of_the_format_citations_and_metadata_state_just_what_it_does(edition: Path, content: dict):
    (edition / "CITATION.cff").write_text(yaml.safe_dump(content, allow_unicode=True), encoding="utf-8")
    said = required()
    for style in ("apa", "bibtex", "csl-json", "latex"):
        assert cited(said, style)
    record = catalogue.datacite(said)
    assert bool(record) == bool(said.year)
    if record:
        DATACITE.validate(json.loads(record))
    package = datapackage.descriptor(said, tables())
    assert ("licenses" in package, "version" in package, "created" in package) == (
        "license" in content,
        "version" in content,
        "date-released" in content,
    )
    graph = json.loads(crate.metadata([], said, {crate.MASTER: b"", "README.md": b"", "data/\u5b66\u6821.csv": b"a"}))
    root = next(one for one in graph["@graph"] if one["@id"] == "./")
    assert ("license" in root, "version" in root, "datePublished" in root, "keywords" in root) == (
        "license" in content,
        "version" in content,
        "date-released" in content,
        bool(content.get("keywords")),
    )
    assert None not in next(one for one in graph["@graph"] if one["@id"] == "#run")["object"]


def test_a_keyword_that_is_stated_twice_is_one_subject():
    about = Citable(title="T", authors=(Party(family="Li"),), year="2026", keywords=("aid", "west", "aid"))
    assert json.loads(catalogue.datacite(about))["subjects"] == [{"subject": "aid"}, {"subject": "west"}]
