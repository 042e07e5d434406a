"""The reform explorer: a page whose sliders look up a batch made beforehand, without a server."""

import json
from pathlib import Path
from string import Template
from typing import Any

import numpy as np

from crossfoot.text import read_text
from ewppr_lib.explorer_grid import MEASURES, SLIDERS, SPAN, Grid, grid
from ewppr_lib.reform import OPTIONS, USES
from ewppr_lib.reform.amounts import Array
from ewppr_lib.reform.assumptions import assumptions
from ewppr_lib.reform.packages import INSTRUMENTS
from ewppr_lib.reform.simulate import TOTAL_UNITS
from nbedition.site.about import Page
from nbedition.site.html import raw, text

DATA = "files/explorer.js"
FORMAT = "%.10g"  # as `ewppr simulate --out` writes numbers
LABELS = {
    "baseline": "aid as it is",
    "fixed_share": "fixed share of revenue",
    "cadre_rule": "cadre rule",
    "study_package": "the study's package",
} | INSTRUMENTS
MEASURE_LABELS = {
    "first": "how often it is best, weights unknown",
    "investment": "investment mobilised",
    "tax": "taxes",
    "jobs": "job-years",
    "households": "households reached",
    "households_per_million": "households per million yuan",
    "fund_balance": "left in funds",
    "cost": "public cost",
    "unsteadiness": "unsteadiness of aid",
}
SLIDER_LABELS = {
    "aid_share": "Aid per yuan of revenue",
    "fund_share": "Part of aid no longer granted",
    "leverage": "Loans per yuan of fund",
    "default_rate": "Loans that fail, a year",
    "additionality": "Loans not made otherwise",
}


def explorer_data(grid: Grid) -> str:
    """Return the batch as a script that sets ``window.ewpprExplorer``; numbers as `ewppr simulate` writes them."""
    known = assumptions()
    content = {
        "draws": SPAN.draws,
        "seed": SPAN.seed,
        "sliders": [
            {
                "name": name,
                "values": list(values),
                "usual": usual(name, known[name].central),
                "drawn": _drawn(known[name]),
            }
            for name, values in SLIDERS.items()
        ],
        "options": [{"name": name, "label": LABELS.get(name, name)} for name in OPTIONS],
        "uses": list(USES),
        "measures": {"first": "% of draws"} | {name: _unit(name) for name in MEASURES},
        "first": _packed(grid.first),
        "numbers": {
            option: {measure: _packed(array) for measure, array in found.items()}
            for option, found in grid.numbers.items()
        },
    }
    return f"window.ewpprExplorer={json.dumps(content, separators=(',', ':'))};\n"


def usual(name: str, central: float) -> int:
    """Return the place on a slider of what the model assumes: drawn from its range, or the central value."""
    values = SLIDERS[name]
    return values.index(None) if None in values else values.index(central)


def _drawn(record: Any) -> str:
    return f"{record.low:g} to {record.high:g}"


def _unit(measure: str) -> str:
    return TOTAL_UNITS.get(measure, "households per million yuan")


def _packed(array: Array) -> dict[str, Any]:
    """Return shape and flat numbers, ten significant digits, whole numbers without a point."""
    flat = [float(FORMAT % number) for number in np.ravel(array)]
    return {"shape": list(array.shape), "flat": [int(number) if number.is_integer() else number for number in flat]}


def page() -> Page:
    """Return the explorer as a page of the site."""
    lead = "Move the assumptions and see how reform options rank."
    return Page(explorer_page(), lambda: {DATA: explorer_data(grid())}, "Try", lead)


def explorer_page() -> str:
    """Return the source of the explorer page."""
    sliders = "".join(_slider(name) for name in SLIDERS)
    choices = "".join(f'<option value="{name}">{text(label)}</option>' for name, label in MEASURE_LABELS.items())
    template = Template(read_text(Path(__file__).with_name("explorer.html")))
    lines = [
        "# Reform explorer",
        "",
        "How the study's reform options compare, under settings of yours. Every setting was run beforehand with",
        f"{SPAN.draws:,} draws; nothing is interpolated. Most parameters are assumptions, so read the ranges",
        "before the ranks: [the model](docs/reform-model.md) says what stands behind each.",
        "",
        raw(template.substitute(sliders=sliders, choices=choices, data=DATA)),
        "Totals over ten years in million yuan, job-years or households: the median, and below it the range from 5 to",
        "95 % of the draws. The rank asks how often a use of aid is best when nobody has said what matters more;",
        "options that move no money are not ranked.",
    ]
    return "\n".join(lines) + "\n"


def _slider(name: str) -> str:
    record = assumptions()[name]
    central = usual(name, record.central)
    ends = len(SLIDERS[name]) - 1
    drawn = f"; drawn: from {_drawn(record)}" if None in SLIDERS[name] else ""
    return (
        f'<div class="ew-slider"><label for="ew-{name}">{text(SLIDER_LABELS[name])}</label>'
        f'<output for="ew-{name}" data-value="{name}"></output>'
        f'<input type="range" id="ew-{name}" name="{name}" min="0" max="{ends}" step="1" value="{central}" '
        f'aria-describedby="ew-{name}-about"><p id="ew-{name}-about" class="ew-note">{text(record.meaning)} '
        f"(<code>{name}</code>, {text(record.unit)}{drawn})</p></div>"
    )
