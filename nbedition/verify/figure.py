"""Is a figure still what its file says: the record read, the notebook run again, and the two compared."""

from pathlib import Path

from nbedition.figures.figure_file import FigureFile
from nbedition.figures.read_file import read_file
from nbedition.figures.record import FigureRecord, RecordDamaged, Sealed, opened, unpack
from nbedition.figures.save import text_digest
from nbedition.notebooks.outputs import find
from nbedition.verify.compare import Verdict, changes, compare
from nbedition.verify.rerun import RemadeFigure, Rerun

MOST_CSV = 2_000_000


def verify(path: Path, rerun: Rerun, printed: str | None = None, among: tuple[Path, ...] = ()) -> Verdict:
    """Return what is to be said of a figure's file, a PNG, SVG or PDF; refuse (RequestError) what cannot be judged.

    It is not trusted: nothing from it is carried out, no path in it is opened. `path`: the file; `rerun`: what runs
    notebooks again; `printed`: the fingerprint printed in the figure's margin, as `nbedition.figures.record.as_read`
    gives it; `among`: folders of past runs and batches to look for the fingerprint in.
    """
    found = read_file(path)
    if found.record is None:
        return _without_record(found, printed, among)
    try:
        sealed = _opened(found, found.record, printed)
        before = _plotted(sealed.record, path)
    except RecordDamaged as error:
        return Verdict(f"record damaged: {error}{_named(printed, among)}", holds=False)
    except _Altered as error:
        return Verdict(f"picture altered: {error}{_named(printed, among)}", holds=False)
    record = sealed.record
    made = rerun.figure(record, sealed.picture)
    if made is None:
        said = f"code has changed since: notebook {record.notebook.name} no longer draws {record.figure[:60]!a}"
        return Verdict(said, holds=False)
    verdict = compare(sealed, made, before)
    return _beside(path, made, _anew(path, sealed, made, verdict)) if verdict.holds else verdict


def _anew(path: Path, sealed: Sealed, made: RemadeFigure, verdict: Verdict) -> Verdict:
    """Add to a verdict that the file's bytes are not the edition's, where picture and record are the same."""
    if sealed != made.sealed or path.read_bytes() == made.file:
        return verdict
    return Verdict(f"{verdict.sentence}; its file was written anew since, with the same picture and record", holds=True)


def _beside(path: Path, made: RemadeFigure, verdict: Verdict) -> Verdict:
    """Return the verdict, or another where a table of the figure's name lies beside it that is not what it plots."""
    table = _table(path)
    if table is None or not (said := changes(made.csv, table)):
        return verdict
    return Verdict(f"data file altered: {_csv(path).name} beside it is not what is plotted: {said}", holds=False)


class _Altered(Exception):
    """The picture is not that of its record."""


def _opened(found: FigureFile, text: str, printed: str | None) -> Sealed:
    """Return the record of a file, if it reads well and is that of its picture."""
    sealed = opened(text)
    if found.digest != sealed.picture.sha256 or found.form != sealed.picture.form:
        raise _Altered(found.problem or "its pixels or paths no longer match its record")
    if printed and printed != sealed.record.fingerprint:
        raise _Altered(f"its record is that of fingerprint {sealed.record.fingerprint[:8]!a}")
    return sealed


def _plotted(record: FigureRecord, path: Path) -> str | None:
    """Return the plotted data that the record carries, or those of a CSV file beside it of the same digest."""
    if record.data.packed is not None:
        text = unpack(record.data.packed)
        if text_digest(text) != record.data.sha256:
            raise RecordDamaged("its plotted data are not what their digest says")
        return text
    table = _table(path)
    return table if table is not None and text_digest(table) == record.data.sha256 else None


def _csv(path: Path) -> Path:
    """Return where the plotted data of a figure's file lie."""
    return path.with_name(path.stem.removesuffix("-screen") + ".csv")


def _table(path: Path) -> str | None:
    """Return the plotted data beside a figure's file; None where none are, or none that could be."""
    try:
        if _csv(path).stat().st_size > MOST_CSV:
            return None
        return _csv(path).read_bytes().decode(errors="replace")
    except OSError:
        return None


def _without_record(found: FigureFile, printed: str | None, among: tuple[Path, ...]) -> Verdict:
    why = f" ({found.problem})" if found.problem else ""
    if found.form not in ("png", "svg", "pdf"):
        why = f" (a {found.form} file carries none)"
    if printed is None:
        return Verdict(f"no record{why}; give the eight characters in its margin with --fingerprint", holds=False)
    listed = find(printed, among)
    if listed is None:
        return Verdict(f"no record{why}, and no figure here has fingerprint {printed}", holds=False)
    return Verdict(f"no record{why}; found by its printed fingerprint: {listed.said}", holds=True)


def _named(printed: str | None, among: tuple[Path, ...]) -> str:
    listed = find(printed, among) if printed else None
    return f"; its printed fingerprint is that of {listed.said}" if listed else ""
