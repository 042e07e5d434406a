"""Is a figure still what its file says: the record read, the notebook run again, and the two compared."""

from pathlib import Path

from crossfoot.errors import RequestError
from nbedition.figures import embed_png as png
from nbedition.figures.figure_file import ENCRYPTED, FigureFile
from nbedition.figures.read_file import COPIES, READ, differs, read_file
from nbedition.figures.record import FigureRecord, RecordDamaged, Sealed, opened, unpack
from nbedition.figures.save import text_digest
from nbedition.notebooks.outputs import Listed, find, listed
from nbedition.project import notebooks
from nbedition.verify.compare import OTHER_PICTURE, Verdict, changes, compare
from nbedition.verify.rerun import RemadeFigure, Rerun

MOST_CSV = 2_000_000
STRETCH = 0.02  # how far dots an inch may be from what they should be
ALIKE = 12.0  # levels of 255 that two pictures of the same figure may be apart in little, on average


def verify(
    path: Path, rerun: Rerun, printed: str | None = None, among: tuple[Path, ...] = (), number: int = 0
) -> Verdict:
    """Return what is to be said of a figure's file, a PNG, SVG or PDF; refuse (RequestError) what cannot be judged.

    It is not trusted: nothing from it is carried out, no path in it is opened. `path`: the file; `rerun`: what runs
    notebooks again; `printed`: the fingerprint printed in the figure's margin, as `nbedition.figures.record.as_read`
    gives it; `among`: folders of past runs and batches to look for the fingerprint in; `number`: of a paper that sets
    several figures, which one, from 1.
    """
    found = read_file(path, number)
    if found.record is None:
        return _without_record(path, found, rerun, printed, among)
    try:
        sealed = _opened(found, found.record, printed)
        before = _plotted(sealed.record, path)
    except RecordDamaged as error:
        return Verdict(f"record damaged: {error}{_named(printed, among)}", holds=False)
    except _Altered as error:
        return Verdict(f"picture altered: {error}{_named(printed, among)}", holds=False)
    record = sealed.record
    if record.notebook.name not in notebooks():
        return _elsewhere(record, whole=found.digest == sealed.picture.sha256)
    made = rerun.figure(record, sealed.picture)
    if made is None:
        said = f"code has changed since: notebook {record.notebook.name} no longer draws {record.figure[:60]!a}"
        return Verdict(said, holds=False)
    whole = found.digest == sealed.picture.sha256 or (record.drawn is None and found.form != "png")  # of older digests
    same = path.read_bytes() == made.file or found.digest == made.sealed.picture.sha256
    picture = "" if same else differs(path, found.form, made.file, number)
    verdict = compare(sealed, made, before, picture, whole=whole)
    return _beside(path, made, _anew(path, found, sealed, made, verdict)) if verdict.holds else verdict


def _elsewhere(record: FigureRecord, *, whole: bool) -> Verdict:
    """Say what a file of another study proves by itself: its picture is another, or it cannot be judged here."""
    if not whole:
        return Verdict(f"picture altered: {OTHER_PICTURE}", holds=False)
    named = f"its record names notebook {record.notebook.name[:60]!a}, which this edition does not have"
    raise RequestError(f"{named}; its record is whole, its picture and data match it.")


def _anew(path: Path, found: FigureFile, sealed: Sealed, made: RemadeFigure, verdict: Verdict) -> Verdict:
    """Add to a verdict that another program wrote the file, and what that program changed beside the picture."""
    anew = sealed == made.sealed and path.read_bytes() != made.file
    more = ["its file was written anew since, with the same picture and record"] if anew else []
    more += [found.told] if found.told else []
    if sealed.picture.dpi and found.dpi and abs(found.dpi[0] / sealed.picture.dpi - 1) > STRETCH:
        more.append(f"it prints at {found.dpi[0]:.0f} dots an inch, not {sealed.picture.dpi}")
    return Verdict("; ".join([verdict.sentence, *more]), holds=True)


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
    if found.problem or found.form != sealed.picture.form:
        raise _Altered(found.problem or OTHER_PICTURE)
    if found.dpi and abs(found.dpi[0] / found.dpi[1] - 1) > STRETCH:
        across, down = found.dpi
        raise _Altered(f"it is stretched in print: {across:.0f} dots an inch across, {down:.0f} down")
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
        if _csv(path).stat().st_size > MOST_CSV or not _csv(path).is_file():  # a device has no end
            return None
        return _csv(path).read_bytes().decode(errors="replace")
    except OSError:
        return None


def _without_record(
    path: Path, found: FigureFile, rerun: Rerun, printed: str | None, among: tuple[Path, ...]
) -> Verdict:
    """Look at a picture that carries no record: it holds where it is exactly what the edition draws."""
    if found.problem == ENCRYPTED:
        raise RequestError(f"{ENCRYPTED}.")
    why = f" ({found.problem})" if found.problem else ""
    if found.form not in READ:
        why = f" (a {found.form} file carries none)"
    known = find(printed, among) if printed else _alike(found)
    if known is None:
        more = (
            "its picture is like no figure of this edition; give the eight characters in its margin with --fingerprint"
        )
        more = f"no figure here has fingerprint {printed}" if printed else more
        return Verdict(f"no record{why}, and {more}", holds=False, known=False)
    named = f"figure {known.number} '{known.figure}'"
    if found.digest is None and (found.problem or found.form not in COPIES):
        return Verdict(f"no record{why}; its picture cannot be compared with {known.said}", holds=False)
    if found.dpi and abs(found.dpi[0] / found.dpi[1] - 1) > STRETCH:
        return Verdict(f"no record{why}, and it is stretched in print; its pixels are like {named}", holds=False)
    apart = [differs(path, found.form, made) for made in rerun.again(known, found.form)]
    if "" in apart:
        exactly = "pixel for pixel" if found.form == "png" else "part for part"
        return Verdict(f"no record{why}, but {exactly} {known.said}", holds=True)
    exact = next((one for one in apart if one.startswith("pixels") and one.endswith("of 255)")), None)
    if exact is None and (looks := next((one for one in apart if one.startswith(png.LOOKS)), None)):
        return Verdict(f"no record{why}; beside {named} {looks}; a file with its record says more", holds=None)
    pixels = next((one for one in apart if one.startswith("pixels")), None)
    told = exact or pixels or (apart[0] if apart else "it is drawn no more")
    return Verdict(f"no record{why}, and its picture is not {named} as this edition draws it: {told}", holds=False)


def _alike(found: FigureFile) -> Listed | None:
    """Return the edition's figure whose picture in its notebook looks most like a file's; None where none does."""
    if found.sketch is None:
        return None
    own = bytes.fromhex(found.sketch)
    apart: list[tuple[float, int, Listed]] = []
    for figure in listed():
        sketch = bytes.fromhex(png.read(figure.picture).sketch or "")
        if sketch:
            off = sum(abs(one - other) for one, other in zip(own, sketch, strict=True)) / len(own)
            apart.append((off, len(apart), figure))
    nearest = min(apart, default=None)
    return nearest[2] if nearest and nearest[0] < ALIKE else None


def _named(printed: str | None, among: tuple[Path, ...]) -> str:
    listed = find(printed, among) if printed else None
    return f"; its printed fingerprint is that of {listed.said}" if listed else ""
