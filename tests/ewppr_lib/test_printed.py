"""The study's two printed tables under crossfoot: what they are read as, what fails in them, and why."""

import pytest
from common import ROOT

from crossfoot.edit import diagnose
from crossfoot.errors import DataError, RequestError
from crossfoot.evaluate import evaluate
from crossfoot.read import read_table
from crossfoot.relation_file import read_relations
from crossfoot.relations import Sum
from crossfoot.suggest import suggest_relations
from ewppr_lib.printed import study_relations, study_table

PRINTED = ROOT / "data" / "printed"


def test_the_studys_total_is_proposed_as_counting_twice():
    found = {each.relation.labels()[0]: each for each in suggest_relations(study_table("table1"))}
    assert len(found["total"].relation.labels()) == 9
    assert "it counts twice: both 'government_aid'" in found["total"].sentence
    assert found["government_aid"].fails == ("2003", "2006", "Total")


def test_a_total_of_years_that_are_not_printed_is_not_proposed():
    assert suggest_relations(study_table("table2")) == []


def test_the_study_s_own_tables_fail_where_their_arithmetic_does():
    failing = {
        (name, finding.relation.name, finding.place)
        for name in ("table1", "table2")
        for finding in evaluate(study_table(name), study_relations(name))
        if finding.verdict == "fails"
    }
    levels = {place for _, title, place in failing if title == "levels of government sum to government aid"}
    once = {place for _, title, place in failing if title == "each yuan counted once sums to the total"}
    kinds = {place for _, title, place in failing if title == "kinds of attendee sum to professionals trained"}
    assert levels == {"2003", "2006", "Total"}
    assert once == {"2003", "2004", "2005", "2006", "2007", "Total"}
    assert kinds == {"2009", "2010", "Total of 2003-2010"}
    assert not any(title.startswith(("years sum", "realised", "taxes", "2009 and 2010")) for _, title, _ in failing)


def test_an_unknown_row_of_the_file_is_found_when_it_meets_the_table(tmp_path):
    path = tmp_path / "relations.yml"
    path.write_text("relations: [{kind: sum, total: goverment_aid, parts: [aid_county]}]", encoding="utf-8")
    with pytest.raises(RequestError, match="row 'goverment_aid', .* did you mean 'government_aid'"):
        evaluate(study_table("table1"), read_relations(path))


def test_the_study_s_tables_carry_corrections_rounding_and_counts():
    one, two = study_table("table1"), study_table("table2")
    assert one.columns == ("2003", "2004", "2005", "2006", "2007", "Total")
    assert one.cells["aid_county", "2007"].text == "83.2521"
    assert one.interval("taxes_paid", "2005").half == 0.5
    assert two.columns == ("2009", "2010", "Total of 2003-2010")
    assert two.interval("managers_trained", "2009").half == 0
    with pytest.raises(RequestError, match="no table 'table3'; its tables are table1, table2"):
        study_table("table3")


def test_every_relation_of_the_study_is_named_and_fits_its_table():
    for name, count in (("table1", 33), ("table2", 20)):
        relations = study_relations(name)
        assert all(relation.name for relation in relations)
        assert len(evaluate(study_table(name), relations)) == count


def test_a_total_that_counts_money_twice_is_named():
    found = diagnose(study_table("table1"), study_relations("table1"))
    total = [diagnosis for diagnosis in found if diagnosis.finding.relation.total == "total"]
    assert len(total) == 6
    for diagnosis in total:
        assert len(diagnosis.explained.members) == 8
        assert len(diagnosis.explained.places) == diagnosis.explained.tested == 6
        assert diagnosis.explained.chance < 1e-9
        sentence = diagnosis.sentences[0]
        assert (
            "it counts 'aid_provincial', 'aid_prefectural' and 'aid_county' although they are part of 'gov" in sentence
        )
        assert "it counts 'enterprise_realised' although it is part of 'enterprise_agreed'" in sentence
        assert "it also counts 'taxes_paid'" in sentence


def test_the_levels_of_2003_and_2006_have_no_single_slip_and_carry_into_the_total():
    found = diagnose(study_table("table1"), study_relations("table1"))
    levels = {d.finding.place: d for d in found if d.finding.relation.name.startswith("levels")}
    assert set(levels) == {"2003", "2006", "Total"}
    for diagnosis in levels.values():
        assert diagnosis.repairs == ()
        assert diagnosis.explained is None
        assert diagnosis.subsets.complete
    assert "'government_aid' 303.453 and not 534.553" in levels["2006"].sentences[-1]
    assert levels["Total"].follows == ("2003", "2006")


def test_a_total_that_is_always_larger_is_said_to_lack_a_part():
    found = diagnose(study_table("table2"), study_relations("table2"))
    sums = [d for d in found if isinstance(d.finding.relation, Sum)]
    assert len(sums) == 3
    assert all("as it would if a part were not listed" in " ".join(d.sentences) for d in sums)


def test_the_ocr_slip_in_the_studys_first_table_is_named():
    with pytest.raises(DataError, match=r"row 'County level', column '2007': '83\.2521\.'"):
        read_table(PRINTED / "table1.csv")


def test_merged_label_cells_of_the_studys_second_table_make_paths():
    table = read_table(PRINTED / "table2.csv")
    doctor = "Professional Technician Exchange / Attendees / Doctor"
    assert table.interval(doctor, "2010").middle == 424
    assert table.columns == ("2009", "2010", "Total of 2003-2010")
    assert table.units["Management Personnel Exchange / Training Course"] == "Terms"
    assert table.notes[-1] == "Data Resource: LGOP, 2011."
