"""``nbedition init``: a new study folder, from the example that comes with the package."""

import shutil
from pathlib import Path

from crossfoot.errors import RequestError

PACKAGE = Path(__file__).resolve().parent
LEFT_OUT = shutil.ignore_patterns("__pycache__", ".*", "build")


def new_study(folder: Path) -> list[str]:
    """Start a study in a new or empty folder; return the names of its files, in order.

    The folder appears under its name only when it is whole. `folder`: where to start it; made, with the folders above
    it, where it does not exist. Raises RequestError if the folder holds something, is a file, or cannot be written.
    """
    place = folder.absolute()
    part = place.with_name(f".{place.name}.part")
    try:
        if place.is_dir() and (held := next(iter(sorted(place.iterdir())), None)):
            raise RequestError(f"{folder} is not empty (it holds '{held.name}'); name a new or empty folder.")
        if place.exists() and not place.is_dir():
            raise RequestError(f"{folder} is a file; name a new or empty folder.")
        place.parent.mkdir(parents=True, exist_ok=True)
        shutil.rmtree(part, ignore_errors=True)
        shutil.copytree(template(), part, ignore=LEFT_OUT)
        if place.is_dir():
            place.rmdir()
        part.rename(place)
    except OSError as error:
        why = error.args[0][0][2] if isinstance(error, shutil.Error) else error.strerror or error  # of the first file
        raise RequestError(f"{folder} cannot be written: {why}.") from None
    finally:
        shutil.rmtree(part, ignore_errors=True)
    return sorted(path.relative_to(place).as_posix() for path in place.rglob("*") if path.is_file())


def template() -> Path:
    """Return the folder of the example that a new study starts from.

    Examples
    --------
    >>> (template() / "data" / "sources.yml").is_file()
    True
    """
    beside = PACKAGE.parent / "template"
    return beside if beside.is_dir() else PACKAGE / "_carried" / "template"
