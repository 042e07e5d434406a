"""What a check of a table found, and the forms in which others read it: text, JSON, CSV, SARIF, a page."""

from crossfoot.report.forms import records_text, table_report
from crossfoot.report.result import CheckResult, Fault, Misprint, audit_table

__all__ = ["CheckResult", "Fault", "Misprint", "audit_table", "records_text", "table_report"]
