"""Chains of blocks: putting one into a wire, and closing the gap that a removed one leaves."""

from collections.abc import Collection
from typing import Final

from PySide6.QtCore import QPointF, QRectF

from builder_app.flow.bypass import bypassed
from builder_app.flow.edits import AddNode, Batch, Connect, Disconnect, Edit
from builder_app.flow.rules import connection_refusal
from builder_app.flow.templates import Catalogue
from builder_app.flow.values import Edge, LogicFlow, Node, Port, with_node
from builder_app.flow.wording import block_name
from builder_app.ui.canvas.connecting import add_and_connect, without_edges
from builder_app.ui.canvas.node_face import PortEnd
from builder_app.ui.canvas.picture import Picture
from builder_app.ui.canvas.wire_paths import is_on_wire

REACH: Final = 10.0
"""How near to a wire, in pixels, a block is dropped on it."""
_THROUGH: Final = 16.0
"""How near to a block's middle, in canvas units, a wire runs through it."""


def insertion_edits(flow: LogicFlow, catalogue: Catalogue, node: Node, wire: Edge) -> tuple[Edit, ...]:
    """The edits that put `node`, which has no wires yet, into `wire`; none where its ports don't fit both ends."""
    template = catalogue.of(node)
    if template is None or node.id in (wire.source.node, wire.target.node):
        return ()
    trial = without_edges(with_node(flow, node), (wire,))
    into = (Edge(wire.source, Port(node.id, port.name)) for port in template.input_ports)
    out = (Edge(Port(node.id, port.name), wire.target) for port in template.output_ports)
    first = next((edge for edge in into if connection_refusal(trial, catalogue, edge) is None), None)
    second = next((edge for edge in out if connection_refusal(trial, catalogue, edge) is None), None)
    return (Disconnect(wire), Connect(first), Connect(second)) if first and second else ()


def insertion_title(node: Node, catalogue: Catalogue) -> str:
    """How the step is called."""
    return f"Insert {block_name(node, catalogue)} into a wire"


def wire_for(picture: Picture, node: Node, places: Collection[tuple[QPointF, float]]) -> Edge | None:
    """A wire within reach of one of these places (each with its reach) that can take `node`."""
    for place, reach in places:
        around = QRectF(place.x() - reach, place.y() - reach, 2 * reach, 2 * reach)
        for wire in sorted(picture.wires_touching(around)):
            if is_on_wire(picture.wires[wire], place, reach) and insertion_edits(
                picture.flow, picture.catalogue, node, wire
            ):
                return wire
    return None


def wire_under(picture: Picture, node: Node, pointer: QPointF, zoom: float) -> Edge | None:
    """The wire that takes `node` when it is let go: under the pointer, or through the middle of its body."""
    places = [(pointer, REACH / zoom)]
    if node.id in picture.faces:
        places.append((picture.rect_of(node.id).center(), _THROUGH))
    return wire_for(picture, node, places)


def add_edit(picture: Picture, node: Node, dangling: PortEnd | None, wire: Edge | None) -> Edit:
    """The edit that adds `node`: into a wire, behind a pulled one, or alone."""
    if wire is not None:
        edits = insertion_edits(picture.flow, picture.catalogue, node, wire)
        return Batch((AddNode(node), *edits), insertion_title(node, picture.catalogue))
    return add_and_connect(picture.flow, picture.catalogue, node, dangling)


def healing_edges(flow: LogicFlow, catalogue: Catalogue, gone: Collection[str]) -> tuple[Edge, ...]:
    """The wires that close the gap when these blocks go: who was fed by one is fed by what fed its input of the type.

    It is what muting them would do; an input that takes one wire gets the first of several.
    """
    lost = frozenset(gone)
    if not any(edge.source.node in lost and edge.target.node not in lost for edge in flow.edges):
        return ()  # nobody was fed by them
    bridged = bypassed(flow, catalogue, lost)
    before, taken = set(flow.edges), {edge.target for edge in flow.edges if edge.source.node not in lost}
    healed: list[Edge] = []
    for edge in bridged.edges:
        if edge not in before and _fits(flow, catalogue, edge, taken):
            healed.append(edge)
            taken.add(edge.target)
    return tuple(healed)


def _fits(flow: LogicFlow, catalogue: Catalogue, edge: Edge, taken: Collection[Port]) -> bool:
    """Whether the types agree and the input has room. No circle can come of it: the way was there before."""
    source, target = (catalogue.of(flow.nodes[end.node]) for end in edge)
    output = source.output_port(edge.source.port) if source else None
    entry = target.input_port(edge.target.port) if target else None
    if output is None or entry is None or output.type is not entry.type:
        return False
    return entry.multiple or edge.target not in taken
