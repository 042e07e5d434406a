"""Notebook pages: executed notebooks with code folded, results as tables, figures that lead to their pages."""

import re
from collections.abc import Sequence
from copy import deepcopy
from itertools import groupby
from typing import Any

import nbformat
from nbformat import NotebookNode

from nbedition.notebooks.outputs import FIGURE_TYPE, RESULT_TYPE
from nbedition.site.built import Built, Shown
from nbedition.site.html import link, raw, scroll, table, text


def notebook_pages(built: Built) -> dict[str, str]:
    """Return the sources of the notebook pages by file name, index included."""
    pages = {f"notebooks/{name}.ipynb": page_of(name, built) for name in built.notebooks}
    return pages | {"notebooks/index.md": _index(built)}


def page_of(name: str, built: Built) -> str:
    """Return an executed notebook as the page builder reads it: code folded, records as tables and figures."""
    notebook = deepcopy(built.notebooks[name])
    figures = {shown.name: shown for shown in built.figures if shown.notebook == name}
    for cell in notebook.cells:
        cell.pop("id", None)
        if cell.cell_type == "code":
            cell.metadata["tags"] = [*cell.metadata.get("tags", []), "hide-input"]
            cell.outputs = _outputs(cell.outputs, figures)
    notebook.nbformat_minor = 4
    return f"{nbformat.writes(notebook)}\n"


def title_of(notebook: NotebookNode) -> str:
    """Return a notebook's title, without marks."""
    return str(notebook.cells[0].source).splitlines()[0].lstrip("# ").strip()


def question_of(notebook: NotebookNode) -> str:
    """Return a notebook's question, in one line."""
    found = re.search(r"\*\*Question\.\*\*\s*(.+?)(?:\n\s*\n|\Z)", notebook.cells[0].source, re.DOTALL)
    return " ".join(found.group(1).split()) if found else ""


def _outputs(outputs: Sequence[Any], figures: dict[str, Shown]) -> list[Any]:
    """Return outputs as they are shown: results that follow each other become one table."""
    shown: list[Any] = []
    for recorded, group in groupby(outputs, key=lambda output: RESULT_TYPE in output.get("data", {})):
        if recorded:
            shown.append(_html(_results([output["data"][RESULT_TYPE] for output in group])))
        else:
            shown.extend(_output(output, figures) for output in group)
    return shown


def _output(output: Any, figures: dict[str, Shown]) -> Any:
    data = output.get("data", {})
    if FIGURE_TYPE in data:
        return _html(_figure(figures[data[FIGURE_TYPE]["figure"]]))
    if "text/html" in data:
        plain = re.sub(r'<table border="1" class="dataframe">', '<table class="ew-table">', data["text/html"])
        plain = _one_head(plain.replace(' style="text-align: right;"', ""))
        return _html(scroll(plain, "Table"))
    return output


def _one_head(table: str) -> str:
    """Return a frame's table in which the row that only names the index has gone into the row of column names."""
    first = re.search(r"<thead>\s*<tr>((?:\s*<th></th>)+)(?:\s*<th>[^<]+</th>)+\s*</tr>", table)
    second = re.compile(r"\s*<tr>((?:\s*<th>[^<]+</th>)+)(?:\s*<th></th>)+\s*</tr>(?=\s*</thead>)")
    names = second.match(table, first.end()) if first else None
    if first and names and names[1].count("<th>") == first[1].count("<th>"):
        table = table[: first.start(1)] + names[1] + table[first.end(1) : first.end()] + table[names.end() :]
    return table.replace("<th></th>", "<td></td>")


def _html(content: str) -> Any:
    return nbformat.v4.new_output("display_data", data={"text/html": content})


def _results(results: Sequence[dict[str, Any]]) -> str:
    rows = [
        [
            f"<code>{text(found['name'])}</code>",
            _number(found["value"]),
            f'<span class="ew-one">{_range(found)}</span>',
            text(found["unit"]),
            link(f"../claims.html#{found['claim']}", found["claim"]) if found["claim"] else "",
        ]
        for found in results
    ]
    return table(("result", "value", "range", "unit", "claim"), rows, "Recorded results")


def _range(found: dict[str, Any]) -> str:
    return " to ".join(filter(None, (_number(found["low"]), _number(found["high"]))))


def _number(value: float | None) -> str:
    """Return a number for reading: five significant digits, no exponent."""
    if value is None:
        return ""
    if float(value).is_integer():
        return f"{value:,.0f}" if abs(value) >= 10_000 else f"{value:.0f}"
    return f"{value:,.0f}" if abs(value) >= 1e5 else f"{value:,.5g}"


def _figure(shown: Shown) -> str:
    record = shown.record
    page = f"../figures/{shown.page}.html"
    return (
        f'<figure class="ew-figure"><a href="{text(page)}"><img src="../{text(shown.file("png"))}" '
        f'alt="{text(record["alt"])}" loading="lazy"></a>'
        f"<figcaption>{text(record['caption'])} {link(page, 'Data, files and citation')}</figcaption></figure>"
    )


def _index(built: Built) -> str:
    cards = "\n".join(
        f'<li class="ew-card"><h2>{link(f"{name}.html", title_of(notebook))}</h2><p>{text(question_of(notebook))}</p>'
        f'<p class="ew-note">{sum(shown.notebook == name for shown in built.figures)} figures, '
        f"{len(built.results(name))} recorded results</p></li>"
        for name, notebook in built.notebooks.items()
    )
    lines = [
        "# Notebooks",
        "",
        "Each notebook asks one question and recomputes what the study prints about it. Code is folded; open it where",
        "you want to see how a number came about.",
        "",
        raw(f'<ul class="ew-cards">{cards}</ul>'),
        "```{toctree}",
        ":hidden:",
        "",
        *built.notebooks,
        "```",
    ]
    return "\n".join(lines) + "\n"
