"""Notebook 01: pupils and teachers. Pure functions: frames and numbers in, frames and numbers out."""

import pandas as pd

from nbedition.settings import Settings as Base
from nbedition.settings import parameter


class Settings(Base):
    """Parameters of notebook 01."""

    class_size: float = parameter(16.0, "pupils a teacher that are aimed at", "persons", ge=5, le=60)
    table: str = parameter("", "table of your own in the columns of schools.csv", "file", dataset="schools")


def ratios(schools: pd.DataFrame, class_size: float) -> pd.DataFrame:
    """Return pupils a teacher by year, and how many teachers would be missing.

    Parameters
    ----------
    schools
        Data set ``schools``, by year; persons.
    class_size
        Pupils a teacher that are aimed at.

    Returns
    -------
    pandas.DataFrame
        By year: ``pupils_per_teacher`` (ratio) and ``missing`` (teachers; negative: to spare).
    """
    return pd.DataFrame(
        {
            "pupils_per_teacher": schools["pupils"] / schools["teachers"],
            "missing": schools["pupils"] / class_size - schools["teachers"],
        }
    )
