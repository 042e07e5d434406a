"""The data: a page a data set with its columns and rows, and the register of sources."""

from crossfoot.text import read_text
from nbedition.data import load
from nbedition.data.datasets import Dataset, datasets
from nbedition.data.sources import Source, sources
from nbedition.project import data_file
from nbedition.site.html import WITHOUT_CONTENTS, frame_table, link, linked, raw, table, text

TRUST = {
    "A": "official table, read directly",
    "A-": "official table, read through a reference work",
    "B": "second-hand, cross-checked",
    "C": "has a known weakness",
}


def data_pages() -> dict[str, str]:
    """Return the sources of the data pages by file name, with the CSV files that they offer."""
    pages = {f"data/{dataset.name}.md": _page(dataset) for dataset in datasets().values()}
    return pages | {"data/index.md": _index(), "data/sources.md": _sources()}


def data_files() -> dict[str, str]:
    """Return every data set as CSV text, by its path below the site."""
    return {f"files/data/{name}.csv": _csv(name) for name in datasets()}


def _csv(name: str) -> str:
    frame = load(name)
    return frame.to_csv(index=frame.index.name is not None, lineterminator="\n")


def _page(dataset: Dataset) -> str:
    frame = load(dataset.name)
    cited = dict.fromkeys([*dataset.sources, *frame.get("source", [])])
    known = sources()
    shown = "; ".join(link(f"sources.html#{source}", known[source].short) for source in cited)
    own = " A table of your own in these columns can take its place." if dataset.own_table else ""
    columns = [
        [f"<code>{text(name)}</code>", text(column.unit), text(column.title)]
        for name, column in dataset.columns.items()
    ]
    download = f'<a class="ew-button" href="../files/data/{dataset.name}.csv" download>CSV</a>'
    body = (frame.reset_index() if frame.index.name is not None else frame).astype(object)
    rows = body.where(body.notna(), "")
    return "\n".join(
        [
            *WITHOUT_CONTENTS,
            f"# {dataset.name}",
            "",
            raw(
                f'<p class="ew-lead">{text(dataset.title)}.{own}</p><p>{download} <span>{len(frame):,} rows</span></p>'
            ),
            "## Columns",
            "",
            raw(table(("column", "unit", "meaning"), columns, "Columns")),
            "## Rows",
            "",
            raw(frame_table(rows, "Rows")),
            "## Sources",
            "",
            raw(f"<p>{shown}.</p><p>File of the edition: <code>data/{text(dataset.file)}</code></p>"),
        ]
    )


def _index() -> str:
    readme = data_file("README.md")
    about = read_text(readme).partition("<!--")[0].strip() if readme.is_file() else "# Data"
    rows = [
        [link(f"{one.name}.html", one.name), text(one.title), f"{len(load(one.name)):,}"] for one in datasets().values()
    ]
    names = [*datasets(), "sources"]
    return "\n".join(
        [
            about,
            "",
            "## Data sets",
            "",
            raw(table(("data set", "what it holds", "rows"), rows, "Data sets")),
            "Every source has a record: see [all sources](sources.md).",
            "",
            "```{toctree}",
            ":hidden:",
            "",
            *names,
            "```",
            "",
        ]
    )


def _sources() -> str:
    items = "\n".join(_source(source) for source in sources().values())
    trusts = "; ".join(f"<b>{grade}</b> {meaning}" for grade, meaning in TRUST.items())
    return "\n".join(
        [
            "# Sources",
            "",
            "Where every figure comes from: who made it, which edition was read, and how far it can be trusted.",
            "",
            raw(f'<p class="ew-note">Trust: {trusts}.</p><dl class="ew-sources">{items}</dl>'),
        ]
    )


def _source(source: Source) -> str:
    used = ", ".join(link(f"{name}.html", name) for name, dataset in datasets().items() if source.id in dataset.sources)
    return (
        f'<dt id="{source.id}"><code>{source.id}</code> {text(source.short)}</dt>'
        f"<dd>{text(source.producer)}. <cite>{text(source.title)}</cite>. {linked(source.edition)}; "
        f"{linked(source.place)} ({text(source.date)}). Licence: {linked(source.licence)}. Trust: {source.trust}."
        f"{' Used in ' + used + '.' if used else ''}</dd>"
    )
