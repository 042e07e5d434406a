"""Texts from Jinja2 templates: one environment; every value is escaped where a template does not say otherwise."""

import re
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

from jinja2 import Environment, FunctionLoader, StrictUndefined
from markupsafe import Markup, escape

FOLDER = Path(__file__).parent
SHORTEST_FENCE = 10


def rendered(template: str | Path, values: Mapping[str, Any]) -> str:
    """Return the text of a template: a name below the folder of this package, or a path."""
    return _environment().get_template(str(template)).render(values)


@cache
def _environment() -> Environment:
    made = Environment(
        loader=FunctionLoader(lambda name: (FOLDER / name).read_text(encoding="utf-8")),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    made.filters |= {"fenced": fenced, "line": line, "linked": linked}
    return made


def fenced(content: str, kind: str = "{raw} html") -> Markup:
    """Return a block of a Markdown page, between fences longer than any in it; by default HTML that stays as it is.

    Examples
    --------
    >>> print(fenced("ls", "sh"), end="")
    ``````````sh
    ls
    ``````````
    """
    longest = max(map(len, re.findall("`+", content)), default=0)
    fence = "`" * max(SHORTEST_FENCE, longest + 1)
    return Markup(f"{fence}{kind}\n{content.strip()}\n{fence}\n")  # noqa: S704  the content was escaped by its template


def line(words: str) -> Markup:
    r"""Return text as one line of Markdown, no character of which is a mark or HTML.

    Examples
    --------
    >>> print(line("Growth of <b>[2020]</b>"))
    Growth of \<b\>\[2020\]\<\/b\>
    """
    return Markup(re.sub(r"([!-/:-@\[-`{-~])", r"\\\1", " ".join(words.split())))  # noqa: S704  no mark is left


def linked(words: str) -> Markup:
    """Return text in which every web address is a link.

    Examples
    --------
    >>> print(linked("see https://example.org/a, page 2"))
    see <a href="https://example.org/a">https://example.org/a</a>, page 2
    """
    parts = re.split(r"(https?://[^\s;]*[^\s;,.)])", words)
    link = Markup('<a href="{0}">{0}</a>')
    return Markup("").join(link.format(part) if part.startswith("http") else escape(part) for part in parts)
