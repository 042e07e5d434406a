"""What writing a figure costs, against matplotlib's own saving of the same formats, side by side.

Run with ``python benchmarks/figures.py [ROUNDS]``. A bar chart and a panel of five are drawn anew in each round and
written twice: by the edition (laid out once, records and all) and by `Figure.savefig` with constrained
layout, as PNG at screen and print resolution, SVG and PDF. Medians in CPU seconds; exit code 1 when the
edition takes more than `LIMIT` times as long.
"""

import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from matplotlib.figure import Figure

from ewppr_lib import reform as model
from ewppr_lib.charts import capacity, funding, reform
from ewppr_lib.reform import summary
from ewppr_lib.reform.assumptions import assumptions
from ewppr_lib.study import capacity as capacity_study
from ewppr_lib.study import funding as study
from nbedition import data
from nbedition.figures.picture import PRINT_DPI, SCREEN_DPI, Picture
from nbedition.figures.save import add_source_line, canonical_csv, file_of, save
from nbedition.figures.style import Drawing, house
from nbedition.notebooks.figure_record import FigureBasis, Origin, Texts
from nbedition.notebooks.parameters import settings_of

ROUNDS = 9
LIMIT = 1.5
SOURCE = "a source of some length, of which there may be more than one (2003-2007)"
FUNDING = data.load("funding")
CSV = canonical_csv(FUNDING)
ORIGIN = Origin("02_funding_analysis", settings_of("02_funding_analysis")(), data.sources())
TEXTS = Texts("A title that states a finding", "What is drawn, in which unit.", "What one sees, for those who do not.")


def charts() -> dict[str, Drawing]:
    """Return the charts that are timed: bars, lines with labels, and a row of panels."""
    span = model.Span(draws=200)
    simulation = model.simulate(model.options([]), assumptions(), span)
    rates = capacity_study.rate_ratios(data.load("exchanges"), "mean", "negative-binomial", 0.95)
    return {
        "enterprise_share": funding.enterprise_share(study.pooled_shares(FUNDING)),
        "aid_and_levels": funding.aid_and_levels(study.level_gaps(FUNDING)),
        "recent_ratio": capacity.recent_ratio(rates),
        "what_a_yuan_brings": reform.what_a_yuan_brings(summary.per_yuan_moved(simulation, model.USES)),
    }


def ours(figure: Figure, folder: Path) -> None:
    """Write a figure as the edition does: all formats with their records, and what a notebook shows."""
    record = ORIGIN.record("x", 1, TEXTS, CSV, FigureBasis(["funding"], ["STUDY_T1"]))
    add_source_line(figure, SOURCE, f"{record.number} \u00b7 {record.fingerprint}")
    picture = Picture(figure)
    save(picture, ORIGIN.with_library(record), CSV, folder)
    file_of(picture, record, "png")


def plainly(figure: Figure, folder: Path) -> None:
    """Write a figure in the same formats as matplotlib does by itself."""
    add_source_line(figure, SOURCE)
    with house():
        figure.set_layout_engine("constrained")
        figure.savefig(folder / "screen.png", dpi=SCREEN_DPI)
        for kind in ("png", "svg", "pdf"):
            figure.savefig(folder / f"print.{kind}", dpi=PRINT_DPI)


def seconds(way: Callable[[Figure, Path], None], drawing: Drawing, folder: Path) -> float:
    """Draw a chart anew and return the CPU seconds that writing it takes."""
    figure = drawing.draw()
    before = time.process_time()
    way(figure, folder)
    return time.process_time() - before


def main() -> int:
    """Time both ways in turn for each chart and print medians and the ratio of their sums."""
    ways = {"edition": ours, "matplotlib": plainly}
    total = dict.fromkeys(ways, 0.0)
    rounds = int(sys.argv[1]) if len(sys.argv) > 1 else ROUNDS
    with tempfile.TemporaryDirectory() as folder:
        for name, drawing in charts().items():
            taken: dict[str, list[float]] = {way: [] for way in ways}
            for number in range(rounds + 1):
                for way, write in ways.items():
                    spent = seconds(write, drawing, Path(folder))
                    taken[way] += [spent] if number else []  # the first round warms fonts
            median = {way: statistics.median(times) for way, times in taken.items()}
            total = {way: total[way] + median[way] for way in ways}
            said = ", ".join(f"{way} {spent * 1000:.0f} ms" for way, spent in median.items())
            print(f"{name:20} {said}")
    ratio = total["edition"] / total["matplotlib"]
    print(f"all formats: {ratio:.2f} times matplotlib's own saving (limit {LIMIT})")
    return 0 if ratio < LIMIT else 1


if __name__ == "__main__":
    sys.exit(main())
