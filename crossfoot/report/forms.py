"""The report on a table as text to read, JSON or CSV; SARIF and the page have modules of their own."""

from __future__ import annotations

import csv
import io
import json
from fractions import Fraction
from typing import Any

from crossfoot.errors import RequestError
from crossfoot.evaluate import Finding
from crossfoot.intervals import Interval
from crossfoot.relations import Spot
from crossfoot.report.places import Region, regions_of
from crossfoot.report.result import CheckResult, Fault
from crossfoot.text import for_spreadsheets, in_short

JSON_VERSION = 1  # of the form; docs/check-report.schema.json describes it


def table_report(result: CheckResult, form: str) -> str:
    """Return what a check found as text, JSON, CSV, SARIF or HTML; text names the failing relations only.

    A sentence that explains several failing relations is printed once, after the last of them.
    """
    if form == "json":
        return json.dumps(json_report(result), ensure_ascii=False, indent=1)
    if form == "csv":
        return records_text(_rows(result), form)
    if form == "sarif":
        from crossfoot.report.sarif import sarif_report

        return json.dumps(sarif_report(result), ensure_ascii=False, indent=1)
    if form == "html":
        from crossfoot.report.page import page_report

        return page_report(result)
    if form != "text":
        raise RequestError(f"a report is text, json, csv, sarif or html, got {in_short(form)}.")
    lines = [*result.table.preface, result.counts]
    for fault, sentences in told_once(result):
        lines.append(f"- {fault.finding.sentence}")
        lines += [f"    {sentence}" for sentence in sentences]
    lines += [f"- {gap.sentence}" for gap in result.gaps]
    return "\n".join(lines)


def told_once(result: CheckResult) -> list[tuple[Fault, list[str]]]:
    """Return each fault with the sentences that explain it; one that explains several stands with the last of them."""
    last = {sentence: number for number, fault in enumerate(result.faults) for sentence in fault.sentences}
    return [
        (fault, [sentence for sentence in fault.sentences if last[sentence] == number])
        for number, fault in enumerate(result.faults)
    ]


def json_report(result: CheckResult) -> dict[str, Any]:
    """Return the report as plain values; ``docs/check-report.schema.json`` says what each field means."""
    from crossfoot import __version__

    regions = regions_of(result.table)
    numbers = {id(finding): number for number, finding in enumerate(result.findings)}
    return {
        "form": "crossfoot report",
        "version": JSON_VERSION,
        "crossfoot": __version__,
        "table": result.table.name,
        "note": result.note,
        "readings": list(result.table.readings),
        "unread": [{**_cell(each.spot, result, regions), "why": each.why} for each in result.table.unread],
        "counts": {verdict: result.verdicts[verdict] for verdict in ("holds", "fails", "cannot be told")},
        "relations": [_relation_record(finding, result, regions) for finding in result.findings],
        "faults": [
            {
                "relation": numbers[id(fault.finding)],
                "sentences": list(fault.sentences),
                "misprints": [
                    {
                        "kind": misprint.kind,
                        "mends": misprint.mends,
                        "changes": [
                            {**_cell(spot, result, regions), "read_as": read} for spot, read in misprint.changes
                        ],
                    }
                    for misprint in fault.misprints
                ],
                "cells": [_cell(spot, result, regions) for spot in fault.cells],
            }
            for fault in result.faults
        ],
        "gaps": [
            {
                **_cell(gap.spot, result, regions),
                "bounds": _bounds(gap.bounds),
                "suppressed": gap.suppressed,
                "recovered": gap.recovered,
                "sentence": gap.sentence,
            }
            for gap in result.gaps
        ],
    }


def _relation_record(finding: Finding, result: CheckResult, regions: dict[Spot, Region]) -> dict[str, Any]:
    return {
        "relation": finding.relation.title,
        "kind": finding.relation.kind,
        "axis": finding.relation.axis,
        "place": finding.place,
        "verdict": finding.verdict,
        "left": _bounds(finding.left),
        "right": _bounds(finding.right),
        "gap": _number(finding.gap),
        "tolerance": _number(finding.tolerance),
        "sentence": finding.sentence,
        "cells": [_cell(spot, result, regions) for spot in finding.spots],
    }


def _bounds(side: Interval) -> dict[str, float | None]:
    return {"low": _number(side.low), "high": _number(side.high)}


def _number(value: Fraction | None) -> float | None:
    """Return the nearest binary number; where there is none that large, the whole number."""
    try:
        return None if value is None else float(value)
    except OverflowError:
        return None if value is None else round(value)


def _cell(spot: Spot, result: CheckResult, regions: dict[Spot, Region]) -> dict[str, Any]:
    region = regions.get(spot)
    return {
        "row": spot[0],
        "column": spot[1],
        "printed": result.table.cells[spot].text,
        "line": region and region.line,
        "character": region and region.start,
    }


def _rows(result: CheckResult) -> list[dict[str, Any]]:
    told = {id(fault.finding): " ".join(fault.sentences) for fault in result.faults}
    return [
        {
            "relation": finding.relation.title,
            "place": finding.place,
            "verdict": finding.verdict,
            "left": str(finding.left),
            "right": str(finding.right),
            "gap": _number(finding.gap),
            "tolerance": _number(finding.tolerance),
            "sentence": finding.sentence,
            "diagnosis": told.get(id(finding), ""),
        }
        for finding in result.findings
    ]


def records_text(records: list[dict[str, Any]], form: str) -> str:
    """Return records of the same keys as JSON or CSV text."""
    if form == "json":
        return json.dumps(records, ensure_ascii=False, indent=1)
    target = io.StringIO()
    writer = csv.DictWriter(target, list(records[0]) if records else [], lineterminator="\n")
    writer.writeheader()
    writer.writerows({name: for_spreadsheets(cell) for name, cell in record.items()} for record in records)
    return target.getvalue().rstrip("\n")
