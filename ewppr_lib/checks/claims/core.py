"""How a claim is judged: verdicts, outcomes, and the register of computations."""

from __future__ import annotations

import shlex
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from ewppr_lib.checks.claims.facts import Claim, Facts
from ewppr_lib.checks.rounding import Interval
from ewppr_lib.data.own import own_module
from ewppr_lib.errors import DataError
from ewppr_lib.home import own_study

REPRODUCED = "reproduced"
READING = "reproduced only under a stated reading"
CONTRADICTED = "contradicted"
NOT_CHECKABLE = "not checkable from the study"
VERDICTS = (REPRODUCED, READING, CONTRADICTED, NOT_CHECKABLE)
SHORT = {"reproduced": REPRODUCED, "reading": READING, "contradicted": CONTRADICTED, "unchecked": NOT_CHECKABLE}

FROM_OUTSIDE = "reproduced from outside"
AGAINST = "contradicted from outside"
OPEN = "open"
OUTSIDE_VERDICTS = (FROM_OUTSIDE, AGAINST, OPEN)


@dataclass(frozen=True)
class Outcome:
    """What a computation found inside the study.

    Parameters
    ----------
    verdict
        One of `VERDICTS`.
    sentence
        Why, in one plain sentence with the figures.
    computed
        The value or interval computed, as text.
    reading
        The reading under which alone the claim holds, or that the verdict rests on.
    """

    verdict: str
    sentence: str
    computed: str = ""
    reading: str = ""


@dataclass(frozen=True)
class Outside:
    """What outside figures add: one of `OUTSIDE_VERDICTS`, why, and the sources with their vintage."""

    verdict: str
    sentence: str
    source: str = ""


@dataclass(frozen=True)
class Question:
    """A claim put to a computation, with its arguments and the facts it may use."""

    claim: Claim
    facts: Facts
    words: Sequence[str]

    @property
    def printed(self) -> Interval:
        """The claim's figure as an interval in its own unit."""
        return self.claim.interval()


Judge = Callable[[Question], Outcome]
OutsideJudge = Callable[[Question], Outside]
JUDGES: dict[str, Judge] = {}
OUTSIDE_JUDGES: dict[str, OutsideJudge] = {}


def judges(name: str) -> Callable[[Judge], Judge]:
    """Register a computation under the name that the ledger's column ``check`` uses."""

    def register(judge: Judge) -> Judge:
        JUDGES[name] = judge
        return judge

    return register


def judges_outside(name: str) -> Callable[[OutsideJudge], OutsideJudge]:
    """Register a computation on outside figures under the name that the column ``outside`` uses."""

    def register(judge: OutsideJudge) -> OutsideJudge:
        OUTSIDE_JUDGES[name] = judge
        return judge

    return register


def judge_inside(claim: Claim, facts: Facts) -> Outcome:
    """Judge a claim by the study's own data.

    Raises
    ------
    DataError
        If the ledger names a computation that does not exist.
    """
    if not claim.check:
        return Outcome(NOT_CHECKABLE, f"The study gives no second figure; needed: {claim.needs}.")
    name, *words = shlex.split(claim.check)
    judge: Judge | None = _own(name) or JUDGES.get(name)
    if judge is None:
        raise DataError(f"data/claims.csv, {claim.id}, column 'check': there is no computation '{name}'.")
    return judge(Question(claim, facts, words))


def judge_outside(claim: Claim, facts: Facts) -> Outside:
    """Judge a claim by outside figures.

    Raises
    ------
    DataError
        If the ledger names a computation that does not exist.
    """
    if not claim.outside:
        return Outside(OPEN, "No outside figure on this is held.")
    name, *words = shlex.split(claim.outside)
    judge: OutsideJudge | None = _own(name) or OUTSIDE_JUDGES.get(name)
    if judge is None:
        raise DataError(f"data/claims.csv, {claim.id}, column 'outside': there is no computation '{name}'.")
    return judge(Question(claim, facts, words))


def _own(name: str) -> Any:
    """Return a computation that a study of one's own defines in ``study/claims.py``; None where it does not."""
    place = own_study()
    if place is None or not (place / "study" / "claims.py").is_file():
        return None
    return getattr(own_module("claims"), name, None)


def concord(readings: Sequence[tuple[str, bool]]) -> tuple[str, str]:
    """Return the verdict of several readings or places, and those that agree.

    All agree: reproduced; some: reproduced only under a stated reading; none: contradicted.

    Examples
    --------
    >>> concord([("printed total", True), ("money counted once", False)])
    ('reproduced only under a stated reading', 'printed total')
    """
    agree = [name for name, holds in readings if holds]
    if len(agree) == len(readings):
        return REPRODUCED, ""
    return (READING, join(agree)) if agree else (CONTRADICTED, "")


def join(names: Sequence[str]) -> str:
    """Return names as a phrase.

    Examples
    --------
    >>> join(["2003", "2004", "2006"])
    '2003, 2004 and 2006'
    """
    if len(names) < 2:
        return "".join(names)
    return f"{', '.join(names[:-1])} and {names[-1]}"
