"""What a figure must say in words before it is shown."""

import re

from crossfoot.errors import RequestError

FEWEST_WORDS = 3
FEWEST_ALT_WORDS = 5
FEWEST_CHARACTERS = 12  # of a text in a script without spaces, each of whose characters is about half a word
FILE_NAME = re.compile(
    r"\S+\.(png|jpe?g|svg|pdf|csv|gif|webp|tiff?)\b|\b(fig|figure|image|chart|plot)[ _-]?\d+$", re.IGNORECASE
)

KIND_ALONE = re.compile(  # what kind of picture it is, and of what, with nothing said of what one sees
    r"((an?|the) )?([\w-]+ ){0,2}(chart|figure|graph|plot|picture|image|diagram|map)s? (of|for|with|showing) "
    r"[^:;.]*\.?",
    re.IGNORECASE,
)


def require_texts(figure: str, title: str | None, caption: str, alt: str) -> None:
    """Raise where a figure's texts do not say what they are for.

    Parameters
    ----------
    figure
        Its name.
    title
        The finding; None where nothing is drawn.
    caption
        What is drawn.
    alt
        The finding in words, for those who do not see the picture.

    Raises
    ------
    RequestError
        If a text is missing or says next to nothing, or the alt text is a file name, names
        no more than a kind of picture, or repeats another text.
    """
    for part, text in (("title", title), ("caption", caption), ("alt text", alt)):
        if text is not None and not _says(text, FEWEST_WORDS):
            raise RequestError(f"figure '{figure}': its {part} says nothing yet, got {text!r}.")
    if FILE_NAME.search(alt.strip()):
        raise RequestError(f"figure '{figure}': its alt text reads like a file name, got {alt!r}; say what one sees.")
    if not _says(alt, FEWEST_ALT_WORDS):
        raise RequestError(f"figure '{figure}': its alt text is too short to state a finding, got {alt!r}.")
    if KIND_ALONE.fullmatch(alt.strip()):
        raise RequestError(f"figure '{figure}': its alt text states no finding, got {alt!r}; say what one sees.")
    for part, text in (("caption", caption), ("title", title)):
        if text and _plain(alt) == _plain(text):
            raise RequestError(f"figure '{figure}': its alt text repeats its {part}; say what one sees.")


def _says(text: str, words: int) -> bool:
    wide = sum(character > "\u2e7f" for character in text)
    return len(text.split()) >= words or wide >= FEWEST_CHARACTERS // 2 * words // FEWEST_WORDS


def _plain(text: str) -> str:
    return " ".join(re.findall(r"\w+", text.lower()))
