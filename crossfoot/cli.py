"""The command line: ``crossfoot TABLE``, does a printed table agree with itself, and what would mend it."""

import sys
from pathlib import Path
from typing import Any

import click

from crossfoot import __version__
from crossfoot.errors import CheckFailed, ReportedError, RequestError

CONTEXT = {"help_option_names": ["-h", "--help"], "max_content_width": 110}
READING = (  # options of whoever reads a table
    click.option(
        "--decimal", type=click.Choice([".", ","]), help="Decimal mark of the table, where it cannot be told."
    ),
    click.option("--parentheses", type=click.Choice(["negative", "share"]), help="What figures in parentheses are."),
    click.option("--counts", is_flag=True, help="Whole numbers in the table are counts, not rounded figures."),
)


def reading_options(command: Any) -> Any:
    """Give a command the options that say how a table is read."""
    for option in reversed(READING):
        command = option(command)
    return command


@click.command(context_settings=CONTEXT)
@click.version_option(__version__, prog_name="crossfoot")
@click.argument("table", type=click.Path(path_type=Path))
@click.option("--relations", type=click.Path(path_type=Path), help="What should hold in it (YAML).")
@click.option("--suggest", is_flag=True, help="Propose what should hold in it, as a relations file.")
@reading_options
@click.option("--format", "form", type=click.Choice(["text", "json", "csv"]), default="text", show_default=True)
def crossfoot_command(table: Path, relations: Path | None, suggest: bool, form: str, **reading: Any) -> None:
    """Check a printed table (CSV) against itself; exit code 1 when its relations fail.

    Without --relations, what should hold is proposed from the table itself and checked.
    """
    check(table, relations, form, suggest=suggest, **reading)


def check(table: Path, relations: Path | None, form: str, *, suggest: bool, **reading: Any) -> None:
    """Print what holds in a table, or what should."""
    if suggest and relations:
        raise RequestError("--suggest proposes relations; --relations does not go with it.")
    if suggest and form != "text":
        raise RequestError("--suggest prints a relations file; --format does not go with it.")
    from crossfoot.read import read_table

    read = read_table(table, **reading)
    if relations is None:
        from crossfoot.suggest import relations_text, suggest_relations

        found = suggest_relations(read)
        if suggest:
            click.echo(relations_text(found), nl=False)
        for proposal in found if suggest else ():
            click.echo(proposal.sentence, err=True)
        click.echo(found.note, err=True)
        if suggest:
            return
        declared = [proposal.relation for proposal in found]
    else:
        from crossfoot.relation_file import read_relations

        declared = read_relations(relations)
    from crossfoot.report import audit_table, table_report

    audit = audit_table(read, declared)
    click.echo(table_report(audit, form))
    if audit.failing:
        raise CheckFailed(f"{len(audit.failing)} of {len(audit.findings)} relations fail in {read.name}.")


def carry_out(command: click.Command, arguments: list[str] | None, program: str) -> None:
    """Run a command; errors raised on purpose become one sentence and an exit code."""
    try:
        command(arguments, prog_name=program, standalone_mode=False)
    except ReportedError as error:
        click.echo(f"{program}: {error}", err=True)
        sys.exit(error.exit_code)
    except click.exceptions.NoArgsIsHelpError as error:
        click.echo(error.format_message(), err=True)
        sys.exit(2)
    except click.ClickException as error:
        click.echo(f"{program}: {error.format_message()}", err=True)
        sys.exit(2)
    except click.Abort:
        click.echo(f"{program}: interrupted.", err=True)
        sys.exit(130)
    except BrokenPipeError:
        sys.stderr.close()
        sys.exit(0)


def main(arguments: list[str] | None = None) -> None:
    """Run ``crossfoot``."""
    carry_out(crossfoot_command, arguments, "crossfoot")


if __name__ == "__main__":
    main()
