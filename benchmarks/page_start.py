"""How soon the page that checks tables is ready, in a headless Chromium without a network.

Run ``make page``, then ``python benchmarks/page_start.py [TIMES]``. Each time a browser of its own opens
``build/check-your-table.html`` from the disk: how long until the page says that it is ready, and until it has checked
a table. Exit code 1 if the page has 20 MB or more, or the middle one of the times to be ready is 8 s or more.
"""

from __future__ import annotations

import shutil
import statistics
import sys
import time
from pathlib import Path

from playwright.sync_api import sync_playwright

from crossfoot.offline_page import MOST_BYTES

ROOT = Path(__file__).parents[1]
PAGE, TABLE = ROOT / "build/check-your-table.html", ROOT / "docs/examples/schools.csv"
TIMES = int(sys.argv[1]) if len(sys.argv) > 1 else 5
LONGEST = 8.0  # seconds
WAIT = 120_000  # milliseconds
CHROMIUM = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)


def opened() -> tuple[float, float]:
    """Return the seconds until the page is ready, and those that the first table then takes."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox", "--disable-gpu"])
        context = browser.new_context(offline=True)
        page = context.new_page()
        state = page.locator("#state")
        begin = time.perf_counter()
        page.goto(PAGE.as_uri())
        state.filter(has_text="Ready.").wait_for(timeout=WAIT)
        ready = time.perf_counter()
        page.set_input_files("#file", TABLE)
        state.filter(has_text="is checked.").wait_for(timeout=WAIT)
        checked = time.perf_counter()
        browser.close()
    return ready - begin, checked - ready


def main() -> int:
    """Measure and print; return the exit code."""
    if not PAGE.is_file():
        sys.exit(f"{PAGE} is not there; make page builds it.")
    ready, checked = zip(*(opened() for _ in range(TIMES)), strict=True)
    middle, size = statistics.median(ready), PAGE.stat().st_size
    print(
        f"{size / 1e6:.1f} MB; ready after {middle:.1f} s ({min(ready):.1f} to {max(ready):.1f}, {TIMES} times), "
        f"the first table checked in {statistics.median(checked):.1f} s more"
    )
    return int(size >= MOST_BYTES or middle >= LONGEST)


if __name__ == "__main__":
    sys.exit(main())
