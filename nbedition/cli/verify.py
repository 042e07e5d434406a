"""``nbedition verify``."""

import sys
from pathlib import Path

import click

from crossfoot.errors import ReportedError
from nbedition.cli.options import among

ARCHIVE = ".zip"
LONGEST = 1_000  # characters of a sentence


@click.command("verify")
@click.argument("files", nargs=-1, required=True, type=click.Path(path_type=Path), metavar="FILE...")
@click.option("--fingerprint", metavar="TEXT", help="The eight characters printed in the figure's margin.")
@among("Look for the fingerprint in past runs and batches below this folder, too; repeatable.")
@click.option(
    "--table",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="The author's own table that the figure rests on.",
)
@click.option("--cold", is_flag=True, help="Plain kernels: slower to start a second run, same verdicts.")
def verify_command(
    files: tuple[Path, ...], fingerprint: str | None, among: tuple[Path, ...], table: Path | None, cold: bool
) -> None:
    """Say whether a figure (PNG, SVG, PDF) or an archive of `nbedition release` is still what the edition gives.

    Exit code 0 when all hold, 1 when one does not, 2 when one cannot be judged.
    """
    from nbedition.figures.record import as_read
    from nbedition.verify.figure import verify
    from nbedition.verify.rerun import Rerun

    printed = None if fingerprint is None else as_read(fingerprint)
    code = 0
    with Rerun(table, cold=cold) as rerun:
        for file in files:
            if file.suffix.lower() == ARCHIVE:
                click.echo(f"{file} is verified: {archive_sentence(file)}.")
                continue
            try:
                verdict = verify(file, rerun, printed, among)
            except ReportedError as error:
                click.echo(_plain(f"{file}: cannot be judged: {error}"), err=True)
                code = max(code, error.exit_code)
                continue
            click.echo(_plain(f"{file}: {verdict.sentence}."))
            code = max(code, 0 if verdict.holds else 1)
    if code:
        sys.exit(code)


def _plain(sentence: str) -> str:
    """Return a sentence that may quote a file nobody vouches for as one line without control characters."""
    line = "".join(character if character.isprintable() else " " for character in sentence)
    return line if len(line) <= LONGEST else f"{line[:LONGEST]} ..."


def archive_sentence(file: Path) -> str:
    """Check an archive and return what was found, in words; see `nbedition.archive.check.verify_bundle`."""
    from nbedition.archive.check import verify_bundle
    from nbedition.kernels.wire import RunResult

    def report(result: RunResult) -> None:
        click.echo(f"{result.spec.notebook} rerun in {result.seconds:.1f} s", err=True)

    return "; ".join(verify_bundle(file, report).sentences)
