"""What the site calls itself: the edition, or a study of one's own after its CITATION.cff."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from crossfoot.text import read_yaml
from nbedition.project import about as file_about
from nbedition.project import project

ASSETS = Path(__file__).parent / "assets"


@dataclass(frozen=True)
class Page:
    """A further page of the site, as a study's own function gives it.

    Parameters
    ----------
    source
        MyST Markdown.
    files
        Makes the files that the page needs: text by path below the site.
    title, lead
        How the home page leads to it.
    """

    source: str
    files: Callable[[], dict[str, str]] = dict
    title: str = ""
    lead: str = ""


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


def about() -> About:
    """Return what the site calls itself: what the project file says, and what it leaves out as CITATION.cff has it.

    Examples
    --------
    >>> about().short
    'EWPPR'
    """
    place, told = file_about("CITATION.cff"), project().site
    said = read_yaml(place) if place else {}
    authors = ", ".join(" ".join(str(part) for part in person.values()) for person in said.get("authors", []))
    title = str(said.get("title", "A study"))
    title = told.get("title", title)
    return About(
        title,
        told.get("short", title),
        told.get("beside", ""),
        told.get("lead", str(said.get("abstract", ""))),
        told.get("foot", f"{title}. {authors}."),
    )
