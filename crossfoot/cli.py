"""The command line: ``crossfoot TABLE``, does a printed table agree with itself, and what would mend it."""

import gc
import os
import signal
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from crossfoot import __version__
from crossfoot.errors import CheckFailed, ReportedError, RequestError, in_lines, in_one_line

if TYPE_CHECKING:
    from crossfoot.relations import Relation
    from crossfoot.table import Table

FORMS = ("text", "json", "csv", "sarif", "html")  # of a report
CONTEXT = {"help_option_names": ["-h", "--help"], "max_content_width": 110}
READING = (  # options of whoever reads a table
    click.option("--sheet", help="Name or number of a workbook's sheet, or number of a page's table."),
    click.option(
        "--decimal", type=click.Choice([".", ","]), help="Decimal mark of the table, where it cannot be told."
    ),
    click.option("--parentheses", type=click.Choice(["negative", "share"]), help="What figures in parentheses are."),
    click.option("--unit", type=click.Choice(["one", "several"]), help="Whether all rows are in one unit."),
    click.option(
        "--nil", multiple=True, metavar="MARK", help="What is nil in place of a figure: a mark, 'blank', or 'none'."
    ),
    click.option("--counts", is_flag=True, help="Whole numbers in the table are counts, not rounded figures."),
    click.option("--strict", is_flag=True, help="Refuse a table of which a cell cannot be read."),
)


def reading_options(command: Any) -> Any:
    """Give a command the options that say how a table is read."""
    for option in reversed(READING):
        command = option(command)
    return command


@click.command(context_settings=CONTEXT)
@click.version_option(__version__, prog_name="crossfoot")
@click.argument("tables", type=click.Path(path_type=Path), nargs=-1, required=True, metavar="TABLE...")
@click.option("--relations", type=click.Path(path_type=Path), help="What should hold in it (YAML).")
@click.option("--rules", type=click.Path(path_type=Path), help="Rules of R's validate that should hold in it (YAML).")
@click.option("--suggest", is_flag=True, help="Propose what should hold in it, as a relations file.")
@click.option("--export-rules", type=click.Path(path_type=Path), help="Write what is checked as rules of R's validate.")
@reading_options
@click.option("--format", "form", type=click.Choice(FORMS), default="text", show_default=True)
def crossfoot_command(tables: tuple[Path, ...], form: str, export_rules: Path | None, **options: Any) -> None:
    """Check printed tables (CSV, XLSX, ODS, HTML; - for standard input) against themselves.

    Exit code 1 when relations of one fail.

    Without --relations or --rules, what should hold is proposed from the table itself and checked.
    """
    if len(tables) > 1 and (form != "text" or options["suggest"] or export_rules):
        raise RequestError("--format, --suggest and --export-rules go with one table; give one at a time.")
    failures = []
    for table in tables:
        try:
            check(table, form=form, export_rules=export_rules, **options)
        except CheckFailed as failed:
            failures.append(str(failed))
    if failures:
        raise CheckFailed(" ".join(failures))


def check(
    table: Path,
    relations: Path | None,
    form: str,
    *,
    suggest: bool,
    rules: Path | None = None,
    export_rules: Path | None = None,
    **reading: Any,
) -> None:
    """Print what holds in a table, or what should."""
    declared = "--relations" if relations else "--rules"
    if suggest and (relations or rules):
        raise RequestError(f"--suggest proposes relations; {declared} does not go with it.")
    if suggest and (form != "text" or export_rules):
        other = "--export-rules" if export_rules else "--format"
        raise RequestError(f"--suggest prints a relations file; {other} does not go with it.")
    if relations and rules:
        raise RequestError("give either --relations or --rules, not both.")
    if suggest:
        print_proposals(table, **reading)
        return
    from crossfoot.check_table import check as checked
    from crossfoot.read import read_table

    read = read_table(table, **{**reading, "nil": reading.get("nil") or None})
    result = checked(read, relations_of(rules, read) if rules else relations)
    if result.note:
        click.echo(in_one_line(result.note), err=True)
    report = result.report(form)
    click.echo(in_lines(report) if form == "text" else report)
    if export_rules:
        write_rules(export_rules, list(dict.fromkeys(finding.relation for finding in result.findings)))
    if result.faults:
        raise CheckFailed(f"{len(result.faults)} of {len(result.findings)} relations fail in {table}.")


def relations_of(rules: Path, table: "Table") -> "list[Relation]":
    """Return the linear rules of a file of R's validate; the error stream names those that are left out."""
    from crossfoot.validate_rules import read_rules

    relations, left_out = read_rules(rules, table)
    for said in left_out:
        click.echo(in_one_line(f"Left out: {said}"), err=True)
    if not relations:
        raise RequestError(f"{rules} has no linear rule over the columns or rows of {table.name}.")
    return relations


def write_rules(path: Path, relations: "list[Relation]") -> None:
    """Write relations as a file of R's validate; the error stream names those that are left out."""
    from crossfoot.validate_rules import rules_text

    text, left_out = rules_text(relations)
    for said in left_out:
        click.echo(in_one_line(f"Left out: {said}"), err=True)
    path.write_text(text, encoding="utf-8")


def print_proposals(table: Path, **reading: Any) -> None:
    """Print what should hold in a table as a relations file, and what supports it on the error stream."""
    from crossfoot.read import read_table
    from crossfoot.suggest import relations_text, suggest_relations

    read = read_table(table, **{**reading, "nil": reading.get("nil") or None})
    found = suggest_relations(read)
    click.echo(relations_text(found), nl=False)
    for said in (*read.preface, *(proposal.sentence for proposal in found), found.note):
        click.echo(in_one_line(said), err=True)


def carry_out(command: click.Command, arguments: list[str] | None, program: str) -> None:
    """Run a command; what goes wrong becomes one sentence and an exit code, here and nowhere else.

    A signal to end is answered at once; then what the command has begun is put away, as after an error.
    """
    try:
        with _heard(program) as signals:
            command(arguments, prog_name=program, standalone_mode=False)
    except BrokenPipeError:
        sys.stderr.close()
        sys.exit(0)
    except click.exceptions.NoArgsIsHelpError as error:
        click.echo(error.format_message(), err=True)
        sys.exit(2)
    except click.Abort:
        sys.exit(128 + (signals or [signal.SIGINT])[0])
    except Exception as error:
        if not (said := _sentence(error)):
            raise
        click.echo(f"{program}: {in_one_line(said)}", err=True)
        if isinstance(error, OSError):
            _let_go_of_output()
        sys.exit(error.exit_code if isinstance(error, ReportedError) else 2)


def _sentence(error: Exception) -> str:
    """Return what the user is told of an error; "" where it is a fault of the program."""
    match error:
        case ReportedError():
            return str(error)
        case click.ClickException():
            return error.format_message()
        case MemoryError():
            return "there is not enough memory for this."
        case OSError():
            where = error.filename2 or error.filename or "what is read or written"
            return f"{where}: {error.strerror or error}."
        case RuntimeError() if "start new thread" in str(error):
            return "the system starts no more threads or processes; end some, or ask for fewer --jobs."
        case _:
            return ""


def _let_go_of_output() -> None:
    """Write no more of what standard output holds back, if it cannot be written: Python tries it again at its end."""
    try:
        sys.stdout.flush()
    except (OSError, ValueError):
        os.dup2(os.open(os.devnull, os.O_WRONLY), 1)


@contextmanager
def _heard(program: str) -> Iterator[list[int]]:
    """Answer signals to end: a word at once, then what Ctrl-C does in Python. Gives those that came."""
    came: list[int] = []

    def hear(number: int, _frame: object) -> None:
        if not came:
            with suppress(OSError):
                os.write(2, f"{program}: {'interrupted' if number == signal.SIGINT else 'told to end'}.\n".encode())
        came.append(number)
        raise KeyboardInterrupt

    before = {}
    if threading.current_thread() is threading.main_thread():
        kept = {number: signal.getsignal(number) for number in (signal.SIGINT, signal.SIGTERM)}
        before = {number: how for number, how in kept.items() if how in (signal.SIG_DFL, signal.default_int_handler)}
    for number in before:
        signal.signal(number, hear)
    try:
        yield came
    finally:
        for number, how in before.items():
            signal.signal(number, how)


def main(arguments: list[str] | None = None) -> None:
    """Run ``crossfoot``.

    A table is many small objects and no cycles: looking for some again and again took a third of the time.
    """
    collecting = gc.isenabled()
    gc.disable()
    try:
        carry_out(crossfoot_command, arguments, "crossfoot")
    finally:
        if collecting:
            gc.enable()


if __name__ == "__main__":
    main()
