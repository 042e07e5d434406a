"""What notebook 04 records for machines: name, value, unit and, where there is one, low and high."""

from collections.abc import Iterator

import pandas as pd

from ewppr_lib.reform.assumptions import Assumptions
from ewppr_lib.reform.bench import Pair, leaders, region
from ewppr_lib.reform.ranking import KEPT, BreakEvenQuestion, Ranking, break_even
from ewppr_lib.reform.simulate import HEADLINE, Simulation, Span
from ewppr_lib.reform.summary import table

Recorded = Iterator[tuple[str, float, str] | tuple[str, float, str, float, float]]
OF_DRAWS = "% of draws"
MEASURES = (*HEADLINE, *KEPT, "settled_unsteadiness")  # of which totals are kept
SEARCHED = (("leverage", 0.0, 50.0), ("default_rate", 0.0, 0.5), ("additionality", 0.0, 1.0))


def fixed_share(fixed: pd.DataFrame, actual_aid: float) -> Recorded:
    """Yield what a fixed share gives (`aid.fixed_share_aid`) beside the actual aid, million yuan."""
    revenue, given = fixed["revenue"].sum(), fixed["aid"].sum()
    yield "donor_revenue", revenue, "million yuan"
    yield "actual_aid", actual_aid, "million yuan"
    yield "actual_share_of_revenue", actual_aid / revenue * 100, "%"
    yield "fixed_share_aid", given, "million yuan"
    yield "fixed_share_over_actual", given / actual_aid, "ratio"


def totals(simulation: Simulation) -> Recorded:
    """Yield every total of every option: median, 5 and 95 % of the draws."""
    for row in table(simulation).to_dict("records"):
        yield f"{row['measure']}_of_{row['option']}", row["median"], row["unit"], row["low"], row["high"]


def breaks_even(known: Assumptions, span: Span) -> Recorded:
    """Yield the shares of draws in which the guarantee fund reaches more than granting, whatever one of its terms."""
    questions = [BreakEvenQuestion("guarantee", "households", *ends) for ends in SEARCHED]
    for parameter, found in break_even(questions, known, span, points=17, most=200).iterrows():
        for share in ("always", "never", "crosses"):
            yield f"{parameter}_{share}", found[share] * 100, OF_DRAWS


def compared(across: pd.DataFrame, ranked: Ranking, pair: Pair) -> Recorded:
    """Yield who leads under which assumptions (`bench.across`), regret, and how a pair compares."""
    boxes = region(pair)
    yield "pair_share", pair.share * 100, OF_DRAWS
    yield "pair_share_in_region", boxes[0].density * 100, OF_DRAWS
    yield "pair_share_in_other_region", 100 - boxes[1].density * 100, OF_DRAWS
    for by in ("first", "first_one_scale"):
        most = leaders(across, by)["first"] * 100
        yield f"most_{by}", most.max(), OF_DRAWS, most.min(), most.max()
    for row in across.to_dict("records"):
        yield f"first_{row['option']}_{row['preset']}_{row['aid_series']}", row["first"] * 100, OF_DRAWS
    for use, of in ranked.first.iterrows():
        yield f"regret_{use}", of["regret"], "score", 0.0, of["regret_high"]


def grounds(ground: pd.DataFrame) -> Recorded:
    """Yield how many parameters rest on what kind of ground (`summary.assumption_table`)."""
    for kind, number in ground["ground"].value_counts().items():
        yield f"parameters_{kind}", float(number), "parameters"
