"""A module that is imported when it is first used: it compiles a grammar, in as much time as all else here takes."""

import sys
from importlib import import_module
from importlib.util import find_spec
from types import ModuleType
from typing import Any

NAME, FUNCTION = "rfc3987_syntax", "is_valid_syntax"  # imported by jsonschema, for a form of address that nobody checks


class _Later(ModuleType):
    """Stands for the module until somebody wants something of it."""

    def __getattr__(self, name: str) -> Any:
        if name == FUNCTION:
            return _called
        if name.startswith("__"):
            raise AttributeError(name)
        return getattr(_now(), name)


def import_grammar_later() -> None:
    """Let the module come when it is first used, where it is installed and not there yet."""
    if NAME not in sys.modules and (found := find_spec(NAME)):
        sys.modules[NAME] = later = _Later(NAME)
        later.__path__ = list(found.submodule_search_locations or [])


def _called(*values: object) -> Any:
    return getattr(_now(), FUNCTION)(*values)


def _now() -> ModuleType:
    if isinstance(sys.modules.get(NAME), _Later):
        del sys.modules[NAME]
    return import_module(NAME)
