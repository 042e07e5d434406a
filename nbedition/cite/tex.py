"""Plain text as LaTeX and BibTeX take it."""

import re

SPECIAL = {
    "\\": r"\textbackslash{}",
    "&": r"\&",
    "%": r"\%",
    "$": r"\$",
    "#": r"\#",
    "_": r"\_",
    "{": r"\{",
    "}": r"\}",
    "~": r"\textasciitilde{}",
    "^": r"\textasciicircum{}",
    "<": r"\ensuremath{<}",
    ">": r"\ensuremath{>}",
    "|": r"\ensuremath{|}",
    "\u00b7": r"\ensuremath{\cdot}",
    "\u2192": r"\ensuremath{\rightarrow}",
    "\u2013": "--",
    "\u2019": "'",
}
DIGITS = ("Zero", "One", "Two", "Three", "Four", "Five", "Six", "Seven", "Eight", "Nine")


def escaped(text: str) -> str:
    r"""Return a text whose special characters LaTeX prints as they stand.

    Examples
    --------
    >>> escaped("5 % of a_b & c")
    '5 \\% of a\\_b \\& c'
    """
    return "".join(SPECIAL.get(character, character) for character in " ".join(text.split()))


def macro(*names: str) -> str:
    """Return the name of a macro made of names; digits become words, as macros have letters only.

    Examples
    --------
    >>> macro("ewppr", "02", "share_2007")
    'ewpprZeroTwoShareTwoZeroZeroSeven'
    """
    words = re.findall(r"[A-Za-z]+|\d", "_".join(names[1:]))
    return names[0] + "".join(DIGITS[int(word)] if word.isdigit() else word.capitalize() for word in words)
