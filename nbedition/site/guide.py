"""The guide: the Markdown pages of ``docs/`` in four kinds."""

import re
from pathlib import Path, PurePosixPath

from crossfoot.text import read_text, read_yaml
from nbedition.project import root
from nbedition.templates import rendered

SHORT_LEAD = 60  # characters: a lead that is shorter takes the next sentence, too
KINDS = {
    "tutorial": ("Tutorial", "From nothing to a figure that you can cite, step by step."),
    "how-to": ("How to", "One task a page."),
    "explanation": ("Why", "What the edition does, and why so."),
}
OFFERED = ("examples/*.*", "*.schema.json")  # files of ``docs/`` that are no pages
ELSEWHERE = {  # what the pages link to in the checkout, and where the site has it
    "../data/README.md": "../data/index.md",
    "../README.md": "../index.md",
    "../data/assumptions.yml": "../files/assumptions.yml",
}
OFFLINE = "build/check-your-table.html"  # the page that checks tables, where it was built; its name leads to it


def guide_pages() -> dict[str, str]:
    """Return the sources of the guide by file name; empty for an edition without ``docs/``."""
    place = root() / "docs"
    contents = ordered(place)
    said = {name: read_text(place / f"{name}.md") for names in contents.values() for name in names}
    kinds = [
        {
            "title": title,
            "about": about,
            "pages": [
                {"name": name, "title": title_of(said[name]), "lead": _lead(said[name])} for name in contents[kind]
            ],
        }
        for kind, (title, about) in KINDS.items()
    ]
    pages = {f"docs/{name}.md": _linked(page) for name, page in said.items()}
    return pages | {"docs/index.md": rendered("site/templates/guide.md.jinja", {"kinds": kinds})} if pages else {}


def guide_files() -> dict[str, Path]:
    """Return the files that the guide offers, by their path below the site."""
    place = root()
    docs, assumptions = place / "docs", place / "data/assumptions.yml"
    offered = [path for pattern in OFFERED for path in sorted(docs.glob(pattern))]
    files = {f"docs/{path.relative_to(docs).as_posix()}": path for path in offered}
    files |= {"files/check-your-table.html": place / OFFLINE} if (place / OFFLINE).is_file() else {}
    return files | ({"files/assumptions.yml": assumptions} if assumptions.is_file() else {})


def ordered(place: Path) -> dict[str, list[str]]:
    """Return the names of the pages in ``docs/`` by kind; a page that ``contents.yml`` leaves out is a how-to."""
    there = sorted(path.stem for path in place.glob("*.md"))
    listed = read_yaml(place / "contents.yml") if (place / "contents.yml").is_file() else {}
    found = {kind: [name for name in listed.get(kind, []) if name in there] for kind in KINDS}
    known = [name for names in found.values() for name in names]
    found["how-to"] += [name for name in there if name not in known]
    return found


def title_of(page: str) -> str:
    """Return a page's title: its first heading.

    Examples
    --------
    >>> title_of("# Check a table" + chr(10) + "Text.")
    'Check a table'
    """
    found = re.search(r"^# (.+)$", page, re.MULTILINE)
    return found.group(1).strip() if found else "Untitled"


def _linked(page: str) -> str:
    """Return a page whose links to files of the checkout lead to where the site has them."""

    def moved(match: re.Match[str]) -> str:
        words, target = match.group(1), match.group(2)
        target = ELSEWHERE.get(target, target)
        if target.startswith("../files/") or any(map(PurePosixPath(target).match, OFFERED)):
            words = re.sub(r"`([^`]+)`", r"<code>\1</code>", words)
            return f'<a href="{target}">{words}</a>'
        return f"[{words}]({target})"

    if (root() / OFFLINE).is_file():
        page = page.replace(f"`{OFFLINE}`", '<a href="../files/check-your-table.html">Check your table</a>')
    return re.sub(r"\[([^\]]+)\]\(([^)\s]+)\)", moved, page)


def _lead(page: str) -> str:
    """Return the first sentences below a page's title, without marks."""
    body = page.partition("\n# " if not page.startswith("# ") else "# ")[2].partition("\n")[2].strip()
    first, *others = re.split(r"(?<=\.)\s", " ".join(body.partition("\n\n")[0].split()))
    while others and len(first) < SHORT_LEAD:
        first = f"{first} {others.pop(0)}"
    return re.sub(r"\[([^\]]+)\]\([^)]*\)", r"\1", first).replace("`", "").replace("*", "")
