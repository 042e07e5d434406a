"""The answers at the top of notebook 04; apart from the others, since they need the reform model."""

import pandas as pd

from ewppr_lib.charts.bench import by_rule, input_words, named, who_beats_whom, who_leads
from ewppr_lib.charts.reform import under
from ewppr_lib.reform.bench import Pair, knowing, leaders
from nbedition.language import translate


def of_reform(
    across: pd.DataFrame, pair: Pair, assumed: tuple[str, str], rule: pd.DataFrame, share: float
) -> list[str]:
    """Return which use of aid leads, what decides between a pair, and what a fixed share gives.

    `across`, `pair`, `rule`: as `reform.bench` gives; `assumed`: preset and series of aid; `share`: of revenue, 0 to 1.
    """
    best = leaders(across)
    parts = []
    for preset, of in best.groupby("preset", sort=False):
        names = " / ".join(dict.fromkeys(named(str(option)) for option in of["option"]))
        parts.append(translate("{names} with {assumed}", names=names, assumed=under(str(preset))))
    leads = translate(
        "Which use of aid is best depends on what one assumes: {listed}. None is best in more than {most:.0f} % of the "
        "draws.",
        listed=translate("; ").join(parts),
        most=100 * best["first"].max(),
    )
    worth = [input_words(str(name)) for name in knowing(pair).index[:2]]
    decided = translate(
        "With {assumed}, the {one} beats the {two} in {won:.0f} % of the draws; what decides most is {first} and "
        "{second}.",
        assumed=under(*assumed),
        one=named(pair.one),
        two=named(pair.two),
        won=100 * pair.share,
        first=worth[0],
        second=worth[1],
    )
    times = rule["aid_fixed_share"] / rule["aid_baseline"]
    fixed = translate(
        "If donors gave {share:.3g} % of their revenue, aid would be {low:.1f} to {high:.1f} times its trend.",
        share=100 * share,
        low=times.min(),
        high=times.max(),
    )
    return [leads, decided, fixed]


def of_pair(across: pd.DataFrame, pair: Pair, assumed: tuple[str, str], rule: pd.DataFrame, share: float) -> list[str]:
    """Return what `of_reform` sums up, with every share and the region in which each of a pair leads."""
    return [who_leads(across), who_beats_whom(pair, *assumed), by_rule(rule, share)]
