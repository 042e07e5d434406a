"""Where the files are: of the edition, or of a study of one's own; quick to import, as a finished batch needs it."""

import os
from pathlib import Path

from ewppr_lib.errors import DataError

PACKAGE = Path(__file__).resolve().parent
CARRIED = PACKAGE / "edition"  # what the wheel carries: data, notebooks, and about/
HOME = "EWPPR_HOME"  # environment variable: names the folder outright
SOURCES = "data/sources.yml"
OWN = "data/datasets.yml"  # a folder with this file is a study of one's own


def root() -> Path:
    """Return the folder that holds ``data/`` and ``notebooks/``.

    The environment variable ``EWPPR_HOME`` names it outright. Otherwise it is the study of one's
    own that the current folder belongs to (see ``ewppr init``); otherwise the checkout around the
    package, or the copy that the installed wheel carries.

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
    named = os.environ.get(HOME)
    places = [named] if named else [*_own_places(), str(PACKAGE.parent), str(CARRIED)]
    for place in places:
        if os.path.isfile(f"{place}/{SOURCES}"):  # noqa: PTH113  asked often, and a path of text is quick
            return Path(place)
    looked = " and ".join(places)
    raise DataError(f"no edition found: looked for {SOURCES} in {looked}.")


def own_study() -> Path | None:
    """Return the folder of the study of one's own that is at work; None where it is the edition."""
    place = root()
    return place if os.path.isfile(f"{place}/{OWN}") else None  # noqa: PTH113  as above


def about(name: str) -> Path | None:
    """Return a file about the whole, such as ``CITATION.cff``, from beside ``data/``; None where there is none.

    Where the edition's data lie elsewhere, it is the checkout's, or the one that the wheel carries.
    """
    place = root()
    checkout = PACKAGE.parent if (PACKAGE.parent / SOURCES).is_file() else CARRIED / "about"
    for path in (place / name, *([] if (place / OWN).is_file() else [checkout / name])):
        if path.is_file():
            return path
    return None


def _own_places() -> list[str]:
    """Return the current folder and those above it that are studies of one's own, the nearest first."""
    try:
        places = [os.getcwd()]  # noqa: PTH109  as above
    except OSError:  # it has been removed
        return []
    while (above := os.path.dirname(places[-1])) != places[-1]:  # noqa: PTH120  as above
        places.append(above)
    return [place for place in places if os.path.isfile(f"{place}/{OWN}")]  # noqa: PTH113  as above
