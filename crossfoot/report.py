"""What an audit found, as text to read, JSON or CSV."""

import csv
import io
from collections import Counter
from collections.abc import Sequence
from typing import Any, NamedTuple

from crossfoot.edit import Diagnosis, diagnose
from crossfoot.evaluate import Finding, evaluate
from crossfoot.relations import Relation
from crossfoot.table import Table

FORMATS = ("text", "json", "csv")


class TableAudit(NamedTuple):
    """The relations of one table, tested and, where they fail, explained."""

    findings: list[Finding]
    diagnoses: list[Diagnosis]

    @property
    def failing(self) -> list[Finding]:
        """The findings that fail."""
        return [finding for finding in self.findings if finding.verdict == "fails"]

    @property
    def counts(self) -> str:
        """How many relations hold, fail and cannot be told, in words."""
        verdicts = Counter(finding.verdict for finding in self.findings)
        return f"{verdicts['holds']} hold, {verdicts['fails']} fail, {verdicts['cannot be told']} cannot be told"


def audit_table(table: Table, relations: Sequence[Relation]) -> TableAudit:
    """Test a table's relations and explain those that fail.

    `table`: a table as `read_table` returns it; `relations`: what should hold in it, as `read_relations` or
    `suggest_relations` return it. Gives its ``findings``, one for each relation and place, and ``diagnoses`` of those
    that fail. Raises RequestError if a relation does not fit the table or itself.

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
    return TableAudit(findings, diagnose(table, relations, findings))


def table_report(audit: TableAudit, form: str) -> str:
    """Return the audit of a table in one of `FORMATS`; text names the failing relations only.

    A sentence that explains several failing relations is printed once, after the last of them.
    """
    if form != "text":
        told = {id(diagnosis.finding): " ".join(diagnosis.sentences) for diagnosis in audit.diagnoses}
        return records_text([_finding_record(finding, told) for finding in audit.findings], form)
    lines = [audit.counts]
    last = {sentence: number for number, found in enumerate(audit.diagnoses) for sentence in found.sentences}
    for number, found in enumerate(audit.diagnoses):
        lines.append(f"- {found.finding.sentence}")
        lines += [f"    {sentence}" for sentence in found.sentences if last[sentence] == number]
    return "\n".join(lines)


def _finding_record(finding: Finding, told: dict[int, str]) -> dict[str, Any]:
    return {
        "relation": finding.relation.title,
        "place": finding.place,
        "verdict": finding.verdict,
        "left": str(finding.left),
        "right": str(finding.right),
        "gap": None if finding.gap is None else float(finding.gap),
        "tolerance": None if finding.tolerance is None else float(finding.tolerance),
        "sentence": finding.sentence,
        "diagnosis": told.get(id(finding), ""),
    }


def records_text(records: list[dict[str, Any]], form: str) -> str:
    """Return records of the same keys as JSON or CSV text."""
    if form == "json":
        import json

        return json.dumps(records, ensure_ascii=False, indent=1)
    target = io.StringIO()
    writer = csv.DictWriter(target, list(records[0]) if records else [], lineterminator="\n")
    writer.writeheader()
    writer.writerows(records)
    return target.getvalue().rstrip("\n")
