"""``nbedition audit`` and ``review``: the study's claims, and somebody else's manuscript."""

import sys
from collections import Counter
from collections.abc import Sequence
from itertools import groupby
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from crossfoot.cli import check, reading_options
from crossfoot.errors import RequestError, in_lines, in_one_line
from nbedition.cli.options import StudyCommand, print_table

if TYPE_CHECKING:
    from nbedition.claims import Judgement
    from nbedition.review.matching import Judged


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


HEAD = ("verdict", "printed", "in outputs", "where it is printed", "where the output is")
LONGEST = 70  # characters of a place


@click.command("review", cls=StudyCommand, example="review their-package.zip")
@click.argument("package", type=click.Path(path_type=Path, exists=True), metavar="FOLDER|ZIP")
@click.option(
    "--manuscript",
    "manuscripts",
    multiple=True,
    type=click.Path(path_type=Path, exists=True, dir_okay=False),
    help="Markdown, LaTeX or docx; else what the package calls so, or its notebooks' prose; repeatable.",
)
@click.option("--run", is_flag=True, help="First run its notebooks and scripts, in a copy: somebody's code, as you.")
@click.option("--time-limit", default=600.0, show_default=True, help="Seconds that one of them may run.")
@click.option("--all", "every", is_flag=True, help="List the numbers that are the same, too.")
def review_command(package: Path, manuscripts: tuple[Path, ...], run: bool, time_limit: float, every: bool) -> None:
    """Compare each number and picture of a manuscript with the outputs of its package (not yours).

    Nothing of the package is run without --run. Exit code 1 where a number differs.
    """
    import shutil
    import tempfile
    from contextlib import ExitStack

    from nbedition.review.matching import DIFFERS, SAME
    from nbedition.review.package import opened, programs, reviewed, run_in

    with ExitStack() as stack:
        folder = stack.enter_context(opened(package))
        if run:
            listed = ", ".join(path.relative_to(folder).as_posix() for path in programs(folder))
            _tell(f"about to run somebody else's code, in a copy, with your rights: {listed or 'nothing found'}")
            copy = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="nbedition-review-"))) / "copy"
            folder = Path(shutil.copytree(folder, copy, symlinks=True))
            run_in(folder, time_limit, _tell)
        found = reviewed(folder, tuple(path.resolve() for path in manuscripts))
    rows = [_row(one) for one in found.findings if every or one.verdict != SAME]
    rows += [(verdict, "picture", "", place, "") for place, verdict in found.pictures if every or verdict != SAME]
    if rows:
        print_table(HEAD, rows)
    counts = {verdict: sum(one.verdict == verdict for one in found.findings) for verdict in (SAME, DIFFERS)}
    missing = len(found.findings) - sum(counts.values())
    click.echo(
        in_one_line(
            f"{', '.join(found.read)}: {counts[SAME]} numbers are the same within printed rounding, "
            f"{counts[DIFFERS]} differ, {missing} are not found in the outputs."
        )
    )
    if counts[DIFFERS]:
        sys.exit(1)


def _row(one: "Judged") -> tuple[str, ...]:
    held, place = (one.output.printed, one.output.place) if one.output else ("", "")
    return (one.verdict, one.number.printed, held, one.number.place[:LONGEST], place[:LONGEST])


def _tell(sentence: str) -> None:
    click.echo(in_one_line(sentence), err=True)
