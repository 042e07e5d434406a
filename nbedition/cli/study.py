"""``nbedition init``, ``release`` and ``site``: a study begun, handed on and shown."""

from pathlib import Path

import click
from click.core import ParameterSource

import nbedition
from crossfoot.errors import RequestError
from nbedition.cli.options import StudyCommand, from_build, out_folder, say
from nbedition.project import program, project

FORMS = ("aea", "worldbank")  # of the README of an archive: which data editors ask for it so


@click.command("init", cls=StudyCommand, example="init my-study")
@click.argument("folder", type=click.Path(path_type=Path), metavar="DIR")
def init_command(folder: Path) -> None:
    """Start a study of your own in a new folder: tables, claims and notebooks, with a small example."""
    from nbedition.new_study import new_study

    files = new_study(folder)
    click.echo(f"{len(files)} files written; next: cd {folder} && {program()} run")


@click.command("release", cls=StudyCommand, example="release --out archive.zip")
@from_build("Folder of `run`; what is missing or out of date in it is run.")
@click.option("--out", type=click.Path(path_type=Path, dir_okay=False), help="The archive; else NAME-VERSION.zip here.")
@click.option("--form", type=click.Choice(FORMS), default=FORMS[0], show_default=True, help="Form of the README.")
@click.option("--clock", is_flag=True, help="Say when each notebook ran; a second run then differs.")
def release_command(build: Path, out: Path | None, form: str, *, clock: bool) -> None:
    """Write one archive of everything: notebooks, figures, results, data, code, and what describes them."""
    named = click.get_current_context().get_parameter_source("build") is ParameterSource.COMMANDLINE
    if named and not next(build.glob("*/run.json"), None):  # a folder that is not named is made, with its runs
        raise RequestError(f"{build} holds no runs; if it is the right folder, run: {program()} run --out {build}")
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
        say(f"{result.spec.notebook}: {state}")

    files = members(collect(build, report), form, clock=clock)
    write_archive(files, target)
    click.echo(f"{len(files)} files written to {target}; check it anywhere with: {program()} verify {target}")


@click.command("site", cls=StudyCommand, example="site --from build --out build/site")
@from_build("Folder that `run --out` wrote to.")
@out_folder("build/site", "Folder of the site.")
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
