"""The register of computations that judge the study's claims, by the names that the ledger uses."""

from collections.abc import Callable

from nbedition.claims import Judge, OutsideJudge

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
