"""Building the site: from a build folder to a folder of pages, put in place when it is whole."""

import shutil
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from ewppr_lib.data.edition import data_file
from ewppr_lib.errors import RequestError
from ewppr_lib.runs.site.about import about
from ewppr_lib.runs.site.built import KINDS, Built, read_build
from ewppr_lib.runs.site.claims import claims_page, judged
from ewppr_lib.runs.site.codebook import data_files, data_pages
from ewppr_lib.runs.site.explorer import DATA, explorer_data, explorer_page
from ewppr_lib.runs.site.figures import figure_pages
from ewppr_lib.runs.site.grid import grid
from ewppr_lib.runs.site.guide import guide_files, guide_pages
from ewppr_lib.runs.site.home import home_page
from ewppr_lib.runs.site.notebooks import notebook_pages
from ewppr_lib.runs.site.reference import reference_pages
from ewppr_lib.runs.site.sphinx import run_sphinx

MARK = ".ewppr-site"  # stands in a folder that a build may replace


@dataclass(frozen=True)
class Site:
    """What was built: where, and how many pages and bytes."""

    place: Path
    pages: int
    size: int


def build_site(build: Path, out: Path, commands: Mapping[str, str]) -> Site:
    """Build the site.

    Parameters
    ----------
    build
        Folder that ``ewppr run --out`` wrote to.
    out
        Folder of the site; an earlier site there is replaced once the new one is whole.
    commands
        The command line's help by command, for the reference.

    Raises
    ------
    RequestError
        If the build is not whole, or ``out`` holds something else than a site.
    CheckFailed
        If a page has a fault.
    """
    _require_free(out)
    built = read_build(build)
    out.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix=".site-", dir=out.parent) as folder:
        source, made = Path(folder) / "source", Path(folder) / "site"
        rows = _write_pages(built, source, commands)
        parts = {str(row["id"]): f"{row['id']} {row['paraphrase']}" for row in rows}
        run_sphinx(source, made, Path(folder) / "scratch", about(), parts)
        _write_files(built, made)
        (made / MARK).write_text("made by ewppr site\n", encoding="utf-8")
        if out.exists():
            shutil.rmtree(out)
        made.replace(out)
    files = [path for path in out.rglob("*") if path.is_file()]
    return Site(out, sum(path.suffix == ".html" for path in files), sum(path.stat().st_size for path in files))


def _require_free(out: Path) -> None:
    if out.exists() and not (out.is_dir() and ((out / MARK).is_file() or not any(out.iterdir()))):
        raise RequestError(f"{out} exists and is not a site that ewppr built; name another folder with --out.")


def _write_pages(built: Built, source: Path, commands: Mapping[str, str]) -> list[dict[str, str]]:
    """Write the sources of all pages; return the judged claims."""
    rows = judged()
    pages = notebook_pages(built) | figure_pages(built) | data_pages() | guide_pages() | reference_pages(commands)
    pages |= ({"claims.md": claims_page(rows)} if rows else {}) | (
        {"explorer.md": explorer_page()} if modelled() else {}
    )
    sections = ("notebooks/index", "figures/index", "claims", "explorer", "data/index", "docs/index", "reference/index")
    there = [name for name in sections if f"{name}.md" in pages]
    for name, content in (pages | {"index.md": home_page(about(), built, rows, there)}).items():
        path = source / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(content, encoding="utf-8")
    return rows


def modelled() -> bool:
    """Tell whether the reform model is part of the study: whether its assumptions are there."""
    return data_file("assumptions.yml").is_file()


def _write_files(built: Built, made: Path) -> None:
    """Put the files that pages offer beside them: pictures, drawings, tables, the explorer's batch."""
    for shown in built.figures:
        for kind in KINDS:
            _copy(shown.folder / f"{shown.name}.{kind}", made / shown.file(kind))
    for name, path in guide_files().items():
        _copy(path, made / name)
    for name, content in (data_files() | ({DATA: explorer_data(grid())} if modelled() else {})).items():
        (made / name).parent.mkdir(parents=True, exist_ok=True)
        (made / name).write_text(content, encoding="utf-8")


def _copy(path: Path, target: Path) -> None:
    target.parent.mkdir(parents=True, exist_ok=True)
    shutil.copyfile(path, target)
