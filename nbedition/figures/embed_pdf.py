"""PDF: the record is an entry of the document information; the picture is everything its pages hold."""

import re
from hashlib import sha256
from io import BytesIO
from typing import Any

from nbedition.figures.figure_file import MOST_RECORD, FigureFile, Unreadable, note, said

KEY = "/EwpprFigure"
MOST_OBJECTS = 20_000
MOST_DEPTH = 60
MOST_TABLES = 20  # one each time that a document is added to
TABLE_LINE = re.compile(rb"(\d+ \d+|\d{10} \d{5} [nf])?")
WRITING = {"/Length", "/Filter", "/DecodeParms"}  # how a file is written, not what it shows


def embed(content: bytes, record: str, title: str) -> bytes:
    """Return a document of matplotlib's with a title and a record in its information, which is its last object."""
    table = int(re.findall(rb"startxref\s+(\d+)\s+%%EOF\s*$", content)[-1])
    number = int(re.findall(rb"/Info (\d+) 0 R", content[table:])[-1])
    info = content.rindex(b"\n%d 0 obj" % number, 0, table) + 1
    entries = f"<< /Title {_text(title)}\n{KEY} {_text(record)} >>"
    written = content[:info] + f"{number} 0 obj\n{entries}\nendobj\n".encode("ascii")
    rest = content[table:].rsplit(b"startxref", 1)[0]
    return written + rest + b"startxref\n%d\n%%%%EOF\n" % len(written)


def digest(content: bytes, title: str) -> str:
    """Return the SHA-256 of what a document's pages show, and of its title."""
    return _digest(_reader(content), title)


def read(content: bytes) -> FigureFile:
    """Return what a PDF holds; every object is visited once, and nothing in it is carried out."""
    record, trouble = None, "its objects cannot be read"
    try:
        reader = _reader(content)
        record, title = _entry(reader, KEY), _entry(reader, "/Title")
        trouble = "its pages cannot be read"
        _require_sound(content, reader)
        return FigureFile("pdf", record, _digest(reader, title or ""))
    except Unreadable as error:
        return FigureFile("pdf", record, problem=str(error))
    except Exception as error:  # noqa: BLE001  a broken document fails in any way
        return FigureFile("pdf", record, problem=f"{trouble} ({said(error)})")


def _reader(content: bytes) -> Any:
    from pypdf import PdfReader

    return PdfReader(BytesIO(content), strict=True)


def _require_sound(content: bytes, reader: Any) -> None:
    """Raise where readers would see different documents, because some mend what others refuse."""
    for generation, places in reader.xref.items():
        for number, place in places.items():
            if place and not re.compile(rb"%d\s+%d\s+obj\b" % (number, generation)).match(content, place):
                raise Unreadable("an object does not begin where its table says")
    tables = re.split(rb"(?<!start)xref\s", content, maxsplit=MOST_TABLES)[1:]
    lines = [line.strip() for table in tables for line in re.split(rb"[\r\n]+", table.partition(b"trailer")[0])]
    if len(tables) == MOST_TABLES or not all(TABLE_LINE.fullmatch(line) for line in lines):
        raise Unreadable("its table of objects is not well formed")


def _entry(reader: Any, key: str) -> str | None:
    """Return an entry of the document information as text."""
    info = reader.trailer.get("/Info")
    found = info.get_object().get(key) if info is not None else None
    if found is None:
        return None
    text = str(found.get_object())
    if len(text) > MOST_RECORD:
        raise Unreadable("its record is larger than any of the edition's")
    return text


def _digest(reader: Any, title: str) -> str:
    result = sha256(title.encode("utf-8", "surrogatepass"))
    _visit(reader.trailer["/Root"].get_object(), result, {}, 0)
    return result.hexdigest()


def _visit(value: Any, result: Any, seen: dict[tuple[int, int], int], depth: int) -> None:
    """Digest an object and what it refers to; one met before is named by when it was met."""
    from pypdf.generic import ArrayObject, DictionaryObject, IndirectObject, StreamObject

    if depth > MOST_DEPTH:
        raise Unreadable("its objects lie too deep in each other")
    if isinstance(value, IndirectObject):
        number = (value.idnum, value.generation)
        known = number in seen
        result.update(b"R%d:" % seen.setdefault(number, len(seen)))
        if known:
            return
        if len(seen) > MOST_OBJECTS:
            raise Unreadable("it has more objects than any of the edition's")
        value = value.get_object()
    if isinstance(value, DictionaryObject):
        keys = sorted(name for name in value if name not in WRITING)
        result.update(b"D%d:" % len(keys))
        for key in keys:
            note(result, b"K", key)
            _visit(value.raw_get(key), result, seen, depth + 1)
        if isinstance(value, StreamObject):
            result.update(b"S" + sha256(value.get_data()).digest())
    elif isinstance(value, ArrayObject):
        result.update(b"A%d:" % len(value))
        for item in list.__iter__(value):
            _visit(item, result, seen, depth + 1)
    else:
        note(result, b"V", repr(value))


def _text(text: str) -> str:
    """Return a text as PDF writes it: plain where it is ASCII, else as UTF-16."""
    if text.isascii():
        return "(" + re.sub(r"([()\\])", r"\\\1", text).replace("\r", "\\r").replace("\n", "\\n") + ")"
    return f"<FEFF{text.encode('utf-16-be').hex().upper()}>"
