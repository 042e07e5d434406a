"""Which use of a yuan is best, how often, and from where on: ranks under unknown weights, break-even values."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from crossfoot.errors import RequestError
from ewppr_lib.reform.amounts import Array
from ewppr_lib.reform.assumptions import Assumptions, with_values
from ewppr_lib.reform.draws import BLOCK, LEVELS, STRETCH, Draws, Tried, block, quantiles
from ewppr_lib.reform.packages import OPTIONS
from ewppr_lib.reform.sensitivity import drivers
from ewppr_lib.reform.simulate import Simulation, Span, evaluate, parameter_draws, total

CRITERIA = {
    "investment": "investment",
    "tax": "taxes",
    "jobs": "job-years",
    "households": "households reached",
    "fund_balance": "money left in the fund",
}
WEIGHT_STREAM = 1_000_003  # keeps the weights apart from the blocks of draws


@dataclass(frozen=True)
class Ranking:
    """How options compare under unknown weights.

    ``first``: share of draws in which an option is best, with ``error`` (three standard errors), and the
    share in which it is among the first three. ``lead``: by draw, the best option's score less the
    next option's, all criteria weighing the same; ``best`` and ``next`` name the two.
    """

    first: pd.DataFrame
    best: str
    next: str
    lead: Array


def gains(simulation: Simulation, names: Sequence[str]) -> Array:
    """Return what a yuan moved to these options brings beyond granting it, shape (draws, options, criteria).

    Total of the option less total of the ``baseline``, over the money moved; a fund's last balance counts as left over.
    """
    base = simulation.totals["baseline"]
    of_options = [simulation.totals[name] for name in names]
    by_draw = [[(found[of] - base[of]) / np.maximum(found["moved"], 1e-9) for of in CRITERIA] for found in of_options]
    return np.array(by_draw).transpose(2, 0, 1)  # draws lie side by side in memory, which what follows walks along


def rank(simulation: Simulation, names: Sequence[str]) -> Ranking:
    """Rank uses of a yuan, two at least, when nobody has said what matters more.

    In each draw a criterion runs from zero (worst option) to one (best), and weights are drawn evenly from all that sum
    to one. Raises RequestError if fewer than two options are named.
    """
    if len(names) < 2:
        raise RequestError("a ranking needs two options at least.")
    found = gains(simulation, names)
    low, high = found.min(axis=1, keepdims=True), found.max(axis=1, keepdims=True)
    scores = (found - low) / np.where(high > low, high - low, 1.0)
    draws = simulation.span.draws
    generator = np.random.default_rng([simulation.span.seed, WEIGHT_STREAM])
    weights = generator.dirichlet(np.ones(len(CRITERIA)), draws)
    worth = np.einsum("doc,dc->do", scores, weights)
    order = np.argsort(-worth, axis=1, kind="stable")
    shares = np.array([(order[:, 0] == number).mean() for number in range(len(names))])
    three = np.array([(order[:, :3] == number).any(axis=1).mean() for number in range(len(names))])
    first = pd.DataFrame(
        {"first": shares, "error": 3 * np.sqrt(shares * (1 - shares) / draws), "among_three": three},
        index=pd.Index(list(names), name="option"),
    ).sort_values("first", ascending=False, kind="stable")
    best, second = (str(name) for name in first.index[:2])
    even = scores.mean(axis=2)
    lead = even[:, list(names).index(best)] - even[:, list(names).index(second)]
    return Ranking(first, best, second, lead)


def ranking_drivers(ranking: Ranking, known: Assumptions, span: Span) -> pd.Series:
    """Return the rank correlation of each drawn parameter with the lead of the best option, strongest first.

    The parameters and the span are those of the simulation.
    """
    packages = [OPTIONS[ranking.best], OPTIONS[ranking.next]]
    names = [record.name for record in drivers(packages, known, span) if record.drawn]
    values = parameter_draws(known, span, names)
    lead, ranks = _ranks(ranking.lead), _ranks(np.stack([values[name] for name in names]))
    found = (ranks * lead).sum(axis=1) / (lead * lead).sum()  # all ranks have one variance
    series = pd.Series(found, index=pd.Index(names, name="parameter"), name="rank_correlation")
    return series.iloc[np.argsort(-series.abs().to_numpy(), kind="stable")]


def ranking_sentence(ranking: Ranking, correlations: pd.Series) -> str:
    """Return in one sentence what the ranking depends on."""
    share, error = (float(ranking.first[column][ranking.best]) for column in ("first", "error"))
    rival = float(ranking.first["first"][ranking.next])
    name, strength = str(correlations.index[0]), float(correlations.iloc[0])
    way = "grows" if strength > 0 else "shrinks"
    return (
        f"'{ranking.best}' comes first in {share:.0%} of the draws (within {error:.1%}), "
        f"'{ranking.next}' in {rival:.0%}; "
        f"the lead of the first over the second {way} most with '{name}' (rank correlation {strength:.2f})."
    )


def _ranks(values: Array) -> Array:
    """Return ranks along the last axis, less their mean; of equal values the first has the lowest."""
    ranks, count = np.empty(values.shape), values.shape[-1]
    order = np.argsort(values, axis=-1)  # which is quick, and leaves the order of equal values open
    ordered = np.take_along_axis(values, order, axis=-1)
    if (ordered[..., 1:] == ordered[..., :-1]).any():
        order = np.argsort(values, axis=-1, kind="stable")
    np.put_along_axis(ranks, order, np.arange(count) - (count - 1) / 2, axis=-1)
    return ranks


@dataclass(frozen=True)
class BreakEvenQuestion:
    """The value of a parameter from which, or up to which, an option beats granting."""

    option: str
    measure: str
    parameter: str
    low: float
    high: float


def break_even(
    questions: Sequence[BreakEvenQuestion], known: Assumptions, span: Span, points: int = 65, most: int = 1000
) -> pd.DataFrame:
    """Return the value of a parameter at which an option's total equals the baseline's, one row a question.

    So many `points` are tried from end to end, and the crossing is interpolated; `most` draws are used at most. Indexed
    by parameter: ``central`` (parameters central, no shocks), ``low``, ``median``, ``high`` over the draws that cross,
    and ``always``, ``never``, ``crosses``: the shares of draws in which the option beats granting everywhere, nowhere,
    or from or up to a value. NaN where nothing crosses.
    """
    for question in questions:
        for end in (question.low, question.high):
            with_values(known, {question.parameter: end})  # which refuses what the parameter cannot be
    middle = _Granted(Draws(known, None, None, span.years), span)
    drawn = _Granted(block(known, 0, min(span.draws, most, BLOCK), span.seed, span.years), span)
    rows = []
    for question in questions:
        grid = np.linspace(question.low, question.high, points)
        (one,) = _crossings(_gap(question, middle, grid), grid)
        gap = _gap(question, drawn, grid)
        crossing = _crossings(gap, grid)
        some = crossing[np.isfinite(crossing)]
        low, median, high = quantiles(some, LEVELS) if len(some) else np.full(3, np.nan)
        always, never = (gap > 0).all(axis=1).mean(), (gap <= 0).all(axis=1).mean()
        rows.append((one, low, median, high, always, never, len(some) / len(crossing)))
    columns = ["central", "low", "median", "high", "always", "never", "crosses"]
    index = pd.Index([question.parameter for question in questions], name="parameter")
    return pd.DataFrame(rows, index=index, columns=columns)


class _Granted:
    """Draws, and what they bring where everything is granted: worked out once for all questions."""

    def __init__(self, p: Draws, span: Span) -> None:
        self.p, self.span = p, span
        self.found = evaluate(OPTIONS["baseline"], p, span)
        self.used = frozenset(p.used)  # by the baseline alone


def _gap(question: BreakEvenQuestion, granted: _Granted, grid: Array) -> Array:
    """Return option less baseline at each value of the parameter, shape (draws, points)."""
    option, baseline = OPTIONS[question.option], OPTIONS["baseline"]
    p, span = granted.p, granted.span
    depends = question.parameter in granted.used  # then the baseline has to be tried, too
    at_once = max(1, STRETCH // p.count)
    gaps = []
    for first in range(0, len(grid), at_once):
        values = grid[first : first + at_once]
        tried = Tried(p, question.parameter, values)
        ours = total(evaluate(option, tried, span), question.measure).reshape(len(values), p.count)
        theirs = total(evaluate(baseline, tried, span) if depends else granted.found, question.measure)
        gaps.append((ours - theirs.reshape(-1, p.count)).T)
    return np.concatenate(gaps, axis=1)


def _crossings(gap: Array, grid: Array) -> Array:
    """Return where each row first changes sign, interpolated; NaN where it does not."""
    changes = (gap[:, :-1] > 0) != (gap[:, 1:] > 0)
    at = changes.argmax(axis=1)
    rows = np.arange(len(gap))
    before, after = gap[rows, at], gap[rows, at + 1]
    step = np.divide(before, before - after, out=np.zeros_like(before), where=before != after)
    return np.where(changes.any(axis=1), grid[at] + step * (grid[at + 1] - grid[at]), np.nan)
