"""``nbedition data``."""

import click

from crossfoot.errors import in_lines, in_one_line
from nbedition.cli.options import StudyCommand, completed, form, print_json, print_rows


@click.group("data")
def data_group() -> None:
    """List, show and check the edition's data sets."""


def _names(_context: click.Context) -> list[str]:
    from nbedition.data.datasets import datasets

    return list(datasets())


@data_group.command("list", cls=StudyCommand, example="data list")
@form
def data_list(form: str) -> None:
    """List the data sets: name, file, sources and title."""
    from nbedition.data.datasets import datasets

    rows = [
        {"name": one.name, "file": f"data/{one.file}", "sources": one.sources, "title": one.title}
        for one in datasets().values()
    ]
    print_rows(rows, ("name", "file", "sources", "title"), form)


@data_group.command("show", cls=StudyCommand, example="data show funding --csv > mine.csv")
@click.argument("name", shell_complete=completed(_names))
@click.option("--csv", "as_csv", is_flag=True, help="Print as CSV, the form that a table of your own takes.")
@form
def data_show(name: str, as_csv: bool, form: str) -> None:
    """Print a data set with the units of its columns and its sources."""
    from nbedition import data

    frame = data.load(name)
    if form == "json":
        import json

        rows = frame.reset_index() if frame.index.name else frame
        cells = json.loads(rows.to_json(orient="records", date_format="iso", double_precision=15))
        print_json(
            {"name": name, "units": frame.attrs["units"], "sources": list(frame.attrs["sources"]), "rows": cells}
        )
        return
    if as_csv:
        click.echo(frame.to_csv(index=frame.index.name is not None, lineterminator="\n"), nl=False)
        return
    click.echo(in_lines(frame.to_string()))
    units = sorted({unit for unit in frame.attrs["units"].values() if unit != "text"})
    known = data.sources()
    click.echo(in_lines(f"\nunits: {', '.join(units)}"))
    for source in frame.attrs["sources"]:
        click.echo(in_one_line(f"source {source}: {known[source].by}. {known[source].title}. {known[source].place}."))


@data_group.command("check", cls=StudyCommand, example="data check")
def data_check() -> None:
    """Load every data set, apply every correction and look up every source."""
    from nbedition import data

    lines = data.check()
    click.echo("\n".join(map(in_one_line, lines)))
    click.echo(
        f"{len(lines)} data sets, {len(data.sources())} sources, {len(data.corrections())} corrections: all hold"
    )
