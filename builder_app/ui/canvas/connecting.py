"""Which wires may be drawn, and the one edit that draws one: asked by pulled wires and by the block search."""

from collections.abc import Iterable
from dataclasses import replace

from builder_app.flow.connecting import connection_refusal, wires_into
from builder_app.flow.edits import AddNode, Batch, Connect, Disconnect, Edit
from builder_app.flow.templates import Catalogue
from builder_app.flow.topological_order import TopologicalOrder
from builder_app.flow.values import Edge, LogicFlow, Node, with_node
from builder_app.ui.canvas.node_face import PortEnd


def edge_between(one: PortEnd, other: PortEnd) -> Edge | None:
    """The wire between an output and an input, in its right direction; None between two of a side."""
    if one.is_input == other.is_input:
        return None
    source, target = (other, one) if one.is_input else (one, other)
    return Edge(source.place_in_flow, target.place_in_flow)


def replaced_by(flow: LogicFlow, catalogue: Catalogue, edge: Edge) -> tuple[Edge, ...]:
    """The wires that must go when `edge` comes: those of an input that takes only one."""
    node = flow.nodes.get(edge.target.node)
    template = catalogue.of(node) if node else None
    port = template.input_port(edge.target.port) if template else None
    if port is None or port.multiple:
        return ()
    return tuple(other for other in wires_into(flow, edge.target) if other != edge)


def without_edges(flow: LogicFlow, gone: Iterable[Edge]) -> LogicFlow:
    """The flow without these wires; the same flow where there are none."""
    lost = set(gone)
    if not lost:
        return flow
    edges = flow.edges
    if len(lost) == 1 and (edge := lost.pop()) in edges:  # the usual case, and quick for thousands of wires
        place = edges.index(edge)
        return replace(flow, edges=edges[:place] + edges[place + 1 :])
    return replace(flow, edges=tuple(edge for edge in edges if edge not in lost))


def refusal_of(
    flow: LogicFlow,
    catalogue: Catalogue,
    ends: tuple[PortEnd, PortEnd],
    order: TopologicalOrder | None = None,
    gone: tuple[Edge, ...] = (),
) -> str | None:
    """Why no wire can run between these ports, as a sentence; None where it can (and may replace another).

    `order` makes the look for circles quicker; it may hold more wires than the flow, not fewer. `gone` are wires that
    would not be there.
    """
    edge = edge_between(*ends)
    if edge is None:
        side = "inputs" if ends[0].is_input else "outputs"
        return f"A wire runs from an output to an input; these are two {side}."
    return connection_refusal(flow, catalogue, edge, order, (*gone, *replaced_by(flow, catalogue, edge)))


def connect_edits(flow: LogicFlow, catalogue: Catalogue, edge: Edge) -> tuple[Edit, ...]:
    """The edits that draw `edge`, and first take away what it replaces."""
    return (*(Disconnect(old) for old in replaced_by(flow, catalogue, edge)), Connect(edge))


def as_one(edits: tuple[Edit, ...], title: str = "") -> Edit | None:
    """The edits as one step of the history."""
    if len(edits) == 1:
        return edits[0]
    return Batch(edits, title) if edits else None


def fitting_edge(flow: LogicFlow, catalogue: Catalogue, node: Node, dangling: PortEnd) -> Edge | None:
    """The wire between `dangling` and the first port of a new `node` that may take it, or None."""
    template = catalogue.of(node)
    if template is None or dangling.node not in flow.nodes:
        return None
    trial = with_node(flow, node)
    ports = template.output_ports if dangling.is_input else template.input_ports
    for port in ports:
        end = PortEnd(node.id, port.name, not dangling.is_input)
        if refusal_of(trial, catalogue, (dangling, end)) is None:
            return edge_between(dangling, end)
    return None


def add_and_connect(flow: LogicFlow, catalogue: Catalogue, node: Node, dangling: PortEnd | None) -> Edit:
    """The edit that adds `node`, wired to `dangling` where one of its ports fits."""
    edge = fitting_edge(flow, catalogue, node, dangling) if dangling else None
    if edge is None:
        return AddNode(node)
    return Batch((AddNode(node), *connect_edits(with_node(flow, node), catalogue, edge)), f"Add {node.label}".strip())
