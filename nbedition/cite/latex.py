"""Results as LaTeX: a macro a number, and tables with booktabs, so that a paper's numbers cannot drift."""

import csv
import math
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from crossfoot.errors import RequestError
from nbedition.cite.tex import escaped, macro
from nbedition.notebooks.outputs import COLUMNS
from nbedition.project import program
from nbedition.runs.journal import BATCH, write_whole

HEAD = """\
% Written by nbedition results --latex. Do not edit: write it anew. It goes before \\begin{document}, after
% \\usepackage{booktabs,longtable}; each number is a macro, and so is each table."""
DIGITS = 5  # significant ones of a number in a text


def latex_of(folder: Path) -> str:
    """Return the results of a folder as LaTeX.

    Parameters
    ----------
    folder
        Of ``nbedition run`` (macros for each number, a table for each notebook), or of ``nbedition batch``
        (a table with the parameters that vary).

    Raises
    ------
    RequestError
        If the folder holds no results.
    """
    parts = [HEAD]
    if (folder / BATCH).is_file():
        parts += _batch(folder)
    else:
        for path in _files(folder):
            rows = _rows(path)
            parts += [*_macros(path.parent.name, rows), *_table(path.parent.name, rows)]
    return "\n".join(parts) + "\n"


def write_latex(folder: Path, out: Path) -> str:
    """Write the same to a ``.tex`` file and return what to say of it.

    Raises
    ------
    RequestError
        If the file's ending is another, or it cannot be written.
    """
    if out.suffix != ".tex":
        raise RequestError(f"LaTeX is written to a .tex file, got '{out.name}'.")
    text = latex_of(folder)
    try:
        write_whole(out, text.encode())
    except OSError as error:
        raise RequestError(f"{out} cannot be written: {error.strerror or error}.") from None
    return f"{text.count(chr(10))} lines written to {out}"


def _files(folder: Path) -> list[Path]:
    found = sorted(folder.glob("[0-9][0-9]_*/results.csv"))
    if not found:
        raise RequestError(f"{folder} holds no results; {program()} run or {program()} batch makes some.")
    return found


def _rows(path: Path) -> list[dict[str, str]]:
    """Return the results that a run has left, one each."""
    try:
        rows = list(csv.DictReader(path.read_text(encoding="utf-8").splitlines()))
        whole = all(tuple(row) == COLUMNS and _has_numbers(row) for row in rows)
    except (OSError, ValueError, TypeError, csv.Error):
        whole = False
    if not whole:
        raise RequestError(f"{path} is not as {program()} run writes it; run the notebook anew.")
    return rows


def _has_numbers(row: Mapping[str, str]) -> bool:
    """Return whether a result's value and bounds are numbers; text raises ValueError."""
    return bool(row["value"]) and all(math.isfinite(float(row[part] or 0)) for part in ("value", "low", "high"))


def _macros(notebook: str, rows: list[dict[str, str]]) -> Iterator[str]:
    """Yield a macro for each number, its bounds and its unit."""
    for row in rows:
        for part in ("value", "low", "high", "unit"):
            if row[part]:
                name = macro("ewppr", str(int(notebook[:2])), row["name"], "" if part == "value" else part)
                text = escaped(row[part]) if part == "unit" else _number(row[part])
                yield f"\\newcommand{{\\{name}}}{{{text}}}"


def _table(notebook: str, rows: list[dict[str, str]]) -> list[str]:
    cells = [
        [escaped(row["name"].replace("_", " ")), _number(row["value"]), _range(row), escaped(row["unit"])]
        for row in rows
    ]
    name = macro("ewppr", str(int(notebook[:2])), "table")
    return _longtable(name, ["result", "value", "range", "unit"], cells, f"Results of notebook {notebook}.")


def _batch(folder: Path) -> list[str]:
    from nbedition.runs.results import FIRST, LAST, results

    frame = results(folder)
    parameters = [name for name in frame.columns if name not in (*FIRST, *LAST) and frame[name].nunique() > 1]
    records: list[dict[str, Any]] = frame.fillna("").to_dict("records")  # type: ignore[assignment]
    cells = [
        [
            *(escaped(str(row[name])) for name in parameters),
            escaped(row["name"].replace("_", " ")),
            _number(row["value"]),
            _range(row),
            escaped(row["unit"]),
        ]
        for row in records
    ]
    head = [*(escaped(name.replace("_", " ")) for name in parameters), "result", "value", "range", "unit"]
    runs, notebooks = frame["run"].nunique(), ", ".join(frame["notebook"].unique())
    return _longtable("ewpprBatchTable", head, cells, f"Results of {runs} runs of {notebooks}.")


def _longtable(name: str, head: list[str], cells: list[list[str]], caption: str) -> list[str]:
    """Return a macro that prints a table with booktabs."""
    shape = "".join("r" if name == "value" else "l" for name in head)
    lines = [" & ".join(row) + r" \\" for row in cells]
    top = [
        rf"\newcommand{{\{name}}}{{\begin{{longtable}}{{{shape}}}",
        rf"\caption{{{escaped(caption)}}} \\",
        r"\toprule",
    ]
    return [*top, " & ".join(head) + r" \\", r"\midrule", r"\endhead", *lines, r"\bottomrule", r"\end{longtable}}"]


def _range(row: Mapping[str, Any]) -> str:
    low, high = row["low"], row["high"]
    return f"{_number(low)} to {_number(high)}".strip() if low != "" or high != "" else ""


def _number(text: Any) -> str:
    """Return a number with five significant digits, thousands apart, and a true minus sign."""
    if text == "":
        return ""
    value = float(text)
    said = f"{value:,.0f}" if abs(value) >= 10 ** (DIGITS - 1) else f"{value:.{DIGITS}g}"
    if "e" in said:
        base, power = said.split("e")
        return rf"\ensuremath{{{base} \times 10^{{{int(power)}}}}}"
    return said.replace("-", r"\ensuremath{-}").replace(",", r"\,")
