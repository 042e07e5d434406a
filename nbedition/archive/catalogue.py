"""What catalogues of data read: the archive as a DataCite record, and its tables in Croissant's vocabulary."""

import json
from collections.abc import Mapping
from hashlib import sha256
from typing import Any

from nbedition.citation_file import Citable, Party
from nbedition.templates import FOLDER

DATACITE_SCHEMA = "http://datacite.org/schema/kernel-4"
UNKNOWN = "(:unav)"  # DataCite's own mark for what is not stated
SPDX = "https://spdx.org/licenses/"
CROISSANT = "http://mlcommons.org/croissant/1.1"
TYPES = {"integer": "sc:Integer", "number": "sc:Float", "boolean": "sc:Boolean", "date": "sc:Date"}


def datacite(about: Citable) -> str:
    """Return a DataCite record (schema 4) of what ``CITATION.cff`` states, as JSON text.

    Nothing where it states no title, author or year: a record needs them, and they are not made up. A publisher that is
    not stated has DataCite's mark for it.
    """
    if not (about.title and about.authors and about.year):
        return ""
    record = {
        "schemaVersion": DATACITE_SCHEMA,
        "doi": about.doi,
        "url": about.url,
        "creators": [_creator(one) for one in about.authors],
        "titles": [{"title": about.title}],
        "publisher": {"name": about.publisher or UNKNOWN},
        "publicationYear": about.year,
        "types": {"resourceTypeGeneral": "Dataset", "resourceType": "Reproducibility package"},
        "subjects": [{"subject": word} for word in dict.fromkeys(about.keywords)],
        "dates": [{"date": about.released, "dateType": "Issued"}] if about.released else [],
        "version": about.version,
        "rightsList": [
            {"rightsIdentifier": name, "rightsIdentifierScheme": "SPDX", "rightsUri": f"{SPDX}{name}"}
            for name in about.licences
        ],
        "descriptions": [{"description": about.abstract, "descriptionType": "Abstract"}] if about.abstract else [],
        "relatedIdentifiers": [
            {"relatedIdentifier": one.doi, "relatedIdentifierType": "DOI", "relationType": "References"}
            for one in about.references
            if one.doi
        ],
    }
    return _text({name: value for name, value in record.items() if value})


def _creator(one: Party) -> dict[str, Any]:
    names: dict[str, Any] = {"name": one.name, "nameType": "Organizational"}
    if one.is_person:
        family = " ".join(filter(None, (one.particle, one.family, one.suffix)))
        said = ", ".join(filter(None, (family, one.given)))
        names = {"name": said, "nameType": "Personal", "givenName": one.given, "familyName": family}
    if one.orcid:
        names["nameIdentifiers"] = [{"nameIdentifier": one.orcid, "nameIdentifierScheme": "ORCID"}]
    if one.affiliation:
        names["affiliation"] = [{"name": one.affiliation}]
    return {name: value for name, value in names.items() if value}


def croissant(about: Citable, package: Mapping[str, Any], files: Mapping[str, bytes]) -> str:
    """Return the tables of a Frictionless `package` in Croissant's vocabulary, as JSON text; `files`: their content."""
    tables = package["resources"]
    stated = {
        "creator": [{"@type": _kind(one), "name": one.name} for one in about.authors],
        "datePublished": about.released,
        "license": [f"{SPDX}{name}" for name in about.licences],
        "url": about.url,
        "version": about.version,
        "keywords": list(about.keywords),
        "citeAs": f"{_names(about)} ({about.year}). {about.title}." if about.authors and about.year else "",
    }
    context = json.loads((FOLDER / "archive/croissant_context.json").read_text(encoding="utf-8"))
    described = {
        "@context": context,
        "@type": "sc:Dataset",
        "conformsTo": CROISSANT,
        "name": package["name"],
        "description": about.abstract or package["description"],
        "distribution": [_file(table, files[table["path"]]) for table in tables],
        "recordSet": [_records(table) for table in tables],
    }
    return _text(described | {name: value for name, value in stated.items() if value})


def _names(about: Citable) -> str:
    return ", ".join(one.name for one in about.authors)


def _kind(one: Party) -> str:
    return "sc:Person" if one.is_person else "sc:Organization"


def _file(table: Mapping[str, Any], content: bytes) -> dict[str, Any]:
    return {
        "@type": "cr:FileObject",
        "@id": table["path"],
        "name": table["path"],
        "description": table["title"],
        "contentUrl": table["path"],
        "contentSize": f"{len(content)} B",
        "encodingFormat": "text/csv",
        "sha256": sha256(content).hexdigest(),
    }


def _records(table: Mapping[str, Any]) -> dict[str, Any]:
    fields = [
        {
            "@type": "cr:Field",
            "@id": f"{table['name']}/{column['name']}",
            "name": f"{table['name']}/{column['name']}",
            "description": column["description"],
            "dataType": TYPES.get(column["type"], "sc:Text"),
            "source": {"fileObject": {"@id": table["path"]}, "extract": {"column": column["name"]}},
        }
        for column in table["schema"]["fields"]
    ]
    named = {"@type": "cr:RecordSet", "@id": table["name"], "name": table["name"], "description": table["title"]}
    return named | {"field": fields}


def _text(content: Mapping[str, Any]) -> str:
    return json.dumps(content, indent=1, ensure_ascii=False, default=str) + "\n"
