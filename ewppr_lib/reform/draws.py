"""Draws of the parameters: the same seed gives the same draws, however many are asked for at once."""

from collections.abc import Sequence
from functools import lru_cache

import numpy as np

from ewppr_lib.reform.amounts import Array
from ewppr_lib.reform.assumptions import Assumption, Assumptions

BLOCK = 2048  # draws of one random stream
STRETCH = 4 * BLOCK  # draws worked on together: enough that calls cost little, few enough for a processor's cache
LEVELS = (0.05, 0.5, 0.95)  # the quantiles that tables and charts show
SHOCKS = ("aid", "revenue", "losses", "donations", "cadres")


def quantile(record: Assumption, uniforms: Array) -> Array:
    """Return the parameter's values at these probabilities, 0 to 1, any shape.

    Examples
    --------
    >>> from ewppr_lib.reform.assumptions import assumptions
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

    `uniforms` holds a probability for each parameter (in the order of `known`) and draw, shape (parameters, draws);
    None puts every parameter at its central value. `shocks` are standard normal by name of `SHOCKS`, shape (draws,
    years); None: none.
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


class Tried(Draws):
    """Every draw of others at every one of some values of a parameter: the value changes slowest."""

    def __init__(self, others: Draws, parameter: str, values: Array) -> None:
        super().__init__(others.known, None, None, others.years)
        self.count = others.count * len(values)
        self._others, self._times = others, len(values)
        self._made[parameter] = np.repeat(values, others.count)[:, None]

    def shock(self, name: str) -> Array:
        """Return the others' shocks, as often as there are values."""
        return np.tile(self._others.shock(name).T, self._times).T

    def _values(self, name: str) -> Array:
        values = self._others[name]
        return values if len(values) == 1 else np.tile(values, (self._times, 1))


def block(known: Assumptions, number: int, count: int, seed: int, years: int) -> Draws:
    """Return `count` draws from the first of a block on; more than a block holds come from those after it."""
    numbers = range(number, number + -(-count // BLOCK))
    made = [_numbers(each, seed, len(known), years) if each else _first(seed, len(known), years) for each in numbers]
    uniforms, normal = made[0] if len(made) == 1 else (np.concatenate(of, axis=-1) for of in zip(*made, strict=True))
    shocks = {name: normal[place, :, :count].T for place, name in enumerate(SHOCKS)}
    return Draws(known, uniforms[:, :count], shocks, years)


def _numbers(number: int, seed: int, parameters: int, years: int) -> tuple[Array, Array]:
    """Return the random numbers of a block: uniform (parameters, draws) and normal (shocks, years, draws)."""
    generator = np.random.default_rng([seed, number])
    uniforms = generator.random((parameters, BLOCK))
    normal = generator.standard_normal((len(SHOCKS), years, BLOCK))
    uniforms.flags.writeable = normal.flags.writeable = False
    return uniforms, normal


@lru_cache(maxsize=1)
def _first(seed: int, parameters: int, years: int) -> tuple[Array, Array]:
    """Keep the numbers of the first block: bands, rankings and break-even values ask for them again."""
    return _numbers(0, seed, parameters, years)


def quantiles(values: Array, levels: Sequence[float] | Array) -> Array:
    """Return quantiles along the first axis, shape (levels, ...), of values of shape (draws, ...) without NaN.

    As ``numpy.quantile`` does by default, but by sorting, which is faster.

    Examples
    --------
    >>> quantiles(np.array([3.0, 1.0, 2.0]), [0.0, 0.25, 1.0])
    array([1. , 1.5, 3. ])
    """
    ordered = np.sort(values.T, axis=-1)  # along contiguous memory
    place = np.asarray(levels) * (len(values) - 1)
    below = place.astype(int)
    above = np.minimum(below + 1, len(values) - 1)
    part = place - below
    low, high = ordered[..., below], ordered[..., above]
    found = np.where(part < 0.5, low + (high - low) * part, high - (high - low) * (1 - part))
    return np.asarray(found.T)
