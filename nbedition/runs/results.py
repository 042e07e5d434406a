"""One tidy table of a batch: a row a recorded result of a run, with all its parameters."""

import json
from pathlib import Path
from typing import Any

import pandas as pd

from crossfoot.errors import RequestError
from nbedition.runs.journal import JOURNAL, Folder

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
    """
    folder = Folder(Path(place))
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
    frame = results(place)
    try:
        if out.suffix == ".csv":
            frame.to_csv(out, index=False, lineterminator="\n")
        else:
            frame.to_parquet(out, index=False)
    except OSError as error:
        raise RequestError(f"{out} cannot be written: {error.strerror or error}.") from None
    return len(frame)


def _column(name: str) -> str:
    return f"parameter_{name}" if name in (*FIRST, *LAST) else name


def _entries(folder: Folder) -> list[tuple[str, dict[str, Any]]]:
    """Return the latest entry of each finished run asked for, in the order asked."""
    wanted = dict.fromkeys(folder.plan())
    places: dict[str, int] = {}
    journal = folder.place / JOURNAL
    if not journal.exists():
        return []
    with journal.open("rb") as file:
        offset = 0
        for line in file:
            entry = json.loads(line) if line.endswith(b"\n") else {}
            if entry.get("status") == "done" and entry["key"] in wanted:
                places[entry["key"]] = offset
            offset += len(line)
        found = []
        for key in wanted:
            if key in places:
                file.seek(places[key])
                found.append((key, json.loads(file.readline())))
    return found
