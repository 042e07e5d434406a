"""The numbers of a manuscript that an output should back, each with the words around it."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import replace

from crossfoot.errors import RequestError
from nbedition.review.evidence import of_table
from nbedition.review.manuscript import Passage
from nbedition.review.quoted import SCALES, Quoted, is_year, numbers_in, words_of

SENTENCE = re.compile(r"(?<=[.!?\u3002\uff1b;])\s+(?=\S)|(?<=[\u3002\uff1b])")
CLAUSE = re.compile(r"[,;:()\u2014\uff0c\u3001]|\b(?:and|while|whereas|but|against|compared)\b")
NUMBERED = re.compile(
    r"(?:\b(?:tables?|figures?|figs?|sections?|chapters?|columns?|cols?|equations?|eqs?|appendix|appendices|panels?|notes?|pages?"
    r"|pp?|nos?|numbers?|articles?|steps?|models?|hypothes[ie]s|notebooks?|volumes?|vol|versions?|rows?|parts?|claims?)\b\.?"
    r"(?:[\s(]*\d+(?:\.\d+)*\)?(?:,| and| to|-|\u2013))*[\s(]*|\[[\d,\s]*|#)$",
    re.IGNORECASE,
)
MONTH = r"(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*"
DAY = re.compile(rf"(?:\b{MONTH}\s+$)|(?:^(?:st|nd|rd|th)?\s+{MONTH}\b)", re.IGNORECASE)
MOST = 20_000  # numbers of a manuscript, of which a book has a tenth
NEAR = 400  # characters at either side that are looked at
RANGE = re.compile(r"\s*(?:to|and|-|\u2013)\s*[-\d.,]+\s?(?:%|per\s?cent)")  # "97 to 99 %"
REACH = 40  # words after which nearness says nothing
FAR, ELSEWHERE = 0.5, 0.3  # weight of a word far away in the sentence, and of one in the passage or its heading


def numbers_of(parts: Iterable[Passage]) -> Iterator[Quoted]:
    """Yield the numbers of a manuscript; years, dates and the numbers of tables, sections and the like are none."""
    for count, one in enumerate(_all_numbers(parts)):
        if count >= MOST:
            raise RequestError(f"the manuscript prints more than {MOST:,} numbers; name a shorter one.")
        yield one


def _all_numbers(parts: Iterable[Passage]) -> Iterator[Quoted]:
    for part in parts:
        if part.rows:
            for one in of_table(part.rows, part.place, part.heading):
                yield replace(one, group=f"{part.place} {one.place}", exhibit=part.place)
        else:
            yield from _of_text(part)


def _of_text(part: Passage) -> Iterator[Quoted]:
    around = dict.fromkeys(words_of(f"{part.heading} {part.text}"), ELSEWHERE)
    for number, sentence in enumerate(SENTENCE.split(part.text)):
        for found, value, half in numbers_in(sentence):
            before = sentence[max(0, found.start() - NEAR) : found.start()]
            after = sentence[found.end() : found.end() + NEAR]
            if is_year(found[0].strip()) or NUMBERED.search(before) or DAY.search(before) or DAY.search(after):
                continue
            power = SCALES.get(found["scale"] or "", 0)
            yield Quoted(
                found[0].strip(),
                value,
                half,
                around | _near(before, after),
                part.place,
                True if found["percent"] or RANGE.match(after) else None,
                10.0**power,
                f"{part.place} {number}",
                signed=bool(found["sign"]),
            )


def _near(before: str, after: str) -> dict[str, float]:
    """Return the words of a sentence: those in the number's own clause weigh most, the nearer the more."""
    weights: dict[str, float] = {}
    for side in (list(_spread(before[::-1], backwards=True)), list(_spread(after, backwards=False))):
        for word, weight in side:
            weights[word] = max(weight, weights.get(word, 0.0))
    return weights


def _spread(text: str, *, backwards: bool) -> Iterator[tuple[str, float]]:
    plain = text[::-1] if backwards else text
    pieces = CLAUSE.split(plain)
    distance = 0
    for at, clause in enumerate(reversed(pieces) if backwards else pieces):
        words = words_of(clause)
        for word in reversed(words) if backwards else words:
            distance += 1
            nearness = max(FAR, 1 - (1 - FAR) * distance / REACH)
            yield word, nearness if at == 0 else max(FAR, nearness - 0.1)
