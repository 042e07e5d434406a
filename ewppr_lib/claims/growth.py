"""Claims on growth and on the regional gap: every usual reading of a yearly pace is tried."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal, localcontext
from fractions import Fraction

from crossfoot.intervals import Interval, compound_growth, simple_growth
from ewppr_lib.claims.facts import Question, StudyFacts, yes_or_no
from nbedition.claims import CONTRADICTED, READING, REPRODUCED, Outcome, Row, concord, join, say

HUNDRED = Interval.exact(100)
STATED_WINDOWS = "Windows of its statistics"
PERIOD_BOUNDS = "Division in the introduction"
_LOG_SLACK = Fraction(1, 10**30)


def log_growth(first: Interval, last: Interval, periods: int) -> Interval:
    """Return the continuous rate a period, bounded outwards at 30 decimals.

    Examples
    --------
    >>> say(log_growth(Interval.exact(100), Interval.exact(110), 1), 4)
    '0.0953'
    """
    ratio = last / first
    with localcontext() as context:
        context.prec = 50
        low, high, point = (
            Fraction((Decimal(end.numerator) / Decimal(end.denominator)).ln()) if end else Fraction(0)
            for end in (ratio.low, ratio.high, ratio.middle)
        )
    return Interval((low - _LOG_SLACK) / periods, (high + _LOG_SLACK) / periods, point / periods)


def paces(first: Interval, last: Interval, periods: int) -> dict[str, Interval]:
    """Return the yearly pace from first to last under each usual formula, in per cent (points: in hundredths).

    Both figures are positive; `periods` is the number of years divided by.
    """
    return {
        "compound growth": compound_growth(first, last, periods) * HUNDRED,
        "simple growth on the first value": simple_growth(first, last, periods) * HUNDRED,
        "simple growth on the last value": (Interval.exact(1) - first / last) / Interval.exact(periods) * HUNDRED,
        "logarithmic growth": log_growth(first, last, periods) * HUNDRED,
        "hundredths of the ratio a year": (last - first) / Interval.exact(periods) * HUNDRED,
    }


def year_counts(facts: StudyFacts, period: int) -> dict[int, str]:
    """Return the numbers of years a period can be divided by, each with the window it comes from.

    The window of the study's statistics comes first; every other pair of years that the
    introduction's words allow follows. A window counts its years inclusively or exclusively.
    """
    stated = _period(facts, STATED_WINDOWS, period)
    bounds = _period(facts, PERIOD_BOUNDS, period)
    first, last = int(stated["start_low"]), int(stated["end_high"])
    starts = range(int(bounds["start_low"]), int(bounds["start_high"]) + 1)
    ends = range(int(bounds["end_low"]), int(bounds["end_high"]) + 1)
    windows = {(first, last), *((start, end) for start in starts for end in ends)}
    counts: dict[int, list[str]] = {}
    for start, end in sorted(windows, key=lambda window: (abs(window[0] - first) + abs(window[1] - last), window)):
        note = "the stated window" if (start, end) == (first, last) else "not the stated window"
        for years, how in ((end - start, "first year not counted"), (end - start + 1, "both ends counted")):
            if years > 0:
                counts.setdefault(years, []).append(f"{start}-{end}, {how}, {note}")
    return {years: "; or ".join(found) for years, found in counts.items()}


def _period(facts: StudyFacts, scheme: str, period: int) -> Row:
    return next(row for row in facts.periods if row["scheme"] == scheme and row["period"] == period)


def pace(question: Question) -> Outcome:
    """Judge a yearly pace: every formula over every number of years that the study allows."""
    first_name, last_name, period = question.words
    first, last = question.facts.figure(first_name), question.facts.figure(last_name)
    tried = {
        (formula, years): found
        for years in year_counts(question.facts, int(period))
        for formula, found in paces(first, last, years).items()
    }
    windows = year_counts(question.facts, int(period))
    fits = [
        f"{formula} over {years} years ({windows[years]})"
        for (formula, years), found in tried.items()
        if question.printed.overlaps(found)
    ]
    nearest = min(tried, key=lambda key: question.printed.gap(tried[key]))
    stated = next(iter(windows))
    compound = paces(first, last, stated)["compound growth"]
    tail = f"as compound growth over the stated window it is {say(compound)} per cent a year"
    if not fits:
        said = f"the nearest is {nearest[0]} over {nearest[1]} years, {tried[nearest]}"
        return Outcome(CONTRADICTED, f"None of {len(tried)} readings gives {say(question.printed)}; {said}.", said)
    sentence = f"Of {len(tried)} readings, {say(question.printed)} fits {join(fits)}; {tail}."
    found_text = str(tried[_key(fits[0], tried)])
    return Outcome(REPRODUCED if len(fits) == len(tried) else READING, sentence, found_text, join(fits))


def _key(fit: str, tried: Mapping[tuple[str, int], Interval]) -> tuple[str, int]:
    return next(key for key in tried if fit.startswith(f"{key[0]} over {key[1]} years"))


def rises(question: Question) -> Outcome:
    """Judge a rise by the two printed figures: the later lies above the earlier, rounding included."""
    first, last = (question.facts.figure(name) for name in question.words)
    change = last - first
    holds = change.low is not None and change.low > 0
    sentence = f"From {say(first)} to {say(last)}: a change of {say(change)}, between {change} with rounding."
    return yes_or_no(holds, sentence, str(change))


def slower(question: Question) -> Outcome:
    """Judge a slowdown by the printed paces and by every formula on the stated windows."""
    words, facts = question.words, question.facts
    readings = {"the printed paces": (facts.figure(words[3]), facts.figure(words[7]))}
    early = _stated_paces(facts, words[0], words[1], int(words[2]))
    late = _stated_paces(facts, words[4], words[5], int(words[6]))
    readings |= {formula: (early[formula], late[formula]) for formula in early}
    holds = [(name, _less(second, first)) for name, (first, second) in readings.items()]
    verdict, reading = concord(holds)
    listed = join([f"{say(first)} to {say(second)} by {name}" for name, (first, second) in readings.items()])
    return Outcome(verdict, f"The yearly pace goes from {listed}.", listed, reading)


def _stated_paces(facts: StudyFacts, first: str, last: str, period: int) -> dict[str, Interval]:
    return paces(facts.figure(first), facts.figure(last), next(iter(year_counts(facts, period))))


def _less(first: Interval, second: Interval) -> bool:
    return first.high is not None and second.low is not None and first.high < second.low
