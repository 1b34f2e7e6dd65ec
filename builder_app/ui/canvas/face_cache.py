"""Faces made once for all blocks that look the same: a large flow has few kinds of block with few settings."""

from dataclasses import fields
from operator import attrgetter
from typing import Final, NamedTuple

from builder_app.flow.templates import Catalogue
from builder_app.flow.values import Edge, Node, PortType
from builder_app.ui.canvas.node_face import NodeFace, PortEnd, make_face

_MOST: Final = 40_000
_LOOKS: Final = attrgetter(*(f.name for f in fields(Node) if f.name not in ("id", "position", "parameters")))


def looks_changed(old: Node, new: Node) -> bool:
    """Whether a block needs another face."""
    return bool(_LOOKS(old) != _LOOKS(new) or old.parameters != new.parameters)


class PortPlace(NamedTuple):
    """Where a port is on its block, and its type."""

    x: float
    y: float
    type: PortType | None


class Laid(NamedTuple):
    """A face, and its ports by name and whether they are inputs."""

    face: NodeFace
    ports: dict[tuple[str, bool], PortPlace]


class FaceCache:
    """Makes faces. It forgets them when the catalogue is another one."""

    def __init__(self) -> None:
        self._catalogue = Catalogue()
        self._laid: dict[tuple[object, ...], Laid] = {}

    def laid(self, node: Node, catalogue: Catalogue, edges: set[Edge] | frozenset[Edge], traced: bool) -> Laid:
        """The face of a block with these wires; `traced`: it has a sparkline."""
        if catalogue is not self._catalogue or len(self._laid) > _MOST:
            self._catalogue, self._laid = catalogue, {}
        wired = {(edge.source.port, False) for edge in edges if edge.source.node == node.id}
        wired |= {(edge.target.port, True) for edge in edges if edge.target.node == node.id}
        # True, 1 and 1.0 are equal, and yet read differently.
        values = tuple((name, type(value), value) for name, value in node.parameters.items())
        key = (_LOOKS(node), values, frozenset(wired), traced)
        found = self._laid.get(key)
        if found is None:
            face = make_face(node, catalogue, [PortEnd(node.id, *end) for end in wired], traced)
            places = {
                (port.name, port.is_input): PortPlace(port.place.x(), port.place.y(), port.type) for port in face.ports
            }
            found = Laid(face, places)
            if face.title != node.id:  # a block without any other name has a face of its own
                self._laid[key] = found
        return found
