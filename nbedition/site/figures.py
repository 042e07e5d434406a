"""A page a figure, and the index that finds a figure by its fingerprint."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from crossfoot.text import read_grid
from nbedition.cite.gather import figure
from nbedition.cite.styles import STYLES, citation
from nbedition.data.sources import sources
from nbedition.project import program
from nbedition.site.built import KINDS, Built, Shown
from nbedition.site.notebooks import title_of
from nbedition.templates import rendered

MOST_ROWS = 400


@dataclass(frozen=True)
class Rows:
    """A table as a page shows it, cut after `MOST_ROWS` rows."""

    head: Sequence[str]
    all: Sequence[Sequence[Any]]

    @property
    def rows(self) -> Sequence[Sequence[Any]]:
        """The rows shown."""
        return self.all[:MOST_ROWS]

    @property
    def more(self) -> int:
        """How many rows are left out."""
        return max(0, len(self.all) - MOST_ROWS)


def figure_pages(built: Built) -> dict[str, str]:
    """Return the sources of the figure pages by file name, index included."""
    entries = [f"{shown.notebook[:2]} {shown.name.replace('_', ' ')} <{shown.page}>" for shown in built.figures]
    index = {"figures": built.figures, "entries": entries, "program": program()}
    pages = {f"figures/{shown.page}.md": _page(shown, built) for shown in built.figures}
    return pages | {"figures/index.md": rendered("site/templates/figures.md.jinja", index)}


def _page(shown: Shown, built: Built) -> str:
    head, *rows = read_grid(shown.path("csv"))
    cited = figure(str(shown.path("png")))
    return rendered(
        "site/templates/figure.md.jinja",
        {
            "shown": shown,
            "notebook": title_of(built.notebooks[shown.notebook]),
            "sources": sources(),
            "files": [(kind, _size(shown, kind)) for kind in KINDS],
            "citations": [(style, citation(cited, style)) for style in STYLES],
            "drawn": Rows(head, rows),
        },
    )


def _size(shown: Shown, kind: str) -> str:
    size = shown.path(kind).stat().st_size
    return f"{size / 1000:,.0f} kB" if size >= 1000 else f"{size} bytes"
