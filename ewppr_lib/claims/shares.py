"""Claims on shares: of printed wholes, of money counted once, and of people by direction."""

from __future__ import annotations

from itertools import pairwise

from crossfoot.intervals import Interval
from ewppr_lib.claims.facts import Facts, Question
from ewppr_lib.claims.register import judges
from ewppr_lib.claims.tables import LEVELS, YEARS, column_sum, money_once
from nbedition.claims import CONTRADICTED, READING, REPRODUCED, Outcome, concord, join, say

HUNDRED = Interval.exact(100)
FLOWS = {
    "cadres": ("cadres_east_west", "cadres_west_east"),
    "professionals": ("professionals_east_west", "professionals_west_east"),
}
ONE_WAY = 90  # per cent of the people who move in one direction, for a flow to be called one-way


@judges("share_of_funds")
def share_of_funds(question: Question) -> Outcome:
    """Judge a share of all funds by each denominator that the table allows."""
    (item,) = question.words
    facts = question.facts
    part = facts.figure(f"t1/{item}/Total")
    shares = {"the printed total, which adds up all eight rows": part / facts.figure("t1/total/Total") * HUNDRED}
    for name, whole in money_once(facts, "Total").items():
        own = facts.figure("t1/enterprise_realised/Total") if "realised" in name else part
        shares[f"money counted once, {name}"] = (own if item.startswith("enterprise") else part) / whole * HUNDRED
    fits = [name for name, found in shares.items() if question.printed.overlaps(found)]
    listed = join([f"{say(found, 2)} of {name}" for name, found in shares.items()])
    sentence = f"{question.claim.printed_value} per cent is printed; the share is {listed}."
    if not fits:
        return Outcome(CONTRADICTED, sentence, listed)
    if fits == ["the printed total, which adds up all eight rows"]:
        return Outcome(READING, sentence, listed, fits[0])
    return Outcome(REPRODUCED, sentence, listed, join(fits))


def shares_of_money(facts: Facts, actor: str) -> dict[str, Interval]:
    """Return the share of ``government`` or ``enterprise`` in the money counted once, per cent, by reading."""
    shares = {}
    for name, whole in money_once(facts, "Total").items():
        realised = "enterprise_realised" if "realised" in name else "enterprise_agreed"
        item = "government_aid" if actor == "government" else realised
        shares[name] = facts.figure(f"t1/{item}/Total") / whole * HUNDRED
    return shares


def role_holds(role: str, share_found: Interval) -> bool:
    """Tell whether a share in per cent is what a word for a role says.

    ``minor``: below one half; ``main`` or ``largest``: above one half; ``sole``: all of it.
    """
    low, high = share_found.low, share_found.high
    if role == "minor":
        return high is not None and high < 50
    if role == "sole":
        return high is not None and high >= 100
    return low is not None and low > 50


@judges("money_role")
def money_role(question: Question) -> Outcome:
    """Judge a word for an actor's role by its share of the money, whichever investment is meant."""
    actor, role = question.words
    shares = shares_of_money(question.facts, actor)
    verdict, reading = concord([(name, role_holds(role, found)) for name, found in shares.items()])
    listed = join([f"{say(found, 1)} per cent with {name}" for name, found in shares.items()])
    sentence = f"By money, the {actor} share of 2003-2007 is {listed}; the text gives no other measure of the role."
    return Outcome(verdict, sentence, listed, reading or "role measured by the money of Table 1, counted once")


@judges("one_way")
def one_way(question: Question) -> Outcome:
    """Judge a one-way flow by the people who moved in each direction (Table 2)."""
    facts = question.facts
    flows = {name: tuple(facts.figure(f"t2/{item}/total") for item in pair) for name, pair in FLOWS.items()}
    shares = {name: east / (east + west) * HUNDRED for name, (east, west) in flows.items()}
    verdict, reading = concord(
        [(name, found.low is not None and found.low >= ONE_WAY) for name, found in shares.items()]
    )
    listed = join(
        [
            f"{say(shares[name], 1)} per cent of {name} ({say(east)} to {say(west)})"
            for name, (east, west) in flows.items()
        ]
    )
    sentence = f"Of the people exchanged in 2003-2010, those who went from east to west were {listed}."
    return Outcome(verdict, sentence, listed, reading or "direction measured by people exchanged")


@judges("aid_rises")
def aid_rises(question: Question) -> Outcome:
    """Judge that aid rises every year, by the printed row and by the sum of its levels."""
    facts = question.facts
    printed = [facts.figure(f"t1/government_aid/{year}") for year in YEARS]
    summed = [column_sum(facts, LEVELS, year) for year in YEARS]
    single = {level: [facts.figure(f"t1/{level}/{year}") for year in YEARS] for level in LEVELS}
    series = {"the row Government Funds": printed, "the sum of the three levels": summed}
    verdict, reading = concord([(name, _rises(values)) for name, values in series.items()])
    listed = join([f"{name}: {', '.join(say(value, 1) for value in values)}" for name, values in series.items()])
    falling = [level.removeprefix("aid_") for level, values in single.items() if not _rises(values)]
    sentence = f"{listed} (million yuan, 2003-2007)"
    sentence += f"; taken alone, {join(falling)} aid falls in some year." if falling else "."
    return Outcome(verdict, sentence, listed, reading)


def _rises(values: list[Interval]) -> bool:
    pairs = pairwise(values)
    return all(a.high is not None and b.low is not None and a.high < b.low for a, b in pairs)
