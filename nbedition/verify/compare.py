"""A figure's file beside the same figure made anew: what has changed, in one sentence."""

import csv
import re
from dataclasses import dataclass
from itertools import zip_longest
from math import isclose

from nbedition.figures.record import Drawn, FigureRecord, Sealed
from nbedition.notebooks.figure_record import content_parameters
from nbedition.notebooks.parameters import settings_of
from nbedition.notebooks.provenance import library_at
from nbedition.verify.rerun import RemadeFigure

MOST_NAMED = 3  # changed cells that a sentence names
NEAR = 1e-9  # how far, of their size, two numbers of ten significant digits may lie apart
TEXTS = ("number", "fingerprint", "title", "caption", "alt", "sources", "language", "licence", "citation")
VERSION = re.compile(r"\d[\w.+-]{0,30}")
OTHER_PICTURE = "its pixels or paths no longer match its record"


@dataclass(frozen=True)
class Verdict:
    """What is to be said of a file, in one sentence; whether it holds; None where that cannot be judged here."""

    sentence: str
    holds: bool | None
    known: bool = True  # whether it is a figure of this edition at all


def compare(sealed: Sealed, made: RemadeFigure, before: str | None, picture: str, *, whole: bool) -> Verdict:
    """Return the verdict on a file beside the figure made anew.

    `before`: what the file plots, if known; `picture`: where its picture is another, in words; "" where it is the same;
    `whole`: its picture is the one that its record was written for.
    """
    record, now = sealed.record, made.sealed.record
    code = _code(record, now)
    if picture and not whole:
        known = sealed.picture.sha256 == made.sealed.picture.sha256
        return Verdict(f"picture altered: {OTHER_PICTURE}{f': {picture}' if known else ''}", holds=False)
    if other := _differs(record, made, before, code, picture):
        return other
    other_texts = [part for part in TEXTS if getattr(record, part) != getattr(now, part)]
    if not code and sealed.picture != made.sealed.picture:
        other_texts.append("picture")
    if other_texts:
        return Verdict(_texts_differ(record, now, other_texts, code), holds=False)
    if code:
        return Verdict(f"{code} since and the figure does not differ: {_what(now)}{_given(now)}", holds=True)
    files = _changed_files(record, now)
    rest = f"; {files} changed since, in nothing that is plotted" if files else ""
    said = f"verified: {_what(now)} is what notebook {now.notebook.name} draws{_given(now) or ' by default'}{rest}"
    return Verdict(said, holds=True)


def _differs(record: FigureRecord, made: RemadeFigure, before: str | None, code: str, picture: str) -> Verdict | None:
    """Return what is to be said where data or picture are others than the edition's; None where neither is."""
    now = made.sealed.record
    data = record.data.sha256 != now.data.sha256
    if code and (data or picture) and library_at(record.library.commit) not in (None, record.library.sha256):
        said = f"its record names code (library {record.library.sha256!s:.12}) that its commit does not hold"
        return Verdict(f"not excused: {said}; {picture or 'its plotted data are others'}", holds=False)
    if data:
        return Verdict(_data_changed(record, made, before, code), holds=False)
    if picture:
        if elsewhere := _elsewhere(record.drawn, now.drawn):
            too = f"; {code} since, too" if code else ""
            return Verdict(f"cannot be judged here: {_what(now)} was {elsewhere}{too}", holds=None)
        return Verdict(f"{_picture_differs(record, now, code)}: {picture}", holds=False)
    return None


def _what(record: FigureRecord) -> str:
    return f"figure {record.number} '{record.figure}'"


def _given(record: FigureRecord) -> str:
    """Return the parameters that are not the edition's own, in words; "" where all are."""
    usual = content_parameters(settings_of(record.notebook.name)())
    given = {name: value for name, value in record.parameters.items() if value != usual.get(name)}
    listed = ", ".join(f"{name}={value} (default {usual.get(name) or repr('')})" for name, value in given.items())
    return f" with {listed}" if listed else ""


def _elsewhere(was: Drawn | None, now: Drawn | None) -> str:
    """Return in words with what else a picture was drawn, and how to have the same; "" where it is what draws here."""
    if was is None or now is None or was == now:
        return ""
    pairs = [(name, getattr(was, name), getattr(now, name)) for name in ("matplotlib", "freetype", "pillow", "numpy")]
    other = [(name, then, here) for name, then, here in pairs if then != here and VERSION.fullmatch(then)]
    said = [f"{name} {then}, this is {here}" for name, then, here in other]
    fonts = [family for family, digest in was.fonts.items() if now.fonts.get(family) != digest]
    said += [f"another font or version of it, {family[:40]!a}" for family in fonts]
    wheels = [f"{name}=={then}" for name, then, _ in other if name != "freetype"]
    steps = [f"pip install {' '.join(wheels)}"] if wheels else []
    steps += [f"name that font's file in EWPPR_FONT (SHA-256 {was.fonts[family]:.12})" for family in fonts]
    todo = f"; to judge it: {'; '.join(steps)}" if steps else ""
    return f"drawn with {'; '.join(said) or 'other versions'}; its record is whole, its picture and data match it{todo}"


def _picture_differs(record: FigureRecord, now: FigureRecord, code: str) -> str:
    files = _changed_files(record, now)
    if files and not code:
        return f"data have changed since ({files}): the plotted rows of {_what(now)} are the same, not its words"
    if not code:
        return f"picture altered: from the same data and code this edition draws another {_what(now)}"
    return f"{code} since{_alone(record)} and the figure differs: {_what(now)} has the same data, another picture"


def _alone(record: FigureRecord) -> str:
    """Return that nothing but the record says so, where no commit here bears it out."""
    return "" if library_at(record.library.commit) else ", as its record alone says,"


def _texts_differ(record: FigureRecord, now: FigureRecord, parts: list[str], code: str) -> str:
    listed = ", ".join(parts)
    if code:
        return f"{code} since{_alone(record)} and the figure differs: {_what(now)} has another {listed}"
    if parts == ["sources"]:
        return f"data have changed since: the plotted rows of {_what(now)} are the same, its sources are not"
    return f"record damaged: its {listed} is not what this edition writes for {_what(now)}"


def _data_changed(record: FigureRecord, made: RemadeFigure, before: str | None, code: str) -> str:
    now = made.sealed.record
    rows = changes(before, made.csv) if before is not None else "the plotted data of the file are not at hand"
    if files := _changed_files(record, now):
        return f"data have changed since ({files}{', and the code' if code else ''}): {rows}"
    if code:
        return f"{code} since{_alone(record)} and the figure differs: {rows}"
    return f"data have changed since, in none of the data sets that the record names: {rows}"


def _changed_files(record: FigureRecord, now: FigureRecord) -> str:
    before = {dataset.name: dataset.sha256 for dataset in record.datasets}
    files = {dataset.file for dataset in now.datasets if before.get(dataset.name) != dataset.sha256}
    return ", ".join(sorted(files))


def _code(record: FigureRecord, now: FigureRecord) -> str:
    """Return what of the code has changed, as the beginning of a sentence; nothing where all is the same."""
    was, library = record.library, now.library
    if record.notebook.sha256 != now.notebook.sha256 or was.version != library.version:
        return "code has changed"
    if was.sha256 is None:  # from a notebook's page: what it was made with is not known
        return ""
    if was.sha256 != library.sha256:
        return "code has changed"
    return "" if was.lock == library.lock else "the locked versions have changed"


def changes(before: str, after: str) -> str:
    r"""Return in words how plotted data, CSV text with a header line, differ; nothing where they do not.

    Examples
    --------
    >>> changes("year,aid\n2003,1\n2004,2\n", "year,aid\n2003,1\n2004,5\n")
    "row 2 (2004), 'aid' from 2 to 5"
    """
    try:
        (head, *old), (new_head, *new) = _grid(before), _grid(after)
    except csv.Error as error:
        return f"what was plotted is no table ({error})"
    if head != new_head:
        return f"columns from {', '.join(head)} to {', '.join(new_head)}"
    said = []
    for number, (one, other) in enumerate(zip_longest(old, new), start=1):
        if one is None:
            said.append(f"row {number} is new ({', '.join(other)})")
        elif other is None:
            said.append(f"row {number} is gone ({', '.join(one)})")
        else:
            row = f"row {number}" + (f" ({one[0]})" if one[0] == other[0] and len(one) > 1 else "")
            pairs = zip_longest(head, one, other, fillvalue="")
            said += [f"{row}, '{name}' from {was} to {now}" for name, was, now in pairs if not _equal(was, now)]
    more = [f"and {len(said) - MOST_NAMED} more"] if len(said) > MOST_NAMED else []
    return "; ".join([*said[:MOST_NAMED], *more])


def _grid(text: str) -> list[list[str]]:
    """Return the cells of CSV text as programs write it: semicolons or tabs may separate them, lines may be empty."""
    lines = text.removeprefix("\ufeff").splitlines(keepends=True)
    mark = max(",;\t", key=lines[0].count) if lines else ","
    grid = [row for row in csv.reader(lines, delimiter=mark) if any(row)]
    if mark == ";":  # where it separates, a comma may be the decimal mark
        grid = [[re.sub(r"^(-?\d+),(\d+)$", r"\1.\2", cell) for cell in row] for row in grid]
    return grid or [[]]


def _equal(one: str, other: str) -> bool:
    """Return whether two cells hold the same text or number."""
    try:
        return one == other or isclose(float(one), float(other), rel_tol=NEAR)
    except ValueError:
        return False
