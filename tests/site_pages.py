"""Reading the site as built: pages, links, anchors, and the explorer's batch."""

import json
from dataclasses import dataclass, field
from functools import cached_property
from html.parser import HTMLParser
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

import numpy as np


class Page(HTMLParser):
    """The ids of a page, where its links lead, what it loads, the words of its text, and markup that means harm."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.ids: set[str] = set()
        self.links: list[str] = []
        self.loads: list[str] = []
        self.harm: list[str] = []
        self.said: list[str] = []
        self.feed(text)

    @property
    def words(self) -> str:
        """What a reader can read, descriptions of pictures too, in one line."""
        return " ".join(" ".join(self.said).split())

    def handle_data(self, data: str) -> None:
        if self.lasttag == "script" and "harm()" in data:
            self.harm.append(data)
        self.said.append(data)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        acting = {name: value for name, value in given.items() if name.startswith("on") or name in ("href", "src")}
        self.harm += [f"{name}={value}" for name, value in acting.items() if "harm()" in value]
        self.harm += [f"<{tag} class=harm>"] if given.get("class") == "harm" else []
        self.said.append(given.get("alt", ""))
        self.ids |= {given[name] for name in ("id", "name") if name in given}
        if tag == "a" and "href" in given:
            self.links.append(given["href"])
        if tag in ("img", "script", "iframe", "source", "link"):
            self.loads += [given[name] for name in ("src", "href") if name in given]


@dataclass(frozen=True)
class BuiltSite:
    """A site, with what its building said."""

    place: Path
    said: str
    read: dict[Path, Page] = field(default_factory=dict)

    @cached_property
    def pages(self) -> list[Path]:
        return sorted(self.place.rglob("*.html"))

    def page(self, path: Path) -> Page:
        if path not in self.read:
            self.read[path] = Page(path.read_text(encoding="utf-8"))
        return self.read[path]

    def name(self, path: Path) -> str:
        return path.relative_to(self.place).as_posix()

    @cached_property
    def batch(self) -> dict[str, Any]:
        text = (self.place / "files/explorer.js").read_text(encoding="utf-8")
        return json.loads(text.removeprefix("window.ewpprExplorer=").removesuffix(";\n"))


def leads_nowhere(site: BuiltSite, path: Path, target: str) -> str | None:
    """Say what is wrong with a link or a load of a page; None where it is well."""
    parts = urlsplit(target)
    if parts.scheme in ("http", "https", "mailto", "data"):
        return None
    found = path if not parts.path else (path.parent / unquote(parts.path)).resolve()
    if not found.is_relative_to(site.place) or not found.is_file():
        return f"{site.name(path)}: {target} is not there"
    if parts.fragment and found.suffix == ".html" and unquote(parts.fragment) not in site.page(found).ids:
        return f"{site.name(path)}: {target} has no such place"
    return None


def looked_up(packed: dict[str, Any], setting: list[int]) -> list[float]:
    """The numbers of the explorer's batch at a setting, as the page's script finds them."""
    array = np.array(packed["flat"], dtype=float).reshape(packed["shape"])
    at = tuple(0 if length == 1 else place for length, place in zip(packed["shape"], setting, strict=False))
    return [float(number) for number in array[at]]


def random_settings(batch: dict[str, Any], count: int) -> list[list[int]]:
    """Places on the sliders, drawn evenly."""
    generator = np.random.default_rng(8)
    return [[int(generator.integers(len(slider["values"]))) for slider in batch["sliders"]] for _ in range(count)]


def assignments(batch: dict[str, Any], setting: list[int]) -> list[str]:
    """The arguments of `ewppr simulate` that stand for a setting."""
    values = [
        (slider["name"], slider["values"][place]) for slider, place in zip(batch["sliders"], setting, strict=True)
    ]
    return [part for name, value in values if value is not None for part in ("--set", f"{name}={value}")]
