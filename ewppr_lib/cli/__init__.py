"""The command line: ``ewppr``, one module a command. Heavy parts are imported when a command needs them."""

import atexit
import gc
import sys
from typing import Any

import click

from ewppr_lib import __version__
from ewppr_lib.cli.audit import audit_command
from ewppr_lib.cli.batch import batch_command, results_command, why_command
from ewppr_lib.cli.cite import cite_command
from ewppr_lib.cli.data import data_group
from ewppr_lib.cli.figures import figures_command
from ewppr_lib.cli.init import init_command
from ewppr_lib.cli.release import release_command
from ewppr_lib.cli.run import params_command, run_command
from ewppr_lib.cli.simulate import simulate_command
from ewppr_lib.cli.site import site_command
from ewppr_lib.cli.verify import verify_command
from ewppr_lib.errors import EwpprError

CONTEXT = {"help_option_names": ["-h", "--help"], "max_content_width": 110}


@click.group(context_settings=CONTEXT)
@click.version_option(__version__, prog_name="ewppr")
def cli() -> None:
    """Rerun, check and reuse the executable edition of the East-West Partnerships study."""


COMMANDS = (
    run_command,
    params_command,
    data_group,
    audit_command,
    simulate_command,
    batch_command,
    results_command,
    why_command,
    site_command,
    init_command,
    release_command,
    figures_command,
    cite_command,
    verify_command,
)
for command in COMMANDS:
    cli.add_command(command)


def main(arguments: list[str] | None = None) -> Any:
    """Run the command line; errors raised on purpose become one sentence and an exit code."""
    atexit.register(gc.freeze)  # looking through everything for garbage once more takes half a second
    try:
        cli(arguments, standalone_mode=False)
    except EwpprError as error:
        click.echo(f"ewppr: {error}", err=True)
        sys.exit(error.exit_code)
    except click.exceptions.NoArgsIsHelpError as error:
        click.echo(error.format_message(), err=True)
        sys.exit(2)
    except click.ClickException as error:
        click.echo(f"ewppr: {error.format_message()}", err=True)
        sys.exit(2)
    except click.Abort:
        click.echo("ewppr: interrupted.", err=True)
        sys.exit(130)
    except BrokenPipeError:
        sys.stderr.close()
        sys.exit(0)
