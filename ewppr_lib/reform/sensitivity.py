"""What a result depends on: one parameter at a time, and Sobol and Morris indices by SALib."""

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
import pandas as pd

from crossfoot.errors import RequestError
from crossfoot.text import did_you_mean
from ewppr_lib.reform.amounts import Array
from ewppr_lib.reform.assumptions import Assumption, Assumptions, with_values
from ewppr_lib.reform.draws import Draws, quantile
from ewppr_lib.reform.packages import Package
from ewppr_lib.reform.simulate import TOTAL_UNITS, Span, evaluate, total

Model = Callable[[Array], Array]  # probabilities of shape (points, parameters) to values of shape (points,)
SEED_FOR_ZERO = 2**32 - 1


def drivers(packages: Sequence[Package], known: Assumptions, span: Span) -> list[Assumption]:
    """Return the parameters that packages read, in file order."""
    used: set[str] = set()
    for package in packages:
        p = Draws(with_values(known, package.set), None, None, span.years)
        evaluate(package, p, span)
        used |= p.used
    return [record for name, record in known.items() if name in used]


def tornado(
    package: Package, known: Assumptions, span: Span, measure: str, against: Package | None = None
) -> pd.DataFrame:
    """Return a total with one parameter at a time at its low and high end, the others central, without shocks.

    The measure is one of `simulate.TOTAL_UNITS`; the total of the package `against` is subtracted. One row a parameter
    whose range is open, widest first: ``role``, ``low``, ``high`` (its ends), ``at_low``, ``at_high``, ``at_central``
    (the total there), ``swing``.
    """
    packages = [package] if against is None else [package, against]
    own = with_values(known, package.set)
    moved = [record for record in drivers(packages, own, span) if record.low < record.high]
    points = np.tile([[own[name].central] for name in own], (1, 2 * len(moved) + 1))
    place = {name: number for number, name in enumerate(own)}
    for number, record in enumerate(moved):
        points[place[record.name], 2 * number + 1] = record.low
        points[place[record.name], 2 * number + 2] = record.high
    values = _totals(packages, _Given(own, points, span.years), span, measure)
    frame = pd.DataFrame(
        {
            "role": [record.role for record in moved],
            "low": [record.low for record in moved],
            "high": [record.high for record in moved],
            "at_low": values[1::2],
            "at_high": values[2::2],
        },
        index=pd.Index([record.name for record in moved], name="parameter"),
    )
    frame["at_central"] = values[0]
    frame["swing"] = (frame["at_high"] - frame["at_low"]).abs()
    return frame.sort_values("swing", ascending=False, kind="stable")


class _Given(Draws):
    """Draws whose parameters are given outright, shape (parameters, points), without shocks."""

    def __init__(self, known: Assumptions, points: Array, years: int) -> None:
        super().__init__(known, points, None, years)
        self._points = points

    def _values(self, name: str) -> Array:
        return np.asarray(self._points[self._place[name]][:, None])


def _totals(packages: Sequence[Package], p: Draws, span: Span, measure: str) -> Array:
    first, *others = (total(evaluate(package, p, span), measure) for package in packages)
    return np.asarray(first - others[0] if others else first)


def problem(names: Sequence[str]) -> dict[str, Any]:
    """Return SALib's description of parameters that are sampled as probabilities."""
    return {"num_vars": len(names), "names": list(names), "bounds": [[0.0, 1.0]] * len(names)}


def sobol_indices(model: Model, names: Sequence[str], samples: int, seed: int) -> pd.DataFrame:
    """Return first-order and total Sobol indices of any model, one row a parameter, largest total first.

    ``first``, ``first_error``, ``total``, ``total_error`` (half-widths of 95 % intervals). The model is called on
    ``samples x (parameters + 2)`` points; the seed is that of the scrambled sequence and of the bootstrap intervals.
    Raises RequestError if `samples` is no power of two.
    """
    if samples < 2 or samples & (samples - 1):
        raise RequestError(f"Sobol samples are a power of two, got {samples}.")
    from SALib.analyze import sobol as analyse
    from SALib.sample import sobol as sample

    described = problem(names)
    points = sample.sample(described, samples, calc_second_order=False, seed=seed)
    values = model(points)
    if np.ptp(values) <= 1e-12 * np.abs(values).max():
        frame = pd.DataFrame(0.0, index=list(names), columns=["first", "first_error", "total", "total_error"])
        return frame.rename_axis("parameter")
    # SALib 1.6 takes seed 0 for none, and then the intervals differ from call to call
    found = analyse.analyze(described, values, calc_second_order=False, seed=seed or SEED_FOR_ZERO)
    frame = pd.DataFrame(
        {"first": found["S1"], "first_error": found["S1_conf"], "total": found["ST"], "total_error": found["ST_conf"]},
        index=pd.Index(names, name="parameter"),
    )
    return frame.sort_values("total", ascending=False, kind="stable")


def depends(package: Package, known: Assumptions, span: Span, measure: str, samples: int = 1024) -> pd.DataFrame:
    """Return what a total depends on: Sobol indices over the ranges, and the ends of a tornado; no yearly shocks.

    One row a drawn parameter, largest total index first: columns of `sobol_indices`, and ``low``, ``high``, ``at_low``,
    ``at_high`` of `tornado`. Raises RequestError if there is no such total, or it is that of the shocks.
    """
    if measure not in TOTAL_UNITS:
        raise RequestError(f"the reform model has no total '{measure}'; {did_you_mean(measure, TOTAL_UNITS)}")
    if measure == "unsteadiness":
        raise RequestError("unsteadiness comes of yearly shocks, which indices leave out; choose another total.")
    model, names = model_of(package, known, span, measure)
    indices = sobol_indices(model, names, samples, span.seed)
    ends = tornado(package, known, span, measure)[["low", "high", "at_low", "at_high"]]
    return indices.join(ends)


def model_of(
    package: Package, known: Assumptions, span: Span, measure: str, against: Package | None = None
) -> tuple[Model, list[str]]:
    """Return a package (less `against`) as a model of probabilities, and its parameters: those drawn that it reads.

    There are no shocks.
    """
    packages = [package] if against is None else [package, against]
    own = with_values(known, package.set)
    names = [record.name for record in drivers(packages, own, span) if record.drawn]
    place = {name: number for number, name in enumerate(own)}

    def model(points: Array) -> Array:
        given = np.tile([[own[name].central] for name in own], (1, len(points)))
        for column, name in enumerate(names):
            given[place[name]] = quantile(own[name], points[:, column])
        return _totals(packages, _Given(own, given, span.years), span, measure)

    return model, names
