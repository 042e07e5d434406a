"""``nbedition batch``, ``nbedition results`` and ``nbedition why``."""

from collections.abc import Sequence
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import click

from crossfoot.errors import RequestError
from nbedition.cli.tables import print_table
from nbedition.project import program

ROWS_SHOWN = 5
SECONDS_A_RUN = 0.2  # where nothing has been measured yet


@click.command("batch")
@click.argument("notebook", required=False, metavar="[NB]")
@click.option("--grid", "grids", multiple=True, metavar="NAME=VALUES", help="V1,V2 or LO:HI:N; repeatable.")
@click.option("--set", "assignments", multiple=True, metavar="NAME=VALUE", help="A parameter that stays the same.")
@click.option("--sweep", type=click.Path(path_type=Path), help="A sweep file (YAML) instead; see docs/batches.md.")
@click.option("--out", type=click.Path(path_type=Path, file_okay=False), required=True, help="The batch's folder.")
@click.option("--jobs", type=click.IntRange(1, 256), help="Runs in flight; the processors, one more if warm.")
@click.option("--timeout", type=click.FloatRange(min=0, min_open=True), help="Seconds that a run may take.")
@click.option("--retry-failed", is_flag=True, help="Make failed runs again, too.")
@click.option("--pictures", is_flag=True, help="Draw the figures; else they leave the digests of their data alone.")
@click.option("--cold", is_flag=True, help="Plain kernels: slower, same results.")
@click.option("--dask", metavar="ADDRESS|local:N", help="Make the runs on a Dask cluster.")
@click.option("--dry-run", is_flag=True, help="Count and show the first runs; make none.")
@click.option("--yes", is_flag=True, help="Yes, a million runs or more.")
def batch_command(
    notebook: str | None, grids: tuple[str, ...], assignments: tuple[str, ...], sweep: Path | None, **options: Any
) -> None:
    """Run a notebook for every combination of parameters; what is done already is not done again."""
    from nbedition.notebooks.provenance import Environment
    from nbedition.runs.address import require_answer
    from nbedition.runs.planning import require_meant

    if options["dask"]:
        require_answer(options["dask"])
    sweeps = _sweeps(notebook, grids, assignments, sweep)
    if not options["pictures"]:
        sweeps = [sweep.without_pictures() for sweep in sweeps]
    require_meant(sweeps, yes=options["yes"])
    environment = Environment()
    if options["dry_run"]:
        _show(sweeps, environment, options["out"])
    else:
        _carry_out(sweeps, environment, options)


@click.command("results")
@click.argument("folder", type=click.Path(path_type=Path))
@click.option("--out", type=click.Path(path_type=Path, dir_okay=False), help="A .csv or .parquet file; else CSV here.")
@click.option("--latex", is_flag=True, help="Macros and booktabs tables instead; --out then names a .tex file.")
def results_command(folder: Path, out: Path | None, latex: bool) -> None:
    """Give the results of a batch as one table: a row a recorded result of a run."""
    from nbedition.runs import results as table

    if latex:
        from nbedition.cite.latex import latex_of, write_latex

        click.echo(write_latex(folder, out) if out else latex_of(folder), nl=out is not None)
        return
    if out is None:
        click.echo(table.results(folder).to_csv(index=False, lineterminator="\n"), nl=False)
        return
    rows = table.write_results(folder, out)
    click.echo(f"{rows} results written to {out}")


@click.command("why")
@click.argument("folder", type=click.Path(path_type=Path))
@click.argument("run", required=False)
def why_command(folder: Path, run: str | None) -> None:
    """Say what has changed since the runs of a folder, or one of them, were made."""
    from nbedition.runs.why import why

    click.echo("\n".join(why(folder, run)))


def _sweeps(notebook: str | None, grids: Sequence[str], assignments: Sequence[str], sweep: Path | None) -> list[Any]:
    from nbedition.cli.run import assigned
    from nbedition.runs.sweep import grid_sweep, read_sweeps

    if sweep is not None:
        if notebook or grids or assignments:
            raise RequestError("--sweep names notebooks and parameters itself; NB, --grid and --set do not go with it.")
        return list(read_sweeps(sweep))
    if notebook is None:
        raise RequestError("name a notebook with --grid, or a sweep file with --sweep.")
    if not grids:
        raise RequestError(f"nothing varies; add --grid NAME=LO:HI:N, or use: {program()} run {notebook}.")
    return [grid_sweep(notebook, grids, assigned(assignments))]


def _show(sweeps: list[Any], environment: Any, out: Path) -> None:
    from nbedition.runs.journal import Folder
    from nbedition.runs.planning import make_plan
    from nbedition.runs.progress import duration

    plan = make_plan(sweeps, environment)
    known = Folder(out).latest()
    missing = [key for key in plan.keys if known.get(key, {}).get("status") != "done"]
    rows = []
    for request in plan.requests():
        given = ", ".join(f"{name}={value}" for name, value in request.given.items())
        rows.append((request.key, request.notebook, given))
        if len(rows) == ROWS_SHOWN:
            break
    print_table(("run", "notebook", "parameters"), rows)
    pace = Folder(out).pace()
    basis = "as measured in this folder" if pace else "a guess, nothing is measured in this folder yet"
    seconds = len(missing) * (pace or SECONDS_A_RUN)
    click.echo(f"{len(plan.keys)} runs, {len(missing)} to be made: about {duration(seconds)} ({basis})")


def _carry_out(sweeps: list[Any], environment: Any, options: dict[str, Any]) -> None:
    from nbedition.kernels import driver
    from nbedition.runs import planning
    from nbedition.runs.journal import Folder

    folder = Folder(options["out"])
    finished = folder.finished(planning.asked(sweeps))
    if finished:
        click.echo(f"all {finished} runs are done; nothing to do", err=True)
        return
    if not options["cold"] and not options["dask"]:
        driver.begin()  # it gets ready while this process does
    plan = planning.make_plan(sweeps, environment)
    from nbedition.runs import batch
    from nbedition.runs.progress import Bar

    folder.prepare()
    with folder.held(), ExitStack() as stack:
        how = _how(options, stack)
        folder.ask(plan.keys, {"asked": planning.asked(sweeps), "files": environment.files(), "tables": plan.tables})
        bar = stack.enter_context(Bar(len(plan.keys)))
        tally = batch.run_batch(plan, folder, how, bar, retry_failed=options["retry_failed"])
        folder.finish(tally.done, bar.seconds, complete=not tally.failed)
    click.echo(f"{tally.asked} runs: {tally.before} done before, {tally.done} now, {tally.failed} failed", err=True)
    batch.require_success(tally, folder.place)


def _how(options: dict[str, Any], stack: ExitStack) -> Any:
    from nbedition.kernels import driver
    from nbedition.runs import batch

    warm = not options["cold"]
    if warm and not driver.possible():
        click.echo("kernels cannot be forked on this system: plain ones are used, with the same results", err=True)
        warm = False
    jobs = options["jobs"] or batch.usual_jobs(warm=warm)
    if not options["dask"]:
        return batch.How(jobs, warm, options["timeout"])
    from nbedition.runs import dask as cluster

    executor, threads = stack.enter_context(cluster.cluster(options["dask"], jobs, warm=warm))
    return batch.How(threads, warm, options["timeout"], executor, cluster.remote, cluster.worker_lost())
