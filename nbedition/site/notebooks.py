"""Notebook pages: executed notebooks with code folded, results as tables, figures that lead to their pages."""

import re
from collections.abc import Sequence
from copy import deepcopy
from itertools import groupby
from typing import Any

import nbformat
from nbformat import NotebookNode

from nbedition.notebooks.outputs import FIGURE_TYPE, RESULT_TYPE, own_title, prose, title_of
from nbedition.site.built import Built, Shown
from nbedition.templates import rendered

SHOWN = {"application/javascript", "text/markdown", "text/latex", "text/plain"} | {
    f"image/{kind}" for kind in ("svg+xml", "png", "gif", "jpeg")
}
IMAGE = '<img src="data:{};base64,{}" alt="">'


def notebook_pages(built: Built) -> dict[str, str]:
    """Return the sources of the notebook pages by file name, index included."""
    listed = [
        {
            "name": name,
            "title": title_of(name, notebook),
            "question": question_of(notebook),
            "figures": sum(shown.notebook == name for shown in built.figures),
            "results": len(built.results(name)),
        }
        for name, notebook in built.notebooks.items()
    ]
    pages = {f"notebooks/{name}.ipynb": _page(name, built) for name in built.notebooks}
    return pages | {"notebooks/index.md": rendered("site/templates/notebooks.md.jinja", {"notebooks": listed})}


def question_of(notebook: NotebookNode) -> str:
    """Return a notebook's question, in one line."""
    found = re.search(r"\*\*Question\.\*\*\s*(.+?)(?:\n\s*\n|\Z)", prose(notebook), re.DOTALL)
    return " ".join(found.group(1).split()) if found else ""


def _page(name: str, built: Built) -> str:
    """Return an executed notebook as the page builder reads it: code folded, records as tables and figures."""
    notebook = deepcopy(built.notebooks[name])
    figures = {shown.name: shown for shown in built.figures if shown.notebook == name}
    for cell in notebook.cells:
        cell.pop("id", None)
        if cell.cell_type == "code":
            cell.metadata["tags"] = [*cell.metadata.get("tags", []), "hide-input"]
            cell.outputs = _outputs(cell.outputs, figures)
    notebook.cells = [*_answer_first(notebook.cells), *_kept(built.notebooks[name])]
    if not own_title(notebook):
        notebook.cells.insert(0, nbformat.v4.new_markdown_cell(f"# {title_of(name, notebook)}"))
        notebook.cells[0].pop("id", None)
    notebook.nbformat_minor = 4
    return f"{nbformat.writes(notebook)}\n"


def _answer_first(cells: Sequence[NotebookNode]) -> list[NotebookNode]:
    """Return cells with those that only prepare the first output after it: a reader's first screen is for answers."""
    first = next((place for place, cell in enumerate(cells) if cell.get("outputs")), 0)
    before = [cell for cell in cells[:first] if cell.cell_type != "code"]
    prepares = [cell for cell in cells[:first] if cell.cell_type == "code"]
    return [*before, *cells[first : first + 1], *prepares, *cells[first + 1 :]]


def _kept(notebook: NotebookNode) -> list[NotebookNode]:
    """Return a folded cell with the results that the notebook keeps without showing them, if there are any."""
    outputs = [output for cell in notebook.cells for output in cell.get("outputs", [])]
    kept = [output["data"][RESULT_TYPE] for output in outputs if _unseen(output)]
    if not kept:
        return []
    cell = nbformat.v4.new_code_cell(outputs=[_html(results=[_readable(one) for one in kept], folded=True)])
    cell.pop("id", None)
    cell.metadata["tags"] = ["remove-input"]
    return [cell]


def _unseen(output: Any) -> bool:
    """Whether an output is a result that only machines see."""
    return RESULT_TYPE in output.get("data", {}) and "text/plain" not in output["data"]


def _outputs(outputs: Sequence[Any], figures: dict[str, Shown]) -> list[Any]:
    """Return outputs as they are shown: results that follow each other become one table."""
    shown: list[Any] = []
    outputs = [output for output in outputs if not _unseen(output)]
    for recorded, group in groupby(outputs, key=lambda output: RESULT_TYPE in output.get("data", {})):
        if recorded:
            shown.append(_html(results=[_readable(output["data"][RESULT_TYPE]) for output in group]))
        else:
            shown.extend(_output(output, figures) for output in group)
    return shown


def _output(output: Any, figures: dict[str, Shown]) -> Any:
    data = output.get("data", {})
    if FIGURE_TYPE in data:
        return _html(shown=figures[data[FIGURE_TYPE]["figure"]])
    if "text/html" in data:
        plain = re.sub(
            r'<table( id="\w+")?(?: border="1")? class="dataframe">', r'<table\1 class="ew-table">', data["text/html"]
        )
        return _html(frame=_one_head(plain.replace(' style="text-align: right;"', "")))
    if "data" in output:
        output["data"] = _readable_by_a_page(data)
    return output


def _readable_by_a_page(data: dict[str, Any]) -> dict[str, Any]:
    """Return of an output's forms those that a page can show, or a sentence."""
    known = {kind: content for kind, content in data.items() if kind in SHOWN}
    if not known and (images := [kind for kind in data if kind.startswith("image/")]):
        return {"text/html": IMAGE.format(images[0], "".join(str(data[images[0]]).split()))}
    return known or {"text/plain": f"An output that a page cannot show: {', '.join(data) or 'it is empty'}."}


def _html(
    *, results: Sequence[dict[str, Any]] = (), shown: Shown | None = None, frame: str = "", folded: bool = False
) -> Any:
    what = {"results": results, "shown": shown, "frame": frame, "folded": folded}
    content = rendered("site/templates/output.html.jinja", what)
    return nbformat.v4.new_output("display_data", data={"text/html": content})


def _one_head(table: str) -> str:
    """Return a frame's table in which the row that only names the index has gone into the row of column names."""
    first = re.search(r"<thead>\s*<tr>((?:\s*<th></th>)+)(?:\s*<th>[^<]+</th>)+\s*</tr>", table)
    second = re.compile(r"\s*<tr>((?:\s*<th>[^<]+</th>)+)(?:\s*<th></th>)+\s*</tr>(?=\s*</thead>)")
    names = second.match(table, first.end()) if first else None
    if first and names and names[1].count("<th>") == first[1].count("<th>"):
        table = table[: first.start(1)] + names[1] + table[first.end(1) : first.end()] + table[names.end() :]
    return table.replace("<th></th>", "<td></td>")


def _readable(found: dict[str, Any]) -> dict[str, Any]:
    """Return a recorded result with its numbers as they are read."""
    value, low, high = (_number(found[name]) for name in ("value", "low", "high"))
    return found | {"value": value, "range": " to ".join(filter(None, (low, high)))}


def _number(value: float | None) -> str:
    """Return a number for reading: five significant digits, no exponent."""
    if value is None:
        return ""
    if float(value).is_integer():
        return f"{value:,.0f}" if abs(value) >= 10_000 else f"{value:.0f}"
    return f"{value:,.0f}" if abs(value) >= 1e5 else f"{value:,.5g}"
