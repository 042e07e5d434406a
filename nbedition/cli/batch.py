"""``nbedition batch``, ``nbedition results`` and ``nbedition why``."""

from collections.abc import Sequence
from functools import partial
from itertools import islice
from pathlib import Path
from typing import Any

import click

from crossfoot.errors import CheckFailed, RequestError, in_one_line
from nbedition.cli.options import (
    StudyCommand,
    completed,
    form,
    level,
    notebook_names,
    print_json,
    print_table,
    say,
    settable,
)
from nbedition.project import program

ROWS_SHOWN = 5
SECONDS_A_RUN = 0.2  # where nothing has been measured yet


parameter = partial(click.option, multiple=True, shell_complete=completed(settable))


@click.command("batch", cls=StudyCommand, example="batch --sweep sweep.yml --out surface --jobs 4")
@click.argument("notebook", required=False, metavar="[NB]", shell_complete=completed(notebook_names))
@parameter("--grid", "grids", metavar="NAME=VALUES", help="V1,V2 or LO:HI:N; repeatable.")
@parameter("--set", "assignments", metavar="NAME=VALUE", help="A parameter that stays the same.")
@click.option("--sweep", type=click.Path(path_type=Path), help="A sweep file (YAML) instead; see docs/batches.md.")
@click.option("--out", type=click.Path(path_type=Path, file_okay=False), required=True, help="The batch's folder.")
@click.option("--jobs", type=click.IntRange(1, 256), help="Runs in flight; the processors, one more if warm.")
@click.option("--timeout", type=click.FloatRange(min=0, min_open=True), help="Seconds that a run may take.")
@click.option("--retry-failed", is_flag=True, help="Make failed runs again, too.")
@click.option("--pictures", is_flag=True, help="Draw the figures; else they leave the digests of their data alone.")
@click.option("--cold", is_flag=True, help="Plain kernels: slower, same results.")
@click.option("--no-memo", is_flag=True, help="Let each run do all of its work: slower, same results.")
@click.option("--dask", metavar="ADDRESS|local:N", help="Make the runs on a Dask cluster.")
@click.option("--dry-run", is_flag=True, help="Count and show the first runs; make none.")
@click.option("--yes", is_flag=True, help="Yes, a million runs or more.")
@form
def batch_command(
    notebook: str | None, grids: tuple[str, ...], assignments: tuple[str, ...], sweep: Path | None, **options: Any
) -> None:
    """Run a notebook for every combination of parameters; what is done already is not done again."""
    if options["dask"]:
        from nbedition.runs.dask import require_answer

        require_answer(options["dask"])
    from nbedition.runs.sweep import require_meant

    sweeps = _sweeps(notebook, grids, assignments, sweep, yes=options["yes"])
    if not options["pictures"]:
        sweeps = [sweep.without_pictures() for sweep in sweeps]
    require_meant(sweeps, yes=options["yes"])
    if options["dry_run"]:
        _show(sweeps, options["out"], options["form"])
    else:
        _make(sweeps, options)


@click.command("results", cls=StudyCommand, example="results surface --out surface.parquet")
@click.argument("folder", type=click.Path(path_type=Path))
@click.option("--out", type=click.Path(path_type=Path, dir_okay=False), help="A .csv or .parquet file; else CSV here.")
@click.option("--latex", is_flag=True, help="Macros and booktabs tables instead; --out then names a .tex file.")
@click.option("--format", "form", type=click.Choice(["csv", "json"]), default="csv", show_default=True)
def results_command(folder: Path, out: Path | None, latex: bool, form: str) -> None:
    """Give the results of a batch as one table: one row for each result of each run.

    Exit code 1, after the table: runs that were asked for are not in it.
    """
    from nbedition.runs import results as table
    from nbedition.runs.journal import BATCH, Folder

    if form == "json" and (latex or out):
        raise RequestError("--format json prints the table; --out and --latex do not go with it.")
    if latex:
        from nbedition.cite.latex import latex_of, write_latex

        click.echo(write_latex(folder, out) if out else latex_of(folder), nl=out is not None)
    elif form == "json":
        click.echo(
            table.table(Folder(folder)).to_json(orient="records", indent=1, force_ascii=False, double_precision=15)
        )
    elif out is None:
        from crossfoot.text import for_spreadsheets

        shown = table.table(Folder(folder)).map(for_spreadsheets)
        click.echo(shown.to_csv(index=False, lineterminator="\n"), nl=False)
    else:
        click.echo(f"{table.write_results(folder, out)} results written to {out}")
    if (folder / BATCH).is_file() and (lacking := Folder(folder).lacking()):
        raise CheckFailed(f"{lacking}.")


@click.command("why", cls=StudyCommand, example="why surface")
@click.argument("folder", type=click.Path(path_type=Path))
@click.argument("run", required=False)
@form
def why_command(folder: Path, run: str | None, form: str) -> None:
    """Say what has changed since the runs of a folder, or one of them, were made."""
    from nbedition.runs.why import compared, why

    if form == "json":
        print_json(compared(folder, run))
        return
    click.echo("\n".join(map(in_one_line, why(folder, run))))


def _sweeps(
    notebook: str | None, grids: Sequence[str], assignments: Sequence[str], sweep: Path | None, *, yes: bool
) -> list[Any]:
    from nbedition.cli.run import assigned
    from nbedition.runs.sweep import grid_sweep, read_sweeps

    if sweep is not None:
        if notebook or grids or assignments:
            raise RequestError("--sweep names notebooks and parameters itself; NB, --grid and --set do not go with it.")
        return list(read_sweeps(sweep, yes=yes))
    if notebook is None:
        raise RequestError("name a notebook with --grid, or a sweep file with --sweep.")
    if not grids:
        raise RequestError(f"nothing varies; add --grid NAME=LO:HI:N, or use: {program()} run {notebook}.")
    return [grid_sweep(notebook, grids, assigned(assignments), yes=yes)]


def _show(sweeps: list[Any], out: Path, form: str) -> None:
    from nbedition.notebooks.provenance import Environment
    from nbedition.runs.batch import duration
    from nbedition.runs.journal import Folder
    from nbedition.runs.sweep import make_plan

    plan = make_plan(sweeps, Environment())
    known = Folder(out).latest()
    missing = [key for key in plan.keys if known.get(key, {}).get("status") != "done"]
    first = list(islice(plan.specs(), ROWS_SHOWN))
    pace = Folder(out).pace()
    seconds = len(missing) * (pace or SECONDS_A_RUN)
    if form == "json":
        runs = [{"run": one.key, "notebook": one.notebook, "parameters": dict(one.parameters)} for one in first]
        count = {"asked": len(plan.keys), "missing": len(missing), "seconds": round(seconds), "measured": bool(pace)}
        print_json({**count, "first": runs})
        return
    given = [", ".join(f"{name}={value}" for name, value in one.parameters.items()) for one in first]
    print_table(
        ("run", "notebook", "parameters"),
        [(one.key, one.notebook, said) for one, said in zip(first, given, strict=True)],
    )
    basis = "as measured in this folder" if pace else "a guess, nothing is measured in this folder yet"
    click.echo(f"{len(plan.keys)} runs, {len(missing)} to be made: about {duration(seconds)} ({basis})")


def _make(sweeps: list[Any], options: dict[str, Any]) -> None:
    from nbedition.notebooks.kernelspec import of_another_kernel
    from nbedition.notebooks.parameters import notebook_name
    from nbedition.runs.batch import BatchOptions, require_success, run_batch

    for said in of_another_kernel({notebook_name(name) for sweep in sweeps for name in sweep.notebooks}):
        say(said)
    told = {name: options[name] for name in ("jobs", "timeout", "dask", "retry_failed")}
    told |= {"warm": not options["cold"], "memo": not options["no_memo"], "progress": level() == 0}
    summary = run_batch(sweeps, options["out"], BatchOptions(**told))
    if options["form"] == "json":
        counts = {"asked": summary.asked, "before": summary.before, "done": summary.done, "failed": summary.failed}
        print_json({**counts, "folder": str(options["out"])})
    elif summary.untouched:
        say(f"all {summary.asked} runs are done; nothing to do")
    else:
        made = f"{summary.before} done before, {summary.done} now, {summary.failed} failed"
        say(f"{summary.asked} runs: {made}")
    require_success(summary, options["out"])
