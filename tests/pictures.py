"""The stored pictures of all figures, at half the screen's resolution; ``make baseline`` writes them anew."""

import sys
import tempfile
from pathlib import Path

import numpy as np
import pytest
from notebook_code import draw_figures
from PIL import Image

from nbedition.project import notebooks

STORED = Path(__file__).resolve().parent / "pictures"
TOLERANCE = 1.0  # root of the mean squared difference of pixels, of 255
VISIBLE = 24  # of 255: a difference of a pixel that one would see


def half(path: Path) -> Image.Image:
    """A screen picture at half its resolution, which evens out how edges are smoothed."""
    image = Image.open(path).convert("RGB")
    return image.resize((image.width // 2, image.height // 2), Image.Resampling.BOX)


def difference(one: Image.Image, other: Image.Image) -> str | None:
    """Say where and how much two pictures differ; None where they do not."""
    if one.size != other.size:
        return f"its size is {other.size[0]} x {other.size[1]}, it was {one.size[0]} x {one.size[1]}"
    apart = np.abs(np.asarray(one, dtype=float) - np.asarray(other, dtype=float))
    mean = float(np.sqrt((apart**2).mean()))
    if mean <= TOLERANCE:
        return None
    rows, columns = np.nonzero(apart.max(axis=2) > min(VISIBLE, apart.max() - 1))
    place = f"columns {columns.min()} to {columns.max()}, rows {rows.min()} to {rows.max()}"
    return f"it differs by {mean:.1f} of 255, in {place} of {one.size[0]} x {one.size[1]}"


def main() -> None:
    """Draw all figures of the notebooks and store their pictures, those that look the same left as they are."""
    STORED.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory() as folder, pytest.MonkeyPatch.context() as patch:
        for path in notebooks().values():
            draw_figures(path, Path(folder), patch)
        drawn = {path.name.removesuffix("-screen.png"): half(path) for path in Path(folder).glob("*-screen.png")}
    for old in STORED.glob("*.png"):
        if old.stem not in drawn:
            old.unlink()
    for name, image in drawn.items():
        kept = STORED / f"{name}.png"
        if not kept.exists() or difference(Image.open(kept).convert("RGB"), image):
            image.save(kept, optimize=True)
            sys.stdout.write(f"stored {kept.name}\n")


if __name__ == "__main__":
    main()
