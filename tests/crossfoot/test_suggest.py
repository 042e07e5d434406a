"""Proposed relations: found where figures support them, and nowhere else."""

import importlib.util
import random
import sys
from collections.abc import Mapping
from pathlib import Path
from types import ModuleType

import pytest

from crossfoot.edit import diagnose
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


@pytest.mark.parametrize("totals", [("859",), ("895", "1070")])
def test_a_labelled_total_of_few_columns_is_proposed_where_one_slip_keeps_it_from_adding_up(
    totals: tuple[str, ...],
) -> None:
    rows = {"Roads": ("417", "521"), "Water": ("292", "336"), "Power": ("186", "150"), "Total": totals}
    years = YEARS[: len(totals)]
    [found] = suggest_relations(table({label: texts[: len(totals)] for label, texts in rows.items()}, years))
    assert found.fails == years[-1:]
    assert "one slip in one of 4 cells would mend it" in found.sentence


def test_a_labelled_total_that_no_slip_explains_is_not_proposed() -> None:
    assert proposed(table({label: texts[:1] for label, texts in PARTS.items()} | {"Total": ("7431",)}, YEARS[:1])) == []


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
    assert {each.formula for each in declared} == {each.relation.formula for each in found}
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


def real(name: str) -> PrintedTable:
    """A table as an office printed it; `tables/sources.csv` tells where."""
    [path] = (ROOT / "tests" / "crossfoot" / "tables").glob(f"{name}-*.csv")
    return read_table(path)


PROPOSED_ALIKE = {  # of a real table: the formulas of sums and the places where each fails
    "02": {
        "社会消费品零售总额(亿元) = # 批发零售业 + 住宿餐饮业": (),
        "社会消费品零售总额(亿元) = # 吃的商品 + 穿的商品 + 用的商品 + 烧的商品": (),
    },
    "02x": {
        "社会消费品零售总额(亿元) = # 批发零售业 + 住宿餐饮业": ("本月",),
        "社会消费品零售总额(亿元) = # 吃的商品 + 穿的商品 + 用的商品 + 烧的商品": (),
    },
    "03": {"Total income = Council tax + Business rates + Means-tested grants": ()},
    "04": {"All pupils = Primary + Lower secondary (including evening classes) + Upper secondary": ("2023",)},
    "06": {"United States = Northeast + Midwest + South + West": ()},
    "06b": {"Otago total = Queenstown-Lakes + Central Otago + Clutha + Waitaki + Dunedin City": ()},
    "10": {
        "Variation since the last census = Persons less Persons at the place before": (),
        "Per cent = the growth in % to Persons from Persons at the place before": (),
    },
    "10x": {
        "Variation since the last census = Persons less Persons at the place before": (),
        "Per cent = the growth in % to Persons from Persons at the place before": ("1941",),
    },
    "11": {
        "All positive = All in hospital + At home": (),
        "All in hospital = In hospital + Intensive care": (),
        "All cases = All positive + Recovered + Dead": ("2020-05-31",),
        "New cases = All cases less All cases at the place before": (),
        "Change in all positive = All positive less All positive at the place before": ("2020-06-01",),  # by 22, too
    },
    "12": {},
    "13": {},
    "21": {"All = North + South + East": ()},
    "22": {  # the note that came with this table says that 2022 holds, too: 1402.2 + 305.9 + 88.3 - 60.8 is 1735.6
        "F. Resources (A+B+C-E) = A. Own revenue + B. Grants + C. Borrowing - E. Transfers to reserves": ("2022",)
    },
    "22x": {
        "F. Resources (A+B+C-E) = A. Own revenue + B. Grants + C. Borrowing - E. Transfers to reserves": (
            "2021",
            "2022",
        )
    },
    "14": {
        "Total = Sciences + Social Sciences + Humanities + Civil Sciences": (),
        **{
            f"Female students / {each} / % = Female students / {each} / Female students / {each} at 'Total' x 100": ()
            for each in ("Sample", "Population")
        },
    },
    "15": {
        "Coronary heart disease / Rate within Coronary heart disease / (95% CI)": (),
        "Stroke / Rate within Stroke / (95% CI)": (),
        "total = Female + Male": (),
        "total = American Indian/Alaska Native + Asian/Paciic Islander + Black + White": (),
    },
    "18": {
        "本 年 收 入 合 计 = 一、一般公共预算拨款收入": (),
        "收 入 总 计 = 本 年 收 入 合 计": (),
        "本 年 支 出 合 计 = 五、教育支出 + 八、社会保障和就业支出 + 九、卫生健康支出 + 十九、住房保障支出": (),
        "本 年 支 出 合 计 = 收 入 总 计": (),  # both sides agree
        "支 出 总 计 = 本 年 支 出 合 计": (),
    },
    "24": {"Agriculture + Industry + Services within 100": ()},
    "26": {
        "Residents: all = Citizens: all + Foreigners: all": (),
        "Citizens: all = Citizens: men + Citizens: women": (),
        "Foreigners: all = Foreigners: men + Foreigners: women": (),
        "Residents: men = Citizens: men + Foreigners: men": (),
        "Residents: women = Citizens: women + Foreigners: women": ("2023",),
        "Residents: all = Residents: men + Residents: women": ("2023",),
    },
}


@pytest.mark.parametrize("name", PROPOSED_ALIKE)
def test_a_real_table_gets_the_relations_that_its_office_had_in_mind_and_no_others(name: str) -> None:
    assert {each.relation.formula: each.fails for each in suggest_relations(real(name))} == PROPOSED_ALIKE[name]


@pytest.mark.parametrize(
    ("name", "spot", "read"),
    [
        ("05x", ("Less: Merchandise imports, free on board2", "2014"), "1069638"),
        ("20x", ("Syria", "Signed TA (EURm)"), "33.42"),
        ("22x", ("F. Resources (A+B+C-E)", "2021"), "1734.4"),
        ("26", ("Residents: women", "2023"), "26450"),
        ("27", ("2013", "Balance"), "-27.7"),
    ],
)
def test_the_slip_in_a_real_table_is_among_the_best_explanations(name: str, spot: tuple[str, str], read: str) -> None:
    table = real(name)
    found = diagnose(table, [each.relation for each in suggest_relations(table)])
    assert any((spot, read) in repair.changes for each in found for repair in each.repairs)


@pytest.mark.parametrize(
    ("name", "totals"),
    [
        ("01", {"MINISTRY OF DEFENCE": (7, ()), "Non-plan total": (9, ()), "Total": (9, ())}),
        ("01x", {"MINISTRY OF DEFENCE": (6, ("Non-plan capital",)), "Non-plan total": (8, ("20. Ministry of Defence",)),
                 "Total": (9, ())}),
        ("07", {"Total": (13, ()), "All": (9, ())}),
        ("08", {"Total": (3, ())}),
        ("09", {"Labour force": (4, ()), "All": (3, ())}),
        ("16", {"Total / Revenue & / Capital": (7, ()), "Total": (7, ())}),
        ("17", {"Equity": (7, ()), "Closing": (5, ()), "All changes": (5, ())}),
        ("19", {}),
        ("20", {"Total": (1, ())}),
        ("23", {"Both": (3, ())}),
        ("25", {"Expenditure": (2, ()), "Surplus/(deficit)": (2, ())}),
        ("27", {"Balance": (5, ("2013",))}),
        ("28", {"All": (5, ("Drink", "Fraud", "Other")), "Total": (2, ("All",))}),
    ],
)  # fmt: skip
def test_a_real_table_gets_its_totals_and_each_holds_where_it_should(
    name: str, totals: dict[str, tuple[int, tuple[str, ...]]]
) -> None:
    sums = [each for each in suggest_relations(real(name)) if isinstance(each.relation, Sum)]
    assert {each.relation.labels()[0]: (len(each.holds), each.fails) for each in sums} == totals


def test_three_faults_in_one_column_are_named_together() -> None:
    table = real("28")
    found = diagnose(table, [each.relation for each in suggest_relations(table)])
    read = {("Drink", "All"): "422.4", ("Fraud", "All"): "162.3", ("Other", "All"): "2899.2"}
    assert [[dict(repair.changes) for repair in each.several.repairs] for each in found if each.several] == [[read]] * 4


def test_what_fails_in_these_tables_fails_in_their_print() -> None:
    """Three alarms in tables that nobody planted a fault in, each with its reason."""
    found = {each.relation.formula: each.fails for each in suggest_relations(real("29"))}
    assert {formula: fails for formula, fails in found.items() if fails} == {
        # 14 countries have 2849.4 thousand outlets, of which the sales per outlet are; 3236.5 are printed
        next(formula for formula in found if formula.startswith("EU15 Total = ")): ("Number of retail outlets (000)",),
        "Retail sales per outlet (Ecu 000) = Retail sales (Ecu bn) / Number of retail outlets (000) x 1000": (
            "EU15 Total",
        ),
        # 81.9 million by 415.3 thousand is 197, and 10.6 by 110 is 96; 196 and 92 are printed
        "inhabitants per outlet = population 1995 (mn) / Number of retail outlets (000) x 1000": (
            "Germany",
            "Belgium/Lux",
        ),
    }


def test_ratios_of_odds_do_not_add_up_and_raise_no_alarm() -> None:
    found = suggest_relations(real("30"))
    odds = "2007 / Inadequate housing units / Unadjusted OR", "2009 / Inadequate housing units / Unadjusted OR"
    assert not any(set(odds) & set(each.fails) for each in found)
    wrong = {place for each in found if each.relation.axis == "rows" for place in each.fails}
    # incomes and regions make 128,204 and 130,112 units, sexes 110,692 and 111,805, the total says 110,692 and 111,800
    assert wrong == {"2007 / total occupied housing units", "2009 / Total occupied housing units"}


def test_rows_that_are_taken_off_say_so_in_their_label() -> None:
    [found] = suggest_relations(real("05"))
    assert isinstance(found.relation, Sum)
    assert [label[:5] for label in found.relation.less] == ["Less:"] * 3
    assert (len(found.holds), found.fails) == (3, ())


@pytest.mark.parametrize("seed", range(4))
def test_planted_relations_are_found_in_whatever_order_rows_and_columns_stand(seed: int) -> None:
    dice = random.Random(seed)
    parts = {f"part {name}": [dice.randint(1000, 99999) for _ in range(4)] for name in "pqr"}
    rows = parts | {"Total": [sum(each) for each in zip(*parts.values(), strict=True)]}
    lines = [(label, [*figures, sum(figures)]) for label, figures in rows.items()]
    dice.shuffle(lines)
    order = dice.sample(range(5), 5)
    columns = tuple(["2001", "2002", "2003", "2004", "All years"][at] for at in order)
    shuffled = table({label: tuple(str(figures[at]) for at in order) for label, figures in lines}, columns)
    sums = {(each.total, frozenset(each.parts)) for each in proposed(shuffled) if isinstance(each, Sum)}
    assert ("Total", frozenset(parts)) in sums
    assert ("All years", frozenset(set(columns) - {"All years"})) in sums
