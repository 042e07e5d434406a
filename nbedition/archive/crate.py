"""The archive as a Provenance Run RO-Crate: what was run, step by step, on what, and what came of it."""

import json
import mimetypes
from collections.abc import Mapping
from typing import Any
from urllib.parse import quote, unquote

from nbedition.archive.collect import Made
from nbedition.archive.environment import PROJECT, environment
from nbedition.citation_file import Citable, Party
from nbedition.notebooks.parameters import parameters
from nbedition.templates import rendered

MASTER = "run_all.sh"
MASTER_TEXT = """#!/bin/sh
# Makes everything in this archive anew, below build/, and checks data and claims.
set -eu
nbedition run --out build
nbedition data check
nbedition audit
"""
VERSION = "1.3"  # of RO-Crate
PROFILES = (
    "https://w3id.org/ro/wfrun/process/0.6",
    "https://w3id.org/ro/wfrun/workflow/0.6",
    "https://w3id.org/ro/wfrun/provenance/0.6",
    "https://w3id.org/workflowhub/workflow-ro-crate/1.1",
)
FORMATS = {
    ".ipynb": "application/x-ipynb+json",
    ".parquet": "application/vnd.apache.parquet",
    ".yml": "application/yaml",
    ".cff": "application/yaml",
    ".lock": "text/plain",
    ".toml": "application/toml",
    ".md": "text/markdown",
    ".csv": "text/csv",
    ".py": "text/x-python",
}
PLAIN_TYPES = mimetypes.MimeTypes().types_map[True]  # Python's own: what libraries or the system add does not count
ENDED = "http://schema.org/CompletedActionStatus"
SHELL = {
    "@type": "ComputerLanguage",
    "name": "POSIX shell",
    "url": "https://pubs.opengroup.org/onlinepubs/9699919799/",
    "version": "POSIX.1-2017",
}
PYTHON = "https://www.python.org"
BIOSCHEMAS = "https://bioschemas.org/profiles/ComputationalWorkflow/1.0-RELEASE"
KINDS: dict[type, str] = {str: "Text", bool: "Boolean"}
SPDX = "https://spdx.org/licenses/"
PREVIEW = "ro-crate-preview.html"
PARTS = {  # what a member is, by how its name begins
    "data/": "Data as they were typed from their sources, and what is declared of them",
    "docs/": "Documentation",
    "locale/": "Translations",
    "results/": "Results that the notebooks recorded",
    "tables/": "Data set as the notebooks read it",
    "CITATION.cff": "How to cite the study",
    "LICENSE": "Licence",
    "README.md": "What is in this archive, and how to make it anew",
    "croissant.json": "The same for collections of data to learn from (Croissant)",
    "datacite.json": "What registers of DOIs ask for (DataCite)",
    "datapackage.json": "Types, units, meanings and sources of all columns",
    "environment.json": "Python, system and packages of the run",
    "requirements.lock": "Versions and hashes of all packages",
    "runs.json": "Digests of what each run depended on",
}


def metadata(
    made: list[Made], about: Citable, files: dict[str, bytes], times: Mapping[str, tuple[str, str]] | None = None
) -> str:
    """Return the text of ``ro-crate-metadata.json``; no chance enters it, and no clock that was not asked for.

    ``about`` is what ``CITATION.cff`` says, ``files`` all members that are described, by name. What it does not state,
    such as a licence or a date, is left out. ``times``: start and end of each notebook's run, where they are asked for.
    """
    from rocrate.rocrate import ROCrate

    crate = ROCrate(version=VERSION)
    _describe_whole(crate, about)
    figures = {f"figures/{one.name}/{found['figure']}": found["caption"] for one in made for found in one.figures}
    for name, content in sorted(files.items()):
        if name not in (MASTER, PREVIEW) and not name.startswith("notebooks/"):
            said = {"description": figures.get(name.rpartition(".")[0]) or _purpose(name)}
            crate.add_file(dest_path=name, properties=_about_file(name, content) | said)
    agent = [_thing(crate, f"#author-{number}", _agent(one)) for number, one in enumerate(about.authors, 1)]
    if agent:
        crate.root_dataset["author"] = _single(agent)
    steps = [_notebook(crate, one, files) for one in made]
    crate.mainEntity = _master(crate, steps, files[MASTER])
    if readme := crate.dereference("README.md"):
        readme["about"] = crate.root_dataset
    known = times or {}
    actions = [_action(crate, one, step, files, known.get(one.name)) for one, step in zip(made, steps, strict=True)]
    whole = crate.add_action(
        crate.mainEntity,
        identifier="#run",
        object=_entities(crate, "data/", files),
        result=[*steps, *_entities(crate, "results/", files)],
        properties=_about_action(crate, "all notebooks", _span(known)),
    )
    crate.root_dataset["mentions"] = [whole, *actions]
    content = crate.metadata.generate()
    content["@graph"].sort(key=lambda entity: str(entity["@id"]))
    return json.dumps(content, indent=1, sort_keys=True, ensure_ascii=False) + "\n"


def _describe_whole(crate: Any, about: Citable) -> None:
    crate.name = about.title or "Archive of a run"
    crate.description = about.abstract or "Notebooks, data, results and figures of a run."
    if about.released:
        crate.datePublished = about.released
    else:  # which is the moment of the writing
        del crate.root_dataset["datePublished"]
    told = {
        "version": about.version,
        "keywords": ", ".join(about.keywords),
        "license": _single([_licence(crate, name) for name in about.licences]),
        "url": about.url,
        "identifier": f"https://doi.org/{about.doi}" if about.doi else "",
    }
    if about.publisher:
        named = {"@type": "Organization", "name": about.publisher}
        told["publisher"] = _thing(crate, "#publisher", named)
    for name, value in told.items():
        if value:
            crate.root_dataset[name] = value
    crate.root_dataset["conformsTo"] = [_profile(crate, url) for url in PROFILES]
    about_page = {"@type": "CreativeWork", "name": "Preview of this archive", "encodingFormat": "text/html"}
    _thing(crate, PREVIEW, about_page)["about"] = crate.root_dataset


def _profile(crate: Any, url: str) -> Any:
    *_, name, version = url.split("/")
    told = {"@type": ["CreativeWork", "Profile"], "name": f"{name} {version}", "version": version}
    return _thing(crate, url, told)


def _licence(crate: Any, name: str) -> Any:
    told = {"@type": "CreativeWork", "name": name, "description": f"The licence {name} of the SPDX list"}
    return _thing(crate, f"{SPDX}{name}", told)


def _span(times: Mapping[str, tuple[str, str]]) -> tuple[str, str] | None:
    """Return when the first of several runs began, and the last ended."""
    return (min(begun for begun, _ in times.values()), max(ended for _, ended in times.values())) if times else None


def _purpose(name: str) -> str:
    """Return what a member is, in a phrase.

    Examples
    --------
    >>> _purpose("locale/zh.po"), _purpose("study/schools.py")
    ('Translations', 'Code')
    """
    return next((said for begin, said in PARTS.items() if name.startswith(begin)), "Code")


def _agent(one: Party) -> dict[str, Any]:
    told = {"@type": "Person" if one.is_person else "Organization", "name": one.name, "affiliation": one.affiliation}
    return {name: value for name, value in told.items() if value}


def _thing(crate: Any, identifier: str, properties: dict[str, Any]) -> Any:
    from rocrate.model import ContextEntity

    return crate.add(ContextEntity(crate, identifier, properties=properties))


def _about_file(name: str, content: bytes) -> dict[str, Any]:
    ending = name[name.rfind(".") :] if "." in name else ""
    kind = FORMATS.get(ending) or PLAIN_TYPES.get(ending) or "text/plain"
    return {"name": name, "contentSize": str(len(content)), "encodingFormat": kind}


def _program(crate: Any, file: str, content: bytes, kinds: list[str], **properties: Any) -> Any:
    said = {"@type": ["File", "SoftwareSourceCode", *kinds], "version": environment()[PROJECT]}
    return crate.add_file(dest_path=file, properties=_about_file(file, content) | said | properties)


def _master(crate: Any, steps: list[Any], content: bytes) -> Any:
    said = "Runs every notebook and checks data and claims."
    kinds = ["ComputationalWorkflow", "HowTo"]
    workflow = _program(crate, MASTER, content, kinds, name="All notebooks", description=said)
    workflow["conformsTo"] = _profile(crate, BIOSCHEMAS)
    workflow["programmingLanguage"] = _thing(crate, "#shell", SHELL)
    workflow["hasPart"] = _single(steps)
    workflow["step"] = _single([_step(crate, number, one) for number, one in enumerate(steps, 1)])
    workflow["softwareRequirements"] = _python(crate)
    return workflow


def _step(crate: Any, number: int, notebook: Any) -> Any:
    """Add a step of the whole: the notebook that is run in it, and its place in the order."""
    told = {"@type": "HowToStep", "position": str(number), "name": f"Run {notebook['name']}"}
    step = _thing(crate, f"#step-{number}", told)
    step["workExample"] = notebook
    return step


def _python(crate: Any) -> Any:
    kinds = ["ComputerLanguage", "SoftwareApplication"]
    return _thing(crate, PYTHON, {"@type": kinds, "name": "Python", "url": PYTHON, "version": environment()["python"]})


def _notebook(crate: Any, one: Made, files: dict[str, bytes]) -> Any:
    """Add a notebook as a program with its parameters."""
    name = f"notebooks/{one.name}.ipynb"
    notebook = _program(crate, name, files[name], [], name=one.title, description="Jupyter notebook, as executed")
    notebook["programmingLanguage"] = _python(crate)
    described = {
        known.name: {
            "@type": "FormalParameter",
            "additionalType": KINDS.get(type(known.default), "Number"),
            "name": known.name,
            "description": f"{known.meaning} ({known.unit})",
            "defaultValue": str(known.default),
        }
        for known in parameters(one.name)
    }
    begin = f"#{quote(one.name)}-"
    notebook["input"] = _single([_thing(crate, f"{begin}{name}", known) for name, known in described.items()])
    return notebook


def _action(crate: Any, one: Made, step: Any, files: dict[str, bytes], times: tuple[str, str] | None) -> Any:
    """Add the run of one notebook: its parameters and the data, its figures."""
    given = [
        _thing(
            crate,
            f"#{quote(one.name)}-{known.name}-value",
            {
                "@type": "PropertyValue",
                "name": known.name,
                "value": str(known.default),
                "exampleOfWork": {"@id": f"#{quote(one.name)}-{known.name}"},
            },
        )
        for known in parameters(one.name)
    ]
    return crate.add_action(
        step,
        identifier=f"#run-{quote(one.name)}",
        object=[*_entities(crate, "data/", files), *given],
        result=[step, *_entities(crate, f"figures/{one.name}/", files)],
        properties=_about_action(crate, one.name, times),
    )


def _entities(crate: Any, prefix: str, files: dict[str, bytes]) -> list[Any]:
    return [crate.dereference(quote(name)) for name in sorted(files) if name.startswith(prefix)]


def _about_action(crate: Any, what: str, times: tuple[str, str] | None) -> dict[str, Any]:
    """Describe a run; where no times are given they are left out, so that the same run makes the same archive."""
    described = {"name": f"Run of {what}", "description": f"Execution of {what} with the default parameters."}
    agent = {"agent": crate.root_dataset["author"]} if "author" in crate.root_dataset else {}
    clock = {"startTime": times[0], "endTime": times[1]} if times else {}
    return described | {"actionStatus": ENDED} | agent | clock


def _single(values: list[Any]) -> Any:
    return values[0] if len(values) == 1 else values


def preview(content: bytes) -> str:
    """Return the page that shows a crate to people, made of the text of its ``ro-crate-metadata.json``."""
    graph = {one["@id"]: one for one in json.loads(content)["@graph"]}
    root = graph["./"]
    shown = ("author", "version", "datePublished", "license", "keywords", "url", "identifier", "publisher")
    facts = [(name, ", ".join(_in_words(graph, one) for one in _listed(root[name]))) for name in shown if name in root]
    files = [one for one in graph.values() if "File" in _listed(one["@type"])]
    actions = [
        one
        | {"program": one["instrument"]["@id"], "made": len(_listed(one.get("result", [])))}
        | {"began": one.get("startTime", "not kept"), "ended": one.get("endTime", "not kept")}
        for one in graph.values()
        if one["@type"] == "CreateAction"
    ]
    values = {"root": root, "facts": facts, "files": files, "actions": actions}
    return rendered("archive/preview.html.jinja", values)


def times_in(content: bytes) -> dict[str, tuple[str, str]]:
    """Return when each notebook was run, by name, as the text of a ``ro-crate-metadata.json`` says, if it does."""
    try:
        graph = json.loads(content)["@graph"]
        actions = [one for one in graph if "startTime" in one and one["@id"].startswith("#run-")]
        return {
            unquote(one["@id"].removeprefix("#run-")): (str(one["startTime"]), str(one["endTime"])) for one in actions
        }
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
        return {}


def _listed(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value]


def _in_words(graph: Mapping[str, Any], value: Any) -> str:
    return str(graph[value["@id"]]["name"] if isinstance(value, dict) else value)
