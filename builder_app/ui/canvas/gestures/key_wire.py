"""Pulling a wire by keys: the arrows choose among the ports that fit, Enter connects."""

from collections.abc import Sequence
from itertools import islice
from typing import Final

from PySide6.QtCore import QPointF

from builder_app.flow.values import Edge
from builder_app.ui.canvas.connecting import edge_between
from builder_app.ui.canvas.gestures.outcome import Outcome, Preview
from builder_app.ui.canvas.gestures.pull_wire import PullWire
from builder_app.ui.canvas.hearing import end_words
from builder_app.ui.canvas.node_face import PortEnd
from builder_app.ui.canvas.picture import Picture, source_end, target_end

_MOST_TARGETS: Final = 60
_KEYS: Final = "Enter connects, ↑ ↓ choose where, ← → choose from, Tab adds a block, Esc leaves"


class KeyWire:
    """A wire that hangs from a port and holds to another that fits. Nearer ports come first; ports that it is wired to
    already are left out.

    It may hang from any of the `origins`; `taken` is a wire whose other end was picked up, and goes when it connects.
    """

    def __init__(self, picture: Picture, origins: Sequence[PortEnd], taken: Edge | None = None) -> None:
        self._picture = picture
        self._origins = origins
        self.taken = taken
        self._origin = 0
        self._pulls: dict[int, PullWire] = {}
        self._targets: dict[int, list[PortEnd]] = {}
        self._target = 0
        self._begin_where_something_fits()

    def _begin_where_something_fits(self) -> None:
        for number in range(len(self._origins)):
            if self._targets_from(number):
                self._origin = number
                return

    @property
    def pull(self) -> PullWire:
        """The wire in the hand."""
        return self._pull_from(self._origin)

    @property
    def target(self) -> PortEnd | None:
        """The port that it holds to; None where nothing fits."""
        targets = self._targets_from(self._origin)
        return targets[self._target % len(targets)] if targets else None

    @property
    def edge(self) -> Edge | None:
        """The wire that it would become."""
        return edge_between(self._origins[self._origin], self.target) if self.target is not None else None

    def fits_somewhere(self) -> bool:
        """Whether there is a port to connect to at all."""
        return any(self._targets_from(number) for number in range(len(self._origins)))

    def turn(self, across: int, down: int) -> Preview:
        """Hold to the next port (down 1) or the one before (−1), or begin at another port of the block."""
        if across and len(self._origins) > 1:
            self._origin = (self._origin + across) % len(self._origins)
            self._target = 0
        self._target += down
        return self.preview()

    def preview(self) -> Preview:
        """The wire to where it holds now, and what Enter would do in words."""
        target = self.target
        if target is None:
            return Preview(hint=f"Nothing fits {self._name(self._origins[self._origin])}. ← → choose another port.")
        preview = self.pull.moved_to(self._picture.place_of(target), 1.0)
        one, other = self._origins[self._origin], target
        source, goal = (other, one) if one.is_input else (one, other)
        return Preview(wire=preview.wire, hint=f"{self._name(source)} → {self._name(goal)}\n{_KEYS}")

    def moved_to(self, place: QPointF, zoom: float) -> Preview:
        """The mouse does not move it."""
        del place, zoom
        return self.preview()

    def finish(self) -> Outcome:
        """Connect to the port that it holds to."""
        self.preview()
        return self.pull.finish() if self.target is not None else Outcome()

    def _targets_from(self, number: int) -> list[PortEnd]:
        if number not in self._targets:
            self._targets[number] = self._fitting(number)
        return self._targets[number]

    def _fitting(self, number: int) -> list[PortEnd]:
        picture, origin = self._picture, self._origins[number]
        pull = self._pull_from(number)
        start = picture.place_of(origin)
        ends_of = [(source_end(wire), target_end(wire)) for wire in picture.wires_at(origin.node)]
        wired = {end for pair in ends_of if origin in pair for end in pair}
        ends = sorted(
            (distance, end)
            for id in picture.faces
            if id != origin.node
            for distance, end in picture.ports_of(id, start)
            if end.is_input != origin.is_input and end not in wired
        )
        return list(islice((end for _, end in ends if pull.fits(end)), _MOST_TARGETS))

    def _pull_from(self, number: int) -> PullWire:
        if number not in self._pulls:
            self._pulls[number] = PullWire(self._picture, self._origins[number], self.taken)
        return self._pulls[number]

    def _name(self, end: PortEnd) -> str:
        return end_words(self._picture, end)


def wire_ends_of(picture: Picture, node: str) -> list[PortEnd]:
    """Where a new wire may hang from: a block's outputs, or the inputs of a block without outputs."""
    ports = picture.faces[node].ports
    sides = [port for port in ports if not port.is_input] or ports
    return [PortEnd(node, port.name, port.is_input) for port in sides]


def wire_picked_up(picture: Picture, wire: Edge) -> KeyWire:
    """A wire that is there, at its end in an input; the other way round its end in an output can be moved."""
    return KeyWire(picture, [source_end(wire), target_end(wire)], wire)
