"""PNG: the record is a text chunk; the picture is its pixels, as they are shown."""

import struct
import zlib
from collections.abc import Iterator
from hashlib import sha256
from io import BytesIO

from PIL import Image, ImageChops, ImageFilter

from nbedition.figures.figure_file import MOST_PIXELS, MOST_RECORD, FigureFile, Unreadable, said

SIGNATURE = b"\x89PNG\r\n\x1a\n"
KEYWORD = b"ewppr-figure"
PICTURE = {b"IHDR", b"PLTE", b"tRNS", b"IDAT", b"IEND"}
TEXTS = {b"tEXt": 0, b"zTXt": 1, b"iTXt": 2}  # a text begins after its keyword and so many bytes of how it is packed
SILENT = {*TEXTS, b"tIME", b"sRGB", b"bKGD", b"sBIT", b"pHYs"}  # change nothing of the pixels
NAMED = {"caBX": "content credentials, caBX"}  # of parts that the edition does not write
SHOWN = {b"acTL", b"fcTL", b"fdAT", b"mDCV", b"mDCv", b"cLLI", b"cLLi", b"sTER"}  # would change what is shown
PLAIN = {b"cICP": b"\1\x0d\0\1", b"gAMA": struct.pack(">I", 45455)}  # what they say of sRGB
JUDGED = {*PLAIN, b"cHRM", b"iCCP", b"eXIf"}
PRIMARIES = (31270, 32900, 64000, 33000, 30000, 60000, 15000, 6000)  # of sRGB, in hundred thousandths
NEAR, NEAR_COLOUR = 20, 2  # how far they, and levels of 255 that a profile gives, may lie from sRGB's
INCH = 0.0254  # metres
ORIENTATION = 0x112  # the tag of EXIF
SKETCH = (48, 48)
COPIES = ("JPEG", "WebP", "GIF", "TIFF")  # forms in which programs copy pictures; none carries a record
LOOKS = "it looks the same"  # begins what is said of a copy in which no place is another
BLUR, NEAR_COPY = 1.5, 60  # pixels, and levels of 255, that scaling and packing may change
NEAR_SHAPE = 0.02  # how far height over width may be another
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
    record = dpi = problem = None
    parts, others = [SIGNATURE], []
    try:
        for kind, data, whole in _chunks(content):
            if kind in TEXTS and data.startswith(KEYWORD + b"\0"):
                record = record or _text(kind, data)
            elif kind in PICTURE:
                parts.append(whole)
            elif kind == b"pHYs":
                across, down, unit = struct.unpack(">IIB", data)
                dpi = (across * INCH, down * INCH) if unit else (across, down) if across != down else None
            elif kind not in SILENT:
                if _changes(kind, data):
                    problem = f"it has a part ({kind.decode('latin-1')!a}) that changes how its pixels are shown"
                elif kind not in JUDGED:
                    others.append(NAMED.get(kind.decode("latin-1"), kind.decode("latin-1")))
        with _opened(b"".join(parts)) as image:
            told = f"it has a part that the edition does not write ({', '.join(others)!a})" if others else ""
            return FigureFile("png", record, None if problem else digest(image), problem, told, dpi, _sketch(image))
    except Unreadable as error:
        return FigureFile("png", record, problem=str(error))
    except struct.error:
        return FigureFile("png", record, problem="a part of it is not as long as it should be")


def read_copy(form: str, content: bytes) -> FigureFile:
    """Return what a copy in a form without records holds: its pixels in little."""
    try:
        with _opened(content, form) as image:
            return FigureFile(form, sketch=_sketch(image))
    except Unreadable as error:
        return FigureFile(form, problem=str(error))


def differs(content: bytes, wanted: bytes) -> str:
    """Return where the pixels of a file are others than another's, in words; "" where they are the same."""
    kept = [whole for kind, _, whole in _chunks(content) if kind in PICTURE]
    with _opened(SIGNATURE + b"".join(kept)) as theirs, _opened(wanted) as ours:
        one, other = theirs.convert("RGB"), ours.convert("RGB")
    if one.size != other.size or (_is_grey(one) and not _is_grey(other)):
        return _copy_differs(one, other)
    apart = ImageChops.difference(one, other)
    box = apart.getbbox()
    if box is None:
        return ""
    counts = _most(apart).histogram()
    largest = max(level for level, count in enumerate(counts) if count)
    how_many = f"{sum(counts[1:]):,} of {one.width * one.height:,} pixels by up to {largest} of 255"
    return f"pixels differ in x {box[0]}-{box[2] - 1}, y {box[1]}-{box[3] - 1} ({how_many})"


def copy_differs(form: str, content: bytes, wanted: bytes) -> str:
    """Return where a copy, scaled or packed with losses, shows something else than a file of ours, in words."""
    with _opened(content, form) as theirs, _opened(wanted) as ours:
        return _copy_differs(theirs.convert("RGB"), ours.convert("RGB"))


def _copy_differs(one: Image.Image, other: Image.Image) -> str:
    sizes = f"{one.width} x {one.height} pixels, not {other.width} x {other.height}"
    if abs(one.height * other.width / (one.width * other.height) - 1) > NEAR_SHAPE:
        return f"it has {sizes}"
    kind = "L" if _is_grey(one) else "RGB"
    pair = (image.convert(kind) for image in (one, other.resize(one.size, Image.Resampling.LANCZOS)))
    apart = ImageChops.difference(*(image.filter(ImageFilter.GaussianBlur(BLUR)) for image in pair))
    box = _most(apart).point(lambda level: 255 * (level > NEAR_COPY)).getbbox()
    if box is None:
        return f"{LOOKS}, as far as a copy can tell that has lost pixels ({sizes if one.size != other.size else kind})"
    return f"pixels differ in x {box[0]}-{box[2] - 1}, y {box[1]}-{box[3] - 1} by more than scaling or packing does"


def _most(apart: Image.Image) -> Image.Image:
    """Return the largest difference of any colour, pixel by pixel."""
    first, *others = apart.split()
    for other in others:
        first = ImageChops.lighter(first, other)
    return first


def _is_grey(image: Image.Image) -> bool:
    red, green, blue = image.split()
    return ImageChops.difference(red, green).getbbox() is None and ImageChops.difference(red, blue).getbbox() is None


def _sketch(image: Image.Image) -> str:
    return image.convert("L").resize(SKETCH, Image.Resampling.BOX).tobytes().hex()


def _changes(kind: bytes, data: bytes) -> bool:
    """Return whether a part changes how pixels are shown: colours not sRGB's, frames, a turn, what none knows."""
    if kind == b"cHRM":
        found = struct.unpack(">8I", data)
        return any(abs(one - other) > NEAR for one, other in zip(found, PRIMARIES, strict=True))
    if kind == b"iCCP":
        return not _is_srgb(data.partition(b"\0")[2][1:])
    if kind == b"eXIf":
        return _orientation(data) != 1
    return kind in SHOWN or not kind[0] & 32 or data != PLAIN.get(kind, data)


def _orientation(data: bytes) -> int:
    exif = Image.Exif()
    try:
        exif.load(b"Exif\0\0" + data)
        return int(exif.get(ORIENTATION, 1))
    except (SyntaxError, ValueError, TypeError, OSError, struct.error):
        return 0


def _is_srgb(packed: bytes) -> bool:
    """Return whether a profile shows every colour as sRGB does."""
    from PIL import ImageCms

    levels = range(0, 256, 51)
    colours = Image.new("RGB", (36, 6))
    colours.putdata([(red, green, blue) for red in levels for green in levels for blue in levels])
    try:
        profile = ImageCms.ImageCmsProfile(BytesIO(zlib.decompressobj().decompress(packed, MOST_RECORD)))
        shown = ImageCms.profileToProfile(colours, profile, ImageCms.createProfile("sRGB"))
    except (ImageCms.PyCMSError, OSError, ValueError, zlib.error):
        return False
    return shown is not None and max(ImageChops.difference(colours, shown).tobytes()) <= NEAR_COLOUR


def _chunks(content: bytes) -> Iterator[tuple[bytes, bytes, bytes]]:
    """Yield kind, data and whole of each chunk up to the end mark."""
    at = len(SIGNATURE)
    if content[:at] != SIGNATURE:
        raise Unreadable("it does not begin as a PNG does")
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


def _text(kind: bytes, data: bytes) -> str:
    """Return the text of the record's chunk, unpacked where somebody has packed it."""
    rest = data[len(KEYWORD) + 1 :]
    body = rest[TEXTS[kind] :].split(b"\0", 2)[-1] if kind == b"iTXt" else rest[TEXTS[kind] :]
    if kind == b"zTXt" or (kind == b"iTXt" and rest[:1] == b"\1"):
        try:
            body = zlib.decompressobj().decompress(body, MOST_RECORD + 1)
        except zlib.error:
            raise Unreadable("its record cannot be unpacked") from None
    if len(body) > MOST_RECORD:
        raise Unreadable("its record is larger than any of the edition's")
    return body.decode("utf-8", "replace")


def _opened(content: bytes, form: str = "PNG") -> Image.Image:
    try:
        image = Image.open(BytesIO(content), formats=(form.upper(),))
        if image.width * image.height > MOST_PIXELS:
            raise Unreadable("the picture is larger than any of the edition's")
        image.load()
    except (OSError, SyntaxError, ValueError, Image.DecompressionBombError) as error:
        raise Unreadable(f"the picture cannot be decoded ({said(error)})") from None
    return image
