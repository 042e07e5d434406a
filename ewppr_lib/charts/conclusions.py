"""Chart of notebook 05."""

import pandas as pd
from matplotlib.figure import Figure
from matplotlib.patches import Rectangle

from ewppr_lib.charts import bare_value_axis, key, label_rows
from nbedition.figures.style import BLUE, DOUBLE, PALE, SKY, VERMILION, canvas, house_style
from nbedition.language import translate

WORDS = {
    "reproduced": ("reproduced", BLUE),
    "reproduced only under a stated reading": ("only under a stated reading", SKY),
    "contradicted": ("contradicted", VERMILION),
    "not checkable from the study": ("not checkable", PALE),
}
MOST_IN_A_LINE = 64
PRINTED_AFTER = {"Abstract": "0", "Table 1": "3.1", "Column 1": "3.2", "Table 2": "3.3", "References": "9"}


@house_style
def claims_by_place(judged: pd.DataFrame) -> Figure:
    """Draw every claim as a square in the order of the study, coloured by verdict."""
    counts = judged["verdict"].value_counts()
    title = translate(
        "{against} of {all} claims are contradicted by the study itself",
        against=counts["contradicted"],
        all=len(judged),
    )
    lines = _lines(judged)
    figure, axes = canvas(DOUBLE, 0.75 + 0.145 * len(lines), title)
    for number, (_, verdicts) in enumerate(lines):
        for place, verdict in enumerate(verdicts):
            axes.add_patch(Rectangle((place, number - 0.4), 0.82, 0.8, color=WORDS[verdict][1], linewidth=0))
    label_rows(axes, [label for label, _ in lines], size=6.5)
    axes.set_ylim(len(lines) - 0.5, -0.5)
    axes.set_xlim(0, MOST_IN_A_LINE)
    bare_value_axis(axes)
    entries = [(colour, f"{counts[verdict]} {translate(name, 'name')}") for verdict, (name, colour) in WORDS.items()]
    key(axes, entries, (0.01, 1.02), across=True)
    return figure


def in_short(judged: pd.DataFrame, survival: pd.DataFrame) -> list[str]:
    """Return the answers of notebook 05 in three sentences."""
    fallen = judged[judged["verdict"] == "contradicted"]
    grave = fallen["severity"] == "conclusion"
    counts = judged["verdict"].value_counts()
    kept = survival.index[survival["survives"]]
    return [
        translate(
            "Of {all} claims {holds} follow from the study's own figures, {reading} more only under one reading; "
            "{against} are contradicted, and {open} cannot be checked from the study.",
            all=len(judged),
            holds=counts["reproduced"],
            reading=counts["reproduced only under a stated reading"],
            against=len(fallen),
            open=counts["not checkable from the study"],
        ),
        translate(
            "Of the contradicted claims {grave} change a conclusion, {number} a number and {wording} a wording; "
            "{total} stand in the row Total of Table 1, which counts money twice.",
            grave=grave.sum(),
            number=(fallen["severity"] == "number").sum(),
            wording=(fallen["severity"] == "wording").sum(),
            total=fallen["place"].str.startswith("Total row").sum(),
        ),
        translate(
            "Of {examined} conclusions that rest on such figures, {kept} hold under every reading that can be "
            "defended.",
            kept=len(kept),
            examined=len(survival),
        ),
    ]


def _lines(judged: pd.DataFrame) -> list[tuple[str, list[str]]]:
    """Split the verdicts into lines of squares, section by section as printed; first lines are labelled."""
    lines: list[tuple[str, list[str]]] = []
    by_section = {str(section): list(verdicts) for section, verdicts in judged.groupby("section")["verdict"]}
    for section in sorted(by_section, key=lambda name: (PRINTED_AFTER.get(name, name), name in PRINTED_AFTER)):
        listed = by_section[section]
        label = translate("section {number}", number=section) if section[0].isdigit() else translate(section, "name")
        starts = range(0, len(listed), MOST_IN_A_LINE)
        lines += [(label if start == 0 else "", listed[start : start + MOST_IN_A_LINE]) for start in starts]
    return lines
