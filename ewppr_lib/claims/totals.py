"""Claims that state a figure twice, a whole with its parts, or a sum."""

from __future__ import annotations

from itertools import combinations

from crossfoot.intervals import Interval, total
from ewppr_lib.claims.facts import Question, StudyFacts, yes_or_no
from ewppr_lib.claims.printed_tables import window_of
from nbedition import claims
from nbedition.claims import CONTRADICTED, READING, Outcome, entirely_below, join, say

MOST_ROWS = 4  # rows of Table 2 added up in search of a figure that is not there


def same(question: Question) -> Outcome:
    """Judge a figure by other places that state it; one that Table 2 contradicts may be a sum of its rows."""
    found, facts, amount = claims.same(question), question.facts, question.claim.amount()
    if found.verdict != CONTRADICTED or not any(name.startswith("t2") for name in question.words):
        return found
    rows = _rows_that_add_up(facts, amount)
    if rows:
        return Outcome(
            READING, f"{say(amount)} is the sum of {rows} of Table 2, not {found.computed}.", found.computed, rows
        )
    sentence = (
        f"{say(amount)} is printed here, but {found.computed}; no {MOST_ROWS} or fewer rows of that table add up to it."
    )
    return Outcome(CONTRADICTED, sentence, found.computed)


def _rows_that_add_up(facts: StudyFacts, amount: Interval) -> str:
    """Return rows of Table 2 that count persons and whose totals add up to a figure; "" if none do."""
    counts = {item: facts.figure(f"t2/{item}/total") for item in facts.table2 if item != "management_courses"}
    for size in range(2, MOST_ROWS + 1):
        for chosen in combinations(counts, size):
            if total([counts[item] for item in chosen]).overlaps(amount):
                return join([item.replace("_", " ") for item in chosen])
    return ""


def within(question: Question) -> Outcome:
    """Judge that named parts lie within their whole, and that their sum is the figure claimed."""
    whole, *parts = question.words
    facts = question.facts
    found = total([facts.figure(name) for name in parts])
    rest = facts.figure(whole) - found
    holds = not entirely_below(facts.figure(whole), found) and found.overlaps(question.claim.amount())
    sentence = f"The parts add up to {say(found)} of {say(facts.figure(whole))}; {say(rest)} are left over."
    return yes_or_no(holds, sentence, str(found))


def signed_sum(question: Question) -> Outcome:
    """Judge a figure by a sum of others, some of them taken off."""
    facts, amount = question.facts, question.claim.amount()
    terms = [-facts.figure(word[1:]) if word.startswith("-") else facts.figure(word) for word in question.words]
    found = total(terms)
    sentence = f"{say(amount)} is printed; the other figures of {facts.place_of(question.words[0])} give {say(found)}."
    return yes_or_no(amount.overlaps(found), sentence, str(found))


def product(question: Question) -> Outcome:
    """Judge an amount by a printed percentage of a printed whole."""
    share, whole = (question.facts.figure(name) for name in question.words)
    found = share * whole / Interval.exact(100)
    amount = question.claim.amount()
    sentence = f"{say(share, 1)} per cent of {say(whole)} is {found} million yuan; {say(amount)} is printed."
    return yes_or_no(amount.overlaps(found), sentence, str(found))


def difference(question: Question) -> Outcome:
    """Judge a step between two printed figures, and that both come from one source."""
    later, earlier = question.words
    facts = question.facts
    found = facts.figure(later) - facts.figure(earlier)
    fits = question.printed.overlaps(found)
    sentence = f"From {say(facts.figure(earlier))} to {say(facts.figure(later))} is a step of {say(found)}"
    sentence += ", across the change from the one source to the other."
    return yes_or_no(fits, sentence, str(found))


def unit_from_text(question: Question) -> Outcome:
    """Judge the unit of Table 1 by a figure that the text repeats with its unit."""
    claim, cell = question.words
    stated = question.facts.claims[claim]
    same_figure = stated.interval().overlaps(question.facts.figure(cell))
    fits = same_figure and stated.unit.startswith(question.claim.printed_value)
    sentence = f"The text repeats {stated.printed_value} of the table as {stated.unit}"
    if not fits:
        return Outcome(CONTRADICTED, f"{sentence}, which is not what the table holds.", stated.unit)
    return Outcome(READING, f"{sentence}, which supplies the currency.", stated.unit, f"the unit is {stated.unit}")


def same_window(question: Question) -> Outcome:
    """Judge a window of years by another place that states it."""
    (where,) = question.words
    facts = question.facts
    is_table = where.startswith("table")
    found = window_of(facts, where) if is_table else facts.claims[where].printed_value
    place = where.replace("table", "Table ") if is_table else facts.place_of(where)
    holds = found == question.claim.printed_value
    sentence = f"{question.claim.printed_value} is printed here, {found} follows from {place}."
    return yes_or_no(holds, sentence, found)


def starts_with_table2(question: Question) -> Outcome:
    """Judge the first year of the data by the window of Table 2's totals."""
    found = window_of(question.facts, "table2")
    holds = found.split("-")[0] == question.claim.printed_value
    sentence = f"The counts of Table 2 run over {found}; {question.claim.printed_value} is named as the first year."
    return yes_or_no(holds, sentence, found)
