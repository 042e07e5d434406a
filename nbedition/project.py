"""The study at work, and what it says of itself: the one door between the machinery and any study.

A study is a folder with ``data/`` and ``notebooks/`` and a project file: ``study.toml``, or the table
``[tool.nbedition]`` of its ``pyproject.toml``. Only ``name`` and one of ``folder`` and ``package`` are needed::

    name = "my-study"                 # short name: of archives and of the keys under which the study is cited
    folder = "study"                  # its Python modules: a folder of the study, or
    package = "my_package"            # an installed package
    code = ["my_package"]             # folders of code that its archive carries besides
    modules = { 02 = "funding" }      # module of a notebook's parameters, where it is not called as the notebook
    commands = { simulate = "cli:simulate" }    # further commands: module of the study, and a click command in it
    prepare = "model:assumptions"     # called once before kernels are forked: reads what each run would read
    pages = { explorer = "explorer:pages" }     # further pages of the site: module, and a function in it
    [site]                            # texts of the site: title, short, beside, lead, foot; findings: a file
"""

import importlib
import os
import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from types import ModuleType
from typing import Any

from crossfoot.errors import DataError, RequestError

HOME = "NBEDITION_HOME"  # environment variable: names the study's folder outright
FORMER_HOME = "EWPPR_HOME"  # the same, as it was called before
FILES = ("study.toml", "pyproject.toml")  # a project file; the second counts where it has the table
TABLE = "nbedition"
SIGNS = ("datapackage.yml", "sources.yml")  # below data/: such a folder is a study, whole or not
FORMER_FILE = "data/datasets.yml"  # of studies made before there was a project file
SITE = ("title", "short", "beside", "lead", "foot", "findings")
MACHINERY = ("crossfoot", "nbedition")


@dataclass(frozen=True)
class Project:
    """A study: where it is, and what its project file says.

    `root`: the folder that holds ``data/`` and ``notebooks/``; `file`: the project file; `name`, `folder`, `package`,
    `prepare`, `code`, `modules`, `commands`, `pages`, `site`: as in the file; see the module.
    """

    root: Path
    file: Path
    name: str
    folder: str = ""
    package: str = ""
    prepare: str = ""
    code: tuple[str, ...] = ()
    modules: Mapping[str, str] = field(default_factory=dict)
    commands: Mapping[str, str] = field(default_factory=dict)
    pages: Mapping[str, str] = field(default_factory=dict)
    site: Mapping[str, str] = field(default_factory=dict)

    @property
    def sources(self) -> Path:
        """The folder of the study's Python modules."""
        return self.root / self.folder if self.folder else package_folder(self.package)

    def module_of(self, notebook: str) -> str:
        """Return the name of the module that declares a notebook's parameters."""
        return self.modules.get(notebook[:2], notebook[3:])

    def has_module(self, name: str) -> bool:
        """Return whether the study has a module of a name, such as ``claims`` or ``reform.model``."""
        place = self.sources.joinpath(*name.split("."))
        return place.with_suffix(".py").is_file() or (place / "__init__.py").is_file()

    def module(self, name: str) -> ModuleType:
        """Return one of the study's modules, read anew where it is a file of its folder and one of these has changed.

        The modules of a folder form a package of a private name, so that they can import each other (``from . import
        charts``) and never meet another study's. Raises RequestError if there is no such module, or it cannot be
        imported.
        """
        if not self.has_module(name):
            raise RequestError(f"there is no file {self.sources.joinpath(*name.split('.'))}.py.")
        package = _private_package(self.sources) if self.folder else self.package
        try:
            return importlib.import_module(f"{package}.{name}")
        except Exception as error:
            where = self.sources.joinpath(*name.split("."))
            raise RequestError(f"{where}.py cannot be imported: {type(error).__name__}: {error}.") from error

    def entry(self, said: str) -> Any:
        """Return what an entry such as ``cli:simulate`` names: an object of one of the study's modules."""
        module, _, name = said.partition(":")
        found = getattr(self.module(module), name, None)
        if found is None:
            raise RequestError(f"{self.file} names '{said}', and there is no '{name}' in that module.")
        return found


def project() -> Project:
    """Return the study at work.

    The environment variable ``NBEDITION_HOME`` names its folder outright. Otherwise it is the study that the current
    folder belongs to; otherwise the one that the command at work is at home in (`at_home_in`), if it is in any. Raises
    DataError if there is none, or its project file is not as described.

    Examples
    --------
    >>> project().name
    'ewppr'
    """
    named = os.environ.get(HOME) or os.environ.get(FORMER_HOME)
    if named:
        found = _project_in(named)
        if found is None:
            raise DataError(f"{HOME} names {named}, which holds no study: it has no {' and no '.join(FILES)} with one.")
        return found
    for place in _places():
        if found := _project_in(place):
            return found
    if _homes and (found := _project_in(_homes[-1])):
        return found
    raise DataError(f"no study found in the current folder or above it; {program()} init makes one.")


_homes: list[str] = []
_program: list[str] = ["nbedition"]


def program() -> str:
    """Return the name of the command at work, as sentences give it to be typed."""
    return _program[-1]


def at_home_in(place: Path) -> None:
    """Name the study that is at work where no other is: that of the command or library which was called."""
    if str(place) not in _homes:
        _homes.append(str(place))


def called_as(name: str) -> None:
    """Say by which name the command at work was called."""
    _program[:] = [name]


def root() -> Path:
    """Return the folder of the study at work; it holds ``data/`` and ``notebooks/``.

    Examples
    --------
    >>> (root() / "data" / "sources.yml").is_file()
    True
    """
    return project().root


def data_file(name: str) -> Path:
    """Return the path of a file below ``data/``, such as ``printed/table1.csv``."""
    return root() / "data" / name


def notebooks() -> dict[str, Path]:
    """Return the study's numbered notebooks by name, in order."""
    found = sorted((root() / "notebooks").glob("[0-9][0-9]_*.ipynb"))
    return {path.stem: path for path in found if path.is_file()}


def about(name: str) -> Path | None:
    """Return a file about the whole, such as ``CITATION.cff``; None where there is none."""
    path = root() / name
    return path if path.is_file() else None


@lru_cache(maxsize=64)
def package_folder(name: str) -> Path:
    """Return the folder of an installed package. Raises DataError if it is not installed."""
    from importlib.util import find_spec

    found = find_spec(name)
    if found is None or not found.submodule_search_locations:
        raise DataError(f"the package '{name}' of the study is not installed.")
    return Path(next(iter(found.submodule_search_locations)))


def packages() -> dict[str, Path]:
    """Return the folders of all code that a result depends on, by name: the machinery's, then the study's own."""
    at_work = project()
    return {name: package_folder(name) for name in MACHINERY} | {at_work.folder or at_work.package: at_work.sources}


def _places() -> Iterator[str]:
    """Yield the current folder and those above it, the nearest first."""
    try:
        place = os.getcwd()  # noqa: PTH109  asked often, and a path of text is quick
    except OSError:  # it has been removed
        return
    yield place
    while (above := os.path.dirname(place)) != place:  # noqa: PTH120  as above
        yield above
        place = above


def _project_in(place: str) -> Project | None:
    """Return the study whose folder this is; None where it is none."""
    for name in FILES:
        path = f"{place}/{name}"
        try:
            changed = os.stat(path).st_mtime_ns  # noqa: PTH116  as above
        except OSError:
            continue
        if found := _read(path, changed):
            return found
    if os.path.isfile(f"{place}/{FORMER_FILE}"):  # noqa: PTH113  as above
        raise DataError(
            f"{place} is a study of an earlier version ({FORMER_FILE}); it needs a study.toml and a "
            "data/datapackage.yml as nbedition init writes them."
        )
    if any(os.path.isfile(f"{place}/data/{name}") for name in SIGNS):  # noqa: PTH113  as above
        raise DataError(
            f"{place} looks like a study (it has data/{SIGNS[0]} or data/{SIGNS[1]}), and has no {FILES[0]}, nor a "
            f"{FILES[1]} with [tool.{TABLE}] that can be read: put it back, or name the study you mean with {HOME}."
        )
    return None


@lru_cache(maxsize=64)
def _read(path: str, _changed: int) -> Project | None:
    import tomllib

    file = Path(path)
    try:
        content = tomllib.loads(file.read_text(encoding="utf-8") if file.is_file() else "")  # a device has no end
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        if file.name != FILES[0]:
            return None  # somebody's, and no study's as far as can be told
        raise DataError(f"{file} cannot be read as TOML: {' '.join(str(error).split())}.") from None
    said = content if file.name == FILES[0] else content.get("tool", {}).get(TABLE)
    return None if said is None else _checked(file, said)


def _checked(file: Path, said: Any) -> Project:
    """Return a project file's content, or refuse it in a sentence."""
    texts, tables = ("name", "folder", "package", "prepare"), ("modules", "commands", "pages", "site")
    known = (*texts, "code", *tables)
    if not isinstance(said, dict):
        raise DataError(f"{file}: keys with values are expected, got {said!r}.")
    for key, value in said.items():
        kind = "a text" if key in texts else "a list of texts" if key == "code" else "texts by name"
        if key not in known:
            from crossfoot.text import did_you_mean

            raise DataError(f"{file}: there is no key '{key}'; {did_you_mean(key, known)}")
        parts = [value] if key in texts else value if key == "code" else list(getattr(value, "values", list)())
        if not isinstance(value, str if key in texts else list if key == "code" else dict) or not all(
            isinstance(part, str) and part for part in parts
        ):
            raise DataError(f"{file}: '{key}' is {kind}, got {value!r}.")
    if "name" not in said or ("folder" in said) == ("package" in said):
        raise DataError(f"{file} needs a 'name', and one of 'folder' and 'package'.")
    if other := [key for key in said.get("site", {}) if key not in SITE]:
        raise DataError(f"{file}: there is no text '{other[0]}' of the site; there are {', '.join(SITE)}.")
    return Project(file.parent, file, **{**said, "code": tuple(said.get("code", ()))})


def _private_package(folder: Path) -> str:
    """Return the name of the package that a folder's files form now."""
    from hashlib import sha256
    from importlib.machinery import ModuleSpec
    from importlib.util import module_from_spec

    files = [(path.name, path.stat().st_mtime_ns, path.stat().st_size) for path in sorted(folder.rglob("*.py"))]
    name = f"nbedition_study_{sha256(repr((str(folder), files)).encode()).hexdigest()[:12]}"
    if name not in sys.modules:
        importlib.invalidate_caches()
        spec = ModuleSpec(name, None, is_package=True)
        spec.submodule_search_locations = [str(folder)]
        sys.modules[name] = module_from_spec(spec)
    return name
