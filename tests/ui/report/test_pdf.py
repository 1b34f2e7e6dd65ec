"""The report on paper: pages, words and a foot, made in any thread."""

import re
import threading
import zlib

from PySide6.QtGui import QGuiApplication

from builder_app.quicktest.request import TestConfig
from builder_app.session.report import ReportContent
from builder_app.session.runs.config_words import config_rows
from builder_app.ui.report import pdf_report
from tests.ui.results.samples import result, trade


def content(trades: int) -> ReportContent:
    made = tuple(trade("AAPL", bar % 50, bar % 50 + 1, float(bar)) for bar in range(trades))
    return ReportContent(
        "Crossing", ("Buy.",), config_rows(TestConfig()), result(60, trades=made), 1e5, {"Python": "3"}
    )


def pages(paper: bytes) -> int:
    return len(re.findall(rb"/Type\s*/Page\b", paper))


def images(paper: bytes) -> int:
    return len(re.findall(rb"/Subtype\s*/Image", paper))


def test_paper_has_as_many_pages_as_the_trades_need(qapp: QGuiApplication) -> None:
    few, many = pdf_report(content(3)), pdf_report(content(300))
    assert few.startswith(b"%PDF-")
    assert few.rstrip().endswith(b"%%EOF")
    assert 2 <= pages(few) < pages(many)
    assert images(few) >= 2, "equity and drawdown are on it"


def test_pages_have_something_on_them(qapp: QGuiApplication) -> None:
    paper = pdf_report(content(300))
    streams = re.findall(rb"stream\r?\n(.*?)\r?\nendstream", paper, re.DOTALL)
    written = [zlib.decompress(one) for one in streams if one[:1] == b"\x78"]
    drawn = [one for one in written if b" Tj" in one or b" TJ" in one or b"Tf" in one]
    assert len(drawn) >= pages(paper)


def test_paper_is_made_in_another_thread_without_a_warning(qapp: QGuiApplication) -> None:
    made: list[bytes] = []
    thread = threading.Thread(target=lambda: made.append(pdf_report(content(100))))
    thread.start()
    thread.join(60)
    assert made
    assert pages(made[0]) == pages(pdf_report(content(100)))
