"""The ledger of the study's claims, and the judgement of each by computation.

No verdict is stored: `audit` runs the computation that the ledger names for a claim, once on the
study's own data and once on outside figures. Change the data, and verdicts change.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from ewppr_lib.checks.claims import (
    cases,
    counts,
    dates,
    gap,
    growth,
    outside,
    outside_money,
    pairings,
    shares,
    tables,
    totals,
)
from ewppr_lib.checks.claims.core import judge_inside, judge_outside
from ewppr_lib.checks.claims.facts import Claim, Facts, read_claims, read_facts

if TYPE_CHECKING:
    import pandas as pd


GROUPS = (  # importing a group registers its computations
    cases,
    counts,
    dates,
    gap,
    growth,
    outside,
    outside_money,
    pairings,
    shares,
    tables,
    totals,
)


@dataclass(frozen=True)
class Judgement:
    """What was found on one claim.

    Parameters
    ----------
    claim
        The claim.
    verdict
        One of `VERDICTS`.
    reading
        The reading under which alone it holds or on which the verdict rests; "" where none is needed.
    computed
        Value or interval computed, as text.
    sentence
        Why, in one plain sentence.
    outside, outside_source, outside_sentence
        What outside figures add: one of `OUTSIDE_VERDICTS`, their sources with vintage, and why.
    """

    claim: Claim
    verdict: str
    reading: str
    computed: str
    sentence: str
    outside: str
    outside_source: str
    outside_sentence: str


def ledger() -> list[Claim]:
    """Return every claim of the study, in ledger order.

    Raises
    ------
    DataError
        If ``data/claims.csv`` is missing or malformed.

    Examples
    --------
    >>> ledger()[86].printed_value, ledger()[86].unit
    ('7.86', 'billion yuan')
    """
    return read_claims()


def audit(facts: Facts | None = None, claims: Sequence[Claim] | None = None) -> list[Judgement]:
    """Judge claims by computation.

    Parameters
    ----------
    facts
        What to judge against; by default the edition's data.
    claims
        Which claims; by default the whole ledger.

    Raises
    ------
    DataError
        If the ledger names a computation, figure or list that does not exist.

    Examples
    --------
    >>> by_id = {found.claim.id: found for found in audit()}
    >>> by_id["C119"].verdict, by_id["C117"].verdict
    ('reproduced', 'reproduced only under a stated reading')
    """
    known = read_facts() if facts is None else facts
    return [_judged(claim, known) for claim in (known.claims.values() if claims is None else claims)]


def _judged(claim: Claim, facts: Facts) -> Judgement:
    inside, outside = judge_inside(claim, facts), judge_outside(claim, facts)
    return Judgement(
        claim,
        inside.verdict,
        inside.reading,
        inside.computed,
        inside.sentence,
        outside.verdict,
        outside.source,
        outside.sentence,
    )


def as_frame(judgements: Sequence[Judgement]) -> pd.DataFrame:
    """Return judgements as a table, one row a claim.

    Parameters
    ----------
    judgements
        As returned by `audit`.

    Returns
    -------
    pandas.DataFrame
        Indexed by claim id; the columns of the ledger that say what is claimed, then the judgement. All text.
    """
    import pandas as pd

    shown = ("section", "place", "paraphrase", "printed_value", "unit", "kind")
    found = ("verdict", "reading", "computed", "sentence", "outside", "outside_source", "outside_sentence")
    rows = [
        {"id": one.claim.id}
        | {name: getattr(one.claim, name) for name in shown}
        | {name: getattr(one, name) for name in found}
        for one in judgements
    ]
    return pd.DataFrame(rows, columns=["id", *shown, *found], dtype=object).set_index("id")
