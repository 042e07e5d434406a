"""Reading CSV and YAML files as text, with errors that name the file and the place."""

import csv
import io
import re
from collections.abc import Iterable
from difflib import get_close_matches
from functools import lru_cache
from pathlib import Path
from reprlib import Repr
from typing import Any

from crossfoot.errors import DataError

Grid = list[list[str]]

_FIGURE = re.compile(r"[-+]?[0-9.,' ]*%?")
LARGEST_FILE = 50_000_000  # bytes; the tables of a study are a thousand times smaller


def read_text(path: Path) -> str:
    """Return the text of a UTF-8 file without its byte order mark."""
    text = bounded_text(path, LARGEST_FILE, "a table")
    if not text.strip():
        raise DataError(f"{path} is empty.")
    return text


def bounded_text(path: Path, most: int, expected: str) -> str:
    """Return the text of a UTF-8 file of a number of bytes at most; more are never read, whatever the path names."""
    return utf8_text(bounded_bytes(path, most, expected), str(path))


def bounded_bytes(path: Path, most: int, expected: str) -> bytes:
    """Return the content of a file of a number of bytes at most; more are never read, whatever the path names."""
    try:
        with path.open("rb") as file:
            content = file.read(most + 1)
    except FileNotFoundError:
        raise DataError(f"{path} does not exist.") from None
    except OSError as error:
        raise DataError(f"{path} cannot be read: {error.strerror}.") from None
    except ValueError as error:  # a zero byte in the name
        raise DataError(f"{str(path)!r} cannot be a file: {error}.") from None
    if len(content) > most:
        raise DataError(f"{path} is larger than {most // 1_000_000} MB; {expected} is expected.")
    return content


def utf8_text(content: bytes, name: str) -> str:
    """Return UTF-8 bytes as text without a byte order mark."""
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        byte = content[error.start]
        raise DataError(
            f"{name} is not UTF-8 text (byte 0x{byte:02x} at position {error.start}); save it as UTF-8."
        ) from None


def read_grid(path: Path) -> Grid:
    """Return the cells of a CSV file as text; DataError if it cannot be read or its rows differ in length."""
    try:
        grid = [row for row in csv.reader(io.StringIO(read_text(path), newline=""), strict=True) if row]
    except csv.Error as error:
        raise DataError(f"{path} is not a CSV table: {error}.") from None
    for number, row in enumerate(grid, start=1):
        if len(row) != len(grid[0]):
            raise DataError(f"{path}, row {number}: {len(grid[0])} cells expected, got {len(row)}.")
    return [[cell.strip() for cell in row] for row in grid]


def read_yaml(path: Path) -> Any:
    """Return the content of a YAML file; DataError if it cannot be read, or would build Python objects."""
    return plain_yaml(path, read_text(path))


@lru_cache(maxsize=1)
def as_written() -> Any:
    """Return a loader for `plain_yaml` that leaves numbers and dates as they are written: 1.10 is not 1.1."""
    import yaml

    return type("AsWritten", (getattr(yaml, "CSafeLoader", yaml.SafeLoader),), {"yaml_implicit_resolvers": {}})


def plain_yaml(path: Path, text: str, loader: Any = None) -> Any:
    """Return the content of the text of a YAML file; see `read_yaml`. `loader`: one of the caller's own, as safe."""
    import yaml

    loader = loader or getattr(
        yaml, "CSafeLoader", yaml.SafeLoader
    )  # the same language, ten times as fast where it is built
    try:
        return yaml.load(text, loader)  # noqa: S506 (both loaders build plain values only)
    except (yaml.YAMLError, ValueError) as error:  # a date such as 2011-13-45 is a ValueError
        said = " ".join(str(error).split())
        raise DataError(f"{path} is not plain YAML: {said}.") from None
    except (AttributeError, LookupError, TypeError, ArithmeticError):  # as of `!!bool "x"`
        raise DataError(f"{path} is not plain YAML: a tag (!!) stands before something else than it says.") from None
    except RecursionError:
        raise DataError(f"{path} is not plain YAML: it is nested too deeply.") from None


def in_short(value: Any) -> str:
    """Return a value as an error shows it: cut short however deep or long it is.

    Examples
    --------
    >>> in_short([1, [2, [3, [4]]]]), in_short("a" * 99)
    ('[1, [2, [...]]]', "'aaaaaaaaaaaa...aaaaaaaaaaaaa'")
    """
    short = Repr()
    short.maxlevel = 2
    return short.repr(value)


def for_spreadsheets(value: Any) -> Any:
    """Return a cell of a table for people: a text that a spreadsheet would carry out has an apostrophe before it.

    Examples
    --------
    >>> for_spreadsheets("=1+1"), for_spreadsheets("-1,234.5"), for_spreadsheets("Roads")
    ("'=1+1", '-1,234.5', 'Roads')
    """
    carried_out = isinstance(value, str) and value.startswith(("=", "+", "-", "@", "\t", "\r"))
    return f"'{value}" if carried_out and not _FIGURE.fullmatch(value) else value


def did_you_mean(name: object, known: Iterable[str], otherwise: str = "") -> str:
    """Return a hint for a name that is not known: the nearest known one, else what `otherwise` says, else all of them.

    Examples
    --------
    >>> did_you_mean("fundin", ["funding"]), did_you_mean("x", ["a", "b"])
    ("did you mean 'funding'?", 'there are a, b.')
    """
    listed = list(known)
    near = get_close_matches(str(name), listed, n=1)
    return f"did you mean '{near[0]}'?" if near else otherwise or f"there are {', '.join(listed)}."
