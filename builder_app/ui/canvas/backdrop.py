"""What lies under blocks and wires: the canvas with its grid dots, frames, and sticky notes."""

from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QPoint, QRect, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QPainter, QPen, QPixmap

from builder_app.flow.values import Frame, StickyNote
from builder_app.ui.canvas.far_painting import FAR, NEAR
from builder_app.ui.canvas.furniture import all_things
from builder_app.ui.canvas.inks import Inks, mix
from builder_app.ui.canvas.texts import ui_font
from builder_app.ui.theme import CORNER, MARGIN, TEXT, TEXT_SMALL, elided

if TYPE_CHECKING:
    from builder_app.ui.canvas.scene import CanvasScene

_DOT_PITCH: Final = 32.0
_SMALLEST_PITCH: Final = 14.0
_DOT: Final = 2

FRAME_SHARE: Final = 0.08
"""How much of a frame's colour shows on its ground."""
NOTE_SHARE: Final = 0.16
"""How much of its colour a sticky note has."""


class GridDots:
    """The canvas colour with its dots. One row of dots is kept as a picture per zoom, and drawn for every row."""

    def __init__(self) -> None:
        self._key: tuple[object, ...] = ()
        self._row = QPixmap()

    def paint(self, painter: QPainter, size: QSize, inks: Inks, ratio: float) -> None:
        """Fill the view. The painter is in canvas units; `size` is the view's, `ratio` its device pixels per pixel."""
        transform = painter.worldTransform()
        zoom = transform.m11()
        pitch = _DOT_PITCH * zoom
        while pitch < _SMALLEST_PITCH:
            pitch *= 4
        painter.save()
        painter.resetTransform()
        painter.fillRect(QRect(QPoint(0, 0), size), inks.canvas)
        if zoom >= FAR:
            self._prepare(pitch, size, inks, ratio)
            left, top = round(transform.dx() % pitch - pitch), transform.dy() % pitch
            for row in range(int(size.height() / pitch) + 1):
                painter.drawPixmap(left, round(top + row * pitch) - 1, self._row)
        painter.restore()

    def _prepare(self, pitch: float, size: QSize, inks: Inks, ratio: float) -> None:
        key = (pitch, size.width(), inks.theme.scheme, ratio)
        if key == self._key:
            return
        self._key = key
        self._row = QPixmap(QSize(size.width() + int(pitch) + 2, _DOT) * ratio)
        self._row.setDevicePixelRatio(ratio)
        self._row.fill(inks.canvas)
        painter = QPainter(self._row)
        color = inks.theme.color("grid_dot")
        for column in range(int(size.width() / pitch) + 3):
            painter.fillRect(round(column * pitch) - 1, 0, _DOT, _DOT, color)
        painter.end()


def paint_frames_and_notes(painter: QPainter, scene: "CanvasScene", shown: QRectF) -> None:
    """Paint the frames and notes that touch `shown`, in canvas units."""
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    flow, things, inks = scene.picture.flow, scene.things, scene.inks
    for thing in all_things(flow):
        rect = things.rect_of(flow, thing)
        if not rect.intersects(shown):
            continue
        if thing.is_frame:
            _paint_frame(painter, flow.frames[thing.id], rect, inks)
        else:
            _paint_note(painter, flow.notes[thing.id], rect, inks)
        if thing in things.selected:
            pen = QPen(inks.accent, 2)
            pen.setCosmetic(True)
            painter.setPen(pen)
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRoundedRect(rect, CORNER, CORNER)


def _paint_frame(painter: QPainter, frame: Frame, rect: QRectF, inks: Inks) -> None:
    color = QColor.fromString(frame.color) if QColor.isValidColorName(frame.color) else inks.quiet_text
    zoom = painter.worldTransform().m11()
    pen = QPen(mix(inks.canvas, color, 0.5), 1)
    pen.setCosmetic(True)
    painter.setPen(pen)
    painter.setBrush(mix(inks.canvas, color, FRAME_SHARE))
    painter.drawRoundedRect(rect, CORNER, CORNER)
    if zoom >= FAR:
        _paint_title(painter, frame.title, rect, inks, zoom)


def _paint_title(painter: QPainter, title: str, rect: QRectF, inks: Inks, zoom: float) -> None:
    """Near, the title grows with the zoom; from far away it keeps the small size on the screen."""
    painter.save()
    font = ui_font(TEXT, True)
    margin, top = MARGIN, 8.0
    if zoom < NEAR:
        rect = painter.worldTransform().mapRect(rect)
        painter.resetTransform()
        font, margin, top = ui_font(TEXT_SMALL), 6, 2.0
    painter.setPen(inks.text if zoom >= NEAR else inks.quiet_text)
    painter.setFont(font)
    words = elided(title, font, rect.width() - 2 * margin)
    painter.drawText(rect.adjusted(margin, top, -margin, 0), int(Qt.AlignmentFlag.AlignLeft), words)
    painter.restore()


def _paint_note(painter: QPainter, note: StickyNote, rect: QRectF, inks: Inks) -> None:
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(mix(inks.body, inks.theme.color("STOP_PROFIT"), NOTE_SHARE))
    painter.drawRoundedRect(rect, CORNER, CORNER)
    if painter.worldTransform().m11() >= NEAR:
        painter.save()
        painter.setClipRect(rect, Qt.ClipOperation.IntersectClip)
        painter.setPen(inks.text)
        painter.setFont(ui_font(TEXT))
        inside = rect.adjusted(12, 8, -12, -8)
        painter.drawText(inside, int(Qt.TextFlag.TextWordWrap | Qt.AlignmentFlag.AlignLeft), note.text)
        painter.restore()
