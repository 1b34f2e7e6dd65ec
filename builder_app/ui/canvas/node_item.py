"""One block as one graphics item that paints all of itself."""

from math import ceil

from PySide6.QtCore import QRectF
from PySide6.QtGui import QPainter
from PySide6.QtWidgets import QGraphicsItem, QStyleOptionGraphicsItem, QWidget

from builder_app.ui.canvas.inks import Inks
from builder_app.ui.canvas.node_face import OUTSIDE, NodeFace
from builder_app.ui.canvas.node_painting import NodeState, paint_node


class NodeItem(QGraphicsItem):
    """A block. It takes no events: the canvas asks the picture what is where."""

    def __init__(self, face: NodeFace, inks: Inks, zoom: float) -> None:
        super().__init__()
        self.face = face
        self._zoom = zoom
        self._bounds = _bounds(face, zoom)
        self.state = NodeState()
        self._inks = inks
        self.setCacheMode(QGraphicsItem.CacheMode.DeviceCoordinateCache)

    def show_face(self, face: NodeFace) -> None:
        """Paint this face from now on."""
        self.face = face
        self._fit()
        self.update()

    def fit_zoom(self, zoom: float) -> None:
        """Take a whole number of pixels at this zoom: then what was painted is kept wherever the block moves."""
        self._zoom = zoom
        self._fit()

    def _fit(self) -> None:
        bounds = _bounds(self.face, self._zoom)
        if bounds != self._bounds:
            self.prepareGeometryChange()
            self._bounds = bounds

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


def _bounds(face: NodeFace, zoom: float) -> QRectF:
    """Qt asks for it many times a frame, so it is made once."""
    width, height = (ceil((length + 2 * OUTSIDE) * zoom) / zoom for length in (face.width, face.height))
    return QRectF(-OUTSIDE, -OUTSIDE, width, height)
