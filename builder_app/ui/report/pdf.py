"""The report on paper: A4, with the strategy's name and the page's number at the foot of each page."""

import re
from typing import Final

from PySide6.QtCore import QBuffer, QByteArray, QEventLoop, QIODevice, QMarginsF, QRectF, QSizeF, Qt, QUrl
from PySide6.QtGui import (
    QAbstractTextDocumentLayout,
    QColor,
    QFont,
    QImage,
    QPageLayout,
    QPageSize,
    QPainter,
    QPalette,
    QPdfWriter,
    QTextCursor,
    QTextDocument,
    QTextFormat,
)
from PySide6.QtSvg import QSvgRenderer

from builder_app.session.report import ReportContent
from builder_app.session.report.page import charts_of, page
from builder_app.ui.theme import TEXT_SMALL

_DOTS_PER_INCH: Final = 96
"""A pixel of the page's own measure, as in a browser; what is drawn by lines is as sharp as paper goes."""
_MARGIN_MILLIMETRES: Final = 15.0
_FOOT: Final = 28.0
_SHARPNESS: Final = 3.0
"""Pixels of a chart for each pixel of the page."""
_SIZE: Final = re.compile(r'viewBox="[\d.\-]+ [\d.\-]+ ([\d.]+) ([\d.]+)"')
_TEXT: Final = 10
"""Height of the text in pixels; headings are of it by Qt's own measure, which no style sheet changes."""
_PAPER: Final = """
.figure { font-size: 13px; } td, th, code { font-size: 9px; }
"""


def pdf_report(content: ReportContent) -> bytes:
    """The report as a PDF file. May be called in any thread."""
    keeper = QEventLoop()  # the document starts timers, which a thread of Python's has no keeper for by itself
    data = QByteArray()
    buffer = QBuffer(data)
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    writer = QPdfWriter(buffer)
    writer.setTitle(content.name)
    writer.setCreator("Strategy Builder")
    writer.setResolution(_DOTS_PER_INCH)
    margins = QMarginsF(*(_MARGIN_MILLIMETRES,) * 4)
    writer.setPageLayout(
        QPageLayout(
            QPageSize(QPageSize.PageSizeId.A4), QPageLayout.Orientation.Portrait, margins, QPageLayout.Unit.Millimeter
        )
    )
    room = QSizeF(writer.width(), writer.height() - _FOOT)
    document = _document(content, room)
    painter = QPainter(writer)
    pages = document.pageCount()
    for number in range(pages):
        if number:
            writer.newPage()
        _paint(painter, document, room, number)
        _paint_foot(painter, content.name, room, f"{number + 1} of {pages}")
    painter.end()
    buffer.close()
    document.deleteLater()
    keeper.processEvents()
    return bytes(data.data())


def _document(content: ReportContent, room: QSizeF) -> QTextDocument:
    document = QTextDocument()
    document.setDocumentMargin(0)
    font = QFont("sans-serif")
    font.setStyleHint(QFont.StyleHint.SansSerif)
    font.setPixelSize(_TEXT)
    document.setDefaultFont(font)
    drawn = {}
    for name, svg in charts_of(content).items():
        match = _SIZE.search(svg)
        across, down = (float(match[1]), float(match[2])) if match else (4.0, 3.0)
        width = min(room.width(), across)
        height = width * down / across
        document.addResource(int(QTextDocument.ResourceType.ImageResource), QUrl(name), _image(svg, width, height))
        drawn[name] = f'<img src="{name}" width="{width:.0f}" height="{height:.0f}">'
    document.setHtml(page(content, drawn, _PAPER))
    document.setPageSize(room)
    _keep_headings(document, room.height())
    return document


def _keep_headings(document: QTextDocument, height: float) -> None:
    """Begin a page with each heading of which what follows would stand on the next one."""
    layout = document.documentLayout()
    block = document.begin()
    while block.isValid():
        after = block.next()
        if block.blockFormat().headingLevel() and after.isValid():
            foot = layout.blockBoundingRect(after.next() if after.next().isValid() else after).bottom()
            if int(layout.blockBoundingRect(block).top() // height) != int(foot // height):
                form = block.blockFormat()
                form.setPageBreakPolicy(QTextFormat.PageBreakFlag.PageBreak_AlwaysBefore)
                QTextCursor(block).setBlockFormat(form)
        block = after
    document.markContentsDirty(0, document.characterCount())  # else what was moved is painted in part only


def _image(svg: str, width: float, height: float) -> QImage:
    image = QImage(max(1, round(width * _SHARPNESS)), max(1, round(height * _SHARPNESS)), QImage.Format.Format_RGB32)
    image.fill(Qt.GlobalColor.white)
    painter = QPainter(image)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    QSvgRenderer(QByteArray(svg.encode("utf-8"))).render(painter, QRectF(image.rect()))
    painter.end()
    return image


def _paint(painter: QPainter, document: QTextDocument, room: QSizeF, number: int) -> None:
    """One page's part of the document."""
    painter.save()
    painter.translate(0.0, -number * room.height())
    part = QRectF(0.0, number * room.height(), room.width(), room.height())
    painter.setClipRect(part)
    context = QAbstractTextDocumentLayout.PaintContext()
    context.clip = part
    colors = QPalette()
    colors.setColor(QPalette.ColorRole.Text, QColor("#1C2026"))
    context.palette = colors
    document.documentLayout().draw(painter, context)
    painter.restore()


def _paint_foot(painter: QPainter, name: str, room: QSizeF, number: str) -> None:
    font = QFont("sans-serif")
    font.setPixelSize(TEXT_SMALL - 2)
    painter.setFont(font)
    painter.setPen(QColor("#5B6270"))
    foot = QRectF(0.0, room.height() + _FOOT / 2, room.width(), _FOOT / 2)
    flags = Qt.AlignmentFlag.AlignVCenter
    painter.drawText(foot, flags | Qt.AlignmentFlag.AlignLeft, name[:100])
    painter.drawText(foot, flags | Qt.AlignmentFlag.AlignRight, number)
