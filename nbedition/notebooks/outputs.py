"""Reading an executed notebook: it is the whole record of its run."""

import csv
import io
from typing import Any

from nbformat import NotebookNode

from nbedition.notebooks.listing import FIGURE_TYPE, RESULT_TYPE

COLUMNS = ("notebook", "name", "value", "unit", "low", "high", "claim")


def recorded(notebook: NotebookNode, kind: str) -> list[dict[str, Any]]:
    """Return the records of one kind in an executed notebook, in order.

    Parameters
    ----------
    notebook
        An executed notebook (nbformat 4).
    kind
        `RESULT_TYPE` or `FIGURE_TYPE`.
    """
    outputs = [output for cell in notebook.cells if cell.cell_type == "code" for output in cell.outputs]
    return [dict(output.data[kind]) for output in outputs if kind in output.get("data", {})]


def results(notebook: NotebookNode) -> list[dict[str, Any]]:
    """Return the recorded results of an executed notebook."""
    return recorded(notebook, RESULT_TYPE)


def figures(notebook: NotebookNode) -> list[dict[str, Any]]:
    """Return the figure records of an executed notebook."""
    return recorded(notebook, FIGURE_TYPE)


def results_csv(notebook: NotebookNode) -> str:
    """Return the recorded results as CSV text, one row a result; empty cells where nothing is stated."""
    target = io.StringIO()
    writer = csv.DictWriter(target, COLUMNS, lineterminator="\n")
    writer.writeheader()
    writer.writerows(results(notebook))
    return target.getvalue()


def failure(notebook: NotebookNode) -> str | None:
    """Return what the first failing cell said, in one line; None where no cell failed."""
    for number, cell in enumerate((cell for cell in notebook.cells if cell.cell_type == "code"), start=1):
        for output in cell.outputs:
            if output.output_type == "error":
                said = " ".join(str(output.evalue).split())
                return f"code cell {number} raised {output.ename}: {said}"
    return None
