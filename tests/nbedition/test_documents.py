"""Figures inside papers and documents are found and judged one by one; nothing in them is carried out."""

import base64
import json
import re
import time
import zipfile
from collections.abc import Callable
from io import BytesIO
from pathlib import Path
from urllib.parse import quote

import pytest
from common import Answer
from PIL import Image, ImageDraw, ImageOps
from pypdf import PdfReader, PdfWriter
from pypdf.generic import DictionaryObject, NameObject, NumberObject, StreamObject

from nbedition.figures import documents
from nbedition.figures.documents import pictures_of
from nbedition.figures.figure_file import Unreadable

NAMES = ("enterprise_share", "aid_and_levels")


@pytest.fixture(scope="module")
def held(drawn: Path) -> dict[str, bytes]:
    return {
        path.name: path.read_bytes() for name in NAMES for path in drawn.glob(f"{name}*.*") if path.suffix != ".csv"
    }


def zipped(path: Path, **members: bytes) -> Path:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("mimetype", "application/x")
        archive.writestr("Configurations2/accelerator/", "")
        for name, content in members.items():
            archive.writestr(f"word/media/{name.replace('_', '.')}", content)
    return path


def logo() -> bytes:
    target = BytesIO()
    image = Image.new("RGB", (60, 60), "navy")
    ImageDraw.Draw(image).ellipse((5, 5, 50, 50), fill="yellow")
    image.save(target, "png")
    return target.getvalue()


def altered(content: bytes) -> bytes:
    image, target = Image.open(BytesIO(content)).convert("RGB"), BytesIO()
    ImageDraw.Draw(image).rectangle((200, 60, 320, 110), fill="#0072B2")
    image.save(target, "png")
    return target.getvalue()


def data_uri(kind: str, content: bytes) -> str:
    return f"data:image/{kind};base64,{base64.b64encode(content).decode()}"


def page(held: dict[str, bytes]) -> str:
    svg = held["aid_and_levels.svg"].decode()
    return (
        f"<!DOCTYPE html><html><body><img src='{data_uri('png', held['enterprise_share-screen.png'])}'>"
        f'{svg[svg.index("<svg") :]}<img src="data:image/svg+xml,{quote(svg)}">'
        f"<img src='{data_uri('png', logo())}'></body></html>"
    )


def notebook(held: dict[str, bytes]) -> str:
    png, svg = held["enterprise_share-screen.png"], held["aid_and_levels.svg"].decode()
    cells = [
        {"cell_type": "markdown", "source": [f"![]({data_uri('png', png)})"]},
        {"cell_type": "markdown", "source": "![](attachment:a.png)", "attachments": {"a.png": in_base64(png)}},
        {"cell_type": "code", "source": "", "outputs": [{"data": in_base64(png)}, {"data": {"image/svg+xml": [svg]}}]},
    ]
    return json.dumps({"cells": cells, "metadata": {}, "nbformat": 4, "nbformat_minor": 5})


def in_base64(png: bytes) -> dict[str, str]:
    return {"image/png": base64.encodebytes(png).decode()}


def paper(held: dict[str, bytes]) -> bytes:
    """A paper that sets two drawings as TeX does, and one picture of pixels as TeX copies it."""
    writer, target = PdfWriter(), BytesIO()
    places = DictionaryObject()
    writer.add_blank_page(300, 300)
    for name in NAMES:
        reader = PdfReader(BytesIO(held[f"{name}.pdf"]))
        drawing, info = reader.pages[0].get_contents().clone(writer), reader.trailer["/Info"].get_object()
        sizes = {"/BBox": reader.pages[0]["/MediaBox"], "/Resources": reader.pages[0]["/Resources"].clone(writer)}
        said = {"/Type": NameObject("/XObject"), "/Subtype": NameObject("/Form")}
        said |= sizes | {"/PTEX.InfoDict": writer._add_object(info.clone(writer))}
        drawing.update({NameObject(key): value for key, value in said.items()})
        places[NameObject(f"/{name}")] = writer._add_object(drawing)
    places[NameObject("/pixels")] = writer._add_object(pixels(held["enterprise_share-screen.png"]))
    writer.pages[0][NameObject("/Resources")] = DictionaryObject({NameObject("/XObject"): places})
    writer.write(target)
    return target.getvalue()


def pixels(png: bytes) -> StreamObject:
    image, stream = Image.open(BytesIO(png)).convert("RGB"), StreamObject()
    stream.set_data(image.tobytes())
    names = {"/Type": "/XObject", "/Subtype": "/Image", "/ColorSpace": "/DeviceRGB"}
    numbers = {"/Width": image.width, "/Height": image.height, "/BitsPerComponent": 8}
    stream.update({NameObject(key): NameObject(value) for key, value in names.items()})
    stream.update({NameObject(key): NumberObject(value) for key, value in numbers.items()})
    return stream.flate_encode()


def test_figures_in_documents_have_a_line_each_and_the_worst_gives_the_exit_code(
    held: dict[str, bytes], tmp_path: Path, ewppr: Callable[..., Answer]
):
    share, levels = held["enterprise_share.png"], held["aid_and_levels.svg"]
    whole = [zipped(tmp_path / f"a.{ending}", a_png=share, b_svg=levels) for ending in ("docx", "odt", "pptx", "epub")]
    answer = ewppr("verify", *map(str, whole))
    assert answer.code == 0
    assert answer.out.count("verified: figure 2.1 'enterprise_share'") == 4
    assert answer.out.count("a.odt, word/media/b.svg: verified: figure 2.3 'aid_and_levels'") == 1
    bad = zipped(tmp_path / "bad.docx", a_png=altered(share), b_svg=levels, c_png=logo())
    none = zipped(tmp_path / "none.docx", a_png=logo())
    answer = ewppr("verify", str(bad), str(none))
    assert answer.code == 2 and "a.png: no record, and its picture is not figure 2.1" in answer.out
    assert "1 more of its pictures are no figures of this edition" in answer.out
    assert "none of its 1 pictures is a figure" in answer.err


def test_figures_in_web_pages_notebooks_and_papers_are_judged(
    held: dict[str, bytes], tmp_path: Path, ewppr: Callable[..., Answer]
):
    (tmp_path / "a.html").write_text(page(held))
    (tmp_path / "a.ipynb").write_text(notebook(held))
    (tmp_path / "a.pdf").write_bytes(paper(held))
    (tmp_path / "page.epub").write_bytes(zipped(tmp_path / "x").read_bytes())
    with zipfile.ZipFile(tmp_path / "page.epub", "a") as archive:
        archive.writestr("OEBPS/one.xhtml", page(held).replace("<!DOCTYPE html>", ""))
    lines = {"a.html": 3, "a.ipynb": 4, "a.pdf": 3, "page.epub": 3}
    answer = ewppr("verify", *(str(tmp_path / name) for name in lines))
    assert answer.code == 0, answer
    for name, count in lines.items():
        found = [line for line in answer.out.splitlines() if name in line]
        assert sum(": verified: " in line or "pixel for pixel" in line for line in found) == count, found


def test_a_copy_that_has_lost_pixels_is_compared_as_far_as_it_can_tell(
    held: dict[str, bytes], tmp_path: Path, ewppr: Callable[..., Answer]
):
    paths = []
    for name, content in (
        ("whole", held["enterprise_share-screen.png"]),
        ("other", altered(held["enterprise_share.png"])),
    ):
        image = Image.open(BytesIO(content)).convert("RGB")
        small, large = (image.resize((round(image.width * by), round(image.height * by))) for by in (0.5, 1.7))
        copies = {"a.jpeg": image, "b.webp": image, "small.png": small, "large.png": large}
        for ending, copy in (copies | {"grey.png": ImageOps.grayscale(image)}).items():
            paths.append(tmp_path / f"{name}-{ending}")
            copy.save(paths[-1])
    answer = ewppr("verify", *map(str, paths))
    assert answer.code == 2
    for path in paths:
        said = next(line for line in (answer.out + answer.err).splitlines() if str(path) in line)
        whole = path.name.startswith("whole")
        told = "it looks the same, as far as a copy can tell" if whole else ": pixels differ in x"
        assert told in said and "figure 2.1 'enterprise_share'" in said


def test_documents_that_are_damaged_encrypted_or_bombs_are_answered_in_a_sentence(
    tmp_path: Path, ewppr: Callable[..., Answer]
):
    bomb = zipped(tmp_path / "bomb.docx", a_png=b"\x89PNG\r\n\x1a\n" + bytes(200 * 2**20))
    cut = tmp_path / "cut.docx"
    cut.write_bytes(zipped(tmp_path / "y", a_png=logo()).read_bytes()[:90])
    (tmp_path / "none.ipynb").write_text("[]")
    (tmp_path / "none.html").write_text("<html><svg <svg <svg ")
    for path, said in {
        bomb: "unpacks to more than 64 MB",
        cut: "damaged ZIP file",
        tmp_path / "none.ipynb": "it is no notebook",
        tmp_path / "none.html": "holds no picture",
    }.items():
        answer = ewppr("verify", str(path))
        assert answer.code == 2 and said in answer.err and answer.err.count("\n") <= 2, answer


def test_no_name_in_a_document_leads_out_of_the_folder_for_its_pictures(tmp_path: Path):
    path = tmp_path / "a.docx"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("../../outside.png", logo())
    with pictures_of(path) as found:
        assert [place.said for place in found] == ["../../outside.png"]
        assert not [place.file for place in found if ".." in str(place.file)]
    assert not list(tmp_path.parent.glob("outside*"))


@pytest.mark.parametrize("seed", [b"<svg ", b"<svg>", b"data:image/png;a=", b"data:image/png,", b"<!--"])
@pytest.mark.parametrize("end", [b"", b"</svg>", b"</svg><svg>"])
def test_a_page_of_any_length_is_read_in_time_linear_in_its_length(seed: bytes, end: bytes):
    began = time.process_time()
    found = list(documents.in_page(seed * (400_000 // len(seed)) + end))
    assert time.process_time() - began < 20  # a tenth of a second is usual; a pattern that looks back takes minutes
    assert len(found) == (seed == b"data:image/png," or (bool(end) and seed.startswith(b"<svg")))


def test_drawings_and_addresses_of_a_page_come_in_their_order():
    page = b"data:image/png;base64,aGU= <svg>a</svg> <svg >b</svg> data:image/svg+xml,%3Csvg/%3E <svg>open"
    assert [picture for _, picture in documents.in_page(page)] == [b"he", b"<svg>a</svg>", b"<svg >b</svg>", b"<svg/>"]


def test_an_archive_that_is_damaged_anywhere_is_read_or_called_so():
    target = BytesIO()
    with zipfile.ZipFile(target, "w") as archive:
        archive.writestr("word/media/a.png", b"x" * 50)
    sound, refused = target.getvalue(), 0
    for at in range(len(sound)):
        for changed in (sound[:at] + bytes([sound[at] ^ 0x55]) + sound[at + 1 :], sound[:at] + sound[at + 2 :]):
            try:
                list(documents.in_archive(changed))
            except Unreadable as error:
                refused += str(error) == "it is a damaged ZIP file"
    assert refused > 50


@pytest.mark.parametrize("name", ["none.ipynb", "none.docx", "none.html", "empty.ipynb", "folder.ipynb"])
def test_a_document_that_is_not_there_or_holds_nothing_is_said_in_a_sentence(
    name: str, tmp_path: Path, ewppr: Callable[..., Answer]
):
    (tmp_path / "empty.ipynb").touch()
    (tmp_path / "folder.ipynb").mkdir()
    answer = ewppr("verify", tmp_path / name)
    assert answer.code == 2
    assert re.search(r"No such file|is not a file|is no picture that a figure could be", answer.err)
    assert "process" not in answer.err and len(answer.err.splitlines()) == 1
