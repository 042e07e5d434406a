"""``nbedition site``."""

from pathlib import Path

import click

from nbedition.cli.options import from_build


@click.command("site")
@from_build("Folder that `run --out` wrote to.")
@click.option(
    "--out",
    type=click.Path(path_type=Path, file_okay=False),
    default=Path("build/site"),
    show_default=True,
    help="Folder of the site.",
)
@click.pass_context
def site_command(context: click.Context, build: Path, out: Path) -> None:
    """Build the site from executed notebooks: pages that need no server and no network."""
    from nbedition.site.build import build_site

    site = build_site(build, out, helps(context.find_root()))
    click.echo(f"{site.pages} pages, {site.size / 1e6:.1f} MB: open {site.place / 'index.html'}")


def helps(above: click.Context) -> dict[str, str]:
    """Return the help of every command of a group by its full name, as a terminal of 100 columns shows it."""
    found: dict[str, str] = {}
    group = above.command
    names = group.list_commands(above) if isinstance(group, click.Group) else []
    for name in names:
        if isinstance(group, click.Group) and (command := group.get_command(above, name)):
            full = f"{above.info_name} {name}"
            context = click.Context(command, info_name=full, max_content_width=100, terminal_width=100)
            found[full] = command.get_help(context)
            found |= helps(context)
    return found
