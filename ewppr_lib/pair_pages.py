"""A page of the site for each pair of donor and recipient, and one that lists them."""

import re
from functools import cache
from pathlib import Path

from ewppr_lib import pair_report
from ewppr_lib.study import pairs
from nbedition.data.sources import sources
from nbedition.site.pages import Page, Rows
from nbedition.templates import rendered

PLACE = Path(__file__).parent
SIZE = re.compile(r'width="([\d.]+)pt" height="([\d.]+)pt"')
PIXELS = 2  # a point
NO_PROVINCE = re.compile(r"all paired| and |\d")  # several at once, which have no page of their own
LEAD = "What each pair gave and got, year by year, and which years are missing."


@cache
def reports() -> tuple[pair_report.PairReport, ...]:
    """Return what is held on each pair of one donor and one recipient."""
    rows = pair_report.ledger()
    named = [pair for pair in pair_report.named_pairs(rows) if not any(map(NO_PROVINCE.search, pair))]
    return tuple(pair_report.report(rows, *pair) for pair in named)


def page() -> Page:
    """Return the list of pairs, with a page below it for each."""
    listed = [
        {
            "name": _name(one),
            "report": one,
            "windows": len(one.found),
            "years": pairs.spans(sorted({year for row in one.found.itertuples() for year in _years(row)})),
        }
        for one in reports()
    ]
    entries = [f"{one.donor} to {one.recipient} <{_name(one).split('/')[1]}>" for one in reports()]
    source = rendered(PLACE / "pair_index.md.jinja", {"pairs": listed, "note": pair_report.NOTE, "entries": entries})
    return Page(source, _pictures, "Compare", LEAD, {_name(one): _source(one) for one in reports()})


def _years(row: object) -> range:
    return range(int(getattr(row, "year_from")), int(getattr(row, "year_to")) + 1)  # noqa: B009  a row of any frame


def _name(one: pair_report.PairReport) -> str:
    return f"pairs/{one.donor}-{one.recipient}".lower().replace(" ", "_")


@cache
def _drawn(donor: str, recipient: str) -> str:
    """Return the picture of a pair as SVG; "" where there is nothing to draw."""
    (one,) = (one for one in reports() if (one.donor, one.recipient) == (donor, recipient))
    return (one.drawn("svg") or b"").decode()


def _source(one: pair_report.PairReport) -> str:
    cited = [sources()[name] for name in dict.fromkeys(one.found["source"])]
    size = SIZE.search(_drawn(one.donor, one.recipient))
    values = {
        "pair": one,
        "name": _name(one),
        "rows": Rows(one.head, one.rows),
        "cited": cited,
        "size": [round(PIXELS * float(points)) for points in size.groups()] if size else None,
        "note": pair_report.NOTE,
        "last": pair_report.LAST_ATTESTED,
    }
    return rendered(PLACE / "pair_page.md.jinja", values)


def _pictures() -> dict[str, str]:
    drawn = {_name(one): _drawn(one.donor, one.recipient) for one in reports()}
    return {f"files/{name}.svg": content for name, content in drawn.items() if content}
