"""PDF: the record is an entry of the document information; the picture is all that a page draws, and with what."""

import json
import re
from contextlib import suppress
from hashlib import sha256
from typing import Any

from nbedition.figures.figure_file import MOST_PARTS, MOST_RECORD, FigureFile, Unreadable, difference, digest_of, said
from nbedition.figures.strict_pdf import MOST_DEPTH, Document, Lexer, Name, Stream, Word, unescaped

KEY = "EwpprFigure"
UNREAD = re.compile(rb"/EwpprFigure\s*\(((?:[^()\\]++|\\.)*+)\)", re.DOTALL)  # in a file that cannot be read
BOMS = {b"\xfe\xff": "utf-16-be", b"\xff\xfe": "utf-16-le"}
PAPER = "PTEX.InfoDict"  # where TeX keeps the document information of a figure that it sets
INHERITED = ("Resources", "MediaBox", "CropBox", "Rotate")
BOXES = ("CropBox", "TrimBox", "BleedBox", "ArtBox")  # each the whole page where it is not given
DEFAULTS: dict[str, Any] = {"Rotate": 0, "UserUnit": 1, "FormType": 1, "Matrix": [1, 0, 0, 1, 0, 0]}
SILENT = {"Metadata", "PieceInfo", "LastModified", "ProcSet", "Parent", "PTEX.FileName", "PTEX.PageNumber", PAPER}
WRITING = {"Length", "Filter", "DecodeParms"}  # how a stream is written, not what it shows
INLINE = b"BI"  # begins a picture inside a content stream


def embed(content: bytes, record: str, title: str) -> bytes:
    """Return a document of matplotlib's with a title and a record in its information, which is its last object."""
    table = int(re.findall(rb"startxref\s+(\d+)\s+%%EOF\s*$", content)[-1])
    number = int(re.findall(rb"/Info (\d+) 0 R", content[table:])[-1])
    info = content.rindex(b"\n%d 0 obj" % number, 0, table) + 1
    entries = f"<< /Title {_text(title)}\n/{KEY} {_text(record)} >>"
    written = content[:info] + f"{number} 0 obj\n{entries}\nendobj\n".encode("ascii")
    rest = content[table:].rsplit(b"startxref", 1)[0]
    return written + rest + b"startxref\n%d\n%%%%EOF\n" % len(written)


def digest(content: bytes) -> str:
    """Return the SHA-256 of what a document's page shows."""
    return digest_of(_Drawing(Document(content)).parts)


def read(content: bytes, number: int = 0) -> FigureFile:
    """Return what a PDF holds; every object is looked at, and nothing in it is carried out.

    `number`: which of the drawings that a paper sets, from 1.
    """
    record = None
    try:
        document = Document(content)
        record, place = _record(document, number)
        told = ""
        with suppress(ValueError, AttributeError):
            title = _decoded(document.entry(document.trailer, "Info", "Title"))
            told = "" if place or json.loads(record or "").get("title") == title else "its document title is another"
        return FigureFile("pdf", record, digest_of(_Drawing(document, place).parts), told=told)
    except Exception as error:  # noqa: BLE001  a broken document fails in any way
        found = UNREAD.search(content) if record is None else None
        unread = found and unescaped(found[1])[:MOST_RECORD].decode("latin-1")
        why = str(error) if isinstance(error, Unreadable) else f"its objects cannot be read ({said(error)})"
        return FigureFile("pdf", record or unread, problem=why)


def differs(content: bytes, wanted: bytes, number: int = 0) -> str:
    """Return where a document's page, or a drawing in it, shows something else than another's; "" where it does not."""
    document = Document(content)
    return difference(_Drawing(document, _record(document, number)[1]).parts, _Drawing(Document(wanted)).parts)


def is_figure(document: Document) -> bool:
    """Return whether a document is a figure's own file, with a record of the whole."""
    return document.entry(document.trailer, "Info", KEY) is not None


def drawings_in(document: Document) -> list[Stream]:
    """Return the drawings that a paper sets and that carry a record, as TeX keeps it."""
    return [one for one in document.objects() if isinstance(one, Stream) and document.entry(one, PAPER, KEY)]


def _record(document: Document, number: int) -> tuple[str | None, Stream | None]:
    """Return the record of a document, and the drawing of a paper that it belongs to, where a paper holds it."""
    if not number and is_figure(document):
        return _decoded(document.entry(document.trailer, "Info", KEY)), None
    inside = drawings_in(document)
    if not number and len(inside) > 1:
        raise Unreadable(f"it holds {len(inside)} figures of the edition; name one by its number")
    one = inside[max(number, 1) - 1] if inside else None
    return _decoded(document.entry(one, PAPER, KEY)) if one else None, one


def _decoded(text: bytes | None) -> str | None:
    if text is not None and len(text) > 2 * MOST_RECORD:
        raise Unreadable("its record is larger than any of the edition's")
    code = BOMS.get(text[:2]) if text else None
    return text[2:].decode(code) if text and code else text.decode("latin-1") if text is not None else None


class _Drawing:
    """A page, or a drawing set in a page, as parts: values in order, wherever in the file they stand."""

    def __init__(self, document: Document, form: Stream | None = None) -> None:
        self._document = document
        self.parts: list[str | float] = []
        whole: dict[str, Any] = {}
        if form:
            page = {**form.entries, "MediaBox": form.entries.get("BBox"), "Contents": form}
        else:
            whole = document.entry(document.trailer, "Root")
            self._of_type(whole, "Catalog")
            pages = self._pages(document.entry(whole, "Pages"), None, {}, 0)
            if len(pages) != 1:
                raise Unreadable(f"it has {len(pages)} pages, and no figure of the edition among what they set")
            (page,) = pages
        self._page(page, ("Subtype", "BBox", *WRITING) if form else ())
        self._dictionary({name: value for name, value in whole.items() if name not in ("Type", "Pages")}, 0)

    def _pages(self, node: Any, parent: Any, above: dict[str, Any], depth: int) -> list[dict[str, Any]]:
        """Return the pages below a node of the tree, each with what it inherits."""
        if depth > MOST_DEPTH or self._document.get(node.get("Parent")) is not parent:
            raise Unreadable("its pages are not well formed")
        here = above | {name: node[name] for name in INHERITED if name in node}
        if "Kids" not in node:
            self._of_type(node, "Page")
            return [node | here]
        self._of_type(node, "Pages")
        kids = [self._document.get(kid) for kid in self._document.get(node["Kids"])]
        pages = [page for kid in kids for page in self._pages(kid, node, here, depth + 1)]
        if self._document.get(node.get("Count")) != len(pages):
            raise Unreadable("its pages are not as many as it says")
        return pages

    def _of_type(self, node: dict[str, Any], name: str) -> None:
        if self._document.get(node.get("Type")) != name:
            raise Unreadable("its pages are not well formed")

    def _page(self, page: dict[str, Any], but: tuple[str, ...]) -> None:
        whole = self._document.get(page["MediaBox"])
        self._value(whole, 0)
        same = [name for name in BOXES if self._document.get(page.get(name)) == whole]
        left = {"Type", "MediaBox", "Contents", *same, *but}
        self._dictionary({name: value for name, value in page.items() if name not in left}, 0)
        found = self._document.get(page.get("Contents"))
        streams = [self._document.get(one) for one in (found if isinstance(found, list) else [found])]
        self._operators(b"\n".join(stream.data for stream in streams))

    def _value(self, value: Any, depth: int, *, drawn: bool = False) -> None:
        value = self._document.get(value)
        if depth > MOST_DEPTH or len(self.parts) > MOST_PARTS:
            raise Unreadable("its objects lie too deep in each other, or are too many")
        if isinstance(value, dict):
            self._dictionary(value, depth)
        elif isinstance(value, list):
            self.parts.append(f"[{len(value)}")
            for item in value:
                self._value(item, depth + 1)
        elif isinstance(value, Stream):
            self._dictionary({name: one for name, one in value.entries.items() if name not in WRITING}, depth)
            if drawn or value.entries.get("Subtype") == "Form" or value.entries.get("PatternType") == 1:
                self._operators(value.data)
            else:
                self.parts.append(sha256(value.data).hexdigest())
        elif isinstance(value, int | float) and not isinstance(value, bool):
            self.parts.append(value)
        else:
            kind = "/" if isinstance(value, Name) else "!" if isinstance(value, Word) else ""
            self.parts.append(f"{kind}{value!s}" if kind == "/" else f"{kind}{value!r}")

    def _dictionary(self, entries: dict[str, Any], depth: int) -> None:
        """Add what a dictionary says beyond what is so without it."""
        for name, one in sorted(entries.items()):
            value = self._document.get(one)
            if name in SILENT or value in ({}, [], None) or (name in DEFAULTS and value == DEFAULTS[name]):
                continue
            self.parts.append(f"<{name}")
            if name == "CharProcs" and isinstance(value, dict):
                for glyph, drawing in sorted(value.items()):
                    self.parts.append(f"<{glyph}")
                    self._value(drawing, depth + 1, drawn=True)
            else:
                self._value(value, depth + 1)
        self.parts.append(">")

    def _operators(self, content: bytes) -> None:
        """Add what a content stream draws; a picture written into it stays as it is written."""
        lexer = Lexer(content, words=True)
        for value in lexer.values():
            self._value(value, 0)
            if value == INLINE and isinstance(value, Word):
                self.parts.append(sha256(content[lexer.at :]).hexdigest())
                return


def _text(text: str) -> str:
    """Return a text as PDF writes it: plain where it is ASCII, else as UTF-16."""
    if text.isascii():
        return "(" + re.sub(r"([()\\])", r"\\\1", text).replace("\r", "\\r").replace("\n", "\\n") + ")"
    return f"<FEFF{text.encode('utf-16-be').hex().upper()}>"
