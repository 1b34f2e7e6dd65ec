"""Dragging blocks, frames and notes: the grabbed one lands on the grid, the others keep their distance to it."""

from PySide6.QtCore import QPointF, QRectF

from builder_app.flow.edits import Batch
from builder_app.flow.values import Edge, Point
from builder_app.ui.canvas.chains import insertion_edits, insertion_title, wire_under
from builder_app.ui.canvas.furniture import Thing, rect_of
from builder_app.ui.canvas.gestures.outcome import Outcome, Preview
from builder_app.ui.canvas.guides import Guides
from builder_app.ui.canvas.moving import move_edit, places_of
from builder_app.ui.canvas.node_face import GRID
from builder_app.ui.canvas.picture import Picture


def snapped(value: float) -> float:
    """The nearest line of the grid."""
    return round(value / GRID) * GRID


class DragNodes:
    """Blocks and things in the hand. What lies inside a grabbed frame comes along."""

    def __init__(
        self,
        picture: Picture,
        nodes: frozenset[str],
        grabbed: str | Thing,
        pressed: QPointF,
        things: frozenset[Thing] = frozenset(),
    ) -> None:
        self._picture = picture
        if isinstance(grabbed, Thing):
            rect = rect_of(picture.flow, grabbed)
            self._grabbed = Point(rect.x, rect.y)
            self._body = QRectF(*rect)
            self._starts = places_of(picture, nodes, things | {grabbed})
        else:
            self._grabbed = picture.flow.nodes[grabbed].position
            self._body = picture.rect_of(grabbed)
            self._starts = places_of(picture, nodes | {grabbed}, things)
        self._guides = Guides(picture, grabbed, self._starts.nodes.keys(), self._starts.things.keys())
        self._pressed = pressed
        self._wire: Edge | None = None
        self._places = self._starts

    def moved_to(self, place: QPointF, zoom: float) -> Preview:
        """Everything goes as far as what was grabbed."""
        right, below = place.x() - self._pressed.x(), place.y() - self._pressed.y()
        drawn_x, drawn_y = self._guides.pull(self._body.translated(right, below), zoom)
        across, down = _step(self._grabbed.x, right, drawn_x), _step(self._grabbed.y, below, drawn_y)
        self._places = self._starts.shifted(across, down) if across or down else self._starts
        self._wire = self._wire_under(place, zoom)
        lit = frozenset({self._wire}) if self._wire else frozenset()
        guides = self._guides.lines(self._body.translated(across, down)) if across or down else ()
        return Preview(places=self._places.nodes, rects=self._places.things, lit=lit, guides=guides)

    def _wire_under(self, place: QPointF, zoom: float) -> Edge | None:
        """The wire that the one dragged block, which has none of its own, would be put into."""
        nodes = tuple(self._places.nodes)
        if len(nodes) != 1 or self._places.things or self._picture.ends_at(nodes[0]) or self._places is self._starts:
            return None
        return wire_under(self._picture, self._picture.flow.nodes[nodes[0]], place, zoom)

    def finish(self) -> Outcome:
        """One step, or nothing where all are back at their places."""
        flow, catalogue = self._picture.flow, self._picture.catalogue
        move = move_edit(flow, self._places)
        if self._wire is None or move is None:
            return Outcome(edit=move)
        (id,) = self._places.nodes
        insertion = insertion_edits(flow, catalogue, flow.nodes[id], self._wire)
        return Outcome(edit=Batch((move, *insertion), insertion_title(flow.nodes[id], catalogue)))


def _step(start: float, way: float, drawn: float | None) -> float:
    """How far the grabbed one goes: to a guide or the grid, but nowhere while the hand is still on its first cell."""
    if abs(way) < GRID / 2:
        return 0.0
    return snapped(start + way) - start if drawn is None else way + drawn
