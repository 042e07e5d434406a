"""The Chinese catalogue: English texts, names and units as keys, what is said for them as values."""

from nbedition.language.chinese.charts import CHARTS
from nbedition.language.chinese.names import NAMES as PLAIN_NAMES
from nbedition.language.chinese.notebooks import CAPTIONS
from nbedition.language.chinese.results import PHRASES
from nbedition.language.chinese.sources import SOURCES
from nbedition.language.chinese.units import CONVERSIONS, UNIT_PATTERNS, UNITS

__all__ = ["CONVERSIONS", "NAMES", "PHRASES", "TEXTS", "UNITS", "UNIT_PATTERNS"]

TEXTS = CHARTS | CAPTIONS
NAMES = PLAIN_NAMES | SOURCES
