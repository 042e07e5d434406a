"""``nbedition data``."""

import click

from crossfoot.errors import in_lines, in_one_line
from nbedition.cli.options import print_table


@click.group("data")
def data_group() -> None:
    """List, show and check the edition's data sets."""


@data_group.command("list")
def data_list() -> None:
    """List the data sets: name, file, sources and title."""
    from nbedition.data.datasets import datasets

    rows = [(d.name, f"data/{d.file}", ", ".join(d.sources), d.title) for d in datasets().values()]
    print_table(("name", "file", "sources", "title"), rows)


@data_group.command("show")
@click.argument("name")
@click.option("--csv", "as_csv", is_flag=True, help="Print as CSV, the form that a table of your own takes.")
def data_show(name: str, as_csv: bool) -> None:
    """Print a data set with the units of its columns and its sources."""
    from nbedition import data

    frame = data.load(name)
    if as_csv:
        click.echo(frame.to_csv(index=frame.index.name is not None, lineterminator="\n"), nl=False)
        return
    click.echo(in_lines(frame.to_string()))
    units = sorted({unit for unit in frame.attrs["units"].values() if unit != "text"})
    known = data.sources()
    click.echo(in_lines(f"\nunits: {', '.join(units)}"))
    for source in frame.attrs["sources"]:
        click.echo(in_one_line(f"source {source}: {known[source].by}. {known[source].title}. {known[source].place}."))


@data_group.command("check")
def data_check() -> None:
    """Load every data set, apply every correction and look up every source."""
    from nbedition import data

    lines = data.check()
    click.echo("\n".join(map(in_one_line, lines)))
    click.echo(
        f"{len(lines)} data sets, {len(data.sources())} sources, {len(data.corrections())} corrections: all hold"
    )
