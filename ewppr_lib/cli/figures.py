"""``ewppr figures``."""

import click

from ewppr_lib.cli.tables import print_table


@click.command("figures")
def figures_command() -> None:
    """List the edition's figures: number, name, fingerprint, and the finding that is their title."""
    from ewppr_lib.runs.listing import listed

    rows = [(figure.number, figure.figure, figure.fingerprint, figure.title) for figure in listed()]
    print_table(("number", "figure", "fingerprint", "title"), rows)
