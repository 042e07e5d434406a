"""What a check of a table found, as plain data that every form of report is made from."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple

from crossfoot.edit import Diagnosis, diagnose
from crossfoot.evaluate import Finding, evaluate
from crossfoot.gaps import Gap, find_gaps
from crossfoot.relations import Relation, Spot
from crossfoot.table import Table


class Misprint(NamedTuple):
    """A misprint, or several at once, that would explain a fault: what each cell would read, how many failures end."""

    kind: str
    changes: tuple[tuple[Spot, str], ...]
    mends: int


@dataclass(frozen=True)
class Fault:
    """A relation that fails, and what can be said of it.

    ``sentences``: what its figures tell; ``misprints``: those that are equally good explanations, often none or one;
    ``cells``: row and column of the cells at fault, where the misprints agree on them, else empty.
    """

    finding: Finding
    sentences: tuple[str, ...]
    misprints: tuple[Misprint, ...]
    cells: tuple[Spot, ...]


@dataclass(frozen=True)
class CheckResult:
    """What a check of a table found; `crossfoot.check` returns it.

    ``findings``: the verdict on each relation at each place; ``faults``: those that fail, explained, in the same order;
    ``gaps``: cells without a figure, and what the relations say they must be; ``note``: how the relations were found,
    where the check proposed them itself.
    """

    table: Table
    findings: tuple[Finding, ...]
    faults: tuple[Fault, ...]
    gaps: tuple[Gap, ...] = ()
    note: str = ""

    @property
    def failing(self) -> list[Finding]:
        """The findings that fail."""
        return [fault.finding for fault in self.faults]

    @cached_property
    def verdicts(self) -> Counter[str]:
        """How many relations hold, fail and cannot be told, by verdict."""
        return Counter(finding.verdict for finding in self.findings)

    @property
    def counts(self) -> str:
        """How many relations hold, fail and cannot be told, in words."""
        held = self.verdicts
        return f"{held['holds']} hold, {held['fails']} fail, {held['cannot be told']} cannot be told"

    def report(self, form: str = "text") -> str:
        """Return the report as ``crossfoot --format`` prints it: "text", "json", "csv", "sarif" or "html"."""
        from crossfoot.report.forms import table_report

        return table_report(self, form)


def audit_table(table: Table, relations: Sequence[Relation], note: str = "") -> CheckResult:
    """Test a table's relations and explain those that fail.

    `table`: a table as `read_table` returns it; `relations`: what should hold in it, as `read_relations` or
    `suggest_relations` return it; `note`: how they were found. Raises RequestError if a relation does not fit the
    table or itself.

    Examples
    --------
    >>> from crossfoot.intervals import Interval
    >>> from crossfoot.relations import Sum
    >>> from crossfoot.table import Cell
    >>> cells = {(row, "2003"): Cell(text, Interval.printed(text)) for row, text in
    ...          [("all", "7.5"), ("men", "4.0"), ("women", "5.3")]}
    >>> audit = audit_table(Table("staff", ("all", "men", "women"), ("2003",), cells), [Sum("all", ("men", "women"))])
    >>> audit.counts, audit.failing[0].place
    ('0 hold, 1 fail, 0 cannot be told', '2003')
    """
    findings = evaluate(table, relations)
    faults = tuple(map(_fault, diagnose(table, relations, findings)))
    return CheckResult(table, tuple(findings), faults, tuple(find_gaps(table, findings)), note)


def _fault(found: Diagnosis) -> Fault:
    repairs = found.repairs or (found.several.repairs if found.several else ())
    misprints = tuple(Misprint(repair.kind, repair.changes, len(repair.mends)) for repair in repairs)
    return Fault(found.finding, found.sentences, misprints, tuple(sorted(found.located or ())))
