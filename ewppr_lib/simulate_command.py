"""``ewppr simulate``."""

from pathlib import Path
from typing import Any

import click

from crossfoot.errors import RequestError
from nbedition.cli.tables import print_table, short_number


@click.command("simulate")
@click.option("--option", "names", multiple=True, metavar="NAME", help="Run this option; repeatable; all by default.")
@click.option(
    "--package", "files", multiple=True, type=click.Path(path_type=Path), help="Run a mix of your own (YAML)."
)
@click.option(
    "--set", "assignments", multiple=True, metavar="NAME=VALUE", help="Set a parameter, or draw it from LOW:HIGH."
)
@click.option("--draws", type=int, default=10_000, show_default=True, help="Monte Carlo draws.")
@click.option("--seed", type=int, default=0, show_default=True, help="Seed of the draws.")
@click.option("--years", default="2011:2020", show_default=True, metavar="A:B", help="First and last year.")
@click.option("--jobs", type=click.IntRange(1, 64), default=1, show_default=True, help="Threads.")
@click.option("--out", type=click.Path(path_type=Path, dir_okay=False), help="Write all totals and yearly means (CSV).")
@click.option("--depends", "measure", metavar="MEASURE", help="Say what this total depends on, instead of the totals.")
@click.option("--assumptions", "listed", is_flag=True, help="List the parameters with range and ground, and stop.")
def simulate_command(
    names: tuple[str, ...],
    files: tuple[Path, ...],
    assignments: tuple[str, ...],
    out: Path | None,
    measure: str | None,
    listed: bool,
    **span: Any,
) -> None:
    """Run the reform options with uncertainty: what each would cost and bring."""
    from ewppr_lib.reform.assumptions import assumptions, with_values

    known = with_values(assumptions(), _assigned(assignments))
    if listed:
        _list(known)
        return
    from crossfoot.text import read_yaml
    from ewppr_lib.depends_command import print_what_it_depends_on
    from ewppr_lib.reform import options, package_from
    from ewppr_lib.reform.outcome import MEASURES
    from ewppr_lib.reform.simulate import HEADLINE, Span, simulate
    from ewppr_lib.reform.summary import tables

    packages = options(names) if names or not files else []
    packages += [package_from(read_yaml(path), str(path)) for path in files]
    first, last = _years(span["years"])
    asked = Span(span["draws"], span["seed"], first, last)
    if out is not None:
        _writable(out)
    if measure is not None:
        _write(print_what_it_depends_on(packages, known, asked, measure), out)
        return
    measures = HEADLINE if out is None else (*MEASURES, "unsteadiness")
    found = tables(simulate(packages, known, asked, measures, span["jobs"], by_year=out is not None))
    _print(found[found["year"] == "all"], asked.draws)
    _write(found, out)


SHOWN = (
    ("cost", "cost"),
    ("investment", "investment"),
    ("tax", "tax"),
    ("jobs", "job-years"),
    ("households", "households"),
    ("fund_balance", "left in funds"),
    ("unsteadiness", "unsteadiness"),
    ("households_per_million", "households per million"),
)


def _print(found: Any, draws: int) -> None:
    """Print medians with the 5 to 95 % range, and below each option its Monte Carlo error."""
    rows = []
    for option, lines in found.groupby("option", sort=False):
        by_measure = lines.set_index("measure")
        cells, errors = [], []
        for measure, _ in SHOWN:
            line = by_measure.loc[measure]
            if line["low"] == line["high"] == 0:
                cells.append("0")
                errors.append("")
                continue
            cells.append(f"{short_number(line['median'])} [{short_number(line['low'])}, {short_number(line['high'])}]")
            errors.append(f"\u00b1{short_number(line['median_error'])}")
        rows += [(str(option), *cells), ("", *errors)]
    print_table(("option", *(head for _, head in SHOWN)), rows)
    click.echo(
        f"\nTotals over the years: median [5 %, 95 %] of {draws:,} draws, and the median's Monte Carlo error (three "
        "standard errors). Money in million yuan at current prices; investment, tax and jobs are additional."
    )


def _write(found: Any, out: Path | None) -> None:
    if out is not None:
        out.write_text(found.to_csv(index=False, float_format="%.10g", lineterminator="\n"), encoding="utf-8")
        click.echo(f"{len(found)} rows written to {out}", err=True)


def _list(known: Any) -> None:
    rows = []
    for record in known.values():
        ground = record.ground
        why = "; ".join(filter(None, (ground.source, ground.cells, ground.why)))
        ends = f"{record.low:g} to {record.high:g}" if record.low < record.high else ""
        drawn = record.distribution if record.role == "uncertain" else "set"
        rows.append(
            (record.name, f"{record.central:g}", ends, drawn, record.unit, ground.kind, f"{record.meaning}. {why}")
        )
    print_table(("name", "central", "range", "drawn", "unit", "ground", "meaning and why"), rows)


def _assigned(assignments: tuple[str, ...]) -> dict[str, Any]:
    values: dict[str, Any] = {}
    for text in assignments:
        name, equals, value = text.partition("=")
        if not equals or not name:
            raise RequestError(f"--set takes NAME=VALUE or NAME=LOW:HIGH, got '{text}'.")
        if name in values:
            raise RequestError(f"parameter '{name}' is set twice.")
        ends = [_number(part, text) for part in value.split(":")]
        if len(ends) > 2:
            raise RequestError(f"--set takes NAME=VALUE or NAME=LOW:HIGH, got '{text}'.")
        values[name] = ends[0] if len(ends) == 1 else ends
    return values


def _number(text: str, whole: str) -> float:
    try:
        return float(text)
    except ValueError:
        raise RequestError(f"--set takes numbers, got '{whole}'.") from None


def _years(text: str) -> tuple[int, int]:
    first, colon, last = text.partition(":")
    if not (colon and first.isascii() and first.isdigit() and last.isascii() and last.isdigit() and len(text) < 20):
        raise RequestError(f"--years takes FIRST:LAST such as 2011:2020, got '{text}'.")
    return int(first), int(last)


def _writable(out: Path) -> None:
    if out.suffix != ".csv":
        raise RequestError(f"--out writes CSV; a name that ends in .csv is expected, got '{out}'.")
    if not out.parent.is_dir():
        raise RequestError(f"the folder of '{out}' does not exist.")
