"""Validates an unpacked RO-Crate without network: python tests/crate_validity.py FOLDER PROFILE.

The validator fetches the context that the crate names, RO-Crate 1.1. It is given here from the copy of 1.3 that
rocrate carries; the terms whose meaning changed in between are set back to what 1.1 says.
"""

import json
import sys
from importlib.resources import files
from types import SimpleNamespace

from rocrate_validator import services
from rocrate_validator.utils.http import HttpRequester

CONTEXT = "https://w3id.org/ro/crate/1.1/context"
CHANGED = {
    "ComputationalWorkflow": "https://bioschemas.org/ComputationalWorkflow",
    "FormalParameter": "https://bioschemas.org/FormalParameter",
    "input": "https://bioschemas.org/ComputationalWorkflow#input",
    "output": "https://bioschemas.org/ComputationalWorkflow#output",
}


def offline(_requester: HttpRequester, url: str, **_options: object) -> SimpleNamespace:
    """Answer for the one context; anything else would be a request to the network."""
    if url != CONTEXT:
        return SimpleNamespace(status_code=504, headers={}, text="")
    context = json.loads((files("rocrate") / "data/ro-crate.jsonld").read_text(encoding="utf-8"))["@context"] | CHANGED
    headers = {"Content-Type": "application/ld+json"}
    return SimpleNamespace(status_code=200, headers=headers, json=lambda: {"@context": context})


if __name__ == "__main__":
    HttpRequester.get = offline
    settings = services.ValidationSettings(
        rocrate_uri=sys.argv[1], profile_identifier=sys.argv[2], requirement_severity=sys.argv[3]
    )
    found = services.validate(settings)
    for issue in found.get_issues():
        sys.stdout.write(f"{issue.severity.name} {issue.check.identifier} {issue.message} {issue.violatingEntity}\n")
    sys.exit(not found.passed())
