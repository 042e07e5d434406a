"""What a figure's page says to cite it by."""

from nbedition.cite.gather import figure
from nbedition.cite.styles import STYLES, citation
from nbedition.site.built import Shown


def fingerprint(shown: Shown) -> str:
    """Return the short text by which a figure is found again."""
    return str(shown.record["fingerprint"])


def citations(shown: Shown) -> dict[str, str]:
    """Return the citations of a figure by style, made from the record in its file."""
    cited = figure(str(shown.folder / f"{shown.name}.png"))
    return {style: citation(cited, style) for style in STYLES}
