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
from crossfoot.read.symbols import MINUS, MISSING
from crossfoot.table import NOT_READ, Cell

_SPACES = dict.fromkeys(
    map(ord, "\t\r\n\u00a0\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a\u202f\u205f\u3000"),
    " ",
)
_DASHES = dict.fromkeys(map(ord, "\u2010\u2011\u2012\u2013\u2014\u2015\u2212\u207b\ufe58\ufe63\uff0d"), "-")
_APOSTROPHES = dict.fromkeys(map(ord, "\u2018\u2019\u02bc\u00b4\uff07"), "'")
_UNSEEN = dict.fromkeys(map(ord, "\u00ad\u200b\u200c\u200d\u2060\ufeff"), "")
_FULL_WIDTH = {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)} | {0xFFE5: "¥", 0xFF61: "."}
_DIGITS = {  # decimal digits of other scripts
    zero + digit: str(digit)
    for zero in (
        0x660,
        0x6F0,
        0x966,
        0x9E6,
        0xA66,
        0xAE6,
        0xBE6,
        0xC66,
        0xCE6,
        0xD66,
        0xE50,
        0xED0,
        0xF20,
        0x1040,
        0x17E0,
    )
    for digit in range(10)
} | {0x66A: "%", 0x66B: ",", 0x66C: "'"}
_PLAIN = str.maketrans({**_FULL_WIDTH, **_SPACES, **_DASHES, **_APOSTROPHES, **_UNSEEN, **_DIGITS})

_SUPERSCRIPT = re.compile(
    r"<sup>.{1,5}?</sup>|(?<=[0-9%)])\^\{?\w\}?$|[\u00b9\u00b2\u00b3\u2070\u2074-\u2079\u207d\u207e\u1d43-\u1d61ªº]+"
)
_NOTED = r"\[(?:[^\[\]0-9]{1,10}|[^\[\]0-9]{0,10}[0-9]{1,2})\]|\((?:[A-Za-z]{1,2}|[*†‡§¶#]+)\)"
_MARK_AFTER = re.compile(
    rf"( ?(?:{_NOTED})| ?[*†‡§¶#^!°]+|(?<=[0-9%)]) ?[a-jnprsuz](?:,[a-jnprsuz])*|(?<=[0-9%)])[EPR])$"
)
_MARK_BEFORE = re.compile(rf"^(?:[*†‡§¶#^!°±]+|(?:{_NOTED})|[rpebusfd](?= ?[-(]?[0-9])) ?(?=.)")
_MONEY = r"US\$|A\$|C\$|R\$|HK\$|NT\$|[$€£¥₹₽₩₦₱฿₫₺]|RMB|CNY|USD|EUR|GBP|JPY|INR|CHF|AUD|CAD|Rs\.?"
_MONEY_BEFORE = re.compile(rf"^(?:{_MONEY}) ?")
_UNIT_AFTER = re.compile(rf" ?({_MONEY}|元|圆|円|%|‰|per ?cent|percent)$")
_BODY = r"(?:[0-9]+(?:[ .,'][0-9]+)*|[.,][0-9]+)(?:[eE][-+]?[0-9]{1,2})?"
_SIMPLE = re.compile(r"-?[0-9]+(?:\.[0-9]+)?")
_NUMBER = re.compile(rf"([-+])? ?({_BODY})")
_RANGE = re.compile(rf"([-+]?{_BODY})%? ?(?:-|to|~|,(?= )|;) ?([-+]?{_BODY})")
_SECOND = re.compile(
    r"([^()\[\]]*[0-9][^()\[\]]*?|\([^()\[\]]*\)) ?"
    r"(?:\(([^()\[\]]*[0-9][^()\[\]]*)\)|\[([^\[\]]*[0-9][^\[\]]*)\]|±(.+))"
)
_SEPARATED = re.compile(r"[1-9][0-9]{0,2}(?:([ ,.'])[0-9]{3})(?:\1[0-9]{3})*|[1-9][0-9]?(?:,[0-9]{2})+,[0-9]{3}")
_WHOLE = re.compile(r"0|[1-9][0-9]*|")

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
MOST_REMEMBERED = 200_000  # cells that are no plain figures; each is looked at several times
LONGEST_FIGURE = 60  # characters of a cell that can hold a figure
NO_FIGURE = "a figure or a mark for a missing one expected"


class Style(NamedTuple):
    """What ambiguous marks mean in one table.

    The decimal mark, what parentheses are ("negative" or "share"), whether whole numbers are exact counts, and the
    marks in place of a figure that are nil.
    """

    decimal: str = "."
    parentheses: str = "negative"
    counts: bool = False
    nil: frozenset[str] = frozenset()


class Printed(NamedTuple):
    """A cell taken apart, before the convention of its table is known.

    ``bodies`` are digits and separators without sign, unit and marks: none (``missing`` says why, ``mark`` is what
    stands there), one or a range with its signs. ``side`` is "above" or "below" where the figure is one bound only,
    such as "more than 5,000". ``second`` is a second figure, as printed: the share in "340 (12.3%)", an interval, the
    number of a note. A cell that is neither a figure nor a mark for a missing one is missing as "not read: ", and why.
    """

    text: str
    bodies: tuple[str, ...] = ()
    missing: str = ""
    negative: bool = False
    parentheses: bool = False
    side: str = ""
    unit: str = ""
    mark: str = ""
    second: str = ""


def plain(text: str) -> str:
    """Return text with full-width signs, spaces, dashes and apostrophes in their plain form.

    Examples
    --------
    >>> plain(chr(0xFF11) + chr(0xFF0C) + chr(0xFF12) + chr(0x2014))
    '1,2-'
    """
    if text.isascii() and text.isalnum():
        return text
    text = text.translate(_PLAIN).strip()
    return re.sub(" +", " ", text) if "  " in text else text


def take_apart(text: str) -> Printed:
    """Say what is printed in a cell, if only that it cannot be read.

    Examples
    --------
    >>> take_apart("¥1,234a").bodies, take_apart("-").missing, take_apart("more than 5,000").side
    (('1,234',), 'not available', 'above')
    >>> take_apart("340 (12.3%)").bodies, take_apart("340 (12.3%)").second
    (('340',), '12.3%')
    """
    if is_simple(text):
        return Printed(text, (text.removeprefix("-"),), negative=text.startswith("-"))
    return _taken_apart(text)


def is_simple(text: str) -> bool:
    """Tell whether a cell is a plain figure in digits, as nearly all are."""
    digits = text.isdigit() and text.isascii()  # which is quicker than the pattern, and true of most
    return (digits or _SIMPLE.fullmatch(text) is not None) and len(text) <= LONGEST_FIGURE


@lru_cache(maxsize=MOST_REMEMBERED)
def _taken_apart(text: str) -> Printed:
    if len(text) > LONGEST_FIGURE:
        return Printed(text, missing=f"{NOT_READ}: {NO_FIGURE}")
    whole = plain(_SUPERSCRIPT.sub("", text))
    if whole.startswith(tuple(MINUS)) and len(whole) > 1:
        whole = f"-{whole[1:].strip()}"
    inner, unit = _without_marks(whole)
    for mark in (plain(text).lower(), whole.lower(), inner.lower()):
        if mark in MISSING and (mark or not plain(text)):
            return Printed(text, missing=MISSING[mark], mark=mark)
    if match := _SECOND.fullmatch(inner):
        first = take_apart(match[1])
        second = match[2] or match[3] or match[4]
        if not first.missing and not first.second and not take_apart(second).missing:
            return first._replace(text=text, second=second)
    return _figure(text, inner, unit)


def _figure(text: str, inner: str, unit: str) -> Printed:
    """Take apart what is left once marks are off: a figure, a bound, a range, or nothing that can be read."""
    enclosed = inner.startswith("(") and inner.endswith(")")
    if enclosed:
        inner, unit_inside = _without_marks(inner[1:-1].strip())
        unit = unit or unit_inside
    inner, side = _one_sided(inner)
    inner, unit_inside = _without_marks(inner)
    unit = unit or unit_inside
    if match := _NUMBER.fullmatch(inner):
        return Printed(text, (match[2],), "", match[1] == "-", enclosed, side, unit)
    if (match := _RANGE.fullmatch(inner)) and not side:
        return Printed(text, (match[1], match[2]), unit=unit)
    return Printed(text, missing=f"{NOT_READ}: {NO_FIGURE}")


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
    if not _WHOLE.fullmatch(whole) and (point or not whole.isdigit()):
        if not _SEPARATED.fullmatch(whole):
            return None
        whole = re.sub("[ ,.']", "", whole)
    if not point and not whole:
        return None
    return f"{whole or '0'}{'.' if point else ''}{fraction}{letter}{exponent}"


def read_cell(printed: Printed, style: Style | None = None) -> Cell:
    """Return the cell with the values its figure can stand for; a range holds everything between its figures.

    A figure that does not fit the table's decimal mark, or a range that runs downwards, is not read.

    Examples
    --------
    >>> str(read_cell(take_apart("(1.234,5)"), Style(decimal=",")).value)
    '[-1234.55, -1234.45]'
    """
    style = style or Style()
    if style.decimal == "." and is_simple(printed.text) and not printed.missing:
        return Cell(printed.text, _rounded(printed.bodies[0], negative=printed.negative, counts=style.counts))
    if printed.missing == "nil" or (printed.missing and printed.mark in style.nil):
        return Cell(printed.text, Interval.exact(0))
    if printed.missing:
        return Cell(printed.text, None, printed.missing)
    signs = ["-" if len(printed.bodies) > 1 and body.startswith("-") else "" for body in printed.bodies]
    bodies = [decimal_text(body.lstrip("+-"), style.decimal) for body in printed.bodies]
    numbers = [body and sign + body for sign, body in zip(signs, bodies, strict=True)]
    texts = [number for number in numbers if number is not None]
    if len(texts) < len(numbers):
        return Cell(printed.text, None, f"{NOT_READ}: no number where '{style.decimal}' is the decimal mark")
    try:
        return Cell(printed.text, _values(printed, texts, style))
    except DataError as error:
        return Cell(printed.text, None, f"{NOT_READ}: {str(error).rstrip('.')}")


def _values(printed: Printed, numbers: list[str], style: Style) -> Interval:
    if len(numbers) == 1 and not printed.side and "e" not in numbers[0]:
        negative = printed.negative != (printed.parentheses and style.parentheses == "negative")
        return _rounded(numbers[0], negative=negative, counts=style.counts)
    values = [Fraction(Decimal(number)) for number in numbers]
    if len(values) == 2:
        if values[0] > values[1]:
            raise DataError("a range from low to high expected.")
        return Interval(values[0], values[1])
    negative = printed.negative != (printed.parentheses and style.parentheses == "negative")
    value = -values[0] if negative else values[0]
    if printed.side:
        return Interval.at_least(value) if printed.side == "above" else Interval.at_most(value)
    half = Fraction(0) if style.counts and value.denominator == 1 and numbers[0].isdigit() else half_width(numbers[0])
    return Interval(value - half, value + half)


def _rounded(number: str, *, negative: bool, counts: bool) -> Interval:
    """Return what a plain decimal can stand for."""
    whole, _, fraction = number.partition(".")
    doubled, unit = 2 * int(f"{whole}{fraction}"), 2 * 10 ** len(fraction)
    doubled, half = -doubled if negative else doubled, 0 if counts and number.isdigit() else 1
    return Interval(Fraction(doubled - half, unit), Fraction(doubled + half, unit))


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
        rest = _MARK_BEFORE.sub("", rest) if re.search("[0-9]", rest) else rest
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
