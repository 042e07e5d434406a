"""Draws of the parameters: the same seed gives the same draws, however many are asked for at once."""

from collections.abc import Iterator

import numpy as np

from ewppr_lib.data.assumptions import Assumption, Assumptions
from ewppr_lib.study.reform.types import Array

BLOCK = 2048  # draws made together; each block has a random stream of its own, and fits a processor's cache
SHOCKS = ("aid", "revenue", "losses", "donations", "cadres")


def quantile(record: Assumption, uniforms: Array) -> Array:
    """Return the parameter's values at these probabilities.

    Parameters
    ----------
    record
        The parameter.
    uniforms
        Probabilities, 0 to 1, any shape.

    Examples
    --------
    >>> from ewppr_lib.data.assumptions import assumptions
    >>> quantile(assumptions()["provincial_part"], np.array([0.0, 0.5, 1.0]))
    array([0.15, 0.25, 0.35])
    """
    low, high, central = record.low, record.high, record.central
    if not record.drawn:
        return np.full(uniforms.shape, central)
    if record.distribution == "uniform":
        return low + (high - low) * uniforms
    if record.distribution == "loguniform":
        return low * (high / low) ** uniforms
    width, below = high - low, central - low
    rising = low + np.sqrt(uniforms * (width * below))
    falling = high - np.sqrt((1 - uniforms) * (width * (high - central)))
    return np.where(uniforms * width < below, rising, falling)


class Draws:
    """Parameters and shocks of a block of draws.

    Parameters
    ----------
    known
        The model's parameters.
    uniforms
        A probability for each parameter (in the order of `known`) and draw, shape (parameters, draws);
        None puts every parameter at its central value.
    shocks
        Standard normal numbers by name of `SHOCKS`, shape (draws, years); None: none.
    years
        Number of years.
    """

    def __init__(self, known: Assumptions, uniforms: Array | None, shocks: dict[str, Array] | None, years: int) -> None:
        self.known = known
        self.years = years
        self.count = 1 if uniforms is None else uniforms.shape[1]
        self.used: set[str] = set()
        self._place = {name: number for number, name in enumerate(known)}
        self._uniforms = uniforms
        self._shocks = shocks
        self._made: dict[str, Array] = {}

    def __getitem__(self, name: str) -> Array:
        self.used.add(name)
        if name not in self._made:
            self._made[name] = self._values(name)
        return self._made[name]

    def shock(self, name: str) -> Array:
        """Return the shocks of a kind, shape (draws, years); zero where there are none."""
        return np.zeros((self.count, self.years), order="F") if self._shocks is None else self._shocks[name]

    def with_known(self, known: Assumptions) -> "Draws":
        """Return the same probabilities and shocks under other ranges."""
        other = Draws(known, self._uniforms, self._shocks, self.years)
        other._made = {name: made for name, made in self._made.items() if known[name] is self.known[name]}
        return other

    def _values(self, name: str) -> Array:
        record = self.known[name]
        if self._uniforms is None or not record.drawn:
            return np.array([[record.central]])
        return quantile(record, self._uniforms[self._place[name]])[:, None]


def blocks(known: Assumptions, draws: int, seed: int, years: int) -> Iterator[tuple[slice, Draws]]:
    """Yield the draws in blocks, with their places; the first draws are the same however many follow.

    Parameters
    ----------
    known
        The model's parameters.
    draws
        How many, at least one.
    seed
        At least zero.
    years
        Number of years.
    """
    for number, first in enumerate(range(0, draws, BLOCK)):
        count = min(BLOCK, draws - first)
        yield slice(first, first + count), block(known, number, count, seed, years)


def block(known: Assumptions, number: int, count: int, seed: int, years: int) -> Draws:
    """Return the first `count` draws of one block."""
    generator = np.random.default_rng([seed, number])
    uniforms = generator.random((len(known), BLOCK))[:, :count]
    normal = generator.standard_normal((len(SHOCKS), years, BLOCK))[:, :, :count]
    return Draws(known, uniforms, {name: normal[place].T for place, name in enumerate(SHOCKS)}, years)
