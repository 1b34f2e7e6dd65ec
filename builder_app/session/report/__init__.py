"""A test as a report: one HTML text with charts and tables, and its trades and equity as tables for other programs.

In: a result with the strategy and the set-up that it belongs to.  Out: texts and bytes.
Not here: Qt, asking for file names.
"""

from builder_app.session.report.content import ReportContent, content_of
from builder_app.session.report.page import report_page
from builder_app.session.report.sheets import ExcelMissing, equity_csv, excel_file, trades_csv

__all__ = ["ExcelMissing", "ReportContent", "content_of", "equity_csv", "excel_file", "report_page", "trades_csv"]
