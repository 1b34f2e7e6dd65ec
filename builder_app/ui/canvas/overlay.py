"""What is painted above everything: the pulled wire, the rubber band, what is said at the pointer, the empty canvas."""

from collections.abc import Sequence
from typing import Final

from PySide6.QtCore import QLineF, QPointF, QRect, QRectF, Qt
from PySide6.QtGui import QColor, QFontMetricsF, QPainter, QPen

from builder_app.ui.canvas.gestures.outcome import PulledWire
from builder_app.ui.canvas.inks import Inks
from builder_app.ui.canvas.node_painting import paint_port_shape
from builder_app.ui.canvas.wire_paths import WIRE_WIDTH, wire_path
from builder_app.ui.theme import CORNER, CORNER_CONTROL, TEXT, text_font

EMPTY_TEXT: Final = "Drag a block from the left, or press Tab to search"
_WIDEST_MESSAGE: Final = 320.0


def paint_pulled_wire(painter: QPainter, wire: PulledWire, inks: Inks) -> None:
    """Paint the wire in the hand, in canvas units; dashed while it holds to nothing."""
    color = inks.wires_bright[wire.type]
    pen = QPen(color, WIRE_WIDTH)
    pen.setCapStyle(Qt.PenCapStyle.RoundCap)
    if wire.snapped is None:
        pen.setDashPattern([3, 2.5])
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(pen)
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.drawPath(wire_path(wire.start, wire.end))
    for end in (wire.start, wire.end):
        paint_port_shape(painter, end, wire.type, color)


def paint_band(painter: QPainter, band: QRectF, inks: Inks) -> None:
    """Paint the rubber band, in canvas units."""
    pen = QPen(inks.accent, 1)
    pen.setCosmetic(True)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)
    painter.setPen(pen)
    wash = QColor(inks.accent)
    wash.setAlphaF(0.1)
    painter.setBrush(wash)
    painter.drawRect(band)


def paint_cut(painter: QPainter, corners: Sequence[QPointF], inks: Inks) -> None:
    """Paint the line that cuts wires, in canvas units."""
    pen = QPen(inks.theme.color("loss"), 2)
    pen.setCosmetic(True)
    pen.setDashPattern([4, 3])
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(pen)
    painter.drawPolyline(list(corners))


def paint_guides(painter: QPainter, lines: Sequence[QLineF], inks: Inks) -> None:
    """Paint what a dragged block lies on, in canvas units."""
    pen = QPen(inks.accent, 1)
    pen.setCosmetic(True)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)
    painter.setPen(pen)
    painter.drawLines(list(lines))


def message_rect(text: str, pointer: QPointF, view: QRect) -> QRectF:
    """Where a message at the pointer is drawn, in pixels of the view: beside it, and inside the view."""
    metrics = QFontMetricsF(text_font(TEXT))
    flags = int(Qt.TextFlag.TextWordWrap)
    words = metrics.boundingRect(QRectF(0, 0, _WIDEST_MESSAGE, 1000), flags, text)
    box = QRectF(0, 0, words.width() + 26, words.height() + 12)
    left = min(pointer.x() + 18, view.right() - box.width() - 8)
    top = min(pointer.y() + 18, view.bottom() - box.height() - 8)
    box.moveTo(max(left, 8), max(top, 8))
    return box


def paint_message(painter: QPainter, text: str, box: QRectF, inks: Inks, mark: str = "loss") -> None:
    """Paint why something cannot be done, or a hint, in pixels of the view; `mark` is the token of its bar's colour."""
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(inks.hairline_pen)
    painter.setBrush(inks.panel)
    painter.drawRoundedRect(box.adjusted(0.5, 0.5, -0.5, -0.5), CORNER_CONTROL, CORNER_CONTROL)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(inks.theme.color(mark))
    painter.drawRoundedRect(QRectF(box.left() + 6, box.top() + 6, 3, box.height() - 12), 1.5, 1.5)
    painter.setPen(inks.text)
    painter.setFont(text_font(TEXT))
    painter.drawText(box.adjusted(16, 6, -8, -6), int(Qt.TextFlag.TextWordWrap), text)


def paint_empty(painter: QPainter, view: QRect, inks: Inks) -> None:
    """Say what goes here, in pixels of the view."""
    painter.setPen(inks.quiet_text)
    painter.setFont(text_font(TEXT))
    flags = int(Qt.AlignmentFlag.AlignCenter | Qt.TextFlag.TextWordWrap)
    words = painter.boundingRect(QRectF(view), flags, EMPTY_TEXT)
    painter.fillRect(words.adjusted(-12, -4, 12, 4), inks.canvas)  # no dots behind the words
    painter.drawText(QRectF(view), flags, EMPTY_TEXT)


def paint_focus(painter: QPainter, view: QRect, inks: Inks) -> None:
    """Show that the keyboard is the canvas's."""
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(QPen(inks.accent, 2))
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.drawRoundedRect(QRectF(view).adjusted(1, 1, -1, -1), CORNER, CORNER)


def paint_drop(painter: QPainter, ghost: QRectF, inks: Inks) -> None:
    """Paint where a dragged block would land, in canvas units."""
    pen = QPen(inks.accent, 1.5)
    pen.setCosmetic(True)
    pen.setDashPattern([4, 3])
    wash = QColor(inks.accent)
    wash.setAlphaF(0.08)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(pen)
    painter.setBrush(wash)
    painter.drawRoundedRect(ghost, CORNER, CORNER)
