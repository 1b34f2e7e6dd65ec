"""A strategy's picture, small: its blocks in their types' colours and its wires, as they lie on the canvas."""

from typing import Final

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QPainter, QPen, QPixmap

from builder_app.flow.values import LogicFlow
from builder_app.ui.canvas.inks import Inks, make_inks
from builder_app.ui.canvas.picture import Picture
from builder_app.ui.theme import CORNER, TEXT_SMALL, Theme, elided, text_font

_MARGIN: Final = 14.0
_LARGEST_SCALE: Final = 0.5
_WIRE: Final = 1.2
_NARROWEST_TITLE: Final = 52.0
"""Pixels that a block must be wide before its title is written in it."""


def paint_flow_thumbnail(painter: QPainter, rect: QRectF, flow: LogicFlow, picture: Picture, theme: Theme) -> None:
    """Paint the whole flow into `rect`, never larger than half its size on the canvas. An empty flow paints nothing.

    `picture` lays the flow out; given to many flows one after the other, it knows the blocks that they share.
    """
    picture.show(None, flow)
    if not picture.faces:
        return
    whole = _blocks_bounds(picture)
    room = rect.adjusted(_MARGIN, _MARGIN, -_MARGIN, -_MARGIN)
    scale = min(room.width() / whole.width(), room.height() / whole.height(), _LARGEST_SCALE)
    if scale <= 0.0:
        return
    painter.save()
    painter.setClipRect(rect, Qt.ClipOperation.IntersectClip)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.translate(room.center())
    painter.scale(scale, scale)
    painter.translate(-whole.center())
    inks = make_inks(theme)
    _paint_wires(painter, picture, inks)
    _paint_blocks(painter, picture, (theme, inks), scale)
    painter.restore()


def flow_thumbnail(size: QSize, ratio: float, flow: LogicFlow, picture: Picture, theme: Theme) -> QPixmap:
    """The thumbnail as a picture of `size` logical pixels on a screen of `ratio` device pixels each."""
    pixmap = QPixmap(size * ratio)
    pixmap.setDevicePixelRatio(ratio)
    pixmap.fill(Qt.GlobalColor.transparent)
    painter = QPainter(pixmap)
    paint_flow_thumbnail(painter, QRectF(0, 0, size.width(), size.height()), flow, picture, theme)
    painter.end()
    return pixmap


def _blocks_bounds(picture: Picture) -> QRectF:
    places, faces = picture.places, picture.faces
    left, top = min(place.x for place in places.values()), min(place.y for place in places.values())
    right = max(place.x + faces[id].width for id, place in places.items())
    bottom = max(place.y + faces[id].height for id, place in places.items())
    return QRectF(left, top, right - left, bottom - top)


def _paint_wires(painter: QPainter, picture: Picture, inks: Inks) -> None:
    painter.setBrush(Qt.BrushStyle.NoBrush)
    for edge, path in picture.wires.items():
        pen = QPen(inks.ports[picture.type_of(edge)], _WIRE)
        pen.setCosmetic(True)
        painter.setPen(pen)
        painter.drawPath(path)


def _paint_blocks(painter: QPainter, picture: Picture, look: tuple[Theme, Inks], scale: float) -> None:
    """Blocks tinted with their type, with its band at the left, and their titles where they fit."""
    theme, inks = look
    corner, band = min(CORNER, 3.0 / scale), 3.0 / scale
    for id, face in picture.faces.items():
        block = picture.rect_of(id)
        color = inks.node_types[face.node_type]
        painter.setOpacity(0.5 if face.muted else 1.0)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(inks.far_blocks[face.node_type])
        painter.drawRoundedRect(block, corner, corner)
        painter.setBrush(color)
        painter.drawRect(QRectF(block.left(), block.top() + corner, band, block.height() - 2 * corner))
        if block.width() * scale >= _NARROWEST_TITLE:
            _paint_title(painter, block, (face.title, scale), theme)
    painter.setOpacity(1.0)


def _paint_title(painter: QPainter, block: QRectF, title: tuple[str, float], theme: Theme) -> None:
    """The title at its size on the screen, in the middle of the block."""
    text, scale = title
    painter.save()
    painter.translate(block.center())
    painter.scale(1.0 / scale, 1.0 / scale)
    width, font = block.width() * scale - 12.0, text_font(TEXT_SMALL)
    painter.setFont(font)
    painter.setPen(theme.color("text"))
    painter.drawText(QRectF(-width / 2 + 2, -10, width, 20), Qt.AlignmentFlag.AlignCenter, elided(text, font, width))
    painter.restore()
