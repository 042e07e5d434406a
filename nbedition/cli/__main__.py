"""Running the command line as ``python -m nbedition.cli``."""

from nbedition.cli import main

main()
