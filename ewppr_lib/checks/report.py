"""What an audit found, as text to read, JSON or CSV."""

import csv
import io
import json
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from ewppr_lib.checks.claims import CONTRADICTED, OUTSIDE_VERDICTS, VERDICTS, Judgement
from ewppr_lib.checks.diagnosis import Diagnosis, diagnose
from ewppr_lib.checks.relations import Finding, Relation, evaluate
from ewppr_lib.checks.table import Table

FORMATS = ("text", "json", "csv")


@dataclass(frozen=True)
class TableAudit:
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
    """Test a table's relations and explain those that fail; see `evaluate` and `diagnose`."""
    findings = evaluate(table, relations)
    return TableAudit(findings, diagnose(table, relations, findings))


def table_report(audit: TableAudit, form: str) -> str:
    """Return the audit of a table in one of `FORMATS`; text names the failing relations only.

    A sentence that explains several failing relations is printed once, after the last of them.
    """
    if form != "text":
        told = {id(diagnosis.finding): " ".join(diagnosis.sentences) for diagnosis in audit.diagnoses}
        return _records([_finding_record(finding, told) for finding in audit.findings], form)
    lines = [audit.counts]
    last = {sentence: number for number, found in enumerate(audit.diagnoses) for sentence in found.sentences}
    for number, found in enumerate(audit.diagnoses):
        lines.append(f"- {found.finding.sentence}")
        lines += [f"    {sentence}" for sentence in found.sentences if last[sentence] == number]
    return "\n".join(lines)


def ledger_report(judged: Sequence[Judgement], only: str | None, form: str) -> str:
    """Return the judgements on the study's claims in one of `FORMATS`.

    Parameters
    ----------
    judged
        All judgements.
    only
        Verdict to list; by default text counts all verdicts and lists the contradicted claims, JSON
        and CSV hold every claim.
    form
        One of `FORMATS`.
    """
    chosen = [found for found in judged if only in (None, found.verdict)]
    if form != "text":
        return _records([_judgement_record(found) for found in chosen], form)
    listed = [found for found in judged if found.verdict == (only or CONTRADICTED)]
    head = [] if only else [*_counted(judged), "", "Contradicted:"]
    return "\n".join([*head, *(_line(found) for found in listed)])


def _counted(judged: Sequence[Judgement]) -> list[str]:
    inside = Counter(found.verdict for found in judged)
    outside = Counter(found.outside for found in judged)
    lines = [f"{len(judged)} claims; by the study's own figures:"]
    lines += [f"  {inside[verdict]:4} {verdict}" for verdict in VERDICTS]
    lines += ["by outside figures:"]
    return lines + [f"  {outside[verdict]:4} {verdict}" for verdict in OUTSIDE_VERDICTS]


def _line(found: Judgement) -> str:
    claim = found.claim
    return f"{claim.id} ({claim.section}, {claim.place}) {claim.paraphrase} [{claim.printed_value}]: {found.sentence}"


def _judgement_record(found: Judgement) -> dict[str, Any]:
    claim = found.claim
    return {
        "id": claim.id,
        "section": claim.section,
        "place": claim.place,
        "paraphrase": claim.paraphrase,
        "printed_value": claim.printed_value,
        "unit": claim.unit,
        "verdict": found.verdict,
        "reading": found.reading,
        "computed": found.computed,
        "sentence": found.sentence,
        "outside": found.outside,
        "outside_source": found.outside_source,
        "outside_sentence": found.outside_sentence,
    }


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


def _records(records: list[dict[str, Any]], form: str) -> str:
    if form == "json":
        return json.dumps(records, ensure_ascii=False, indent=1)
    target = io.StringIO()
    writer = csv.DictWriter(target, list(records[0]) if records else [], lineterminator="\n")
    writer.writeheader()
    writer.writerows(records)
    return target.getvalue().rstrip("\n")
