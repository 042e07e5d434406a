"""Frames that notebook 04 shows: aid by year, what a yuan brings, what drives a result, who is reached."""

from collections.abc import Iterable, Sequence

import numpy as np
import pandas as pd

from ewppr_lib.reform import ranking
from ewppr_lib.reform.assumptions import Assumption, Assumptions
from ewppr_lib.reform.draws import Draws, block, quantiles
from ewppr_lib.reform.model import Common, fixed_share
from ewppr_lib.reform.reach import NO_BASIS
from ewppr_lib.reform.simulate import TOTAL_UNITS, Simulation, Span
from ewppr_lib.reform.summary import LEVELS, described

ENDS = ("low", "median", "high")


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


def grounds_of(records: Iterable[Assumption]) -> pd.DataFrame:
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
