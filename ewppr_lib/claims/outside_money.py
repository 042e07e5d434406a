"""What outside figures on money and on flows of people add: roles, shares, growth and totals."""

from __future__ import annotations

from itertools import pairwise

from crossfoot.intervals import Interval
from ewppr_lib.claims.facts import Facts, Question
from ewppr_lib.claims.outside import NOTHING, find, source_of, value_of
from ewppr_lib.claims.register import judges_outside
from ewppr_lib.claims.shares import ONE_WAY, role_holds
from nbedition.claims import AGAINST, FROM_OUTSIDE, OPEN, Outside, Row, join, say

HUNDRED = Interval.exact(100)


def _money(facts: Facts) -> tuple[dict[str, Interval], list[Row]] | None:
    rows = [find(facts, item) for item in ("government_aid", "enterprise_realised", "social_donations")]
    known = [row for row in rows if row is not None]
    if len(known) < len(rows):
        return None
    return {str(row["indicator"]): value_of(row) for row in known}, known


def _share(facts: Facts, item: str) -> tuple[Interval, str] | None:
    money = _money(facts)
    if money is None:
        return None
    values, rows = money
    whole = values["government_aid"] + values["enterprise_realised"] + values["social_donations"]
    return values[item] / whole * HUNDRED, source_of(*rows)


@judges_outside("money_role")
def money_role(question: Question) -> Outside:
    """Judge a word for an actor's role by its share of the money of 2003-2010."""
    actor, role = question.words
    item = {"government": "government_aid", "enterprise": "enterprise_realised"}[actor]
    found = _share(question.facts, item)
    if found is None:
        return Outside(OPEN, NOTHING)
    share, source = found
    sentence = f"By money, the {actor} share of 2003-2010 is {say(share, 1)} per cent, investment as realised."
    return Outside(FROM_OUTSIDE if role_holds(role, share) else AGAINST, sentence, source)


@judges_outside("money_share")
def money_share(question: Question) -> Outside:
    """Set a printed share beside that of 2003-2010; the windows differ, so it stays open."""
    found = _share(question.facts, question.words[0])
    if found is None:
        return Outside(OPEN, NOTHING)
    share, source = found
    sentence = (
        f"{say(share, 2)} per cent in 2003-2010 with investment as realised, against {question.claim.printed_value}"
    )
    return Outside(OPEN, f"{sentence} printed for 2003-2007: another window.", source)


@judges_outside("donations_to_aid")
def donations_to_aid(question: Question) -> Outside:
    """Set the printed ratio of donations to aid beside that of 2003-2010."""
    money = _money(question.facts)
    if money is None:
        return Outside(OPEN, NOTHING)
    values, rows = money
    found = values["social_donations"] / values["government_aid"] * HUNDRED
    sentence = f"{say(found, 1)} per cent in 2003-2010, against {question.claim.printed_value} printed for 2003-2007"
    return Outside(OPEN, f"{sentence}: another window.", source_of(*rows))


@judges_outside("one_way")
def one_way(question: Question) -> Outside:
    """Judge a one-way flow by the cadres counted in each direction."""
    rows = [find(question.facts, f"cadres_{way}") for way in ("east_west", "west_east")]
    known = [row for row in rows if row is not None]
    if len(known) < len(rows):
        return Outside(OPEN, NOTHING)
    east, west = (value_of(row) for row in known)
    share = east / (east + west) * HUNDRED
    holds = share.low is not None and share.low >= ONE_WAY
    sentence = f"{say(east)} cadres went west and {say(west)} east in 2003-2010: {say(share, 1)} per cent went west."
    return Outside(FROM_OUTSIDE if holds else AGAINST, sentence, source_of(*known))


@judges_outside("aid_rises")
def aid_rises(question: Question) -> Outside:
    """Judge that aid rises by the single years that outside sources give."""
    rows = [row for row in question.facts.history if row["indicator"] == "government_aid"]
    years = sorted((row for row in rows if row["year_from"] == row["year_to"]), key=lambda row: int(row["year_from"]))
    if len(years) < 2:
        return Outside(OPEN, NOTHING)
    rising = all(
        (value_of(later) - value_of(earlier)).gap(Interval.at_most(0)) > 0 for earlier, later in pairwise(years)
    )
    listed = join([f"{say(value_of(row), 1)} ({row['year_from']})" for row in years])
    sentence = f"Outside, aid in million yuan is {listed}, years after Table 1."
    return Outside(FROM_OUTSIDE if rising else AGAINST, sentence, source_of(*years))


@judges_outside("tiles")
def tiles(question: Question) -> Outside:
    """Judge the aid of 1996-2010 by outside windows that, with Table 1, tile it."""
    facts = question.facts
    early, late, gifts = (
        find(facts, "free_aid", (1996, 2007)),
        find(facts, "government_aid"),
        find(facts, "social_donations"),
    )
    if early is None or late is None or gifts is None:
        return Outside(OPEN, NOTHING)
    aid = value_of(early) + value_of(late) - facts.figure("t1/government_aid/Total")
    both = aid + value_of(gifts) - facts.figure("t1/social_donations/Total")
    amount = question.claim.amount()
    readings = {"government aid alone": aid, "with social donations": both}
    fits = [name for name, found in readings.items() if amount.overlaps(found)]
    hull = Interval(aid.low, both.high)
    verdict = FROM_OUTSIDE if fits else OPEN if hull.overlaps(amount) else AGAINST
    listed = join([f"{say(found, 0)} {name}" for name, found in readings.items()])
    sentence = f"1996-2007 and 2003-2010, less Table 1, give {listed} (million yuan); {say(amount)} is printed"
    sentence += ", between the two." if verdict == OPEN else "."
    return Outside(verdict, sentence, source_of(early, late))


@judges_outside("realised_total")
def realised_total(question: Question) -> Outside:
    """Judge the investment of 1996-2010: it can be realised investment only if the outside windows give it."""
    facts = question.facts
    early, late = find(facts, "enterprise_realised", (1996, 2007)), find(facts, "enterprise_realised")
    if early is None or late is None:
        return Outside(OPEN, NOTHING)
    found = value_of(early) + value_of(late) - facts.figure("t1/enterprise_realised/Total")
    amount = question.claim.amount()
    if found.overlaps(amount):
        return Outside(FROM_OUTSIDE, f"Realised investment is {say(found, 0)} million yuan.", source_of(early, late))
    sentence = (
        f"Realised investment of 1996-2010 is {say(found, 0)} million yuan outside, so {say(amount)} is not realised"
    )
    return Outside(OPEN, f"{sentence}; no outside figure on agreed investment is held.", source_of(early, late))


@judges_outside("realised_share")
def realised_share(question: Question) -> Outside:
    """Set realised investment beside the west's product of the same years; no yardstick for 'great' is given."""
    facts = question.facts
    vintage, years = "YB-COMPILED", {2003, 2004, 2005, 2006, 2007}
    rows = [
        row
        for row in facts.regional_grp
        if row["vintage"] == vintage and row["region"] == "west_of_twelve" and row["year"] in years
    ]
    if len(rows) < len(years):
        return Outside(OPEN, NOTHING)
    product = sum(float(row["value"]) for row in rows) * 100
    invested = facts.figure("t1/enterprise_realised/Total").middle or 0
    sentence = (
        f"Realised investment of 2003-2007 is {float(invested) / product * 100:.2f} per cent of the west's product"
    )
    return Outside(OPEN, f"{sentence}; what is great is not said.", f"{rows[0]['source']} ({vintage})")
