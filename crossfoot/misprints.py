"""Which misprint would explain what fails in a table: a single figure misprinted, cells or labels swapped."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from fractions import Fraction
from math import lcm
from typing import NamedTuple

from crossfoot.evaluate import Finding, judge
from crossfoot.intervals import Interval, decimal_places, plain
from crossfoot.relations import ANY, Spot, Sum
from crossfoot.table import Table

Figure = tuple[int, int]  # middle and half-width in a small unit common to the table
Changes = Mapping[Spot, Figure]

MOST_PARTNERS = 200  # cells of a row or column, and labels, that are tried as the other of a swap
DIGITS = "0123456789"
MOST_SHIFT = 3  # places by which a decimal point is shifted
OTHER_VALUE = "another figure, by no common slip"


class Repair(NamedTuple):
    """A change of cells that would make relations hold: the misprint it undoes, and what each cell would read.

    ``mends`` are the failing findings that would hold, ``breaks`` those that hold as printed and would fail; a repair
    proper breaks none.
    """

    kind: str
    changes: tuple[tuple[Spot, str], ...]
    mends: tuple[Finding, ...]
    breaks: tuple[Finding, ...]

    @property
    def spots(self) -> frozenset[Spot]:
        """The cells that it changes."""
        return frozenset(spot for spot, _ in self.changes)

    @property
    def rank(self) -> tuple[int, int]:
        """Sorts better repairs first: more relations mended, then fewer cells changed, common misprints first."""
        return -len(self.mends), 2 * min(len(self.changes), 3) + (self.kind == OTHER_VALUE)


def misreadings(text: str) -> dict[str, str]:
    """Return what a plain decimal may have been before it was misprinted: each reading, and the kind of misprint.

    Examples
    --------
    >>> [read for read, kind in misreadings("152.7").items() if "transposed" in kind]
    ['512.7', '125.7', '157.2']
    """
    sign, body = ("-", text[1:]) if text.startswith("-") else ("", text)
    decimals = len(body.partition(".")[2])
    digits = body.replace(".", "")
    readings: dict[str, str] = {}
    for kind, changed, places in _changed(digits, decimals):
        whole = changed[: len(changed) - places] if places else changed
        natural = len(whole) <= 1 or not whole.startswith("0")
        if natural and len(changed) > places:
            read = sign + (f"{whole}.{changed[-places:]}" if places else whole)
            if read != text:
                readings.setdefault(read, kind)
    return readings


def _changed(digits: str, decimals: int) -> Iterator[tuple[str, str, int]]:
    """Yield kind of misprint, digits and number of decimals."""
    point = len(digits) - decimals
    for at, old in enumerate(digits):
        for digit in DIGITS:
            yield "one wrong digit", digits[:at] + digit + digits[at + 1 :], decimals
        if at + 1 < len(digits):
            yield "two digits transposed", digits[:at] + digits[at + 1] + old + digits[at + 2 :], decimals
        yield "an added digit", digits[:at] + digits[at + 1 :], decimals - (at >= point)
    for at in range(len(digits) + 1):
        for places in {decimals + (at > point), decimals + (at >= point and decimals > 0)}:
            for digit in DIGITS:
                yield "a dropped digit", digits[:at] + digit + digits[at:], places
    for digit in DIGITS[1:]:  # a first digit, and with it the zeros behind
        yield "a dropped digit", f"{digit}0{digits}", decimals
        yield "a dropped digit", f"{digit}00{digits}", decimals
    for shift in range(1, MOST_SHIFT + 1):
        longer = digits + "0" * max(0, shift - decimals)
        places = max(0, decimals - shift)
        yield "a shifted decimal point", longer.lstrip("0").rjust(places + 1, "0"), places
        padded, places = digits.rjust(decimals + shift + 1, "0"), decimals + shift
        yield "a shifted decimal point", padded, places
        filled = min(places, len(padded) - len(padded.rstrip("0")))  # zeros that only fill up an integer
        yield "a shifted decimal point", padded[: len(padded) - filled], places - filled


class CellFindings:
    """A table's findings by cell, ready to tell what a change of figures would mend and break."""

    def __init__(self, table: Table, findings: Sequence[Finding]) -> None:
        self.table = table
        self.findings = findings
        self.touching: dict[Spot, list[int]] = {}
        for number, finding in enumerate(findings):
            for spot in dict.fromkeys(finding.spots):
                self.touching.setdefault(spot, []).append(number)
        bounded = {
            spot: (cell.value.middle, cell.value.half)
            for spot, cell in table.cells.items()
            if cell.value is not None and cell.value.bounded
        }
        denominators = {number.denominator for pair in bounded.values() for number in pair if number is not None}
        self.scale = lcm(*denominators) * 2 * 10 ** (MOST_SHIFT + 1)
        self.figures: dict[Spot, Figure] = {
            spot: (int(middle * self.scale), int(half * self.scale))
            for spot, (middle, half) in bounded.items()
            if middle is not None and half is not None
        }
        self.tried = 0
        self._balances: dict[int, tuple[int, int, dict[Spot, int]] | None] = {}
        self._of_cell: dict[Spot, list[Repair]] = {}

    def text(self, spot: Spot) -> str:
        """Return a cell's figure as a plain decimal with as many decimals as were printed."""
        middle, half = self.figures[spot]
        value = Fraction(middle, self.scale)
        decimals = 0
        while decimals < 12 and (value * 10**decimals).denominator != 1:
            decimals += 1
        for printed in range(decimals, 12):
            if 2 * half * 10**printed == self.scale:
                decimals = printed
        number = int(abs(value) * 10**decimals)
        body = str(number).rjust(decimals + 1, "0")
        body = f"{body[:-decimals]}.{body[-decimals:]}" if decimals else body
        return f"-{body}" if value < 0 else body

    def repairs_of_cell(self, spot: Spot) -> list[Repair]:
        """Return the misprints of one figure that would explain every failing relation it stands in."""
        if spot in self._of_cell:
            return self._of_cell[spot]
        found: list[Repair] = []
        if spot in self.figures:
            text = self.text(spot)
            for read, kind in misreadings(text).items():
                found += self._tested(kind, {spot: self._figure(spot, text, read)}, {spot: read})
            if not any(not repair.breaks for repair in found):
                found += self._other_value(spot)
        self._of_cell[spot] = found
        return found

    def swaps_of_cell(self, spot: Spot) -> Iterator[Repair]:
        """Yield the swaps with another figure of the same row or column that would mend the relations of both."""
        if spot not in self.figures:
            return
        row, column = spot
        partners = [(row, other) for other in _around(self.table.columns, column)]
        partners += [(other, column) for other in _around(self.table.rows, row)]
        for other in partners:
            if other in self.figures and self.figures[other] != self.figures[spot]:
                changes = {spot: self.figures[other], other: self.figures[spot]}
                yield from self._tested("two cells swapped", changes, self._read(changes, {spot: other, other: spot}))

    def swaps_of_label(self, label: str, *, of_rows: bool) -> Iterator[Repair]:
        """Yield the swaps of a row (or column) label with another that would mend the relations of both."""
        labels, places = (self.table.rows, self.table.columns) if of_rows else (self.table.columns, self.table.rows)
        kind = f"two {'row' if of_rows else 'column'} labels swapped"
        for other in _around(labels, label):
            come_from: dict[Spot, Spot] = {}
            for place in places:
                one, two = ((label, place), (other, place)) if of_rows else ((place, label), (place, other))
                if one in self.figures and two in self.figures and self.figures[one] != self.figures[two]:
                    come_from |= {one: two, two: one}
            if len(come_from) > 2:
                changes = {spot: self.figures[origin] for spot, origin in come_from.items()}
                yield from self._tested(kind, changes, self._read(changes, come_from))

    def _read(self, changes: Changes, come_from: Mapping[Spot, Spot]) -> dict[Spot, str]:
        return {spot: self.table.cells[come_from[spot]].text for spot in changes}

    def _figure(self, spot: Spot, text: str, read: str) -> Figure:
        """Return what another reading of a cell would stand for; its half-width follows its decimals."""
        half = self.figures[spot][1]
        follows = 2 * half * 10 ** len(text.partition(".")[2]) == self.scale
        if follows:
            half = self.scale // (2 * 10 ** len(read.partition(".")[2]))
        digits, decimals = decimal_places(read)
        return digits * self.scale // 10**decimals, half

    def _other_value(self, spot: Spot) -> list[Repair]:
        """Return the one figure that several failing sums ask for alike, if there is one."""
        numbers = [number for number in self.touching.get(spot, ()) if self._balance(number) is not None]
        if sum(self.findings[number].verdict == "fails" for number in numbers) < 2:
            return []
        middle, half = self.figures[spot]
        low, high = None, None
        for balance in map(self._balance, numbers):
            if balance is None:
                continue
            residual, tolerance, signs = balance
            wanted = middle - signs[spot] * residual
            low = wanted - tolerance if low is None else max(low, wanted - tolerance)
            high = wanted + tolerance if high is None else min(high, wanted + tolerance)
        if low is None or high is None or low > high:
            return []
        value = (low + high) // 2
        return self._tested(OTHER_VALUE, {spot: (value, half)}, {spot: f"about {plain(Fraction(value, self.scale))}"})

    def _tested(self, kind: str, changes: Changes, read: Mapping[Spot, str]) -> list[Repair]:
        """Return the repair that a change amounts to, if every failing relation it touches would hold."""
        self.tried += 1
        touched = {number: None for spot in changes for number in self.touching.get(spot, ())}
        failing = [number for number in touched if self.findings[number].verdict == "fails"]
        if not failing or not all(self._holds(number, changes) for number in failing):
            return []
        holding = [number for number in touched if self.findings[number].verdict == "holds"]
        broken = tuple(self.findings[number] for number in holding if not self._holds(number, changes))
        mended = tuple(self.findings[number] for number in failing)
        return [Repair(kind, tuple((spot, read[spot]) for spot in changes), mended, broken)]

    def _holds(self, number: int, changes: Changes) -> bool:
        balance = self._balance(number)
        if balance is not None:
            residual, tolerance, signs = balance
            for spot, (middle, half) in changes.items():
                sign = signs.get(spot)
                if sign is not None:
                    residual += sign * (middle - self.figures[spot][0])
                    tolerance += half - self.figures[spot][1]
            return abs(residual) <= tolerance
        finding = self.findings[number]

        def value(spot: Spot) -> Interval:
            if spot in changes:
                middle, half = changes[spot]
                return Interval(Fraction(middle - half, self.scale), Fraction(middle + half, self.scale))
            return self.table.cells[spot].value or ANY

        return judge(finding.relation, finding.place, value)[0] != "fails"

    def _balance(self, number: int) -> tuple[int, int, dict[Spot, int]] | None:
        """Return total minus parts, the tolerance and each cell's sign; None where it is no sum of bounded figures."""
        if number not in self._balances:
            self._balances[number] = self._new_balance(self.findings[number])
        return self._balances[number]

    def _new_balance(self, finding: Finding) -> tuple[int, int, dict[Spot, int]] | None:
        relation, spots = finding.relation, finding.spots
        if not isinstance(relation, Sum) or not all(spot in self.figures for spot in spots):
            return None
        added = len(relation.parts)
        signs = {spot: -1 if 1 <= at <= added else 1 for at, spot in enumerate(spots)}
        residual = sum(sign * self.figures[spot][0] for spot, sign in signs.items())
        return residual, sum(self.figures[spot][1] for spot in spots), signs


def _around(labels: Sequence[str], label: str) -> list[str]:
    """Return the other labels, or where they are many the nearest ones."""
    at = labels.index(label)
    first = max(0, min(at - MOST_PARTNERS // 2, len(labels) - MOST_PARTNERS - 1))
    return [other for other in labels[first : first + MOST_PARTNERS + 1] if other != label]
