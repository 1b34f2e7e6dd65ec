"""Cutting wires with a drawn line: what it crosses is taken out, all as one step."""

from itertools import pairwise

from PySide6.QtCore import QLineF, QPointF, QRectF, Qt
from PySide6.QtGui import QMouseEvent

from builder_app.flow.edits import Disconnect
from builder_app.flow.values import Edge
from builder_app.ui.canvas.connecting import as_one
from builder_app.ui.canvas.gestures.outcome import Outcome, Preview
from builder_app.ui.canvas.picture import Picture

_CHORDS = 24
"""So many straight lines stand for a curve from point to point."""
_SHORTEST = 4.0
"""A step of the hand in canvas units that is worth a corner of the line."""


class CutWires:
    """A knife on the canvas. The line follows the hand with all its bends."""

    def __init__(self, picture: Picture, pressed: QPointF) -> None:
        self._picture = picture
        self._line = [pressed]
        self._cut: set[Edge] = set()

    def moved_to(self, place: QPointF, zoom: float) -> Preview:
        """The line goes on to here."""
        if (place - self._line[-1]).manhattanLength() * zoom >= _SHORTEST:
            self._cut |= self._crossed(QLineF(self._line[-1], place))
            self._line.append(place)
        return Preview(cut=tuple(self._line), lit=frozenset(self._cut))

    def _crossed(self, step: QLineF) -> set[Edge]:
        box = QRectF(step.p1(), step.p2()).normalized().adjusted(-1, -1, 1, 1)
        return {edge for edge in self._picture.wires_touching(box) if self._crosses(edge, step)}

    def _crosses(self, edge: Edge, step: QLineF) -> bool:
        curve, chords = self._picture.wires[edge], _CHORDS * (1 + len(self._picture.wires.runs[edge].via))
        points = [curve.pointAtPercent(part / chords) for part in range(chords + 1)]
        return any(_cross(QLineF(one, other), step) for one, other in pairwise(points))

    def finish(self) -> Outcome:
        """Every crossed wire goes."""
        return Outcome(
            edit=as_one(tuple(Disconnect(edge) for edge in sorted(self._cut)), f"Cut {len(self._cut)} wires")
        )


def _cross(one: QLineF, other: QLineF) -> bool:
    kind, _ = one.intersects(other)
    return bool(kind == QLineF.IntersectionType.BoundedIntersection)


def cuts(event: QMouseEvent) -> bool:
    """Whether the press draws the line that cuts wires: Alt with the left button, or Ctrl with the right one."""
    if event.button() == Qt.MouseButton.LeftButton:
        return bool(event.modifiers() & Qt.KeyboardModifier.AltModifier)
    control = event.modifiers() & Qt.KeyboardModifier.ControlModifier
    return event.button() == Qt.MouseButton.RightButton and bool(control)
