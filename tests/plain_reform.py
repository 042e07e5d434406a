"""The reform model once more, in plain Python: one draw, one year, one number at a time; no NumPy, nothing shared."""

import math
from collections.abc import Iterable
from itertools import pairwise

USES = ("guarantee", "risk", "discount", "sme", "household_credit", "insurance", "farm", "nonfarm", "sharing", "social")
STUDY = {"guarantee": 0.15, "risk": 0.1, "discount": 0.15, "sme": 0.1, "household_credit": 0.1, "social": 0.05}


def credit_fund(inflow: list[float], t: dict[str, float]) -> dict[str, list[float]]:
    """A guarantee, risk or SME fund, told as a cashier would."""
    cash, outstanding = 0.0, 0.0
    book: dict[str, list[float]] = {key: [] for key in ("balance", "new_loans", "earned", "paid_out", "returned")}
    for year, money in enumerate(inflow):
        if year >= t["life"]:
            book["returned"].append(cash)
            cash = 0.0
        else:
            book["returned"].append(0.0)
            cash += money
        capacity = t["leverage"] * cash
        granted = capacity - outstanding if capacity > outstanding else 0.0
        outstanding += granted
        income = t["deposit_rate"] * cash
        if cash > 0:
            income += t["fee"] * outstanding
        purse = cash + income
        cost = min(purse, t["cost"] * outstanding)
        purse -= cost
        failed = t["default_rate"] * outstanding
        claim = min(purse, t["loss_share"] * failed)
        purse -= claim
        recovered = t["recovery_rate"] * claim
        purse += recovered
        repaid = (outstanding - failed) / t["term"]
        outstanding = outstanding - failed - repaid
        book["balance"].append(purse)
        book["new_loans"].append(granted)
        book["earned"].append(income + recovered)
        book["paid_out"].append(cost + claim)
        cash = purse
    return book


def revolving_fund(inflow: list[float], t: dict[str, float]) -> dict[str, list[float]]:
    """A community development fund."""
    cash = 0.0
    book: dict[str, list[float]] = {"balance": [], "new_loans": []}
    for money in inflow:
        cash += money
        lent = t["turns"] * cash
        back = max(lent * t["repayment"], lent - cash)
        cash = cash - (lent - back) + t["interest"] * t["repayment"] * lent
        cash -= min(cash, t["cost"] * lent)
        book["balance"].append(cash)
        book["new_loans"].append(lent)
    return book


def insurance_fund(inflow: list[float], t: dict[str, float], shocks: list[float]) -> list[float]:
    """Balances of a farm insurance fund."""
    cash, balances = 0.0, []
    for money, shock in zip(inflow, shocks, strict=True):
        premiums = money / t["subsidy"]
        bad_year = math.exp(t["volatility"] * shock - t["volatility"] ** 2 / 2)
        cash += premiums
        cash -= min(cash, premiums * t["cost"] + premiums * t["loss_ratio"] * bad_year)
        balances.append(cash)
    return balances


def discounted_loans(inflow: list[float], points: float, term: float) -> list[float]:
    """New loans a year that an interest-discount fund supports."""
    outstanding, granted = 0.0, []
    for money in inflow:
        new = max(0.0, money / points - outstanding)
        granted.append(new)
        outstanding = (outstanding + new) * (1 - 1 / term)
    return granted


def on_trend(level: float, growth: float, volatility: float, years: list[int], shocks: list[float]) -> list[float]:
    """Amounts that grow and scatter."""
    return [
        level * math.exp((year - 2007) * math.log1p(growth) + volatility * shock)
        for year, shock in zip(years, shocks, strict=True)
    ]


def in_service(sent: list[float], service_years: float) -> list[float]:
    """Cadres that serve each year."""
    serving = []
    for year in range(len(sent)):
        there = 0.0
        for ago in range(min(year + 1, math.ceil(service_years))):
            there += min(1.0, service_years - ago) * sent[year - ago]
        serving.append(there)
    return serving


def unsteadiness(amounts: list[float]) -> float:
    """Standard deviation of yearly changes, each a share of the two years' mean."""
    changes = [(after - before) / ((before + after) / 2) for before, after in pairwise(amounts)]
    mean = sum(changes) / len(changes)
    return math.sqrt(sum((change - mean) ** 2 for change in changes) / len(changes))


def fixed_share(p: dict[str, float], advocated: list[float], years: list[int], shocks: list[float]) -> list[float]:
    """Aid as a share of revenue, phased in, with floor and cap."""
    revenue = on_trend(p["revenue_level"], p["revenue_growth"], p["revenue_volatility"], years, shocks)
    county = 1 - p["provincial_part"] - p["prefectural_part"]
    weight = p["provincial_part"] * p["provincial_multiple"] + p["prefectural_part"] * p["prefectural_multiple"]
    weight += county * p["county_multiple"]
    aid = []
    for number, (usual, raised) in enumerate(zip(advocated, revenue, strict=True), start=1):
        phase = min(1.0, number / p["phase_in_years"])
        mixed = phase * raised * p["aid_share"] * weight + (1 - phase) * usual
        aid.append(min(max(mixed, p["aid_floor"] * usual), p["aid_cap"] * usual))
    return aid


def fund_terms(p: dict[str, float], kind: str) -> dict[str, float]:
    """Terms of a guarantee, risk or SME fund."""
    names = {
        "guarantee": "leverage default_rate loss_share recovery_rate guarantee_fee operating_cost loan_term",
        "risk": "risk_leverage risk_loss_rate risk_loss_share 0 0 operating_cost risk_term",
        "sme": "sme_deployed sme_default 1 recovery_rate sme_rate sme_cost loan_term",
    }[kind].split()
    keys = ("leverage", "default_rate", "loss_share", "recovery_rate", "fee", "cost", "term")
    terms = {key: float(name) if name.isdigit() else p[name] for key, name in zip(keys, names, strict=True)}
    idle = 1 - p["sme_deployed"] if kind == "sme" else 1.0
    return terms | {"deposit_rate": p["deposit_rate"] * idle, "life": p["fund_life"]}


def through_funds(p: dict[str, float], inflow: dict[str, list[float]], book: dict[str, float]) -> list[float]:
    """Additional investment that funds for enterprises move; what they hold at last goes into the book."""
    nothing = [0.0] * len(next(iter(inflow.values())))
    lent = dict.fromkeys(("guarantee", "risk", "sme"), nothing)
    for kind in set(lent) & set(inflow):
        fund = credit_fund(inflow[kind], fund_terms(p, kind))
        lent[kind] = fund["new_loans"]
        book["fund_balance"] += fund["balance"][-1]
    discounted = nothing
    if "discount" in inflow:
        discounted = discounted_loans(inflow["discount"], p["discount_points"], p["loan_term"])
    named = {"guarantee": "additionality", "discount": "discount_additionality", "sme": "sme_additionality"}
    named["risk"] = "risk_additionality"
    rate = {kind: p[name] if kind in inflow else 0.0 for kind, name in named.items()}
    own_funds = 0.0 if set(inflow) == {"risk"} else p["own_funds"]
    made = []
    for guaranteed, cheap, small, covered in zip(lent["guarantee"], discounted, lent["sme"], lent["risk"], strict=True):
        more = rate["guarantee"] * guaranteed + rate["discount"] * cheap + rate["sme"] * small
        if guaranteed and cheap:
            more -= min(rate["guarantee"], rate["discount"]) * p["overlap"] * min(guaranteed, cheap)
        made.append((1 + own_funds) * more + rate["risk"] * covered)
    return made


def invest(p: dict[str, float], made: list[float], kind: str, book: dict[str, float]) -> list[float]:
    """Enter what investment in a sector brings; return households reached by year."""
    if kind == "nonfarm":
        jobs, lifts, tax_rate = p["nonfarm_jobs"], p["households_per_nonfarm_job"], p["tax_rate"]
    else:
        jobs = 1000 * p["labour_per_mu"] / p["farm_investment_per_mu"]
        lifts, tax_rate = p["households_per_farm_job"], p["tax_rate"] * p["farm_tax_ratio"]
    jobs *= p["case_strength"]
    standing, reached = 0.0, []
    for money in made:
        standing = (1 - p["closure_rate"]) * standing + money
        lifted = jobs * lifts * money
        book["investment"] += money
        book["tax"] += tax_rate * standing
        book["jobs"] += jobs * standing
        book["lifted"] += lifted
        holders = 1000 * money / p["farm_investment_per_mu"] / p["mu_per_household"] if kind == "sharing" else 0.0
        reached.append(max(lifted, holders))
    return reached


def spend(
    p: dict[str, float], aid: list[float], donations: list[float], z: dict[str, list[float]], shares: dict[str, float]
) -> dict[str, float]:
    """Totals of one way of using aid."""
    book = dict.fromkeys(("investment", "tax", "jobs", "lifted", "households", "moved", "fund_balance"), 0.0)
    inflow = {use: [share * money for money in aid] for use, share in shares.items()}
    moved = [sum(shares.values()) * money for money in aid]
    given_otherwise = list(donations)
    if {"guarantee", "risk", "sme", "discount"} & set(inflow):
        made = through_funds(p, inflow, book)
        reached = invest(p, [p["farm_part"] * money for money in made], "farm", book)
        book["households"] += sum(reached)
        book["households"] += sum(invest(p, [(1 - p["farm_part"]) * money for money in made], "nonfarm", book))
    for kind in ("farm", "nonfarm", "sharing"):
        if kind in inflow:
            more = p["subsidy_additionality"] / p["subsidy_rate"]
            if kind == "sharing":
                more *= max(0.0, 1 - p["sharing_drag"] * p["share_held"])
            book["households"] += sum(invest(p, [more * money for money in inflow[kind]], kind, book))
    if "household_credit" in inflow:
        terms = {"turns": p["turns"], "repayment": p["repayment"], "interest": p["credit_rate"]}
        fund = revolving_fund(inflow["household_credit"], terms | {"cost": p["credit_cost"]})
        book["fund_balance"] += fund["balance"][-1]
        book["households"] += sum(fund["new_loans"]) * 1e6 / p["loan_size"] * (1 - p["repeat_part"])
    if "insurance" in inflow:
        terms = {"subsidy": p["premium_subsidy"], "cost": p["insurance_cost"]}
        terms |= {"loss_ratio": p["loss_ratio"], "volatility": p["loss_volatility"]}
        book["fund_balance"] += insurance_fund(inflow["insurance"], terms, z["losses"])[-1]
        insured = [money / p["premium_subsidy"] / p["premium"] * 1e6 for money in inflow["insurance"]]
        book["households"] += max(insured)
    if "social" in inflow:
        for year, money in enumerate(inflow["social"]):
            sending = p["volunteer_part"] * money
            raised = min((money - sending) * p["fundraising_yield"], p["donation_ceiling"] * donations[year])
            given_otherwise[year] += raised
            moved[year] -= money - sending - raised / p["fundraising_yield"]
    book["moved"] = sum(moved)
    granted = sum(aid) - book["moved"] + sum(given_otherwise)
    book["households"] += granted * p["water_persons"] / p["household_size"]
    return book


SINGLE = {use: ("advocated", {use: None}, "usual") for use in USES}
CHOSEN = {"baseline": ("advocated", {}, "usual"), "fixed_share": ("shared", {}, "usual"), **SINGLE}
CHOSEN |= {"cadre_rule": ("advocated", {}, "rule"), "study_package": ("shared", STUDY, "rule")}


def totals(
    p: dict[str, float], years: list[int], z: dict[str, list[float]], names: Iterable[str] = tuple(CHOSEN)
) -> dict[str, dict[str, float]]:
    """Totals of options for one draw, as long as no fund is wound up; what they share is worked out once."""
    advocated = on_trend(p["aid_level"], p["aid_growth"], p["aid_volatility"], years, z["aid"])
    donations = on_trend(p["donation_level"], p["donation_growth"], p["donation_volatility"], years, z["donations"])
    usual = on_trend(p["cadre_level"], 0.0, p["cadre_volatility"], years, z["cadres"])
    aid = {"advocated": (advocated, sum(advocated), unsteadiness(advocated))}
    serving = {"usual": sum(in_service(usual, p["service_years"]))}
    found = {}
    for name in names:
        paid, shares, cadres = CHOSEN[name]
        if paid not in aid:
            shared = fixed_share(p, advocated, years, z["revenue"])
            aid[paid] = shared, sum(shared), unsteadiness(shared)
        if cadres not in serving:
            serving[cadres] = sum(in_service(by_rule(p, usual), p["service_years"]))
        given, total, changes = aid[paid]
        used = {use: p["fund_share"] if share is None else share for use, share in shares.items()}
        book = spend(p, given, donations, z, used)
        found[name] = book | {"cost": total + p["cadre_cost"] * serving[cadres], "unsteadiness": changes}
    return found


def by_rule(p: dict[str, float], usual: list[float]) -> list[float]:
    """Cadres sent when service is a qualification, phased in."""
    sent = []
    for number, before in enumerate(usual, start=1):
        phase = min(1.0, number / p["phase_in_years"])
        sent.append(phase * p["qualifying_posts"] * p["post_turnover"] + (1 - phase) * before)
    return sent
