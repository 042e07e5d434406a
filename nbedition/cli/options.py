"""Options that several commands have, and tables as they print them."""

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, TypeVar

import click

from crossfoot.errors import in_one_line

F = TypeVar("F", bound=Callable[..., Any])


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


def print_table(head: tuple[str, ...], rows: Sequence[tuple[str, ...]]) -> None:
    """Print rows under a head, columns aligned; a cell, which may be a stranger's, takes one line."""
    rows = [tuple(map(in_one_line, row)) for row in rows]
    widths = [max(len(row[i]) for row in [head, *rows]) for i in range(len(head) - 1)]
    for row in [head, *rows]:
        cells = [cell.ljust(width) for cell, width in zip(row, widths, strict=False)]
        click.echo("  ".join([*cells, row[-1]]))


def short_number(value: float) -> str:
    """Return a number in few characters: whole from a hundred on, three digits below."""
    return f"{value:,.0f}" if abs(value) >= 100 else f"{value:.3g}"
