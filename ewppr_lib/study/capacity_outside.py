"""Notebook 03: the table's counts beside the text's and beside outside figures, and what no row shows."""

import pandas as pd

from ewppr_lib.study.capacity import windows

SAME_ROW = {
    "cadres_east_west": "cadres_east_west",
    "cadres_west_east": "cadres_west_east",
    "professionals_trained": "professionals_training",
}
SENT = ("cadres_east_west", "professionals_east_west")
LOCAL_WORDS = "village|communit|township|household|farmer"


def beside_outside(exchanges: pd.DataFrame, history: pd.DataFrame) -> pd.DataFrame:
    """Set the eight-year totals of ``exchanges`` beside the figures of ``partnership_history`` on the same rows.

    One row an outside figure, indexed by item: ``table`` and ``outside`` (persons or person-times), ``half_width`` of
    the latter, ``unit`` as the source counts, ``agrees`` and ``source``.
    """
    whole = (history["year_from"] == 2003) & (history["year_to"] == 2010)
    rows = history[whole & history["indicator"].isin(SAME_ROW)]
    frame = pd.DataFrame(
        {
            "table": exchanges["total"].reindex(rows["indicator"].map(SAME_ROW)).to_numpy(),
            "outside": rows["value"].astype(float).to_numpy(),
            "half_width": rows["half_width"].astype(float).to_numpy(),
            "unit": rows["unit"].to_numpy(),
            "source": rows["source"].to_numpy(),
        },
        index=pd.Index(rows["indicator"].map(SAME_ROW), name="item"),
    )
    frame.insert(4, "agrees", (frame["table"] - frame["outside"]).abs() <= frame["half_width"])
    return frame


def sent_by_window(exchanges: pd.DataFrame, history: pd.DataFrame) -> pd.DataFrame:
    """Split the years that the table does not list with an outside count of 2003-2007.

    One row a flow east to west and window: ``item``, ``year_from``, ``year_to``, ``count``, ``a_year``, and ``basis``
    (``outside``, ``table``, or ``left over``: table less outside; the two were published in different years).
    """
    counts = windows(exchanges)
    rows: list[tuple[str, int, int, float, str]] = []
    for item in SENT:
        outside = history[(history["indicator"] == item) & (history["year_to"] != 2010)]
        known = {
            (int(row["year_from"]), int(row["year_to"])): float(row["value"]) for row in outside.to_dict("records")
        }
        here = counts.loc[item].astype(float).to_dict()
        early = known[2003, 2007]
        rows += [
            (item, 2003, 2007, early, "outside"),
            (item, 2008, 2008, here["2003-2008"] - early, "left over"),
            (item, 2009, 2009, here["2009"], "table"),
            (item, 2010, 2010, here["2010"], "table"),
            *((item, start, end, count, "outside") for (start, end), count in known.items() if start > 2010),
        ]
    frame = pd.DataFrame(rows, columns=["item", "year_from", "year_to", "count", "basis"])
    frame.insert(4, "a_year", frame["count"] / (frame["year_to"] - frame["year_from"] + 1))
    return frame


def trained_cadres(exchanges: pd.DataFrame, stated: pd.DataFrame) -> dict[str, float]:
    """Compare the trained cadres of the text (persons) with those of the table (person-times), same years.

    ``text``, ``table``, ``difference`` (text less table) and ``ratio`` (text over table): persons cannot outnumber
    person-times, so above 1 the two cannot count the same training.
    """
    text = _stated(stated, "cadres_trained")
    table = exchanges["total"].to_dict()["cadres_trained"]
    return {"text": text, "table": table, "difference": text - table, "ratio": text / table}


def levels_of_cadres(exchanges: pd.DataFrame, stated: pd.DataFrame) -> pd.DataFrame:
    """Return how many of the cadres sent the text places at a level, and how many it does not.

    Indexed by level (``prefectural``, ``county``, ``not said``): ``cadres`` and ``share`` (per cent of all sent).
    """
    sent = exchanges["total"].to_dict()["cadres_east_west"]
    placed = {level: _stated(stated, f"{level}_cadres_east_west") for level in ("prefectural", "county")}
    counts = pd.Series(placed | {"not said": sent - sum(placed.values())}, name="cadres")
    return counts.to_frame().assign(share=counts / sent * 100).rename_axis("level")


def rows_on_local_level(exchanges: pd.DataFrame) -> int:
    """Return how many rows of the table name villages, communities, townships, households or farmers."""
    return int(exchanges["label"].str.lower().str.contains(LOCAL_WORDS).sum())


def _stated(stated: pd.DataFrame, item: str) -> float:
    return float(stated.loc[stated["item"] == item, "printed"].str.replace(",", "").astype(float).iloc[0])
