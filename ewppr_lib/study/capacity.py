"""Notebook 03: who was exchanged and trained, with intervals; and what text and outside figures count."""

import math
from typing import Literal

import numpy as np
import pandas as pd

from nbedition.settings import Settings as Base
from nbedition.settings import parameter

Recent = Literal["2009", "2010", "mean"]
Model = Literal["poisson", "quasi-poisson", "negative-binomial"]
EARLIER_YEARS = 6  # 2003-2008: the years of the printed total that the table does not list
WINDOWS = ("2003-2008", "2009", "2010", "2003-2010")
ATTENDEES = ("teachers_trained", "doctors_trained", "agrotechnicians_trained")
PROFESSIONS = ("cadres", "professionals")
TRAINING = {"cadres": "cadres_trained", "professionals": "professionals_training"}
SUM_OF_OTHERS = "professionals_training"  # repeats its attendees: left out where rows are pooled
RECENT_YEARS = ("2009", "2010")
SEPARATE = ("2003-2008", "2009", "2010")
SAME_ROW = {
    "cadres_east_west": "cadres_east_west",
    "cadres_west_east": "cadres_west_east",
    "professionals_trained": "professionals_training",
}
SENT = ("cadres_east_west", "professionals_east_west")
LOCAL_WORDS = "village|communit|township|household|farmer"


class Settings(Base):
    """Parameters of notebook 03."""

    recent: Recent = parameter(
        "mean", "which recent figure is set against the implied yearly mean of 2003-2008: a year, or the mean of both"
    )
    training_unit: Literal["person-times", "courses"] = parameter(
        "person-times", "how the printed unit Terms of the professionals' training row is read"
    )
    model: Model = parameter(
        "negative-binomial",
        "how counts scatter about their rates: poisson, or with a scatter estimated from all rows together that grows "
        "with the count (quasi-poisson) or with its square (negative-binomial)",
    )
    confidence: float = parameter(0.95, "coverage of intervals", "share", gt=0.5, lt=1)


def windows(exchanges: pd.DataFrame) -> pd.DataFrame:
    """Return the counts of each item by window, the six years that the table does not list as what the totals leave.

    From the data set ``exchanges``: one row an item; columns ``2009``, ``2010``, ``total`` (2003-2010).
    """
    earlier = exchanges["total"] - exchanges["2009"] - exchanges["2010"]
    columns = (earlier, exchanges["2009"], exchanges["2010"], exchanges["total"])
    return pd.DataFrame(dict(zip(WINDOWS, columns, strict=True)))


def directions(exchanges: pd.DataFrame) -> pd.DataFrame:
    """Compare exchanges east to west with those west to east, one row a profession and window.

    Columns ``profession``, ``period``, ``east_to_west``, ``west_to_east`` (person-times), ``ratio`` (first over
    second).
    """
    counts = windows(exchanges)
    rows = []
    for profession in PROFESSIONS:
        for period in WINDOWS:
            east, west = counts.loc[[f"{profession}_east_west", f"{profession}_west_east"], period]
            rows.append((profession, period, east, west, east / west))
    return pd.DataFrame(rows, columns=["profession", "period", "east_to_west", "west_to_east", "ratio"])


def attendee_balance(exchanges: pd.DataFrame) -> pd.DataFrame:
    """Compare the professionals' training row with the attendees listed under it, one row a window.

    Columns ``training`` (as printed), ``listed`` (teachers, doctors and agricultural technicians), ``unlisted`` (the
    difference) and ``listed_share`` (per cent).
    """
    counts = windows(exchanges)
    training = counts.loc["professionals_training"].astype(float)
    listed = counts.loc[list(ATTENDEES)].sum()
    frame = pd.DataFrame({"training": training, "listed": listed, "unlisted": training - listed})
    return frame.assign(listed_share=frame["listed"] / frame["training"] * 100)


def attendee_composition(exchanges: pd.DataFrame) -> pd.DataFrame:
    """Return the share of each profession among the listed attendees, per cent, by window."""
    listed = windows(exchanges).loc[list(ATTENDEES)]
    return listed / listed.sum() * 100


def attendees_per_course(exchanges: pd.DataFrame, training_unit: str) -> pd.DataFrame:
    """Return listed attendees per course, one row a group and one column a window; under one it cannot be true.

    The professionals' row is read so for the training unit ``"courses"``; for ``"person-times"`` it is left out.
    """
    counts = windows(exchanges)
    rows = {"managers": counts.loc["managers_trained"] / counts.loc["management_courses"]}
    if training_unit == "courses":
        rows["professionals"] = counts.loc[list(ATTENDEES)].sum() / counts.loc["professionals_training"]
    return pd.DataFrame(rows).T.astype(float)


def training_per_exchange(exchanges: pd.DataFrame) -> pd.DataFrame:
    """Return trained person-times for each person-time exchanged, both ways, by profession and window.

    The training of professionals is taken as printed, its unit read as person-times.
    """
    counts = windows(exchanges)
    return pd.DataFrame(
        {
            name: counts.loc[TRAINING[name]] / (counts.loc[f"{name}_east_west"] + counts.loc[f"{name}_west_east"])
            for name in PROFESSIONS
        }
    ).T


def direction_scatter(exchanges: pd.DataFrame) -> float:
    """Return how much more the direction of exchange varies between windows than chance alone would make it.

    Pearson's statistic of equal shares in 2003-2008, 2009 and 2010, both professions together, a degree of freedom
    (there are four); 1 is what independent person-times would give.
    """
    found = directions(exchanges)
    separate = found[found["period"].isin(SEPARATE)]
    statistic = 0.0
    for _, rows in separate.groupby("profession"):
        size = rows["east_to_west"] + rows["west_to_east"]
        share = rows["east_to_west"].sum() / size.sum()
        statistic += float(((rows["east_to_west"] - size * share) ** 2 / (size * share * (1 - share))).sum())
    return statistic / (len(separate) - len(PROFESSIONS))


def direction_intervals(exchanges: pd.DataFrame, confidence: float, scatter: float = 1) -> pd.DataFrame:
    """Return the share and ratio of each direction with intervals of a coverage (`confidence`).

    `scatter` is the variance over that of independent person-times: counts are divided by it, as if so many independent
    groups had moved. `directions` with ``share`` (east to west among both, per cent, Wilson's interval ``share_low``,
    ``share_high``) and ``ratio_low``, ``ratio_high`` (from the exact binomial interval of the share).
    """
    from scipy.stats import beta
    from statsmodels.stats.proportion import proportion_confint

    found = directions(exchanges)
    size = found["east_to_west"] + found["west_to_east"]
    east, all_ways = found["east_to_west"] / scatter, size / scatter
    low, high = proportion_confint(east, all_ways, alpha=1 - confidence, method="wilson")
    tail = (1 - confidence) / 2
    exact_low = beta.ppf(tail, east, all_ways - east + 1)
    exact_high = beta.ppf(1 - tail, east + 1, all_ways - east)
    return found.assign(
        share=found["east_to_west"] / size * 100,
        share_low=low * 100,
        share_high=high * 100,
        ratio_low=exact_low / (1 - exact_low),
        ratio_high=exact_high / (1 - exact_high),
    )


def rate_scatter(exchanges: pd.DataFrame) -> dict[str, float]:
    """Estimate from 2009 against 2010 how counts scatter, all rows together but the one that sums up others.

    One row alone leaves one degree of freedom, which estimates nothing. Together they rest on a common scatter and on
    no real change from 2009 to 2010: any such change is counted as scatter. ``factor`` (quasi-Poisson: variance over
    mean), ``alpha`` (negative binomial: variance is mean + alpha times its square) and ``degrees`` of freedom.
    """
    from scipy.optimize import brentq
    from statsmodels.genmod.families import NegativeBinomial, Poisson
    from statsmodels.genmod.generalized_linear_model import GLM

    pairs = exchanges.drop(index=SUM_OF_OTHERS, errors="ignore")[list(RECENT_YEARS)].to_numpy(dtype=float)
    counts = pairs.ravel()
    rows = np.repeat(np.eye(len(pairs)), len(RECENT_YEARS), axis=0)
    poisson = GLM(counts, rows, family=Poisson()).fit()
    factor, degrees = float(poisson.pearson_chi2 / poisson.df_resid), float(poisson.df_resid)
    if factor <= 1:
        return {"factor": factor, "alpha": 0.0, "degrees": degrees}

    def excess(alpha: float) -> float:
        family = NegativeBinomial(alpha=alpha)
        return float(GLM(counts, rows, family=family).fit().pearson_chi2 / degrees - 1)

    return {"factor": factor, "alpha": float(brentq(excess, 1e-8, 50, xtol=1e-10)), "degrees": degrees}


def rate_ratios(exchanges: pd.DataFrame, recent: Recent, model: Model, confidence: float) -> pd.DataFrame:
    """Set the recent yearly rate of each row beside that of 2003-2008, with an interval.

    ``poisson`` takes every person-time as independent; the other models widen the interval by `rate_scatter`, as a
    factor of the variance or, ``negative-binomial``, by a variance that grows with the square of the yearly rate, of
    which six years as one sum scatter a sixth. The interval is that of the logarithm of the ratio: normal for Poisson,
    otherwise Student's t. One row an item: ``label``, ``earlier``, ``recent`` (a year, in the row's unit), ``ratio``,
    ``low``, ``high``; `confidence` stands in the frame's ``attrs``.
    """
    from scipy.stats import norm, t

    counts = windows(exchanges)
    years = 2 if recent == "mean" else 1
    late = counts[list(RECENT_YEARS)].sum(axis=1) if recent == "mean" else counts[recent]
    early = counts["2003-2008"]
    scatter = rate_scatter(exchanges)
    variance = 1 / late + 1 / early
    if model == "quasi-poisson":
        variance *= max(scatter["factor"], 1)
    elif model == "negative-binomial":
        variance += scatter["alpha"] * (1 / years + 1 / EARLIER_YEARS)
    tail = (1 + confidence) / 2
    width = norm.ppf(tail) if model == "poisson" else t.ppf(tail, scatter["degrees"])
    ratio = (late / years) / (early / EARLIER_YEARS)
    factor = np.exp(width * variance.map(math.sqrt))
    found = pd.DataFrame(
        {
            "label": exchanges["label"],
            "earlier": early / EARLIER_YEARS,
            "recent": late / years,
            "ratio": ratio,
            "low": ratio / factor,
            "high": ratio * factor,
        }
    )
    found.attrs["confidence"] = confidence
    return found


def clear_changes(comparison: pd.DataFrame) -> pd.DataFrame:
    """Return how many rows of `rate_ratios` lie ``below`` and ``above`` the earlier rate, and ``unclear``: hold 1.

    The row that sums up others is not counted beside them.
    """
    counted = comparison.drop(index=SUM_OF_OTHERS, errors="ignore")
    below, above = int((counted["high"] < 1).sum()), int((counted["low"] > 1).sum())
    return pd.DataFrame({"below": [below], "above": [above], "unclear": [len(counted) - below - above]})


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
