"""``ewppr verify``."""

from pathlib import Path

import click

from ewppr_lib.errors import RequestError


@click.command("verify")
@click.argument("file", type=click.Path(path_type=Path))
def verify_command(file: Path) -> None:
    """Check an archive of `ewppr release`: every member's digest, then a rerun; exit code 1 where it does not hold."""
    if file.suffix.lower() != ".zip":
        raise RequestError(f"{file} is no archive; a file that ends in .zip is expected.")
    verify_archive(file)


def verify_archive(file: Path) -> None:
    """Check an archive and print what was found."""
    from ewppr_lib.runs.execute import Outcome
    from ewppr_lib.runs.release.check import verify_bundle

    def report(outcome: Outcome) -> None:
        click.echo(f"{outcome.notebook} rerun in {outcome.seconds:.1f} s", err=True)

    verdict = verify_bundle(file, report)
    click.echo(f"{file} is verified: {'; '.join(verdict.sentences)}.")
