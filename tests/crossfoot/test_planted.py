"""Relations planted in a table are found however it is printed: other orders, separators, languages."""

import csv
import io
import random
from dataclasses import dataclass

from hypothesis import given, settings
from hypothesis import strategies as st

import crossfoot
from crossfoot.read import read_table
from crossfoot.relations import Growth, Share, Sum
from crossfoot.suggest import suggest_relations

YEARS = ("2001", "2002", "2003", "2004")
LABELS = {  # of the same lines
    "English": ("North", "South", "East", "West", "Total", "All years"),
    "German": ("Norden", "Süden", "Osten", "Westen", "Insgesamt", "Alle Jahre"),
    "French": ("Nord", "Sud", "Est", "Ouest", "Ensemble", "Toutes années"),
    "Spanish": ("Norte", "Sur", "Este", "Oeste", "Total", "Suma"),
    "Chinese": ("北部", "南部", "东部", "西部", "合计", "历年总计"),
    "Russian": ("Север", "Юг", "Восток", "Запад", "Всего", "Сумма"),
    "Arabic": ("شمال", "جنوب", "شرق", "غرب", "المجموع", "كل السنوات"),
    "no words": ("R1", "R2", "R3", "R4", "R5", "C5"),
}
PRINTS = {  # decimal mark, thousands, delimiter
    "plain": (".", "", ","),
    "English": (".", ",", ","),
    "German": (",", ".", ";"),
    "French": (",", " ", ";"),
    "Swiss": (".", "'", "\t"),
}


@dataclass(frozen=True)
class Planted:
    """Figures in tenths, four parts and their total, over four years and all of them together."""

    figures: list[list[int]]

    def text(self, labels: tuple[str, ...], print_: tuple[str, str, str], rows: list[int], columns: list[int]) -> str:
        """The table as CSV, its rows and columns in an order."""
        decimal, thousands, delimiter = print_
        heads = (*YEARS, labels[5])
        target = io.StringIO()
        writer = csv.writer(target, delimiter=delimiter, lineterminator="\n")
        writer.writerow(["", *(heads[column] for column in columns)])
        for row in rows:
            told = [f"{self.figures[row][column] // 10:,}".replace(",", thousands) for column in columns]
            tenths = [f"{whole}{decimal}{self.figures[row][at] % 10}" for whole, at in zip(told, columns, strict=True)]
            writer.writerow([labels[row], *tenths])
        return target.getvalue()


def planted(seed: int) -> Planted:
    dice = random.Random(seed)
    parts = [[dice.randint(20_000, 900_000) for _ in YEARS] for _ in range(4)]
    rows = [*parts, [sum(each) for each in zip(*parts, strict=True)]]
    return Planted([[*row, sum(row)] for row in rows])


def sums(text: str) -> set[tuple[str, frozenset[str]]]:
    found = suggest_relations(read_table("table", text=text))
    return {(each.relation.total, frozenset(each.relation.parts)) for each in found if isinstance(each.relation, Sum)}


@settings(max_examples=60, deadline=None)
@given(
    st.integers(0, 10**6),
    st.sampled_from(sorted(LABELS)),
    st.sampled_from(sorted(PRINTS)),
    st.permutations(range(5)),
    st.permutations(range(5)),
)
def test_planted_sums_are_found_in_any_order_separator_and_language(
    seed: int, language: str, print_: str, rows: list[int], columns: list[int]
) -> None:
    labels = LABELS[language]
    found = sums(planted(seed).text(labels, PRINTS[print_], rows, columns))
    assert (labels[4], frozenset(labels[:4])) in found
    assert (labels[5], frozenset(YEARS)) in found


@settings(max_examples=30, deadline=None)
@given(st.integers(0, 10**6), st.sampled_from(sorted(PRINTS)), st.permutations(range(4)))
def test_planted_rates_are_found_in_any_order_and_separator(seed: int, print_: str, order: list[int]) -> None:
    decimal, thousands, delimiter = PRINTS[print_]
    dice = random.Random(seed)
    rows = []
    for _ in range(8):
        before, after = (dice.randint(20_000, 900_000) for _ in range(2))
        printed = (f"{before:,}", f"{after:,}", f"{100 * after / before:.2f}", f"{100 * (after / before - 1):.2f}")
        rows.append([text.replace(",", "_").replace(".", decimal).replace("_", thousands) for text in printed])
    heads = ("Planned", "Actual", "Actual as share of planned, %", "Growth, %")
    target = io.StringIO()
    writer = csv.writer(target, delimiter=delimiter, lineterminator="\n")
    writer.writerow(["", *(heads[at] for at in order)])
    writer.writerows([[f"row {number}", *(row[at] for at in order)] for number, row in enumerate(rows)])
    found = {finding.relation for finding in crossfoot.check(target.getvalue()).findings}
    assert any(isinstance(each, Share) and each.labels() == (heads[2], "Actual", "Planned") for each in found)
    assert any(isinstance(each, Growth) and each.labels() == (heads[3], "Planned", "Actual") for each in found)
