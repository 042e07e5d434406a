"""What judges the study's claims, one module for each kind; `nbedition.claims` asks it by the names in the ledger.

A computation is a public function of one of these modules that takes a question and nothing else. The ledger names it
as it is called here: in its column ``check`` one that returns an outcome, in ``outside`` one on outside figures.
"""

from inspect import isfunction
from types import ModuleType
from typing import Any

from ewppr_lib.claims import counts, dates, donors, gap, growth, outside, pairings, printed_tables, totals
from ewppr_lib.claims.facts import StudyFacts, read_facts
from nbedition.claims import Judge, OutsideJudge

__all__ = ["JUDGES", "OUTSIDE_JUDGES", "StudyFacts", "read_facts"]


def _computations(*modules: ModuleType) -> dict[str, Any]:
    named = [(name, one) for module in modules for name, one in vars(module).items() if isfunction(one)]
    asked = {"question", "return"}
    return {name: one for name, one in named if set(one.__annotations__) == asked and not name.startswith("_")}


JUDGES: dict[str, Judge] = _computations(counts, dates, growth, pairings, printed_tables, totals)
JUDGES["sum"] = JUDGES.pop("signed_sum")  # Python has a sum of its own
OUTSIDE_JUDGES: dict[str, OutsideJudge] = _computations(donors, gap, outside)
