"""The words of figures and results, in the language of the run: English, or a translation of it.

English texts stand where they are used and are the keys of a catalogue (`words.chinese`). What has
no translation stays English; a test refuses that. Language changes words alone, never data.
"""

import re
import string
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from functools import wraps
from typing import Any, ParamSpec, TypeVar

from nbedition.language import chinese
from nbedition.language.lines import wrapped

__all__ = [
    "amount",
    "converted",
    "in_own_language",
    "label",
    "language",
    "listing",
    "measure",
    "said",
    "say",
    "speaking",
    "ticker",
    "word",
    "wrapped",
]

_LANGUAGE: ContextVar[str] = ContextVar("language", default="en")

P = ParamSpec("P")
R = TypeVar("R")


def language() -> str:
    """Return the language in which is drawn: ``"en"`` or ``"zh"``."""
    return _LANGUAGE.get()


@contextmanager
def speaking(lang: str) -> Iterator[None]:
    """Say everything in a language, ``"en"`` or ``"zh"``.

    Examples
    --------
    >>> with speaking("zh"):
    ...     word("Guizhou"), measure("million yuan")
    ('贵州', '亿元')
    """
    token = _LANGUAGE.set(lang)
    try:
        yield
    finally:
        _LANGUAGE.reset(token)


def in_own_language(method: Callable[P, R]) -> Callable[P, R]:
    """Make a method speak the language that its object's settings name as ``lang``."""

    @wraps(method)
    def speaks(*args: P.args, **kwargs: P.kwargs) -> R:
        speaker: Any = args[0]
        with speaking(speaker.settings.lang):
            return method(*args, **kwargs)

    return speaks


def said(text: str) -> str:
    """Return a fixed text, such as a caption, in the language of the run."""
    return chinese.TEXTS.get(text, text) if language() == "zh" else text


def say(template: str, /, **fields: Any) -> str:
    """Return a sentence with its fields filled in, in the language of the run.

    Parameters
    ----------
    template
        English, with named fields in the manner of `str.format`.
    **fields
        Numbers, and names, which are translated (`word`). A translation may leave fields out,
        change their order, and convert: ``{aid!y}`` is million yuan in 100 million, ``{aid!b}``
        billion yuan in 100 million, ``{persons!m}`` million in ten thousand.

    Examples
    --------
    >>> say("{gap:,.0f} million yuan apart", gap=231.1)
    '231 million yuan apart'
    """
    named = {name: word(value) if isinstance(value, str) else value for name, value in fields.items()}
    return _FORMATTER.vformat(said(template), (), named)


class _Formatter(string.Formatter):
    """Fills in fields, converting units where a template asks for it."""

    def convert_field(self, value: Any, conversion: Any) -> Any:
        factor = chinese.CONVERSIONS.get(conversion)
        return super().convert_field(value, conversion) if factor is None else value * factor


_FORMATTER = _Formatter()


def word(name: str) -> str:
    """Return a name, such as a province or an option, in the language of the run."""
    return chinese.NAMES.get(name, name) if language() == "zh" else name


def listing(names: Iterable[str]) -> str:
    """Return names in a row, in the language of the run.

    Examples
    --------
    >>> listing(["Guizhou", "Yunnan"])
    'Guizhou; Yunnan'
    """
    return ("；" if language() == "zh" else "; ").join(map(word, names))


def label(name: str) -> str:
    """Return the name of a recorded result in words: phrase by phrase, the longest that is known first.

    Examples
    --------
    >>> with speaking("zh"):
    ...     label("trend_growth_aid_county"), label("aid_a_year_1996_2000")
    ('趋势增长率·县级援助', '年均援助·1996-2000')
    """
    if language() != "zh":
        return name
    parts = re.sub(r"(\d{4})(?:_to)?_(\d{4})", r"\1-\2", name.replace("_from_", "_")).split("_")
    found = []
    while parts:
        most = next((n for n in range(len(parts), 0, -1) if "_".join(parts[:n]) in chinese.PHRASES), 0)
        found.append(chinese.PHRASES["_".join(parts[:most])] if most else parts[0].upper())
        del parts[: most or 1]
    return "·".join(found)


def measure(unit: str) -> str:
    """Return a unit in the language of the run: Chinese counts in 亿 (100 million) and 万 (ten thousand)."""
    return _unit(unit)[0]


def amount(value: float, unit: str, spec: str = ",.0f") -> str:
    """Return a number in a unit as it stands in the language of the run; the unit is not written.

    Examples
    --------
    >>> with speaking("zh"):
    ...     amount(231.1, "million yuan", ".2f"), amount(0.49, "million persons")
    ('2.31', '49')
    """
    return format(converted(value, unit), spec)


def converted(value: float, unit: str) -> float:
    """Return a number of a unit in the unit that the language of the run has for it."""
    return value * _unit(unit)[1]


def ticker(unit: str, per: float = 1) -> Callable[[float, float], str]:
    """Return how the ticks of an axis are written that holds multiples of a unit.

    Parameters
    ----------
    unit
        Unit in which ticks are written in English.
    per
        What one such unit is on the axis: 1000 where the axis holds thousandths of it.
    """
    factor = _unit(unit)[1] / per

    def written(value: float, _place: float) -> str:
        return f"{value * factor:,.4g}".replace("-", "\u2212")

    return written


def _unit(unit: str) -> tuple[str, float]:
    """Return a unit's text and the factor that values in it are to be taken by."""
    if language() != "zh":
        return unit, 1
    for pattern, text in chinese.UNIT_PATTERNS.items():
        if found := re.fullmatch(pattern, unit):
            return text.format(*found.groups()), 1
    return chinese.UNITS.get(unit, (unit, 1))
