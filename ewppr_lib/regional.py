"""A regional series in the columns that one of the user's own takes."""

import pandas as pd

from crossfoot.text import read_grid
from nbedition.project import data_file

FILE, VINTAGE = "context/regional_grp.csv", "NBS-2024"
COLUMNS = {"east_of_ten": "east", "west_of_twelve": "west"}


def regional_series_text() -> pd.DataFrame:
    """Return the ten eastern and twelve western provinces' product by year, one vintage, as text."""
    header, *rows = read_grid(data_file(FILE))
    frame = pd.DataFrame(rows, columns=header)
    wanted = frame[(frame["vintage"] == VINTAGE) & frame["region"].isin(COLUMNS)]
    wide = wanted.pivot(index="year", columns="region", values="value").rename(columns=COLUMNS)
    return wide.rename_axis(columns=None).reset_index()
