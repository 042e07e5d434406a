"""What a package brings: its measures by year, its funds, and the check that no money is lost or made."""

from dataclasses import dataclass, field

import numpy as np

from ewppr_lib.errors import CheckFailed
from ewppr_lib.study.reform.funds import Fund
from ewppr_lib.study.reform.types import Array

TOLERANCE = 1e-9  # share of the money that rounding may lose

UNITS = {
    "aid": "million yuan",
    "cost": "million yuan",
    "moved": "million yuan",
    "grants": "million yuan",
    "loans": "million yuan",
    "investment": "million yuan",
    "tax": "million yuan",
    "jobs": "jobs",
    "wages": "million yuan",
    "dividends": "million yuan",
    "households": "households",
    "lifted": "households",
    "village_households": "households",
    "women": "persons",
    "donations": "million yuan",
    "cadres": "person-times",
    "volunteers": "person-times",
    "fund_balance": "million yuan",
}
MEASURES = tuple(UNITS)


@dataclass
class Outcome:
    """What a package brings by year: measures of `UNITS`, shape (draws, years); those left out are zero.

    ``channels`` holds what `reach` splits: households by channel, new jobs and new borrowers.
    """

    draws: int
    years: int
    measures: dict[str, Array] = field(default_factory=dict)
    channels: dict[str, Array] = field(default_factory=dict)
    funds: dict[str, Fund] = field(default_factory=dict)

    def __getitem__(self, name: str) -> Array:
        found = self.measures.get(name)
        if found is not None and found.shape == (self.draws, self.years):
            return found
        return np.broadcast_to(np.float64(0) if found is None else found, (self.draws, self.years))

    def add(self, name: str, amount: Array) -> None:
        """Add to a measure."""
        self.measures[name] = self.measures[name] + amount if name in self.measures else amount

    def add_channel(self, name: str, amount: Array) -> None:
        """Add to a channel."""
        self.channels[name] = self.channels[name] + amount if name in self.channels else amount

    def channel(self, name: str) -> Array:
        """Return a channel; zero where nothing goes through it."""
        return self.channels.get(name, np.zeros((1, 1)))

    def add_fund(self, name: str, fund: Fund) -> None:
        """Keep a fund and add what it holds."""
        self.funds[name] = fund
        self.add("moved", fund.paid_in)
        self.add("fund_balance", fund.balance)

    def check(self, package: str) -> None:
        """Compare all money in with all money out.

        Raises
        ------
        CheckFailed
            If a fund's money does not add up, grants are negative, or a loan counts twice.
        """
        for name, fund in self.funds.items():
            if not fund.imbalance() <= TOLERANCE:
                raise CheckFailed(f"option '{package}': the money of fund '{name}' does not add up.")
            if not fund.balance.min() >= -TOLERANCE * max(1.0, float(fund.paid_in.max())):
                raise CheckFailed(f"option '{package}': fund '{name}' owes more than it has.")
        if not self["grants"].min() >= -TOLERANCE * float(self["aid"].max()):
            raise CheckFailed(f"option '{package}': more aid is moved than there is.")
        each = [fund.new_loans for fund in self.funds.values() if fund.new_loans.any()]
        if each and not (self["loans"] <= sum(each) * (1 + TOLERANCE) + TOLERANCE).all():
            raise CheckFailed(f"option '{package}': a loan counts twice.")
