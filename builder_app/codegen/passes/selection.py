"""The first passes: which blocks make up the strategy, and in which order they are worked out."""

from collections.abc import Iterable
from dataclasses import replace

from builder_app.codegen.plan import Draft
from builder_app.codegen.recipes.vocabulary import FUNCTION
from builder_app.flow import topology
from builder_app.flow.group_expansion import expanded
from builder_app.flow.templates import NodeTemplate
from builder_app.flow.values import Node, PortType

RULE_PORTS = (PortType.SIGNAL, PortType.POSITION, PortType.PORTFOLIO)


def order(draft: Draft) -> Draft:
    """Every block after those that feed it; where the wires leave it open, by id."""
    try:
        return replace(draft, order=_in_order(draft))
    except topology.FlowHasCycle as circle:
        raise draft.refuse(circle.cycle[0], "cycle", str(circle), "Take one of its wires away.") from circle


def _in_order(draft: Draft) -> tuple[str, ...]:
    """With groups that became functions, rules stand as they would if all groups were opened: legs have an order.

    A block that holds a function is one block of the picture, all its wires counted, whatever its lines use of them.
    """
    found = topology.order(draft.flow)
    if not draft.calls:
        return found
    opened = topology.order(expanded(draft.flow, draft.catalogue, stays=_is_own_function))
    place = {node: number for number, node in enumerate(opened)}
    rules = sorted((node for node in found if _makes_rules(draft, node)), key=lambda node: place[node])
    apart = set(rules)
    return (*(node for node in found if node not in apart), *rules)


def _is_own_function(node: Node, template: NodeTemplate) -> bool:
    del template
    return node.template.startswith(f"{FUNCTION}:")


def prune(draft: Draft) -> Draft:
    """Leave out the blocks that no signal, position or portfolio rule uses, and say which."""
    sources: dict[str, list[str]] = {}
    for edge in draft.flow.edges:
        sources.setdefault(edge.target.node, []).append(edge.source.node)
    live: set[str] = set()
    waiting = [node for node in draft.order if _makes_rules(draft, node)]
    while waiting:
        node = waiting.pop()
        if node not in live:
            live.add(node)
            waiting.extend(sources.get(node, ()))
    left_out = [node for node in draft.order if node not in live]
    if not live:
        raise draft.refuse("", "no-entry", "The strategy has no signal, so it would never trade; add an entry block.")
    order = tuple(node for node in draft.order if node in live)
    return replace(draft, order=order, remarks=(*draft.remarks, *_said(draft, left_out)))


def _makes_rules(draft: Draft, node: str) -> bool:
    template = draft.catalogue.of(draft.flow.nodes[node])
    return template is not None and any(port.type in RULE_PORTS for port in template.output_ports)


def _said(draft: Draft, left_out: Iterable[str]) -> list[str]:
    return [f"The block '{draft.title(node)}' is left out: no signal uses what it gives." for node in left_out]
