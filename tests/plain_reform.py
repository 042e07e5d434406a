"""The reform model's funds once more, in plain Python: one draw, one year, one number at a time."""

import math
import random


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


def guarantee_option(p: dict[str, float], years: list[int]) -> dict[str, float]:
    """Totals of the option 'guarantee' for one draw, with shocks of its own."""
    aid = [
        p["aid_level"] * (1 + p["aid_growth"]) ** (year - 2007) * math.exp(p["aid_volatility"] * random.gauss(0, 1))
        for year in years
    ]
    fund = credit_fund([p["fund_share"] * money for money in aid], p)
    totals = {"investment": 0.0, "tax": 0.0, "jobs": 0.0, "households": 0.0}
    farm_jobs = 1000 * p["labour_per_mu"] / p["farm_investment_per_mu"] * p["case_strength"]
    other_jobs = p["nonfarm_jobs"] * p["case_strength"]
    farm_there = other_there = 0.0
    for money, loans in zip(aid, fund["new_loans"], strict=True):
        invested = (1 + p["own_funds"]) * p["additionality"] * loans
        farm, other = p["farm_part"] * invested, (1 - p["farm_part"]) * invested
        farm_there = (1 - p["closure_rate"]) * farm_there + farm
        other_there = (1 - p["closure_rate"]) * other_there + other
        totals["investment"] += invested
        totals["tax"] += p["tax_rate"] * (p["farm_tax_ratio"] * farm_there + other_there)
        totals["jobs"] += farm_jobs * farm_there + other_jobs * other_there
        totals["households"] += farm_jobs * p["households_per_farm_job"] * farm
        totals["households"] += other_jobs * p["households_per_nonfarm_job"] * other
        totals["households"] += (1 - p["fund_share"]) * money * p["water_persons"] / p["household_size"]
    return totals
