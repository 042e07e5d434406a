"""``nbedition audit``."""

from collections import Counter
from collections.abc import Sequence
from itertools import groupby
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from crossfoot.cli import check, reading_options
from crossfoot.errors import RequestError, in_lines
from nbedition.cli.options import StudyCommand

if TYPE_CHECKING:
    from nbedition.claims import Judgement


@click.command("audit", cls=StudyCommand, example="audit --only contradicted")
@click.option(
    "--only", type=click.Choice(["reproduced", "reading", "contradicted", "unchecked"]), help="List one verdict."
)
@click.option("--table", type=click.Path(path_type=Path), help="Check this table of yours (CSV), not the study.")
@click.option("--relations", type=click.Path(path_type=Path), help="What should hold in it (YAML).")
@click.option("--suggest", is_flag=True, help="Propose what should hold in it, as a relations file.")
@reading_options
@click.option("--format", "form", type=click.Choice(["text", "json", "csv"]), default="text", show_default=True)
def audit_command(
    only: str | None, table: Path | None, relations: Path | None, suggest: bool, form: str, **reading: Any
) -> None:
    """Judge the study's claims, or check a table of your own; exit code 1 when its relations fail."""
    if table is None and (relations or suggest or any(reading.values())):
        raise RequestError("--relations, --suggest, --decimal, --parentheses and --counts go with --table.")
    if table is None:
        from nbedition import claims

        report = ledger_report(claims.audit(), claims.SHORT[only] if only else None, form)
        click.echo(in_lines(report) if form == "text" else report)
        return
    if only or (relations is None) == (not suggest):
        raise RequestError("--table goes with either --relations FILE or --suggest, and not with --only.")
    check(table, relations, form, suggest=suggest, **reading)


def ledger_report(judged: "Sequence[Judgement]", only: str | None, form: str) -> str:
    """Return the judgements on the study's claims as text, JSON or CSV.

    `judged`: all judgements; `only`: verdict to list; by default text counts all verdicts and lists the contradicted
    claims, those that change a conclusion first, JSON and CSV hold every claim; `form`: ``"text"``, ``"json"`` or
    ``"csv"``.
    """
    from crossfoot.report import records_text
    from nbedition.claims import CONTRADICTED, as_records, gravest_first

    chosen = [found for found in judged if only in (None, found.verdict)]
    if form != "text":
        return records_text(as_records(chosen), form)
    listed = gravest_first([found for found in judged if found.verdict == (only or CONTRADICTED)])
    if only:
        return "\n".join(_line(found) for found in listed)
    lines = _counted(judged)
    for severity, group in groupby(listed, key=lambda found: found.claim.severity):
        changes = f", and changes a {severity}" if severity else ""
        lines += ["", f"Contradicted{changes}:", *(_line(found) for found in group)]
    return "\n".join(lines)


def _counted(judged: "Sequence[Judgement]") -> list[str]:
    from nbedition.claims import OUTSIDE_VERDICTS, VERDICTS

    inside = Counter(found.verdict for found in judged)
    outside = Counter(found.outside for found in judged)
    lines = [f"{len(judged)} claims; by the study's own figures:"]
    lines += [f"  {inside[verdict]:4} {verdict}" for verdict in VERDICTS]
    lines += ["by outside figures:"]
    return lines + [f"  {outside[verdict]:4} {verdict}" for verdict in OUTSIDE_VERDICTS]


def _line(found: "Judgement") -> str:
    claim = found.claim
    return f"{claim.id} ({claim.section}, {claim.place}) {claim.paraphrase} [{claim.printed_value}]: {found.sentence}"
