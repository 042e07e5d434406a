"""Running the command line as ``python -m ewppr_lib.cli``."""

from ewppr_lib.cli import main

main()
