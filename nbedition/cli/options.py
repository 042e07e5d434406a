"""What commands share: options, names that a shell completes, tables and JSON as they print them, words beside them."""

import sys
from collections.abc import Callable, Iterable, Sequence
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click

from crossfoot.errors import ReportedError, in_one_line

if TYPE_CHECKING:
    from click.shell_completion import CompletionItem

F = TypeVar("F", bound=Callable[..., Any])
LEVEL = f"{__name__}.level"  # of words: -1 quiet, 0, 1 verbose
QUIET = ("-q", "--quiet")


class StudyCommand(click.Command):
    """A command with an example in its help, ``-q`` and ``-v``. `example`: what is typed after the program's name."""

    def __init__(self, *arguments: Any, example: str = "", **more: Any) -> None:
        super().__init__(*arguments, **more)
        self.example = example
        self.params += [
            click.Option(QUIET, is_flag=True, expose_value=False, callback=_heed(-1), help="Say nothing but errors."),
            click.Option(
                ["-v", "--verbose"], is_flag=True, expose_value=False, callback=_heed(1), help="Say more of each step."
            ),
        ]

    def format_epilog(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the example below the options."""
        if self.example:
            with formatter.section("Example"):
                formatter.write_text(f"{ctx.find_root().info_name} {self.example}")


def _heed(level: int) -> Callable[[click.Context, click.Parameter, bool], None]:
    def callback(context: click.Context, _parameter: click.Parameter, given: bool) -> None:
        if given:
            context.find_root().meta[LEVEL] = level
        if given and level > 0:
            import logging

            logging.basicConfig(format="%(message)s", stream=sys.stderr)
            logging.getLogger("nbedition").setLevel(logging.INFO)

    return callback


def level() -> int:
    """Return how much is said on standard error: -1 with ``-q``, 1 with ``-v``, else 0."""
    context = click.get_current_context(silent=True)
    return int(context.find_root().meta.get(LEVEL, 0)) if context else 0


def say(words: str) -> None:
    """Say on standard error how things go, unless ``-q`` is given."""
    if level() >= 0:
        click.echo(words, err=True)


def completed(names: Callable[[click.Context], Iterable[str]]) -> "Callable[..., list[CompletionItem]]":
    """Return what completes an argument in a shell: the names that begin as it does, none where they cannot be had."""

    def complete(context: click.Context, _parameter: click.Parameter, begun: str) -> "list[CompletionItem]":
        from click.shell_completion import CompletionItem

        with suppress(ReportedError):
            return [CompletionItem(name) for name in names(context) if name.startswith(begun)]
        return []

    return complete


def notebook_names(_context: click.Context) -> list[str]:
    """Return the names of all notebooks."""
    from nbedition.project import notebooks

    return list(notebooks())


def settable(context: click.Context) -> list[str]:
    """Return ``NAME=`` of each parameter of the notebooks named so far, or of all."""
    from nbedition.notebooks.parameters import notebook_name, settings_of

    named = context.params.get("notebooks") or context.params.get("notebook") or notebook_names(context)
    chosen = [notebook_name(name) for name in ([named] if isinstance(named, str) else named)]
    return sorted({f"{field}=" for name in chosen for field in settings_of(name).model_fields})


def from_build(text: str) -> Callable[[F], F]:
    """Give a command ``--from``, the folder of finished runs, as its argument ``build``."""
    return _folder("--from", "build", default="build", text=text)


def out_folder(default: str, text: str) -> Callable[[F], F]:
    """Give a command ``--out``, a folder to write to."""
    return _folder("--out", default=default, text=text)


def _folder(*names: str, default: str, text: str) -> Callable[[F], F]:
    kind = click.Path(path_type=Path, file_okay=False)
    return click.option(*names, type=kind, default=Path(default), show_default=True, help=text)


def among(text: str) -> Callable[[F], F]:
    """Give a command ``--among``, folders of past runs and batches."""
    return click.option("--among", multiple=True, type=click.Path(path_type=Path), metavar="DIR", help=text)


form = click.option(
    "--format", "form", type=click.Choice(["text", "json"]), default="text", show_default=True, help="How to print it."
)


def print_json(content: Any) -> None:
    """Print what JSON can hold; what is no number is null there."""
    import json

    click.echo(json.dumps(content, ensure_ascii=False, indent=1, allow_nan=False, default=str))


def print_rows(rows: Sequence[dict[str, Any]], head: tuple[str, ...], form: str) -> None:
    """Print records of equal keys as JSON, or what stands under some of them as a table."""
    if form == "json":
        print_json(rows)
        return
    print_table(head, [tuple(_cell(row[name]) for name in head) for row in rows])


def _cell(value: Any) -> str:
    return ", ".join(map(str, value)) if isinstance(value, list | tuple) else "-" if value is None else str(value)


def print_table(head: tuple[str, ...], rows: Sequence[tuple[str, ...]]) -> None:
    """Print rows under a head, columns aligned; a cell, which may be a stranger's, takes one line.

    On a terminal that is too narrow for them, long cells go on below.
    """
    rows = [tuple(map(in_one_line, row)) for row in rows]
    if sys.stdout.isatty():
        _print_fitting(head, rows)
        return
    widths = [max(len(row[i]) for row in [head, *rows]) for i in range(len(head) - 1)]
    for row in [head, *rows]:
        cells = [cell.ljust(width) for cell, width in zip(row, widths, strict=False)]
        click.echo("  ".join([*cells, row[-1]]))


def _print_fitting(head: tuple[str, ...], rows: Sequence[tuple[str, ...]]) -> None:
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    table = Table(*head, box=None, pad_edge=False, padding=(0, 2, 0, 0), header_style="bold")
    for row in rows:
        table.add_row(*map(Text, row))
    Console(file=sys.stdout, highlight=False).print(table)


def short_number(value: float) -> str:
    """Return a number in few characters: whole from a hundred on, three digits below."""
    return f"{value:,.0f}" if abs(value) >= 100 else f"{value:.3g}"
