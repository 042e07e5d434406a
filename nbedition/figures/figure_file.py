"""What a file shows when it is read: its record as text, and its picture as parts to compare. Imports nothing large."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from hashlib import sha256
from itertools import zip_longest

MOST_RECORD = 256 * 1024  # bytes of a record; the edition's are below a tenth of it
MOST_FILE = 64 * 1024 * 1024  # bytes of a file; the edition's are below a hundredth of it
MOST_PIXELS = 40_000_000
MOST_PARTS = 2_000_000  # of a drawing; the edition's have a hundredth of it
NEAR = 1e-5  # how far numbers may lie apart that programs write anew: of their size, at least of one
SMALL = 0.1  # numbers below it may be the scale of others: they may lie apart only NEAR times it

ENCRYPTED = "it is encrypted; make a copy that is not, such as with: qpdf --decrypt FILE COPY"

Parts = Sequence[str | float]  # of a drawing: its words, and its numbers


class Unreadable(Exception):
    """The file, or what is left of it, cannot be read; the text says why in a few words."""


@dataclass(frozen=True)
class FigureFile:
    """What was found in a file."""

    form: str  # "png", "svg", "pdf", or another kind's name where it carries no record
    record: str | None = None  # as text
    digest: str | None = None  # SHA-256 of the picture without its record; None where it cannot be read
    problem: str | None = None  # why record or picture cannot be read, in a few words
    told: str = ""  # what else of the file is worth saying and changes nothing of the picture
    dpi: tuple[float, float] | None = None  # dots an inch across and down, where a PNG says so
    sketch: str | None = None  # a PNG's pixels in little, to look for the figure that it may be


def digest_of(parts: Iterable[str | float]) -> str:
    """Return the SHA-256 of a drawing's parts, numbers at six significant digits.

    Examples
    --------
    >>> digest_of(["m", 0.1 + 0.2]) == digest_of(["m", 0.3]) != digest_of(["m0.3"])
    True
    """
    digest = sha256()
    for part in parts:
        content = (f"={part:.6g}" if part else "=0") if isinstance(part, int | float) else f"'{part}"
        encoded = content.encode("utf-8", "surrogatepass")
        digest.update(b"%d:%s" % (len(encoded), encoded))
    return digest.hexdigest()


def difference(one: Parts, other: Parts) -> str:
    """Return where a drawing begins to be another, in words; "" where the two are the same but for rounding.

    Examples
    --------
    >>> difference(["m", 240.944882], ["m", 240.94489]), difference(["m", 2.0, 1.0], ["m", 2.5, 1.0])
    ('', 'it differs from its part 2 of 3 on: 2 instead of 2.5')
    """
    for number, (part, wanted) in enumerate(zip_longest(one, other, fillvalue="nothing"), start=1):
        if not _same(part, wanted):
            said = [f"{value:.6g}" if isinstance(value, int | float) else f"{value:.40}" for value in (part, wanted)]
            return f"it differs from its part {number:,} of {len(other):,} on: {said[0]} instead of {said[1]}"
    return ""


def _same(one: str | float, other: str | float) -> bool:
    if isinstance(one, str) or isinstance(other, str):
        return one == other
    size = max(abs(one), abs(other))
    return abs(one - other) <= NEAR * (max(size, 1.0) if size >= SMALL else SMALL)


def said(error: Exception) -> str:
    """Return what an error says, in one line."""
    return " ".join(str(error).split())[:120] or type(error).__name__
