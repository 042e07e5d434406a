"""Running packages on many draws: totals of every draw, and means by year."""

from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

import numpy as np

from crossfoot.errors import RequestError
from ewppr_lib.reform.amounts import Array
from ewppr_lib.reform.assumptions import Assumptions, with_values
from ewppr_lib.reform.draws import BLOCK, STRETCH, Draws, block
from ewppr_lib.reform.model import BASE_YEAR, Common, outcome
from ewppr_lib.reform.outcome import UNITS, PackageOutcome
from ewppr_lib.reform.packages import Package

SPARE = 2**22 - 2**12
MOST_DRAWS = 10_000_000
MOST_KEPT = 4 * 2**30  # bytes of totals
LAST_YEAR = 2060
TOTAL_UNITS = UNITS | {"jobs": "job-years", "unsteadiness": "ratio"}
HEADLINE = ("cost", "moved", "investment", "tax", "jobs", "households", "lifted", "fund_balance", "unsteadiness")


@dataclass(frozen=True)
class Span:
    """What is run: how many draws, from which seed, over which years."""

    draws: int = 10_000
    seed: int = 0
    first_year: int = 2011
    last_year: int = 2020

    def __post_init__(self) -> None:
        if not 1 <= self.draws <= MOST_DRAWS:
            raise RequestError(f"{self.draws:,} draws are not possible; 1 to {MOST_DRAWS:,} are.")
        if not 0 <= self.seed < 2**63:
            raise RequestError(f"a seed is a whole number from 0 to 2^63 - 1, got {self.seed}.")
        if not BASE_YEAR < self.first_year < self.last_year <= LAST_YEAR:
            raise RequestError(
                f"years {self.first_year}:{self.last_year} are not possible; two or more in order are "
                f"expected, from {BASE_YEAR + 1} to {LAST_YEAR}."
            )

    @property
    def years(self) -> int:
        """Number of years."""
        return self.last_year - self.first_year + 1


@dataclass(frozen=True)
class Simulation:
    """Packages run on the same draws.

    ``totals[option][measure]`` has shape (draws,): sums over the years (`TOTAL_UNITS`), the last year's
    balance for ``fund_balance``. ``yearly[option][measure]`` has shape (years,): means over the draws; empty unless
    asked for.
    """

    span: Span
    totals: dict[str, dict[str, Array]]
    yearly: dict[str, dict[str, Array]]


def simulate(
    packages: Sequence[Package],
    known: Assumptions,
    span: Span,
    measures: Sequence[str] = HEADLINE,
    jobs: int = 1,
    *,
    by_year: bool = True,
) -> Simulation:
    """Run packages on the same draws.

    `packages`: options and packages of one's own, by different names; `known`: the model's parameters; `span`: draws,
    seed and years; `measures`: which totals and means are kept; `jobs`: threads; the result does not depend on it;
    `by_year`: whether means by year are worked out too, which takes a tenth of the time. Gives the same for the same
    arguments, bit by bit; its first draws do not depend on how many follow. Raises RequestError if two packages have
    one name, a package sets a parameter to what it cannot be, or the totals of so many draws would not fit into memory;
    CheckFailed if money is lost or made in any draw.

    Examples
    --------
    >>> from ewppr_lib.reform.assumptions import assumptions
    >>> from ewppr_lib.reform import options
    >>> run = simulate(options(["baseline"]), assumptions(), Span(draws=100))
    >>> run.totals["baseline"]["cost"].shape
    (100,)
    """
    names = [package.name for package in packages]
    if repeated := sorted({name for name in names if names.count(name) > 1}):
        raise RequestError(f"package '{repeated[0]}' is given twice; names differ.")
    kept = 8 * span.draws * len(names) * len(measures)
    if kept > MOST_KEPT:
        raise RequestError(
            f"{span.draws:,} draws of {len(names)} options would keep {kept / 2**30:.0f} GiB of totals; "
            f"{MOST_KEPT / 2**30:.0f} are possible: take fewer draws or options."
        )
    np.empty(SPARE)  # glibc keeps freed memory up to twice the largest block it has freed, instead of asking anew
    ranges = {package.name: with_values(known, package.set) if package.set else known for package in packages}
    totals = {name: {measure: np.zeros(span.draws) for measure in measures} for name in names}

    def run_stretch(number: int) -> dict[str, dict[str, Array]]:
        first = number * STRETCH
        place = slice(first, min(first + STRETCH, span.draws))
        p = block(known, first // BLOCK, place.stop - first, span.seed, span.years)
        common = Common(p, span.first_year)
        sums = {}
        for package in packages:
            found = _run(package, ranges[package.name], p, common, span)
            for measure in measures:
                if measure in found.measures or measure == "unsteadiness":  # elsewhere the zeros stay
                    totals[package.name][measure][place] = total(found, measure)
            sums[package.name] = {
                name: found.over_draws(name) for name in measures if by_year and name in found.measures
            }
        return sums

    numbers = range(-(-span.draws // STRETCH))
    if jobs == 1:
        parts = [run_stretch(number) for number in numbers]
    else:
        with ThreadPoolExecutor(jobs) as pool:
            parts = list(pool.map(run_stretch, numbers))
    yearly = {
        name: {
            measure: np.sum([part[name].get(measure, np.zeros(span.years)) for part in parts], axis=0) / span.draws
            for measure in measures
            if by_year and measure in UNITS
        }
        for name in names
    }
    return Simulation(span, totals, yearly)


def total(found: PackageOutcome, measure: str) -> Array:
    """Return a measure's total of each draw, shape (draws,): a sum, the last balance, or the unsteadiness of aid."""
    return found.total(measure)


def evaluate(package: Package, p: Draws, span: Span) -> PackageOutcome:
    """Run one package on given draws."""
    return outcome(package, p, Common(p, span.first_year))


def central(packages: Sequence[Package], known: Assumptions, span: Span) -> Mapping[str, PackageOutcome]:
    """Run packages with every parameter at its central value and no shocks: one draw, the mechanisms alone."""
    found = {}
    for package in packages:
        ranges = with_values(known, package.set)
        found[package.name] = evaluate(package, Draws(ranges, None, None, span.years), span)
    return found


def _run(package: Package, ranges: Assumptions, p: Draws, common: Common, span: Span) -> PackageOutcome:
    if ranges is p.known:
        return outcome(package, p, common)
    own = p.with_known(ranges)
    return evaluate(package, own, span)


def parameter_draws(known: Assumptions, span: Span, names: Sequence[str]) -> dict[str, Array]:
    """Return the values that parameters take in the draws of a simulation, shape (draws,) each."""
    found: dict[str, list[Array]] = {name: [] for name in names}
    for number in range(-(-span.draws // BLOCK)):
        count = min(BLOCK, span.draws - number * BLOCK)
        p = block(known, number, count, span.seed, span.years)
        for name in names:
            found[name].append(np.broadcast_to(p[name][:, 0], (count,)))
    return {name: np.concatenate(parts) for name, parts in found.items()}
