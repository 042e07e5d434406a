"""Reading an untidy table as printed: cells, style, header, layout."""

from ewppr_lib.checks.reading.tables import PrintedTable, read_table

__all__ = ["PrintedTable", "read_table"]
