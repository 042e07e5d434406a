"""Where a figure comes from, gathered while its notebook runs: parameters, data, sources, and what it is made with."""

import os
from collections.abc import Mapping, Sequence
from csv import reader
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import nbedition
from nbedition.data.datasets import dataset
from nbedition.data.sources import Source
from nbedition.figures.record import DataSet, FigureRecord, Library, Notebook, PlottedData, SourceOf, fingerprint, pack
from nbedition.figures.save import text_digest
from nbedition.notebooks import provenance
from nbedition.notebooks.outputs import SWITCHES
from nbedition.notebooks.parameters import settings_of, tables
from nbedition.notebooks.provenance import Environment, notebook_digest
from nbedition.project import data_file, notebooks, project
from nbedition.settings import Settings

OWN_VINTAGE = "the reader's own table"


@dataclass(frozen=True)
class Texts:
    """What a figure says in words."""

    title: str
    caption: str
    alt: str


@dataclass(frozen=True)
class FigureBasis:
    """What a figure rests on: names of data sets and ids of sources."""

    datasets: Sequence[str]
    sources: Sequence[str]


class Origin:
    """What all figures of one run have in common.

    `notebook`: full name; `settings`: the checked parameters; `sources`: the edition's source records by id.
    """

    def __init__(self, notebook: str, settings: Settings, sources: Mapping[str, Source]) -> None:
        self.notebook = notebook
        self.settings = settings
        self._known = sources

    def record(self, name: str, place: int, texts: Texts, csv: str, basis: FigureBasis) -> FigureRecord:
        """Return the record of one figure, without what it was made with beyond the version.

        `name`: the figure's name; `place`: its place in the notebook, from 1; `texts`: title, caption and alt text;
        `csv`: the plotted data as CSV text; `basis`: what it rests on.
        """
        digest = text_digest(csv)
        mark = fingerprint(self.notebook, name, self._parameters | self._tables, digest)
        return FigureRecord(
            figure=name,
            number=f"{int(self.notebook[:2])}.{place}",
            fingerprint=mark,
            title=texts.title,
            caption=texts.caption,
            alt=texts.alt,
            notebook=Notebook(name=self.notebook, sha256=notebook_digest(notebooks()[self.notebook])),
            parameters=self._parameters,
            data=PlottedData(sha256=digest, rows=_rows(csv), packed=pack(csv)),
            datasets=[self._dataset(dataset) for dataset in basis.datasets],
            sources=[self._source(source) for source in basis.sources],
            library=Library(version=nbedition.__version__),
            language=str(getattr(self.settings, "lang", "en")),
            citation=f"{project().name}-{nbedition.__version__}-{name}-{mark}",
        )

    def with_library(self, record: FigureRecord) -> FigureRecord:
        """Return the record with all that the figure was made with."""
        parts = Environment().parts(self.notebook, {}, {})
        library = Library(
            version=nbedition.__version__,
            commit=os.environ.get(provenance.COMMIT) or None,
            sha256=parts.library,
            lock=parts.lock,
        )
        return record.model_copy(update={"library": library})

    @cached_property
    def _parameters(self) -> dict[str, Any]:
        """All parameters; of a table of the user's own the name without its folder."""
        own = tables(settings_of(self.notebook))
        given = content_parameters(self.settings)
        return {name: Path(value).name if name in own and value else value for name, value in given.items()}

    @cached_property
    def _tables(self) -> dict[str, str]:
        """The digest of each table of the user's own, by parameter."""
        named = {name: getattr(self.settings, name) for name in tables(settings_of(self.notebook))}
        return {name: provenance.digest(Path(path)) for name, path in named.items() if path}

    def _dataset(self, name: str) -> DataSet:
        for parameter, stands_for in tables(settings_of(self.notebook)).items():
            if stands_for == name and parameter in self._tables:
                file = self._parameters[parameter]
                return DataSet(name=name, file=file, sha256=self._tables[parameter], parameter=parameter)
        file = dataset(name).file
        return DataSet(name=name, file=file, sha256=provenance.digest(data_file(file)))

    def _source(self, name: str) -> SourceOf:
        known = self._known.get(name)
        if known is None:
            return SourceOf(id=name, short=Path(name).name, vintage=OWN_VINTAGE)
        return SourceOf(id=name, short=known.short, vintage=known.edition)


def content_parameters(settings: Settings) -> dict[str, Any]:
    """Return the parameters that a figure or a number may hang on, defaults included.

    Examples
    --------
    >>> content_parameters(Settings())
    {'lang': 'en'}
    """
    return settings.model_dump(exclude=SWITCHES)


def shown(record: FigureRecord) -> dict[str, Any]:
    """Return what a notebook's output keeps of a record: what changes with the figure, not with the library."""
    kept = record.model_dump(include={"figure", "number", "fingerprint", "title", "caption", "alt"})
    listed = {"notebook": record.notebook.name, "sources": [source.id for source in record.sources]}
    return kept | listed | {"data_sha256": record.data.sha256, "data_rows": record.data.rows}


def _rows(csv: str) -> int:
    return sum(1 for _ in reader(csv.splitlines(keepends=True))) - 1
