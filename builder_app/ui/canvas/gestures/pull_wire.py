"""Pulling a wire out of a port, or picking up the end of one that is there."""

from dataclasses import replace
from typing import Final

from PySide6.QtCore import QPointF

from builder_app.flow.edits import Disconnect
from builder_app.flow.values import Edge, LogicFlow
from builder_app.ui.canvas.connecting import as_one, connect_edits, edge_between, refusal_of, without_edges
from builder_app.ui.canvas.gestures.outcome import Outcome, Preview, PulledWire
from builder_app.ui.canvas.node_face import PortEnd
from builder_app.ui.canvas.picture import Picture, source_end, target_end

SNAP: Final = 28.0
"""How near, in pixels, a fitting port draws the wire to itself."""
TOUCH: Final = 14.0
"""How near, in pixels, a port that does not fit says why."""


class PullWire:
    """A wire in the hand. `origin` is the end that stays; `taken` the wire whose other end was picked up."""

    def __init__(self, picture: Picture, origin: PortEnd, taken: Edge | None = None) -> None:
        self.origin = origin
        self.taken = taken
        self._picture = picture
        self._flow = without_edges(picture.flow, (taken,) if taken else ())
        self._order = picture.order()
        self._refusals: dict[PortEnd, str | None] = {}
        self._aim: PortEnd | None = None
        self._message = ""
        self._over_node = False

    def refusal(self, end: PortEnd) -> str | None:
        """Why the wire cannot end here; None where it can."""
        if end not in self._refusals:
            flow = self._flow_to_ask(edge_between(self.origin, end))
            gone = (self.taken,) if self.taken else ()
            self._refusals[end] = refusal_of(flow, self._picture.catalogue, (self.origin, end), self._order, gone)
        return self._refusals[end]

    def _flow_to_ask(self, edge: Edge | None) -> LogicFlow:
        """Where no circle threatens, only the wires into the target count: asking so is quick for hundreds of ports."""
        if edge is None or self._order.would_close_cycle(edge.source.node, edge.target.node):
            return self._picture.flow
        return replace(self._picture.flow, edges=tuple(self._picture.wires_into(target_end(edge))))

    def fits(self, end: PortEnd) -> bool:
        """Whether the wire may end here. The end it starts from counts: it stays lit."""
        return end == self.origin or (end.is_input != self.origin.is_input and self.refusal(end) is None)

    def moved_to(self, place: QPointF, zoom: float) -> Preview:
        """The loose end follows the hand, or the nearest fitting port."""
        self._aim, self._message = None, ""
        over = self._picture.node_at(place)
        self._over_node = over is not None
        near = self._picture.ports_near(place, SNAP / zoom)
        if over is not None and over != self.origin.node:
            near += sorted(self._picture.ports_of(over, place))
        fitting = next((end for _, end in near if end != self.origin and self.fits(end)), None)
        touched = near[0] if near and near[0][0] <= TOUCH / zoom else None
        if touched and touched[1].node != self.origin.node and not self.fits(touched[1]):
            self._message = self.refusal(touched[1]) or ""
        elif fitting is not None:
            self._aim = fitting
        elif over is not None and over != self.origin.node:
            self._message = self._reason_of(over, place)
        return Preview(wire=self._pulled(place), message=self._message)

    def finish(self) -> Outcome:
        """Draw the wire to the port it snapped to; over empty canvas, look for a block, or drop the taken wire."""
        if self._aim is not None:
            return self._connect(self._aim)
        if self._message:
            return Outcome(message=self._message)
        if self._over_node:
            return Outcome()
        if self.taken is not None:
            return Outcome(edit=Disconnect(self.taken))
        return Outcome(search_from=self.origin)

    def _connect(self, aim: PortEnd) -> Outcome:
        edge = edge_between(self.origin, aim)
        if edge is None or edge == self.taken or edge in self._flow.edges:
            return Outcome()
        edits = connect_edits(self._flow, self._picture.catalogue, edge)
        if self.taken is not None:
            edits = (Disconnect(self.taken), *edits)
        title = f"Rewire {self._picture.faces[edge.target.node].title}" if len(edits) > 1 else ""
        return Outcome(edit=as_one(edits, title))

    def _reason_of(self, node: str, place: QPointF) -> str:
        """Why no port of this block fits: the reason of the nearest on the side that could."""
        sides = [end for _, end in sorted(self._picture.ports_of(node, place)) if end.is_input != self.origin.is_input]
        if sides:
            return self.refusal(sides[0]) or ""
        side = "output" if self.origin.is_input else "input"
        return f"'{self._picture.faces[node].title}' has no {side} that a wire could run to."

    def _pulled(self, place: QPointF) -> PulledWire:
        fixed = self._picture.place_of(self.origin)
        loose = self._picture.place_of(self._aim) if self._aim else place
        start, end = (loose, fixed) if self.origin.is_input else (fixed, loose)
        port = self._picture.faces[self.origin.node].port(self.origin.port, self.origin.is_input)
        return PulledWire(start, end, port.type if port else None, self._aim)


def pull_from(picture: Picture, end: PortEnd, new_wire: bool = False) -> PullWire:
    """The gesture that a press on this port begins: a wired input gives up its newest wire's end, unless `new_wire`."""
    wires = picture.wires_into(end) if end.is_input else []
    if wires and not new_wire:
        taken = wires[-1]
        assert target_end(taken) == end
        return PullWire(picture, source_end(taken), taken)
    return PullWire(picture, end)
