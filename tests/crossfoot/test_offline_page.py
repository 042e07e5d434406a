"""The page that checks tables in a browser: it needs nothing but Python, reaches no network, and says what we say."""

import contextlib
import re
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest
from playwright.sync_api import Page, sync_playwright

from crossfoot import offline_page
from crossfoot.cli import main
from crossfoot.errors import RequestError

ROOT = Path(__file__).parents[2]
PAGE = ROOT / "build/check-your-table.html"
SCHOOLS = ROOT / "docs/examples/schools.csv"
TABLES = [SCHOOLS, *sorted((ROOT / "tests/crossfoot/tables").glob("*.csv"))]
CHROMIUM = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
LONGEST_WAIT = 300_000  # milliseconds, on a machine that does much else
ALONE = """
import sys
sys.path.insert(0, sys.argv[1])
import crossfoot
print(crossfoot.check(sys.argv[2]).report())
print(len(crossfoot.check(sys.argv[2]).report("html")) > 1000)
"""


def test_what_the_page_carries_checks_a_table_with_nothing_but_python(tmp_path: Path) -> None:
    carried = tmp_path / "crossfoot.zip"
    carried.write_bytes(offline_page.own_code())
    called = [sys.executable, "-I", "-S", "-c", ALONE, str(carried), str(SCHOOLS)]
    told = subprocess.run(called, capture_output=True, text=True, check=False)
    assert told.returncode == 0, told.stderr
    assert told.stdout.startswith("33 hold, 2 fail, 0 cannot be told\n")
    assert told.stdout.endswith("\nTrue\n")


def test_the_same_modules_give_the_same_bytes() -> None:
    assert offline_page.own_code() == offline_page.own_code()


def test_another_pyodide_than_the_pinned_one_is_refused() -> None:
    with pytest.raises(RequestError, match=r"pyodide 314\.0\.7 has the digest sha512-.*==, expected sha512-0YvXxE"):
        offline_page.unpacked(b"another")


def test_without_npm_the_page_is_not_built_and_says_what_it_needs(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(RequestError, match="the page needs npm to fetch Pyodide"):
        offline_page.build_page(tmp_path / "page.html")
    assert not (tmp_path / "page.html").exists()


def answered(page: Page, table: Path, **choices: str) -> str:
    """What the page says of a table, read as chosen: its report, or why there is none."""
    for choice in ("nil", "sheet"):
        page.evaluate("([id, to]) => { document.getElementById(id).value = to; }", [choice, choices.get(choice, "")])
    page.evaluate("document.getElementById('state').textContent = document.getElementById('file').value = ''")
    page.set_input_files("#file", table)
    end = re.compile(rf"^({re.escape(table.name)} is checked\.|crossfoot: .*|.* could not be checked.*)$")
    page.locator("#state").filter(has_text=end).wait_for(timeout=LONGEST_WAIT)
    said = page.text_content("#state") or ""
    return (page.text_content("#report") or "") if said.endswith("is checked.") else said


NAMES = ("schools", "churches")
BOOK = "".join(f'<sheet name="{name}" r:id="{name}"/>' for name in NAMES)
LINKS = "".join(f'<Relationship Id="{name}" Target="worksheets/{name}.xml"/>' for name in NAMES)


def workbook(path: Path) -> Path:
    """A workbook of two sheets, of which the second one's total is wrong."""
    with zipfile.ZipFile(path, "w") as file:
        file.writestr("xl/workbook.xml", f'<workbook xmlns:r="r"><sheets>{BOOK}</sheets></workbook>')
        file.writestr("xl/_rels/workbook.xml.rels", f"<Relationships>{LINKS}</Relationships>")
        for name, total in zip(NAMES, (10136, 10163), strict=True):
            rows = [("Pupils", "2022", "2023"), ("Boys", 5170, 5301), ("Girls", 4966, 5012), ("All", total, 10313)]
            cells = [[f'<c t="str"><v>{cell}</v></c>' for cell in row] for row in rows]
            told = "".join(f"<row>{''.join(row)}</row>" for row in cells)
            file.writestr(f"xl/worksheets/{name}.xml", f"<worksheet><sheetData>{told}</sheetData></worksheet>")
    return path


@pytest.mark.slow
@pytest.mark.skipif(CHROMIUM is None, reason="no Chromium here; on Debian: apt-get install chromium")
def test_the_page_says_of_every_table_what_the_command_says_byte_for_byte(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    if not PAGE.is_file() or offline_page.packed_part(offline_page.own_code()) not in PAGE.read_text(encoding="utf-8"):
        pytest.skip(
            "the page is not built from these modules; `make page` builds it, for which npm must reach a network"
        )
    assert PAGE.stat().st_size < offline_page.MOST_BYTES
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox", "--disable-gpu"])
        context = browser.new_context()
        context.set_offline(True)
        page = context.new_page()
        page.set_default_timeout(LONGEST_WAIT)
        asked: list[str] = []
        page.on("request", lambda request: asked.append(request.url.partition(":")[0]))
        page.goto(PAGE.as_uri())
        page.locator("#state").filter(has_text="Ready.").wait_for(timeout=LONGEST_WAIT)
        book = workbook(tmp_path / "book.xlsx")
        for table, choices in [
            *((table, {}) for table in TABLES),
            (TABLES[1], {"nil": "none"}),
            (TABLES[1], {"nil": "..."}),
            *((book, {"sheet": sheet}) for sheet in ("churches", "1", "none such")),
        ]:
            monkeypatch.chdir(table.parent)
            options = [f"--{name}={given}" for name, given in choices.items()]
            with contextlib.suppress(SystemExit):
                main([table.name, *options])
            told = capsys.readouterr()
            assert answered(page, table, **choices) == (told.out or told.err.removesuffix("\n")), (table.name, choices)
        browser.close()
    assert set(asked) <= {"file", "blob", "about"}
