"""The home page: three findings with their pictures, the audit in four numbers, and where to go on."""

from collections.abc import Mapping, Sequence
from typing import Any

from crossfoot.text import read_yaml
from nbedition.project import project
from nbedition.site.about import Page, about
from nbedition.site.built import Built, Shown
from nbedition.site.claims import tally
from nbedition.templates import rendered

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
