"""Building the site: from a build folder to a folder of pages, put in place when it is whole."""

import shutil
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from crossfoot.errors import RequestError
from nbedition.project import program
from nbedition.runs.whole import held, publish, staged
from nbedition.site.built import KINDS, Built, read_build
from nbedition.site.guide import guide_files, guide_pages
from nbedition.site.notebooks import notebook_pages
from nbedition.site.pages import (
    Page,
    claims_files,
    claims_page,
    data_files,
    data_pages,
    figure_pages,
    home_page,
    judged,
    more_pages,
)
from nbedition.site.reference import reference_pages
from nbedition.site.sphinx import run_sphinx

MARKS = (".nbedition-site", ".ewppr-site")  # in a folder that a build may replace: ours, and that of earlier versions


@dataclass(frozen=True)
class Site:
    """What was built: where, and how many pages and bytes."""

    place: Path
    pages: int
    size: int


def build_site(build: Path, out: Path, commands: Mapping[str, str]) -> Site:
    """Build the site from the folder of ``nbedition run --out``; an earlier site is replaced once the new one is whole.

    ``commands`` is the command line's help by command. `RequestError` if the build is not whole, or ``out`` holds
    something else than a site; `CheckFailed` if a page has a fault.
    """
    _require_free(out)
    built = read_build(build)
    out = out.resolve()
    out.parent.mkdir(parents=True, exist_ok=True)
    with held(out.with_name(f".{out.name}.lock"), out, "building a site in"), staged(out) as folder:
        source, made = folder / "source", folder / "site"
        more, claims = more_pages(), judged()
        for name, content in _pages(built, claims, commands, more).items():
            _write(source / name, content)
        found_by_search = {str(one["id"]): f"{one['id']} {one['paraphrase']}" for one in claims}
        run_sphinx(source, made, folder / "scratch", list(more), found_by_search)
        _write_files(built, made, more)
        _write(made / MARKS[0], f"made by {program()} site\n")
        if read_build(build) != built:
            raise RequestError(f"{build} changed while the site was made of it; give the command again.")
        publish(made, out)
    files = [path for path in out.rglob("*") if path.is_file()]
    return Site(out, sum(path.suffix == ".html" for path in files), sum(path.stat().st_size for path in files))


def _require_free(out: Path) -> None:
    if not out.exists():
        return
    if not out.is_dir() or (any(out.iterdir()) and not any((out / mark).is_file() for mark in MARKS)):
        raise RequestError(f"{out} exists and is not a site that {program()} built; name another folder with --out.")


def _pages(
    built: Built, claims: list[dict[str, Any]], commands: Mapping[str, str], more: Mapping[str, Page]
) -> dict[str, str]:
    """Return the sources of all pages by file name."""
    pages = notebook_pages(built) | figure_pages(built) | data_pages() | guide_pages() | reference_pages(commands)
    pages |= {"claims.md": claims_page(claims)} if claims else {}
    for name, page in more.items():
        pages |= {f"{one}.md": source for one, source in ({name: page.source} | dict(page.below)).items()}
    sections = ("notebooks/index", "figures/index", "claims", *more, "data/index", "docs/index", "reference/index")
    there = [name for name in sections if f"{name}.md" in pages]
    return pages | {"index.md": home_page(built, claims, there, more)}


def _write_files(built: Built, made: Path, more: Mapping[str, Page]) -> None:
    """Put the files that pages offer beside them: pictures, drawings, tables, what further pages need."""
    copied = {shown.file(kind): shown.path(kind) for shown in built.figures for kind in KINDS} | guide_files()
    for name, path in copied.items():
        (made / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(path, made / name)
    files = data_files() | claims_files()
    for page in more.values():
        files |= page.files()
    for name, content in files.items():
        _write(made / name, content)


def _write(path: Path, content: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(content, encoding="utf-8")
