"""The curve of a wire: one cubic that leaves its output to the right and enters its input from the left."""

from math import hypot
from typing import Final

from PySide6.QtCore import QPointF, QRectF
from PySide6.QtGui import QPainterPath, QPainterPathStroker

WIRE_WIDTH: Final = 2.0
_SHORTEST_HANDLE: Final = 32.0
_LONGEST_BACKWARD_HANDLE: Final = 160.0


def wire_path(start: QPointF, end: QPointF) -> QPainterPath:
    """The wire from an output at `start` to an input at `end`, in canvas units."""
    across = end.x() - start.x()
    # A short wire gets short handles, or it would curl.
    handle = max(across / 2, min(_SHORTEST_HANDLE, hypot(across, end.y() - start.y()) / 2))
    if across < 0:
        handle = min(_SHORTEST_HANDLE - across / 2, _LONGEST_BACKWARD_HANDLE)
    path = QPainterPath(start)
    path.cubicTo(start.x() + handle, start.y(), end.x() - handle, end.y(), end.x(), end.y())
    return path


def wire_box(path: QPainterPath) -> QRectF:
    """A rectangle around the painted wire, its width and a highlight included."""
    return path.boundingRect().adjusted(-3, -3, 3, 3)


def is_on_wire(path: QPainterPath, place: QPointF, reach: float) -> bool:
    """Whether `place` is within `reach` canvas units of the curve."""
    stroker = QPainterPathStroker()
    stroker.setWidth(2 * reach)
    return stroker.createStroke(path).contains(place)
