"""Unpacking an archive that may be anybody's: nothing leaves the folder, nothing grows without bound."""

import stat
import zipfile
import zlib
from collections.abc import Sequence
from hashlib import sha256
from pathlib import Path
from typing import IO

from crossfoot.errors import CheckFailed, RequestError

MOST_MEMBERS = 20_000
LARGEST_MEMBER = 500_000_000  # bytes, unpacked
LARGEST_TOTAL = 2_000_000_000
HIGHEST_RATIO = 200  # unpacked to packed, of the whole; an edition's is near three
SMALL = 10_000_000  # bytes, unpacked, below which the ratio does not matter
CHUNK = 1 << 20
FORBIDDEN = '\\:*?"<>|'
PLAIN = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)


def unpack(path: Path, folder: Path) -> dict[str, str]:
    """Unpack an archive, which is not trusted, into an empty folder; return the SHA-256 of every member by name."""
    if path.exists() and not path.is_file():  # a device has no end
        raise RequestError(f"{path} is not a file; a ZIP archive is expected.")
    try:
        with zipfile.ZipFile(path) as archive:
            entries = archive.infolist()
            _require_plain(path, entries)
            return _all(path, archive, entries, folder)
    except FileNotFoundError:
        raise RequestError(f"{path} does not exist.") from None
    except (zipfile.BadZipFile, NotImplementedError, EOFError, UnicodeDecodeError) as error:
        raise RequestError(f"{path} is no ZIP archive, or is damaged: {' '.join(str(error).split())}.") from None
    except OSError as error:
        raise RequestError(f"{path} cannot be unpacked: {error.strerror or error}.") from None


def _require_plain(path: Path, entries: Sequence[zipfile.ZipInfo]) -> None:
    """Look at the list of members before anything is written."""
    if len(entries) > MOST_MEMBERS:
        raise CheckFailed(f"{path} holds {len(entries):,} members; at most {MOST_MEMBERS:,} are unpacked.")
    seen: set[str] = set()
    for entry in entries:
        if reason := _refused(entry, seen):
            raise CheckFailed(f"{path}: member {entry.orig_filename[:200]!r} {reason}; nothing was unpacked.")
        seen.add(entry.filename.casefold())
    total = sum(entry.file_size for entry in entries)
    if total > LARGEST_TOTAL:
        raise CheckFailed(f"{path} would unpack to {total:,} bytes; at most {LARGEST_TOTAL:,} are unpacked.")
    if total > SMALL and total > HIGHEST_RATIO * path.stat().st_size:
        raise CheckFailed(f"{path} would unpack to more than {HIGHEST_RATIO} times its size; it was not unpacked.")


def _refused(entry: zipfile.ZipInfo, seen: set[str]) -> str:
    """Return why a member is not unpacked; "" where nothing speaks against it."""
    name, parts = entry.orig_filename, entry.orig_filename.split("/")
    kind = stat.S_IFMT(entry.external_attr >> 16)
    if name.startswith("/") or any(part in ("", ".", "..") for part in parts):
        return "has a path that leads out of the archive, or names a folder"
    if not name.isprintable() or any(character in FORBIDDEN for character in name) or len(name) > 240:
        return "has a name that not every system can hold"
    if kind not in (0, stat.S_IFREG):
        return "is a link or device, not a file"
    if entry.flag_bits & 1 or entry.compress_type not in PLAIN:
        return "is encrypted, or packed in a way that is not unpacked here"
    if entry.file_size > LARGEST_MEMBER:
        return f"would unpack to {entry.file_size:,} bytes"
    return "stands twice" if name.casefold() in seen else ""


def _all(path: Path, archive: zipfile.ZipFile, entries: Sequence[zipfile.ZipInfo], folder: Path) -> dict[str, str]:
    digests, left = {}, LARGEST_TOTAL
    for entry in entries:
        target = folder / entry.filename
        try:
            target.parent.mkdir(parents=True, exist_ok=True)
            with archive.open(entry) as packed, target.open("xb") as plain:
                digests[entry.filename], written = _copied(packed, plain, left)
        except (zipfile.BadZipFile, zlib.error, EOFError, FileExistsError, NotADirectoryError):
            raise CheckFailed(f"{path}: member '{entry.filename}' is damaged.") from None
        left -= written
        if left < 0:
            raise CheckFailed(f"{path} unpacks to more than {LARGEST_TOTAL:,} bytes; it was given up.")
    return digests


def _copied(packed: IO[bytes], plain: IO[bytes], limit: int) -> tuple[str, int]:
    """Copy a member in pieces; stop soon after the limit. Return its digest and size."""
    digest, size = sha256(), 0
    while size <= limit and (piece := packed.read(CHUNK)):
        digest.update(piece)
        size += plain.write(piece)
    return digest.hexdigest(), size
