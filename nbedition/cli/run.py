"""``nbedition run`` and ``nbedition params``."""

import itertools
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

import click

from crossfoot.errors import RequestError
from nbedition.cli.options import (
    StudyCommand,
    completed,
    form,
    notebook_names,
    out_folder,
    print_json,
    print_rows,
    say,
    settable,
)


@click.command("run", cls=StudyCommand, example="run 01 --out build")
@click.argument("notebooks", nargs=-1, metavar="[NB]...", shell_complete=completed(notebook_names))
@click.option(
    "--set",
    "assignments",
    multiple=True,
    metavar="NAME=VALUE",
    help="Set a parameter; repeatable.",
    shell_complete=completed(settable),
)
@out_folder("build", "Folder to write to.")
@click.option("--jobs", type=click.IntRange(1, 64), default=1, show_default=True, help="Notebooks run at once.")
@click.option("--force", is_flag=True, help="Run also what has not changed since it was run.")
@click.option("--cold", is_flag=True, help="Start each kernel anew, and fork none from one that has imported all.")
@click.option("--dry-run", is_flag=True, help="Say what would be run and what is unchanged; run nothing.")
@form
def run_command(
    notebooks: tuple[str, ...],
    assignments: tuple[str, ...],
    out: Path,
    jobs: int,
    force: bool,
    cold: bool,
    dry_run: bool,
    form: str,
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
        say(f"[{next(ended)}/{count}] {result.spec.notebook}: {state}")

    for said in of_another_kernel(spec.notebook for spec in wanted):
        say(said)
    if dry_run:
        would = [
            {
                "notebook": spec.notebook,
                "parameters": dict(spec.parameters),
                "state": "unchanged" if not force and execute.unchanged(spec, out) else "to be run",
            }
            for spec in execute.keyed(wanted)
        ]
        print_rows(would, ("notebook", "state"), form)
        return
    say(f"running {count} notebook{'s' * (count != 1)} into {out}")
    warm = not cold and driver.pays_for(count)
    results = execute.run(wanted, out, jobs, report, force=force, warm=warm)
    rows = [
        {
            "notebook": one.spec.notebook,
            "status": one.status,
            "seconds": None if one.status == "unchanged" else round(one.seconds, 1),
            "figures": len(one.figures),
            "results": len(one.results),
            "where to look": str(one.place),
            "error": one.error,
        }
        for one in results
    ]
    print_rows(rows, ("notebook", "seconds", "figures", "results", "where to look"), form)
    execute.require_success(results)


@click.command("params", cls=StudyCommand, example="params 01")
@click.argument("notebook", required=False, metavar="[NB]", shell_complete=completed(notebook_names))
@form
def params_command(notebook: str | None, form: str) -> None:
    """List the parameters of a notebook, or of all."""
    from nbedition.notebooks.parameters import notebook_name, parameters
    from nbedition.project import notebooks

    chosen = [notebook_name(notebook)] if notebook else list(notebooks())
    rows = [{"notebook": name, **asdict(known)} for name in chosen for known in parameters(name)]
    if form == "json":
        print_json(rows)
        return
    shown = [{**row, "default": repr(row["default"]), "range": row["range"] or "any"} for row in rows]
    print_rows(shown, ("notebook", "name", "type", "default", "range", "unit", "meaning"), form)


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
