"""What readers see in a notebook: few results, words and not names of code, few digits, plain English.

Readers see the text cells, and of the outputs sentences and tables; a figure is seen as its picture. Code is folded.
Digits are counted where a number is neither a year, nor inside code or a link.
"""

import re
from html import unescape
from pathlib import Path
from typing import Any

import nbformat
import pytest
from common import ROOT

from nbedition.notebooks.outputs import FIGURE_TYPE

NOTEBOOKS = sorted((ROOT / "notebooks").glob("*.ipynb"))
each_notebook = pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
MOST_CELLS, MOST_LINES, MOST_SHOWN, MOST_DIGITS = 12, 100, 8, 4
EXACT = {"05_claims_audit": 2}  # tables that tell claims with all their digits: an audit is about the last one

CODE_OR_LINK = re.compile(r"```.*?```|`[^`]*`|\]\([^)]*\)|https?://\S+", re.DOTALL)
CODE_NAME = re.compile(r"\b[a-z][a-z0-9]*(?:_[a-z0-9]+)+\b")
NUMBER = re.compile(r"(?<![\w.,])\d[\d,]*(?:\.\d+)?")
AVOIDED = (
    "a row a result",
    "purses",
    "of themselves",
    "outlives",
    "hangs on",
    "china pairs",
    "a row a recorded result",
)
READ_BY_USERS = [ROOT / "README.md", ROOT / "CHANGELOG.md", *sorted((ROOT / "docs").glob("*.md")), *NOTEBOOKS]
READ_BY_USERS += [ROOT / "pyproject.toml", ROOT / "docs/findings.yml", ROOT / "template/README.md"]


def shown(notebook: Any) -> list[dict[str, Any]]:
    """The outputs of a notebook that somebody sees."""
    outputs = [output for cell in notebook.cells for output in cell.get("outputs", [])]
    forms = [output.get("data", {"text/plain": output.get("text", "")}) for output in outputs]
    return [form for form in forms if set(form) & {"text/plain", "text/html", "text/markdown", "image/png"}]


def prose(notebook: Any) -> list[str]:
    return [CODE_OR_LINK.sub(" ", cell.source) for cell in notebook.cells if cell.cell_type == "markdown"]


def seen(notebook: Any) -> list[str]:
    """Every text that a reader sees: text cells, sentences, and tables both as a page and as a terminal have them."""
    told = [form for form in shown(notebook) if FIGURE_TYPE not in form]
    pages = [
        unescape(re.sub(r"<style.*?</style>|<[^>]+>", " ", form.get("text/html", ""), flags=re.S)) for form in told
    ]
    return [*prose(notebook), *pages, *(form.get("text/plain", "") for form in told)]


def too_precise(text: str) -> list[str]:
    """The numbers of a text with more significant digits than a reader can use."""
    return [found for found in NUMBER.findall(text) if significant(found) > MOST_DIGITS]


def significant(number: str) -> int:
    digits = number.replace(",", "")
    return len((digits if "." in digits else digits.rstrip("0")).replace(".", "").lstrip("0"))


@each_notebook
def test_a_notebook_shows_few_results_and_little_code(path: Path):
    notebook = nbformat.read(path, as_version=4)
    code = [cell.source for cell in notebook.cells if cell.cell_type == "code"]
    assert len(code) <= MOST_CELLS
    assert sum(bool(line.strip()) for source in code for line in source.splitlines()) <= MOST_LINES
    assert len(shown(notebook)) <= MOST_SHOWN


@each_notebook
def test_a_reader_sees_no_name_of_code(path: Path):
    texts = seen(nbformat.read(path, as_version=4))
    assert [name for text in texts for name in CODE_NAME.findall(text)] == []


@each_notebook
def test_a_reader_sees_no_more_than_four_significant_digits(path: Path):
    notebook = nbformat.read(path, as_version=4)
    found = {text: too_precise(text) for text in seen(notebook)}
    exact = [text for text, numbers in found.items() if numbers]
    assert len(exact) <= 2 * EXACT.get(path.stem, 0), found  # each as a page and as a terminal have it


@each_notebook
def test_a_notebook_gives_its_answer_before_its_evidence(path: Path):
    notebook = nbformat.read(path, as_version=4)
    texts = [cell.source for cell in notebook.cells if cell.cell_type == "markdown"]
    assert texts[1] == "## In short"
    assert [line for text in texts for line in text.splitlines() if line.startswith("## How sure")] == ["## How sure"]
    assert texts[-1].count("\n## ") <= 1
    answer, figure = shown(notebook)[:2]
    assert answer["text/markdown"].count("\n- ") <= 2  # three sentences at most
    assert FIGURE_TYPE in figure


@pytest.mark.parametrize("path", READ_BY_USERS, ids=lambda path: path.name)
def test_no_phrase_that_readers_stumble_over_stands_in_what_they_read(path: Path):
    text = path.read_text(encoding="utf-8")
    if path.suffix == ".ipynb":
        text = "\n".join(seen(nbformat.read(path, as_version=4)))
    said = " ".join(text.lower().split())
    assert [phrase for phrase in AVOIDED if phrase in said] == []


def notebook_of(**cells: str) -> Any:
    output = nbformat.v4.new_output("display_data", data={"text/plain": cells.get("shown", "fine")})
    code = nbformat.v4.new_code_cell("x", outputs=[output])
    return nbformat.v4.new_notebook(cells=[nbformat.v4.new_markdown_cell(cells.get("prose", "fine")), code])


@pytest.mark.parametrize("where", ["prose", "shown"])
def test_a_name_of_code_and_a_number_too_precise_are_found(where: str):
    texts = seen(notebook_of(**{where: "see aid_county: 2,377.197, of 2007 and 226,000"}))
    assert [name for text in texts for name in CODE_NAME.findall(text)] == ["aid_county"]
    assert [number for text in texts for number in too_precise(text)] == ["2,377.197"]


def test_code_and_links_in_prose_are_left_alone():
    assert "aid_county" not in " ".join(seen(notebook_of(prose="see `aid_county` and [it](data/aid_county.csv)")))
