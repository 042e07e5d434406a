"""Time the whole build of the site from executed notebooks; print the pages and the seconds.

    python benchmarks/site.py

The notebooks are run first, and that is not part of it. Exit code 1 when the build takes a minute or more.
"""

import subprocess
import sys
import tempfile
import time
from pathlib import Path

MOST = 60.0  # seconds


def main() -> None:
    """Build once, print, exit 1 beyond the limit."""
    with tempfile.TemporaryDirectory() as name:
        runs, site = Path(name) / "runs", Path(name) / "site"
        subprocess.run([sys.executable, "-m", "ewppr_lib.cli", "run", "--out", str(runs)], check=True)
        began = time.perf_counter()
        command = [sys.executable, "-m", "ewppr_lib.cli", "site", "--from", str(runs), "--out", str(site)]
        subprocess.run(command, check=True)
        seconds = time.perf_counter() - began
        print(f"{len(list(site.rglob('*.html')))} pages in {seconds:.1f} s")
    sys.exit(seconds >= MOST)


if __name__ == "__main__":
    main()
