"""Mutated files through every reader of strangers' files: no traceback, nothing slow or large, no false "verified".

Run with ``python benchmarks/fuzz.py BUILD [FILES] [SEED]``, where BUILD holds the figures of a run. Sound files (tables
as CSV, XLSX, ODS and HTML, relations, rules, sweeps, data packages, citation files, archives, figures) are changed at
random: bytes flipped, cut, doubled, moved, and marks of the formats put in. Each reader may accept a file or refuse it
in a sentence. A figure that reads as sound with the picture of the original must have its pixels (PNG) or its drawing
(PDFium). The process has `MEMORY` of address space, each file `SECONDS`. Exit code 1 if one of these does not hold.
"""

import random
import resource
import signal
import sys
import tempfile
import time
import zipfile
from collections import Counter
from collections.abc import Callable, Iterator
from io import BytesIO
from pathlib import Path

import pypdfium2
from PIL import Image, ImageChops, UnidentifiedImageError

from crossfoot.errors import ReportedError, RequestError
from crossfoot.read.files import read_table
from crossfoot.relation_file import read_relations
from crossfoot.text import read_text
from crossfoot.validate_rules import read_rules
from nbedition.archive.unpack import unpack
from nbedition.citation_file import _read as read_citation
from nbedition.data.datasets import _datasets
from nbedition.figures.documents import in_archive, in_notebook, in_page
from nbedition.figures.figure_file import Unreadable
from nbedition.figures.read_file import DIFFERS, READ
from nbedition.figures.record import RecordDamaged, opened
from nbedition.review.evidence import in_outputs
from nbedition.review.manuscript import read_manuscript
from nbedition.review.passages import numbers_of
from nbedition.runs.sweep import read_sweeps

FILES, SEED = 10_000, 23
SECONDS = 10.0
NEAR = 48  # of 255: a PDF's numbers may differ by two in 100,000, which moves an edge by a fifth of a shade at most
MEMORY = 1024**3  # bytes, beyond what the libraries take
ROOT = Path(__file__).resolve().parent.parent
MARKS = (
    *(
        b"\0",
        b"\xff\xfe",
        b"\xef\xbb\xbf",
        b"\n",
        b"\r\n",
        b'"',
        b",",
        b";",
        b"\t",
        b"'",
        b"(",
        b")",
        b"[",
        b"{",
        b"&a",
        b"*a",
    ),
    *(
        b"<<",
        b">>",
        b"<table>",
        b"</td>",
        b"<!--",
        b"-->",
        b"&#0;",
        b"!!int",
        b": ",
        b"- ",
        b"1e999",
        b"-0",
        b".5",
        b"%",
    ),
    *(b"PK\x03\x04", b"IDAT", b"stream", b"endobj", b"\xe2\x80\x93", b"\xef\xbc\x91", b"999999999999"),
)


CELLS = (("place", "2019", "2020"), ("a", "1.5", "10"), ("b", "2.5", "20"), ("Total", "4.0", "30"))


def lines(row: str, cell: str) -> str:
    """Return the cells as lines of a format."""
    return "".join(row % "".join(cell % text for text in texts) for texts in CELLS)


SPACE = "urn:oasis:names:tc:opendocument:xmlns"
PAGE = "<html><body><table>" + lines("<tr>%s</tr>", "<td>%s</td>")
XLSX = {
    "xl/workbook.xml": '<workbook xmlns:r="r"><sheets><sheet name="Data" r:id="a"/></sheets></workbook>',
    "xl/_rels/workbook.xml.rels": '<Relationships><Relationship Id="a" Target="worksheets/one.xml"/></Relationships>',
    "xl/worksheets/one.xml": f"""<worksheet><sheetData>{lines("<row>%s</row>", '<c t="str"><v>%s</v></c>')}</sheetData>
        </worksheet>""",
}
ODS_ROW, ODS_CELL = "<t:table-row>%s</t:table-row>", "<t:table-cell><x:p>%s</x:p></t:table-cell>"
ODS = {
    "mimetype": "application/vnd.oasis.opendocument.spreadsheet",
    "content.xml": f"""<o:document-content
        xmlns:o="{SPACE}:office:1.0" xmlns:t="{SPACE}:table:1.0" xmlns:x="{SPACE}:text:1.0">
        <o:body><o:spreadsheet><t:table t:name="Data">{lines(ODS_ROW, ODS_CELL)}</t:table></o:spreadsheet></o:body>
        </o:document-content>""",
}
RULES = b"rules:\n- expr: total == a + b\n  name: sum\n- expr: abs(total - a - b) <= 0.5\n"
SWEEP = b"""notebook: '04'
grid: {aid_share: [0.001, 0.002], leverage: '1:5:3'}
latin_hypercube: {samples: 3, seed: 1, ranges: {fund_share: [0.1, 0.5]}}
"""


def changed(content: bytes, chance: random.Random) -> bytes:
    """Return content with one to four changes."""
    for _ in range(chance.choice((1, 1, 1, 2, 4))):
        at, length = chance.randrange(len(content) + 1), chance.choice((1, 1, 2, 8, 64))
        part = content[at : at + length]
        new = chance.choice(
            (
                bytes(chance.randrange(256) for _ in part),
                bytes([part[0] ^ 1 << chance.randrange(8)]) + part[1:] if part else b"",
                b"",
                part * chance.choice((2, 50)),
                chance.choice(MARKS) + part,
                content[chance.randrange(len(content) + 1) :][:length],
            )
        )
        content = content[:at] + new + content[at + length :]
    return content[: chance.randrange(len(content) + 1)] if chance.random() < 0.03 else content


def packed(parts: dict[str, str]) -> bytes:
    """Return parts as a ZIP file; they are not compressed, so that changes reach their text."""
    target = BytesIO()
    with zipfile.ZipFile(target, "w") as made:
        for name, text in parts.items():
            made.writestr(name, text)
    return target.getvalue()


def kinds(build: Path) -> Iterator[tuple[str, bytes, Callable[[Path, bytes], object]]]:
    """Yield what is read: its ending, a sound file, and its reader, given the path and the sound content."""
    table = ROOT / "docs/examples/schools.csv"
    known = read_table(table)

    def reads(path: Path, _sound: bytes) -> object:
        return read_table(path)

    yield ".csv", table.read_bytes(), reads
    yield ".csv", (ROOT / "data/printed/table1.csv").read_bytes(), reads
    yield ".html", PAGE.encode(), reads
    yield ".xlsx", packed(XLSX), reads
    yield ".ods", packed(ODS), reads
    yield ".yml", table.with_suffix(".yml").read_bytes(), lambda path, _: read_relations(path)
    yield ".yml", RULES, lambda path, _: read_rules(path, known)
    yield ".yml", SWEEP, lambda path, _: read_sweeps(path)
    yield (
        ".yml",
        (ROOT / "template/data/datapackage.yml").read_bytes(),
        lambda path, _: _datasets(path, read_text(path)),
    )
    yield ".cff", (ROOT / "CITATION.cff").read_bytes(), lambda path, _: read_citation(path, read_text(path))
    yield (
        ".zip",
        packed(dict.fromkeys(("a/README.md", "a/data/x.csv"), "words\n" * 20)),
        lambda path, _: unpack(path, path.with_suffix("")),
    )
    words = b"# Results\n\nAid was [12.5 %](a) <!-- x -->.\n\n| a | b |\n| - | - |\n| x | 1,234.5 |\n\n![p](a.png)\n"
    latex = (
        rb"\section{R} \newcommand{\x}{1.5} Aid was \x\% \cite[p. 3]{a}. \begin{tabular}{l} a & 12.5 \\ \end{tabular}"
    )
    space = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
    text = f"<w:document {space}><w:body><w:p><w:r><w:t>Aid was 12.5 %.</w:t></w:r></w:p></w:body></w:document>"
    docx = packed({"word/document.xml": text, "word/media/a.png": "x"})
    for ending, sound in ((".md", words), (".tex", latex), (".docx", docx)):
        yield ending, sound, lambda path, _: list(numbers_of(read_manuscript(path, path.name)))
    page = b"<html><img src='data:image/png;base64,aGVsbG8='><svg ><g/></svg></html>"
    notebook = sorted(build.glob("*/*.ipynb"))[0].read_bytes()
    yield ".ipynb", notebook, lambda path, _: in_outputs(path.parent)
    yield ".ipynb", notebook, lambda path, _: refused(in_notebook, path.read_bytes())
    yield ".html", page, lambda path, _: refused(in_page, path.read_bytes())
    yield (
        ".docx",
        packed({"word/media/a.png": "x", "a.xhtml": page.decode()}),
        lambda path, _: refused(in_archive, path.read_bytes()),
    )
    for form in ("png", "svg", "pdf"):
        for figure in sorted(build.glob(f"*/figures/*.{form}"))[:2]:
            yield f".{form}", figure.read_bytes(), lambda path, sound, form=form: figure_of(form, path, sound)


def refused(pictures: Callable[[bytes], Iterator[object]], content: bytes) -> list[object]:
    """Return the pictures in a document; what its reader says of one that it cannot read is a refusal."""
    try:
        return list(pictures(content))
    except Unreadable as error:
        raise RequestError(str(error)) from None


def figure_of(form: str, path: Path, sound: bytes) -> object:
    """Read a figure; AssertionError where it passes for the original and shows something else."""
    content = path.read_bytes()
    found = READ[form](content)
    if found.problem or found.record is None:
        return found
    try:
        same = opened(found.record) == opened(READ[form](sound).record or "")
    except RecordDamaged:
        return found
    if same and not found.told and not DIFFERS[form](content, sound):
        assert alike(shown(form, content), shown(form, sound)), "passes for the original and shows something else"
    return found


def shown(form: str, content: bytes) -> Image.Image | None:
    """Return what another reader shows of a figure; None where it shows nothing. Drawings of SVG are not rendered."""
    try:
        if form == "pdf":
            return pypdfium2.PdfDocument(content)[0].render(scale=1.5).to_pil().convert("RGB")
        return Image.open(BytesIO(content)).convert("RGBA") if form == "png" else Image.new("RGB", (1, 1))
    except (pypdfium2.PdfiumError, UnidentifiedImageError, OSError, ValueError, SyntaxError):
        return None


def alike(one: Image.Image | None, other: Image.Image | None) -> bool:
    """Return whether two pictures look the same: no colour of a pixel is further apart than `NEAR`."""
    if one is None or other is None or one.size != other.size:
        return False
    extrema = ImageChops.difference(one, other).getextrema()
    return all(most <= NEAR for _, most in extrema)


def stopped(_signal: int, _frame: object) -> None:
    """End a reader that takes too long."""
    raise TimeoutError


def main(build: str, files: int = FILES, seed: int = SEED) -> None:
    """Change files, read them, and say what became of it."""
    signal.signal(signal.SIGALRM, stopped)
    chance, told, wrong, slowest = random.Random(seed), Counter[str](), [], 0.0
    sources = list(kinds(Path(build)))
    limit = resource.getrlimit(resource.RLIMIT_AS)
    held = int(Path("/proc/self/statm").read_text().split()[0]) * resource.getpagesize()
    resource.setrlimit(resource.RLIMIT_AS, (held + MEMORY, limit[1]))
    with tempfile.TemporaryDirectory() as folder:
        for number in range(files):
            ending, sound, read = sources[number % len(sources)]
            path = Path(folder) / f"{number}{ending}"
            path.write_bytes(changed(sound, chance))
            begin = time.perf_counter()
            signal.setitimer(signal.ITIMER_REAL, SECONDS)
            try:
                read(path, sound)
                told["read"] += 1
            except ReportedError as error:
                told["refused in a sentence"] += 1
                if not str(error) or "\n" in str(error):
                    wrong.append(f"file {number} ({ending}): {str(error)!r:.200}")
            except Exception as error:  # noqa: BLE001  any other is what is looked for
                wrong.append(f"file {number} ({ending}): {type(error).__name__}: {str(error)!r:.200}")
            finally:
                signal.setitimer(signal.ITIMER_REAL, 0)
            slowest = max(slowest, time.perf_counter() - begin)
            path.unlink()
    resource.setrlimit(resource.RLIMIT_AS, limit)
    said = ", ".join(f"{count} {what}" for what, count in told.items())
    print(
        f"{files} changed files of {len(sources)} kinds: {said}; {len(wrong)} wrong; the slowest took {slowest:.1f} s"
    )
    print(*wrong[:40], sep="\n")
    sys.exit(bool(wrong))


if __name__ == "__main__":
    main(sys.argv[1], *map(int, sys.argv[2:]))
