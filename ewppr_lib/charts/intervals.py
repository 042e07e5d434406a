"""Dots with their intervals, drawn by seaborn; apart from other charts, whose notebooks run without it."""

from collections.abc import Sequence

import numpy as np
import pandas as pd
from matplotlib.axes import Axes


def draw_intervals(axes: Axes, ends: pd.DataFrame, colours: Sequence[str], inside: str | None = None) -> None:
    """Draw a dot with its interval for each row of a frame: its low end, middle and high end, at heights 0, 1, ...

    `colours`: one a row; rows without a middle are left out. `inside`: another colour for the dots' inside.
    """
    import seaborn as sns

    places, hues = (np.repeat(values, 3) for values in (range(len(ends)), colours))
    sns.pointplot(
        x=ends.to_numpy().ravel(),
        y=places,
        hue=hues,
        palette=dict(zip(colours, colours, strict=True)),
        estimator="median",
        errorbar=("pi", 100),  # from the least to the largest of three
        orient="h",
        native_scale=True,
        linestyle="none",
        markersize=4,
        markeredgewidth=1,
        err_kws={"linewidth": 2, "solid_capstyle": "butt", "alpha": 0.6},
        legend=False,
        ax=axes,
        **({} if inside is None else {"markerfacecolor": inside}),
    )
