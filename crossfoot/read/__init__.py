"""Reading an untidy table as printed: cells, style, header, layout."""

from crossfoot.read.files import PrintedTable, read_table

__all__ = ["PrintedTable", "read_table"]
