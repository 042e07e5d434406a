"""Does a printed table agree with itself, and what would mend it: any table, no study.

`check` reads a table (a file, its text or a data frame), tests what should hold in it and explains what fails. Its
steps, one by one, are `read_table`, `read_relations` or `suggest_relations`. All are imported when first used.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from crossfoot.check_table import check
    from crossfoot.intervals import Interval
    from crossfoot.read import read_table
    from crossfoot.relation_file import read_relations
    from crossfoot.suggest import suggest_relations

__version__ = "0.1.0"
__all__ = ["Interval", "__version__", "check", "read_relations", "read_table", "suggest_relations"]
_PLACES = {
    "Interval": "intervals",
    "check": "check_table",
    "read_relations": "relation_file",
    "read_table": "read",
    "suggest_relations": "suggest",
}


def __getattr__(name: str) -> Any:
    if name in _PLACES:
        return getattr(import_module(f"crossfoot.{_PLACES[name]}"), name)
    raise AttributeError(f"module 'crossfoot' has no attribute {name!r}")


def __dir__() -> list[str]:
    return sorted(__all__)
