"""Figures say where they come from: verified from each file type, elsewhere, and after every kind of tampering."""

import json
import os
import re
import shutil
import struct
import subprocess
import sys
import zlib
from collections.abc import Callable, Iterator
from io import BytesIO
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as ET
from xml.sax.saxutils import escape

import pypdfium2
import pytest
from common import ROOT, Answer, replace
from every_chart import has_font
from notebook_code import draw_figures
from PIL import Image
from pypdf import PdfReader, PdfWriter
from pypdf.generic import DictionaryObject, NameObject, NumberObject

from crossfoot.errors import RequestError
from nbedition.figures import embed_pdf as pdf
from nbedition.figures import embed_png as png
from nbedition.figures import embed_svg as svg
from nbedition.figures.read_file import read_file
from nbedition.figures.record import FigureRecord, as_read, canonical, opened, seal
from nbedition.notebooks.outputs import figure_named, listed
from nbedition.verify.figure import verify
from nbedition.verify.rerun import Rerun

SHOWN = {  # one figure a notebook
    "01_history": "period_bounds",
    "02_funding_analysis": "aid_and_levels",
    "03_capacity_building": "exchange_directions",
    "04_institutional_reform_options": "fixed_share_by_donor",
    "05_claims_audit": "claims_by_place",
}
ENDINGS = (".png", "-screen.png", ".svg", ".pdf")


@pytest.fixture(scope="module")
def rerun() -> Iterator[Rerun]:
    with Rerun() as runs:
        yield runs


@pytest.fixture
def copied(drawn: Path, tmp_path: Path) -> Callable[[str], Path]:
    """A copy of one file, to spoil."""
    return lambda name: Path(shutil.copy(drawn / name, tmp_path / name))


def said(path: Path, rerun: Rerun, **more: object) -> str:
    verdict = verify(path, rerun, **more)  # type: ignore[arg-type]
    return f"{'holds' if verdict.holds else 'fails'}: {verdict.sentence}"


@pytest.fixture(scope="module")
def clone(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The edition in another folder, with its own library."""
    place = tmp_path_factory.mktemp("elsewhere") / "edition"
    for part in ("crossfoot", "nbedition", "ewppr_lib", "data", "notebooks", "locale", "template"):
        shutil.copytree(ROOT / part, place / part, ignore=shutil.ignore_patterns("__pycache__", ".*"))
    for name in ("requirements.lock", "pyproject.toml"):
        shutil.copy(ROOT / name, place)
    return place


def in_clone(clone: Path, *arguments: str | Path) -> Answer:
    """Call the command line of a clone, in another time zone, locale and hash seed."""
    chosen = {"PYTHONPATH": str(clone), "TZ": "Asia/Shanghai", "LC_ALL": "C", "PYTHONHASHSEED": "7"}
    environment = {name: value for name, value in os.environ.items() if name != "NBEDITION_HOME"} | chosen
    command = [sys.executable, "-m", "ewppr_lib.cli", *map(str, arguments)]
    ended = subprocess.run(command, cwd=clone.parent, env=environment, capture_output=True, text=True, check=False)
    return Answer(ended.returncode, ended.stdout, ended.stderr)


def require_all_verified(clone: Path, folder: Path, figures: int) -> None:
    files = sorted(path for path in folder.rglob("*.*") if path.suffix in (".png", ".svg", ".pdf"))
    assert len(files) == figures * len(ENDINGS)
    answer = in_clone(clone, "verify", *files)
    assert answer.code == 0, answer
    whole = [line for line in answer.out.splitlines() if ": verified: figure " in line and "anew" not in line]
    assert len(whole) == len(files)


def test_every_figure_of_every_notebook_verifies_from_each_file_type_in_another_folder(drawn: Path, clone: Path):
    require_all_verified(clone, drawn, len(listed()))


def test_figures_of_other_parameters_and_another_language_verify_in_another_folder(
    clone: Path, tmp_path: Path, ewppr: Callable[..., Answer]
):
    changes = ["denominator=realised", "confidence=0.9", *(["lang=zh"] if has_font() else [])]
    settings = [word for change in changes for word in ("--set", change)]
    assert ewppr("run", "02", *settings, "--out", tmp_path / "other").code == 0
    require_all_verified(clone, tmp_path / "other", 5)
    record = opened(read_file(tmp_path / "other/02_funding_analysis/figures/enterprise_share.svg").record).record
    assert record.parameters["confidence"] == 0.9 and "pictures" not in record.parameters


def test_after_one_changed_line_of_a_chart_the_figure_differs_and_the_others_do_not(drawn: Path, clone: Path):
    replace(clone / "ewppr_lib/charts/capacity.py", "height=0.66", "height=0.67")
    try:
        same = in_clone(clone, "verify", drawn / "exchange_directions.png")
        other = in_clone(clone, "verify", drawn / "attendee_composition.svg")
    finally:
        replace(clone / "ewppr_lib/charts/capacity.py", "height=0.67", "height=0.66")
    assert "code has changed since and the figure does not differ" in same.out and same.code == 0
    told = "code has changed since, as its record alone says, and the figure differs"  # a clone without the commits
    assert told in other.out and other.code == 1


def test_after_one_changed_cell_the_verdict_names_row_and_values(drawn: Path, edition: Path):
    replace(edition / "data/printed/table2.csv", ",876,598,", ",877,598,")
    with Rerun() as runs:
        sentence = said(drawn / "exchange_directions.pdf", runs)
        assert said(drawn / "recent_ratio.svg", runs).startswith("fails: data have changed since")
    assert sentence.startswith("fails: data have changed since (printed/table2.csv): row ")
    assert re.search(r"from \d[\d.]* to \d", sentence)


def test_a_changed_pixel_region_is_told(copied: Callable[[str], Path], rerun: Rerun):
    path = copied("aid_and_levels.png")
    text = png.read(path.read_bytes()).record
    image = Image.open(path).convert("RGB")
    image.paste((255, 0, 0), (300, 200, 310, 210))
    path.write_bytes(png.embed(png.encode(image, 300), text))
    sentence = said(path, rerun)
    assert sentence.startswith(
        "fails: picture altered: its pixels or paths no longer match its record: pixels differ in "
    )
    assert "pixels differ in x 300-309, y 200-209 (100 of " in sentence


def test_a_changed_path_is_told_in_svg_and_pdf(copied: Callable[[str], Path], rerun: Rerun):
    drawing, document = copied("aid_and_levels.svg"), copied("aid_and_levels.pdf")
    text = drawing.read_text(encoding="utf-8")
    drawing.write_text(re.sub(r'd="M (\d)', r'd="M 1\1', text, count=1), encoding="utf-8")
    writer = PdfWriter(clone_from=document)
    stream = writer.pages[0].get_contents()
    stream.set_data(stream.get_data().replace(b" l\n", b" m\n", 1))
    writer.pages[0][NameObject("/Contents")] = stream
    writer.write(document)
    for path in (drawing, document):
        assert said(path, rerun).startswith("fails: picture altered")


def test_of_one_file_that_figure_alone_is_drawn_again(drawn: Path):
    sealed = opened(read_file(drawn / "aid_and_levels.svg").record)
    with Rerun(alone=True) as runs:
        made = runs.figure(sealed.record, sealed.picture)
        assert made is not None and made.sealed.picture == sealed.picture
        ((folder, names),) = runs._done.values()
        assert names == {"aid_and_levels"} == {path.stem for path in folder.glob("*.svg")}


def turned_by(orientation: int) -> bytes:
    """EXIF that says how a picture is to be turned."""
    return b"MM\0*\0\0\0\x08" + struct.pack(">HHHIHHI", 1, 0x112, 3, 1, orientation, 0, 0)


def evasions(path: Path) -> dict[str, bytes]:
    """A PNG that shows something else although the pixels of its picture are the same."""
    content, image = path.read_bytes(), Image.open(path).convert("RGB")
    record, target = png.read(content).record, BytesIO()
    image.save(target, "png", save_all=True, append_images=[Image.new("RGB", image.size, "red")], default_image=True)
    hidden = image.copy()
    hidden.putalpha(Image.linear_gradient("L").resize(image.size))
    return {
        "transparent": png.embed(png.encode(hidden, 300), record),
        "animated": png.embed(target.getvalue(), record),
        "gamma": content[:33] + chunk(b"gAMA", struct.pack(">I", 1)) + content[33:],
        "profile": content[:33] + chunk(b"iCCP", b"x\0\0" + zlib.compress(b"colours")) + content[33:],
        "turned": content[:33] + chunk(b"eXIf", turned_by(3)) + content[33:],
    }


def test_what_changes_how_the_pixels_of_a_png_are_shown_is_told(copied: Callable[[str], Path], rerun: Rerun):
    path = copied("aid_and_levels.png")
    for name, content in evasions(path).items():
        path.write_bytes(content)
        assert re.match("fails: picture altered: it has (a part|transparent)", said(path, rerun)), name


def as_text(element: str) -> str:
    """A drawn element as the words by which a careless digest would take it for drawn."""
    found = ET.fromstring(element.replace("<path", '<path xmlns="http://www.w3.org/2000/svg"'))
    return escape(repr((found.tag, sorted(found.attrib.items()))) + "/")


def test_what_changes_how_the_paths_of_an_svg_are_shown_is_told(copied: Callable[[str], Path], rerun: Rerun):
    path = copied("aid_and_levels.svg")
    text = path.read_text(encoding="utf-8")
    path_element = re.search(r"<path [^>]*?/>", text)[0]
    spoilt_texts = {
        "style in the record": text.replace("</metadata>", "<style>path{display:none}</style></metadata>"),
        "style sheet": text.replace("<svg", '<?xml-stylesheet href="x.css"?><svg', 1),
        "path as words": text.replace(path_element, as_text(path_element), 1),
        "default": text.replace("<svg", '<!DOCTYPE svg [<!ATTLIST path opacity CDATA "0">]><svg', 1),
        "script": text.replace('<metadata id="ewppr-figure"', '<metadata id="ewppr-figure" onload="hide()"'),
    }
    for name, spoilt_text in spoilt_texts.items():
        assert spoilt_text != text, name
        path.write_text(spoilt_text, encoding="utf-8")
        assert re.match("fails: (picture altered|record damaged|no record)", said(path, rerun)), name


def test_what_changes_how_the_pages_of_a_pdf_are_shown_is_told(copied: Callable[[str], Path], rerun: Rerun):
    path = copied("aid_and_levels.pdf")
    content = path.read_bytes()
    writer = PdfWriter(clone_from=path)
    above = {NameObject("/Type"): NameObject("/Pages"), NameObject("/Rotate"): NumberObject(180)}
    writer.pages[0][NameObject("/Parent")] = writer._add_object(DictionaryObject(above))
    writer.write(path)
    assert said(path, rerun).startswith("fails: picture altered")
    for damage in ((b"\n11 0 obj", b"\n11 0 o8j"), (b" 00000 n \n", b" 0000O n \n")):
        path.write_bytes(content.replace(*damage, 1))
        assert re.match("fails: (picture altered|no record)", said(path, rerun)), damage


def test_a_data_file_altered_beside_a_figure_is_told_with_its_cell(
    drawn: Path, copied: Callable[[str], Path], rerun: Rerun
):
    table = copied("aid_and_levels.csv")
    text = table.read_text(encoding="utf-8")
    for ending in ENDINGS:
        path = copied(f"aid_and_levels{ending}")
        table.write_bytes(text.replace("\n", "\r\n").encode())
        assert said(path, rerun).startswith("holds: verified")
        table.write_text(text.replace("346", "347", 1), encoding="utf-8")
        sentence = said(path, rerun)
        assert (
            sentence.startswith("fails: data file altered: aid_and_levels.csv beside it") and "row 1 (2003)" in sentence
        )


def test_a_pdf_written_anew_by_another_program_still_verifies(copied: Callable[[str], Path], rerun: Rerun):
    path = copied("aid_and_levels.pdf")
    PdfWriter(clone_from=path).write(path)
    sentence = said(path, rerun)
    assert sentence.startswith("holds: verified") and "written anew" in sentence


def spoilt(path: Path, change: Callable[[dict[str, object]], None], *, sealed: bool = False) -> Path:
    """Change the record in a PNG, and seal it anew where a forger would."""
    content = json.loads(png.read(path.read_bytes()).record)
    digest = content.pop("record_sha256")
    change(content)
    image = Image.open(path).convert("RGB")
    text = canonical(content | {"record_sha256": seal(content) if sealed else digest})
    path.write_bytes(png.embed(png.encode(image, 300), text))
    return path


@pytest.mark.parametrize("field", ["title", "alt", "figure", "fingerprint", "licence", "citation", "number"])
def test_a_changed_field_is_told(field: str, copied: Callable[[str], Path], rerun: Rerun):
    def change(content: dict[str, object]) -> None:
        content[field] = "another"

    path = copied("aid_and_levels.png")
    assert said(spoilt(path, change), rerun).startswith("fails: record damaged: it is not what its own digest says")
    sentence = said(spoilt(copied("aid_and_levels.png"), change, sealed=True), rerun)
    assert sentence.startswith("fails: record damaged" if field != "figure" else "fails: code has changed since")


def test_a_forged_picture_digest_does_not_help(copied: Callable[[str], Path], rerun: Rerun):
    path = copied("aid_and_levels.png")
    image = Image.open(path).convert("RGB")
    image.paste((255, 0, 0), (300, 200, 310, 210))
    text = png.read(path.read_bytes()).record
    path.write_bytes(png.embed(png.encode(image, 300), text))
    forged = spoilt(path, lambda content: content["picture"].update(sha256=png.digest(image)), sealed=True)
    assert said(forged, rerun).startswith("fails: picture altered: from the same data and code")


def test_the_records_own_digest_changed_is_told(copied: Callable[[str], Path], rerun: Rerun):
    path = copied("aid_and_levels.svg")
    text = path.read_text(encoding="utf-8")
    path.write_text(re.sub(r'(record_sha256":")[0-9a-f]{4}', r"\g<1>0000", text), encoding="utf-8")
    assert said(path, rerun).startswith("fails: record damaged")


def test_a_record_copied_onto_another_figure_is_told(copied: Callable[[str], Path], rerun: Rerun):
    for ending, reader in ((".png", png), (".svg", svg), (".pdf", pdf)):
        record = reader.read(copied(f"enterprise_share{ending}").read_bytes()).record
        path = copied(f"aid_and_levels{ending}")
        content = path.read_bytes()
        if ending == ".png":
            path.write_bytes(png.embed(png.encode(Image.open(path).convert("RGB"), 300), record))
        elif ending == ".svg":
            path.write_bytes(svg.embed(re.sub(rb"<metadata.*?</metadata>", b"", content, flags=re.DOTALL), record))
        else:
            path.write_bytes(pdf.embed(content, record, opened(record).record.title))
        assert said(path, rerun).startswith("fails: picture altered"), ending


def test_a_forger_who_names_other_notebooks_files_or_parameters_gets_nothing_run(copied: Callable[[str], Path]):
    cases = {
        "which this edition does not have": lambda content: content["notebook"].update(name="../../evil"),
        "has no parameter 'nosuch'": lambda content: content["parameters"].update(nosuch=1),
        "number above 0.5, below 1 expected": lambda content: content["parameters"].update(confidence=7.0),
        "give that table with --table FILE": lambda content: content["parameters"].update(table="/etc/passwd"),
    }
    for message, change in cases.items():
        path = spoilt(copied("aid_and_levels.png"), change, sealed=True)
        with Rerun() as runs, pytest.raises(RequestError, match=re.escape(message)):
            verify(path, runs)


def test_a_figure_of_a_table_of_ones_own_verifies_beside_that_table_and_no_other(
    drawn: Path, tmp_path: Path, ewppr: Callable[..., Answer]
):
    table, other = tmp_path / "mine.csv", tmp_path / "other.csv"
    table.write_text(ewppr("data", "show", "funding", "--csv").out, encoding="utf-8")
    other.write_text(table.read_text(encoding="utf-8").replace("2007", "2008"), encoding="utf-8")
    assert ewppr("run", "02", "--set", f"table={table}", "--out", tmp_path / "own").code == 0
    path = tmp_path / "own/02_funding_analysis/figures/aid_and_levels.svg"
    assert str(tmp_path) not in path.read_text(encoding="utf-8")
    answers = [ewppr("verify", path, *more) for more in ([], ["--table", table], ["--table", other])]
    assert [answer.code for answer in answers] == [2, 0, 2]
    assert "give that table with --table FILE" in answers[0].err and "is another" in answers[2].err


def test_a_picture_without_record_holds_only_where_its_pixels_are_the_editions(
    copied: Callable[[str], Path], rerun: Rerun
):
    path = copied("aid_and_levels.png")
    printed = figure_named("aid_and_levels").fingerprint
    image = Image.open(path).convert("RGB")
    painted = image.copy()
    painted.paste((255, 0, 0), (300, 200, 310, 210))
    saves = {
        "again.png": (image, "holds: no record, but pixel for pixel figure 2.3 'aid_and_levels'"),
        "painted.png": (painted, "fails: no record, and its picture is not figure 2.3 'aid_and_levels'"),
        "it.jpg": (
            image,
            "fails: no record (a JPEG file carries none); beside figure 2.3 'aid_and_levels' it looks the same",
        ),
        "crop.png": (image.crop((0, 0, 500, 400)), "fails: no record, and its picture is not figure 2.3"),
        "red.png": (Image.new("RGB", (60, 40), "red"), "fails: no record, and its picture is not figure 2.3"),
    }
    for name, (kept, expected) in saves.items():
        kept.save(path.with_name(name))
        assert said(path.with_name(name), rerun, printed=printed).startswith(expected), name
        assert said(path.with_name(name), rerun, printed="ABCDEFGH").endswith("no figure here has fingerprint ABCDEFGH")
    assert said(path.with_name("again.png"), rerun).startswith(saves["again.png"][1])
    assert "pixels differ in x 300-309, y 200-209" in said(path.with_name("painted.png"), rerun)
    assert "is like no figure of this edition; give the eight characters" in said(path.with_name("red.png"), rerun)


def test_the_fingerprint_is_looked_for_among_the_runs_of_a_batch_too(
    copied: Callable[[str], Path], tmp_path: Path, ewppr: Callable[..., Answer]
):
    assert ewppr("batch", "02", "--grid", "confidence=0.8,0.9", "--out", tmp_path / "batch").code == 0
    (tmp_path / "batch/runs/odd.ipynb").mkdir()
    (tmp_path / "batch/runs/none.ipynb").write_text("no notebook", encoding="utf-8")
    runs = [path for path in (tmp_path / "batch/runs").glob("*.ipynb") if path.is_file()]
    printed = {
        mark for path in runs for mark in re.findall(r'"fingerprint": "(\w{8})"', path.read_text(encoding="utf-8"))
    }
    new = sorted(printed - {figure.fingerprint for figure in listed()})
    path = copied("aid_and_levels.png")
    Image.open(path).convert("RGB").save(path)
    told = ewppr("verify", path, "--fingerprint", new[0], "--among", tmp_path / "batch")
    assert told.code == 1 and re.search(r"its picture is not figure 2\.\d '\w+' as this edition draws it", told.out)
    assert new[0] in ewppr("figures", "--among", tmp_path / "batch").out and new[0] not in ewppr("figures").out
    assert ewppr("verify", path, "--fingerprint", new[0]).code == 1
    assert ewppr("verify", path, "--fingerprint", new[0], "--among", tmp_path / "nothing").code == 2


def test_the_wrong_fingerprint_on_a_whole_file_is_told(drawn: Path, rerun: Rerun):
    assert said(drawn / "aid_and_levels.png", rerun, printed="ABCDEFGH").startswith("fails: picture altered")


@pytest.mark.parametrize("ending", [".png", ".svg", ".pdf"])
@pytest.mark.parametrize("part", [0.02, 0.5, 0.999])
def test_a_truncated_file_is_told(ending: str, part: float, copied: Callable[[str], Path], rerun: Rerun):
    path = copied(f"aid_and_levels{ending}")
    content = path.read_bytes()
    path.write_bytes(content[: int(len(content) * part)])
    assert re.match(r"fails: (picture altered|record damaged|no record)", said(path, rerun))


def chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


def bombs(folder: Path, whole: bytes) -> dict[str, bytes]:
    """Files made to exhaust whoever reads them."""
    zeros = zlib.compress(bytes(50_000_000), 9)
    after_header = len(png.SIGNATURE) + 25
    huge = struct.pack(">IIBBBBB", 60_000, 60_000, 8, 2, 0, 0, 0)
    laughs = "".join(f'<!ENTITY a{n} "{f"&a{n - 1};" * 10}">' for n in range(1, 10))
    return {
        "text.png": whole[:after_header] + chunk(b"zTXt", b"bomb\0\0" + zeros) + whole[after_header:],
        "record.png": whole[:33] + chunk(b"iTXt", png.KEYWORD + b"\0\1\0\0\0" + zeros) + whole[33:],
        "pixels.png": png.SIGNATURE + chunk(b"IHDR", huge) + chunk(b"IDAT", zeros) + chunk(b"IEND", b""),
        "long.png": png.SIGNATURE + struct.pack(">I4s", 0xFFFFFFF0, b"iTXt"),
        "laughs.svg": f'<!DOCTYPE svg [<!ENTITY a0 "ha">{laughs}]><svg><desc>&a9;</desc></svg>'.encode(),
        "outside.svg": b'<!DOCTYPE svg [<!ENTITY x SYSTEM "file:///etc/passwd">]><svg><desc>&x;</desc></svg>',
        "deep.svg": b"<svg>" + b"<g>" * 200_000,
        "wide.svg": b"<svg>" + b"<g/>" * 3_000_000,
        "encoding.svg": b'<?xml version="1.0" encoding="utf-9"?><svg/>',
        "stream.pdf": b"%PDF-1.4\n1 0 obj\n<< /Type /Catalog /Pages 2 0 R >>\nendobj\n2 0 obj\n<< /Length "
        + f"{len(zeros)} /Filter /FlateDecode >>\nstream\n".encode()
        + zeros
        + b"\nendstream\nendobj\ntrailer\n<< /Root 1 0 R >>\n%%EOF\n",
    }


def test_bombs_are_answered_in_a_sentence_quickly_and_in_bounded_memory(drawn: Path, tmp_path: Path, rerun: Rerun):
    for name, content in bombs(tmp_path, (drawn / "aid_and_levels.png").read_bytes()).items():
        (tmp_path / name).write_bytes(content)
        began = sum(os.times()[:4])
        sentence = said(tmp_path / name, rerun)
        assert sum(os.times()[:4]) - began < 20, name  # of CPU, this process's and its children's
        expected = "holds: verified" if name == "text.png" else "fails: "
        assert sentence.startswith(expected), (name, sentence)
        assert "passwd" not in sentence
        assert most_memory(tmp_path / name) < 2**30, name


def most_memory(path: Path) -> int:
    """The most memory in bytes that reading a file takes."""
    command = [sys.executable, "-m", "nbedition.figures.read_file", path.suffix[1:], str(path)]
    with subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as process:
        _, status, used = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
    return used.ru_maxrss * 1024


def test_a_sentence_that_quotes_a_forged_record_is_one_line_without_control_characters(
    copied: Callable[[str], Path], ewppr: Callable[..., Answer]
):
    forgeries: list[Callable[[dict[str, Any]], None]] = [
        lambda content: content["notebook"].update(name="\x1b[2J\n" * 9),
        lambda content: content["parameters"].update({"\x1b[2J\nlang" * 500: "\x07"}),
    ]
    for forgery in forgeries:
        path = spoilt(copied("aid_and_levels.png"), forgery, sealed=True)
        answer = ewppr("verify", path)
        assert answer.code == 2 and answer.err.count("\n") == 1 and len(answer.err) < 1_500
        assert answer.err.strip().isprintable()


def test_a_pdf_whose_objects_refer_to_themselves_is_answered(drawn: Path, tmp_path: Path, rerun: Rerun):
    writer = PdfWriter(clone_from=drawn / "aid_and_levels.pdf")
    knot = DictionaryObject()
    place = writer._add_object(knot)
    knot[NameObject("/Me")] = place
    writer.pages[0][NameObject("/Knot")] = place
    writer.write(tmp_path / "knot.pdf")
    assert said(tmp_path / "knot.pdf", rerun).startswith("fails: picture altered")
    content = (drawn / "aid_and_levels.pdf").read_bytes()
    (tmp_path / "kids.pdf").write_bytes(re.sub(rb"/Kids \[ \d+ 0 R \]", b"/Kids [ 2 0 R ]", content))
    assert said(tmp_path / "kids.pdf", rerun).startswith("fails: ")


def test_a_file_of_a_gigabyte_and_files_that_are_none_are_refused_at_once(tmp_path: Path, ewppr: Callable[..., Answer]):
    with (tmp_path / "large.png").open("wb") as file:
        file.write(png.SIGNATURE)
        file.truncate(2**30)
    (tmp_path / "text.txt").write_text("no picture", encoding="utf-8")
    (tmp_path / "empty.png").write_bytes(b"")
    messages = {
        "large.png": "too large to be read: 1,024 MB",
        "text.txt": "no picture",
        "empty.png": "no picture",
        "missing.png": "No such file",
        ".": "not a file",
    }
    for name, message in messages.items():
        answer = ewppr("verify", tmp_path / name)
        assert answer.code == 2 and message in answer.err and answer.err.count("\n") == 1, answer


def test_the_command_says_one_sentence_and_its_exit_code(copied: Callable[[str], Path], ewppr: Callable[..., Answer]):
    path = copied("aid_and_levels.png")
    Image.open(path).convert("RGB").save(path)
    assert ewppr("verify", path, "--fingerprint", "ABCDEFGH").code == 1
    printed = figure_named("aid_and_levels").fingerprint
    answer = ewppr("verify", path, "--fingerprint", f"2.3 \u00b7 {printed.lower()}")
    assert answer.code == 0 and answer.out.endswith(".\n") and answer.out.count("\n") == 1
    assert ewppr("verify", path, "--fingerprint", "short").code == 2


def test_one_changed_value_changes_every_file(drawn: Path, edition: Path, tmp_path: Path):
    replace(edition / "data/printed/table2.csv", ",876,598,", ",877,598,")
    with pytest.MonkeyPatch.context() as patch:
        draw_figures(edition / "notebooks/03_capacity_building.ipynb", tmp_path / "again", patch)
    for ending in (*ENDINGS, ".csv"):
        name = f"exchange_directions{ending}"
        assert (drawn / name).read_bytes() != (tmp_path / "again" / name).read_bytes(), name
    before, after = (
        png.read((place / "exchange_directions.png").read_bytes()) for place in (drawn, tmp_path / "again")
    )
    assert opened(before.record).record.fingerprint != opened(after.record).record.fingerprint


def json_schema() -> dict[str, Any]:
    """The JSON schema of a sealed record, as docs/figure-record.schema.json holds it."""
    schema = FigureRecord.model_json_schema(by_alias=True)
    digest = {"type": "string", "pattern": "^[0-9a-f]{64}$", "description": "of the record's other fields"}
    schema["properties"]["record_sha256"] = digest
    schema["required"] = [*schema["required"], "schema", "record_sha256", "picture"]
    return {"$schema": "https://json-schema.org/draft/2020-12/schema", **schema}


def test_every_record_is_as_the_documented_schema_has_it(drawn: Path):
    import jsonschema

    schema = json.loads((ROOT / "docs/figure-record.schema.json").read_text(encoding="utf-8"))
    assert schema == json_schema()
    for name in SHOWN.values():
        for ending in ENDINGS:
            content = json.loads(read_file(drawn / f"{name}{ending}").record)
            jsonschema.validate(content, schema)
            assert content["datasets"] and content["sources"] and content["library"]["sha256"], name


def test_the_pdfs_open_in_two_readers_and_name_their_title(drawn: Path):
    for path in sorted(drawn.glob("*.pdf")):
        document = pypdfium2.PdfDocument(path)
        assert len(document) == 1
        assert document[0].render(scale=0.2).to_pil().getbbox()
        reader = PdfReader(path, strict=True)
        title = reader.metadata.title
        assert title and title in {figure.title for figure in listed()} and len(reader.pages) == 1


def test_the_svgs_open_in_a_browser(drawn: Path):
    from playwright.sync_api import sync_playwright

    chromium = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    if chromium is None:
        pytest.skip("no Chromium on this system; with one (apt-get install chromium) this test opens every SVG in it")
    with sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=chromium, args=["--no-sandbox", "--disable-gpu"])
        page = browser.new_page()
        for path in sorted(drawn.glob("*.svg")):
            page.goto(path.as_uri())
            assert page.evaluate("document.documentElement.nodeName") == "svg", path.name
            assert page.evaluate("document.querySelectorAll('path').length") > 5
            assert page.evaluate("document.querySelectorAll('parsererror').length") == 0
        browser.close()


def test_the_list_names_every_figure_that_the_notebooks_draw(drawn: Path, ewppr: Callable[..., Answer]):
    answer = ewppr("figures")
    names = {path.stem for path in drawn.glob("*.pdf")}
    assert {figure.figure for figure in listed()} == names
    for figure in listed():
        assert re.search(rf"^{figure.number} +{figure.figure} +{figure.fingerprint} +", answer.out, re.MULTILINE)
        assert opened(read_file(drawn / f"{figure.figure}.svg").record).record.fingerprint == figure.fingerprint


@pytest.mark.parametrize("text", ["", "ABC", "ABCDEFGHJ", "ABCDEFG!"])
def test_what_is_no_fingerprint_is_refused(text: str):
    with pytest.raises(RequestError, match="eight|8 letters"):
        as_read(text)
