"""Parameters of a notebook: found in its study module, checked before any kernel starts."""

import types
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any, Literal, Union, get_args, get_origin

from pydantic import ValidationError
from pydantic.fields import FieldInfo

from crossfoot.errors import RequestError
from crossfoot.text import did_you_mean
from nbedition import data
from nbedition.figures.font import chinese_font
from nbedition.notebooks.provenance import Stamp, stamp_of
from nbedition.project import notebooks, project
from nbedition.settings import Settings


@dataclass(frozen=True)
class Parameter:
    """One parameter of a notebook, as its study module declares it."""

    name: str
    type: str
    default: Any
    range: str
    unit: str
    meaning: str


def notebook_name(given: str) -> str:
    """Return a notebook's full name from its name, file or number.

    Raises RequestError if the edition has no such notebook.

    Examples
    --------
    >>> notebook_name("02"), notebook_name("notebooks/02_funding_analysis.ipynb")
    ('02_funding_analysis', '02_funding_analysis')
    """
    known = list(notebooks())
    stem = given.replace("\\", "/").rsplit("/", 1)[-1].removesuffix(".ipynb")
    for name in known:
        if stem in (name, name[:2], name[:2].lstrip("0")):
            return name
    raise RequestError(f"there is no notebook '{given}'; {did_you_mean(stem, known)}")


def study_module(notebook: str) -> types.ModuleType:
    """Return the study's module that declares a notebook's parameters.

    Notebook ``01_schools`` has the module ``schools``, unless the project file names another. Raises RequestError if
    the notebook has none.
    """
    at_work = project()
    return at_work.module(at_work.module_of(notebook))


def settings_of(notebook: str) -> type[Settings]:
    """Return the class that declares a notebook's parameters."""
    module = study_module(notebook)
    found = getattr(module, "Settings", None)
    if not (isinstance(found, type) and issubclass(found, Settings)):
        raise RequestError(f"{module.__file__} has no class Settings, made from nbedition.settings.Settings.")
    return found


def parameters(notebook: str) -> list[Parameter]:
    """Return a notebook's parameters in declared order."""
    return [_described(name, field) for name, field in settings_of(notebook).model_fields.items()]


def validated(
    notebook: str, values: Mapping[str, Any], *, from_text: bool = False, declared: type[Settings] | None = None
) -> Settings:
    """Return a notebook's checked parameters; a table of the user's own is read and checked too.

    `notebook`: full name; `values`: parameters by name; those left out take their defaults; `from_text`: values are
    text from a command line and are converted; otherwise types must fit; `declared`: the class that declares them,
    where it is known. Raises RequestError if a name is unknown, a type is wrong or a value is out of range; all are
    named. If figures are to be drawn in Chinese and no font is installed for it; DataError if a table of the user's own
    does not fit its schema.
    """
    declared = declared or settings_of(notebook)
    try:
        checked = declared.model_validate_strings(values) if from_text else declared.model_validate(values, strict=True)
    except ValidationError as error:
        said = "; ".join(_said(notebook, declared, dict(problem)) for problem in error.errors())
        raise RequestError(said) from None
    if checked.lang == "zh" and checked.pictures:
        chinese_font()
    for name, dataset in tables(declared).items():
        if path := getattr(checked, name):
            _check_table(dataset, path)
    return checked


def _check_table(dataset: str, path: str) -> None:
    """Read a table of the user's own; in a batch of thousands of runs only once, unless it has changed."""
    _check_unchanged_table(dataset, path, stamp_of([Path(path).absolute()]))


@lru_cache(maxsize=64)
def _check_unchanged_table(dataset: str, path: str, _seen: Stamp) -> None:
    data.load(dataset, table=path)


@lru_cache(maxsize=16)
def tables(declared: type[Settings]) -> dict[str, str]:
    """Return the parameters that name a table of the user's own, with the data set it stands for."""
    extras = {name: field.json_schema_extra for name, field in declared.model_fields.items()}
    return {
        name: str(extra["dataset"]) for name, extra in extras.items() if isinstance(extra, dict) and extra["dataset"]
    }


def _said(notebook: str, declared: type[Settings], problem: dict[str, Any]) -> str:
    if not problem["loc"]:
        return f"notebook {notebook}: the name of a parameter is no text that could be one, got {problem['input']!r}."
    name = str(problem["loc"][0])
    if problem["type"] == "extra_forbidden":
        hint = did_you_mean(name, declared.model_fields, f"it has {', '.join(declared.model_fields)}.")
        return f"notebook {notebook} has no parameter '{name}'; {hint}"
    known = _described(name, declared.model_fields[name])
    expected = f"{known.type} {known.range}".strip()
    return f"parameter '{name}' of notebook {notebook}: {expected} expected, got {problem['input']!r}."


def _described(name: str, field: FieldInfo) -> Parameter:
    extra = field.json_schema_extra if isinstance(field.json_schema_extra, dict) else {}
    kind = field.annotation
    if get_origin(kind) is Literal:
        text, allowed = "one of", ", ".join(str(value) for value in get_args(kind))
    else:
        text, allowed = _type_name(kind), _range(field)
    return Parameter(name, text, field.default, allowed, str(extra.get("unit", "-")), field.description or "")


def _type_name(kind: Any) -> str:
    words = {int: "whole number", float: "number", str: "text", bool: "true or false"}
    if get_origin(kind) in (Union, types.UnionType):
        return " or ".join(_type_name(part) for part in get_args(kind))
    return words.get(kind, getattr(kind, "__name__", str(kind)))


def _range(field: FieldInfo) -> str:
    words = {"ge": "at least", "gt": "above", "le": "at most", "lt": "below"}
    limits = [
        f"{word} {getattr(limit, key)}"
        for limit in field.metadata
        for key, word in words.items()
        if hasattr(limit, key)
    ]
    return ", ".join(limits)
