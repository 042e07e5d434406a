"""Where the edition's files are: its data and its notebooks."""

import os
from pathlib import Path

from ewppr_lib.errors import DataError

PACKAGE = Path(__file__).resolve().parent.parent


def root() -> Path:
    """Return the folder that holds ``data/`` and ``notebooks/``.

    The environment variable ``EWPPR_HOME`` names it outright; otherwise it is the checkout
    around the package, or the copy that the installed wheel carries.

    Returns
    -------
    pathlib.Path
        An existing folder.

    Raises
    ------
    DataError
        If no such folder is found.

    Examples
    --------
    >>> (root() / "data" / "sources.yml").is_file()
    True
    """
    named = os.environ.get("EWPPR_HOME")
    places = [Path(named)] if named else [PACKAGE.parent, PACKAGE / "edition"]
    for place in places:
        if (place / "data" / "sources.yml").is_file():
            return place
    looked = " and ".join(str(place) for place in places)
    raise DataError(f"no edition found: looked for data/sources.yml in {looked}.")


def data_file(name: str) -> Path:
    """Return the path of a file below ``data/``, such as ``printed/table1.csv``."""
    return root() / "data" / name


def notebooks() -> dict[str, Path]:
    """Return the edition's numbered notebooks by name, in order."""
    found = sorted((root() / "notebooks").glob("[0-9][0-9]_*.ipynb"))
    return {path.stem: path for path in found}
