"""Reading a file that nobody vouches for: in a process of its own, with bounded memory, time and size."""

import json
import re
import subprocess
import sys
import tempfile
from contextlib import suppress
from dataclasses import asdict
from pathlib import Path
from typing import Any

from crossfoot.errors import RequestError
from nbedition.figures import embed_pdf as pdf
from nbedition.figures import embed_png as png
from nbedition.figures import embed_svg as svg
from nbedition.figures.figure_file import MOST_FILE, FigureFile, Unreadable

READ = {"png": png.read, "svg": svg.read, "pdf": pdf.read}
DIFFERS = {"png": png.differs, "svg": svg.differs, "pdf": pdf.differs}
SECONDS = 30.0
MEMORY = 2 * 1024**3  # bytes of address space; a picture of the edition takes a tenth
DRAWING = re.compile(rb"(?:\xef\xbb\xbf)?\s*<(?:\?xml|!--|!DOCTYPE svg|(?:[\w-]+:)?svg)")
SIGNATURES = {png.SIGNATURE: "png", b"%PDF-": "pdf", b"\xff\xd8\xff": "JPEG", b"GIF8": "GIF", b"RIFF": "WebP"}
SIGNATURES |= dict.fromkeys((b"II*\0", b"MM\0*"), "TIFF")


def read_file(path: Path) -> FigureFile:
    """Return what a PNG, SVG or PDF file holds; nothing in it is carried out, and no other file is opened.

    It is refused (RequestError) where there is no such file, it is too large, or it is no picture.
    """
    form = form_of(path)
    if form not in READ:
        return FigureFile(form)
    found = _apart(form, path)
    return FigureFile(form, problem=found) if isinstance(found, str) else FigureFile(**found)


def differs(path: Path, form: str, wanted: bytes) -> str:
    """Return where a file's picture is another than that of a file of ours, in words; "" where it is the same."""
    with tempfile.TemporaryDirectory(prefix="ewppr-verify-") as folder:
        ours = Path(folder) / f"ours.{form}"
        ours.write_bytes(wanted)
        return str(_apart(form, path, ours))


def _apart(form: str, *paths: Path) -> Any:
    """Return what a process of its own finds in files, or why it finds nothing, in words."""
    command = [sys.executable, "-P", "-m", "nbedition.figures.read_file", form, *map(str, paths)]
    try:
        ended = subprocess.run(command, capture_output=True, timeout=SECONDS, check=False)  # noqa: S603  our own module
    except subprocess.TimeoutExpired:
        return f"reading it takes longer than {SECONDS:.0f} seconds"
    if ended.returncode:
        return "reading it takes more memory than any of the edition's files"
    return json.loads(ended.stdout)


def form_of(path: Path) -> str:
    """Return what kind of picture a file is by how it begins, or refuse it."""
    try:
        size = path.stat().st_size
        if path.is_dir() or not path.is_file():
            raise RequestError(f"{path} is not a file; a PNG, SVG or PDF is expected.")
        if size > MOST_FILE:
            said = f"{size / 2**20:,.0f} MB, and none of the edition's figures has {MOST_FILE // 2**20}"
            raise RequestError(f"{path} is too large to be read: {said}.")
        with path.open("rb") as file:
            head = file.read(1024)
    except OSError as error:
        raise RequestError(f"{path} cannot be read: {error.strerror}.") from None
    for signature, form in SIGNATURES.items():
        if head.startswith(signature):
            return form
    if DRAWING.match(head):
        return "svg"
    raise RequestError(f"{path} is no picture that a figure could be; a PNG, SVG or PDF is expected.")


def main(form: str, path: str, wanted: str = "") -> None:
    """Read a file in this process, alone or beside ours, within limits; write what was found to standard output."""
    with suppress(ImportError):  # not every system can bound a process's memory
        import resource

        resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    content = Path(path).read_bytes()[: MOST_FILE + 1]
    found: Any
    try:
        found = DIFFERS[form](content, Path(wanted).read_bytes()) if wanted else asdict(READ[form](content))
    except Unreadable as error:
        found = str(error)
    except (MemoryError, RecursionError):
        sys.exit(1)
    sys.stdout.write(json.dumps(found))


if __name__ == "__main__":
    main(*sys.argv[1:])
