"""A report as PDF, drawn by Qt, and the button that offers every kind of report.

In: what a report is made of.  Out: bytes, and the wish for a kind of file.
Not here: the report's words and tables.
"""

from builder_app.ui.report.pdf import pdf_report

__all__ = ["pdf_report"]
