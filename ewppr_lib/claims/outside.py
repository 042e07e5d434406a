"""What outside figures on the partnerships add: counts, pairs and dates."""

from __future__ import annotations

from crossfoot.intervals import Interval
from ewppr_lib.claims.facts import Facts, Question
from ewppr_lib.claims.register import judges_outside
from nbedition.claims import AGAINST, FROM_OUTSIDE, OPEN, Outside, Row, join, say

WINDOW = (2003, 2010)
NOTHING = "No outside figure on this is held."


def value_of(row: Row) -> Interval:
    """Return an outside figure as an interval; "at least" leaves it open above."""
    value = Interval.printed(str(row["value"]), str(row["half_width"]))
    return Interval(value.low, None) if row["bound"] == "at least" else value


def source_of(*rows: Row) -> str:
    """Return the sources of outside figures with their vintages."""
    return "; ".join(dict.fromkeys(f"{row['source']} ({row['vintage']})" for row in rows))


def find(facts: Facts, indicator: str, years: tuple[int, int] = WINDOW) -> Row | None:
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


@judges_outside("figure")
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


@judges_outside("pair")
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


@judges_outside("new_pairs")
def new_pairs(question: Question) -> Outside:
    """Judge that the pairs of 2010 are new by the number that outside sources call changed."""
    changed = find(question.facts, "pairs_changed", (2010, 2010))
    if changed is None:
        return Outside(OPEN, NOTHING)
    pairs = sum(1 for row in question.facts.pairings if row["list_year"] == 2010)
    holds = value_of(changed).overlaps(Interval.exact(pairs))
    sentence = f"Outside, {say(value_of(changed))} of the {pairs} pairs changed in June 2010 ({changed['note']})."
    return Outside(FROM_OUTSIDE if holds else AGAINST, sentence, source_of(changed))


@judges_outside("starts_in")
def starts_in(question: Question) -> Outside:
    """Judge the year of something by the year in which outside sources let it start."""
    row = next((row for row in question.facts.history if row["indicator"] == question.words[0]), None)
    if row is None:
        return Outside(OPEN, NOTHING)
    holds = str(row["year_from"]) in question.claim.printed_value
    event = question.words[0].replace("_", " ")
    sentence = f"Outside, the {event} is dated {_window(row)}; {question.claim.printed_value} is printed."
    return Outside(FROM_OUTSIDE if holds else AGAINST, sentence, source_of(row))


@judges_outside("not_before")
def not_before(question: Question) -> Outside:
    """Judge a year by an event that it answers: it cannot come before it."""
    row = next((row for row in question.facts.history if row["indicator"] == question.words[0]), None)
    if row is None:
        return Outside(OPEN, NOTHING)
    holds = int(question.claim.printed_value) >= row["year_from"]
    event = question.words[0].replace("_", " ")
    sentence = f"The {event} is dated {row['year_from']}; {question.claim.printed_value} is printed."
    return Outside(OPEN if holds else AGAINST, sentence, source_of(row))


@judges_outside("age_of")
def age_of(question: Question) -> Outside:
    """Give the age of something in a year; how old is new is not said."""
    row = next((row for row in question.facts.history if row["indicator"] == question.words[0]), None)
    if row is None:
        return Outside(OPEN, NOTHING)
    years = int(question.words[1]) - int(row["year_from"])
    event = question.words[0].replace("_", " ")
    verdict = OPEN if years >= 0 else AGAINST
    return Outside(verdict, f"The {event} dates from {row['year_from']}, {years} years before.", source_of(row))


@judges_outside("unit_person")
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
