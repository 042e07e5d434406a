"""``ewppr``: the command line of `nbedition`, at home in this study."""

from ewppr_lib import HOME
from nbedition import cli

ABOUT = "Rerun, check and reuse the executable edition of the East-West Partnerships study."


def main(arguments: list[str] | None = None) -> None:
    """Run ``ewppr``."""
    cli.main(arguments, "ewppr", ABOUT, HOME)


if __name__ == "__main__":
    main()
