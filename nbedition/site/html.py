"""Small pieces of HTML, every text escaped, and the MyST fence that carries them into a page."""

import html
import re
from collections.abc import Iterable, Sequence

import pandas as pd

FENCE = "`" * 10
MOST_ROWS = 400
WITHOUT_CONTENTS = ("---", "html_theme.sidebar_secondary.remove: true", "---", "")  # begins a page that needs the width


def text(value: object) -> str:
    """Return a value as HTML text or attribute.

    Examples
    --------
    >>> text('a < "b"')
    'a &lt; &quot;b&quot;'
    """
    return html.escape(str(value))


def raw(content: str) -> str:
    """Return HTML as a block of a MyST page."""
    return f"{FENCE}{{raw}} html\n{content}\n{FENCE}\n"


def link(target: str, words: str) -> str:
    """Return a link; both are escaped."""
    return f'<a href="{text(target)}">{text(words)}</a>'


def linked(words: str) -> str:
    """Return text in which every web address is a link.

    Examples
    --------
    >>> linked("see https://example.org/a, page 2")
    'see <a href="https://example.org/a">https://example.org/a</a>, page 2'
    """
    parts = re.split(r"(https?://[^\s;]*[^\s;,.)])", words)
    return "".join(link(part, part) if part.startswith("http") else text(part) for part in parts)


def table(head: Sequence[str], rows: Iterable[Sequence[str]], label: str) -> str:
    """Return a table that scrolls sideways by itself; cells are HTML already.

    Parameters
    ----------
    head
        Column heads, as text.
    rows
        Rows of cells, as HTML.
    label
        What a screen reader calls it.
    """
    heads = "".join(f'<th scope="col">{text(name)}</th>' for name in head)
    lines = "\n".join("<tr>" + "".join(f"<td>{cell}</td>" for cell in row) + "</tr>" for row in rows)
    return scroll(f'<table class="ew-table"><thead><tr>{heads}</tr></thead><tbody>\n{lines}\n</tbody></table>', label)


def scroll(content: str, label: str) -> str:
    """Return content in a box that scrolls and that the keyboard reaches."""
    return f'<div class="ew-scroll" tabindex="0" role="region" aria-label="{text(label)}">{content}</div>'


def frame_table(frame: pd.DataFrame, label: str) -> str:
    """Return a frame of text as a table, cut after `MOST_ROWS` rows with a line that says so."""
    cells = [[text(cell) for cell in row] for row in frame.head(MOST_ROWS).to_numpy()]
    found = table([str(name) for name in frame.columns], cells, label)
    more = len(frame) - MOST_ROWS
    return found + (f'<p class="ew-note">{more:,} more rows are in the CSV file.</p>' if more > 0 else "")


def copy_box(content: str, name: str) -> str:
    """Return text in a box with a button that copies it.

    Parameters
    ----------
    content
        What is shown and copied.
    name
        What the button says is copied.
    """
    return (
        f'<div class="ew-copy"><pre tabindex="0" aria-label="{text(name)}">{text(content)}</pre>'
        f'<button type="button" class="ew-button" data-copy>'
        f'Copy<span class="ew-hidden"> {text(name)}</span></button></div>'
    )
