"""What outside figures on the partnerships add: counts, pairs and dates, money and flows of people."""

from __future__ import annotations

from itertools import pairwise

from crossfoot.intervals import Interval
from ewppr_lib.claims.facts import Question, StudyFacts
from ewppr_lib.claims.printed_tables import ONE_WAY, role_holds
from nbedition.claims import AGAINST, FROM_OUTSIDE, OPEN, Outside, Row, join, say

WINDOW = (2003, 2010)
NOTHING = "No outside figure on this is held."
HUNDRED = Interval.exact(100)


def value_of(row: Row) -> Interval:
    """Return an outside figure as an interval; "at least" leaves it open above."""
    value = Interval.printed(str(row["value"]), str(row["half_width"]))
    return Interval(value.low, None) if row["bound"] == "at least" else value


def source_of(*rows: Row) -> str:
    """Return the sources of outside figures with their vintages."""
    return "; ".join(dict.fromkeys(f"{row['source']} ({row['vintage']})" for row in rows))


def find(facts: StudyFacts, indicator: str, years: tuple[int, int] = WINDOW) -> Row | None:
    """Return the outside figure of an indicator over exactly these years; None if none is held."""
    for row in facts.history:
        if row["indicator"] == indicator and (row["year_from"], row["year_to"]) == years:
            return row
    return None


def _claimed(question: Question) -> Interval:
    """Return the claimed figure with the hedge that the text gives it."""
    amount = question.claim.amount()
    bound = next((row["bound"] for row in question.facts.stated if row["claim"] == question.claim.id), "exact")
    return Interval(amount.low, None) if bound == "at least" else amount


def _said(row: Row) -> str:
    number = say(value_of(row), 3) if row["bound"] == "exact" else f"more than {row['value']}"
    unit = "" if row["unit"] in ("count", "rank", "year") else f" {row['unit']}"
    return f"{number}{unit} in {_window(row)}"


def _window(row: Row) -> str:
    return str(row["year_from"]) if row["year_from"] == row["year_to"] else f"{row['year_from']}-{row['year_to']}"


def figure(question: Question) -> Outside:
    """Judge a figure by outside ones on the same thing: same window, windows inside it, windows around it."""
    indicator, start, end = question.words[0], int(question.words[1]), int(question.words[2])
    rows = [row for row in question.facts.history if row["indicator"] == indicator]
    claimed = _claimed(question)
    same = [row for row in rows if (row["year_from"], row["year_to"]) == (start, end)]
    if same:
        fits = [row for row in same if claimed.overlaps(value_of(row))]
        listed = join([_said(row) for row in same])
        verdict = FROM_OUTSIDE if len(fits) == len(same) else OPEN if fits else AGAINST
        return Outside(verdict, f"Outside: {listed}; {question.claim.printed_value} is printed.", source_of(*same))
    additive = [row for row in rows if row["unit"] not in ("per cent a year", "rank", "year")]
    return _nested(question, claimed, (start, end), additive, rows)


def _nested(
    question: Question, claimed: Interval, window: tuple[int, int], rows: list[Row], held: list[Row]
) -> Outside:
    """Judge by windows inside (at most the claim) and around (at least the claim)."""
    inside = [row for row in rows if window[0] <= row["year_from"] and row["year_to"] <= window[1]]
    around = [row for row in rows if row["year_from"] <= window[0] and window[1] <= row["year_to"]]
    over = [row for row in inside if (value_of(row) - claimed).gap(Interval.at_most(0)) > 0]
    under = [row for row in around if (claimed - value_of(row)).gap(Interval.at_most(0)) > 0]
    printed = f"{question.claim.printed_value} ({question.claim.unit}) is printed for {window[0]}-{window[1]}"
    if over or under:
        said = [f"a part of that time has more ({_said(row)})" for row in over]
        said += [f"a longer time has less ({_said(row)})" for row in under]
        return Outside(AGAINST, f"{printed}, but {join(said)}.", source_of(*over, *under))
    if not inside and not around:
        if not held:
            return Outside(OPEN, NOTHING)
        return Outside(OPEN, f"{printed}; outside only {join([_said(row) for row in held])}.", source_of(*held))
    listed = join([_said(row) for row in (*inside, *around)])
    return Outside(OPEN, f"{printed}; consistent with, but not given by, {listed}.", source_of(*inside, *around))


def pair(question: Question) -> Outside:
    """Judge a pair by outside lists that attest it for the year of the study's list."""
    year, givers = int(question.words[0]), question.words[1:]
    claimed = question.claim.printed_value
    known = [row for row in question.facts.partners if row["donor"] in givers]
    fitting = [row for row in known if str(row["recipient"]) in claimed]
    attested = [row for row in fitting if row["from_year"] <= year <= row["to_year"]]
    if {row["donor"] for row in attested} == set(givers):
        spans = join(list(dict.fromkeys(f"{row['from_year']}-{row['to_year']}" for row in attested)))
        return Outside(FROM_OUTSIDE, f"Attested for {spans}, which holds {year}.", source_of(*attested))
    if fitting:
        first = min(int(row["from_year"]) for row in fitting)
        return Outside(OPEN, f"The pair is attested from {first} on, not for {year}.", source_of(*fitting))
    if known:
        others = join(list(dict.fromkeys(str(row["recipient"]) for row in known)))
        return Outside(AGAINST, f"Outside lists pair {join(list(givers))} with {others}.", source_of(*known))
    return Outside(OPEN, NOTHING)


def new_pairs(question: Question) -> Outside:
    """Judge that the pairs of 2010 are new by the number that outside sources call changed."""
    changed = find(question.facts, "pairs_changed", (2010, 2010))
    if changed is None:
        return Outside(OPEN, NOTHING)
    pairs = sum(1 for row in question.facts.pairings if row["list_year"] == 2010)
    holds = value_of(changed).overlaps(Interval.exact(pairs))
    sentence = f"Outside, {say(value_of(changed))} of the {pairs} pairs changed in June 2010 ({changed['note']})."
    return Outside(FROM_OUTSIDE if holds else AGAINST, sentence, source_of(changed))


def _event(question: Question) -> tuple[Row | None, str]:
    """Return the outside row that dates an event, None if none is held, and the event in words."""
    name = question.words[0]
    return next((row for row in question.facts.history if row["indicator"] == name), None), name.replace("_", " ")


def starts_in(question: Question) -> Outside:
    """Judge the year of something by the year in which outside sources let it start."""
    row, event = _event(question)
    if row is None:
        return Outside(OPEN, NOTHING)
    holds = str(row["year_from"]) in question.claim.printed_value
    sentence = f"Outside, the {event} is dated {_window(row)}; {question.claim.printed_value} is printed."
    return Outside(FROM_OUTSIDE if holds else AGAINST, sentence, source_of(row))


def not_before(question: Question) -> Outside:
    """Judge a year by an event that it answers: it cannot come before it."""
    row, event = _event(question)
    if row is None:
        return Outside(OPEN, NOTHING)
    holds = int(question.claim.printed_value) >= row["year_from"]
    sentence = f"The {event} is dated {row['year_from']}; {question.claim.printed_value} is printed."
    return Outside(OPEN if holds else AGAINST, sentence, source_of(row))


def age_of(question: Question) -> Outside:
    """Give the age of something in a year; how old is new is not said."""
    row, event = _event(question)
    if row is None:
        return Outside(OPEN, NOTHING)
    years = int(question.words[1]) - int(row["year_from"])
    verdict = OPEN if years >= 0 else AGAINST
    return Outside(verdict, f"The {event} dates from {row['year_from']}, {years} years before.", source_of(row))


def unit_person(question: Question) -> Outside:
    """Judge the unit of a row by the unit in which an outside source gives the same figure."""
    indicator, start, end = question.words[0], int(question.words[1]), int(question.words[2])
    row = find(question.facts, indicator, (start, end))
    if row is None:
        return Outside(OPEN, NOTHING)
    same = question.facts.figure("t2/professionals_training/total").overlaps(value_of(row))
    holds = question.claim.printed_value.lower() == row["unit"]
    verdict = OPEN if not same else FROM_OUTSIDE if holds else AGAINST
    return Outside(verdict, f"Outside, the same figure counts {row['unit']}: {_said(row)}.", source_of(row))


def _money(facts: StudyFacts) -> tuple[dict[str, Interval], list[Row]] | None:
    rows = [find(facts, item) for item in ("government_aid", "enterprise_realised", "social_donations")]
    known = [row for row in rows if row is not None]
    if len(known) < len(rows):
        return None
    return {str(row["indicator"]): value_of(row) for row in known}, known


def _share(facts: StudyFacts, item: str) -> tuple[Interval, str] | None:
    money = _money(facts)
    if money is None:
        return None
    values, rows = money
    whole = values["government_aid"] + values["enterprise_realised"] + values["social_donations"]
    return values[item] / whole * HUNDRED, source_of(*rows)


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


def donations_to_aid(question: Question) -> Outside:
    """Set the printed ratio of donations to aid beside that of 2003-2010."""
    money = _money(question.facts)
    if money is None:
        return Outside(OPEN, NOTHING)
    values, rows = money
    found = values["social_donations"] / values["government_aid"] * HUNDRED
    sentence = f"{say(found, 1)} per cent in 2003-2010, against {question.claim.printed_value} printed for 2003-2007"
    return Outside(OPEN, f"{sentence}: another window.", source_of(*rows))


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
