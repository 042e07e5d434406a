"""The ledger of claims: complete, judged by computation, and sensitive to the data."""

import re
from collections.abc import Callable
from dataclasses import replace
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest

from crossfoot.errors import DataError
from crossfoot.intervals import Interval
from ewppr_lib.claims import JUDGES, OUTSIDE_JUDGES
from ewppr_lib.claims.facts import StudyFacts
from ewppr_lib.claims.gap import ratios
from ewppr_lib.claims.growth import paces, year_counts
from nbedition import claims, data
from nbedition.claims import AGAINST, CONTRADICTED, FROM_OUTSIDE, NOT_CHECKABLE, OPEN, READING, REPRODUCED, Judgement

Change = Callable[[StudyFacts], StudyFacts]


@pytest.fixture(scope="module")
def facts() -> StudyFacts:
    return claims.read_facts()


@pytest.fixture(scope="module")
def judged(facts: StudyFacts) -> dict[str, Judgement]:
    return {found.claim.id: found for found in claims.audit(facts)}


def judge(facts: StudyFacts, claim: str) -> Judgement:
    return claims.audit(facts, [facts.claims[claim]])[0]


# --- the ledger ---------------------------------------------------------------------------------


def test_the_ledger_numbers_every_claim_once_without_a_gap(facts: StudyFacts) -> None:
    ids = [claim.id for claim in claims.ledger()]
    assert ids == [f"C{number:03d}" for number in range(1, len(ids) + 1)]
    assert len(ids) == len(facts.claims) >= 225


def test_every_claim_names_a_computation_or_the_figure_it_needs(facts: StudyFacts) -> None:
    assert [claim.id for claim in facts.claims.values() if not claim.check and not claim.needs] == []


def test_every_computation_judges_a_claim_and_every_name_has_a_computation(facts: StudyFacts) -> None:
    assert {claim.check.split()[0] for claim in facts.claims.values() if claim.check} == set(JUDGES) | set(
        claims.SHARED
    )
    assert {claim.outside.split()[0] for claim in facts.claims.values() if claim.outside} == set(OUTSIDE_JUDGES)


def test_the_ledger_holds_no_verdict(facts: StudyFacts) -> None:
    columns = set(data.load("claims").columns)
    assert not columns & {"verdict", "reading", "outside_verdict"}
    text = " ".join(str(claim) for claim in facts.claims.values())
    assert CONTRADICTED not in text
    assert READING not in text


@pytest.mark.parametrize("table", ["table1", "table2"])
def test_the_printed_values_of_table_claims_are_the_printed_cells(facts: StudyFacts, table: str) -> None:
    cells = getattr(facts, table)
    patterns = {
        "table1": r"(?:cell (\w+) (\d{4}))|(?:row_sum (\w+))|(?:all_rows (\w+))",
        "table2": r"(?:year_within (\w+) (\d{4}))|(?:two_years (\w+))",
    }
    seen = 0
    for claim in facts.claims.values():
        found = re.fullmatch(patterns[table], claim.check)
        if not found:
            continue
        groups = [*found.groups(), None]
        last = "Total" if table == "table1" else "total"
        item, column = (groups[0], groups[1]) if groups[0] else (groups[2] or "total", groups[3] or last)
        assert claim.printed_value == cells[str(item)][str(column)], claim.id
        seen += 1
    assert seen > 20


def test_stated_figures_and_the_ledger_agree(facts: StudyFacts) -> None:
    for row in [*facts.stated, *facts.cases]:
        assert row["printed"].replace(",", "") == facts.claims[row["claim"]].printed_value.replace(",", ""), row[
            "claim"
        ]


# --- verdicts and computed values, worked by hand -----------------------------------------------

BY_HAND = [
    # claim, verdict, text that the sentence or the computed value holds
    ("C002", CONTRADICTED, "after 2010"),
    ("C010", REPRODUCED, "[3]"),
    ("C012", REPRODUCED, "1979-1997"),
    ("C016", REPRODUCED, "[0.73, 0.75]"),
    ("C017", READING, "1978-1997, both ends counted, not the stated window"),
    ("C024", REPRODUCED, "[0.28, 0.3]"),
    ("C025", READING, "1998-2007, both ends counted, the stated window"),
    ("C026", REPRODUCED, "1.68 to 1.07 by compound growth"),
    ("C030", READING, "Liaoning is missing"),
    ("C034", READING, "2001 after the authors and 2011"),
    ("C040", REPRODUCED, "they are the same"),
    ("C044", REPRODUCED, "case BLS of 1998"),
    ("C045", READING, "list of 2010 repeats"),
    ("C050", NOT_CHECKABLE, "official list of 1996"),
    ("C054", REPRODUCED, "4 are named"),
    ("C071", CONTRADICTED, "Of 15 pairs of 2010, 12 stand in the earlier lists"),
    ("C072", CONTRADICTED, "14, 15 and 16"),
    ("C073", CONTRADICTED, "41.8 per cent of cadres (2,592 to 3,610)"),
    ("C074", CONTRADICTED, "the age in 2006 or 2007"),
    ("C080", READING, "Cai Xinhui"),
    ("C083", CONTRADICTED, "second, second, third"),
    ("C085", CONTRADICTED, "0.6 per cent"),
    ("C087", NOT_CHECKABLE, "2,377.2 of the 7,860"),
    ("C099", REPRODUCED, "2,592"),
    ("C102", REPRODUCED, "713 of 2,592; 1,879 are left over"),
    ("C103", CONTRADICTED, "27,918"),
    ("C108", REPRODUCED, "[71469.6625, 72167.9625]"),
    ("C109", REPRODUCED, "10.3 per cent"),
    ("C113", READING, "346.4, 468.7, 483, 303.5, 547.2"),
    ("C117", READING, "80.32 of the printed total"),
    ("C119", REPRODUCED, "60.29 per cent"),
    ("C120", READING, "0.43 of money counted once, investment as realised"),
    ("C121", REPRODUCED, "16.8 per cent"),
    ("C122", READING, "million yuan"),
    ("C123", REPRODUCED, "2,377.198"),
    ("C132", CONTRADICTED, "346.4126"),
    ("C133", REPRODUCED, "468.6589"),
    ("C135", CONTRADICTED, "231.1 more than the parts"),
    ("C137", CONTRADICTED, "2,148.7166"),
    ("C138", READING, "91,054.36"),
    ("C144", READING, "394,515.93 for investment as agreed"),
    ("C145", NOT_CHECKABLE, "[11] 2003, [12] 2011 and [13] 2011"),
    ("C172", REPRODUCED, "310"),
    ("C174", REPRODUCED, "180"),
    ("C178", CONTRADICTED, "12, 13 and 14 years"),
    ("C190", READING, "1996-2011 (its latest citation), both ends counted"),
    ("C203", CONTRADICTED, "14,325"),
    ("C205", CONTRADICTED, "14,619 more than the parts"),
    ("C206", CONTRADICTED, "0.94 (total)"),
    ("C207", REPRODUCED, "46.43 (total)"),
    ("C213", CONTRADICTED, "2.6 per cent"),
    ("C219", READING, "1996-2010 (its last data), both ends counted"),
    ("C223", CONTRADICTED, "2001 after the authors and 2011"),
    ("C238", CONTRADICTED, "XMC and XCM"),
]


@pytest.mark.parametrize(("claim", "verdict", "said"), BY_HAND)
def test_a_claim_worked_by_hand(judged: dict[str, Judgement], claim: str, verdict: str, said: str) -> None:
    found = judged[claim]
    assert found.verdict == verdict
    assert said in f"{found.sentence} {found.computed} {found.reading}"


OUTSIDE_BY_HAND = [
    ("C011", FROM_OUTSIDE, "9.8"),
    ("C014", OPEN, "2.106 (GCAM-CHINA, ten eastern provinces, 1979)"),
    ("C022", FROM_OUTSIDE, "2.891 (YB-COMPILED, ten eastern provinces, 1998)"),
    ("C023", FROM_OUTSIDE, "3.18 is given by 3.183 (NBS-YB2008, ten eastern provinces, 2007), not by"),
    ("C052", FROM_OUTSIDE, "1996"),
    ("C045", OPEN, "from 2001 on"),
    ("C068", FROM_OUTSIDE, "2010"),
    ("C087", OPEN, "7,583 government aid alone and 8,603 with social donations"),
    ("C088", OPEN, "262,149 million yuan"),
    ("C094", AGAINST, "4,672,000 persons in 2003-2010"),
    ("C095", AGAINST, "557,000 person-times in 1996-2014"),
    ("C099", FROM_OUTSIDE, "2,592"),
    ("C193", FROM_OUTSIDE, "3,610"),
    ("C206", AGAINST, "persons"),
]


@pytest.mark.parametrize(("claim", "verdict", "said"), OUTSIDE_BY_HAND)
def test_what_outside_figures_add(judged: dict[str, Judgement], claim: str, verdict: str, said: str) -> None:
    found = judged[claim]
    assert found.outside == verdict
    assert said in found.outside_sentence
    assert re.search(r"\w+ \(.+\)", found.outside_source)


def test_every_outside_verdict_that_is_not_open_names_a_known_source(judged: dict[str, Judgement]) -> None:
    known = data.sources()
    for found in judged.values():
        cited = re.findall(r"(\S+) \(", found.outside_source)
        assert cited or found.outside == OPEN, found.claim.id
        assert set(cited) <= set(known), found.claim.id


def test_every_judgement_is_one_sentence_with_a_known_verdict(judged: dict[str, Judgement]) -> None:
    for found in judged.values():
        assert found.verdict in claims.VERDICTS
        assert found.outside in claims.OUTSIDE_VERDICTS
        for sentence in (found.sentence, found.outside_sentence):
            assert sentence.endswith("."), (found.claim.id, sentence)
            assert ".." not in sentence, (found.claim.id, sentence)
        if found.verdict == READING:
            assert found.reading, found.claim.id
        if found.verdict == NOT_CHECKABLE:
            assert "needed: " in found.sentence, found.claim.id


def test_the_frame_holds_one_row_a_claim(judged: dict[str, Judgement]) -> None:
    frame = claims.as_frame(list(judged.values()))
    assert list(frame.index) == list(judged)
    assert set(frame["verdict"]) == set(claims.VERDICTS)
    assert not frame.isna().to_numpy().any()


# --- readings of a pace -------------------------------------------------------------------------


def test_the_pace_readings_agree_with_plain_arithmetic() -> None:
    found = paces(Interval.exact("2.12"), Interval.exact("2.86"), 20)
    assert found["hundredths of the ratio a year"] == Interval.exact("3.7")
    for name, value in {
        "compound growth": ((2.86 / 2.12) ** (1 / 20) - 1) * 100,
        "simple growth on the first value": (2.86 / 2.12 - 1) / 20 * 100,
        "simple growth on the last value": (1 - 2.12 / 2.86) / 20 * 100,
    }.items():
        assert abs(float(found[name].middle or 0) - value) < 1e-9, name


def test_the_stated_window_comes_first_and_is_counted_both_ways(facts: StudyFacts) -> None:
    counts = year_counts(facts, 2)
    assert list(counts)[:2] == [9, 10]
    assert counts[9].startswith("1998-2007, first year not counted, the stated window")
    assert max(counts) == 2010 - 1997 + 1


def test_a_ratio_never_mixes_two_vintages(facts: StudyFacts) -> None:
    found = ratios(facts, 2007)
    assert {vintage for vintage, _ in found} == {"YB-COMPILED", "NBS-2024", "NBS-2021", "GCAM-CHINA", "NBS-YB2008"}
    east, west = Fraction("149264.2"), Fraction("47698.1")
    assert found["NBS-2024", "ten eastern provinces"].contains(east / west)
    assert not found["NBS-YB2008", "ten eastern provinces"].contains(east / west)


# --- each computation can give another answer ----------------------------------------------------


def cell(table: str, item: str, column: str, text: str) -> Change:
    def change(facts: StudyFacts) -> StudyFacts:
        cells = {name: dict(row) for name, row in getattr(facts, table).items()}
        cells[item][column] = text
        changed: dict[str, Any] = {table: cells}
        return replace(facts, **changed)

    return change


def rows(field: str, where: dict[str, Any], **values: Any) -> Change:
    def change(facts: StudyFacts) -> StudyFacts:
        changed, found = [], False
        for row in getattr(facts, field):
            hit = all(row[name] == value for name, value in where.items())
            found = found or hit
            changed.append({**row, **values} if hit else row)
        assert found, (field, where)
        new: dict[str, Any] = {field: changed}
        return replace(facts, **new)

    return change


def without(field: str, **where: Any) -> Change:
    def change(facts: StudyFacts) -> StudyFacts:
        kept = [r for r in getattr(facts, field) if not all(r[name] == value for name, value in where.items())]
        assert len(kept) < len(getattr(facts, field)), (field, where)
        new: dict[str, Any] = {field: kept}
        return replace(facts, **new)

    return change


def ledger(claim: str, **values: str) -> Change:
    return lambda facts: replace(facts, claims={**facts.claims, claim: replace(facts.claims[claim], **values)})


def both(*changes: Change) -> Change:
    def change(facts: StudyFacts) -> StudyFacts:
        for one in changes:
            facts = one(facts)
        return facts

    return change


INTRO, WINDOWS = "Division in the introduction", "Windows of its statistics"
CHANGES = {
    "row_sum": ("C124", cell("table1", "aid_provincial", "2004", "298.69"), CONTRADICTED),
    "levels": ("C135", cell("table1", "aid_provincial", "2006", "400.69"), REPRODUCED),
    "all_rows": ("C139", ledger("C139", printed_value="25271.838"), REPRODUCED),
    "cell": ("C264", cell("table1", "government_aid", "2004", "486.659"), READING),
    "subrows": ("C138", cell("table1", "enterprise_realised", "2006", "50000"), CONTRADICTED),
    "two_years": ("C193", cell("table2", "cadres_west_east", "2009", "3990"), CONTRADICTED),
    "year_within": ("C298", cell("table2", "cadres_east_west", "total", "259"), CONTRADICTED),
    "attendees": ("C203", cell("table2", "doctors_trained", "2009", "2504"), REPRODUCED),
    "terms": ("C207", cell("table2", "management_courses", "total", "25900"), CONTRADICTED),
    "table2_title": ("C191", ledger("C191", printed_value="2003-2009"), CONTRADICTED),
    "exchange_rows": (
        "C245",
        lambda facts: replace(facts, table2={**facts.table2, "management_east_west": {"total": "5"}}),
        REPRODUCED,
    ),
    "same": ("C099", cell("table2", "cadres_east_west", "total", "2529"), CONTRADICTED),
    "part_of": ("C100", ledger("C099", printed_value="50"), CONTRADICTED),
    "whole_of": ("C087", cell("table1", "government_aid", "Total", "8377.197"), CONTRADICTED),
    "within": ("C102", ledger("C099", printed_value="700"), CONTRADICTED),
    "sum": ("C172", rows("cases", {"item": "land_plantation"}, printed="108"), CONTRADICTED),
    "product": ("C108", ledger("C109", printed_value="13.0"), CONTRADICTED),
    "difference": ("C227", ledger("C022", printed_value="2.98"), CONTRADICTED),
    "unit_from_text": ("C122", ledger("C118", unit="billion yuan"), CONTRADICTED),
    "same_window": ("C086", ledger("C106", printed_value="1996-2009"), CONTRADICTED),
    "starts_with_table2": ("C208", ledger("C208", printed_value="2004"), CONTRADICTED),
    "share": ("C119", cell("table1", "government_aid", "Total", "2737.197"), CONTRADICTED),
    "share_of_funds": ("C117", cell("table1", "total", "Total", "394515.93"), CONTRADICTED),
    "money_role": ("C115", cell("table1", "government_aid", "Total", "900000"), CONTRADICTED),
    "one_way": (
        "C073",
        both(
            cell("table2", "cadres_west_east", "total", "36"), cell("table2", "professionals_west_east", "total", "40")
        ),
        REPRODUCED,
    ),
    "aid_rises": ("C113", cell("table1", "government_aid", "2006", "453.553"), CONTRADICTED),
    "pace": ("C025", ledger("C023", printed_value="3.38"), CONTRADICTED),
    "rises": ("C024", ledger("C023", printed_value="2.88"), CONTRADICTED),
    "slower": ("C026", ledger("C025", printed_value="4.96"), READING),
    "period_count": ("C004", without("periods", scheme=INTRO, period=3), CONTRADICTED),
    "period": (
        "C005",
        rows("periods", {"scheme": WINDOWS, "period": 1}, start_low=1989, start_high=1989),
        CONTRADICTED,
    ),
    "window_in_period": ("C012", ledger("C012", printed_value="1985-1997"), CONTRADICTED),
    "window_between": ("C001", rows("dated", {"event": "report_1996"}, earliest="1997-07"), CONTRADICTED),
    "launch_between": ("C035", rows("dated", {"event": "report_1996"}, earliest="1998-07"), REPRODUCED),
    "launch_month": ("C043", ledger("C086", printed_value="1994-2010"), CONTRADICTED),
    "cited": ("C078", rows("references", {"number": 5}, year=2005, year_again=2005), CONTRADICTED),
    "reference": ("C223", rows("references", {"number": 17}, year_again=2001), REPRODUCED),
    "title": ("C031", rows("references", {"number": 10}, short_title="Data of 50 years"), CONTRADICTED),
    "order": ("C153", rows("dated", {"event": "change_finished"}, latest="2002-09"), CONTRADICTED),
    "age": ("C074", rows("dated", {"event": "report_1996"}, earliest="2000-07"), READING),
    "age_of_case": ("C178", rows("dated", {"chain": "BLS"}, earliest="2002-01"), READING),
    "plan_years": ("C211", ledger("C211", printed_value="2011-2016"), CONTRADICTED),
    "count": ("C075", without("lists", item="political mobilisation"), CONTRADICTED),
    "ordinals": (
        "C083",
        both(
            rows("lists", {"item": "experiences and problems"}, ordinal="third"),
            rows("lists", {"list": "parts_announced", "item": "institutional innovation"}, ordinal="fourth"),
            ledger("C083", printed_value="second, third, fourth"),
        ),
        REPRODUCED,
    ),
    "same_members": ("C040", rows("pairings", {"donor": "Liaoning"}, donor="Hebei"), CONTRADICTED),
    "named_among": ("C039", rows("pairings", {"donor": "Liaoning"}, donor="Hebei"), CONTRADICTED),
    "eastern_named": ("C028", rows("lists", {"list": "eastern_region", "item": "Hainan"}, item="Liaoning"), REPRODUCED),
    "western_named": ("C029", rows("pairings", {"donor": "Fujian"}, recipient="Hubei"), CONTRADICTED),
    "city_donors": ("C054", without("pairings", donor="Ningbo"), CONTRADICTED),
    "per_donor": (
        "C041",
        lambda facts: replace(
            facts,
            pairings=[*facts.pairings, *({**facts.pairings[0], "recipient": name} for name in ("Tibet", "Gansu"))],
        ),
        CONTRADICTED,
    ),
    "one_name": ("C238", without("lists", item="XCM"), REPRODUCED),
    "reference_count": ("C251", without("references", number=7), CONTRADICTED),
    "pair": ("C044", rows("cases", {"case": "BLS"}, recipient="Gansu"), CONTRADICTED),
    "new_pairs": (
        "C071",
        lambda facts: replace(facts, pairings=[r for r in facts.pairings if r["list_year"] == 2010]),
        REPRODUCED,
    ),
    "donors_eastern": ("C030", rows("pairings", {"donor": "Liaoning"}, donor="Hebei"), REPRODUCED),
    "recipients_western": ("C228", rows("pairings", {"donor": "Fujian"}, recipient="Hubei"), CONTRADICTED),
    "case_pair": ("C149", rows("cases", {"case": "XMC"}, recipient="Sichuan"), CONTRADICTED),
    "cases_by_theme": ("C147", rows("case_notes", {"case": "Nice"}, theme="minerals"), CONTRADICTED),
    "cases_that_help": ("C148", rows("case_notes", {"case": "BLS"}, helps_households="yes"), REPRODUCED),
    "eastern_firms": ("C237", rows("case_notes", {"case": "GAT"}, home_of_firm="Zhejiang"), REPRODUCED),
}


@pytest.mark.parametrize("name", sorted({**claims.SHARED, **JUDGES}))
def test_a_verdict_changes_with_the_data(facts: StudyFacts, judged: dict[str, Judgement], name: str) -> None:
    claim, change, expected = CHANGES[name]
    assert facts.claims[claim].check.split()[0] == name
    found = judge(change(facts), claim)
    assert found.verdict == expected
    assert found.sentence != judged[claim].sentence
    assert found.verdict != judged[claim].verdict


def aid(years: tuple[int, int], value: str, indicator: str = "government_aid") -> Change:
    return rows("history", {"indicator": indicator, "year_from": years[0], "year_to": years[1]}, value=value)


def no_vintage(*names: str) -> Change:
    return lambda facts: replace(
        facts,
        regional_grp=[row for row in facts.regional_grp if row["vintage"] not in names],
        provincial_grp=[row for row in facts.provincial_grp if row["vintage"] not in names],
    )


OUTSIDE_CHANGES = {
    "figure": ("C099", aid((2003, 2010), "2529", "cadres_east_west"), AGAINST),
    "starts_in": ("C036", rows("history", {"indicator": "seven_year_programme"}, year_from=1993), AGAINST),
    "pair": ("C068", rows("partners", {"donor": "Shandong"}, recipient="Xinjiang"), AGAINST),
    "new_pairs": ("C071", rows("history", {"indicator": "pairs_changed"}, value="15"), FROM_OUTSIDE),
    "money_role": ("C003", aid((2003, 2010), "900000"), FROM_OUTSIDE),
    "money_share": ("C117", aid((2003, 2010), "900000"), OPEN),
    "donations_to_aid": ("C121", aid((2003, 2010), "900000"), OPEN),
    "one_way": ("C073", aid((2003, 2010), "36", "cadres_west_east"), FROM_OUTSIDE),
    "aid_rises": ("C113", aid((2012, 2012), "800"), AGAINST),
    "tiles": ("C087", aid((2003, 2010), "4717.2"), FROM_OUTSIDE),
    "realised_total": ("C088", aid((2003, 2010), "684881", "enterprise_realised"), FROM_OUTSIDE),
    "realised_share": ("C105", cell("table1", "enterprise_realised", "Total", "9"), OPEN),
    "not_before": ("C242", rows("history", {"indicator": "western_development_launch"}, year_from=1997), OPEN),
    "age_of": ("C056", rows("history", {"indicator": "chongqing_municipality"}, year_from=2003), AGAINST),
    "unit_person": ("C206", rows("history", {"indicator": "professionals_trained"}, unit="terms"), FROM_OUTSIDE),
    "grp_ratio": ("C023", no_vintage("NBS-YB2008"), AGAINST),
    "grp_rises": ("C024", rows("regional_grp", {"year": 2007, "region": "west_of_twelve"}, value="90000"), OPEN),
    "grp_slower": ("C026", rows("regional_grp", {"year": 1978, "region": "west_of_twelve"}, value="0.15"), AGAINST),
    "grp_step": ("C227", rows("regional_grp", {"year": 1998, "region": "west_of_twelve"}, value="0.20"), OPEN),
}
ALWAYS_OPEN = {"money_share", "donations_to_aid", "realised_share"}  # they set figures side by side


@pytest.mark.parametrize("name", sorted(OUTSIDE_JUDGES))
def test_an_outside_verdict_changes_with_the_data(facts: StudyFacts, judged: dict[str, Judgement], name: str) -> None:
    claim, change, expected = OUTSIDE_CHANGES[name]
    assert facts.claims[claim].outside.split()[0] == name
    found = judge(change(facts), claim)
    assert found.outside == expected
    assert found.outside_sentence != judged[claim].outside_sentence
    assert (found.outside == judged[claim].outside) == (name in ALWAYS_OPEN)


def test_a_pair_not_attested_for_the_year_stays_open(facts: StudyFacts) -> None:
    assert judge(rows("partners", {"donor": "Zhuhai"}, from_year=2012)(facts), "C066").outside == OPEN


def test_outside_figures_that_are_taken_away_leave_the_claim_open(facts: StudyFacts) -> None:
    bare = replace(facts, history=[], partners=[], regional_grp=[], provincial_grp=[])
    assert {found.outside for found in claims.audit(bare)} == {OPEN}


# --- bad input ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (ledger("C099", check="sams t2/cadres_east_west/total"), "C099, column 'check': there is no computation"),
        (ledger("C099", outside="figures x"), "C099, column 'outside': there is no computation 'figures'"),
        (ledger("C099", check="same t2/cadres/total"), "names the figure 't2/cadres/total'"),
        (ledger("C099", check="count nothing"), "names the list 'nothing'"),
        (ledger("C099", check="order nothing"), "names the event 'nothing'"),
    ],
)
def test_a_wrong_name_in_the_ledger_is_said_in_one_sentence(facts: StudyFacts, change: Change, said: str) -> None:
    with pytest.raises(DataError) as error:
        judge(change(facts), "C099")
    assert said in str(error.value)
    assert "\n" not in str(error.value)


@pytest.mark.parametrize(
    ("file", "old", "new", "said"),
    [
        ("study/lists.csv", "list,item", "list,thing", "its columns differ from those expected by item, thing"),
        ("study/references.csv", "Deng Xiaoping,1993", "Deng Xiaoping,MCM", "a whole number is expected, got 'MCM'"),
        ("claims.csv", "paraphrase", "claim", "data/claims.csv: its columns differ"),
    ],
)
def test_a_spoilt_file_is_named_in_one_sentence(edition: Path, file: str, old: str, new: str, said: str) -> None:
    path = edition / "data" / file
    path.write_text(path.read_text(encoding="utf-8").replace(old, new, 1), encoding="utf-8")
    with pytest.raises(DataError) as error:
        claims.audit()
    assert said in str(error.value)


def test_a_changed_cell_of_the_printed_table_changes_the_audit(edition: Path) -> None:
    path = edition / "data" / "printed" / "table1.csv"
    path.write_text(path.read_text(encoding="utf-8").replace("169.59", "400.69"), encoding="utf-8")
    found = {one.claim.id: one.verdict for one in claims.audit()}
    assert found["C135"] == REPRODUCED
    assert found["C124"] == CONTRADICTED
