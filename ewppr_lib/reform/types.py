"""What the mechanisms pass to one another."""

from collections.abc import Iterable
from typing import Any

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]  # (draws, years), or (draws, 1) for what does not change by year
Scalars = Any  # a number, or an array of shape (draws, 1)


def by_year(draws: int, years: int) -> Array:
    """Return an array of shape (draws, years) whose years are contiguous: recurrences walk along them."""
    return np.empty((draws, years), order="F")


def columns(array: Array) -> Iterable[Array]:
    """Yield the years of an array of shape (draws, years) as views of shape (draws, 1)."""
    return (array[:, year : year + 1] for year in range(array.shape[1]))
