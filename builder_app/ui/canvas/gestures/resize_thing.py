"""Resizing a frame or a sticky note by one of its edges or corners."""

from typing import Final

from PySide6.QtCore import QPointF

from builder_app.flow.values import Rect
from builder_app.ui.canvas.furniture import Grip, Thing, rect_of
from builder_app.ui.canvas.gestures.drag_nodes import snapped
from builder_app.ui.canvas.gestures.outcome import Outcome, Preview
from builder_app.ui.canvas.moving import reshaped
from builder_app.ui.canvas.node_face import GRID
from builder_app.ui.canvas.picture import Picture

SMALLEST: Final = (8 * GRID, 6 * GRID)
"""The smallest width and height of a frame or a note."""


class ResizeThing:
    """An edge in the hand; the opposite edge stays where it is."""

    def __init__(self, picture: Picture, thing: Thing, grip: Grip, pressed: QPointF) -> None:
        self._flow = picture.flow
        self._thing = thing
        self._grip = grip
        self._pressed = pressed
        self._start = self._rect = rect_of(picture.flow, thing)

    def moved_to(self, place: QPointF, zoom: float) -> Preview:
        """The held edges follow the hand in steps of the grid."""
        del zoom
        start, grip = self._start, self._grip
        x, width = _stretched(start.x, start.width, grip.across, place.x() - self._pressed.x(), SMALLEST[0])
        y, height = _stretched(start.y, start.height, grip.down, place.y() - self._pressed.y(), SMALLEST[1])
        self._rect = Rect(x, y, width, height)
        return Preview(rects={self._thing: self._rect})

    def finish(self) -> Outcome:
        """One step, or nothing where the size is what it was."""
        if self._rect == self._start:
            return Outcome()
        return Outcome(edit=reshaped(self._flow, self._thing, self._rect))


def _stretched(low: float, length: float, side: int, way: float, smallest: float) -> tuple[float, float]:
    """Where an extent begins and how long it is when the held side went `way`; side 0 holds none of its ends."""
    if side == 0 or abs(way) < GRID / 2:
        return low, length
    high = low + length
    if side > 0:
        return low, max(snapped(high + way) - low, smallest)
    low = min(snapped(low + way), high - smallest)
    return low, high - low
