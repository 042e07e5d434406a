"""Claims on the four company cases of Column 1, judged by what the cases tell."""

from __future__ import annotations

from ewppr_lib.claims.counts import donors
from ewppr_lib.claims.facts import Question
from ewppr_lib.claims.register import judges
from nbedition.claims import CONTRADICTED, REPRODUCED, Outcome, concord, join


def _numbers(question: Question) -> list[int]:
    return [int(number) for number in question.claim.printed_value.split(",")]


@judges("cases_by_theme")
def cases_by_theme(question: Question) -> Outcome:
    """Judge which cases concern a theme."""
    found = [int(row["number"]) for row in question.facts.case_notes if row["theme"] in question.words]
    holds = found == _numbers(question)
    sentence = f"On {join(list(question.words))}: {join([f'case {number}' for number in found]) or 'no case'}."
    return Outcome(REPRODUCED if holds else CONTRADICTED, sentence, str(found))


@judges("cases_that_help")
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


@judges("eastern_firms")
def eastern_firms(question: Question) -> Outcome:
    """Judge the number of cases of eastern capital by the homes of the firms."""
    facts = question.facts
    homes = {str(row["case"]): str(row["home_of_firm"]) for row in facts.case_notes}
    eastern = [case for case, home in homes.items() if home in donors(facts, 1996)]
    others = [f"{case} of {home}" for case, home in homes.items() if case not in eastern]
    holds = len(eastern) == int(question.claim.printed_value)
    sentence = f"Of {len(homes)} firms, {len(eastern)} have an eastern home"
    sentence += f"; the account of {join(others)} names no eastern firm or capital." if others else "."
    return Outcome(REPRODUCED if holds else CONTRADICTED, sentence, f"{len(eastern)} of {len(homes)}")
