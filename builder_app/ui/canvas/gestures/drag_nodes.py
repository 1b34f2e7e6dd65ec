"""Dragging blocks: the grabbed one lands on the grid, the others keep their distance to it."""

from PySide6.QtCore import QPointF

from builder_app.flow.edits import MoveNodes
from builder_app.flow.values import Point, frozen_mapping
from builder_app.ui.canvas.gestures.outcome import Outcome, Preview
from builder_app.ui.canvas.node_face import GRID
from builder_app.ui.canvas.picture import Picture


def snapped(value: float) -> float:
    """The nearest line of the grid."""
    return round(value / GRID) * GRID


class DragNodes:
    """Blocks in the hand."""

    def __init__(self, picture: Picture, nodes: frozenset[str], grabbed: str, pressed: QPointF) -> None:
        self._starts = {id: picture.flow.nodes[id].position for id in nodes | {grabbed}}
        self._grabbed = self._starts[grabbed]
        self._pressed = pressed
        self._places = self._starts

    def moved_to(self, place: QPointF, zoom: float) -> Preview:
        """Every block goes as far as the grabbed one."""
        del zoom
        across = _step(self._grabbed.x, place.x() - self._pressed.x())
        down = _step(self._grabbed.y, place.y() - self._pressed.y())
        if not across and not down:
            self._places = self._starts
        else:
            self._places = {id: Point(start.x + across, start.y + down) for id, start in self._starts.items()}
        return Preview(places=self._places)

    def finish(self) -> Outcome:
        """One MoveNodes, or nothing where all are back at their places."""
        if self._places == self._starts:
            return Outcome()
        return Outcome(edit=MoveNodes(frozen_mapping(self._places)))


def _step(start: float, way: float) -> float:
    """How far the grabbed block goes: to the grid, but nowhere while the hand is still on its first cell."""
    return 0.0 if abs(way) < GRID / 2 else snapped(start + way) - start
