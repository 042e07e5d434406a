"""PNG: the record is an ``iTXt`` chunk; the picture is its pixels."""

import struct
import zlib
from collections.abc import Iterator
from hashlib import sha256
from io import BytesIO

from PIL import Image

from nbedition.figures.figure_file import MOST_PIXELS, MOST_RECORD, FigureFile, Unreadable, said

SIGNATURE = b"\x89PNG\r\n\x1a\n"
KEYWORD = b"ewppr-figure"
PICTURE = {b"IHDR", b"PLTE", b"tRNS", b"IDAT", b"IEND"}
SILENT = {b"tEXt", b"zTXt", b"iTXt", b"tIME", b"pHYs", b"sRGB", b"bKGD", b"sBIT"}  # change nothing of what is shown
COMPRESSION = 1  # flat areas pack as well as with more work


def encode(image: Image.Image, dpi: int) -> bytes:
    """Return pixels as PNG, without date or program name."""
    target = BytesIO()
    image.save(target, "png", compress_level=COMPRESSION, dpi=(dpi, dpi))
    return target.getvalue()


def digest(image: Image.Image) -> str:
    """Return the SHA-256 of an image's size and pixels; refuse transparent ones: they show what they do not hold."""
    if image.has_transparency_data and image.convert("RGBA").getchannel("A").getextrema() != (255, 255):
        raise Unreadable("it has transparent pixels, which no picture of the edition has")
    plain = image.convert("RGB")
    return sha256(b"%d %d " % plain.size + plain.tobytes()).hexdigest()


def embed(content: bytes, record: str) -> bytes:
    """Return the file with a record, put after its header."""
    data = KEYWORD + b"\0\0\0\0\0" + record.encode()
    chunk = struct.pack(">I", len(data)) + b"iTXt" + data + struct.pack(">I", zlib.crc32(b"iTXt" + data))
    header = len(SIGNATURE) + 25
    return content[:header] + chunk + content[header:]


def read(content: bytes) -> FigureFile:
    """Return what a PNG holds; nothing is unpacked beyond a fixed size."""
    record = problem = None
    parts = [SIGNATURE]
    try:
        for kind, data, whole in _chunks(content):
            if kind == b"iTXt" and data.startswith(KEYWORD + b"\0"):
                record = _text(data) if record is None else record
            elif kind in PICTURE:
                parts.append(whole)
            elif kind not in SILENT:
                problem = f"it has a part ({kind.decode('latin-1')!a}) that can change how its pixels are shown"
        return FigureFile("png", record, None if problem else _pixels(b"".join(parts)), problem)
    except Unreadable as error:
        return FigureFile("png", record, problem=str(error))


def _chunks(content: bytes) -> Iterator[tuple[bytes, bytes, bytes]]:
    """Yield kind, data and whole of each chunk up to the end mark."""
    at = len(SIGNATURE)
    while True:
        head = content[at : at + 8]
        length, kind = struct.unpack(">I4s", head) if len(head) == 8 else (len(content), b"")
        end = at + 12 + length
        if end > len(content):
            raise Unreadable("the file is cut short")
        data = content[at + 8 : end - 4]
        if zlib.crc32(kind + data) != struct.unpack(">I", content[end - 4 : end])[0]:
            raise Unreadable(f"the checksum of a part ({kind.decode('latin-1')!a}) does not match")
        yield kind, data, content[at:end]
        if kind == b"IEND":
            return
        at = end


def _text(data: bytes) -> str:
    """Return the text of the record's chunk, unpacked where somebody has packed it."""
    rest = data[len(KEYWORD) + 1 :]
    body = rest[2:].split(b"\0", 2)[-1]
    if rest[:1] == b"\1":
        try:
            body = zlib.decompressobj().decompress(body, MOST_RECORD + 1)
        except zlib.error:
            raise Unreadable("its record cannot be unpacked") from None
    if len(body) > MOST_RECORD:
        raise Unreadable("its record is larger than any of the edition's")
    return body.decode("utf-8", "replace")


def _pixels(content: bytes) -> str:
    try:
        with Image.open(BytesIO(content), formats=("PNG",)) as image:
            if image.width * image.height > MOST_PIXELS:
                raise Unreadable("the picture is larger than any of the edition's")
            image.load()
            return digest(image)
    except (OSError, SyntaxError, ValueError, Image.DecompressionBombError) as error:
        raise Unreadable(f"the picture cannot be decoded ({said(error)})") from None
