"""The site in a browser: every page at two widths, light and dark; search, filters, sliders, copies, downloads, axe."""

import shutil
import threading
from collections.abc import Iterator
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright
from site_pages import BuiltSite, looked_up, random_settings

from ewppr_lib.cli.tables import short_number

CHROMIUM = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
pytestmark = pytest.mark.skipif(CHROMIUM is None, reason="no Chromium here; on Debian: apt-get install chromium")
ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--no-first-run",
    "--disable-component-update",
    "--disable-sync",
]
WIDTHS = {"desktop": (1280, 900), "phone": (390, 844)}
LOOKS = [(width, theme) for width in WIDTHS for theme in ("light", "dark")]
KINDS = (  # a page of each kind
    "index.html",
    "search.html",
    "claims.html?verdict=contradicted",
    "explorer.html",
    "notebooks/index.html",
    "notebooks/05_claims_audit.html",
    "figures/index.html",
    "figures/02-enterprise_share.html",
    "data/index.html",
    "data/sources.html",
    "data/pairings.html",
    "docs/index.html",
    "docs/tutorial.html",
    "docs/check-a-table.html",
    "reference/index.html",
    "reference/command-line.html",
    "reference/ewppr_lib.figures.html",
)


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
        yield started
        started.close()


@pytest.fixture(scope="module")
def address(site: BuiltSite) -> Iterator[str]:
    """Where the site is served, below a sub-path."""
    above = site.place.parent

    class Quiet(SimpleHTTPRequestHandler):
        def log_message(self, *arguments: Any) -> None: ...

    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(Quiet, directory=str(above)))
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}/{site.place.name}"
    server.shutdown()
    thread.join()
    server.server_close()


def opened(browser: Browser, width: str = "desktop", theme: str = "light", **more: Any) -> BrowserContext:
    across, down = WIDTHS[width]
    context = browser.new_context(viewport={"width": across, "height": down}, reduced_motion="reduce", **more)
    context.add_init_script(f"localStorage.setItem('mode', '{theme}'); localStorage.setItem('theme', '{theme}')")
    return context


def _unless_left(faults: list[str], page: str, asked: Any) -> None:
    """Keep a failed request, but not one that was called off because the next page was opened."""
    if asked.failure != "net::ERR_ABORTED":
        faults.append(f"{page}: {asked.url} failed: {asked.failure}")


def watched(context: BrowserContext, faults: list[str]) -> Page:
    """A page that keeps what goes wrong on it: errors on the console, failed and outside requests."""
    page = context.new_page()
    page.on("console", lambda said: said.type in ("error", "warning") and faults.append(f"{page.url}: {said.text}"))
    page.on("pageerror", lambda error: faults.append(f"{page.url}: {error}"))
    page.on("requestfailed", lambda asked: _unless_left(faults, page.url, asked))
    page.on(
        "request",
        lambda asked: (
            asked.url.startswith(("file:", "data:", "http://127.0.0.1:"))
            or faults.append(f"{page.url}: asks {asked.url}")
        ),
    )
    return page


@pytest.mark.parametrize(("width", "theme"), LOOKS)
def test_every_page_opens_without_fault_and_fits(site: BuiltSite, browser: Browser, width: str, theme: str):
    faults: list[str] = []
    context = opened(browser, width, theme)
    page = watched(context, faults)
    for path in site.pages:
        page.goto(path.as_uri())
        told = page.evaluate(
            "[document.documentElement.dataset.theme, document.documentElement.scrollWidth - innerWidth,"
            " document.querySelectorAll('main h1').length]"
        )
        if told[0] != theme or told[1] > 0 or (told[2] != 1 and path.name != "search.html"):
            faults.append(f"{site.name(path)}: theme, overflow, headings are {told}")
    context.close()
    assert faults == []


def serious(page: Page, **options: Any) -> list[str]:
    """What axe finds on a page that is serious or critical."""
    found = Axe().run(page, options={"resultTypes": ["violations"], "preload": False} | options).response["violations"]
    return [
        f"{page.url}: {fault['id']}, {fault['nodes'][0]['html'][:200]}"
        for fault in found
        if fault["impact"] in ("serious", "critical")
    ]


@pytest.mark.parametrize(("width", "theme"), LOOKS)
def test_axe_finds_nothing_serious_on_a_page_of_each_kind(site: BuiltSite, browser: Browser, width: str, theme: str):
    context = opened(browser, width, theme)
    page = context.new_page()
    faults = []
    for name in KINDS:
        page.goto(f"{site.place.as_uri()}/{name}")
        faults += serious(page)
    context.close()
    assert faults == []


def test_axe_finds_nothing_serious_in_the_structure_of_any_page(site: BuiltSite, browser: Browser):
    context = opened(browser)
    page = context.new_page()
    faults = []
    for path in site.pages:
        page.goto(path.as_uri())
        faults += serious(page, rules={"color-contrast": {"enabled": False}})
    context.close()
    assert faults == []


@pytest.fixture(params=["folder", "sub-path"])
def start(request: pytest.FixtureRequest, site: BuiltSite, address: str) -> str:
    """The site's address, from a folder and below a sub-path of a server."""
    return site.place.as_uri() if request.param == "folder" else address


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    """A page whose faults fail the test."""
    faults: list[str] = []
    context = opened(browser, permissions=["clipboard-read", "clipboard-write"], accept_downloads=True)
    yield watched(context, faults)
    context.close()
    assert faults == []


@pytest.mark.parametrize(
    ("words", "target"),
    [("Guizhou", "data/partnership_pairings.html"), ("C117", "claims.html#C117"), ("simulate", "reference/")],
)
def test_search_finds_a_province_a_claim_and_a_name(page: Page, start: str, words: str, target: str):
    page.goto(f"{start}/index.html")
    page.keyboard.press("Control+k")
    page.keyboard.type(words)
    page.keyboard.press("Enter")
    page.wait_for_selector("#search-results .search-summary:has-text('finished')")
    targets = [link.get_attribute("href") or "" for link in page.query_selector_all("#search-results li a")]
    assert any(target in found for found in targets), targets


def test_a_claim_found_by_search_is_shown(page: Page, start: str):
    page.goto(f"{start}/search.html?q=C117")
    page.click("#search-results a[href*='#C117']")
    assert page.is_visible("#C117")
    assert page.evaluate("document.querySelector('#C117').matches(':target')")


def test_the_filters_of_the_claims_show_what_fits(page: Page, start: str):
    page.goto(f"{start}/claims.html")
    shown = "table.ew-claims tbody tr:visible"
    everything = page.locator(shown).count()
    for verdict in ("reproduced", "reading", "unchecked"):
        page.uncheck(f"input[value={verdict}]")
    assert page.locator(shown).count() == page.locator("tr[data-verdict=contradicted]").count() < everything
    assert page.inner_text("[data-count]") == f"{page.locator(shown).count()} of {everything} claims"
    page.select_option("select[name=section]", "Table 1")
    assert {row.get_attribute("data-section") for row in page.query_selector_all(shown)} == {"Table 1"}
    page.fill("#ew-search", "no such words")
    assert page.locator(shown).count() == 0
    page.click("button[type=reset]")
    page.wait_for_function(f"document.querySelector('[data-count]').textContent.startsWith('{everything} ')")
    page.fill("#ew-search", "guizhou")
    found = page.locator(shown).all_inner_texts()
    assert found
    assert all("guizhou" in text.lower() for text in found)
    page.reload()
    assert page.locator(shown).count() == len(found)


def test_a_figure_is_found_by_its_fingerprint(page: Page, start: str):
    page.goto(f"{start}/figures/index.html")
    cards = page.locator(".ew-gallery > li")
    mark = cards.nth(3).locator("code").inner_text()
    title = cards.nth(3).locator("a").inner_text()
    page.fill("#ew-lookup", f"2.1 \u00b7 {mark[:4].lower()} {mark[4:].replace('0', 'o')} ")
    assert page.locator(".ew-gallery > li:visible a").all_inner_texts() == [title]
    page.fill("#ew-lookup", "ZZZZZZZZ")
    assert page.locator(".ew-gallery > li:visible").count() == 0
    assert "No figure" in page.inner_text("[data-count]")


def test_copy_buttons_copy_what_stands_beside_them(page: Page, start: str):
    page.goto(f"{start}/figures/02-enterprise_share.html")
    for number in range(page.locator("[data-copy]").count()):
        button = page.locator("[data-copy]").nth(number)
        if not button.is_visible():
            page.locator("details.ew-details:not([open]) summary").first.click()
        button.click()
        beside = button.locator("xpath=preceding-sibling::pre").text_content()
        assert page.evaluate("navigator.clipboard.readText()") == beside
    page.goto(f"{start}/docs/tutorial.html")
    page.locator("div.highlight-sh .ew-button").first.click()
    assert page.evaluate("navigator.clipboard.readText()").startswith("make run")


def test_downloads_are_the_files_of_the_run(page: Page, address: str, executed: Path):
    page.goto(f"{address}/figures/02-enterprise_share.html")
    for kind in ("png", "svg", "pdf", "csv"):
        with page.expect_download() as waited:
            page.click(f"a[download][href$='.{kind}']")
        content = Path(waited.value.path()).read_bytes()
        assert content == (executed / f"02_funding_analysis/figures/enterprise_share.{kind}").read_bytes()


def test_the_sliders_show_the_numbers_of_the_batch(page: Page, site: BuiltSite, start: str):
    batch = site.batch
    page.goto(f"{start}/explorer.html")
    for number, setting in enumerate(random_settings(batch, 20)):
        for slider, place in zip(batch["sliders"], setting, strict=True):
            page.locator(f"input[name={slider['name']}]").fill(str(place))
        measure = ["households", "jobs", "investment", "unsteadiness"][number % 4]
        page.select_option("select[name=measure]", measure)
        for option, found in batch["numbers"].items():
            low, median, high = looked_up(found[measure], setting)
            spread = f"{short_number(low)} to {short_number(high)}" if low != high else ""
            cell = page.locator(f"tr[data-option={option}] td.ew-value").text_content()
            assert cell == f"{short_number(median)}{spread}", (setting, option)
        page.select_option("select[name=measure]", "first")
        shares = dict(zip(batch["uses"], looked_up(batch["first"], setting), strict=True))
        best = max(shares, key=lambda name: shares[name])
        assert page.locator("[data-rows] tr").first.get_attribute("data-option") == best
        assert page.inner_text(f"tr[data-option={best}] td.ew-value") == f"{short_number(shares[best])} %"


def test_a_slider_is_moved_by_the_keyboard_and_says_its_value(page: Page, start: str):
    page.goto(f"{start}/explorer.html")
    slider = page.locator("input[name=leverage]")
    slider.focus()
    page.keyboard.press("ArrowRight")
    assert slider.get_attribute("aria-valuetext") == "8"
    assert "--set leverage=8" in page.inner_text("[data-command]")


def test_the_first_stop_of_the_keyboard_leads_to_the_content(page: Page, start: str):
    page.goto(f"{start}/index.html")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.textContent").strip() == "Skip to main content"
    page.keyboard.press("Enter")
    assert page.url.endswith("#main-content")


def test_printing_leaves_out_what_paper_cannot_do(page: Page, start: str):
    page.goto(f"{start}/claims.html")
    page.emulate_media(media="print")
    assert not page.is_visible(".ew-filter")
    assert not page.is_visible("#pst-header")
    assert page.is_visible("#C001")
