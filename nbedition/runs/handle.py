"""A batch from Python: asked for by a call, with its results as tidy and wide frames and a chart of two parameters."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pandas as pd

from crossfoot.errors import RequestError
from crossfoot.text import did_you_mean
from nbedition.runs import results as tables
from nbedition.runs.batch import BatchOptions, require_success, run_batch
from nbedition.runs.sweep import digest_of, read_sweeps, require_meant, sweeps_of
from nbedition.runs.why import why

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

PLACE = Path("build/batches")


@dataclass(frozen=True)
class Batch:
    """A finished batch: the folder that holds it, which a call with the same arguments finds again."""

    place: Path

    def results(self) -> pd.DataFrame:
        """Return the results, one row for each result of each run; see `nbedition.results`."""
        return tables.results(self.place)

    def wide(self, name: str) -> pd.DataFrame:
        """Return one result by run: the parameters that vary, and its ``value``, ``unit``, ``low`` and ``high``.

        Raises RequestError if no run records it.
        """
        found = self.results()
        rows = found[found["name"] == name]
        if rows.empty:
            raise RequestError(f"no run records '{name}'; {did_you_mean(name, sorted(set(found['name'])))}")
        return rows[[*self._varying(found), "value", "unit", "low", "high"]].reset_index(drop=True)

    def plot(self, x: str, y: str, name: str, axes: "Axes | None" = None) -> "Axes":
        """Draw one result by two parameters: a heat map, or lines by `x` where `y` takes at most five values.

        What the figure's ``savefig`` writes carries a record: what is plotted, of which notebook and parameters, and a
        citation key; see `nbedition.figures.carry`.

        Raises RequestError if no run records it, or the two are not just what varies in the batch.
        """
        import matplotlib.pyplot as plt
        import seaborn as sns

        rows = self.wide(name)
        known = [str(column) for column in rows if column not in ("value", "unit", "low", "high")]
        for wanted in (x, y):
            if wanted not in known:
                raise RequestError(f"'{wanted}' does not vary in this batch; {did_you_mean(wanted, known)}")
        if x == y or len(known) > 2:
            raise RequestError(f"a chart is of two parameters that alone vary; here {', '.join(known)} vary.")
        axes = plt.figure().subplots() if axes is None else axes
        label = f"{name.replace('_', ' ')}, {rows['unit'].iloc[0]}"
        if rows[y].nunique() <= 5:
            drawn: Axes = sns.lineplot(rows, x=x, y="value", hue=y, palette="colorblind", marker="o", ax=axes)
            drawn.set_ylabel(label)
        else:
            drawn = sns.heatmap(
                rows.pivot_table(index=y, columns=x, values="value"), ax=axes, cbar_kws={"label": label}
            )
            drawn.invert_yaxis()
        drawn.set_xlabel(x.replace("_", " "))
        self._record(drawn.get_figure(root=True), rows, f"{name} by {x} and {y}")
        return drawn

    def _record(self, figure: "Figure | None", rows: pd.DataFrame, said: str) -> None:
        """Let a chart's files carry what they show."""
        from nbedition.figures.carry import carry

        if figure is None:
            return
        found = self.results()
        notebook = ", ".join(sorted(set(found["notebook"])))
        carry(
            figure,
            rows,
            name=re.sub(r"\W+", "_", said),
            caption=f"Recorded result {said}, a batch of notebook {notebook}.",
            alt=f"Values of {said.replace('_', ' ')}, from {rows['value'].min():.4g} to {rows['value'].max():.4g}.",
            notebook=f"batch of {notebook}",
            parameters={column: ", ".join(map(str, sorted(set(rows[column])))) for column in self._varying(found)},
        )

    def why(self, run: str | None = None) -> list[str]:
        """Return what has changed since the runs, or one of them, were made, in sentences."""
        return why(self.place, run)

    def _varying(self, found: pd.DataFrame) -> list[str]:
        asked = [name for name in found.columns if name not in ("run", *tables.LAST)]
        return [name for name in asked if len(found[name].unique()) > 1]


def batch(
    notebook: str | None = None,
    grid: Mapping[str, Sequence[Any]] | None = None,
    *,
    sweep: Path | str | Mapping[str, Any] | Sequence[Mapping[str, Any]] | None = None,
    out: Path | str | None = None,
    pictures: bool = False,
    yes: bool = False,
    **options: Any,
) -> Batch:
    """Run a notebook for every combination of parameters; what is done already is not done again.

    Parameters
    ----------
    notebook, grid
        The notebook, and the values of each parameter that varies.
    sweep
        Instead of the two: a sweep file (YAML), or what one would hold; see docs/batches.md.
    out
        The batch's folder; by default one below ``build/batches`` that belongs to what is asked for.
    pictures
        Whether figures are drawn.
    yes
        Whether a million runs or more are meant.
    **options
        ``jobs``, ``warm``, ``timeout``, ``dask``, ``retry_failed``, ``progress``: see `runs.batch.BatchOptions`.

    Returns
    -------
    Batch
        The finished batch.

    Raises
    ------
    RequestError
        If what is asked for is not well formed.
    CheckFailed
        If a run failed.
    """
    if (notebook is None) == (sweep is None) or (notebook is None) != (grid is None):
        raise RequestError("a batch takes a notebook and a grid, or a sweep.")
    if isinstance(sweep, str | Path):
        sweeps = read_sweeps(Path(sweep), yes=yes)
    elif sweep is not None:
        sweeps = sweeps_of(sweep, yes=yes)
    else:
        given = {name: _plain(listed) for name, listed in grid.items()} if isinstance(grid, Mapping) else grid
        sweeps = sweeps_of({"notebook": notebook, "grid": given}, yes=yes)
    sweeps = sweeps if pictures else [one.without_pictures() for one in sweeps]
    require_meant(sweeps, yes=yes)
    place = PLACE / digest_of(sweeps)[:16] if out is None else Path(out)
    try:
        chosen = BatchOptions(**{"progress": True} | options)
    except TypeError:
        known = list(BatchOptions.__dataclass_fields__)
        unknown = next(name for name in options if name not in known)
        raise RequestError(f"a batch has no option '{unknown}'; {did_you_mean(unknown, known)}") from None
    if chosen.dask:
        from nbedition.runs.dask import require_answer

        require_answer(chosen.dask)
    require_success(run_batch(sweeps, place, chosen), place)
    return Batch(place)


def _plain(listed: Any) -> Any:
    """Return values as a sweep file would hold them: of an array or a range a list of Python's own numbers."""
    if isinstance(listed, str) or not hasattr(listed, "__iter__"):
        return listed
    return [value.item() if hasattr(value, "item") else value for value in listed]
