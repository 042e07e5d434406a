"""A figure's file beside the same figure made anew: what has changed, in one sentence."""

import csv
from dataclasses import dataclass
from itertools import zip_longest

from nbedition.figures.record import FigureRecord, Sealed
from nbedition.verify.rerun import RemadeFigure

MOST_NAMED = 3  # changed cells that a sentence names
TEXTS = ("number", "fingerprint", "title", "caption", "alt", "sources", "language", "licence", "citation")


@dataclass(frozen=True)
class Verdict:
    """What is to be said of a file, in one sentence; whether it holds."""

    sentence: str
    holds: bool


def compare(sealed: Sealed, made: RemadeFigure, before: str | None) -> Verdict:
    """Return the verdict on a file's record beside the figure made anew; `before` is what the file plots, if known."""
    record, now = sealed.record, made.sealed.record
    code = _code(record, now)
    if record.data.sha256 != now.data.sha256:
        return Verdict(_data_changed(record, made, before, code), holds=False)
    if sealed.picture.sha256 != made.sealed.picture.sha256:
        return Verdict(_picture_differs(record, now, code), holds=False)
    if other := [part for part in TEXTS if getattr(record, part) != getattr(now, part)]:
        return Verdict(_texts_differ(now, other, code), holds=False)
    if code:
        return Verdict(f"{code} since and the figure does not differ: {_what(now)}", holds=True)
    files = _changed_files(record, now)
    rest = f"; {files} changed since, in nothing that is plotted" if files else ""
    said = f"verified: {_what(now)} is what notebook {now.notebook.name} draws with these parameters{rest}"
    return Verdict(said, holds=True)


def _what(record: FigureRecord) -> str:
    return f"figure {record.number} '{record.figure}'"


def _picture_differs(record: FigureRecord, now: FigureRecord, code: str) -> str:
    files = _changed_files(record, now)
    if files and not code:
        return f"data have changed since ({files}): the plotted rows of {_what(now)} are the same, not its words"
    if not code:
        return f"picture altered: from the same data and code this edition draws another {_what(now)}"
    return f"{code} since and the figure differs: the data of {_what(now)} are the same, its picture is not"


def _texts_differ(now: FigureRecord, parts: list[str], code: str) -> str:
    listed = ", ".join(parts)
    if code:
        return f"{code} since and the figure differs: {_what(now)} has another {listed}"
    if parts == ["sources"]:
        return f"data have changed since: the plotted rows of {_what(now)} are the same, its sources are not"
    return f"record damaged: its {listed} is not what this edition writes for {_what(now)}"


def _data_changed(record: FigureRecord, made: RemadeFigure, before: str | None, code: str) -> str:
    now = made.sealed.record
    rows = changes(before, made.csv) if before is not None else "the plotted data of the file are not at hand"
    if files := _changed_files(record, now):
        return f"data have changed since ({files}{', and the code' if code else ''}): {rows}"
    if code:
        return f"{code} since and the figure differs: {rows}"
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
            pairs = zip(head, one, other, strict=False)
            said += [f"{row}, '{name}' from {was} to {now}" for name, was, now in pairs if was != now]
    more = [f"and {len(said) - MOST_NAMED} more"] if len(said) > MOST_NAMED else []
    return "; ".join([*said[:MOST_NAMED], *more])


def _grid(text: str) -> list[list[str]]:
    return list(csv.reader(text.splitlines(keepends=True))) or [[]]
