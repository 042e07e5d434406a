"""Figures of the notebooks, in the house style."""

import pandas as pd
from matplotlib.figure import Figure

from nbedition.figures.style import BLUE, SINGLE, canvas, house_style


@house_style
def pupils_per_teacher(found: pd.DataFrame) -> Figure:
    """Draw pupils a teacher by year."""
    first, last = (found["pupils_per_teacher"].iloc[place] for place in (0, -1))
    change = "rose" if last > first else "fell"
    figure, axes = canvas(SINGLE, 2.0, f"Pupils a teacher {change} from {first:.1f} to {last:.1f}")
    axes.plot(found.index, found["pupils_per_teacher"], color=BLUE, marker="o", markersize=3)
    axes.set_ylim(0, found["pupils_per_teacher"].max() * 1.1)
    axes.set_xticks(found.index)
    axes.set_ylabel("pupils a teacher")
    return figure
