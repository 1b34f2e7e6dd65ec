"""Alignment guides: what is dragged is drawn to the edges and middles of what lies around it."""

from collections.abc import Collection
from typing import Final

import numpy as np
import numpy.typing as npt
from PySide6.QtCore import QLineF, QPointF, QRectF

from builder_app.flow.values import Edge
from builder_app.ui.canvas.furniture import Thing, all_things, rect_of
from builder_app.ui.canvas.node_face import PortEnd
from builder_app.ui.canvas.picture import Picture, source_end, target_end

REACH: Final = 6.0
"""How near, in pixels and at most in canvas units, a block is drawn to a line."""
_AROUND: Final = 1200.0
"""How far away, in canvas units, blocks still offer lines."""


class Guides:
    """The lines that the blocks around offer to what is in the hand; they are found once, when a drag begins.

    To a frame or a note other frames and notes offer theirs, too. A block lies in a frame, not on its edges.
    """

    def __init__(
        self, picture: Picture, grabbed: str | Thing, moved: Collection[str], things: Collection[Thing] = ()
    ) -> None:
        is_thing = isinstance(grabbed, Thing)
        body = QRectF(*rect_of(picture.flow, grabbed)) if isinstance(grabbed, Thing) else picture.rect_of(grabbed)
        around = body.adjusted(-_AROUND, -_AROUND, _AROUND, _AROUND)
        self._rects = [picture.rect_of(id) for id in picture.nodes_touching(around) if id not in moved]
        others = [thing for thing in all_things(picture.flow) if thing not in things] if is_thing else []
        self._rects += [
            rect for thing in others for rect in (QRectF(*rect_of(picture.flow, thing)),) if rect.intersects(around)
        ]
        self._across = np.array([[r.left(), r.center().x(), r.right()] for r in self._rects]).reshape(-1, 3)
        self._down = np.array([[r.top(), r.bottom()] for r in self._rects]).reshape(-1, 2)
        self._straight = [] if isinstance(grabbed, Thing) else _straight_tops(picture, grabbed, moved)

    def pull(self, body: QRectF, zoom: float) -> tuple[float | None, float | None]:
        """How far the body goes on across and down to lie on a line; None where no line is near."""
        reach = min(REACH / zoom, REACH)
        across = (self._across - [[body.left(), body.center().x(), body.right()]]).ravel()
        edges = (self._down - [[body.top(), body.bottom()]]).ravel()
        down = np.concatenate([np.array(self._straight) - body.top(), edges])
        return _nearest(across, reach), _nearest(down, reach)

    def lines(self, body: QRectF) -> tuple[QLineF, ...]:
        """What to draw: a line along each edge or middle that the body shares with others, as long as all of them."""
        found = []
        for at, shared in zip((body.left(), body.right(), body.center().x()), self._across.T[[0, 2, 1]], strict=True):
            if fellows := self._sharing(shared, at):
                top, bottom = _extent([(rect.top(), rect.bottom()) for rect in (*fellows, body)])
                found.append(QLineF(QPointF(at, top), QPointF(at, bottom)))
        for at, shared in zip((body.top(), body.bottom()), self._down.T, strict=True):
            if fellows := self._sharing(shared, at):
                left, right = _extent([(rect.left(), rect.right()) for rect in (*fellows, body)])
                found.append(QLineF(QPointF(left, at), QPointF(right, at)))
        return tuple(found)

    def _sharing(self, shared: npt.NDArray[np.float64], at: float) -> list[QRectF]:
        return [self._rects[place] for place in np.flatnonzero(shared == at).tolist()]


def _straight_tops(picture: Picture, grabbed: str, moved: Collection[str]) -> list[float]:
    """Where the block's top would be for each of its wires to run level."""
    top = picture.rect_of(grabbed).top()
    return [
        picture.place_of(far).y() - (picture.place_of(near).y() - top)
        for wire in picture.wires_at(grabbed)
        for near, far in (_ends_at(wire, grabbed),)
        if far.node not in moved
    ]


def _ends_at(wire: Edge, node: str) -> tuple[PortEnd, PortEnd]:
    """The end of the wire at this node, and the other."""
    near, far = source_end(wire), target_end(wire)
    return (near, far) if near.node == node else (far, near)


def _nearest(ways: npt.NDArray[np.float64], reach: float) -> float | None:
    if not len(ways):
        return None
    way = ways[np.abs(ways).argmin()]
    return float(way) if abs(way) <= reach else None


def _extent(pairs: Collection[tuple[float, float]]) -> tuple[float, float]:
    return min(low for low, _ in pairs), max(high for _, high in pairs)
