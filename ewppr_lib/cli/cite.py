"""``ewppr cite``."""

import click

from ewppr_lib.errors import RequestError
from ewppr_lib.figures.cite import STYLES


@click.command("cite")
@click.argument("figure", required=False, metavar="[FIGURE]")
@click.option("--number", metavar="NAME", help="Cite a recorded number instead: NAME, or 02:NAME.")
@click.option(
    "--style", type=click.Choice(STYLES), default="apa", show_default=True, help="How the citation is written."
)
def cite_command(figure: str | None, number: str | None, style: str) -> None:
    """Cite a figure (by name, number, fingerprint or file), with version, parameters and the sources under it."""
    from ewppr_lib.figures.cite import citation
    from ewppr_lib.runs import citing

    if (figure is None) == (number is None):
        raise RequestError(
            "cite takes a figure, or a recorded number with --number NAME; ewppr figures lists the figures."
        )
    click.echo(citation(citing.figure(figure) if figure else citing.number(number or ""), style))
