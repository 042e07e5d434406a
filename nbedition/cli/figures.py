"""``nbedition figures``."""

from pathlib import Path

import click

from nbedition.cli.options import among
from nbedition.cli.tables import print_table

NONE = "no notebook holds a figure in its outputs yet: execute it in Jupyter, or name past runs with --among DIR."


@click.command("figures")
@among("List the figures of past runs and batches below this folder, too; repeatable.")
def figures_command(among: tuple[Path, ...]) -> None:
    """List the edition's figures: number, name, fingerprint, and the finding that is their title."""
    from nbedition.notebooks.outputs import listed

    found = listed(among)
    if not found:
        click.echo(NONE, err=True)
        return
    rows = [(figure.number, figure.figure, figure.fingerprint, figure.title or "(not drawn)") for figure in found]
    print_table(("number", "figure", "fingerprint", "title"), rows)
