"""Builds the page "Check your table": one HTML file that checks tables in a browser, without any network.

It carries Pyodide (Python compiled for browsers), which npm fetches in a pinned version and whose digest is checked,
and the modules of this package as they are here. ``make page`` writes it.
"""

from __future__ import annotations

import base64
import gzip
import hashlib
import io
import json
import shutil
import subprocess
import sys
import tarfile
import tempfile
import zipfile
from pathlib import Path

from crossfoot import __version__
from crossfoot.errors import RequestError

PYODIDE = "314.0.7"
INTEGRITY = (
    "0YvXxEhfEdpLfb/XkM2BFAeMROq0iMUX2bzzH9pOttyMcWkwq+HbE5uyuGD82LN7y2q+SNvi/6V5JEsOlD2R1A=="  # SHA-512 of the package
)
HERE = Path(__file__).parent
LEFT_OUT = {"cli.py", "testing.py", "offline_page.py"}  # what a browser has no use for
PARTS = {"asm": "pyodide.asm.mjs", "wasm": "pyodide.asm.wasm", "library": "python_stdlib.zip"}
MOST_BYTES = 20_000_000  # of the page


def build_page(target: Path) -> int:
    """Write the page and return its size in bytes; RequestError if Pyodide cannot be had or is not the pinned one."""
    files = unpacked(_fetched())
    parts = {name: files[file] for name, file in PARTS.items()} | {"code": own_code()}
    packed = "\n".join(f'<script type="text/plain" id="{name}">{packed_part(parts[name])}</script>' for name in parts)
    lock = {**json.loads(files["pyodide-lock.json"]), "packages": {}}
    fills = {
        "@VERSION@": __version__,
        "@PYODIDE@": PYODIDE,
        "@LOCK@": json.dumps(json.dumps(lock)),
        "@LOADER@": files["pyodide.js"].decode(),
        "@PARTS@": packed,
    }
    page = (HERE / "offline_page.html").read_text(encoding="utf-8")
    for mark, fill in fills.items():
        page = page.replace(mark, fill)
    content = page.encode()
    if len(content) > MOST_BYTES:
        raise RequestError(f"the page has {len(content):,} bytes; at most {MOST_BYTES:,} are wanted.")
    target.parent.mkdir(parents=True, exist_ok=True)
    target.write_bytes(content)
    return len(content)


def packed_part(content: bytes) -> str:
    """Return bytes as the page carries them."""
    return base64.b64encode(gzip.compress(content, 9, mtime=0)).decode()


def own_code() -> bytes:
    """Return the modules of this package as a ZIP file; the same modules give the same bytes."""
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w") as file:
        for path in sorted(HERE.rglob("*.py")):
            if path.name not in LEFT_OUT:
                file.writestr(zipfile.ZipInfo(path.relative_to(HERE.parent).as_posix()), path.read_bytes())
    return target.getvalue()


def _fetched() -> bytes:
    """Return the archive of Pyodide that npm fetches."""
    npm = shutil.which("npm")
    if npm is None:
        raise RequestError("the page needs npm to fetch Pyodide; on Debian: apt-get install npm.")
    with tempfile.TemporaryDirectory() as folder:
        call = [npm, "pack", f"pyodide@{PYODIDE}", "--silent", "--pack-destination", folder]
        ended = subprocess.run(call, capture_output=True, text=True, check=False)  # noqa: S603 (npm, with a pinned name)
        archives = list(Path(folder).glob("*.tgz"))
        if ended.returncode or len(archives) != 1:
            said = " ".join(ended.stderr.split())[:200] or "npm said nothing"
            raise RequestError(f"npm could not fetch pyodide {PYODIDE}: {said}.")
        return archives[0].read_bytes()


def unpacked(archive: bytes) -> dict[str, bytes]:
    """Return the files of Pyodide's archive that the page needs; RequestError unless it is the pinned one."""
    digest = base64.b64encode(hashlib.sha512(archive).digest()).decode()
    if digest != INTEGRITY:
        raise RequestError(f"pyodide {PYODIDE} has the digest sha512-{digest}, expected sha512-{INTEGRITY}.")
    files = {}
    with tarfile.open(fileobj=io.BytesIO(archive)) as tar:
        for name in (*PARTS.values(), "pyodide.js", "pyodide-lock.json"):
            member = tar.extractfile(f"package/{name}")
            files[name] = member.read() if member else b""
    return files


if __name__ == "__main__":
    try:
        place = Path(sys.argv[1])
        sys.stdout.write(f"{place}: {build_page(place) / 1e6:.1f} MB, works without a network\n")
    except RequestError as error:
        sys.exit(f"crossfoot: {error}")
