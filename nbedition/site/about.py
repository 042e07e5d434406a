"""What the site calls itself, and the further pages that a study brings."""

from collections.abc import Callable
from dataclasses import dataclass

from crossfoot.text import read_yaml
from nbedition.project import about as file_about
from nbedition.project import project


@dataclass(frozen=True)
class Page:
    """A further page of the site, as a study's own function gives it; title and lead are how the home page leads to it.

    ``files`` makes the files that the page needs, scripts and styles too: text by path below the site.
    """

    source: str  # MyST Markdown
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


def about() -> About:
    """Return what the site calls itself: what the project file says, and what it leaves out as CITATION.cff has it.

    Examples
    --------
    >>> sorted(vars(about()))
    ['beside', 'foot', 'lead', 'short', 'title']
    """
    place, told = file_about("CITATION.cff"), project().site
    said = read_yaml(place) if place else {}
    authors = ", ".join(" ".join(str(part) for part in person.values()) for person in said.get("authors", []))
    title = told.get("title", str(said.get("title", "A study")))
    return About(
        title,
        told.get("short", title),
        told.get("beside", ""),
        told.get("lead", str(said.get("abstract", ""))),
        told.get("foot", f"{title}. {authors}."),
    )


def more_pages() -> dict[str, Page]:
    """Return the further pages that the project file names, by name."""
    at_work = project()
    return {name: at_work.entry(said)() for name, said in at_work.pages.items()}
