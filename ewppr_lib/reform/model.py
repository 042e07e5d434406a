"""The reform model: every option is a package, and every package is run by the same call."""

from functools import cached_property

import numpy as np

from ewppr_lib.reform import aid, enterprises, funds, people
from ewppr_lib.reform.amounts import Amount, Array, Scalars, amount
from ewppr_lib.reform.draws import Draws
from ewppr_lib.reform.outcome import PackageOutcome
from ewppr_lib.reform.packages import Package

BASE_YEAR = 2007  # last year of Table 1, and the year of the donors' revenue


class Common:
    """What happens without any package; every package starts from it, and what they share is worked out once."""

    def __init__(self, p: Draws, first_year: int) -> None:
        self.elapsed = np.arange(p.years, dtype=np.float64)[None, :] + (first_year - BASE_YEAR)
        self._p = p

    @cached_property
    def advocated(self) -> Amount:
        """Advocated aid, million yuan."""
        return self._on_trend("aid", self._p["aid_level"], self._p["aid_growth"], self._p["aid_volatility"])

    @cached_property
    def moved(self) -> Amount:
        """What a single use of aid moves out of grants, million yuan."""
        return amount(self.advocated.by_year() * self._p["fund_share"])

    @cached_property
    def donations(self) -> Amount:
        """Donations, million yuan."""
        p = self._p
        return self._on_trend("donations", p["donation_level"], p["donation_growth"], p["donation_volatility"])

    @cached_property
    def cadres(self) -> Amount:
        """Cadres sent, person-times."""
        return self._on_trend("cadres", self._p["cadre_level"], 0.0, self._p["cadre_volatility"])

    @cached_property
    def cost_of_cadres(self) -> Amount:
        """What the cadres who serve cost, million yuan."""
        return cost_of_cadres(self._p, self.cadres.by_year())

    @cached_property
    def cost(self) -> Amount:
        """Advocated aid and cadres, million yuan."""
        return self.advocated + self.cost_of_cadres

    def _on_trend(self, shock: str, level: Scalars, growth: Scalars, volatility: Scalars) -> Amount:
        return amount(aid.on_trend(level, growth, volatility, self.elapsed, self._p.shock(shock)))


def outcome(package: Package, p: Draws, common: Common) -> PackageOutcome:
    """Return what a package brings, by draw and year, set beside what happens without it from the same draws."""
    result = PackageOutcome(p.count, p.years)
    given = amount(fixed_share(p, common)) if package.aid == "fixed_share" else common.advocated
    result.add("aid", given)
    inflow = {name: _inflow(p, common, given, share) for name, share in package.shares.items() if share != 0}
    enterprises.add(result, p, inflow)
    _finance_households(result, p, inflow)
    _help(result, p, common, inflow)
    _send_cadres(result, p, common, rule=package.cadre_rule)
    _grant(result, p)
    _reach(result, p)
    result.check(package.name)
    return result


def _inflow(p: Draws, common: Common, given: Amount, share: float | None) -> Amount:
    if share is None and given is common.advocated:
        return common.moved
    return amount(given.by_year() * (p["fund_share"] if share is None else share))


def fixed_share(p: Draws, common: Common) -> Array:
    """Return aid under the fixed share of revenue, million yuan, shape (draws, years)."""
    revenue = aid.on_trend(
        p["revenue_level"], p["revenue_growth"], p["revenue_volatility"], common.elapsed, p.shock("revenue")
    )
    parts = (p["provincial_part"], p["prefectural_part"], 1 - p["provincial_part"] - p["prefectural_part"])
    multiples = (p["provincial_multiple"], p["prefectural_multiple"], p["county_multiple"])
    from_revenue = aid.share_of_revenue(revenue, p["aid_share"], parts, multiples)
    return aid.fixed_share_path(
        common.advocated.by_year(), from_revenue, aid.Rule(p["phase_in_years"], p["aid_floor"], p["aid_cap"])
    )


def _finance_households(result: PackageOutcome, p: Draws, inflow: dict[str, Amount]) -> None:
    if "household_credit" in inflow:
        lending = funds.Lending(p["turns"], p["repayment"], p["credit_rate"], p["credit_cost"])
        fund = funds.revolving_fund(inflow["household_credit"].by_year(), lending)
        loans = result.add_fund("household_credit", fund, inflow["household_credit"])
        result.add("loans", loans)
        reached = funds.borrowers_reached(loans, p["loan_size"], p["repeat_part"])
        result.add_channel("borrowers", reached)
        result.add_channel("rural", reached)
    if "insurance" in inflow:
        policy = funds.Policy(
            p["premium"], p["premium_subsidy"], p["loss_ratio"], p["loss_volatility"], p["insurance_cost"]
        )
        fund, insured = funds.insurance_fund(inflow["insurance"].by_year(), policy, p.shock("losses"))
        result.add_fund("insurance", fund, inflow["insurance"])
        result.add_channel("rural", funds.first_time(insured))


def _help(result: PackageOutcome, p: Draws, common: Common, inflow: dict[str, Amount]) -> None:
    """Add donations and volunteers; money that finds no use there stays with the grants."""
    result.add("donations", common.donations)
    result.add("volunteers", p["volunteer_level"])
    if "social" not in inflow:
        return
    moved = people.social_help(
        inflow["social"].by_year(),
        common.donations.by_year(),
        (p["volunteer_part"], p["volunteer_cost"]),
        (p["fundraising_yield"], p["donation_ceiling"]),
    )
    result.add("moved", moved.spent)
    result.add("donations", moved.raised)
    result.add("volunteers", moved.sent)


def _send_cadres(result: PackageOutcome, p: Draws, common: Common, *, rule: bool) -> None:
    given = result.measures["aid"]
    if not rule:
        result.add("cadres", common.cadres)
        result.add("cost", common.cost if given is common.advocated else given + common.cost_of_cadres)
        return
    phase = np.minimum(1.0, np.arange(1, p.years + 1)[None, :] / p["phase_in_years"])
    by_rule = people.cadres_by_rule(p["qualifying_posts"], p["post_turnover"], phase)
    sent = (1 - phase) * common.cadres.by_year() + by_rule
    result.add("cadres", sent)
    result.add("cost", given + cost_of_cadres(p, sent))


def cost_of_cadres(p: Draws, sent: Array) -> Amount:
    """Return what the cadres who serve cost: cadre_cost x cadres in service, million yuan."""
    return p["cadre_cost"] * amount(people.cadres_in_service(sent, p["service_years"]))


def _grant(result: PackageOutcome, p: Draws) -> None:
    """Grant what is left: aid less what is moved, and what funds that are wound up return."""
    result.add("grants", result.measures["aid"])
    if "moved" in result.measures:
        result.add("grants", -1.0 * result.measures["moved"])
    for fund in result.funds.values():
        if any(fund.returned.strides):
            result.add("grants", fund.returned)
    public = result.measures["grants"] + result.measures["donations"]
    result.add_channel("public", (p["water_persons"] / p["household_size"]) * public)


def _reach(result: PackageOutcome, p: Draws) -> None:
    """Add up households by channel, those in poor villages, and women in jobs and among borrowers."""
    channels = people.Channels(
        public=result.channel("public"),
        rural=result.channel("rural"),
        nonfarm=result.channel("nonfarm"),
        farm_jobs=result.channel("farm_jobs"),
        nonfarm_jobs=result.channel("nonfarm_jobs"),
        borrowers=result.channel("borrowers"),
    )
    result.add("households", channels.public + channels.rural + channels.nonfarm)
    villages = (p["village_grants"], p["village_farm"], p["village_nonfarm"])
    result.add("village_households", people.in_villages(channels, *villages))
    if {"farm_jobs", "nonfarm_jobs", "borrowers"} & set(result.channels):
        women = (p["women_farm"], p["women_nonfarm"], p["women_borrowers"])
        result.add("women", people.women_reached(channels, *women))
