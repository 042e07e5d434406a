"""The Chinese catalogue: English texts, names and units as keys, what is said for them as values."""

from ewppr_lib.figures.words.chinese.charts import CHARTS
from ewppr_lib.figures.words.chinese.names import NAMES as PLAIN_NAMES
from ewppr_lib.figures.words.chinese.notebooks import CAPTIONS
from ewppr_lib.figures.words.chinese.results import PHRASES
from ewppr_lib.figures.words.chinese.sources import SOURCES
from ewppr_lib.figures.words.chinese.units import CONVERSIONS, UNIT_PATTERNS, UNITS

__all__ = ["CONVERSIONS", "NAMES", "PHRASES", "TEXTS", "UNITS", "UNIT_PATTERNS"]

TEXTS = CHARTS | CAPTIONS
NAMES = PLAIN_NAMES | SOURCES
