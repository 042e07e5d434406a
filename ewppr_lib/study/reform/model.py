"""The reform model: every option is a package, and every package is run by the same call."""

from dataclasses import dataclass

import numpy as np

from ewppr_lib.study.reform import aid, enterprises, people, reach
from ewppr_lib.study.reform import households as finance
from ewppr_lib.study.reform.draws import Draws
from ewppr_lib.study.reform.outcome import Outcome
from ewppr_lib.study.reform.packages import Package
from ewppr_lib.study.reform.types import Array

BASE_YEAR = 2007  # last year of Table 1, and the year of the donors' revenue


@dataclass(frozen=True)
class Common:
    """What happens without any package; every package starts from it."""

    advocated: Array
    donations: Array
    cadres: Array
    serving: Array
    elapsed: Array

    @classmethod
    def of(cls, p: Draws, first_year: int) -> "Common":
        """Return advocated aid, donations, cadres sent and serving, from a first year on."""
        elapsed = np.arange(p.years, dtype=np.float64)[None, :] + (first_year - BASE_YEAR)
        cadres = aid.on_trend(p["cadre_level"], 0.0, p["cadre_volatility"], elapsed, p.shock("cadres"))
        return cls(
            aid.on_trend(p["aid_level"], p["aid_growth"], p["aid_volatility"], elapsed, p.shock("aid")),
            aid.on_trend(
                p["donation_level"], p["donation_growth"], p["donation_volatility"], elapsed, p.shock("donations")
            ),
            cadres,
            people.cadres_in_service(cadres, p["service_years"]),
            elapsed,
        )


def outcome(package: Package, p: Draws, common: Common) -> Outcome:
    """Return what a package brings, by draw and year.

    Parameters
    ----------
    package
        How much aid there is and what it is used for.
    p
        Parameters and shocks.
    common
        What happens without it, from the same draws.

    Raises
    ------
    CheckFailed
        If money is lost or made anywhere beyond rounding.
    """
    result = Outcome(p.count, p.years)
    given = fixed_share(p, common) if package.aid == "fixed_share" else common.advocated
    result.add("aid", given)
    inflow = {
        name: given * (p["fund_share"] if share is None else share)
        for name, share in package.shares.items()
        if share != 0
    }
    enterprises.add(result, p, inflow)
    _finance_households(result, p, inflow)
    _help(result, p, common, inflow)
    _send_cadres(result, p, common, rule=package.cadre_rule)
    _grant(result, p)
    _reach(result, p)
    result.check(package.name)
    return result


def fixed_share(p: Draws, common: Common) -> Array:
    """Return aid under the fixed share of revenue, million yuan, shape (draws, years)."""
    revenue = aid.on_trend(
        p["revenue_level"], p["revenue_growth"], p["revenue_volatility"], common.elapsed, p.shock("revenue")
    )
    parts = (p["provincial_part"], p["prefectural_part"], 1 - p["provincial_part"] - p["prefectural_part"])
    multiples = (p["provincial_multiple"], p["prefectural_multiple"], p["county_multiple"])
    from_revenue = aid.share_of_revenue(revenue, p["aid_share"], parts, multiples)
    return aid.fixed_share_path(
        common.advocated, from_revenue, aid.Rule(p["phase_in_years"], p["aid_floor"], p["aid_cap"])
    )


def _finance_households(result: Outcome, p: Draws, inflow: dict[str, Array]) -> None:
    if "household_credit" in inflow:
        lending = finance.Lending(p["turns"], p["repayment"], p["credit_rate"], p["credit_cost"])
        fund = finance.revolving_fund(inflow["household_credit"], lending)
        result.add_fund("household_credit", fund)
        result.add("loans", fund.new_loans)
        reached = finance.borrowers_reached(fund.new_loans, p["loan_size"], p["repeat_part"])
        result.add_channel("borrowers", reached)
        result.add_channel("rural", reached)
    if "insurance" in inflow:
        policy = finance.Policy(
            p["premium"], p["premium_subsidy"], p["loss_ratio"], p["loss_volatility"], p["insurance_cost"]
        )
        fund, insured = finance.insurance_fund(inflow["insurance"], policy, p.shock("losses"))
        result.add_fund("insurance", fund)
        result.add_channel("rural", finance.first_time(insured))


def _help(result: Outcome, p: Draws, common: Common, inflow: dict[str, Array]) -> None:
    """Add donations and volunteers; money that finds no use there stays with the grants."""
    result.add("donations", common.donations)
    result.add("volunteers", p["volunteer_level"])
    if "social" not in inflow:
        return
    moved = people.social_help(
        inflow["social"],
        common.donations,
        (p["volunteer_part"], p["volunteer_cost"]),
        (p["fundraising_yield"], p["donation_ceiling"]),
    )
    result.add("moved", moved.spent)
    result.add("donations", moved.raised)
    result.add("volunteers", moved.sent)


def _send_cadres(result: Outcome, p: Draws, common: Common, *, rule: bool) -> None:
    sent = common.cadres
    if rule:
        phase = np.minimum(1.0, np.arange(1, p.years + 1)[None, :] / p["phase_in_years"])
        sent = (1 - phase) * sent + people.cadres_by_rule(p["qualifying_posts"], p["post_turnover"], phase)
    result.add("cadres", sent)
    serving = people.cadres_in_service(sent, p["service_years"]) if rule else common.serving
    result.add("cost", result["aid"] + p["cadre_cost"] * serving)


def _grant(result: Outcome, p: Draws) -> None:
    """Grant what is left: aid less what is moved, and what funds that are wound up return."""
    result.add("grants", result["aid"] - result["moved"])
    for fund in result.funds.values():
        if fund.returned.any():
            result.add("grants", fund.returned)
    public = result["grants"] + result["donations"]
    result.add_channel("public", public * (p["water_persons"] / p["household_size"]))


def _reach(result: Outcome, p: Draws) -> None:
    """Add up households by channel, those in poor villages, and women in jobs and among borrowers."""
    channels = reach.Channels(
        public=result.channel("public"),
        rural=result.channel("rural"),
        nonfarm=result.channel("nonfarm"),
        farm_jobs=result.channel("farm_jobs"),
        nonfarm_jobs=result.channel("nonfarm_jobs"),
        borrowers=result.channel("borrowers"),
    )
    result.add("households", channels.public + channels.rural + channels.nonfarm)
    villages = (p["village_grants"], p["village_farm"], p["village_nonfarm"])
    result.add("village_households", reach.in_villages(channels, *villages))
    if {"farm_jobs", "nonfarm_jobs", "borrowers"} & set(result.channels):
        women = (p["women_farm"], p["women_nonfarm"], p["women_borrowers"])
        result.add("women", reach.women_reached(channels, *women))
