"""What a file shows when it is read: its record as text, and a digest of the picture itself. Imports nothing large."""

from dataclasses import dataclass
from typing import Any

MOST_RECORD = 256 * 1024  # bytes of a record; the edition's are below a tenth of it
MOST_FILE = 64 * 1024 * 1024  # bytes of a file; the edition's are below a hundredth of it
MOST_PIXELS = 40_000_000


class Unreadable(Exception):
    """The file, or what is left of it, cannot be read; the text says why in a few words."""


@dataclass(frozen=True)
class FigureFile:
    """What was found in a file."""

    form: str  # "png", "svg", "pdf", or another kind's name where it carries no record
    record: str | None = None  # as text
    digest: str | None = None  # SHA-256 of the picture without its record; None where it cannot be read
    problem: str | None = None  # why record or picture cannot be read, in a few words


def note(digest: Any, kind: bytes, text: str) -> None:
    """Add a part to a digest with its kind and length, so that no part can pass for another."""
    content = text.encode("utf-8", "surrogatepass")
    digest.update(b"%s%d:%s" % (kind, len(content), content))


def said(error: Exception) -> str:
    """Return what an error says, in one line."""
    return " ".join(str(error).split())[:120] or type(error).__name__
