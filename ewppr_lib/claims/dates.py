"""Claims on years, windows, ages and citations: judged by the other places that date the same thing."""

from __future__ import annotations

import re
from collections.abc import Sequence

from ewppr_lib.claims.facts import Question, StudyFacts, yes_or_no
from ewppr_lib.claims.growth import PERIOD_BOUNDS, STATED_WINDOWS
from nbedition.claims import CONTRADICTED, NOT_CHECKABLE, READING, REPRODUCED, Outcome, Row, concord, join

LAUNCH = "report_1996"
FIVE_YEARS = 5


def launch_year(facts: StudyFacts) -> int:
    """Return the year in which the partnership came into being, by the text."""
    return int(str(facts.event(LAUNCH)["earliest"])[:4])


def latest_years(facts: StudyFacts) -> dict[int, str]:
    """Return the years up to which the study can count: its last data and its latest citation."""
    last_data = max(int(row["year_to"]) for row in facts.stated if row["year_to"] != "")
    cited = max(int(row["year"]) for row in facts.citations)
    return {last_data: "its last data", cited: "its latest citation"}


def period_count(question: Question) -> Outcome:
    """Judge the number of periods by those the introduction bounds."""
    (scheme,) = question.words
    found = [row for row in question.facts.periods if row["scheme"] == scheme]
    holds = str(len(found)) == question.claim.printed_value
    bounds = join([str(row["printed"]) for row in found])
    sentence = f"{question.claim.printed_value} periods are named; {len(found)} are bounded in 1.1 ({bounds})."
    return yes_or_no(holds, sentence, str(len(found)))


def period(question: Question) -> Outcome:
    """Judge the bounds of a period by every other place that bounds it."""
    scheme, number = question.words[0], int(question.words[1])
    rows = [row for row in question.facts.periods if row["period"] == number]
    own = next(row for row in rows if row["scheme"] == scheme)
    others = [row for row in rows if row["scheme"] != scheme]
    verdict, reading = concord([(_named(row), _same_bounds(own, row)) for row in others])
    differing = [_named(row) for row in others if not _same_bounds(own, row)]
    agree = reading or (join([_named(row) for row in others]) if verdict == REPRODUCED else "no other place")
    sentence = f"Period {number} as '{own['printed']}' agrees with {agree}"
    sentence += f" and not with {join(differing)}." if differing else "."
    return Outcome(verdict, sentence, agree, reading)


def _named(row: Row) -> str:
    return f"'{row['printed']}' ({row['place']})"


def _same_bounds(first: Row, second: Row) -> bool:
    ends = True
    if first["end_low"] != "" and second["end_low"] != "":
        ends = bool(first["end_low"] <= second["end_high"] and second["end_low"] <= first["end_high"])
    return ends and bool(first["start_low"] <= second["start_high"] and second["start_low"] <= first["start_high"])


def window_in_period(question: Question) -> Outcome:
    """Judge a window of statistics by the bounds of its period."""
    number = int(question.words[0])
    bounds = next(row for row in question.facts.periods if row["scheme"] == PERIOD_BOUNDS and row["period"] == number)
    start, end = _years(question.claim.printed_value)
    holds = bounds["start_low"] <= start <= bounds["start_high"] and bounds["end_low"] <= end <= bounds["end_high"]
    sentence = f"{start}-{end} lies {'within' if holds else 'outside'} the bounds '{bounds['printed']}' of the period."
    return yes_or_no(holds, sentence, f"{start}-{end}")


def _years(text: str) -> tuple[int, int]:
    found = [int(year) for year in re.findall(r"\d{4}", text)]
    return found[0], found[-1]


def window_between(question: Question) -> Outcome:
    """Judge a window that runs from the launch to the start of a period, by every dating of that period."""
    facts, number = question.facts, int(question.words[1])
    start, end = _years(question.claim.printed_value)
    launched = launch_year(facts)
    starts = [row for row in facts.periods if row["period"] == number]
    holds = [(_named(row), start == launched and row["start_low"] <= end + 1 <= row["start_high"]) for row in starts]
    verdict, reading = concord(holds)
    sentence = f"The launch is dated {launched}; the window ends before period {number} by "
    sentence += f"{reading or 'every dating' if verdict != CONTRADICTED else 'no dating'} of {len(starts)} given."
    return Outcome(verdict, sentence, f"{launched}-{end}", reading)


def launch_between(question: Question) -> Outcome:
    """Judge that the launch lies at the join of two periods."""
    first, second = int(question.words[1]), int(question.words[2])
    launched = launch_year(question.facts)
    holds = []
    for scheme in (PERIOD_BOUNDS, STATED_WINDOWS):
        rows = {row["period"]: row for row in question.facts.periods if row["scheme"] == scheme}
        fits = rows[first]["end_low"] <= launched <= rows[second]["start_high"]
        holds.append((f"'{rows[first]['printed']}' and '{rows[second]['printed']}'", bool(fits)))
    verdict, reading = concord(holds)
    listed = [f"{'fits' if fits else 'does not fit'} between {name}" for name, fits in holds]
    return Outcome(verdict, f"The launch of {launched} {', and '.join(listed)}.", str(launched), reading)


def launch_month(question: Question) -> Outcome:
    """Judge the month of the launch: the windows of the totals give the year, nothing gives the month."""
    facts = question.facts
    launched = launch_year(facts)
    windows = [facts.claims[name].printed_value for name in question.words]
    holds = all(_years(window)[0] == launched for window in windows) and str(launched) in question.claim.printed_value
    sentence = f"The totals start in {join(sorted({str(_years(window)[0]) for window in windows}))}"
    if not holds:
        return Outcome(CONTRADICTED, f"{sentence}, not with the launch in {launched}.", str(launched))
    return Outcome(
        READING, f"{sentence}, the year of the launch; the month stands here only.", str(launched), "the year"
    )


def cited(question: Question) -> Outcome:
    """Judge a citation by the reference list."""
    facts = question.facts
    citation = next((row for row in facts.citations if row["claim"] == question.claim.id), None)
    if citation is None:
        return Outcome(NOT_CHECKABLE, "The citation is not among those recorded; it would be needed.")
    names, year = str(citation["authors"]).split("; "), int(question.claim.printed_value)
    entries = [row for row in facts.references if names[0] in str(row["authors"])]
    of_year = [row for row in entries if year in (row["year"], row["year_again"])]
    listed = join([f"[{row['number']}] {row['year']}" for row in entries]) or "no entry"
    if not of_year:
        if citation["kind"] == "source note":
            needed = f"needed: the document of {names[0]} of {year}"
            return Outcome(NOT_CHECKABLE, f"The reference list has {listed} for {names[0]}; {needed}.", listed)
        return Outcome(CONTRADICTED, f"{names[0]} is cited for {year}; the list has {listed}.", listed)
    return _entry_outcome(of_year, names, year)


def _entry_outcome(of_year: Sequence[Row], names: Sequence[str], year: int) -> Outcome:
    entry = of_year[0]
    number = f"[{entry['number']}]"
    listed = str(entry["authors"]).split("; ")
    if missing := [name for name in names if name not in listed]:
        sentence = f"Entry {number} has the year {year} and the authors {join(listed)}; {join(missing)} is cited."
        return Outcome(READING, sentence, number, f"{join(missing)} is {join(listed[1:])} of entry {number}")
    if entry["year_again"] not in ("", entry["year"]):
        sentence = f"Entry {number} prints {entry['year']} after the authors and {entry['year_again']} at its end."
        return Outcome(READING, sentence, number, f"the year of entry {number} is {year}")
    numbers = join([f"[{row['number']}]" for row in of_year])
    return Outcome(REPRODUCED, f"The reference list has {join(listed)}, {year}, as {numbers}.", numbers)


def reference(question: Question) -> Outcome:
    """Judge the year of an entry by its second printing in the entry or in the web address."""
    number = int(question.words[0])
    entry = next(row for row in question.facts.references if row["number"] == number)
    seconds = {"at its end": entry["year_again"], "in the web address": entry["year_in_address"]}
    known = {where: int(year) for where, year in seconds.items() if year != ""}
    if not known:
        return Outcome(NOT_CHECKABLE, f"Entry [{number}] prints its year once; needed: the work itself.")
    holds = all(str(year) == question.claim.printed_value for year in known.values())
    listed = join([f"{year} {where}" for where, year in known.items()])
    sentence = f"Entry [{number}] prints {question.claim.printed_value} after the authors and {listed}."
    return yes_or_no(holds, sentence, listed)


def title(question: Question) -> Outcome:
    """Judge a number in a cited title by the title in the reference list."""
    number = int(question.words[0])
    entry = next(row for row in question.facts.references if row["number"] == number)
    found = re.findall(r"\d+", str(entry["short_title"]))
    holds = question.claim.printed_value in found
    sentence = (
        f"Entry [{number}] has {join(found) or 'no number'} in its title; the text has {question.claim.printed_value}."
    )
    return yes_or_no(holds, sentence, join(found))


def order(question: Question) -> Outcome:
    """Judge a bare date by the order in which events are told: it can contradict, but not give the date."""
    event = question.facts.event(question.words[0])
    year = re.findall(r"\d{4}", question.claim.printed_value)
    chain = [row for row in question.facts.dated if row["chain"] == event["chain"]]
    wrong = [row for row in chain if _out_of_order(event, row)]
    if wrong or (year and year[0] not in str(event["earliest"]) + str(event["latest"])):
        told = join([f"{row['event'].replace('_', ' ')} ({row['printed']})" for row in wrong]) or str(event["printed"])
        return Outcome(CONTRADICTED, f"{question.claim.printed_value} does not fit the order told: {told}.", told)
    sentence = f"It fits the order of the {len(chain)} dates told together, which do not give it"
    if len(chain) == 1:
        sentence = "It is the only date of its account"
    return Outcome(NOT_CHECKABLE, f"{sentence}; needed: {question.claim.needs}.", str(event["printed"]))


def _out_of_order(event: Row, other: Row) -> bool:
    before = event["step"] < other["step"] and event["earliest"] > other["latest"]
    after = event["step"] > other["step"] and event["latest"] < other["earliest"]
    return bool(before or after)


def age(question: Question) -> Outcome:
    """Judge the age of the partnership by the years from its launch to the study's last data and citation."""
    return _age(question, launch_year(question.facts), latest_years(question.facts))


def age_of_case(question: Question) -> Outcome:
    """Judge the length of a firm's experience by its first dated step and the year of the account."""
    case, source = question.words
    first = min(str(row["earliest"]) for row in question.facts.dated if row["chain"] == case)
    told = {int(question.facts.claims[source].printed_value): "the account's source"}
    return _age(question, int(first[:4]), told | latest_years(question.facts))


def _age(question: Question, start: int, ends: dict[int, str]) -> Outcome:
    counts = {}
    for end, what in ends.items():
        counts[f"{start}-{end} ({what}), first year not counted"] = end - start
        counts[f"{start}-{end} ({what}), both ends counted"] = end - start + 1
    printed = int(question.claim.printed_value)
    verdict, reading = concord([(name, years == printed) for name, years in counts.items()])
    values = join([str(years) for years in sorted(set(counts.values()))])
    sentence = f"From {start} the study can count {values} years; {printed} are stated"
    sentence += f", which is {reading}." if reading else f", the age in {start + printed - 1} or {start + printed}."
    return Outcome(verdict, sentence, values, reading)


def plan_years(question: Question) -> Outcome:
    """Judge the years of a five-year plan by its length and by the release of its outline."""
    length, release = int(question.words[0]), question.facts.claims[question.words[1]].printed_value
    start, end = _years(question.claim.printed_value)
    holds = end - start + 1 == length == FIVE_YEARS and str(start) in release
    sentence = f"{start}-{end} counts {end - start + 1} years for a plan of five; its outline is dated {release}."
    return yes_or_no(holds, sentence, str(end - start + 1))
