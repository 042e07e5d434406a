"""What judges the study's claims, a module a kind of claim; `nbedition.claims` asks it by the names in the ledger."""

from ewppr_lib.claims import (  # noqa: F401  importing a module registers its computations
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
from ewppr_lib.claims.facts import Facts, read_facts
from ewppr_lib.claims.register import JUDGES, OUTSIDE_JUDGES

__all__ = ["JUDGES", "OUTSIDE_JUDGES", "Facts", "read_facts"]
