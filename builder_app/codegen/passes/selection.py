"""The first passes: which blocks make up the strategy, and in which order they are worked out."""

from collections.abc import Iterable
from dataclasses import replace

from builder_app.codegen.plan import Draft
from builder_app.flow import topology
from builder_app.flow.values import PortType

RULE_PORTS = (PortType.SIGNAL, PortType.POSITION, PortType.PORTFOLIO)


def order(draft: Draft) -> Draft:
    """Every block after those that feed it; where the wires leave it open, by id.

    The blocks that make rules come last, in an order that only they and the wires among them decide: of legs that want
    cash that is short, the first has it, and a change that leaves the rules as they are must not change that.
    """
    rules = frozenset(node for node in draft.flow.nodes if _makes_rules(draft, node))
    try:
        return replace(draft, order=topology.order_apart(draft.flow, rules))
    except topology.FlowHasCycle as circle:
        raise draft.refuse(circle.cycle[0], "cycle", str(circle), "Take one of its wires away.") from circle


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
