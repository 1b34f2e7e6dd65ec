"""Muted blocks, bypassed: what the strategy is while some of its blocks are switched off."""

from collections import defaultdict, deque
from collections.abc import Mapping, Set
from dataclasses import replace

from builder_app.flow.templates import Catalogue
from builder_app.flow.values import Edge, LogicFlow, Port, frozen_mapping


def without_muted(flow: LogicFlow, catalogue: Catalogue) -> LogicFlow:
    """The flow without its muted blocks: who was fed by one is fed by what fed that block's first input of the type.

    Where a muted block has no input of its output's type (or is of an unknown kind), the wire is gone.
    """
    muted = {id for id, node in flow.nodes.items() if node.muted}
    return bypassed(flow, catalogue, muted) if muted else flow


def bypassed(flow: LogicFlow, catalogue: Catalogue, muted: Set[str]) -> LogicFlow:
    """The flow as it would be if just these blocks were muted, and left out."""
    feeding = _feeding(flow, catalogue, muted)
    edges: set[Edge] = set()
    for edge in flow.edges:
        if edge.target.node in muted:
            continue
        sources = feeding.get(edge.source, ()) if edge.source.node in muted else (edge.source,)
        edges.update(Edge(source, edge.target) for source in sources)
    nodes = frozen_mapping((id, node) for id, node in flow.nodes.items() if id not in muted)
    return replace(flow, nodes=nodes, edges=tuple(sorted(edges)))


def _feeding(flow: LogicFlow, catalogue: Catalogue, muted: Set[str]) -> Mapping[Port, tuple[Port, ...]]:
    """For each used output of a muted block, the outputs of blocks that are not muted which stand in for it.

    Blocks are resolved from the sources on, each once, so that a long row of them costs no more than its length.
    """
    into: defaultdict[Port, list[Port]] = defaultdict(list)
    for edge in flow.edges:
        into[edge.target].append(edge.source)
    passed_through: dict[Port, list[Port]] = {}
    for output in {edge.source for edge in flow.edges if edge.source.node in muted}:
        entrance = _entrance(flow, catalogue, output)
        passed_through[output] = into[entrance] if entrance is not None else []
    waiting = {output: sum(source.node in muted for source in sources) for output, sources in passed_through.items()}
    leads_to: defaultdict[Port, list[Port]] = defaultdict(list)
    for output, sources in passed_through.items():
        for source in sources:
            leads_to[source].append(output)
    resolved: dict[Port, tuple[Port, ...]] = {}
    ready = deque(output for output, count in waiting.items() if not count)
    while ready:  # outputs on a circle of muted blocks are never ready: nothing feeds them
        output = ready.popleft()
        found: dict[Port, None] = {}
        for source in passed_through[output]:
            found.update(dict.fromkeys(resolved[source] if source.node in muted else (source,)))
        resolved[output] = tuple(found)
        for following in leads_to[output]:
            waiting[following] -= 1
            if not waiting[following]:
                ready.append(following)
    return resolved


def _entrance(flow: LogicFlow, catalogue: Catalogue, output: Port) -> Port | None:
    """The muted block's first input of the same type as this output of it."""
    template = catalogue.of(flow.nodes[output.node])
    port = template.output_port(output.port) if template is not None else None
    if template is None or port is None:
        return None
    return next((Port(output.node, entry.name) for entry in template.input_ports if entry.type is port.type), None)
