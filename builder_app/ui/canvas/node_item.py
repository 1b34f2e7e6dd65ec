"""One block as one graphics item that paints all of itself."""

from PySide6.QtCore import QRectF
from PySide6.QtGui import QPainter
from PySide6.QtWidgets import QGraphicsItem, QStyleOptionGraphicsItem, QWidget

from builder_app.ui.canvas.inks import Inks
from builder_app.ui.canvas.node_face import OUTSIDE, NodeFace
from builder_app.ui.canvas.node_painting import NodeState, paint_node


class NodeItem(QGraphicsItem):
    """A block. It takes no events: the canvas asks the picture what is where."""

    def __init__(self, face: NodeFace, inks: Inks) -> None:
        super().__init__()
        self.face = face
        self._bounds = _bounds(face)
        self.state = NodeState()
        self._inks = inks
        self.setCacheMode(QGraphicsItem.CacheMode.DeviceCoordinateCache)

    def show_face(self, face: NodeFace) -> None:
        """Paint this face from now on."""
        if (face.width, face.height) != (self.face.width, self.face.height):
            self.prepareGeometryChange()
        self.face = face
        self._bounds = _bounds(face)
        self.update()

    def set_inks(self, inks: Inks) -> None:
        """Paint with these pens and brushes from now on."""
        self._inks = inks
        self.update()

    def boundingRect(self) -> QRectF:
        """The body and what reaches over its edge."""
        return self._bounds

    def paint(self, painter: QPainter, option: QStyleOptionGraphicsItem, widget: QWidget | None = None) -> None:
        """Paint the block."""
        del option, widget
        paint_node(painter, self.face, self.state, self._inks)


def _bounds(face: NodeFace) -> QRectF:
    """Qt asks for it many times a frame, so it is made once."""
    return face.rect.adjusted(-OUTSIDE, -OUTSIDE, OUTSIDE, OUTSIDE)
