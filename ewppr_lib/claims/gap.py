"""Outside figures on the regional gap: the ratio by vintage and by definition of the east."""

from __future__ import annotations

from collections.abc import Callable

from crossfoot.intervals import Interval, total
from ewppr_lib.claims.facts import Question, StudyFacts
from ewppr_lib.claims.growth import paces
from nbedition.claims import AGAINST, FROM_OUTSIDE, OPEN, Outside, join, say

DEFINITIONS = ("ten eastern provinces", "the ten and Liaoning")
TWO = Interval.exact(2)
Ratios = dict[tuple[str, str], Interval]  # vintage and definition -> east-to-west ratio


_MEMBERS = {"east_of_ten": 10, "west_of_twelve": 12, "liaoning": 1, "other_eight": 8}


def _sum_of_rounded(text: str, members: int) -> Interval:
    """Return a sum of as many rounded figures, each rounded to the decimals of the sum."""
    return (
        Interval.printed(text) + Interval.exact(members - 1) * (Interval.printed(text) - Interval.printed(text)) / TWO
    )


def _vintages(facts: StudyFacts, year: int) -> dict[str, dict[str, Interval]]:
    """Return the product of east, west and Liaoning by vintage in a year; vintages never mix."""
    found: dict[str, dict[str, Interval]] = {}
    for row in facts.regional_grp:
        if row["year"] == year:
            region = str(row["region"])
            value = _sum_of_rounded(str(row["value"]), _MEMBERS[region])
            found.setdefault(str(row["vintage"]), {})[region] = value
    provinces: dict[str, dict[str, Interval]] = {}
    for row in facts.provincial_grp:
        if row["year"] == year:
            provinces.setdefault(str(row["vintage"]), {})[str(row["province"])] = Interval.printed(str(row["grp"]))
    for vintage, rows in provinces.items():
        found[vintage] = _regions(facts, rows)
    return {vintage: regions for vintage, regions in found.items() if regions}


def _regions(facts: StudyFacts, rows: dict[str, Interval]) -> dict[str, Interval]:
    """Add provinces up to regions as footnote 1 names them; nothing where a province is missing."""
    east, west = facts.listed("eastern_region"), facts.listed("western_region")
    if not {*east, *west, "Liaoning"} <= set(rows):
        return {}
    return {
        "east_of_ten": total([rows[name] for name in east]),
        "west_of_twelve": total([rows[name] for name in west]),
        "liaoning": rows["Liaoning"],
    }


def ratios(facts: StudyFacts, year: int) -> Ratios:
    """Return the east-to-west ratio of a year by vintage and definition; none where no vintage reaches the year."""
    found: Ratios = {}
    for vintage, region in _vintages(facts, year).items():
        west = region["west_of_twelve"]
        found[vintage, DEFINITIONS[0]] = region["east_of_ten"] / west
        found[vintage, DEFINITIONS[1]] = (region["east_of_ten"] + region["liaoning"]) / west
    return found


def sources_of(facts: StudyFacts, vintages: set[str]) -> str:
    """Return source records and vintages for the column ``outside_source``."""
    rows = [*facts.regional_grp, *facts.provincial_grp]
    pairs = {(str(row["source"]), str(row["vintage"])) for row in rows if row["vintage"] in vintages}
    return "; ".join(f"{source} ({vintage})" for source, vintage in sorted(pairs))


def _named(key: tuple[str, str], year: int, value: Interval) -> str:
    return f"{say(value, 3)} ({key[0]}, {key[1]}, {year})"


def grp_ratio(question: Question) -> Outside:
    """Judge a printed ratio by every vintage and definition in the years it can stand for.

    A single vintage can reproduce it, but two must fail to give it before it is contradicted.
    """
    facts = question.facts
    found = {(key, int(year)): value for year in question.words for key, value in ratios(facts, int(year)).items()}
    if not found:
        return Outside(OPEN, f"No vintage reaches {join(list(question.words))}.")
    source = sources_of(facts, {key[0] for key, _ in found})
    fits = [_named(key, year, value) for (key, year), value in found.items() if question.printed.overlaps(value)]
    misses = [_named(key, year, value) for (key, year), value in found.items() if not question.printed.overlaps(value)]
    printed = question.claim.printed_value
    if not fits:
        alone = len({key[0] for key, _ in found}) == 1
        sentence = f"No vintage or definition gives {printed}: {join(misses)}"
        sentence += "; one second-hand vintage alone does not refute it." if alone else "."
        return Outside(OPEN if alone else AGAINST, sentence, source)
    return Outside(FROM_OUTSIDE, f"{printed} is given by {join(fits)}, not by {join(misses) or 'no other'}.", source)


def _by_series(
    question: Question, years: tuple[int, ...], test: Callable[[list[Interval]], bool], said: str
) -> Outside:
    """Judge by each vintage and definition that reaches all years; one vintage at a time."""
    facts = question.facts
    by_year = [ratios(facts, year) for year in years]
    keys = [key for key in by_year[0] if all(key in found for found in by_year)]
    if not keys:
        return Outside(OPEN, f"No vintage reaches all of {join([str(year) for year in years])}.")
    series = {key: [found[key] for found in by_year] for key in keys}
    holds = [key for key, values in series.items() if test(values)]
    listed = join([f"{', '.join(say(v, 3) for v in values)} ({key[0]}, {key[1]})" for key, values in series.items()])
    verdict = FROM_OUTSIDE if len(holds) == len(keys) else AGAINST if not holds else OPEN
    sentence = f"{said} in {len(holds)} of {len(keys)} series over {join([str(year) for year in years])}: {listed}."
    return Outside(verdict, sentence, sources_of(facts, {key[0] for key in keys}))


def grp_rises(question: Question) -> Outside:
    """Judge a rise of the ratio between two years, vintage by vintage."""
    first, last = (int(word) for word in question.words)
    return _by_series(question, (first, last), lambda v: (v[1] - v[0]).gap(Interval.at_most(0)) > 0, "The ratio rises")


def grp_slower(question: Question) -> Outside:
    """Judge a slowdown of the rise between two windows, by every formula and vintage by vintage."""
    a, b, c, d = (int(word) for word in question.words)

    def slows(v: list[Interval]) -> bool:
        early, late = paces(v[0], v[1], b - a), paces(v[2], v[3], d - c)
        return all((early[formula] - late[formula]).gap(Interval.at_most(0)) > 0 for formula in early)

    return _by_series(question, (a, b, c, d), slows, "The yearly rise slows by every formula")


def grp_step(question: Question) -> Outside:
    """Judge the step of the ratio from one year to the next, vintage by vintage."""
    first, last = (int(word) for word in question.words)
    return _by_series(
        question, (first, last), lambda v: question.printed.overlaps(v[1] - v[0]), "The step fits the printed one"
    )
