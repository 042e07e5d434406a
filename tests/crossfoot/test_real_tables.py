"""Tables as offices and firms print them (`tables/`, each with its source): read as printed, nothing left out."""

import csv
from pathlib import Path

import pytest

from crossfoot.read import PrintedTable, read_table

TABLES = Path(__file__).parent / "tables"
LISTED = (TABLES / "sources.csv").read_text(encoding="utf-8").splitlines()
SOURCES = {row["table"]: row["source"] for row in csv.DictReader(LISTED)}


def real(name: str, **options: object) -> PrintedTable:
    """Return the table whose file name begins with some characters, such as "05x-"."""
    [path] = [path for path in TABLES.glob(f"{name}*.csv") if path.stem in SOURCES]
    return read_table(path, **options)  # type: ignore[arg-type]


def test_every_table_has_a_source() -> None:
    assert sorted(SOURCES) == sorted(path.stem for path in TABLES.glob("*.csv") if path.stem != "sources")
    assert all(SOURCES.values())


def middles(table: PrintedTable, row: str) -> list[float | None]:
    """Return the middle of each figure of a row, None where there is none."""
    found = [table.interval(row, column) for column in table.columns]
    return [None if each is None or each.middle is None else float(each.middle) for each in found]


@pytest.mark.parametrize("name", sorted(SOURCES))
def test_every_cell_of_a_real_table_is_read_but_the_one_that_is_no_number(name: str) -> None:
    assert [each.text for each in real(name).unread] == (["01,095"] if name == "23-one-cell-decides" else [])


@pytest.mark.parametrize(
    ("name", "columns", "row", "figures"),
    [
        ("07-", ("2-11 months", "1-2", "3-5"), "White male", [1087948, 2586688, 3867692]),
        ("08-", ("Yes [note 2]", "No", "Total"), "NSW", [2374362, 1736838, 4111200]),
        ("08-", ("Yes [note 2]",), "Small area B", [0.25]),
        ("09-", ("Employed", "Unemployed"), "North", [12.3, 1.4]),
        ("14-", ("Female students / Sample", "Female students / Sample / %"), "Sciences", [63, 18.5]),
        ("15-", ("Coronary heart disease / no.", "Coronary heart disease / Rate"), "Hispanic", [20939, 106.4]),
        (
            "16-",
            ("Revenue / Medical & / Public / Health", "Revenue / Family / Welfare"),
            "Goa",
            [4055567, 110000, 330053, 0, 4495620, 12560, 4508180],
        ),
        ("17-", ("Capital", "Surplus", "Retained", "Own stock"), "Opening", [5664, 749, 12017, -747, 17683]),
        ("18-", ("2020年预算数",), "支 出 总 计", [16745.59]),
        ("19-", ("2009", "2010", "2011"), "צריכה / סך הכל", [2.9, 2.8, 2.7, 3.6, 3.5, 3.8]),
        ("24-", ("Agriculture", "Industry", "Services"), "1991 / Women", [6.6, 16.0, 77.4]),
        ("24-", ("Agriculture",), "2003 / Total", [4.9, 25.7, 69.4]),
    ],
)
def test_header_labels_and_figures_of_a_real_table_are_told_apart(
    name: str, columns: tuple[str, ...], row: str, figures: list[float]
) -> None:
    table = real(name)
    assert table.columns[: len(columns)] == columns
    assert middles(table, row)[: len(figures)] == figures


def test_an_interval_is_all_values_between_its_ends() -> None:
    value = real("15-").interval("Female", "Stroke / (95% CI)")
    assert str(value) == "[42.3, 42.9]"


def test_a_cell_says_where_it_stands_in_the_file() -> None:
    assert real("19-").cells["בינוי", "2009"].at == (7, 6)
    assert real("18-").cells["支 出 总 计", "2020年预算数"].at == (10, 4)
    assert real("14-").cells["Humanities", "Female students / Sample / %"].at == (5, 2)


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("01-", "'...' read as nil: 25 of 25 relations agree; as missing 6 of 6 relations agree."),
        ("01x-", "'...' read as nil: 23 of 25 relations agree; as missing 12 of 13 relations agree."),
        ("17-", "'-' and a blank cell read as nil: 17 of 17 relations agree; "),
        ("25-", "'1,250' read as 1250: "),
        ("25-", "'(230)' read as negative: "),
    ],
)
def test_what_a_mark_means_is_decided_by_the_figures_and_said(name: str, said: str) -> None:
    assert any(each.startswith(said) for each in real(name).readings), real(name).readings


def test_one_odd_cell_turns_no_table() -> None:
    table = real("23-")
    assert middles(table, "Mbacke") == [344275, 388226, 732501]
    assert table.preface[0].startswith("1 of 12 cells not read: row 'Camp A', column 'Women': '01,095'")


def test_a_unit_in_one_label_is_that_of_all_rows() -> None:
    assert (real("02-").units, real("02x-").units) == ({}, {})
