"""Charts of notebook 01 on the pairings: a tile grid through time, and who helps whom."""

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import Rectangle

from ewppr_lib.charts import rows
from nbedition.figures.style import BLUE, GREEN, GREY, INK, ORANGE, PURPLE, SINGLE, VERMILION, canvas, house_style
from nbedition.language import translate

SHADES = {1: "#FBE3B5", 2: "#F5C14E", 4: "#E69F00", 8: "#A86A00"}  # recipients, by least number of donors
SINCE = {1996: BLUE, 2002: PURPLE, 2010: VERMILION, 2013: GREEN, 2016: ORANGE}
ACROSS = 2  # panels in a row


@house_style
def pairing_tiles(tiles: pd.DataFrame) -> Figure:
    """Draw each list on a grid of provinces: donors, recipients by number of donors, and what is not held."""
    years = sorted(tiles["list_year"].unique())
    top = rows(tiles.nlargest(1, "donors"))[0]
    also = int(tiles.loc[tiles["province"] != top["province"], "donors"].max())
    title = translate(
        "Help gathers on {province}: {donors} donors\nfrom {year}, no other ever more than {also}",
        province=top["province"],
        donors=top["donors"],
        year=top["list_year"],
        also=also,
    )
    figure, axes = canvas(SINGLE, 6.5, title)
    axes.remove()
    panels = figure.subplots(len(years) // ACROSS + 1, ACROSS).ravel()
    for panel, year in zip(panels, years, strict=False):
        partial = (tiles.loc[tiles["list_year"] == year, "role"] == "not held").any()
        panel.set_title(
            translate("{year} (part of the list)", year=year) if partial else str(year), fontsize=7, loc="left", pad=-4
        )
        for tile in rows(tiles[tiles["list_year"] == year]):
            _tile(panel, tile)
    for panel in panels:
        panel.set_xlim(0.5, 10.5)
        panel.set_ylim(11.5, 0.5)
        panel.set_aspect("equal")
        _without_frame(panel)
    _key(panels[len(years)])
    return figure


def _without_frame(axes: Axes) -> None:
    axes.xaxis.set_visible(False)
    axes.yaxis.set_visible(False)
    for spine in axes.spines.values():
        spine.set_visible(False)


def _shade(donors: int) -> str:
    return SHADES[max(least for least in SHADES if least <= donors)]


def _tile(panel: Axes, tile: dict[str, object]) -> None:
    role, donors = tile["role"], int(str(tile["donors"]))
    face = {"donor": BLUE, "recipient": _shade(donors or 1), "not held": "white", "none": "#EEEEEE"}[str(role)]
    edge, dots = (GREY, (0, (1, 1))) if role == "not held" else ("white", "-")
    x, y = float(str(tile["column"])), float(str(tile["row"]))
    panel.add_patch(
        Rectangle((x - 0.46, y - 0.46), 0.92, 0.92, facecolor=face, edgecolor=edge, linestyle=dots, linewidth=0.6)
    )
    dark = role == "donor" or donors >= max(SHADES)
    code = translate(str(tile["code"]), "name")
    text = code + ("\n" if len(code) > 1 else "") + str(donors) if donors > 1 else code
    colour = "white" if dark else GREY if role in ("none", "not held") else INK
    panel.text(x, y, text, ha="center", va="center", fontsize=5, color=colour, linespacing=0.95)


def _key(panel: Axes) -> None:
    lines = [
        (BLUE, translate("donor (a city: its province)")),
        (SHADES[1], translate("recipient, 1 donor")),
        *(
            (SHADES[least], translate("recipient, {least} donors or more", least=least))
            for least in SHADES
            if least > 1
        ),
        ("#EEEEEE", translate("not on the list")),
    ]
    for line, (face, words) in enumerate(lines):
        panel.add_patch(Rectangle((0.6, line * 1.15 + 1.2), 0.92, 0.92, facecolor=face, linewidth=0))
        panel.text(1.9, line * 1.15 + 1.66, words, va="center", fontsize=6)
    last = len(lines) * 1.15 + 1.2
    panel.add_patch(
        Rectangle((0.6, last), 0.92, 0.92, facecolor="white", edgecolor=GREY, linestyle=(0, (1, 1)), linewidth=0.6)
    )
    panel.text(1.9, last + 0.46, translate("before; row not held"), va="center", fontsize=6)


@house_style
def pairing_flow(spells: pd.DataFrame, missing: pd.DataFrame) -> Figure:
    """Draw donors on the left, recipients on the right, and a line for each pair."""
    first = spells[spells["start"] == spells["start"].min()]
    added = spells[spells["start"] > spells["start"].min()]
    gains = added["recipient"].value_counts()
    last = spells.loc[~spells["open"], "end"].max()
    title = translate(
        "{still} of the {all} pairs of {start} still stand in {last};\nof {added} added since, {most} go to {where}",
        still=first["open"].sum(),
        all=len(first),
        start=first["start"].min(),
        last=last,
        added=len(added),
        most=gains.iloc[0],
        where=str(gains.index[0]),
    )
    figure, axes = canvas(SINGLE, 4.6, title)
    donors, recipients = _places(spells, "donor"), _places(spells, "recipient")
    way = np.linspace(0, 1, 40)
    bend = way**2 * (3 - 2 * way)
    for spell in rows(spells.sort_values("start", ascending=False)):
        left, right = donors[spell["donor"]], recipients[spell["recipient"]]
        style = "-" if spell["open"] else (0, (1.5, 1.5))
        axes.plot(way, left + (right - left) * bend, color=SINCE[spell["start"]], linewidth=1.1, linestyle=style)
    for places, x, side in ((donors, -0.02, "right"), (recipients, 1.02, "left")):
        for name, y in places.items():
            axes.text(x, y, translate(name, "name"), ha=side, va="center", fontsize=6.5)
    for number, (year, colour) in enumerate(SINCE.items()):
        axes.text(number * 0.25, -0.055, f"\u25a0 {year}", color=colour, fontsize=6.5, va="bottom", ha="center")
    words = (
        translate("colour: the list that brings the pair; dotted: ended in {last}", last=last)
        + "\n"
        + _missing(missing)
    )
    axes.text(0.5, 1.03, words, ha="center", va="top", fontsize=6, color=GREY)
    axes.set_xlim(-0.33, 1.42)
    axes.set_ylim(1.16, -0.09)
    _without_frame(axes)
    return figure


def _missing(missing: pd.DataFrame) -> str:
    named, held = missing["named"], missing["held"]
    return translate(
        "of the list of 2016 the rows of\n"
        "{provinces} of {all_provinces} provinces and {cities} of {all_cities} cities are not held",
        provinces=named["donor_provinces"] - held["donor_provinces"],
        all_provinces=named["donor_provinces"],
        cities=named["donor_cities"] - held["donor_cities"],
        all_cities=named["donor_cities"],
    )


def _places(spells: pd.DataFrame, side: str) -> dict[str, float]:
    """Return a height from 0 to 1 for each name; recipients stand at the mean height of their donors."""
    donors = list(dict.fromkeys(spells.sort_values("start", kind="stable")["donor"]))
    if side == "recipient":
        heights = spells.assign(height=spells["donor"].map(donors.index)).groupby("recipient")["height"].mean()
        names = [str(name) for name in heights.sort_values(kind="stable").index]
    else:
        names = [str(name) for name in donors]
    return {name: place / (len(names) - 1) for place, name in enumerate(names)}
