"""A verdict is about what a file shows: not about how it is written, and not about the machine that looks."""

import json
import random
import re
import struct
import zlib
from collections.abc import Callable
from io import BytesIO
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as ET

import pypdfium2
import pytest
from matplotlib.figure import Figure
from PIL import Image, ImageChops, ImageCms, ImageDraw
from PIL.PngImagePlugin import PngInfo
from pypdf import PdfReader, PdfWriter
from pypdf.generic import DictionaryObject, NameObject, NumberObject

from crossfoot.errors import RequestError
from nbedition import data
from nbedition.figures import embed_png as png
from nbedition.figures.figure_file import FigureFile
from nbedition.figures.picture import Picture
from nbedition.figures.read_file import COPIES, DIFFERS, READ, differs, form_of, read_file
from nbedition.figures.record import FigureRecord, opened
from nbedition.figures.save import add_source_line, file_of
from nbedition.figures.style import BLUE, drawn_with
from nbedition.notebooks.figure_record import FigureBasis, Origin, Texts
from nbedition.notebooks.outputs import Listed
from nbedition.notebooks.parameters import settings_of
from nbedition.verify import compare, figure
from nbedition.verify.rerun import RemadeFigure

NOTEBOOK = "02_funding_analysis"
CSV = "year,aid\n2003,80.32071459\n2004,0.5\n"
TEXTS = Texts("Aid rises from year to year", "Aid by year, million yuan.", "Two bars, the second is the longer one.")


def record_with(**given: Any) -> FigureRecord:
    settings = settings_of(NOTEBOOK)(**given)
    record = Origin(NOTEBOOK, settings, data.sources(), {}).record(
        "aid", 1, TEXTS, CSV, FigureBasis(["funding"], ["STUDY_T1"])
    )
    return record.model_copy(update={"drawn": drawn_with()})


def drawn_figure(length: float = 3.0) -> Picture:
    drawing = Figure(figsize=(2.5, 1.6))
    drawing.suptitle(TEXTS.title, x=0.01, ha="left")
    axes = drawing.subplots()
    axes.barh(["2003", "2004"], [2.0, length], color=BLUE, hatch="//")
    axes.plot([1, 2], [0, 1], "o", alpha=0.5)
    add_source_line(drawing, "LGOP (2009)", "2.1 \u00b7 ABCDEFGH")
    return Picture(drawing)


PICTURE = drawn_figure()
RECORD = record_with()
FILES = {form: file_of(PICTURE, RECORD, form) for form in READ}


class Remade:
    """An edition that draws one figure, and runs nothing for it."""

    def __init__(self, record: FigureRecord = RECORD) -> None:
        self._record = record

    def figure(self, _: FigureRecord, of: Any) -> RemadeFigure:
        content = FILES[of.form] if self._record is RECORD else file_of(PICTURE, self._record, of.form)
        return RemadeFigure(opened(READ[of.form](content).record or ""), CSV, content)

    def again(self, _: Listed, form: str) -> list[bytes]:
        return [FILES.get(form, FILES["png"])]


def read_here(path: Path, number: int = 0) -> FigureFile:
    form = form_of(path)
    assert number == 0
    return (READ | COPIES)[form](path.read_bytes())


@pytest.fixture
def said(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[..., str]:
    """What is said of a file's bytes, read in this process."""
    monkeypatch.setattr(figure, "read_file", read_here)
    monkeypatch.setattr(figure, "differs", lambda path, form, ours, _=0: DIFFERS[form](path.read_bytes(), ours))
    monkeypatch.setattr(figure, "listed", lambda: [KNOWN])
    monkeypatch.setattr(figure, "find", lambda printed, _: KNOWN if printed == KNOWN.fingerprint else None)

    def verdict(content: bytes, remade: Remade | None = None, table: str | None = None, printed: str = "") -> str:
        path = tmp_path / "aid.file"
        path.write_bytes(content)
        path.with_suffix(".csv").write_text(CSV if table is None else table, encoding="utf-8", newline="")
        found = figure.verify(path, remade or Remade(), printed or None)  # type: ignore[arg-type]
        return f"{ {True: 'holds', False: 'fails', None: 'unjudged'}[found.holds] }: {found.sentence}"

    return verdict


KNOWN = Listed(
    figure="aid",
    number="2.1",
    fingerprint=RECORD.fingerprint,
    title=TEXTS.title,
    notebook=NOTEBOOK,
    place=Path("02.ipynb"),
    content={},
    given={},
    picture=FILES["png"],
)


def chunk(kind: bytes, content: bytes) -> bytes:
    return struct.pack(">I", len(content)) + kind + content + struct.pack(">I", zlib.crc32(kind + content))


def with_chunk(kind: bytes, content: bytes, whole: bytes | None = None) -> bytes:
    whole = whole or FILES["png"]
    return whole[:33] + chunk(kind, content) + whole[33:]


def without_record(content: bytes) -> bytes:
    target = BytesIO()
    Image.open(BytesIO(content)).convert("RGB").save(target, "png")
    return target.getvalue()


def exif(tag: int, kind: int, count: int, value: bytes) -> bytes:
    return b"MM\0*\0\0\0\x08" + struct.pack(">HHHI", 1, tag, kind, count) + value + b"\0\0\0\0"


def by_pillow(content: bytes) -> bytes:
    image, texts, target = Image.open(BytesIO(content)), PngInfo(), BytesIO()
    image.load()
    for name, text in image.text.items():  # type: ignore[attr-defined]
        texts.add_text(name, text)
    image.save(target, "png", pnginfo=texts, optimize=True)
    return target.getvalue()


def by_element_tree(content: bytes) -> str:
    target = BytesIO()
    ET.parse(BytesIO(content)).write(target)
    return target.getvalue().decode()


def saved_pngs() -> dict[str, bytes]:
    bare, record = without_record(FILES["png"]), png.read(FILES["png"]).record or ""
    profile = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    key = png.KEYWORD + b"\0"
    return {
        "artist": with_chunk(b"eXIf", exif(0x13B, 2, 3, b"Me\0\0")),
        "upright": with_chunk(b"eXIf", exif(0x112, 3, 1, b"\0\1\0\0")),
        "gamma of sRGB": with_chunk(b"gAMA", struct.pack(">I", 45455)),
        "primaries of sRGB": with_chunk(b"cHRM", struct.pack(">8I", *png.PRIMARIES)),
        "profile of sRGB": with_chunk(b"iCCP", b"sRGB\0\0" + zlib.compress(profile)),
        "record as tEXt": with_chunk(b"tEXt", key + record.encode(), bare),
        "record as zTXt": with_chunk(b"zTXt", key + b"\0" + zlib.compress(record.encode()), bare),
        "Pillow with its texts": by_pillow(FILES["png"]),
        "record as packed iTXt": with_chunk(b"iTXt", key + b"\1\0\0\0" + zlib.compress(record.encode()), bare),
    }


def altered_pngs() -> dict[str, tuple[bytes, str]]:
    image, record = Image.open(BytesIO(FILES["png"])).convert("RGB"), png.read(FILES["png"]).record or ""
    ImageDraw.Draw(image).rectangle((10, 20, 29, 24), fill=(1, 2, 3))
    target = BytesIO()
    image.save(target, "png")
    part = "it has a part"
    return {
        "turned": (with_chunk(b"eXIf", exif(0x112, 3, 1, b"\0\3\0\0")), part),
        "gamma": (with_chunk(b"gAMA", struct.pack(">I", 100000)), part),
        "primaries": (with_chunk(b"cHRM", struct.pack(">8I", *png.PRIMARIES[::-1])), part),
        "broken profile": (with_chunk(b"iCCP", b"sRGB\0\0" + zlib.compress(b"none")), part),
        "high dynamic range": (with_chunk(b"cICP", b"\x09\x10\0\1"), part),
        "unknown and needed": (with_chunk(b"ABCD", b""), part),
        "painted": (png.embed(target.getvalue(), record), r"pixels differ in x 10-29, y 20-24 \(100 of [\d,]+ pixels"),
        "stretched": (FILES["png"].replace(*stretched()), "stretched in print"),
    }


def stretched() -> tuple[bytes, bytes]:
    at = FILES["png"].index(b"pHYs")
    found = FILES["png"][at - 4 : at + 17]
    across, down, unit = struct.unpack(">IIB", found[8:17])
    return found, chunk(b"pHYs", struct.pack(">IIB", across, down // 2, unit))


def test_a_png_saved_by_another_program_holds(said: Callable[..., str]):
    assert said(FILES["png"]).startswith("holds: verified") and "anew" not in said(FILES["png"])
    for name, content in saved_pngs().items():
        assert said(content).startswith("holds: verified") and "written anew" in said(content), name
    assert "'content credentials, caBX'" in said(with_chunk(b"caBX", bytes(9)))


def test_a_png_that_does_not_begin_as_one_holds_no_picture():
    target = BytesIO()
    Image.new("RGB", (2, 2)).save(target, "PNG")
    sound = target.getvalue()
    assert png.read(sound).problem is None
    for at in range(len(png.SIGNATURE)):
        assert png.read(sound[:at] + b"x" + sound[at + 1 :]).problem == "it does not begin as a PNG does"


def test_a_png_that_is_shown_or_printed_otherwise_does_not_hold_and_the_place_is_named(said: Callable[..., str]):
    for name, (content, expected) in altered_pngs().items():
        assert re.match(f"fails: picture altered: .*{expected}", said(content)), (name, said(content))


def saved_svgs() -> dict[str, str]:
    text = FILES["svg"].decode()
    rest = text.split("?>", 1)[1]
    foreign = '<m:note xmlns:m="urn:m" m:kind="x">words<m:more/></m:note>'
    return {
        "ElementTree": by_element_tree(FILES["svg"]),
        "ids": text.replace("<title>", '<title id="t1">').replace("<defs>", '<defs id="d1">'),
        "class": text.replace("<svg ", '<svg class="figure" ', 1),
        "line ends in paths": re.sub(r'd="[^"]*"', lambda one: one[0].replace("\n", "&#10;"), text),
        "one line": re.sub(r' d="([^"]*)"', lambda one: f' d="{" ".join(one[1].split())}"', text),
        "commas": re.sub(r"\b(L \d[\d.]*) (\d)", r"\1,\2", text),
        "style": text.replace("*{stroke-linejoin: round; ", "* {\n stroke-linejoin: round;\n "),
        "prefixes": re.sub(r"<(/?)(\w)", r"<\1ns0:\2", rest).replace("xmlns=", "xmlns:ns0="),
        "foreign names": text.replace("</metadata>", f"</metadata><metadata>{foreign}</metadata>", 1),
        "rounded": re.sub(r"(\d\d\.\d{5})\d+", r"\1", text),
        "ids renamed": re.sub(r'((?:id="|url\(#|href="#))(p[0-9a-f]{10}|DejaVu)', r"\1new\2", text),
    }


def altered_svgs() -> dict[str, str]:
    text = FILES["svg"].decode()
    path = re.search(r"<path[^>]*?/>", text)[0]  # type: ignore[index]
    return {
        "no path": text.replace(path, "", 1),
        "path that no browser reads": text.replace('d="M 0', 'd="M,0', 1),
        "colour that no browser reads": text.replace("fill: #ffffff", "fill: #f fffff", 1),
        "style for a class": text.replace("*{stroke", ".x{opacity:0} *{stroke"),
        "style in metadata": text.replace(
            "</metadata>", "</metadata><metadata><style>path{opacity:0}</style></metadata>"
        ),
        "style of another kind": text.replace(
            "<defs>", '<s xmlns="http://www.w3.org/1999/xhtml"><style>*{opacity:0}</style></s><defs>', 1
        ),
        "another base": text.replace("<svg ", '<svg xml:base="http://example.org/" ', 1),
        "half as wide": re.sub(r'width="([\d.]+)pt"', 'width="50pt"', text, count=1),
        "a reference to another part": re.sub(r'href="#[^"]+"', 'href="#none"', text, count=1),
    }


def test_an_svg_saved_by_another_program_holds(said: Callable[..., str]):
    for name, text in saved_svgs().items():
        assert text != FILES["svg"].decode(), name
        assert said(text.encode()).startswith("holds: verified"), (name, said(text.encode()))


def test_an_svg_that_draws_otherwise_does_not_hold(said: Callable[..., str]):
    for name, text in altered_svgs().items():
        assert text != FILES["svg"].decode(), name
        assert said(text.encode()).startswith("fails: picture altered"), (name, said(text.encode()))


def pdf_saved(change: Callable[[PdfWriter], object]) -> bytes:
    writer, target = PdfWriter(clone_from=BytesIO(FILES["pdf"])), BytesIO()
    change(writer)
    writer.write(target)
    return target.getvalue()


def page_entry(name: str, value: Any) -> Callable[[PdfWriter], object]:
    return lambda writer: writer.pages[0].update({NameObject(name): value})


def drawn_by(change: Callable[[bytes], bytes]) -> Callable[[PdfWriter], None]:
    """Write the page's content stream anew."""

    def written(writer: PdfWriter) -> None:
        stream = writer.pages[0].get_contents()
        stream.set_data(change(stream.get_data()))  # type: ignore[union-attr]
        writer.pages[0][NameObject("/Contents")] = writer._add_object(stream)

    return written


def test_a_pdf_saved_by_another_program_holds(said: Callable[..., str]):
    box = PdfReader(BytesIO(FILES["pdf"])).pages[0]["/MediaBox"]
    saved = {
        "as it is": pdf_saved(lambda _: None),
        "equal parts folded": pdf_saved(lambda writer: writer.compress_identical_objects()),
        "defaults": pdf_saved(page_entry("/Rotate", NumberObject(0))),
        "boxes": pdf_saved(page_entry("/TrimBox", box)),
        "metadata": pdf_saved(lambda writer: writer.root_object.update({NameObject("/Metadata"): DictionaryObject()})),
        "white space": pdf_saved(drawn_by(lambda drawn: drawn.replace(b"\n", b"\n  ").replace(b" re", b"\nre"))),
    }
    for name, content in saved.items():
        assert said(content).startswith("holds: verified"), (name, said(content))
    titled = pdf_saved(lambda writer: writer.add_metadata({"/Title": "Another"}))
    assert said(titled).startswith("holds: verified") and "its document title is another" in said(titled)


def test_a_pdf_that_draws_otherwise_or_needs_repair_does_not_hold(said: Callable[..., str]):
    content = FILES["pdf"]
    second = pdf_saved(lambda writer: writer.add_blank_page(9, 9))
    scaled = pdf_saved(drawn_by(lambda drawn: b"1.001 0 0 1 0 0 cm " + drawn))
    spoilt = {
        "turned": pdf_saved(page_entry("/Rotate", NumberObject(180))),
        "second page": second,
        "scaled": scaled,
        "no object": content.replace(b"\n11 0 obj", b"\n11 0 o8j", 1),
        "no end": content.replace(b"endobj", b"endobk", 1),
        "table": content.replace(b" 00000 n \n", b" 0000O n \n", 1),
        "length": re.sub(rb"/Length (\d+) 0 R", rb"/Length 99 0 R", content, count=1),
        "name twice": content.replace(b"/Type /Page ", b"/Type /Page /Rotate 0 /Rotate 180 ", 1),
        "cut": content[:-9],
    }
    for name, changed in spoilt.items():
        assert changed != content, name
        assert re.match("fails: (picture altered|record damaged)", said(changed)), (name, said(changed))


def rendered(content: bytes) -> Image.Image:
    return pypdfium2.PdfDocument(content)[0].render(scale=1).to_pil().convert("RGB")


def test_one_changed_byte_of_a_pdf_is_told_or_changes_nothing_of_what_is_drawn(said: Callable[..., str]):
    content, chance, held = FILES["pdf"], random.Random(11), 0
    wanted = rendered(content)
    streams = [found.span() for found in re.finditer(rb"stream\n.*?endstream", content, re.DOTALL)]
    places = [at for at in range(len(content)) if not any(begin < at < end for begin, end in streams)]
    for at in chance.sample(places, 120):
        changed = bytearray(content)
        changed[at] = chance.choice([changed[at] ^ 1 << chance.randrange(8), *b" \n%()<>[]/0a"])
        if bytes(changed) != content and changed.startswith(b"%PDF-") and said(bytes(changed)).startswith("holds"):
            held += 1
            assert ImageChops.difference(rendered(bytes(changed)), wanted).getbbox() is None, at
    assert held


def paper(content: bytes) -> bytes:
    """A paper that sets a figure as TeX does: its page as a drawing, its document information with it."""
    reader, writer, target = PdfReader(BytesIO(content)), PdfWriter(), BytesIO()
    page, info = reader.pages[0], reader.trailer["/Info"].get_object()
    stream = page.get_contents()
    drawing = stream.clone(writer)  # type: ignore[union-attr]
    names = {"/Type": NameObject("/XObject"), "/Subtype": NameObject("/Form"), "/BBox": page["/MediaBox"]}
    names |= {"/Resources": page["/Resources"].clone(writer), "/PTEX.InfoDict": writer._add_object(info.clone(writer))}
    drawing.update({NameObject(name): value for name, value in names.items()})
    for number in range(2):
        writer.add_blank_page(300, 300 + number)
    place = DictionaryObject({NameObject("/Fig1"): writer._add_object(drawing)})
    writer.pages[0][NameObject("/Resources")] = DictionaryObject({NameObject("/XObject"): place})
    writer.write(target)
    return target.getvalue()


def test_a_figure_is_found_and_judged_in_the_paper_that_sets_it(said: Callable[..., str]):
    assert said(paper(FILES["pdf"])).startswith("holds: verified: figure 2.1 'aid'")
    other = file_of(drawn_figure(2.5), RECORD, "pdf")
    assert re.match(r"fails: picture altered: .*", said(paper(other)))


def test_an_encrypted_pdf_is_not_judged(said: Callable[..., str]):
    with pytest.raises(RequestError, match="it is encrypted; make a copy that is not"):
        said(pdf_saved(lambda writer: writer.encrypt("", "owner", algorithm="RC4-128")))


def test_a_picture_without_record_is_looked_at_with_and_without_its_fingerprint(said: Callable[..., str]):
    bare = without_record(FILES["png"])
    red, painted = BytesIO(), BytesIO()
    Image.new("RGB", (60, 40), "red").save(red, "png")
    image = Image.open(BytesIO(bare))
    ImageDraw.Draw(image).rectangle((10, 20, 29, 24), fill=(1, 2, 3))
    image.save(painted, "png")
    for printed in ("", KNOWN.fingerprint):
        assert said(bare, printed=printed).startswith("holds: no record, but pixel for pixel figure 2.1 'aid'")
        assert "pixels differ in x 10-29, y 20-24" in said(painted.getvalue(), printed=printed)
        assert said(painted.getvalue(), printed=printed).startswith(
            "fails: no record, and its picture is not figure 2.1"
        )
        assert said(red.getvalue(), printed=printed).startswith("fails: no record, and its picture is")
        assert said(with_chunk(*stretch_only(), bare), printed=printed).startswith(
            "fails: no record, and it is stretched"
        )
    plain_svg = re.sub(rb"<metadata.*?</metadata>", b"", FILES["svg"], flags=re.DOTALL)
    assert said(plain_svg, printed=KNOWN.fingerprint).startswith("holds: no record, but part for part figure 2.1")
    jpeg = BytesIO()
    image.save(jpeg, "jpeg")
    assert "pixels differ in x" in said(jpeg.getvalue(), printed=KNOWN.fingerprint)


def stretch_only() -> tuple[bytes, bytes]:
    return b"pHYs", struct.pack(">IIB", 11811, 5905, 1)


def test_a_figure_that_other_versions_or_fonts_drew_is_not_called_altered(said: Callable[..., str]):
    here = RECORD.drawn
    assert here is not None
    elsewhere = {
        "drawn with matplotlib 3.9.0, this is": {"matplotlib": "3.9.0"},
        "drawn with another font or version of it, 'Noto Sans CJK SC'": {"fonts": {"Noto Sans CJK SC": "0" * 64}},
    }
    for sentence, change in elsewhere.items():
        record = RECORD.model_copy(update={"drawn": here.model_copy(update=change)})
        for form in READ:
            content = file_of(drawn_figure(3.01), record, form)
            assert re.match(f"unjudged: cannot be judged here: figure 2.1 'aid' was {sentence}", said(content)), form
            assert said(file_of(PICTURE, record, form)).startswith("holds: verified")
    assert "pip install matplotlib==3.9.0" in said(file_of(drawn_figure(3.01), replaced(matplotlib="3.9.0"), "png"))
    assert "evil" not in said(file_of(drawn_figure(3.01), replaced(matplotlib="3 && evil"), "png"))
    assert said(file_of(drawn_figure(3.01), RECORD, "png")).startswith("fails: picture altered: from the same data")


def replaced(**drawn: str) -> FigureRecord:
    assert RECORD.drawn is not None
    return RECORD.model_copy(update={"drawn": RECORD.drawn.model_copy(update=drawn)})


def test_a_record_that_names_code_which_its_commit_does_not_hold_excuses_nothing(
    said: Callable[..., str], monkeypatch: pytest.MonkeyPatch
):
    named = RECORD.library.model_copy(update={"sha256": "f" * 64, "commit": "1" * 40})
    content = file_of(drawn_figure(2.5), RECORD.model_copy(update={"library": named}), "png")
    remade = Remade(RECORD.model_copy(update={"library": named.model_copy(update={"sha256": "0" * 64})}))
    for known, sentence in (
        ("0" * 64, "not excused: its record names code"),
        (None, "as its record alone says"),
        ("f" * 64, "code has changed since and"),
    ):
        monkeypatch.setattr(compare, "library_at", lambda _, known=known: known)
        assert sentence in said(content, remade) and "pixels differ in" in said(content, remade)
        assert said(content, remade).startswith("fails")


def test_other_parameters_than_the_editions_own_are_named(said: Callable[..., str]):
    record = record_with(last_year=2005)
    sentence = said(file_of(PICTURE, record, "png"), Remade(record))
    assert sentence.startswith("holds: verified") and "with last_year=2005 (default 2100)" in sentence
    assert "last_year" not in said(FILES["png"])


def test_a_forged_digest_of_the_picture_is_told(said: Callable[..., str]):
    sealed = opened(png.read(FILES["png"]).record or "")
    forged = sealed.record.sealed(sealed.picture.model_copy(update={"sha256": "0" * 64}))
    assert said(png.embed(without_record(FILES["png"]), forged)).startswith("fails: record damaged: its picture")


def test_a_table_beside_a_figure_is_compared_by_its_values(said: Callable[..., str]):
    same = {
        "Windows": "\ufeff" + CSV.replace("\n", "\r\n"),
        "semicolons": CSV.replace(",", ";"),
        "decimal commas": CSV.replace(",", ";").replace(".", ","),
        "tabs": CSV.replace(",", "\t"),
        "zeros": CSV.replace("80.32071459", "80.320714590").replace("0.5", ".50"),
        "empty line": CSV + "\n",
    }
    for name, table in same.items():
        assert said(FILES["png"], table=table).startswith("holds: verified"), (name, said(FILES["png"], table=table))
    assert "row 2 (2004), 'aid' from 0.5 to 0.6" in said(FILES["png"], table=CSV.replace("0.5", "0.6"))
    assert "'aid' from 0.5 to " in said(FILES["png"], table=CSV.replace("2004,0.5", "2004"))


def test_a_process_of_its_own_reads_and_compares_what_nobody_vouches_for(tmp_path: Path):
    for form, content in FILES.items():
        path = tmp_path / f"a.{form}"
        path.write_bytes(content)
        assert (read_file(path).record, read_file(path).digest) == (
            READ[form](content).record,
            READ[form](content).digest,
        )
        other = file_of(drawn_figure(2.5), RECORD, form)
        assert differs(path, form, content) == "" and "differ" in differs(path, form, other)
        assert json.loads(read_file(path).record or "")["drawn"]["fonts"]
