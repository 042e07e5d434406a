"""The font that Chinese figures are drawn with: found on the system, never shipped."""

import os
import re
from dataclasses import replace
from functools import lru_cache
from pathlib import Path

from crossfoot.errors import RequestError

FONT = "EWPPR_FONT"  # environment variable: a font file of one's own
FAMILIES = (
    *("Noto Sans CJK SC", "Noto Sans SC", "Source Han Sans SC", "Source Han Sans CN"),
    *("WenQuanYi Zen Hei", "WenQuanYi Micro Hei", "Noto Sans CJK JP"),
    *("PingFang SC", "Hiragino Sans GB", "Heiti SC", "Songti SC", "Microsoft YaHei", "SimHei", "SimSun"),
)
FILES = re.compile("notosans(cjk|sc)|sourcehansans|wqy|pingfang|hiragino|stheiti|songti|msyh|simhei|simsun")
REGULAR, BOLD = 400, 700
NO_FONT = (
    "lang=zh: no font with Chinese characters is installed; install one (Debian and Ubuntu: apt-get install "
    "fonts-noto-cjk, or the smaller fonts-wqy-zenhei), or let the environment variable "
    f"{FONT} name a font file."
)


def chinese_font() -> str:
    """Return the family name of a font that holds Chinese characters; refuse (RequestError) where there is none."""
    return _found(os.environ.get(FONT, ""))


@lru_cache(maxsize=4)
def _found(own: str) -> str:
    from matplotlib import font_manager

    family = _added(own) if own else _known()
    if not family:
        for path in sorted(font_manager.findSystemFonts()):  # installed since matplotlib last looked
            if FILES.match(Path(path).name.lower().replace("-", "")):
                font_manager.fontManager.addfont(path)
        family = _known()
    if not family:
        raise RequestError(NO_FONT)
    entries = font_manager.fontManager.ttflist
    faces = [entry for entry in entries if entry.name == family]
    lacking = {REGULAR, BOLD} - {entry.weight for entry in faces}  # lent by a face that it has: matplotlib complains
    entries += [replace(faces[0], weight=weight) for weight in sorted(lacking)]
    return family


def _known() -> str:
    from matplotlib import font_manager

    listed = (entry for entry in font_manager.fontManager.ttflist if entry.name in FAMILIES)
    known = {entry.name for entry in listed if Path(entry.fname).is_file()}  # matplotlib's list may be stale
    return next((family for family in FAMILIES if family in known), "")


def _added(path: str) -> str:
    """Return the family of a font file of the user's own, made known to matplotlib."""
    from matplotlib import font_manager

    try:
        font = font_manager.get_font(path)
        family: str = font.family_name
        holds = font.get_char_index(ord("元"))
    except (OSError, RuntimeError):
        raise RequestError(f"{FONT}: a font file expected, got {path!r}.") from None
    if not holds:
        raise RequestError(f"{FONT}: {path!r} holds no Chinese characters; name a font that does.")
    font_manager.fontManager.addfont(path)
    return family
