"""``nbedition init``."""

from pathlib import Path

import click

from nbedition.project import program


@click.command("init")
@click.argument("folder", type=click.Path(path_type=Path), metavar="DIR")
def init_command(folder: Path) -> None:
    """Start a study of your own in a new folder: tables, claims and notebooks, with a small example."""
    from nbedition.new_study import new_study

    files = new_study(folder)
    click.echo(f"{len(files)} files written; next: cd {folder} && {program()} run")
