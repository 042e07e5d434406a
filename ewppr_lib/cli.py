"""The command line: ``ewppr``. Heavy parts are imported by the commands that need them."""

import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import click

from ewppr_lib import __version__
from ewppr_lib.errors import EwpprError, RequestError

CONTEXT = {"help_option_names": ["-h", "--help"], "max_content_width": 110}


@click.group(context_settings=CONTEXT)
@click.version_option(__version__, prog_name="ewppr")
def cli() -> None:
    """Rerun, check and reuse the executable edition of the East-West Partnerships study."""


@cli.command("run")
@click.argument("notebooks", nargs=-1, metavar="[NB]...")
@click.option("--set", "assignments", multiple=True, metavar="NAME=VALUE", help="Set a parameter; repeatable.")
@click.option(
    "--out",
    type=click.Path(path_type=Path, file_okay=False),
    default=Path("build"),
    show_default=True,
    help="Folder to write to.",
)
@click.option("--jobs", type=click.IntRange(1, 64), default=1, show_default=True, help="Notebooks run at once.")
def run_command(notebooks: tuple[str, ...], assignments: tuple[str, ...], out: Path, jobs: int) -> None:
    """Run notebooks (all, or those named by name, file or number) and write what they make."""
    from ewppr_lib.runs.plan import plan

    wanted = plan(list(notebooks), _assigned(assignments))
    from ewppr_lib.runs import execute

    count = len(wanted)
    done: list[str] = []

    def report(outcome: execute.Outcome) -> None:
        done.append(outcome.notebook)
        state = "failed" if outcome.error else "done"
        click.echo(f"[{len(done)}/{count}] {outcome.notebook}: {state} in {outcome.seconds:.1f} s", err=True)

    click.echo(f"running {count} notebook{'s' * (count != 1)} into {out}", err=True)
    outcomes = execute.run(wanted, out, jobs, report)
    _table(
        ("notebook", "seconds", "figures", "results", "where to look"),
        [(o.notebook, f"{o.seconds:.1f}", str(o.figures), str(o.results), str(o.place)) for o in outcomes],
    )
    execute.require_success(outcomes)


@cli.command("params")
@click.argument("notebook", required=False, metavar="[NB]")
def params_command(notebook: str | None) -> None:
    """List the parameters of a notebook, or of all."""
    from ewppr_lib.data.edition import notebooks
    from ewppr_lib.runs.parameters import notebook_name, parameters

    chosen = [notebook_name(notebook)] if notebook else list(notebooks())
    rows = [
        (name, known.name, known.type, repr(known.default), known.range or "any", known.unit, known.meaning)
        for name in chosen
        for known in parameters(name)
    ]
    _table(("notebook", "name", "type", "default", "range", "unit", "meaning"), rows)


@cli.group("data")
def data_group() -> None:
    """List, show and check the edition's data sets."""


@data_group.command("list")
def data_list() -> None:
    """List the data sets: name, file, sources and title."""
    from ewppr_lib.data.datasets import DATASETS

    rows = [(d.name, f"data/{d.file}", ", ".join(d.sources), d.title) for d in DATASETS.values()]
    _table(("name", "file", "sources", "title"), rows)


@data_group.command("show")
@click.argument("name")
@click.option("--csv", "as_csv", is_flag=True, help="Print as CSV, the form that a table of your own takes.")
def data_show(name: str, as_csv: bool) -> None:
    """Print a data set with the units of its columns and its sources."""
    from ewppr_lib import data

    frame = data.load(name)
    if as_csv:
        click.echo(frame.to_csv(index=frame.index.name is not None, lineterminator="\n"), nl=False)
        return
    click.echo(frame.to_string())
    units = sorted({unit for unit in frame.attrs["units"].values() if unit != "text"})
    known = data.sources()
    click.echo(f"\nunits: {', '.join(units)}")
    for source in frame.attrs["sources"]:
        click.echo(f"source {source}: {known[source].producer}. {known[source].title}. {known[source].place}.")


@data_group.command("check")
def data_check() -> None:
    """Load every data set, apply every correction and look up every source."""
    from ewppr_lib import data

    lines = data.check()
    click.echo("\n".join(lines))
    click.echo(
        f"{len(lines)} data sets, {len(data.sources())} sources, {len(data.corrections())} corrections: all hold"
    )


def _assigned(assignments: tuple[str, ...]) -> dict[str, str]:
    values: dict[str, str] = {}
    for text in assignments:
        name, equals, value = text.partition("=")
        if not equals or not name:
            raise RequestError(f"--set takes NAME=VALUE, got '{text}'.")
        if name in values:
            raise RequestError(f"parameter '{name}' is set twice.")
        values[name] = value
    return values


def _table(head: tuple[str, ...], rows: Sequence[tuple[str, ...]]) -> None:
    widths = [max(len(row[i]) for row in [head, *rows]) for i in range(len(head) - 1)]
    for row in [head, *rows]:
        cells = [cell.ljust(width) for cell, width in zip(row, widths, strict=False)]
        click.echo("  ".join([*cells, row[-1]]))


def main(arguments: list[str] | None = None) -> Any:
    """Run the command line; errors raised on purpose become one sentence and an exit code."""
    try:
        cli(arguments, standalone_mode=False)
    except EwpprError as error:
        click.echo(f"ewppr: {error}", err=True)
        sys.exit(error.exit_code)
    except click.exceptions.NoArgsIsHelpError as error:
        click.echo(error.format_message(), err=True)
        sys.exit(2)
    except click.ClickException as error:
        click.echo(f"ewppr: {error.format_message()}", err=True)
        sys.exit(2)
    except click.Abort:
        click.echo("ewppr: interrupted.", err=True)
        sys.exit(130)
    except BrokenPipeError:
        sys.stderr.close()
        sys.exit(0)


if __name__ == "__main__":
    main()
