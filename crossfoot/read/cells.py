"""Reading one printed cell: taken apart first, valued once the table's convention is known.

What a mark means can depend on the table ("1,234" is a thousand or a decimal, "(5)" a loss or a share), so a cell
is read in two steps: `take_apart` says what is printed, `read_cell` what it stands for under a `Style`.
"""

from __future__ import annotations

import re
from decimal import Decimal
from fractions import Fraction
from functools import lru_cache
from typing import NamedTuple

from crossfoot.errors import DataError
from crossfoot.intervals import Interval
from crossfoot.table import Cell

_SPACES = dict.fromkeys(
    map(ord, "\t\r\n\u00a0\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a\u202f\u205f\u3000"),
    " ",
)
_DASHES = dict.fromkeys(map(ord, "\u2010\u2011\u2012\u2013\u2014\u2015\u2212\u207b\ufe58\ufe63\uff0d"), "-")
_APOSTROPHES = dict.fromkeys(map(ord, "\u2018\u2019\u02bc\u00b4\uff07"), "'")
_UNSEEN = dict.fromkeys(map(ord, "\u00ad\u200b\u200c\u200d\u2060\ufeff"), "")
_FULL_WIDTH = {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)} | {0xFFE5: "¥", 0xFF61: "."}
_PLAIN = str.maketrans({**_FULL_WIDTH, **_SPACES, **_DASHES, **_APOSTROPHES, **_UNSEEN})

_SUPERSCRIPT = re.compile(
    r"<sup>.{1,5}?</sup>|\^\{?\w\}?|[\u00b9\u00b2\u00b3\u2070\u2074-\u2079\u207d\u207e\u1d43-\u1d61ªº]+"
)
_MARK_AFTER = re.compile(
    r"( ?\[[^\[\]]{1,3}\]| ?\((?:[a-z]|[*†‡§¶#]+)\)| ?[*†‡§¶#]+"
    r"|(?<=[0-9%)]) ?[a-jnprsuz](?:,[a-jnprsuz])*|(?<=[0-9%)])[EPR])$"
)
_MARK_BEFORE = re.compile(r"^[*†‡§¶#]+ ?(?=.)")
_MONEY = r"US\$|A\$|C\$|R\$|HK\$|NT\$|[$€£¥₹₽₩₦₱฿₫₺]|RMB|CNY|USD|EUR|GBP|JPY|INR|CHF|AUD|CAD|Rs\.?"
_MONEY_BEFORE = re.compile(rf"^(?:{_MONEY}) ?")
_UNIT_AFTER = re.compile(rf" ?({_MONEY}|元|圆|円|%|per ?cent|percent)$")
_BODY = r"(?:[0-9](?:[0-9 .,']*[0-9])?|[.,][0-9]+)(?:[eE][-+]?[0-9]{1,2})?"
_SIMPLE = re.compile(r"-?[0-9]+(?:\.[0-9]+)?")
_NUMBER = re.compile(rf"([-+])? ?({_BODY})")
_RANGE = re.compile(rf"({_BODY}) ?(?:-|to|~|～) ?({_BODY})")
_SEPARATED = re.compile(r"[1-9][0-9]{0,2}(?:([ ,.'])[0-9]{3})(?:\1[0-9]{3})*|[1-9][0-9]?(?:,[0-9]{2})+,[0-9]{3}")

_ABOVE = (
    r"(?:more than|over|above|at least|exceeding|no less than|not less than|no fewer than|upwards of|>=?|≥|超过|逾)"
)
_BELOW = r"(?:less than|fewer than|under|below|nearly|almost|at most|up to|no more than|not more than|<=?|≤|近|不到)"
_ONE_SIDED = (
    (re.compile(rf"^{_ABOVE} ?(?=.)", re.IGNORECASE), "above"),
    (re.compile(rf"^{_BELOW} ?(?=.)", re.IGNORECASE), "below"),
    (re.compile(r"(?: or more| and more| and over| and above| ?\+|多|余|以上)$", re.IGNORECASE), "above"),
    (re.compile(r"(?: or less| or fewer| and under|以下)$", re.IGNORECASE), "below"),
)
_UNAVAILABLE = [
    "..", "...", "…", "……", ".", "-", "--", "---", "/", "n/a", "na", "n.a.", "n.a", "n", "nd", "n.d.",
    "missing", "unknown", "无", "不详", "缺",
]  # fmt: skip
_SUPPRESSED = ["x", "c", "*", "**", "***", ":", "s", "d", "u", "#", "##", "suppressed", "confidential"]
_MISSING = (
    dict.fromkeys([*_UNAVAILABLE, "not available", "no data"], "not available")
    | dict.fromkeys(_SUPPRESSED, "suppressed")
    | {"": "blank", "z": "not applicable", "not applicable": "not applicable", "nil": "nil"}
)
MOST_REMEMBERED = 50_000  # cells; each is looked at several times
LONGEST_FIGURE = 60  # characters of a cell that can hold a figure
NOT_READ = "a figure or a mark for a missing one expected"


class Style(NamedTuple):
    """What ambiguous marks mean in one table: decimal mark, parentheses ("negative" or "share"), whole numbers."""

    decimal: str = "."
    parentheses: str = "negative"
    counts: bool = False


class Printed(NamedTuple):
    """A cell taken apart, before the convention of its table is known.

    ``bodies`` are digits and separators without sign, unit and marks: none (``missing`` says why), one or a range.
    ``side`` is "above" or "below" where the figure is one bound only, such as "more than 5,000".
    """

    text: str
    bodies: tuple[str, ...] = ()
    missing: str = ""
    negative: bool = False
    parentheses: bool = False
    side: str = ""
    unit: str = ""


def plain(text: str) -> str:
    """Return text with full-width signs, spaces, dashes and apostrophes in their plain form.

    Examples
    --------
    >>> plain(chr(0xFF11) + chr(0xFF0C) + chr(0xFF12) + chr(0x2014))
    '1,2-'
    """
    return re.sub(" +", " ", text.translate(_PLAIN)).strip()


@lru_cache(maxsize=MOST_REMEMBERED)
def take_apart(text: str) -> Printed:
    """Say what is printed in a cell; DataError if it is neither a figure nor a mark for a missing one.

    Examples
    --------
    >>> take_apart("¥1,234a").bodies, take_apart("-").missing, take_apart("more than 5,000").side
    (('1,234',), 'not available', 'above')
    """
    if _SIMPLE.fullmatch(text) and len(text) <= LONGEST_FIGURE:
        return Printed(text, (text.removeprefix("-"),), negative=text.startswith("-"))
    if len(text) > LONGEST_FIGURE:
        raise DataError(f"'{text[:20]}...': {NOT_READ}.")
    inner, unit = _without_marks(plain(_SUPERSCRIPT.sub("", text)))
    for missing in (plain(text), plain(text).strip("()"), inner or "no mark"):
        if missing.lower() in _MISSING:
            return Printed(text, missing=_MISSING[missing.lower()])
    enclosed = inner.startswith("(") and inner.endswith(")")
    if enclosed:
        inner, unit_inside = _without_marks(inner[1:-1].strip())
        unit = unit or unit_inside
    inner, side = _one_sided(inner)
    inner, unit_inside = _without_marks(inner)
    unit = unit or unit_inside
    if match := _NUMBER.fullmatch(inner):
        return Printed(text, (match[2],), "", match[1] == "-", enclosed, side, unit)
    if (match := _RANGE.fullmatch(inner)) and not side and not enclosed:
        return Printed(text, (match[1], match[2]), unit=unit)
    raise DataError(f"'{text}': {NOT_READ}.")


def decimal_text(body: str, decimal: str) -> str | None:
    """Return digits and separators as a plain decimal under a decimal mark; None where it is none.

    Examples
    --------
    >>> decimal_text("1.234,5", ","), decimal_text("1 234", "."), decimal_text("1,23", ".")
    ('1234.5', '1234', None)
    """
    mantissa, letter, exponent = body.replace("E", "e").partition("e")
    whole, point, fraction = mantissa.partition(decimal)
    if point and not (fraction.isdigit() and (whole == "" or whole[-1].isdigit())):
        return None
    if not whole.isdigit() and whole:
        if not _SEPARATED.fullmatch(whole):
            return None
        whole = re.sub("[ ,.']", "", whole)
    if not point and not whole:
        return None
    return f"{whole or '0'}{'.' if point else ''}{fraction}{letter}{exponent}"


def read_cell(printed: Printed, style: Style | None = None) -> Cell:
    """Return the cell with the values its figure can stand for; a range holds everything between its figures.

    DataError if the figure does not fit the table's decimal mark, or a range runs downwards.

    Examples
    --------
    >>> str(read_cell(take_apart("(1.234,5)"), Style(decimal=",")).value)
    '[-1234.55, -1234.45]'
    """
    style = style or Style()
    if printed.missing:
        return Cell(printed.text, None, printed.missing)
    numbers = [decimal_text(body, style.decimal) for body in printed.bodies]
    texts = [number for number in numbers if number is not None]
    if len(texts) < len(numbers):
        raise DataError(f"'{printed.text}': no number where '{style.decimal}' is the decimal mark.")
    return Cell(printed.text, _values(printed, texts, style))


def _values(printed: Printed, numbers: list[str], style: Style) -> Interval:
    values = [Fraction(Decimal(number)) for number in numbers]
    if len(values) == 2:
        if values[0] > values[1]:
            raise DataError(f"'{printed.text}': a range from low to high expected.")
        return Interval(values[0], values[1])
    negative = printed.negative != (printed.parentheses and style.parentheses == "negative")
    value = -values[0] if negative else values[0]
    if printed.side:
        return Interval.at_least(value) if printed.side == "above" else Interval.at_most(value)
    half = Fraction(0) if style.counts and value.denominator == 1 and numbers[0].isdigit() else half_width(numbers[0])
    return Interval(value - half, value + half)


def half_width(number: str) -> Fraction:
    """Return half a unit of the last digit printed.

    Examples
    --------
    >>> half_width("1.50"), half_width("1.5e6")
    (Fraction(1, 200), Fraction(50000, 1))
    """
    exponent = Decimal(number).as_tuple().exponent
    if not isinstance(exponent, int):
        raise DataError(f"'{number}' is not a finite number.")
    return Fraction(10) ** exponent / 2


def _without_marks(text: str) -> tuple[str, str]:
    """Strip footnote marks, currency and percent signs; return the rest and the unit."""
    unit = ""
    while True:
        rest = _MARK_AFTER.sub("", text) if re.search("[0-9]", text) or len(text) > 1 else text
        rest = _MARK_BEFORE.sub("", rest)
        if match := _UNIT_AFTER.search(rest):
            unit, rest = unit or match[1], rest[: match.start()]
        if match := _MONEY_BEFORE.match(rest.removeprefix("-")):
            unit, rest = unit or match[0].strip(), rest[: rest.startswith("-")] + rest.removeprefix("-")[match.end() :]
        if rest.strip() == text:
            return text, "%" if unit.startswith("per") else unit
        text = rest.strip()


def _one_sided(text: str) -> tuple[str, str]:
    for pattern, side in _ONE_SIDED:
        if pattern.search(text):
            return pattern.sub("", text).strip(), side
    return text, ""
