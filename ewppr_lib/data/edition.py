"""Where the edition's files are: its data and its notebooks."""

from pathlib import Path

from ewppr_lib.home import root

__all__ = ["data_file", "notebooks", "root"]


def data_file(name: str) -> Path:
    """Return the path of a file below ``data/``, such as ``printed/table1.csv``."""
    return root() / "data" / name


def notebooks() -> dict[str, Path]:
    """Return the numbered notebooks by name, in order."""
    found = sorted((root() / "notebooks").glob("[0-9][0-9]_*.ipynb"))
    return {path.stem: path for path in found}
