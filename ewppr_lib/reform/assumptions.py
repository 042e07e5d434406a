"""What the reform model takes as given: one record a parameter, with its unit, range and ground."""

import math
from collections.abc import Iterable, Mapping
from functools import lru_cache
from pathlib import Path
from typing import Any, Literal

from pydantic import Field, ValidationError, model_validator

from crossfoot.errors import DataError, RequestError
from crossfoot.text import did_you_mean, in_short, plain_yaml, read_text
from nbedition.data.sources import Record, first_fault, sources
from nbedition.project import data_file

PARTS_OF_ONE = ("provincial_part", "prefectural_part")  # of the revenue; what they leave is the counties'
DISTRIBUTIONS = ("fixed", "uniform", "loguniform", "triangular")
Distribution = Literal["fixed", "uniform", "loguniform", "triangular"]
Preset = Literal["edition", "observed", "equal_additionality"]
AidSeries = Literal["printed", "levels"]
PRESETS: tuple[Preset, ...] = ("edition", "observed", "equal_additionality")
AID_SERIES: tuple[AidSeries, ...] = ("printed", "levels")

FILE = "assumptions.yml"


class Ground(Record):
    """Why a parameter has its value: cells of the study, an outside source, or an assumption."""

    kind: Literal["computed", "source", "assumption"]
    why: str = Field(min_length=10)
    cells: str = ""
    source: str = ""

    @model_validator(mode="after")
    def _complete(self) -> "Ground":
        if self.kind != "assumption" and not self.cells:
            raise ValueError(f"a ground of kind '{self.kind}' names its cells")
        if (self.kind == "source") != bool(self.source):
            raise ValueError("a source is named where the ground is of kind 'source', and only there")
        return self


class Variant(Record):
    """Other values of a parameter: its own range, or the value of another parameter (``same_as``)."""

    why: str = Field(min_length=10)
    central: float | None = None
    low: float | None = None
    high: float | None = None
    distribution: Distribution | None = None
    same_as: str = ""


class Assumption(Record):
    """One parameter of the reform model: one record of ``data/assumptions.yml``."""

    name: str = Field(pattern=r"^[a-z][a-z0-9_]*$")
    label: str = ""  # in a chart or a sentence, where its name does not say enough
    meaning: str = Field(min_length=10)
    unit: str = Field(min_length=1)
    role: Literal["policy", "uncertain"]
    distribution: Distribution
    central: float = Field(allow_inf_nan=False)
    low: float = Field(allow_inf_nan=False)
    high: float = Field(allow_inf_nan=False)
    least: float = 0.0
    most: float = math.inf
    ground: Ground
    under: dict[Literal["observed", "equal_additionality", "levels"], Variant] = Field(default_factory=dict)
    same_as: str = ""

    @model_validator(mode="after")
    def _ordered(self) -> "Assumption":
        if self.low > self.high:
            raise ValueError(f"its range is upside down, {self.low:g} to {self.high:g}")
        if not self.low <= self.central <= self.high:
            raise ValueError(f"its central value {self.central:g} lies outside {self.low:g} to {self.high:g}")
        if self.low < self.least or self.high > self.most:
            raise ValueError(f"its range {self.low:g} to {self.high:g} leaves {self.least:g} to {self.most:g}")
        if self.distribution == "loguniform" and self.low <= 0:
            raise ValueError(f"a loguniform range starts above zero, not at {self.low:g}")
        return self

    @property
    def drawn(self) -> bool:
        """Whether the parameter differs between draws."""
        return self.distribution != "fixed" and self.low < self.high and not self.same_as


Assumptions = Mapping[str, Assumption]


def assumptions(preset: Preset = "edition", aid_series: AidSeries = "printed") -> dict[str, Assumption]:
    """Return the parameters of the reform model by name, in file order.

    `preset`: ``edition``, the ranges of this edition; ``observed``, terms that Chinese funds reported where there are
    any; ``equal_additionality``, one and the same for all uses. `aid_series`: aid as printed, or its levels summed.

    Raises RequestError if there is no such preset or series; DataError if the register is malformed, names a parameter
    twice or a source that is not known.

    Examples
    --------
    >>> known = assumptions()["leverage"]
    >>> known.central, known.unit, known.ground.kind
    (5.0, 'yuan per yuan', 'assumption')
    """
    for name, among in ((preset, PRESETS), (aid_series, AID_SERIES)):
        if name not in among:
            raise RequestError(f"there are no assumptions '{name}'; {did_you_mean(name, among)}")
    path = data_file(FILE)
    found, known = dict(_assumptions(path, read_text(path))), sources()
    for record in found.values():
        if record.ground.source and record.ground.source not in known:
            raise DataError(f"{path}, {record.name}: data/sources.yml holds no {record.ground.source}.")
    return {name: _varied(record, (preset, aid_series)) for name, record in found.items()}


def _varied(record: Assumption, under: Iterable[str]) -> Assumption:
    for variant in (record.under[name] for name in under if name in record.under):
        record = Assumption(**{**dict(record), **variant.model_dump(exclude={"why"}, exclude_none=True)})
    return record


@lru_cache(maxsize=2)  # by content: read again when it changes
def _assumptions(path: Path, text: str) -> dict[str, Assumption]:
    content = plain_yaml(path, text)
    if not isinstance(content, list) or not all(isinstance(fields, dict) for fields in content):
        raise DataError(f"{path}: a list of records with fields is expected.")
    found: dict[str, Assumption] = {}
    for number, fields in enumerate(content, start=1):
        try:
            record = Assumption(**fields)
        except (ValidationError, TypeError) as error:
            raise DataError(f"{path}, record {number} ({fields.get('name')}): {said(error)}.") from None
        if record.name in found:
            raise DataError(f"{path} names '{record.name}' twice.")
        found[record.name] = record
    for name, record in found.items():
        for under, variant in record.under.items():
            try:
                _varied(record, [under])
            except ValidationError as error:
                raise DataError(f"{path}, {name}, under {under}: {said(error)}.") from None
            if variant.same_as and variant.same_as not in found:
                raise DataError(f"{path}, {name}: there is no parameter '{variant.same_as}' that it could equal.")
    return found


def with_values(known: Assumptions, values: Mapping[str, Any]) -> dict[str, Assumption]:
    """Return the parameters with some of them set.

    To a number, which holds the parameter there in every draw; two numbers, a range drawn uniformly; or fields
    ``central``, ``low``, ``high``, ``distribution``. Raises RequestError if a name is not known, a value or range
    cannot be, or parts of one whole may sum to more than one.

    Examples
    --------
    >>> with_values(assumptions(), {"default_rate": 0.04})["default_rate"].drawn
    False
    """
    result = dict(known)
    for name, value in values.items():
        if name not in known:
            hint = did_you_mean(name, known, "`ewppr simulate --assumptions` lists them.")
            raise RequestError(f"the reform model has no parameter '{name}'; {hint}")
        record = known[name]
        try:
            fields = {"same_as": "", **_fields(value)}
            result[name] = Assumption(**{**dict(record), **fields})
        except (ValidationError, TypeError, ValueError) as error:
            raise RequestError(
                f"parameter '{name}' ({record.unit}) cannot be {in_short(value)}: {said(error)}."
            ) from None
    most = sum(result[name].high for name in PARTS_OF_ONE if name in result)
    if most > 1 + 1e-12:
        raise RequestError(f"{' and '.join(PARTS_OF_ONE)} may sum to {most:g}, above one; lower one of them.")
    return result


def assigned(texts: Iterable[str], where: str) -> dict[str, Any]:
    """Return values for `with_values` from texts NAME=VALUE or NAME=LOW:HIGH.

    `where`: what the error calls the place. Raises RequestError if a text is none of these or a name stands twice.

    Examples
    --------
    >>> assigned(["leverage=2", "premium=60:90"], "--set")
    {'leverage': 2.0, 'premium': [60.0, 90.0]}
    """
    values: dict[str, Any] = {}
    for text in texts:
        name, equals, value = text.partition("=")
        ends = value.split(":")
        if not equals or not name or len(ends) > 2:
            raise RequestError(f"{where} takes NAME=VALUE or NAME=LOW:HIGH, got '{text}'.")
        if name in values:
            raise RequestError(f"parameter '{name}' is set twice.")
        try:
            numbers = [float(end) for end in ends]
        except ValueError:
            raise RequestError(f"{where} takes numbers, got '{text}'.") from None
        values[name] = numbers[0] if len(numbers) == 1 else numbers
    return values


def centred(known: Assumptions, values: Mapping[str, float]) -> dict[str, Assumption]:
    """Return the parameters with the central values of some moved, their ranges in proportion.

    A range that would leave what the parameter can be ends there; what a government sets is held at the value. Raises
    RequestError if a name is not known or a value cannot be.

    Examples
    --------
    >>> moved = centred(assumptions(), {"default_rate": 0.1})["default_rate"]
    >>> moved.low, moved.central, moved.high
    (0.04, 0.1, 0.24)
    """
    moved: dict[str, Any] = {}
    for name, value in values.items():
        record = known.get(name)
        if record is None:
            moved[name] = value
            continue
        if not record.drawn or record.role == "policy":
            ends = {"low": min(record.low, value), "high": max(record.high, value)}
            moved[name] = {"central": value, "distribution": "fixed"} | ends
            continue
        scale = value / record.central
        low, high = (min(max(round(end * scale, 12), record.least), record.most) for end in (record.low, record.high))
        moved[name] = {"central": value, "low": low, "high": high}
    return with_values(known, moved)


def said(error: Exception) -> str:
    """Return what pydantic, or a plain error, found wrong first, in one line."""
    if not isinstance(error, ValidationError):
        return str(error)
    loc, words = first_fault(error)
    place = ".".join(map(str, loc))
    if place == "distribution":
        words = f"there is no such distribution; {', '.join(DISTRIBUTIONS)} are known"
    return f"field '{place}': {words}" if place else words


def _number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def _fields(value: Any) -> dict[str, Any]:
    if _number(value):
        return {"central": value, "low": value, "high": value, "distribution": "fixed"}
    if isinstance(value, list | tuple) and len(value) == 2 and all(_number(end) for end in value):
        low, high = value
        return {"central": (low + high) / 2, "low": low, "high": high, "distribution": "uniform"}
    if isinstance(value, dict) and not {"central", "low", "high", "distribution", "role"}.issuperset(value):
        raise ValueError("central, low, high and distribution can be given")
    if isinstance(value, dict):
        return value
    raise ValueError("a number, a range of two numbers, or fields are expected")
