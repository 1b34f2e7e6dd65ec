"""Whether a new wire may be drawn, asked at every step while one is being pulled."""

from collections import defaultdict, deque
from collections.abc import Collection

from builder_app.flow.port_fit import misfit, port_name
from builder_app.flow.templates import Catalogue
from builder_app.flow.topological_order import TopologicalOrder
from builder_app.flow.values import Edge, LogicFlow, Port
from builder_app.flow.wording import MOST_NAMED, listed, name_of, words


def connection_refusal(
    flow: LogicFlow,
    catalogue: Catalogue,
    edge: Edge,
    order: TopologicalOrder | None = None,
    without: Collection[Edge] = (),
) -> str | None:
    """The sentence that says why this wire can't be drawn, or None where it can.

    `order`, kept up to date by the caller, makes the look for circles quicker; without it the answer is the same.
    It is the answer for the flow as it would be without some of its wires, those that this one replaces.
    """
    misplaced = _misplaced(flow, catalogue, edge)
    return misplaced or _taken(flow, catalogue, edge, without) or _circle(flow, catalogue, edge, order, without)


def _misplaced(flow: LogicFlow, catalogue: Catalogue, edge: Edge) -> str | None:
    (source_id, output_name), (target_id, input_name) = edge
    if source_id not in flow.nodes or target_id not in flow.nodes:
        return "One of the two blocks is not there any more."
    if source_id == target_id:
        return "A block can't be wired to itself."
    source, target = catalogue.of(flow.nodes[source_id]), catalogue.of(flow.nodes[target_id])
    for id, template in ((source_id, source), (target_id, target)):
        if template is None:
            name = name_of(flow, id, catalogue)
            return f"The kind of the block '{name}' is not known here, and so are its ports; add its template first."
    assert source is not None
    assert target is not None
    output, entry = source.output_port(output_name), target.input_port(input_name)
    if output is None and source.input_port(output_name) is not None:
        return "A wire runs from an output to an input; both ends are inputs, or it is the wrong way round."
    if entry is None and target.output_port(input_name) is not None:
        return "A wire runs from an output to an input; both ends are outputs, or it is the wrong way round."
    if output is None:
        return f"'{name_of(flow, source_id, catalogue)}' has no output '{words(output_name)}'."
    if entry is None:
        return f"'{name_of(flow, target_id, catalogue)}' has no input '{words(input_name)}'."
    return misfit(output, entry)


def _taken(flow: LogicFlow, catalogue: Catalogue, edge: Edge, without: Collection[Edge]) -> str | None:
    others = [other for other in wires_into(flow, edge.target) if other not in without]
    if edge in others:
        return "This wire is there already."
    template = catalogue.of(flow.nodes[edge.target.node])
    entry = template.input_port(edge.target.port) if template is not None else None
    if not others or entry is None or entry.multiple:
        return None
    source = name_of(flow, others[0].source.node, catalogue)
    return f"'{port_name(entry)}' takes one wire, and has one from '{source}'; take that one out first."


def wires_into(flow: LogicFlow, entry: Port) -> list[Edge]:
    """The wires that end in this input, in natural order."""
    return [edge for edge in flow.edges if edge[1] == entry]


def _circle(
    flow: LogicFlow, catalogue: Catalogue, edge: Edge, order: TopologicalOrder | None, without: Collection[Edge]
) -> str | None:
    ends = (edge.target.node, edge.source.node)
    if order is None or order.has_cycle:  # where the flow has a circle already, the order leaves out some of its wires
        way = _way(flow, *ends, without)
    elif order.is_of(flow):
        way = order.way(*ends, without)
    else:
        way = _way(flow, *ends, without) if order.would_close_cycle(edge.source.node, edge.target.node) else None
    if way is None:
        return None
    around = (*way, way[0])
    named = tuple(name_of(flow, id, catalogue) for id in around[:MOST_NAMED])
    names = listed((*named, *around[MOST_NAMED:]), " → ")  # of those behind, only the number is said
    return f"This wire would close a circle ({names}): a block can't depend on its own result."


def _way(flow: LogicFlow, start: str, end: str, without: Collection[Edge]) -> tuple[str, ...] | None:
    """The shortest way along the other wires from `start` to `end`; of several, the one whose ids come first."""
    following: defaultdict[str, list[str]] = defaultdict(list)
    for edge in flow.edges:
        if not without or edge not in without:
            (source, _), (target, _) = edge
            following[source].append(target)
    came_from: dict[str, str] = {start: start}
    waiting = deque([start])
    while waiting and end not in came_from:
        id = waiting.popleft()
        for target in sorted(following[id]):
            if target not in came_from:
                came_from[target] = id
                waiting.append(target)
    if end not in came_from:
        return None
    way = [end]
    while way[-1] != start:
        way.append(came_from[way[-1]])
    return tuple(reversed(way))
