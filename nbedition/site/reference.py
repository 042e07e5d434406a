"""The reference: a page a package with its public names, and the command line's help."""

import ast
from collections.abc import Mapping
from dataclasses import dataclass
from importlib import import_module
from inspect import isclass, isroutine

from nbedition.project import MACHINERY, package_folder, project


@dataclass(frozen=True)
class Module:
    """A public module, one that has ``__all__``, with the names in it."""

    name: str
    package: str
    names: tuple[str, ...]


def modules() -> list[Module]:
    """Return the public modules of the machinery and of the study's own package, in order.

    Examples
    --------
    >>> "start" in next(module for module in modules() if module.name == "nbedition").names
    True
    """
    at_work = project()
    found = []
    for name in (*MACHINERY, *([at_work.package] if at_work.package else [])):
        place = package_folder(name)
        for path in sorted(place.rglob("*.py")):
            if names := _public(ast.parse(path.read_text(encoding="utf-8"))):
                parts = [part for part in path.relative_to(place.parent).with_suffix("").parts if part != "__init__"]
                found.append(Module(".".join(parts), name, names))
    return found


def _public(tree: ast.Module) -> tuple[str, ...]:
    """Return what a module's ``__all__`` names; nothing where it has none."""
    for node in tree.body:
        if isinstance(node, ast.Assign) and any(isinstance(to, ast.Name) and to.id == "__all__" for to in node.targets):
            return tuple(ast.literal_eval(node.value))
    return ()


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
        "Every command, every public name, every data set and source.",
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
        for name in module.names:
            lines += [*_directive(module.name, name), ""]
    return "\n".join(lines)


def _directive(module: str, name: str) -> list[str]:
    found = getattr(import_module(module), name)
    if isclass(found):
        return [f".. autoclass:: {module}.{name}", "   :members:", "   :undoc-members:", "   :show-inheritance:"]
    if isroutine(found):
        return [f".. autofunction:: {module}.{name}"]
    return [f".. py:data:: {name}", f"   :module: {module}"]
