"""Reading a file that nobody vouches for: in a process of its own, with bounded memory, time and size."""

import json
import re
import subprocess
import sys
import tempfile
from collections.abc import Callable
from contextlib import suppress
from dataclasses import asdict
from functools import partial
from pathlib import Path
from typing import Any

from crossfoot.errors import RequestError
from nbedition.figures import embed_pdf as pdf
from nbedition.figures import embed_png as png
from nbedition.figures import embed_svg as svg
from nbedition.figures.figure_file import MOST_FILE, FigureFile, Unreadable

READ: dict[str, Callable[..., FigureFile]] = {"png": png.read, "svg": svg.read, "pdf": pdf.read}
DIFFERS: dict[str, Callable[..., str]] = {"png": png.differs, "svg": svg.differs, "pdf": pdf.differs}
DIFFERS |= {form: partial(png.copy_differs, form) for form in png.COPIES}
COPIES = {form: partial(png.read_copy, form) for form in png.COPIES}
READING = "nbedition.figures.read_file"
SECONDS = 30.0
LONGEST = 120  # characters of what a process that failed said last
TOO_MUCH = 3  # exit code of the process that reads, where it needs more memory or depth than it may have
MEMORY = 2 * 1024**3  # bytes of address space; a picture of the edition takes a tenth
DRAWING = re.compile(rb"(?:\xef\xbb\xbf)?\s*<(?:\?xml|!--|!DOCTYPE svg|(?:[\w-]+:)?svg)")
SIGNATURES = {png.SIGNATURE: "png", b"%PDF-": "pdf", b"\xff\xd8\xff": "JPEG", b"GIF8": "GIF", b"RIFF": "WebP"}
SIGNATURES |= dict.fromkeys((b"II*\0", b"MM\0*"), "TIFF")


def read_file(path: Path, number: int = 0) -> FigureFile:
    """Return what a PNG, SVG or PDF file holds; nothing in it is carried out, and no other file is opened.

    `number`: of a paper that sets several figures, which one, from 1. It is refused (RequestError) where there is no
    such file, it is too large, or it is no picture.
    """
    form = form_of(path)
    found = apart(READING, form, str(number), path)
    return FigureFile(form, problem=found) if isinstance(found, str) else FigureFile(**found)


def differs(path: Path, form: str, wanted: bytes, number: int = 0) -> str:
    """Return where a file's picture is another than that of a file of ours, in words; "" where it is the same."""
    with tempfile.TemporaryDirectory(prefix="ewppr-verify-") as folder:
        ours = Path(folder) / "ours"
        ours.write_bytes(wanted)
        return str(apart(READING, form, str(number), path, ours))


def apart(module: str, *given: str | Path) -> Any:
    """Return what a module of ours finds in files, in a process of its own; or why it finds nothing, in words."""
    command = [sys.executable, "-P", "-m", module, *map(str, given)]
    try:
        ended = subprocess.run(command, capture_output=True, timeout=SECONDS, check=False)  # noqa: S603  our own module
    except subprocess.TimeoutExpired:
        return f"reading it takes longer than {SECONDS:.0f} seconds"
    if ended.returncode == TOO_MUCH or ended.returncode < 0:
        return "reading it takes more memory than any of the edition's files"
    if ended.returncode:
        said = ended.stderr.decode(errors="replace").strip().splitlines() or ["it said nothing"]
        return f"the process that reads it failed: {said[-1][:LONGEST]}"
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
    if form := kind_of(head):
        return form
    raise RequestError(f"{path} is no picture that a figure could be; a PNG, SVG or PDF is expected.")


def kind_of(head: bytes) -> str:
    """Return what kind of picture begins with some bytes; "" where it is none."""
    form = next((form for signature, form in SIGNATURES.items() if head.startswith(signature)), "")
    return form or ("svg" if DRAWING.match(head) else "")


def within_limits(work: Callable[[bytes], Any], path: str) -> None:
    """Do some work on a file's bytes in this process, within limits; write what was found to standard output."""
    with suppress(ImportError):  # not every system can bound a process's memory
        import resource

        resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    content = Path(path).read_bytes()[: MOST_FILE + 1]
    found: Any
    try:
        found = work(content)
    except Unreadable as error:
        found = str(error)
    except (MemoryError, RecursionError):
        sys.exit(TOO_MUCH)
    sys.stdout.write(json.dumps(found))


def main(form: str, number: str, path: str, wanted: str = "") -> None:
    """Read a file within limits, alone or beside ours."""
    which = (int(number),) if int(number) else ()
    if wanted:
        within_limits(lambda content: DIFFERS[form](content, Path(wanted).read_bytes(), *which), path)
    else:
        within_limits(lambda content: asdict((READ | COPIES)[form](content, *which)), path)


if __name__ == "__main__":
    main(*sys.argv[1:])
