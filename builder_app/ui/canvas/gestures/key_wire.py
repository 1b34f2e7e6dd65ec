"""Pulling a wire by keys: the arrows choose among the ports that fit, Enter connects."""

from itertools import islice
from typing import Final

from PySide6.QtCore import QPointF

from builder_app.ui.canvas.gestures.outcome import Outcome, Preview
from builder_app.ui.canvas.gestures.pull_wire import PullWire
from builder_app.ui.canvas.node_face import PortEnd
from builder_app.ui.canvas.picture import Picture, source_end, target_end

_MOST_TARGETS: Final = 60
_KEYS: Final = "Enter connects, ↑ ↓ choose where, ← → choose from, Tab adds a block, Esc leaves"


class KeyWire:
    """A wire that hangs from a block's output (of a block without outputs, from an input) and holds to a port that
    fits. Nearer ports come first; ports that it is wired to already are left out.
    """

    def __init__(self, picture: Picture, node: str) -> None:
        self._picture = picture
        face = picture.faces[node]
        ports = [port for port in face.ports if not port.is_input] or list(face.ports)
        self._origins = [PortEnd(node, port.name, port.is_input) for port in ports]
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
        if self._origin not in self._pulls:
            self._pulls[self._origin] = PullWire(self._picture, self._origins[self._origin])
        return self._pulls[self._origin]

    @property
    def target(self) -> PortEnd | None:
        """The port that it holds to; None where nothing fits."""
        targets = self._targets_from(self._origin)
        return targets[self._target % len(targets)] if targets else None

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
        pull = self._pulls.setdefault(number, PullWire(picture, origin))
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

    def _name(self, end: PortEnd) -> str:
        face = self._picture.faces[end.node]
        port = face.port(end.port, end.is_input)
        return f"{face.title} · {port.title if port else end.port}"
