"""Breaking lines in texts that mix alphabets: a Chinese character is as wide as two letters."""

import re
import unicodedata

_PIECES = re.compile(r"[^\s\u2e80-\u9fff\uff00-\uffef]+|\s+|[\u2e80-\u9fff\uff00-\uffef]")
_CLOSING = "，。；：、）》！？”"  # may stand beyond the end of a line
_UNBROKEN = re.compile(  # opening marks stay with what follows, closing ones with what precedes
    r"\s+|[（《“]*(?:[^\s\u2e80-\u9fff\uff00-\uffef]+|[\u2e80-\u9fff\uff00-\uffef])" + f"[{_CLOSING};,.:]*"
)


def columns(text: str) -> int:
    """Return how many letters wide a text is.

    Examples
    --------
    >>> columns("aid"), columns("援助")
    (3, 4)
    """
    return sum(2 if unicodedata.east_asian_width(character) in "WF" else 1 for character in text)


def word_count(text: str) -> int:
    """Return how many words a text has; two Chinese characters count as one.

    Examples
    --------
    >>> word_count("aid a year"), word_count("各年援助额")
    (3, 2)
    """
    pieces = [piece for piece in _PIECES.findall(text) if piece.strip()]
    wide = sum(columns(piece) == 2 and len(piece) == 1 for piece in pieces)
    return len(pieces) - wide + wide // 2


def wrapped(text: str, width: int) -> str:
    """Return a text broken into lines: between words, and between any two Chinese characters.

    Parameters
    ----------
    text
        One line.
    width
        Most letters in a line; a longer word stands alone.

    Examples
    --------
    >>> wrapped("白皮书 2011", 6).split()
    ['白皮书', '2011']
    """
    lines = [""]
    for piece in _UNBROKEN.findall(text):
        if columns(lines[-1] + piece.rstrip(_CLOSING + " ")) > width and lines[-1].strip():
            lines.append("")
        lines[-1] += piece if lines[-1] else piece.lstrip()
    return "\n".join(line.rstrip() for line in lines)
