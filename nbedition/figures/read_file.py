"""Reading a file that nobody vouches for: in a process of its own, with bounded memory, time and size."""

import json
import subprocess
import sys
from dataclasses import asdict
from pathlib import Path

from crossfoot.errors import RequestError
from nbedition.figures.found import MOST_FILE, Found

SECONDS = 30.0
MEMORY = 2 * 1024**3  # bytes of address space; a picture of the edition takes a tenth
SIGNATURES = {
    b"\x89PNG\r\n\x1a\n": "png",
    b"%PDF-": "pdf",
    b"\xff\xd8\xff": "JPEG",
    b"GIF8": "GIF",
    b"RIFF": "WebP",
    b"II*\0": "TIFF",
    b"MM\0*": "TIFF",
}


def read_file(path: Path) -> Found:
    """Return what a file holds.

    Parameters
    ----------
    path
        A PNG, SVG or PDF file; nothing in it is carried out, and no other file is opened.

    Raises
    ------
    RequestError
        If there is no such file, it is too large, or it is no picture.
    """
    form = form_of(path)
    if form not in ("png", "svg", "pdf"):
        return Found(form)
    command = [sys.executable, "-m", "nbedition.figures.read_file", form, str(path)]
    try:
        ended = subprocess.run(command, capture_output=True, timeout=SECONDS, check=False)  # noqa: S603  our own module
    except subprocess.TimeoutExpired:
        return Found(form, problem=f"reading it takes longer than {SECONDS:.0f} seconds")
    if ended.returncode:
        return Found(form, problem="reading it takes more memory than any of the edition's files")
    return Found(**json.loads(ended.stdout))


def form_of(path: Path) -> str:
    """Return what kind of picture a file is by how it begins.

    Raises
    ------
    RequestError
        If there is no such file, it is too large, or it is no picture.
    """
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
    if head.lstrip(b"\xef\xbb\xbf \t\r\n").startswith((b"<?xml", b"<svg", b"<!DOCTYPE svg")):
        return "svg"
    raise RequestError(f"{path} is no picture that a figure could be; a PNG, SVG or PDF is expected.")


def main(form: str, path: str) -> None:
    """Read a file in this process, within its limits, and write what was found to standard output."""
    _limit()
    from nbedition.figures import embed_pdf as pdf
    from nbedition.figures import embed_png as png
    from nbedition.figures import embed_svg as svg

    content = Path(path).read_bytes()[: MOST_FILE + 1]
    try:
        found = {"png": png.read, "svg": svg.read, "pdf": pdf.read}[form](content)
    except (MemoryError, RecursionError):
        sys.exit(1)
    sys.stdout.write(json.dumps(asdict(found)))


def _limit() -> None:
    """Bound this process's memory where the system can."""
    try:
        import resource
    except ImportError:
        return
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


if __name__ == "__main__":
    main(*sys.argv[1:])
