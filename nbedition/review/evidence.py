"""What the outputs of a package say: numbers in executed notebooks, result tables, logs and data files of results."""

import csv
import io
import json
import math
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

from crossfoot.errors import DataError
from crossfoot.read.webpage import read_web_tables
from crossfoot.text import bounded_text
from nbedition.notebooks.outputs import FIGURE_TYPE, RESULT_TYPE
from nbedition.review.manuscript import markdown, read_manuscript
from nbedition.review.quoted import Quoted, is_year, numbers_in, plain, words_of

INPUTS = re.compile(
    r"(^|/)(data|raw|input|inputs|docs|locale|tests|\.[^/]*|__pycache__|node_modules)(/|$)", re.IGNORECASE
)
TEXTS = (".csv", ".tsv", ".json", ".txt", ".log", ".tex", ".md")
LARGEST = 5_000_000  # bytes of a file of results
LONGEST_CELL = 80  # characters of a cell that is a number
MOST = 300_000  # numbers that are kept


def in_outputs(folder: Path, apart: Iterable[Path] = ()) -> list[Quoted]:
    """Return the numbers in all outputs below a folder; `apart`: manuscripts, which are no outputs."""
    left_out = {path.resolve() for path in apart}
    found: list[Quoted] = []
    for path in sorted(folder.rglob("*")):
        name = path.relative_to(folder).as_posix()
        if INPUTS.search(name) or path.resolve() in left_out or not path.is_file() or len(found) > MOST:
            continue
        if path.suffix == ".ipynb":
            found += _of_notebook(read_notebook(path), name)
        elif path.suffix.lower() in TEXTS and path.stat().st_size <= LARGEST and not _is_about(path):
            found += _of_file(path, name)
    return found


def read_notebook(path: Path) -> dict[str, Any]:
    """Return a notebook's content; nothing where the file is none."""
    import nbformat

    try:
        return dict(nbformat.reads(bounded_text(path, 200_000_000, "a notebook"), as_version=4))
    except Exception:  # noqa: BLE001  a broken notebook fails in any way
        return {"cells": []}


def _is_about(path: Path) -> bool:
    return path.stem.upper() in ("README", "LICENSE", "REQUIREMENTS", "CHANGELOG") or "metadata" in path.stem


def _of_notebook(content: Mapping[str, Any], name: str) -> Iterator[Quoted]:
    code = [cell for cell in content["cells"] if cell["cell_type"] == "code"]
    for number, cell in enumerate(code, start=1):
        place = f"{name}, code cell {number}"
        for output in cell.get("outputs", []):
            data = output.get("data", {})
            if isinstance(data.get(RESULT_TYPE), Mapping):
                yield from _of_record(data[RESULT_TYPE], place)
            elif tables := read_web_tables(data.get("text/html", "")):
                for table in tables:
                    yield from of_table([line.cells for line in table], place)
            elif FIGURE_TYPE not in data:
                yield from _of_lines(str(output.get("text", "") or data.get("text/plain", "")), place)


def _of_record(record: Mapping[str, Any], place: str) -> Iterator[Quoted]:
    name, unit = str(record.get("name", "")), str(record.get("unit", "")).strip()
    whole, words = f"{place}, {name}", dict.fromkeys(words_of(name), 1.0)
    percent = unit.startswith(("%", "per cent", "percent"))
    for part in ("value", "low", "high"):
        value = record.get(part)
        if isinstance(value, int | float) and math.isfinite(value):
            at, of = (whole, "") if part == "value" else (f"{whole}, {part}", whole)
            yield Quoted(f"{value:.10g}", float(value), abs(value) * 1e-9, words, at, percent, bound_of=of)


def _of_file(path: Path, name: str) -> Iterator[Quoted]:
    try:
        text = plain(bounded_text(path, LARGEST, "a file of results"))
        kind = path.suffix.lower()
        if kind in (".csv", ".tsv"):
            rows = list(csv.reader(io.StringIO(text), delimiter="\t" if kind == ".tsv" else ","))
            yield from of_table(rows, name)
        elif kind == ".json":
            yield from _of_json(json.loads(text), name, [])
        elif kind in (".tex", ".md"):
            parts = read_manuscript(path, name) if kind == ".tex" else list(markdown(text, name))
            for part in parts:
                yield from of_table(part.rows, part.place) if part.rows else _of_lines(part.text, part.place)
            yield from _of_macros(text, name)
        else:
            yield from _of_lines(text, name)
    except (DataError, ValueError, csv.Error, RecursionError):
        return


def _of_macros(text: str, name: str) -> Iterator[Quoted]:
    for macro, said in re.findall(r"\\newcommand\{\\([A-Za-z]+)\}\{([^{}]*)\}", text):
        yield from quoted(said.replace(r"\%", "%"), f"{name}, {macro}", dict.fromkeys(words_of(macro), 1.0))


def _of_json(value: Any, place: str, keys: list[str]) -> Iterator[Quoted]:
    if isinstance(value, Mapping):
        named = [str(value[name]) for name in ("name", "label", "variable", "term") if isinstance(value.get(name), str)]
        for key, one in value.items():
            yield from _of_json(one, place, [*keys, *named, str(key)])
    elif isinstance(value, list):
        for one in value:
            yield from _of_json(one, place, keys)
    elif isinstance(value, int | float) and not isinstance(value, bool):
        yield from quoted(repr(value), f"{place}, {'.'.join(keys)}", dict.fromkeys(words_of(" ".join(keys)), 1.0))


def _of_lines(text: str, place: str) -> Iterator[Quoted]:
    """Yield the numbers of printed lines, which the words of the line explain, or those of the line above it."""
    above = ""
    head: list[str] = []
    for number, line in enumerate(plain(text).splitlines(), start=1):
        cells = re.split(r"\s{2,}|\t|\s*\|\s*", line.strip())
        if len(cells) > 2 and (len(cells) == len(head) or len(cells) == len(head) + 1):
            names = head if len(cells) == len(head) else ["", *head]
            yield from of_table([names, cells], f"{place}, line {number}")
            continue
        said = line if re.search(r"[^\W\d_]", line) else f"{above} {line}"
        words = dict.fromkeys(words_of(re.sub(r"(?<![A-Za-z0-9_.])[-+]?\d[\d,]*\.\d+", " ", said)), 1.0)
        yield from quoted(line, f"{place}, line {number}", words)
        head = cells if len(cells) > 1 and not re.search(r"\d\.\d", line) else head
        above = line if line.strip() else above


def of_table(rows: Iterable[Iterable[str]], place: str, caption: str = "") -> Iterator[Quoted]:
    """Yield the numbers of a table: the labels of row and column say what each is."""
    listed = [[plain(cell) for cell in row] for row in rows]
    head = listed[0] if listed else []
    about = dict.fromkeys(words_of(caption), 0.5)
    for row in listed[1:]:
        first = 0 if row and (not head[0].strip() or is_year(row[0].strip())) else -1  # it numbers or names the row
        labels = [cell for at, cell in enumerate(row) if at == first or not _is_number(cell)] or row[:1]
        for at, cell in enumerate(row):
            if not _is_number(cell) or at == first or (at == 0 and labels == row[:1]):
                continue
            column = head[at] if at < len(head) else ""
            said = dict.fromkeys(words_of(" ".join([*labels, column])), 1.0)
            for one in quoted(cell, f"{place}, {' '.join(labels)[:60]}, {column}", about | said):
                yield _as_in_head(one, column)


def _as_in_head(one: Quoted, column: str) -> Quoted:
    return replace(one, percent=True) if one.percent is None and "%" in column else one


def _is_number(cell: str) -> bool:
    return len(cell) < LONGEST_CELL and bool(
        re.fullmatch(r"[\s(\[]*[-+]?\d[\d,. ]*(?:e[-+]?\d+)?\s*%?[\s*)\]\u2020,;\d.-]*", cell.strip(), re.IGNORECASE)
    )


def quoted(text: str, place: str, words: Mapping[str, float]) -> Iterator[Quoted]:
    """Yield the numbers of a text that all have the same words."""
    for found, value, half in numbers_in(text):
        percent = True if found["percent"] else None
        yield Quoted(found[0].strip(), value, half, words, place, percent, signed=bool(found["sign"]))
