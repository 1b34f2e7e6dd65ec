"""Which blocks size, end and limit the positions, in the order in which RULES names what they say.

They are found by working the rules out block by block with the independent interpreter: what a block adds is its own.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

import numpy as np

from builder_app.codegen.interpreter.interpret import Interpretation, work_out
from builder_app.codegen.passes.selection import RULE_PORTS
from builder_app.codegen.why.scene import Scene, legs_of, template_at
from builder_app.flow.legs import legs
from builder_app.flow.phrases import Phrases
from builder_app.flow.roles import rule_words
from builder_app.flow.templates import NodeTemplate
from builder_app.flow.topology import order_apart
from builder_app.flow.values import LogicFlow, PortType

DEFAULT_POSITION: Final = "Default position"
_RULES: Final = (PortType.POSITION, PortType.PORTFOLIO)


@dataclass(frozen=True, slots=True)
class RuleBlock:
    """A block that sizes, ends or limits positions: what it is called and says, and its kind as RULES names it.

    `number` is what it says where that is one number: bars, a percentage. `node` is empty for the default position.
    """

    node: str
    name: str
    phrase: str
    kind: str
    number: float | None = None


@dataclass(frozen=True, slots=True)
class LegBlocks:
    """One leg of RULES: its size, its stops and targets in the order of its exits, and what more is said of it."""

    size: RuleBlock
    exits: tuple[RuleBlock, ...] = ()
    more: tuple[RuleBlock, ...] = ()
    """Blocks of rests after an exit, of strengths, and of sizing again."""

    @property
    def position(self) -> str:
        """The position block's id; empty for the default position."""
        return self.size.node


@dataclass(frozen=True, slots=True)
class RuleBlocks:
    """The legs in the order of RULES, and the limits on all positions together."""

    legs: tuple[LegBlocks, ...] = ()
    limits: tuple[RuleBlock, ...] = ()


def rule_blocks_of(scene: Scene, phrases: Phrases) -> RuleBlocks:
    """Whatever sizes, ends and limits the positions of a scene."""
    drawing, symbol = scene.drawing, scene.symbol
    found = {name: Interpretation(dict(one.values)) for name, one in scene.found.items()}
    exits: dict[str, list[RuleBlock]] = {}
    limits: dict[str, RuleBlock] = {}

    def block(node: str, kind: str, number: Any = None) -> RuleBlock:
        value = float(number) if np.ndim(number) == 0 and isinstance(number, int | float) else None
        return RuleBlock(node, drawing.name(node).strip("'"), phrases.rule(node), kind, value)

    for node in _rules_in_order(drawing.flow, drawing.known):
        before = dict(found[symbol].limits)
        with np.errstate(all="ignore"):
            work_out([node], scene.drawn, scene.panel, found)
        for leg, said in found[symbol].legs.items():
            own = exits.setdefault(leg, [])
            own += [block(node, kind, value) for kind, _, value, _ in said.exits[len(own) :]]
        for kind, limit in found[symbol].limits.items():
            if before.get(kind) != limit:
                limits[kind] = block(node, kind, limit)
    return RuleBlocks(tuple(_legs(scene, found[symbol], exits, block)), tuple(limits.values()))


def _rules_in_order(flow: LogicFlow, known: Mapping[str, NodeTemplate]) -> list[str]:
    """The blocks of positions and portfolios, in the order in which RULES has their legs."""
    types = {node: {port.type for port in known[node].output_ports} if node in known else set() for node in flow.nodes}
    rules = {node for node, found in types.items() if found.intersection(RULE_PORTS)}
    return [node for node in order_apart(flow, rules) if types[node].intersection(_RULES)]


def _legs(scene: Scene, found: Interpretation, exits: Mapping[str, list[RuleBlock]], block: Any) -> list[LegBlocks]:
    said = {leg.position or "": leg for leg in legs(scene.drawing)}
    told = []
    for node, leg in found.legs.items():
        more = tuple(
            block(change, word)
            for change in said[node].changes
            for word in sorted(rule_words(template_at(scene, change)))
        )
        told.append(LegBlocks(block(node, leg.size[0], leg.size[1]), tuple(exits.get(node, ())), more))
    if any(not one.position for one in legs_of(scene.drawing)):
        default = RuleBlock("", DEFAULT_POSITION, "takes 10 % of equity", "percent_of_equity", 10.0)
        told.append(LegBlocks(default))
    return told
