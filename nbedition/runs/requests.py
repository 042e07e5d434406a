"""From checked parameters to a run with a key."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from nbedition.notebooks import provenance
from nbedition.notebooks.parameters import settings_of, tables, validated
from nbedition.notebooks.provenance import Environment, Parts


@dataclass(frozen=True)
class Request:
    """One run: its notebook, the parameters given, all parameters, and the digests of what it depends on."""

    notebook: str
    given: Mapping[str, Any]
    parameters: Mapping[str, Any]
    parts: Parts

    @property
    def key(self) -> str:
        """The run's key."""
        return self.parts.key


def request(notebook: str, values: Mapping[str, Any], environment: Environment, *, from_text: bool = False) -> Request:
    """Return a run with its parameters checked.

    Raises
    ------
    RequestError
        If a parameter does not fit.
    DataError
        If a table of the user's own does not fit.
    """
    checked = validated(notebook, values, from_text=from_text)
    everything = checked.model_dump()
    given = {name: everything[name] for name in values}
    return Request(notebook, given, everything, environment.parts(notebook, everything, own_tables(notebook, given)))


def own_tables(notebook: str, values: Mapping[str, Any]) -> dict[str, str]:
    """Return the digest of each table of the user's own, by parameter."""
    named = {name: values.get(name) for name in tables(settings_of(notebook))}
    return {name: provenance.digest(Path(str(path))) for name, path in named.items() if path}
