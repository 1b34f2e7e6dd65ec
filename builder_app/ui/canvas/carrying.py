"""Many blocks that a gesture carries as one: what is between them keeps its shape, and only its place is told anew."""

from collections.abc import Collection, Mapping
from typing import Final

from builder_app.flow.values import Edge, Point
from builder_app.ui.canvas.boxes import BoxIndex
from builder_app.ui.canvas.wire_layout import WireLayout

_ROUNDING: Final = 1e-6


class Carrying:
    """The blocks in the hand and the wires between them, lifted out of the squares of the canvas that they lay in."""

    def __init__(self, blocks: BoxIndex[str], wires: WireLayout) -> None:
        self._blocks, self._wires = blocks, wires
        self._ids: frozenset[str] = frozenset()
        self._inner: dict[Edge, None] = {}
        self._outer: tuple[Edge, ...] = ()
        self._start = Point(0.0, 0.0)

    def carry(self, shown: Mapping[str, Point], places: Mapping[str, Point]) -> Collection[Edge] | None:
        """Take the blocks that are `shown` to other places, and the wires between them along.

        The answer are the wires of which one end stays, to be laid anew; None, and nothing is done, where the blocks
        do not all go the same way.
        """
        if not _go_one_way(shown, places):
            return None
        if not self._holds(places.keys()):
            self._lift(shown, places.keys())
        there = places[next(iter(self._ids))]
        away = Point(there.x - self._start.x, there.y - self._start.y)
        self._blocks.carry(away)
        self._wires.carry(away)
        return self._outer

    def set_down(self) -> None:
        """What is carried stays where it is."""
        self._blocks.set_down()
        self._wires.set_down()

    def _holds(self, ids: Collection[str]) -> bool:
        """Whether just these are lifted: whoever puts one of them elsewhere sets all of them down."""
        return self._blocks.lifted is self._ids and self._wires.boxes.lifted is self._inner and self._ids == ids

    def _lift(self, shown: Mapping[str, Point], ids: Collection[str]) -> None:
        self._ids = frozenset(ids)
        self._start = shown[next(iter(self._ids))]
        touched = {edge: None for id in ids for edge in self._wires.at(id)}
        self._inner = {
            edge: None for edge in touched if edge.source.node in self._ids and edge.target.node in self._ids
        }
        self._outer = tuple(touched.keys() - self._inner.keys())
        self._blocks.lift(self._ids)
        self._wires.lift(self._inner)


def _go_one_way(shown: Mapping[str, Point], places: Mapping[str, Point]) -> bool:
    if not places.keys() <= shown.keys():
        return False
    first = next(iter(places))
    across, down = places[first].x - shown[first].x, places[first].y - shown[first].y
    for id, (x, y) in places.items():
        was_x, was_y = shown[id]
        if abs(x - was_x - across) > _ROUNDING or abs(y - was_y - down) > _ROUNDING:
            return False
    return True
