"""Where the files are: of the edition, or of a study of one's own; quick to import, as a finished batch needs it."""

import os
from collections.abc import Iterator
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
    places = [Path(named)] if named else [*_own_places(), PACKAGE.parent, CARRIED]
    for place in places:
        if (place / SOURCES).is_file():
            return place
    looked = " and ".join(str(place) for place in places)
    raise DataError(f"no edition found: looked for {SOURCES} in {looked}.")


def own_study() -> Path | None:
    """Return the folder of the study of one's own that is at work; None where it is the edition."""
    place = root()
    return place if (place / OWN).is_file() else None


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


def _own_places() -> Iterator[Path]:
    """Yield the current folder and those above it that are studies of one's own, the nearest first."""
    try:
        here = Path.cwd()
    except OSError:  # it has been removed
        return
    yield from (place for place in (here, *here.parents) if (place / OWN).is_file())
