"""``nbedition run`` and ``nbedition params``."""

import itertools
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import click

from crossfoot.errors import RequestError
from nbedition.cli.options import out_folder, print_table


@click.command("run")
@click.argument("notebooks", nargs=-1, metavar="[NB]...")
@click.option("--set", "assignments", multiple=True, metavar="NAME=VALUE", help="Set a parameter; repeatable.")
@out_folder("build", "Folder to write to.")
@click.option("--jobs", type=click.IntRange(1, 64), default=1, show_default=True, help="Notebooks run at once.")
@click.option("--force", is_flag=True, help="Run also what has not changed since it was run.")
@click.option("--cold", is_flag=True, help="Start each kernel anew, and fork none from one that has imported all.")
def run_command(
    notebooks: tuple[str, ...], assignments: tuple[str, ...], out: Path, jobs: int, force: bool, cold: bool
) -> None:
    """Run notebooks (all, or those named by name, file or number) and write what they make."""
    from nbedition.kernels import driver
    from nbedition.notebooks.kernelspec import of_another_kernel
    from nbedition.runs import execute

    wanted = execute.asked_for(list(notebooks), assigned(assignments))
    count, ended = len(wanted), itertools.count(1)

    def report(result: Any) -> None:
        state = f"{'failed' if result.error else 'done'} in {result.seconds:.1f} s"
        if result.status == "unchanged":
            state = "unchanged, not run again (--force runs it)"
        click.echo(f"[{next(ended)}/{count}] {result.spec.notebook}: {state}", err=True)

    for said in of_another_kernel(spec.notebook for spec in wanted):
        click.echo(said, err=True)
    click.echo(f"running {count} notebook{'s' * (count != 1)} into {out}", err=True)
    warm = not cold and driver.pays_for(count)
    results = execute.run(wanted, out, jobs, report, force=force, warm=warm)
    rows = []
    for one in results:
        seconds = "-" if one.status == "unchanged" else f"{one.seconds:.1f}"
        rows.append((one.spec.notebook, seconds, str(len(one.figures)), str(len(one.results)), str(one.place)))
    print_table(("notebook", "seconds", "figures", "results", "where to look"), rows)
    execute.require_success(results)


@click.command("params")
@click.argument("notebook", required=False, metavar="[NB]")
def params_command(notebook: str | None) -> None:
    """List the parameters of a notebook, or of all."""
    from nbedition.notebooks.parameters import notebook_name, parameters
    from nbedition.project import notebooks

    chosen = [notebook_name(notebook)] if notebook else list(notebooks())
    rows = [
        (name, known.name, known.type, repr(known.default), known.range or "any", known.unit, known.meaning)
        for name in chosen
        for known in parameters(name)
    ]
    print_table(("notebook", "name", "type", "default", "range", "unit", "meaning"), rows)


def assigned(assignments: Sequence[str]) -> dict[str, str]:
    """Return parameters given as NAME=VALUE, as text by name."""
    values: dict[str, str] = {}
    for text in assignments:
        name, equals, value = text.partition("=")
        if not equals or not name:
            raise RequestError(f"--set takes NAME=VALUE, got '{text}'.")
        if name in values:
            raise RequestError(f"parameter '{name}' is set twice.")
        values[name] = value
    return values
