"""The table of sections in the guide: every section has a row, and what a row names is there."""

import re

import nbformat
import pytest
from common import ROOT

from ewppr_lib.reform import OPTIONS
from nbedition import data
from nbedition.notebooks.outputs import figures
from nbedition.notebooks.parameters import notebook_name, parameters
from nbedition.project import notebooks, project

HEAD, _, *ROWS = [
    [cell.strip() for cell in line.strip("|").split("|")]
    for line in (ROOT / "docs/sections.md").read_text(encoding="utf-8").splitlines()
    if line.startswith("|")
]


def named(cell: str) -> list[str]:
    return re.findall(r"`([^`]+)`", cell)


def test_every_section_with_a_claim_has_a_row():
    listed = {section.strip() for row in ROWS for section in row[0].split(",")}
    claimed = set(data.load("claims")["section"])
    assert claimed - listed <= {"Abstract", "References", "Table 1", "Table 2"}


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row[1])
def test_what_a_row_names_is_there(row: list[str]):
    _, _, sets, modules, turned, drawn = row
    assert set(named(sets)) <= set(data.names())
    assert all(
        project().has_module(name if name in ("claims",) or "." in name else f"study.{name}") for name in named(modules)
    )
    for part in turned.split(";"):
        if found := re.match(r"\s*(\d\d)", part):
            assert set(named(part)) <= {one.name for one in parameters(notebook_name(found[1]))}
        else:
            assert named(part)[0].rpartition(" ")[2] in OPTIONS
    made = {one["figure"] for path in notebooks().values() for one in figures(nbformat.read(path, 4))}
    assert set(named(drawn)) <= made
