"""One changed byte of a PDF of ours: what is taken for the same picture is drawn the same by another reader.

Run with ``python benchmarks/pdf_bytes.py BUILD [CHANGES] [SEED]``, where BUILD holds the figures of a run. Single bytes
are changed, most of them outside packed streams and records, where digests find every change. Each file that reads as
the same picture with the same record is drawn by PDFium beside the original. Exit code 1 if one is drawn otherwise.
"""

import random
import re
import sys
from pathlib import Path

import pypdfium2
from PIL import Image, ImageChops

from nbedition.figures import embed_pdf as pdf
from nbedition.figures.record import RecordDamaged, opened

CHANGES, SEED = 2_500, 18
SELDOM = 0.03  # how many of the changes may fall into a packed stream or a record
SCALE = 1.5  # pixels a point
BYTES = b" \n\r\t%()<>[]/0123456789aZ"  # those that mean something, besides flipped bits and any


def drawn(content: bytes) -> Image.Image | None:
    """Return what PDFium shows of a document; None where it shows nothing."""
    try:
        return pypdfium2.PdfDocument(content)[0].render(scale=SCALE).to_pil().convert("RGB")
    except pypdfium2.PdfiumError:
        return None


def changed(content: bytes, chance: random.Random) -> bytes:
    """Return a document with one byte changed."""
    covered = [found.span() for found in re.finditer(rb"stream\n.*?\nendstream|/EwpprFigure.*?>>", content, re.DOTALL)]
    while True:
        at = chance.randrange(len(content))
        inside = any(begin + 7 <= at < end - 10 for begin, end in covered)
        new = chance.choice([content[at] ^ 1 << chance.randrange(8), chance.randrange(256), chance.choice(BYTES)])
        if new != content[at] and (not inside or chance.random() < SELDOM):
            return content[:at] + bytes([new]) + content[at + 1 :]


def is_same(content: bytes, original: bytes) -> bool:
    """Return whether a document reads as sound, with the picture and record of another."""
    found, wanted = pdf.read(content), pdf.read(original)
    try:
        same_record = opened(found.record or "") == opened(wanted.record or "")
    except RecordDamaged:
        return False
    return same_record and not found.problem and not pdf.differs(content, original)


def main(build: str, changes: int = CHANGES, seed: int = SEED) -> None:
    """Change bytes, look at what is taken for the same, and say how much of it is not."""
    files = sorted(Path(build).glob("*/figures/*.pdf"))
    chance, same, wrong = random.Random(seed), 0, []
    for number in range(changes):
        path = files[number % len(files)]
        content = path.read_bytes()
        other = changed(content, chance)
        if is_same(other, content):
            same += 1
            one, wanted = drawn(other), drawn(content)
            if one is None or wanted is None or one.size != wanted.size or ImageChops.difference(one, wanted).getbbox():
                wrong.append(f"{path.name}, change {number}")
    print(f"{changes} changed bytes in {len(files)} figures: {same} taken for the same, {len(wrong)} drawn otherwise")
    print(*wrong, sep="\n")
    sys.exit(bool(wrong))


if __name__ == "__main__":
    main(sys.argv[1], *map(int, sys.argv[2:]))
