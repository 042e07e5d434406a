"""``review``: somebody else's manuscript against its outputs; small packages in each form, and one of this archive."""

import json
import time
import zipfile
from collections.abc import Callable
from hashlib import sha256
from pathlib import Path
from xml.sax.saxutils import escape

import nbformat
import pytest
from common import ROOT, Answer
from hypothesis import given, settings
from hypothesis import strategies as st
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook, new_output

from crossfoot.errors import DataError, RequestError
from nbedition.review import passages
from nbedition.review.manuscript import read_manuscript
from nbedition.review.matching import DIFFERS, MISSING, SAME, review
from nbedition.review.package import programs, reviewed
from nbedition.review.passages import numbers_of
from nbedition.review.quoted import numbers_in

LOG = "Mean income of treated households: 1244.37\nMean income of control households: 1190.02\nAttrition rate: 0.0834\n"
TABLE = "variable,estimate,standard error\nTreatment effect on income,54.35,12.8071\n"
TABLE += "Treatment effect on schooling,0.412,0.1033\n"
TRUE = [
    "Treated households have a mean income of 1,244 yuan, control households one of 1,190.0 yuan.",
    "Attrition was 8.3 %.",
    "The treatment effect on schooling is 0.41 years.",
]
DRIFTED = [TRUE[0].replace("1,244", "1,344"), TRUE[1].replace("8.3", "3.8"), TRUE[2].replace("0.41", "0.47")]


def markdown(sentences: list[str]) -> str:
    return "# Results in 2019\n\nTable 3 reports 2012 to 2019.\n\n" + "\n\n".join(sentences) + "\n"


def tex(sentences: list[str]) -> str:
    body = "\n\n".join(sentences).replace("%", r"\%").replace("1,", "1{,}")
    head = "\\documentclass{article}\n\\newcommand{\\years}{0.41}\n\\begin{document}\n\\section{Results} % 99.9\n"
    return head + body.replace("0.41", r"\years{}") + "\n\\end{document}\n"


def docx(path: Path, sentences: list[str], rows: list[list[str]] | None = None, picture: bytes = b"") -> None:
    space = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'

    def said(text: str) -> str:
        cut = len(text) // 2  # a word processor cuts runs anywhere
        runs = "".join(f"<w:r><w:t>{escape(piece)}</w:t></w:r>" for piece in (text[:cut], text[cut:]))
        return f"<w:p>{runs}</w:p>"

    cells = ["".join(f"<w:tc>{said(cell)}</w:tc>" for cell in row) for row in rows or []]
    table = f"<w:tbl>{''.join(f'<w:tr>{row}</w:tr>' for row in cells)}</w:tbl>" if rows else ""
    with zipfile.ZipFile(path, "w") as archive:
        body = "".join(map(said, sentences)) + table
        archive.writestr("word/document.xml", f"<w:document {space}><w:body>{body}</w:body></w:document>")
        if picture:
            archive.writestr("word/media/image1.png", picture)


@pytest.fixture
def package(tmp_path: Path) -> Path:
    """A package with a notebook, a log, a table of results and raw data that are no outputs."""
    folder = tmp_path / "package"
    (folder / "results").mkdir(parents=True)
    (folder / "data").mkdir()
    (folder / "data/raw.csv").write_text("household,income\n1,3.8\n2,1344\n")
    (folder / "results/effects.csv").write_text(TABLE)
    code = new_code_cell("print(summary)", outputs=[new_output("stream", text=LOG)])
    nbformat.write(new_notebook(cells=[new_markdown_cell("# Analysis"), code]), folder / "analysis.ipynb")
    return folder


def write(package: Path, form: str, sentences: list[str]) -> None:
    if form == "docx":
        docx(package / "paper.docx", sentences)
    else:
        text = {"md": markdown, "tex": tex}[form](sentences)
        (package / f"paper.{form}").write_text(text, encoding="utf-8")


@pytest.mark.parametrize("form", ["md", "tex", "docx"])
def test_what_a_manuscript_rounds_from_its_outputs_is_the_same(form: str, package: Path):
    write(package, form, TRUE)
    assert [(one.verdict, one.number.printed) for one in reviewed(package).findings] == [
        (SAME, printed) for printed in ("1,244", "1,190.0", "8.3 %", "0.41")
    ]


@pytest.mark.parametrize("form", ["md", "tex", "docx"])
@pytest.mark.parametrize("at", [0, 1, 2])
def test_one_drift_is_told_with_both_values_and_nothing_else_is(form: str, at: int, package: Path):
    write(package, form, [*TRUE[:at], DRIFTED[at], *TRUE[at + 1 :]])
    differing = [one for one in reviewed(package).findings if one.verdict != SAME]
    (one,) = differing
    assert one.verdict == DIFFERS and one.output is not None
    expected = [("1,344", "1244.37"), ("3.8 %", "0.0834"), ("0.47", "0.412")]
    assert (one.number.printed, one.output.printed) == expected[at]


def test_an_equal_value_of_something_else_does_not_hide_a_drift(package: Path):
    (package / "results/more.txt").write_text("Cost of a survey round: 1344\nHouseholds per village: 0.47\n")
    write(package, "md", [DRIFTED[0], DRIFTED[2]])
    assert [one.number.printed for one in reviewed(package).findings if one.verdict == DIFFERS] == ["1,344", "0.47"]


def test_a_table_is_compared_cell_by_cell(package: Path):
    rows = [["variable", "estimate", "standard error"], ["Effect on income", "54.4", "(12.8)"]]
    docx(package / "paper.docx", ["Table of treatment effects"], [*rows, ["Effect on schooling", "0.421", "(0.103)"]])
    found = reviewed(package).findings
    assert [one.verdict for one in found] == [SAME, SAME, DIFFERS, SAME]
    assert found[2].output is not None and found[2].output.printed == "0.412"


@pytest.mark.parametrize(
    ("sentence", "verdict"),
    [
        ("We asked 37 enumerators about the weather.", MISSING),
        ("See Figure 12 and Sections 3.1 and 4, of 14 March 2019.", None),
        ("From 2003 to 2007 nothing changed.", None),
        ("Effects on income are significant at the 5 % level.", MISSING),
        ("The rate of attrition was 7.9 to 8.3 %.", MISSING),
    ],
)
def test_what_no_output_speaks_of_is_not_found_and_numbering_is_no_number(
    sentence: str, verdict: str | None, package: Path
):
    write(package, "md", [sentence])
    assert [one.verdict for one in reviewed(package).findings][:1] == ([verdict] if verdict else [])


def test_words_in_chinese_tie_a_number_to_its_output(tmp_path: Path):
    (tmp_path / "results.csv").write_text(
        "\u6307\u6807,\u6570\u503c\n\u8d22\u653f\u6536\u5165,3512.4\n\u5e73\u5747\u5de5\u8d44,27.9\n", encoding="utf-8"
    )
    (tmp_path / "paper.md").write_text(
        "\u8d22\u653f\u6536\u5165\u4e3a\uff13\uff15\uff12\uff12.4\uff0c\u5e73\u5747\u5de5\u8d44\u4e3a27.9\u3002\n",
        encoding="utf-8",
    )
    assert [one.verdict for one in reviewed(tmp_path).findings] == [DIFFERS, SAME]


def test_pictures_are_there_or_not(package: Path):
    picture = b"\x89PNG picture"
    (package / "results/map.png").write_bytes(picture)
    docx(package / "paper.docx", TRUE[1:2], picture=picture)
    (package / "paper.md").write_text("![a](results/map.png)\n\n![b](results/gone.png)\n")
    assert sha256(picture).hexdigest()
    assert [verdict for _, verdict in reviewed(package).pictures] == [SAME, SAME, MISSING]
    docx(package / "paper.docx", TRUE[1:2], picture=b"\x89PNG another")
    assert [verdict for _, verdict in reviewed(package).pictures] == [MISSING, SAME, MISSING]


def test_the_command_tells_what_differs_and_runs_nothing(package: Path, ewppr: Callable[..., Answer], tmp_path: Path):
    trap = package / "executed"
    (package / "script.py").write_text(f"open({str(trap)!r}, 'w')\n")
    write(package, "md", [DRIFTED[0]])
    before = sorted(package.rglob("*"))
    answer = ewppr("review", package)
    assert answer.code == 1, answer.err
    assert "differs" in answer.out and "1,344" in answer.out and "1244.37" in answer.out
    assert "1 numbers are the same within printed rounding, 1 differ, 0 are not found" in answer.out
    assert not trap.exists() and sorted(package.rglob("*")) == before
    write(package, "md", TRUE)
    assert ewppr("review", package, "--all").out.count("same") == 5


@pytest.mark.slow
def test_a_run_that_is_asked_for_is_announced_and_happens_in_a_copy(package: Path, ewppr: Callable[..., Answer]):
    (package / "script.py").write_text("print('Attrition rate: 0.0791')\nopen('made.txt', 'w').write('x')\n")
    (package / "broken.py").write_text("raise ValueError('no data')\n")
    (package / "analysis.ipynb").unlink()
    write(package, "md", [TRUE[1]])
    answer = ewppr("review", package, "--run")
    assert answer.err.startswith("about to run somebody else's code, in a copy, with your rights: broken.py, script.py")
    assert "broken.py: failed: ValueError: no data" in answer.err and "script.py: ran" in answer.err
    assert answer.code == 1 and "0.0791" in answer.out
    assert not (package / "made.txt").exists() and not (package / "script.log").exists()


def test_one_script_that_runs_all_is_run_alone(package: Path):
    (package / "part.py").write_text("")
    assert [path.name for path in programs(package)] == ["analysis.ipynb", "part.py"]
    (package / "run_all.py").write_text("")
    assert [path.name for path in programs(package)] == ["run_all.py"]


@pytest.mark.parametrize(
    ("spoil", "said"),
    [
        (lambda folder: [path.unlink() for path in folder.rglob("*.*") if path.is_file()], "holds no outputs"),
        (lambda folder: (folder / "paper.docx").write_bytes(b"PK no"), "is no docx document"),
        (lambda folder: (folder / "analysis.ipynb").write_text("{"), "holds no manuscript"),
    ],
)
def test_a_package_that_cannot_be_reviewed_is_refused_in_a_sentence(
    spoil: Callable[[Path], object], said: str, package: Path, ewppr: Callable[..., Answer]
):
    spoil(package)
    answer = ewppr("review", package)
    assert answer.code == 2 and said in answer.err and len(answer.err.strip().splitlines()) == 1


def test_outputs_of_any_shape_in_a_strangers_notebook_are_read_or_left_out(package: Path):
    kind = "application/vnd.ewppr.result+json"
    data = [
        {kind: "no record"},
        {kind: {"name": 7, "value": "x"}},
        {kind: {"value": float("inf")}},
        {"text/html": "<table><tr>"},
    ]
    outputs = [new_output("display_data", data=one) for one in data] + [new_output("error", ename="E", evalue="1.5")]
    nbformat.write(new_notebook(cells=[new_code_cell("x", outputs=outputs)]), package / "strange.ipynb")
    (package / "results/broken.json").write_text("{")
    (package / "results/deep.json").write_text("[" * 5000 + "1" + "]" * 5000)
    write(package, "md", TRUE)
    assert {one.verdict for one in reviewed(package).findings} == {SAME}


def test_a_docx_that_names_entities_is_refused(tmp_path: Path):
    with zipfile.ZipFile(tmp_path / "p.docx", "w") as archive:
        archive.writestr("word/document.xml", '<!DOCTYPE d [<!ENTITY a "b">]><d>&a;</d>')
    with pytest.raises(DataError, match="is no docx document"):
        read_manuscript(tmp_path / "p.docx", "p.docx")


def test_latex_takes_in_files_of_its_folder_alone(tmp_path: Path):
    (tmp_path / "secret.tex").write_text("Attrition was 8.3.")
    (tmp_path / "paper").mkdir()
    (tmp_path / "paper/part.tex").write_text("Attrition was 9.4.")
    (tmp_path / "paper/main.tex").write_text(r"\begin{document}\input{part}\input{../secret}\input{main}\end{document}")
    said = " ".join(part.text for part in read_manuscript(tmp_path / "paper/main.tex", "main.tex"))
    assert "9.4" in said and "8.3" not in said


@settings(max_examples=150, deadline=None)
@given(st.floats(-1e9, 1e9, allow_nan=False).filter(lambda value: abs(value) > 1e-3), st.integers(0, 6))
def test_any_number_is_read_as_it_is_printed_with_half_of_its_last_place(value: float, places: int):
    printed = f"{value:,.{places}f}"
    ((found, number, half),) = numbers_in(f"It was {printed} yuan")
    assert (found[0], number, half) == (printed, float(printed.replace(",", "")), 0.5 * 10.0**-places)


def test_the_edition_s_own_archive_comes_out_clean(tmp_path: Path, ewppr: Callable[..., Answer]):
    """Its notebooks with their outputs, and a manuscript that quotes each recorded result, rounded."""
    target, lines = tmp_path / "archive.zip", ["# What we find"]
    with zipfile.ZipFile(target, "w") as archive:
        for path in sorted((ROOT / "notebooks").glob("*.ipynb")):
            archive.write(path, f"notebooks/{path.name}")
            outputs = [one for cell in json.loads(path.read_text())["cells"] for one in cell.get("outputs", [])]
            records = [one["data"].get("application/vnd.ewppr.result+json") for one in outputs if "data" in one]
            for record in filter(None, records):
                words = record["name"].replace("_", " ")
                lines.append(f"The {words} is {record['value']:,.5g} {record['unit']}.".replace("e+", "e"))
        archive.writestr("paper.md", "\n\n".join(lines))
    answer = ewppr("review", target)
    assert answer.code == 0, answer.out[:2000]
    assert " 0 differ" in answer.out


def test_numbers_of_one_sentence_are_told_apart_by_what_stands_near(tmp_path: Path):
    (tmp_path / "results.json").write_text('{"share_2003": 12.31, "share_2007": 15.12}')
    (tmp_path / "paper.md").write_text("The share rose from 12.3 in 2003 to 15.7 in 2007.")
    found = reviewed(tmp_path).findings
    assert [(one.verdict, one.output and one.output.printed) for one in found] == [(SAME, "12.31"), (DIFFERS, "15.12")]


def test_without_outputs_nothing_is_the_same(tmp_path: Path):
    (tmp_path / "p.md").write_text("Attrition was 8.35 %.")
    found = review(numbers_of(read_manuscript(tmp_path / "p.md", "p.md")), [])
    assert [one.verdict for one in found] == [MISSING]


@pytest.mark.parametrize("ending", [".md", ".tex"])
@pytest.mark.parametrize(
    "seed", ["[", "![", "<", "<!--", "[@", "\\begin{tabular}{}", "\\cite[", "\\includegraphics[", "\\caption{a}{", "{"]
)
def test_a_manuscript_of_any_length_is_read_in_time_linear_in_its_length(seed: str, ending: str, tmp_path: Path):
    path = tmp_path / f"paper{ending}"
    path.write_text(seed * (1_000_000 // len(seed)), encoding="utf-8")
    began = time.process_time()
    assert list(numbers_of(read_manuscript(path, "paper"))) == []
    assert time.process_time() - began < 20  # a tenth of a second is usual; a pattern that looks back takes minutes


def test_a_table_in_a_table_is_a_part_of_it(tmp_path: Path):
    inner = r"\begin{tabular}{c}Share\end{tabular}"
    path = tmp_path / "paper.tex"
    path.write_text(rf"Before 7.5. \begin{{tabular}}{{lr}}Name & {inner} \\ Aid & 12.5 \\ \end{{tabular}} After 8.5.")
    parts = read_manuscript(path, "paper")
    assert [len(part.rows) for part in parts if part.rows] == [2]
    told = {one.printed: set(one.words) for one in numbers_of(parts)}
    assert set(told) == {"7.5", "8.5", "12.5"} and told["12.5"] >= {"share", "aid"}


def test_a_manuscript_of_too_many_numbers_is_refused_in_a_sentence(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(passages, "MOST", 3)
    (tmp_path / "paper.md").write_text("1.5 and 2.5 and 3.5 and 4.5")
    with pytest.raises(RequestError, match="prints more than 3 numbers"):
        list(numbers_of(read_manuscript(tmp_path / "paper.md", "paper")))


def test_a_docx_that_is_damaged_anywhere_is_refused_in_a_sentence(tmp_path: Path):
    path = tmp_path / "paper.docx"
    docx(path, TRUE, picture=b"x" * 50)
    sound, refused = path.read_bytes(), 0
    for at in range(0, len(sound), 3):
        for cut in (sound[:at] + bytes([sound[at] ^ 0x55]) + sound[at + 1 :], sound[:at], sound[:at] + sound[at + 2 :]):
            path.write_bytes(cut)
            try:
                read_manuscript(path, "paper.docx")
            except DataError as error:
                refused += "is no docx document" in str(error)
    assert refused > 100
