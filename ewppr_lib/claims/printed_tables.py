"""Claims that are cells, totals and shares of the study's two tables: money counted once, people by direction."""

from __future__ import annotations

from itertools import pairwise

from crossfoot.intervals import Interval, total
from ewppr_lib.claims.facts import Question, StudyFacts
from nbedition.claims import CONTRADICTED, NOT_CHECKABLE, READING, REPRODUCED, Outcome, concord, join, say

YEARS = ("2003", "2004", "2005", "2006", "2007")
LEVELS = ("aid_provincial", "aid_prefectural", "aid_county")
ONCE = ("government_aid", "enterprise_agreed", "social_donations")
ALL_ROWS = ("government_aid", *LEVELS, "enterprise_agreed", "enterprise_realised", "taxes_paid", "social_donations")
HUNDRED = Interval.exact(100)
FLOWS = {
    "cadres": ("cadres_east_west", "cadres_west_east"),
    "professionals": ("professionals_east_west", "professionals_west_east"),
}
ONE_WAY = 90  # per cent of the people who move in one direction, for a flow to be called one-way


def column_sum(facts: StudyFacts, items: tuple[str, ...], column: str) -> Interval:
    """Return the sum of some rows of Table 1 in one column, in million yuan."""
    return total([facts.figure(f"t1/{item}/{column}") for item in items])


def money_once(facts: StudyFacts, column: str) -> dict[str, Interval]:
    """Return the money of a column counted once, with investment as agreed and as realised."""
    realised = ("government_aid", "enterprise_realised", "social_donations")
    return {
        "investment as agreed": column_sum(facts, ONCE, column),
        "investment as realised": column_sum(facts, realised, column),
    }


def _sum_outcome(question: Question, found: Interval, of_what: str) -> Outcome:
    printed = question.printed
    if printed.overlaps(found):
        return Outcome(REPRODUCED, f"{of_what} add up to {say(found, 4)}, as printed.", str(found))
    missing = say(printed - found, 4)
    sentence = f"{of_what} add up to {say(found, 4)}, but {say(printed, 4)} is printed: {missing} more than the parts."
    if missing.startswith("-"):
        sentence = sentence.replace(f"{missing} more", f"{missing[1:]} less")
    return Outcome(CONTRADICTED, sentence, str(found))


def row_sum(question: Question) -> Outcome:
    """Judge a row total of Table 1 by its five years."""
    (item,) = question.words
    found = total([question.facts.figure(f"t1/{item}/{year}") for year in YEARS])
    return _sum_outcome(question, found, "The five years of the row")


def levels(question: Question) -> Outcome:
    """Judge government funds by the sum of the three levels in the same column."""
    (column,) = question.words
    return _sum_outcome(question, column_sum(question.facts, LEVELS, column), f"The three levels ({column})")


def all_rows(question: Question) -> Outcome:
    """Judge a cell of the row Total by the sums of rows, with money counted once and twice."""
    (column,) = question.words
    sums = {"all eight rows, parents and parts alike": column_sum(question.facts, ALL_ROWS, column)}
    sums |= money_once(question.facts, column)
    fits = [name for name, found in sums.items() if question.printed.overlaps(found)]
    listed = join([f"{say(found)} for {name}" for name, found in sums.items()])
    sentence = f"{say(question.printed)} is printed; the sums are {listed}."
    if not fits:
        return Outcome(CONTRADICTED, f"No sum of the rows fits: {sentence}", listed)
    if fits == ["all eight rows, parents and parts alike"]:
        return Outcome(READING, f"The total counts money twice: {sentence}", listed, fits[0])
    return Outcome(REPRODUCED, sentence, listed, join(fits))


def cell(question: Question) -> Outcome:
    """Judge one cell of Table 1 by every relation it stands in, each solved for the cell."""
    item, year = question.words
    facts = question.facts
    others = [facts.figure(f"t1/{item}/{other}") for other in YEARS if other != year]
    rest = tuple(other for other in ALL_ROWS if other != item)
    solved = {
        "the row's total": facts.figure(f"t1/{item}/Total") - total(others),
        "the column's Total row": facts.figure(f"t1/total/{year}") - column_sum(facts, rest, year),
    }
    if item in LEVELS:
        siblings = tuple(level for level in LEVELS if level != item)
        parent = facts.figure(f"t1/government_aid/{year}")
        solved["the sum of the three levels"] = parent - column_sum(facts, siblings, year)
    verdict, reading = concord([(name, question.printed.overlaps(found)) for name, found in solved.items()])
    listed = join([f"{say(found, 4)} from {name}" for name, found in solved.items()])
    return Outcome(verdict, f"{question.claim.printed_value} is printed; it follows as {listed}.", listed, reading)


def subrows(question: Question) -> Outcome:
    """Judge whether the two rows under enterprise investments are its parts."""
    facts = question.facts
    parts = ("enterprise_realised", "taxes_paid")
    columns = (*YEARS, "Total")
    as_parts = all(_agreed(facts, column).overlaps(column_sum(facts, parts, column)) for column in columns)
    over = [column for column in columns if not _room(facts, column)]
    found = column_sum(facts, parts, "Total")
    verdict, reading = concord([("the rows are parts that add up", as_parts), ("realised is at most agreed", not over)])
    sentence = f"The two rows add up to {say(found)} of {say(question.printed)}: they are "
    sentence += "parts of it" if as_parts else "a part realised and a tax paid on it, not its parts"
    sentence += f"; realised exceeds agreed in {join(over)}." if over else "."
    return Outcome(verdict, sentence, str(found), reading)


def _agreed(facts: StudyFacts, column: str) -> Interval:
    return facts.figure(f"t1/enterprise_agreed/{column}")


def _room(facts: StudyFacts, column: str) -> bool:
    rest = _agreed(facts, column) - facts.figure(f"t1/enterprise_realised/{column}")
    return rest.high is None or rest.high >= 0


def two_years(question: Question) -> Outcome:
    """Judge an eight-year total of Table 2 by the two years that are printed."""
    (item,) = question.words
    found = total([question.facts.figure(f"t2/{item}/{year}") for year in ("2009", "2010")])
    return _bounded(question, found, question.printed, f"2009 and 2010 give {say(found)} of {say(question.printed)}")


def year_within(question: Question) -> Outcome:
    """Judge a yearly cell of Table 2 by the total and the other year."""
    item, year = question.words
    other = {"2009": "2010", "2010": "2009"}[year]
    room = question.facts.figure(f"t2/{item}/total") - question.facts.figure(f"t2/{item}/{other}")
    return _bounded(question, question.printed, room, f"the total leaves room for {say(room)} in {year}")


def _bounded(question: Question, part: Interval, whole: Interval, said: str) -> Outcome:
    rest = whole - part
    if rest.high is not None and rest.high < 0:
        return Outcome(CONTRADICTED, f"The part exceeds the whole: {said}.", str(part))
    sentence = f"Nothing contradicts it ({said}), but nothing gives it; needed: {question.claim.needs}."
    return Outcome(NOT_CHECKABLE, sentence, str(part))


def attendees(question: Question) -> Outcome:
    """Judge professional training by the sum of its three kinds of attendees."""
    (column,) = question.words
    kinds = ("teachers_trained", "doctors_trained", "agrotechnicians_trained")
    found = total([question.facts.figure(f"t2/{kind}/{column}") for kind in kinds])
    return _sum_outcome(question, found, f"Teachers, doctors and agricultural technicians ({column})")


def terms(question: Question) -> Outcome:
    """Judge the unit of a training row: a course has at least one attendee."""
    row, *kinds = question.words
    facts = question.facts
    ratios = {}
    for column in ("2009", "2010", "total"):
        people = total([facts.figure(f"t2/{kind}/{column}") for kind in kinds])
        ratios[column] = people / facts.figure(f"t2/{row}/{column}")
    holds = all(ratio.low is not None and ratio.low >= 1 for ratio in ratios.values())
    listed = join([f"{say(ratio)} ({column})" for column, ratio in ratios.items()])
    if holds:
        return Outcome(REPRODUCED, f"Attendees a course: {listed}, as courses can have.", listed)
    sentence = f"Attendees a course would be {listed}, and a course has at least one: the row counts persons."
    return Outcome(CONTRADICTED, sentence, listed)


def table2_title(question: Question) -> Outcome:
    """Judge the title of Table 2 by its columns and rows."""
    cadres = [item for item in question.facts.table2 if item.startswith("cadres")]
    found = window_of(question.facts, "table2")
    window = question.claim.printed_value == found
    verdict, reading = concord([("the window", window), ("the subject", not cadres)])
    sentence = f"The totals run over {found}, the title says {question.claim.printed_value}"
    sentence += f"; {len(cadres)} rows are on cadres, whom the title does not name." if cadres else "."
    return Outcome(verdict, sentence, found, reading)


def window_of(facts: StudyFacts, table: str) -> str:
    """Return the years a table covers: its year columns (Table 1), or its stated counts (Table 2)."""
    if table == "table1":
        years = sorted(column for column in facts.table1["total"] if column.isdigit())
        return f"{years[0]}-{years[-1]}"
    for row in facts.stated:
        same = row["item"] in facts.table2 and facts.table2[str(row["item"])]["total"] == _digits(row["printed"])
        if same and row["year_to"] != "":
            return f"{row['year_from']}-{row['year_to']}"
    return "unknown"


def _digits(text: object) -> str:
    return str(text).replace(",", "")


def exchange_rows(question: Question) -> Outcome:
    """Judge whether a block headed exchange holds a row that counts exchanges."""
    (kind,) = question.words
    flows = [item for item in question.facts.table2 if item.startswith(kind) and "east" in item]
    if flows:
        return Outcome(REPRODUCED, f"The block holds {len(flows)} rows of exchange.", str(len(flows)))
    return Outcome(CONTRADICTED, f"The block on {kind} holds rows of training only, none of exchange.", "0")


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


def shares_of_money(facts: StudyFacts, actor: str) -> dict[str, Interval]:
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


def money_role(question: Question) -> Outcome:
    """Judge a word for an actor's role by its share of the money, whichever investment is meant."""
    actor, role = question.words
    shares = shares_of_money(question.facts, actor)
    verdict, reading = concord([(name, role_holds(role, found)) for name, found in shares.items()])
    listed = join([f"{say(found, 1)} per cent with {name}" for name, found in shares.items()])
    sentence = f"By money, the {actor} share of 2003-2007 is {listed}; the text gives no other measure of the role."
    return Outcome(verdict, sentence, listed, reading or "role measured by the money of Table 1, counted once")


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
