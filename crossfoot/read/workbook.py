"""Sheets of XLSX and ODS workbooks as lines of printed cells, with bounds on all that a file can ask for.

Only the standard library is used. Cells are what the program last showed: the last value of a formula, a percentage as
percent, as many decimals as the format shows. No document type, no entity and no link to another file is followed.
"""

from __future__ import annotations

import io
import re
import zipfile
import zlib
from collections.abc import Callable
from datetime import datetime
from typing import NamedTuple
from xml.parsers import expat

from crossfoot.errors import DataError
from crossfoot.read.grid import MOST_CELLS, Line
from crossfoot.read.number_format import BUILT_IN, shown
from crossfoot.text import did_you_mean

LARGEST_PART = 100_000_000  # bytes of one part of a workbook once unpacked
LARGEST_DIRECTORY = 2_000_000  # bytes of the list of parts
MOST_ELEMENTS = 2_000_000  # of one part
LONGEST_TEXT = 32_767  # characters of a cell, as in Excel
MOST_TEXT = 50_000_000  # characters of all texts that cells share
CHUNK = 4_000_000
PREFIXES = ("x:", "table:", "text:")  # of elements, as programs write them
MOST_COLUMNS = 16_384
OLD = b"\xd0\xcf\x11\xe0"  # begins an encrypted or an old workbook
Attributes = dict[str, str]
Begin = Callable[[str, Attributes], None]
_CELL = re.compile(r"([A-Z]{1,3})([0-9]{1,7})")


class Sheet(NamedTuple):
    """The lines of a sheet, what to say of how they were read, and the decimal mark of its numbers where it has one.

    ``text`` is the text that was split into the lines, empty where they come from no plain text.
    """

    lines: list[Line]
    remarks: tuple[str, ...] = ()
    decimal: str | None = None
    text: str = ""


def read_workbook(content: bytes, sheet: str | None, decimal: str) -> Sheet:
    """Return a sheet of a workbook, by name or number, by default the first shown; DataError if that cannot be."""
    end = content.rfind(b"PK\x05\x06")
    if end < 0 or int.from_bytes(content[end + 12 : end + 16], "little") > LARGEST_DIRECTORY:
        raise DataError("the workbook is broken, or it has far more parts than a workbook has.")
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            names = set(archive.namelist())
            if "xl/workbook.xml" in names:
                return _xlsx(archive, sheet, decimal)
            if "content.xml" in names:
                return _ods(archive, sheet)
    except (
        zipfile.BadZipFile,
        zlib.error,
        NotImplementedError,
        EOFError,
        OSError,
        ValueError,
        RuntimeError,
        ArithmeticError,
    ) as error:
        said = "it is encrypted" if "encrypted" in str(error) else " ".join(str(error).split())
        raise DataError(f"the workbook is broken or cannot be read: {said}.") from None
    raise DataError("the file is an archive, but neither an XLSX nor an ODS workbook.")


def _parse(archive: zipfile.ZipFile, part: str, wanted: str, begin: Begin, **more: Callable[[str], None]) -> None:
    """Send the wanted elements (names separated by spaces) of a part to handlers; prefixes of names are left out."""
    names = {prefix + name for name in wanted.split() for prefix in ("", *PREFIXES)}

    elements = 0

    def started(name: str, given: Attributes) -> None:
        nonlocal elements
        elements += 1
        if elements > MOST_ELEMENTS:
            raise DataError(f"its part '{part}' has more than {MOST_ELEMENTS:,} elements; a table is expected.")
        if name in names:
            begin(name.rpartition(":")[2], {key.rpartition(":")[2]: value for key, value in given.items()})

    def ended(name: str) -> None:
        if name in names:
            more["end"](name.rpartition(":")[2])

    parser = expat.ParserCreate()
    parser.buffer_text = True
    parser.StartElementHandler = started
    parser.EndElementHandler = ended if "end" in more else None
    parser.CharacterDataHandler = more.get("text")
    parser.StartDoctypeDeclHandler = _no_document_type
    try:
        opened = archive.open(part)
    except KeyError:
        raise DataError(f"the workbook is broken: it has no part '{part}'.") from None
    size = 0
    with opened as file:
        try:
            while chunk := file.read(CHUNK):
                size += len(chunk)
                if size > LARGEST_PART:
                    raise DataError(f"its part '{part}' unpacks to more than {LARGEST_PART // 1_000_000} MB.")
                parser.Parse(chunk, False)
            parser.Parse(b"", True)
        except expat.ExpatError as error:
            raise DataError(f"the workbook is broken or encrypted: '{part}' is no XML ({error}).") from None


def _no_document_type(*_: object) -> None:
    raise DataError("the workbook declares a document type, which no workbook needs.")


def _chosen(sheets: list[tuple[str, bool]], wanted: str | None) -> tuple[int, tuple[str, ...]]:
    """Return the index of a sheet by name or number, by default the first shown one, and what to say of the others."""
    names = [name for name, _ in sheets]
    if wanted is None:
        index = next((at for at, (_, shown) in enumerate(sheets) if shown), 0)
        others = ", ".join(f"'{name}'" for at, name in enumerate(names[:10]) if at != index)
        return index, ((f"Sheet '{names[index]}' was read; there are also {others} (--sheet).",) if others else ())
    if wanted in names:
        return names.index(wanted), ()
    if wanted.isdecimal() and 0 < int(wanted) <= len(names):
        return int(wanted) - 1, ()
    raise DataError(f"there is no sheet '{wanted}'; {did_you_mean(wanted, names[:100])}")


class _Lines:
    """Lines in the making: cells by position, bounded together."""

    def __init__(self) -> None:
        self.lines: list[Line] = []
        self.held = 0
        self.hidden: dict[str, int] = {"rows": 0, "columns": 0}

    def add(self, number: int, cells: dict[int, str]) -> None:
        filled = [position for position, text in cells.items() if text.strip()]
        if not filled:
            return
        width = max(filled) + 1
        self.held += width
        if self.held > MOST_CELLS:
            raise DataError(f"more than {MOST_CELLS:,} cells; a printed table is expected.")
        self.lines.append(Line(number, tuple(cells.get(position, "") for position in range(width))))

    def remarks(self) -> tuple[str, ...]:
        """Say that what is hidden was read too: totals may count it."""
        hidden = [f"{count} hidden {kind if count > 1 else kind[:-1]}" for kind, count in self.hidden.items() if count]
        return (f"{' and '.join(hidden)} read with the others.",) if hidden else ()


def _xlsx(archive: zipfile.ZipFile, wanted: str | None, decimal: str) -> Sheet:
    found: list[tuple[str, str, bool]] = []
    dates_from_1904: list[bool] = []

    def in_book(name: str, given: Attributes) -> None:
        if name == "sheet" and len(found) < MOST_COLUMNS:
            found.append((given.get("name", ""), given.get("id", ""), given.get("state", "visible") == "visible"))
        elif name == "workbookPr":
            dates_from_1904.append(given.get("date1904") in ("1", "true"))

    targets: dict[str, str] = {}

    def in_links(name: str, given: Attributes) -> None:
        if name == "Relationship" and given.get("TargetMode") != "External":
            targets[given.get("Id", "")] = given.get("Target", "")

    _parse(archive, "xl/workbook.xml", "sheet workbookPr", in_book)
    _parse(archive, "xl/_rels/workbook.xml.rels", "Relationship", in_links)
    if not found:
        raise DataError("the workbook has no sheet.")
    index, remarks = _chosen([(name, shown) for name, _, shown in found], wanted)
    target = targets.get(found[index][1], "")
    if "worksheets/" not in target:
        raise DataError(f"sheet '{found[index][0]}' holds no cells of its own.")
    part = target.removeprefix("/") if target.startswith("/") else f"xl/{target}"
    names = set(archive.namelist())
    shared = _shared_texts(archive) if "xl/sharedStrings.xml" in names else []
    formats = _formats(archive) if "xl/styles.xml" in names else []
    epoch = datetime(1904, 1, 1) if any(dates_from_1904) else datetime(1899, 12, 30)  # noqa: DTZ001 (no place has a zone)
    reader = _XlsxSheet(shared, formats, epoch, decimal)
    _parse(archive, part, "col row c v t f rPh", reader.begin, end=reader.end, text=reader.hear)
    return Sheet(reader.lines.lines, (*remarks, *reader.lines.remarks()), decimal if reader.numbers else None)


def _shared_texts(archive: zipfile.ZipFile) -> list[str]:
    texts: list[str] = []
    pieces: list[str] = []
    inside = {"t": False, "rPh": False}
    held = 0

    def begin(name: str, _: Attributes) -> None:
        if name in inside:
            inside[name] = True

    def end(name: str) -> None:
        nonlocal held
        if name in inside:
            inside[name] = False
        elif name == "si":
            texts.append("".join(pieces)[:LONGEST_TEXT])
            pieces.clear()
            held += len(texts[-1]) + 1
            if held > MOST_TEXT:
                raise DataError("the texts of the workbook are longer than those of any table.")

    def hear(text: str) -> None:
        if inside["t"] and not inside["rPh"] and sum(map(len, pieces[-1:])) < LONGEST_TEXT and len(pieces) < 1000:
            pieces.append(text[:LONGEST_TEXT])

    _parse(archive, "xl/sharedStrings.xml", "si t rPh", begin, end=end, text=hear)
    return texts


def _formats(archive: zipfile.ZipFile) -> list[str]:
    """Return the number format of each cell style."""
    own: dict[str, str] = {}
    styles: list[str] = []
    inside = [False]

    def begin(name: str, given: Attributes) -> None:
        if name == "numFmt":
            own[given.get("numFmtId", "")] = given.get("formatCode", "")
        elif name == "cellXfs":
            inside[0] = True
        elif name == "xf" and inside[0] and len(styles) < 100_000:
            number = given.get("numFmtId", "0")
            styles.append(own.get(number) or BUILT_IN.get(int(number or 0), "General"))

    def end(name: str) -> None:
        inside[0] = inside[0] and name != "cellXfs"

    _parse(archive, "xl/styles.xml", "numFmt cellXfs xf", begin, end=end)
    return styles


class _XlsxSheet:
    """Hears the elements of a sheet and makes lines of them."""

    def __init__(self, shared: list[str], formats: list[str], epoch: datetime, decimal: str) -> None:
        self.shared, self.formats, self.epoch, self.decimal = shared, formats, epoch, decimal
        self.lines = _Lines()
        self.numbers = 0
        self.row = 0
        self.cells: dict[int, str] = {}
        self.cell: Attributes = {}
        self.position = -1
        self.said: dict[str, str] = {}
        self.inside = ""

    def begin(self, name: str, given: Attributes) -> None:
        if name == "row":
            self.row = int(given.get("r", self.row + 1))
            self.cells, self.position = {}, -1
            self.lines.hidden["rows"] += given.get("hidden") in ("1", "true")
        elif name == "c":
            self.cell, self.said = given, {}
            place = _CELL.fullmatch(given.get("r", ""))
            self.position = _in_bounds(_column(place[1]) if place else self.position + 1)
        elif name == "col" and given.get("hidden") in ("1", "true"):
            first, last = int(given.get("min", "1")), int(given.get("max", "1"))
            self.lines.hidden["columns"] += max(min(last, MOST_COLUMNS) - first + 1, 0)
        self.inside = name if name in ("v", "t", "f") else "" if name != "rPh" else self.inside

    def hear(self, text: str) -> None:
        if self.inside and len(self.said.get(self.inside, "")) < LONGEST_TEXT:
            self.said[self.inside] = self.said.get(self.inside, "") + text[:LONGEST_TEXT]

    def end(self, name: str) -> None:
        if name in ("v", "t", "f"):
            self.inside = ""
        elif name == "c":
            self.cells[self.position] = self._text()
        elif name == "row":
            self.lines.add(self.row, self.cells)

    def _text(self) -> str:
        kind, value = self.cell.get("t", "n"), self.said.get("v", "")
        if kind == "inlineStr":
            return self.said.get("t", "")
        if kind == "s":
            at = int(value or -1)
            return self.shared[at] if 0 <= at < len(self.shared) else f"text {value}"
        if not value:
            return f"={self.said['f']}" if self.said.get("f") else ""
        if kind != "n":
            return {"b0": "FALSE", "b1": "TRUE"}.get(kind + value, value)
        style = int(self.cell.get("s", "0"))
        self.numbers += 1
        return shown(value, self.formats[style] if style < len(self.formats) else "General", self.epoch, self.decimal)


def _in_bounds(position: int) -> int:
    if position > MOST_COLUMNS:
        raise DataError(f"more than {MOST_COLUMNS:,} columns; a printed table is expected.")
    return position


def _column(letters: str) -> int:
    number = 0
    for letter in letters:
        number = 26 * number + ord(letter) - 64
    return number - 1


def _ods(archive: zipfile.ZipFile, wanted: str | None) -> Sheet:
    names: list[tuple[str, bool]] = []
    _parse(archive, "content.xml", "table", lambda _, given: names.append((given.get("name", ""), True)))
    if not names:
        raise DataError("the workbook has no sheet.")
    index, remarks = _chosen(names, wanted)
    reader = _OdsSheet(index)
    _parse(archive, "content.xml", ODS_ELEMENTS, reader.begin, end=reader.end, text=reader.hear)
    return Sheet(reader.lines.lines, (*remarks, *reader.lines.remarks()))


ODS_ELEMENTS = "table table-row table-column table-cell covered-table-cell p s tab line-break"


class _OdsSheet:
    """Hears the elements of one table of a text document and makes lines of them."""

    def __init__(self, index: int) -> None:
        self.left = index + 1  # tables until the one that is read
        self.lines = _Lines()
        self.row, self.repeated = 0, 1
        self.cells: dict[int, str] = {}
        self.position = 0
        self.cell: Attributes = {}
        self.said: list[str] = []
        self.inside = 0

    def begin(self, name: str, given: Attributes) -> None:
        if name == "table":
            self.left -= 1
        if self.left:
            return
        hidden = given.get("visibility", "visible") != "visible"
        if name == "table-row":
            self.repeated = _times(given, "number-rows-repeated")
            self.cells, self.position = {}, 0
            self.lines.hidden["rows"] += hidden * self.repeated
        elif name == "table-column":
            self.lines.hidden["columns"] += hidden * _times(given, "number-columns-repeated")
        elif name in ("table-cell", "covered-table-cell"):
            self.cell, self.said = given, []
        elif name == "p":
            self.inside += 1
            if self.said:
                self.said.append(" ")
        elif name in ("s", "tab", "line-break"):
            self.said.append(" ")

    def hear(self, text: str) -> None:
        if self.inside and not self.left and len(self.said) < 1000:
            self.said.append(text[:LONGEST_TEXT])

    def end(self, name: str) -> None:
        if self.left:
            return
        if name == "p":
            self.inside -= 1
        elif name in ("table-cell", "covered-table-cell"):
            text = "".join(self.said)[:LONGEST_TEXT] or self.cell.get("value", "")
            times = _times(self.cell, "number-columns-repeated")
            if text and name == "table-cell":
                self.cells |= dict.fromkeys(range(self.position, _in_bounds(self.position + times)), text)
            self.position += times
        elif name == "table-row":
            for number in range(self.row + 1, self.row + 1 + (self.repeated if self.cells else 0)):
                self.lines.add(number, self.cells)
            self.row += self.repeated


def _times(given: Attributes, name: str) -> int:
    return max(int(given.get(name, "1")), 1)
