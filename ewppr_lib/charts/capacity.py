"""Charts of notebook 03."""

import pandas as pd
from matplotlib.figure import Figure

from ewppr_lib.charts import bare_value_axis, hide_value_axis, key, label_rows, note, rows, write_at
from ewppr_lib.charts.intervals import draw_intervals
from ewppr_lib.study.capacity import clear_changes
from nbedition.figures.style import BLUE, GREEN, GREY, INK, ORANGE, SINGLE, VERMILION, canvas, house_style
from nbedition.language import translate

FLOWS = {"cadres_east_west": ("cadres", BLUE), "professionals_east_west": ("professionals", VERMILION)}
TRAINED = {
    "teachers_trained": ("teachers", BLUE, "white"),
    "doctors_trained": ("doctors", ORANGE, INK),
    "agrotechnicians_trained": ("agricultural technicians", GREEN, "white"),
}
WHOLE = "professionals_training"  # holds the rows of `TRAINED`


@house_style
def recent_ratio(comparison: pd.DataFrame) -> Figure:
    """Draw how recent rates compare with those of 2003-2008 (`rate_ratios`), one line a row of Table 2."""
    ordered = _parts_below(comparison.sort_values("ratio", ascending=False))
    counts = {str(name): int(column.iloc[0]) for name, column in clear_changes(comparison).items()}
    title = translate(
        "{below} of {all} rows clearly fell, {above} clearly rose;\nthe counts leave {unclear} open",
        all=sum(counts.values()),
        **counts,
    )
    figure, axes = canvas(SINGLE, 3.1, title)
    axes.axvline(1, color=GREY, linewidth=0.8)
    clear = (ordered["high"] < 1) | (ordered["low"] > 1)
    draw_intervals(axes, ordered[["low", "ratio", "high"]], [BLUE if one else GREY for one in clear])
    for line, ratio in enumerate(ordered["ratio"]):
        text = translate("{ratio:.2f} \u00d7", ratio=ratio)
        axes.text(1.01, line, text, transform=axes.get_yaxis_transform(), va="center", fontsize=6.5)
    label_rows(axes, [_row_label(item, name) for item, name in ordered["label"].items()])
    axes.set_xscale("log")
    axes.set_xlim(min(ordered["low"].min(), 0.1) / 1.4, max(ordered["high"].max(), 10) * 1.1)
    axes.set_xticks([0.1, 1, 10], ["0.1", "1", "10"])
    axes.minorticks_off()
    share = comparison.attrs["confidence"] * 100
    words = translate(
        "times the yearly mean of 2003-2008, logarithmic;\ndot: ratio, line: {share:.3g} % interval", share=share
    )
    note(axes, words, 6, "right")
    return figure


def _parts_below(ordered: pd.DataFrame) -> pd.DataFrame:
    """Put the row that holds others, and those below it, first: at the foot of the chart they stand together."""
    if WHOLE not in ordered.index:
        return ordered
    parts = [item for item in ordered.index if item in TRAINED]
    return pd.concat([ordered.loc[[*parts, WHOLE]], ordered.drop([*parts, WHOLE])])


def _row_label(item: object, name: str) -> str:
    said = translate(name, "name")
    return translate("{name}, in all", name=said) if item == WHOLE else f"\u2013 {said}" if item in TRAINED else said


@house_style
def exchange_directions(directions: pd.DataFrame) -> Figure:
    """Draw person-times exchanged each way in 2003-2010 (`directions`), by profession."""
    drawn = directions[directions["period"] == "2003-2010"].reset_index(drop=True)
    cadres = drawn.loc[drawn["profession"] == "cadres"].iloc[0]
    more = cadres["west_to_east"] > cadres["east_to_west"]
    title = (
        translate("Exchange runs both ways: more cadres\ncame from the west than went there")
        if more
        else translate("Exchange runs both ways: fewer cadres\ncame from the west than went there")
    )
    figure, axes = canvas(SINGLE, 1.7, title)
    for line, row in enumerate(rows(drawn)):
        axes.barh(line, -row["west_to_east"], color=ORANGE, height=0.6)
        axes.barh(line, row["east_to_west"], color=BLUE, height=0.6)
        axes.text(-row["west_to_east"] + 80, line, f"{row['west_to_east']:,.0f}", va="center", color=INK)
        axes.text(row["east_to_west"] - 80, line, f"{row['east_to_west']:,.0f}", va="center", ha="right", color="white")
    axes.axvline(0, color="white", linewidth=1)
    label_rows(axes, drawn["profession"].map(lambda name: translate(name, "name")))
    axes.invert_yaxis()
    axes.text(0.48, 1.0, translate("west to east"), transform=axes.transAxes, ha="right", va="bottom", color="#9A6A00")
    axes.text(0.52, 1.0, translate("east to west"), transform=axes.transAxes, ha="left", va="bottom", color=BLUE)
    widest = drawn[["west_to_east", "east_to_west"]].to_numpy().max()
    axes.set_xlim(-widest * 1.02, widest * 1.02)
    bare_value_axis(axes)
    return figure


@house_style
def sent_by_window(sent: pd.DataFrame) -> Figure:
    """Draw the cadres and professionals sent west a year, window by window (`study.capacity.sent_by_window`)."""
    cadres = sent[sent["item"] == "cadres_east_west"].set_index("year_from")["a_year"]
    share = cadres[2008] / cadres[2003] * 100
    title = (
        translate("In 2008 cadres sent west were already down\nto {share:.0f} % of the mean of 2003-2007", share=share)
        if share < 100
        else translate("In 2008 cadres sent west were still up\nto {share:.0f} % of the mean of 2003-2007", share=share)
    )
    figure, axes = canvas(SINGLE, 2.5, title)
    for item, (who, colour) in FLOWS.items():
        flow = sent[sent["item"] == item]
        for row in rows(flow):
            ends = [row["year_from"] - 0.42, row["year_to"] + 0.42]
            alpha = 0.55 if row["basis"] == "left over" else 1
            axes.plot(ends, [row["a_year"]] * 2, color=colour, linewidth=2.4, alpha=alpha)
            middle = (row["year_from"] + row["year_to"]) / 2
            text = f"{row['a_year']:,.0f}"
            if row["year_from"] == 2003:
                text = translate("{who}, {number:,.0f} a year", who=who, number=row["a_year"])
            write_at(axes, (middle, row["a_year"]), text, (0, 3), ha="center", color=colour)
    axes.set_ylim(0, sent["a_year"].max() * 1.18)
    axes.set_xticks([2005, 2008, 2009, 2010, 2011], ["2003-2007", "2008", "2009", "2010", "2011"])
    hide_value_axis(axes)
    words = translate(
        "persons a year: People's Daily 2008 (2003-2007), Table 2 (2009, 2010),\n"
        "yearbook 2012 (2011); pale: left over by the totals"
    )
    note(axes, words, 6)
    return figure


@house_style
def attendee_composition(composition: pd.DataFrame) -> Figure:
    """Draw which professions the listed trainees had, by window, per cent."""
    windows = ("2003-2008", "2009", "2010")
    shares = {window: {str(item): float(share) for item, share in composition[window].items()} for window in windows}
    before, after = (shares[window]["agrotechnicians_trained"] for window in ("2003-2008", "2010"))
    title = translate(
        "Training turned from farming to teaching:\ntechnicians went from {before:.0f} to {after:.0f} % of trainees",
        before=before,
        after=after,
    )
    figure, axes = canvas(SINGLE, 1.9, title)
    for line, window in enumerate(windows):
        start = 0.0
        for item, (_, colour, ink) in TRAINED.items():
            share = shares[window][item]
            axes.barh(line, share, left=start, color=colour, height=0.66)
            if share > 8:
                text = translate("{share:.0f} %", share=share)
                axes.text(start + share / 2, line, text, ha="center", va="center", color=ink, fontsize=6.5)
            start += share
    label_rows(axes, [translate("2003-2008\n(implied)"), "2009", "2010"])
    axes.invert_yaxis()
    axes.set_xlim(0, 100)
    bare_value_axis(axes)
    key(axes, [(colour, translate(who, "name")) for who, colour, _ in TRAINED.values()], (0.02, -0.06), across=True)
    return figure
