"""The record that a figure's files carry: what it shows, what it was made from and with, sealed with a digest."""

import base64
import hashlib
import json
import zlib
from dataclasses import dataclass
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError

SCHEMA: Literal["ewppr-figure/1"] = "ewppr-figure/1"
LICENCE = "CC-BY-4.0"
MOST_PACKED = 6_000  # characters of packed plotted data that a record carries
MOST_UNPACKED = 2_000_000

Plain = str | int | float | bool | None


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


class PictureOf(Part):
    """The picture itself, its record left out."""

    form: Literal["png", "svg", "pdf"]
    dpi: int | None = Field(default=None, description="dots an inch, of a PNG")
    sha256: str = Field(
        pattern="^[0-9a-f]{64}$", description="of size and pixels (PNG), elements and texts (SVG), pages' objects (PDF)"
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
    """Return a record from its JSON text.

    Raises
    ------
    RecordDamaged
        If it is not JSON, not of the schema, or not what its digest says.
    """
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
    return hashlib.sha256(canonical(content).encode()).hexdigest()


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
    """Return a text that `pack` has compressed.

    Raises
    ------
    RecordDamaged
        If it is something else, or too long.
    """
    unpacker = zlib.decompressobj()
    try:
        content = unpacker.decompress(base64.b64decode(packed, validate=True), MOST_UNPACKED)
        if not unpacker.eof:
            raise RecordDamaged("its plotted data are cut short or too long")
        return content.decode()
    except (ValueError, zlib.error):
        raise RecordDamaged("its plotted data cannot be unpacked") from None


def json_schema() -> dict[str, object]:
    """Return the JSON schema of a sealed record."""
    schema = FigureRecord.model_json_schema(by_alias=True)
    digest = {"type": "string", "pattern": "^[0-9a-f]{64}$", "description": "of the record's other fields"}
    schema["properties"]["record_sha256"] = digest
    schema["required"] = [*schema["required"], "schema", "record_sha256", "picture"]
    return {"$schema": "https://json-schema.org/draft/2020-12/schema", **schema}
