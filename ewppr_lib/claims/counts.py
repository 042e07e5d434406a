"""Claims that count things the study also names, and claims on the four company cases of Column 1."""

from __future__ import annotations

import re

from ewppr_lib.claims.facts import Question, StudyFacts, yes_or_no
from nbedition.claims import CONTRADICTED, REPRODUCED, Outcome, concord, join

ORDINALS = ("first", "second", "third", "fourth", "fifth", "sixth", "seventh")


def donors(facts: StudyFacts, year: int, level: str = "province") -> list[str]:
    """Return the donors of a list of pairings, in printed order, each once."""
    rows = [row for row in facts.pairings if row["list_year"] == year and row["donor_level"] == level]
    return list(dict.fromkeys(str(row["donor"]) for row in rows))


def recipients(facts: StudyFacts, year: int) -> list[str]:
    """Return the recipient provinces of a list of pairings, each once."""
    return list(dict.fromkeys(str(row["recipient"]) for row in facts.pairings if row["list_year"] == year))


def _number(question: Question) -> int:
    return int(re.findall(r"\d+", question.claim.printed_value)[0])


def count(question: Question) -> Outcome:
    """Judge a number of things by the names given, in every place that names them."""
    named = {name: question.facts.listed(name) for name in question.words}
    places = {str(row["list"]): str(row["place"]) for row in question.facts.lists}
    verdict, reading = concord([(places[name], len(items) == _number(question)) for name, items in named.items()])
    listed = join([f"{len(items)} in {places[name]} ({', '.join(items)})" for name, items in named.items()])
    return Outcome(verdict, f"{_number(question)} are counted; named are {listed}.", listed, reading)


def ordinals(question: Question) -> Outcome:
    """Judge the ordinals given to a list: each part has its own place."""
    (name,) = question.words
    rows = [row for row in question.facts.lists if row["list"] == name]
    printed = [str(row["ordinal"]) for row in rows]
    wrong = [
        f"'{row['item']}' is called {row['ordinal']}"
        for place, row in enumerate(rows)
        if row["ordinal"] and row["ordinal"] != ORDINALS[place]
    ]
    given = ", ".join(word for word in printed if word)
    if not wrong and given == question.claim.printed_value:
        return Outcome(REPRODUCED, f"The parts are called {given}, in their order.", given)
    sentence = f"Of {len(rows)} parts, the ordinals given are {given}: {join(wrong) or 'not as claimed'}."
    return Outcome(CONTRADICTED, sentence, given)


def same_members(question: Question) -> Outcome:
    """Judge that lists of names hold the same names as the donors of a year."""
    year, *names = question.words
    listed = {item for name in names for item in question.facts.listed(name)}
    paired = set(donors(question.facts, int(year)))
    differing = sorted(listed ^ paired)
    holds = not differing and len(paired) == _number(question)
    sentence = f"{len(listed)} names are listed and {len(paired)} provincial donors paired in {year}; "
    sentence += f"they differ by {join(differing)}." if differing else "they are the same."
    return yes_or_no(holds, sentence, f"{len(listed)}; {len(paired)}")


def named_among(question: Question) -> Outcome:
    """Judge the number of names in a list by those that a year's pairings repeat as donors."""
    name, year = question.words
    listed = question.facts.listed(name)
    again = [item for item in listed if item in donors(question.facts, int(year))]
    holds = len(again) == len(listed) == _number(question)
    sentence = f"{len(listed)} are named, of which {len(again)} ({join(again)}) are donors in {year}."
    return yes_or_no(holds, sentence, str(len(again)))


def eastern_named(question: Question) -> Outcome:
    """Judge the number of eastern provinces: those named, and the donors called eastern who are not."""
    listed = question.facts.listed("eastern_region")
    missing = [donor for donor in donors(question.facts, 1996) if donor not in listed]
    verdict, reading = concord(
        [("the names printed, without the 'etc.'", len(listed) == _number(question)), ("donors included", not missing)]
    )
    sentence = f"{len(listed)} provinces are named and the list is left open"
    sentence += f"; {join(missing)}, a donor called eastern, is not named." if missing else "; all donors are named."
    return Outcome(verdict, sentence, str(len(listed)), reading)


def western_named(question: Question) -> Outcome:
    """Judge the number of western provinces: those named, which must hold every recipient and no eastern one."""
    facts = question.facts
    listed = facts.listed("western_region")
    paired = {recipient for year in (1996, 2002, 2010) for recipient in recipients(facts, year)}
    strangers = sorted((paired - set(listed)) | (set(listed) & set(facts.listed("eastern_region"))))
    holds = len(listed) == _number(question) and not strangers
    sentence = f"{len(listed)} are named; of {len(paired)} recipients {len(paired & set(listed))} are among them"
    sentence += f"; {join(strangers)} does not fit." if strangers else "."
    return yes_or_no(holds, sentence, str(len(listed)))


def city_donors(question: Question) -> Outcome:
    """Judge the number of cities by the city donors of a year's pairings."""
    found = donors(question.facts, int(question.words[0]), "city")
    holds = len(found) == _number(question)
    sentence = f"{_number(question)} cities are counted; {len(found)} are named ({join(found)})."
    return yes_or_no(holds, sentence, str(len(found)))


def per_donor(question: Question) -> Outcome:
    """Judge the number of recipients a donor by the pairings of every list."""
    low, high = (int(number) for number in question.claim.printed_value.split("-"))
    pairs: dict[tuple[int, str], set[str]] = {}
    for row in question.facts.pairings:
        pairs.setdefault((int(row["list_year"]), str(row["donor"])), set()).add(str(row["recipient"]))
    sizes = sorted({len(found) for found in pairs.values()})
    holds = all(low <= size <= high for size in sizes)
    sentence = (
        f"{low} or {high} are foreseen; the lists of pairs give each donor {join([str(size) for size in sizes])}."
    )
    return yes_or_no(holds, sentence, join([str(size) for size in sizes]))


def one_name(question: Question) -> Outcome:
    """Judge an abbreviation by the forms in which the text prints it."""
    forms = question.facts.listed(question.words[0])
    holds = forms == [question.claim.printed_value]
    sentence = f"The text prints {join(forms)}" + (" only." if holds else " for the same thing.")
    return yes_or_no(holds, sentence, join(forms))


def reference_count(question: Question) -> Outcome:
    """Judge the number of references by their numbering."""
    numbers = sorted(int(row["number"]) for row in question.facts.references)
    holds = numbers == list(range(1, _number(question) + 1))
    sentence = f"{len(numbers)} entries, numbered {numbers[0]} to {numbers[-1]}."
    return yes_or_no(holds, sentence, str(len(numbers)))


def _numbers(question: Question) -> list[int]:
    return [int(number) for number in question.claim.printed_value.split(",")]


def cases_by_theme(question: Question) -> Outcome:
    """Judge which cases concern a theme."""
    found = [int(row["number"]) for row in question.facts.case_notes if row["theme"] in question.words]
    holds = found == _numbers(question)
    sentence = f"On {join(list(question.words))}: {join([f'case {number}' for number in found]) or 'no case'}."
    return yes_or_no(holds, sentence, str(found))


def cases_that_help(question: Question) -> Outcome:
    """Judge which cases suit the poor better: by their theme, and by households they say were helped."""
    (theme,) = question.words
    notes = question.facts.case_notes
    by_theme = [int(row["number"]) for row in notes if row["theme"] == theme]
    by_count = [int(row["number"]) for row in notes if row["helps_households"] == "yes"]
    claimed = _numbers(question)
    verdict, reading = concord(
        [(f"the cases on {theme}", by_theme == claimed), ("households counted", by_count == claimed)]
    )
    sentence = f"Cases on {theme} are {join([str(number) for number in by_theme])}; "
    sentence += (
        f"households or farmers helped are counted in {join([str(number) for number in by_count]) or 'none'} only."
    )
    return Outcome(verdict, sentence, str(by_theme), reading)


def eastern_firms(question: Question) -> Outcome:
    """Judge the number of cases of eastern capital by the homes of the firms."""
    facts = question.facts
    homes = {str(row["case"]): str(row["home_of_firm"]) for row in facts.case_notes}
    eastern = [case for case, home in homes.items() if home in donors(facts, 1996)]
    others = [f"{case} of {home}" for case, home in homes.items() if case not in eastern]
    holds = len(eastern) == int(question.claim.printed_value)
    sentence = f"Of {len(homes)} firms, {len(eastern)} have an eastern home"
    sentence += f"; the account of {join(others)} names no eastern firm or capital." if others else "."
    return yes_or_no(holds, sentence, f"{len(eastern)} of {len(homes)}")
