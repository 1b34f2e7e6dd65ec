"""Leading a wire through a point: the point is put where the wire was taken, and follows the hand."""

from PySide6.QtCore import QPointF

from builder_app.flow.edits import SetRoute
from builder_app.flow.values import Edge, Point
from builder_app.ui.canvas.gestures.outcome import Outcome, Preview
from builder_app.ui.canvas.picture import Picture
from builder_app.ui.canvas.routes import Bend, bent, moved_point, snapped


class BendWire:
    """A point of a wire in the hand: one that is there (`bend`), or a new one where the wire was pressed."""

    def __init__(self, picture: Picture, edge: Edge, pressed: QPointF, bend: Bend | None = None) -> None:
        self.edge = edge
        self._before = picture.flow.routes.get(edge, ())
        if bend is None:
            self._points, self.index = bent(picture, edge, pressed)
        else:
            self._points, self.index = self._before, bend.number
        at = self._points[self.index]
        self._off = QPointF(at.x, at.y) - pressed

    def moved_to(self, place: QPointF, zoom: float) -> Preview:
        """The point follows the hand in steps of the grid."""
        del zoom
        at = place + self._off
        self._points = moved_point(self._points, self.index, Point(snapped(at.x()), snapped(at.y())))
        return Preview(route=(self.edge, self._points))

    def finish(self) -> Outcome:
        """One step, or nothing where the wire runs as it did."""
        return Outcome() if self._points == self._before else Outcome(edit=SetRoute(self.edge, self._points))
