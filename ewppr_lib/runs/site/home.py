"""The home page: three findings with their pictures, the audit in four numbers, and where to go on."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from ewppr_lib.data.text import read_yaml
from ewppr_lib.runs.site.built import Built, Shown
from ewppr_lib.runs.site.claims import MARKS, WORDS
from ewppr_lib.runs.site.html import link, raw, text

ASSETS = Path(__file__).parent / "assets"
WAYS = (
    ("Read", "notebooks/index.html", "Five notebooks, code folded, every number recomputed."),
    ("Check", "claims.html", "Every claim of the study with a computed verdict."),
    ("Try", "explorer.html", "Move the assumptions and see how reform options rank."),
    ("Reuse", "docs/tutorial.html", "From nothing to a figure that you can cite."),
)


def home_page(built: Built, claims: Sequence[Mapping[str, Any]], sections: Sequence[str]) -> str:
    """Return the source of the home page.

    Parameters
    ----------
    built
        Executed notebooks; findings come from their figures and recorded results.
    claims
        Judged claims.
    sections
        Pages that the navigation bar leads to.
    """
    findings = "".join(_finding(number, *found) for number, found in enumerate(chosen(built), start=1))
    ways = "".join(
        f'<li class="ew-card"><h2>{link(target, name)}</h2><p>{words}</p></li>' for name, target, words in WAYS
    )
    lines = [
        "---",
        "html_theme.sidebar_secondary.remove: true",
        "---",
        "",
        "# East-West Partnerships for Poverty Reduction",
        "",
        raw(
            '<p class="ew-hero">Since 1996 China pairs eastern provinces and cities with western ones. A study by Lu, Qin and '
            "Li reviews these partnerships. This edition makes the study executable: every figure is computed anew, every "
            f'claim is checked, and whoever holds a figure can trace it.</p><ul class="ew-cards ew-ways">{ways}</ul>'
        ),
        "## Three findings",
        "",
        raw(f'<div class="ew-findings">{findings}</div>'),
        f"## {len(claims)} claims, judged by computation",
        "",
        raw(_audit(claims)),
        "```{toctree}",
        ":hidden:",
        "",
        *sections,
        "```",
    ]
    return "\n".join(lines) + "\n"


def chosen(built: Built) -> list[tuple[Shown, str]]:
    """Return the figures on the home page, each with what is said of it.

    A study without the edition's findings shows the first figure of its first three notebooks.
    """
    figures = {(shown.notebook, shown.name): shown for shown in built.figures}
    found = [
        (figures[one["notebook"], one["figure"]], _filled(one["text"], built.results(one["notebook"])))
        for one in read_yaml(ASSETS / "findings.yml")
        if (one["notebook"], one["figure"]) in figures
    ]
    if found:
        return found
    firsts: dict[str, Shown] = {}
    for shown in built.figures:
        firsts.setdefault(shown.notebook, shown)
    return [(shown, str(shown.record["caption"])) for shown in list(firsts.values())[:3]]


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
        f'<img src="{text(shown.file("png"))}" alt="{text(record["alt"])}"></a><div><p class="ew-number" aria-hidden="true">'
        f'{number}</p><h3 id="finding-{number}">{text(record["title"])}</h3><p>{text(words)}</p>'
        f'<p>{link(f"notebooks/{shown.notebook}.html", "How it was computed")} · {link(page, "Data and files")}</p></div>'
        "</section>"
    )


def _audit(claims: Sequence[Mapping[str, Any]]) -> str:
    cells = "".join(
        f'<li class="ew-{mark}"><a href="claims.html?verdict={mark}"><b>{sum(row["verdict"] == verdict for row in claims)}</b> '
        f"<span>{WORDS[mark]}</span></a></li>"
        for verdict, mark in MARKS.items()
    )
    return f'<ul class="ew-audit">{cells}</ul>'
