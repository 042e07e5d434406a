"""The claims audit as one table that can be searched and filtered."""

from collections.abc import Mapping, Sequence
from typing import Any

from nbedition.claims import CONTRADICTED, NOT_CHECKABLE, READING, REPRODUCED, VERDICTS, as_frame, audit
from nbedition.project import about, notebooks
from nbedition.site.html import raw, text

MARKS = {REPRODUCED: "reproduced", READING: "reading", CONTRADICTED: "contradicted", NOT_CHECKABLE: "unchecked"}
WORDS = {
    "reproduced": "reproduced",
    "reading": "under one reading",
    "contradicted": "contradicted",
    "unchecked": "not checkable",
}


def judged() -> list[dict[str, Any]]:
    """Return every claim with its verdict, in ledger order; none for a study without a ledger."""
    rows = as_frame(audit()).reset_index().to_dict("records")
    return [{str(name): value for name, value in row.items()} for row in rows]


def claims_page(rows: Sequence[Mapping[str, Any]]) -> str:
    """Return the source of the claims page.

    Parameters
    ----------
    rows
        As returned by `judged`.
    """
    lines = [
        "# Claims audit",
        "",
        f"Each of the {len(rows)} claims of the study with its verdict. Verdicts are computed, from a second place",
        "in the study, from a table, or from arithmetic that carries the printed rounding exactly; a second verdict",
        f"says what outside figures add.{_more()}",
        "",
        raw(_filters(rows) + _table(rows)),
    ]
    return "\n".join(lines) + "\n"


def _more() -> str:
    """Return where more is said of claims: a notebook with them in its name, and a page of the guide."""
    told = [f"[How](notebooks/{name}.ipynb)" for name in notebooks() if "claims" in name][:1]
    told += ["[how to check claims of your own](docs/own-claims.md)"] if about("docs/own-claims.md") else []
    return f" {', and '.join(told)}." if told else ""


def _filters(rows: Sequence[Mapping[str, Any]]) -> str:
    counts = {verdict: sum(row["verdict"] == verdict for row in rows) for verdict in VERDICTS}
    choices = _choice("section", "Place", rows) + _choice("kind", "Kind", rows)
    choices += _choice("outside", "Outside figures", rows)
    boxes = "".join(
        f'<label class="ew-chip ew-{mark}"><input type="checkbox" name="verdict" value="{mark}" checked> '
        f"{WORDS[mark]} <b>{counts[verdict]}</b></label>"
        for verdict, mark in MARKS.items()
    )
    return (
        '<form class="ew-filter" role="search" onsubmit="return false" data-claims>'
        '<div class="ew-wide"><label for="ew-search">Search id, words, figures</label>'
        '<input id="ew-search" name="words" type="search" autocomplete="off" spellcheck="false"></div>'
        f'{choices}<fieldset class="ew-wide"><legend>Verdict</legend>{boxes}</fieldset>'
        f'<p class="ew-count" role="status" data-count>{len(rows)} of {len(rows)} claims</p>'
        '<button type="reset" class="ew-button">Show all</button></form>'
    )


def _choice(column: str, label: str, rows: Sequence[Mapping[str, Any]]) -> str:
    values = list(dict.fromkeys(str(row[column]) for row in rows))
    options = "".join(f'<option value="{text(value)}">{text(value)}</option>' for value in values)
    return (
        f'<div><label for="ew-{column}">{label}</label><select id="ew-{column}" name="{column}">'
        f'<option value="">all</option>{options}</select></div>'
    )


def _table(rows: Sequence[Mapping[str, Any]]) -> str:
    heads = "".join(f'<th scope="col">{head}</th>' for head in ("Claim", "What the study says", "Verdict", "Why"))
    lines = "\n".join(_row(row) for row in rows)
    return (
        '<table class="ew-table ew-claims"><caption class="ew-hidden">Claims of the study and their verdicts</caption>'
        f"<thead><tr>{heads}</tr></thead><tbody>\n{lines}\n</tbody></table>"
    )


def _row(row: Mapping[str, Any]) -> str:
    mark, section, place = MARKS[row["verdict"]], str(row["section"]), str(row["place"])
    where = place if place.lower().startswith(section.lower()) else f"{section}, {place}"
    printed = f" <b>{text(row['printed_value'])}</b> {text(row['unit'])}" if row["printed_value"] else ""
    reading = f"<p>Reading: {text(row['reading'])}</p>" if row["reading"] else ""
    outside = ""
    if row["outside"] != "open":
        source = f' <span class="ew-note">{text(row["outside_source"])}</span>' if row["outside_source"] else ""
        outside = f"<p><b>{text(row['outside'])}.</b> {text(row['outside_sentence'])}{source}</p>"
    return (
        f'<tr id="{row["id"]}" data-verdict="{mark}" data-section="{text(row["section"])}" '
        f'data-kind="{text(row["kind"])}" data-outside="{text(row["outside"])}"><th scope="row">'
        f'<a href="#{row["id"]}">{row["id"]}</a>'
        f'<span class="ew-note">{text(where)}</span></th>'
        f"<td>{text(row['paraphrase'])}{printed}</td>"
        f'<td><span class="ew-badge ew-{mark}">{WORDS[mark]}</span></td>'
        f"<td>{text(row['sentence'])}{reading}{outside}</td></tr>"
    )
