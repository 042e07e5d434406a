"""Results as LaTeX: a macro a number, and tables with booktabs, so that a paper's numbers cannot drift."""

import csv
import math
import re
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from crossfoot.errors import RequestError
from nbedition.cite.styles import escaped
from nbedition.notebooks.outputs import COLUMNS
from nbedition.project import program
from nbedition.runs.journal import BATCH, write_whole

HEAD = """\
% Written by {program} results --latex. Do not edit: write it anew. It goes before \\begin{{document}}, after
% \\usepackage{{booktabs,longtable}}; each number is a macro, and so is each table."""
PREFIX = "ewppr"  # of every macro
DIGITS = 5  # significant ones of a number in a text
DIGIT_WORDS = ("Zero", "One", "Two", "Three", "Four", "Five", "Six", "Seven", "Eight", "Nine")


def latex_of(folder: Path) -> str:
    """Return the results of a folder as LaTeX, or refuse it (RequestError) where it holds none.

    Of ``nbedition run`` macros for each number and a table for each notebook, of ``nbedition batch`` a table with
    the parameters that vary.
    """
    parts = [HEAD.format(program=program())]
    if (folder / BATCH).is_file():
        parts += _batch(folder)
    else:
        found = sorted(folder.glob("[0-9][0-9]_*/results.csv"))
        if not found:
            raise RequestError(f"{folder} holds no results; {program()} run or {program()} batch makes some.")
        for path in found:
            notebook, rows = path.parent.name, _rows(path)
            table = macro(PREFIX, str(int(notebook[:2])), "table")
            parts += [*_macros(notebook, rows), *_longtable(table, [], rows, f"Results of notebook {notebook}.")]
    return "\n".join(parts) + "\n"


def write_latex(folder: Path, out: Path) -> str:
    """Write the same to a ``.tex`` file and return what to say of it."""
    if out.suffix != ".tex":
        raise RequestError(f"LaTeX is written to a .tex file, got '{out.name}'.")
    text = latex_of(folder)
    try:
        write_whole(out, text.encode())
    except OSError as error:
        raise RequestError(f"{out} cannot be written: {error.strerror or error}.") from None
    return f"{text.count(chr(10))} lines written to {out}"


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
                name = macro(PREFIX, str(int(notebook[:2])), row["name"], "" if part == "value" else part)
                text = escaped(row[part]) if part == "unit" else _number(row[part])
                yield f"\\newcommand{{\\{name}}}{{{text}}}"


def macro(*names: str) -> str:
    """Return the name of a macro made of names; digits become words, as macros have letters only.

    Examples
    --------
    >>> macro("ewppr", "02", "share_2007")
    'ewpprZeroTwoShareTwoZeroZeroSeven'
    """
    words = re.findall(r"[A-Za-z]+|\d", "_".join(names[1:]))
    return names[0] + "".join(DIGIT_WORDS[int(word)] if word.isdigit() else word.capitalize() for word in words)


def _batch(folder: Path) -> list[str]:
    from nbedition.runs.results import FIRST, LAST, results

    frame = results(folder)
    parameters = [name for name in frame.columns if name not in (*FIRST, *LAST) and frame[name].nunique() > 1]
    rows: list[dict[str, Any]] = frame.fillna("").to_dict("records")  # type: ignore[assignment]
    runs, notebooks = frame["run"].nunique(), ", ".join(frame["notebook"].unique())
    return _longtable(macro(PREFIX, "batch_table"), parameters, rows, f"Results of {runs} runs of {notebooks}.")


def _longtable(name: str, parameters: list[str], rows: Sequence[Mapping[str, Any]], caption: str) -> list[str]:
    """Return a macro that prints a table with booktabs: parameters, then the results."""
    head = [*map(_words, parameters), "result", "value", "range", "unit"]
    cells = [
        [
            *(escaped(str(row[name])) for name in parameters),
            *(_words(row["name"]), _number(row["value"]), _range(row), escaped(row["unit"])),
        ]
        for row in rows
    ]
    shape = "".join("r" if name == "value" else "l" for name in head)
    first, *lines = [" & ".join(row) + r" \\" for row in (head, *cells)]
    top = [
        rf"\newcommand{{\{name}}}{{\begin{{longtable}}{{{shape}}}",
        rf"\caption{{{escaped(caption)}}} \\",
        r"\toprule",
    ]
    return [*top, first, r"\midrule", r"\endhead", *lines, r"\bottomrule", r"\end{longtable}}"]


def _words(name: str) -> str:
    return escaped(name.replace("_", " "))


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
