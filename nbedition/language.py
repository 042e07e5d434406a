"""The words of figures and results in the language of the run: English, or a translation of it.

English texts stand where they are used. A catalogue (gettext PO) translates them: ``nbedition/locale/zh.po`` the words
of the machinery, ``locale/zh.po`` of a study its own. Language changes words and units shown, never data.
"""

import re
import string
import unicodedata
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from functools import lru_cache, wraps
from pathlib import Path
from typing import Any, ParamSpec, TypeVar

from crossfoot.errors import DataError
from nbedition.project import project

__all__ = ["amount", "columns", "language", "ticker", "translate", "using_language", "wrapped"]

TEXT, NAME, SOURCE, UNIT, RESULT = "text", "name", "source", "unit", "result"  # contexts of a catalogue
FACTOR = "factor "  # begins the comment of a unit that says by what its numbers are multiplied
CONVERSIONS = {"y": 0.01, "b": 10, "m": 100}  # million and billion yuan in 100 million; million in ten thousand

P = ParamSpec("P")
R = TypeVar("R")


@dataclass(frozen=True)
class Translation:
    """What is said for a text; of a unit also the factor from the English unit."""

    text: str
    factor: float = 1


@dataclass(frozen=True)
class Catalogue:
    """A language, and its translations by context and English text."""

    lang: str = "en"
    translations: Mapping[tuple[str, str], Translation] = field(default_factory=dict)

    def find(self, text: str, context: str) -> Translation:
        """Return a text's translation, or the text itself; numbers in a unit stand as ``{}`` in the catalogue."""
        if found := self.translations.get((context, text)):
            return found
        numbers = re.findall(r"\d+", text) if context == UNIT else []
        found = self.translations.get((context, re.sub(r"\d+", "{}", text))) if numbers else None
        if found is None:
            return Translation(text)
        said = found.text
        for number in numbers:
            said = said.replace("{}", number, 1)
        return Translation(said, found.factor)


_CATALOGUE: ContextVar[Catalogue] = ContextVar("catalogue", default=Catalogue())  # noqa: B039  it is fixed


def language() -> str:
    """Return the language in which is drawn: ``"en"`` or ``"zh"``."""
    return _CATALOGUE.get().lang


@contextmanager
def using_language(lang: str) -> Iterator[None]:
    """Translate everything into a language, ``"en"`` or ``"zh"``.

    Examples
    --------
    >>> with using_language("zh"):
    ...     translate("Guizhou", "name"), translate("million yuan", "unit")
    ('贵州', '亿元')
    """
    token = _CATALOGUE.set(catalogue(lang))
    try:
        yield
    finally:
        _CATALOGUE.reset(token)


def in_own_language(method: Callable[P, R]) -> Callable[P, R]:
    """Make a method speak the language that its object's settings name as ``lang``."""

    @wraps(method)
    def speaks(*args: P.args, **kwargs: P.kwargs) -> R:
        speaker: Any = args[0]
        with using_language(speaker.settings.lang):
            return method(*args, **kwargs)

    return speaks


def catalogue(lang: str) -> Catalogue:
    """Return a language with the machinery's translations and those of the study at work, which come first."""
    found: dict[tuple[str, str], Translation] = {}
    folders = () if lang == "en" else (Path(__file__).parent, project().root)
    for path in (folder / "locale" / f"{lang}.po" for folder in folders):
        if path.is_file():
            found |= _read(path, path.stat().st_mtime_ns)
    return Catalogue(lang, found)


@lru_cache(maxsize=8)
def _read(path: Path, _changed: int) -> Mapping[tuple[str, str], Translation]:
    from babel.messages.pofile import PoFileError, read_po

    try:
        with path.open("rb") as file:
            held = [found for found in read_po(file, abort_invalid=True) if isinstance(found.id, str) and found.id]
    except (OSError, ValueError, LookupError, PoFileError) as error:
        raise DataError(f"{path} cannot be read as PO: {' '.join(str(error).split())}.") from None
    return {
        (found.context or TEXT, str(found.id)): Translation(str(found.string), _factor(path, found.user_comments))
        for found in held
        if found.string and not found.fuzzy
    }


def _factor(path: Path, comments: Iterable[str]) -> float:
    said = [comment.removeprefix(FACTOR) for comment in comments if comment.startswith(FACTOR)]
    try:
        return float(said[0]) if said else 1
    except ValueError:
        raise DataError(f"{path}: a number is expected after '{FACTOR.strip()}', got '{said[0]}'.") from None


def translate(text: str, context: str = TEXT, /, **fields: Any) -> str:
    """Return a text in the language of the run; as it stands where it has no translation.

    Parameters
    ----------
    text
        English, with named fields in the manner of `str.format` where some are given.
    context
        What it is: a sentence (``"text"``), or a ``"name"``, ``"source"`` or ``"unit"``.
    **fields
        Numbers, and names, which are translated. A translation may leave fields out, change their order, and
        convert (`CONVERSIONS`); one with other fields is refused (DataError).

    Examples
    --------
    >>> translate("{gap:,.0f} million yuan apart", gap=231.1)
    '231 million yuan apart'
    """
    said = _CATALOGUE.get().find(text, context).text
    if not fields:
        return said
    named = {name: translate(value, NAME) if isinstance(value, str) else value for name, value in fields.items()}
    try:
        return _FORMATTER.vformat(said, (), named)
    except (KeyError, IndexError, ValueError) as error:
        if said == text:
            raise
        raise DataError(f"the translation of {text!r} into '{language()}' cannot be filled in: {error!r}.") from None


class _Formatter(string.Formatter):
    """Fills in fields, converting units where a template asks for it."""

    def convert_field(self, value: Any, conversion: Any) -> Any:
        factor = CONVERSIONS.get(conversion)
        return super().convert_field(value, conversion) if factor is None else value * factor


_FORMATTER = _Formatter()


def listing(sources: Iterable[str]) -> str:
    """Return sources in a row, in the language of the run.

    Examples
    --------
    >>> listing(["NBS (2015)", "NBS (2019)"])
    'NBS (2015); NBS (2019)'
    """
    return translate("; ").join(translate(source, SOURCE) for source in sources)


def result_in_words(name: str) -> str:
    """Return the name of a recorded result in words: phrase by phrase, the longest that is known first.

    Examples
    --------
    >>> with using_language("zh"):
    ...     result_in_words("trend_growth_aid_county"), result_in_words("aid_a_year_1996_2000")
    ('趋势增长率·县级援助', '年均援助·1996-2000')
    """
    if language() == "en":
        return name
    known = _CATALOGUE.get().translations
    parts = re.sub(r"(\d{4})(?:_to)?_(\d{4})", r"\1-\2", name.replace("_from_", "_")).split("_")
    found = []
    while parts:
        most = next((n for n in range(len(parts), 0, -1) if (RESULT, "_".join(parts[:n])) in known), 0)
        found.append(translate("_".join(parts[:most]), RESULT) if most else parts[0].upper())
        del parts[: most or 1]
    return "·".join(found)


def converted(value: float, unit: str) -> float:
    """Return a number of a unit in the unit that the language of the run has for it."""
    return value * _CATALOGUE.get().find(unit, UNIT).factor


def amount(value: float, unit: str, spec: str = ",.0f") -> str:
    """Return a number in a unit as it stands in the language of the run; the unit is not written.

    Examples
    --------
    >>> with using_language("zh"):
    ...     amount(231.1, "million yuan", ".2f"), amount(0.49, "million persons")
    ('2.31', '49')
    """
    return format(converted(value, unit), spec)


def ticker(unit: str, per: float = 1) -> Callable[[float, float], str]:
    """Return how the ticks of an axis are written that holds a unit, or ``1 / per`` of it."""
    factor = converted(1, unit) / per
    return lambda value, _: f"{value * factor:,.4g}".replace("-", "\u2212")


_CLOSING = "，。；：、）》！？”"  # may stand beyond the end of a line
_WIDE = r"\u2e80-\u9fff\uff00-\uffef"
_UNBROKEN = re.compile(  # opening marks stay with what follows, closing ones with what precedes
    rf"\s+|[（《“]*(?:[^\s{_WIDE}]+|[{_WIDE}])[{_CLOSING};,.:]*"
)


def columns(text: str) -> int:
    """Return how many letters wide a text is; a Chinese character is as wide as two.

    Examples
    --------
    >>> columns("aid"), columns("援助")
    (3, 4)
    """
    return sum(2 if unicodedata.east_asian_width(character) in "WF" else 1 for character in text)


def wrapped(text: str, width: int) -> str:
    """Return a line broken between words and between any two Chinese characters, at most `width` letters each.

    Examples
    --------
    >>> wrapped("白皮书 2011", 6).split()
    ['白皮书', '2011']
    """
    lines = [""]
    for piece in _UNBROKEN.findall(text):
        if columns(lines[-1] + piece.rstrip(_CLOSING + " ")) > width and lines[-1].strip():
            lines.append("")
        lines[-1] += piece if lines[-1] else piece.lstrip()
    return "\n".join(line.rstrip() for line in lines)
