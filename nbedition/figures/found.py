"""What a file shows when it is read: its record as text, and a digest of the picture itself."""

from dataclasses import dataclass

MOST_RECORD = 256 * 1024  # bytes of a record; the edition's are below a tenth of it
MOST_FILE = 64 * 1024 * 1024  # bytes of a file; the edition's are below a hundredth of it
MOST_PIXELS = 40_000_000


class Unreadable(Exception):
    """The file, or what is left of it, cannot be read; the text says why in a few words."""


@dataclass(frozen=True)
class Found:
    """What was found in a file.

    Parameters
    ----------
    form
        ``"png"``, ``"svg"``, ``"pdf"``, or another kind's name where it carries no record.
    record
        The record as text; None where there is none.
    digest
        SHA-256 of the picture without its record; None where it cannot be read.
    problem
        Why record or picture cannot be read, in a few words.
    """

    form: str
    record: str | None = None
    digest: str | None = None
    problem: str | None = None
