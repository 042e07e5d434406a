"""Tables as offices and firms print them (`tables/`, each with its source): read as printed, nothing left out."""

import csv
from pathlib import Path

import pytest

from crossfoot.read import PrintedTable, read_table

TABLES = Path(__file__).parent / "tables"
LISTED = (TABLES / "sources.csv").read_text(encoding="utf-8").splitlines()
SOURCES = {row["table"]: row["source"] for row in csv.DictReader(LISTED)}


def real(name: str, **options: object) -> PrintedTable:
    """Return the table whose file name begins with some characters, such as "05x-"."""
    [path] = [path for path in TABLES.glob(f"{name}*.csv") if path.stem in SOURCES]
    return read_table(path, **options)  # type: ignore[arg-type]


def test_every_table_has_a_source() -> None:
    assert sorted(SOURCES) == sorted(path.stem for path in TABLES.glob("*.csv") if path.stem != "sources")
    assert all(SOURCES.values())


@pytest.mark.parametrize("name", ["03-", "10-", "26-"])
def test_a_plain_table_is_read_whole(name: str) -> None:
    assert real(name).unread == ()
