"""What ambiguous marks mean in one table, decided from all of its cells or not at all."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Mapping
from decimal import Decimal

from crossfoot.errors import DataError
from crossfoot.read.cells import Printed, Style, decimal_text

Place = tuple[str, str]  # row and column label
Cells = Mapping[Place, Printed]

WHOLE = 100  # percent
ROUNDING = 1  # percent by which printed shares may miss the whole
_SHARE_WORDS = re.compile(
    r"%|％|\bper ?cent|\bshares?\b|\bproportions?\b|\brates?\b|\bratios?\b|\bdistribution\b|比重|占比"
)
_SIGNED_WORDS = re.compile(
    r"\bloss|\bdeficit|\bnet\b|\bchange|\bbalance|\bgrowth|\bincrease|\bdecrease|\bsurplus|\bdifference|\bprofit|\bgain"
)


def table_style(cells: Cells, decimal: str | None = None, parentheses: str | None = None) -> Style:
    """Return the decimal mark and the meaning of parentheses, as the user says or else all cells decide.

    DataError, naming the first cell, if they do not decide and it matters.

    Examples
    --------
    >>> from crossfoot.read.cells import take_apart
    >>> table_style({("Schools", "2003"): take_apart("1.234"), ("Pupils", "2003"): take_apart("12,5")}).decimal
    ','
    """
    return Style(decimal or _decimal_mark(cells), parentheses or _parentheses(cells))


def _decimal_mark(cells: Cells) -> str:
    certain = {".": 0, ",": 0}
    unclear: dict[Place, str] = {}
    for place, printed in cells.items():
        for body in printed.bodies:
            point, comma = decimal_text(body, "."), decimal_text(body, ",")
            if (point is None) != (comma is None):
                certain["," if point is None else "."] += 1
            elif point is not None and comma is not None and Decimal(point) != Decimal(comma):
                unclear[place] = body
    if any(certain.values()):
        return max(certain, key=lambda mark: certain[mark])
    marks = {"," if "," in body else "." for body in unclear.values()}
    if not marks:
        return "."
    decided = _from_ungrouped(cells, unclear, mark=marks.pop()) if len(marks) == 1 else None
    if decided is None:
        row, column = next(iter(unclear))
        raise DataError(
            f"row '{row}', column '{column}': '{unclear[row, column]}' can be a thousand or a decimal and nothing in "
            "the table decides; say which mark is the decimal one, '.' or ','."
        )
    return decided


def _from_ungrouped(cells: Cells, unclear: Mapping[Place, str], mark: str) -> str | None:
    """Decide by the figures without the mark that share a row with figures such as "1,234"."""
    rows = {row for row, _ in unclear}
    bare = [(row, body) for (row, _), cell in cells.items() for body in cell.bodies if mark not in body]
    if not bare:
        return "."  # every figure scales alike, so every relation says the same
    beside = {len(body) for row, body in bare if row in rows and body.strip("0")}
    grouped, ungrouped = any(size < 4 for size in beside), any(size > 4 for size in beside)
    if grouped == ungrouped:
        return None
    return {",": ".", ".": ","}[mark] if grouped else mark


def _parentheses(cells: Cells) -> str:
    enclosed = {place: printed for place, printed in cells.items() if printed.parentheses}
    if not enclosed:
        return "negative"
    lines = _enclosed_lines(cells)
    labels = [lines_label.lower() for (_, lines_label) in lines]
    loose = any((0, row) not in lines and (1, column) not in lines for row, column in enclosed)
    large = any(_size(printed) > WHOLE for printed in enclosed.values())
    signed = any(_SIGNED_WORDS.search(label) for label in labels)
    minus = any(printed.negative for printed in cells.values())
    named = any(_SHARE_WORDS.search(label) for label in labels)
    percent = bool(lines) and all(printed.unit == "%" for printed in enclosed.values())
    negative = loose or large or signed
    share = minus or named or percent or any(_makes_whole(line) for line in lines.values())
    if negative == share:
        row, column = next(iter(enclosed))
        raise DataError(
            f"row '{row}', column '{column}': '{enclosed[row, column].text}' can be a negative figure or a share and "
            "nothing in the table decides; say what parentheses mean, 'negative' or 'share'."
        )
    return "negative" if negative else "share"


def _enclosed_lines(cells: Cells) -> dict[tuple[int, str], list[Decimal]]:
    """Return the rows (axis 0) and columns (axis 1) of which every figure stands in parentheses."""
    lines: dict[tuple[int, str], list[Printed]] = defaultdict(list)
    for place, printed in cells.items():
        if not printed.missing:
            for axis in (0, 1):
                lines[axis, place[axis]].append(printed)
    return {
        line: [_size(printed) for printed in found]
        for line, found in lines.items()
        if len(found) > 1 and all(printed.parentheses for printed in found)
    }


def _makes_whole(line: list[Decimal]) -> bool:
    """Tell whether shares add up to 100, with or without a printed total of 100."""
    total = sum(line, Decimal(0))
    return len(line) > 2 and any(
        abs(total - whole) <= ROUNDING for whole in ((WHOLE, 2 * WHOLE) if WHOLE in line else (WHOLE,))
    )


def _size(printed: Printed) -> Decimal:
    texts = (decimal_text(printed.bodies[0], mark) for mark in ".,")
    return min((Decimal(text) for text in texts if text is not None), default=Decimal(0))
