"""What outside figures by donor add: whose aid fell, how far donors differ, and aid at constant prices."""

from __future__ import annotations

from crossfoot.intervals import Interval
from ewppr_lib.claims.facts import Question, StudyFacts
from ewppr_lib.claims.outside import source_of, value_of
from ewppr_lib.claims.printed_tables import LEVELS, YEARS, column_sum
from nbedition.claims import AGAINST, FROM_OUTSIDE, OPEN, NotHeld, Outside, Row, entirely_below, join, say

GREAT = Interval.exact(2)  # times the least that the most must be, for a difference to be called great
Amounts = dict[tuple[str, str, str], dict[int, tuple[Interval, Row]]]


def _yearly(facts: StudyFacts) -> Amounts:
    """Return what the ledger of pairs gives for single years by donor, recipient and scope, reported and exact."""
    found: Amounts = {}
    for row in facts.pairs:
        if row["year_from"] != row["year_to"] or row["bound"] != "exact" or row["basis"] != "reported":
            continue
        for scope, text in ((str(row["counts"]), row["aid"]), ("government", row["government"])):
            if text != "":
                key = (str(row["donor"]), str(row["recipient"]), scope)
                found.setdefault(key, {})[int(row["year_from"])] = (Interval.printed(str(text)), row)
    return found


def some_aid_falls(question: Question) -> Outside:
    """Judge that some provinces' aid fell by years that follow on, of one donor, recipient and scope."""
    steps, falls = [], []
    for (donor, recipient, scope), by_year in _yearly(question.facts).items():
        for year in sorted(by_year):
            if year + 1 not in by_year:
                continue
            before, after = by_year[year][0], by_year[year + 1][0]
            steps.append(by_year[year + 1][1])
            if entirely_below(after, before):
                words = f"{donor} to {recipient} from {say(before)} to {say(after)} in {year + 1} ({scope})"
                falls.append((words, by_year[year + 1][1]))
    if not steps:
        raise NotHeld
    listed = join([words for words, _ in falls])
    sentence = f"Of {len(steps)} yearly changes of one scope, aid falls in {len(falls)}"
    sentence += f" (million yuan, current prices): {listed}." if falls else "."
    return Outside(FROM_OUTSIDE if falls else AGAINST, sentence, source_of(*([row for _, row in falls] or steps)))


def donors_differ(question: Question) -> Outside:
    """Judge a great difference between provinces by what governments gave in a year, in yuan and as effort."""
    year, facts = int(question.words[0]), question.facts
    spent = {
        row["province"]: Interval.printed(str(row["value"])) * Interval.exact(100)
        for row in facts.finance
        if row["year"] == year and row["item"] == "expenditure"
    }
    given = {
        donor: by_year[year]
        for (donor, _, scope), by_year in _yearly(facts).items()
        if scope == "government" and year in by_year and donor in spent
    }
    if len(given) < 2:
        raise NotHeld
    amounts = {donor: amount for donor, (amount, _) in given.items()}
    effort = {donor: amount / spent[donor] * Interval.exact(10_000) for donor, amount in amounts.items()}
    times = [_most_over_least(values) for values in (amounts, effort)]
    great = [entirely_below(GREAT, one) for one in times]
    listed = join([f"{donor} {say(effort[donor], 1)}" for donor in sorted(effort, key=lambda name: _low(effort[name]))])
    sentence = (
        f"In {year} the most that one of {len(given)} provincial governments gave is {say(times[0], 1)} times the "
    )
    sentence += f"least in yuan and {say(times[1], 1)} times per 10,000 yuan of expenditure ({listed})"
    verdict = FROM_OUTSIDE if all(great) else OPEN if any(great) else AGAINST
    return Outside(verdict, f"{sentence}; great means twice here.", source_of(*(row for _, row in given.values())))


def _low(value: Interval) -> float:
    return float(value.low or 0)


def _most_over_least(values: dict[str, Interval]) -> Interval:
    ordered = sorted(values.values(), key=_low)
    return ordered[-1] / ordered[0]


def aid_rises(question: Question) -> Outside:
    """Judge that aid rises every year, at constant prices for Table 1 and at current ones for the years after it."""
    facts = question.facts
    changes = {int(row["year"]): row for row in facts.deflators if row["index"] == "cpi" and row["preferred"] == 1}
    if not set(map(int, YEARS)) <= set(changes):
        raise NotHeld
    series = {
        "aid as printed": {int(year): facts.figure(f"t1/government_aid/{year}") for year in YEARS},
        "the sum of its levels": {int(year): column_sum(facts, LEVELS, year) for year in YEARS},
    }
    falling = {
        name: [year for year in amounts if year - 1 in amounts and _falls(amounts, year, changes[year])]
        for name, amounts in series.items()
    }
    listed = join([f"{name} falls in {join(list(map(str, years))) or 'no year'}" for name, years in falling.items()])
    rows = [
        row
        for row in facts.history
        if row["indicator"] == "government_aid" and row["bound"] == "exact" and row["year_from"] == row["year_to"]
    ]
    later = join(
        [f"{say(value_of(row), 1)} ({row['year_from']})" for row in sorted(rows, key=lambda r: r["year_from"])]
    )
    verdict = AGAINST if all(falling.values()) else OPEN if any(falling.values()) else FROM_OUTSIDE
    sentence = (
        f"At constant consumer prices {listed}; later years, at current prices, in million yuan: {later or 'none'}."
    )
    return Outside(verdict, sentence, source_of(*(changes[int(year)] for year in YEARS[:1]), *rows))


def _falls(amounts: dict[int, Interval], year: int, change: Row) -> bool:
    kept = amounts[year - 1] * Interval.printed(str(change["value"])) / Interval.exact(100)
    return entirely_below(amounts[year], kept)
