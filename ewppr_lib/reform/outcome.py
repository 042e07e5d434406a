"""What a package brings: its measures by year, its funds, and the check that no money is lost or made."""

from dataclasses import dataclass, field

import numpy as np

from crossfoot.errors import CheckFailed
from ewppr_lib.reform.aid import unsteadiness
from ewppr_lib.reform.amounts import Amount, Array, amount, nothing, over_years
from ewppr_lib.reform.funds import Fund

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
class PackageOutcome:
    """What a package brings by draw and year: measures of `UNITS`; those left out are zero.

    ``channels`` holds what `people` splits: households by channel, new jobs and new borrowers.
    """

    draws: int
    years: int
    measures: dict[str, Amount] = field(default_factory=dict)
    channels: dict[str, Amount] = field(default_factory=dict)
    funds: dict[str, Fund] = field(default_factory=dict)

    def __getitem__(self, name: str) -> Array:
        """Return a measure by year, shape (draws, years)."""
        found = self.measures.get(name)
        return nothing(self.draws, self.years) if found is None else found.by_year()

    def total(self, name: str) -> Array:
        """Return a measure summed over the years, the last balance, or the unsteadiness of aid, shape (draws,)."""
        if name == "unsteadiness":
            (aid,) = self.measures["aid"].terms
            return aid.flow.once(unsteadiness)
        if name not in self.measures:
            return np.zeros(self.draws)
        if name == "fund_balance":
            return np.asarray(sum(fund.balance[:, -1] for fund in self.funds.values()))
        return self.measures[name].total

    def over_draws(self, name: str) -> Array:
        """Return a measure summed over the draws, shape (years,)."""
        found = self.measures.get(name)
        return np.zeros(self.years) if found is None else found.over_draws

    def add(self, name: str, more: Array | Amount) -> None:
        """Add to a measure."""
        self._add(self.measures, name, more)

    def add_channel(self, name: str, more: Array | Amount) -> None:
        """Add to a channel."""
        self._add(self.channels, name, more)

    def channel(self, name: str) -> Amount:
        """Return a channel; zero where nothing goes through it."""
        return self.channels.get(name) or amount(nothing(self.draws, self.years))

    def _add(self, to: dict[str, Amount], name: str, more: Array | Amount) -> None:
        if not isinstance(more, Amount):
            shape = (self.draws, self.years)
            more = amount(more if more.shape == shape else np.broadcast_to(more, shape))
        to[name] = to[name] + more if name in to else more

    def add_fund(self, name: str, fund: Fund, inflow: Amount) -> Amount:
        """Keep a fund, add what was moved to it and what it holds, and return its new loans."""
        self.funds[name] = fund
        self.add("moved", inflow if fund.paid_in is inflow.by_year() else fund.paid_in)
        self.add("fund_balance", fund.balance)
        return amount(fund.new_loans)

    def check(self, package: str) -> None:
        """Compare all money in with all money out."""
        for name, fund in self.funds.items():
            if not fund.imbalance() <= TOLERANCE:
                raise CheckFailed(f"option '{package}': the money of fund '{name}' does not add up.")
            if not fund.balance.min() >= -TOLERANCE * max(1.0, float(over_years(fund.paid_in).max())):
                raise CheckFailed(f"option '{package}': fund '{name}' owes more than it has.")
        if not self["grants"].min() >= -TOLERANCE * float(self.total("aid").max()):
            raise CheckFailed(f"option '{package}': more aid is moved than there is.")
        each = [fund.new_loans for fund in self.funds.values()]
        loans = self["loans"]
        if each and loans is not each[0] and not (loans <= sum(each) * (1 + TOLERANCE) + TOLERANCE).all():
            raise CheckFailed(f"option '{package}': a loan counts twice.")
