"""``nbedition cite``."""

import click

from crossfoot.errors import RequestError
from nbedition.cite.styles import STYLES
from nbedition.project import program


@click.command("cite")
@click.argument("figure", required=False, metavar="[FIGURE]")
@click.option("--number", metavar="NAME", help="Cite a recorded number instead: NAME, or 02:NAME.")
@click.option(
    "--style", type=click.Choice(STYLES), default="apa", show_default=True, help="How the citation is written."
)
def cite_command(figure: str | None, number: str | None, style: str) -> None:
    """Cite a figure (by name, number, fingerprint or file), with version, parameters and the sources under it."""
    from nbedition.cite import gather as citing
    from nbedition.cite.styles import citation

    if (figure is None) == (number is None):
        raise RequestError(
            f"cite takes a figure, or a recorded number with --number NAME; {program()} figures lists the figures."
        )
    click.echo(citation(citing.number(number or "") if figure is None else citing.figure(figure), style))
