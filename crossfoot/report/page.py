"""The report as one page of HTML: the table as printed with its faulty cells marked, and the sentences beside it."""

from __future__ import annotations

from html import escape

from crossfoot.relations import Spot
from crossfoot.report.forms import told_once
from crossfoot.report.result import CheckResult
from crossfoot.table import NOT_READ, Table

Marks = dict[Spot, tuple[bool, list[int]]]  # whether a cell is known to be at fault, and the numbers of the faults
STYLE = """
body { font: 16px/1.5 system-ui, sans-serif; color: #1d2327; background: #fff; margin: 2rem auto; max-width: 90rem;
  padding: 0 1rem; }
main { display: flex; flex-wrap: wrap; gap: 2rem; align-items: flex-start; }
.table { overflow: auto; max-width: 100%; flex: 2 1 24rem; }
ol { flex: 1 1 20rem; margin: 0; padding-left: 1.5rem; }
li { margin-bottom: .75rem; }
li p { margin: .25rem 0; color: #4a5560; }
table { border-collapse: collapse; font-variant-numeric: tabular-nums; }
td { border: 1px solid #c9d0d6; padding: .15rem .5rem; white-space: pre-wrap; }
td.figure { text-align: right; }
td.fault { background: #b3261e; color: #fff; font-weight: bold; }
td.involved { background: #ffe3a3; }
td.unread { background: #d7dce0; }
td a { color: inherit; }
"""
POLICY = "default-src 'none'; style-src 'unsafe-inline'"
HEAD = """<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="{policy}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>{name}: {counts}</title>
<style>{style}</style>
</head>
<body>
<h1>{name}</h1>
{preface}<p><strong>{counts}.</strong> {note}</p>
{legend}<main>
<div class="table" tabindex="0" role="region" aria-label="The table as printed">
<table>
"""
LEGEND = (
    "<p>Cells at fault are <strong>red</strong>; where the figures do not tell which of several it is, all are "
    "yellow. The small numbers lead to the sentences.</p>\n"
)


def page_report(result: CheckResult) -> str:
    """Return the report as one page that needs no script and no other file; everything in it is escaped."""
    marks = _marks(result)
    head = HEAD.format(
        policy=POLICY,
        style=STYLE,
        name=escape(result.table.name),
        counts=escape(result.counts),
        note=escape(result.note),
        preface="".join(f"<p>{escape(said)}</p>\n" for said in result.table.preface),
        legend=LEGEND if result.faults or result.table.unread else "",
    )
    told = [
        f'<li id="fault-{number}">{escape(fault.finding.sentence)}'
        + "".join(f"<p>{escape(sentence)}</p>" for sentence in sentences)
        + "</li>\n"
        for number, (fault, sentences) in enumerate(told_once(result), 1)
    ]
    gaps = "".join(f"<p>{escape(gap.sentence)}</p>\n" for gap in result.gaps)
    sentences = f"<ol>\n{''.join(told)}</ol>\n" if told else ""
    return f"{head}{''.join(_lines(result, marks))}</table>\n</div>\n{sentences}</main>\n{gaps}</body>\n</html>"


def _marks(result: CheckResult) -> Marks:
    """Return which cells are marked."""
    marks: Marks = {}
    for number, fault in enumerate(result.faults, 1):
        for spot in fault.cells or dict.fromkeys(fault.finding.spots):
            known, numbers = marks.get(spot, (False, []))
            marks[spot] = (known or bool(fault.cells), [*numbers, number])
    return marks


def _lines(result: CheckResult, marks: Marks) -> list[str]:
    """Return the lines of the table as printed, or from its labels where it was not read from lines."""
    table = result.table
    if not table.source.lines:
        head = "".join(f"<td>{escape(label)}</td>" for label in ("", *table.columns))
        rows = [
            f"<td>{escape(row)}</td>" + "".join(_cell(table, marks, (row, column)) for column in table.columns)
            for row in table.rows
        ]
        return [f"<tr>{cells}</tr>\n" for cells in (head, *rows)]
    spots: dict[tuple[int, int], Spot] = {}
    for spot, cell in table.cells.items():  # a cell with two figures has two spots; one of them may be marked
        if cell.at not in spots or spot in marks:
            spots[cell.at] = spot
    width = max(len(cells) for _, cells in table.source.lines)
    found = []
    for number, cells in table.source.lines:
        filled = enumerate((*cells, *[""] * (width - len(cells))), 1)
        shown = [_cell(table, marks, spots.get((number, column)), text) for column, text in filled]
        found.append(f"<tr>{''.join(shown)}</tr>\n" if cells else "")
    return found


def _cell(table: Table, marks: Marks, spot: Spot | None, text: str = "") -> str:
    if spot is None:
        return f"<td>{escape(text)}</td>"
    kind, links, text = "figure", "", escape(text or table.cells[spot].text)
    if spot in marks:
        known, numbers = marks[spot]
        kind += " fault" if known else " involved"
        links = " ".join(f'<a href="#fault-{number}">{number}</a>' for number in numbers)
        links = f" <sup>{links}</sup>"
    if table.cells[spot].missing.startswith(NOT_READ):
        kind += " unread"
    return f'<td class="{kind}">{text}{links}</td>'
