"""How the picture is painted from far away: blocks in one batch per colour, titles while they fit, no ports."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache
from typing import Final

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QImage, QPainter, QPen

from builder_app.flow.problems import Severity
from builder_app.flow.values import NodeType
from builder_app.ui.canvas.far_tiles import Blocks, Kept
from builder_app.ui.canvas.inks import Inks
from builder_app.ui.canvas.node_face import WIDEST
from builder_app.ui.canvas.picture import Picture
from builder_app.ui.canvas.texts import far_title
from builder_app.ui.theme import CORNER

NEAR: Final = 0.4
"""The zoom under which blocks show no ports and no figures."""
FAR: Final = 0.15
"""The zoom under which blocks are only blocks."""
_NARROWEST_TITLE: Final = 36.0
_TITLE_MARGIN: Final = 6.0
_TITLE_STEP: Final = 4.0
_TWO_LINES: Final = 22.0
_DOT: Final = 4.0
_DOT_SIDE: Final = 10
_DOT_ROOM: Final = 40.0
"""How far a dot reaches around its block at the farthest zoom that has dots, in canvas units."""
_ROUNDED: Final = 0.25
"""Under this zoom a corner is less than two pixels, and straight ones are painted, all in one call."""


def paint_far(
    painter: QPainter, picture: Picture, shown: Iterable[QRectF], selected: frozenset[str], inks: Inks
) -> None:
    """Paint the blocks that touch one of the rectangles `shown` (canvas units). The painter is in canvas units."""
    zoom = painter.worldTransform().m11()
    rects = list(shown)
    all_selected = bool(selected) and len(selected) == len(picture.faces)
    if zoom < _ROUNDED:
        _paint_tiles(painter, picture.blocks_touching(rects), all_selected, inks)
    else:
        _paint_rounded(painter, picture, picture.nodes_touching_any(rects), inks)
    if selected and not (all_selected and zoom < _ROUNDED):
        _outline_selected(painter, [picture.rect_of(id) for id in picture.seen_in(rects) & selected], inks)
    if zoom * WIDEST - _TITLE_MARGIN >= _NARROWEST_TITLE:
        _paint_titles(painter, picture, picture.seen_in(rects), inks)


def _paint_tiles(painter: QPainter, tiles: Iterable[Kept[Blocks]], all_selected: bool, inks: Inks) -> None:
    """Blocks with straight corners, each kind of a tile in one call: filled, and where there is room, with outlines."""
    far = painter.worldTransform().m11() < FAR
    painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)
    for tile, away in tiles:
        painter.translate(*away)
        for (type, muted), rects in tile.items():
            painter.setOpacity(0.5 if muted else 1.0)
            painter.setPen(Qt.PenStyle.NoPen if far or all_selected else _outline(type, inks))
            painter.setBrush((inks.node_types if far else inks.far_blocks)[type])
            painter.drawRects(rects)
            if all_selected:
                _outline_selected(painter, rects, inks)
        painter.translate(-away.x, -away.y)
    painter.setOpacity(1.0)


def _paint_rounded(painter: QPainter, picture: Picture, ids: list[str], inks: Inks) -> None:
    """Blocks with round corners."""
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    for id in ids:
        face = picture.faces[id]
        painter.setOpacity(0.5 if face.muted else 1.0)
        painter.setPen(_outline(face.node_type, inks))
        painter.setBrush(inks.far_blocks[face.node_type])
        painter.drawRoundedRect(picture.rect_of(id), CORNER, CORNER)
    painter.setOpacity(1.0)


def _outline(type: NodeType | None, inks: Inks) -> QPen:
    pen = QPen(inks.node_types[type], 1)
    pen.setCosmetic(True)
    return pen


def _outline_selected(painter: QPainter, rects: Sequence[QRectF], inks: Inks) -> None:
    """An outline of two pixels, as two of one pixel side by side: Qt paints these five times as fast."""
    pen = QPen(inks.accent, 1)
    pen.setCosmetic(True)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)
    painter.setPen(pen)
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.drawRects(rects)
    pixel = 1 / painter.worldTransform().m11()
    painter.translate(-pixel, -pixel)
    painter.drawRects(rects)
    painter.translate(pixel, pixel)


def paint_far_badges(
    painter: QPainter, picture: Picture, shown: Iterable[QRectF], badges: Mapping[str, Severity], inks: Inks
) -> None:
    """A dot in the top right corner of each block in sight that has problems. The painter is in canvas units."""
    transform = painter.worldTransform()
    around = [rect.adjusted(-_DOT_ROOM, -_DOT_ROOM, _DOT_ROOM, _DOT_ROOM) for rect in shown]
    places: dict[Severity, list[QPointF]] = defaultdict(list)
    zoom, right, down = transform.m11(), transform.dx() - _DOT_SIDE / 2, transform.dy() - _DOT_SIDE / 2
    for id in picture.seen_in(around) & badges.keys():
        at = picture.places[id]
        corner = QPointF((at.x + picture.faces[id].width) * zoom + right, at.y * zoom + down)
        places[badges[id]].append(corner)
    ratio = painter.device().devicePixelRatio()
    painter.save()
    painter.resetTransform()
    for severity, points in places.items():
        dot = _dot(inks.severities[severity].rgba(), inks.canvas.rgba(), ratio)
        for point in points:
            painter.drawImage(point, dot)
    painter.restore()


@lru_cache(maxsize=64)
def _dot(color: int, ground: int, ratio: float) -> QImage:
    """A disc with a rim, painted once: from far away there may be thousands."""
    image = QImage(QSize(_DOT_SIDE, _DOT_SIDE) * ratio, QImage.Format.Format_ARGB32_Premultiplied)
    image.setDevicePixelRatio(ratio)
    image.fill(Qt.GlobalColor.transparent)
    painter = QPainter(image)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(QPen(QColor.fromRgba(ground), 1))
    painter.setBrush(QColor.fromRgba(color))
    painter.drawEllipse(QPointF(_DOT_SIDE / 2, _DOT_SIDE / 2), _DOT, _DOT)
    painter.end()
    return image


def _paint_titles(painter: QPainter, picture: Picture, ids: Iterable[str], inks: Inks) -> None:
    """Titles keep their size on the screen, so that they can be read as long as they fit."""
    transform = painter.worldTransform()
    zoom = transform.m11()
    painter.save()
    painter.resetTransform()
    painter.setPen(inks.text)
    for id in ids:
        face = picture.faces[id]
        room = face.width * zoom - _TITLE_MARGIN
        if room < _NARROWEST_TITLE:
            continue
        font, rows = far_title(face.title, room - room % _TITLE_STEP, 2 if face.height * zoom >= _TWO_LINES else 1)
        place = picture.places[id]
        middle = transform.map(QPointF(place.x + face.width / 2, place.y + face.height / 2))
        height = rows[0].size().height()
        painter.setFont(font)
        for row, text in enumerate(rows):
            top = middle.y() + (row - len(rows) / 2) * height
            painter.drawStaticText(QPointF(middle.x() - text.size().width() / 2, top), text)
    painter.restore()
