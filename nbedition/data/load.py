"""Loading a data set: read, correct, validate, attach units and sources."""

from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import TYPE_CHECKING

from crossfoot.errors import DataError, RequestError
from crossfoot.text import read_grid
from nbedition.data.datasets import as_text, dataset, datasets
from nbedition.data.sources import sources

if TYPE_CHECKING:
    import pandas as pd


def load(name: str, table: str | Path | None = None) -> "pd.DataFrame":
    """Return a data set as a validated frame that knows its units and sources.

    Parameters
    ----------
    name
        One of `names`.
    table
        A CSV file of your own in the same columns, read instead of the shipped one, for the data sets of `own_tables`.

    Returns
    -------
    pandas.DataFrame
        ``attrs["units"]`` maps each column to its unit, ``attrs["sources"]`` lists the source
        records, ``attrs["half_widths"]`` maps each numeric column to the rounding half-widths
        of its cells (same index, same unit as the column).

    Raises
    ------
    RequestError
        If there is no such data set or it takes no table of your own.
    DataError
        If the file is missing or does not fit its declaration; all failures are named together.

    Examples
    --------
    >>> funding = load("funding")
    >>> float(funding.loc[2007, "aid_county"]), funding.attrs["units"]["aid_county"]
    (83.2521, 'million yuan')
    """
    from nbedition.data.validate import validated

    described = dataset(name)
    if table and not described.own_table:
        raise RequestError(f"data set '{name}' takes no table of your own; those that do: {', '.join(own_tables())}.")
    text = as_text(str(table), read_grid(Path(table))) if table else described.read()
    frame = validated(described, text, str(table) if table else f"data/{described.file}")
    keyed = text.set_index(text[described.index].astype(frame.index.dtype)) if described.index else text
    numeric = frame.select_dtypes("float").columns
    frame.attrs = {
        "dataset": name,
        "units": {column: described.columns[column].unit for column in frame.columns},
        "sources": [Path(table).name] if table else list(described.sources),
        "half_widths": {column: {key: half_width(cell) for key, cell in keyed[column].items()} for column in numeric},
    }
    return frame


def half_width(text: str) -> float:
    """Return the rounding half-width of a printed decimal, in units of the number.

    Examples
    --------
    >>> half_width("83.2521"), half_width("77")
    (5e-05, 0.5)
    """
    try:
        exponent = Decimal(text.replace(",", "")).as_tuple().exponent
    except InvalidOperation:
        return float("nan")
    return float(Decimal(5).scaleb(exponent - 1)) if isinstance(exponent, int) else float("nan")


def names() -> list[str]:
    """Return the names of all data sets."""
    return list(datasets())


def own_tables() -> list[str]:
    """Return the names of the data sets that take a table of the user's own."""
    return [name for name, described in datasets().items() if described.own_table]


def check() -> list[str]:
    """Load every data set and look up every source; return one line for each data set."""
    known = sources()
    lines = []
    for name, described in datasets().items():
        frame = load(name)
        cited = set(described.sources) | set(frame.get("source", []))
        if missing := sorted(cited - set(known)):
            raise DataError(f"data set '{name}' cites {', '.join(missing)}, which data/sources.yml does not hold.")
        lines.append(f"{name}: {len(frame)} rows, sources {', '.join(sorted(cited))}")
    return lines


def text_of(frame: "pd.DataFrame", index: str | None) -> dict[str, dict[str, str]]:
    """Return a table of texts by row and column; rows without an index are numbered from 1.

    Examples
    --------
    >>> import pandas as pd
    >>> text_of(pd.DataFrame({"year": ["2003"], "pupils": ["20 650"]}), "year")
    {'2003': {'pupils': '20 650'}}
    """
    labels = frame[index] if index else range(1, len(frame) + 1)
    rows = frame.drop(columns=[index] if index else []).to_dict("records")
    cells = [{str(name): str(cell) for name, cell in row.items()} for row in rows]
    return dict(zip(map(str, labels), cells, strict=True))
