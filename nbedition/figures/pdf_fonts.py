"""Fonts inside a PDF in the order of their use; by itself matplotlib orders them by the folders that they lie in."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

HELD = ("_fontNames", "fontNames")  # where matplotlib keeps a document's fonts, from 3.11 on and before


class _Font(tuple[Any, Any]):
    """A font's file with its name in the document, such as F1; sorts by the name."""

    __slots__ = ()

    def __lt__(self, other: tuple[Any, ...]) -> bool:
        one, another = (font[1].name for font in (self, other))
        return bool((len(one), one) < (len(another), another))


class _Fonts(dict[Any, Any]):
    """A document's fonts."""

    def items(self) -> Any:
        """Return each file with its name."""
        return [_Font(item) for item in super().items()]


@contextmanager
def in_order_of_use() -> Iterator[None]:
    """Let every PDF that matplotlib writes hold its fonts in the order of their use."""
    from matplotlib.backends import backend_pdf

    writer: Any = backend_pdf.PdfFile
    plain: Any = writer.writeFonts

    def ordered(file: Any) -> None:
        name = next(name for name in HELD if name in vars(file))
        setattr(file, name, _Fonts(getattr(file, name)))
        plain(file)

    writer.writeFonts = ordered
    try:
        yield
    finally:
        writer.writeFonts = plain
