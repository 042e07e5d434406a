"""The reference: a page a package with every public name, read from the source, and the command line's help."""

import ast
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from importlib import import_module
from inspect import isclass, isroutine
from pathlib import Path

from ewppr_lib.home import PACKAGE
from ewppr_lib.runs.sources import library_files


@dataclass(frozen=True)
class Module:
    """A module of the library with its public names in the order of its source.

    ``names`` maps each to the comment that stands behind it, where there is one.
    """

    name: str
    package: str
    names: Mapping[str, str]


def modules() -> list[Module]:
    """Return the library's modules, in order.

    Examples
    --------
    >>> "load" in next(module for module in modules() if module.name == "ewppr_lib.data.load").names
    True
    """
    sources = [path for path in library_files() if path.is_relative_to(PACKAGE) and path.stem != "__main__"]
    return sorted((_module(path) for path in sources), key=lambda module: (module.package, module.name))


def _module(path: Path) -> Module:
    parts = path.relative_to(PACKAGE.parent).with_suffix("").parts
    whole = parts[-1] == "__init__"
    name = ".".join(parts[:-1] if whole else parts)
    package = name if whole else ".".join(parts[:-1])
    source = path.read_text(encoding="utf-8")
    return Module(name, package, dict(_public(ast.parse(source), source.splitlines())))


def _public(tree: ast.Module, lines: list[str]) -> Iterator[tuple[str, str]]:
    """Yield the public names that a module defines itself."""
    for node in tree.body:
        names: list[str] = []
        if isinstance(node, ast.FunctionDef | ast.ClassDef):
            names = [node.name]
        elif isinstance(node, ast.Assign):
            names = [part.id for target in node.targets for part in ast.walk(target) if isinstance(part, ast.Name)]
        elif isinstance(node, ast.AnnAssign) and isinstance(node.target, ast.Name):
            names = [node.target.id]
        comment = lines[node.lineno - 1].partition("  # ")[2]
        yield from ((name, comment) for name in names if not name.startswith("_"))


def reference_pages(commands: Mapping[str, str]) -> dict[str, str]:
    """Return the sources of the reference pages by file name.

    Parameters
    ----------
    commands
        The command line's help by command.
    """
    found = modules()
    packages = list(dict.fromkeys(module.package for module in found))
    pages = {
        f"reference/{package}.rst": _package_page(package, [module for module in found if module.package == package])
        for package in packages
    }
    return pages | {"reference/index.md": _index(packages), "reference/command-line.md": _commands(commands)}


def _index(packages: list[str]) -> str:
    listed = [f"- [`{name}`]({name}.rst): {_summary(name)}" for name in packages]
    lines = [
        "# Reference",
        "",
        "Every command, every public name of the library, every data set and source.",
        "",
        "- [Command line](command-line.md)",
        "- [Data sets](../data/index.md) and [sources](../data/sources.md)",
        *listed,
        "",
        "```{toctree}",
        ":hidden:",
        "",
        "command-line",
        *packages,
        "```",
    ]
    return "\n".join(lines) + "\n"


def _summary(name: str) -> str:
    return (import_module(name).__doc__ or "").strip().partition("\n")[0]


def _commands(commands: Mapping[str, str]) -> str:
    lines = [
        "# Command line",
        "",
        "Exit code 0: done; 1: the thing checked does not hold; 2: the request was wrong.",
        "",
    ]
    for name, said in commands.items():
        lines += [f"## `{name}`", "", "```text", said.rstrip(), "```", ""]
    return "\n".join(lines)


def _package_page(package: str, inside: list[Module]) -> str:
    lines = [package, "=" * len(package), ""]
    for module in inside:
        if module.name != package:
            lines += [module.name, "-" * len(module.name), ""]
        lines += [f".. automodule:: {module.name}", ""]
        for name, comment in module.names.items():
            lines += [*_directive(module.name, name, comment), ""]
    return "\n".join(lines)


def _directive(module: str, name: str, comment: str) -> list[str]:
    found = getattr(import_module(module), name, None)
    if isclass(found) and found.__module__ == module:
        return [f".. autoclass:: {module}.{name}", "   :members:", "   :undoc-members:", "   :show-inheritance:"]
    if isroutine(found) and getattr(found, "__module__", None) == module:
        return [f".. autofunction:: {module}.{name}"]
    plain = (
        comment.replace("\\", "\\\\").replace("*", "\\*").replace("`", "\\`").replace("|", "\\|").replace("_", "\\_")
    )
    return [f".. py:data:: {name}", f"   :module: {module}", "", *([f"   {plain}"] if plain else [])]
