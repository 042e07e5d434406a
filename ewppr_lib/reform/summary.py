"""Tables of a simulation: quantiles with their Monte Carlo error, means by year, what a yuan brings, who is reached."""

from collections.abc import Iterable, Sequence

import numpy as np
import pandas as pd

from ewppr_lib.reform import ranking
from ewppr_lib.reform.amounts import Array
from ewppr_lib.reform.assumptions import Assumption, Assumptions
from ewppr_lib.reform.draws import LEVELS, Draws, block, quantiles
from ewppr_lib.reform.model import Common, fixed_share
from ewppr_lib.reform.outcome import UNITS
from ewppr_lib.reform.people import NO_BASIS
from ewppr_lib.reform.simulate import TOTAL_UNITS, Simulation, Span

ERRORS = 3  # standard errors that a Monte Carlo error stands for
PER_COST = {
    "investment_per_yuan": ("investment", 1.0, "yuan per yuan"),
    "tax_per_yuan": ("tax", 1.0, "yuan per yuan"),
    "jobs_per_million": ("jobs", 1.0, "job-years per million yuan"),
    "households_per_million": ("households", 1.0, "households per million yuan"),
}
ENDS = ("low", "median", "high")


def table(simulation: Simulation, options: Sequence[str] | None = None) -> pd.DataFrame:
    """Return the options' totals and benefits per yuan, one row an option and measure.

    ``option``, ``measure``, ``unit``, ``mean``, ``low`` (5 %), ``median``, ``high`` (95 %), and the Monte Carlo error
    of each (``mean_error`` ...): three standard errors.
    """
    units = TOTAL_UNITS | {name: unit for name, (_, _, unit) in PER_COST.items()}
    rows = []
    for option, totals in simulation.totals.items():
        if options is None or option in options:
            found = totals | _per_cost(totals)
            for measure, told in zip(found, described(np.stack(list(found.values()))), strict=True):
                rows.append({"option": option, "measure": measure, "unit": units[measure]} | told)
    return pd.DataFrame(rows)


def tables(simulation: Simulation) -> pd.DataFrame:
    """Return `table` and `yearly_table`, if there is one, as one: column ``year`` holds ``all`` or the year."""
    totals = table(simulation).assign(year="all")
    years = yearly_table(simulation)
    if years.empty:
        return totals
    return pd.concat([totals, years.assign(year=years["year"].astype(str))], ignore_index=True)


def described(values: Array) -> list[dict[str, float]]:
    """Return mean and quantiles of each row of draws, each with its Monte Carlo error of three standard errors.

    The error of a quantile is the wider side of its order-statistic interval; values have shape (rows, draws).

    Examples
    --------
    >>> [row["mean_error"] for row in described(np.zeros((2, 10)))]
    [0.0, 0.0]
    """
    count = values.shape[1]
    levels = np.array(LEVELS)
    reach = ERRORS * np.sqrt(levels * (1 - levels) / count)
    asked = np.concatenate([levels, np.clip(levels - reach, 0, 1), np.clip(levels + reach, 0, 1)])
    middle, below, above = quantiles(values.T, asked).reshape(3, len(levels), len(values))
    constant = (values == values[:, :1]).all(axis=1)  # in which rounding has no place
    spread = np.where(constant, 0.0, values.std(axis=1, ddof=1)) if count > 1 else np.zeros(len(values))
    columns = {"mean": np.where(constant, values[:, 0], values.mean(axis=1))}
    columns["mean_error"] = ERRORS * spread / np.sqrt(count)
    for number, name in enumerate(("low", "median", "high")):
        value = middle[number]
        columns |= {name: value, f"{name}_error": np.maximum(value - below[number], above[number] - value)}
    rows = np.stack(list(columns.values()), axis=1).tolist()
    return [dict(zip(columns, row, strict=True)) for row in rows]


def yearly_table(simulation: Simulation) -> pd.DataFrame:
    """Return the means over the draws by option, measure and year; measures that stay zero are left out.

    Benefits per yuan are those of the means: mean benefit over mean cost of the year.
    """
    span = simulation.span
    years = range(span.first_year, span.last_year + 1)
    units = UNITS | {name: unit for name, (_, _, unit) in PER_COST.items()}
    rows = [
        {"option": option, "measure": measure, "unit": units[measure], "year": year, "mean": float(value)}
        for option, found in simulation.yearly.items()
        for measure, values in (found | _per_cost(found)).items()
        if values.any()
        for year, value in zip(years, values, strict=True)
    ]
    return pd.DataFrame(rows, columns=["option", "measure", "unit", "year", "mean"])


def _per_cost(found: dict[str, Array]) -> dict[str, Array]:
    if "cost" not in found:
        return {}
    return {name: found[of] / found["cost"] for name, (of, _, _) in PER_COST.items() if of in found}


def aid_by_year(known: Assumptions, span: Span) -> pd.DataFrame:
    """Return aid under the baseline and under the fixed share: 5 %, 50 % and 95 % of the draws, all kept at once.

    One row an option and year: ``option``, ``year``, ``low``, ``median``, ``high``, million yuan.
    """
    p = block(known, 0, span.draws, span.seed, span.years)
    common = Common(p, span.first_year)
    aid = {"baseline": common.advocated.by_year(), "fixed_share": fixed_share(p, common)}
    found = np.concatenate([quantiles(amounts, LEVELS) for amounts in aid.values()], axis=1)
    years = np.arange(span.first_year, span.last_year + 1)
    names = {"option": np.repeat(list(aid), span.years), "year": np.tile(years, len(aid))}
    return pd.DataFrame(names | dict(zip(ENDS, found, strict=True)))


def overview(simulation: Simulation, measures: Sequence[str]) -> pd.DataFrame:
    """Return totals as text, a row an option, a column a measure: median, 5 to 95 % of draws, the median's error."""
    columns = {}
    for measure in measures:
        told = described(np.stack([found[measure] for found in simulation.totals.values()]))
        columns[f"{measure}, {TOTAL_UNITS[measure]}"] = [
            f"{of['median']:,.3g}" if of["low"] == of["high"] else _told(of) for of in told
        ]
    return pd.DataFrame(columns, index=pd.Index(list(simulation.totals), name="option"))


def _told(of: dict[str, float]) -> str:
    digits = 0 if of["high"] >= 100 else 3
    low, median, high, error = (f"{of[part]:,.{digits}f}" for part in ("low", "median", "high", "median_error"))
    return f"{median} ({low} to {high}) \u00b1{error}"


def per_yuan_moved(simulation: Simulation, names: Sequence[str]) -> pd.DataFrame:
    """Return what moving a yuan from grants to an option brings beyond granting it, one row an option and criterion.

    ``low`` (5 %), ``median``, ``high`` (95 %); investment, tax and money left in yuan a yuan, job-years and households
    a million yuan.
    """
    found = quantiles(ranking.gains(simulation, names), LEVELS).reshape(len(LEVELS), -1)
    criteria = list(ranking.CRITERIA)
    both = {"option": np.repeat(list(names), len(criteria)), "criterion": np.tile(criteria, len(names))}
    return pd.DataFrame(both | dict(zip(ENDS, found, strict=True)))


def assumption_table(records: Iterable[Assumption]) -> pd.DataFrame:
    """Return parameters with unit, central value, range (``value`` and ``range``: as text) and ground, a row each."""
    rows = [
        {
            "parameter": record.name,
            "meaning": record.meaning,
            "unit": record.unit,
            "central": record.central,
            "low": record.low,
            "high": record.high,
            "value": f"{record.central:,.7g}",
            "range": f"{record.low:,.7g} to {record.high:,.7g}" if record.low < record.high else "",
            "role": record.role,
            "ground": record.ground.kind,
            "why": "; ".join(filter(None, (record.ground.source, record.ground.cells, record.ground.why))),
        }
        for record in records
    ]
    return pd.DataFrame(rows).set_index("parameter")


def assumptions_behind(known: Assumptions, span: Span) -> dict[str, list[str]]:
    """Return the names of the parameters by what they drive, each at one place.

    ``aid``: how much aid there is; ``reach``: parts in villages and of women; ``options``: all others.
    """
    p = Draws(known, None, None, span.years)
    fixed_share(p, Common(p, span.first_year))
    parts: dict[str, list[str]] = {"aid": [], "options": [], "reach": []}
    for name in known:
        place = "aid" if name in p.used else "reach" if name.startswith(("village_", "women_")) else "options"
        parts[place].append(name)
    return parts


def who_is_reached(simulation: Simulation) -> pd.DataFrame:
    """Return, as text, the part of the households reached in poor villages, and women in new jobs and loans.

    From totals ``households``, ``village_households`` and ``women``, one row an option: ``village_share`` (per cent, 5
    % to 95 %) and ``women`` (persons), or that no channel of the option has a basis for a number of women.
    """
    totals = simulation.totals.values()
    shares = quantiles(
        np.stack([100 * found["village_households"] / found["households"] for found in totals], axis=1), LEVELS
    )
    women = quantiles(np.stack([found["women"] for found in totals], axis=1), LEVELS)
    return pd.DataFrame(
        {
            "village_share": [f"{median:.0f} ({low:.0f} to {high:.0f})" for low, median, high in shares.T],
            "women": [
                f"{median:,.0f} ({low:,.0f} to {high:,.0f})" if low or median or high else NO_BASIS
                for low, median, high in women.T
            ],
        },
        index=pd.Index(list(simulation.totals), name="option"),
    )
