"""``ewppr release``."""

from pathlib import Path

import click

import ewppr_lib
from ewppr_lib.cli.options import from_build
from ewppr_lib.errors import RequestError


@click.command("release")
@from_build("Folder of `ewppr run`; what is missing or out of date in it is run.")
@click.option(
    "--out", type=click.Path(path_type=Path, dir_okay=False), help="The archive; else ewppr-VERSION.zip here."
)
def release_command(build: Path, out: Path | None) -> None:
    """Write one archive of everything: notebooks, figures, results, data, code, and what describes them."""
    target = out or Path(f"ewppr-{ewppr_lib.__version__}.zip")
    if target.suffix != ".zip":
        raise RequestError(f"--out writes a ZIP archive; a name that ends in .zip is expected, got '{target}'.")
    if not target.parent.is_dir():
        raise RequestError(f"the folder of '{target}' does not exist.")
    from ewppr_lib.runs.execute import Outcome
    from ewppr_lib.runs.release.archive import members, write_archive
    from ewppr_lib.runs.release.collect import collect

    def report(outcome: Outcome) -> None:
        click.echo(f"{outcome.notebook}: {'unchanged' if outcome.unchanged else f'{outcome.seconds:.1f} s'}", err=True)

    files = members(collect(build, report))
    write_archive(files, target)
    click.echo(f"{len(files)} files written to {target}; check it anywhere with: ewppr verify {target}")
