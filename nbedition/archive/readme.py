"""The archive's README: what its template says of the run, gathered."""

import re
from collections.abc import Iterable
from typing import Any

from nbedition.archive.collect import Made
from nbedition.archive.crate import MASTER
from nbedition.archive.datapackage import FOLDER
from nbedition.archive.environment import MAIN, PROJECT, environment, installs_itself
from nbedition.citation_file import Citable
from nbedition.data.datasets import datasets
from nbedition.data.sources import sources
from nbedition.notebooks.parameters import settings_of
from nbedition.project import project
from nbedition.templates import rendered

INFINITE = float("inf")
TIMES = (  # minutes below which a class ends, and its name in the form
    (10, "<10 minutes"),
    (60, "10-60 minutes"),
    (120, "1-2 hours"),
    (480, "2-8 hours"),
    (1440, "8-24 hours"),
    (INFINITE, "1-3 days or more"),
)
SIZES = ((25, "< 25 MBytes"), (250, "25 MB - 250 MB"), (2000, "250 MB - 2 GB"), (INFINITE, "2 GB or more"))


def readme(made: list[Made], about: Citable, files: dict[str, bytes], form: str = "aea") -> str:
    """Return the text of the archive's README: of the run, of ``CITATION.cff`` and of the members written so far.

    `form`: ``aea`` as the data editors of the American Economic Association ask for it, ``worldbank`` as those
    of the World Bank do.
    """
    at_work = project()
    own = f"Python modules below `{at_work.folder}/`" if at_work.folder else f"a Python library (`{at_work.package}/`)"
    values = {
        "title": about.title or "Archive of a run",
        "notebooks": [{"name": one.name, "title": one.title, "results": one.results} for one in made],
        "figures": [(one.name, record) for one in made for record in one.figures],
        "numbers": [(one.name, record) for one in made for record in one.numbers],
        "results": sum(len(one.results) for one in made),
        "library": own,
        "sources": sources().values(),
        "tables": FOLDER,
        "datasets": [(one, files[f"{FOLDER}/{name}.csv"].count(b"\n") - 1) for name, one in datasets().items()],
        "seeded": [one.name for one in made if "seed" in settings_of(one.name).model_fields],
        "minutes": sum(one.seconds for one in made) / 60,
        "megabytes": sum(map(len, files.values())) / 1e6,
        "programs": _programs(files),
        "licences": about.licences,
        "licensed": "LICENSE" in files,
        "locked": "requirements.lock" in files,
        "installs_itself": installs_itself(files),
        "references": [_reference(one) for one in about.references],
    }
    values |= _access() | {"folders": sorted({name.partition("/")[0] for name in files})}
    values |= {"row": _row, "ticked": _ticked, "environment": environment(), "counted": counted}
    fixed = {"master": MASTER, "main": MAIN, "distribution": PROJECT, "times": TIMES, "sizes": SIZES}
    return rendered(f"archive/readme_{form}.md.jinja", values | fixed)


def _access() -> dict[str, Any]:
    """Return the World Bank's three classes of data, ticked where the sources state enough for it, and who does not."""
    stated = {name: one.access for name, one in sources().items()}
    unstated = [name for name, access in stated.items() if not access]
    kinds = {*stated.values()}
    classes = {"All": kinds == {"public"}, "Some": kinds >= {"public", "restricted"}, "No": kinds == {"restricted"}}
    said = (("All", "All data are publicly available."), ("Some", "Some data cannot be made publicly available."))
    words = (*said, ("No", "No data can be made publicly available."))
    return {"availability": [(text, classes[name]) for name, text in words], "unstated": unstated}


def form_of(content: bytes) -> str:
    """Return in which form a README is."""
    return "worldbank" if b"\n## List of Exhibits\n" in content else "aea"


def _row(cells: Iterable[object]) -> str:
    """Return a row of a Markdown table."""
    return f"| {' | '.join(' '.join(str(cell).split()).replace('|', '/') for cell in cells)} |"


def _ticked(classes: Iterable[tuple[float, str]], value: float) -> str:
    """Return classes as boxes, of which the first whose end lies above the value is ticked."""
    listed = list(classes)
    chosen = next(name for end, name in listed if value < end)
    return "\n".join(f"- [{'x' if name == chosen else ' '}] {name}" for _, name in listed)


def _programs(files: dict[str, bytes]) -> list[tuple[str, str]]:
    """Return the folders of code in the archive, each with what it is for: the first line of its docstring."""
    at_work = project()
    found = []
    for name in dict.fromkeys([*at_work.code, at_work.folder or at_work.package]):
        said = re.match(rb'"""(.+?)(?:"""|\n)', files.get(f"{name}/__init__.py", b""))
        purpose = (
            said[1].decode() if said else "the functions, figures and computations that the notebooks and claims use."
        )
        if any(at.startswith(f"{name}/") for at in files):
            found.append((name, purpose))
    return found


def _reference(one: Citable) -> str:
    names = ", ".join(author.name for author in one.authors)
    return f"- {names} ({one.year or 'no date'}). {one.title}. {one.notes}".rstrip()


def counted(number: int, word: str) -> str:
    """Return a number with its word.

    Examples
    --------
    >>> counted(1, "figure"), counted(1200, "result")
    ('1 figure', '1,200 results')
    """
    return f"{number:,} {word}{'s' * (number != 1)}"
