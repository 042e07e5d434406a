"""What a use of aid may be judged by: a reader chooses, and each flow counts once."""

from collections.abc import Iterable
from dataclasses import dataclass

from crossfoot.errors import RequestError
from crossfoot.text import did_you_mean


@dataclass(frozen=True)
class Criterion:
    """What a use of aid may be judged by: the flow it belongs to, totals that add up to it, its name and unit."""

    flow: str
    measures: tuple[str, ...]
    label: str
    unit: str


CRITERIA = {
    "wages": Criterion("investment", ("wages",), "wages", "yuan per yuan"),
    "tax": Criterion("investment", ("tax",), "taxes", "yuan per yuan"),
    "jobs": Criterion("investment", ("jobs",), "work", "job-years per\nthousand yuan"),
    "investment": Criterion("investment", ("investment",), "investment", "yuan per yuan"),
    "dividends": Criterion("dividends", ("dividends",), "dividends", "yuan per yuan"),
    "lifted": Criterion("lifted", ("lifted",), "lifted", "per thousand yuan"),
    "reached": Criterion("reached", ("households",), "households", "per thousand yuan"),
    "villages": Criterion("reached", ("village_households",), "in villages", "per thousand yuan"),
    "women": Criterion("women", ("women",), "women", "per thousand yuan"),
    "public": Criterion("public", ("works", "fund_balance"), "works and funds", "yuan per yuan"),
}
USUAL = ("wages", "dividends", "lifted", "villages", "women", "public")  # one a flow


def criteria_from(text: str) -> tuple[str, ...]:
    """Return the criteria that a text lists, by commas or blanks; the usual ones for an empty one.

    Raises RequestError if one is not known.

    Examples
    --------
    >>> criteria_from("lifted, women")
    ('lifted', 'women')
    """
    named = tuple(dict.fromkeys(text.replace(",", " ").split())) or USUAL
    for name in named:
        if name not in CRITERIA:
            raise RequestError(f"there is no criterion '{name}'; {did_you_mean(name, CRITERIA)}")
    return named


def measures_of(criteria: Iterable[str]) -> tuple[str, ...]:
    """Return the totals that a ranking by criteria needs."""
    return tuple(dict.fromkeys(["moved", *(of for name in criteria for of in CRITERIA[name].measures)]))
