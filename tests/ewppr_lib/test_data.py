"""The data floor: text as printed, corrections with a guard, declarations, units, sources."""

import re
from pathlib import Path

import frictionless
import pandas as pd
import pytest
from common import replace

from crossfoot.errors import DataError, ReportedError, RequestError
from crossfoot.text import read_yaml
from ewppr_lib.printed import printed_cells
from nbedition import data
from nbedition.data.codebook import rewritten
from nbedition.data.datasets import datasets
from nbedition.data.load import half_width
from nbedition.data.validate import validated
from nbedition.project import data_file, root

GOOD = data.load("funding").reset_index()


@pytest.fixture
def own(tmp_path: Path):
    def write(frame_or_text: pd.DataFrame | str | bytes) -> Path:
        path = tmp_path / "my.csv"
        if isinstance(frame_or_text, pd.DataFrame):
            frame_or_text = frame_or_text.to_csv(index=False)
        content = frame_or_text.encode() if isinstance(frame_or_text, str) else frame_or_text
        path.write_bytes(content)
        return path

    return write


def test_every_figure_of_table_1_is_there_as_printed():
    cells = printed_cells("table1")
    assert cells.shape == (9, 6)
    assert cells.loc["aid_prefectural"].tolist() == ["117.93", "97.24", "136.631", "91.113", "109.428", "552.343"]
    assert cells.loc["taxes_paid", "2005"] == "77"


def test_every_figure_of_table_2_is_there_as_printed():
    cells = printed_cells("table2")
    assert cells.shape == (11, 3)
    assert cells.loc["agrotechnicians_trained"].tolist() == ["4298", "2185", "141160"]


def test_defects_stay_in_the_printed_files():
    text = data_file("printed/table1.csv").read_text(encoding="utf-8")
    assert "83.2521.," in text
    assert "CIMO I IIIIIOII" in text


def test_a_defect_is_read_as_its_correction_says():
    assert data.load("funding").loc[2007, "aid_county"] == 83.2521


def test_a_correction_fails_loudly_when_the_printed_text_changes(edition: Path):
    replace(edition / "data/printed/table1.csv", "83.2521.,", "83.2522.,")
    with pytest.raises(DataError, match=r"row 7, column 6: a correction expects '83.2521.', the file holds '83.2522.'"):
        data.load("funding")


def test_a_correction_for_a_row_that_is_gone_fails_loudly(edition: Path):
    replace(edition / "data/corrections.yml", "rows: [11, 12, 13, 14]", "rows: [11, 12, 13, 99]")
    with pytest.raises(DataError, match="row 99, column 7"):
        data.load("pairings")


def test_rows_that_were_swapped_in_the_printed_file_are_noticed(edition: Path):
    replace(edition / "data/printed/table1.csv", "Provincial level", "County")
    with pytest.raises(DataError, match="'Provincial level' is expected there"):
        data.load("funding")


def test_a_pair_that_the_printed_text_does_not_name_is_noticed(edition: Path):
    replace(edition / "data/study/pairings.csv", "1996,full,Fujian,province,Ningxia", "1996,full,Fujian,province,Gansu")
    with pytest.raises(DataError, match="line 10.*donor and recipient both stand in the printed text"):
        data.load("pairings")


@pytest.mark.parametrize("name", data.names())
def test_every_data_set_knows_the_unit_of_each_column_and_its_sources(name: str):
    frame = data.load(name)
    assert set(frame.attrs["units"]) == set(frame.columns)
    assert all(frame.attrs["units"].values())
    assert set(frame.attrs["sources"]) <= set(data.sources())


@pytest.mark.parametrize("name", data.names())
def test_every_numeric_cell_knows_its_half_width(name: str):
    frame = data.load(name)
    for column in frame.select_dtypes("float"):
        widths = pd.Series(frame.attrs["half_widths"][column])
        known = frame[column].notna().to_numpy()
        assert (widths[known] > 0).all(), column


def test_the_half_width_is_half_a_unit_of_the_last_printed_decimal():
    widths = data.load("funding").attrs["half_widths"]
    assert widths["aid_provincial"] == {2003: 0.005, 2004: 0.005, 2005: 0.005, 2006: 0.005, 2007: 0.0005}
    assert half_width("2,592") == 0.5
    assert pd.isna(half_width("2-3"))


def test_a_table_of_ones_own_goes_through_the_same_schema(own):
    moved = GOOD.assign(year=GOOD["year"] + 5).drop(columns="total")
    frame = data.load("funding", table=own(moved))
    assert list(frame.index) == [2008, 2009, 2010, 2011, 2012]
    assert frame.attrs["sources"] == ["my.csv"]
    assert frame.attrs["units"]["taxes_paid"] == "million yuan"


def test_years_in_any_order_are_put_in_order(own):
    frame = data.load("funding", table=own(GOOD.iloc[::-1]))
    assert list(frame.index) == sorted(frame.index)
    assert frame.loc[2003, "government_aid"] == 343.795


text = GOOD.astype(str)
BAD_TABLES = {
    "missing column": (GOOD.drop(columns="aid_county"), "column 'aid_county' is missing"),
    "unknown column": (GOOD.assign(extra=1), "column 'extra' is not known"),
    "duplicate year": (
        GOOD.replace({"year": {2004: 2003}}),
        "line 3, column 'year': each year once expected, got '2003'",
    ),
    "text in a number": (
        text.replace("343.795", "abc"),
        "line 2 (2003), column 'government_aid': a number expected, got 'abc'",
    ),
    "negative amount": (GOOD.replace(468.659, -1), "line 3 (2004), column 'government_aid': an amount of at least 0"),
    "infinite amount": (text.replace("468.659", "inf"), "a number expected, got 'inf'"),
    "underscores": (text.replace("468.659", "1_000"), "a number expected, got '1_000'"),
    "empty cell": (text.replace("468.659", ""), "line 3 (2004), column 'government_aid' is empty"),
    "fraction of a year": (text.replace("2004", "2004.5"), "a whole number expected, got '2004.5'"),
    "wide digits": (
        text.replace("343.795", "３４３.795"),
        "line 2 (2003), column 'government_aid': a number expected, got '３４３.795'",
    ),
    "endless year": (
        text.replace("2004", "2" * 25),
        f"line 3, column 'year': a whole number of at most 18 digits expected, got '{'2' * 25}'",
    ),
    "endless amount": (text.replace("468.659", "9" * 400), "a number of at most 300 digits expected"),
    "impossible year": (text.replace("2004", "204"), "a year from 1978 to 2100 expected, got '204'"),
    "two years only": (GOOD.head(2), "at least three years expected"),
    "empty file": ("", "is empty"),
    "blank lines only": ("\n\n", "is empty"),
    "wrong encoding": ("année".encode("latin-1"), "is not UTF-8 text (byte 0xe9 at position 3)"),
    "ragged row": ("year,total\n2003,1,2\n", "row 2: 2 cells expected, got 3"),
    "column twice": ("year,year\n2003,2003\n", "'year' stands twice in the header line"),
}


@pytest.mark.parametrize("fault", BAD_TABLES)
def test_a_malformed_table_gets_one_clear_sentence(fault: str, own):
    table, said = BAD_TABLES[fault]
    with pytest.raises(DataError) as error:
        data.load("funding", table=own(table))
    assert said in str(error.value)
    assert "my.csv" in str(error.value)
    assert "\n" not in str(error.value)


def test_all_failures_of_a_table_are_named_together(own):
    with pytest.raises(DataError) as error:
        data.load("funding", table=own(text.replace({"343.795": "abc", "97.24": "-3", "77": ""}).replace("77.0", "")))
    assert str(error.value).count("column '") == 3


def test_a_missing_file_and_a_folder_are_named(tmp_path: Path):
    with pytest.raises(DataError, match="none.csv does not exist"):
        data.load("funding", table=tmp_path / "none.csv")
    with pytest.raises(DataError, match="cannot be read"):
        data.load("funding", table=tmp_path)


def test_an_unknown_data_set_is_answered_with_the_nearest_name():
    with pytest.raises(RequestError, match="no data set 'fundin'; did you mean 'funding'?"):
        data.load("fundin")


def test_a_data_set_that_takes_no_own_table_says_which_do(own):
    with pytest.raises(RequestError, match="those that do: funding"):
        data.load("pairings", table=own(GOOD))


def test_yaml_with_code_tags_is_refused(edition: Path):
    (edition / "data/corrections.yml").write_text("- !!python/object/apply:os.system ['true']\n", encoding="utf-8")
    with pytest.raises(DataError, match="is not plain YAML"):
        data.load("funding")


def test_a_source_record_without_a_field_is_named(edition: Path):
    replace(edition / "data/sources.yml", "  place: section 3.1, Table 1\n", "")
    with pytest.raises(DataError, match="record 2, field 'place'"):
        data.sources()


def test_an_edition_that_is_not_there_is_said_to_be_missing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("NBEDITION_HOME", str(tmp_path))
    with pytest.raises(ReportedError, match="holds no study"):
        data.load("funding")


def test_the_codebook_is_what_the_declarations_and_sources_say():
    text = (root() / "data/README.md").read_text(encoding="utf-8")
    assert rewritten(text) == text, "run `make codebook`"


def test_every_file_below_data_belongs_to_a_data_set_or_a_register():
    registers = {"README.md", "sources.yml", "corrections.yml", "printed/rows.csv", "relations.yml", "assumptions.yml"}
    registers |= {"datapackage.yml"}
    there = {path.relative_to(root() / "data").as_posix() for path in (root() / "data").rglob("*") if path.is_file()}
    assert there - registers == {dataset.file for dataset in datasets().values()}


def test_every_source_is_cited_by_a_data_set():
    cited = {source for dataset in datasets().values() for source in dataset.sources}
    cited |= {source for name in data.names() for source in data.load(name).get("source", [])}
    assert cited == set(data.sources())


def test_the_check_of_all_data_names_an_unknown_source(edition: Path):
    replace(edition / "data/sources.yml", "- id: STUDY_T2\n", "- id: STUDY_T9\n")
    with pytest.raises(DataError, match="cites STUDY_T2, which data/sources.yml does not hold"):
        data.check()


def test_the_declarations_are_a_valid_frictionless_data_package():
    package = frictionless.Package.from_descriptor(
        read_yaml(data_file("datapackage.yml")), basepath=str(root() / "data")
    )
    assert [resource.name for resource in package.resources] == data.names()
    corrected = {correction.file for correction in data.corrections()}
    for name, described in datasets().items():
        if described.reader is None and described.file not in corrected:
            report = package.get_resource(name).validate()
            assert report.valid, (name, report.flatten(["title", "message"]))


def test_no_sentence_about_a_table_holds_the_words_of_a_library(tmp_path: Path):
    for name, described in datasets().items():
        text, said = described.read().head(40), []
        for cell in ("", "no such value", "-7", "7" * 25):
            spoilt = text.copy()
            spoilt.iloc[1] = [cell] * len(text.columns)
            with pytest.raises(DataError) as error:
                validated(described, pd.concat([spoilt, spoilt], ignore_index=True), name)
            said.append(str(error.value))
        assert not re.search(r"\w+\(|_dtype|uniqueness|not_null|Error|NaN|<NA>", " ".join(said)), said
