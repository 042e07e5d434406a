"""The edition's data sets, sources and corrections; `nbedition.data`, at home in this study."""

from ewppr_lib import HOME, load
from ewppr_lib.printed import table_rows
from nbedition.data import check, corrections, names, own_tables, sources
from nbedition.project import at_home_in

__all__ = ["check", "corrections", "load", "names", "own_tables", "sources", "table_rows"]

at_home_in(HOME)
