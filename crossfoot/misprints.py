"""Which misprint would explain what fails in a table: a single figure misprinted, cells or labels swapped."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from fractions import Fraction
from math import lcm
from typing import NamedTuple

from crossfoot.evaluate import Finding, judge
from crossfoot.intervals import Interval, decimal_places, plain
from crossfoot.localise import FaultSearch, FaultSets, related, solver_set, touching
from crossfoot.relations import ANY, Spot, Sum
from crossfoot.simplex import OutOfStepsError
from crossfoot.table import Table

Figure = tuple[int, int]  # middle and half-width in a small unit common to the table
Changes = Mapping[Spot, Figure]

MOST_PARTNERS = 200  # cells of a row or column, and labels, that are tried as the other of a swap
_RANGE = re.compile(r"[0-9][)%]? ?(?:[-–—~;]|to) ?[-+(]?[0-9]")
DIGITS = "0123456789"
MOST_SHIFT = 3  # places by which a decimal point is shifted
OTHER_VALUE = "another figure, by no common slip"
SEVERAL = "several slips"
MOST_FILLED = 40  # readings of one cell of several, and sets of cells, that are tried
MOST_READ = 200  # readings of the cells of one set


class Repair(NamedTuple):
    """A change of cells that would make relations hold: the misprint it undoes, and what each cell would read.

    ``mends`` are the failing findings that would hold, ``breaks`` those that hold as printed and would fail; a repair
    proper breaks none. Where each change undoes a slip of its own, ``kinds`` has one for each.
    """

    kind: str
    changes: tuple[tuple[Spot, str], ...]
    mends: tuple[Finding, ...]
    breaks: tuple[Finding, ...]
    kinds: tuple[str, ...] = ()

    @property
    def spots(self) -> frozenset[Spot]:
        """The cells that it changes."""
        return frozenset(spot for spot, _ in self.changes)

    @property
    def rank(self) -> tuple[int, int]:
        """Sorts better repairs first: more relations mended, then fewer cells changed, common misprints first."""
        unlikely = self.kind == OTHER_VALUE if not self.kinds else self.kinds.count(OTHER_VALUE)
        return -len(self.mends), 2 * min(len(self.changes), 3) + unlikely


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
    if digits.strip("0"):
        readings[body if sign else f"-{body}"] = "minus sign added" if sign else "minus sign lost"
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
        for places in {decimals, decimals + (at > point), decimals + (at >= point and decimals > 0)}:
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


class SeveralSlips(NamedTuple):
    """What mends all ``failing`` findings that hang together: the ``repairs`` with the most common slips, equally good.

    ``found`` holds every smallest set of cells that would do, whatever each would read.
    """

    failing: tuple[Finding, ...]
    repairs: tuple[Repair, ...]
    found: FaultSets


class CellFindings:
    """A table's findings by cell, ready to tell what a change of figures would mend and break."""

    def __init__(self, table: Table, findings: Sequence[Finding]) -> None:
        self.table = table
        self.findings = findings
        self.number = {id(finding): number for number, finding in enumerate(findings)}
        self.touching = touching(findings)
        ends = {
            spot: (cell.value.low, cell.value.high)
            for spot, cell in table.cells.items()
            if cell.value is not None and cell.value.low is not None and cell.value.high is not None
        }
        denominators = {end.denominator for pair in ends.values() for end in pair}
        self.scale = lcm(*denominators) * 4 * 10 ** (MOST_SHIFT + 1)
        self.figures: dict[Spot, Figure] = {}
        for spot, (low, high) in ends.items():
            bottom, top = (end.numerator * (self.scale // end.denominator) for end in (low, high))
            self.figures[spot] = ((bottom + top) // 2, (top - bottom) // 2)
        self.tried = 0
        self._balances: dict[int, tuple[int, int, dict[Spot, int]] | None] = {}
        self._of_cell: dict[Spot, list[Repair]] = {}
        self._slips_of: dict[Spot, list[tuple[str, str, Interval]]] = {}

    def _is_figure(self, spot: Spot) -> bool:
        """Tell whether a cell holds one figure, and no range."""
        return spot in self.figures and not _RANGE.search(self.table.cells[spot].text)

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
        if self._is_figure(spot):
            text = self.text(spot)
            for read, kind in misreadings(text).items():
                found += self._tested(kind, {spot: self._figure(spot, text, read)}, {spot: read})
            if not any(not repair.breaks for repair in found):
                found += self._other_value(spot)
        self._of_cell[spot] = found
        return found

    def slips(self, finding: Finding) -> set[str]:
        """Return the kinds of common slips in one cell that would explain a finding and all that its cell touches."""
        return {each.kind for spot in finding.spots for each in self.repairs_of_cell(spot)} - {OTHER_VALUE}

    def swaps_of_cell(self, spot: Spot) -> Iterator[Repair]:
        """Yield the swaps with another figure of the same row or column that would mend the relations of both."""
        if spot not in self.figures:
            return
        (row, column), here = spot, self.figures[spot]
        partners = [(row, other) for other in _around(self.table.columns, column)]
        partners += [(other, column) for other in _around(self.table.rows, row)]
        for other in partners:
            if self._is_figure(other) == self._is_figure(spot) and self.figures.get(other) not in (None, here):
                changes = {spot: self.figures[other], other: self.figures[spot]}
                yield from self._tested("two cells swapped", changes, self._read(changes, {spot: other, other: spot}))

    def swaps_of_label(self, label: str, at: Finding, *, of_rows: bool) -> Iterator[Repair]:
        """Yield the swaps of a row (or column) label with another that would mend a finding and all they touch."""
        labels, places = (self.table.rows, self.table.columns) if of_rows else (self.table.columns, self.table.rows)
        kind = f"two {'row' if of_rows else 'column'} labels swapped"
        for other in _around(labels, label):
            if not self._swap_mends(label, other, at, of_rows=of_rows):
                continue
            come_from: dict[Spot, Spot] = {}
            for place in places:
                one, two = ((label, place), (other, place)) if of_rows else ((place, label), (place, other))
                if one in self.figures and two in self.figures and self.figures[one] != self.figures[two]:
                    come_from |= {one: two, two: one}
            if len(come_from) > 2:
                changes = {spot: self.figures[origin] for spot, origin in come_from.items()}
                yield from self._tested(kind, changes, self._read(changes, come_from))

    def _swap_mends(self, label: str, other: str, at: Finding, *, of_rows: bool) -> bool:
        """Tell whether a finding would hold if two labels were swapped; most are not, and cost no more than this."""
        changes: dict[Spot, Figure] = {}
        for spot in at.spots:
            here = spot[0 if of_rows else 1]
            if here in (label, other):
                new = other if here == label else label
                origin = (new, spot[1]) if of_rows else (spot[0], new)
                if origin in self.figures and spot in self.figures:
                    changes[spot] = self.figures[origin]
        self.tried += 1
        return bool(changes) and self._holds(self.number[id(at)], changes)

    def together(self, start: int) -> SeveralSlips | None:
        """Return the smallest sets of cells that mend a failing finding and all that hangs together with it.

        None where that is too much to search.
        """
        numbers = related(self.findings, self.touching, start)
        if numbers is None:
            return None
        search = FaultSearch(self.table, [self.findings[number] for number in sorted(numbers)])
        found = search.run()
        if not found.sets and search.nodes and not found.contradiction and (one := solver_set(search)):
            found = FaultSets((one,), complete=False)
        failing = tuple(self.findings[number] for number in sorted(numbers) if self.findings[number].verdict == "fails")
        try:
            repairs = [self._filled(search, sorted(spots), failing) for spots in found.sets[:MOST_FILLED]]
        except OutOfStepsError:
            repairs = []
        best = min((repair.rank for repair in repairs), default=None)
        return SeveralSlips(failing, tuple(repair for repair in repairs if repair.rank == best), found)

    def _filled(self, search: FaultSearch, spots: Sequence[Spot], failing: tuple[Finding, ...]) -> Repair:
        """Return the most common slips in given cells with which all relations of a search hold together."""
        numbers = [search.number[spot] for spot in spots]
        for cell in numbers:
            search.set_open(cell, to=True)
        read = self._readings(search, numbers, [])
        for cell in numbers:
            search.set_open(cell, to=False)
        kinds = tuple(kind for kind, _ in read)
        changes = tuple((spot, text) for spot, (_, text) in zip(spots, read, strict=True))
        return Repair(kinds[0] if len(kinds) == 1 else SEVERAL, changes, failing, (), kinds)

    def _readings(self, search: FaultSearch, left: Sequence[int], tried: list[int]) -> list[tuple[str, str]]:
        """Return kind and reading of each open cell; a reading that leaves the next cells common slips comes first.

        ``tried`` counts the readings looked at; beyond `MOST_READ` each cell that is left gets any figure that will do.
        """
        if not left or search.conflict() is not None:
            return []
        spot, wanted = search.spots[left[0]], search.range(left[0])
        middle, decimals = wanted.middle, len(self.text(spot).partition(".")[2]) if spot in self.figures else 0
        choices = [each for each in self._options(spot) if each[2].overlaps(wanted)]
        choices.sort(key=lambda each: (len(each[1].partition(".")[2]) != decimals, _apart(each[2], wanted)))
        best: list[tuple[str, str]] | None = None
        other = "depends on the others" if middle is None else f"about {plain(middle)}"
        for kind, read, value in [*choices[:MOST_FILLED], (OTHER_VALUE, other, wanted)]:
            if len(tried) > MOST_READ and kind != OTHER_VALUE:
                continue
            tried.append(left[0])
            low, high = (None if end is None else end * search.scale for end in (value.low, value.high))
            search.system.bound(left[0], (low, high))
            found = [(kind, read), *self._readings(search, left[1:], tried)]
            unlikely = sum(each == OTHER_VALUE for each, _ in found)
            if best is None or unlikely < sum(each == OTHER_VALUE for each, _ in best):
                best = found
            if not unlikely:
                break
        search.rebound(left[0])
        return best or []

    def _options(self, spot: Spot) -> list[tuple[str, str, Interval]]:
        """Return kind, reading and values of each common slip in a cell."""
        if spot not in self._slips_of:
            text = self.text(spot) if self._is_figure(spot) else ""
            told = misreadings(text).items() if text else ()
            self._slips_of[spot] = [(kind, read, self._interval(self._figure(spot, text, read))) for read, kind in told]
        return self._slips_of[spot]

    def _interval(self, figure: Figure) -> Interval:
        middle, half = figure
        return Interval(Fraction(middle - half, self.scale), Fraction(middle + half, self.scale))

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
                return self._interval(changes[spot])
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


def _apart(one: Interval, other: Interval) -> Fraction:
    """Return how far the middles of two intervals are apart; nothing where one has none."""
    return Fraction(0) if one.middle is None or other.middle is None else abs(one.middle - other.middle)


def _around(labels: Sequence[str], label: str) -> list[str]:
    """Return the other labels, or where they are many the nearest ones."""
    at = labels.index(label)
    first = max(0, min(at - MOST_PARTNERS // 2, len(labels) - MOST_PARTNERS - 1))
    return [other for other in labels[first : first + MOST_PARTNERS + 1] if other != label]
