"""Tables as people print them: words for names, units in the head, few digits, ranges in words."""

import math
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import pandas as pd
from pandas.api.types import is_bool_dtype, is_numeric_dtype

from nbedition.language import columns, translate

Heads = Mapping[str, str | Sequence[str]]
MOST_DIGITS = 4  # significant digits that a reader is shown
WIDE = 100  # how many times the smallest number the largest may be, to share its decimals


def printed(frame: pd.DataFrame, heads: Heads | None = None, digits: int = 3) -> pd.DataFrame:
    """Return a frame as texts for reading, in the language of the run; ``attrs["numbers"]`` lists columns of numbers.

    Parameters
    ----------
    frame
        What to print; its index is a column where it has a name.
    heads
        The head of each column printed, with its unit, and the column that stands under it: one, two as a range, or
        three as a value with its range. By default every column, under its name in words.
    digits
        Significant digits of the largest number of a column; never more than four.

    Examples
    --------
    >>> table = pd.DataFrame({"aid_share": [0.571, 0.6], "low": [0.55, 0.6], "high": [0.6, 0.6]})
    >>> printed(table, {"share": ("aid_share", "low", "high")})["share"].to_list()
    ['0.571 (0.550 to 0.600)', '0.600']
    """
    named = any(name is not None for name in frame.index.names)
    whole = frame.reset_index() if named else frame
    texts: dict[str, list[str]] = {}
    numbers = []
    for head, of in (heads or {str(name): str(name) for name in whole}).items():
        parts, said = whole[[of] if isinstance(of, str) else list(of)], in_words(head)
        if all(is_numeric_dtype(kind) and not is_bool_dtype(kind) for kind in parts.dtypes):
            numbers.append(said)
            texts[said] = _numbers(parts, digits)
        else:
            texts[said] = [in_words(one) for one in parts.iloc[:, 0]]
    found = pd.DataFrame(texts)
    found.attrs["numbers"] = numbers
    return found


def in_words(value: object) -> str:
    """Return a value that is no number in words: a name of code with spaces, yes or no, nothing where it is missing.

    Examples
    --------
    >>> in_words("aid_series"), in_words(True), in_words(float("nan"))
    ('aid series', 'yes', '')
    """
    if isinstance(value, bool):
        return translate("yes", "name") if value else translate("no", "name")
    if value is None or value != value:  # noqa: PLR0124  a missing number
        return ""
    said = str(value)
    return translate(said.replace("_", " ") if said.isidentifier() else said, "name")


def _numbers(parts: pd.DataFrame, digits: int) -> list[str]:
    values, digits = parts.astype(float).to_numpy().tolist(), min(digits, MOST_DIGITS)
    sizes = [[abs(value) for value in row if math.isfinite(value)] for row in values]
    known = [size for row in sizes for size in row]
    whole = all(size.is_integer() for size in known)
    apart = not whole and max(known) > WIDE * min(filter(None, known))
    styles = [_style(row if apart else known, digits, whole) for row in sizes]
    return [_cell([say(value) for value in row]) for say, row in zip(styles, values, strict=True)]


def _style(sizes: Sequence[float], digits: int, whole: bool) -> Callable[[float], str]:
    """Return how numbers are written that stand together: with the decimals that the largest needs."""
    magnitude = math.floor(math.log10(max(sizes))) if any(sizes) else 0
    decimals = 0 if whole else max(0, digits - 1 - magnitude)
    spec = f"{'' if whole and magnitude < MOST_DIGITS else ','}.{decimals}f"

    def say(value: float) -> str:
        if not math.isfinite(value):
            return ""
        kept = value if decimals else float(f"{value:.{MOST_DIGITS}g}")
        return format(kept, spec).replace("-", "\u2212")

    return say


def _cell(texts: Sequence[str]) -> str:
    """Return a value, a range, or a value with its range."""
    if len(texts) == 1:
        return texts[0]
    *value, low, high = texts
    if low == high or not (low or high):
        return value[0] if value else low
    span = translate("{low} to {high}", low=low, high=high)
    if not (low and high):
        span = translate("{low} or more", low=low) if low else translate("{high} or less", high=high)
    return f"{value[0]} ({span})" if value else span


def as_text(table: pd.DataFrame, note: str = "") -> str:
    """Return a `printed` table as plain text: words to the left, numbers to the right."""
    numbers = table.attrs["numbers"]
    lines = []
    cells = {head: [head, *table[head]] for head in table}
    for row in zip(*cells.values(), strict=True):
        said = []
        for head, text in zip(cells, row, strict=True):
            gap = " " * (max(map(columns, cells[head])) - columns(text))
            said.append(gap + text if head in numbers else text + gap)
        lines.append("  ".join(said).rstrip())
    return "\n".join([*lines, note] if note else lines)


def as_html(table: pd.DataFrame, note: str, name: str) -> str:
    """Return a `printed` table for a browser; `name`, unique in its notebook, keeps its look from other tables."""
    from pandas.io.formats.style import Styler

    sides = ["right" if head in table.attrs["numbers"] else "left" for head in table]
    looks: list[Any] = [
        {"selector": f".col{place}", "props": f"text-align: {side}"} for place, side in enumerate(sides)
    ]
    looks.append({"selector": "th", "props": "white-space: normal"})  # a long head wraps
    looks.append({"selector": "caption", "props": "caption-side: bottom; text-align: left"})
    style = Styler(table, uuid=name, cell_ids=False, table_attributes='class="dataframe"', escape="html")
    return style.hide(axis="index").set_table_styles(looks).set_caption(note).to_html()
