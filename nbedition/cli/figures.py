"""``nbedition figures``, ``cite`` and ``verify``."""

import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

import click

from crossfoot.errors import CheckFailed, ReportedError, RequestError, in_lines, in_one_line
from nbedition.cite import STYLES
from nbedition.cli.options import StudyCommand, among, completed, form, print_rows, say
from nbedition.project import program

if TYPE_CHECKING:
    from nbedition.figures.documents import Place
    from nbedition.verify.compare import Verdict

T = TypeVar("T")
NONE = "no notebook holds a figure in its outputs yet: execute it in Jupyter, or name past runs with --among DIR."


def _names(_context: click.Context) -> list[str]:
    from nbedition.notebooks.outputs import listed

    return [figure.figure for figure in listed(())]


@click.command("figures", cls=StudyCommand, example="figures")
@among("List the figures of past runs and batches below this folder, too; repeatable.")
@form
def figures_command(among: tuple[Path, ...], form: str) -> None:
    """List the edition's figures: number, name, fingerprint, and the finding that is their title."""
    from nbedition.notebooks.outputs import listed

    found = listed(among)
    head = ("number", "figure", "fingerprint", "title")
    rows = [dict(zip(head, (one.number, one.figure, one.fingerprint, one.title), strict=True)) for one in found]
    if form == "text" and not found:
        say(NONE)
    elif form == "text":
        print_rows([{**row, "title": row["title"] or "(not drawn)"} for row in rows], head, form)
    else:
        print_rows(rows, head, form)


own_table = click.option(
    "--table",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="The author's own table that the figure rests on.",
)


@click.command("cite", cls=StudyCommand, example="cite 1.1 --style bibtex")
@click.argument("figures", nargs=-1, metavar="[FIGURE]...", shell_complete=completed(_names))
@click.option("--number", multiple=True, metavar="NAME", help="Cite a recorded number: NAME, or 02:NAME; repeatable.")
@click.option(
    "--style", type=click.Choice(STYLES), default="apa", show_default=True, help="How the citation is written."
)
@own_table
def cite_command(figures: tuple[str, ...], number: tuple[str, ...], style: str, table: Path | None) -> None:
    """Cite figures (by name, number, fingerprint or file) and recorded numbers, in one list with their sources."""
    from nbedition.cite import gather as citing
    from nbedition.cite.styles import citation

    if not figures and not number:
        raise RequestError(
            f"cite takes a figure, or a recorded number with --number NAME; {program()} figures lists the figures."
        )

    def vouch(file: Path) -> None:
        from nbedition.verify.figure import verify
        from nbedition.verify.rerun import Rerun

        with Rerun(table, alone=True) as rerun:
            verdict = verify(file, rerun)
        if not verdict.holds:
            raise CheckFailed(_plain(f"{file} is not cited, since it does not hold: {verdict.sentence}."))

    all_cited = [*(citing.figure(one, vouch) for one in figures), *map(citing.number, number)]
    click.echo(in_lines(citation(list({cited.key: cited for cited in all_cited}.values()), style)))


ARCHIVE = ".zip"
LONGEST = 1_000  # characters of a sentence


@click.command("verify", cls=StudyCommand, example="verify figure.png")
@click.argument("files", nargs=-1, required=True, type=click.Path(path_type=Path), metavar="FILE...")
@click.option("--fingerprint", metavar="TEXT", help="The eight characters printed in the figure's margin.")
@among("Look for the fingerprint in past runs and batches below this folder, too; repeatable.")
@own_table
@click.option("--cold", is_flag=True, help="Plain kernels: slower to start a second run, same verdicts.")
def verify_command(
    files: tuple[Path, ...], fingerprint: str | None, among: tuple[Path, ...], table: Path | None, cold: bool
) -> None:
    """Say whether figures are still what the edition gives: PNG, SVG, PDF, those in papers and documents, archives.

    A paper (PDF), a document (docx, odt, pptx, epub), a notebook or a web page has one line for each figure.

    Exit code 0 when all hold, 1 when one does not, 2 when one cannot be judged.
    """
    from nbedition.figures.documents import pictures_of
    from nbedition.figures.record import as_read
    from nbedition.verify.figure import verify
    from nbedition.verify.rerun import Rerun

    printed = None if fingerprint is None else as_read(fingerprint)
    with ExitStack() as stack:
        codes, asked = [0], []
        for file in files:
            if file.suffix.lower() == ARCHIVE:
                click.echo(in_one_line(f"{file} is verified: {archive_sentence(file)}."))
            elif (found := _judged(str(file), partial(stack.enter_context, pictures_of(file)))) is not None:
                asked.append((file, found))
            else:
                codes.append(2)
        rerun = stack.enter_context(Rerun(table, cold=cold, alone=sum(len(found) for _, found in asked) == 1))
        for file, found in asked:
            codes += _verdicts(file, found, lambda place: verify(place.file, rerun, printed, among, place.number))
    if max(codes):
        sys.exit(max(codes))


def _judged(name: str, judge: Callable[[], T]) -> T | None:
    """Return what is found, or say why it cannot be."""
    try:
        return judge()
    except ReportedError as error:
        click.echo(_plain(f"{name}: cannot be judged: {error}"), err=True)
        return None


def _verdicts(file: Path, found: Sequence["Place"], judge: Callable[["Place"], "Verdict"]) -> Iterator[int]:
    """Say what is to be said of each picture of a file; yield the exit codes."""
    others = 0
    for place in found:
        name = f"{file}, {place.said}" if place.said else str(file)
        verdict = _judged(name, partial(judge, place))
        if verdict is None:
            yield 2
        elif place.said and not verdict.known:
            others += 1
        else:
            click.echo(_plain(f"{name}: {verdict.sentence}."), err=verdict.holds is None)
            yield 2 if verdict.holds is None else 0 if verdict.holds else 1
    if others == len(found) and others:
        click.echo(
            _plain(f"{file}: cannot be judged: none of its {others} pictures is a figure of this edition."), err=True
        )
        yield 2
    elif others:
        click.echo(_plain(f"{file}: {others} more of its pictures are no figures of this edition."))


def _plain(sentence: str) -> str:
    """Return a sentence that may quote a file nobody vouches for as one line of some length, for any terminal."""
    line = in_one_line(sentence)
    return line if len(line) <= LONGEST else f"{line[:LONGEST]} ..."


def archive_sentence(file: Path) -> str:
    """Check an archive and return what was found, in words; see `nbedition.archive.check.verify_bundle`."""
    from nbedition.archive.check import verify_bundle
    from nbedition.kernels.wire import RunResult

    def report(result: RunResult) -> None:
        say(f"{result.spec.notebook} rerun in {result.seconds:.1f} s")

    return "; ".join(verify_bundle(file, report).sentences)
