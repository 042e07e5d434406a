"""The policy bench: for which terms and weights one use of aid leads another, and what knowing a parameter is worth."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import product

import numpy as np
import pandas as pd

from ewppr_lib.reform import ranking
from ewppr_lib.reform.amounts import Array
from ewppr_lib.reform.assumptions import AID_SERIES, PRESETS, AidSeries, Assumptions, Preset, assumptions
from ewppr_lib.reform.criteria import USUAL, measures_of
from ewppr_lib.reform.packages import OPTIONS, USES, options
from ewppr_lib.reform.prim import Box, prim
from ewppr_lib.reform.ranking import Ranking
from ewppr_lib.reform.sensitivity import drivers
from ewppr_lib.reform.simulate import Span, parameter_draws, simulate

CHOICES = ("baseline", *USES)  # granting as before is a use, too
SETS = tuple(product(PRESETS, AID_SERIES))
MOST_INPUTS = 8
GROUPS = 10  # of draws, by a parameter's value
NOISE = "a number that nothing depends on"


def ranked(known: Assumptions, span: Span, criteria: Sequence[str] = USUAL) -> Ranking:
    """Run every use of aid, and granting as before, and rank them."""
    measures = measures_of(criteria)
    return ranking.rank(simulate(options(CHOICES), known, span, measures, by_year=False), CHOICES, criteria)


def across(
    span: Span, criteria: Sequence[str] = USUAL, known: Callable[[Preset, AidSeries], Assumptions] = assumptions
) -> pd.DataFrame:
    """Rank under every preset and both series of aid; `known` gives the parameters of each.

    One row a set and use: ``preset``, ``aid_series``, ``option`` and the columns of `Ranking.first`.
    """
    frames = []
    for preset, aid_series in SETS:
        found = ranked(known(preset, aid_series), span, criteria).first.reset_index()
        frames.append(found.assign(preset=preset, aid_series=aid_series))
    return pd.concat(frames, ignore_index=True)


def rule_by_series(span: Span, known: Callable[[Preset, AidSeries], Assumptions], preset: Preset) -> pd.DataFrame:
    """Return medians of ``baseline`` and ``fixed_share``, one row a series of aid.

    ``aid_...``: sum over the years, million yuan; ``unsteadiness_...``: once the share applies in full;
    ``with_phase_in_...``: over all years.
    """
    columns = {"aid": "aid", "unsteadiness": "settled_unsteadiness", "with_phase_in": "unsteadiness"}
    names, rows = ("baseline", "fixed_share"), []
    for series in AID_SERIES:
        found = simulate(options(names), known(preset, series), span, tuple(columns.values()), by_year=False).totals
        rows.append({f"{a}_{b}": float(np.median(found[b][of])) for a, of in columns.items() for b in names})
    return pd.DataFrame(rows, index=pd.Index(AID_SERIES, name="aid_series"))


def leaders(found: pd.DataFrame, by: str = "first") -> pd.DataFrame:
    """Return who leads in each set of `across`: ``option``, ``first`` (share of draws), by preset and series.

    `by`: ``first``, or ``first_one_scale``.
    """
    best = found.loc[found.groupby(["preset", "aid_series"], sort=False)[by].idxmax()]
    return best.set_index(["preset", "aid_series"])[["option", by]].set_axis(["option", "first"], axis=1)


def pairs(found: Ranking) -> pd.DataFrame:
    """Return the share of draws in which the use of the row scores more than that of the column."""
    worth = found.worth
    shares = [(worth[:, [one]] > worth).mean(axis=0) for one in range(worth.shape[1])]
    return pd.DataFrame(shares, index=pd.Index(found.names, name="option"), columns=list(found.names))


@dataclass(frozen=True)
class Pair:
    """Two uses of aid: by draw, the lead of the first over the second, and what it may depend on.

    ``inputs``: parameters that one of the two reads and ``weight of ...``, values by draw.
    """

    one: str
    two: str
    lead: Array
    inputs: dict[str, Array]

    @property
    def share(self) -> float:
        """The share of draws in which the first leads."""
        return float((self.lead > 0).mean())


def pair(found: Ranking, known: Assumptions, span: Span, one: str, two: str) -> Pair:
    """Return two uses of a ranking, with the draws of the parameters that they read."""
    read = [record.name for record in drivers([OPTIONS[one], OPTIONS[two]], known, span) if record.drawn]
    inputs = parameter_draws(known, span, read)
    inputs |= {f"weight of {name}": weight for name, weight in zip(found.criteria, found.weights.T, strict=True)}
    place = [found.names.index(name) for name in (one, two)]
    return Pair(one, two, found.worth[:, place[0]] - found.worth[:, place[1]], inputs)


def region(of: Pair) -> tuple[Box, Box]:
    """Return the region in which the first of a pair leads, and that in which the second does.

    Limits are looked for among the `MOST_INPUTS` inputs that go most with the lead, by rank.
    """
    lead, ranks = ranks_of(of.lead), ranks_of(np.stack(list(of.inputs.values())))
    strongest = np.argsort(-np.abs((ranks * lead).sum(axis=1)), kind="stable")[:MOST_INPUTS]
    names = list(of.inputs)
    points = {names[place]: of.inputs[names[place]] for place in sorted(strongest)}
    return prim(points, of.lead > 0), prim(points, of.lead <= 0)


def knowing(of: Pair) -> pd.DataFrame:
    """Return what it is worth to know one input better before choosing between a pair, most first.

    ``value``: the mean score gained when the choice may follow which tenth of its range the input lies in; ``part``: of
    what knowing everything would gain. The last row is a number that nothing depends on: what chance alone shows.
    """
    sure = abs(float(of.lead.mean()))
    everything = (float(np.abs(of.lead).mean()) - sure) / 2
    chance = np.random.default_rng(len(of.lead)).random(len(of.lead))
    worth = {name: value_of_knowing(values, of.lead) for name, values in (of.inputs | {NOISE: chance}).items()}
    frame = pd.DataFrame({"value": worth}).rename_axis("input")
    frame["part"] = frame["value"] / everything if everything > 0 else 0.0
    ordered = frame.drop(NOISE).sort_values("value", ascending=False, kind="stable")
    return pd.concat([ordered, frame.loc[[NOISE]]])


def value_of_knowing(values: Array, lead: Array) -> float:
    """Return the mean score that is gained by choosing in each tenth of the draws, by value, instead of once for all.

    `lead`: what the first scores more than the second; choosing right is worth half of its size either way.

    Examples
    --------
    >>> x = np.arange(20.0)
    >>> value_of_knowing(x, np.where(x < 10, 1.0, -1.0)), value_of_knowing(x, np.ones(20))
    (0.5, 0.0)
    """
    groups = np.array_split(lead[np.argsort(values, kind="stable")], GROUPS)
    told = sum(abs(float(group.sum())) for group in groups) / len(lead)
    return (told - abs(float(lead.mean()))) / 2


def lead_map(of: Pair, across_: str, up: str, bins: int = 8) -> pd.DataFrame:
    """Return where the first of a pair leads: share of draws by two inputs, each cut into bins of as many draws.

    Columns: ``x_low``, ``x_high``, ``y_low``, ``y_high`` (ends of the bins), ``share``, ``draws``.
    """
    edges = {name: np.quantile(of.inputs[name], np.linspace(0, 1, bins + 1)) for name in (across_, up)}
    column, row = (np.clip(np.searchsorted(edges[n], of.inputs[n], "right") - 1, 0, bins - 1) for n in (across_, up))
    rows = []
    for x, y in product(range(bins), range(bins)):
        here = of.lead[(column == x) & (row == y)]
        if len(here):
            ends = (*edges[across_][x : x + 2], *edges[up][y : y + 2])
            rows.append((*map(float, ends), float((here > 0).mean()), len(here)))
    return pd.DataFrame(rows, columns=["x_low", "x_high", "y_low", "y_high", "share", "draws"])


def ranks_of(values: Array) -> Array:
    """Return ranks along the last axis, less their mean; of equal values the first has the lowest."""
    ranks, count = np.empty(values.shape), values.shape[-1]
    np.put_along_axis(ranks, np.argsort(values, axis=-1, kind="stable"), np.arange(count) - (count - 1) / 2, axis=-1)
    return ranks
