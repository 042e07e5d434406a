"""Validates an unpacked RO-Crate without network: python tests/crate_validity.py FOLDER PROFILE SEVERITY.

The validator fetches the context that the crate names; it is given here from the copy of 1.3 that rocrate carries.

The validator knows the Workflow Run profiles at 0.5, which rest on RO-Crate 1.1. What 0.6 changes are the versions that
it rests on, and four terms' addresses. A crate of 0.6 is validated as 0.5 with both set back, in a copy.
"""

import json
import shutil
import sys
import tempfile
from importlib.resources import files
from pathlib import Path
from types import SimpleNamespace

from rocrate_validator import services
from rocrate_validator.utils.http import HttpRequester

CONTEXT = "https://w3id.org/ro/crate/{}/context"
OLDER = {
    "ComputationalWorkflow": "https://bioschemas.org/ComputationalWorkflow",
    "FormalParameter": "https://bioschemas.org/FormalParameter",
    "input": "https://bioschemas.org/ComputationalWorkflow#input",
    "output": "https://bioschemas.org/ComputationalWorkflow#output",
}
SET_BACK = [("ro/crate/1.3", "ro/crate/1.1"), ("workflow-ro-crate/1.1", "workflow-ro-crate/1.0")]
SET_BACK += [(f"ro/wfrun/{name}/0.6", f"ro/wfrun/{name}/0.5") for name in ("process", "workflow", "provenance")]


def offline(_requester: HttpRequester, url: str, **_options: object) -> SimpleNamespace:
    """Answer for the two contexts; anything else would be a request to the network."""
    changes = {CONTEXT.format("1.3"): {}, CONTEXT.format("1.1"): OLDER}
    if url not in changes:
        return SimpleNamespace(status_code=504, headers={}, text="")
    known = json.loads((files("rocrate") / "data/ro-crate.jsonld").read_text(encoding="utf-8"))["@context"]
    headers = {"Content-Type": "application/ld+json"}
    return SimpleNamespace(status_code=200, headers=headers, json=lambda: {"@context": known | changes[url]})


def set_back(folder: Path, place: Path) -> Path:
    """Copy a crate, and name the versions in it that the Workflow Run profiles 0.5 rest on."""
    copied = shutil.copytree(folder, place / "crate")
    described = copied / "ro-crate-metadata.json"
    text = described.read_text(encoding="utf-8")
    for newer, older in SET_BACK:
        text = text.replace(newer, older)
    described.write_text(text, encoding="utf-8")
    return copied


if __name__ == "__main__":
    HttpRequester.get = offline
    _, folder, profile, severity = sys.argv
    with tempfile.TemporaryDirectory() as place:
        crate = set_back(Path(folder), Path(place)) if profile.endswith("-0.5") else folder
        settings = services.ValidationSettings(
            rocrate_uri=str(crate), profile_identifier=profile, requirement_severity=severity
        )
        found = services.validate(settings)
    for issue in found.get_issues():
        sys.stdout.write(f"{issue.severity.name} {issue.check.identifier} {issue.message} {issue.violatingEntity}\n")
    sys.exit(not found.passed())
