"""``ewppr audit``."""

from pathlib import Path
from typing import Any

import click

from ewppr_lib.errors import CheckFailed, RequestError


@click.command("audit")
@click.option(
    "--only", type=click.Choice(["reproduced", "reading", "contradicted", "unchecked"]), help="List one verdict."
)
@click.option("--table", type=click.Path(path_type=Path), help="Check this table of yours (CSV), not the study.")
@click.option("--relations", type=click.Path(path_type=Path), help="What should hold in it (YAML).")
@click.option("--suggest", is_flag=True, help="Propose what should hold in it, as a relations file.")
@click.option("--decimal", type=click.Choice([".", ","]), help="Decimal mark of the table, where it cannot be told.")
@click.option("--parentheses", type=click.Choice(["negative", "share"]), help="What figures in parentheses are.")
@click.option("--counts", is_flag=True, help="Whole numbers in the table are counts, not rounded figures.")
@click.option("--format", "form", type=click.Choice(["text", "json", "csv"]), default="text", show_default=True)
def audit_command(
    only: str | None, table: Path | None, relations: Path | None, suggest: bool, form: str, **reading: Any
) -> None:
    """Judge the study's claims, or check a table of your own; exit code 1 when its relations fail."""
    if table is None and (relations or suggest or any(reading.values())):
        raise RequestError("--relations, --suggest, --decimal, --parentheses and --counts go with --table.")
    if table is None:
        from ewppr_lib.checks import claims
        from ewppr_lib.checks.report import ledger_report

        click.echo(ledger_report(claims.audit(), claims.SHORT[only] if only else None, form))
        return
    if only or (relations is None) == (not suggest):
        raise RequestError("--table goes with either --relations FILE or --suggest, and not with --only.")
    from ewppr_lib.checks.reading import read_table

    read = read_table(table, **reading)
    if suggest:
        _suggest(read, form)
    elif relations:
        _check(read, relations, form)


def _suggest(table: Any, form: str) -> None:
    from ewppr_lib.checks.suggestion import relations_text
    from ewppr_lib.checks.suggestion import suggest as propose

    if form != "text":
        raise RequestError("--suggest prints a relations file; --format does not go with it.")
    found = propose(table)
    click.echo(relations_text(found), nl=False)
    for proposal in found:
        click.echo(proposal.sentence, err=True)
    click.echo(found.note, err=True)


def _check(table: Any, relations: Path, form: str) -> None:
    from ewppr_lib.checks.relation_file import read_relations
    from ewppr_lib.checks.report import audit_table, table_report

    audit = audit_table(table, read_relations(relations))
    click.echo(table_report(audit, form))
    if audit.failing:
        raise CheckFailed(f"{len(audit.failing)} of {len(audit.findings)} relations fail in {table.name}.")
