"""``ewppr verify``."""

from pathlib import Path

import click

from ewppr_lib.errors import RequestError

ARCHIVE = ".zip"


@click.command("verify")
@click.argument("file", type=click.Path(path_type=Path))
def verify_command(file: Path) -> None:
    """Check an archive of `ewppr release`: every member's digest, then a rerun; exit code 1 where it does not hold."""
    if file.suffix.lower() != ARCHIVE:
        raise RequestError(f"{file} is no archive; a file that ends in {ARCHIVE} is expected.")
    click.echo(f"{file} is verified: {archive_sentence(file)}.")


def archive_sentence(file: Path) -> str:
    """Check an archive and return what was found, in words; see `ewppr_lib.runs.release.check.verify_bundle`."""
    from ewppr_lib.runs.execute import Outcome
    from ewppr_lib.runs.release.check import verify_bundle

    def report(outcome: Outcome) -> None:
        click.echo(f"{outcome.notebook} rerun in {outcome.seconds:.1f} s", err=True)

    return "; ".join(verify_bundle(file, report).sentences)
