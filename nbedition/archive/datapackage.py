"""The data as a Frictionless data package: each data set as read, with types, units, sources and licences."""

import json
import re
from collections.abc import Iterable
from hashlib import sha256
from io import BytesIO
from typing import TYPE_CHECKING, Any

from nbedition import data
from nbedition.citation_file import Citable
from nbedition.data.datasets import Column, Dataset, datasets
from nbedition.data.sources import Source, sources
from nbedition.notebooks.outputs import COLUMNS
from nbedition.project import project

if TYPE_CHECKING:
    import pandas as pd

FOLDER = "tables"
RESULTS = "results/results.csv"
RESULT_MEANINGS = {
    "notebook": "notebook that recorded it",
    "name": "name, unique in the notebook",
    "value": "the result",
    "unit": "unit of value, low and high",
    "low": "lower bound, where there is one",
    "high": "upper bound, where there is one",
    "claim": "claim of the study that it bears on",
}
NUMBERS = ("value", "low", "high")


def tables() -> dict[str, bytes]:
    """Return every data set as CSV, as read: corrections applied, one header line; by name in the archive."""
    found = {}
    for name, described in datasets().items():
        text = data.load(name).to_csv(index=described.index is not None, lineterminator="\n")
        found[f"{FOLDER}/{name}.csv"] = text.encode()
    return found


def descriptor(about: Citable, files: dict[str, bytes]) -> dict[str, Any]:
    """Return the content of ``datapackage.json``.

    `about`: what ``CITATION.cff`` says; `files`: the members of the archive that are described: those of `tables`, and
    the results.
    """
    known = sources()
    allowed = resource_names([*datasets(), "results"])
    resources = [
        {"name": allowed[name]} | _resource(described, files[f"{FOLDER}/{name}.csv"], known)
        for name, described in datasets().items()
    ]
    package = {
        "name": f"{resource_names([project().name])[project().name]}-archive",
        "title": about.title or "Archive of a run",
        "description": "Data sets as the run read them, and its results.",
        "version": about.version,
        "created": f"{about.released}T00:00:00Z" if about.released else None,
        "keywords": list(about.keywords),
        "licenses": [{"name": name} for name in about.licences],
        "sources": [_source(source) for source in known.values()],
        "resources": [*resources, {"name": allowed["results"]} | _results(files[RESULTS])],
    }
    return {name: value for name, value in package.items() if value}


def resource_names(names: Iterable[str]) -> dict[str, str]:
    """Return for each name one that the standard allows: lower case, digits and hyphens; different for each.

    Examples
    --------
    >>> list(resource_names(["fiscal_revenue", "Town_List", "town-list", "\u5b66\u6821"]).values())
    ['fiscal-revenue', 'town-list', 'town-list-2', 'u5b66u6821']
    """
    found: dict[str, str] = {}
    for name in names:
        plain = re.sub(
            r"[^-a-z0-9._/]", lambda one: f"u{ord(one[0]):x}", name.lower().replace("_", "-").replace(" ", "-")
        )
        free = (f"{plain}-{number}" for number in range(2, len(found) + 2))
        found[name] = next(one for one in (plain, *free) if one not in found.values())
    return found


def text(package: dict[str, Any]) -> str:
    """Return a descriptor as JSON text."""
    return json.dumps(package, indent=1, ensure_ascii=False, default=str) + "\n"


def _resource(described: Dataset, content: bytes, known: dict[str, Source]) -> dict[str, Any]:
    frame = data.load(described.name)
    present = [described.index, *frame.columns] if described.index else list(frame.columns)
    keys = {"primaryKey": described.table.primary_key, "uniqueKeys": described.table.unique_keys}
    schema = {
        "fields": [_field(described, described.columns[name]) for name in present],
        "missingValues": [""],  # as written, whatever the file below data/ has
        **{name: key for name, key in keys.items() if key},
    }
    cited = dict.fromkeys([*described.sources, *frame.get("source", [])])
    listed = [_source(known[name]) for name in cited]
    return _table(described.title, f"{FOLDER}/{described.name}.csv", content, schema) | {"sources": listed}


def _results(content: bytes) -> dict[str, Any]:
    fields = [
        {"name": name, "type": "number" if name in NUMBERS else "string", "description": RESULT_MEANINGS[name]}
        for name in COLUMNS
    ]
    schema = {"fields": fields, "missingValues": [""], "primaryKey": ["notebook", "name"]}
    return _table("Results that the notebooks recorded", RESULTS, content, schema)


def _table(title: str, path: str, content: bytes, schema: dict[str, Any]) -> dict[str, Any]:
    return {
        "title": title,
        "path": path,
        "type": "table",
        "profile": "tabular-data-resource",
        "format": "csv",
        "mediatype": "text/csv",
        "encoding": "utf-8",
        "bytes": len(content),
        "hash": f"sha256:{sha256(content).hexdigest()}",
        "schema": schema,
    }


def _field(described: Dataset, column: Column) -> dict[str, Any]:
    said = column.constraints.model_dump(include={"minimum", "maximum", "pattern"}, exclude_none=True)
    always = {"required": described.required(column.name), "unique": described.unique(column.name)}
    listed = {} if column.allowed is None else {"enum": sorted(column.allowed)}
    return {
        "name": column.name,
        "type": column.type,
        "description": column.title,
        "unit": column.unit,
        "constraints": said | {name: True for name, holds in always.items() if holds} | listed,
    }


def _source(source: Source) -> dict[str, Any]:
    found = {"title": source.title, "id": source.id, "producer": source.by, "edition": source.edition}
    return found | {"place": source.place, "date": source.date, "licence": source.licence}


def parquet(frame: "pd.DataFrame") -> bytes:
    """Return a table as the bytes of a Parquet file."""
    target = BytesIO()
    frame.to_parquet(target, index=False)
    return target.getvalue()
