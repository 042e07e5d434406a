"""From a grid or a sweep file to runs with keys: counted without being made, checked once, made one by one."""

import math
import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property, lru_cache
from hashlib import sha256
from itertools import product
from pathlib import Path
from typing import Any

from crossfoot.errors import RequestError
from crossfoot.text import did_you_mean, in_short, plain_yaml, read_text
from nbedition.kernels.wire import RunSpec
from nbedition.notebooks.kernelspec import require_python
from nbedition.notebooks.parameters import notebook_name, settings_of, tables, validated
from nbedition.notebooks.provenance import Environment, Parts
from nbedition.settings import Settings

Columns = dict[str, list[Any]]
KEYS = ("notebook", "notebooks", "fixed", "grid", "zip", "latin_hypercube", "sobol")
PICTURES = "pictures"  # the parameter of every notebook that says whether figures are drawn
DESIGN_KEYS = ("samples", "seed", "ranges")
MOST_POINTS = 10_000_000  # of one axis
MANY = 1_000_000  # runs: so many are meant, or a slip
LARGEST = 1e300  # end of a range: differences of two are numbers, too
NUMBERS = {  # how YAML 1.2 writes them
    "tag:yaml.org,2002:int": re.compile(r"[-+]?[0-9]+$"),
    "tag:yaml.org,2002:float": re.compile(
        r"(?:[-+]?(?:\.[0-9]+|[0-9]+(?:\.[0-9]*)?)(?:[eE][-+]?[0-9]+)?|[-+]?\.(?:inf|Inf|INF)|\.(?:nan|NaN|NAN))$"
    ),
}


@dataclass(frozen=True)
class Sweep:
    """One sweep: notebooks times everything that varies.

    `notebooks`: as given; names, files or numbers; `fixed`: parameters that stay the same; `blocks`: what varies: each
    block is a set of columns of equal length that vary together; blocks are crossed; `from_text`: values are text from
    a command line.
    """

    notebooks: tuple[str, ...]
    fixed: dict[str, Any] = field(default_factory=dict)
    blocks: tuple[Columns, ...] = ()
    from_text: bool = False

    def __len__(self) -> int:
        return len(self.notebooks) * math.prod(_length(block) for block in self.blocks)

    def __iter__(self) -> Iterator[tuple[str, dict[str, Any]]]:
        for notebook in self.notebooks:
            for _, values in self.combinations():
                yield notebook, values

    def combinations(self) -> Iterator[tuple[tuple[int, ...], dict[str, Any]]]:
        """Yield each combination of parameters, after its place in each block."""
        for places in product(*(range(_length(block)) for block in self.blocks)):
            values = dict(self.fixed)
            for block, place in zip(self.blocks, places, strict=True):
                values.update({name: column[place] for name, column in block.items()})
            yield places, values

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


@dataclass(frozen=True)
class Plan:
    """The runs that a command asks for.

    `sweeps`: where they come from: one notebook each, values as checked; `each`: the key of each combination, in order.
    Keys are all that is held of a run: with a million runs about 0.1 GB; `environment`: what they depend on besides.
    """

    sweeps: Sequence[Sweep]
    each: Sequence[str]
    environment: Environment

    @cached_property
    def keys(self) -> list[str]:
        """The keys in order, none twice."""
        return list(dict.fromkeys(self.each))

    def specs(self, finished: Collection[str] = ()) -> Iterator[RunSpec]:
        """Yield the runs that are not finished, in order, none twice."""
        left, keys = set(self.keys).difference(finished), iter(self.each)
        for sweep in self.sweeps:
            declared = settings_of(sweep.notebooks[0])
            for (notebook, values), key in zip(sweep, keys, strict=False):
                if not left:
                    return
                if key in left:
                    left.discard(key)
                    yield RunSpec(notebook, values, key, _own(declared, values, self.environment))


def make_plan(sweeps: Sequence[Sweep], environment: Environment) -> Plan:
    """Check every combination, once, and return the plan."""
    each: list[str] = []
    single = [replace(sweep, notebooks=(notebook_name(given),)) for sweep in sweeps for given in sweep.notebooks]
    return Plan([_checked(sweep, environment, each) for sweep in single], each, environment)


def _checked(sweep: Sweep, environment: Environment, each: list[str]) -> Sweep:
    """Return a sweep of one notebook with the values as checked; add the keys.

    A value is put back into its column, so that no combination has to be kept, or checked again when its run is due.
    """
    (notebook,), blocks, fixed = sweep.notebooks, [{**block} for block in sweep.blocks], dict(sweep.fixed)
    require_python(notebook)
    for block in blocks:
        block.update({name: list(column) for name, column in block.items()})
    declared = settings_of(notebook)
    for places, values in sweep.combinations():
        spec = spec_of(notebook, values, environment, from_text=sweep.from_text, declared=declared)
        each.append(spec.key)
        fixed = {name: spec.parameters[name] for name in fixed}
        for block, place in zip(blocks, places, strict=True):
            for name, column in block.items():
                column[place] = spec.parameters[name]
    return Sweep((notebook,), fixed, tuple(blocks))


def spec_of(
    notebook: str,
    values: Mapping[str, Any],
    environment: Environment,
    *,
    from_text: bool = False,
    declared: type[Settings] | None = None,
) -> RunSpec:
    """Return a run with its parameters checked, and its key."""
    declared = declared or settings_of(notebook)
    everything = validated(notebook, values, from_text=from_text, declared=declared).model_dump()
    given = {name: everything[name] for name in values}
    spec = RunSpec(notebook, given, tables=_own(declared, given, environment))
    return replace(spec, key=parts_of(spec, environment, declared).key)


def parts_of(spec: RunSpec, environment: Environment, declared: type[Settings] | None = None) -> Parts:
    """Return the digests that a run's key is made of."""
    declared = declared or settings_of(spec.notebook)
    return environment.parts(spec.notebook, {**_defaults(declared), **spec.parameters}, spec.tables)


def all_parameters(spec: RunSpec) -> dict[str, Any]:
    """Return all parameters of a run, defaults included."""
    return {**_defaults(settings_of(spec.notebook)), **spec.parameters}


@lru_cache(maxsize=16)
def _defaults(declared: type[Settings]) -> Mapping[str, Any]:
    return {name: known.get_default(call_default_factory=True) for name, known in declared.model_fields.items()}


def _own(declared: type[Settings], given: Mapping[str, Any], environment: Environment) -> dict[str, str]:
    """Return the digest of each table of the user's own, by parameter."""
    return {name: environment.table(str(given[name])) for name in tables(declared) if given.get(name)}


def require_meant(sweeps: Sequence[Sweep], *, yes: bool) -> None:
    """Raise where so many runs are asked for that a slip is likely."""
    _require_few(sum(map(len, sweeps)), yes=yes)


def _require_few(count: int, *, yes: bool) -> None:
    if count >= MANY and not yes:
        raise RequestError(f"this asks for {count:,} runs; if that is meant, say --yes, and see docs/batches.md.")


def digest_of(sweeps: Sequence[Sweep]) -> str:
    """Return a digest of what is asked for, environment left out."""
    return sha256(repr(list(sweeps)).encode()).hexdigest()


def grid_sweep(notebook: str, grids: Sequence[str], fixed: dict[str, str], *, yes: bool = False) -> Sweep:
    """Return the sweep of a command line.

    `notebook`: name, file or number; `grids`: ``NAME=V1,V2`` or ``NAME=LO:HI:N``; `fixed`: parameters that stay the
    same, as text; `yes`: a million values are meant. Raises RequestError if a grid is not well formed.

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
        blocks.append({name: _axis(name, values, yes=yes)})
    return Sweep((notebook,), dict(fixed), tuple(blocks), from_text=True)


def read_sweeps(path: Path, *, yes: bool = False) -> list[Sweep]:
    """Return the sweeps of a YAML file: one mapping, or a list of them; see docs/batches.md.

    `yes`: a million samples, or values of one parameter, are meant. Raises RequestError if it is not well formed.
    """
    if not path.is_file():
        raise RequestError(f"the sweep file {path} does not exist.")
    return sweeps_of(plain_yaml(path, read_text(path), _loader()), f"{path}, ", yes=yes)


def sweeps_of(content: Any, where: str = "", *, yes: bool = False) -> list[Sweep]:
    """Return the sweeps of what a sweep file holds; `where` begins what is said of a fault. See `read_sweeps`."""
    entries = content if isinstance(content, list) else [content]
    if not entries:
        raise RequestError(f"{where}the list of sweeps is empty; a sweep needs at least 'notebook' and 'grid'.")
    return [_sweep(f"{where}sweep {number}", entry, yes=yes) for number, entry in enumerate(entries, start=1)]


@lru_cache(maxsize=1)
def _loader() -> Any:
    """Return a loader of YAML whose numbers are decimal, as in YAML 1.2: 010 and 1e1 are ten, 1:10:4 is a text."""
    import yaml

    base = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    known = base.yaml_implicit_resolvers.items()
    other = {first: [(tag, form) for tag, form in forms if tag not in NUMBERS] for first, forms in known}
    decimal: Any = type("DecimalLoader", (base,), {"yaml_implicit_resolvers": other})
    for tag, form in NUMBERS.items():
        decimal.add_implicit_resolver(tag, form, list("-+.0123456789"))
    decimal.add_constructor("tag:yaml.org,2002:int", lambda loader, node: int(loader.construct_scalar(node)))
    decimal.add_constructor("tag:yaml.org,2002:float", _float)
    return decimal


def _float(loader: Any, node: Any) -> float:
    """Return a number with an exponent or a point; without a point it may be whole, and 1e1 is as good as 10."""
    value: float = loader.construct_yaml_float(node)
    whole = "." not in node.value and value.is_integer() and abs(value) < 2**53
    return int(value) if whole else value


def _sweep(where: str, entry: Any, *, yes: bool) -> Sweep:
    entry = _mapping(where, entry, KEYS)
    named = entry.get("notebooks", entry.get("notebook"))
    notebooks = [str(name) for name in named] if isinstance(named, list) else [] if named is None else [str(named)]
    if not notebooks or ("notebook" in entry and "notebooks" in entry):
        raise RequestError(f"{where}: one of 'notebook' and 'notebooks' is expected.")
    fixed = _mapping(where, entry.get("fixed", {}))
    grid = _mapping(where, entry.get("grid", {}))
    blocks = [{name: _listed(where, name, values, yes=yes)} for name, values in grid.items()]
    if "zip" in entry:
        blocks.append(_zipped(where, entry["zip"], yes=yes))
    designs = [kind for kind in ("latin_hypercube", "sobol") if kind in entry]
    blocks.extend(_design(where, kind, entry[kind], notebooks, yes=yes) for kind in designs)
    names = [*fixed, *(name for block in blocks for name in block)]
    if twice := sorted({name for name in names if names.count(name) > 1}):
        raise RequestError(f"{where}: parameter '{twice[0]}' is given twice.")
    return Sweep(tuple(notebooks), fixed, tuple(blocks))


def _mapping(where: str, entry: Any, known: Sequence[str] = ()) -> dict[str, Any]:
    if not isinstance(entry, dict):
        raise RequestError(f"{where}: names with values are expected, got {entry!r}.")
    for name in entry if known else ():
        if name not in known:
            raise RequestError(f"{where}: there is no key '{name}'; {did_you_mean(name, known)}")
    return {str(name): value for name, value in entry.items()}


def _listed(where: str, name: str, values: Any, *, yes: bool) -> list[Any]:
    if isinstance(values, str) and ":" in values:
        texts = _axis(name, values, yes=yes)
        return [float(value) if "." in value or "e" in value else int(value) for value in texts]
    if not isinstance(values, list):
        raise RequestError(f"{where}: '{name}' takes a list or LO:HI:N, got {values!r}.")
    if not values:
        raise RequestError(f"{where}: the grid of '{name}' is empty.")
    return values


def _zipped(where: str, entry: Any, *, yes: bool) -> Columns:
    columns = {name: _listed(where, name, values, yes=yes) for name, values in _mapping(where, entry).items()}
    lengths = {name: len(values) for name, values in columns.items()}
    if len(set(lengths.values())) != 1:
        said = ", ".join(f"'{name}' has {length}" for name, length in lengths.items()) or "it is empty"
        raise RequestError(f"{where}: zipped lists must be of one length, but {said}.")
    return columns


def _design(where: str, kind: str, entry: Any, notebooks: list[str], *, yes: bool) -> Columns:
    entry = _mapping(f"{where}, {kind}", entry, DESIGN_KEYS)
    ranges = _mapping(f"{where}, {kind}", entry.get("ranges", {}))
    samples, seed = entry.get("samples"), entry.get("seed")
    if not ranges or type(samples) is not int or type(seed) is not int or samples < 1 or seed < 0:
        raise RequestError(
            f"{where}: {kind} needs 'samples' (1 or more), 'seed' (a whole number, 0 or more) and 'ranges'."
        )
    _require_few(samples, yes=yes)
    if samples > MOST_POINTS:
        raise RequestError(f"{where}: {kind} has {samples:,} samples; 1 to {MOST_POINTS:,} are possible.")
    whole = _whole_numbers(notebooks)
    limits = [_limits(f"{where}, {kind}", name, pair, whole=name in whole) for name, pair in ranges.items()]
    points = _unit_points(kind, len(limits), samples, seed)
    return {
        name: [_scaled(point[number], *limits[number], whole=name in whole) for point in points]
        for number, name in enumerate(ranges)
    }


def _limits(where: str, name: str, pair: Any, *, whole: bool) -> tuple[float, float]:
    if not isinstance(pair, list) or len(pair) != 2 or not all(type(end) in (int, float) for end in pair):
        raise RequestError(f"{where}: the range of '{name}' is [LO, HI], got {in_short(pair)}.")
    low, high = pair
    if not all(abs(end) <= LARGEST for end in pair) or not low < high:
        raise RequestError(
            f"{where}: the range of '{name}' runs from {in_short(low)} to {in_short(high)}; LO must be below HI, and "
            f"both between {-LARGEST:g} and {LARGEST:g}."
        )
    if whole and math.ceil(low) > math.floor(high):
        raise RequestError(f"{where}: there is no whole number for '{name}' from {low} to {high}.")
    return (math.ceil(low), math.floor(high)) if whole else (low, high)


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
        return low + min(int(point * (high - low + 1)), high - low)
    return low + point * (high - low)


def _whole_numbers(notebooks: list[str]) -> set[str]:
    fields = [settings_of(notebook_name(name)).model_fields for name in notebooks]
    return {name for found in fields for name, declared in found.items() if declared.annotation is int}


def _axis(name: str, text: str, *, yes: bool) -> list[str]:
    """Return the values of ``V1,V2`` or ``LO:HI:N`` as text."""
    if ":" not in text:
        values = [value.strip() for value in text.split(",")]
        if not all(values):
            raise RequestError(f"the grid of '{name}' is empty or has an empty value: '{text}'.")
        return values
    try:
        low_text, high_text, count_text = text.split(":")
        low, high, count = float(low_text), float(high_text), int(count_text)
        if not text.isascii() or "_" in text:
            raise ValueError  # noqa: TRY301  Python reads digits of any script
    except ValueError:
        raise RequestError(f"the grid of '{name}' is LO:HI:N with N a whole number, got '{text}'.") from None
    _require_few(count, yes=yes)
    if not 1 <= count <= MOST_POINTS:
        raise RequestError(f"the grid of '{name}' has {count} points; 1 to {MOST_POINTS:,} are possible.")
    if (
        not (math.isfinite(low) and math.isfinite(high) and math.isfinite(high - low))
        or low > high
        or (count == 1 and low != high)
    ):
        raise RequestError(f"the grid of '{name}' runs from {low_text} to {high_text}; LO must not be above HI.")
    whole = "." not in low_text + high_text and (high - low) % max(count - 1, 1) == 0
    points = [low + (high - low) * number / max(count - 1, 1) for number in range(count)]
    return [str(int(point)) if whole else f"{point:.12g}" for point in points]


def _length(block: Columns) -> int:
    return len(next(iter(block.values())))
