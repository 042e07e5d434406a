"""The archive as a Workflow Run RO-Crate: what was run, on what, and what came of it."""

import json
import mimetypes
from typing import Any
from urllib.parse import quote

from nbedition.archive.collect import Made
from nbedition.archive.environment import PROJECT, environment
from nbedition.citation_file import Citable, Party
from nbedition.notebooks.parameters import parameters

MASTER = "run_all.sh"
MASTER_TEXT = """#!/bin/sh
# Makes everything in this archive anew, below build/, and checks data and claims.
set -eu
nbedition run --out build
nbedition data check
nbedition audit
"""
PROFILES = (
    "https://w3id.org/ro/wfrun/process/0.5",
    "https://w3id.org/ro/wfrun/workflow/0.5",
    "https://w3id.org/workflowhub/workflow-ro-crate/1.0",
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
JUPYTER = {"@type": "ComputerLanguage", "name": "Jupyter notebook, Python", "url": "https://jupyter.org"}
SHELL = {"@type": "ComputerLanguage", "name": "POSIX shell", "url": "https://pubs.opengroup.org"}
PYTHON = "https://www.python.org"
BIOSCHEMAS = "https://bioschemas.org/profiles/ComputationalWorkflow/1.0-RELEASE"
KINDS: dict[type, str] = {str: "Text", bool: "Boolean"}
SPDX = "https://spdx.org/licenses/"


def metadata(made: list[Made], about: Citable, files: dict[str, bytes]) -> str:
    """Return the text of ``ro-crate-metadata.json``; no clock and no chance enters it.

    ``about`` is what ``CITATION.cff`` says, ``files`` all members that are described, by name. What it does not state,
    such as a licence or a date, is left out.
    """
    from rocrate.rocrate import ROCrate

    crate = ROCrate(version="1.1")
    _describe_whole(crate, about)
    for name, content in sorted(files.items()):
        if name != MASTER and not name.startswith("notebooks/"):
            crate.add_file(dest_path=name, properties=_about_file(name, content))
    agent = [_thing(crate, f"#author-{number}", _agent(one)) for number, one in enumerate(about.authors, 1)]
    if agent:
        crate.root_dataset["author"] = _single(agent)
    steps = [_notebook(crate, one, files) for one in made]
    crate.mainEntity = _master(crate, steps, files[MASTER])
    if readme := crate.dereference("README.md"):
        readme["about"] = crate.root_dataset
    actions = [_action(crate, one, step, files) for one, step in zip(made, steps, strict=True)]
    whole = crate.add_action(
        crate.mainEntity,
        identifier="#run",
        object=_entities(crate, "data/", files),
        result=[*steps, *_entities(crate, "results/", files)],
        properties=_about_action(crate, "all notebooks"),
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
    stated = [_thing(crate, f"{SPDX}{name}", {"@type": "CreativeWork", "name": name}) for name in about.licences]
    told = {"version": about.version, "keywords": ", ".join(about.keywords), "license": stated, "url": about.url}
    for name, value in told.items():
        if value:
            crate.root_dataset[name] = value
    crate.root_dataset["conformsTo"] = [
        _thing(crate, url, {"@type": "CreativeWork", "name": url.split("/", 3)[-1], "version": url.rsplit("/", 1)[-1]})
        for url in PROFILES
    ]
    crate.metadata["conformsTo"] = [{"@id": "https://w3id.org/ro/crate/1.1"}, {"@id": PROFILES[-1]}]


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


def _workflow(crate: Any, file: str, content: bytes, **properties: Any) -> Any:
    from rocrate.model import ComputationalWorkflow

    described = _about_file(file, content) | {"version": environment()[PROJECT]} | properties
    return crate.add(ComputationalWorkflow(crate, dest_path=file, properties=described))


def _master(crate: Any, steps: list[Any], content: bytes) -> Any:
    said = "Runs every notebook and checks data and claims."
    python = {"@type": "SoftwareApplication", "name": "Python", "url": PYTHON, "version": environment()["python"]}
    conforms = {"@id": BIOSCHEMAS}
    workflow = _workflow(crate, MASTER, content, name="All notebooks", description=said, conformsTo=conforms)
    workflow["programmingLanguage"] = _thing(crate, "#shell", SHELL)
    workflow["hasPart"] = steps
    workflow["softwareRequirements"] = _thing(crate, PYTHON, python)
    for stated in ("author", "license"):
        if stated in crate.root_dataset:
            workflow[stated] = crate.root_dataset[stated]
    return workflow


def _notebook(crate: Any, one: Made, files: dict[str, bytes]) -> Any:
    """Add a notebook as a workflow with its parameters."""
    name = f"notebooks/{one.name}.ipynb"
    notebook = _workflow(crate, name, files[name], name=one.title)
    notebook["programmingLanguage"] = _thing(crate, "#jupyter", JUPYTER)
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


def _action(crate: Any, one: Made, step: Any, files: dict[str, bytes]) -> Any:
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
        properties=_about_action(crate, one.name),
    )


def _entities(crate: Any, prefix: str, files: dict[str, bytes]) -> list[Any]:
    return [crate.dereference(quote(name)) for name in sorted(files) if name.startswith(prefix)]


def _about_action(crate: Any, what: str) -> dict[str, Any]:
    """Describe a run; its time is left out, so that the same run makes the same archive."""
    described = {"name": f"Run of {what}", "description": f"Execution of {what} with the default parameters."}
    agent = {"agent": crate.root_dataset["author"]} if "author" in crate.root_dataset else {}
    return described | {"actionStatus": ENDED} | agent


def _single(values: list[Any]) -> Any:
    return values[0] if len(values) == 1 else values
