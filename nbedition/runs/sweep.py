"""From a grid or a sweep file to parameter combinations, counted without being made and made one by one."""

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from difflib import get_close_matches
from itertools import product
from pathlib import Path
from typing import Any

from crossfoot.errors import RequestError

Columns = dict[str, list[Any]]
KEYS = ("notebook", "notebooks", "fixed", "grid", "zip", "latin_hypercube", "sobol")
PICTURES = "pictures"  # the parameter of every notebook that says whether figures are drawn
DESIGN_KEYS = ("samples", "seed", "ranges")
MOST_POINTS = 10_000_000  # of one axis


@dataclass(frozen=True)
class Sweep:
    """One sweep: notebooks times everything that varies.

    Parameters
    ----------
    notebooks
        As given; names, files or numbers.
    fixed
        Parameters that stay the same.
    blocks
        What varies: each block is a set of columns of equal length that vary together; blocks are crossed.
    from_text
        Values are text from a command line.
    """

    notebooks: tuple[str, ...]
    fixed: dict[str, Any] = field(default_factory=dict)
    blocks: tuple[Columns, ...] = ()
    from_text: bool = False

    def __len__(self) -> int:
        return len(self.notebooks) * math.prod(_length(block) for block in self.blocks)

    def __iter__(self) -> Iterator[tuple[str, dict[str, Any]]]:
        for notebook in self.notebooks:
            for numbers in product(*(range(_length(block)) for block in self.blocks)):
                values = dict(self.fixed)
                for block, number in zip(self.blocks, numbers, strict=True):
                    values.update({name: column[number] for name, column in block.items()})
                yield notebook, values

    @property
    def varying(self) -> list[str]:
        """The names of the parameters that vary."""
        return [name for block in self.blocks for name in block]

    def without_pictures(self) -> "Sweep":
        """Return the same sweep whose figures leave digests alone, unless it says itself whether they are drawn.

        Examples
        --------
        >>> Sweep(("04",), {"seed": 1}).without_pictures().fixed
        {'pictures': False, 'seed': 1}
        """
        if PICTURES in (*self.fixed, *self.varying):
            return self
        return replace(self, fixed={PICTURES: "false" if self.from_text else False, **self.fixed})


def grid_sweep(notebook: str, grids: Sequence[str], fixed: dict[str, str]) -> Sweep:
    """Return the sweep of a command line.

    Parameters
    ----------
    notebook
        Name, file or number.
    grids
        ``NAME=V1,V2`` or ``NAME=LO:HI:N``.
    fixed
        Parameters that stay the same, as text.

    Raises
    ------
    RequestError
        If a grid is not well formed.

    Examples
    --------
    >>> [values for _, values in grid_sweep("04", ["aid_share=0.001:0.002:3"], {})]
    [{'aid_share': '0.001'}, {'aid_share': '0.0015'}, {'aid_share': '0.002'}]
    """
    blocks: list[Columns] = []
    for text in grids:
        name, equals, values = text.partition("=")
        if not equals or not name:
            raise RequestError(f"--grid takes NAME=V1,V2 or NAME=LO:HI:N, got '{text}'.")
        if name in fixed or any(name in block for block in blocks):
            raise RequestError(f"parameter '{name}' is given twice.")
        blocks.append({name: _axis(name, values)})
    return Sweep((notebook,), dict(fixed), tuple(blocks), from_text=True)


def read_sweeps(path: Path) -> list[Sweep]:
    """Return the sweeps of a YAML file: one mapping, or a list of them; see docs/batches.md.

    Raises
    ------
    RequestError
        If the file is missing or says something unknown.
    """
    from crossfoot.text import read_yaml

    if not path.is_file():
        raise RequestError(f"the sweep file {path} does not exist.")
    content = read_yaml(path)
    entries = content if isinstance(content, list) else [content]
    if not entries:
        raise RequestError(f"the sweep file {path} is empty; it needs at least 'notebook' and 'grid'.")
    return [_sweep(f"{path}, sweep {number}", entry) for number, entry in enumerate(entries, start=1)]


def _sweep(where: str, entry: Any) -> Sweep:
    entry = _mapping(where, entry, KEYS)
    named = entry.get("notebooks", entry.get("notebook"))
    notebooks = [str(name) for name in named] if isinstance(named, list) else [] if named is None else [str(named)]
    if not notebooks or ("notebook" in entry and "notebooks" in entry):
        raise RequestError(f"{where}: one of 'notebook' and 'notebooks' is expected.")
    fixed = _mapping(where, entry.get("fixed", {}))
    blocks = [{name: _listed(where, name, values)} for name, values in _mapping(where, entry.get("grid", {})).items()]
    if "zip" in entry:
        blocks.append(_zipped(where, entry["zip"]))
    designs = [kind for kind in ("latin_hypercube", "sobol") if kind in entry]
    blocks.extend(_design(where, kind, entry[kind], notebooks) for kind in designs)
    names = [*fixed, *(name for block in blocks for name in block)]
    if twice := sorted({name for name in names if names.count(name) > 1}):
        raise RequestError(f"{where}: parameter '{twice[0]}' is given twice.")
    return Sweep(tuple(notebooks), fixed, tuple(blocks))


def _mapping(where: str, entry: Any, known: Sequence[str] = ()) -> dict[str, Any]:
    if not isinstance(entry, dict):
        raise RequestError(f"{where}: names with values are expected, got {entry!r}.")
    for name in entry if known else ():
        if name not in known:
            near = get_close_matches(str(name), known, n=1)
            hint = f"did you mean '{near[0]}'?" if near else f"there are {', '.join(known)}."
            raise RequestError(f"{where}: there is no key '{name}'; {hint}")
    return {str(name): value for name, value in entry.items()}


def _listed(where: str, name: str, values: Any) -> list[Any]:
    if isinstance(values, str) and ":" in values:
        return [float(value) if "." in value or "e" in value else int(value) for value in _axis(name, values)]
    if not isinstance(values, list):
        raise RequestError(f"{where}: '{name}' takes a list or LO:HI:N, got {values!r}.")
    if not values:
        raise RequestError(f"{where}: the grid of '{name}' is empty.")
    return values


def _zipped(where: str, entry: Any) -> Columns:
    columns = {name: _listed(where, name, values) for name, values in _mapping(where, entry).items()}
    lengths = {name: len(values) for name, values in columns.items()}
    if len(set(lengths.values())) != 1:
        said = ", ".join(f"'{name}' has {length}" for name, length in lengths.items()) or "it is empty"
        raise RequestError(f"{where}: zipped lists must be of one length, but {said}.")
    return columns


def _design(where: str, kind: str, entry: Any, notebooks: list[str]) -> Columns:
    entry = _mapping(f"{where}, {kind}", entry, DESIGN_KEYS)
    ranges = _mapping(f"{where}, {kind}", entry.get("ranges", {}))
    samples, seed = entry.get("samples"), entry.get("seed")
    if not ranges or not isinstance(samples, int) or not isinstance(seed, int) or samples < 1:
        raise RequestError(f"{where}: {kind} needs 'samples' (1 or more), 'seed' (a whole number) and 'ranges'.")
    limits = [_limits(f"{where}, {kind}", name, pair) for name, pair in ranges.items()]
    points = _unit_points(kind, len(limits), samples, seed)
    whole = _whole_numbers(notebooks)
    return {
        name: [_scaled(point[number], *limits[number], whole=name in whole) for point in points]
        for number, name in enumerate(ranges)
    }


def _limits(where: str, name: str, pair: Any) -> tuple[float, float]:
    if not isinstance(pair, list) or len(pair) != 2 or not all(isinstance(end, int | float) for end in pair):
        raise RequestError(f"{where}: the range of '{name}' is [LO, HI], got {pair!r}.")
    if not pair[0] < pair[1]:
        raise RequestError(f"{where}: the range of '{name}' runs from {pair[0]} to {pair[1]}; LO must be below HI.")
    return pair[0], pair[1]


def _unit_points(kind: str, dimensions: int, samples: int, seed: int) -> list[list[float]]:
    import warnings

    from scipy.stats import qmc

    with warnings.catch_warnings():  # any number of points is allowed; powers of two balance best
        warnings.filterwarnings("ignore", "The balance properties", UserWarning)
        design = qmc.LatinHypercube if kind == "latin_hypercube" else qmc.Sobol
        points: list[list[float]] = design(dimensions, rng=seed).random(samples).tolist()
    return points


def _scaled(point: float, low: float, high: float, *, whole: bool) -> float:
    if whole:
        return int(low) + min(int(point * (int(high) - int(low) + 1)), int(high) - int(low))
    return low + point * (high - low)


def _whole_numbers(notebooks: list[str]) -> set[str]:
    from nbedition.notebooks.parameters import notebook_name, settings_of

    fields = [settings_of(notebook_name(name)).model_fields for name in notebooks]
    return {name for found in fields for name, declared in found.items() if declared.annotation is int}


def _axis(name: str, text: str) -> list[str]:
    """Return the values of ``V1,V2`` or ``LO:HI:N`` as text."""
    if ":" not in text:
        values = [value.strip() for value in text.split(",")]
        if not all(values):
            raise RequestError(f"the grid of '{name}' is empty or has an empty value: '{text}'.")
        return values
    try:
        low_text, high_text, count_text = text.split(":")
        low, high, count = float(low_text), float(high_text), int(count_text)
    except ValueError:
        raise RequestError(f"the grid of '{name}' is LO:HI:N with N a whole number, got '{text}'.") from None
    if not 1 <= count <= MOST_POINTS:
        raise RequestError(f"the grid of '{name}' has {count} points; 1 to {MOST_POINTS:,} are possible.")
    if not (math.isfinite(low) and math.isfinite(high)) or low > high or (count == 1 and low != high):
        raise RequestError(f"the grid of '{name}' runs from {low_text} to {high_text}; LO must not be above HI.")
    whole = "." not in low_text + high_text and (high - low) % max(count - 1, 1) == 0
    points = [low + (high - low) * number / max(count - 1, 1) for number in range(count)]
    return [str(int(point)) if whole else f"{point:.12g}" for point in points]


def _length(block: Columns) -> int:
    return len(next(iter(block.values())))
