"""The reference: a page a package with its public names, and the command line's help."""

import ast
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from importlib import import_module
from inspect import isclass, isroutine
from pathlib import Path

from nbedition.project import MACHINERY, package_folder, project
from nbedition.templates import rendered


@dataclass(frozen=True)
class Module:
    """A public module, one that has ``__all__``, with the names in it."""

    name: str
    package: str
    names: tuple[str, ...]

    def members(self) -> Iterator[tuple[str, str]]:
        """Yield each name with what it names: class, function or data."""
        module = import_module(self.name)
        for name in self.names:
            found = getattr(module, name)
            yield name, "class" if isclass(found) else "function" if isroutine(found) else "data"


def modules() -> list[Module]:
    """Return the public modules of the machinery and of the study's own package, in order.

    Examples
    --------
    >>> "start" in next(module for module in modules() if module.name == "nbedition").names
    True
    """
    own = project().package
    found = []
    for package in (*MACHINERY, own) if own else MACHINERY:
        place = package_folder(package)
        for path in sorted(place.rglob("*.py")):
            if names := _public(path):
                parts = [part for part in path.relative_to(place.parent).with_suffix("").parts if part != "__init__"]
                found.append(Module(".".join(parts), package, names))
    return found


def _public(path: Path) -> tuple[str, ...]:
    """Return what a module's ``__all__`` names, but for modules beside it: each has its own place."""
    for node in ast.parse(path.read_text(encoding="utf-8")).body:
        if isinstance(node, ast.Assign) and any(isinstance(to, ast.Name) and to.id == "__all__" for to in node.targets):
            beside = {other.stem for other in path.parent.iterdir()} if path.name == "__init__.py" else set()
            return tuple(name for name in ast.literal_eval(node.value) if name not in beside)
    return ()


def reference_pages(commands: Mapping[str, str]) -> dict[str, str]:
    """Return the sources of the reference pages by file name; the commands' help is given by command."""
    found = modules()
    packages = {
        name: (import_module(name).__doc__ or "").strip().partition("\n")[0]
        for name in dict.fromkeys(module.package for module in found)
    }
    inside = {name: [module for module in found if module.package == name] for name in packages}
    return {
        f"reference/{name}.rst": rendered("site/templates/package.rst.jinja", {"package": name, "modules": listed})
        for name, listed in inside.items()
    } | {
        "reference/index.md": rendered("site/templates/reference.md.jinja", {"packages": list(packages.items())}),
        "reference/command-line.md": rendered("site/templates/command-line.md.jinja", {"commands": commands}),
    }
