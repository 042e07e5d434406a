"""The answers at the top of notebooks 01 and 03, in three sentences each, computed from what they found."""

import pandas as pd

from nbedition.language import translate


def of_history(marks: pd.DataFrame, turn: pd.Series, third: tuple[int, int], help_: pd.DataFrame) -> list[str]:
    """Return how the gap went, when it turned, and whom the pairs help.

    `marks`: `study.history_gap.landmarks`; `turn`: a row of its `turning_points`; `third`: first and last year in which
    the study lets its third period begin; `help_`: `study.history.concentration`.
    """
    said = {f"{place}_{what}": marks[what][place] for place in marks.index for what in ("year", "ratio")}
    gap = translate(
        "For each yuan that the west produced, the east produced {first_ratio:.2f} in {first_year:.0f}, "
        "{highest_ratio:.2f} in {highest_year:.0f} and {last_ratio:.2f} in {last_year:.0f}.",
        **said,
    )
    years = {"kink": turn["kink"], "low": turn["low"], "high": turn["high"], "start": third[0], "end": third[1]}
    turned = translate("The trend of this ratio does not turn from rise to fall.")
    if turn["turns"]:
        turned = translate(
            "The trend turned from rise to fall in about {kink:.0f} (any year from {low:.0f} to {high:.0f} fits); the "
            "study lets the gap narrow only in its third period, which begins in {start} to {end}.",
            **years,
        )
    last = help_.iloc[-1]
    listed = {"year": int(help_.index[-1]), "pairs": last["pairs"], "recipients": last["recipients"]}
    helped = translate(
        "In {year}, {pairs} pairs joined eastern provinces and cities with {recipients} western provinces; {recipient} "
        "alone had {most} of the donors.",
        recipient=str(last["recipient"]),
        most=last["most"],
        **listed,
    )
    return [gap, turned, helped]


def of_capacity(found: pd.DataFrame, composition: pd.DataFrame, clear: pd.DataFrame) -> list[str]:
    """Return which way people went, who was trained, and what changed.

    `found`: `study.capacity.direction_intervals`; `composition`: its `attendee_composition`; `clear`: its
    `clear_changes`.
    """
    whole = found[found["period"] == "2003-2010"].set_index("profession")
    said = {f"{who}_{end}": whole[f"share{end}"][who] for who in whole.index for end in ("", "_low", "_high")}
    way = translate(
        "People went both ways: of the cadres exchanged, {cadres_:.0f} % went from east to west ({cadres__low:.0f} to "
        "{cadres__high:.0f} %), of the professionals {professionals_:.0f} % ({professionals__low:.0f} to "
        "{professionals__high:.0f} %).",
        **said,
    )
    shares = {
        f"{who}_{when}": composition[window][f"{who}_trained"]
        for who in ("teachers", "agrotechnicians")
        for when, window in (("before", "2003-2008"), ("after", "2010"))
    }
    trained = translate(
        "Training changed its subject: agricultural technicians were {agrotechnicians_before:.0f} % of the trainees in "
        "2003-2008 and {agrotechnicians_after:.0f} % in 2010, teachers {teachers_before:.0f} % and "
        "{teachers_after:.0f} %.",
        **shares,
    )
    counts = {str(name): int(column.iloc[0]) for name, column in clear.items()}
    changed = translate(
        "Beside the yearly mean of 2003-2008, {below} of the {all} rows clearly fell and {above} clearly rose; for "
        "{unclear} the counts cannot tell.",
        all=sum(counts.values()),
        **counts,
    )
    return [way, trained, changed]
