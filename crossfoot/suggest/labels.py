"""What a label says of its line: a total, a rate that cannot be added, a difference, a part, a year."""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import lru_cache

from crossfoot.read.cells import plain as _plain

_TOTAL = re.compile(
    r"\b(?:grand |sub-?)?totals?\b|\bsums?\b|\boverall\b|\ball\b|\bcombined\b|\baggregate\b|\bboth sexes\b"
    r"|\btogether\b|\bentire\b|\bgesamt|\binsgesamt\b|\bensemble\b|\btotale?s?\b|总|合计|小计|共计",
    re.IGNORECASE,
)
_RATE = re.compile(
    r"%|‰|\bper\b|\bper ?cent(?:age)?s?\b|\bshares?\b|\bproportions?\b|\brates?\b|\bratios?\b|\bindex\b|\bindices\b"
    r"|\bdensity\b|\baverages?\b|\bavg\b|\bmeans?\b|\bmedians?\b|\bmode\b|\bmaxim(?:um|a)\b|\bminim(?:um|a)\b"
    r"|\bmax\b|\bmin\b|\branks?\b|\branking\b|\bgrowth\b|\bscore\b|\bpercentile|\bdeviation\b|\bs\.?d\.?\b"
    r"|\bmargins? of error\b|\bstandard errors?\b|\b(?:cv|rse|se|moe)\b"
    r"|\bcoefficient\b|\bgini\b|^years?$|\bbase year\b|\byear (?:of|founded|opened|built)\b|\bfounded\b|\bcode\b"
    r"|\bmultiplier\b|平均|比例|比重|占比|增长率|增速|指数|年份|中位",
    re.IGNORECASE,
)
_DIFFERENCE = re.compile(
    r"\bchanges?\b|\bdifferences?\b|\bincreases?\b|\bdecreases?\b|\bbalance\b|\bnet\b|\bsurplus\b"
    r"|\bdeficit\b|\bgap\b|\bvariation\b|\bmargin\b|\bprofit\b|增减|差额|结余|净",
    re.IGNORECASE,
)
_GROWTH = re.compile(
    r"\bgrowth\b|\bchanges?\b|\bincreases?\b|\bdecreases?\b|\bvariation\b|增长|增速|增减", re.IGNORECASE
)
_GAIN = re.compile(r"\bnew\b|\bgain(?:s|ed)?\b|\badd(?:ed|itions?)\b|新增", re.IGNORECASE)
_SHARE = re.compile(
    r"%|\bper ?cent(?:age)?s?\b|\bshares?\b|\bproportions?\b|\brates?\b|\bdistribution\b|比例|比重|占比", re.IGNORECASE
)
_RATIO = re.compile(
    r"\bper\b|\bratios?\b|\baverage\b|\bmean\b|\b(?:unit )?price\b|\byield\b|\bunit value\b|人均|平均|单价",
    re.IGNORECASE,
)
_MEAN = re.compile(r"\baverages?\b|\bavg\b|\bmeans?\b|\bmoyennes?\b|\bdurchschnitt|平均", re.IGNORECASE)
_PART = re.compile(
    r"\b(?:of|in|among) (?:which|whom|them)\b|\bo/w\b|\bthereof\b|(?:^|[:/-] ?)(?:including\b|incl\.)|\bdavon\b"
    r"|\bdont\b|其中",
    re.IGNORECASE,
)
_LESS = re.compile(
    r"^(?:less|minus|deduct|deductions?)\b(?! than)|^\(-\)|^- ?(?=[^0-9\W])|^减|^abz(?:ü|ue)glich", re.IGNORECASE
)
_HARD_RATE = re.compile(
    r"%|‰|\bper ?cent|\bratios?\b|\bind(?:ex|ices)\b|\bmargins? of error\b|比例|比重|占比|增长率|增速|指数"
)
_NEARLY = re.compile(r"\brounded\b|\bapprox|\babout\b", re.IGNORECASE)
_YEAR = re.compile(r"(?<![0-9])(?:18|19|20)[0-9]{2}(?![0-9])")
_SPACED_OUT = re.compile(r"(?<=[\u4e00-\u9fff]) (?=[\u4e00-\u9fff])")  # to fill the width of a column
_remembered = lru_cache(maxsize=10_000)  # a label is asked about once for each pair that it stands in


def plain(label: str) -> str:
    """Return a label in plain characters, Chinese words without the spaces that only stretch them."""
    return _SPACED_OUT.sub("", _plain(label))


def _says(pattern: re.Pattern[str]) -> Callable[[str], bool]:
    """Return a test whether a label has a word of a pattern."""
    return _remembered(lambda label: bool(pattern.search(plain(label))))


says_rate = _says(_RATE)  # figures that cannot be added: shares, rates, averages, indices, ranks, years
says_difference = _says(_DIFFERENCE)  # one figure less another
says_growth = _says(_GROWTH)  # a change in percent
says_share = _says(_SHARE)  # a percentage of something
says_ratio = _says(_RATIO)  # figures per unit of others
says_mean = _says(_MEAN)  # a mean of other lines
says_part = _says(_PART)  # a part that need not fill its whole ("of which")
says_hard_rate = _says(_HARD_RATE)  # only a rate: "Business rates" and "Means-tested grants" can be amounts


@_remembered
def says_total(label: str) -> bool:
    """Tell whether a label names a sum of other lines.

    Examples
    --------
    >>> says_total("Sub-total"), says_total("Totally private"), says_total("Average of all")
    (True, False, False)
    """
    return bool(_TOTAL.search(plain(label))) and not says_rate(label) and not says_part(label)


@_remembered
def says_gain(label: str) -> bool:
    """Tell whether a label names what has come since the place before: a change, a difference, new cases."""
    return says_growth(label) or says_difference(label) or bool(_GAIN.search(plain(label)))


@_remembered
def says_less(label: str) -> bool:
    """Tell whether a label says that its figures are taken off.

    Examples
    --------
    >>> says_less("Less: imports"), says_less("Less than 5 years")
    (True, False)
    """
    return bool(_LESS.search(plain(label)))


@_remembered
def says_total_word(label: str) -> bool:
    """Tell whether a label holds a word for a total, and not that it is only about right."""
    return bool(_TOTAL.search(plain(label))) and not _NEARLY.search(plain(label)) and not says_part(label)


@_remembered
def year_of(label: str) -> int | None:
    """Return the one year that a label names; None where there is none or several."""
    years = _YEAR.findall(plain(label))
    return int(years[0]) if len(years) == 1 else None
