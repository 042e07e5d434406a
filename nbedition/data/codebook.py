"""The codebook: the tables of ``data/README.md``, written from the declarations and the source records."""

import click

from crossfoot.text import read_text
from nbedition.data.datasets import Dataset, datasets
from nbedition.data.sources import sources
from nbedition.project import data_file

MARK = "<!-- everything below is written by `make codebook` -->"


def codebook() -> str:
    """Return the codebook's generated part as Markdown: data sets, then sources."""
    parts = [MARK, "", "## Data sets", ""]
    for dataset in datasets().values():
        parts += _dataset_lines(dataset)
    parts += ["## Sources", ""]
    for source in sources().values():
        parts += [
            f"### `{source.id}`",
            "",
            f"{source.by}. *{source.title}*. {source.edition}; {source.place} ({source.date}). "
            f"Licence: {source.licence}. Trust: {source.trust}. Cited in figures as: {source.short}.",
            "",
        ]
    return "\n".join(parts).rstrip() + "\n"


def _dataset_lines(dataset: Dataset) -> list[str]:
    columns = [
        f"| `{name}` | {column.unit} | {column.title}{' (may be left out)' if column.may_be_left_out else ''} |"
        for name, column in dataset.columns.items()
    ]
    own = " A table of your own in these columns can take its place." if dataset.own_table else ""
    cited = ", ".join(f"`{source}`" for source in dataset.sources)
    return [
        f"### `{dataset.name}`",
        "",
        f"{dataset.title}. File `{dataset.file}`; sources: {cited}.{own}",
        "",
        "| column | unit | meaning |",
        "| --- | --- | --- |",
        *columns,
        "",
    ]


def rewritten(text: str) -> str:
    """Return the text of ``data/README.md`` with its generated part made anew."""
    return text.partition(MARK)[0] + codebook()


if __name__ == "__main__":
    path = data_file("README.md")
    new = rewritten(read_text(path))
    with click.open_file(str(path), "w", encoding="utf-8", atomic=True) as file:
        file.write(new)
