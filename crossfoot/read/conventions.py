"""What ambiguous marks usually mean in a table such as this one, from the form of all its cells and from words."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Mapping
from decimal import Decimal
from typing import NamedTuple

from crossfoot.read.cells import Printed, decimal_text

Place = tuple[str, str]  # row and column label
Cells = Mapping[Place, Printed]

WHOLE = 100  # percent
FEW = 3  # figures that one that is certain outweighs
OTHER = {".": ",", ",": "."}
ROUNDING = 1  # percent by which printed shares may miss the whole
_SHARE_WORDS = re.compile(
    r"%|％|\bper ?cent|\bshares?\b|\bproportions?\b|\brates?\b|\bratios?\b|\bdistribution\b|比重|占比"
)
_SIGNED_WORDS = re.compile(
    r"\bloss|\bdeficit|\bnet\b|\bchange|\bbalance|\bgrowth|\bincrease|\bdecrease|\bsurplus|\bdifference|\bprofit|\bgain"
)


class Habit(NamedTuple):
    """What a mark usually means in such a table and why, what else it could mean, and whether that is open."""

    usual: str
    other: str
    open: bool = False
    example: str = ""
    why: str = ""


def decimal_habit(cells: Cells) -> Habit:
    """Return the decimal mark that the form of the figures speaks for; open where no form, or one cell alone, does.

    Examples
    --------
    >>> from crossfoot.read.cells import take_apart
    >>> decimal_habit({("Schools", "2003"): take_apart("1.234"), ("Pupils", "2003"): take_apart("12,5")}).usual
    ','
    """
    certain = {".": 0, ",": 0}
    unclear: dict[Place, str] = {}
    for place, printed in cells.items():
        for body in printed.bodies:
            point, comma = decimal_text(body, "."), decimal_text(body, ",")
            if (point is None) != (comma is None):
                certain["," if point is None else "."] += 1
            elif point is not None and comma is not None and Decimal(point) != Decimal(comma):
                unclear[place] = body
    example = next(iter(unclear.values()), "")
    usual = max(certain, key=lambda mark: certain[mark])
    if sum(certain.values()) > 1 or (any(certain.values()) and len(unclear) < FEW):
        return Habit(usual, OTHER[usual])
    if any(certain.values()):
        return Habit(usual, OTHER[usual], True, example, "one cell alone says so")
    marks = {"," if "," in body else "." for body in unclear.values()}
    if not marks:
        return Habit(".", ",")
    bare = any(mark not in body for cell in cells.values() for body in cell.bodies for mark in marks)
    if not bare:
        return Habit(".", ",")  # every figure scales alike, so every relation says the same
    decided = _from_ungrouped(cells, unclear, mark=marks.pop()) if len(marks) == 1 else None
    why = "figures beside it without the mark say so" if decided else "so is the custom"
    return Habit(decided or ".", OTHER[decided or "."], True, example, why)


def _from_ungrouped(cells: Cells, unclear: Mapping[Place, str], mark: str) -> str | None:
    """Decide by the figures without the mark that share a row with figures such as "1,234"."""
    rows = {row for row, _ in unclear}
    bare = [(row, body) for (row, _), cell in cells.items() for body in cell.bodies if mark not in body]
    beside = {len(body) for row, body in bare if row in rows and body.strip("0")}
    grouped, ungrouped = any(size < 4 for size in beside), any(size > 4 for size in beside)
    if grouped == ungrouped:
        return None
    return OTHER[mark] if grouped else mark


def parentheses_habit(cells: Cells) -> Habit:
    """Return what labels and form say of figures in parentheses; open wherever there are some."""
    enclosed = {place: printed for place, printed in cells.items() if printed.parentheses}
    if not enclosed:
        return Habit("negative", "share")
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
    usual, other = ("share", "negative") if share and not negative else ("negative", "share")
    why = "so is the custom" if negative == share else "labels and form say so"
    return Habit(usual, other, True, next(iter(enclosed.values())).text, why)


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
