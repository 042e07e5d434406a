"""What is held on one pair of donor and recipient, as ``ewppr pair`` prints it and a page of the site shows it."""

import math
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

import pandas as pd

from crossfoot.errors import RequestError
from crossfoot.text import did_you_mean
from ewppr_lib.study import history, pairs
from nbedition.cli.options import short_number
from nbedition.data import load

PriceBasis = Literal["current", "constant"]
COLUMNS = {
    "per_expenditure": "of spending",
    "per_revenue": "of revenue",
    "per_product": "of product",
    "per_head": "per head",
    "investment": "investment",
    "labour": "workers",
    "cadres": "cadres",
}
NOTE = """A dash is a figure that is not held. Of spending, revenue, product: yuan of aid per 10,000 yuan of the
donor's; per head: yuan a year per resident of the recipient; investment: million yuan. Scopes never add up."""
LAST_ATTESTED = 2020


@dataclass(frozen=True)
class PairReport:
    """What is held on a pair: rows of the ledger with effort, as `study.pairs.with_effort` gives them, and what lacks.

    `missing`: years on the lists of pairs to `LAST_ATTESTED` without an amount of their own, in words; `prices`: basis
    of the amounts a year.
    """

    donor: str
    recipient: str
    found: pd.DataFrame
    missing: str
    prices: PriceBasis

    @property
    def head(self) -> tuple[str, ...]:
        """The heads of the columns."""
        return ("years", "counts", "million yuan", f"a year ({self.prices} prices)", *COLUMNS.values(), "source")

    @property
    def yearly(self) -> pd.Series:
        """Aid a year, million yuan."""
        return self.found["real_a_year" if self.prices == "constant" else "a_year"]

    @property
    def rows(self) -> list[tuple[str, ...]]:
        """The rows as text, a window each."""
        return [
            (
                pairs.spans(list(range(row["year_from"], row["year_to"] + 1))),
                str(row["counts"]),
                f"{'> ' if row.get('bound') == 'at least' else ''}{_held(row['aid'])}",
                _held(a_year),
                *(_held(row.get(column)) for column in COLUMNS),
                str(row["source"]),
            )
            for row, a_year in zip(self.found.to_dict("records"), self.yearly, strict=True)
        ]

    def drawn(self, form: str) -> bytes | None:
        """Return the picture as ``"png"``, ``"svg"`` or ``"pdf"``; None where no amount a year is held."""
        from ewppr_lib.charts.pairs import pair_windows
        from nbedition.figures.picture import Picture

        if self.yearly.isna().all():
            return None
        picture = Picture(pair_windows(self.found, self.prices == "constant").draw())
        forms: dict[str, Callable[[], bytes]] = {"png": picture.png, "svg": picture.svg, "pdf": picture.pdf}
        return forms[form]()


def ledger(table: Path | None = None) -> pd.DataFrame:
    """Return the pair ledger with effort; `table`: a ledger of one's own in the same columns (CSV)."""
    held = pairs.budgets(load("provincial_finance"), load("provincial_grp"), load("provincial_people"))
    return pairs.with_effort(load("pairs", table), held, pairs.price_level(load("deflators")))


def named_pairs(rows: pd.DataFrame) -> list[tuple[str, str]]:
    """Return each donor and recipient that a row names, those of joint rows too, in alphabetical order."""
    listed = rows[["donor", "recipient"]].astype(str).to_numpy().tolist()
    return sorted({(name, to) for names, to in listed for name in names.split(" + ")})


def report(rows: pd.DataFrame, donor: str, recipient: str, prices: PriceBasis = "current") -> PairReport:
    """Return what a ledger (see `ledger`) holds on a pair. Raises RequestError if that is nothing."""
    found = pairs.of_pair(rows, donor, recipient)
    if found.empty:
        hint = did_you_mean(f"{donor} {recipient}", [" ".join(pair) for pair in named_pairs(rows)])
        raise RequestError(f"the ledger holds nothing on '{donor}' and '{recipient}'; {hint}")
    lists = history.all_lists(load("pairings"), load("partnership_pairings"), load("donor_cities"))
    attested = history.spells(lists, LAST_ATTESTED).query("donor == @donor and recipient == @recipient")
    missing = pairs.spans(pairs.missing_years(found, attested)) or "none"
    return PairReport(donor, recipient, found, missing, prices)


def _held(value: Any) -> str:
    """Return a figure in short, and a dash for one that is not held."""
    return "-" if value is None or math.isnan(value) else short_number(float(value))
