"""Tables in workbooks and web pages: read as shown, and bounded whatever the file asks for."""

import io
import zipfile
from collections.abc import Mapping
from fractions import Fraction
from pathlib import Path

import pytest

from crossfoot.errors import DataError
from crossfoot.read import PrintedTable, read_table, workbook

BOOK = (
    '<workbook xmlns:r="r"><sheets><sheet name="Data" r:id="a"/><sheet name="More" r:id="b"/>'
    '<sheet name="Link" r:id="c"/></sheets></workbook>'
)
LINKS = (
    '<Relationships><Relationship Id="a" Target="worksheets/sheet1.xml"/>'
    '<Relationship Id="b" Target="/xl/worksheets/sheet2.xml"/>'
    '<Relationship Id="c" Target="https://elsewhere.example/book.xlsx" TargetMode="External"/></Relationships>'
)
STYLES = (
    '<styleSheet><numFmts><numFmt numFmtId="164" formatCode="0.0%"/><numFmt numFmtId="165" formatCode="#,##0.0,"/>'
    '<numFmt numFmtId="166" formatCode="&quot;y&quot;0.00_);[Red]\\(0.00\\)"/></numFmts>'
    '<cellStyleXfs><xf numFmtId="1"/></cellStyleXfs><cellXfs><xf numFmtId="0"/><xf numFmtId="3"/><xf numFmtId="164"/>'
    '<xf numFmtId="165"/>'
    '<xf numFmtId="166"/><xf numFmtId="14"/></cellXfs></styleSheet>'
)
SHEET = """<worksheet><cols><col min="5" max="6" hidden="1"/></cols><sheetData>
<row r="1"><c r="A1" t="s"><v>0</v></c><c r="B1" t="inlineStr"><is><t>a</t></is></c>
<c r="C1" t="inlineStr"><is><t>b</t></is></c></row>
<row r="3"><c r="A3" t="s"><v>1</v></c><c r="B3" s="1"><v>1234.4</v></c><c r="C3" s="2"><v>0.12345</v></c></row>
<row r="4" hidden="1"><c r="A4" t="str"><v>Women</v></c><c r="B4" t="s"><v>2</v></c>
<c r="C4" s="3"><v>12345678</v></c></row>
<row r="5"><c r="A5" t="str"><v>All</v></c><c r="B5"><f>B3+B4</f><v>0.30000000000000004</v></c>
<c r="C5" s="4"><f>C3</f><v>-2</v></c></row>
<row r="6"><c r="A6" t="str"><v>New</v></c><c r="B6"><f>SUM(B3:B5)</f></c><c r="C6" t="e"><v>#DIV/0!</v></c></row>
</sheetData><mergeCells><mergeCell ref="A1:A2"/></mergeCells></worksheet>"""
SHARED = (
    "<sst><si><t>Item</t></si><si><r><t>M</t></r><r><t>en</t></r><rPh><t>x</t></rPh></si><si><t>5,678</t></si></sst>"
)
PARTS = {
    "xl/workbook.xml": BOOK,
    "xl/_rels/workbook.xml.rels": LINKS,
    "xl/styles.xml": STYLES,
    "xl/sharedStrings.xml": SHARED,
    "xl/worksheets/sheet1.xml": SHEET,
    "xl/worksheets/sheet2.xml": SHEET.replace("<v>-2</v>", "<v>-3</v>"),
}


def packed(parts: Mapping[str, str | bytes]) -> bytes:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return target.getvalue()


def read(folder: Path, content: bytes | str, **options: object) -> PrintedTable:
    path = folder / "t"
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return read_table(path, **options)  # type: ignore[arg-type]


def refused(folder: Path, content: bytes | str, **options: object) -> str:
    with pytest.raises(DataError) as caught:
        read(folder, content, **options)
    said = str(caught.value)
    assert said.startswith(f"{folder}/t")
    assert said.endswith((".", "?"))
    return said


def middles(table: PrintedTable, row: str) -> list[Fraction | None]:
    found = [table.interval(row, column) for column in table.columns]
    return [None if each is None else each.middle for each in found]


def test_a_sheet_is_read_as_its_program_shows_it(tmp_path: Path) -> None:
    table = read(tmp_path, packed(PARTS))
    assert (table.rows, table.columns) == (("Men", "Women", "All", "New"), ("a", "b"))
    assert middles(table, "Men") == [1234, Fraction("12.3")]
    assert middles(table, "Women") == [5678, Fraction("12345.7")]
    assert middles(table, "All") == [Fraction("0.3"), -2]
    assert table.cells["All", "b"].text == "-2.00"
    assert [(each.line, each.column, each.text) for each in table.unread] == [(6, 2, "=SUM(B3:B5)"), (6, 3, "#DIV/0!")]
    assert table.readings[:2] == (
        "Sheet 'Data' was read; there are also 'More', 'Link' (--sheet).",
        "1 hidden row and 2 hidden columns read with the others.",
    )


@pytest.mark.parametrize("sheet", ["More", "2"])
def test_a_sheet_is_chosen_by_name_or_number(tmp_path: Path, sheet: str) -> None:
    assert middles(read(tmp_path, packed(PARTS), sheet=sheet), "All")[1] == -3


def test_numbers_of_a_workbook_need_no_decimal_mark_to_be_decided(tmp_path: Path) -> None:
    sheet = SHEET.replace("<v>12345678</v>", "<v>1234</v>")
    assert read(tmp_path, packed(PARTS | {"xl/worksheets/sheet1.xml": sheet})).style.decimal == "."
    assert middles(read(tmp_path, packed(PARTS), decimal=","), "Men") == [1234, Fraction("12.3")]


def test_an_open_document_sheet_is_read_as_shown(tmp_path: Path) -> None:
    cell, text = "table:table-cell", "text:p"

    def row(*cells: str, more: str = "") -> str:
        shown = "".join(f"<{cell}><{text}>{each}</{text}></{cell}>" for each in cells)
        return f"<table:table-row {more}>{shown}<{cell} table:number-columns-repeated='16000'/></table:table-row>"

    rows = row("Item", "a", "b") + row("Men", "1 234", "12,5 %", more="table:visibility='collapse'")
    rows += row("Women", "5", "6") + row(more="table:number-rows-repeated='1048000'")
    rows += f"<table:table-row><{cell}><{text}>All</{text}></{cell}><{cell} table:value='7'/></table:table-row>"
    other = f"<table:table table:name='Other'>{row('Item', 'z')}{row('Z', '1')}</table:table>"
    book = f"<d xmlns:table='t' xmlns:text='x'>{other}<table:table table:name='Data'>{rows}</table:table></d>"
    table = read(tmp_path, packed({"mimetype": "x", "content.xml": book}), sheet="Data")
    assert (table.rows, table.columns) == (("Men", "Women", "All"), ("a", "b"))
    assert middles(table, "Men") == [1234, Fraction("12.5")]
    assert table.cells["All", "a"].at == (1048004, 2)
    assert table.readings[0] == "1 hidden row read with the others."


def test_tables_of_a_web_page_are_read_with_spans_marks_and_no_script(tmp_path: Path) -> None:
    page = (
        "<!DOCTYPE html><script>'<table><tr><td>9'</script><table><tr><td>Menu</table><!-- <td>8 -->"
        "<table><tr><th rowspan=2>Item<th colspan='2'>2003</tr><tr><th>Plan<th>Actual</tr>"
        "<tr><td>Men &amp; boys</td><td>1,234<sup>2</sup></td><td>5</td></tr><tr><td>Women<td>&minus;7<br><td>6</table>"
    )
    table = read(tmp_path, page)
    assert table.columns == ("2003 / Plan", "2003 / Actual")
    assert (middles(table, "Men & boys"), middles(table, "Women")) == ([1234, 5], [-7, 6])
    assert table.readings[0] == "Table 2 of 2 was read, the largest (--sheet)."
    assert "there is no table '3'; a number from 1 to 2" in refused(tmp_path, page, sheet="3")
    assert "no table" in refused(tmp_path, "<html><p>5</p></html>")


def test_standard_input_is_read_as_a_file_is(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for content in (b"Item,a\nMen,5\nWomen,6\n", packed(PARTS)):
        monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(content)))
        assert {"Men", "Women"} <= set(read_table("-").rows)


ENTITY = '<!DOCTYPE x [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]>'
WIDE = "<worksheet><sheetData><row>{}</row></sheetData></worksheet>"


@pytest.mark.parametrize(
    ("parts", "said"),
    [
        ({"xl/worksheets/sheet1.xml": ENTITY + SHEET}, "declares a document type"),
        ({"xl/worksheets/sheet1.xml": SHEET[:300]}, "broken or encrypted: 'xl/worksheets/sheet1.xml' is no XML"),
        ({"xl/worksheets/sheet1.xml": SHEET.replace('r="3"', 'r="three"')}, "broken or cannot be read"),
        ({"xl/worksheets/sheet1.xml": SHEET.replace("1234.4", "12x")}, "broken or cannot be read"),
        ({"xl/worksheets/sheet1.xml": WIDE.format("<c/>" * 20_000)}, "more than 16,384 columns"),
        ({"xl/worksheets/sheet1.xml": b" " * 200_000}, "unpacks to more than 0 MB"),
        ({"xl/worksheets/sheet1.xml": WIDE.format("<d/>" * 31_000)}, "has more than 30,000 elements"),
        ({"xl/workbook.xml": "<workbook/>"}, "the workbook has no sheet"),
        ({"xl/_rels/workbook.xml.rels": "<Relationships/>"}, "sheet 'Data' holds no cells of its own"),
    ],
)
def test_a_workbook_that_is_broken_or_asks_too_much_is_refused_in_a_sentence(
    tmp_path: Path, parts: dict[str, str | bytes], said: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(workbook, "LARGEST_PART", 199_999)
    monkeypatch.setattr(workbook, "MOST_ELEMENTS", 30_000)
    assert said in refused(tmp_path, packed(PARTS | parts))


def test_a_sheet_that_is_not_there_or_in_another_file_is_refused(tmp_path: Path) -> None:
    assert "there is no sheet 'Date'; did you mean 'Data'?" in refused(tmp_path, packed(PARTS), sheet="Date")
    assert "sheet 'Link' holds no cells of its own" in refused(tmp_path, packed(PARTS), sheet="Link")
    assert "has no sheet 'Data'" in refused(tmp_path, "Item,a\nA,1", sheet="Data")


def test_what_is_no_workbook_is_refused_in_a_sentence(tmp_path: Path) -> None:
    whole = packed(PARTS)
    assert "encrypted or an old workbook" in refused(tmp_path, b"\xd0\xcf\x11\xe0" + b"\0" * 600)
    assert "neither an XLSX nor an ODS workbook" in refused(tmp_path, packed({"a.txt": "x"}))
    assert "broken" in refused(tmp_path, whole[: len(whole) // 2])
    assert "broken" in refused(tmp_path, whole.replace(b"PK\x01\x02", b"PK\x09\x09"))


def test_merged_cells_however_many_are_passed_over(tmp_path: Path) -> None:
    merged = '<mergeCell ref="A1:B1"/>' * 50_000
    sheet = SHEET.replace("<mergeCells>", f"<mergeCells>{merged}")
    assert read(tmp_path, packed(PARTS | {"xl/worksheets/sheet1.xml": sheet})).rows[0] == "Men"
