"""Rules of R's ``validate``: its YAML files are read as relations, and relations are written as such files.

A rule is an R expression over variables, such as ``turnover - cost == profit``. Linear equalities and inequalities are
read: a name stands for the column (else the row) with that label, or whose label R's ``make.names`` would turn into it.
A strict inequality is read as one that allows equality, since a rounded figure cannot tell them apart. All other rules
are left out, each with a reason.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from fractions import Fraction
from pathlib import Path
from typing import Any, ClassVar, NamedTuple

from crossfoot.errors import DataError
from crossfoot.evaluate import some
from crossfoot.intervals import Interval, plain, total
from crossfoot.relation_file import yaml_documents
from crossfoot.relations import AtMost, Axis, Between, Compares, Linear, Relation, Show, Spot, Sum, Values
from crossfoot.table import Table

LONGEST_RULE = 10_000  # characters
DEEPEST_RULE = 50  # parentheses in each other
TOKEN = re.compile(
    r"\s*(?:(`[^`\n]+`|[^\W\d][\w.]*|\.[^\W\d][\w.]*)|([0-9.]+(?:[eE][-+]?[0-9]{1,2})?L?)|([<>=!]=|[-+*/()<>]))"
)
Terms = dict[str, Fraction]  # the coefficient of each name; that of "" is the constant


@dataclass(frozen=True)
class LinearRule(Relation):
    """A weighted sum of figures is another weighted sum, or a constant; a rule that no simpler kind of relation says.

    ``left`` and ``right``: weight and label of each figure, weights above zero; ``constant`` is added on the right.
    """

    kind: ClassVar[str] = "linear"
    left: tuple[tuple[Fraction, str], ...]
    right: tuple[tuple[Fraction, str], ...] = ()
    constant: Fraction = Fraction(0)

    def labels(self) -> tuple[str, ...]:
        """Return the labels of the left side, then those of the right."""
        return tuple(label for _, label in (*self.left, *self.right))

    def sides(self, value: Values, place: str) -> tuple[Interval, Interval]:
        """Return both weighted sums at a place."""
        left, right = (
            [Interval.exact(weight) * value(self.spot(label, place)) for weight, label in side]
            for side in (self.left, self.right)
        )
        return total(left or [Interval.exact(0)]), total([*right, Interval.exact(self.constant)])

    def linear(self, place: str) -> list[Linear]:
        """Return the left side less the right, which is the constant, or for a bound at most that."""
        factors: dict[Spot, Fraction | int] = {self.spot(label, place): weight for weight, label in self.left}
        factors |= {self.spot(label, place): -weight for weight, label in self.right}
        return [Linear(factors, None if self.compares == "<=" else self.constant, self.constant)]

    def words(self, show: Show, place: str) -> tuple[str, str]:
        """Return both sides in words."""
        left, right = (
            [("" if weight == 1 else f"{plain(weight)} x ") + show(self.spot(label, place)) for weight, label in side]
            for side in (self.left, self.right)
        )
        right += [plain(self.constant)] if self.constant or not right else []
        return " + ".join(left) or "0", " + ".join(right)


@dataclass(frozen=True)
class LinearBound(LinearRule):
    """A weighted sum of figures is at most another one, or a constant."""

    compares: ClassVar[Compares] = "<="


class Rules(NamedTuple):
    """What a file of rules says about a table: relations, and a sentence for each rule that is left out."""

    relations: list[Relation]
    left_out: list[str]


def read_rules(path: Path, table: Table) -> Rules:
    r"""Return the linear rules of a YAML file of R's ``validate`` as relations of a table.

    Raises DataError if the file is missing, too large, not plain YAML or no list of rules.

    Examples
    --------
    >>> import tempfile, crossfoot
    >>> table = crossfoot.check("Firm,turnover,cost,profit\nA,10,7,3\nB,8,9,-1").table
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     file = Path(folder) / "rules.yaml"
    ...     _ = file.write_text("rules:\n- expr: turnover - cost == profit\n- expr: mean(profit) > 0\n")
    ...     rules = read_rules(file, table)
    >>> [relation.formula for relation in rules.relations], rules.left_out
    (['turnover = cost + profit'], ["rule 2: 'mean(profit) > 0' calls a function."])
    """
    found = Rules([], [])
    for number, (title, expression, meta) in enumerate(_entries(path), 1):
        try:
            left, compares, right = _Parser(expression).comparison()
            relation = _relation(left, compares, right, table)
            places = tuple(meta["places"]) if isinstance(meta.get("places"), list) else None
            found.relations.append(replace(relation, name=title, places=places))
        except _LeftOutError as reason:
            named = f" ({title})" if title else ""
            found.left_out.append(f"rule {number}{named}: '{expression[:80]}' {reason}.")
    return found


def _entries(path: Path) -> Iterator[tuple[str, str, Mapping[str, Any]]]:
    """Yield name, expression and meta data of each rule."""
    rules: list[Any] = []
    for document in yaml_documents(path):
        known = document if isinstance(document, dict) else {}
        if "include" in known:
            raise DataError(f"{path} includes other files, which are not read here; put the rules in one file.")
        rules += known["rules"] if isinstance(known.get("rules"), list) else []
    if not rules:
        raise DataError(f"{path} holds no rules; a YAML file of R's validate with a list 'rules' is expected.")
    for number, rule in enumerate(rules, 1):
        if not isinstance(rule, dict) or not isinstance(rule.get("expr"), str):
            raise DataError(f"{path}, rule {number}: a mapping with 'expr', an R expression, is expected.")
        meta, title = rule.get("meta"), rule.get("name")
        yield (title if isinstance(title, str) else ""), rule["expr"], meta if isinstance(meta, dict) else {}


class _LeftOutError(Exception):
    """Why a rule is no linear one over the table's labels."""


class _Parser:
    """Reads an R expression, as far as it is linear."""

    def __init__(self, text: str) -> None:
        if len(text) > LONGEST_RULE:
            raise _LeftOutError(f"is longer than {LONGEST_RULE:,} characters")
        self.tokens: list[tuple[str, str]] = []
        at, text = 0, text.rstrip()
        while at < len(text):
            match = TOKEN.match(text, at)
            if match is None:
                raise _LeftOutError("is not a linear equality or inequality")
            at, kind = match.end(), match.lastindex or 0
            self.tokens.append((("name", "number", match[kind])[kind - 1], match[kind]))
        self.at, self.depth = 0, 0

    def comparison(self) -> tuple[Terms, str, Terms]:
        """Return both sides and the sign between them."""
        left, sign = self.sum(), self.next()
        right = self.sum() if sign in ("==", "<=", ">=", "<", ">") else {}
        if not right or self.next() != "end":
            raise _LeftOutError("is not a linear equality or inequality")
        return left, sign, right

    def next(self) -> str:
        kind = self.peek()
        self.at += 1
        return kind

    def peek(self) -> str:
        return self.tokens[self.at][0] if self.at < len(self.tokens) else "end"

    def sum(self) -> Terms:
        found = self.product()
        while self.peek() in ("+", "-"):
            sign = 1 if self.next() == "+" else -1
            for name, weight in self.product().items():
                found[name] = found.get(name, Fraction(0)) + sign * weight
        return found

    def product(self) -> Terms:
        found = self.factor()
        while self.peek() in ("*", "/"):
            divides, other = self.next() == "/", self.factor()
            if divides and (set(other) != {""} or not other[""]):
                raise _LeftOutError("divides by a figure or by zero")
            if set(other) != {""}:
                found, other = other, found
            if set(other) != {""}:
                raise _LeftOutError("multiplies figures")
            by = 1 / other[""] if divides else other[""]
            found = {name: weight * by for name, weight in found.items()}
        return found

    def factor(self) -> Terms:
        kind, text = self.peek(), self.tokens[self.at][1] if self.at < len(self.tokens) else ""
        self.at, self.depth = self.at + 1, self.depth + 1
        if self.depth > DEEPEST_RULE:
            raise _LeftOutError(f"is nested more than {DEEPEST_RULE} levels deep")
        if kind in ("-", "+"):
            found = {name: -weight if kind == "-" else weight for name, weight in self.factor().items()}
        elif kind == "(":
            found = self.sum()
            if self.next() != ")":
                raise _LeftOutError("is not a linear equality or inequality")
        elif kind == "number":
            found = {"": _number(text)}
        elif kind == "name" and self.peek() != "(":
            found = {text.strip("`"): Fraction(1)}
        else:
            raise _LeftOutError("calls a function" if kind == "name" else "is not a linear equality or inequality")
        self.depth -= 1
        return found


def _number(text: str) -> Fraction:
    try:
        return Fraction(text.removesuffix("L"))
    except ValueError:
        raise _LeftOutError("is not a linear equality or inequality") from None


def _relation(left: Terms, sign: str, right: Terms, table: Table) -> Relation:
    """Return a comparison as the simplest kind of relation that says it."""
    if sign in (">", ">="):
        left, right = right, left
    terms = {name: left.get(name, Fraction(0)) - right.get(name, Fraction(0)) for name in (*left, *right)}
    constant, names = -terms.pop("", Fraction(0)), [name for name, weight in terms.items() if weight]
    axis, labels = _labels(names, table)
    plus = tuple((terms[name], labels[name]) for name in names if terms[name] > 0)
    minus = tuple((-terms[name], labels[name]) for name in names if terms[name] < 0)
    units = all(abs(terms[name]) == 1 for name in names)
    added, taken = (tuple(label for _, label in side) for side in (plus, minus))
    if units and not constant and sign == "==" and added and taken:
        return _sum(added, taken, labels[next(iter(left), "")] if len(left) == 1 and "" not in left else "", axis)
    if units and not constant and sign != "==" and added and len(taken) == 1:
        return AtMost(added, taken[0], axis=axis)
    if units and not (added and taken):
        end = _exact(constant if added else -constant)
        low, high = sign == "==" or not added, sign == "==" or bool(added)
        return Between(added or taken, axis=axis, at_least=end if low else None, at_most=end if high else None)
    return (LinearRule if sign == "==" else LinearBound)(plus, minus, constant, axis=axis)


def _sum(added: tuple[str, ...], taken: tuple[str, ...], first: str, axis: Axis) -> Sum:
    """Return an equality of sums with the label that stands alone as the total."""
    if len(added) > 1 and (len(taken) == 1 or first in taken):
        added, taken = taken, added
    lead = first if first in added else added[0]
    return Sum(lead, taken, tuple(label for label in added if label != lead), axis=axis)


def _exact(value: Fraction) -> str:
    if (value * 10**10).denominator != 1:
        raise _LeftOutError("has a constant with more than ten decimals")
    return plain(value)


def _labels(names: list[str], table: Table) -> tuple[Axis, dict[str, str]]:
    """Return the axis that has all names, columns first as R has them, and the label of each name."""
    if not names:
        raise _LeftOutError("names no figure")
    unknown: list[str] = []
    for axis, labels in (("columns", table.columns), ("rows", table.rows)):
        meant = {label: label for label in labels}
        for label in labels:
            meant.setdefault(make_name(label), label)
        missing = [name for name in names if name not in meant]
        if not missing and len({meant[name] for name in names}) == len(names):
            return ("rows" if axis == "rows" else "columns"), {name: meant[name] for name in names}
        unknown = missing if not unknown or len(missing) < len(unknown) else unknown
    raise _LeftOutError(f"names {some(unknown, most=3)}, which neither columns nor rows are called")


def make_name(label: str) -> str:
    """Return what R's ``make.names`` makes of a label when a table is read.

    Examples
    --------
    >>> make_name("2020 / Actual"), make_name("Net-worth"), make_name(".5")
    ('X2020...Actual', 'Net.worth', 'X.5')
    """
    name = re.sub(r"[^\w.]", ".", label)
    return name if re.match(r"[^\W\d_]|\.(?!\d)", name) else f"X{name}"


def rules_text(relations: Iterable[Relation]) -> tuple[str, list[str]]:
    """Return relations as the text of a YAML file of R's ``validate``, and a sentence for each that is left out.

    Rules hold exactly there, so that rounded totals may fail: ``lin.eq.eps`` of ``voptions`` sets what is allowed.

    Examples
    --------
    >>> print(rules_text([Sum("All", ("Men", "Women"), axis="columns", places=("2003",))])[0])
    rules:
    - expr: All == Men + Women
      name: V1
      label: ''
      description: variables are the table's columns
      meta:
        axis: columns
        places:
        - '2003'
    <BLANKLINE>
    """
    import yaml

    rules: list[dict[str, Any]] = []
    left_out = []
    for relation in relations:
        expression = _expression(relation)
        if expression is None:
            left_out.append(f"{relation.title}: a {relation.kind} is no linear rule.")
            continue
        turned = "" if relation.axis == "columns" else "; exchange rows and columns of the table first"
        meta = {"axis": relation.axis} | ({"places": list(relation.places)} if relation.places else {})
        rules.append(
            {
                "expr": expression,
                "name": relation.name or f"V{len(rules) + 1}",
                "label": "",
                "description": f"variables are the table's {relation.axis}{turned}",
                "meta": meta,
            }
        )
    return yaml.safe_dump({"rules": rules}, allow_unicode=True, sort_keys=False, width=110), left_out


def _expression(relation: Relation) -> str | None:
    if isinstance(relation, Sum):
        less = "".join(f" - {_name(label)}" for label in relation.less)
        return f"{_name(relation.total)} == {_names(relation.parts)}{less}"
    if isinstance(relation, AtMost):
        return f"{_names(relation.parts)} <= {_name(relation.whole)}"
    if isinstance(relation, LinearRule):
        sides = [
            [f"{plain(weight)} * {_name(label)}" for weight, label in side] for side in (relation.left, relation.right)
        ]
        sign = "<=" if relation.compares == "<=" else "=="
        return f"{' + '.join(sides[0]) or '0'} {sign} {' + '.join([*sides[1], plain(relation.constant)])}"
    if isinstance(relation, Between) and not relation.per:
        ends = [] if relation.at_least is None else [f">= {relation.at_least}"]
        ends += [] if relation.at_most is None else [f"<= {relation.at_most}"]
        if relation.at_least == relation.at_most:
            ends = [f"== {relation.at_least}"]
        return f"{_names(relation.figures)} {ends[0]}" if len(ends) == 1 else None
    return None


def _names(labels: Iterable[str]) -> str:
    return " + ".join(map(_name, labels))


def _name(label: str) -> str:
    """Return a label as R writes a name: in backticks where it is no plain one."""
    return label if re.fullmatch(r"[A-Za-z][\w.]*", label, re.ASCII) else "`" + label.replace("`", "'") + "`"
