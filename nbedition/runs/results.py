"""One tidy table of a batch: one row for each result of each run, with its parameters."""

import json
import warnings
from pathlib import Path
from typing import Any

import pandas as pd

from crossfoot.errors import RequestError
from crossfoot.text import for_spreadsheets
from nbedition.runs.journal import DONE, JOURNAL, Folder
from nbedition.runs.whole import written

FIRST, LAST = ("run", "notebook"), ("name", "value", "unit", "low", "high", "claim")


def results(place: str | Path) -> pd.DataFrame:
    """Return the results of a batch.

    Parameters
    ----------
    place
        The batch's folder.

    Returns
    -------
    pandas.DataFrame
        One row a recorded result: ``run`` (the run's key), ``notebook``, a column a parameter,
        ``name``, ``value``, ``unit``, ``low`` and ``high`` in that unit, ``claim``. Runs stand in
        the order they were asked for; failed ones are left out.

    Raises
    ------
    RequestError
        If the folder holds no batch.

    Warns
    -----
    UserWarning
        If runs asked for are not in the table: how many failed, and how many are not made.
    """
    folder = Folder(Path(place))
    if lacking := folder.lacking():
        warnings.warn(f"{lacking}.", UserWarning, stacklevel=2)
    return table(folder)


def table(folder: Folder) -> pd.DataFrame:
    """Return the same without a word where runs are missing; see `Folder.lacking`."""
    folder.read_batch()
    rows: list[dict[str, Any]] = []
    for key, entry in _entries(folder):
        parameters = {_column(name): value for name, value in entry["parameters"].items()}
        common = {"run": key, "notebook": entry["notebook"]} | parameters
        rows.extend(common | {name: result.get(name) for name in LAST} for result in entry["results"])
    frame = pd.DataFrame(rows)
    varying = [name for name in frame.columns if name not in (*FIRST, *LAST)]
    frame = frame.reindex(columns=[*FIRST, *varying, *LAST])
    return frame.astype({"value": float, "low": float, "high": float})


def write_results(place: Path, out: Path) -> int:
    """Write the results of a batch as ``.csv`` or ``.parquet``; return the number of rows."""
    if out.suffix not in (".csv", ".parquet"):
        raise RequestError(f"results are written as .csv or .parquet, got '{out.name}'.")
    frame = table(Folder(place))
    try:
        with written(out) as part:
            if out.suffix == ".csv":
                frame.map(for_spreadsheets).to_csv(part, index=False, lineterminator="\n")
            else:
                frame.to_parquet(part, index=False)
    except OSError as error:
        raise RequestError(f"{out} cannot be written: {error.strerror or error}.") from None
    return len(frame)


def _column(name: str) -> str:
    return f"parameter_{name}" if name in (*FIRST, *LAST) else name


def _entries(folder: Folder) -> list[tuple[str, dict[str, Any]]]:
    """Return the latest entry of each finished run asked for, in the order asked."""
    places = {entry["key"]: place if entry["status"] == DONE else None for place, entry in folder.entries()}
    found = [(key, place) for key in folder.plan() if (place := places.get(key)) is not None]
    if not found:
        return []
    with (folder.place / JOURNAL).open("rb") as file:
        return [(key, json.loads(file.readline())) for key, place in found if file.seek(place) == place]
