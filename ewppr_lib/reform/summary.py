"""Tables of a simulation: quantiles with their Monte Carlo error, means by year, benefit per yuan."""

from collections.abc import Sequence

import numpy as np
import pandas as pd

from ewppr_lib.reform.assumptions import Assumptions
from ewppr_lib.reform.draws import BLOCK, block, quantiles
from ewppr_lib.reform.outcome import UNITS
from ewppr_lib.reform.simulate import TOTAL_UNITS, Simulation, Span
from ewppr_lib.reform.types import Array

LEVELS = (0.05, 0.5, 0.95)
ERRORS = 3  # standard errors that a Monte Carlo error stands for
PER_COST = {
    "investment_per_yuan": ("investment", 1.0, "yuan per yuan"),
    "tax_per_yuan": ("tax", 1.0, "yuan per yuan"),
    "jobs_per_million": ("jobs", 1.0, "job-years per million yuan"),
    "households_per_million": ("households", 1.0, "households per million yuan"),
}


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


def parameter_draws(known: Assumptions, span: Span, names: Sequence[str]) -> dict[str, Array]:
    """Return the values that parameters take in the draws of a simulation, shape (draws,) each."""
    found: dict[str, list[Array]] = {name: [] for name in names}
    for number in range(-(-span.draws // BLOCK)):
        count = min(BLOCK, span.draws - number * BLOCK)
        p = block(known, number, count, span.seed, span.years)
        for name in names:
            found[name].append(np.broadcast_to(p[name][:, 0], (count,)))
    return {name: np.concatenate(parts) for name, parts in found.items()}
