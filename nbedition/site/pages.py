"""What the site calls itself; home page, claims, data and figures: what each shows, as plain data for its template."""

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from crossfoot.report import records_text
from crossfoot.text import read_grid, read_text, read_yaml
from nbedition.citation_file import Citable, citation_file
from nbedition.cite import STYLES
from nbedition.cite.gather import figure
from nbedition.cite.styles import citation
from nbedition.claims import CONTRADICTED, NOT_CHECKABLE, READING, REPRODUCED, SEVERITIES, as_frame, as_records, audit
from nbedition.data import load
from nbedition.data.datasets import Dataset, datasets
from nbedition.data.sources import sources
from nbedition.notebooks.outputs import title_of
from nbedition.project import about as file_about
from nbedition.project import data_file, notebooks, program, project
from nbedition.site.built import KINDS, Built, Shown
from nbedition.templates import rendered

MOST_ROWS = 400


@dataclass(frozen=True)
class Page:
    """A further page of the site, as a study's own function gives it; title and lead are how the home page leads to it.

    ``files`` makes the files that the page needs, scripts and styles too: text by path below the site. ``below``:
    sources of pages that it leads to, by name.
    """

    source: str  # MyST Markdown
    files: Callable[[], dict[str, str]] = dict
    title: str = ""
    lead: str = ""
    below: Mapping[str, str] = field(default_factory=dict)


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
    said, told = citation_file() or Citable(), project().site
    authors = ", ".join(one.name for one in said.authors)
    title = told.get("title", said.title or "A study")
    return About(
        title,
        told.get("short", title),
        told.get("beside", ""),
        told.get("lead", said.abstract),
        told.get("foot", f"{title}. {authors}." if authors else f"{title}."),
    )


def more_pages() -> dict[str, Page]:
    """Return the further pages that the project file names, by name."""
    at_work = project()
    return {name: at_work.entry(said)() for name, said in at_work.pages.items()}


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
    pages = {f"figures/{shown.page}.md": _figure_page(shown, built) for shown in built.figures}
    return pages | {"figures/index.md": rendered("site/templates/figures.md.jinja", index)}


def _figure_page(shown: Shown, built: Built) -> str:
    head, *rows = read_grid(shown.path("csv"))
    cited = figure(str(shown.path("png")), lambda _: None)  # a file of the runs that the site is made of
    return rendered(
        "site/templates/figure.md.jinja",
        {
            "shown": shown,
            "notebook": title_of(shown.notebook, built.notebooks[shown.notebook]),
            "sources": sources(),
            "files": [(kind, _size(shown, kind)) for kind in KINDS],
            "citations": [(style, citation([cited], style)) for style in STYLES],
            "drawn": Rows(head, rows),
        },
    )


def _size(shown: Shown, kind: str) -> str:
    size = shown.path(kind).stat().st_size
    return f"{size / 1000:,.0f} kB" if size >= 1000 else f"{size} bytes"


VERDICTS = {  # to its mark in addresses and styles, and its words
    REPRODUCED: ("reproduced", "reproduced"),
    READING: ("reading", "under one reading"),
    CONTRADICTED: ("contradicted", "contradicted"),
    NOT_CHECKABLE: ("unchecked", "not checkable"),
}


def judged() -> list[dict[str, Any]]:
    """Return every claim as the pages show it, in ledger order; none for a study without a ledger."""
    return [
        _shown({str(name): value for name, value in row.items()})
        for row in as_frame(audit()).reset_index().to_dict("records")
    ]


def _shown(row: dict[str, Any]) -> dict[str, Any]:
    section, place = str(row["section"]), str(row["place"])
    mark, words = VERDICTS[row["verdict"]]
    where = place if place.lower().startswith(section.lower()) else f"{section}, {place}"
    return row | {"mark": mark, "words": words, "where": where}


def tally(claims: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
    """Return mark, words and number of claims of each verdict."""
    counts = Counter(row["mark"] for row in claims)
    return [{"mark": mark, "words": words, "count": counts[mark]} for mark, words in VERDICTS.values()]


def claims_page(claims: Sequence[dict[str, Any]]) -> str:
    """Return the source of the claims page; it leads to a notebook and a page of the guide about claims."""
    return rendered(
        "site/templates/claims.md.jinja",
        {
            "claims": claims,
            "verdicts": tally(claims),
            "gravest": [row for row in claims if row["mark"] == "contradicted" and row["severity"] == SEVERITIES[0]],
            "notebook": next((name for name in notebooks() if "claims" in name), ""),
            "own_claims": file_about("docs/own-claims.md") is not None,
        },
    )


def claims_files() -> dict[str, str]:
    """Return the claims with their verdicts as CSV text, as `audit` prints them; nothing without a ledger."""
    rows = as_records(audit())
    return {"files/claims.csv": records_text(rows, "csv") + "\n"} if rows else {}


def data_pages() -> dict[str, str]:
    """Return the sources of the data pages by file name."""
    pages = {f"data/{dataset.name}.md": _dataset_page(dataset) for dataset in datasets().values()}
    return pages | {"data/index.md": _data_index(), "data/sources.md": _sources_page()}


def data_files() -> dict[str, str]:
    """Return every data set as CSV text, by its path below the site."""
    frames = {name: load(name) for name in datasets()}
    return {
        f"files/data/{name}.csv": frame.to_csv(index=frame.index.name is not None, lineterminator="\n")
        for name, frame in frames.items()
    }


def _dataset_page(dataset: Dataset) -> str:
    frame, known = load(dataset.name), sources()
    body = (frame.reset_index() if frame.index.name is not None else frame).astype(object)
    rows = body.where(body.notna(), "").to_numpy().tolist()
    columns = [(name, column.unit, column.title) for name, column in dataset.columns.items()]
    cited = [known[name] for name in dict.fromkeys([*dataset.sources, *frame.get("source", [])])]
    values = {"dataset": dataset, "columns": columns, "cited": cited, "count": len(rows)}
    return rendered("site/templates/dataset.md.jinja", values | {"rows": Rows(list(map(str, body.columns)), rows)})


def _data_index() -> str:
    readme = data_file("README.md")
    said = read_text(readme).partition("<!--")[0].strip() if readme.is_file() else "# Data"
    listed = [(one.name, one.title, len(load(one.name))) for one in datasets().values()]
    return rendered("site/templates/data.md.jinja", {"readme": said, "datasets": listed})


def _sources_page() -> str:
    users = {name: [one.name for one in datasets().values() if name in one.sources] for name in sources()}
    listed = [(source, users[source.id]) for source in sources().values()]
    return rendered("site/templates/sources.md.jinja", {"sources": listed})


WAYS = (
    ("Read", "notebooks/index", "The notebooks, code folded, every number recomputed."),
    ("Check", "claims", "Every claim of the study with a computed verdict."),
    ("Reuse", "docs/tutorial", "From nothing to a figure that you can cite."),
)


def home_page(built: Built, claims: Sequence[dict[str, Any]], sections: Sequence[str], more: Mapping[str, Page]) -> str:
    """Return the source of the home page: ``sections`` are the pages of the navigation bar, ``more`` among them."""
    ways = [*WAYS[:-1], *((page.title, name, page.lead) for name, page in more.items() if page.title), WAYS[-1]]
    there = [way for way in ways if way[1] in sections or f"{way[1].partition('/')[0]}/index" in sections]
    values = {"about": about(), "ways": there, "findings": findings(built), "sections": sections}
    return rendered("site/templates/home.md.jinja", values | {"claims": claims, "verdicts": tally(claims)})


def findings(built: Built) -> list[tuple[Shown, str]]:
    """Return the figures on the home page, each with what is said of it.

    A study that declares no findings shows the first figure of its first three notebooks.
    """
    figures = {(shown.notebook, shown.name): shown for shown in built.figures}
    found = [
        (figures[one["notebook"], one["figure"]], _filled(one["text"], built.results(one["notebook"])))
        for one in _declared()
        if (one["notebook"], one["figure"]) in figures
    ]
    firsts = {shown.notebook: shown for shown in reversed(built.figures)}
    chosen = [firsts[name] for name in built.notebooks if name in firsts][:3]
    return found or [(shown, str(shown.record["caption"])) for shown in chosen]


def _declared() -> list[dict[str, str]]:
    """Return the findings that the project file names a file of; none where it names none."""
    at_work = project()
    named = at_work.site.get("findings")
    return list(read_yaml(at_work.root / named)) if named else []


def _filled(template: str, results: Mapping[str, Mapping[str, Any]]) -> str:
    """Return a text with recorded results in it; "" where the run has not recorded one of them."""
    values: dict[str, float] = {}
    for name, found in results.items():
        ends = {name: found["value"], f"{name}_low": found["low"], f"{name}_high": found["high"]}
        values |= {end: value for end, value in ends.items() if value is not None}
    try:
        return template.format_map(values)
    except KeyError:
        return ""
