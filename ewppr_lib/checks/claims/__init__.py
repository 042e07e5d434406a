"""The study's claims: the ledger, the computation behind each, and its verdict."""

from ewppr_lib.checks.claims.core import (
    AGAINST,
    CONTRADICTED,
    FROM_OUTSIDE,
    JUDGES,
    NOT_CHECKABLE,
    OPEN,
    OUTSIDE_JUDGES,
    OUTSIDE_VERDICTS,
    READING,
    REPRODUCED,
    SHORT,
    VERDICTS,
    Outcome,
    Outside,
    Question,
)
from ewppr_lib.checks.claims.facts import Claim, Facts, read_facts
from ewppr_lib.checks.claims.ledger import Judgement, as_frame, audit, ledger

__all__ = [
    "AGAINST",
    "CONTRADICTED",
    "FROM_OUTSIDE",
    "JUDGES",
    "NOT_CHECKABLE",
    "OPEN",
    "OUTSIDE_JUDGES",
    "OUTSIDE_VERDICTS",
    "READING",
    "REPRODUCED",
    "SHORT",
    "VERDICTS",
    "Claim",
    "Facts",
    "Judgement",
    "Outcome",
    "Outside",
    "Question",
    "as_frame",
    "audit",
    "ledger",
    "read_facts",
]
