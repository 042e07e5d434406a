"""Untidy table files, read as printed or refused by cell."""

from fractions import Fraction
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from crossfoot.errors import DataError, RequestError
from crossfoot.read.files import PrintedTable, read_table


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("tables")


def read(folder: Path, text: str, **options: object) -> PrintedTable:
    path = folder / "t.csv"
    path.write_text(text, encoding="utf-8")
    return read_table(path, **options)  # type: ignore[arg-type]


def middle(table: PrintedTable, row: str, column: str) -> Fraction | None:
    value = table.interval(row, column)
    return None if value is None else value.middle


def refused(folder: Path, text: str, **options: object) -> str:
    with pytest.raises(DataError) as caught:
        read(folder, text, **options)
    return str(caught.value)


@pytest.mark.parametrize("separator", [",", ";", "\t"])
@pytest.mark.parametrize("mark", ["", "\ufeff"])
def test_any_separator_and_a_byte_order_mark_are_read(folder: Path, separator: str, mark: str) -> None:
    text = mark + "\n".join(
        separator.join(cells) for cells in [("Item", "2003", "2004"), ("A", "1", "2"), ("B", "3", "4")]
    )
    table = read(folder, text)
    assert (table.rows, table.columns) == (("A", "B"), ("2003", "2004"))
    assert middle(table, "B", "2003") == 3


def test_a_semicolon_table_with_decimal_commas_is_not_split_at_the_commas(folder: Path) -> None:
    table = read(folder, "Item;2003;2004\nA;1,5;2,25\nB;3,5;1.204,75")
    assert table.style.decimal == ","
    assert middle(table, "B", "2004") == Fraction("1204.75")


def test_one_decimal_figure_decides_for_the_whole_table(folder: Path) -> None:
    assert middle(read(folder, "I;a;b\nA;1.234;2.345\nB;3.456;0,5"), "A", "a") == 1234
    assert middle(read(folder, "I;a;b\nA;1.234;2.345\nB;3.456;0.5"), "A", "a") == Fraction("1.234")


def test_small_figures_beside_grouped_ones_decide(folder: Path) -> None:
    assert middle(read(folder, 'I;a;b\nA;"1,234";950'), "A", "a") == 1234


def test_an_undecided_separator_is_named_by_cell_and_can_be_said(folder: Path) -> None:
    text = "I;a;b\nSchools;12;13\nPupils;1,234;1,345"
    said = refused(folder, text)
    assert "row 'Pupils', column 'a': '1,234'" in said
    assert "'.' or ','" in said
    assert middle(read(folder, text, decimal="."), "Pupils", "a") == 1234
    assert middle(read(folder, text, decimal=","), "Pupils", "a") == Fraction("1.234")


def test_two_conventions_in_one_table_are_refused_by_cell(folder: Path) -> None:
    said = refused(folder, "I;a;b\nA;1.5;2.5\nB;3.5;4,5")
    assert "row 'B', column 'b': '4,5'" in said


def test_an_option_without_such_a_choice_is_refused(folder: Path) -> None:
    with pytest.raises(RequestError, match="decimal is '.' or ','"):
        read(folder, "I,a\nA,1", decimal="point")


def test_parentheses_among_plain_figures_are_negatives(folder: Path) -> None:
    assert middle(read(folder, "I,a,b\nA,5,(3)\nB,7,2"), "A", "b") == -3


def test_a_column_of_parentheses_that_makes_a_hundred_holds_shares(folder: Path) -> None:
    table = read(folder, "I,n,part\nA,5,(25)\nB,7,(35)\nC,8,(40)\nAll,20,(100)")
    assert middle(table, "A", "part") == 25


def test_undecided_parentheses_are_named_and_can_be_said(folder: Path) -> None:
    text = "I,a,b\nA,5,6\nB,(3),(4)"
    assert "row 'B', column 'a': '(3)'" in refused(folder, text)
    assert middle(read(folder, text, parentheses="negative"), "B", "a") == -3
    assert middle(read(folder, text, parentheses="share"), "B", "a") == 3


def test_all_cells_that_cannot_be_read_are_named_together(folder: Path) -> None:
    rows = "\n".join(f"R{number},{number}k,{number}" for number in range(12))
    said = refused(folder, f"I,a,b\n{rows}")
    assert said.count("row '") == 10
    assert "12 cells cannot be read" in said
    assert "row 'R0', column 'a': '0k'" in said
    assert said.endswith("and 2 more.")


def test_captions_blank_lines_repeated_headers_and_notes_are_no_rows(folder: Path) -> None:
    table = read(
        folder,
        '"Table 3: Things, 2003"\n,,\nItem,a,b\nA,1,2\n,,\nItem,a,b\nB,3,4\n"Note: B, see text"\nSource: Bureau, 2009',
    )
    assert table.rows == ("A", "B")
    assert table.caption == ("Table 3: Things, 2003",)
    assert table.notes == ("Note: B, see text", "Source: Bureau 2009")


def test_two_header_lines_are_joined(folder: Path) -> None:
    table = read(folder, "Item,2003,,2004,,Total\n,Boys,Girls,Boys,Girls,\nA,1,2,3,4,10\n")
    assert table.columns == ("2003 / Boys", "2003 / Girls", "2004 / Boys", "2004 / Girls", "Total")


def test_a_line_that_numbers_the_columns_is_no_row(folder: Path) -> None:
    table = read(folder, "Item,a,b\n(1),(2),(3)\nA,5,6\nB,7,8")
    assert table.rows == ("A", "B")


def test_labels_that_stand_twice_take_their_parents_by_indentation(folder: Path) -> None:
    table = read(folder, "Item,a\nPrimary,5\n  Boys,2\n  Girls,3\nSecondary,9\n  Boys,4\n  Girls,5")
    assert table.rows == (
        "Primary",
        "Primary / Boys",
        "Primary / Girls",
        "Secondary",
        "Secondary / Boys",
        "Secondary / Girls",
    )


def test_labels_that_stand_twice_take_their_parents_by_heading(folder: Path) -> None:
    table = read(folder, "Item,a,b\nPrimary,,\nBoys,2,2\nTotal,5,5\nSecondary,,\nBoys,4,4\nTotal,9,9")
    assert table.rows == ("Primary / Boys", "Primary / Total", "Secondary / Boys", "Secondary / Total")


def test_labels_that_nothing_tells_apart_are_refused(folder: Path) -> None:
    said = refused(folder, "Item,a\nPrimary,5\nBoys,2\nSecondary,9\nBoys,4")
    assert "row 'Boys' stands on lines 3, 5" in said


def test_columns_that_stand_twice_are_refused(folder: Path) -> None:
    assert "column 'a' stands 2 times" in refused(folder, "Item,a,a\nA,1,2")


def test_a_row_without_label_is_named_by_its_line(folder: Path) -> None:
    assert read(folder, "Item,a,b\nA,1,2\nB,3,4\n,4,6\n").rows == ("A", "B", "(unlabelled, line 4)")


def test_an_unquoted_thousands_comma_is_named_by_line(folder: Path) -> None:
    assert "line 3: the header names 3 columns, got 4 cells" in refused(folder, "Item,a,b\nA,1,2\nB,1,234,5")


def test_a_last_row_with_few_figures_is_not_taken_for_a_note(folder: Path) -> None:
    assert read(folder, "Item,a,b,c\nA,1,2,3\nSources abroad,,,5\n").rows == ("A", "Sources abroad")


def test_figures_without_a_header_or_columns_are_refused(folder: Path) -> None:
    assert "no header line" in refused(folder, "A,1,2\nB,3,4")
    assert "at least two columns" in refused(folder, "A\nB")
    assert "no row of figures" in refused(folder, "Item,a\nA,x\nB,..")
    assert "gives it no label" in refused(folder, "Item,a,,c\nA,1,2,3")
    assert "is no table" in refused(folder, 'Item,a\n"A,1\nB,2')


def test_a_missing_an_empty_and_a_binary_file_are_refused(folder: Path) -> None:
    with pytest.raises(DataError, match="does not exist"):
        read_table(folder / "none.csv")
    assert "is empty" in refused(folder, " \n")
    (folder / "b.csv").write_bytes(b"\xff\xfe\x00")
    with pytest.raises(DataError, match="UTF-8"):
        read_table(folder / "b.csv")


def test_a_year_column_is_a_label_and_a_code_column_is_not(folder: Path) -> None:
    table = read(folder, "Province,Year,Aid\nAnhui,2003,5\n,2004,6\nHebei,2003,7")
    assert table.rows == ("Anhui / 2003", "Anhui / 2004", "Hebei / 2003")
    assert read(folder, "No.,Item,Aid\n1,Roads,5\n2,Water,6").rows == ("Roads", "Water")


CONVENTIONS = st.sampled_from(
    [
        (".", ",", ";"),
        (".", " ", ","),
        (",", ".", ";"),
        (",", "\u202f", "\t"),
        (".", "'", ","),
        (".", "", ","),
        (".", ",", ","),
    ]
)
MINUS = st.sampled_from(["-", "–", "−", "(", "- "])


@settings(max_examples=80, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.data(), CONVENTIONS, MINUS, st.integers(1, 4), st.integers(1, 4))
def test_a_table_printed_in_one_convention_reads_back(
    folder: Path, data: st.DataObject, convention: tuple[str, str, str], minus: str, rows: int, columns: int
) -> None:
    decimal, thousands, separator = convention
    digits = data.draw(st.lists(st.integers(-(10**9), 10**9), min_size=rows * columns, max_size=rows * columns))
    decimals = data.draw(st.lists(st.sampled_from([0, 1, 2, 4]), min_size=rows, max_size=rows))

    def printed(number: int, places: int) -> str:
        whole, rest = divmod(abs(number), 10**places)
        text = f"{whole:,}".replace(",", thousands) + (f"{decimal}{rest:0{places}d}" if places else "")
        return text if number >= 0 else f"({text})" if minus == "(" else f"{minus}{text}"

    figures = [
        [printed(digits[row * columns + column], decimals[row]) for column in range(columns)] for row in range(rows)
    ]
    lines = [
        ["Item", *(f"c{number}" for number in range(columns))],
        *([f"r{row}", *figures[row]] for row in range(rows)),
    ]
    text = "\n".join(separator.join(f'"{cell}"' for cell in line) for line in lines)
    table = read(folder, text, decimal=decimal, parentheses="negative")
    for row in range(rows):
        for column in range(columns):
            value = table.interval(f"r{row}", f"c{column}")
            assert value is not None
            assert value.middle == Fraction(digits[row * columns + column], 10 ** decimals[row])
            assert value.half == Fraction(1, 2 * 10 ** decimals[row])
    try:
        own = read(folder, text, parentheses="negative")
    except DataError as error:
        assert "can be a thousand or a decimal" in str(error)
    else:
        if any(places in (1, 2, 4) for places in decimals):
            assert own.cells == table.cells


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.text(alphabet='abT12.,;\t\n"() -–%x:/', max_size=80))
def test_any_file_is_read_or_refused_in_a_sentence(folder: Path, text: str) -> None:
    try:
        table = read(folder, text)
    except DataError as error:
        assert str(error).endswith(".")
    else:
        assert set(table.cells) == {(row, column) for row in table.rows for column in table.columns}
