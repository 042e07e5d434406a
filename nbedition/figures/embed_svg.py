"""SVG: the record is the text of a ``metadata`` element; the picture is what the other elements draw, in order."""

import re
from collections.abc import Iterator
from html import escape

from nbedition.figures.figure_file import MOST_PARTS, MOST_RECORD, FigureFile, Unreadable, difference, digest_of, said

ID = "ewppr-figure"
DRAWN = ("http://www.w3.org/2000/svg", "http://www.w3.org/1999/xhtml", "")  # namespaces that a browser heeds
HEEDED = ("http://www.w3.org/1999/xlink", "http://www.w3.org/XML/1998/namespace", "")  # the same of attributes
MOST_DEPTH = 100
MOST_ELEMENTS = 200_000  # the edition's have a hundredth of it

NUMBER = r"[-+]?(?:\d++(?:\.\d*+)?+|\.\d++)(?:[eE][-+]?\d++)?+"
NUMBERS = rf"(?>{NUMBER})(?>\s*+(?:,\s*+)?+{NUMBER})*+"
NUMERIC = {  # how the numbers of an attribute are written, where it may be written in several ways
    "d": re.compile(rf"\s*+(?:[MmLlHhVvCcSsQqTtZz]\s*+(?:{NUMBERS})?+\s*+)*+"),
    "transform": re.compile(rf"\s*+(?:[A-Za-z]++\s*+\(\s*+{NUMBERS}\s*+\)\s*+)*+"),
    **dict.fromkeys(("viewBox", "points"), re.compile(rf"\s*+{NUMBERS}\s*+")),
    **dict.fromkeys(("x", "y", "width", "height"), re.compile(rf"{NUMBER}(?:[a-z]++|%)?+")),
}
LENGTH = NUMERIC["x"]
PARTS = re.compile(rf"{NUMBER}|[A-Za-z%]++")
REFERENCE = re.compile(r"url\(\s*[\"']?#([^)\"']+?)[\"']?\s*\)")
STYLE = re.compile(r"\s*(?:[\w-]+\s*:[^:;{}\"'/\\]*;\s*)*(?:[\w-]+\s*:[^:;{}\"'/\\]*)?")
ALL = re.compile(r"\s*(?:\*\s*\{[^{}/\\]*\}\s*)*")  # a style sheet for all elements: no name in it matters


def describe(content: bytes, title: str, description: str) -> bytes:
    """Return a drawing of matplotlib's with title and description for those who listen, its declaration left out."""
    start = content.index(b"<svg ")
    inside = content.index(b">", start)
    head = content[start:inside] + f' role="img" aria-label="{escape(description)}">'.encode()
    texts = f"\n <title>{escape(title, quote=False)}</title>\n <desc>{escape(description, quote=False)}</desc>"
    return b'<?xml version="1.0" encoding="utf-8" standalone="no"?>\n' + head + texts.encode() + content[inside + 1 :]


def embed(content: bytes, record: str) -> bytes:
    """Return a described drawing with a record, put after its description."""
    mark = b"</desc>"
    after = content.index(mark) + len(mark)
    return (
        content[:after] + f'\n <metadata id="{ID}">{escape(record, quote=False)}</metadata>'.encode() + content[after:]
    )


def digest(content: bytes) -> str:
    """Return the SHA-256 of a drawing without its record."""
    return digest_of(_feed(content, _Handler()).parts())


def differs(content: bytes, wanted: bytes) -> str:
    """Return where a drawing shows something else than another, in words; "" where it does not."""
    one, other = (list(_feed(each, _Handler()).parts()) for each in (content, wanted))
    return difference(one, other)


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
    return FigureFile("svg", handler.record, digest_of(handler.parts()))


class _Handler:
    """Hears an XML parser's events: keeps the record, and of the rest what is drawn."""

    def __init__(self) -> None:
        self.record: str | None = None
        self._drawn: list[tuple[str, str]] = []  # a mark of what it is, or an attribute's name, and its text
        self._sheets = ""
        self._elements = self._length = 0
        self._inside = 0  # depth at which the record's element began
        self._kept: list[str] = []
        self._open: list[str] = []  # names of the elements around; "" where one is not of the picture
        self._text: list[str] = []

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        self._flush()
        space, name = _split(tag)
        heeded = sorted((_split(one)[1], text) for one, text in attributes.items() if _split(one)[0] in HEEDED)
        self._elements += 1
        if len(self._open) > MOST_DEPTH or self._elements > MOST_ELEMENTS:
            raise Unreadable("elements lie too deep in each other, or are too many")
        if name == "metadata" and heeded in ([], [("id", ID)]) and not self._inside:
            self._inside = (len(self._open) + 1) * (bool(heeded) and self.record is None)
            name = ""
        elif space not in DRAWN:
            name = ""
        self._open.append(name)
        if name:  # also inside metadata: a style there would reach the whole picture
            self._drawn += [("<", name), *heeded]

    def data(self, text: str) -> None:
        if self._inside:
            self._kept.append(text)
            self._length += len(text)
            if self._length > MOST_RECORD:
                raise Unreadable("the record is larger than any of the edition's")
        elif self._open and self._open[-1]:
            self._text.append(text)

    def end(self, _tag: str) -> None:
        self._flush()
        if self._inside == len(self._open):
            self.record, self._inside = "".join(self._kept), 0
        if self._open.pop():
            self._drawn.append(("/", ""))

    def pi(self, target: str, data: str | None = None) -> None:
        """Hear an instruction to whoever shows the picture, such as a style sheet elsewhere."""
        self._drawn.append(("?", f"{target} {data}"))

    def close(self) -> None:
        """Hear the end."""

    def _flush(self) -> None:
        if text := " ".join("".join(self._text).split()):
            if self._open[-1] == "style":
                self._sheets += text
                text = re.sub(r"\s*([{}:;])\s*", r"\1", text).replace(";}", "}")
            self._drawn.append(("t", text))
        self._text.clear()

    def parts(self) -> Iterator[str | float]:
        """Yield what is drawn: words and numbers; names only where something refers to them."""
        plain = ALL.fullmatch(self._sheets) is not None
        wanted = {one for _, text in self._drawn for one in REFERENCE.findall(text)}
        wanted |= {text[1:] for name, text in self._drawn if name == "href" and text.startswith("#")}
        known = [text for name, text in self._drawn if name == "id" and text in wanted]
        places = {text: f"#{number}" for number, text in enumerate(dict.fromkeys(known))}
        for count, (name, text) in enumerate(self._drawn):
            if count > MOST_PARTS:
                raise Unreadable("its elements are too many")
            if plain and (name == "class" or (name == "id" and text not in wanted)):
                continue
            yield name
            if name == "id":
                yield places.get(text, text)
            elif name == "href":
                yield places.get(text[1:], text)
            elif name == "style" and STYLE.fullmatch(text):
                pairs = [[part.strip() for part in one.split(":")] for one in text.split(";") if one.strip()]
                for part, value in sorted(pairs, key=lambda pair: pair[0]):
                    yield part
                    yield from _value(LENGTH, " ".join(value.split()), places)
            elif name in NUMERIC:
                yield from _value(NUMERIC[name], text, places)
            else:
                yield from _value(None, text, places)


def _split(name: str) -> tuple[str, str]:
    """Return the namespace of a name, and the name in it."""
    space, mark, rest = name[1:].partition("}")
    return (space, rest) if mark else ("", name)


def _value(form: re.Pattern[str] | None, text: str, places: dict[str, str]) -> Iterator[str | float]:
    """Yield the numbers and words of a value of a form; any other as it is, but for the names that it refers to."""
    if form and form.fullmatch(text):
        for part in PARTS.findall(text):
            yield part if part[-1].isalpha() or part == "%" else float(part)
    else:
        yield REFERENCE.sub(lambda found: f"url({places.get(found[1], found[1])})", text)


def _feed(content: bytes, handler: _Handler) -> _Handler:
    from defusedxml.ElementTree import DefusedXMLParser

    parser = DefusedXMLParser(target=handler, forbid_dtd=False, forbid_entities=True, forbid_external=True)
    parser.feed(content)
    parser.close()
    return handler
