"""The command line, one module a command: ``nbedition``, and any study's own by `command_line`.

Heavy parts are imported when a command needs them.
"""

import atexit
import gc
from contextlib import suppress
from pathlib import Path
from typing import Any

import click

from crossfoot.cli import CONTEXT, carry_out
from crossfoot.errors import ReportedError, in_one_line
from nbedition import __version__
from nbedition.cli.audit import audit_command, review_command
from nbedition.cli.batch import batch_command, results_command, why_command
from nbedition.cli.data import data_group
from nbedition.cli.figures import cite_command, figures_command, verify_command
from nbedition.cli.options import QUIET
from nbedition.cli.run import params_command, run_command
from nbedition.cli.study import init_command, release_command, site_command
from nbedition.kernels.later import import_grammar_later
from nbedition.project import at_home_in, called_as, project

GROUPS = {
    "Run": (params_command, run_command, batch_command, results_command, why_command),
    "Check": (audit_command, review_command, data_group),
    "Cite and verify": (figures_command, cite_command, verify_command),
    "Show and hand on": (site_command, release_command, init_command),
}
COMMANDS = tuple(command for group in GROUPS.values() for command in group)
ABOUT = "Run a study in notebooks: once or thousands of times, check it, cite it, show it, hand it on."


class Commands(click.Group):
    """The commands of every study, and those that the study at work adds."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Return the names of all commands, in alphabetical order."""
        return sorted([*super().list_commands(ctx), *_added()])

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the commands in groups, those of the study last."""
        grouped = {head: [str(command.name) for command in commands] for head, commands in GROUPS.items()}
        known = set().union(*grouped.values())
        grouped["This study"] = [name for name in self.list_commands(ctx) if name not in known]
        room = formatter.width - max(map(len, self.list_commands(ctx))) - 6
        for head, names in grouped.items():
            found = [(name, self.get_command(ctx, name)) for name in names]
            if rows := [(name, command.get_short_help_str(room)) for name, command in found if command]:
                with formatter.section(head):
                    formatter.write_dl(rows)

    def invoke(self, ctx: click.Context) -> Any:
        """Carry out a command; the help needs none of what is prepared for it."""
        import_grammar_later()
        return super().invoke(ctx)

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """Find a command, and say on standard error which study it works on, where there is one."""
        silent = {*ctx.help_option_names, *QUIET}
        if args[:1] != ["init"] and not ctx.resilient_parsing and not {*args[1:]} & silent:
            _name_study(ctx)
        return super().resolve_command(ctx, args)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Return a command by name; None where there is none."""
        found = super().get_command(ctx, cmd_name)
        if found is None and cmd_name in (added := _added()):
            _name_study(ctx)
            found = project().entry(added[cmd_name])
        return found


def _name_study(ctx: click.Context) -> None:
    """Say once which study is at work, before any of its code is run."""
    said = ctx.find_root().meta
    if __name__ not in said:
        with suppress(ReportedError):
            click.echo(in_one_line(f"study {project().name} in {project().root}"), err=True)
        said[__name__] = True


def _added() -> dict[str, str]:
    """Return the commands that the study at work adds; none where there is no study."""
    try:
        return dict(project().commands)
    except ReportedError:  # a command that needs the study says so
        return {}


def command_line(program: str, about: str) -> click.Group:
    """Return the command line under a name. `program`: as it is typed; `about`: what its help says first."""
    group = Commands(name=program, help=about, context_settings=CONTEXT, commands=COMMANDS)
    return click.version_option(__version__, prog_name=program)(group)


def main(
    arguments: list[str] | None = None, program: str = "nbedition", about: str = ABOUT, home: Path | None = None
) -> None:
    """Run the command line; errors raised on purpose become one sentence and an exit code.

    `arguments`: those of this process by default; `program`, `about`: see `command_line`; `home`: the study that is at
    work where the current folder belongs to none.
    """
    atexit.register(gc.freeze)  # looking through everything for garbage once more takes half a second
    called_as(program)
    if home is not None:
        at_home_in(home)
    carry_out(command_line(program, about), arguments, program)
