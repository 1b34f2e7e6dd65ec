"""The shapes that stand for types: one outline per port type, one line icon per node type.

Shape, not only colour, tells types apart. All are drawn here from lines; none is taken from an icon set.
"""

from functools import cache
from math import cos, pi, sin
from typing import Final

from PySide6.QtCore import QPointF, Qt
from PySide6.QtGui import QColor, QPainter, QPainterPath, QPen, QPolygonF

from builder_app.flow.values import NodeType, PortType

PORT_RADIUS: Final = 5.0
ICON_SIZE: Final = 16.0


def _polygon(*corners: tuple[float, float], closed: bool = True) -> QPainterPath:
    path = QPainterPath()
    path.addPolygon(QPolygonF([QPointF(x, y) for x, y in corners]))
    if closed:
        path.closeSubpath()
    return path


@cache
def port_shape(type: PortType | None, radius: float = PORT_RADIUS) -> QPainterPath:
    """The outline of a port around (0, 0), all of about the same area; None is a port nobody knows."""
    r = radius
    match type:
        case PortType.BOOLEAN:
            d = r * 1.2
            return _polygon((0, -d), (d, 0), (0, d), (-d, 0))
        case PortType.SIGNAL:
            return _polygon((-r * 0.9, -r * 1.12), (r * 1.22, 0), (-r * 0.9, r * 1.12))
        case PortType.POSITION:
            s = r * 0.92
            return _polygon((-s, -s), (s, -s), (s, s), (-s, s))
        case PortType.PORTFOLIO:
            h = r * 1.16
            return _polygon(*((h * cos(pi * k / 3), h * sin(pi * k / 3)) for k in range(6)))
        case PortType.SERIES | None:
            path = QPainterPath()
            path.addEllipse(QPointF(0, 0), r, r)
            return path


def _lines(*runs: tuple[tuple[float, float], ...]) -> QPainterPath:
    path = QPainterPath()
    for run in runs:
        path.addPath(_polygon(*run, closed=False))
    return path


def _pie() -> QPainterPath:
    path = QPainterPath()
    path.addEllipse(QPointF(8, 8), 6, 6)
    path.addPath(_lines(((8, 2), (8, 8), (13.2, 11))))
    return path


def _shield() -> QPainterPath:
    path = QPainterPath(QPointF(8, 1.8))
    path.lineTo(13.4, 3.8)
    path.lineTo(13.4, 8)
    path.cubicTo(13.4, 11.2, 11, 13.2, 8, 14.4)
    path.cubicTo(5, 13.2, 2.6, 11.2, 2.6, 8)
    path.lineTo(2.6, 3.8)
    path.closeSubpath()
    return path


def _braces() -> QPainterPath:
    path = QPainterPath()
    for side in (-1, 1):
        path.moveTo(8 + side * 2.6, 2.2)
        path.cubicTo(8 + side * 5, 2.2, 8 + side * 3.2, 7.4, 8 + side * 6.4, 8)
        path.cubicTo(8 + side * 3.2, 8.6, 8 + side * 5, 13.8, 8 + side * 2.6, 13.8)
    return path


def _octagon() -> QPainterPath:
    corners = [(8 + 6.5 * cos(pi * (k + 0.5) / 4), 8 + 6.5 * sin(pi * (k + 0.5) / 4)) for k in range(8)]
    path = _polygon(*corners)
    path.addPath(_lines(((5.2, 8), (10.8, 8))))
    return path


@cache
def type_icon(type: NodeType | None) -> QPainterPath:
    """The lines of a node type's icon in a box of 16 × 16; None is a block nobody knows."""
    match type:
        case NodeType.INDICATOR:  # a line over bars
            return _lines(((1.5, 11.5), (5.2, 6.5), (8.6, 9.2), (14.5, 2.8)), ((1.5, 14.5), (14.5, 14.5)))
        case NodeType.CONDITION:  # greater or equal
            return _lines(((3.5, 2.2), (12, 6.2), (3.5, 10.2)), ((3.5, 13.8), (12.5, 13.8)))
        case NodeType.SIGNAL:  # in and out
            up = ((1.8, 6), (4.8, 2.6), (7.8, 6)), ((4.8, 2.6), (4.8, 13.4))
            down = ((8.2, 10), (11.2, 13.4), (14.2, 10)), ((11.2, 13.4), (11.2, 2.6))
            return _lines(*up, *down)
        case NodeType.POSITION:
            return _pie()
        case NodeType.STOP_LOSS:
            return _octagon()
        case NodeType.STOP_PROFIT:  # a flag at the goal
            return _lines(((3.4, 14.4), (3.4, 1.8)), ((3.4, 2.4), (13.2, 2.4), (10.6, 5.6), (13.2, 8.8), (3.4, 8.8)))
        case NodeType.RISK_MANAGEMENT:
            return _shield()
        case NodeType.CUSTOM:
            return _braces()
        case None:
            path = QPainterPath(QPointF(4.8, 5))
            path.cubicTo(4.8, 0.8, 11.4, 0.8, 11.4, 5)
            path.cubicTo(11.4, 7.6, 8, 7.4, 8, 10.4)
            path.addPath(_lines(((8, 13.4), (8, 13.9))))
            return path


def paint_icon(painter: QPainter, type: NodeType | None, at: QPointF, color: QColor) -> None:
    """Draw the icon of `type` with its top left corner at `at`."""
    pen = QPen(color, 1.5)
    pen.setCapStyle(Qt.PenCapStyle.RoundCap)
    pen.setJoinStyle(Qt.PenJoinStyle.RoundJoin)
    painter.setPen(pen)
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.translate(at)
    painter.drawPath(type_icon(type))
    painter.translate(-at)
