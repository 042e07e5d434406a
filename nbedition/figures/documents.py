"""Pictures inside papers and documents, taken out to be judged one by one; nothing in them is carried out."""

import base64
import binascii
import json
import re
import sys
import tempfile
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from io import BytesIO
from itertools import chain
from pathlib import Path
from urllib.parse import unquote_to_bytes

from PIL import Image

from crossfoot.errors import RequestError
from nbedition.figures.embed_pdf import drawings_in, is_figure
from nbedition.figures.embed_png import SIGNATURE
from nbedition.figures.figure_file import ENCRYPTED, MOST_FILE, MOST_PIXELS, Unreadable
from nbedition.figures.read_file import apart, within_limits
from nbedition.figures.strict_pdf import Document, Stream

MOST_PICTURES = 500  # in a document
MOST_ALL = 256 * 1024 * 1024  # bytes of all its pictures, unpacked
MEDIA = re.compile(r"(?i)\.(png|svg|pdf|jpe?g|gif|webp|tiff?)$")
PAGES = re.compile(r"(?i)\.x?html?$")
DATA = re.compile(rb"data:image/[\w.+-]+(?:;[\w=-]+)*?(?P<packed>;base64)?,(?P<data>[^\"'\s)<>]+)")
IN_PAGE = re.compile(DATA.pattern + rb"|(?P<drawing><svg[\s>].*?</svg>)", re.DOTALL)
KINDS = {
    "zip": re.compile(rb"PK\x03\x04"),
    "pdf": re.compile(rb"%PDF-"),
    "html": re.compile(
        rb"(?i)(\xef\xbb\xbf)?\s*(<\?xml[^>]{0,200}>\s*)?(<!--[^>]{0,500}-->\s*)?<(!doctype\s+html|html)"
    ),
}
PDF_COLOURS = {"DeviceRGB": ("RGB", 3), "DeviceGray": ("L", 1)}
Picture = tuple[str, bytes]  # where it stands, in words, and its bytes


@dataclass(frozen=True)
class Place:
    """A picture to judge: the file that holds it, where it stood in the file that was given, and its number there."""

    file: Path
    said: str = ""
    number: int = 0


@contextmanager
def pictures_of(path: Path) -> Iterator[list[Place]]:
    """Give the pictures of a file: itself where it is one, those inside where it is a paper or document.

    Raises RequestError where a document cannot be read, or holds more than is taken out.
    """
    form = _document_form(path)
    with tempfile.TemporaryDirectory(prefix="ewppr-verify-") as folder:
        if form is None:
            yield [Place(path)]
            return
        found = apart("nbedition.figures.documents", form, path, folder)
        if isinstance(found, str):
            raise RequestError(f"{path} cannot be read as a document: {found}.")
        inside = [Place(Path(folder) / name if name else path, said, number) for said, name, number in found]
        if not inside and form != "pdf":
            raise RequestError(f"{path} holds no picture.")
        yield inside or [Place(path)]


def _document_form(path: Path) -> str | None:
    """Return what kind of document a file is by how it begins; None where it is none, or none that can be read."""
    try:
        content = path.read_bytes() if path.is_file() and path.stat().st_size <= MOST_FILE else b""
    except OSError:
        return None
    if content and path.suffix.lower() == ".ipynb":
        return "ipynb"
    form = next((name for name, begin in KINDS.items() if begin.match(content)), None)
    plain = form == "pdf" and b"/EwpprFigure" in content and b"/PTEX" not in content and b"/ObjStm" not in content
    return None if plain else form


def in_archive(content: bytes) -> Iterator[Picture]:
    """Yield the pictures in a ZIP file: media of Word, PowerPoint, LibreOffice, EPUB, and those in its pages."""
    try:
        with zipfile.ZipFile(BytesIO(content)) as archive:
            for entry in archive.infolist():
                wanted = MEDIA.search(entry.filename) or PAGES.search(entry.filename)
                if not wanted or entry.is_dir():
                    continue
                if entry.flag_bits & 1:
                    raise Unreadable(ENCRYPTED)
                with archive.open(entry) as packed:
                    inside = packed.read(MOST_FILE + 1)
                if len(inside) > MOST_FILE:
                    raise Unreadable(f"what is packed in it unpacks to more than {MOST_FILE // 2**20} MB")
                if PAGES.search(entry.filename):
                    yield from ((f"{entry.filename}, {said}", picture) for said, picture in in_page(inside))
                else:
                    yield entry.filename, inside
    except (zipfile.BadZipFile, zlib.error, ValueError, EOFError, RuntimeError, OSError):  # all are zipfile's
        raise Unreadable("it is a damaged ZIP file") from None


def in_page(content: bytes) -> Iterator[Picture]:
    """Yield the pictures that a web page holds itself: as data: addresses, and drawings among its elements."""
    before, end, rest = content.rpartition(b"</svg>")  # in the rest no drawing ends, and nothing looks for its end
    found_in = chain(IN_PAGE.finditer(before + end), DATA.finditer(rest))
    for number, found in enumerate(found_in, start=1):
        said = f"picture {number}"
        if drawing := found.groupdict().get("drawing"):
            yield said, drawing
        elif found["packed"]:
            yield said, _decoded(unquote_to_bytes(found["data"]))
        else:
            yield said, unquote_to_bytes(found["data"])


def in_notebook(content: bytes) -> Iterator[Picture]:
    """Yield the pictures in a notebook's outputs, attachments and texts."""
    try:
        cells = json.loads(content)["cells"]
        for number, cell in enumerate(cells, start=1):
            held = [
                *(output.get("data", {}) for output in cell.get("outputs", [])),
                *cell.get("attachments", {}).values(),
            ]
            for data in held:
                yield from ((f"cell {number}", picture) for picture in _in_output(data))
            text = _joined(cell.get("source", "")) if cell.get("cell_type") == "markdown" else ""
            yield from ((f"cell {number}", picture) for _, picture in in_page(text.encode()))
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
        raise Unreadable("it is no notebook") from None


def _in_output(data: dict[str, str | list[str]]) -> Iterator[bytes]:
    for kind, shown in data.items():
        if kind == "image/svg+xml":
            yield _joined(shown).encode()
        elif kind.startswith("image/") or kind == "application/pdf":
            yield _decoded(_joined(shown).encode())
        elif kind == "text/html":
            yield from (picture for _, picture in in_page(_joined(shown).encode()))


def _joined(text: str | list[str]) -> str:
    return text if isinstance(text, str) else "".join(text)


def _decoded(text: bytes) -> bytes:
    try:
        return base64.b64decode(text)
    except binascii.Error:
        return b""


def in_paper(document: Document) -> Iterator[Picture]:
    """Yield the pixel pictures that a PDF sets: as PNG, or as the JPEG that it holds."""
    for number, one in enumerate(document.objects(), start=1):
        if isinstance(one, Stream) and one.entries.get("Subtype") == "Image" and (picture := _pixels(document, one)):
            yield f"object {number}", picture


def _pixels(document: Document, one: Stream) -> bytes:
    """Return a picture of a paper as a file; nothing where it is kept in a way that is not read here."""
    said = {name: document.entry(one, name) for name in ("Width", "Height", "BitsPerComponent", "ColorSpace", "Filter")}
    filters = said["Filter"] if isinstance(said["Filter"], list) else [said["Filter"]]
    if filters == ["DCTDecode"]:
        return one.data
    width, height = int(said["Width"] or 0), int(said["Height"] or 0)
    if said["ColorSpace"] not in PDF_COLOURS or said["BitsPerComponent"] != 8 or not 0 < width * height <= MOST_PIXELS:
        return b""
    mode, colours = PDF_COLOURS[said["ColorSpace"]]
    predictor = document.entry(one, "DecodeParms", "Predictor") or 1
    row = width * colours
    target = BytesIO()
    if predictor >= 10:  # rows as PNG keeps them
        head = width.to_bytes(4) + height.to_bytes(4) + bytes([8, 2 if colours == 3 else 0, 0, 0, 0])
        parts = ((b"IHDR", head), (b"IDAT", zlib.compress(one.data[: height * (row + 1)], 1)), (b"IEND", b""))
        chunks = (len(data).to_bytes(4) + kind + data + zlib.crc32(kind + data).to_bytes(4) for kind, data in parts)
        return SIGNATURE + b"".join(chunks)
    if predictor != 1 or len(one.data) < height * row:
        return b""
    Image.frombytes(mode, (width, height), one.data[: height * row]).save(target, "png", compress_level=1)
    return target.getvalue()


def _taken_out(form: str, content: bytes, folder: Path) -> list[tuple[str, str, int]]:
    """Write the pictures of a document into a folder; return where each stood, its file's name, and its number."""
    found: list[tuple[str, str, int]] = []
    if form == "pdf":
        try:
            document = Document(content)
        except Unreadable:
            return []  # it is judged as it is
        if is_figure(document):
            return []
        found = [(f"drawing {number}", "", number) for number, _ in enumerate(drawings_in(document), start=1)]
        pictures = in_paper(document)
    else:
        pictures = {"zip": in_archive, "ipynb": in_notebook, "html": in_page}[form](content)
    size = 0
    for number, (said, picture) in enumerate(pictures):
        size += len(picture)
        if number >= MOST_PICTURES or size > MOST_ALL:
            raise Unreadable(
                f"it holds more than {MOST_PICTURES} pictures, or more than {MOST_ALL // 2**20} MB of them"
            )
        (folder / f"{number}").write_bytes(picture)
        found.append((said, f"{number}", 0))
    return found


if __name__ == "__main__":
    within_limits(lambda content: _taken_out(sys.argv[1], content, Path(sys.argv[3])), sys.argv[2])
