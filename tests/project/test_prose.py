"""Every number in the prose of a notebook is backed by what the notebook computes or loads.

The rule: take the numbers in the Markdown cells, formatted as a reader sees them (digits, with
commas in thousands, a decimal point or a sign; code spans and links left out). A number is backed if

- it stands in an output of the notebook (a recorded result, shown rounded as the prose rounds it,
  or a cell of a table shown), or
- it is a year, 1900 to 2100, that stands in a cell, row or column name of a data set that the
  notebook loads, or
- it equals a recorded value, or the end of its interval, rounded to the decimals of the prose.

Exempt are the number of a notebook (two digits, 01 to 09, and the title), of a table, a column or
a section of the study ("Table 1", "section 3.1"), and ids of claims ("C117").
"""

import json
import re
from pathlib import Path
from typing import Any

import nbformat
import pytest
from common import ROOT

from nbedition import data
from nbedition.notebooks.recorder import RESULT_TYPE

NOTEBOOKS = sorted((ROOT / "notebooks").glob("*.ipynb"))
CODE_OR_LINK = re.compile(r"```.*?```|`[^`]*`|\]\([^)]*\)|<[^>]*>", re.DOTALL)
EXEMPT = re.compile(
    r"\bC\d{3}\b"
    r"|\b(?:Tables?|Columns?|sections?|notebooks?|Figures?)\s+\d+(?:\.\d+)*(?:(?:,| and| to)\s+\d+(?:\.\d+)*)*"
    r"|\b0[1-9]\b|^#+\s+\d+",
    re.IGNORECASE | re.MULTILINE,
)
NUMBER = re.compile(r"(?<![\w.])\d[\d,]*(?:\.\d+)?")
LOADED = re.compile(r"""load\(\s*["'](\w+)["']""")


def numbers_in_prose(source: str) -> list[str]:
    """The numbers of a Markdown text that are neither code, link nor exempt, without thousands' commas."""
    text = EXEMPT.sub(" ", CODE_OR_LINK.sub(" ", source))
    return [found.rstrip(",").replace(",", "") for found in NUMBER.findall(text)]


def results_of(notebook: Any) -> list[float]:
    """Values and interval ends of all recorded results."""
    outputs = [output for cell in notebook.cells for output in cell.get("outputs", [])]
    records = [output["data"][RESULT_TYPE] for output in outputs if RESULT_TYPE in output.get("data", {})]
    parts = [record[part] for record in records for part in ("value", "low", "high")]
    return [float(part) for part in parts if part is not None]


def shown_by(notebook: Any) -> set[str]:
    """The numbers that stand in the outputs as text."""
    outputs = [output for cell in notebook.cells for output in cell.get("outputs", [])]
    texts = ["".join(output.get("data", {}).get("text/plain", "")) for output in outputs]
    return {number.rstrip(",").replace(",", "") for text in texts for number in NUMBER.findall(text)}


def years_loaded(notebook: Any) -> set[str]:
    """The years that stand in the data sets that the notebook loads."""
    source = "\n".join(cell.source for cell in notebook.cells if cell.cell_type == "code")
    names = [name for name in LOADED.findall(source) if name in data.names()]
    texts = [data.load(name).reset_index().to_csv() for name in names]
    return {year for text in texts for year in re.findall(r"\b(?:19|20)\d\d\b", text)}


def unbacked(notebook: Any) -> list[str]:
    """The numbers in the prose of a notebook that nothing in it backs."""
    results, known = results_of(notebook), shown_by(notebook) | years_loaded(notebook)
    prose = [
        number for cell in notebook.cells if cell.cell_type == "markdown" for number in numbers_in_prose(cell.source)
    ]
    return [number for number in prose if number not in known and not _is_rounded_result(number, results)]


def _is_rounded_result(number: str, results: list[float]) -> bool:
    decimals = len(number.partition(".")[2])
    return any(abs(abs(value) - float(number)) <= 0.5 * 10**-decimals for value in results)


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_every_number_in_the_prose_of_a_notebook_is_backed(path: Path):
    assert unbacked(nbformat.read(path, as_version=4)) == []


def notebook_of(prose: str, value: float = 80.32, loads: str = "") -> Any:
    record = {"name": "x", "value": value, "low": None, "high": 97.0, "unit": "%", "claim": None}
    output = nbformat.v4.new_output("display_data", data={"text/plain": "x = ?", RESULT_TYPE: record})
    code = nbformat.v4.new_code_cell(loads, outputs=[output])
    return nbformat.from_dict(
        json.loads(json.dumps(nbformat.v4.new_notebook(cells=[nbformat.v4.new_markdown_cell(prose), code])))
    )


@pytest.mark.parametrize(
    ("prose", "expected"),
    [
        ("Enterprises brought 80.3 % of it.", []),
        ("Enterprises brought 80.4 % of it.", ["80.4"]),
        ("Up to 97 %, not 98 %.", ["98"]),
        ("In 2007, the last year.", ["2007"]),
        ("Claim C117 of section 3.1, in Tables 1 and 2 of notebook 02, says so.", []),
        ("See `data/x_12.csv` and [the page](https://example.org/34).", []),
        ("There were 5,520 million.", ["5520"]),
        ("Fewer than twenty.", []),
    ],
)
def test_a_number_without_backing_is_found(prose: str, expected: list[str]):
    assert unbacked(notebook_of(prose)) == expected


def test_a_year_is_backed_by_the_data_that_the_notebook_loads():
    assert unbacked(notebook_of("In 2007, the last year.", loads='run.load("funding")')) == []
    assert unbacked(notebook_of("In 1949, before it.", loads='run.load("funding")')) == ["1949"]


def test_the_title_of_a_notebook_is_no_number_in_its_prose():
    assert numbers_in_prose("# 02 Funding: who paid") == []
