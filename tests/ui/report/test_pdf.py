"""The report on paper: pages, words and a foot, made in any thread."""

import re
import threading
import zlib

import pytest
from PySide6.QtCore import QSizeF
from PySide6.QtGui import QGuiApplication, QImage, QPainter

from builder_app.quicktest.request import TestConfig
from builder_app.session.report import ReportContent
from builder_app.session.runs.config_words import config_rows
from builder_app.ui.report import pdf_report
from builder_app.ui.report.pdf import _document, _paint
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
    # a stream that ends with the byte of a line's end loses it above: it is read as far as it goes
    written = [zlib.decompressobj().decompress(one) for one in streams if one[:1] == b"\x78"]
    drawn = [one for one in written if b" Tj" in one or b" TJ" in one or b"Tf" in one]
    assert len(drawn) >= pages(paper)


@pytest.mark.parametrize("trades", [0, 1, 14, 25, 40, 300])
def test_each_heading_is_painted_on_the_page_of_what_follows_it(qapp: QGuiApplication, trades: int) -> None:
    room = QSizeF(680, 980)
    document = _document(content(trades), room)
    layout, painted = document.documentLayout(), []
    for number in range(document.pageCount()):
        image = QImage(680, 980, QImage.Format.Format_RGB32)
        image.fill(0xFFFFFF)
        painter = QPainter(image)
        _paint(painter, document, room, number)
        painter.end()
        painted.append(image)
    headings, block = 0, document.begin()
    while block.isValid():
        if block.blockFormat().headingLevel():
            headings += 1
            place = layout.blockBoundingRect(block)
            page = int(place.top() // 980)
            assert int(layout.blockBoundingRect(block.next().next()).bottom() // 980) == page, block.text()
            top = round(place.top()) % 980
            shades = [
                painted[page].pixelColor(x, y).lightness() for x in range(90) for y in range(top, top + 16) if y < 980
            ]
            assert min(shades) < 80, block.text()
        block = block.next()
    assert headings == (10 if trades else 9), "the notes are about trades"


def test_paper_is_made_in_another_thread_without_a_warning(qapp: QGuiApplication) -> None:
    made: list[bytes] = []
    thread = threading.Thread(target=lambda: made.append(pdf_report(content(100))))
    thread.start()
    thread.join(60)
    assert made
    assert pages(made[0]) == pages(pdf_report(content(100)))
