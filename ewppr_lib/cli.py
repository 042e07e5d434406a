"""``ewppr``: the command line of `nbedition`, at home in this study, with ``ewppr simulate``."""

from __future__ import annotations

from collections.abc import Hashable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from crossfoot.errors import RequestError
from ewppr_lib import HOME
from nbedition import cli
from nbedition.cli.options import StudyCommand, print_table, say, short_number

if TYPE_CHECKING:
    import pandas as pd

    from ewppr_lib.reform import Package, Span
    from ewppr_lib.reform.assumptions import Assumptions

ABOUT = "Rerun, check and reuse the executable edition of the East-West Partnerships study."
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
MOST_SHOWN = 8  # parameters an option; a file gets all
LEAST_SHOWN = 0.005  # total index
NOTE = """
Sobol indices over the ranges, with 95 % intervals: the share of the variance that a parameter explains alone, and
together with others. At the ends of its range the others are central. Yearly shocks are left out."""

RANK_NOTE = """
Weights of the criteria are drawn, and each flow of money counts once; \u00b1: three standard errors. On one scale,
draws with little at stake weigh little. A use leads only where it does so in both."""


def main(arguments: list[str] | None = None) -> None:
    """Run ``ewppr``."""
    cli.main(arguments, "ewppr", ABOUT, HOME)


@click.command("simulate", cls=StudyCommand, example="simulate --preset observed --draws 1000")
@click.option("--option", "names", multiple=True, metavar="NAME", help="Run this option; repeatable; all by default.")
@click.option(
    "--package", "files", multiple=True, type=click.Path(path_type=Path), help="Run a mix of your own (YAML)."
)
@click.option(
    "--set", "assignments", multiple=True, metavar="NAME=VALUE", help="Set a parameter, or draw it from LOW:HIGH."
)
@click.option("--preset", default="edition", show_default=True, help="edition, observed or equal_additionality.")
@click.option("--aid-series", default="printed", show_default=True, help="Aid as printed, or the sum of its levels.")
@click.option("--draws", type=int, default=10_000, show_default=True, help="Monte Carlo draws.")
@click.option("--seed", type=int, default=0, show_default=True, help="Seed of the draws.")
@click.option("--years", default="2011:2020", show_default=True, metavar="A:B", help="First and last year.")
@click.option("--jobs", type=click.IntRange(1, 64), default=1, show_default=True, help="Threads.")
@click.option("--out", type=click.Path(path_type=Path, dir_okay=False), help="Write all totals and yearly means (CSV).")
@click.option("--depends", "measure", metavar="MEASURE", help="Say what this total depends on, instead of the totals.")
@click.option("--rank", "ranked", is_flag=True, help="Say how often each use of aid is best, instead of the totals.")
@click.option("--assumptions", "listed", is_flag=True, help="List the parameters with range and ground, and stop.")
def simulate_command(
    names: tuple[str, ...],
    files: tuple[Path, ...],
    assignments: tuple[str, ...],
    out: Path | None,
    measure: str | None,
    listed: bool,
    preset: Any,
    aid_series: Any,
    **span: Any,
) -> None:
    """Run the reform options with uncertainty: what each would cost and bring."""
    from ewppr_lib.reform.assumptions import assigned, assumptions, with_values

    known = with_values(assumptions(preset, aid_series), assigned(assignments, "--set"))
    if listed:
        _list(known)
        return
    from crossfoot.text import read_yaml
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
    if span["ranked"]:
        if names or files or measure:
            raise RequestError("--rank compares all uses of aid; --option, --package and --depends do not go with it.")
        _write(_print_ranks(known, asked), out)
        return
    if measure is not None:
        _write(print_what_it_depends_on(packages, known, asked, measure), out)
        return
    measures = HEADLINE if out is None else (*MEASURES, "unsteadiness")
    found = tables(simulate(packages, known, asked, measures, span["jobs"], by_year=out is not None))
    _print(found[found["year"] == "all"], asked.draws)
    _write(found, out)


@click.command("pair", cls=StudyCommand, example="pair Jiangsu Shaanxi")
@click.argument("donor")
@click.argument("recipient")
@click.option("--table", type=click.Path(path_type=Path), help="A pair ledger of your own (CSV), in the same columns.")
@click.option("--prices", type=click.Choice(["current", "constant"]), default="current", show_default=True)
@click.option("--out", type=click.Path(path_type=Path, dir_okay=False), help="Where the picture goes.")
def pair_command(donor: str, recipient: str, table: Path | None, prices: Any, out: Path | None) -> None:
    """Show what is held on one pair: a table, a picture, and the years that are missing."""
    from ewppr_lib import pair_report
    from nbedition.runs.whole import write_whole

    told = pair_report.report(pair_report.ledger(table), donor, recipient, prices)
    place = out or Path(f"{donor}-{recipient}.png".replace(" ", "_"))
    if place.suffix not in (".png", ".svg", ".pdf") or not place.parent.is_dir():
        raise RequestError(f"--out is a .png, .svg or .pdf in a folder that exists, got '{place}'.")
    print_table(told.head, told.rows)
    lacking = f"Years on the lists to {pair_report.LAST_ATTESTED} without an amount of their own: {told.missing}."
    click.echo(f"\n{pair_report.NOTE}\n{lacking}")
    if content := told.drawn(place.suffix[1:]):
        write_whole(place, content)
        say(f"picture written to {place}")


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


def _print_ranks(known: Any, span: Span) -> pd.DataFrame:
    """Print how often each use is best where nobody has said what matters more, and return that with its error."""
    from ewppr_lib.reform import OPTIONS, USES, ranking, simulate

    done = simulate([OPTIONS[name] for name in ("baseline", *USES)], known, span, ranking.KEPT)
    found = ranking.rank(done, USES).first
    percent = (found[["first", "error", "among_three", "first_one_scale"]] * 100).map("{:.1f}".format)
    head = ("use of aid", "best, % of draws", "\u00b1", "among the first three", "best, one scale over all draws")
    print_table(head, [(str(name), *row) for name, row in zip(percent.index, percent.to_numpy(), strict=True)])
    click.echo(RANK_NOTE)
    return found.reset_index()


def _write(found: Any, out: Path | None) -> None:
    if out is not None:
        from nbedition.runs.whole import write_whole

        write_whole(out, found.to_csv(index=False, float_format="%.10g", lineterminator="\n").encode())
        say(f"{len(found)} rows written to {out}")


def _list(known: Any) -> None:
    rows = []
    for record in known.values():
        ground = record.ground
        why = "; ".join(filter(None, (ground.source, ground.cells, ground.why)))
        ends = f"{record.low:g} to {record.high:g}" if record.low < record.high else ""
        drawn = f"as {record.same_as}" if record.same_as else record.distribution if record.drawn else "set"
        rows.append(
            (record.name, f"{record.central:g}", ends, drawn, record.unit, ground.kind, f"{record.meaning}. {why}")
        )
    print_table(("name", "central", "range", "drawn", "unit", "ground", "meaning and why"), rows)


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


def print_what_it_depends_on(packages: Sequence[Package], known: Assumptions, span: Span, measure: str) -> pd.DataFrame:
    """Print Sobol indices and what each parameter alone does, the strongest first; return them all."""
    import pandas as pd

    from ewppr_lib.reform.sensitivity import depends
    from ewppr_lib.reform.simulate import TOTAL_UNITS

    parts, rows = [], []
    for package in packages:
        found = depends(package, known, span, measure).reset_index()
        parts.append(found.assign(option=package.name, measure=measure))
        shown = found[found["total"] >= LEAST_SHOWN].head(MOST_SHOWN).to_dict("records")
        lines = [_line(record) for record in shown] or [("nothing that is drawn", "", "", "", "")]
        rows += [(package.name if number == 0 else "", *line) for number, line in enumerate(lines)]
    print_table(("option", "depends on", "alone", "with others", "range", f"{measure}, {TOTAL_UNITS[measure]}"), rows)
    click.echo(NOTE)
    return pd.concat(parts, ignore_index=True)


def _line(of: Mapping[Hashable, Any]) -> tuple[str, ...]:
    alone = f"{of['first']:.2f} \u00b1{of['first_error']:.2f}"
    together = f"{of['total']:.2f} \u00b1{of['total_error']:.2f}"
    ends = f"{short_number(of['at_low'])} to {short_number(of['at_high'])}"
    return str(of["parameter"]), alone, together, f"{of['low']:g} to {of['high']:g}", ends


if __name__ == "__main__":
    main()
