"""A flow's logic in plain English: the whole strategy, and each block by itself."""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Final

from builder_app.flow.drawing import Drawing, drawing_of
from builder_app.flow.group_expansion import outputs_of_groups
from builder_app.flow.legs import Leg, legs
from builder_app.flow.phrases import Phrases, listed_words, phrases_of
from builder_app.flow.roles import ENTRIES, RESIZING, rule_words
from builder_app.flow.templates import Catalogue
from builder_app.flow.values import Edge, LogicFlow, NodeType, Port, PortType, frozen_mapping
from builder_app.flow.wording import block_name, words

DEFAULT_SIZE: Final = "Each position takes 10 % of equity."
_EXITS: Final = frozenset({NodeType.STOP_LOSS, NodeType.STOP_PROFIT})


@dataclass(frozen=True, slots=True)
class Explanation:
    """Whole sentences, in the order in which they are read. Empty where the strategy never enters."""

    sentences: tuple[str, ...]

    @property
    def text(self) -> str:
        """All of it, as one paragraph."""
        return " ".join(self.sentences)


def explain(flow: LogicFlow, catalogue: Catalogue) -> Explanation:
    """What the strategy does. Muted blocks are left out, as they are in the code.

    A phrase too long to stand inside another is replaced by its block's name in quotes and told in a sentence of its
    own: “Here …”. A row of blocks, however long, gives a text of bounded length for each block.
    """
    drawing = drawing_of(flow, catalogue, lambda _template, _values: ())
    phrases = phrases_of(drawing)
    found = legs(drawing)
    said: list[str] = []
    for leg in found:
        said += _leg(phrases, leg, several=len(found) > 1)
    if not said:
        return Explanation(())
    said += _portfolio(phrases)
    said += _definitions(phrases, said)
    return Explanation(tuple(said))


def explain_block(flow: LogicFlow, catalogue: Catalogue, id: str) -> str:
    """What one block says: its rule, or what each of its outputs is. Empty for a block of an unknown kind.

    Only what feeds the block is looked at.
    """
    node = flow.nodes.get(id)
    if node is None:
        return ""
    if node.muted:
        return "The block is muted: what is wired into it goes past it."
    drawing = drawing_of(_feeding(flow, id), catalogue, lambda _template, _values: ())
    template = drawing.known.get(id)
    if template is None:
        return _group(flow, drawing, id)
    phrases = phrases_of(drawing)
    outputs = [port for port in template.output_ports if port.type in (PortType.SERIES, PortType.BOOLEAN)]
    if not outputs:
        start = "each position " if template.node_type is NodeType.POSITION else ""
        start = "the position is left " if template.node_type in _EXITS else start
        return _sentence(start + _rule(phrases, id))
    told = [(port.display_name or port.name, phrases.of_port.get(Port(id, port.name), "")) for port in outputs]
    if len(told) == 1:
        return _sentence(("True when " if outputs[0].type is PortType.BOOLEAN else "") + told[0][1])
    return " ".join(_sentence(f"{name}: {phrase}") for name, phrase in told)


def _group(flow: LogicFlow, drawing: Drawing, id: str) -> str:
    """What a group gives, which the drawing has opened: each of its outputs is that of a block inside."""
    inside = outputs_of_groups(flow, drawing.catalogue)
    phrases = phrases_of(drawing)
    told = {
        port.port: phrases.of_port[source]
        for port, source in inside.items()
        if port.node == id and source in phrases.of_port
    }
    if len(told) == 1:
        (only,) = told.values()
        return _sentence(only)
    return " ".join(_sentence(f"{words(name)}: {phrase}") for name, phrase in sorted(told.items()))


def _feeding(flow: LogicFlow, id: str) -> LogicFlow:
    """The flow of a block and all that leads to it."""
    into: defaultdict[str, list[Edge]] = defaultdict(list)
    for edge in flow.edges:
        into[edge.target.node].append(edge)
    found = {id: flow.nodes[id]}
    waiting, edges = [id], []
    while waiting:
        for edge in into[waiting.pop()]:
            source = edge.source.node
            edges.append(edge)
            if source not in found and source in flow.nodes:
                found[source] = flow.nodes[source]
                waiting.append(source)
    nodes = {id: found[id] for id in flow.nodes if id in found}
    return replace(flow, nodes=frozen_mapping(nodes), edges=tuple(sorted(edges)))


def _leg(phrases: Phrases, leg: Leg, *, several: bool) -> Iterator[str]:
    drawing = phrases.drawing
    entries = [id for id in leg.signals if rule_words(drawing.known[id]) & ENTRIES.keys()]
    if not entries:
        return
    others = [id for id in leg.signals if id not in entries]
    title = ""
    if several and leg.position is not None:
        title = f"{block_name(drawing.flow.nodes[leg.position], drawing.catalogue)}: "
    yield title + _sentence(_rule(phrases, entries[0]))
    for id in (*entries[1:], *others):
        yield _sentence(_rule(phrases, id))
    yield DEFAULT_SIZE if leg.position is None else _sentence(f"each position {_rule(phrases, leg.position)}")
    for id in leg.changes:
        start = "each position " if RESIZING in rule_words(drawing.known[id]) else ""
        yield _sentence(start + _rule(phrases, id))
    exits = [_rule(phrases, id) for id in leg.exits]
    if exits:
        more = ", whichever comes first" if len(exits) + bool(others) > 1 else ""
        also = "also " if others else ""
        yield _sentence(f"it is {also}left {listed_words(exits, 'or')}{more}")


def _portfolio(phrases: Phrases) -> Iterator[str]:
    for node, template in phrases.drawing.blocks():
        if template.node_type is NodeType.RISK_MANAGEMENT:
            yield _sentence(_rule(phrases, node.id))


def _definitions(phrases: Phrases, said: list[str]) -> list[str]:
    """What the names in quotes stand for; saying one may use others, which follow."""
    told: dict[str, str] = {}
    waiting = list(said)
    while waiting:
        text = waiting.pop(0)
        for name, port in phrases.named.items():
            if name in text and name not in told:
                kind = phrases.drawing.known[port.node].output_port(port.port)
                verb = "means that" if kind is not None and kind.type is PortType.BOOLEAN else "is"
                told[name] = _sentence(f"here {name} {verb} {phrases.of_port[port]}")
                waiting.append(told[name])
    return list(told.values())


def _rule(phrases: Phrases, id: str) -> str:
    """A rule's own words, or its block's name where its template has no phrase."""
    template = phrases.drawing.known[id]
    said = phrases.rule(id)
    if said:
        return said
    name = phrases.drawing.name(id)
    return f"by {name}" if template.node_type in _EXITS else f"follows {name}"


def _sentence(phrase: str) -> str:
    text = phrase.strip()
    return "" if not text else text[:1].upper() + text[1:] + ("" if text.endswith((".", "!", "?")) else ".")
