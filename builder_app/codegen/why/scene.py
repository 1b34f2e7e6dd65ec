"""One symbol at one bar of a flow, as the independent interpreter sees it: values by port, and what feeds what."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Final

import numpy as np

from builder_app.codegen.interpreter.across import COMPARED
from builder_app.codegen.interpreter.interpret import Interpretation, Member, Panel, work_out
from builder_app.codegen.interpreter.rules import SIDES, Signal
from builder_app.flow.drawing import Drawing, ValidateParameters, drawing_of
from builder_app.flow.roles import SIZE, is_rule, rule_words
from builder_app.flow.templates import Catalogue, NodeTemplate
from builder_app.flow.topology import order
from builder_app.flow.values import LogicFlow, Port, PortType

WORDS: Final[Mapping[str, str]] = {side: word for word, side in SIDES.items()}
"""The word of a signal by the side of a leg."""
_ACROSS: Final = re.compile(r"\b(?:" + "|".join(COMPARED) + r")\b")


class NoSuchBar(ValueError):
    """The symbol has no bar there; the text says so."""


@dataclass(eq=False)
class Scene:
    """A flow without groups and muted blocks, on bars of which the last one is the one that is asked about.

    `flow` is what is drawn, with its groups; `drawing` the opened one. `place` is the bar among the symbol's own bars.
    """

    flow: LogicFlow
    drawing: Drawing
    panel: Panel
    found: Mapping[str, Interpretation]
    symbol: str
    place: int
    catalogue: Catalogue
    """The one that the flow is drawn with, without its groups."""

    @property
    def drawn(self) -> tuple[LogicFlow, Catalogue]:
        """What the interpreter works on."""
        return self.drawing.flow, self.drawing.catalogue

    @cached_property
    def member(self) -> Member:
        """The symbol's bars."""
        return next(member for member in self.panel.members if member.symbol == self.symbol)

    @cached_property
    def order(self) -> list[str]:
        """Signals, and what they, sizes, stops and limits are made of, each after its sources; those three left out."""
        rules = {node.id for node, template in self.drawing.blocks() if is_rule(template)}
        wanted: set[str] = set()
        waiting = list(rules)
        while waiting:
            node = waiting.pop()
            if node not in wanted:
                wanted.add(node)
                waiting += [edge.source.node for edge in self.drawing.into.get(node, ())]
        sized = {
            id for id in rules if not any(port.type is PortType.SIGNAL for port in self.drawing.known[id].output_ports)
        }
        return [node for node in order(self.drawing.flow) if node in wanted - sized]

    def value(self, port: Port, back: int = 0) -> float | bool | None:
        """A series' or a condition's value at the bar, or so many bars before; None where it has none."""
        return self.of(self.found, port, back)

    def of(self, found: Mapping[str, Interpretation], port: Port, back: int = 0) -> float | bool | None:
        """The same by another interpretation."""
        values = found[self.symbol].values.get(f"{port.node}.{port.port}")
        place = self.place - back
        if values is None or isinstance(values, list) or place < 0:
            return None
        return plain(np.asarray(values)[place])

    def signals(self, found: Mapping[str, Interpretation], sources: Sequence[Port]) -> Iterator[Signal]:
        """The signals that come out of these ports."""
        for port in sources:
            yield from found[self.symbol].values.get(f"{port.node}.{port.port}") or ()

    def holds(self, found: Mapping[str, Interpretation], sources: Sequence[Port], word: str) -> bool:
        """Whether any of the signals from these ports says this word at the bar."""
        return any(bool(one.condition[self.place]) for one in self.signals(found, sources) if one.word == word)

    def sources(self, node: str, port: str) -> list[Port]:
        """What is wired into an input."""
        return [edge.source for edge in self.drawing.into.get(node, ()) if edge.target.port == port]


@dataclass(frozen=True, slots=True)
class LegSources:
    """A position block ("" for the default position) and the outputs whose signals reach it."""

    position: str
    sources: tuple[Port, ...]


def legs_of(drawing: Drawing) -> tuple[LegSources, ...]:
    """The position blocks by id, and last the default position, with what is wired into them."""
    found, loose = [], []
    for node, template in drawing.blocks():
        if SIZE in rule_words(template):
            ports = [port.name for port in template.input_ports if port.type is PortType.SIGNAL]
            wires = [edge.source for edge in drawing.into.get(node.id, ()) if edge.target.port in ports]
            found.append(LegSources(node.id, tuple(wires)))
        elif not drawing.out_of.get(node.id):
            loose += [Port(node.id, port.name) for port in template.output_ports if port.type is PortType.SIGNAL]
    return (*found, LegSources("", tuple(loose))) if loose else tuple(found)


def scene_of(
    flow: LogicFlow, catalogue: Catalogue, panel: Panel, symbol: str, allowed: ValidateParameters | None = None
) -> Scene:
    """Work out the flow, which has no errors, on bars that end with the one asked about.

    Where nothing looks across symbols the others are left out. Raises NoSuchBar where the symbol has no bar there.
    """
    drawing = drawing_of(flow, catalogue, allowed or (lambda _template, _values: ()))
    members = panel.members if looks_across(drawing) else [one for one in panel.members if one.symbol == symbol]
    panel = Panel(panel.times, tuple(members), panel.benchmark)
    scene = Scene(flow, drawing, panel, {member.symbol: Interpretation() for member in members}, symbol, 0, catalogue)
    if all(member.symbol != symbol for member in members):
        raise NoSuchBar(f"{symbol} is not among the symbols of this test.")
    rows = scene.member.rows
    if not len(rows) or rows[-1] != len(panel.times) - 1:
        raise NoSuchBar(f"{symbol} has no bar there: in a gap nothing is decided.")
    scene.place = len(rows) - 1
    with np.errstate(all="ignore"):
        work_out(scene.order, scene.drawn, panel, scene.found)
    return scene


def looks_across(drawing: Drawing) -> bool:
    """Whether a block compares symbols, or looks at another one or the benchmark."""
    for node, template in drawing.blocks():
        texts = [*template.outputs.values(), *(value for value in drawing.values[node.id].values())]
        if any(isinstance(text, str) and _ACROSS.search(text) for text in texts):
            return True
    return False


def plain(value: Any) -> float | bool | None:
    """A single value: True or False, a number, or None for one that is not there."""
    if isinstance(value, bool | np.bool_):
        return bool(value)
    number = float(value)
    return None if number != number else number


def template_at(scene: Scene, node: str) -> NodeTemplate:
    """The block's template; every block of a flow without errors has one."""
    return scene.drawing.known[node]
