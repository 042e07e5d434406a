"""``ewppr simulate --depends``: what an option's total hangs on."""

from collections.abc import Hashable, Mapping, Sequence
from typing import Any

import click
import pandas as pd

from ewppr_lib.reform import Package, Span
from ewppr_lib.reform.assumptions import Assumptions
from ewppr_lib.reform.sensitivity import depends
from ewppr_lib.reform.simulate import TOTAL_UNITS
from nbedition.cli.tables import print_table, short_number

MOST_SHOWN = 8  # parameters an option; a file gets all
LEAST_SHOWN = 0.005  # total index
NOTE = """
Sobol indices over the ranges, with 95 % intervals: the share of the variance that a parameter explains alone, and
together with others. At the ends of its range the others are central. Yearly shocks are left out."""


def print_what_it_depends_on(packages: Sequence[Package], known: Assumptions, span: Span, measure: str) -> pd.DataFrame:
    """Print Sobol indices and what each parameter alone does, the strongest first; return them all."""
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
