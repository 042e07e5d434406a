"""Scenario discovery by patient rule induction (Friedman and Fisher 1999): boxes that a sentence can say."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from ewppr_lib.reform.amounts import Array

Marks = NDArray[np.bool_]

PEEL = 0.05  # part of the points in the box that one step cuts off
LEAST = 0.1  # part of all points that a box keeps
FEWEST_CAUGHT = 0.5  # part of the cases that the box chosen holds
WORTH_A_LIMIT = 0.02  # density that a limit adds, or it is left out


@dataclass(frozen=True)
class Box:
    """A box in the space of parameters: ``limits`` (name to low and high, infinite where open).

    ``density``: part of the points inside that are cases; ``coverage``: part of all cases that lie inside; ``support``:
    part of all points that lie inside.
    """

    limits: dict[str, tuple[float, float]]
    density: float
    coverage: float
    support: float


def prim(points: Mapping[str, Array], case: Marks, most: int = 3) -> Box:
    """Return the box that holds half of the cases at least and as few other points as can be, with `most` limits.

    `points`: values by parameter, shape (points,); `case`: which points are cases, at least one. Step by step, of all
    cuts that take a twentieth off one end of one parameter, the one that leaves the highest part of cases is made; a
    parameter that adds little is left out again. Ties go to the parameter named first, its low end first.

    Examples
    --------
    >>> x = np.arange(100.0)
    >>> box = prim({"x": x}, x >= 60)
    >>> box.limits, box.density
    ({'x': (60.0, inf)}, 1.0)
    """
    inside = np.ones(len(case), dtype=bool)
    limits = dict.fromkeys(points, (-np.inf, np.inf))
    best = Box({}, float(case.mean()), 1.0, 1.0)
    while inside.mean() > LEAST:
        closed = _closed(limits)
        open_to_cuts = points if len(closed) < most else closed
        cuts = [cut for name in open_to_cuts for cut in _cuts(name, points[name], inside, limits[name])]
        if not cuts:
            break
        name, ends, keeps = max(cuts, key=lambda cut: case[cut[2]].mean())
        inside, limits[name] = keeps, ends
        box = _box(points, case, limits)
        if box.coverage < FEWEST_CAUGHT or box.support < LEAST:
            break
        if box.density > best.density:
            best = box
    for name in list(best.limits):
        without = _box(points, case, {other: ends for other, ends in best.limits.items() if other != name})
        if without.density > best.density - WORTH_A_LIMIT:
            best = without
    return best


Cut = tuple[str, tuple[float, float], Marks]


def _cuts(name: str, values: Array, inside: Marks, ends: tuple[float, float]) -> list[Cut]:
    """Return the two cuts of a parameter, with what they leave; none where its values inside are all the same."""
    there = values[inside]
    ordered = np.sort(there)
    step = max(1, int(PEEL * len(ordered)))
    if ordered[0] == ordered[-1]:
        return []
    lowest, highest = np.searchsorted(ordered, ordered[0], "right"), np.searchsorted(ordered, ordered[-1])
    low, high = float(ordered[max(step, lowest)]), float(ordered[min(len(ordered) - 1 - step, highest - 1)])
    found = [(name, (low, ends[1]), inside & (values >= low)), (name, (ends[0], high), inside & (values <= high))]
    return [cut for cut in found if 0 < cut[2].sum() < len(there)]


def _closed(limits: Mapping[str, tuple[float, float]]) -> dict[str, tuple[float, float]]:
    return {name: ends for name, ends in limits.items() if np.isfinite(ends).any()}


def _box(points: Mapping[str, Array], case: Marks, limits: Mapping[str, tuple[float, float]]) -> Box:
    closed = _closed(limits)
    inside = np.ones(len(case), dtype=bool)
    for name, (low, high) in closed.items():
        inside &= (points[name] >= low) & (points[name] <= high)
    caught = case[inside]
    density = float(caught.mean()) if len(caught) else 0.0
    return Box(closed, density, float(caught.sum() / max(case.sum(), 1)), float(inside.mean()))
