"""What other programs leave of a figure's record, and what `verify` says of their files, as a table in Markdown.

Run with ``python benchmarks/round_trips.py``. Programs from package indexes are installed into an environment of their
own; those that are not at hand (ImageMagick, Inkscape, ...) are named and left out. Its table is in docs/figures.md.
"""

import re
import shutil
import subprocess
import sys
import tempfile
import venv
from dataclasses import dataclass
from pathlib import Path

PACKAGES = ("pillow", "pikepdf", "pypdf", "pymupdf", "lxml", "python-docx", "python-pptx", "pypdfium2")
FIGURE = "enterprise_share"
NOTEBOOK = "02_funding_analysis"
SAID = ("verified", "pixel for pixel", "looks the same", "picture altered", "it is encrypted", "no record")


@dataclass(frozen=True)
class Trip:
    """One way of writing a figure's file anew: a program, what it is told, and the forms of the files."""

    program: str
    does: str
    before: str  # ending of the figure's file
    after: str  # ending of what is written
    code: str  # Python, with `old` and `new` as paths; or a command, its words parted by blanks
    package: str = ""  # whose version is named; "" where it is Python's own


PYTHON = (
    Trip("Pillow", "save", ".png", "png", "from PIL import Image; Image.open(old).save(new)", "pillow"),
    Trip(
        "Pillow",
        "save with its texts",
        ".png",
        "png",
        "from PIL import Image, PngImagePlugin as p; i = Image.open(old); i.load(); t = p.PngInfo(); "
        "[t.add_text(k, v, zip=True) for k, v in i.text.items()]; i.save(new, pnginfo=t)",
        "pillow",
    ),
    Trip(
        "Pillow",
        "half the size",
        ".png",
        "png",
        "from PIL import Image; i = Image.open(old); i.resize((i.width // 2, i.height // 2)).save(new)",
        "pillow",
    ),
    Trip("Pillow", "JPEG", ".png", "jpg", "from PIL import Image; Image.open(old).save(new)", "pillow"),
    Trip("ElementTree", "write", ".svg", "svg", "import xml.etree.ElementTree as e; e.parse(old).write(new)"),
    Trip(
        "lxml",
        "pretty print",
        ".svg",
        "svg",
        "from lxml import etree as e; e.parse(old).write(new, pretty_print=1)",
        "lxml",
    ),
    Trip("pypdf", "write", ".pdf", "pdf", "from pypdf import PdfWriter as w; w(clone_from=old).write(new)", "pypdf"),
    Trip(
        "pypdf",
        "fold equal objects",
        ".pdf",
        "pdf",
        "from pypdf import PdfWriter as w; o = w(clone_from=old); o.compress_identical_objects(); o.write(new)",
        "pypdf",
    ),
    Trip("pikepdf", "save", ".pdf", "pdf", "import pikepdf as p; p.open(old).save(new)", "pikepdf"),
    Trip(
        "pikepdf",
        "linearize, object streams",
        ".pdf",
        "pdf",
        "import pikepdf as p; p.open(old).save(new, linearize=True)",
        "pikepdf",
    ),
    Trip(
        "pikepdf",
        "encrypt",
        ".pdf",
        "pdf",
        "import pikepdf as p; p.open(old).save(new, encryption=p.Encryption(owner='o', user=''))",
        "pikepdf",
    ),
    Trip("PyMuPDF", "save", ".pdf", "pdf", "import pymupdf as p; p.open(old).save(new)", "pymupdf"),
    Trip(
        "PyMuPDF",
        "save, clean and fold",
        ".pdf",
        "pdf",
        "import pymupdf as p; p.open(old).save(new, garbage=4, clean=True, deflate=True)",
        "pymupdf",
    ),
    Trip("pdfium", "save", ".pdf", "pdf", "import pypdfium2 as p; p.PdfDocument(old).save(new)", "pypdfium2"),
    Trip(
        "python-docx",
        "picture in a document",
        ".png",
        "docx",
        "import docx; d = docx.Document(); d.add_picture(old); d.save(new)",
        "python-docx",
    ),
    Trip(
        "python-pptx",
        "picture on a slide",
        ".png",
        "pptx",
        "import pptx; d = pptx.Presentation(); s = d.slides.add_slide(d.slide_layouts[6]); "
        "s.shapes.add_picture(old, 0, 0); d.save(new)",
        "python-pptx",
    ),
)
COMMANDS = (
    Trip("ImageMagick", "convert", ".png", "png", "magick {old} {new}"),
    Trip("Inkscape", "plain SVG", ".svg", "svg", "inkscape --export-plain-svg --export-filename={new} {old}"),
    Trip("svgo", "as it comes", ".svg", "svg", "npx --yes svgo --quiet {old} -o {new}"),
    Trip("qpdf", "--qdf", ".pdf", "pdf", "qpdf --qdf {old} {new}"),
    Trip("mutool", "clean", ".pdf", "pdf", "mutool clean {old} {new}"),
    Trip("poppler", "pdfseparate", ".pdf", "pdf", "pdfseparate {old} {new}"),
    Trip("ExifTool", "Artist", ".png", "png", "exiftool -q -Artist=Me -o {new} {old}"),
)


def run(*command: str | Path) -> subprocess.CompletedProcess[str]:
    """Run a command and keep what it says."""
    return subprocess.run([str(word) for word in command], capture_output=True, text=True, check=False)


def versions(python: Path) -> dict[str, str]:
    """Return the version of each installed package."""
    listed = run(python, "-m", "pip", "list", "--format=freeze").stdout
    return {name.lower(): version for name, _, version in (line.partition("==") for line in listed.splitlines())}


def version_of(program: str) -> str:
    """Return the first version that a program's own words name."""
    found = re.search(r"\d+(?:\.\d+)+", run(*program.split(), "--version").stdout)
    return found[0] if found else "?"


def written(place: Path, built: Path, python: Path) -> list[tuple[Trip, str, Path]]:
    """Carry out all trips; return each with its version and the file that it wrote."""
    known, done = versions(python), []
    for number, trip in enumerate((*PYTHON, *COMMANDS)):
        old, new = built / f"{FIGURE}{trip.before}", place / f"{number:02}.{trip.after}"
        if trip in PYTHON:
            version = known.get(trip.package, sys.version.split()[0])
            ended = run(python, "-c", f"old, new = {str(old)!r}, {str(new)!r}; {trip.code}")
        elif shutil.which(trip.code.split()[0]):
            version = version_of("npx --yes svgo" if trip.program == "svgo" else trip.code.split()[0])
            ended = run(*(word.format(old=old, new=new) for word in trip.code.split()))
        else:
            print(f"{trip.program} is not at hand", file=sys.stderr)
            continue
        if new.is_file():
            done.append((trip, version, new))
        else:
            print(f"{trip.program}, {trip.does}: {ended.stderr.strip()[-200:]}", file=sys.stderr)
    return done


def kept(path: Path) -> str:
    """Return whether a record is still read from a file, or from those inside it."""
    from nbedition.figures.documents import pictures_of
    from nbedition.figures.read_file import read_file

    with pictures_of(path) as found:
        return "kept" if any(read_file(one.file, one.number).record for one in found) else "lost"


def main() -> None:
    """Print the table."""
    with tempfile.TemporaryDirectory() as folder:
        place = Path(folder)
        venv.create(place / "tools", with_pip=True)
        python = place / "tools/bin/python"
        run(python, "-m", "pip", "install", "--quiet", *PACKAGES)
        run(sys.executable, "-m", "ewppr_lib.cli", "run", NOTEBOOK, "--out", place / "build")
        trips = written(place, place / "build" / NOTEBOOK / "figures", python)
        said = run(sys.executable, "-m", "ewppr_lib.cli", "verify", *(path for *_, path in trips))
        lines = (said.stdout + said.stderr).splitlines()
        print("| program | version | does | record | verdict |\n| --- | --- | --- | --- | --- |")
        for trip, version, path in trips:
            line = next((line for line in lines if line.startswith(str(path))), "")
            verdict = next((words for words in SAID if words in line), "?")
            print(f"| {trip.program} | {version} | {trip.does} | {kept(path)} | {verdict} |")


if __name__ == "__main__":
    main()
