"""The data as a Frictionless data package: each data set as read, with types, units, sources and licences."""

import json
from hashlib import sha256
from typing import Any

import pandas as pd
from pandera.pandas import Check, Column

from nbedition import data
from nbedition.data.datasets import Dataset, datasets
from nbedition.data.sources import Source, sources
from nbedition.notebooks.outputs import COLUMNS

FOLDER = "tables"
RESULTS = "results/results.csv"
TYPES = {"float64": "number", "int64": "integer"}
RESULT_MEANINGS = {
    "notebook": "notebook that recorded it",
    "name": "name, unique in the notebook",
    "value": "the result",
    "unit": "unit of value, low and high",
    "low": "lower bound, where there is one",
    "high": "upper bound, where there is one",
    "claim": "claim of the study that it bears on",
}


def tables() -> dict[str, bytes]:
    """Return every data set as CSV, as read: corrections applied, one header line; by name in the archive."""
    return {f"{FOLDER}/{name}.csv": _csv(name, described) for name, described in datasets().items()}


def _csv(name: str, described: Dataset) -> bytes:
    frame = data.load(name)
    frame = frame.reset_index() if described.index else frame
    return frame.to_csv(index=False, lineterminator="\n").encode()


def descriptor(about: dict[str, Any], files: dict[str, bytes]) -> dict[str, Any]:
    """Return the content of ``datapackage.json``.

    Parameters
    ----------
    about
        What ``CITATION.cff`` says.
    files
        The members of the archive that are described: those of `tables`, and the results.
    """
    known = sources()
    resources = [_resource(described, files[f"{FOLDER}/{name}.csv"], known) for name, described in datasets().items()]
    package = {
        "name": "ewppr-archive",
        "title": about.get("title", "Archive of a run"),
        "description": "Data sets as the run read them, and its results.",
        "version": str(about.get("version", "0")),
        "created": f"{about['date-released']}T00:00:00Z" if "date-released" in about else None,
        "keywords": about.get("keywords"),
        "licenses": [{"name": name} for name in licences(about)],
        "sources": [_source(source) for source in known.values()],
        "resources": [*resources, _results(files[RESULTS])],
    }
    return {name: value for name, value in package.items() if value}


def licences(about: dict[str, Any]) -> list[str]:
    """Return the licences that ``CITATION.cff`` states, by their SPDX names.

    Examples
    --------
    >>> licences({"license": "MIT"}), licences({})
    (['MIT'], [])
    """
    stated = about.get("license") or []
    return [stated] if isinstance(stated, str) else list(stated)


def text(package: dict[str, Any]) -> str:
    """Return a descriptor as JSON text."""
    return json.dumps(package, indent=1, ensure_ascii=False, default=str) + "\n"


def _resource(described: Dataset, content: bytes, known: dict[str, Source]) -> dict[str, Any]:
    frame = data.load(described.name)
    present = [described.index, *frame.columns] if described.index else list(frame.columns)
    cited = list(dict.fromkeys([*described.sources, *frame.get("source", [])]))
    schema: dict[str, Any] = {"fields": [_field(name, described.schema.columns[name]) for name in present]}
    schema["missingValues"] = [""]
    if described.index:
        schema["primaryKey"] = [described.index]
    return _table(described.name, described.title, f"{FOLDER}/{described.name}.csv", content, schema) | {
        "sources": [_source(known[name]) for name in cited]
    }


def _results(content: bytes) -> dict[str, Any]:
    numbers = ("value", "low", "high")
    fields = [
        {"name": name, "type": "number" if name in numbers else "string", "description": RESULT_MEANINGS[name]}
        for name in COLUMNS
    ]
    schema = {"fields": fields, "missingValues": [""], "primaryKey": ["notebook", "name"]}
    return _table("results", "Results that the notebooks recorded", RESULTS, content, schema)


def _table(name: str, title: str, path: str, content: bytes, schema: dict[str, Any]) -> dict[str, Any]:
    return {
        "name": name.replace("_", "-"),
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


def _field(name: str, column: Column) -> dict[str, Any]:
    constraints: dict[str, Any] = {} if column.nullable else {"required": True}
    if column.unique:
        constraints["unique"] = True
    for check in column.checks:
        constraints |= _constraint(check)
    return {
        "name": name,
        "type": TYPES.get(str(column.dtype).lower(), "string"),
        "description": column.description,
        "unit": (column.metadata or {})["unit"],
        "constraints": constraints,
    }


def _constraint(check: Check) -> dict[str, Any]:
    """Return a check in the words of a table schema, where there are any."""
    known = check.statistics or {}
    words = {"min_value": "minimum", "max_value": "maximum", "pattern": "pattern"}
    strict = check.name in ("greater_than", "less_than")  # which the words cannot say
    found = {words[name]: value for name, value in known.items() if name in words and not strict}
    if "pattern" in found:
        found["pattern"] = str(getattr(found["pattern"], "pattern", found["pattern"]))
    if "allowed_values" in known:
        found["enum"] = sorted(known["allowed_values"])
    return found


def _source(source: Source) -> dict[str, Any]:
    found = {"title": source.title, "id": source.id, "producer": source.producer, "edition": source.edition}
    return found | {"place": source.place, "date": source.date, "licence": source.licence}


def parquet(frame: pd.DataFrame) -> bytes:
    """Return a table as the bytes of a Parquet file."""
    from io import BytesIO

    target = BytesIO()
    frame.to_parquet(target, index=False)
    return target.getvalue()
