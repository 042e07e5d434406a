"""Tables of a web page as lines of printed cells: no script is run, nothing is fetched."""

from __future__ import annotations

import re
from collections.abc import Iterator
from html import unescape

from crossfoot.errors import DataError
from crossfoot.read.grid import MOST_CELLS, Line

MOST_SPANNED = 1000  # columns of one cell, as in browsers
MOST_ROWS = 65_534  # of one cell, as in browsers
MOST_TABLES = 10_000
_TAG = re.compile(r"(/?)([a-zA-Z][a-zA-Z0-9]*)")
_SPAN = re.compile(r"\b(col|row)span\s{0,9}=\s{0,9}[\"']?\s{0,9}([0-9]{1,6})", re.IGNORECASE)
UNSEEN = ("script", "style", "template", "noscript")


class _WebTable:
    """A table in the making; cells below one that spans rows move to the right."""

    def __init__(self) -> None:
        self.rows: list[dict[int, str]] = []
        self.spanned: dict[int, int] = {}  # rows still covered from above, by column
        self.covered: dict[int, int] = {}
        self.at = 0
        self.pieces: list[str] | None = None
        self.width = 1

    def begin_row(self) -> None:
        self.end_cell()
        self.rows.append({})
        self.at = 0
        self.covered = {column: left for column, left in self.spanned.items() if left > 0}
        self.spanned = {column: left - 1 for column, left in self.covered.items()}

    def begin_cell(self, spans: dict[str, int]) -> None:
        self.end_cell()
        if not self.rows:
            self.begin_row()
        while self.at in self.covered:
            self.at += 1
        self.width = min(max(spans.get("col", 1), 1), MOST_SPANNED)
        below = min(max(spans.get("row", 1), 1), MOST_ROWS) - 1
        if below:
            self.spanned |= dict.fromkeys(range(self.at, self.at + self.width), below)
        self.pieces = []

    def end_cell(self) -> None:
        if self.pieces is not None:
            self.rows[-1][self.at] = " ".join("".join(self.pieces).split())
            self.at += self.width
        self.pieces = None


class _Page:
    """Hears the tags of a page and makes tables of them; a table inside a cell is one of its own."""

    def __init__(self) -> None:
        self.done: list[_WebTable] = []
        self.open: list[_WebTable] = []
        self.cells = 0

    def hear(self, tag: str, closes: bool, rest: str, following: str) -> None:
        if tag == "table" and closes and self.open:
            self.open.pop().end_cell()
        elif tag == "table" and not closes and len(self.done) < MOST_TABLES:
            self.open.append(_WebTable())
            self.done.append(self.open[-1])
        if not self.open:
            return
        table = self.open[-1]
        if tag in ("tr", "td", "th"):
            self._cell(table, tag, closes, {kind.lower(): int(number) for kind, number in _SPAN.findall(rest)})
        if table.pieces is not None:
            mark = "</sup>" if closes else "<sup>"
            table.pieces += (
                mark if tag == "sup" else " " if tag in ("br", "p", "div", "li") else "",
                unescape(following),
            )

    def _cell(self, table: _WebTable, tag: str, closes: bool, spans: dict[str, int]) -> None:
        if closes:
            table.end_cell()
        elif tag == "tr":
            table.begin_row()
        else:
            table.begin_cell(spans)
            self.cells += table.at + table.width
        if self.cells > MOST_CELLS:
            raise DataError(f"more than {MOST_CELLS:,} cells; a printed table is expected.")


def read_web_tables(text: str) -> list[list[Line]]:
    """Return the tables of a page in the order in which they begin.

    Examples
    --------
    >>> read_web_tables("<table><tr><th colspan=2>a<td>b<tr><td>1<td>2&nbsp;<td>3</table>")[0][1].cells
    ('1', '2', '3')
    """
    page = _Page()
    for tag, closes, rest, following in _tags(text):
        page.hear(tag, closes, rest, following)
    for table in page.open:
        table.end_cell()
    return [_lines(table) for table in page.done]


def _tags(text: str) -> Iterator[tuple[str, bool, str, str]]:
    """Yield each tag: its name, whether it closes, its attributes, and the text up to the next tag."""
    at = text.find("<")
    while at >= 0:
        if text.startswith("<!--", at):
            end = text.find("-->", at)
            name, closes, rest = "", False, ""
        else:
            end = text.find(">", at)
            found = _TAG.match(text, at + 1)
            name, closes = (found[2].lower(), bool(found[1])) if found else ("", False)
            rest = text[found.end() : end] if found and end >= 0 else ""
        if end < 0:
            return
        if name in UNSEEN and not closes:
            end = _closing(text, name, end)
            if end < 0:
                return
        following = text.find("<", end + 1)
        start = end + (3 if not name and text.startswith("-->", end) else 1)
        yield name, closes, rest, text[start : following if following >= 0 else len(text)]
        at = following


def _closing(text: str, name: str, start: int) -> int:
    """Return where the tag that closes an element begins, less one; -1 if it is never closed."""
    found = re.compile(f"</{name}", re.IGNORECASE).search(text, start)
    return found.start() - 1 if found else -1


def _lines(table: _WebTable) -> list[Line]:
    lines = []
    for number, cells in enumerate(table.rows, start=1):
        if any(cells.values()):
            width = max(cells) + 1
            lines.append(Line(number, tuple(cells.get(position, "") for position in range(width))))
    return lines
