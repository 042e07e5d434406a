"""The reform explorer: a page whose sliders look up a batch made beforehand, without a server."""

import json
from pathlib import Path
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
from nbedition.templates import rendered

PLACE = Path(__file__).parent
DATA = "files/explorer.js"
PARTS = ("explorer_page.css", "explorer_page.js")
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


def page() -> Page:
    """Return the explorer as a page of the site."""
    values = {"sliders": [_slider(name) for name in SLIDERS], "measures": MEASURE_LABELS, "draws": SPAN.draws}
    lead = "Move the assumptions and see how reform options rank."
    return Page(rendered(PLACE / "explorer_page.md.jinja", values), _files, "Try", lead)


def _files() -> dict[str, str]:
    return {f"files/{name}": read_text(PLACE / name) for name in PARTS} | {DATA: explorer_data(grid())}


def _slider(name: str) -> dict[str, Any]:
    """Return a slider: its parameter, its values, the usual one's place, and the range drawn from."""
    record, values = assumptions()[name], SLIDERS[name]
    return {
        "name": name,
        "label": SLIDER_LABELS[name],
        "values": list(values),
        "last": len(values) - 1,
        "usual": values.index(None if None in values else record.central),
        "may_be_drawn": None in values,
        "drawn": f"{record.low:g} to {record.high:g}",
        "meaning": record.meaning,
        "unit": record.unit,
    }


def explorer_data(grid: Grid) -> str:
    """Return the batch as a script that sets ``window.ewpprExplorer``; numbers as `ewppr simulate` writes them."""
    sliders = [_slider(name) for name in SLIDERS]
    content = {
        "draws": SPAN.draws,
        "seed": SPAN.seed,
        "sliders": [{part: one[part] for part in ("name", "values", "usual", "drawn")} for one in sliders],
        "options": [{"name": name, "label": LABELS.get(name, name)} for name in OPTIONS],
        "uses": list(USES),
        "measures": {"first": "% of draws"}
        | {name: TOTAL_UNITS.get(name, "households per million yuan") for name in MEASURES},
        "first": _packed(grid.first),
        "numbers": {
            option: {measure: _packed(array) for measure, array in found.items()}
            for option, found in grid.numbers.items()
        },
    }
    return f"window.ewpprExplorer={json.dumps(content, separators=(',', ':'))};\n"


def _packed(array: Array) -> dict[str, Any]:
    """Return shape and flat numbers, ten significant digits, whole numbers without a point."""
    flat = [float(FORMAT % number) for number in np.ravel(array)]
    return {"shape": list(array.shape), "flat": [int(number) if number.is_integer() else number for number in flat]}
