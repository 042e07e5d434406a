"""``nbedition release``."""

from pathlib import Path

import click

import nbedition
from crossfoot.errors import RequestError
from nbedition.cli.options import from_build
from nbedition.project import program, project


@click.command("release")
@from_build("Folder of `run`; what is missing or out of date in it is run.")
@click.option("--out", type=click.Path(path_type=Path, dir_okay=False), help="The archive; else NAME-VERSION.zip here.")
def release_command(build: Path, out: Path | None) -> None:
    """Write one archive of everything: notebooks, figures, results, data, code, and what describes them."""
    target = out or Path(f"{project().name}-{nbedition.__version__}.zip")
    if target.suffix != ".zip":
        raise RequestError(f"--out writes a ZIP archive; a name that ends in .zip is expected, got '{target}'.")
    if not target.parent.is_dir():
        raise RequestError(f"the folder of '{target}' does not exist.")
    from nbedition.archive.collect import collect
    from nbedition.archive.write import members, write_archive
    from nbedition.kernels.wire import RunResult

    def report(result: RunResult) -> None:
        state = "unchanged" if result.status == "unchanged" else f"{result.seconds:.1f} s"
        click.echo(f"{result.spec.notebook}: {state}", err=True)

    files = members(collect(build, report))
    write_archive(files, target)
    click.echo(f"{len(files)} files written to {target}; check it anywhere with: {program()} verify {target}")
