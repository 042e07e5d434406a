"""Claims on who helps whom, judged by the other lists, the company cases and the reference list."""

from __future__ import annotations

from ewppr_lib.claims.counts import donors, recipients
from ewppr_lib.claims.facts import Question, StudyFacts, yes_or_no
from nbedition.claims import CONTRADICTED, NOT_CHECKABLE, READING, REPRODUCED, Outcome, concord, join

LISTS = (1996, 2002, 2010)


def in_force(facts: StudyFacts, year: int) -> tuple[int, int]:
    """Return the years in which a list holds: to the year before the next full list."""
    full = sorted({int(row["list_year"]) for row in facts.pairings if row["list_kind"] == "full"})
    later = [other for other in full if other > year]
    return year, (later[0] - 1 if later else 9999)


def _evidence(facts: StudyFacts, donor: str, year: int) -> list[tuple[str, str]]:
    """Return recipients that cases and references of the pair's time name for a donor, with their place."""
    first, last = in_force(facts, year)
    years = {row["case"]: int(row["first_year"]) for row in facts.case_notes}
    pairs = {(row["case"], row["donor"], row["recipient"]) for row in facts.cases}
    found = [
        (str(recipient), f"case {case} of {years[case]}")
        for case, giver, recipient in sorted(pairs)
        if giver == donor and first <= years[case] <= last
    ]
    found += [
        (str(row["recipient"]), f"reference [{row['number']}] of {row['year']}")
        for row in facts.references
        if row["donor"] == donor and first <= int(row["year"]) <= last
    ]
    return found


def claimed_recipient(printed: str) -> str:
    """Return the province that a printed pair names as recipient: the last named.

    Examples
    --------
    >>> claimed_recipient("Xiamen-Linxia, Gansu"), claimed_recipient("Zhuhai and Xiamen - Chongqing")
    ('Gansu', 'Chongqing')
    """
    side = printed.removesuffix(", list left open").rsplit("-", 1)[-1]
    return side.split(",")[-1].strip()


def pair(question: Question) -> Outcome:
    """Judge a pair by a dated case or reference of its time, else by another list that repeats it."""
    year, givers = int(question.words[0]), question.words[1:]
    facts, claimed = question.facts, claimed_recipient(question.claim.printed_value)
    evidence = [found for donor in givers for found in _evidence(facts, donor, year)]
    against = [f"{place} names {recipient}" for recipient, place in evidence if recipient != claimed]
    names = join(list(givers))
    if against:
        return Outcome(CONTRADICTED, f"{names} is paired with {claimed} in {year}, but {join(against)}.", join(against))
    if evidence:
        places = join([place for _, place in evidence])
        return Outcome(REPRODUCED, f"{names} and {claimed} also meet in {places}.", places)
    others = [other for other in LISTS if other != year and all(_paired(facts, other, d, claimed) for d in givers)]
    if others:
        reading = f"the pair of {year} is that of the list of {others[0]}"
        sentence = f"The list of {others[0]} repeats the pair; no dated case or reference of the time does."
        return Outcome(READING, sentence, str(others[0]), reading)
    sentence = f"No other list, case or reference pairs {names} with {claimed}; needed: the official list of {year}."
    return Outcome(NOT_CHECKABLE, sentence)


def _paired(facts: StudyFacts, year: int, donor: str, recipient: str) -> bool:
    wanted = (year, donor, recipient)
    return any((row["list_year"], row["donor"], row["recipient"]) == wanted for row in facts.pairings)


def new_pairs(question: Question) -> Outcome:
    """Judge that the pairs of 2010 are new by the earlier lists."""
    facts = question.facts
    latest = max(int(row["list_year"]) for row in facts.pairings)
    pairs = [(str(row["donor"]), str(row["recipient"])) for row in facts.pairings if row["list_year"] == latest]
    new = [one for one in pairs if not any(_paired(facts, year, *one) for year in LISTS if year < latest)]
    named = join([f"{donor}-{recipient}" for donor, recipient in new])
    holds = len(new) == len(pairs)
    sentence = (
        f"Of {len(pairs)} pairs of {latest}, {len(pairs) - len(new)} stand in the earlier lists; new are {named}."
    )
    return yes_or_no(holds, sentence, f"{len(new)} of {len(pairs)}")


def donors_eastern(question: Question) -> Outcome:
    """Judge that the donors are eastern by the provinces that footnote 1 names."""
    facts = question.facts
    listed = facts.listed("eastern_region")
    outside = [donor for donor in donors(facts, 1996) if donor not in listed]
    is_open = any(row["list"] == "eastern_region" and row["complete"] == "open" for row in facts.lists)
    holds = [("the names printed", not outside), ("the open list covers them", is_open)]
    verdict, reading = concord(holds)
    sentence = (
        f"Of the provincial donors of 1996, {join(outside) or 'none'} is missing from the eastern provinces named"
    )
    sentence += "; that list is left open." if is_open else "; that list is closed."
    return Outcome(verdict, sentence, join(outside), reading)


def recipients_western(question: Question) -> Outcome:
    """Judge the number of first recipients, all of which must be western."""
    facts = question.facts
    found = recipients(facts, 1996)
    strangers = [name for name in found if name not in facts.listed("western_region")]
    holds = len(found) == int(question.claim.printed_value) and not strangers
    sentence = f"The list of 1996 has {len(found)} recipients; {join(strangers) or 'none'} is missing from footnote 1."
    return yes_or_no(holds, sentence, str(len(found)))


def case_pair(question: Question) -> Outcome:
    """Judge the provinces of a case by the list of pairs in force when its project began."""
    (case,) = question.words
    facts = question.facts
    began = next(int(row["first_year"]) for row in facts.case_notes if row["case"] == case)
    row = next(row for row in facts.cases if row["case"] == case)
    donor, recipient = str(row["donor"]), str(row["recipient"])
    lists = [year for year in LISTS if year <= began and _paired(facts, year, donor, recipient)]
    holds = bool(lists) and question.claim.printed_value.startswith(f"{donor}-{recipient}")
    sentence = f"{donor} and {recipient} meet in the case from {began}; "
    sentence += f"the list of {lists[-1]} pairs them." if lists else "no list of the time pairs them."
    return yes_or_no(holds, sentence, f"{donor}-{recipient}")
