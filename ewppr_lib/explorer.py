"""The reform explorer: a page whose sliders look up a batch made beforehand, each setting once; no server is needed."""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import product
from pathlib import Path
from typing import Any

import numpy as np

from crossfoot.text import read_text
from ewppr_lib.reform import OPTIONS, USES, Span, ranking, simulate
from ewppr_lib.reform.amounts import Array
from ewppr_lib.reform.assumptions import Assumptions, assumptions
from ewppr_lib.reform.draws import LEVELS
from ewppr_lib.reform.packages import INSTRUMENTS
from ewppr_lib.reform.sensitivity import drivers
from ewppr_lib.reform.simulate import HEADLINE, TOTAL_UNITS, Simulation
from ewppr_lib.reform.summary import PER_COST
from nbedition.site.pages import Page
from nbedition.templates import rendered

SLIDERS: dict[str, tuple[float | None, ...]] = {  # None: drawn from the range that the model assumes
    "aid_share": (0.0005, 0.001, 0.002, 0.005),
    "fund_share": (0.1, 0.25, 0.5, 1.0),
    "leverage": (None, 1.0, 3.0, 5.0, 8.0, 10.0),
    "default_rate": (None, 0.02, 0.05, 0.08, 0.12),
    "additionality": (None, 0.1, 0.3, 0.5, 0.7),
}
MEASURES = ("investment", "tax", "jobs", "households", "fund_balance", "cost", "unsteadiness", "households_per_million")
SPAN = Span(draws=2000, seed=0)
KEPT = ranking.KEPT  # totals that a ranking needs


@dataclass(frozen=True)
class Grid:
    """What the explorer looks up, arrays by setting; an axis has length one where its slider does not matter.

    ``numbers``, by option and measure: low, median and high, shape (settings of each slider ..., 3).
    ``first``: per cent of the draws in which each use of aid is best, shape (settings of each slider ..., uses).
    """

    numbers: Mapping[str, Mapping[str, Array]]
    first: Array


def grid(span: Span = SPAN, sliders: Mapping[str, Sequence[float | None]] | None = None) -> Grid:
    """Run the model at every setting of sliders, values by parameter; `SLIDERS` by default.

    Examples
    --------
    >>> small = grid(Span(draws=50), {"leverage": (1.0, 5.0)})
    >>> small.numbers["guarantee"]["jobs"].shape, small.numbers["baseline"]["cost"].shape
    ((2, 3), (1, 3))
    """
    chosen = SLIDERS if sliders is None else sliders
    known = assumptions()
    read = {name: _read_by(name, known, span, chosen) for name in OPTIONS}
    runs = {name: _runs(name, known, span, chosen, read[name]) for name in OPTIONS}
    numbers = {name: _numbers(found, read[name], chosen) for name, found in runs.items()}
    return Grid(numbers, _first(runs, read, span, chosen))


def _read_by(option: str, known: Assumptions, span: Span, sliders: Mapping[str, Any]) -> tuple[bool, ...]:
    """Return for each slider whether the option reads its parameter."""
    used = {record.name for record in drivers([OPTIONS[option]], known, span)}
    return tuple(name in used for name in sliders)


def _places(read: Sequence[bool], sliders: Mapping[str, Sequence[Any]]) -> Iterator[tuple[int, ...]]:
    """Yield the place of every setting, zero on sliders that do not matter."""
    return product(
        *(range(len(values)) if matters else (0,) for matters, values in zip(read, sliders.values(), strict=True))
    )


@dataclass(frozen=True)
class _Found:
    """One option at one setting: quantiles by measure, shape (3,), and the totals that a ranking needs."""

    quantiles: Mapping[str, Array]
    totals: Mapping[str, Array]


def _runs(
    option: str, known: Assumptions, span: Span, sliders: Mapping[str, Sequence[float | None]], read: Sequence[bool]
) -> dict[tuple[int, ...], _Found]:
    """Run an option at every setting on the same draws: one package for each setting, all in one call."""
    packages = {}
    for place in _places(read, sliders):
        values = {
            name: sliders[name][at]
            for name, at, matters in zip(sliders, place, read, strict=True)
            if matters and sliders[name][at] is not None
        }
        name = "-".join([option, *map(str, place)])
        packages[place] = OPTIONS[option].model_copy(update={"name": name, "set": values})
    done = simulate(list(packages.values()), known, span, (*HEADLINE, *KEPT), by_year=False).totals
    return {
        place: _Found(_quantiles(done[package.name]), {name: done[package.name][name] for name in KEPT})
        for place, package in packages.items()
    }


def _quantiles(totals: Mapping[str, Array]) -> dict[str, Array]:
    """Return low, median and high of every measure shown, as `summary.table` does."""
    of, factor, _ = PER_COST["households_per_million"]
    values = dict(totals) | {"households_per_million": totals[of] * factor / totals["cost"]}
    return {name: quantiles(values[name]) for name in MEASURES}


def quantiles(values: Array) -> Array:
    """Return 5 %, 50 % and 95 % of draws, shape (3,).

    Examples
    --------
    >>> quantiles(np.zeros(10))
    array([0., 0., 0.])
    """
    return np.full(len(LEVELS), values[0]) if (values == values[0]).all() else np.quantile(values, LEVELS)


def _numbers(
    runs: Mapping[tuple[int, ...], _Found], read: Sequence[bool], sliders: Mapping[str, Sequence[Any]]
) -> dict[str, Array]:
    lengths = [len(values) if matters else 1 for matters, values in zip(read, sliders.values(), strict=True)]
    made = {}
    for measure in MEASURES:
        numbers = np.empty((*lengths, len(LEVELS)))
        for place, found in runs.items():
            numbers[place] = found.quantiles[measure]
        made[measure] = collapsed(numbers)
    return made


def collapsed(numbers: Array) -> Array:
    """Return an array with every axis but the last shortened to one along which nothing changes.

    Examples
    --------
    >>> collapsed(np.array([[1.0, 2.0], [1.0, 2.0]])).shape
    (1, 2)
    """
    for axis in range(numbers.ndim - 1):
        start = numbers.take([0], axis=axis)
        if (numbers == start).all():
            numbers = start
    return numbers


def _first(
    runs: Mapping[str, Mapping[tuple[int, ...], _Found]],
    read: Mapping[str, Sequence[bool]],
    span: Span,
    sliders: Mapping[str, Sequence[Any]],
) -> Array:
    any_use = [any(read[name][axis] for name in USES) for axis in range(len(sliders))]
    lengths = [len(values) if matters else 1 for matters, values in zip(any_use, sliders.values(), strict=True)]
    shares = np.empty((*lengths, len(USES)))
    for place in _places(any_use, sliders):
        totals = {}
        for name in ("baseline", *USES):
            own = tuple(at if matters else 0 for at, matters in zip(place, read[name], strict=True))
            totals[name] = dict(runs[name][own].totals)
        ranked = ranking.rank(Simulation(span, totals, {}), USES)
        shares[place] = [100 * float(ranked.first["first"][name]) for name in USES]
    return shares


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
