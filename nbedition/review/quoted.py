"""A number as it is printed, in a text or in an output, and the words that say what it is of."""

import re
import unicodedata
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal

SCALES = {"thousand": 3, "million": 6, "billion": 9, "trillion": 12, "\u4e07": 4, "\u4ebf": 8}
NUMBER = re.compile(
    r"(?<![A-Za-z0-9_.])(?P<sign>[-\u2212]?)(?P<body>\d{1,3}(?:[,\u2009\u202f\u00a0]\d{3})+(?:\.\d+)?(?![\d.])|\d+(?:\.\d+)?(?!\.?\d))"
    r"(?:[eE](?P<power>[-+]?\d{1,3}))?(?:\s?(?P<percent>%|per\s?cent\b|percent\b)|\s?(?P<scale>"
    + "|".join(SCALES)
    + r")|(?![A-Za-z_]))"
)
LONGEST = 60  # digits
NEAR = 40  # characters in which a word such as "about" stands before a number
ROUGHLY = re.compile(
    r"\b(?:about|around|roughly|nearly|almost|some|over|approximately|more than|less than)\s+$", re.IGNORECASE
)
WORD = re.compile(r"[^\W\d_]+|\d+")
CHINESE = re.compile(r"[\u3400-\u9fff]+")
IDLE = frozenset(
    re.findall(
        r"\w+",
        "a an and are as at be been but by for from had has have in into is it its of on or our per percent so than"
        " that the their there these this to was we were which while with about around roughly nearly some over between"
        " only",
    )
)


@dataclass(frozen=True, eq=False)
class Quoted:
    """One printed number: its `value`, half of its last printed place, and what it is of.

    `words`: each with a weight from 0 to 1, how close it stands; `percent`: whether it is in per cent, None where
    nothing says it; `scale`: of a word such as million after it; `place`: for people; `group`: the sentence or table
    row it stands in; `exhibit`: the table; `bound_of`: of a bound of a range, the place of the range's value.
    """

    printed: str
    value: float
    half: float
    words: Mapping[str, float]
    place: str
    percent: bool | None = None
    scale: float = 1.0
    group: str = ""
    exhibit: str = ""
    signed: bool = False
    bound_of: str = ""


def plain(text: str) -> str:
    """Return a text with wide digits and minus signs as plain ones.

    Examples
    --------
    >>> plain("\uff11\uff12.\uff15\uff05")
    '12.5%'
    """
    return unicodedata.normalize("NFKC", text).replace("\u2212", "-")


def words_of(text: str) -> list[str]:
    """Return the words that tell one quantity from another, each in one form; of Chinese, pairs of characters.

    Examples
    --------
    >>> words_of("The shares_ofAid in 2007"), words_of("\u8d22\u653f\u6536\u5165")
    (['share', 'aid', '2007'], ['\u8d22\u653f', '\u653f\u6536', '\u6536\u5165'])
    """
    found: list[str] = []
    for word in WORD.findall(re.sub(r"([a-z])([A-Z])", r"\1 \2", text)):
        if CHINESE.fullmatch(word):
            found += [word[at : at + 2] for at in range(max(1, len(word) - 1))]
        elif (one := _one_form(word.lower())) not in IDLE:
            found.append(one)
    return found


def _one_form(word: str) -> str:
    for ending in ("ies", "es", "s"):
        if word.endswith(ending) and len(word) - len(ending) > 3 and not word.endswith("ss"):
            return word[: -len(ending)] + ("y" if ending == "ies" else "e" if ending == "es" else "")
    return word


def numbers_in(text: str) -> Iterator[tuple[re.Match[str], float, float]]:
    """Yield each number of a plain text: its match, its value and half of its last printed place."""
    for found in NUMBER.finditer(text):
        body = re.sub(r"[,\u2009\u202f\u00a0]", "", found["body"])
        if abs(int(found["power"] or 0)) + len(body) > LONGEST:
            continue  # a digest, or nothing that anybody quotes
        number = Decimal(f"{found['sign'].replace(chr(0x2212), '-')}{body}E{found['power'] or 0}")
        exponent = number.as_tuple().exponent
        last = exponent if isinstance(exponent, int) else 0
        if ROUGHLY.search(text[max(0, found.start() - NEAR) : found.start()]) and last == 0:
            last = max(0, min(len(body) - len(body.rstrip("0")), len(body) - 2))
        yield found, float(number), 0.5 * 10.0**last


def is_year(text: str) -> bool:
    """Return whether a printed number reads as a year.

    Examples
    --------
    >>> is_year("2007"), is_year("2,007"), is_year("1204")
    (True, False, False)
    """
    return text.isdigit() and len(text) == 4 and 1800 <= int(text) <= 2100
