"""How the picture is painted from far away: blocks in one batch per colour, titles while they fit, no ports."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from typing import Final

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QPainter, QPen

from builder_app.flow.problems import Severity
from builder_app.flow.values import NodeType
from builder_app.ui.canvas.inks import Inks
from builder_app.ui.canvas.picture import Blocks, Picture
from builder_app.ui.canvas.texts import far_title
from builder_app.ui.theme import CORNER

NEAR: Final = 0.4
"""The zoom under which blocks show no ports and no figures."""
FAR: Final = 0.15
"""The zoom under which blocks are only blocks."""
_NARROWEST_TITLE: Final = 36.0
_TITLE_STEP: Final = 4.0
_TWO_LINES: Final = 22.0
_DOT: Final = 4.0
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
    if zoom < FAR:
        _paint_tiles(painter, picture.blocks_touching(rects), len(selected) == len(picture.faces), inks)
    else:
        _paint_near_ones(painter, picture, picture.nodes_touching_any(rects), inks)
    if selected and (zoom >= FAR or len(selected) < len(picture.faces)):
        painter.setPen(_selected_pen(inks))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.drawRects([picture.rect_of(id) for id in picture.nodes_touching_any(rects) if id in selected])


def _paint_tiles(painter: QPainter, tiles: Iterable[Blocks], all_selected: bool, inks: Inks) -> None:
    """Blocks that are only blocks: filled, and outlined where all of them are selected."""
    painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)
    painter.setPen(_selected_pen(inks) if all_selected else Qt.PenStyle.NoPen)
    for tile in tiles:
        for (type, muted), rects in tile.items():
            painter.setOpacity(0.5 if muted else 1.0)
            painter.setBrush(inks.node_types[type])
            painter.drawRects(rects)
    painter.setOpacity(1.0)


def _paint_near_ones(painter: QPainter, picture: Picture, ids: list[str], inks: Inks) -> None:
    """Blocks with outlines, and titles where they fit."""
    zoom = painter.worldTransform().m11()
    plain: dict[NodeType | None, list[QRectF]] = defaultdict(list)
    muted: dict[NodeType | None, list[QRectF]] = defaultdict(list)
    for id in ids:
        face = picture.faces[id]
        (muted if face.muted else plain)[face.node_type].append(picture.rect_of(id))
    painter.setRenderHint(QPainter.RenderHint.Antialiasing, zoom >= _ROUNDED)
    painter.setOpacity(0.5)
    _paint_blocks(painter, muted, inks, zoom)
    painter.setOpacity(1.0)
    _paint_blocks(painter, plain, inks, zoom)
    _paint_titles(painter, picture, ids, inks)


def _selected_pen(inks: Inks) -> QPen:
    pen = QPen(inks.accent, 2)
    pen.setCosmetic(True)
    return pen


def paint_far_badges(
    painter: QPainter, picture: Picture, shown: Iterable[QRectF], badges: Mapping[str, Severity], inks: Inks
) -> None:
    """A dot in the top right corner of each block in sight that has problems. The painter is in canvas units."""
    transform = painter.worldTransform()
    painter.save()
    painter.resetTransform()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(QPen(inks.canvas, 1))
    around = [rect.adjusted(-_DOT_ROOM, -_DOT_ROOM, _DOT_ROOM, _DOT_ROOM) for rect in shown]
    for id in picture.nodes_touching_any(around):
        if id in badges:
            painter.setBrush(inks.severities[badges[id]])
            painter.drawEllipse(transform.map(picture.rect_of(id).topRight()), _DOT, _DOT)
    painter.restore()


def _paint_blocks(painter: QPainter, blocks: dict[NodeType | None, list[QRectF]], inks: Inks, zoom: float) -> None:
    for type, rects in blocks.items():
        pen = QPen(inks.node_types[type], 1)
        pen.setCosmetic(True)
        painter.setPen(pen)
        painter.setBrush(inks.far_blocks[type])
        if zoom < _ROUNDED:
            painter.drawRects(rects)
            continue
        for rect in rects:
            painter.drawRoundedRect(rect, CORNER, CORNER)


def _paint_titles(painter: QPainter, picture: Picture, ids: list[str], inks: Inks) -> None:
    """Titles keep their size on the screen, so that they can be read as long as they fit."""
    transform = painter.worldTransform()
    zoom = transform.m11()
    painter.save()
    painter.resetTransform()
    painter.setPen(inks.text)
    for id in ids:
        face = picture.faces[id]
        room = face.width * zoom - 6
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
