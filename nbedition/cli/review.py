"""``nbedition review``: somebody else's manuscript against the outputs of its package."""

import shutil
import sys
import tempfile
from contextlib import ExitStack
from pathlib import Path
from typing import TYPE_CHECKING

import click

from crossfoot.errors import in_one_line
from nbedition.cli.options import print_table

if TYPE_CHECKING:
    from nbedition.review.matching import Finding

HEAD = ("verdict", "printed", "in outputs", "where it is printed", "where the output is")
LONGEST = 70  # characters of a place


@click.command("review")
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


def _row(one: "Finding") -> tuple[str, ...]:
    held, place = (one.output.printed, one.output.place) if one.output else ("", "")
    return (one.verdict, one.number.printed, held, one.number.place[:LONGEST], place[:LONGEST])


def _tell(sentence: str) -> None:
    click.echo(in_one_line(sentence), err=True)
