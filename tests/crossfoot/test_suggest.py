"""Proposed relations: found where figures support them, and nowhere else."""

import importlib.util
import random
import sys
from collections.abc import Mapping
from pathlib import Path
from types import ModuleType

import pytest

from crossfoot.evaluate import evaluate
from crossfoot.intervals import Interval
from crossfoot.read.files import PrintedTable, read_table
from crossfoot.relation_file import read_relations
from crossfoot.relations import AtMost, Growth, Ratio, Share, Sum
from crossfoot.suggest.propose import relations_text, suggest_relations
from crossfoot.table import Cell, Table

ROOT = Path(__file__).parents[2]
EXAMPLE = ROOT / "docs" / "examples" / "schools.csv"
YEARS = ("2003", "2004", "2005")


def table(rows: Mapping[str, tuple[str, ...]], columns: tuple[str, ...] = YEARS, **layout: object) -> PrintedTable:
    cells = {
        (row, column): Cell(text, Interval.printed(text)) if text else Cell("", None, "blank")
        for row, texts in rows.items()
        for column, text in zip(columns, texts, strict=True)
    }
    return PrintedTable("t", tuple(rows), columns, cells, **layout)  # type: ignore[arg-type]


def proposed(of: Table) -> list[object]:
    return [each.relation for each in suggest_relations(of)]


PARTS = {"Roads": ("4173", "5218", "4871"), "Water": ("2917", "3364", "3549"), "Power": ("1866", "1507", "1992")}
TOTAL = ("8956", "10089", "10412")


def test_a_total_below_its_parts_is_proposed() -> None:
    [found] = suggest_relations(table(PARTS | {"Total": TOTAL}))
    assert found.relation == Sum("Total", ("Roads", "Water", "Power"))
    assert (found.holds, found.fails, found.untold) == (YEARS, (), ())
    assert "'Total' is labelled as a total" in found.sentence


def test_a_total_above_its_parts_without_a_word_for_it_is_proposed() -> None:
    [found] = suggest_relations(table({"Ministry": TOTAL} | PARTS))
    assert found.relation == Sum("Ministry", ("Roads", "Water", "Power"))
    assert found.reasons == ("no label says so",)


def test_a_total_that_fails_in_one_column_is_proposed_with_the_place_named() -> None:
    [found] = suggest_relations(table(PARTS | {"Total": ("8956", "10098", "10412")}))
    assert found.fails == ("2004",)
    assert "fails in '2004'" in found.sentence


def test_totals_of_subtotals_are_proposed_in_terms_of_the_subtotals() -> None:
    rows = {"a": ("417", "521"), "b": ("291", "336"), "one": ("708", "857"), "c": ("186", "150"), "d": ("977", "934"),
            "two": ("1163", "1084"), "All": ("1871", "1941")}  # fmt: skip
    assert set(proposed(table(rows, YEARS[:2]))) == {
        Sum("one", ("a", "b")), Sum("two", ("c", "d")), Sum("All", ("one", "two"))
    }  # fmt: skip


@pytest.mark.parametrize(
    "label", ["Average", "Mean score", "Index (2000 = 100)", "Year founded", "Rank", "Pupils per class"]
)
def test_a_line_that_is_no_amount_is_no_total_even_if_it_adds_up(label: str) -> None:
    assert proposed(table(PARTS | {label: TOTAL})) == []


def test_a_row_in_another_unit_is_neither_part_nor_total() -> None:
    units = {"Roads": "km", "Water": "km", "Power": "km", "Staff": "persons"}
    assert proposed(table(PARTS | {"Staff": TOTAL}, units=units)) == []


@pytest.mark.parametrize(
    "rows",
    [
        {"a": ("1", "0", "0"), "b": ("2", "0", "0"), "Total": ("3", "0", "0")},
        {"a": ("0", "0", "0"), "b": ("0", "0", "0"), "Total": ("0", "0", "0")},
        {"a": ("4173", "5218", "4871"), "b": ("0", "0", "0"), "Total": ("4173", "5218", "4871")},
        {"a": ("2", "", ""), "b": ("3", "", ""), "c": ("5", "", "")},
    ],
)
def test_what_zeros_and_small_numbers_do_by_chance_is_not_proposed(rows: Mapping[str, tuple[str, ...]]) -> None:
    assert proposed(table(rows)) == []


def test_random_figures_keep_no_relation() -> None:
    rng = random.Random(5)
    found = 0
    for _ in range(100):
        size = rng.choice([30, 1000, 10**6])
        rows = {f"r{number}": tuple(str(rng.randint(0, size)) for _ in YEARS) for number in range(rng.randint(3, 15))}
        rows["Total"] = tuple(str(rng.randint(0, 5 * size)) for _ in YEARS)
        found += len(suggest_relations(table(rows)))
    assert found == 0


def test_shares_of_the_total_row_are_proposed() -> None:
    rows = {"Roads": ("4173", "46.6"), "Water": ("2917", "32.6"), "Power": ("1866", "20.8"), "Total": ("8956", "100.0")}
    found = proposed(table(rows, ("2003", "%")))
    assert Share("%", "2003", "2003", axis="columns", whole_at="Total") in found


def test_growth_ratio_change_and_part_are_proposed() -> None:
    columns = ("2003", "2008", "Change", "Growth a year, %")
    rows = {"Roads": ("4173", "5218", "1045", "4.57"), "Water": ("2917", "3364", "447", "2.89"),
            "of which: wells": ("1866", "1507", "-359", "-4.18")}  # fmt: skip
    found = proposed(table(rows, columns))
    assert Sum("Change", ("2008",), ("2003",), axis="columns") in found
    assert Growth("Growth a year, %", "2003", "2008", periods=5, how="compound", axis="columns") in found
    assert AtMost(("of which: wells",), "Water", places=("2003", "2008")) in found
    schools = {"Pupils": ("20417", "21006", "22841"), "Teachers": ("1228", "1249", "1301"),
               "Pupils per teacher": ("16.63", "16.82", "17.56")}  # fmt: skip
    assert proposed(table(schools)) == [Ratio("Pupils per teacher", "Pupils", "Teachers")]


def test_the_example_with_a_planted_error_is_read_and_its_error_found() -> None:
    example = read_table(EXAMPLE)
    found = suggest_relations(example)
    fails = {each.relation.labels()[0]: each.fails for each in found if each.fails}
    assert fails == {"Spending, total": ("2020 / Actual",), "Change, % / Actual": ("Buildings",)}
    declared = read_relations(EXAMPLE.with_suffix(".yml"))
    assert declared == [each.relation for each in found]
    assert sum(finding.verdict == "fails" for finding in evaluate(example, declared)) == 2


def test_proposals_written_as_a_file_read_back_the_same(tmp_path: Path) -> None:
    rows = {"Yes: a # label": ("417", "521"), "No": ("291", "336"), "'Total'": ("708", "857")}
    found = suggest_relations(table(rows, ("2003", "2004")))
    (tmp_path / "r.yml").write_text(relations_text(found), encoding="utf-8")
    assert read_relations(tmp_path / "r.yml") == [each.relation for each in found] != []


def test_a_search_that_stops_says_so() -> None:
    found = suggest_relations(table(PARTS | {"Total": TOTAL}), limit=5)
    assert found.stopped
    assert "The search stopped after" in found.note
    assert "complete" in suggest_relations(table(PARTS)).note


def test_a_long_table_is_searched_in_time() -> None:
    rng = random.Random(1)
    rows = {f"r{number}": tuple(str(rng.randint(10**4, 10**5)) for _ in YEARS) for number in range(400)}
    rows["Total"] = tuple(str(sum(int(texts[place]) for texts in rows.values())) for place in range(3))
    found = suggest_relations(table(rows))
    assert [each.relation.labels()[0] for each in found] == ["Total"]
    assert len(found[0].relation.labels()) == 401
    assert not found.stopped


@pytest.fixture(scope="module")
def benchmark() -> ModuleType:
    place = importlib.util.spec_from_file_location("suggestion", ROOT / "benchmarks" / "suggestion.py")
    assert place is not None
    assert place.loader is not None
    module = importlib.util.module_from_spec(place)
    sys.modules["suggestion"] = module
    place.loader.exec_module(module)
    return module


def test_generated_tables_get_their_relations_and_hardly_any_other(benchmark: ModuleType) -> None:
    figures = benchmark.measure(80, seed=7)
    assert figures["precision"] >= 0.99
    assert figures["recall"] >= 0.95
