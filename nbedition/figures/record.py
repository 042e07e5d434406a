"""The record that a figure's files carry: its texts, what it was made from and with, its fingerprint, and a seal."""

import base64
import json
import re
import zlib
from collections.abc import Mapping
from dataclasses import dataclass
from hashlib import sha256
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from crossfoot.errors import RequestError

SCHEMA: Literal["ewppr-figure/1"] = "ewppr-figure/1"
LICENCE = "CC-BY-4.0"
MOST_PACKED = 6_000  # characters of packed plotted data that a record carries
MOST_UNPACKED = 2_000_000

Plain = str | int | float | bool | None
ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"  # Crockford's: no two alike in print
LENGTH = 8
ALIKE = str.maketrans("ILO", "110")
WORDS_ONLY = ("lang",)  # parameters that change no data
FEWEST_WORDS, FEWEST_ALT_WORDS = 3, 5
FEWEST_CHARACTERS = 12  # of a text in a script without spaces, each of whose characters is about half a word
FILE_NAME = re.compile(
    r"(?i)(?<=\S)\.(png|jpe?g|svg|pdf|csv|gif|webp|tiff?)\b|\b(fig|figure|image|chart|plot)[ _-]?\d+$"
)
KIND_ALONE = re.compile(  # what kind of picture it is, and of what, with nothing said of what one sees
    r"(?i)((an?|the) )?([\w-]+ ){0,2}(chart|figure|graph|plot|picture|image|diagram|map)s? "
    r"(of|for|with|showing) [^:;.]*\.?"
)


class RecordDamaged(Exception):
    """A record does not read as one, or not as it was written; the text says why in a few words."""


class Part(BaseModel):
    """Base of a record's parts: unknown fields are refused, values are fixed."""

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True, populate_by_name=True)


class Notebook(Part):
    """The notebook that draws the figure."""

    name: str
    sha256: str = Field(pattern="^[0-9a-f]{64}$", description="of its cells' kinds, sources and tags; outputs left out")


class PlottedData(Part):
    """The data drawn, as in the CSV file beside the figure."""

    sha256: str = Field(pattern="^[0-9a-f]{64}$", description="of the CSV text: ten significant digits")
    rows: int = Field(ge=0)
    packed: str | None = Field(default=None, description="the CSV text, zlib-compressed, as Base64; where it is short")


class DataSet(Part):
    """A data set under the figure."""

    name: str
    file: str = Field(description="path below data/, or the name of the reader's own table")
    sha256: str = Field(pattern="^[0-9a-f]{64}$")
    parameter: str | None = Field(default=None, description="the parameter that names the reader's own table")


class SourceOf(Part):
    """A source of the data drawn, as data/sources.yml has it."""

    id: str
    short: str
    vintage: str


class Library(Part):
    """What the figure was made with; a picture taken from a notebook's page knows the version alone."""

    version: str
    commit: str | None = Field(default=None, description="of a checkout; 'modified' where its files differ from it")
    sha256: str | None = Field(default=None, description="of every source file of the library")
    lock: str | None = Field(default=None, description="of the locked versions and Python's")


class Drawn(Part):
    """What draws: where another version or font does, an untouched figure may look otherwise."""

    matplotlib: str
    freetype: str
    pillow: str
    numpy: str
    fonts: dict[str, str] = Field(description="SHA-256 of each font's file, by family")


class PictureOf(Part):
    """The picture itself, its record left out."""

    form: Literal["png", "svg", "pdf"]
    dpi: int | None = Field(default=None, description="dots an inch, of a PNG")
    sha256: str = Field(
        pattern="^[0-9a-f]{64}$",
        description="of size and pixels (PNG), of what is drawn as words and numbers (SVG, PDF)",
    )


class FigureRecord(Part):
    """What a figure's file says of itself."""

    schema_: Literal["ewppr-figure/1"] = Field(default=SCHEMA, alias="schema")
    figure: str = Field(description="its name, unique in the notebook")
    number: str = Field(description="notebook and place in it, such as 2.1")
    fingerprint: str = Field(description="the characters printed in the margin")
    title: str = Field(description="the finding; empty where nothing was drawn")
    caption: str
    alt: str
    notebook: Notebook
    parameters: dict[str, Plain]
    data: PlottedData
    datasets: list[DataSet]
    sources: list[SourceOf]
    library: Library
    drawn: Drawn | None = Field(default=None, description="what the picture was drawn with")
    language: str
    licence: str = LICENCE
    citation: str = Field(description="key under which the figure is cited")
    picture: PictureOf | None = None

    def sealed(self, picture: PictureOf) -> str:
        """Return the record of one file as JSON text, with a digest of itself."""
        content = self.model_copy(update={"picture": picture}).model_dump(by_alias=True)
        return canonical(content | {"record_sha256": seal(content)})


@dataclass(frozen=True)
class Sealed:
    """A record as read from a file."""

    record: FigureRecord
    picture: PictureOf


def opened(text: str) -> Sealed:
    """Return a record from its JSON text; raise RecordDamaged where it is not of the schema, or not as sealed."""
    try:
        content = json.loads(text)
        if not isinstance(content, dict):
            raise RecordDamaged("it is no object")
        said = content.pop("record_sha256", None)
        sealed = seal(content)
    except (ValueError, RecursionError):
        raise RecordDamaged("it is not JSON") from None
    if content.get("schema") != SCHEMA:
        raise RecordDamaged(f"it is of schema {str(content.get('schema'))[:40]!a}, and {SCHEMA} is known")
    if said != sealed:
        raise RecordDamaged("it is not what its own digest says")
    try:
        record = FigureRecord.model_validate(content)
    except ValidationError as error:
        place = ".".join(str(part) for part in error.errors()[0]["loc"])
        raise RecordDamaged(f"its field {place[:60]!a} is not as the schema has it") from None
    if record.picture is None:
        raise RecordDamaged("it does not say of which picture it is")
    return Sealed(record, record.picture)


def canonical(content: object) -> str:
    """Return plain values as JSON text that is the same everywhere."""
    return json.dumps(content, sort_keys=True, ensure_ascii=True, separators=(",", ":"))


def seal(content: object) -> str:
    """Return the SHA-256 of plain values."""
    return sha256(canonical(content).encode()).hexdigest()


def pack(text: str) -> str | None:
    """Return a text compressed and as ASCII; None where it stays long.

    Examples
    --------
    >>> unpack(pack("year,x") or "")
    'year,x'
    """
    packed = base64.b64encode(zlib.compress(text.encode(), 9)).decode("ascii")
    return packed if len(packed) <= MOST_PACKED else None


def unpack(packed: str) -> str:
    """Return a text that `pack` has compressed; raise RecordDamaged where it is something else, or too long."""
    unpacker = zlib.decompressobj()
    try:
        content = unpacker.decompress(base64.b64decode(packed, validate=True), MOST_UNPACKED)
        if not unpacker.eof:
            raise RecordDamaged("its plotted data are cut short or too long")
        return content.decode()
    except (ValueError, zlib.error):
        raise RecordDamaged("its plotted data cannot be unpacked") from None


def fingerprint(notebook: str, figure: str, parameters: Mapping[str, Any], data_sha256: str) -> str:
    """Return the characters in a figure's margin: they name data and parameters; language and code do not change them.

    Of a table of the user's own, ``parameters`` holds the digest.

    Examples
    --------
    >>> fingerprint("02_funding_analysis", "x", {"confidence": 0.95, "lang": "zh"}, "00")
    '0QDJPHMZ'
    """
    given = {name: value for name, value in parameters.items() if name not in WORDS_ONLY}
    content = json.dumps([notebook, figure, given, data_sha256], sort_keys=True, separators=(",", ":"))
    number = int.from_bytes(sha256(content.encode()).digest()[: LENGTH * 5 // 8])
    return "".join(ALPHABET[number >> 5 * place & 31] for place in reversed(range(LENGTH)))


def as_read(text: str) -> str:
    """Return a fingerprint as the edition writes it from what a reader typed; a figure's number before it may stay.

    Examples
    --------
    >>> as_read("2.1 \u00b7 oqdj phmz")
    '0QDJPHMZ'
    """
    last = re.sub(r"^.*\u00b7|^\s*\d+\.\d+(?=\s)", "", text)
    found = re.sub(r"[\s-]", "", last).upper().translate(ALIKE)
    if len(found) != LENGTH or set(found) - set(ALPHABET):
        raise RequestError(f"a fingerprint has {LENGTH} letters and digits, as in a figure's margin, got '{text}'.")
    return found


def require_texts(figure: str, title: str | None, caption: str, alt: str) -> None:
    """Refuse (RequestError) a figure whose texts do not say what they are for.

    That is where a text is missing or says next to nothing, or the alt text is a file name, names no more than a
    kind of picture, or repeats another text. The title is None where nothing is drawn.
    """
    said = f"figure '{figure}': its"
    for part, text in (("title", title), ("caption", caption), ("alt text", alt)):
        if text is not None and not _says(text, FEWEST_WORDS):
            raise RequestError(f"{said} {part} says nothing yet, got {text!r}.")
    if FILE_NAME.search(alt.strip()):
        raise RequestError(f"{said} alt text reads like a file name, got {alt!r}; say what one sees.")
    if not _says(alt, FEWEST_ALT_WORDS):
        raise RequestError(f"{said} alt text is too short to state a finding, got {alt!r}.")
    if KIND_ALONE.fullmatch(alt.strip()):
        raise RequestError(f"{said} alt text states no finding, got {alt!r}; say what one sees.")
    for part, text in (("caption", caption), ("title", title)):
        if text and _plain(alt) == _plain(text):
            raise RequestError(f"{said} alt text repeats its {part}; say what one sees.")


def _says(text: str, words: int) -> bool:
    wide = sum(character > "\u2e7f" for character in text)
    return len(text.split()) >= words or wide >= FEWEST_CHARACTERS // 2 * words // FEWEST_WORDS


def _plain(text: str) -> str:
    return " ".join(re.findall(r"\w+", text.lower()))
