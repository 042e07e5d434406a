"""What a manuscript prints against what the outputs hold: the words around a number say which output it quotes."""

import math
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from nbedition.review.quoted import Quoted

SAME, DIFFERS, MISSING = "same", "differs", "not found"
CERTAIN = 4  # significant digits from which an equal value is taken for the same without words
TIED = 0.3  # share of an output's words around a number from which an equal value is taken for the same
NAMED = 0.6  # share from which an unequal value is told
SURE = 0.75  # share from which words alone tie a short number to an output
CLOSE = 0.12  # what a share may fall short of the best and still count
ROUND_OFF = 1e-9
VAGUE = 0.3  # how much of a telling word one that names a kind of number counts
KINDS = frozenset({"rate", "mean", "average", "share", "total", "number", "value", "ratio", "level", "estimate", "sum"})
WHOLE = 0.5  # half of the last place of a whole number


@dataclass(frozen=True)
class Judged:
    """One number of a manuscript: what was found, the output's number, and how well the words agree (0 to 1)."""

    verdict: str
    number: Quoted
    output: Quoted | None = None
    share: float = 0.0


class Outputs:
    """The numbers of the outputs, by the words that say what they are."""

    def __init__(self, found: Sequence[Quoted]) -> None:
        self.all = found
        self._with: dict[str, list[int]] = defaultdict(list)
        for at, one in enumerate(found):
            for word in one.words:
                self._with[word].append(at)
        self._telling = {
            word: math.log(1 + len(found) / len(places)) * (VAGUE if word in KINDS else 1)
            for word, places in self._with.items()
        }
        self._whole = [sum(self._telling[word] for word in one.words) for one in found]
        self._ranges: dict[str, list[Quoted]] = defaultdict(list)
        for one in found:
            self._ranges[one.bound_of or one.place].append(one)

    def stands_in_a_range(self, at: int, others: Iterable[Quoted]) -> bool:
        """Return whether a bound is quoted with its value or its other bound; a value needs no company."""
        one = self.all[at]
        rest = [other for other in self._ranges[one.bound_of] if other is not one] if one.bound_of else []
        return not one.bound_of or any(agree(number, other) for number in others for other in rest)

    def shares(self, number: Quoted) -> dict[int, float]:
        """Return for each output which share of its words, the telling ones most, stands around a number."""
        found: Counter[int] = Counter()
        for word, weight in number.words.items():
            for at in self._with.get(word, ()):
                found[at] += weight * self._telling[word]  # type: ignore[assignment]
        return {at: mass / self._whole[at] for at, mass in found.items() if _is_of_one_kind(number, self.all[at])}


def review(numbers: Iterable[Quoted], outputs: Sequence[Quoted]) -> list[Judged]:
    """Return a finding for each number of a manuscript, in order."""
    known = Outputs(outputs)
    by_group: dict[str, list[Quoted]] = defaultdict(list)
    for one in numbers:
        by_group[one.group].append(one)
    return [finding for group in by_group.values() for finding in _of_group(group, known)]


def _of_group(numbers: list[Quoted], known: Outputs) -> list[Judged]:
    """Judge the numbers of a sentence together: an output that one of them quotes is not what another misquotes."""
    found = []
    for number in numbers:
        shares = known.shares(number)
        others = [one for one in numbers if one is not number]
        found.append(_equal(number, shares, known, others) or _unequal(number, shares, known, others))
    return found


def _equal(number: Quoted, shares: dict[int, float], known: Outputs, others: list[Quoted]) -> Judged | None:
    """Return the output with an equal value whose words agree best, if they agree about as well as any output's do."""
    best = max(shares.values(), default=0.0)
    agreeing = [(share, at) for at, share in shares.items() if agree(number, known.all[at])]
    agreeing = [(share, at) for share, at in agreeing if known.stands_in_a_range(at, others)]
    share, at = max(agreeing, default=(0.0, -1))
    needed = TIED if _digits(number.printed) > 1 else NAMED
    if agreeing and share >= needed and share >= best - CLOSE:
        return Judged(SAME, number, known.all[at], share)
    if best < NAMED and _digits(number.printed) >= CERTAIN:
        alone = next((one for one in known.all if agree(number, one)), None)
        return Judged(SAME, number, alone) if alone else None
    return None


def _unequal(number: Quoted, shares: dict[int, float], known: Outputs, others: list[Quoted]) -> Judged:
    """Return the output that the words mean, with another value that this number could have been, if there is one."""
    likely = {at: share for at, share in shares.items() if share >= NAMED and len(known.all[at].words) > 1}
    telling = [one for one in others if _digits(one.printed) > 1]
    free = {at: share for at, share in likely.items() if not any(agree(one, known.all[at]) for one in telling)}
    best = max(free.values(), default=0.0)
    named = [at for at, share in free.items() if share >= best - CLOSE]
    drifted = [at for at in named if _could_have_drifted(number, known.all[at], sure=free[at] >= SURE)]
    if not drifted or any(number.printed in known.all[at].words for at in likely):
        return Judged(MISSING, number)  # where it is one of the words, it is part of a name: "per 10000"
    if any(agree(number, known.all[at]) for at in named):
        return Judged(MISSING, number)
    at = min(drifted, key=lambda at: (-round(free[at], 1), abs(number.value - known.all[at].value)))
    return Judged(DIFFERS, number, known.all[at], free[at])


def agree(number: Quoted, output: Quoted) -> bool:
    """Return whether an output, rounded as a manuscript's number is printed, can be that number."""
    if _digits(number.printed) < 2 and number.half == WHOLE and not output.value.is_integer():
        return False  # a bare digit counts something
    return any(_within(number, value, half) for value, half in _as_printed(number, output))


def _as_printed(number: Quoted, output: Quoted) -> list[tuple[float, float]]:
    """Return an output's value in the units that a manuscript's number may have: shares as per cent, millions."""
    times = {1.0, 1 / number.scale, output.scale / number.scale}
    if number.percent and not output.percent:
        times |= {100.0}
    return [(output.value * one, output.half * one) for one in times]


def _within(number: Quoted, value: float, half: float) -> bool:
    printed = number.value
    if not number.signed and not value >= 0:
        value = -value  # "fell by 3.2" quotes -3.2
    allowed = number.half + (half if half < number.half else 0.0)
    return abs(printed - value) <= allowed * (1 + 1e-6) + abs(value) * ROUND_OFF


def _is_of_one_kind(number: Quoted, output: Quoted) -> bool:
    """Return whether units do not speak against it: per cent is not a number of another unit."""
    if number.percent:
        return output.percent is not False or abs(output.value) <= 1
    return not output.percent or bool(number.exhibit)


def _could_have_drifted(number: Quoted, output: Quoted, *, sure: bool) -> bool:
    """Return whether a number is what an output's could have become: near it, or one keystroke from it.

    A keystroke in a number of one or two digits counts where the words make it `sure` alone: most are near.
    """
    if _digits(number.printed) < 2 and not output.value.is_integer():
        return False  # a bare digit counts something, or is part of a name
    for value, _ in _as_printed(number, output):
        if value and 0.5 <= abs(number.value / value) <= 2:
            return True
        if not sure and _digits(number.printed) < 3:
            continue
        places = max(0, round(-math.log10(2 * number.half)))
        if _keystrokes(f"{abs(value):.{places}f}", f"{abs(number.value):.{places}f}") == 1:
            return True
    return False


def _keystrokes(one: str, other: str) -> int:
    """Return 1 for one digit changed, two swapped, or one more or less; 0 if equal, 2 for anything else."""
    if len(one) == len(other):
        apart = [at for at, pair in enumerate(zip(one, other, strict=True)) if pair[0] != pair[1]]
        swapped = len(apart) == 2 and one[apart[0]] == other[apart[1]] and one[apart[1]] == other[apart[0]]
        return 1 if swapped else min(len(apart), 2)
    short, long = sorted((one, other), key=len)
    return 1 if any(long[:at] + long[at + 1 :] == short for at in range(len(long))) else 2


def _digits(printed: str) -> int:
    kept = "".join(character for character in printed if character.isdigit())
    return len(kept.lstrip("0"))
