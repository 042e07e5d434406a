"""``ewppr site``."""

from pathlib import Path

import click

from ewppr_lib.cli.options import from_build


@click.command("site")
@from_build("Folder that `ewppr run --out` wrote to.")
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
    from ewppr_lib.runs.site.build import build_site

    group = context.find_root().command
    site = build_site(build, out, helps(group) if isinstance(group, click.Group) else {})
    click.echo(f"{site.pages} pages, {site.size / 1e6:.1f} MB: open {site.place / 'index.html'}")


def helps(group: click.Group, above: str = "ewppr") -> dict[str, str]:
    """Return the help of every command by its full name, as a terminal of 100 columns shows it."""
    found: dict[str, str] = {}
    for name, command in group.commands.items():
        full = f"{above} {name}"
        context = click.Context(command, info_name=full, max_content_width=100, terminal_width=100)
        found[full] = command.get_help(context)
        if isinstance(command, click.Group):
            found |= helps(command, full)
    return found
