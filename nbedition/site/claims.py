"""The claims audit as one table that can be searched and filtered."""

from collections import Counter
from collections.abc import Sequence
from typing import Any

from nbedition.claims import CONTRADICTED, NOT_CHECKABLE, READING, REPRODUCED, as_frame, audit
from nbedition.project import about, notebooks
from nbedition.templates import rendered

VERDICTS = {  # to its mark in addresses and styles, and its words
    REPRODUCED: ("reproduced", "reproduced"),
    READING: ("reading", "under one reading"),
    CONTRADICTED: ("contradicted", "contradicted"),
    NOT_CHECKABLE: ("unchecked", "not checkable"),
}


def judged() -> list[dict[str, Any]]:
    """Return every claim as the pages show it, in ledger order; none for a study without a ledger."""
    return [
        _shown({str(name): value for name, value in row.items()})
        for row in as_frame(audit()).reset_index().to_dict("records")
    ]


def _shown(row: dict[str, Any]) -> dict[str, Any]:
    section, place = str(row["section"]), str(row["place"])
    mark, words = VERDICTS[row["verdict"]]
    where = place if place.lower().startswith(section.lower()) else f"{section}, {place}"
    return row | {"mark": mark, "words": words, "where": where}


def tally(claims: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
    """Return mark, words and number of claims of each verdict."""
    counts = Counter(row["mark"] for row in claims)
    return [{"mark": mark, "words": words, "count": counts[mark]} for mark, words in VERDICTS.values()]


def claims_page(claims: Sequence[dict[str, Any]]) -> str:
    """Return the source of the claims page; it leads to a notebook and a page of the guide about claims."""
    return rendered(
        "site/templates/claims.md.jinja",
        {
            "claims": claims,
            "verdicts": tally(claims),
            "notebook": next((name for name in notebooks() if "claims" in name), ""),
            "own_claims": about("docs/own-claims.md") is not None,
        },
    )
