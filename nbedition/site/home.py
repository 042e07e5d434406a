"""The home page: three findings with their pictures, the audit in four numbers, and where to go on."""

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any

from crossfoot.text import read_yaml
from nbedition.project import project
from nbedition.site.about import About, Page
from nbedition.site.built import Built, Shown
from nbedition.site.claims import MARKS, WORDS
from nbedition.site.html import WITHOUT_CONTENTS, link, raw, text

WAYS = (
    ("Read", "notebooks/index", "The notebooks, code folded, every number recomputed."),
    ("Check", "claims", "Every claim of the study with a computed verdict."),
    ("Reuse", "docs/tutorial", "From nothing to a figure that you can cite."),
)
COUNTS = {1: "One finding", 2: "Two findings", 3: "Three findings"}


def home_page(
    about: About,
    built: Built,
    claims: Sequence[Mapping[str, Any]],
    sections: Sequence[str],
    more: Mapping[str, Page],
) -> str:
    """Return the source of the home page.

    Parameters
    ----------
    about
        Title and lead.
    built
        Executed notebooks; findings come from their figures and recorded results.
    claims
        Judged claims.
    sections
        Pages that the navigation bar leads to.
    more
        Further pages by name.
    """
    findings = [_finding(number, *found) for number, found in enumerate(chosen(built), start=1)]
    ways = "".join(
        f'<li class="ew-card"><h2>{link(f"{target}.html", name)}</h2><p>{words}</p></li>'
        for name, target, words in _ways(more)
        if target in sections or target.partition("/")[0] + "/index" in sections
    )
    lines = [
        *WITHOUT_CONTENTS,
        f"# {about.title}",
        "",
        raw(f'<p class="ew-hero">{text(about.lead)}</p><ul class="ew-cards ew-ways">{ways}</ul>'),
        f"## {COUNTS.get(len(findings), 'Findings')}",
        "",
        raw(f'<div class="ew-findings">{"".join(findings)}</div>'),
    ]
    if claims:
        lines += [f"## {len(claims)} claims, judged by computation", "", raw(_audit(claims))]
    return "\n".join([*lines, "```{toctree}", ":hidden:", "", *sections, "```"]) + "\n"


def _ways(more: Mapping[str, Page]) -> list[tuple[str, str, str]]:
    """Return title, page and lead of what the home page leads to, further pages before the guide."""
    return [*WAYS[:-1], *((page.title, name, page.lead) for name, page in more.items() if page.title), WAYS[-1]]


def chosen(built: Built) -> list[tuple[Shown, str]]:
    """Return the figures on the home page, each with what is said of it.

    A study without the edition's findings shows the first figure of its first three notebooks.
    """
    figures = {(shown.notebook, shown.name): shown for shown in built.figures}
    found = [
        (figures[one["notebook"], one["figure"]], _filled(one["text"], built.results(one["notebook"])))
        for one in _declared()
        if (one["notebook"], one["figure"]) in figures
    ]
    if found:
        return found
    firsts: dict[str, Shown] = {}
    for shown in built.figures:
        firsts.setdefault(shown.notebook, shown)
    return [(shown, str(shown.record["caption"])) for shown in list(firsts.values())[:3]]


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


def _finding(number: int, shown: Shown, words: str) -> str:
    record, page = shown.record, f"figures/{shown.page}.html"
    return (
        f'<section class="ew-finding" aria-labelledby="finding-{number}"><a class="ew-plate" href="{text(page)}">'
        f'<img src="{text(shown.file("png"))}" alt="{text(record["alt"])}"></a><div>'
        f'<p class="ew-number" aria-hidden="true">{number}</p>'
        f'<h3 id="finding-{number}">{text(record["title"])}</h3><p>{text(words)}</p>'
        f"<p>{link(f'notebooks/{shown.notebook}.html', 'How it was computed')} · "
        f"{link(page, 'Data and files')}</p></div></section>"
    )


def _audit(claims: Sequence[Mapping[str, Any]]) -> str:
    counts = Counter(row["verdict"] for row in claims)
    cells = "".join(
        f'<li class="ew-{mark}"><a href="claims.html?verdict={mark}"><b>{counts[verdict]}</b> '
        f"<span>{WORDS[mark]}</span></a></li>"
        for verdict, mark in MARKS.items()
    )
    return f'<ul class="ew-audit">{cells}</ul>'
