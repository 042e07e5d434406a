"""``ewppr run`` and ``ewppr params``."""

from pathlib import Path

import click

from ewppr_lib.cli.tables import print_table
from ewppr_lib.errors import RequestError


@click.command("run")
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
    print_table(
        ("notebook", "seconds", "figures", "results", "where to look"),
        [(o.notebook, f"{o.seconds:.1f}", str(o.figures), str(o.results), str(o.place)) for o in outcomes],
    )
    execute.require_success(outcomes)


@click.command("params")
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
    print_table(("notebook", "name", "type", "default", "range", "unit", "meaning"), rows)


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
