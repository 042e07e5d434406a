"""Building the site: from a build folder to a folder of pages, put in place when it is whole."""

import shutil
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from crossfoot.errors import RequestError
from nbedition.project import program, project
from nbedition.site.about import Page, about
from nbedition.site.built import KINDS, Built, read_build
from nbedition.site.claims import claims_page, judged
from nbedition.site.codebook import data_files, data_pages
from nbedition.site.figures import figure_pages
from nbedition.site.guide import guide_files, guide_pages
from nbedition.site.home import home_page
from nbedition.site.notebooks import notebook_pages
from nbedition.site.reference import reference_pages
from nbedition.site.sphinx import run_sphinx

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
        Folder that ``nbedition run --out`` wrote to.
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
        more = _more_pages()
        rows = _write_pages(built, source, commands, more)
        parts = {str(row["id"]): f"{row['id']} {row['paraphrase']}" for row in rows}
        run_sphinx(source, made, Path(folder) / "scratch", about(), parts)
        _write_files(built, made, more)
        (made / MARK).write_text(f"made by {program()} site\n", encoding="utf-8")
        if out.exists():
            shutil.rmtree(out)
        made.replace(out)
    files = [path for path in out.rglob("*") if path.is_file()]
    return Site(out, sum(path.suffix == ".html" for path in files), sum(path.stat().st_size for path in files))


def _require_free(out: Path) -> None:
    if out.exists() and not (out.is_dir() and ((out / MARK).is_file() or not any(out.iterdir()))):
        raise RequestError(f"{out} exists and is not a site that ewppr built; name another folder with --out.")


def _write_pages(
    built: Built, source: Path, commands: Mapping[str, str], more: Mapping[str, Page]
) -> list[dict[str, Any]]:
    """Write the sources of all pages; return the judged claims."""
    rows = judged()
    pages = notebook_pages(built) | figure_pages(built) | data_pages() | guide_pages() | reference_pages(commands)
    pages |= {"claims.md": claims_page(rows)} if rows else {}
    pages |= {f"{name}.md": page.source for name, page in more.items()}
    sections = ("notebooks/index", "figures/index", "claims", *more, "data/index", "docs/index", "reference/index")
    there = [name for name in sections if f"{name}.md" in pages]
    for name, content in (pages | {"index.md": home_page(about(), built, rows, there, more)}).items():
        path = source / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(content, encoding="utf-8")
    return rows


def _more_pages() -> dict[str, Page]:
    """Return the pages that the project file names besides, by name."""
    at_work = project()
    return {name: at_work.entry(said)() for name, said in at_work.pages.items()}


def _write_files(built: Built, made: Path, more: Mapping[str, Page]) -> None:
    """Put the files that pages offer beside them: pictures, drawings, tables, what further pages need."""
    for shown in built.figures:
        for kind in KINDS:
            _copy(shown.folder / f"{shown.name}.{kind}", made / shown.file(kind))
    for name, path in guide_files().items():
        _copy(path, made / name)
    files = data_files()
    for page in more.values():
        files |= page.files()
    for name, content in files.items():
        (made / name).parent.mkdir(parents=True, exist_ok=True)
        (made / name).write_text(content, encoding="utf-8")


def _copy(path: Path, target: Path) -> None:
    target.parent.mkdir(parents=True, exist_ok=True)
    shutil.copyfile(path, target)
