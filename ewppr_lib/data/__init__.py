"""What is known and from where: the study's tables, its stated facts, and outside figures."""

from ewppr_lib.data.load import check, load, names, own_tables
from ewppr_lib.data.printed import table_rows
from ewppr_lib.data.records import corrections, sources

__all__ = ["check", "corrections", "load", "names", "own_tables", "sources", "table_rows"]
