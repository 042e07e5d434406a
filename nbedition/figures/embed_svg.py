"""SVG: the record is the text of a ``metadata`` element; the picture is every other element, in order."""

from hashlib import sha256
from xml.sax.saxutils import escape, quoteattr

from nbedition.figures.figure_file import MOST_RECORD, FigureFile, Unreadable, note, said

ID = "ewppr-figure"
METADATA = "{http://www.w3.org/2000/svg}metadata"
MOST_DEPTH = 100
MOST_ELEMENTS = 200_000  # the edition's have a hundredth of it


def describe(content: bytes, title: str, description: str) -> bytes:
    """Return a drawing of matplotlib's with title and description for those who listen, its declaration left out."""
    start = content.index(b"<svg ")
    inside = content.index(b">", start)
    head = content[start:inside] + f' role="img" aria-label={quoteattr(description)}>'.encode()
    texts = f"\n <title>{escape(title)}</title>\n <desc>{escape(description)}</desc>"
    return b'<?xml version="1.0" encoding="utf-8" standalone="no"?>\n' + head + texts.encode() + content[inside + 1 :]


def embed(content: bytes, record: str) -> bytes:
    """Return a described drawing with a record, put after its description."""
    mark = b"</desc>"
    after = content.index(mark) + len(mark)
    return content[:after] + f'\n <metadata id="{ID}">{escape(record)}</metadata>'.encode() + content[after:]


def digest(content: bytes) -> str:
    """Return the SHA-256 of a drawing without its record."""
    return _feed(content, _Handler()).picture.hexdigest()


def read(content: bytes) -> FigureFile:
    """Return what an SVG holds; declared entities and outside references are refused, not resolved."""
    from xml.etree.ElementTree import ParseError

    from defusedxml.common import DefusedXmlException

    handler = _Handler()
    try:
        _feed(content, handler)
    except DefusedXmlException:
        return FigureFile("svg", problem="it declares entities, which no file of the edition does")
    except (ParseError, RecursionError, LookupError, ValueError, Unreadable) as error:
        return FigureFile("svg", handler.record, problem=f"its text cannot be read ({said(error)})")
    return FigureFile("svg", handler.record, handler.picture.hexdigest())


class _Handler:
    """Hears an XML parser's events: keeps the record, digests the rest."""

    def __init__(self) -> None:
        self.picture = sha256()
        self.record: str | None = None
        self._depth = self._elements = self._length = 0
        self._inside = 0  # depth at which the record's element began
        self._parts: list[str] = []
        self._text: list[str] = []

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        self._depth += 1
        self._elements += 1
        if self._depth > MOST_DEPTH or self._elements > MOST_ELEMENTS:
            raise Unreadable("elements lie too deep in each other, or are too many")
        if tag == METADATA and attributes == {"id": ID} and self.record is None and not self._inside:
            self._inside = self._depth
        else:  # an element inside the record is no part of it: a style there would reach the whole picture
            self._flush()
            note(self.picture, b"<", repr((tag, sorted(attributes.items()))))

    def data(self, text: str) -> None:
        if self._inside:
            self._parts.append(text)
            self._length += len(text)
            if self._length > MOST_RECORD:
                raise Unreadable("the record is larger than any of the edition's")
        else:
            self._text.append(text)

    def end(self, _tag: str) -> None:
        if self._inside == self._depth:
            self.record, self._inside = "".join(self._parts), 0
        else:
            self._flush()
            note(self.picture, b"/", "")
        self._depth -= 1

    def pi(self, target: str, data: str | None = None) -> None:
        """Hear an instruction to whoever shows the picture, such as a style sheet elsewhere."""
        note(self.picture, b"?", f"{target} {data}")

    def close(self) -> None:
        """Hear the end."""

    def _flush(self) -> None:
        if text := "".join(self._text).strip():
            note(self.picture, b"t", text)
        self._text.clear()


def _feed(content: bytes, handler: _Handler) -> _Handler:
    from defusedxml.ElementTree import DefusedXMLParser

    parser = DefusedXMLParser(target=handler, forbid_dtd=False, forbid_entities=True, forbid_external=True)
    parser.feed(content)
    parser.close()
    return handler
