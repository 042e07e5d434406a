"""Notebook 05: what the audit of the study's claims found, and which conclusions survive it."""

import math
from collections.abc import Callable, Iterator
from typing import Literal

import pandas as pd

from crossfoot.report import CheckResult
from ewppr_lib.study import funding as money
from nbedition.claims import CONTRADICTED, SEVERITIES, SHORT, VERDICTS
from nbedition.settings import Settings as Base
from nbedition.settings import parameter

Results = Iterator[tuple[str, float, str]]


class Settings(Base):
    """Parameters of notebook 05."""

    show: Literal["contradicted", "reading", "unchecked", "reproduced"] = parameter(
        "contradicted", "which verdict is listed claim by claim"
    )


def verdict_counts(judged: pd.DataFrame) -> pd.Series:
    """Return how many claims (rows with a column ``verdict``) have each verdict, in the order of `VERDICTS`."""
    return judged["verdict"].value_counts().reindex(list(VERDICTS), fill_value=0).rename("claims")


def with_verdict(judged: pd.DataFrame, show: str) -> pd.DataFrame:
    """Return the claims of one verdict, the gravest first: what they change, place, printed value and why."""
    chosen = judged[judged["verdict"] == SHORT[show]]
    ordered = chosen.sort_values("severity", key=lambda named: named.map(SEVERITIES.index), kind="stable")
    return ordered[["severity", "place", "printed_value", "sentence"]]


def results(judged: pd.DataFrame, survives: pd.DataFrame, numbers_without: int, failing: int) -> Results:
    """Yield how many claims have each verdict and severity, what outside figures add, and what survives."""
    counts = verdict_counts(judged)
    for name, verdict in SHORT.items():
        yield f"claims_{name}", counts[verdict], "claims"
    for severity, number in judged.loc[judged["verdict"] == CONTRADICTED, "severity"].value_counts().items():
        yield f"contradicted_that_change_a_{severity}", number, "claims"
    yield "printed_numbers_without_a_claim", numbers_without, "numbers"
    yield "relations_that_fail_in_table_1", failing, "relations"
    yield "conclusions_examined", len(survives), "conclusions"
    yield "conclusions_that_survive", survives["survives"].sum(), "conclusions"
    for word, number in judged["outside"].value_counts().items():
        yield f"outside_{str(word).split()[0]}", number, "claims"


def failures(found: CheckResult) -> pd.DataFrame:
    """Return where the rules of a table fail: ``rule``, ``where``, ``printed``, ``parts`` and what is ``off``."""
    rows = [
        (one.relation.name, one.place, *(float(side.point or 0) for side in (one.left, one.right)))
        for one in found.failing
    ]
    frame = pd.DataFrame(rows, columns=["rule", "where", "printed", "parts"])
    return frame.assign(off=frame["printed"] - frame["parts"])


def readings(funding: pd.DataFrame, exchanges: pd.DataFrame, printed: pd.Series) -> pd.DataFrame:
    """Return each conclusion that rests on a failing figure, under every defensible reading.

    From the data sets ``funding`` (million yuan) and ``exchanges`` and the printed value of each claim as text, by id.
    One row a conclusion and reading: ``value``, ``unit``, and ``holds``: whether the conclusion follows under it.
    """
    rows = [*_shares(funding), *_aid(funding), *_direction(exchanges), *_widening(printed)]
    return pd.DataFrame(rows, columns=["conclusion", "reading", "value", "unit", "holds"])


def survival(read: pd.DataFrame) -> pd.DataFrame:
    """Return each conclusion's range over its `readings`, and whether it survives all of them.

    Indexed by conclusion: ``low``, ``high``, ``unit``, ``readings``, ``holds_in`` (counts) and ``survives``.
    """
    grouped = read.groupby("conclusion", sort=False)
    frame = pd.DataFrame(
        {
            "low": grouped["value"].min(),
            "high": grouped["value"].max(),
            "unit": grouped["unit"].first(),
            "readings": grouped.size(),
            "holds_in": grouped["holds"].sum(),
        }
    )
    return frame.assign(survives=frame["holds_in"] == frame["readings"])


Row = tuple[str, str, float, str, bool]


def _shares(funding: pd.DataFrame) -> list[Row]:
    pooled = money.pooled_shares(funding)
    rows: list[Row] = []
    for reading, share in pooled["enterprise_investment"].items():
        rows.append(("enterprises bring most of the money", str(reading), share, "%", share > 50))
    for reading, share in pooled["enterprise_investment"].items():
        rows.append(("enterprises bring 80.3 %", str(reading), share, "%", round(share, 1) == 80.3))
    for reading, share in pooled["social_donations"].items():
        rows.append(("donations are 0.08 % of the money", str(reading), share, "%", round(share, 2) == 0.08))
    for name, aid in _aid_series(funding).items():
        share = funding["social_donations"].sum() / aid.sum() * 100
        rows.append(("donations are 16.8 % of aid", name, share, "%", round(share, 1) == 16.8))
    return rows


def _aid_series(funding: pd.DataFrame) -> dict[str, pd.Series]:
    gaps = money.level_gaps(funding)
    return {"aid as printed": gaps["government_aid"], "sum of the levels": gaps["sum_of_levels"]}


def _aid(funding: pd.DataFrame) -> list[Row]:
    rows: list[Row] = []
    for name, aid in _aid_series(funding).items():
        slowest = aid.pct_change(fill_method=None).min() * 100
        rows.append(("aid rises every year", name, slowest, "% in the worst year", slowest > 0))
    levels = funding[["aid_provincial", "aid_prefectural", "aid_county"]].rename(
        columns=lambda name: f"{name[4:]} level"
    )
    for name, aid in (_aid_series(funding) | {str(name): series for name, series in levels.items()}).items():
        slowest = aid.pct_change(fill_method=None).min() * 100
        rows.append(("aid is unstable: it falls in some year", str(name), slowest, "% in the worst year", slowest < 0))
    return rows


def _direction(exchanges: pd.DataFrame) -> list[Row]:
    people = exchanges["total"]
    sent = {
        "cadres": (people["cadres_east_west"], people["cadres_west_east"]),
        "professionals": (people["professionals_east_west"], people["professionals_west_east"]),
    }
    sent["both"] = (sum(east for east, _ in sent.values()), sum(west for _, west in sent.values()))
    money: Row = ("aid is mainly one-way", "money (no row of Table 1 runs back)", 100.0, "% east to west", True)
    return [money] + [
        ("aid is mainly one-way", name, east / (east + west) * 100, "% east to west", east / (east + west) > 0.9)
        for name, (east, west) in sent.items()
    ]


def _widening(printed: pd.Series) -> list[Row]:
    """Compare the yearly pace of the second period with that of the first, by usual formulas."""
    first = (float(printed["C014"]), float(printed["C015"]), 1997 - 1979)
    second = (float(printed["C022"]), float(printed["C023"]), 2007 - 1998)
    paces: dict[str, Callable[[float, float, int], float]] = {
        "compound": lambda a, b, n: (b / a) ** (1 / n) - 1,
        "simple, on the first year": lambda a, b, n: (b / a - 1) / n,
        "logarithmic": lambda a, b, n: math.log(b / a) / n,
        "points of the ratio": lambda a, b, n: (b - a) / n,
        "compound, both ends counted": lambda a, b, n: (b / a) ** (1 / (n + 1)) - 1,
    }
    rows: list[Row] = []
    for name, pace in paces.items():
        times = pace(*second) / pace(*first)
        rows.append(
            ("the gap widened more slowly in the second period", name, times, "times the first pace", times < 1)
        )
    return rows
