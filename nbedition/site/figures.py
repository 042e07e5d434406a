"""A page a figure, and the index that finds a figure by its fingerprint."""

import pandas as pd

from crossfoot.text import read_grid
from nbedition.data.sources import sources
from nbedition.project import program
from nbedition.site.built import KINDS, Built, Shown
from nbedition.site.citing import citations, fingerprint
from nbedition.site.html import WITHOUT_CONTENTS, copy_box, frame_table, link, raw, text
from nbedition.site.notebooks import title_of

STYLES = {"bibtex": "BibTeX", "csl-json": "CSL-JSON", "apa": "APA", "latex": "LaTeX"}
WHAT = {"png": "picture, 300 dots an inch", "svg": "drawing", "pdf": "drawing for print", "csv": "data drawn"}


def figure_pages(built: Built) -> dict[str, str]:
    """Return the sources of the figure pages by file name, index included."""
    pages = {f"figures/{shown.page}.md": _page(shown, built) for shown in built.figures}
    return pages | {"figures/index.md": _index(built)}


def _page(shown: Shown, built: Built) -> str:
    record = shown.record
    picture = f"../{text(shown.file('png'))}"
    drawn = (
        f'<figure class="ew-figure ew-large"><a href="{picture}"><img src="{picture}" alt="{text(record["alt"])}"></a>'
        f"<figcaption>{text(record['caption'])}</figcaption></figure>"
    )
    home = link(f"../notebooks/{shown.notebook}.html", title_of(built.notebooks[shown.notebook]))
    parts = [
        *WITHOUT_CONTENTS,
        f"# {record['title']}",
        "",
        raw(drawn),
        "## What it shows",
        "",
        raw(f"<p>{text(record['alt'])}</p><p>Made in notebook {home}. Sources: {_sources(shown)}.</p>"),
        "## Files",
        "",
        raw(_files(shown)),
        "## Cite",
        "",
        raw(_cite(shown)),
        "## Data",
        "",
        raw(frame_table(_data(shown), "Data drawn in the figure")),
    ]
    return "\n".join(parts)


def _data(shown: Shown) -> pd.DataFrame:
    head, *rows = read_grid(shown.folder / f"{shown.name}.csv")
    return pd.DataFrame(rows, columns=head)


def _sources(shown: Shown) -> str:
    known = sources()
    return "; ".join(
        link(f"../data/sources.html#{source}", known[source].short) if source in known else text(source)
        for source in shown.record["sources"]
    )


def _files(shown: Shown) -> str:
    items = "".join(
        f'<li><a class="ew-button" href="../{text(shown.file(kind))}" download>{kind.upper()}</a> '
        f"<span>{WHAT[kind]}, {_size(shown, kind)}</span></li>"
        for kind in KINDS
    )
    return f'<ul class="ew-files">{items}</ul>'


def _size(shown: Shown, kind: str) -> str:
    size = (shown.folder / f"{shown.name}.{kind}").stat().st_size
    return f"{size / 1000:,.0f} kB" if size >= 1000 else f"{size} bytes"


def _cite(shown: Shown) -> str:
    found = citations(shown)
    tabs = "".join(
        f'<details class="ew-details"{" open" if number == 0 else ""} name="cite">'
        f"<summary>{STYLES[style]}</summary>{copy_box(said, STYLES[style] + ' citation')}</details>"
        for number, (style, said) in enumerate(found.items())
    )
    mark = fingerprint(shown)
    return (
        f"<p>Its fingerprint names the data drawn and the parameters; it stands in the margin of the figure.</p>"
        f'{copy_box(mark, "fingerprint")}<div class="ew-cite">{tabs}</div>'
    )


def _index(built: Built) -> str:
    cards = "\n".join(_card(shown) for shown in built.figures)
    lookup = (
        '<form class="ew-filter" role="search" onsubmit="return false" data-lookup>'
        '<div class="ew-wide"><label for="ew-lookup">Fingerprint, or words of the title</label>'
        '<input id="ew-lookup" type="search" autocomplete="off" spellcheck="false"></div>'
        '<p class="ew-count" role="status" data-count></p></form>'
    )
    lines = [
        "# Figures",
        "",
        "Every figure with its data, files and citation. A figure that you hold carries a fingerprint; enter it here",
        f"to find where it comes from. `{program()} verify FILE` reads it from the file itself.",
        "",
        raw(f'{lookup}<ul class="ew-gallery" data-items>{cards}</ul>'),
        "```{toctree}",
        ":hidden:",
        "",
        *(f"{shown.notebook[:2]} {_short(shown.name)} <{shown.page}>" for shown in built.figures),
        "```",
    ]
    return "\n".join(lines) + "\n"


def _short(name: str) -> str:
    return name.replace("_", " ")


def _card(shown: Shown) -> str:
    record, mark = shown.record, fingerprint(shown)
    words = f"{mark} {record['title']} {shown.name} {record['data_sha256']}".lower()
    return (
        f'<li class="ew-card" data-words="{text(words)}" data-mark="{mark}"><a href="{text(shown.page)}.html">'
        f'<img src="../{text(shown.file("png"))}" alt="" loading="lazy"><span>{text(record["title"])}</span></a>'
        f'<p class="ew-note">Notebook {shown.notebook[:2]}, fingerprint <code>{mark}</code></p></li>'
    )
