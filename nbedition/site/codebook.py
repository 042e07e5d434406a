"""The data: a page a data set with its columns and rows, and the register of sources."""

from crossfoot.text import read_text
from nbedition.data import load
from nbedition.data.datasets import Dataset, datasets
from nbedition.data.sources import sources
from nbedition.project import data_file
from nbedition.site.figures import Rows
from nbedition.templates import rendered


def data_pages() -> dict[str, str]:
    """Return the sources of the data pages by file name."""
    pages = {f"data/{dataset.name}.md": _page(dataset) for dataset in datasets().values()}
    return pages | {"data/index.md": _index(), "data/sources.md": _sources()}


def data_files() -> dict[str, str]:
    """Return every data set as CSV text, by its path below the site."""
    frames = {name: load(name) for name in datasets()}
    return {
        f"files/data/{name}.csv": frame.to_csv(index=frame.index.name is not None, lineterminator="\n")
        for name, frame in frames.items()
    }


def _page(dataset: Dataset) -> str:
    frame, known = load(dataset.name), sources()
    body = (frame.reset_index() if frame.index.name is not None else frame).astype(object)
    rows = body.where(body.notna(), "").to_numpy().tolist()
    columns = [(name, column.unit, column.title) for name, column in dataset.columns.items()]
    cited = [known[name] for name in dict.fromkeys([*dataset.sources, *frame.get("source", [])])]
    values = {"dataset": dataset, "columns": columns, "cited": cited, "count": len(rows)}
    return rendered("site/templates/dataset.md.jinja", values | {"rows": Rows(list(map(str, body.columns)), rows)})


def _index() -> str:
    readme = data_file("README.md")
    said = read_text(readme).partition("<!--")[0].strip() if readme.is_file() else "# Data"
    listed = [(one.name, one.title, len(load(one.name))) for one in datasets().values()]
    return rendered("site/templates/data.md.jinja", {"readme": said, "datasets": listed})


def _sources() -> str:
    users = {name: [one.name for one in datasets().values() if name in one.sources] for name in sources()}
    listed = [(source, users[source.id]) for source in sources().values()]
    return rendered("site/templates/sources.md.jinja", {"sources": listed})
