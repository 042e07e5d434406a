"""What a figure's page says to cite it by."""

from importlib import import_module
from importlib.util import find_spec

from ewppr_lib.runs.site.built import Shown

CITING = "ewppr_lib.runs.citing"


def fingerprint(shown: Shown) -> str:
    """Return the short text by which a figure is found again: its own, or else the start of its data's digest."""
    return str(shown.record.get("fingerprint") or shown.record["data_sha256"][:8])


def citations(shown: Shown) -> dict[str, str]:
    """Return the citations of a figure by style, made from the record in its file."""
    if find_spec(CITING) is None:
        record = shown.record
        return {"plain": f"{record['title']}. Figure {shown.name}, notebook {shown.notebook} [{fingerprint(shown)}]."}
    cite = import_module("ewppr_lib.figures.cite")
    cited = import_module(CITING).figure(str(shown.folder / f"{shown.name}.png"))
    return {style: cite.citation(cited, style) for style in cite.STYLES}
