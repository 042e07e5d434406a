"""Relations files: what should hold in a table, declared in YAML.

A file holds ``relations``, a list that applies to the table at hand, or ``tables``, such a list for
each table by name; or both. Every relation is a mapping with a ``kind`` and the fields of that kind:

===========  ==============================================================================
``sum``      ``total`` = sum of ``parts`` minus ``less`` (optional): totals, parents, changes
``part``     sum of ``parts`` <= ``whole`` ("of which")
``share``    ``share`` in % = ``over`` / ``under``; ``whole_at``: where the divisor stands
``ratio``    ``ratio`` = ``over`` / ``under``, times ``times`` (1 unless given)
``growth``   ``growth`` in % from ``first`` to ``last`` over ``periods`` (1), ``how``:
             ``compound`` (the default) or ``simple``
``same``     the cell ``one`` = the cell ``other``, each ``[row, column]``
``step``     ``change`` = what ``of`` has gained since the place before, ``how``:
             ``difference`` (the default) or ``percent``; ``places`` in order
``mean``     ``mean`` = mean of the figures ``of``, weighted by those at ``weights_at`` (optional)
``inside``   ``figure`` lies in the ``range`` that is printed beside it
``between``  sum of ``figures``, divided by the sum of ``per`` (optional), is ``at_least``
             and ``at_most`` (one may be left out)
===========  ==============================================================================

All labels of one relation lie on its ``axis``: ``rows`` (the default; tested in every column) or
``columns`` (tested in every row). ``places`` lists the labels of the other axis where it is tested,
``name`` is what messages call it, ``note`` says why it should hold. An example::

    relations:
      - {kind: sum, total: All, parts: [Men, Women]}
      - {kind: sum, total: Total, parts: [2003, 2004], axis: columns, name: years sum to the total}
      - {kind: share, share: Percent, over: Number, under: Number, whole_at: All, axis: columns}

Everything is read as text, so labels such as 2003 or No need no quotes. Aliases, tags, repeated keys
and unknown fields are refused.
"""

from __future__ import annotations

from dataclasses import MISSING, fields
from functools import cache
from pathlib import Path
from typing import Any, Literal, get_type_hints

from pydantic_core import CoreSchema, SchemaValidator, ValidationError
from pydantic_core import core_schema as core

from crossfoot.errors import DataError, RequestError
from crossfoot.intervals import MOST_PERIODS
from crossfoot.kinds import KINDS
from crossfoot.relations import Axis, Relation, Spot
from crossfoot.text import bounded_text, did_you_mean

LARGEST_FILE = 4_000_000  # bytes, about 50,000 relations
DEEPEST = 8  # levels of lists and mappings; a relation needs five
TEXT, SCALE = core.str_schema(), core.int_schema(ge=1)
LABELS = core.tuple_variable_schema(TEXT)
TYPES: dict[Any, CoreSchema] = {  # what a file may give for a field of this type
    str: TEXT,
    str | None: TEXT,
    int: SCALE,
    tuple[str, ...]: LABELS,
    tuple[str, ...] | None: LABELS,
    Spot: core.tuple_positional_schema([TEXT, TEXT]),
    Axis: core.literal_schema(["rows", "columns"]),
    Literal["simple", "compound"]: core.literal_schema(["simple", "compound"]),
    Literal["difference", "percent"]: core.literal_schema(["difference", "percent"]),
}


def read_relations(path: Path, table: str | None = None) -> list[Relation]:
    """Return the relations that a file declares for a table.

    `path`: YAML file; the docstring of this module describes it; `table`: name under ``tables`` whose relations are
    wanted besides those under ``relations``. Gives in the order of the file, those for all tables first. Raises
    DataError if the file is missing, too large, not plain YAML, or does not follow the format; RequestError if it
    declares relations for named tables, and nothing for this one.

    Examples
    --------
    >>> import tempfile
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     file = Path(folder) / "relations.yml"
    ...     _ = file.write_text("relations: [{kind: sum, total: All, parts: [Men, Women]}]")
    ...     [relation] = read_relations(file)
    >>> relation.formula
    'All = Men + Women'
    """
    content = _plain_yaml(path)
    if not isinstance(content, dict):
        raise DataError(f"{path}: a mapping with 'relations' or 'tables' is expected, got {_kind_of(content)}.")
    try:
        file = _validator("file").validate_python(content)
    except ValidationError as error:
        first = error.errors(include_url=False)[0]
        raise DataError(f"{path}: {_said(first, list(first['loc']), ['relations', 'tables'])}") from None
    tables = file.get("tables", {})
    found = [
        _relation(entry, f"{path}, relation {number}") for number, entry in enumerate(file.get("relations", []), 1)
    ]
    for number, entry in enumerate(tables.get(table, []), 1):
        found.append(_relation(entry, f"{path}, table '{table}', relation {number}"))
    if not found:
        known = ", ".join(f"'{name}'" for name in tables)
        declared = f"it has some for {known}" if known else "list them under 'relations'"
        raise RequestError(
            f"{path} declares no relations for {f'table {table!r}' if table else 'a table'}; {declared}."
        )
    return found


def _plain_yaml(path: Path) -> Any:
    documents = yaml_documents(path)
    if len(documents) != 1:
        raise DataError(f"{path}: one YAML document is expected, got {len(documents)}.")
    return documents[0]


def yaml_documents(path: Path) -> list[Any]:
    """Return a YAML file's documents as text, lists and mappings; events are checked before anything is built."""
    import yaml

    text = _text(path)
    loader: Any = getattr(yaml, "CBaseLoader", yaml.BaseLoader)
    try:
        _check_events(path, yaml.parse(text, Loader=loader))
        documents = list(yaml.compose_all(text, Loader=loader))
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        line = f", line {mark.line + 1}" if mark is not None else ""
        problem = getattr(error, "problem", None) or " ".join(str(error).split())
        raise DataError(f"{path}{line} is not plain YAML: {problem}.") from None
    return [_built(path, document) for document in documents]


def _text(path: Path) -> str:
    try:
        regular = path.is_file() or not path.exists()
    except OSError:
        regular = True  # opening it says what is wrong
    if not regular:
        raise DataError(f"{path} is not a file; a relations file in YAML is expected.")
    text = bounded_text(path, LARGEST_FILE, "a file of relations")
    if not text.strip():
        raise DataError(f"{path} is empty; a mapping with 'relations' or 'tables' is expected.")
    return text


def _check_events(path: Path, events: Any) -> None:
    import yaml

    depth = 0
    for event in events:
        if isinstance(event, yaml.AliasEvent) or getattr(event, "anchor", None) is not None:
            raise DataError(
                f"{path}, line {event.start_mark.line + 1}: write the value out; aliases are not read here."
            )
        if getattr(event, "tag", None) is not None:
            line = event.start_mark.line + 1
            raise DataError(f"{path}, line {line}: the tag '{event.tag}' is not read here; plain YAML is expected.")
        depth += isinstance(event, yaml.CollectionStartEvent) - isinstance(event, yaml.CollectionEndEvent)
        if depth > DEEPEST:
            raise DataError(
                f"{path}, line {event.start_mark.line + 1}: more than {DEEPEST} levels deep; see the format."
            )


def _built(path: Path, node: Any) -> Any:
    import yaml

    if isinstance(node, yaml.SequenceNode):
        return [_built(path, item) for item in node.value]
    if not isinstance(node, yaml.MappingNode):
        return str(node.value)
    built: dict[str, Any] = {}
    for key, value in node.value:
        line = key.start_mark.line + 1
        if not isinstance(key, yaml.ScalarNode):
            raise DataError(f"{path}, line {line}: a key must be a name, not a list or mapping.")
        if key.value in built:
            raise DataError(f"{path}, line {line}: '{key.value}' is given twice in one mapping; keep one.")
        built[str(key.value)] = _built(path, value)
    return built


@cache
def _validator(of: str) -> SchemaValidator:
    """Return what judges a whole "file", or one "relation": a union of all kinds, told apart by their ``kind``.

    This is the validator that pydantic is built upon; importing all of pydantic would take longer than an audit.
    """
    if of == "relation":
        kinds: dict[Any, CoreSchema] = {
            kind: core.typed_dict_schema(_accepted(kind), extra_behavior="forbid") for kind in KINDS
        }
        return SchemaValidator(core.tagged_union_schema(kinds, discriminator="kind"))
    entries = core.list_schema(core.dict_schema(TEXT))
    lists = {"relations": entries, "tables": core.dict_schema(TEXT, entries)}
    optional = {name: core.typed_dict_field(each, required=False) for name, each in lists.items()}
    return SchemaValidator(core.typed_dict_schema(optional, extra_behavior="forbid"))


@cache
def _accepted(kind: str) -> dict[str, core.TypedDictField]:
    """Return what a relation of a kind may hold: a note, and the fields of its class."""
    hints, renamed = get_type_hints(KINDS[kind]), KINDS[kind].renamed
    accepted = {name: core.typed_dict_field(TEXT, required=False) for name in ("kind", "note")}
    for entry in fields(KINDS[kind]):
        form = core.int_schema(ge=1, le=MOST_PERIODS) if entry.name == "periods" else TYPES[hints[entry.name]]
        accepted[entry.name] = core.typed_dict_field(
            form, required=entry.default is MISSING, validation_alias=renamed.get(entry.name, entry.name)
        )
    return accepted


def _relation(entry: dict[str, Any], where: str) -> Relation:
    try:
        given = _validator("relation").validate_python(entry)
    except ValidationError as error:
        first, kind = error.errors(include_url=False)[0], entry.get("kind")
        if first["type"].startswith("union_tag"):
            raise DataError(f"{where} {_unknown_kind(kind)}") from None
        known = [KINDS[str(kind)].renamed.get(name, name) for name in _accepted(str(kind)) if name != "kind"]
        raise DataError(f"{where} ('{kind}'): {_said(first, list(first['loc'][1:]), known)}") from None
    return KINDS[given.pop("kind")](**{name: value for name, value in given.items() if name != "note"})


def _unknown_kind(kind: Any) -> str:
    if kind is None:
        return f"has no kind; the kinds are {', '.join(KINDS)}."
    hint = did_you_mean(kind, KINDS, f"the kinds are {', '.join(KINDS)}.")
    return f"has the unknown kind '{str(kind)[:40]}'; {hint}"


def _said(first: Any, loc: list[int | str], known: list[str]) -> str:
    """Put the first problem of a validation in one sentence."""
    place = [str(step) for step in loc]
    if first["type"] == "extra_forbidden":
        hint = did_you_mean(place[-1], known, f"the fields are {', '.join(known)}.")
        return f"unknown field '{place[-1]}'; {hint}"
    if first["type"] == "missing":
        return f"the field '{place[0]}' is missing."
    expected = first["msg"].removeprefix("Input should be ").removeprefix("a valid ").replace("tuple", "list")
    return f"the field '{'.'.join(place)}' should be {expected}, got {_kind_of(first['input'])}."


def _kind_of(value: Any) -> str:
    if isinstance(value, dict):
        return "a mapping"
    return "a list" if isinstance(value, list) else f"'{str(value)[:40]}'"
