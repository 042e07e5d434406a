"""A manuscript as passages and tables: Markdown, LaTeX, docx, or the prose of notebooks."""

import re
import zipfile
import zlib
from bisect import bisect
from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial
from hashlib import sha256
from io import BytesIO
from operator import itemgetter
from pathlib import Path
from typing import Any

from crossfoot.errors import DataError
from crossfoot.text import bounded_bytes, utf8_text
from nbedition.review.quoted import plain

FORMS = (".md", ".tex", ".docx")
LARGEST = 50_000_000  # bytes of a manuscript, and of a part of a docx
MOST_INCLUDED = 40  # files that a manuscript takes in
W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
SPOKEN = (f"{W}t", f"{W}tab", f"{W}br")
HEADING = re.compile(r"^#{1,6}\s+(.*)$")
ROW = re.compile(r"^\s*\|(.+)\|\s*$")
RULE = re.compile(r"^[\s|:-]+$")
CODE = re.compile(r"^(```|~~~).*?^\1[^\n]*$", re.MULTILINE | re.DOTALL)
TABLE_END = re.compile(r"\\(begin|end)\{(?:tabular\*?|tabularx|longtable)\}")
COLUMNS = re.compile(r"(?:\[[^\[\]]*\])?(?:\{[^{}]*(?:\{[^{}]*\}[^{}]*)*\})*")  # after the begin of a table
COMMENT = re.compile(r"<!--(?:(?!<!--).)*?-->", re.DOTALL)
CAPTION = re.compile(r"\\caption\*?\{([^{}]*(?:\{[^{}]*\}[^{}]*)*)\}")
DEFINED = re.compile(r"\\(?:newcommand|renewcommand|def)\*?\s*\{?\\([A-Za-z]+)\}?\s*\{([^{}]*(?:\{[^{}]*\}[^{}]*)*)\}")
DROPPED = r"\\(?:cite[a-z]*|ref|eqref|autoref|cref|label|url|input|include|bibliography[a-z]*|usepackage|vspace|hspace)"


@dataclass(frozen=True)
class Passage:
    """One passage (`text`), table (`rows`, the first its head) or picture (`file`, or `digest` of its bytes)."""

    place: str
    heading: str = ""
    text: str = ""
    rows: tuple[tuple[str, ...], ...] = ()
    file: str = ""
    digest: str = ""


def read_manuscript(path: Path, name: str) -> list[Passage]:
    """Return the parts of a manuscript in order; `name`: how places call it. Raises DataError if it cannot be read."""
    content = bounded_bytes(path, LARGEST, "a manuscript")
    if path.suffix.lower() == ".docx":
        return list(_docx(content, name))
    text = plain(utf8_text(content, name))
    return list(_latex(text, name, path.parent) if path.suffix.lower() == ".tex" else markdown(text, name))


def markdown(text: str, name: str, unit: str = "line") -> Iterator[Passage]:
    """Yield the parts of a Markdown text; code is left out."""
    without_code = CODE.sub(_blank, COMMENT.sub(_blank, text))
    heading, start = "", 0
    lines: list[str] = []
    for number, line in enumerate([*without_code.splitlines(), ""], start=1):
        head = HEADING.match(line)
        if line.strip() and not head:
            start, lines = (start if lines else number), [*lines, line]
            continue
        if lines:
            yield from _block(lines, f"{name}, {unit} {start}", heading)
        lines, heading = [], _words_alone(head[1]) if head else heading


def _blank(found: re.Match[str]) -> str:
    return "\n" * found[0].count("\n")


def _block(lines: list[str], place: str, heading: str) -> Iterator[Passage]:
    rows = [tuple(_words_alone(cell) for cell in match[1].split("|")) for line in lines if (match := ROW.match(line))]
    if len(rows) > 1:
        yield Passage(place, heading, rows=tuple(row for row in rows if not RULE.match("|".join(row))))
    text = " ".join(line.strip() for line in lines if not ROW.match(line))
    for found in re.finditer(r"!\[[^\[\]]*\]\(([^()\s]+)[^()]*\)", text):
        yield Passage(place, heading, file=found[1])
    for item in re.split(r"(?:^|\s)(?:[-*+]|\d+[.)])\s+(?=\S)", text):
        if words := _words_alone(item):
            yield Passage(place, heading, words)


def _words_alone(text: str) -> str:
    """Return Markdown without code, links, pictures and marks."""
    marks = r"!\[[^\[\]]*\]\([^()]*\)|`[^`]*`|<[^<>\n]*>|\[\^[^\[\]]+\]|\[@[^\[\]]*\]"
    text = re.sub(r"\[([^\[\]]*)\]\([^()]*\)", r"\1", re.sub(marks, " ", text))
    return " ".join(re.sub(r"\*+|(?<!\w)_|_(?!\w)|\\(?=\W)|\$", "", text).split())


def _latex(text: str, name: str, folder: Path) -> Iterator[Passage]:
    whole = _with_meanings(_with_included(re.sub(r"(?<!\\)%.*", "", text), folder))
    body = whole.partition(r"\begin{document}")[2] or whole
    for found in re.finditer(r"\\includegraphics(?:\[[^\[\]]*\])?\{([^{}]+)\}", body):
        yield Passage(f"{name}, {found[1]}", file=found[1])
    captions = [(found.start(), _without_commands(found[1])) for found in CAPTION.finditer(body)]
    tables = list(_tables(body))
    for number, (start, end) in enumerate(tables, start=1):
        at = bisect(captions, start, key=itemgetter(0))  # the nearest is that before the table or that after it
        near = min(captions[max(0, at - 1) : at + 1], key=partial(_distance, start), default=(0, ""))[1]
        inside = TABLE_END.sub("", COLUMNS.sub("", body[start:end], count=1))
        rows = [row for row in re.split(r"\\\\(?:\[[^\[\]]*\])?", inside) if row.strip()]
        cells = tuple(tuple(map(_without_commands, re.split(r"(?<!\\)&", row))) for row in rows)
        yield Passage(f"{name}, table {number}", near, rows=tuple(row for row in cells if any(row)))
    ends = [0, *(place for table in tables for place in table), len(body)]
    text = " ".join(body[start:end] for start, end in zip(ends[::2], ends[1::2], strict=True))
    yield from _latex_passages(TABLE_END.sub(" ", CAPTION.sub(" ", text)), name)


def _tables(body: str) -> Iterator[tuple[int, int]]:
    """Yield where the inside of each table begins and ends; what stands in a table is a part of it."""
    begins: list[int] = []
    for found in TABLE_END.finditer(body):
        if found[1] == "begin":
            begins.append(found.end())
        elif begins:
            start = begins.pop()
            if not begins:
                yield start, found.start()


def _distance(start: int, caption: tuple[int, str]) -> int:
    return abs(caption[0] - start)


def _latex_passages(body: str, name: str) -> Iterator[Passage]:
    heading = ""
    for number, passage in enumerate(re.split(r"\n\s*\n", body), start=1):
        if head := re.search(r"\\(?:sub)*section\*?\{([^{}]*)\}", passage):
            heading = _without_commands(head[1])
        if words := _without_commands(re.sub(r"\\(?:sub)*section\*?\{[^{}]*\}", " ", passage)):
            yield Passage(f"{name}, paragraph {number}", heading, words)


def _with_included(text: str, folder: Path) -> str:
    """Return LaTeX with the files that it takes in, of its own folder alone."""
    for _ in range(MOST_INCLUDED):
        if not (found := re.search(r"\\(?:input|include)\{([^{}]+)\}", text)):
            break
        text = text.replace(found[0], _included(folder, found[1]), 1)
    return text


def _with_meanings(text: str) -> str:
    """Return LaTeX with the author's own macros, where they stand for a text, in place."""
    meanings = dict(DEFINED.findall(text))

    def meant(found: re.Match[str]) -> str:
        return str(meanings.get(found[1], found[0]))

    return re.sub(r"\\([A-Za-z]+)(?:\{\})?", meant, DEFINED.sub("", text))


def _included(folder: Path, said: str) -> str:
    for file in (folder / said, folder / f"{said}.tex"):
        if file.resolve().is_relative_to(folder.resolve()) and file.is_file():
            return re.sub(r"(?<!\\)%.*", "", plain(utf8_text(bounded_bytes(file, LARGEST, "a manuscript"), said)))
    return ""


def _without_commands(text: str) -> str:
    """Return LaTeX as plain words and numbers."""
    text = re.sub(rf"{DROPPED}(?:\[[^\[\]]*\])*\{{[^{{}}]*\}}|\\(?:begin|end)\{{[^{{}}]*\}}", " ", text)
    text = re.sub(r"\\(?:num|SI|qty)\{([^{}]*)\}", r"\1", text)
    text = re.sub(r"\\[,;!]", "\u2009", text.replace("{,}", ",")).replace(r"\%", "%")
    text = re.sub(r"(?<=\d)\u2009(?!\d{3}(?!\d))", " ", text)
    text = re.sub(r"\\(?:top|mid|bottom|h)rule|\\multicolumn\{\d+\}\{[^{}]*\}|\\[A-Za-z]+\*?|[{}$~]", " ", text)
    return " ".join(re.sub(r"\\(?=\W)", "", text).replace("--", "\u2013").split())


def _docx(content: bytes, name: str) -> Iterator[Passage]:
    from defusedxml.ElementTree import ParseError, fromstring

    try:
        with zipfile.ZipFile(BytesIO(content)) as archive:  # which says how large it is, whatever the file claims
            if any(one.file_size > LARGEST for one in archive.infolist()):
                raise DataError(f"{name} unpacks to more than {LARGEST // 1_000_000} MB; a manuscript is expected.")
            body = fromstring(archive.read("word/document.xml"))[0]
            pictures = sorted(one for one in archive.namelist() if one.startswith("word/media/"))
            digests = {one: sha256(archive.read(one)).hexdigest() for one in pictures}
    except (
        zipfile.BadZipFile,
        zlib.error,
        LookupError,
        ValueError,
        ParseError,
        RuntimeError,
        EOFError,
        OSError,
    ) as error:
        raise DataError(f"{name} is no docx document: {' '.join(str(error).split()) or 'it is cut short'}.") from None
    heading, before, number = "", "", 0
    for block in body:
        if block.tag == f"{W}tbl":
            rows = [[_said(cell) for cell in row.iter(f"{W}tc")] for row in block.iter(f"{W}tr")]
            yield Passage(f"{name}, table after paragraph {number}", before, rows=tuple(map(tuple, rows)))
        elif words := _said(block):
            number += 1
            style = block.find(f"{W}pPr/{W}pStyle")
            heading = words if style is not None and str(style.get(f"{W}val")).startswith("Heading") else heading
            before = words
            yield Passage(f"{name}, paragraph {number}", heading, words)
    for one, digest in digests.items():
        yield Passage(f"{name}, {one.rpartition('/')[2]}", digest=digest)


def _said(block: Any) -> str:
    """Return the text of a paragraph or cell; what is marked as deleted is left out."""
    pieces = [one.text or "" if one.tag == f"{W}t" else " " for one in block.iter() if one.tag in SPOKEN]
    return " ".join(plain("".join(pieces)).split())
