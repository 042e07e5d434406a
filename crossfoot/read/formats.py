"""Which kind of file a table stands in, told by its content, and its lines."""

from __future__ import annotations

import sys
from pathlib import Path

from crossfoot.errors import DataError
from crossfoot.read.grid import split_lines
from crossfoot.read.webpage import read_web_tables
from crossfoot.read.workbook import OLD, Sheet, read_workbook
from crossfoot.text import LARGEST_FILE, bounded_bytes, utf8_text

STANDARD_INPUT = "-"
ZIP = b"PK"
_WEB = ("<!doctype html", "<html", "<table", "<head", "<body", "<?xml", "<div", "<!--")


def read_sheet(path: str | Path, sheet: str | None, decimal: str | None, text: str | None = None) -> Sheet:
    """Return the lines of a table: a sheet of an XLSX or ODS workbook, a table of a web page, or delimited text.

    `path` is a file, or "-" for standard input; `sheet` the name or number of a sheet, or the number of a table of a
    page; `decimal` the mark with which numbers of a workbook are written out; `text` what the file would hold, where
    `path` is but a name. DataError if there is no such thing.
    """
    if text is not None:
        content = text.encode("utf-8", "surrogatepass")
    elif str(path) == STANDARD_INPUT:
        content = sys.stdin.buffer.read(LARGEST_FILE + 1)
        if len(content) > LARGEST_FILE:
            raise DataError(f"the input is larger than {LARGEST_FILE // 1_000_000} MB; a table is expected.")
    else:
        content = bounded_bytes(Path(path), LARGEST_FILE, "a table")
    packed = content.startswith((OLD, ZIP))
    text = "" if packed else utf8_text(content, str(path))
    if not packed and not text.strip():
        raise DataError(f"{path} is empty.")
    try:
        if content.startswith(OLD):
            raise DataError("it is encrypted or an old workbook (XLS); save it as XLSX without a password.")  # noqa: TRY301
        if packed:
            return read_workbook(content, sheet, decimal or ".")
        return _page_or_text(text, sheet)
    except DataError as error:
        raise DataError(f"{path}: {error}") from None


def _page_or_text(text: str, sheet: str | None) -> Sheet:
    if text[:1000].lstrip().lower().startswith(_WEB):
        return _web_table(text, sheet)
    if sheet is not None:
        raise DataError(f"it is text with one table and has no sheet '{sheet}'.")
    return Sheet(split_lines(text), text=text)


def _web_table(text: str, wanted: str | None) -> Sheet:
    """Return a table of a page by its number, by default the one with the most cells."""
    tables = read_web_tables(text)
    if not tables:
        raise DataError("the page has no table.")
    if wanted is not None and (not wanted.isdecimal() or not 0 < int(wanted) <= len(tables)):
        raise DataError(f"there is no table '{wanted}'; a number from 1 to {len(tables)} is expected.")
    sizes = [sum(len(line.filled()) for line in lines) for lines in tables]
    index = int(wanted) - 1 if wanted is not None else sizes.index(max(sizes))
    more = f"Table {index + 1} of {len(tables)} was read, the largest (--sheet)."
    return Sheet(tables[index], (more,) if len(tables) > 1 and wanted is None else ())
