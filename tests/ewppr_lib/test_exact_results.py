"""Recorded results that are plain quotients, rates or shares, recomputed from the printed cells in exact fractions."""

import csv
from collections.abc import Iterator
from decimal import Decimal, localcontext
from fractions import Fraction
from pathlib import Path

import pandas as pd
import pytest
from common import ROOT

ROWS_1 = (
    *("government_aid", "aid_provincial", "aid_prefectural", "aid_county"),
    *("enterprise_agreed", "enterprise_realised", "taxes_paid", "social_donations", "total"),
)
ROWS_2 = (
    *("cadres_east_west", "cadres_west_east", "cadres_trained", "professionals_east_west", "professionals_west_east"),
    *("professionals_training", "teachers_trained", "doctors_trained", "agrotechnicians_trained"),
    *("management_courses", "managers_trained"),
)
YEARS = ("2003", "2004", "2005", "2006", "2007")
KINDS = ("teachers_trained", "doctors_trained", "agrotechnicians_trained")
Cells = dict[tuple[str, str], Fraction]


def cells(name: str, rows: tuple[str, ...], columns: tuple[str, ...]) -> Cells:
    """The figures of a printed table, a stray full stop behind one of them left out."""
    with (ROOT / f"data/printed/{name}.csv").open(encoding="utf-8", newline="") as file:
        lines = list(csv.reader(file))[3 : 3 + len(rows)]
    return {
        (row, column): Fraction(text.rstrip("."))
        for row, line in zip(rows, lines, strict=True)
        for column, text in zip(columns, line[-len(columns) :], strict=True)
    }


ONE = cells("table1", ROWS_1, (*YEARS, "Total"))
TWO = cells("table2", ROWS_2, ("2009", "2010", "total"))


def of_table_1() -> Iterator[tuple[str, Fraction]]:
    """Shares of the money by year and in all years, by reading of the whole."""
    parts = {"aid": "government_aid", "enterprise": "enterprise_agreed", "donation": "social_donations"}
    all_years = {row: sum((ONE[row, year] for year in YEARS), Fraction()) for row in ROWS_1}
    for reading in ("printed_total", "agreed", "realised"):
        rows = parts | ({"enterprise": "enterprise_realised"} if reading == "realised" else {})
        whole = all_years["total"] if reading == "printed_total" else sum(all_years[row] for row in rows.values())
        for part, row in rows.items():
            yield f"{part}_share_{reading}", 100 * all_years[row] / whole
    for year in YEARS:
        whole = sum(ONE[row, year] for row in parts.values())
        for part, row in parts.items():
            yield f"{part}_share_in_{year}", 100 * ONE[row, year] / whole
    yield "realised_share_of_agreed", 100 * all_years["enterprise_realised"] / all_years["enterprise_agreed"]
    yield "last_change_of_aid_current", 100 * (ONE["government_aid", "2007"] / ONE["government_aid", "2006"] - 1)
    once = sum(all_years[row] for row in parts.values())
    yield "printed_total_counted_twice", 100 * (all_years["total"] - once) / all_years["total"]


def of_table_2() -> Iterator[tuple[str, Fraction]]:
    """Shares and ratios of people, over all years and before against after."""
    total = {row: TWO[row, "total"] for row in ROWS_2}
    for who in ("cadres", "professionals"):
        east, west = total[f"{who}_east_west"], total[f"{who}_west_east"]
        for scatter in ("independent", "scattered"):
            yield f"east_to_west_share_{who}_{scatter}", 100 * east / (east + west)
            yield f"east_to_west_over_west_to_east_{who}_{scatter}", east / west
        trained = total["cadres_trained" if who == "cadres" else "professionals_training"]
        yield f"trained_per_exchanged_{who}", trained / (east + west)
    listed = sum(total[kind] for kind in KINDS)
    yield "listed_share_of_training", 100 * listed / total["professionals_training"]
    yield "managers_per_course", total["managers_trained"] / total["management_courses"]
    for kind in KINDS:
        yield f"share_{kind}", 100 * total[kind] / listed
    for row in ROWS_2:
        recent = TWO[row, "2009"] + TWO[row, "2010"]
        yield f"recent_over_earlier_{row}", recent / 2 / ((total[row] - recent) / 6)
    yield "trained_cadres_text_over_table", Fraction(62254) / total["cadres_trained"]


def of_gap() -> Iterator[tuple[str, Fraction]]:
    """The first ratio of eastern to western product, and the compound growth of the printed ratios."""
    with (ROOT / "data/context/provincial_grp.csv").open(encoding="utf-8", newline="") as file:
        rows = [row for row in csv.DictReader(file) if (row["year"], row["vintage"]) == ("1992", "NBS-2021")]
    product = {row["province"]: Fraction(row["grp"]) for row in rows}
    with (ROOT / "data/study/lists.csv").open(encoding="utf-8", newline="") as file:
        named = list(csv.DictReader(file))
    east, west = (
        sum(product[row["item"]] for row in named if row["list"] == region)
        for region in ("eastern_region", "western_region")
    )
    yield "ratio_first", Fraction(east) / Fraction(west)
    with localcontext(prec=40):
        for claim, first, last, years in (("c017", "2.12", "2.86", 18), ("c025", "2.89", "3.18", 9)):
            rate = (Decimal(last) / Decimal(first)) ** (1 / Decimal(years)) - 1
            yield f"compound_{claim}", Fraction(rate) * 100


EXACT = {
    notebook: dict(found)
    for notebook, found in (
        ("01_history", of_gap()),
        ("02_funding_analysis", of_table_1()),
        ("03_capacity_building", of_table_2()),
    )
}


@pytest.mark.parametrize("notebook", EXACT)
def test_a_recorded_quotient_equals_that_of_the_printed_cells_to_its_last_digit(notebook: str, executed: Path):
    recorded = pd.read_csv(executed / notebook / "results.csv").set_index("name")["value"]
    told = {name: f"{recorded[name]:.10g}" for name in EXACT[notebook]}
    assert told == {name: f"{float(value):.10g}" for name, value in EXACT[notebook].items()}


def test_there_are_more_than_fifty_of_them():
    assert sum(map(len, EXACT.values())) > 50
