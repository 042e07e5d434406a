"""The report as SARIF 2.1.0, which code hosts and editors show beside the lines of a file."""

from __future__ import annotations

from pathlib import Path, PurePath
from typing import Any
from urllib.parse import quote

from crossfoot.kinds import KINDS
from crossfoot.relations import Spot
from crossfoot.report.places import Region, regions_of
from crossfoot.report.result import CheckResult, Fault

SCHEMA = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"
UNREAD = {"unread": "The cell holds something that could not be read as a figure, or as a mark for a missing one."}


def sarif_report(result: CheckResult) -> dict[str, Any]:
    """Return the faults of a table as a SARIF log: a result for each, placed at the cell at fault.

    Where the figures do not tell which cell is at fault, a result is placed at the first cell of its relation, the
    total. The other cells are ``relatedLocations``. A cell that was not read is a warning.
    """
    from crossfoot import __version__

    kinds = {kind: each.__doc__ or "" for kind, each in KINDS.items()}
    found = {fault.finding.relation.kind: type(fault.finding.relation).__doc__ or "" for fault in result.faults}
    rules = {kind: said.partition("\n")[0] for kind, said in (kinds | found | UNREAD).items()}
    order = {kind: number for number, kind in enumerate(rules)}
    regions = regions_of(result.table)
    driver = {
        "name": "crossfoot",
        "version": __version__,
        "rules": [{"id": kind, "shortDescription": {"text": said}} for kind, said in rules.items()],
    }
    run: dict[str, Any] = {
        "tool": {"driver": driver},
        "columnKind": "unicodeCodePoints",
        "newlineSequences": ["\r\n", "\n", "\r"],
        "results": [_result(fault, result, order, regions) for fault in result.faults],
    }
    run["results"] += [
        {
            "ruleId": "unread",
            "ruleIndex": order["unread"],
            "level": "warning",
            "message": {"text": f"{result.table.name}: {unread.sentence}."},
            "locations": [_location(unread.spot, result, regions)],
        }
        for unread in result.table.unread
    ]
    return {"$schema": SCHEMA, "version": "2.1.0", "runs": [run]}


def _result(fault: Fault, result: CheckResult, order: dict[str, int], regions: dict[Spot, Region]) -> dict[str, Any]:
    kind, spots = fault.finding.relation.kind, list(dict.fromkeys(fault.finding.spots))
    at = list(fault.cells) or spots[:1]
    others = [spot for spot in spots if spot not in at]
    record = {
        "ruleId": kind,
        "ruleIndex": order[kind],
        "level": "error",
        "message": {"text": " ".join([fault.finding.sentence, *fault.sentences])},
        "locations": [_location(spot, result, regions) for spot in at],
    }
    told = [
        {
            **_location(spot, result, regions),
            "id": number,
            "message": {"text": f"'{spot[0]}' in '{spot[1]}' ({result.table.cells[spot].text or 'blank'})"},
        }
        for number, spot in enumerate(others, 1)
    ]
    return record | ({"relatedLocations": told} if told else {})


def _location(spot: Spot, result: CheckResult, regions: dict[Spot, Region]) -> dict[str, Any]:
    location: dict[str, Any] = {"logicalLocations": [{"name": spot[0], "fullyQualifiedName": f"{spot[0]} | {spot[1]}"}]}
    region = regions.get(spot)
    if region is not None:
        location["physicalLocation"] = {
            "artifactLocation": {"uri": _uri(result.table.name)},
            "region": {
                "startLine": region.line,
                "startColumn": region.start,
                "endLine": region.end_line,
                "endColumn": region.end,
            },
        }
    return location


def _uri(name: str) -> str:
    """Return a file's name as a URI reference, relative where the name is.

    Examples
    --------
    >>> _uri("my tables/a b#1.csv")
    'my%20tables/a%20b%231.csv'
    """
    return Path(name).as_uri() if Path(name).is_absolute() else quote(PurePath(name).as_posix())
