"""What is known and from where: the study's tables, its stated facts, and outside figures."""

from nbedition.data.load import check, load, names, own_tables
from nbedition.data.sources import corrections, sources

__all__ = ["check", "corrections", "load", "names", "own_tables", "sources"]
