"""Options that several commands have."""

from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar

import click

F = TypeVar("F", bound=Callable[..., Any])


def from_build(text: str) -> Callable[[F], F]:
    """Give a command ``--from``, the folder of finished runs, as its argument ``build``."""
    kind = click.Path(path_type=Path, file_okay=False)
    return click.option("--from", "build", type=kind, default=Path("build"), show_default=True, help=text)


def among(text: str) -> Callable[[F], F]:
    """Give a command ``--among``, folders of past runs and batches."""
    return click.option("--among", multiple=True, type=click.Path(path_type=Path), metavar="DIR", help=text)
