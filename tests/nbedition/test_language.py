"""Chinese figures and results: every text has its translation, units are converted, and data stay as they are."""

import ast
import os
import re
import string
from pathlib import Path
from typing import Any

import matplotlib as mpl
import nbformat
import pytest
from babel.messages.pofile import read_po
from common import ROOT
from every_chart import CHARTS, has_font, is_drawn
from matplotlib import font_manager
from notebook_code import code_cells

from crossfoot.errors import DataError, RequestError
from ewppr_lib import reform
from ewppr_lib.cli import main
from ewppr_lib.reform.assumptions import assumptions
from nbedition import data
from nbedition.figures import font
from nbedition.figures.picture import Picture
from nbedition.figures.save import add_source_line
from nbedition.language import amount, catalogue, columns, result_in_words, ticker, translate, using_language, wrapped
from nbedition.new_study import new_study
from nbedition.notebooks import recorder as record
from nbedition.notebooks.recorder import RESULT_TYPE

NOTEBOOKS = sorted((ROOT / "notebooks").glob("*.ipynb"))
PO_FILES = (ROOT / "nbedition/locale/zh.po", ROOT / "locale/zh.po")
SAYING = [  # files that say sentences
    ROOT / "nbedition/language.py",
    ROOT / "nbedition/notebooks/printed_table.py",
    *sorted((ROOT / "nbedition/figures").glob("*.py")),
    *sorted((ROOT / "ewppr_lib/charts").glob("*.py")),
]
ENGLISH = re.compile(r"[A-Za-z]{3,}")
PROPER = {  # names that stay as they are: releases of data, authors, sites
    *("NBS", "COMPILED", "GCAM", "CHINA", "China", "JGCRI", "Lu", "Qin", "Zuo", "Famvin"),
    *("westchina", "biz", "mtoou", "info", "geofacet", "china", "prov", "grid"),
}
each_chart = pytest.mark.parametrize("name", CHARTS)


def english_in(text: str) -> list[str]:
    return [found for found in ENGLISH.findall(text) if found not in PROPER]


def fields_of(template: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(template) if name}


def in_chinese(context: str) -> dict[str, str]:
    return {text: said.text for (kind, text), said in catalogue("zh").translations.items() if kind == context}


def texts_said() -> set[str]:
    """Every literal sentence that a chart says."""
    calls = [
        node
        for path in SAYING
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "translate"
        if len(node.args) == 1 and isinstance(node.args[0], ast.Constant)
    ]
    assert len(calls) > 40
    return {ast.literal_eval(call.args[0]) for call in calls}


def captions() -> set[str]:
    """Every caption and alternative text that a notebook gives."""
    calls = [
        node
        for path in NOTEBOOKS
        for cell in code_cells(path)
        for node in ast.walk(ast.parse(cell.source))
        if isinstance(node, ast.Call) and getattr(node.func, "attr", "") == "figure"
    ]
    return {ast.literal_eval(word.value) for call in calls for word in call.keywords if word.arg in ("caption", "alt")}


def tables() -> tuple[set[str], set[str]]:
    """Every head that a notebook gives to the columns of a table, and every note below one."""
    trees = [ast.parse(cell.source) for path in NOTEBOOKS for cell in code_cells(path)]
    calls = [node for tree in trees for node in ast.walk(tree) if _shows_a_table(node)]
    said = [*calls, *(node for tree in trees for node in ast.walk(tree) if _names_columns(node))]
    keys = [key for node in said for part in ast.walk(node) if isinstance(part, ast.Dict) for key in part.keys]
    notes = [word for call in calls for word in call.args[1:] if isinstance(word, ast.Constant)]
    return {ast.literal_eval(key) for key in keys}, {ast.literal_eval(note) for note in notes}


def _shows_a_table(node: ast.AST) -> bool:
    return isinstance(node, ast.Call) and getattr(node.func, "attr", "") == "table"


def _names_columns(node: ast.AST) -> bool:
    targets = node.targets if isinstance(node, ast.Assign) else [getattr(node, "target", None)]
    return isinstance(node, ast.Assign | ast.AugAssign) and getattr(targets[0], "id", "") == "columns"


def test_every_head_and_note_of_a_table_has_a_translation():
    heads, notes = tables()
    assert len(heads) > 20 and len(notes) > 3
    assert heads - set(in_chinese("name")) == set()
    assert notes - set(in_chinese("text")) == set()


def test_every_sentence_of_a_chart_has_a_translation_with_fields_that_it_knows():
    said, texts = texts_said(), in_chinese("text")
    assert said - set(texts) == set()
    for template in said:
        assert fields_of(texts[template]) <= fields_of(template), template


def test_every_caption_and_alternative_text_has_a_translation():
    assert captions() - set(in_chinese("text")) == set()


def test_no_translation_is_left_over():
    assert set(in_chinese("text")) - texts_said() - captions() - tables()[1] == set()


def test_no_translation_holds_english_words():
    for translation in catalogue("zh").translations.values():
        for literal, *_ in string.Formatter().parse(translation.text):
            assert not english_in(literal), translation.text


@pytest.mark.parametrize("path", PO_FILES, ids=lambda path: path.parent.parent.name)
def test_a_catalogue_has_one_translation_for_each_text_and_no_unknown_context(path: Path):
    with path.open("rb") as file:
        held = [found for found in read_po(file, abort_invalid=True) if found.id]
    assert len(held) == len(re.findall("^msgctxt ", path.read_text(encoding="utf-8"), re.MULTILINE))
    assert {found.context for found in held} <= {"text", "name", "source", "unit", "result"}
    assert [found.id for found in held if not found.string or found.fuzzy] == []


@each_chart
def test_no_text_drawn_in_chinese_holds_an_english_word(name: str):
    drawing = CHARTS[name]()
    with using_language("zh"):
        figure = drawing.chart(*drawing.args, **drawing.kwargs)  # no font is needed before it is laid out
    texts = [text.get_text() for text in figure.findobj(mpl.text.Text)]
    assert any(columns(text) > len(text) for text in texts)
    assert [text for text in texts if english_in(text)] == []


@pytest.mark.skipif(not has_font(), reason="no font with Chinese characters is installed (try fonts-wqy-zenhei)")
@each_chart
def test_no_two_texts_of_a_chinese_chart_overlap_and_none_is_cut_off(name: str):
    with using_language("zh"):
        figure = CHARTS[name]().draw()
        add_source_line(figure, translate("State Council, white paper (2011)", "source"))
        Picture(figure).image()  # labels of axes take their places when they are drawn
    frame = figure.bbox.padded(2)
    texts = [text for text in figure.findobj(mpl.text.Text) if text.get_visible() and text.get_text().strip()]
    boxes = [(text.get_text(), text.get_window_extent().padded(-2)) for text in texts if is_drawn(text, figure)]
    for number, (said, box) in enumerate(boxes):
        assert frame.x0 <= box.x0 and box.x1 <= frame.x1 and frame.y0 <= box.y0 and box.y1 <= frame.y1, said
        assert not [other for other, their in boxes[number + 1 :] if box.overlaps(their)], said


def test_every_source_place_and_parameter_has_a_chinese_name():
    shorts = [source.short for source in data.sources().values()]
    grid = data.load("tile_grid")
    places = [*grid.index, *grid["code"], *data.load("donor_cities").index, *data.load("exchanges")["label"]]
    parameters = [record.label or name.replace("_", " ") for name, record in assumptions().items()]
    assert set(shorts) - set(in_chinese("source")) == set()
    assert {*places, *parameters} - set(in_chinese("name")) == set()


def recorded(path: Path) -> list[dict[str, Any]]:
    outputs = [output for cell in nbformat.read(path, as_version=4).cells for output in cell.get("outputs", [])]
    return [output["data"][RESULT_TYPE] for output in outputs if RESULT_TYPE in output.get("data", {})]


def test_every_unit_of_a_recorded_result_has_a_chinese_one():
    units = {result["unit"] for path in NOTEBOOKS for result in recorded(path)}
    with using_language("zh"):
        assert [unit for unit in units if translate(unit, "unit") == unit] == ["%"]


def test_every_name_of_a_recorded_result_has_chinese_words():
    names = {result["name"] for path in NOTEBOOKS for result in recorded(path)}
    names |= {f"best_{option}" for option in reform.USES}
    with using_language("zh"):
        assert [name for name in names if english_in(result_in_words(name))] == []


@pytest.mark.parametrize(
    ("value", "unit", "spec", "expected"),
    [
        (231.1, "million yuan", ".3f", "2.311 亿元"),
        (24.8, "billion yuan", ".0f", "248 亿元"),
        (770, "million persons", ",.0f", "77,000 万人"),
        (1700, "thousand households", ",.0f", "170 万户"),
        (0.4, "households per million yuan", ".3f", "0.004 户/万元"),
        (5249, "person-times", ",.0f", "5,249 人次"),
    ],
)
def test_amounts_are_converted_to_what_chinese_counts_in(value: float, unit: str, spec: str, expected: str):
    with using_language("zh"):
        assert f"{amount(value, unit, spec)} {translate(unit, 'unit')}" == expected
    assert amount(value, unit, spec) == format(value, spec)


def test_sentences_convert_too():
    said = "The levels of government do not add up:\n{gap:,.0f} million yuan apart in {year}"
    with using_language("zh"):
        assert "2006年相差2.31亿元" in translate(said, gap=231.1, year=2006)
        ticks = ticker("billion yuan")
    assert ticks(0.2, 0) == "2"  # the language is that in which the axis was made


@pytest.fixture
def words(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The catalogue of a new study of one's own, at work; there is none yet."""
    new_study(tmp_path / "study")
    monkeypatch.delenv("NBEDITION_HOME", raising=False)
    monkeypatch.chdir(tmp_path / "study")
    (tmp_path / "study/locale").mkdir(exist_ok=True)
    return tmp_path / "study/locale/zh.po"


def said_in_chinese(text: str, context: str = "text", **fields: object) -> str:
    with using_language("zh"):
        return translate(text, context, **fields)


def test_a_study_of_ones_own_has_words_of_its_own_and_those_of_the_machinery_but_no_other_studys(words: Path):
    assert said_in_chinese("Source: {sources}", sources="a table") == "资料来源：a table"
    assert said_in_chinese("Guizhou", "name") == "Guizhou"
    words.write_text(
        'msgctxt "name"\nmsgid "teachers"\nmsgstr "老师"\n\n'
        'msgid "{who} of {n}"\nmsgstr "{n}名{who}"\n\n'
        '# factor 0.1\nmsgctxt "unit"\nmsgid "thousand pupils"\nmsgstr "万名学生"\n\n'
        'msgctxt "text"\nmsgid "Source: {sources}"\nmsgstr "出处：{sources}"\n',
        encoding="utf-8",
    )
    assert said_in_chinese("{who} of {n}", who="teachers", n=3) == "3名老师"
    assert said_in_chinese("thousand pupils", "unit") == "万名学生"
    assert said_in_chinese("Source: {sources}", sources="a table") == "出处：a table"
    assert said_in_chinese("rows", "unit") == "行"
    with using_language("zh"):
        assert amount(25, "thousand pupils", ".1f") == "2.5"
    assert translate("teachers", "name") == "teachers"


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b'msgid "a {x}"\nmsgstr "{y}"\n', r"the translation of 'a \{x\}' into 'zh' cannot be filled in: .*'y'"),
        (b'msgid "a {x}"\nmsgstr "{x"\n', "cannot be filled in"),
        (b'msgid "a {x}"\nmsgstr "{x!q}"\n', "cannot be filled in"),
        (b'# factor ten\nmsgctxt "unit"\nmsgid "a"\nmsgstr "b"\n', "a number is expected after 'factor', got 'ten'"),
        (b"no PO at all\n", "zh.po cannot be read as PO"),
        (b'msgid "\xff"\nmsgstr "b"\n', "zh.po cannot be read as PO"),
    ],
)
def test_a_catalogue_that_does_not_serve_is_refused_in_a_sentence(content: bytes, said: str, words: Path):
    words.write_bytes(content)
    with pytest.raises(DataError, match=said):
        said_in_chinese("a {x}", x=1)


def test_a_translation_that_is_marked_fuzzy_or_empty_is_left_out(words: Path):
    words.write_text('#, fuzzy\nmsgid "a"\nmsgstr "甲"\n\nmsgid "b"\nmsgstr ""\n', encoding="utf-8")
    assert (said_in_chinese("a"), said_in_chinese("b")) == ("a", "b")


def test_a_changed_catalogue_is_read_anew(words: Path):
    for stamp, text in ((1, "甲"), (2, "乙")):
        words.write_text(f'msgid "a"\nmsgstr "{text}"\n', encoding="utf-8")
        os.utime(words, ns=(stamp, stamp))
        assert said_in_chinese("a") == text


def shown_by(name: str, lang: str, monkeypatch: pytest.MonkeyPatch) -> list[tuple[str, dict[str, Any]]]:
    """What a notebook shows or keeps in a language without pictures: text, if any, and record."""
    shown: list[tuple[str, dict[str, Any]]] = []
    monkeypatch.setattr(record, "_show", lambda text, kind, content, **more: shown.append((text, content)))
    monkeypatch.setattr(record, "_display", lambda forms, **_: shown.append((forms["text/plain"], {})))
    names: dict[str, Any] = {"display": lambda value: None}
    for cell in code_cells(next(path for path in NOTEBOOKS if path.stem == name)):
        exec(cell.source, names)
        if "parameters" in cell.metadata.get("tags", []):
            names |= {"lang": lang, "pictures": False}
    return shown


@pytest.mark.parametrize("name", ["02_funding_analysis", "03_capacity_building"])
def test_the_language_changes_words_and_no_value_unit_or_digest(name: str, monkeypatch: pytest.MonkeyPatch):
    english, own = (shown_by(name, lang, monkeypatch) for lang in ("en", "zh"))
    words = {"title", "caption", "alt"}
    for (_, before), (_, after) in zip(english, own, strict=True):
        assert before | dict.fromkeys(words & set(before)) == after | dict.fromkeys(words & set(after))
    texts = [(text, before) for (text, _), (before, _) in zip(own, english, strict=True) if text]
    assert len(texts) >= 7
    for text, before in texts:
        assert columns(text) > len(text)
        assert columns(before) == len(before)


def test_a_result_is_shown_in_the_unit_of_the_language_besides(monkeypatch: pytest.MonkeyPatch):
    texts: list[str] = []
    monkeypatch.setattr(record, "_show", lambda text, *_, **__: texts.append(text))
    run = record.start("02", lang="zh", pictures=False)
    run.record("largest_gap_between_aid_and_levels", 231.1, "million yuan, current prices", claim="C135")
    result = "largest_gap_between_aid_and_levels = 231.1 million yuan, current prices  (C135)"
    assert texts == [f"援助与各级之和的最大差额: 2.311 亿元（现价）  |  {result}"]


def without_fonts(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(font_manager.fontManager, "ttflist", [])
    monkeypatch.setattr(font_manager, "findSystemFonts", lambda *_, **__: [])
    monkeypatch.delenv(font.FONT, raising=False)
    font._found.cache_clear()
    monkeypatch.setattr(font, "_found", font._found.__wrapped__)


def test_without_a_font_the_request_is_refused_before_anything_runs(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
):
    without_fonts(monkeypatch)
    with pytest.raises(SystemExit) as ended:
        main(["run", "03", "--set", "lang=zh", "--out", str(tmp_path / "out")])
    assert ended.value.code == 2
    study, _, said = capsys.readouterr().err.partition("\n")
    assert study.startswith("study ewppr in ")
    assert said.startswith("ewppr: lang=zh: no font with Chinese characters is installed; install one")
    assert "fonts-noto-cjk" in said
    assert said.count("\n") == 1
    assert not (tmp_path / "out").exists()


def test_without_pictures_no_font_is_needed(monkeypatch: pytest.MonkeyPatch):
    without_fonts(monkeypatch)
    assert record.start("03", lang="zh", pictures=False).settings.lang == "zh"


@pytest.mark.parametrize("kind", ["missing", "no font", "no Chinese"])
def test_a_font_file_of_ones_own_that_does_not_serve_is_refused(
    kind: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    path = {"missing": tmp_path / "none.ttf", "no font": tmp_path / "text.ttf"}.get(
        kind, Path(mpl.get_data_path()) / "fonts/ttf/DejaVuSans.ttf"
    )
    (tmp_path / "text.ttf").write_text("not a font")
    monkeypatch.setenv(font.FONT, str(path))
    with pytest.raises(RequestError, match=r"^EWPPR_FONT: .*\.$"):
        record.start("03", lang="zh")


@pytest.mark.parametrize(
    ("text", "width", "expected"),
    [
        ("Source: white paper (2011)", 14, ["Source: white", "paper (2011)"]),
        ("资料来源白皮书", 6, ["资料来", "源白皮", "书"]),
        ("国务院，白皮书 2011", 6, ["国务院，", "白皮书", "2011"]),
        ("averylongword x", 5, ["averylongword", "x"]),
        ("", 5, [""]),
        ("国务院白皮书（2011）；年鉴", 14, ["国务院白皮书", "（2011）；年鉴"]),
        ("《年鉴》（2012年）", 8, ["《年鉴》", "（2012年）"]),
    ],
)
def test_lines_break_between_words_and_between_chinese_characters(text: str, width: int, expected: list[str]):
    assert wrapped(text, width).split("\n") == expected
