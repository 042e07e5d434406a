"""For tests of one's own: ``from crossfoot.testing import assert_adds_up``, as other libraries have it."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import Any

from crossfoot.check_table import check
from crossfoot.relations import Relation


def assert_adds_up(
    table: Any, relations: str | Path | Iterable[Relation] | None = None, *, at_least: int = 1, **reading: Any
) -> None:
    r"""Fail with the report as message unless a table agrees with itself.

    `table`, `relations` and `reading` are those of `crossfoot.check`; `at_least`: how many relations must be seen to
    hold, so that a table in which nothing can be told does not pass. Raises AssertionError if a relation fails or too
    few hold, ReportedError if the table cannot be read.

    Examples
    --------
    >>> pupils = "Pupils,2022,2023\nBoys,5170,5301\nGirls,4966,5012\nAll pupils,10136,10313"
    >>> assert_adds_up(pupils, at_least=2)
    >>> assert_adds_up(pupils, at_least=3)
    Traceback (most recent call last):
    AssertionError: 2 hold, 0 fail, 0 cannot be told; at least 3 should hold.
    """
    __tracebackhide__ = True
    result = check(table, relations, **reading)
    if result.faults:
        raise AssertionError(result.report())
    if result.verdicts["holds"] < at_least:
        raise AssertionError(f"{result.counts}; at least {at_least} should hold.")
