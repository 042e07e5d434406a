"""A strict reader of PDF objects: what needs any repair is refused, since each reader in use mends it its own way."""

import re
import zlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any, NamedTuple

from nbedition.figures.figure_file import ENCRYPTED, Unreadable

MOST_OBJECTS = 20_000
MOST_DEPTH = 60
MOST_TABLES = 20  # one each time that a document is added to
UP = 12  # the predictor of rows that programs use
MOST_BYTES = 64 * 1024 * 1024  # of all streams, unpacked

NUMBER = rb"[-+]?(?:\d++(?:\.\d*+)?|\.\d++)"
SKIP = rb"(?:[\0\t\n\f\r ]|%[^\r\n]*+)*+"
END = rb"(?=[\0\t\n\f\r ()<>\[\]{}/%]|\Z)"
TOKEN = re.compile(
    SKIP + rb"(?:(?P<ref>\d{1,7} \d{1,5} R" + END + rb")|(?P<number>" + NUMBER + END + rb")"
    rb"|/(?P<name>(?:[^\0\t\n\f\r ()<>\[\]{}/%#]|#[0-9A-Fa-f]{2})*+)|(?P<mark><<|>>|\[|\])"
    rb"|<(?P<hex>[0-9A-Fa-f\s]*+)>|(?P<text>\()|(?P<word>[A-Za-z0-9'\"*]++" + END + rb"))"
)
IN_TEXT = re.compile(rb"[^()\\]++|\\(?:\r\n|[\s\S])|[()]")
ESCAPED = re.compile(rb"\\(\r\n|[0-7]{1,3}|[\s\S])|\r\n?")
ESCAPES = {b"n": b"\n", b"r": b"\r", b"t": b"\t", b"b": b"\b", b"f": b"\f", b"\n": b"", b"\r": b"", b"\r\n": b""}
WORDS: dict[bytes, Any] = {b"true": True, b"false": False, b"null": None}
OBJECT = re.compile(rb"(\d+) (\d+) obj" + END)
STREAM = re.compile(SKIP + rb"stream\r?\n")
REST = re.compile(SKIP + rb"\Z")
CLOSED = re.compile(SKIP + rb"endobj" + END)
ENDED = re.compile(rb"[\r\n ]{0,3}endstream" + SKIP + rb"endobj" + END)
TABLE = re.compile(
    rb"xref *\r?\n((?:\d+ \d+ *\r?\n(?:\d{10} \d{5} [nf](?: \r| \n|\r\n))*+)++)" + SKIP + rb"trailer" + END
)
SECTION = re.compile(rb"(\d+) (\d+) *\r?\n((?:\d{10} \d{5} [nf](?: \r| \n|\r\n))*)")
TAIL = re.compile(rb"startxref\s+(\d+)\s+%%EOF\s*\Z")


class Name(str):
    """A name, such as ``/Type``, without its slash."""

    __slots__ = ()


class Word(bytes):
    """A word of a content stream: an operator."""

    __slots__ = ()


class Ref(NamedTuple):
    """A reference to another object."""

    number: int
    generation: int


@dataclass(frozen=True)
class Stream:
    """A dictionary with bytes, unpacked."""

    entries: dict[str, Any]
    data: bytes


READ: dict[str, Callable[[bytes], Any]] = {
    "number": lambda text: float(text) if b"." in text else int(text),
    "name": lambda text: Name(re.sub(rb"#(..)", lambda code: bytes([int(code[1], 16)]), text).decode("latin-1")),
    "ref": lambda text: Ref(*map(int, text.split()[:2])),
    "hex": lambda text: bytes.fromhex(re.sub(rb"\s", b"", text).decode()),
    "word": lambda text: WORDS.get(text, Word(text)),
}


class Lexer:
    """Reads objects from bytes, one after another."""

    def __init__(self, content: bytes, at: int = 0, *, words: bool = False) -> None:
        self.content, self.at, self._words = content, at, words

    def values(self) -> Iterator[Any]:
        """Yield all objects up to the end."""
        while not REST.match(self.content, self.at):
            yield self.value()

    def value(self, depth: int = 0) -> Any:
        """Return the next object."""
        found = TOKEN.match(self.content, self.at)
        if found is None or depth > MOST_DEPTH:
            raise Unreadable("its objects are not well formed")
        self.at, kind, text = found.end(), found.lastgroup, found[found.lastgroup or 0]
        if kind == "text":
            return self._text()
        if text == b"[":
            return list(self._until(b"]", depth))
        if text == b"<<":
            return self._dictionary(depth)
        if kind == "mark" or (kind == "ref" and self._words) or (kind == "word" and not self._words | (text in WORDS)):
            raise Unreadable("its objects are not well formed")
        return READ[kind or ""](text)

    def _until(self, mark: bytes, depth: int) -> Iterator[Any]:
        closing = re.compile(SKIP + re.escape(mark))
        while not (found := closing.match(self.content, self.at)):
            yield self.value(depth + 1)
        self.at = found.end()

    def _dictionary(self, depth: int) -> dict[str, Any]:
        items = list(self._until(b">>", depth))
        names, values = items[::2], items[1::2]
        if len(names) != len(values) or len({name for name in names if isinstance(name, Name)}) != len(names):
            raise Unreadable("a dictionary of it is not well formed")
        return {str(name): value for name, value in zip(names, values, strict=True) if value is not None}

    def _text(self) -> bytes:
        begin, deep = self.at, 1
        while deep:
            found = IN_TEXT.match(self.content, self.at)
            if found is None:
                raise Unreadable("a text in it does not end")
            deep += {b"(": 1, b")": -1}.get(found[0], 0)
            self.at = found.end()
        return unescaped(self.content[begin : self.at - 1])


def unescaped(text: bytes) -> bytes:
    """Return what stands between the brackets of a text, as it is meant."""
    return ESCAPED.sub(_unescaped, text)


def _unescaped(found: re.Match[bytes]) -> bytes:
    code = found[1]
    if code is None:
        return b"\n"
    return bytes([int(code, 8) & 255]) if code[:1] in b"01234567" else ESCAPES.get(code, code)


class Document:
    """A document whose table of objects, and every object in it, is as the standard has it; `Unreadable` if not."""

    def __init__(self, content: bytes) -> None:
        self._content, self._left = content, MOST_BYTES
        self._places: dict[
            int, tuple[int, int, int]
        ] = {}  # kind (0 none, 1 by itself, 2 in a stream), place, generation
        self._known: dict[int, Any] = {}
        self._packed: dict[int, dict[int, Any]] = {}
        tail = TAIL.search(content[-2048:])
        if not re.match(rb"%PDF-(1\.[0-7]|2\.0)[\r\n ]", content) or not tail:
            raise Unreadable("it does not begin or end as a PDF does")
        self.trailer: dict[str, Any] = {}
        self._tables(int(tail[1]))
        if "Encrypt" in self.trailer:
            raise Unreadable(ENCRYPTED)
        size = self.trailer.get("Size")
        if len(self._places) > MOST_OBJECTS or size is None or max(self._places, default=0) >= size:
            raise Unreadable("its table of objects is not as large as it says")
        for number in self._places:
            self.get(Ref(number, self._places[number][2]))

    def get(self, value: Any) -> Any:
        """Return what a reference stands for; other values as they are."""
        seen = 0
        while isinstance(value, Ref):
            kind, place, generation = self._places.get(value.number, (0, 0, -1))
            if kind == 0 and generation >= 0:
                return None  # the table says that there is no such object
            if generation != value.generation or (seen := seen + 1) > MOST_DEPTH:
                raise Unreadable("it refers to an object that is not there")
            if value.number not in self._known:
                self._known[value.number] = None  # an object that is needed to read itself stands for nothing
                self._known[value.number] = (
                    self._object(value, place) if kind == 1 else self._inside(place, value.number)
                )
            value = self._known[value.number]
        return value

    def entry(self, entries: Any, *names: str) -> Any:
        """Return what lies below names in dictionaries; None where nothing does."""
        for name in names:
            entries = self.get(entries)
            entries = (entries.entries if isinstance(entries, Stream) else entries or {}).get(name)
        return self.get(entries)

    def objects(self) -> Iterator[Any]:
        """Yield all objects in the table."""
        return (self.get(Ref(number, place[2])) for number, place in self._places.items())

    def _tables(self, at: int) -> None:
        for _ in range(MOST_TABLES):
            found = TABLE.match(self._content, at)
            if found:
                for start, count, lines in SECTION.findall(found[1]):
                    if len(lines) != 20 * int(count):
                        raise Unreadable("its table of objects is not well formed")
                    for number, line in enumerate(re.findall(rb".{20}", lines, re.DOTALL), start=int(start)):
                        kind = int(line[17:18] == b"n")
                        self._places.setdefault(number, (kind, int(line[:10]), int(line[11:16])))
                trailer = Lexer(self._content, found.end()).value()
                if not isinstance(trailer, dict) or "XRefStm" in trailer:
                    raise Unreadable("its table of objects is not well formed")
            else:
                trailer = self._stream_of_places(at)
            self.trailer = self.trailer or trailer
            if "Prev" not in trailer:
                return
            at = int(trailer["Prev"])
        raise Unreadable("it has been added to too often")

    def _stream_of_places(self, at: int) -> dict[str, Any]:
        head = OBJECT.match(self._content, at)
        stream = self._object(Ref(int(head[1]), int(head[2])), at) if head else None
        if not isinstance(stream, Stream) or stream.entries.get("Type") != "XRef":
            raise Unreadable("its table of objects is not where it says")
        widths, size = stream.entries["W"], stream.entries["Size"]
        index = stream.entries.get("Index", [0, size])
        numbers = [
            number
            for start, count in zip(index[::2], index[1::2], strict=True)
            for number in range(start, start + count)
        ]
        if len(stream.data) != len(numbers) * sum(widths):
            raise Unreadable("its table of objects is not well formed")
        ends = [sum(widths[: place + 1]) for place in range(3)]
        for row, number in enumerate(numbers):
            line = stream.data[row * ends[2] : (row + 1) * ends[2]]
            kind, place, last = (
                int.from_bytes(line[end - width : end]) for end, width in zip(ends, widths, strict=True)
            )
            self._places.setdefault(number, (kind if widths[0] else 1, place, 0 if kind == 2 else last))
        return stream.entries

    def _object(self, ref: Ref, place: int) -> Any:
        head = OBJECT.match(self._content, place)
        if not head or (int(head[1]), int(head[2])) != ref:
            raise Unreadable("an object does not begin where its table says")
        lexer = Lexer(self._content, head.end())
        value = lexer.value()
        if begin := STREAM.match(self._content, lexer.at):
            length = self.get(value.get("Length")) if isinstance(value, dict) else None
            if not isinstance(length, int) or length < 0 or not ENDED.match(self._content, begin.end() + length):
                raise Unreadable("a stream is not as long as it says")
            return Stream(value, self._unpacked(value, self._content[begin.end() : begin.end() + length]))
        if not CLOSED.match(self._content, lexer.at):
            raise Unreadable("an object does not end where it should")
        return value

    def _inside(self, place: int, number: int) -> Any:
        if place not in self._packed:
            stream = self.get(Ref(place, 0))
            if not isinstance(stream, Stream) or stream.entries.get("Type") != "ObjStm":
                raise Unreadable("an object is not where its table says")
            first = stream.entries["First"]
            pairs = list(Lexer(stream.data[:first]).values())
            self._packed[place] = {
                one: Lexer(stream.data, first + at).value() for one, at in zip(pairs[::2], pairs[1::2], strict=True)
            }
        return self._packed[place][number]

    def _unpacked(self, entries: dict[str, Any], data: bytes) -> bytes:
        filters, settings = self.get(entries.get("Filter", [])), self.get(entries.get("DecodeParms"))
        filters = filters if isinstance(filters, list) else [filters]
        if filters and filters[0] == "FlateDecode":
            unpacker = zlib.decompressobj()
            data = unpacker.decompress(data, self._left + 1)
            if len(data) > self._left or not unpacker.eof or unpacker.unused_data.strip(b"\r\n"):
                raise Unreadable("a stream in it is not packed as it says, or too large")
            self._left -= len(data)
            if entries.get("Type") in ("XRef", "ObjStm"):
                return _unpredicted(data, settings) if settings else data
            filters = filters[1:]
        return data + repr((filters, settings)).encode() if filters or settings else data


def _unpredicted(data: bytes, settings: dict[str, Any]) -> bytes:
    """Undo what the predictor did to the rows of a table of objects: each is stored as its difference from the last."""
    width = settings.get("Columns", 1)
    before, rows = bytes(width), []
    for start in range(0, len(data), width + 1):
        row = data[start + 1 : start + 1 + width]
        if settings.get("Predictor") != UP or data[start] != UP - 10 or len(row) != width:
            raise Unreadable("a stream in it is packed in a way that is not known here")
        before = bytes((one + above) & 255 for one, above in zip(row, before, strict=True))
        rows.append(before)
    return b"".join(rows)
