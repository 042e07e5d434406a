"""The site in a browser: every page, one of each kind in four looks; search, filters, sliders, downloads, axe."""

import shutil
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import axe_playwright_python
import pytest
from playwright.sync_api import Browser, BrowserContext, Page, Request, sync_playwright
from site_pages import BuiltSite, looked_up, random_settings

from nbedition.cli.options import short_number

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
WHOLE = LOOKS[0]  # the look in which every page is seen; in the others, a page of each kind
INSIDE = ("file:", "data:", "http://127.0.0.1:")
AXE = next(Path(axe_playwright_python.__file__).parent.rglob("axe.min.js")).read_text(encoding="utf-8")
AXE_OPTIONS = {"resultTypes": ["violations"], "preload": False}
SHORTEN = """() => {
  const looks = (one) => `${one.tagName}|${one.getAttribute("class")}|${one.getAttribute("style")}`;
  const kind = (one) => [...new Set([one, ...one.querySelectorAll("*")].map(looks))].sort().join();
  const alike = [];
  for (const parent of document.querySelectorAll("main, main *")) {
    const seen = new Map();
    if (parent.children.length > 5) for (const child of parent.children) {
      const count = (seen.get(kind(child)) ?? 0) + 1;
      seen.set(kind(child), count);
      if (count > 5) alike.push(child);
    }
  }
  for (const one of alike) one.style.display = "none";
}"""
STATE = """async () => {
  const pictures = [...document.images];
  await Promise.all(pictures.map((one) => {
    one.loading = "eager";
    return one.complete || new Promise((done) => (one.onload = one.onerror = done));
  }));
  return {
    theme: document.documentElement.dataset.theme,
    over: Math.max(0, document.documentElement.scrollWidth - innerWidth),
    heads: document.querySelectorAll("main h1").length,
    broken: pictures.filter((one) => !one.naturalWidth).map((one) => one.getAttribute("src")),
  };
}"""
KINDS = (  # a page of each kind
    "index.html",
    "search.html",
    "claims.html",
    "explorer.html",
    "notebooks/index.html",
    "notebooks/05_claims_audit.html",
    "figures/index.html",
    "figures/02-enterprise_share.html",
    "pairs/index.html",
    "pairs/jiangsu-shaanxi.html",
    "data/index.html",
    "data/sources.html",
    "data/pairings.html",
    "docs/index.html",
    "docs/tutorial.html",
    "docs/check-a-table.html",
    "reference/index.html",
    "reference/command-line.html",
    "reference/nbedition.html",
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


@dataclass
class Watch:
    """What goes wrong on a page: errors and warnings on the console, failed, called off and outside requests."""

    page: Page
    said: list[str] = field(default_factory=list)
    called_off: list[str] = field(default_factory=list)
    downloads: set[str] = field(default_factory=set)

    def __post_init__(self) -> None:
        self.page.on("console", lambda told: told.type in ("error", "warning") and self.note(told.text))
        self.page.on("pageerror", lambda error: self.note(str(error)))
        self.page.on("download", lambda loaded: self.downloads.add(loaded.url))
        self.page.on("requestfailed", self.failed)
        self.page.on("request", lambda asked: asked.url.startswith(INSIDE) or self.note(f"asks {asked.url}"))

    def note(self, words: str) -> None:
        self.said.append(f"{self.page.url}: {words}")

    def failed(self, asked: Request) -> None:
        """Note it; only the icon of the window may be called off, by leaving the page."""
        if asked.failure != "net::ERR_ABORTED":
            self.note(f"{asked.url} failed")
        elif not asked.url.endswith("/favicon.svg"):
            self.called_off.append(asked.url)

    @property
    def faults(self) -> list[str]:
        """All of it; a download ends its request as a page, too, and that is none."""
        return self.said + [f"{url} was called off" for url in self.called_off if url not in self.downloads]


def accessible(page: Page, *, theme: str, contrast: bool = True) -> list[str]:
    """What axe finds serious or critical: in structure (once, in light), and in contrast.

    Of things in a row that are alike with all that they hold, the first five are looked at. What stands around the
    content is the same on every page: where contrast is not looked at, neither is that.
    """
    page.evaluate(AXE)
    page.evaluate(SHORTEN)
    if theme == "light":
        asked: dict[str, Any] = {} if contrast else {"rules": {"color-contrast": {"enabled": False}}}
    else:
        asked = {"runOnly": ["color-contrast"]}
    place = "document" if contrast else "'main'"
    found = page.evaluate(f"options => axe.run({place}, options)", AXE_OPTIONS | asked)["violations"]
    return [
        f"{page.url}: {fault['id']}, {fault['nodes'][0]['html'][:200]}"
        for fault in found
        if fault["impact"] in ("serious", "critical")
    ]


@dataclass(frozen=True)
class Seen:
    """What was found on the pages opened in one look."""

    look: tuple[str, str]
    faults: list[str]
    inaccessible: list[str]
    looked_over: int


@pytest.fixture(scope="module")
def all_seen() -> dict[tuple[str, str], Seen]:
    """What has been seen so far: each look is taken once, in whatever order the tests come."""
    return {}


@pytest.fixture(params=LOOKS, ids="-".join)
def seen(
    request: pytest.FixtureRequest, site: BuiltSite, browser: Browser, all_seen: dict[tuple[str, str], Seen]
) -> Seen:
    """What is seen in one look."""
    if request.param in all_seen:
        return all_seen[request.param]
    width, theme = request.param
    context = opened(browser, width, theme)
    watch = Watch(context.new_page())
    pages = site.pages if request.param == WHOLE else [path for path in site.pages if site.name(path) in KINDS]
    inaccessible: list[str] = []
    for path in pages:
        watch.page.goto(path.as_uri())
        told = watch.page.evaluate(STATE)
        if told != {"theme": theme, "over": 0, "heads": 1, "broken": []}:
            watch.note(str(told))
        inaccessible += accessible(watch.page, theme=theme, contrast=site.name(path) in KINDS)
    context.close()
    all_seen[request.param] = Seen(request.param, watch.faults, inaccessible, len(pages))
    return all_seen[request.param]


def test_every_page_opens_without_fault_and_fits(seen: Seen):
    assert seen.faults == []


def test_axe_finds_nothing_serious(seen: Seen, site: BuiltSite):
    assert seen.inaccessible == []
    assert seen.looked_over == (len(site.pages) if seen.look == WHOLE else len(KINDS))


def test_what_is_watched_for_is_seen(site: BuiltSite, browser: Browser, tmp_path: Path):
    """The watch sees an error, a missing file, an outside request and a request that is called off."""
    (tmp_path / "bad.html").write_text(
        "<!doctype html><title>x</title><h1>x</h1><p style='color:#aaa'>pale</p><img src='none.png'>"
        "<img src='https://example.org/x.png'><script>nothing();</script>",
        encoding="utf-8",
    )
    context = opened(browser)
    watch = Watch(context.new_page())
    watch.page.goto((tmp_path / "bad.html").as_uri())
    assert watch.page.evaluate(STATE)["broken"] == ["none.png", "https://example.org/x.png"]
    assert {fault.partition(",")[0].rpartition(" ")[2] for fault in accessible(watch.page, theme="light")} == {
        "color-contrast",
        "html-has-lang",
        "image-alt",
    }
    watch.page.route("**/*.css*", lambda route: route.abort("aborted"))
    watch.page.goto((site.place / "claims.html").as_uri())
    context.close()
    for words in ("nothing is not defined", "none.png failed", "asks https://example.org", "site.css", "called off"):
        assert any(words in fault for fault in watch.faults), words


@pytest.fixture(params=["folder", "sub-path"])
def start(request: pytest.FixtureRequest, site: BuiltSite, address: str) -> str:
    """The site's address, from a folder and below a sub-path of a server."""
    return site.place.as_uri() if request.param == "folder" else address


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    """A page whose faults fail the test."""
    context = opened(browser, permissions=["clipboard-read", "clipboard-write"], accept_downloads=True)
    watch = Watch(context.new_page())
    yield watch.page
    context.close()
    assert watch.faults == []


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
    page.wait_for_selector("#C117", state="visible")
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


def test_a_head_sorts_the_claims_and_a_second_press_the_other_way_round(page: Page, start: str):
    page.goto(f"{start}/claims.html")
    rows = page.locator("table.ew-claims tbody tr")
    before = rows.evaluate_all("rows => rows.map((row) => row.id)")
    assert before == sorted(before)
    head = page.locator("th:has([data-sort=severity])")
    for pressed, order in ((1, "ascending"), (2, "descending")):
        page.click("[data-sort=severity]")
        assert head.get_attribute("aria-sort") == order, pressed
        found = rows.evaluate_all("rows => rows.map((row) => row.dataset.severity)")
        told = [severity for severity in found if severity]
        assert told == sorted(told, reverse=order == "descending") and found[: len(told)] == told
    page.click("[data-sort=id]")
    assert rows.evaluate_all("rows => rows.map((row) => row.id)") == before


def test_the_settings_of_the_explorer_stand_in_its_address(page: Page, start: str):
    page.goto(f"{start}/explorer.html")
    assert "?" not in page.url
    page.locator("input[name=leverage]").fill("3")
    page.select_option("select[name=measure]", "jobs")
    kept, told, said = page.url, page.inner_text("[data-told]"), page.inner_text("[data-command]")
    assert kept.endswith("?leverage=5&show=jobs") and "--rank" not in said
    page.goto(f"{start}/claims.html")
    page.goto(kept)
    assert (page.inner_text("[data-told]"), page.inner_text("[data-command]")) == (told, said)
    page.click("button[type=reset]")
    page.wait_for_function("!document.querySelector('[data-command]').textContent.includes('leverage')")
    assert page.url.endswith("explorer.html") and "--rank" in page.inner_text("[data-command]")


def test_the_explorers_result_is_in_sight_on_a_phone_while_sliders_move(browser: Browser, start: str):
    context = opened(browser, "phone")
    page = context.new_page()
    page.goto(f"{start}/explorer.html")
    page.locator("input[name=additionality]").scroll_into_view_if_needed()
    box = page.locator("[data-told]").bounding_box()
    assert box and box["y"] >= 0 and box["y"] + box["height"] <= WIDTHS["phone"][1]
    context.close()


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
            button.locator("xpath=ancestor::details/summary").click()
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
    assert slider.get_attribute("aria-valuetext") == "1"
    assert "--set leverage=1" in page.inner_text("[data-command]")


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
