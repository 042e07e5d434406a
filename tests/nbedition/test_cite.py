"""Citations are valid in every style, name all that a figure rests on, and a paper that uses them compiles."""

import csv
import json
import re
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

import bibtexparser
import jsonschema
import pytest
from common import ROOT, Answer
from PIL import Image
from pylatexenc.latexwalker import LatexWalker

from crossfoot.errors import CheckFailed, RequestError
from nbedition import data
from nbedition.citation_file import Party
from nbedition.cite import STYLES
from nbedition.cite import gather as citing
from nbedition.cite.latex import latex_of, macro
from nbedition.cite.styles import Cited, Work, citation
from nbedition.figures import embed_png as png
from nbedition.figures.record import opened
from nbedition.new_study import new_study
from nbedition.notebooks.outputs import COLUMNS, RESULT_TYPE, figure_named, listed, recorded_in_study
from nbedition.project import notebooks

FIGURES = [figure.figure for figure in listed()]

PARTS_OF_NAME = ("literal", "family", "given", "non-dropping-particle", "suffix")
NAME = {
    "type": "object",
    "properties": {part: {"type": "string", "minLength": 1} for part in PARTS_OF_NAME},
    "additionalProperties": False,
}
PARTS = {"type": "array", "items": {"type": "array", "items": {"type": "number"}, "minItems": 1, "maxItems": 3}}
DATE = {"type": "object", "properties": {"date-parts": PARTS | {"minItems": 1, "maxItems": 2}}}
TEXTS = ("title", "container-title", "version", "note", "publisher", "URL")
CSL: dict[str, Any] = {  # what the CSL data schema asks of the fields used here; no other fields are used
    "type": "array",
    "minItems": 2,
    "items": {
        "type": "object",
        "properties": {
            "type": {"enum": ["graphic", "dataset", "document"]},
            "id": {"type": "string", "minLength": 1},
            "author": {"type": "array", "items": NAME, "minItems": 1},
            "issued": DATE | {"additionalProperties": False},
            "number": {"type": ["string", "number"]},
            **{name: {"type": "string", "minLength": 1} for name in TEXTS},
        },
        "required": ["type", "id"],
        "additionalProperties": False,
    },
}

AWKWARD = Cited(
    key="a-1",
    kind="Figure 9.9",
    title="5 % of {what} & how_much ~ costs $3^2 #1 \\ more \u2192 less",
    edition="An edition & more",
    authors=[Party(entity="A & B"), Party("O'Neill & Sons", "Jo Ann", "van", "Jr.")],
    version="0_1",
    released="2026-11-03",
    url="https://example.org/x",
    notebook="09_awkward",
    fingerprint="ABCDEFGH",
    parameters={"share": 0.5, "table": "", "text": "50 % {x"},
    sources=[Work("s-1", [Party(entity="C_D")], "Title \u2013 with % and {", "https://example.org/a_b?c=d&e#f")],
    name="awkward",
    caption="All of < and > and |",
    alt="An awkward } text",
)


def entries(text: str) -> dict[str, dict[str, str]]:
    library = bibtexparser.parse_string(text)
    assert not library.failed_blocks
    return {entry.key: {field.key: field.value for field in entry.fields} for entry in library.entries}


def require_strict(text: str) -> None:
    """Parse LaTeX without tolerance for unbalanced groups or environments."""
    nodes, _, length = LatexWalker(text, tolerant_parsing=False).get_latex_nodes()
    assert length == len(text) and nodes


@pytest.mark.parametrize("name", FIGURES)
def test_a_bibtex_entry_names_edition_figure_fingerprint_version_parameters_and_sources(name: str):
    listed_as = figure_named(name)
    found = entries(citation([citing.figure(name)], "bibtex"))
    key, own = next(iter(found.items()))
    assert key.endswith(f"{name}-{listed_as.fingerprint}")
    assert f"Figure {listed_as.number}" in own["howpublished"] and "version" in own["howpublished"]
    assert "an executable edition" in own["howpublished"]
    assert f"[Figure {listed_as.number}, fingerprint {listed_as.fingerprint}]" in own["title"]
    assert listed_as.fingerprint in own["note"] and "parameters" in own["note"] and own["year"] == "2026"
    assert set(listed_as.content["sources"]) == set(found) - {key}
    known = data.sources()
    assert all(len(found[source]["title"]) >= len(known[source].title) for source in listed_as.content["sources"])


@pytest.mark.parametrize("name", FIGURES)
def test_csl_json_has_the_shape_of_its_schema(name: str):
    items = json.loads(citation([citing.figure(name)], "csl-json"))
    jsonschema.validate(items, CSL)
    assert len({item["id"] for item in items}) == len(items)
    assert figure_named(name).fingerprint in items[0]["note"]
    assert items[0]["title"].endswith(
        f"fingerprint {figure_named(name).fingerprint}]"
    )  # the field that all styles print


@pytest.mark.parametrize("name", FIGURES)
def test_latex_includes_the_figure_with_caption_and_alt_text(name: str):
    figure = figure_named(name)
    text = citation([citing.figure(name)], "latex")
    require_strict(text)
    assert f"]{{{name}.pdf}}" in text and "alt={" in text and "\\caption{" in text
    assert figure.content["alt"] in text.replace("\\", "") and figure.fingerprint in text


def test_special_characters_hold_in_every_style():
    assert set(entries(citation([AWKWARD], "bibtex"))) == {"a-1", "s-1"}
    jsonschema.validate(json.loads(citation([AWKWARD], "csl-json")), CSL)
    assert AWKWARD.title in citation([AWKWARD], "apa")
    require_strict(citation([AWKWARD], "latex"))


def test_a_file_is_cited_with_its_own_parameters_and_key(drawn: Path, tmp_path: Path, ewppr: Callable[..., Answer]):
    for ending in ("pdf", "svg", "png"):
        answer = ewppr("cite", drawn / f"recent_ratio.{ending}", "--style", "bibtex")
        assert answer.code == 0 and entries(answer.out) == entries(citation([citing.figure("recent_ratio")], "bibtex"))
    (tmp_path / "none.png").write_bytes((ROOT / "docs/enterprise_share.png").read_bytes()[:60])
    assert ewppr("cite", tmp_path / "none.png").code == 2


def test_a_forged_title_or_other_parameters_are_not_printed_as_a_reference(drawn: Path, tmp_path: Path):
    content = (drawn / "recent_ratio.png").read_bytes()
    sealed = opened(png.read(content).record or "")
    bare = png.encode(Image.open(drawn / "recent_ratio.png").convert("RGB"), 300)
    for part, value in (("title", "Enterprises brought all the money"), ("parameters", {"lang": "en", "seed": 7})):
        record = sealed.record.model_copy(update={part: value})
        path = tmp_path / f"{part}.png"
        path.write_bytes(png.embed(bare, record.sealed(sealed.picture)))
        with pytest.raises(RequestError, match="is not that of a figure of this edition"):
            citing.figure(str(path))
        with pytest.raises(CheckFailed):
            citing.figure(str(path), refuse)


def refuse(path: Path) -> None:
    raise CheckFailed(f"{path} does not hold")


def test_several_are_cited_in_one_list_in_which_each_source_stands_once(ewppr: Callable[..., Answer]):
    asked = ("cite", "enterprise_share", "2.3", "enterprise_share", "--number", "compound_c017")
    found = {style: ewppr(*asked, "--style", style).out for style in STYLES}
    assert len(entries(found["bibtex"])) == len(set(entries(found["bibtex"]))) == 3 + 2
    items = json.loads(found["csl-json"])
    jsonschema.validate(items, CSL)
    assert [item["id"] for item in items] == list(entries(found["bibtex"]))
    assert found["apa"].count("\n") == len(items)
    require_strict(found["latex"])
    assert found["latex"].count("\\begin{thebibliography}") == 1
    assert found["latex"].count("\\bibitem") == len(items)
    assert next(item for item in items if item["id"] == "STUDY")["author"][0] == {"family": "Lu", "given": "Hanwen"}


def test_a_number_is_cited_with_its_value_and_unit(ewppr: Callable[..., Answer]):
    for style in STYLES:
        answer = ewppr("cite", "--number", "fixed_share_over_actual", "--style", style)
        assert answer.code == 0 and "2.6" in answer.out and "ratio" in answer.out, answer
    assert entries(ewppr("cite", "--number", "fixed_share_over_actual", "--style", "bibtex").out)


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["enterprise_shore"], "did you mean 'enterprise_share'"),
        (["nothing.pdf"], "cannot be read"),
        (["--number", "nosuch"], "no recorded number 'nosuch'"),
        (["--number", "enterprise_shares_agreed"], "did you mean 'enterprise_share_agreed'"),
        ([""], "no figure ''"),
        ([], "takes a figure"),
        (["2.1", "--number", "x"], "no recorded number 'x'"),
    ],
)
def test_what_cannot_be_cited_is_answered_in_a_sentence(arguments: list[str], said: str, ewppr: Callable[..., Answer]):
    answer = ewppr("cite", *arguments)
    assert answer.code == 2 and said in answer.err and answer.err.count("\n") == 1


def test_a_macro_has_letters_only():
    assert macro("ewppr", "2", "share_2007").isalpha()


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The results of all notebooks as ``ewppr run`` writes them, from the committed outputs."""
    made = tmp_path_factory.mktemp("results")
    for notebook in notebooks():
        rows = [result for result in recorded_in_study(RESULT_TYPE) if result["notebook"] == notebook]
        (made / notebook).mkdir()
        with (made / notebook / "results.csv").open("w", encoding="utf-8", newline="") as file:
            writer = csv.DictWriter(file, COLUMNS, lineterminator="\n")
            writer.writeheader()
            writer.writerows(rows)
    return made


def test_every_result_has_one_macro_and_a_row_and_every_notebook_a_table(folder: Path):
    text = latex_of(folder)
    require_strict(text)
    names = re.findall(r"\\newcommand\{\\(\w+)\}", text)
    assert len(names) == len(set(names)) and all(name.isalpha() for name in names)
    assert text.count("\\begin{longtable}") == len(notebooks())
    rows = len(re.findall(r"(?m)^(?!result ).* & .*\\\\$", text))
    assert rows == len(recorded_in_study(RESULT_TYPE))
    assert "\\newcommand{\\ewpprTwoEnterpriseShareAgreed}{99.296}" in text


def test_the_results_command_writes_a_tex_file(folder: Path, tmp_path: Path, ewppr: Callable[..., Answer]):
    assert ewppr("results", folder, "--latex", "--out", tmp_path / "numbers.tex").code == 0
    assert (tmp_path / "numbers.tex").read_text(encoding="utf-8") == latex_of(folder)
    assert ewppr("results", folder, "--latex", "--out", tmp_path / "numbers.csv").code == 2
    assert ewppr("results", tmp_path / "nothing", "--latex").code == 2


@pytest.mark.parametrize("content", [b"a,b\n1,2\n", b"\xff\xfe\0", None])
def test_results_that_are_none_are_refused_in_a_sentence(
    content: bytes | None, folder: Path, tmp_path: Path, ewppr: Callable[..., Answer]
):
    place = tmp_path / "02_x/results.csv"
    place.parent.mkdir()
    row = b"02_x,share,much,%,,,\n"
    place.write_bytes(",".join(COLUMNS).encode() + b"\n" + row if content is None else content)
    answer = ewppr("results", tmp_path, "--latex")
    assert answer.code == 2 and "is not as ewppr run writes it" in answer.err and answer.err.count("\n") == 1


PAPER = r"""\documentclass{article}
\usepackage[utf8]{inputenc}
\usepackage[T1]{fontenc}
\usepackage{graphicx,booktabs,longtable}
\input{numbers}
\begin{document}
\ewpprTwoEnterpriseShareAgreed\,\ewpprTwoEnterpriseShareAgreedUnit; see Figure~\ref{fig:recent_ratio}.
\input{figure}
\ewpprThreeTable
\end{document}
"""


def test_a_paper_with_figure_numbers_and_references_compiles(folder: Path, drawn: Path, tmp_path: Path):
    if shutil.which("pdflatex") is None:
        pytest.skip("no TeX on this system; with one (apt-get install texlive-latex-recommended) a paper is compiled")
    shutil.copy(drawn / "recent_ratio.pdf", tmp_path)
    (tmp_path / "numbers.tex").write_text(latex_of(folder), encoding="utf-8")
    (tmp_path / "figure.tex").write_text(citation([citing.figure("recent_ratio")], "latex"), encoding="utf-8")
    (tmp_path / "paper.tex").write_text(PAPER, encoding="utf-8")
    command = ["pdflatex", "-interaction=nonstopmode", "-halt-on-error", "paper.tex"]
    for _ in range(3):
        ended = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, errors="replace", check=False)
        assert ended.returncode == 0, ended.stdout[-2000:]
    assert not re.search(r"LaTeX Warning: (Reference|Citation|There were undefined)", ended.stdout)
    assert (tmp_path / "paper.pdf").stat().st_size > 20_000


def test_a_number_of_a_study_without_one_source_under_all_is_cited(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, ewppr: Callable[..., Answer]
):
    monkeypatch.delenv("NBEDITION_HOME", raising=False)
    new_study(tmp_path / "study")
    monkeypatch.chdir(tmp_path / "study")
    for style in STYLES:
        answer = ewppr("cite", "--number", "pupils_per_teacher_last", "--style", style)
        assert answer.code == 0 and "18.55516637 ratio" in answer.out, answer
