"""In JupyterLab and IPython: errors in a sentence, names that Tab completes, paths, tables and sentences as shown."""

import json
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from common import ROOT
from IPython.core.completer import provisionalcompleter
from IPython.core.interactiveshell import InteractiveShell

from crossfoot.errors import CheckFailed, DataError, RequestError
from ewppr_lib import load, start
from nbedition.notebooks import recorder
from nbedition.notebooks.printed_table import as_html, as_text, printed

NOTEBOOKS = [*sorted((ROOT / "notebooks").glob("*.ipynb")), *sorted((ROOT / "template/notebooks").glob("*.ipynb"))]


@pytest.fixture
def shell() -> InteractiveShell:
    return InteractiveShell()


@pytest.mark.parametrize(
    ("call", "said"),
    [
        ("start('04', aid_share=5.0)", "parameter 'aid_share' of notebook 04_institutional_reform_options: number at"),
        ("start('04', aid_shar=0.1)", "notebook 04_institutional_reform_options has no parameter 'aid_shar'"),
        ("start('09')", "there is no notebook '09'"),
        ("load('fundings')", "there is no data set 'fundings'"),
        ("load('funding', table='none.csv')", "none.csv"),
    ],
)
def test_a_wrong_request_shows_one_sentence_and_no_traceback(
    call: str, said: str, shell: InteractiveShell, capsys: pytest.CaptureFixture[str]
):
    ended = shell.run_cell(f"import ewppr_lib\newppr_lib.{call}")
    assert isinstance(ended.error_in_exec, RequestError | DataError)
    shown = capsys.readouterr().out.strip()
    assert said in shown
    assert shown == str(ended.error_in_exec)


def test_a_fault_of_the_program_still_shows_where_it_happened(
    shell: InteractiveShell, capsys: pytest.CaptureFixture[str]
):
    shell.run_cell("1 / 0")
    assert "Traceback" in capsys.readouterr().out
    assert CheckFailed("it does not hold.")._render_traceback_() == ["it does not hold."]


@pytest.mark.parametrize("package", ["crossfoot", "nbedition", "ewppr_lib"])
def test_tab_completes_the_public_names_and_no_others(package: str, shell: InteractiveShell):
    shell.Completer.use_jedi = False
    shell.run_cell(f"import {package}")
    line = f"{package}."
    with provisionalcompleter():
        found = {one.text.removeprefix(".") for one in shell.Completer.completions(line, len(line))}
    assert found == {name for name in __import__(package).__all__ if not name.startswith("_")}


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_a_notebook_names_its_kernel_as_jupyter_does_and_folds_its_code(path: Path):
    content = json.loads(path.read_text(encoding="utf-8"))
    assert content["metadata"]["kernelspec"]["display_name"] == "Python 3 (ipykernel)"
    code = [cell for cell in content["cells"] if cell["cell_type"] == "code"]
    if path.is_relative_to(ROOT / "notebooks"):
        assert all(cell["metadata"]["jupyter"]["source_hidden"] for cell in code)


def test_a_table_of_ones_own_is_found_from_the_notebooks_folder_and_from_the_studys(
    edition: Path, monkeypatch: pytest.MonkeyPatch
):
    own = load("funding").reset_index()
    own.to_csv(edition / "mine.csv", index=False)
    monkeypatch.chdir(edition / "notebooks")
    assert start("02", table="mine.csv", pictures=False).load("funding").shape == load("funding").shape
    own.iloc[:4].to_csv(edition / "notebooks/mine.csv", index=False)
    assert len(start("02", table="mine.csv", pictures=False).load("funding")) == 4
    with pytest.raises(DataError, match="nowhere.csv"):
        start("02", table="nowhere.csv", pictures=False)


FRAME = pd.DataFrame(
    {
        "who": ["aid_county", "A <b> & C", None],
        "year": [1996, 2003, 2007],
        "value": [1.2345, -20.5, float("nan")],
        "low": [1.0, float("nan"), 3.0],
        "high": [1.0, -10.0, float("nan")],
        "people": [226_028, 17, 4_080],
        "known": [True, False, True],
    }
)
HEADS = {"who": "who", "year": "year", "value, %": ("value", "low", "high"), "people": "people", "known": "known"}


def test_a_table_is_printed_with_words_ranges_and_few_digits():
    lines = as_text(printed(FRAME, HEADS), "Made up.").splitlines()
    assert [line.split("  ")[0] for line in lines] == ["who", "aid county", "A <b> & C", "", "Made up."]
    assert lines[1].split() == ["aid", "county", "1996", "1.2", "226,000", "yes"]
    assert "\u221220.5 (\u221210.0 or less)" in lines[2] and lines[2].endswith("no")
    assert "(3.0 or more)" in lines[3]
    assert "226,000" in lines[1] and "4080" not in lines[1]


@pytest.mark.parametrize(
    ("numbers", "digits", "expected"),
    [
        ([80.32, 99.3], 3, ["80.3", "99.3"]),
        ([0.0816, 99.3], 3, ["0.0816", "99.3"]),
        ([391_739.39, 2.5], 4, ["391,700", "2.500"]),
        ([1996, 2010], 3, ["1996", "2010"]),
        ([12_345, 7], 9, ["12,340", "7"]),
        ([0.0, 0.0], 3, ["0", "0"]),
        ([float("nan"), 0.5], 2, ["", "0.50"]),
        ([float("inf"), 0.5], 2, ["", "0.50"]),
    ],
)
def test_numbers_have_the_digits_that_a_reader_can_use(numbers: list[float], digits: int, expected: list[str]):
    assert printed(pd.DataFrame({"x": numbers}), digits=digits)["x"].to_list() == expected


def test_a_table_for_a_browser_is_the_same_every_time_and_quotes_what_it_holds():
    table = printed(FRAME, HEADS)
    page = as_html(table, "Made up.", "table1")
    assert page == as_html(printed(FRAME, HEADS), "Made up.", "table1")
    assert "A &lt;b&gt; &amp; C" in page and "<b>" not in page
    assert "<caption>Made up.</caption>" in page
    assert page.count("<th ") == len(HEADS)


def test_an_empty_table_is_printed_with_its_heads():
    assert as_text(printed(FRAME.iloc[:0], HEADS)).split() == ["who", "year", "value,", "%", "people", "known"]


def shown_by_run(monkeypatch: pytest.MonkeyPatch, **settings: Any) -> tuple[Any, list[dict[str, Any]]]:
    shown: list[dict[str, Any]] = []
    monkeypatch.setattr(recorder, "_display", lambda forms, **_: shown.append(forms))
    return start("02", **settings), shown


def test_a_table_has_two_forms_and_one_where_no_pictures_are_drawn(monkeypatch: pytest.MonkeyPatch):
    for pictures, forms in ((True, {"text/plain", "text/html"}), (False, {"text/plain"})):
        run, shown = shown_by_run(monkeypatch, pictures=pictures)
        run.table(FRAME, HEADS)
        assert set(shown[0]) == forms


def test_what_is_kept_is_recorded_and_not_shown(monkeypatch: pytest.MonkeyPatch):
    run, shown = shown_by_run(monkeypatch, pictures=False)
    run.keep([("one", 1.0, "%"), {"name": "two", "value": 2.0, "unit": "%", "claim": "C001"}])
    assert [list(forms) for forms in shown] == [[recorder.RESULT_TYPE]] * 2
    assert [forms[recorder.RESULT_TYPE]["name"] for forms in shown] == ["one", "two"]
    with pytest.raises(RequestError, match="recorded twice"):
        run.keep([("one", 1.0, "%")])


def test_sentences_are_shown_as_a_list_in_the_language_of_the_run(monkeypatch: pytest.MonkeyPatch):
    run, shown = shown_by_run(monkeypatch, pictures=False, lang="zh")
    run.say(lambda low: [recorder.translate("{low} or more", low=low)], 3)
    assert shown == [{"text/plain": "3以上", "text/markdown": "- 3以上"}]
