"""The archive's README, in the form that the data editors of the American Economic Association ask for."""

import re
from collections.abc import Sequence
from typing import Any

from nbedition.archive.collect import Made
from nbedition.archive.crate import MASTER
from nbedition.archive.datapackage import FOLDER, licences
from nbedition.archive.environment import MAIN, PROJECT, environment, installs_itself
from nbedition.data.datasets import datasets
from nbedition.data.sources import sources
from nbedition.notebooks.parameters import settings_of
from nbedition.project import project

TIMES = (  # minutes below which a class ends, and its name in the form
    (10, "<10 minutes"),
    (60, "10-60 minutes"),
    (120, "1-2 hours"),
    (480, "2-8 hours"),
    (1440, "8-24 hours"),
    (float("inf"), "1-3 days or more"),
)
SIZES = ((25, "< 25 MBytes"), (250, "25 MB - 250 MB"), (2000, "250 MB - 2 GB"), (float("inf"), "2 GB or more"))


def readme(made: list[Made], about: dict[str, Any], files: dict[str, bytes]) -> str:
    """Return the text of the archive's README, filled from the run.

    Parameters
    ----------
    made
        The notebooks that were run.
    about
        What ``CITATION.cff`` says.
    files
        The members written so far.
    """
    parts = [
        *_overview(made, about),
        *_availability(),
        *_dataset_list(files),
        *_requirements(made, files),
        *_programs(made, about, files),
        *_instructions(files),
        *_figures(made),
        *_references(about),
    ]
    return "\n".join(parts) + "\n"


def _overview(made: list[Made], about: dict[str, Any]) -> list[str]:
    figures, results = sum(len(one.figures) for one in made), sum(len(one.results) for one in made)
    at_work = project()
    library = (
        f"Python modules below `{at_work.folder}/`" if at_work.folder else f"a Python library (`{at_work.package}/`)"
    )
    return [
        f"# {about.get('title', 'Archive of a run')}: data and code",
        "",
        "## Overview",
        "",
        f"The code in this archive makes {counted(figures, 'figure')} and {counted(results, 'result')} from the data "
        f"in it, with {counted(len(made), 'notebook')} and {library}. One command runs everything (`{MASTER}`). What "
        "was made by the run that this archive holds is in `notebooks/`, `figures/` and `results/`.",
        "",
    ]


def _availability() -> list[str]:
    rows = [
        (
            source.id,
            f"{source.producer}. {source.title}",
            f"{source.edition}; {source.place}",
            source.date,
            source.licence,
        )
        for source in sources().values()
    ]
    return [
        "## Data Availability and Provenance Statements",
        "",
        "### Statement about Rights",
        "",
        "The rights to each source, as it states them, stand in the table below. Figures and facts are cited; texts "
        "of the sources are not reproduced.",
        "",
        "### Summary of Availability",
        "",
        "- [x] All data used are in this archive.",
        "- [ ] Some data cannot be made publicly available.",
        "",
        "### Details on each Data Source",
        "",
        *_table(("source", "producer and title", "edition and place", "date", "rights"), rows),
        "",
    ]


def _dataset_list(files: dict[str, bytes]) -> list[str]:
    rows = []
    for name, one in datasets().items():
        content = files[f"{FOLDER}/{name}.csv"]
        lines = str(content.count(b"\n") - 1)
        rows.append((f"`data/{one.file}`", f"`{FOLDER}/{name}.csv`", ", ".join(one.sources), one.title, lines))
    return [
        "## Dataset list",
        "",
        f"`data/` holds the files as typed from the sources, `{FOLDER}/` the data sets as the code reads them: "
        "declared corrections applied (`data/corrections.yml`), one header line. `datapackage.json` gives type, unit "
        "and meaning of every column. All are provided.",
        "",
        *_table(("file", "as read", "sources", "what it holds", "rows"), rows),
        "",
    ]


def _requirements(made: list[Made], files: dict[str, bytes]) -> list[str]:
    known = environment()
    listed = [f"  - {name} {known['packages'][name]}" for name in MAIN if name in known["packages"]]
    megabytes = sum(map(len, files.values())) / 1e6
    minutes = sum(one.seconds for one in made) / 60
    seeded = [one.name for one in made if "seed" in settings_of(one.name).model_fields]
    random = (
        f"A seed is a parameter of {', '.join(f'`{name}`' for name in seeded)}"
        if seeded
        else "No random numbers are drawn"
    )
    lock = "`requirements.lock` pins all packages with hashes; " if "requirements.lock" in files else ""
    return [
        "## Computational requirements",
        "",
        "### Software Requirements",
        "",
        f"- {known['implementation']} {known['python']}",
        f"- {PROJECT} {known[PROJECT]}, which needs, in the versions of this run:",
        *listed,
        "",
        f"{lock}`environment.json` lists everything that was installed.",
        "",
        "### Controlled Randomness",
        "",
        f"{random}; a second run gives the same numbers.",
        "",
        "### Memory, Runtime and Storage Requirements",
        "",
        "Time needed to run everything, as measured in the run of this archive (the class only, so that a second "
        "archive is the same):",
        "",
        *_ticked(TIMES, minutes),
        "",
        "Storage needed:",
        "",
        *_ticked(SIZES, megabytes),
        "",
        f"The run was made on {known['platform']}. One processor is enough.",
        "",
    ]


def _ticked(classes: Sequence[tuple[float, str]], value: float) -> list[str]:
    chosen = next(name for end, name in classes if value < end)
    return [f"- [{'x' if name == chosen else ' '}] {name}" for _, name in classes]


def _programs(made: list[Made], about: dict[str, Any], files: dict[str, bytes]) -> list[str]:
    at_work = project()
    folders = dict.fromkeys([*at_work.code, at_work.folder or at_work.package])
    return [
        "## Description of programs/code",
        "",
        f"- `{MASTER}`: runs everything.",
        *[
            f"- `notebooks/{one.name}.ipynb`: {one.notebook.cells[0].source.splitlines()[0].lstrip('# ')}."
            for one in made
        ],
        *[
            f"- `{name}/`: {_purpose(files, name)}"
            for name in folders
            if any(at.startswith(f"{name}/") for at in files)
        ],
        "",
        "### License for Code",
        "",
        f"{' AND '.join(licences(about)) or 'None is stated'}{'; see LICENSE' if 'LICENSE' in files else ''}.",
        "",
    ]


def _purpose(files: dict[str, bytes], folder: str) -> str:
    """Return what a folder of code is for, as the first line of its docstring says."""
    found = re.match(rb'"""(.+?)(?:"""|\n)', files.get(f"{folder}/__init__.py", b""))
    return found[1].decode() if found else "the functions, figures and computations that the notebooks and claims use."


def _instructions(files: dict[str, bytes]) -> list[str]:
    install = (
        ["pip install --require-hashes --no-deps -r requirements.lock", "pip install --no-deps --no-build-isolation ."]
        if installs_itself(files)
        else [f"pip install {PROJECT}=={environment()[PROJECT]}"]
    )
    return [
        "## Instructions to Replicators",
        "",
        "Unpack the archive, and in its folder:",
        "",
        "```sh",
        "python3 -m venv .venv",
        ". .venv/bin/activate",
        *install,
        f"sh {MASTER}",
        "```",
        "",
        "The new notebooks, results and figures are then below `build/`. `nbedition verify` with the name of the "
        "archive file checks every digest, reruns the notebooks and compares.",
        "",
    ]


def _figures(made: list[Made]) -> list[str]:
    rows = [
        (
            str(number),
            record["title"],
            f"`notebooks/{one.name}.ipynb`",
            str(record["cell"]),
            f"`figures/{one.name}/{record['figure']}`",
        )
        for number, (one, record) in enumerate(((one, record) for one in made for record in one.figures), 1)
    ]
    results = [(f"`{one.name}`", str(len(one.results)), f"`notebooks/{one.name}.ipynb`") for one in made]
    return [
        "## List of figures, tables and programs",
        "",
        "Figures are files with the endings `.png`, `.svg`, `.pdf`, and `.csv` for the data drawn.",
        "",
        *_table(("figure", "finding", "program", "code cell", "files"), rows),
        "",
        "All numbers are rows of the table `results/results.csv` (and `.parquet`), by notebook and name:",
        "",
        *_table(("notebook", "results", "program"), results),
        "",
    ]


def _references(about: dict[str, Any]) -> list[str]:
    lines = []
    for one in about.get("references", []):
        names = [
            " ".join(filter(None, (name.get("given-names"), name.get("family-names"), name.get("name"))))
            for name in one["authors"]
        ]
        lines.append(
            f"- {', '.join(names)} ({one.get('year', 'no date')}). {one['title']}. {one.get('notes', '')}".rstrip()
        )
    return ["## References", "", *lines, "- Data sources: see Details on each Data Source."]


def counted(number: int, word: str) -> str:
    """Return a number with its word.

    Examples
    --------
    >>> counted(1, "figure"), counted(1200, "result")
    ('1 figure', '1,200 results')
    """
    return f"{number:,} {word}{'s' * (number != 1)}"


def _table(head: Sequence[str], rows: Sequence[Sequence[str]]) -> list[str]:
    lines = [head, ["---"] * len(head), *rows]
    return [f"| {' | '.join(str(cell).replace('|', '/') for cell in line)} |" for line in lines]
