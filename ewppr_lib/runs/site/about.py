"""What the site calls itself: the edition, or a study of one's own after its CITATION.cff."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ewppr_lib.data.text import read_yaml
from ewppr_lib.home import about as file_about
from ewppr_lib.home import own_study

ASSETS = Path(__file__).parent / "assets"


@dataclass(frozen=True)
class About:
    """Title, short name with what stands beside it, lead of the home page, and line at the foot of every page."""

    title: str
    short: str
    beside: str
    lead: str
    foot: str

    @property
    def config(self) -> dict[str, Any]:
        """What Sphinx is told."""
        return {
            "project": self.title,
            "html_title": f"{self.short} {self.beside}".strip(),
            "html_context": {"about": self},
        }


EDITION = About(
    "East-West Partnerships for Poverty Reduction",
    "EWPPR",
    "executable edition",
    "Since 1996 China pairs eastern provinces and cities with western ones. A study by Lu, Qin and Li reviews these "
    "partnerships. This edition makes the study executable: every figure is computed anew, every claim is checked, and "
    "whoever holds a figure can trace it.",
    "An executable edition of a study by Hanwen Lu, Zhimin Qin and Ping Li. Text and figures CC BY 4.0, code MIT.",
)


def about() -> About:
    """Return what the site calls itself.

    Examples
    --------
    >>> about().short
    'EWPPR'
    """
    if own_study() is None:
        return EDITION
    place = file_about("CITATION.cff")
    said = read_yaml(place) if place else {}
    title = str(said.get("title", "A study"))
    authors = ", ".join(" ".join(str(part) for part in person.values()) for person in said.get("authors", []))
    return About(title, title, "", str(said.get("abstract", "")), f"{title}. {authors}.")
