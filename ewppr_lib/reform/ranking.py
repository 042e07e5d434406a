"""Which use of a yuan is best, how often, and from where on: ranks under unknown weights, break-even values."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from crossfoot.errors import RequestError
from ewppr_lib.reform.amounts import Array
from ewppr_lib.reform.assumptions import Assumptions, with_values
from ewppr_lib.reform.criteria import CRITERIA, USUAL, measures_of
from ewppr_lib.reform.draws import BLOCK, LEVELS, STRETCH, Draws, Tried, block, quantiles
from ewppr_lib.reform.packages import OPTIONS
from ewppr_lib.reform.simulate import Simulation, Span, evaluate, total

KEPT = measures_of(CRITERIA)  # totals that a ranking by any criteria needs
WEIGHT_STREAM = 1_000_003  # keeps the weights apart from the blocks of draws


@dataclass(frozen=True)
class Ranking:
    """How uses of aid compare under unknown weights.

    ``first``, one row a use: share of draws in which it is best, with ``error`` (three standard errors), the share in
    which it is among the first three, and its regret, what it scores less than the best: ``regret`` (mean) and
    ``regret_high`` (95 % of draws); ``first_one_scale``: as ``first``, where a criterion runs from zero (worst of all
    draws) to one, so that draws with little at stake weigh little. ``worth``: the scores, 0 to 1, shape (draws, uses);
    ``weights``: shape (draws, criteria).
    """

    first: pd.DataFrame
    names: tuple[str, ...]
    criteria: tuple[str, ...]
    worth: Array
    weights: Array


def gains(simulation: Simulation, names: Sequence[str], criteria: Sequence[str] = USUAL) -> Array:
    """Return what a yuan moved to these options brings beyond granting it, shape (draws, options, criteria).

    Total of the option less total of the ``baseline``, over the money moved; a fund's last balance counts as left over.
    """
    base = simulation.totals["baseline"]
    by_draw = [
        [
            sum(found[of] - base[of] for of in CRITERIA[name].measures) / np.maximum(found["moved"], 1e-9)
            for name in criteria
        ]
        for found in (simulation.totals[name] for name in names)
    ]
    return np.array(by_draw).transpose(2, 0, 1)  # draws lie side by side in memory, which what follows walks along


def rank(simulation: Simulation, names: Sequence[str], criteria: Sequence[str] = USUAL) -> Ranking:
    """Rank uses of a yuan, two at least, when nobody has said what matters more.

    In each draw a criterion runs from zero (worst option) to one (best). Weights of flows are drawn evenly from all
    that sum to one; criteria of one flow share its weight, so that it counts once. Raises RequestError if fewer
    than two options are named.
    """
    if len(names) < 2:
        raise RequestError("a ranking needs two options at least.")
    found = gains(simulation, names, criteria)
    weights = drawn_weights(criteria, simulation.span)
    worth, on_one_scale = (_scored(found, weights, over) for over in ((1,), (0, 1)))
    order = np.argsort(-worth, axis=1, kind="stable")
    shares = np.array([(order[:, 0] == number).mean() for number in range(len(names))])
    regret = worth.max(axis=1, keepdims=True) - worth
    columns = {
        "first": shares,
        "error": 3 * np.sqrt(shares * (1 - shares) / len(worth)),
        "among_three": np.array([(order[:, :3] == number).any(axis=1).mean() for number in range(len(names))]),
        "regret": regret.mean(axis=0),
        "regret_high": quantiles(regret, [0.95])[0],
        "first_one_scale": np.bincount(on_one_scale.argmax(axis=1), minlength=len(names)) / len(worth),
    }
    first = pd.DataFrame(columns, index=pd.Index(list(names), name="option"))
    ordered = first.sort_values("first", ascending=False, kind="stable")
    return Ranking(ordered, tuple(names), tuple(criteria), worth, weights)


def _scored(found: Array, weights: Array, over: tuple[int, ...]) -> Array:
    """Return scores, shape (draws, uses): each criterion from zero to one over some axes, and the weighted sum."""
    low, high = found.min(axis=over, keepdims=True), found.max(axis=over, keepdims=True)
    return np.asarray(np.einsum("doc,dc->do", (found - low) / np.where(high > low, high - low, 1.0), weights))


def drawn_weights(criteria: Sequence[str], span: Span) -> Array:
    """Return weights drawn evenly over the flows of criteria, each flow's shared by its criteria (draws, criteria)."""
    flows = list(dict.fromkeys(CRITERIA[name].flow for name in criteria))
    generator = np.random.default_rng([span.seed, WEIGHT_STREAM])
    of_flows = generator.dirichlet(np.ones(len(flows)), span.draws)
    place = [flows.index(CRITERIA[name].flow) for name in criteria]
    return np.asarray(of_flows[:, place] / np.array([place.count(one) for one in place]))


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
