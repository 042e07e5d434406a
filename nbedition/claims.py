"""The claims of a study: the ledger, the computation behind each, and its verdict.

No verdict is stored: `audit` runs the computation that ``data/claims.csv`` names for a claim, once on the study's own
data (column ``check``) and once on outside figures (``outside``). Change the data, and verdicts change. A computation
is a function of the study's module ``claims``, or an entry of its ``JUDGES`` and ``OUTSIDE_JUDGES``; ``same``,
``share``, ``part_of`` and ``whole_of`` are here. That module may have a ``read_facts`` of its own.
"""

from __future__ import annotations

import shlex
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from typing import TYPE_CHECKING, Any, Generic, TypeVar

from crossfoot.errors import DataError
from crossfoot.intervals import Interval, total
from nbedition.data.datasets import LEDGER, dataset, datasets
from nbedition.data.load import text_of
from nbedition.project import project

if TYPE_CHECKING:
    import pandas as pd

Row = Mapping[str, Any]
Rows = Sequence[Row]
Cells = Mapping[str, Mapping[str, str]]

_SCALES = {"billion yuan": 1000, "million persons": 10**6, "million head": 10**6, "million mu": 10**6}

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

SEVERITIES = ("conclusion", "number", "wording")  # what would change if the claim fell, the gravest first

CLAIMED = (
    "id",
    "section",
    "place",
    "paraphrase",
    "printed_value",
    "unit",
    "kind",
    "severity",
)  # what tables show of a claim
FOUND = ("verdict", "reading", "computed", "sentence", "outside", "outside_source", "outside_sentence")


@dataclass(frozen=True)
class Claim:
    """One claim of the study, a row of the ledger; "" stands for what there is not."""

    id: str
    section: str
    place: str
    paraphrase: str  # what it says, in other words
    printed_value: str
    unit: str
    half_width: str  # by how much the figure may have been rounded, in its unit
    kind: str  # group of claims: date, count, pairing, sum, share, growth, ratio or case
    check: str  # the computation that judges it, with its arguments
    outside: str  # the same on outside figures
    needs: str  # the figure that would be needed where the study does not suffice
    severity: str = ""  # what would change if it fell, one of `SEVERITIES`; a ledger may leave the column out

    def interval(self) -> Interval:
        """Return the printed figure as an interval in its own unit."""
        return Interval.printed(self.printed_value, self.half_width or None)

    def amount(self) -> Interval:
        """Return the figure in million yuan where it is money, else in single units."""
        return self.interval() * Interval.exact(_SCALES.get(self.unit, 1))


@dataclass(frozen=True)
class Facts:
    """Everything that a judgement may use; replace a part to see what would follow."""

    claims: Mapping[str, Claim]  # the ledger by id, for claims that are judged against each other
    tables: Mapping[str, Cells] = field(default_factory=dict)  # cells as text, by data set, row and column

    def figure(self, name: str) -> Interval:
        """Return a printed figure by name: ``C099`` (a claim), or ``dataset/row/column`` (a cell)."""
        kind, *rest = name.split("/")
        try:
            if kind in self.tables:
                return Interval.printed(self.tables[kind][rest[0]][rest[1]])
            return self.claims[name].amount()
        except (KeyError, IndexError):
            raise DataError(f"the ledger names the figure '{name}', which the study's data do not hold.") from None

    def place_of(self, name: str) -> str:
        """Return where a named figure stands, for a sentence."""
        claim = self.claims.get(name.lstrip("-"))
        return name if claim is None else f"{claim.section}, {claim.place}"


F = TypeVar("F", bound=Facts)


@dataclass(frozen=True)
class Outcome:
    """What a computation found inside the study."""

    verdict: str  # one of `VERDICTS`
    sentence: str  # why, in one plain sentence with the figures
    computed: str = ""  # the value or interval computed
    reading: str = ""  # the reading under which alone the claim holds, or that the verdict rests on


@dataclass(frozen=True)
class Outside:
    """What outside figures add."""

    verdict: str  # one of `OUTSIDE_VERDICTS`
    sentence: str
    source: str = ""  # the sources, with their vintage


class NotHeld(Exception):
    """Raised by a computation on outside figures where none is held."""


@dataclass(frozen=True)
class Question(Generic[F]):
    """A claim put to a computation, with its arguments and the facts it may use."""

    claim: Claim
    facts: F
    words: Sequence[str]

    @property
    def printed(self) -> Interval:
        """The claim's figure as an interval in its own unit."""
        return self.claim.interval()


Judge = Callable[[Question[Any]], Outcome]
OutsideJudge = Callable[[Question[Any]], Outside]


@dataclass(frozen=True)
class Judgement:
    """What was found on one claim: an `Outcome`, and what an `Outside` adds."""

    claim: Claim
    verdict: str
    reading: str
    computed: str
    sentence: str
    outside: str
    outside_source: str
    outside_sentence: str


def ledger() -> list[Claim]:
    """Return every claim of the study, in ledger order; none for a study without a ledger.

    Raises DataError if ``data/claims.csv`` is malformed.

    Examples
    --------
    >>> ledger()[86].printed_value, ledger()[86].unit
    ('7.86', 'billion yuan')
    """
    if LEDGER not in datasets():
        return []
    table = dataset(LEDGER)
    cells = table.read()
    if differing := sorted((set(map(str, cells)) ^ set(Claim.__dataclass_fields__)) - ({"severity"} - set(cells))):
        raise DataError(f"data/{table.file}: its columns differ from those expected by {', '.join(differing)}.")
    return [Claim(**{str(name): cell for name, cell in row.items()}) for row in cells.to_dict("records")]


def read_facts(claims: Sequence[Claim] | None = None) -> Facts:
    """Return what the ledger is judged against: what the study's own ``read_facts`` gives, else all its cells."""
    listed = ledger() if claims is None else claims
    if own := _own("read_facts"):
        facts: Facts = own(listed)
        return facts
    tables = {name: text_of(one.read(), one.index) for name, one in datasets().items() if name != LEDGER}
    return Facts({claim.id: claim for claim in listed}, tables)


def audit(facts: Facts | None = None, claims: Sequence[Claim] | None = None) -> list[Judgement]:
    """Judge claims by computation: by default the whole ledger, against the study's data.

    Raises DataError if the ledger names a computation, figure or list that does not exist.

    Examples
    --------
    >>> by_id = {found.claim.id: found for found in audit()}
    >>> by_id["C118"].verdict, by_id["C117"].verdict
    ('reproduced', 'reproduced only under a stated reading')
    """
    known = read_facts() if facts is None else facts
    return [_judged(claim, known) for claim in (known.claims.values() if claims is None else claims)]


def _judged(claim: Claim, facts: Facts) -> Judgement:
    inside, outside = judge_inside(claim, facts), judge_outside(claim, facts)
    said = (inside.verdict, inside.reading, inside.computed, inside.sentence)
    return Judgement(claim, *said, outside.verdict, outside.source, outside.sentence)


def gravest_first(judgements: Sequence[Judgement]) -> list[Judgement]:
    """Return judgements by what their claims would change, the gravest first; otherwise in the order given."""
    places = {severity: place for place, severity in enumerate(SEVERITIES)}
    return sorted(judgements, key=lambda found: places.get(found.claim.severity, len(places)))


def as_frame(judgements: Sequence[Judgement]) -> pd.DataFrame:
    """Return judgements as a table of texts, indexed by claim id: what is claimed, then what was found."""
    import pandas as pd

    rows = [as_row(one) for one in judgements]
    return pd.DataFrame(rows, columns=[*CLAIMED, *FOUND], dtype=object).set_index("id")


def as_row(judgement: Judgement) -> dict[str, str]:
    """Return what is claimed, then what was found, by name."""
    claimed = {name: getattr(judgement.claim, name) for name in CLAIMED}
    return claimed | {name: getattr(judgement, name) for name in FOUND}


def as_records(judged: Sequence[Judgement]) -> list[dict[str, str]]:
    """Return what `audit` prints of each claim, by name."""
    return [{name: said for name, said in as_row(found).items() if name != "kind"} for found in judged]


def judge_inside(claim: Claim, facts: Facts) -> Outcome:
    """Judge a claim by the study's own data."""
    if not claim.check:
        return Outcome(NOT_CHECKABLE, f"The study gives no second figure; needed: {claim.needs}.")
    found: Outcome = _computed(claim, facts, "check", "JUDGES", SHARED)
    return found


def judge_outside(claim: Claim, facts: Facts) -> Outside:
    """Judge a claim by outside figures."""
    try:
        if claim.outside:
            found: Outside = _computed(claim, facts, "outside", "OUTSIDE_JUDGES", {})
            return found
    except NotHeld:
        pass
    return Outside(OPEN, "No outside figure on this is held.")


def _computed(claim: Claim, facts: Facts, column: str, register: str, shared: Mapping[str, Any]) -> Any:
    """Return what the computation finds that the ledger names in a column."""
    name, *words = shlex.split(getattr(claim, column))
    judge = _computation(name, register, shared)
    if judge is None:
        raise DataError(f"data/claims.csv, {claim.id}, column '{column}': there is no computation '{name}'.")
    return judge(Question(claim, facts, words))


def _computation(name: str, register: str, shared: Mapping[str, Any]) -> Any:
    """Return the computation of a name: the study's own, registered or a function of its module, else a shared one."""
    return (_own(register) or {}).get(name) or _own(name) or shared.get(name)


def _own(name: str) -> Any:
    """Return what the study's module ``claims`` calls by a name; None where it does not, or there is no such module."""
    at_work = project()
    return getattr(at_work.module(LEDGER), name, None) if at_work.has_module(LEDGER) else None


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


def say(value: Interval | Fraction, digits: int = 2) -> str:
    """Return a number for a sentence: the middle of an interval, rounded, thousands parted by commas.

    Examples
    --------
    >>> say(Interval.printed("2377.197")), say(Fraction(80325, 1000), 1), say(Fraction(2592))
    ('2,377.2', '80.3', '2,592')
    """
    number = value if isinstance(value, Fraction) else value.middle
    if number is None:
        return str(value)
    text = f"{float(round(number, digits)):,.{digits}f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def same(question: Question[Any]) -> Outcome:
    """Judge a figure by other places that state it."""
    facts, amount = question.facts, question.claim.amount()
    places = {name: facts.figure(name) for name in question.words}
    fits = [(facts.place_of(name), amount.overlaps(found)) for name, found in places.items()]
    listed = join([f"{say(found, 4)} in {facts.place_of(name)}" for name, found in places.items()])
    verdict, reading = concord(fits)
    word = "and" if verdict == REPRODUCED else "but"
    return Outcome(verdict, f"{say(amount, 4)} is printed here, {word} {listed}.", listed, reading)


def share(question: Question[Any]) -> Outcome:
    """Judge a percentage by the two printed figures it is made of."""
    part, whole = (question.facts.figure(name) for name in question.words)
    found = part / whole * Interval.exact(100)
    holds = question.printed.overlaps(found)
    sentence = f"{say(part)} of {say(whole)} is {say(found, 2)} per cent; {question.claim.printed_value} is printed."
    return Outcome(REPRODUCED if holds else CONTRADICTED, sentence, str(found))


def part_of(question: Question[Any]) -> Outcome:
    """Judge a part by its wholes: it can contradict them, but they do not give it."""
    facts, part = question.facts, question.claim.amount()
    wholes = {name: facts.figure(name) for name in question.words}
    over = [name for name, whole in wholes.items() if (entirely_below(whole, part))]
    listed = join([f"{say(whole)} in {facts.place_of(name)}" for name, whole in wholes.items()])
    if over:
        return Outcome(CONTRADICTED, f"The part {say(part)} exceeds its whole: {listed}.", listed)
    sentence = f"{say(part)} fits within {listed}, which does not give it; needed: {question.claim.needs}."
    return Outcome(NOT_CHECKABLE, sentence, listed)


def whole_of(question: Question[Any]) -> Outcome:
    """Judge a whole by some of its parts: they can contradict it, but do not give it."""
    facts, whole = question.facts, question.claim.amount()
    found = total([facts.figure(name) for name in question.words])
    if entirely_below(whole, found):
        return Outcome(CONTRADICTED, f"The parts known, {say(found)}, exceed the whole {say(whole)}.", str(found))
    where = join(sorted({facts.place_of(name) for name in question.words}))
    sentence = f"{where} knows {say(found)} of the {say(whole)}; needed: {question.claim.needs}."
    return Outcome(NOT_CHECKABLE, sentence, str(found))


def entirely_below(first: Interval, second: Interval) -> bool:
    """Tell whether every value of the first lies below every value of the second."""
    return first.high is not None and second.low is not None and first.high < second.low


SHARED: dict[str, Judge] = {"same": same, "share": share, "part_of": part_of, "whole_of": whole_of}
